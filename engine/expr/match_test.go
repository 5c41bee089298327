package expr

import (
	"testing"

	"github.com/sortkey/sortkey/engine/attr"
)

const matchItem = `{"s":{"S":"banana"},"e":{"S":""},"n":{"N":"10"},"n2":{"N":"1e1"},"b":{"B":"AAH/"},
	"t":{"BOOL":true},"z":{"NULL":true},"ss":{"SS":["b","a"]},"ns":{"NS":["1","2.50"]},"bs":{"BS":["AA==","AQ=="]},
	"l":{"L":[{"N":"1"},{"S":"x"},{"M":{"k":{"N":"1"}}},{"L":[]}]},"l2":{"L":[{"N":"1.0"},{"S":"x"},{"M":{"k":{"N":"1"}}},{"L":[]}]},
	"m":{"M":{"p":{"S":"q"},"r":{"M":{"u":{"L":[{"S":"deep"}]}}}}},"m2":{"M":{"r":{"M":{"u":{"L":[{"S":"deep"}]}}},"p":{"S":"q"}}},
	"a.b":{"S":"dotted"},"emoji":{"S":"é😀"},"big":{"N":"12345678901234567890123456789012345678"}}`

const matchValues = `{":s":{"S":"banana"},":an":{"S":"an"},":empty":{"S":""},":c":{"S":"c"},":a":{"S":"a"},
	":n":{"N":"10.0"},":n1":{"N":"1"},":n9":{"N":"9"},":n11":{"N":"11"},":n3":{"N":"3"},":n4":{"N":"4"},":n0":{"N":"0"},
	":b":{"B":"AAH/"},":b01":{"B":"AAE="},":b1":{"B":"AQ=="},":bff":{"B":"/w=="},":t":{"BOOL":true},":f":{"BOOL":false},":z":{"NULL":true},
	":ss":{"SS":["a","b"]},":ns":{"NS":["2.5","1"]},":ns2":{"NS":["1"]},":k":{"M":{"k":{"N":"1"}}},":el":{"L":[]},":25":{"N":"2.5"},
	":S":{"S":"S"},":N":{"S":"N"},":NULL":{"S":"NULL"},":M":{"S":"M"},":big":{"N":"12345678901234567890123456789012345679"},
	":deep":{"S":"deep"},":dotted":{"S":"dotted"}}`

func TestMatch(t *testing.T) {
	it := item(matchItem)
	for src, want := range map[string]bool{
		// equality: one comparator, all types
		"s = :s": true, "s = :an": false, "n = :n": true, "n = n2": true, "s = :n": false, "n = :s": false,
		"b = :b": true, "t = :t": true, "t = :f": false, "z = :z": true, "ss = :ss": true, "ns = :ns": true, "ns = :ns2": false,
		"l = l2": true, "m = m2": true, "l[2] = :k": true, "l[3] = :el": true, "l = m": false, "big = :big": false,
		"s <> :an": true, "s <> :s": false, "s <> :n": true, "n <> n2": false, "l <> l2": false, "ss <> ns": true,
		"e = :empty": true, "m.r.u[0] = :deep": true, "#d = :dotted": true, "a.b = :dotted": false,

		// orderings
		"n > :n9": true, "n > :n11": false, "n >= :n": true, "n <= :n": true, "n < :n11": true, "n < :n": false,
		"s > :an": true, "s < :c": true, "b < :bff": true, "b > :b01": true, "s > :n9": false, "s < :n9": false,
		"t > :n9": false, "ss > :a": false, ":n11 > n": true,
		"n BETWEEN :n9 AND :n11": true, "n BETWEEN :n AND :n": true, "n BETWEEN :n11 AND n2": false,
		"n BETWEEN :n9 AND s": false, "s BETWEEN :a AND :c": true, ":n BETWEEN :n9 AND n": true, "t BETWEEN :n9 AND :n11": false,
		"n IN (:s, :n)": true, "n IN (:s, :n9)": false, "m IN (:k, m2)": true, "n IN (nope, n2)": true,

		// missing operands
		"nope = :s": false, "nope = nada": false, "nope <> :s": true, ":s <> nope": true, "nope <> nada": true,
		"nope < :n": false, "nope >= :n": false, ":n > nope": false, "NOT nope = :s": true, "NOT nope < :n": true,
		"NOT nope <> :s": false, "nope BETWEEN :n9 AND :n11": false, "n BETWEEN nope AND :n11": false,
		"n BETWEEN :n9 AND nope": false, "nope IN (:s)": false, "nope IN (nada)": false, "NOT nope IN (:s)": true,
		"begins_with(nope, :s)": false, "contains(nope, :s)": false, "contains(s, nope)": false, "size(nope) = :n0": false,
		"size(nope) <> :n0": true, "attribute_type(nope, :S)": false, "NOT attribute_type(nope, :S)": true,
		"m.nope = :s": false, "m[0] = :s": false, "l.x = :s": false, "l[9] = :s": false, "s.x = :s": false, "m.p.x <> :s": true,

		// functions
		"attribute_exists(z)": true, "attribute_exists(m.r.u[0])": true, "attribute_exists(l[4])": false,
		"attribute_not_exists(nope)": true, "attribute_not_exists(e)": false, "attribute_not_exists(m.r.u[1])": true,
		"attribute_type(s, :S)": true, "attribute_type(n, :S)": false, "attribute_type(z, :NULL)": true,
		"attribute_type(m.r, :M)": true, "attribute_type(:n, :N)": true,
		"begins_with(s, :s)": true, "begins_with(s, :empty)": true, "begins_with(s, :an)": false, "begins_with(b, :b01)": true,
		"begins_with(b, :b1)": false, "begins_with(n, :s)": false, "begins_with(s, :b)": false, "begins_with(:s, s)": true,
		"contains(s, :an)": true, "contains(s, :c)": false, "contains(s, :n)": false, "contains(b, :b1)": true, "contains(b, :bff)": true,
		"contains(ss, :a)": true, "contains(ss, :an)": false, "contains(ss, :ss)": false, "contains(ns, :25)": true, "contains(ns, :a)": false,
		"contains(bs, :b1)": true, "contains(l, :n1)": true, "contains(l, :k)": true, "contains(l, :el)": true, "contains(l, :n9)": false,
		"contains(m, :a)": false, "contains(n, :n1)": false, "contains(:ss, s)": false, "contains(:s, e)": true,
		"size(s) > :n4": true, "size(e) = :n0": true, "size(emoji) = :n3": true, "size(b) = :n3": true, "size(ss) < :n3": true,
		"size(l) = :n4": true, "size(m) < :n3": true, "size(n) > :n0": false, "size(t) = :n1": false, "size(z) <> :n1": true,
		"size(l[3]) = :n0": true, ":n3 = size(b)": true, "size(l) BETWEEN :n3 AND :n4": true, "size(l) IN (:n3, :n4)": true,
		"size(:s) > size(ss)": true, "contains(l, size(#d))": false,

		// connectives
		"s = :s AND n = :n": true, "s = :s AND n = :s": false, "s = :an OR n = :n": true, "s = :an OR n = :s": false,
		"s = :s OR n = :s AND s = :an": true, "(s = :s OR n = :s) AND s = :an": false, "NOT s = :an AND n = :n": true,
		"NOT (s = :an AND n = :n)": true, "NOT NOT s = :s": true, "NOT NOT NOT s = :s": false,
	} {
		c := condition(t, src, scope("#d=a.b", matchValues))
		if got := c.Match(it); got != want {
			t.Errorf("%s = %v", src, got)
		}
	}
}

