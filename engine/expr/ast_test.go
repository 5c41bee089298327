package expr

import (
	"strings"
	"testing"
)

// Every node knows where it stands: the source from Pos to End, read as a
// canonical text would be, is what the node prints.
func TestPositions(t *testing.T) {
	src := "(a.b[0] = :s OR #n  <>  c) AND NOT  size( d ) BETWEEN :n AND (e) AND f IN ( :s,g ) and contains(h,:n)"
	c, err := ParseCondition(src)
	if err != nil {
		t.Fatal(err)
	}
	nodes := expectPositions(t, src, c.Root())
	if nodes != 21 {
		t.Errorf("%d nodes", nodes)
	}
	src = "SET a.b[1] = (c+ :n)  - if_not_exists( #n,d ), e = :s REMOVE f.g ADD  h :n"
	u, err := ParseUpdate(src)
	if err != nil {
		t.Fatal(err)
	}
	nodes = 0
	for _, a := range u.actions {
		nodes += expectPositions(t, src, a)
	}
	if nodes != 17 {
		t.Errorf("%d nodes", nodes)
	}
}

func expectPositions(t *testing.T, src string, n Node) int {
	t.Helper()
	squeeze := strings.NewReplacer(" ", "", "(", "", ")", "")
	got, want := squeeze.Replace(src[n.Pos():n.End()]), squeeze.Replace(n.String())
	if !strings.EqualFold(got, want) {
		t.Errorf("%s stands at %q", n, src[n.Pos():n.End()])
	}
	count := 1
	eachChild(n, func(child Node) bool {
		count += expectPositions(t, src, child)
		return true
	})
	return count
}

func TestBound(t *testing.T) {
	c := condition(t, "#n.a[1] = :s2", sampleScope())
	n := c.Root().(*Compare)
	if got := n.Left.(*Path).Path().String(); got != "[name, a, [1]]" {
		t.Error(got)
	}
	if got := n.Right.(*Literal).Value().Str(); got != "b" {
		t.Error(got)
	}
	if got := n.Right.String() + n.Left.String(); got != ":s2#n.a[1]" {
		t.Error(got)
	}
}
