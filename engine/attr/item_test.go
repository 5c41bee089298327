package attr

import (
	"encoding/json"
	"math/rand/v2"
	"strings"
	"testing"
)

func TestItemStrangeNames(t *testing.T) {
	var members []Member
	for i, name := range strange {
		members = append(members, Member{name, Num(IntNumber(int64(i)))})
	}
	m := SortMap(members)
	it := NewItem(m)
	if !json.Valid([]byte(it.JSON())) {
		t.Fatal(it.JSON())
	}
	nested := NewItem(Map{{"m", MapValue(m)}})
	for i, name := range strange {
		want := Num(IntNumber(int64(i)))
		if v, ok := it.Get(name); !ok || !Equal(v, want) {
			t.Errorf("Get(%q) = %v, %v", name, v.Number(), ok)
		}
		if v, ok := it.At(Path{{Name: name}}); !ok || !Equal(v, want) {
			t.Errorf("At(%q) = %v, %v", name, v.Number(), ok)
		}
		if v, ok := nested.At(Path{{Name: "m"}, {Name: name}}); !ok || !Equal(v, want) {
			t.Errorf("At(m.%q) = %v, %v", name, v.Number(), ok)
		}
		one := it.Project([]string{name, "no such name", name})
		if got, want := one.JSON(), string(AppendMap(nil, Map{{name, want}})); got != want || one.Size() != one.Map().Size() {
			t.Errorf("Project(%q) = %s of %d bytes", name, got, one.Size())
		}
	}
	for _, name := range []string{"", "b", "a.", "@", "@reverse.a", "*a", "#.a", "a|@this", "zzz", "m.a"} {
		if v, ok := it.Get(name); ok {
			t.Errorf("Get(%q) = %v", name, v)
		}
	}
}

func TestItemAt(t *testing.T) {
	it := NewItem(Map{
		{"l", parse(t, `{"L":[{"S":"a"},{"M":{"x":{"L":[{"N":"1"},{"N":"2"}]}}},{"L":[]}]}`)},
		{"s", Text("[]")},
		{"ss", parse(t, `{"SS":["a","b"]}`)},
	})
	name := func(s string) Step { return Step{Name: s} }
	for _, c := range []struct {
		p    Path
		want string
	}{
		{Path{name("s")}, `{"S":"[]"}`}, {Path{name("l"), {Index: 0}}, `{"S":"a"}`},
		{Path{name("l"), {Index: 1}, name("x"), {Index: 1}}, `{"N":"2"}`}, {Path{name("l"), {Index: 2}}, `{"L":[]}`},
		{Path{name("l"), {Index: 3}}, ""}, {Path{name("l"), {Index: -1}}, ""}, {Path{name("l"), name("x")}, ""},
		{Path{name("l"), {Index: 1}, {Index: 0}}, ""}, {Path{name("l"), {Index: 2}, {Index: 0}}, ""}, {Path{name("s"), {Index: 0}}, ""},
		{Path{name("ss"), {Index: 0}}, ""}, {Path{name("s"), name("S")}, ""}, {Path{name("nowhere"), name("x")}, ""},
		{Path{name("l"), {Index: 1}, name("M")}, ""}, {nil, ""}, {Path{{Index: 0}}, ""},
	} {
		for i, at := range []func(Path) (Value, bool){it.At, it.Map().At} {
			v, ok := at(c.p)
			if got := string(AppendValue(nil, v)); ok != (c.want != "") || ok && got != c.want {
				t.Errorf("%d: %s = %s, %v", i, c.p, got, ok)
			}
		}
	}
}

func TestAbsentItem(t *testing.T) {
	var it *Item
	if it.JSON() != "" || it.Size() != 0 || it.Map() != nil || it.Project([]string{"a"}) != nil {
		t.Error("an absent item has something")
	}
	if _, ok := it.Get("a"); ok {
		t.Error("Get")
	}
	if _, ok := it.At(Path{{Name: "a"}}); ok {
		t.Error("At")
	}
	if empty := NewItem(nil); empty.JSON() != "{}" || empty.Size() != 0 || len(empty.Map()) != 0 || empty.Project(nil).JSON() != "{}" {
		t.Error("an item without attributes")
	}
}

