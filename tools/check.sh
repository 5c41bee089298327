#!/usr/bin/env bash
# make check: everything that reads the code without running it. All checks run;
# the exit status tells whether one of them failed.
set -u
cd "$(dirname "$0")/.."
status=0

step() { # name, command…: prints the output of a command that fails
  local name=$1 out
  shift
  if out=$("$@" 2>&1); then
    printf 'ok    %s\n' "$name"
  else
    printf 'FAIL  %s\n%s\n' "$name" "$out"
    status=1
  fi
}

go_files() { find components engine tools wasm web -name '*.go' -not -path '*/node_modules/*'; }

formatted() {
  local bad
  bad=$(go_files | xargs gofmt -l)
  [ -z "$bad" ] || { echo "run gofmt -w on:"; echo "$bad"; return 1; }
}

# The generated files are committed; generating them again must change nothing.
generated() {
  local before after
  before=$(sums)
  go tool templ generate >/dev/null || return 1
  after=$(sums)
  [ "$before" = "$after" ] || { echo "run make generate and commit; it changed:"; diff <(echo "$before") <(echo "$after"); return 1; }
}
sums() { find components web -name '*_templ.go' -print0 | sort -z | xargs -0 -r sha256sum; }

in_wasm() { GOOS=js GOARCH=wasm "$@"; }
wasm_packages() { in_wasm go list ./... | grep -v '/tools/'; }

# go tool would build the checker itself for wasm; -n tells where the native one is.
staticcheck=$(go tool -n staticcheck)

step 'gofmt' formatted
step 'templ fmt' go tool templ fmt -fail components web
step 'templ generate' generated
step 'go vet' go vet ./...
step 'go vet (wasm)' in_wasm go vet $(wasm_packages)
step 'staticcheck' "$staticcheck" ./...
step 'staticcheck (wasm)' in_wasm "$staticcheck" $(wasm_packages)
step 'JavaScript types' static/node_modules/.bin/tsc --noEmit -p static/tsconfig.json
step 'plan of the house' go test ./tools/tidy
exit $status
