package attr

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

// checkRead holds Item against Attributes and NewItem, which know nothing of
// drafts, with one scanner that has read other things before.
func checkRead(t *testing.T, s *Scanner, text string) {
	t.Helper()
	long := NewScanner([]byte(text), 192)
	want, wantBad, wantErr := long.Attributes()
	s.Reset([]byte(text), 192)
	m, it, bad, err := s.Item()
	if fmt.Sprint(bad, err) != fmt.Sprint(wantBad, wantErr) {
		t.Fatalf("%q: %v, %v, want %v, %v", text, bad, err, wantBad, wantErr)
	}
	if bad != nil || err != nil {
		if it != nil {
			t.Fatalf("%q: an item with errors", text)
		}
		return
	}
	if s.Offset() != long.Offset() || s.depth != long.depth || len(s.members)+len(s.values) > 0 {
		t.Fatalf("%q: read to %d in depth %d, want %d in %d", text, s.Offset(), s.depth, long.Offset(), long.depth)
	}
	if again := NewItem(want); it.JSON() != again.JSON() || it.Size() != again.Size() {
		t.Fatalf("%q becomes %s of %d bytes, want %s of %d", text, it.JSON(), it.Size(), again.JSON(), again.Size())
	}
	if !Equal(MapValue(m), MapValue(want)) || string(AppendMap(nil, m)) != it.JSON() {
		t.Fatalf("%q: the map is %s", text, AppendMap(nil, m))
	}
	for i := range m {
		if v, w := m[i].Value, want[i].Value; v.Depth() != w.Depth() || v.Size() != w.Size() || len(v.Elems()) != len(w.Elems()) || len(v.Map()) != len(w.Map()) {
			t.Fatalf("%q: %s is %v, want %v", text, m[i].Name, v, w)
		}
	}
}

// oddItems have every reason to be read the long way, and some to be refused.
var oddItems = []string{
	`{}`, `null`, ` { } `, `[]`, `{`, `{"a":{"S":"x"}`, `{"a":{"S":"x"},}`, `{"a":{"S":"x"} "b":{"S":"x"}}`, `{,"a":{"S":"x"}}`,
	`{"":{"S":"x"}}`, `{"a":null}`, `{"b":null,"a":{"S":"x"}}`, `{"a":{"S":"x"},"a":{"S":"y"}}`, `{"b":{"S":"x"},"a":{"S":"x"},"b":{"S":"y"}}`,
	`{"abcdefgh1":{"S":"x"},"abcdefgh1":{"S":"y"}}`, `{"a\u0062":{"S":"x"},"ab":{"S":"y"}}`, `{"\u0061":{"S":"x"}}`, `{"é":{"S":"\u00e9\n"}}`,
	`{"a":{"S":"x","N":"1"}}`, `{"a":{"S":"x","N":null}}`, `{"a":{"X":1,"S":"x"}}`, `{"a":{}}`, `{"a":{"S":null}}`, `{"a":{"S":"x","S":"y"}}`,
	`{"a":{"N":"1"},"b":{"N":"x"}}`, `{"a":{"N":"1.50"},"b":{"L":[{"N":"1.50"},{"N":"-0"},{"N":"+1"},{"N":"1e3"},{"N":"007"},{"N":"0.10"}]}}`,
	`{"a":{"M":{"x":{"S":"1"},"x":{"S":"2"}}}}`, `{"a":{"M":{"x":null}}}`, `{"a":{"L":[null]}}`, `{"a":{"L":[{"S":"x"},]}}`, `{"a":{"L":[]},"b":{"M":{}}}`,
	`{"a":{"SS":["b","a"]},"b":{"NS":["10","9"]},"c":{"BS":["YQ=="]},"d":{"B":"AAE="}}`, `{"a":{"SS":["b","b"]}}`, `{"a":{"SS":[]}}`, `{"a":{"B":"a"}}`,
	`{"a":{"M":{"s":{"SS":["x","w"]},"t":{"BOOL":"true"},"u":{"NULL":1}}}}`, `{"a":{"BOOL":"no"},"b":{"NULL":"yes"}}`, `{"a":{"NULL":false}}`,
	"{\"a\":{\"S\":\"\xff\"}}", "{\"a\":{\"L\":[{\"S\":\"ok\"},{\"S\":\"\xc3\"}]}}", "{\"\xff\":{\"S\":\"x\"}}", "{\"a\":{\"S\":\"\x01\"}}",
	`{ "b" : { "S" : "x" } , "a" : { "L" : [ { "N" : "2" } , { "M" : { "z" : { "S": "q" }, "y" : { "BOOL" : false } } } ] } }`,
	`{"a": {"S": "x"}, "b": {"L": [{"S": "y"}, {"N": "1"}]}}`, `{"a":{"S":  "x"}}`, `{"a":{"S" :"x"}}`, `{"a":{"S":"x" }}`, `{"a":{"s":"x"}}`, `{"a":{"L":{}}}`,
	`{"a":{"M":[]}}`, `{"a":{"S":1}}`, `{"a":[]}`, `{"a":"S"}`, `{"a":0"S":"x"}}`, `{"a": {"N": "1E5"}, "b": {"L": [{"N": "1E5"}, {"N": "1"}]}}`, `{"a":{"L":["{"S":"x"}]}}`, `{"a":{"SS":["b","a",]}}`, `{"a":{"SS":["b" , "\n", "a"]},"b":{"SS":["b","",null]}}`,
	`{"a" : {"SS" : [ "b" , "abcdefgh2", "abcdefgh1" ] } , "c":{"M":{"b":{"SS":["b","b"]}}}}`, `{"a":{ "M" :{"z":{"N":"1.0"},"b":{"BOOL": true}}},"b":{"\u004d":{}}}`,
	`{"ab":{"S":"1"},"a":{"S":"2"},"abcdefghi":{"S":"3"},"abcdefgh":{"S":"4"},"abcdefghh":{"S":"5"}}`,
	`{"` + strings.Repeat("n", maxNameLength) + `":{"S":"x"}}`, `{"` + strings.Repeat("n", maxNameLength+1) + `":{"S":"x"}}`,
	`{"a":{"N":"` + nines38 + `"},"b":{"L":[{"N":"` + nines38 + `"},{"N":"1` + strings.Repeat("0", 125) + `"},{"N":"` + strings.Repeat("9", 39) + `"}]}}`,
}

