package tidy

import (
	"encoding/json"
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const root = "../.."

// TestLayering holds the imports of the whole module, natively and for the
// browser, where other files take part.
func TestLayering(t *testing.T) {
	for _, target := range [][2]string{{"", ""}, {"js", "wasm"}} {
		t.Run(target[0]+target[1], func(t *testing.T) {
			packages := listPackages(t, target[0], target[1])
			if len(packages) == 0 {
				t.Fatal("no packages found")
			}
			for _, p := range packages {
				for _, f := range checkImports(p) {
					t.Error(f)
				}
			}
		})
	}
}

// TestEngineIsDeterministic looks for clocks, goroutines and floats.
func TestEngineIsDeterministic(t *testing.T) {
	fset := token.NewFileSet()
	for _, file := range parseTree(t, fset, "engine") {
		for _, f := range checkEngineSource(fset, file) {
			t.Error(f)
		}
	}
}

// TestTopFolders: a new folder at the top is a decision for the plan.
func TestTopFolders(t *testing.T) {
	entries, err := os.ReadDir(root)
	if err != nil {
		t.Fatal(err)
	}
	ignored := []string{"dist", "dist.new", "dist.old"}
	for _, e := range entries {
		name := e.Name()
		if e.IsDir() && !strings.HasPrefix(name, ".") && !slices.Contains(topFolders, name) && !slices.Contains(ignored, name) {
			t.Errorf("folder %s is not in the plan", name)
		}
	}
}

// TestSizes only warns: see `go test -v ./tools/tidy`.
func TestSizes(t *testing.T) {
	fset := token.NewFileSet()
	for _, folder := range topFolders {
		for _, file := range parseTree(t, fset, folder) {
			for _, f := range longOnes(fset, file) {
				t.Logf("warning: %s", f)
			}
		}
	}
}

// listPackages asks the go command, which knows about build constraints.
func listPackages(t *testing.T, goos, goarch string) []Package {
	t.Helper()
	cmd := exec.Command("go", "list", "-e", "-json=ImportPath,Imports,GoFiles", "./...")
	cmd.Dir = root
	cmd.Env = os.Environ()
	if goos != "" {
		cmd.Env = append(cmd.Env, "GOOS="+goos, "GOARCH="+goarch)
	}
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	var packages []Package
	for dec := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p struct {
			ImportPath       string
			Imports, GoFiles []string
		}
		err := dec.Decode(&p)
		if errors.Is(err, io.EOF) {
			return packages
		}
		if err != nil {
			t.Fatal(err)
		}
		own, inside := strings.CutPrefix(p.ImportPath, Module+"/")
		if inside && len(p.GoFiles) > 0 && !strings.HasPrefix(own, "static/") {
			packages = append(packages, Package{own, p.Imports})
		}
	}
}

// parseTree parses what is written by hand under a folder, tests apart.
func parseTree(t *testing.T, fset *token.FileSet, folder string) []*ast.File {
	t.Helper()
	var files []*ast.File
	err := filepath.WalkDir(filepath.Join(root, folder), func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && (d.Name() == "node_modules" || d.Name() == "testdata"):
			return fs.SkipDir
		case d.IsDir() || !strings.HasSuffix(path, ".go"),
			strings.HasSuffix(path, "_test.go"), strings.HasSuffix(path, "_templ.go"):
			return nil
		}
		file, err := parser.ParseFile(fset, path, nil, 0)
		files = append(files, file)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}
