# Sortkey: see `make help`. Needs Go 1.26, Node 20 and make; everything else is
# fetched by the targets that use it. Browser tests want Chromium: the one on
# PATH, or the one named by CHROMIUM.

GO     ?= go
NPM    ?= npm
ADDR   ?= 127.0.0.1:8000
CACHE  := .cache
BIN    := $(CACHE)/bin
DIST   := dist

WASM      := GOOS=js GOARCH=wasm
WASM_EXEC := $(CURDIR)/tools/wasm-exec.sh
# The engine's packages but the HTTP face, whose tests open sockets.
WASM_PACKAGES = $(shell $(GO) list ./engine/... | grep -v /engine/endpoint)

NODE_STAMP := static/node_modules/.stamp
EDGE_STAMP := tools/edge/node_modules/.stamp
JS_TESTS    = static/test/*.test.js

.DEFAULT_GOAL := help
.PHONY: help run site release test test-go test-wasm test-js test-clients check bench generate screens edge edge-build deploy clean chromium FORCE

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: site $(BIN)/serve ## build the page and serve it with the DynamoDB API on http://localhost:8000
	@exec $(BIN)/serve -addr $(ADDR) -dist $(DIST)

site: $(NODE_STAMP) ## build dist/ quickly
	@$(GO) run ./tools/site -fast -quiet -out $(DIST)

release: $(NODE_STAMP) ## build dist/ as small as it gets, and print the sizes
	@$(GO) run ./tools/site -out $(DIST)

test: test-go test-wasm test-js test-clients ## run every test: native, WebAssembly, AWS clients, browser

test-go:
	$(GO) test ./...

test-wasm:
	$(WASM) $(GO) test -short -exec $(WASM_EXEC) $(WASM_PACKAGES)

test-js: edge-build $(BIN)/serve chromium
	node --test --test-concurrency=1 --test-reporter=spec $(JS_TESTS)

test-clients: $(BIN)/serve
	@bash tools/clients.sh

check: $(NODE_STAMP) $(EDGE_STAMP) ## formatting, vet, staticcheck, generated code, JavaScript types, the plan of the house
	@bash tools/check.sh

bench: $(NODE_STAMP) $(BIN)/serve release ## benchmarks natively and in WebAssembly, sizes, and page timings
	$(GO) test -run '^$$' -bench . -benchmem ./engine/...
	$(WASM) $(GO) test -run '^$$' -bench . -exec $(WASM_EXEC) $(WASM_PACKAGES)
	node static/test/figures.js
	node static/test/hourfigures.js
	node static/test/scrubfigures.js
	$(MAKE) edge-build && node tools/edge/figures.js

generate: ## regenerate Go code from the .templ files
	$(GO) tool templ generate

screens: site $(BIN)/serve chromium ## pictures of the page's states in .cache/screens/
	node static/test/screens.js

edge: edge-build ## run the Cloudflare Worker on this machine, offline, on http://localhost:8787
	@exec node tools/edge/main.js

# The worker is made of the site in dist/.
edge-build: site $(EDGE_STAMP)
	@$(GO) run ./tools/site -out $(DIST) -edge $(CACHE)/edge

deploy: release ## build the Cloudflare Worker and say how a person with an account deploys it
	@$(GO) run ./tools/site -out $(DIST) -edge $(CACHE)/edge
	@cat tools/edge/DEPLOY.txt

clean: ## remove everything that was built or fetched
	rm -rf $(DIST) $(DIST).new $(DIST).old $(CACHE) static/node_modules tools/edge/node_modules

# The go command knows best what is out of date.
$(BIN)/serve: FORCE
	@mkdir -p $(BIN)
	@$(GO) build -o $@ ./tools/serve

$(NODE_STAMP): static/package.json static/package-lock.json
	cd static && $(NPM) ci --ignore-scripts --no-audit --no-fund
	@touch $@

$(EDGE_STAMP): tools/edge/package.json tools/edge/package-lock.json
	cd tools/edge && $(NPM) ci --ignore-scripts --no-audit --no-fund
	@touch $@

chromium:
	@bash tools/chromium.sh