func TestItemOfOddTexts(t *testing.T) {
	var s Scanner
	for _, text := range oddItems {
		checkRead(t, &s, text)
	}
	for n := 30; n < 36; n++ {
		for _, form := range [][2]string{{`{"L":[`, `]}`}, {`{"M":{"a":`, `}}`}} {
			checkRead(t, &s, `{"a":`+strings.Repeat(form[0], n)+`{"N":"1"}`+strings.Repeat(form[1], n)+`}`)
		}
	}
}

// loose writes a map as a client might: members in any order, some of them
// twice or null, with white space and needless escapes.
func loose(b *strings.Builder, r *rand.Rand, m Map) {
	space := func() { b.WriteString([]string{"", "", "", " ", "\n\t"}[r.IntN(5)]) }
	b.WriteByte('{')
	order := r.Perm(len(m))
	if len(order) > 0 && r.IntN(20) == 0 {
		order = append(order, order[0])
	}
	for i, k := range order {
		if i > 0 {
			b.WriteByte(',')
		}
		space()
		name := string(AppendString(nil, m[k].Name))
		if r.IntN(30) == 0 {
			name = `"\u0061` + name[1:]
		}
		b.WriteString(name)
		space()
		b.WriteByte(':')
		space()
		if r.IntN(40) == 0 {
			b.WriteString("null")
			continue
		}
		looseValue(b, r, m[k].Value)
	}
	space()
	b.WriteByte('}')
}

func looseValue(b *strings.Builder, r *rand.Rand, v Value) {
	switch v.Kind() {
	case M:
		b.WriteString(`{"M":`)
		loose(b, r, v.Map())
	case L:
		b.WriteString(`{"L": [`)
		for i, elem := range v.Elems() {
			if i > 0 {
				b.WriteString(", ")
			}
			looseValue(b, r, elem)
		}
		b.WriteByte(']')
	case N:
		fmt.Fprintf(b, `{"N":%s"%s%s"`, []string{"", " "}[r.IntN(2)], v.Number(), []string{"", "", "e0", "E+00"}[r.IntN(4)])
	default:
		b.Write(AppendValue(nil, v)[:len(AppendValue(nil, v))-1])
	}
	b.WriteByte('}')
}

