#!/usr/bin/env bash
# Runs the tests in tools/clients: boto3 and version 2 of the AWS CLI against a port. Takes
# the Python named by PYTHON and the CLI named by AWSCLI, the machine's own, or
# Debian's packages where we may install them. Where one of the two cannot be
# had it says so; with CI set that is a failure, otherwise its tests are skipped.
set -u
cd "$(dirname "$0")/.."

find_python() { # the first that has boto3
  local candidate
  for candidate in "${PYTHON:-}" /usr/bin/python3 python3; do
    if [ -n "$candidate" ] && "$candidate" -c 'import boto3' 2>/dev/null; then echo "$candidate"; return; fi
  done
}

find_cli() { # the first that is what it is called: a shim of that name may have nothing behind it
  local candidate
  for candidate in "${AWSCLI:-}" /usr/bin/aws aws; do
    if [ -n "$candidate" ] && "$candidate" --version 2>&1 | grep -q '^aws-cli/2'; then echo "$candidate"; return; fi
  done
}

install() {
  local log
  if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then return; fi
  echo "clients.sh: installing Debian's python3-boto3 and awscli for the tests of clients"
  log=$(mktemp)
  if ! { apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends python3-boto3 awscli; } >"$log" 2>&1; then
    tail -n 5 "$log" >&2
  fi
  rm -f "$log"
}

python=$(find_python)
cli=$(find_cli)
if [ -z "$python" ] || [ -z "$cli" ]; then
  install
  python=$(find_python)
  cli=$(find_cli)
fi
missing=
[ -n "$python" ] || missing="boto3 (Debian: python3-boto3; PYTHON names a Python that has it)"
[ -n "$cli" ] || missing="${missing:+$missing and }version 2 of the AWS CLI (Debian: awscli; AWSCLI names one)"
if [ -n "$missing" ]; then
  echo "clients.sh: not found: $missing." >&2
  if [ -n "${CI:-}" ]; then exit 1; fi
  echo "clients.sh: the tests of what is missing will be skipped." >&2
fi
python=${python:-$(command -v python3)}
if [ -z "$python" ]; then exit 0; fi
AWSCLI=$cli exec "$python" -B -m unittest discover -s tools/clients "$@"
