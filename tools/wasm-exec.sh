#!/usr/bin/env bash
# go test -exec for GOOS=js GOARCH=wasm: Go's own runner under Node, with a
# small environment. The program gets a copy of it and has room for a few KB.
exec env -i PATH="$PATH" HOME="$HOME" "$(go env GOROOT)/lib/wasm/go_js_wasm_exec" "$@"
