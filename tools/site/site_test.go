package main

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/andybalholm/brotli"
	"github.com/evanw/esbuild/pkg/api"
)

// source writes a repository of a few scripts.
func source(t *testing.T, files map[string]string) *build {
	t.Helper()
	b := &build{root: t.TempDir(), cache: t.TempDir(), tmp: t.TempDir(), fast: true}
	for name, text := range files {
		path := filepath.Join(b.root, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return b
}

func read(t *testing.T, path string) string {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

// Entry points get hashed names that change with their content and nothing
// else; what two of them share, and what is loaded later, becomes a part.
func TestBundle(t *testing.T) {
	files := map[string]string{
		"static/desk.js":  `import {f} from "./both.js"; f(); import("./late.js").then((m) => m.late());`,
		"static/boot.js":  `import {f} from "./both.js"; f();`,
		"static/both.js":  `export function f() { console.log(WORKER) }`,
		"static/late.js":  `export function late() { console.log("late") }`,
		"static/desk.css": `@import "./base.css"; b { color: red }`,
		"static/base.css": `i { color: blue }`,
	}
	bundle := func(files map[string]string) (*build, manifest) {
		b := source(t, files)
		m, err := b.bundle(api.BuildOptions{
			EntryPoints: []string{"static/boot.js", "static/desk.js", "static/desk.css"},
			Splitting:   true,
			Define:      map[string]string{"WORKER": `"worker.1234.js"`},
		})
		if err != nil {
			t.Fatal(err)
		}
		return b, m
	}
	b, m := bundle(files)
	if got := slices.Sorted(maps.Keys(m)); !slices.Equal(got, []string{"boot.js", "desk.css", "desk.js"}) {
		t.Fatalf("entry points %v", got)
	}
	if css := read(t, filepath.Join(b.tmp, m["desk.css"])); !strings.Contains(css, "i{color:#00f}b{color:red}") {
		t.Errorf("styles: %s", css)
	}
	parts, _ := filepath.Glob(filepath.Join(b.tmp, "assets", "part.*.js"))
	var text string
	for _, part := range parts {
		text += read(t, part)
	}
	if len(parts) != 2 || strings.Count(text, "worker.1234.js") != 1 || strings.Count(text, `"late"`) != 1 {
		t.Errorf("parts %v hold %s\nwant what is shared in one and what comes late in the other", parts, text)
	}

	files["static/base.css"] = `i { color: green }`
	_, changed := bundle(files)
	if changed["desk.css"] == m["desk.css"] || changed["desk.js"] != m["desk.js"] {
		t.Errorf("after a change of styles: %v, before: %v", changed, m)
	}
}

func TestBundleReportsErrors(t *testing.T) {
	b := source(t, map[string]string{"static/desk.js": `import "./nowhere.js"`})
	_, err := b.bundle(api.BuildOptions{EntryPoints: []string{"static/desk.js"}})
	if err == nil || !strings.Contains(err.Error(), "nowhere.js") || !strings.Contains(err.Error(), "static/desk.js:1") {
		t.Errorf("got %v, want the file, the line and the name that was not found", err)
	}
}

// Compressed neighbours unpack to the original, and a second build takes them
// from the cache.
func TestCompress(t *testing.T) {
	text := strings.Repeat("all work and no play ", 500)
	b := source(t, nil)
	write := func(name, content string) {
		if err := os.WriteFile(filepath.Join(b.tmp, name), []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write("long.js", text)
	write("short.js", "1")
	r, err := b.compress()
	if err != nil {
		t.Fatal(err)
	}
	if len(r.files) != 2 || r.files[0].name != "long.js" || r.files[0].raw != len(text) ||
		r.files[0].brotli == 0 || r.files[0].gzip == 0 || r.files[1].brotli != 0 {
		t.Errorf("report %+v", r.files)
	}
	z, err := gzip.NewReader(strings.NewReader(read(t, filepath.Join(b.tmp, "long.js.gz"))))
	if err != nil {
		t.Fatal(err)
	}
	for kind, unpack := range map[string]io.Reader{
		"gzip":   z,
		"brotli": brotli.NewReader(strings.NewReader(read(t, filepath.Join(b.tmp, "long.js.br")))),
	} {
		if got, err := io.ReadAll(unpack); err != nil || string(got) != text {
			t.Errorf("%s: %d bytes, %v", kind, len(got), err)
		}
	}

	kept, _ := filepath.Glob(filepath.Join(b.cache, "*.br"))
	if len(kept) != 1 {
		t.Fatalf("cache holds %v", kept)
	}
	if err := os.WriteFile(kept[0], []byte("from the cache"), 0o644); err != nil {
		t.Fatal(err)
	}
	os.Remove(filepath.Join(b.tmp, "long.js.br"))
	os.Remove(filepath.Join(b.tmp, "long.js.gz"))
	if _, err := b.compress(); err != nil {
		t.Fatal(err)
	}
	if got := read(t, filepath.Join(b.tmp, "long.js.br")); got != "from the cache" {
		t.Error("the second build compressed again")
	}
}

func TestExchange(t *testing.T) {
	dir := t.TempDir()
	out, next := filepath.Join(dir, "dist"), filepath.Join(dir, "dist.new")
	for _, content := range []string{"first", "second"} {
		if err := os.MkdirAll(next, 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(next, "index.html"), []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
		if err := exchange(next, out); err != nil {
			t.Fatal(err)
		}
		if got := read(t, filepath.Join(out, "index.html")); got != content {
			t.Errorf("index.html is %q, want %q", got, content)
		}
	}
	if left, _ := os.ReadDir(dir); len(left) != 1 {
		t.Errorf("left behind: %v", left)
	}
}

// Each page names the files it was built with, from where it lies, and asks
// nobody else.
func TestPages(t *testing.T) {
	m := manifest{}
	for _, name := range []string{"theme.js", "desk.js", "desk.css", "capacity.js", "capacity.css", "global.js", "global.css", "region.js", "region.css"} {
		m[name] = "assets/" + strings.Replace(name, ".", ".AAAA.", 1)
	}
	b, again := source(t, nil), source(t, nil)
	if err := errors.Join(b.pages(m), again.pages(m)); err != nil {
		t.Fatal(err)
	}
	for folder, files := range map[string]string{"": "assets/desk", "capacity": "../assets/capacity", "global": "../assets/global", "global/region": "../../assets/region"} {
		page := read(t, filepath.Join(b.tmp, folder, "index.html"))
		for _, want := range []string{"<!doctype html>", `src="` + files + `.AAAA.js"`, `href="` + files + `.AAAA.css"`, "Content-Security-Policy", `aria-current="page"`} {
			if !strings.Contains(page, want) {
				t.Errorf("page %q lacks %s", folder, want)
			}
		}
		for _, bad := range []string{`src="http`, `href="http`, `src="/`, `href="/`, " style=", "<style", "onclick="} {
			if strings.Contains(page, bad) {
				t.Errorf("page %q contains %s", folder, bad)
			}
		}
		if read(t, filepath.Join(again.tmp, folder, "index.html")) != page {
			t.Errorf("two builds give two pages %q", folder)
		}
	}
}

func TestBudget(t *testing.T) {
	light := []sizes{{"a.wasm", 9e6, 2.4e6, 1.7e6}, {"a.js", 3e5, 1e5, 9e4}, {"b.js", 3e5, 1e5, 9e4}}
	if err := (&report{light}).withinBudget(); err != nil {
		t.Error(err)
	}
	heavy := append(light, sizes{"c.js", 3e5, 1e5, 9e4})
	if err := (&report{heavy}).withinBudget(); err == nil || !strings.Contains(err.Error(), ".js files are 270000 bytes") {
		t.Errorf("got %v, want to be told how heavy the scripts are", err)
	}
}

func TestReport(t *testing.T) {
	var b bytes.Buffer
	(&report{[]sizes{{"index.html", 7000, 2000, 1800}}}).print(&b)
	if !strings.Contains(b.String(), "7000") || !strings.Contains(b.String(), "index.html") {
		t.Errorf("report: %s", &b)
	}
}
