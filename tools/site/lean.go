package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/format"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// The page's program renders templ components and has no use for the parts of
// templ that serve HTTP, convert to html/template or check styles, nor for
// gjson's modifiers, which format JSON. They cost a quarter of what is
// downloaded: net/http and html/template switch the linker's removal of unused
// code off, regexp and encoding/json are large. So the page is compiled against
// copies of the two modules, made here from those in the module cache, without
// them. What templ renders and gjson reads does not change: every test and
// every other program uses the modules as they are, and a test compares the
// page's bytes with theirs.

// leanModules are the modules that are made lean, with their folders: those
// that others use first.
var leanModules = []struct {
	path    string
	folders []string
}{
	{"github.com/a-h/templ", []string{"safehtml", ".", "runtime"}},
	{"github.com/tidwall/gjson", []string{"."}},
}

// unwanted are the packages that no declaration of the copies may use.
var unwanted = map[string]bool{
	"net/http": true, "html/template": true, "regexp": true, "encoding/json": true, "github.com/tidwall/pretty": true,
	"crypto/cipher": true,
}

// lean makes the copies and returns the flags of go build that put them in
// place.
func (b *build) lean() (flags []string, err error) {
	folder := filepath.Join(mustAbs(b.cache), "lean")
	if err := os.RemoveAll(folder); err != nil {
		return nil, err
	}
	modfile, err := b.leanModfile(folder)
	if err != nil {
		return nil, err
	}
	overlay, err := leanHash(folder)
	return []string{"-modfile=" + modfile, "-overlay=" + overlay}, err
}

// leanHash makes a copy of the file that ties crypto/sha256 to ciphers, by the
// types of three functions that nothing calls: SHA-256 is all that the page
// hashes with, and AES is 35 KB of what is downloaded. It returns the overlay
// that names the copy. Where Go no longer has such a file, nothing is replaced.
func leanHash(folder string) (overlay string, err error) {
	root, err := goEnv("GOROOT")
	if err != nil {
		return "", err
	}
	file := filepath.Join(root, "src", "crypto", "internal", "boring", "notboring.go")
	replaced := map[string]string{}
	if text, err := os.ReadFile(file); err == nil {
		p := newLeanPackage(nil)
		if err := p.add("notboring.go", text); err != nil {
			return "", err
		}
		if err := p.writeLean(folder); err != nil {
			return "", err
		}
		replaced[file] = filepath.Join(folder, "notboring.go")
	}
	list, err := json.Marshal(map[string]any{"Replace": replaced})
	if err != nil {
		return "", err
	}
	overlay = filepath.Join(folder, "overlay.json")
	return overlay, os.WriteFile(overlay, list, 0o644)
}

// leanModfile makes the copies of modules and returns a go.mod that names them.
func (b *build) leanModfile(folder string) (modfile string, err error) {
	mod, err := os.ReadFile(filepath.Join(b.root, "go.mod"))
	sum, err2 := os.ReadFile(filepath.Join(b.root, "go.sum"))
	if err := errors.Join(err, err2); err != nil {
		return "", err
	}
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return "", err
	}
	for _, m := range leanModules {
		out, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", m.path).Output()
		if err != nil {
			return "", fmt.Errorf("finding %s: %w", m.path, err)
		}
		from, to := strings.TrimSpace(string(out)), filepath.Join(folder, filepath.Base(m.path))
		gone := map[string]bool{}
		for _, part := range m.folders {
			if err := leanFolder(filepath.Join(from, part), filepath.Join(to, part), gone); err != nil {
				return "", err
			}
		}
		mod = append(mod, "\nreplace "+m.path+" => "+to+"\n"...)
	}
	modfile = filepath.Join(folder, "lean.mod")
	return modfile, errors.Join(os.WriteFile(modfile, mod, 0o644),
		os.WriteFile(filepath.Join(folder, "lean.sum"), sum, 0o644))
}

// leanFolder copies the Go files of one folder without what is unwanted: every
// declaration that uses an unwanted package, and those that use one left out
// before, until none is left.
//
// gone collects what has been left out of this package and those before it, as
// others name it: safehtml.SanitizeCSS.
func leanFolder(from, to string, gone map[string]bool) error {
	if err := os.MkdirAll(to, 0o755); err != nil {
		return err
	}
	p := newLeanPackage(gone)
	if err := p.read(from); err != nil {
		return err
	}
	if err := p.writeLean(to); err != nil {
		return err
	}
	for name := range p.gone {
		gone[p.asts[0].Name.Name+"."+name] = true
	}
	return copyFiles(from, to, func(name string) bool { return !strings.HasSuffix(name, ".go") })
}

// leanPackage is a package on its way to being lean.
type leanPackage struct {
	files *token.FileSet
	names []string
	asts  []*ast.File
	gone  map[string]bool // what has been left out, by name

	lacking   map[string]bool // types that have lost a method
	elsewhere map[string]bool // of other packages, as they are named here
}

func newLeanPackage(elsewhere map[string]bool) *leanPackage {
	return &leanPackage{files: token.NewFileSet(), gone: map[string]bool{}, lacking: map[string]bool{}, elsewhere: elsewhere}
}

// read adds the Go files of a folder.
func (p *leanPackage) read(folder string) error {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return err
	}
	for _, entry := range entries {
		name := entry.Name()
		if entry.IsDir() || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			continue
		}
		text, err := os.ReadFile(filepath.Join(folder, name))
		if err != nil {
			return err
		}
		// The one use worth keeping is a look whether a writer can be flushed,
		// which needs no more than the method's name.
		text = bytes.ReplaceAll(text, []byte("http.Flusher"), []byte("interface{ Flush() }"))
		if err := p.add(name, text); err != nil {
			return err
		}
	}
	return nil
}

