package tidy

import (
	"go/parser"
	"go/token"
	"strings"
	"testing"
)

// The checks themselves, on samples that break the rules.

func TestCheckImports(t *testing.T) {
	own := func(p string) string { return Module + "/" + p }
	cases := []struct {
		from, imp string
		want      string // part of the finding; "" for none
	}{
		{"engine/store", own("engine/attr"), ""},
		{"engine", own("engine/attr"), ""},
		{"web", own("engine/attr"), ""},
		{"tools/serve", own("engine"), ""},
		{"engine/store", own("engine/meter"), "do not reach"},
		{"engine/attr", own("engine"), "do not reach"},
		{"components", own("engine/attr"), "do not reach"},
		{"web", own("engine/endpoint"), "do not reach"},
		{"wasm/engine", own("web"), "do not reach"},
		{"tools/site", own("engine/endpoint"), "do not reach"},
		{"engine/utils", "fmt", "not in the plan"},
		{"engine", "time", ""},
		{"engine", "os", "does not use"},
		{"engine", "context", "does not use"},
		{"engine", "net/http", "does not use"},
		{"engine/attr", "math/rand/v2", "does not use"},
		{"engine/endpoint", "net/http", ""},
		{"engine/endpoint", "context", "does not use"},
		{"engine", "syscall/js", "belongs to wasm/"},
		{"web", "syscall/js", "belongs to wasm/"},
		{"wasm/browser", "syscall/js", ""},
		{"engine/store", "github.com/tidwall/btree", ""},
		{"web", "github.com/tidwall/btree", "belongs to engine/store"},
		{"engine/expr", "github.com/tidwall/gjson", "belongs to engine/attr"},
		{"components", "github.com/a-h/templ/runtime", ""},
		{"engine", "github.com/a-h/templ", "belongs to components"},
		{"tools/serve", "github.com/syumai/workers", "belongs to wasm/edge"},
		{"web", "github.com/samber/lo", "no place in the plan"},
	}
	for _, c := range cases {
		found := checkImports(Package{c.from, []string{c.imp}})
		switch {
		case c.want == "" && len(found) > 0:
			t.Errorf("%s importing %s: unexpected finding %v", c.from, c.imp, found)
		case c.want != "" && (len(found) != 1 || !strings.Contains(found[0].String(), c.want)):
			t.Errorf("%s importing %s: got %v, want a finding with %q", c.from, c.imp, found, c.want)
		}
	}
}

func TestCheckEngineSource(t *testing.T) {
	const sample = `package sample
import (
	"fmt"
	clock "time"
)
func bad(x float64) {
	go fmt.Println(clock.Now())
	_ = clock.Since(clock.Time{})
	_ = 0.5
}
func good(time interface{ Now() int }) (int, clock.Duration) { return time.Now(), 1e9 * clock.Nanosecond }
`
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "sample.go", sample, 0)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"sample.go:6: uses float64: simulation is integer or fixed point",
		"sample.go:7: starts a goroutine",
		"sample.go:7: asks the machine: time.Now",
		"sample.go:8: asks the machine: time.Since",
		"sample.go:9: has the floating-point constant 0.5",
	}
	found := checkEngineSource(fset, file)
	if len(found) != len(want) {
		t.Fatalf("got %d findings %v, want %d", len(found), found, len(want))
	}
	for i, f := range found {
		if f.String() != want[i] {
			t.Errorf("finding %d: got %q, want %q", i, f, want[i])
		}
	}
}

func TestLongOnes(t *testing.T) {
	long := "package sample\nfunc f() {\n" + strings.Repeat("\tf()\n", longFunction) + "}\n" +
		"func g() {}\n" + strings.Repeat("// more\n", longFile)
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "sample.go", long, 0)
	if err != nil {
		t.Fatal(err)
	}
	found := longOnes(fset, file)
	if len(found) != 2 || found[0].Where != "sample.go" || found[1].Where != "sample.go:2" {
		t.Errorf("got %v, want the file and its function f", found)
	}
	short, err := parser.ParseFile(fset, "short.go", "package sample\nfunc h() {}\n", 0)
	if err != nil {
		t.Fatal(err)
	}
	if found := longOnes(fset, short); len(found) != 0 {
		t.Errorf("got %v for a short file", found)
	}
}
