package attr

import (
	"slices"
	"strings"
	"testing"
)

// TestPick: reading several attributes in one pass gives what reading each by
// itself gives.
func TestPick(t *testing.T) {
	it := NewItem(SortMap([]Member{
		{"b", Text("x")}, {"a.b", Bool(true)}, {"d", List([]Value{Text("e")})}, {"z", Num(IntNumber(7))}, {"é", Null()}, {"\"", Text("q")},
	}))
	for _, names := range [][]string{
		nil, {"b"}, {"\"", "a", "a.b", "b", "c", "d", "z", "zz", "é"}, {"0"}, {"zz"}, {"b", "b", "d"}, {"a", "z"},
	} {
		got := it.Pick([]Value{Text("first")}, names)
		if len(got) != 1+len(names) || got[0].Str() != "first" {
			t.Fatalf("%q: %d values", names, len(got))
		}
		for i, name := range names {
			want, ok := it.Get(name)
			if v := got[i+1]; ok != (v.Kind() != Invalid) || ok && !Equal(v, want) {
				t.Errorf("%q: %s is %v, want %v", names, name, v, want)
			}
		}
		if absent := (*Item)(nil).Pick(nil, names); len(absent) != len(names) || slices.ContainsFunc(absent, func(v Value) bool { return v.Kind() != Invalid }) {
			t.Errorf("%q of an absent item: %v", names, absent)
		}
	}
}

// TestScannerReset: a scanner that is used again, after a failure too, reads
// like a new one.
func TestScannerReset(t *testing.T) {
	var s Scanner
	for _, text := range []string{
		`{"a":{"L":[{"S":"x"},{"SS":["y","z"]}]},"b":{"M":{"c":{"N":"1"}}}}`,
		`{"a":{"L":[{"S":"x"},{"SS":["y",`,
		`{"a":{"S":"\u0041\n"}}`,
		"{\"a\":{\"S\":\"\xff\"}}",
		`{"a":{"L":[` + strings.Repeat(`{"S":"x"},`, 2000) + `{"S":"x"}]}}`,
		`{"a":{"S":"x"}}`,
		``,
		`{}`,
	} {
		s.Reset([]byte(text), 20)
		m, bad, err := s.Attributes()
		want, wantBad, wantErr := NewScanner([]byte(text), 20).Attributes()
		if !Equal(MapValue(m), MapValue(want)) || (bad == nil) != (wantBad == nil) || (err == nil) != (wantErr == nil) {
			t.Errorf("%.60q: %v, %v, %v; a new one gives %v, %v, %v", text, m, bad, err, want, wantBad, wantErr)
		}
	}
}
