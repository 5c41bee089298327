package expr

import (
	"strconv"
	"strings"
	"testing"

	"github.com/sortkey/sortkey/engine/attr"
)

const benchCondition = "attribute_exists(pk) AND (#n = :s OR size(b) > :n) AND a.b[0] BETWEEN :n AND :n2 AND NOT contains(e, :s2)"

const benchUpdate = "SET #n = :s, a.b[0] = a.b[0] + :n, c = if_not_exists(c, :n) REMOVE d[0] ADD e :ss"

func BenchmarkParseCondition(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := ParseCondition(benchCondition); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkResolveCondition(b *testing.B) {
	c, err := ParseCondition(benchCondition)
	if err != nil {
		b.Fatal(err)
	}
	s := sampleScope()
	b.ReportAllocs()
	for b.Loop() {
		if err := c.Resolve(s); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkParseUpdate(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := ParseUpdate(benchUpdate); err != nil {
			b.Fatal(err)
		}
	}
}

// An item of some 6 KB, of which the filter reads two attributes.
func BenchmarkMatch(b *testing.B) {
	m := attr.Map{}
	for i := range 60 {
		m = m.With("attribute"+strconv.Itoa(i), attr.Text(strings.Repeat("x", 80)))
	}
	m = m.With("b", attr.Text("b")).With("c", attr.Num(attr.IntNumber(1)))
	it := attr.NewItem(m)
	c := condition(b, "b = :s2 AND c BETWEEN :n AND :n2", sampleScope())
	b.ReportAllocs()
	for b.Loop() {
		if !c.Match(it) {
			b.Fatal("no match")
		}
	}
}

func BenchmarkApply(b *testing.B) {
	u, old := update(b, benchUpdate, sampleScope()), sampleItem.Map()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := u.Apply(old); err != nil {
			b.Fatal(err)
		}
	}
}

// Many targets that share all but their last step are the dearest to compare.
func BenchmarkResolveManyPaths(b *testing.B) {
	paths := make([]string, 580)
	for i := range paths {
		paths[i] = "a.b" + strconv.Itoa(i)
	}
	p, err := ParseProjection(strings.Join(paths, ","))
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if err := p.Resolve(sampleScope()); err != nil {
			b.Fatal(err)
		}
	}
}