func TestMatchAbsentItem(t *testing.T) {
	for src, want := range map[string]bool{
		"attribute_exists(pk)": false, "attribute_not_exists(pk)": true, "pk <> :s": true, "pk = :s": false,
		"NOT pk = :s": true, "size(pk) > :n": false, ":s = :s": true, "attribute_not_exists(pk) OR v < :n": true,
	} {
		if got := condition(t, src, sampleScope()).Match(nil); got != want {
			t.Errorf("%s = %v", src, got)
		}
	}
}

// Every operator agrees with its negation and its mirror image, for all pairs
// of types and for missing operands.
func TestMatchLaws(t *testing.T) {
	it := item(matchItem)
	operands := []string{"s", "e", "n", "n2", "b", "t", "z", "ss", "ns", "bs", "l", "l2", "m", "m2", "nope"}
	holds := func(l, op, r string) bool {
		return condition(t, l+" "+op+" "+r, sampleScope()).Match(it)
	}
	for _, a := range operands {
		for _, b := range operands {
			if a == b {
				continue
			}
			if holds(a, "=", b) == holds(a, "<>", b) {
				t.Errorf("%s = %s and <> agree", a, b)
			}
			if holds(a, "=", b) != holds(b, "=", a) || holds(a, "<", b) != holds(b, ">", a) || holds(a, "<=", b) != holds(b, ">=", a) {
				t.Errorf("%s and %s are not symmetric", a, b)
			}
			comparable := holds(a, "<", b) || holds(a, ">=", b)
			if holds(a, "<=", b) != (holds(a, "<", b) || comparable && holds(a, "=", b)) {
				t.Errorf("%s <= %s is not < or =", a, b)
			}
		}
	}
}

// A tree built by hand needs no source and no Resolve.
func TestNewCondition(t *testing.T) {
	a := Attribute(attr.Path{{Name: "a.b"}})
	c := NewCondition(&And{Terms: []Cond{
		&Compare{Op: EQ, Left: a, Right: Constant(":p0", attr.Text("dotted"))},
		&Not{X: &Call{Name: "contains", Args: []Operand{a, Constant(":p1", attr.Text("x"))}}},
	}})
	if !c.Match(item(matchItem)) || c.Match(nil) {
		t.Error("Match")
	}
	if got := c.String(); got != "a.b = :p0 AND NOT contains(a.b, :p1)" {
		t.Error(got)
	}
	if got := c.Paths(); len(got) != 2 || got[1].String() != "[a.b]" {
		t.Error(got)
	}
	k, err := NewCondition(&Compare{Op: EQ, Left: a, Right: Constant(":p0", attr.Text("v"))}).Key([]string{"a.b"}, nil)
	if err != nil || k.Hash[0].Str() != "v" {
		t.Error(k, err)
	}
}