func TestItemOfRandomTexts(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	var s Scanner
	for range 5000 {
		m := randomMap(r, 4)
		var b strings.Builder
		if loose(&b, r, m); r.IntN(10) == 0 {
			m = append(m, Member{"z", Text(strings.Repeat("long", 3000))}) // more than a draft keeps
		}
		checkRead(t, &s, b.String())
		checkRead(t, &s, string(AppendMap(nil, m)))
	}
}

// TestDraftTakes: what clients write is read by way of the draft, and its lists
// and maps are sealed.
func TestDraftTakes(t *testing.T) {
	for _, text := range []string{
		`{"pk":{"S":"k"},"n":{"N":"1.5"},"a":{"M":{"y":{"L":[{"N":"2"},{"BOOL":true}]},"x":{"SS":["b","a"]}}},"l":{"L":[]}}`,
		`{"pk": {"S": "k\n"}, "a": {"L": [{"M": {"z": {"S": "1"}, "b": {"B": "AA=="}, "n": {"NULL": true}}}]}}`,
	} {
		s := NewScanner([]byte(text), 192)
		m, it, ok := s.draftItem()
		if !ok || s.End() != nil {
			t.Fatalf("%s is left to the long way", text)
		}
		v, _ := m.Get("a")
		if !v.sealed() || !strings.Contains(it.JSON(), v.text) {
			t.Errorf("%s: not sealed", text)
		}
		if allocs := testing.AllocsPerRun(10, func() {
			s.Reset([]byte(text), 192)
			s.Item()
		}); allocs > 5 { // the source, the item and its text, a number with a point and a string with an escape
			t.Errorf("%s: %.0f allocations", text, allocs)
		}
	}
}

// TestSealed: a sealed value is the value of its text in all that can be asked.
func TestSealed(t *testing.T) {
	const text = `{"a":{"M":{"l":{"L":[{"S":"x"},{"M":{"k":{"N":"7"}}}]},"s":{"S":"q"}}}}`
	m, _, _, err := NewScanner([]byte(text), 192).Item()
	if err != nil {
		t.Fatal(err)
	}
	a, _ := m.Get("a")
	open := parse(t, text[len(`{"a":`):len(text)-1])
	other := parse(t, `{"M":{"l":{"L":[{"S":"x"},{"M":{"k":{"N":"8"}}}]},"s":{"S":"q"}}}`)
	if !a.sealed() || open.sealed() || !Equal(a, open) || !Equal(open, a) || !Equal(a, a) || Equal(a, other) || Equal(other, a) || Equal(a, Text("")) {
		t.Error("Equal")
	}
	if v, ok := m.At(Path{{Name: "a"}, {Name: "l"}, {Index: 1}, {Name: "k"}}); !ok || v.Number().String() != "7" {
		t.Errorf("At gives %v, %v", v, ok)
	}
	if a.Depth() != 3 || a.Size() != open.Size() || len(a.Map()) != 2 || a.Elems() != nil || string(AppendValue(nil, a)) != string(AppendValue(nil, open)) {
		t.Errorf("depth %d, %d bytes, %d members", a.Depth(), a.Size(), len(a.Map()))
	}
}

func TestCanonicalSize(t *testing.T) {
	check := func(s string) {
		t.Helper()
		n, bad := ParseNumber(s)
		size, ok := canonicalSize(s)
		if want := bad == nil && n.String() == s && len(s) <= Digits; ok != want || ok && size != n.Size() {
			t.Fatalf("%q: %d, %v; it is %v of %d", s, size, ok, n, n.Size())
		}
		if c, same := canonicalNumber(s); same != ok || same && c != n {
			t.Fatalf("%q: %v, %v; it is %v", s, c, same, n)
		}
	}
	for _, s := range []string{"", "0", "-0", "00", "+1", ".5", "5.", "0.5", "-0.5", "0.50", "-.5", "1e1", "1.0", "10", "100.01", "-", ".", "x", "1x", nines38, "-" + nines38, "0.00"} {
		check(s)
	}
	r := rand.New(rand.NewPCG(7, 8))
	for range 50000 {
		s := make([]byte, 1+r.IntN(7))
		for i := range s {
			s[i] = "00123456789..-+e"[r.IntN(16)]
		}
		check(string(s))
	}
}

func FuzzItem(f *testing.F) {
	for _, text := range oddItems[:len(oddItems)-3] {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		var s Scanner
		checkRead(t, &s, text)
	})
}
