package attr

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// parse reads one attribute value that must be good.
func parse(t testing.TB, text string) Value {
	t.Helper()
	v, bad, err := NewScanner([]byte(text), 200).AttributeValue()
	if bad != nil || err != nil {
		t.Fatalf("%s: %v, %v", text, bad, err)
	}
	return v
}

func TestSize(t *testing.T) {
	for _, c := range []struct {
		in   string
		want int
	}{
		{`{"S":""}`, 0}, {`{"S":"abc"}`, 3}, {`{"S":"é"}`, 2}, {`{"S":"😀"}`, 4}, {`{"B":""}`, 0}, {`{"B":"AAEC"}`, 3}, {`{"BOOL":true}`, 1},
		{`{"BOOL":false}`, 1}, {`{"NULL":true}`, 1}, {`{"N":"0"}`, 1}, {`{"N":"12345"}`, 4},
		{`{"SS":["a","bc"]}`, 3}, {`{"NS":["1","12345"]}`, 6}, {`{"BS":["AA==","AAE="]}`, 3},
		{`{"L":[]}`, 3}, {`{"M":{}}`, 3}, {`{"L":[{"S":"abc"}]}`, 7}, {`{"L":[{"S":"abc"},{"L":[]}]}`, 11},
		{`{"M":{"key":{"S":"abc"}}}`, 10}, {`{"M":{"k":{"M":{"é":{"NULL":true}}}}}`, 3 + 1 + 1 + 3 + 1 + 2 + 1},
	} {
		if got := parse(t, c.in).Size(); got != c.want {
			t.Errorf("size of %s = %d, want %d", c.in, got, c.want)
		}
	}
	m := SortMap([]Member{{"pk", Text("x")}, {"né", List(nil)}})
	if got := m.Size(); got != 2+1+3+3 {
		t.Errorf("size of the map: %d", got)
	}
}

func TestDepth(t *testing.T) {
	for text, want := range map[string]int{
		`{"S":""}`: 0, `{"SS":["a"]}`: 0, `{"L":[]}`: 1, `{"M":{}}`: 1, `{"L":[{"M":{"a":{"L":[]}}},{"S":"x"}]}`: 3,
	} {
		if got := parse(t, text).Depth(); got != want {
			t.Errorf("depth of %s = %d, want %d", text, got, want)
		}
	}
}

func TestEqual(t *testing.T) {
	// Within a row all values are equal, values of two rows are not.
	rows := [][]string{
		{`{"S":""}`}, {`{"S":"a"}`}, {`{"S":"1"}`}, {`{"B":"YQ=="}`}, {`{"B":""}`},
		{`{"N":"1"}`, `{"N":"1.0"}`, `{"N":"10e-1"}`}, {`{"N":"-1"}`}, {`{"N":"10"}`}, {`{"N":"0"}`, `{"N":"-0"}`},
		{`{"N":"12345678901234567890"}`}, {`{"N":"12345678901234567891"}`},
		{`{"BOOL":true}`, `{"BOOL":"yes"}`}, {`{"BOOL":false}`}, {`{"NULL":true}`},
		{`{"SS":["a","b"]}`, `{"SS":["b","a"]}`}, {`{"SS":["a","c"]}`}, {`{"SS":["ab"]}`},
		{`{"NS":["1","2"]}`, `{"NS":["2.0","1e0"]}`}, {`{"BS":["YQ==","Yg=="]}`, `{"BS":["Yg==","YQ=="]}`},
		{`{"L":[]}`}, {`{"M":{}}`}, {`{"L":[{"S":"a"},{"S":"b"}]}`}, {`{"L":[{"S":"b"},{"S":"a"}]}`},
		{`{"M":{"a":{"N":"1"},"b":{"N":"2"}}}`, `{"M":{"b":{"N":"2.0"},"a":{"N":"1"}}}`}, {`{"M":{"a":{"N":"1"},"c":{"N":"2"}}}`},
		{`{"M":{"a":{"SS":["x","y"]}}}`, `{"M":{"a":{"SS":["y","x"]}}}`}, {`{"M":{"a":{"SS":["x","z"]}}}`},
	}
	for i, row := range rows {
		for _, a := range row {
			for j, other := range rows {
				for _, b := range other {
					if got := Equal(parse(t, a), parse(t, b)); got != (i == j) {
						t.Errorf("Equal(%s, %s) = %v", a, b, got)
					}
				}
			}
		}
	}
	if !Equal(Value{}, Value{}) || Equal(Value{}, Null()) {
		t.Error("the zero Value equals only itself")
	}
}