// checkItem holds every way of reading an item against its full map.
func checkItem(t *testing.T, m Map, names []string) {
	t.Helper()
	it := NewItem(m)
	if !json.Valid([]byte(it.JSON())) || it.Size() != m.Size() {
		t.Fatalf("%d bytes for %d: %s", it.Size(), m.Size(), it.JSON())
	}
	if !Equal(MapValue(it.Map()), MapValue(m)) {
		t.Fatalf("decodes as %s: %s", AppendMap(nil, it.Map()), it.JSON())
	}
	var projected Map
	for _, name := range names {
		want, there := m.Get(name)
		if got, ok := it.Get(name); ok != there || !Equal(got, want) {
			t.Fatalf("Get(%q) = %s, %v: %s", name, AppendValue(nil, got), ok, it.JSON())
		}
		if there {
			projected = projected.With(name, want)
		}
		checkPaths(t, it, m, want, Path{{Name: name}})
	}
	if p := it.Project(names); p.JSON() != string(AppendMap(nil, projected)) || p.Size() != projected.Size() {
		t.Fatalf("Project(%q) = %d, %s", names, p.Size(), p.JSON())
	}
}

// checkPaths follows every path into v, which is at p, and some that lead nowhere.
func checkPaths(t *testing.T, it *Item, m Map, v Value, p Path) {
	t.Helper()
	if p[0].Name == "" {
		return
	}
	want, there := m.At(p)
	if got, ok := it.At(p); ok != there || !Equal(got, want) {
		t.Fatalf("At(%s) = %s, %v: %s", p, AppendValue(nil, got), ok, it.JSON())
	}
	if _, ok := it.At(append(p[:len(p):len(p)], Step{Index: len(v.Elems())})); ok {
		t.Fatalf("%s has an element too many: %s", p, it.JSON())
	}
	for i, elem := range v.Elems() {
		checkPaths(t, it, m, elem, append(p[:len(p):len(p)], Step{Index: i}))
	}
	for _, member := range v.Map() {
		if member.Name != "" {
			checkPaths(t, it, m, member.Value, append(p[:len(p):len(p)], Step{Name: member.Name}))
		}
	}
}

func TestItemReads(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 10))
	for range 2000 {
		m := randomMap(r, 3)
		names := []string{"", "zz", strange[r.IntN(len(strange))], strange[r.IntN(len(strange))]}
		for _, member := range m {
			names = append(names, member.Name)
		}
		r.Shuffle(len(names), func(i, j int) { names[i], names[j] = names[j], names[i] })
		checkItem(t, m, names)
	}
}

func TestDeepItem(t *testing.T) {
	v := Text("bottom")
	var p Path
	for i := range 300 {
		if i%2 == 0 {
			v, p = List([]Value{v}), append(p, Step{Index: 0})
		} else {
			v, p = MapValue(Map{{"}{", v}}), append(p, Step{Name: "}{"})
		}
	}
	p = append(p, Step{Name: "a"})
	for i, j := 0, len(p)-1; i < j; i, j = i+1, j-1 {
		p[i], p[j] = p[j], p[i]
	}
	it := NewItem(Map{{"a", v}})
	if got, ok := it.At(p); !ok || got.Str() != "bottom" {
		t.Errorf("%v, %v", got, ok)
	}
	if got, _ := it.Get("a"); !Equal(got, v) || got.Depth() != 300 {
		t.Errorf("depth %d", got.Depth())
	}
}

func FuzzItemGet(f *testing.F) {
	f.Add(`{"a":{"S":"x"},"a.b":{"N":"1"},"@reverse":{"L":[{"S":"}"},{"M":{"\"":{"BOOL":true}}}]}}`, "a.b")
	f.Add(`{"\u0000\\":{"S":"\\\""},"*":{"NULL":true},"#":{"SS":["a","\\"]}}`, "#")
	f.Add(`{"|":{"B":"AAE="},"é":{"NS":["1","-2"]}}`, "\\")
	f.Fuzz(func(t *testing.T, text, name string) {
		m, bad, err := NewScanner([]byte(text), 80).Attributes()
		if bad != nil || err != nil {
			return
		}
		names := []string{name, strings.ToUpper(name)}
		for _, member := range m {
			names = append(names, member.Name)
		}
		checkItem(t, m, names)
	})
}
