package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// The platform compresses files itself, all but the program; and the page is
// told that scenarios are kept here.
func TestEdgeSite(t *testing.T) {
	dist, out := t.TempDir(), filepath.Join(t.TempDir(), "site")
	for _, name := range []string{
		"index.html", "index.html.br", "index.html.gz", "_headers", "assets.json",
		"assets/desk.1.js", "assets/desk.1.js.br", "assets/sortkey.1.wasm", "assets/sortkey.1.wasm.br", "assets/sortkey.1.wasm.gz",
		"desk/engine",
	} {
		path := filepath.Join(dist, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte("content of "+name), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := edgeSite(dist, out); err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, pattern := range []string{"*", "assets/*", "desk/*"} {
		found, _ := filepath.Glob(filepath.Join(out, pattern))
		for _, path := range found {
			if info, err := os.Stat(path); err == nil && !info.IsDir() {
				got = append(got, strings.TrimPrefix(path, out+"/"))
			}
		}
	}
	slices.Sort(got)
	want := []string{
		"_headers", "assets.json", "assets/desk.1.js", "assets/sortkey.1.wasm", "assets/sortkey.1.wasm.br", "assets/sortkey.1.wasm.gz",
		"desk/engine", "index.html",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if text := read(t, filepath.Join(out, "desk", "engine")); !strings.Contains(text, `"keeps":true`) {
		t.Errorf("the page is told %s", text)
	}
	if text := read(t, filepath.Join(dist, "desk", "engine")); text != "content of desk/engine" {
		t.Errorf("the site itself has changed: %s", text)
	}
}