func TestCompare(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want int
		ok   bool
	}{
		{`{"S":"a"}`, `{"S":"b"}`, -1, true}, {`{"S":"Z"}`, `{"S":"a"}`, -1, true}, {`{"S":"a"}`, `{"S":"aa"}`, -1, true},
		{`{"S":"😀"}`, `{"S":"\uffff"}`, 1, true}, // by UTF-8, not by UTF-16
		{`{"N":"2"}`, `{"N":"10"}`, -1, true}, {`{"N":"1"}`, `{"N":"1.0"}`, 0, true}, {`{"B":"/w=="}`, `{"B":"AA=="}`, 1, true},
		{`{"S":"a"}`, `{"N":"1"}`, 0, false}, {`{"BOOL":true}`, `{"BOOL":true}`, 0, false}, {`{"L":[]}`, `{"L":[]}`, 0, false},
		{`{"SS":["a"]}`, `{"SS":["a"]}`, 0, false}, {`{"NULL":true}`, `{"NULL":true}`, 0, false},
	} {
		got, ok := Compare(parse(t, c.a), parse(t, c.b))
		back, _ := Compare(parse(t, c.b), parse(t, c.a))
		if ok != c.ok || got != c.want && (got < 0) != (c.want < 0) || (back < 0) != (got > 0) {
			t.Errorf("Compare(%s, %s) = %d, %v", c.a, c.b, got, ok)
		}
	}
	if _, ok := Compare(Value{}, Value{}); ok {
		t.Error("invalid values have an order")
	}
}

func TestSet(t *testing.T) {
	v, err := Set(N, []Value{Num(IntNumber(10)), Num(IntNumber(9)), Num(IntNumber(-1))})
	if err != nil || string(AppendValue(nil, v)) != `{"NS":["-1","9","10"]}` {
		t.Errorf("%v, %v", v, err)
	}
	given := []Value{Text("b"), Text("a")}
	if v, err = Set(S, given); err != nil || v.Kind() != SS || v.Elems()[0].Str() != "a" || given[0].Str() != "b" {
		t.Errorf("%v, %v, given now %v", v, err, given)
	}
	_, err = Set(B, nil)
	if e := err.(*Error); e.Kind != EmptySet || e.Set != BS {
		t.Error(err)
	}
	for _, c := range []struct {
		elem   Kind
		vs     []Value
		detail string
	}{
		{S, []Value{Text("a"), Text("b"), Text("a")}, "[a, b, a]"},
		{B, []Value{Binary("b"), Binary("b")}, "[Yg==, Yg==]"},
		{N, []Value{Num(mustNumber(t, "1")), Num(mustNumber(t, "1.0"))}, "[1, 1]"},
	} {
		_, err := Set(c.elem, c.vs)
		if e := err.(*Error); e.Kind != DuplicateInSet || e.Set.elem() != c.elem || e.Detail != c.detail {
			t.Errorf("%v: %v", c.vs, err)
		}
	}
}

func TestAccessorsOfOtherKinds(t *testing.T) {
	for _, v := range []Value{{}, Null(), Bool(true), List(nil), MapValue(nil), Num(IntNumber(7))} {
		if v.Str() != "" {
			t.Errorf("%s has text", v.Kind())
		}
	}
	v := Text("x")
	if v.Number() != (Number{}) || v.Bool() || v.Elems() != nil || v.Map() != nil {
		t.Error("a string has more than text")
	}
	for k := Invalid; int(k) < kinds; k++ {
		if k != Invalid && kindOf(k.String()) != k {
			t.Errorf("kind %d is named %q", k, k)
		}
	}
	if Kind(200).String() != "" {
		t.Error("a name for no kind")
	}
}

