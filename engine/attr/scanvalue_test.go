package attr

import (
	"fmt"
	"strings"
	"testing"
)

func TestAttributeValue(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{`{"S":"x"}`, `{"S":"x"}`}, {` { "S" : "" } `, `{"S":""}`}, {`{"N":"+01.50"}`, `{"N":"1.5"}`}, {`{"B":""}`, `{"B":""}`},
		{`{"BOOL":"no"}`, `{"BOOL":false}`}, {`{"NULL":"1"}`, `{"NULL":true}`}, {`{"SS":["b","a",""]}`, `{"SS":["","a","b"]}`},
		{`{"NS":["10","9","-1"]}`, `{"NS":["-1","9","10"]}`}, {`{"BS":["/w==","AA==",""]}`, `{"BS":["","AA==","/w=="]}`},
		{`{"L":[]}`, `{"L":[]}`}, {`{"M":{}}`, `{"M":{}}`}, {`{"M":{"b":{"S":"1"},"a":{"S":"2"},"b":{"N":"3"}}}`, `{"M":{"a":{"S":"2"},"b":{"N":"3"}}}`},
		// Unknown members are ignored, null ones absent, the last of a name counts.
		{`{"X":[{}],"S":"x","s":1}`, `{"S":"x"}`}, {`{"S":"x","N":null}`, `{"S":"x"}`}, {`{"S":null,"N":"1"}`, `{"N":"1"}`},
		{`{"S":"x","S":"y"}`, `{"S":"y"}`}, {`{"N":"bad","N":"1"}`, `{"N":"1"}`}, {`{"N":"1","S":"x","N":null}`, `{"S":"x"}`},
		{`{"M":{"a":null,"b":{"S":"x"}}}`, `{"M":{"b":{"S":"x"}}}`}, {`{"M":{"a":{"S":"x"},"a":null}}`, `{"M":{}}`},
		{`{"M":{"a":{"N":"bad"},"a":{"N":"1"}}}`, `{"M":{"a":{"N":"1"}}}`}, {`{"M":{"a":{},"a":null}}`, `{"M":{}}`},
	} {
		s := scan(c.in)
		v, bad, err := s.AttributeValue()
		if got := string(AppendValue(nil, v)); got != c.want || bad != nil || err != nil || s.End() != nil {
			t.Errorf("%s: %s, %v, %v", c.in, got, bad, err)
		}
	}
}

