package tidy

import (
	"fmt"
	"go/ast"
	"go/token"
	"strconv"
	"strings"
)

// The sizes in lines from which a file or function is worth a second look.
const (
	longFile     = 600
	longFunction = 70
)

// clockReadings are the names in package time that ask the machine.
var clockReadings = map[string]bool{
	"Now": true, "Since": true, "Until": true, "Sleep": true, "After": true, "AfterFunc": true,
	"NewTimer": true, "NewTicker": true, "Tick": true, "Local": true, "LoadLocation": true,
}

// checkEngineSource finds in one file of the engine what would make two runs
// differ: the machine's clock and time zone, goroutines, and floating point.
func checkEngineSource(fset *token.FileSet, file *ast.File) []Finding {
	var found []Finding
	add := func(n ast.Node, what string) {
		p := fset.Position(n.Pos())
		found = append(found, Finding{p.Filename + ":" + strconv.Itoa(p.Line), what})
	}
	timeName := importName(file, "time")
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.GoStmt:
			add(n, "starts a goroutine")
		case *ast.SelectorExpr:
			if x, ok := n.X.(*ast.Ident); ok && timeName != "" && x.Name == timeName && clockReadings[n.Sel.Name] {
				add(n, "asks the machine: time."+n.Sel.Name)
			}
		case *ast.Ident:
			if n.Name == "float64" || n.Name == "float32" {
				add(n, "uses "+n.Name+": simulation is integer or fixed point")
			}
		case *ast.BasicLit:
			// 1e6 is how one writes an integer.
			if n.Kind == token.FLOAT && strings.ContainsAny(n.Value, ".-pP") {
				add(n, "has the floating-point constant "+n.Value)
			}
		}
		return true
	})
	return found
}

// importName returns the name under which a file knows a package, "" if not at all.
func importName(file *ast.File, path string) string {
	for _, imp := range file.Imports {
		if imp.Path.Value != strconv.Quote(path) {
			continue
		}
		if imp.Name != nil {
			return imp.Name.Name
		}
		return path
	}
	return ""
}

// longOnes lists the file, if it is long, and its long functions.
func longOnes(fset *token.FileSet, file *ast.File) []Finding {
	var found []Finding
	name := fset.Position(file.Pos()).Filename
	if lines := fset.File(file.Pos()).LineCount(); lines > longFile {
		found = append(found, Finding{name, fmt.Sprintf("%d lines", lines)})
	}
	for _, d := range file.Decls {
		f, ok := d.(*ast.FuncDecl)
		if !ok {
			continue
		}
		from, to := fset.Position(f.Pos()).Line, fset.Position(f.End()).Line
		if lines := to - from + 1; lines > longFunction {
			found = append(found, Finding{fmt.Sprintf("%s:%d", name, from), fmt.Sprintf("%s has %d lines", f.Name.Name, lines)})
		}
	}
	return found
}