func TestMap(t *testing.T) {
	m := SortMap([]Member{{"b", Text("1")}, {"a", Text("2")}, {"b", Text("3")}, {"", Text("4")}})
	if got := string(AppendMap(nil, m)); got != `{"":{"S":"4"},"a":{"S":"2"},"b":{"S":"3"}}` {
		t.Fatal(got)
	}
	more := m.With("aa", Null()).With("b", Text("9")).With("z", Null())
	if got := string(AppendMap(nil, more)); got != `{"":{"S":"4"},"a":{"S":"2"},"aa":{"NULL":true},"b":{"S":"9"},"z":{"NULL":true}}` {
		t.Error(got)
	}
	less := more.Without("b").Without("").Without("nowhere")
	if got := string(AppendMap(nil, less)); got != `{"a":{"S":"2"},"aa":{"NULL":true},"z":{"NULL":true}}` {
		t.Error(got)
	}
	if v, _ := m.Get("b"); v.Str() != "3" {
		t.Error("the original has changed")
	}
	if _, ok := m.Get("c"); ok {
		t.Error("found what is not there")
	}
}

var strange = []string{
	"a.b", "a", "@reverse", "@this", "*", "#", "|", "a|b", "!x", "..", "#(x==1)", "[a]", "{a}", "~", "?", "a\\.b", "\\", "\"", "a\"b",
	"\n", "\x00", "\x1f\x7f", "é", "😀", "\u2028", " ", "0", "-1", ":", "(", ")", "[", "{", "}", "]", ",", "a:b", "S", "M", "\\\"", "\\\\\"",
	strings.Repeat("x", 300), strings.Repeat("\\", 9), strings.Repeat("\\\"", 9),
}

// randomValue gives values of all kinds and shapes.
func randomValue(r *rand.Rand, level int) Value {
	kind := Kind(1 + r.IntN(kinds-1))
	if level == 0 {
		kind = []Kind{S, N, B, SS, NS, BS, NULL, BOOL}[r.IntN(8)]
	}
	switch kind {
	case S, N, B:
		return randomScalar(r, kind)
	case SS, NS, BS:
		elems := make([]Value, 1+r.IntN(4))
		for i := range elems {
			elems[i] = randomScalar(r, kind.elem())
		}
		if v, err := Set(kind.elem(), elems); err == nil {
			return v
		}
		return randomValue(r, level)
	case NULL:
		return Null()
	case BOOL:
		return Bool(r.IntN(2) == 0)
	case M:
		return MapValue(randomMap(r, level-1))
	}
	elems := make([]Value, r.IntN(4))
	for i := range elems {
		elems[i] = randomValue(r, level-1)
	}
	return List(elems)
}

func randomScalar(r *rand.Rand, kind Kind) Value {
	if kind == N {
		return Num(randomNumber(r))
	}
	text := ""
	for range r.IntN(3) {
		text += strange[r.IntN(len(strange))]
	}
	if kind == S {
		return Text(text)
	}
	return Binary(text + string([]byte{0, 0xFF, byte(r.IntN(256))}[:r.IntN(4)]))
}

func randomMap(r *rand.Rand, level int) Map {
	members := make([]Member, r.IntN(6))
	for i := range members {
		members[i] = Member{strange[r.IntN(len(strange))], randomValue(r, level)}
	}
	return SortMap(members)
}

func TestRoundTrip(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for range 5000 {
		v := randomValue(r, 4)
		text := AppendValue(nil, v)
		again := parse(t, string(text))
		if !Equal(v, again) || v.Size() != again.Size() || v.Depth() != again.Depth() {
			t.Fatalf("%s comes back as %s", text, AppendValue(nil, again))
		}
		if got := AppendValue(nil, again); string(got) != string(text) {
			t.Fatalf("%s is written again as %s", text, got)
		}
	}
}

func TestAppendString(t *testing.T) {
	for in, want := range map[string]string{
		"": `""`, "abc": `"abc"`, `a"b\c`: `"a\"b\\c"`, "\n\r\t\b\f": `"\n\r\t\b\f"`, "\x00\x1f": `"\u0000\u001f"`,
		"</é😀\u2028\x7f": "\"</é😀\u2028\x7f\"",
	} {
		if got := string(AppendString(nil, in)); got != want {
			t.Errorf("%q: %s, want %s", in, got, want)
		}
	}
}

