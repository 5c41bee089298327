package main

import (
	"bytes"
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
// templ that serve HTTP or convert to html/template. They cost a quarter of
// what is downloaded, because net/http and html/template switch the linker's
// removal of unused code off. So the page is compiled against a copy of the
// templ module, made here from the one in the module cache, without them. What
// templ renders does not change: every test and every other program uses the
// module as it is, and a test compares the page's bytes with theirs.

// templModule is the module that is made lean.
const templModule = "github.com/a-h/templ"

// unwanted are the packages that no declaration of the copy may use.
var unwanted = map[string]bool{"net/http": true, "html/template": true}

// lean makes the copy and returns a go.mod that names it.
func (b *build) lean() (modfile string, err error) {
	out, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", templModule).Output()
	if err != nil {
		return "", fmt.Errorf("finding %s: %w", templModule, err)
	}
	from, to := strings.TrimSpace(string(out)), filepath.Join(mustAbs(b.cache), "lean", "templ")
	if err := os.RemoveAll(to); err != nil {
		return "", err
	}
	for _, folder := range []string{".", "runtime", "safehtml"} {
		if err := leanFolder(filepath.Join(from, folder), filepath.Join(to, folder)); err != nil {
			return "", err
		}
	}
	mod, err := os.ReadFile(filepath.Join(b.root, "go.mod"))
	sum, err2 := os.ReadFile(filepath.Join(b.root, "go.sum"))
	if err := errors.Join(err, err2); err != nil {
		return "", err
	}
	modfile = filepath.Join(filepath.Dir(to), "lean.mod")
	mod = append(mod, "\nreplace "+templModule+" => "+to+"\n"...)
	return modfile, errors.Join(os.WriteFile(modfile, mod, 0o644),
		os.WriteFile(strings.TrimSuffix(modfile, ".mod")+".sum", sum, 0o644))
}

// leanFolder copies the files of one folder, Go files without what is
// unwanted.
func leanFolder(from, to string) error {
	entries, err := os.ReadDir(from)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(to, 0o755); err != nil {
		return err
	}
	for _, entry := range entries {
		name := entry.Name()
		if entry.IsDir() || strings.HasSuffix(name, "_test.go") {
			continue
		}
		text, err := os.ReadFile(filepath.Join(from, name))
		if err == nil && strings.HasSuffix(name, ".go") {
			text, err = leanFile(name, text)
		}
		if err == nil {
			err = os.WriteFile(filepath.Join(to, name), text, 0o644)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// leanFile leaves out of a Go file every declaration that uses an unwanted
// package, and those that use one left out before, until none is left.
func leanFile(name string, text []byte) ([]byte, error) {
	// The one use worth keeping is a look whether a writer can be flushed,
	// which needs no more than the method's name.
	text = bytes.ReplaceAll(text, []byte("http.Flusher"), []byte("interface{ Flush() }"))
	files := token.NewFileSet()
	f, err := parser.ParseFile(files, name, text, 0)
	if err != nil {
		return nil, err
	}
	gone := map[string]bool{}
	for changed := true; changed; {
		changed = false
		var kept []ast.Decl
		for _, d := range f.Decls {
			if isImport(d) || !uses(d, unwantedNames(f), gone) {
				kept = append(kept, d)
				continue
			}
			changed = true
			forget(d, gone)
		}
		f.Decls = kept
	}
	dropImports(f)
	var out bytes.Buffer
	err = format.Node(&out, files, f)
	return out.Bytes(), err
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
// mentions what is gone.
func uses(d ast.Decl, packages, gone map[string]bool) bool {
	found := false
	ast.Inspect(d, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.SelectorExpr:
			if id, ok := n.X.(*ast.Ident); ok && packages[id.Name] {
				found = true
			}
		case *ast.Ident:
			found = found || gone[n.Name]
		}
		return !found
	})
	return found
}

// forget notes the types and functions of a declaration that is left out.
func forget(d ast.Decl, gone map[string]bool) {
	switch d := d.(type) {
	case *ast.FuncDecl:
		if d.Recv == nil {
			gone[d.Name.Name] = true
		}
	case *ast.GenDecl:
		for _, s := range d.Specs {
			if t, ok := s.(*ast.TypeSpec); ok {
				gone[t.Name.Name] = true
			}
		}
	}
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