func TestValueRules(t *testing.T) {
	for _, c := range []struct {
		in     string
		kind   ErrorKind
		offset int
		detail string
	}{
		{`{}`, NoType, 0, ""}, {` {"X":1}`, NoType, 1, ""}, {`{"S":null}`, NoType, 0, ""}, {`null`, NoType, 0, ""}, {`{"S":"x","S":null}`, NoType, 0, ""},
		{`{"S":"x","N":"1"}`, SeveralTypes, 0, ""}, {`{"S":"x","L":[],"NULL":true}`, SeveralTypes, 0, ""},
		{`{"NULL":false}`, NullFalse, 8, ""}, {`{"NULL":"no"}`, NullFalse, 8, ""},
		{`{"SS":[]}`, EmptySet, 6, ""}, {`{"NS":[ ]}`, EmptySet, 6, ""}, {`{"BS":[]}`, EmptySet, 6, ""},
		{`{"SS":["a","a"]}`, DuplicateInSet, 6, "[a, a]"}, {`{"BS":["Yg==","YQ==","Yg=="]}`, DuplicateInSet, 6, "[Yg==, YQ==, Yg==]"},
		{`{"NS":["1","1.0"]}`, DuplicateInSet, 6, "[1, 1]"}, {`{"SS":["b","a","b"]}`, DuplicateInSet, 6, "[b, a, b]"},
		{`{"N":""}`, NotNumeric, 5, ""}, {`{"N":"x1"}`, NotNumeric, 5, "x1"}, {`{"N":"0e126"}`, Overflow, 5, ""}, {`{"N":"1e-131"}`, Underflow, 5, ""},
		{`{"N":"` + nines38 + `1"}`, TooManyDigits, 5, ""}, {`{"NS":["1","x","1e999"]}`, NotNumeric, 11, "x"}, {`{"NS":["1",  "x"]}`, NotNumeric, 13, "x"}, {`{"SS":["a",null]}`, NoType, 11, ""},
		{`{"L":[{"S":"a"},{"SS":[]},{}]}`, EmptySet, 22, ""}, {`{"L":[null]}`, NoType, 6, ""}, {`{"M":{"a":{"M":{"b":{"NULL":false}}}}}`, NullFalse, 28, ""},
		{`{"M":{"b":{"N":"x"},"a":{"N":"y"}}}`, NotNumeric, 15, "x"}, {`{"M":{"":{"S":"x"}}}`, EmptyName, 6, ""},
		{`{"M":{"` + strings.Repeat("n", 65536) + `":{"S":"x"}}}`, NameTooLong, 6, "65536"},
		// Several faults: the first in the text.
		{`{"N":"x","S":"y"}`, NotNumeric, 5, "x"}, {`{"SS":[],"N":"x"}`, EmptySet, 6, ""}, {`{"N":"x","SS":[]}`, NotNumeric, 5, "x"},
		{`{"N":"x","SS":[],"N":"1"}`, EmptySet, 14, ""}, {`{"M":{"a":{"N":"x"},"b":{},"a":{"N":"1"}}}`, NoType, 24, ""},
	} {
		s := scan(c.in)
		_, bad, err := s.AttributeValue()
		e, ok := bad.(*Error)
		if err != nil || !ok || e.Kind != c.kind || e.Offset != c.offset || e.Detail != c.detail || e.Kind.Wire() || s.End() != nil {
			t.Errorf("%.80s: %v, %v, want %v at %d %s", c.in, bad, err, c.kind, c.offset, c.detail)
		}
		if ok && (e.Kind == EmptySet || e.Kind == DuplicateInSet) && !strings.Contains(c.in, `"`+e.Set.String()+`"`) {
			t.Errorf("%s: a %v?", c.in, e.Set)
		}
	}
	if _, bad, err := scan(`{"M":{"` + strings.Repeat("n", 65535) + `":{"S":"x"}}}`).AttributeValue(); bad != nil || err != nil {
		t.Errorf("the longest name: %v, %v", bad, err)
	}
}

func TestValueWireErrors(t *testing.T) {
	for _, c := range []struct {
		in        string
		kind      ErrorKind
		want, got string
		offset    int
	}{
		{`{"S":123}`, Mismatch, "String", "NUMBER_VALUE", 5}, {`{"N":123}`, Mismatch, "String", "NUMBER_VALUE", 5}, {`{"N":1.5}`, Mismatch, "String", "DECIMAL_VALUE", 5},
		{`{"S":true}`, Mismatch, "String", "TRUE_VALUE", 5}, {`{"S":false}`, Mismatch, "String", "FALSE_VALUE", 5},
		{`{"S":[]}`, Collection, "String", "", 5}, {`{"S":{}}`, Structure, "String", "", 5},
		{`{"B":12}`, BlobType, "Blob", "", 5}, {`{"B":[]}`, Collection, "Blob", "", 5}, {`{"B":{}}`, Structure, "Blob", "", 5},
		{`{"BOOL":"maybe"}`, Mismatch, "Boolean", "STRING_VALUE", 8}, {`{"BOOL":1}`, Mismatch, "Boolean", "NUMBER_VALUE", 8},
		{`{"NULL":[]}`, Collection, "Boolean", "", 8}, {`{"NULL":{}}`, Structure, "Boolean", "", 8},
		{`{"SS":"a"}`, FieldType, "List", "", 6}, {`{"SS":{}}`, Structure, "List", "", 6}, {`{"SS":[1]}`, Mismatch, "String", "NUMBER_VALUE", 7},
		{`{"NS":["1",[]]}`, Collection, "String", "", 11}, {`{"BS":[true]}`, BlobType, "Blob", "", 7}, {`{"BS":["a"]}`, Base64Length, "Blob", "", 7},
		{`{"L":"a"}`, FieldType, "List", "", 5}, {`{"L":{}}`, Structure, "List", "", 5}, {`{"L":["a"]}`, PayloadType, "AttributeValue", "", 6},
		{`{"L":[[]]}`, Collection, "AttributeValue", "", 6}, {`{"M":1}`, FieldType, "Map", "", 5}, {`{"M":[]}`, Collection, "Map", "", 5},
		{`{"M":{"a":"x"}}`, PayloadType, "AttributeValue", "", 10}, {`"x"`, PayloadType, "AttributeValue", "", 0}, {`[]`, Collection, "AttributeValue", "", 0},
		{`{"X":tru}`, Syntax, "", "", 5}, {`{"S":"x"`, Syntax, "", "", 8}, {`{"S":"x",}`, Syntax, "", "", 9}, {`{"L":[{"S":"x"},]}`, Syntax, "", "", 16},
		{`{"SS":["x",]}`, Syntax, "", "", 11}, {`{"S":"\ud800"}`, BadUTF8, "", "", 6},
		// A wire error beats a broken rule that comes before it.
		{`{"L":[{"SS":[]},{"S":1}]}`, Mismatch, "String", "NUMBER_VALUE", 21},
	} {
		_, _, err := scan(c.in).AttributeValue()
		if e, ok := err.(*Error); !ok || e.Kind != c.kind || e.Want != c.want || e.Got != c.got || e.Offset != c.offset || !e.Kind.Wire() {
			t.Errorf("%s: %v, want %v at %d", c.in, err, c.kind, c.offset)
		}
	}
}