func TestPath(t *testing.T) {
	name := func(s string) Step { return Step{Name: s} }
	index := func(i int) Step { return Step{Index: i} }
	a, ab, ab0, a0, a1 := Path{name("a")}, Path{name("a"), name("b")}, Path{name("a"), name("b"), index(0)}, Path{name("a"), index(0)}, Path{name("a"), index(1)}
	if got := ab0.String(); got != "[a, b, [0]]" {
		t.Error(got)
	}
	if got := a.String(); got != "[a]" {
		t.Error(got)
	}
	for _, c := range []struct {
		p, q              Path
		overlap, conflict bool
	}{
		{a, a, true, false}, {a, ab, true, false}, {ab, ab0, true, false}, {ab, a0, false, true}, {a0, ab0, false, true}, {a0, a1, false, false},
		{ab, Path{name("a"), name("c")}, false, false}, {a, Path{name("b")}, false, false}, {ab, Path{name("b"), index(0)}, false, false},
	} {
		for _, pq := range [][2]Path{{c.p, c.q}, {c.q, c.p}} {
			if pq[0].Overlaps(pq[1]) != c.overlap || pq[0].Conflicts(pq[1]) != c.conflict {
				t.Errorf("%s and %s", pq[0], pq[1])
			}
		}
	}
}

func TestKeyOrder(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	for _, kind := range []Kind{S, N, B} {
		vs := make([]Value, 300)
		for i := range vs {
			vs[i] = randomScalar(r, kind)
		}
		if kind == N {
			for _, s := range []string{"0", "1e-130", "-1e-130", "9.9e125", "-9.9e125", "1e125", nines38, "-" + nines38, "10", "1", "0.1", "-0.1", "99", "100"} {
				vs = append(vs, Num(mustNumber(t, s)))
			}
		} else {
			for _, s := range []string{"", "\x00", "\x00\x00", "\x00\x01", "\x00\xff", "a\x00", "a", "ab", "a\x01"} {
				vs = append(vs, Value{kind: kind, text: s})
			}
		}
		checkKeyOrder(t, vs)
	}
}

func checkKeyOrder(t *testing.T, vs []Value) {
	t.Helper()
	sign := func(c int) int { return max(-1, min(1, c)) }
	for _, a := range vs {
		ka := string(AppendKey([]byte("prefix"), a))[6:]
		for _, b := range vs {
			kb := string(AppendKey(nil, b))
			want, _ := Compare(a, b)
			if sign(strings.Compare(ka, kb)) != sign(want) {
				t.Fatalf("%s %x, %s %x: the values compare %d", AppendValue(nil, a), ka, AppendValue(nil, b), kb, want)
			}
			if want != 0 && strings.HasPrefix(ka, kb) {
				t.Fatalf("%s %x begins with %s %x", AppendValue(nil, a), ka, AppendValue(nil, b), kb)
			}
		}
	}
}

func TestKeyTuples(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	shape := []Kind{S, N, B, N, S}
	tuples := make([][]Value, 400)
	for i := range tuples {
		for j, kind := range shape {
			v := randomScalar(r, kind)
			if i > 0 && r.IntN(3) > 0 {
				v = tuples[r.IntN(i)][j]
			}
			tuples[i] = append(tuples[i], v)
		}
	}
	compare := func(a, b []Value) int {
		for j := range a {
			if c, _ := Compare(a[j], b[j]); c != 0 {
				return c
			}
		}
		return 0
	}
	key := func(vs []Value) (dst []byte) {
		for _, v := range vs {
			dst = AppendKey(dst, v)
		}
		return dst
	}
	byValue, byKey := slices.Clone(tuples), slices.Clone(tuples)
	slices.SortStableFunc(byValue, compare)
	slices.SortStableFunc(byKey, func(a, b []Value) int { return slices.Compare(key(a), key(b)) })
	for i := range byValue {
		if compare(byValue[i], byKey[i]) != 0 {
			t.Fatalf("place %d differs", i)
		}
	}
}

func TestKeySize(t *testing.T) {
	if KeySize(Text("né")) != 3 || KeySize(Binary("\x00\x00")) != 2 || KeySize(Num(IntNumber(123))) != 3 {
		t.Error("key sizes")
	}
	defer func() {
		if recover() == nil {
			t.Error("a map has a key")
		}
	}()
	AppendKey(nil, MapValue(nil))
}