func (p *leanPackage) add(name string, text []byte) error {
	f, err := parser.ParseFile(p.files, name, text, 0)
	p.names, p.asts = append(p.names, name), append(p.asts, f)
	return err
}

// writeLean writes what is wanted to a folder.
func (p *leanPackage) writeLean(folder string) error {
	for p.strip() {
	}
	for i, f := range p.asts {
		dropImports(f)
		var out bytes.Buffer
		if err := format.Node(&out, p.files, f); err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(folder, p.names[i]), out.Bytes(), 0o644); err != nil {
			return err
		}
	}
	return nil
}

// strip goes over all files once and reports whether it left something out.
func (p *leanPackage) strip() bool {
	stripped := false
	for _, f := range p.asts {
		var kept []ast.Decl
		packages := unwantedNames(f)
		for _, d := range f.Decls {
			if isImport(d) || !p.uses(d, packages) {
				kept = append(kept, d)
				continue
			}
			stripped = true
			p.forget(d)
		}
		f.Decls = kept
	}
	return stripped
}

// copyFiles copies the files of a folder whose names are wanted.
func copyFiles(from, to string, wanted func(name string) bool) error {
	entries, err := os.ReadDir(from)
	if err != nil {
		return err
	}
	for _, entry := range entries {
		if entry.IsDir() || !wanted(entry.Name()) {
			continue
		}
		text, err := os.ReadFile(filepath.Join(from, entry.Name()))
		if err == nil {
			err = os.WriteFile(filepath.Join(to, entry.Name()), text, 0o644)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func isImport(d ast.Decl) bool {
	g, ok := d.(*ast.GenDecl)
	return ok && g.Tok == token.IMPORT
}

// importName is what a file calls a package.
func importName(im *ast.ImportSpec) string {
	if im.Name != nil {
		return im.Name.Name
	}
	return filepath.Base(strings.Trim(im.Path.Value, `"`))
}

func unwantedNames(f *ast.File) map[string]bool {
	names := map[string]bool{}
	for _, im := range f.Imports {
		if unwanted[strings.Trim(im.Path.Value, `"`)] {
			names[importName(im)] = true
		}
	}
	return names
}

// uses reports whether a declaration selects from one of the packages or
// mentions what is gone. An assertion that a type implements an interface goes
// with the first of the type's methods.
func (p *leanPackage) uses(d ast.Decl, packages map[string]bool) bool {
	asserts, found := isAssertion(d), false
	var look func(n ast.Node) bool
	look = func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.SelectorExpr:
			if id, ok := n.X.(*ast.Ident); ok && (packages[id.Name] || p.elsewhere[id.Name+"."+n.Sel.Name]) {
				found = true
			}
			ast.Inspect(n.X, look)
			return false // a field or method may have any name
		case *ast.Ident:
			found = found || p.gone[n.Name] || asserts && p.lacking[n.Name]
		}
		return !found
	}
	if f, ok := d.(*ast.FuncDecl); ok && f.Recv != nil {
		ast.Inspect(f.Recv, look)
		ast.Inspect(f.Type, look)
		ast.Inspect(f.Body, look)
		return found
	}
	ast.Inspect(d, look)
	return found
}

// isAssertion recognizes var _ Interface = Type{}.
func isAssertion(d ast.Decl) bool {
	g, ok := d.(*ast.GenDecl)
	if !ok || g.Tok != token.VAR || len(g.Specs) != 1 {
		return false
	}
	return g.Specs[0].(*ast.ValueSpec).Names[0].Name == "_"
}

// forget notes what a declaration that is left out declares.
func (p *leanPackage) forget(d ast.Decl) {
	switch d := d.(type) {
	case *ast.FuncDecl:
		if d.Recv == nil {
			p.gone[d.Name.Name] = true
		} else if id, ok := receiver(d).(*ast.Ident); ok {
			p.lacking[id.Name] = true
		}
	case *ast.GenDecl:
		for _, s := range d.Specs {
			switch s := s.(type) {
			case *ast.TypeSpec:
				p.gone[s.Name.Name] = true
			case *ast.ValueSpec:
				for _, name := range s.Names {
					p.gone[name.Name] = name.Name != "_"
				}
			}
		}
	}
}

// receiver is the type that a method belongs to.
func receiver(d *ast.FuncDecl) ast.Expr {
	t := d.Recv.List[0].Type
	if star, ok := t.(*ast.StarExpr); ok {
		t = star.X
	}
	return t
}

// dropImports takes out the imports that nothing uses any more.
func dropImports(f *ast.File) {
	used := map[string]bool{"_": true}
	for _, d := range f.Decls {
		ast.Inspect(d, func(n ast.Node) bool {
			if s, ok := n.(*ast.SelectorExpr); ok {
				if id, ok := s.X.(*ast.Ident); ok {
					used[id.Name] = true
				}
			}
			return true
		})
	}
	var kept []ast.Decl
	for _, d := range f.Decls {
		g, ok := d.(*ast.GenDecl)
		if !ok || g.Tok != token.IMPORT {
			kept = append(kept, d)
			continue
		}
		var specs []ast.Spec
		for _, s := range g.Specs {
			if used[importName(s.(*ast.ImportSpec))] {
				specs = append(specs, s)
			}
		}
		if g.Specs = specs; len(specs) > 0 {
			kept = append(kept, g)
		}
	}
	f.Decls = kept
}
