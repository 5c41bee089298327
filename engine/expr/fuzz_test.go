package expr

import (
	"strings"
	"testing"
)

// The three fuzz targets hold the same two promises: no text makes a parser
// panic, and what a tree prints parses back to what prints the same.

func FuzzCondition(f *testing.F) {
	for _, src := range conditionSeeds {
		f.Add(src)
	}
	f.Fuzz(func(t *testing.T, src string) { roundTrip(t, src, parseTo(ParseCondition)) })
}

func FuzzProjection(f *testing.F) {
	for _, src := range []string{"a", "a, b.c[0]", "#a.#b[1][2]", "a,", "a[-1]", "é", "a .b [ 0 ]"} {
		f.Add(src)
	}
	f.Fuzz(func(t *testing.T, src string) { roundTrip(t, src, parseTo(ParseProjection)) })
}

func FuzzUpdate(f *testing.F) {
	for _, src := range updateSeeds {
		f.Add(src)
	}
	f.Fuzz(func(t *testing.T, src string) { roundTrip(t, src, parseTo(ParseUpdate)) })
}

var conditionSeeds = []string{
	"a = :b", "a.b[0] <> #c", "NOT NOT a < :b", "(a = :b OR c >= :d) AND NOT (e <= f)",
	"a BETWEEN :b AND :c AND d IN (:e, f)", "attribute_exists(a) or contains(b, size(c))",
	"((a)) = :b", "(size(a)) > :b", "a AND b", "and", "a = 5", "", " ", "_a = :b", "a = \"é\"",
}

var updateSeeds = []string{
	"SET a = :b", "set a = a + :b, c = list_append(if_not_exists(d, :e), :f) REMOVE g[0], h",
	"ADD a :b, c :d DELETE e :f", "SET a = (b - (c + d)) - :e", "SET a = ((b))", "SET a = b + c + d",
	"SET a = :b SET c = :d", "REMOVE", "SET set = :a",
}

type printed interface{ String() string }

func parseTo[T printed](parse func(string) (T, error)) func(string) (printed, error) {
	return func(src string) (printed, error) {
		n, err := parse(src)
		return n, err
	}
}

func roundTrip(t *testing.T, src string, parse func(string) (printed, error)) {
	n, err := parse(src)
	if err != nil {
		checkRange(t, src, err)
		return
	}
	text := n.String()
	if len(text) > MaxSize {
		return // canonical spacing may exceed what a request may hold
	}
	again, err := parse(text)
	if err != nil {
		t.Fatalf("%q prints as %q, which fails: %v", src, text, err)
	}
	if got := again.String(); got != text {
		t.Fatalf("%q prints as %q, which prints as %q", src, text, got)
	}
}

// checkRange wants an *Error whose range lies in the source.
func checkRange(t *testing.T, src string, err error) {
	t.Helper()
	e, ok := err.(*Error)
	if !ok {
		t.Fatalf("%q: %T is no *Error", src, err)
	}
	if e.Offset < 0 || e.Offset > e.End || e.End > len(src) {
		t.Fatalf("%q: %v is out of range: %d to %d", src, e, e.Offset, e.End)
	}
}

// FuzzResolve resolves and evaluates whatever parses, with every placeholder
// defined: no rule of form may let through what evaluation cannot bear.
func FuzzResolve(f *testing.F) {
	for _, src := range conditionSeeds {
		f.Add(src)
	}
	for _, src := range updateSeeds {
		f.Add(src)
	}
	f.Fuzz(func(t *testing.T, src string) {
		scope := everything(src)
		if c, err := ParseCondition(src); err == nil {
			if err := c.Resolve(scope); err != nil {
				checkRange(t, src, err)
			} else {
				c.Match(nil)
				c.Match(sampleItem)
				if _, err := c.Key([]string{"a"}, []string{"b", "c"}); err != nil {
					checkRange(t, src, err)
				}
			}
		}
		if u, err := ParseUpdate(src); err == nil {
			if err := u.Resolve(scope); err != nil {
				checkRange(t, src, err)
			} else if after, err := u.Apply(sampleItem.Map()); err != nil {
				checkRange(t, src, err)
			} else {
				u.New(after)
			}
		}
	})
}

// everything defines each placeholder that the text could hold; values take
// turns through the types.
func everything(src string) *Scope {
	names, values := map[string]string{}, sampleValues()
	for _, t := range lex(src) {
		word := src[t.start:t.end]
		switch t.kind {
		case tokenName:
			names[word] = strings.TrimPrefix(word, "#")
		case tokenValue:
			if _, ok := values[word]; !ok {
				values[word] = sampleCycle[len(values)%len(sampleCycle)]
			}
		}
	}
	return NewScope(names, values)
}
