package engine_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/sortkey/sortkey/engine/enginetest"
)

// rule is one line of testdata/RULES, which says what the columns mean.
type rule struct{ id, mark, text string }

func readRules(t *testing.T) []rule {
	t.Helper()
	text, err := os.ReadFile("testdata/RULES")
	if err != nil {
		t.Fatal(err)
	}
	var rules []rule
	for line := range strings.Lines(string(text)) {
		f := strings.Fields(line)
		if len(f) == 0 || f[0][0] == '#' {
			continue
		}
		if len(f) < 3 {
			t.Fatalf("not a rule: %q", line)
		}
		rules = append(rules, rule{f[0], f[1], strings.Join(f[2:], " ")})
	}
	return rules
}

// cases counts the steps of all dialogues that name each rule and compare a
// reply.
func cases(t *testing.T) map[string]int {
	t.Helper()
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil {
		t.Fatal(err)
	}
	named := map[string]int{}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		d, err := enginetest.ParseDialogue(string(text))
		if err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		for _, id := range d.Rules() {
			named[id]++
		}
	}
	return named
}

// TestRules sees that every rule of the reference has a case, or a reason for
// having none, and that the dialogues name no rule that there is not.
func TestRules(t *testing.T) {
	named := cases(t)
	known := map[string]bool{}
	later := regexp.MustCompile(`^later-\d+$`)
	for _, r := range readRules(t) {
		if known[r.id] {
			t.Errorf("%s is there twice", r.id)
		}
		known[r.id] = true
		test, inGo := strings.CutPrefix(r.mark, "go:")
		switch {
		case inGo && !hasTest(t, test):
			t.Errorf("%s: there is no test %s", r.id, test)
		case inGo, r.mark == "?", later.MatchString(r.mark):
		case r.mark != ".":
			t.Errorf("%s: unknown mark %s", r.id, r.mark)
		case named[r.id] == 0:
			t.Errorf("%s has no case: %s", r.id, r.text)
		}
	}
	for id := range named {
		if !known[id] {
			t.Errorf("a dialogue names %s, which is no rule", id)
		}
	}
	t.Logf("%d rules", len(known))
}

// hasTest reports whether the sources have a test, given as folder:name.
func hasTest(t *testing.T, test string) bool {
	t.Helper()
	folder, name, _ := strings.Cut(test, ":")
	files, err := filepath.Glob(filepath.Join("..", folder, "*_test.go"))
	if err != nil {
		t.Fatal(err)
	}
	return slices.ContainsFunc(files, func(file string) bool {
		text, err := os.ReadFile(file)
		return err == nil && strings.Contains(string(text), "\nfunc "+name+"(t *testing.T)")
	})
}