func TestAttributes(t *testing.T) {
	for in, want := range map[string]string{
		`{}`: `{}`, `null`: `{}`, `{"b":{"S":"1"},"a":{"S":"2"}}`: `{"a":{"S":"2"},"b":{"S":"1"}}`, `{"a":null}`: `{}`,
		`{"a":{"N":"x"},"b":{"S":"y"},"a":{"N":"1"}}`: `{"a":{"N":"1"},"b":{"S":"y"}}`,
	} {
		m, bad, err := scan(in).Attributes()
		if got := string(AppendMap(nil, m)); got != want || bad != nil || err != nil {
			t.Errorf("%s: %s, %v, %v", in, got, bad, err)
		}
	}
	_, bad, err := scan(`{"z":{"N":"first"},"a":{"N":"second"}}`).Attributes()
	if e, ok := bad.(*Error); err != nil || !ok || e.Detail != "first" {
		t.Errorf("%v, %v", bad, err)
	}
}

// TestManyForgottenFaults holds that a broken value is never let through, however many faults were taken away before it.
func TestManyForgottenFaults(t *testing.T) {
	for _, n := range []int{1, badMembersKept - 1, badMembersKept, badMembersKept + 1, 500} {
		var b strings.Builder
		b.WriteByte('{')
		for i := range n {
			fmt.Fprintf(&b, `"n%d":{},`, i)
		}
		b.WriteString(`"broken":{}`)
		for i := range n {
			fmt.Fprintf(&b, `,"n%d":{"S":"x"}`, i)
		}
		_, bad, err := scan(b.String() + "}").Attributes()
		if kindOfError(bad) != NoType || err != nil {
			t.Errorf("%d: %v, %v", n, bad, err)
		}
	}
}

func TestNestingLimit(t *testing.T) {
	nested := func(open, close string, n int) string {
		return strings.Repeat(open, n) + `{"S":"x"}` + strings.Repeat(close, n)
	}
	for _, c := range []struct {
		open, close string
		perRound    int
	}{{`{"L":[`, `]}`, 1}, {`{"M":{"a":`, `}}`, 1}, {`{"M":{"a":{"L":[`, `]}}}`, 2}} {
		perRound := c.perRound
		for n := 30 / perRound; n <= 40/perRound; n++ {
			text := nested(c.open, c.close, n)
			v, bad, err := NewScanner([]byte(text), 200).AttributeValue()
			if err != nil || (bad != nil) != (n*perRound > MaxNesting) || bad != nil && kindOfError(bad) != Nesting {
				t.Errorf("%d levels: %v, %v", n*perRound, bad, err)
			}
			if bad == nil && v.Depth() != n*perRound {
				t.Errorf("%d levels: depth %d", n*perRound, v.Depth())
			}
			// An item's attributes and a map's members: the item itself is no level.
			_, bad, err = NewScanner([]byte(`{"a":`+text+`}`), 200).Attributes()
			if err != nil || (bad != nil) != (n*perRound > MaxNesting) {
				t.Errorf("%d levels in an item: %v, %v", n*perRound, bad, err)
			}
		}
	}
	_, _, err := NewScanner([]byte(nested(`{"L":[`, `]}`, 500)), 200).AttributeValue()
	if kindOfError(err) != TooDeep {
		t.Error(err)
	}
}
