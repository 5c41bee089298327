package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// What a static host gets: headers, a page for what is missing that names its
// files from the base path, and a service worker that knows every file.
func TestHost(t *testing.T) {
	sw, err := os.ReadFile("../../static/sw.js")
	if err != nil {
		t.Fatal(err)
	}
	b := source(t, map[string]string{"static/sw.js": string(sw)})
	b.base = "/some/where/"
	for _, folder := range []string{"assets", "capacity", "global", "global/region"} {
		if err := os.MkdirAll(filepath.Join(b.tmp, folder), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	for name, text := range map[string]string{"index.html": "page", "capacity/index.html": "page", "global/index.html": "page", "global/region/index.html": "page", "assets/desk.AAAA.js": "script", "assets/sortkey.BBBB.wasm": "program"} {
		if err := b.write(name, text); err != nil {
			t.Fatal(err)
		}
	}
	if err := b.host(manifest{"desk.css": "assets/desk.CCCC.css", "theme.js": "assets/theme.DDDD.js"}); err != nil {
		t.Fatal(err)
	}
	for name, wants := range map[string][]string{
		"_headers": {"/*\n", "Content-Security-Policy: default-src 'none'", "immutable"},
		"404.html": {`href="/some/where/assets/desk.CCCC.css"`, `href="/some/where/"`, "Content-Security-Policy"},
		"sw.js":    {"assets/desk.AAAA.js", "assets/sortkey.BBBB.wasm", "desk/engine", "capacity/"},
	} {
		text := read(t, filepath.Join(b.tmp, name))
		for _, want := range wants {
			if !strings.Contains(text, want) {
				t.Errorf("%s lacks %q:\n%s", name, want, text)
			}
		}
	}
	before := read(t, filepath.Join(b.tmp, "sw.js"))
	if err := b.write("index.html", "another page"); err != nil {
		t.Fatal(err)
	}
	if err := b.serviceWorker(); err != nil {
		t.Fatal(err)
	}
	if read(t, filepath.Join(b.tmp, "sw.js")) == before {
		t.Error("a changed page leaves the service worker as it was: visitors would keep the old one")
	}
}

// The lean copies do without net/http and html/template, and the hash without ciphers.
func TestLean(t *testing.T) {
	b := &build{root: "../..", cache: t.TempDir()}
	flags, err := b.lean()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("go", append(append([]string{"list"}, flags...), "-deps", "./wasm/browser", "./wasm/lab")...)
	cmd.Dir = b.root
	cmd.Env = append(os.Environ(), "GOOS=js", "GOARCH=wasm")
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	deps := strings.Fields(string(out))
	for _, dep := range deps {
		if unwanted[dep] {
			t.Errorf("the page's program still needs %s", dep)
		}
	}
	if len(deps) < 50 {
		t.Errorf("only %d packages: this test proves nothing", len(deps))
	}
}

func TestLeanFileKeepsWhatItCan(t *testing.T) {
	from, to := t.TempDir(), t.TempDir()
	files := map[string]string{"go.mod": "module x\n", "x_test.go": "package x", "b.go": "package x\n\nfunc far() { wrap() }\n\nvar _, kept = 1, 2\n", "x.go": `package x

import (
	"net/http"
	"strings"
)

type handler struct{ next http.Handler }

func (h handler) serve() {}

func wrap() handler { return handler{} }

func flush(w any) bool { _, ok := w.(http.Flusher); return ok }

type Maker interface{ Make() }

type bare struct{}

var _ Maker = bare{}

func (bare) Make() { wrap() }

func (bare) wrap() {}

func upper(s string) string { return strings.ToUpper(s) }
`}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(from, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := leanFolder(from, to, map[string]bool{}); err != nil {
		t.Fatal(err)
	}
	var got []byte
	for _, name := range []string{"go.mod", "x.go", "b.go"} {
		text, err := os.ReadFile(filepath.Join(to, name))
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, text...)
	}
	if _, err := os.Stat(filepath.Join(to, "x_test.go")); err == nil {
		t.Error("tests are copied")
	}
	for _, want := range []string{`"strings"`, "func flush", "func upper", "interface{ Flush() }", "kept", "type bare", "func (bare) wrap()", "module x"} {
		if !strings.Contains(string(got), want) {
			t.Errorf("lost %s:\n%s", want, got)
		}
	}
	for _, bad := range []string{"net/http", "handler", "func wrap", "far", "var _ Maker", "Make() {"} {
		if strings.Contains(string(got), bad) {
			t.Errorf("kept %s:\n%s", bad, got)
		}
	}
}
