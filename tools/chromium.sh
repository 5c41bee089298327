#!/usr/bin/env bash
# Makes sure that there is a Chromium for the browser tests: the one named by
# CHROMIUM, one on PATH, or Debian's package where we may install it. Where none
# can be had it says so; with CI set that is a failure, otherwise the tests are
# skipped.
set -u
for candidate in "${CHROMIUM:-}" chromium chromium-browser google-chrome; do
  if [ -n "$candidate" ] && command -v "$candidate" >/dev/null; then exit 0; fi
done
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  echo "chromium.sh: installing Debian's chromium for the browser tests"
  log=$(mktemp)
  if apt-get update >"$log" 2>&1 && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends chromium >>"$log" 2>&1; then
    rm -f "$log"
    exit 0
  fi
  tail -n 5 "$log" >&2
fi
echo "chromium.sh: no Chromium found. Install one, or set CHROMIUM to its path." >&2
if [ -n "${CI:-}" ]; then exit 1; fi
echo "chromium.sh: the browser tests will be skipped." >&2
