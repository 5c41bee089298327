// Package tidy holds the plan of the house as tests: which package may import
// which, what the engine may not use, which folders there are, and, as
// warnings, how long files and functions get.
package tidy

import (
	"fmt"
	"path"
	"slices"
	"strings"
)

// Module is the path of this module.
const Module = "github.com/sortkey/sortkey"

// arrows is the plan's drawing: a package may import what its arrows reach,
// directly or by way of others. Packages that are not here are not in the plan.
var arrows = map[string][]string{
	"engine/attr":       nil,
	"engine/store":      {"engine/attr"},
	"engine/meter":      {"engine/attr"},
	"engine/expr":       {"engine/attr"},
	"engine/partiql":    {"engine/expr"},
	"engine":            {"engine/store", "engine/meter", "engine/expr", "engine/partiql"},
	"engine/enginetest": {"engine"},
	"engine/scenario":   {"engine"},
	"engine/snippet":    {"engine"},
	"engine/terraform":  {"engine"},
	"engine/endpoint":   {"engine"},
	"components":        nil,
	"web/page":          {"components"},
	"web":               {"web/page", "components", "engine", "engine/scenario", "engine/snippet"},
	"web/capacity":      {"web/page", "components", "engine", "engine/scenario"},
	"web/global":        {"web/page", "components", "engine", "engine/scenario"},
	"web/share":         {"web"},
	"wasm/worker":       nil,
	"wasm/browser":      {"web", "wasm/worker"},
	"wasm/lab":          {"web/capacity", "web/global", "wasm/worker"},
	"wasm/engine":       {"engine"},
	"wasm/terraform":    {"engine/terraform"},
	"wasm/edge":         {"web/share"},
	"tools/site":        {"web/share", "web/capacity", "web/global"},
	"tools/port":        nil,
	"tools/serve":       {"web/share", "engine/endpoint", "tools/port"},
	"tools/tidy":        nil,
}

// foreign says where the packages of other modules belong, by prefix of the
// import path; the first match counts, and a module that is not listed here
// has no place yet. Tests may import what they like.
var foreign = []struct {
	prefix string
	places []string
}{
	{"github.com/tidwall/btree", []string{"engine/store", "engine"}},
	{"github.com/tidwall/gjson", []string{"engine/attr", "web", "web/capacity", "web/global"}}, // web reads the engine's own answers
	{"github.com/a-h/templ", []string{"components", "web", "web/page", "web/capacity", "web/global"}},
	{"github.com/syumai/workers", []string{"wasm/edge"}},
	{"github.com/hashicorp/hcl", []string{"engine/terraform"}},
	{"github.com/zclconf/go-cty", []string{"engine/terraform"}},
	{"github.com/yuin/goldmark", []string{"web"}},
	{"github.com/evanw/esbuild", []string{"tools/site"}},
	{"github.com/andybalholm/brotli", []string{"tools/site"}},
	{"github.com/valyala/fasthttp", []string{"tools/port"}},
	{"syscall/js", []string{"wasm/worker", "wasm/browser", "wasm/lab", "wasm/engine", "wasm/terraform", "wasm/edge"}},
}

// engineMayNot lists standard packages that no engine package imports, with the
// packages that are excepted.
var engineMayNot = map[string][]string{
	"os":           nil,
	"os/exec":      nil,
	"os/signal":    nil,
	"syscall":      nil,
	"context":      nil,
	"unsafe":       nil,
	"math/rand":    nil,
	"math/rand/v2": nil,
	"log":          nil,
	"net":          nil,
	"html":         nil,
	"crypto/rand":  {"engine/endpoint"}, // the request id
	"net/http":     {"engine/endpoint"},
	"log/slog":     {"engine/endpoint"},
}

// topFolders are the folders of the repository, apart from those with a dot and
// those that git ignores.
var topFolders = []string{"components", "engine", "static", "tools", "wasm", "web"}

// Package is what the layering rules look at.
type Package struct {
	Path    string   // relative to the module: "engine/attr"
	Imports []string // full import paths, tests not included
}

// Finding is one breach of the plan.
type Finding struct {
	Where string // package or file:line
	What  string
}

func (f Finding) String() string { return f.Where + ": " + f.What }

// checkImports holds one package against the plan.
func checkImports(p Package) []Finding {
	if _, planned := arrows[p.Path]; !planned {
		return []Finding{{p.Path, "is not in the plan of the house (arrows in tools/tidy)"}}
	}
	allowed := reach(p.Path)
	var found []Finding
	for _, imp := range p.Imports {
		if what := judge(p.Path, imp, allowed); what != "" {
			found = append(found, Finding{p.Path, what})
		}
	}
	return found
}

// judge says what is wrong with an import, or nothing.
func judge(from, imp string, allowed map[string]bool) string {
	if own, ok := strings.CutPrefix(imp, Module+"/"); ok {
		if !allowed[own] {
			return fmt.Sprintf("imports %s, which its arrows do not reach", own)
		}
		return ""
	}
	if strings.HasPrefix(from+"/", "engine/") {
		if except, banned := engineMayNot[imp]; banned && !slices.Contains(except, from) {
			return fmt.Sprintf("imports %s, which the engine does not use", imp)
		}
	}
	for _, f := range foreign {
		if imp == f.prefix || strings.HasPrefix(imp, f.prefix+"/") {
			if !slices.Contains(f.places, from) {
				return fmt.Sprintf("imports %s, which belongs to %s", imp, strings.Join(f.places, ", "))
			}
			return ""
		}
	}
	if first, _, _ := strings.Cut(imp, "/"); path.Ext(first) != "" {
		return fmt.Sprintf("imports %s, a module with no place in the plan", imp)
	}
	return ""
}

// reach returns all that a package's arrows lead to.
func reach(from string) map[string]bool {
	seen := map[string]bool{}
	var walk func(string)
	walk = func(p string) {
		for _, next := range arrows[p] {
			if !seen[next] {
				seen[next] = true
				walk(next)
			}
		}
	}
	walk(from)
	return seen
}
