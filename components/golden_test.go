package components

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/a-h/templ"
)

var (
	update = flag.Bool("update", false, "rewrite testdata from what is rendered now")
	pages  = flag.String("pages", "", "write every sample as a page into this folder, to look at")
)

func render(t testing.TB, c templ.Component) string {
	t.Helper()
	var b strings.Builder
	if err := c.Render(t.Context(), &b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// pretty breaks lines between elements, for readable differences. It is used
// on goldens only: white space matters in the page itself.
func pretty(html string) string { return strings.ReplaceAll(html, "><", ">\n<") + "\n" }

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name+".html")
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v (make it with go test ./components -update)", err)
	}
	if got != string(want) {
		t.Errorf("%s differs%s", path, firstDifference(got, string(want)))
	}
}

func firstDifference(got, want string) string {
	g, w := strings.Split(got, "\n"), strings.Split(want, "\n")
	for i := range g {
		if i >= len(w) || g[i] != w[i] {
			old := ""
			if i < len(w) {
				old = w[i]
			}
			return " at line " + itoa(i+1) + "\n got: " + g[i] + "\nwant: " + old
		}
	}
	return ": it ends early"
}

func TestGoldens(t *testing.T) {
	for _, s := range samples {
		t.Run(s.name, func(t *testing.T) {
			golden(t, s.name, pretty(render(t, DeskMain(s.make()))))
		})
	}
	t.Run("document", func(t *testing.T) {
		d := Desk{Title: "Empty", Outcome: Outcome{Blank: &Blank{}}}
		golden(t, "document", pretty(render(t, Document(Page{Assets: map[string]string{"desk.css": "assets/desk.1a2b.css"}, Desk: d}))))
	})
}

// TestPages writes the samples to be looked at; nothing is asserted.
func TestPages(t *testing.T) {
	if *pages == "" {
		t.Skip("no -pages folder given")
	}
	for _, s := range samples {
		html := render(t, Document(Page{Desk: s.make()}))
		if err := os.WriteFile(filepath.Join(*pages, s.name+".html"), []byte(html), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}
