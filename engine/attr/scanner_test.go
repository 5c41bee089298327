package attr

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
)

func scan(text string) *Scanner { return NewScanner([]byte(text), 64) }

func TestScannerReadsABody(t *testing.T) {
	var got []string
	s := scan(` { "TableName" : "T" ,"Limit":-12e1,"Consistent":true,"Old":"no","Names":["a", "b"],"Nothing":null,
		"Unknown":{"x":[1,2,{"y":"\u0041"}]},"Item":{"pk":{"S":"k"}}, "Ignored":[[],{}] } `)
	err := s.Object(func(name string) error {
		if null, err := s.Null(); null || err != nil {
			got = append(got, name+"=null")
			return err
		}
		switch name {
		case "TableName":
			v, err := s.Str()
			got = append(got, name+"="+v)
			return err
		case "Limit":
			v, err := s.Number()
			got = append(got, name+"="+v)
			return err
		case "Consistent", "Old":
			v, err := s.Bool()
			got = append(got, fmt.Sprint(name, "=", v))
			return err
		case "Names":
			return s.Array(func(i int) error {
				v, err := s.Str()
				got = append(got, fmt.Sprint(name, i, "=", v))
				return err
			})
		case "Item":
			m, bad, err := s.Attributes()
			got = append(got, fmt.Sprint(name, "=", string(AppendMap(nil, m)), bad))
			return err
		}
		return nil
	})
	want := `TableName=T Limit=-12e1 Consistent=true Old=false Names0=a Names1=b Nothing=null Item={"pk":{"S":"k"}}<nil>`
	if err != nil || strings.Join(got, " ") != want || s.End() != nil {
		t.Errorf("%v\n%s\n%s", err, strings.Join(got, " "), want)
	}
}

func TestPeek(t *testing.T) {
	for text, want := range map[string]Token{
		"": TokenEnd, " \t\r\n": TokenEnd, "null": TokenNull, "true": TokenTrue, " false": TokenFalse, "-": TokenNumber, "0": TokenNumber,
		"9": TokenNumber, `"`: TokenString, "[": TokenArray, "{": TokenObject, "}": TokenBad, "+1": TokenBad, "'": TokenBad,
		"\xef\xbb\xbf{": TokenBad, "\v1": TokenBad, "N": TokenBad,
	} {
		if got := scan(text).Peek(); got != want {
			t.Errorf("%q: %d, want %d", text, got, want)
		}
	}
}

func TestSyntax(t *testing.T) {
	for _, c := range []struct {
		text   string
		kind   ErrorKind // 0: good
		offset int
	}{
		{`{}`, 0, 0}, {`[]`, 0, 0}, {` [ 1 , "a" , null , true , false , { } ] `, 0, 0}, {`-0.5e+10`, 0, 0}, {`"😀é"`, 0, 0},
		{`"\ud83d\ude00 \u00e9 \"\\\/\b\f\n\r\t"`, 0, 0}, {`0`, 0, 0}, {`1E5`, 0, 0},
		{``, Syntax, 0}, {` `, Syntax, 1}, {`{`, Syntax, 1}, {`[`, Syntax, 1}, {`{}x`, Syntax, 2}, {`{"a"}`, Syntax, 4}, {`{"a":}`, Syntax, 5},
		{`{"a":1,}`, Syntax, 7}, {`[1,]`, Syntax, 3}, {`[1 2]`, Syntax, 3}, {`[,1]`, Syntax, 1}, {`{a:1}`, Syntax, 1}, {`{1:1}`, Syntax, 1},
		{`[1}`, Syntax, 2}, {`{"a":1]`, Syntax, 6}, {`nul`, Syntax, 0}, {`nulls`, Syntax, 4}, {`tRue`, Syntax, 0}, {`'a'`, Syntax, 0},
		{`01`, Syntax, 2}, {`-`, Syntax, 1}, {`1.`, Syntax, 2}, {`.5`, Syntax, 0}, {`1e`, Syntax, 2}, {`1e+`, Syntax, 3}, {`+1`, Syntax, 0},
		{`-a`, Syntax, 1}, {`1.e5`, Syntax, 2}, {`NaN`, Syntax, 0},
		{`"a`, Syntax, 2}, {`"a\`, Syntax, 2}, {`"a\"`, Syntax, 4}, {`"\x"`, Syntax, 1}, {`"\u12"`, Syntax, 1}, {`"\u12g4"`, Syntax, 1},
		{`"\u+123"`, Syntax, 1}, {"\"a\nb\"", Syntax, 2}, {"\"\\n\tb\"", Syntax, 3}, {"\"\x00\"", Syntax, 1}, {`// x`, Syntax, 0},
		{`"\ud800"`, BadUTF8, 1}, {`"a\udc00"`, BadUTF8, 2}, {`"\ud800\u0041"`, BadUTF8, 1}, {`"\ud800x"`, BadUTF8, 1}, {`"\ud800\ud800"`, BadUTF8, 1},
		{`"\udc00\ud800"`, BadUTF8, 1}, {"\"a\xff\"", BadUTF8, 2}, {"[\"ok\",\"\xc3\"]", BadUTF8, 7}, {"\"\\n\xed\xa0\x80\"", BadUTF8, 3},
		{"\"\xc0\x80\"", BadUTF8, 1}, {"\"\xf4\x90\x80\x80\"", BadUTF8, 1}, {"{\"\xfe\":1}", BadUTF8, 2}, {"[1,\xff]", Syntax, 3},
		{`"\ufffd` + "\ufffd" + `"`, 0, 0},
	} {
		s := scan(c.text)
		err := s.Skip()
		if err == nil {
			err = s.End()
		}
		var e *Error
		switch {
		case c.kind == 0 && err != nil:
			t.Errorf("%q: %v", c.text, err)
		case c.kind != 0 && (!errors.As(err, &e) || e.Kind != c.kind || e.Offset != c.offset):
			t.Errorf("%q: %v, want %v at %d", c.text, err, c.kind, c.offset)
		case c.kind == 0 != json.Valid([]byte(c.text)) && c.kind != BadUTF8:
			t.Errorf("%q: encoding/json thinks otherwise", c.text)
		}
	}
}

func TestStr(t *testing.T) {
	for text, want := range map[string]string{
		`""`: "", `"abc"`: "abc", `"\ud83d\ude00"`: "😀", `"a\u0000b\u00E9"`: "a\x00bé", `"\"\\\/\b\f\n\r\t"`: "\"\\/\b\f\n\r\t", `"\ufffd"`: "\ufffd",
	} {
		if got, err := scan(text).Str(); err != nil || got != want {
			t.Errorf("%s: %q, %v", text, got, err)
		}
	}
}

func TestWrong(t *testing.T) {
	read := map[string]func(s *Scanner) error{
		"String":    func(s *Scanner) error { _, err := s.Str(); return err },
		"Integer":   func(s *Scanner) error { _, err := s.Number(); return err },
		"Boolean":   func(s *Scanner) error { _, err := s.Bool(); return err },
		"Structure": func(s *Scanner) error { return s.Object(func(string) error { return nil }) },
		"List":      func(s *Scanner) error { return s.Array(func(int) error { return nil }) },
		"Map":       func(s *Scanner) error { _, _, err := s.Attributes(); return err },
		"Blob":      func(s *Scanner) error { return s.Wrong("Blob") },
		"Long":      func(s *Scanner) error { return s.Wrong("Long") },
	}
	for _, c := range []struct {
		want, text string
		kind       ErrorKind
		got        string
	}{
		{"String", `12`, Mismatch, "NUMBER_VALUE"}, {"String", `1.5`, Mismatch, "DECIMAL_VALUE"}, {"String", `1e5`, Mismatch, "DECIMAL_VALUE"},
		{"String", `true`, Mismatch, "TRUE_VALUE"}, {"String", ` false`, Mismatch, "FALSE_VALUE"}, {"String", `[]`, Collection, ""}, {"String", `{}`, Structure, ""},
		{"Integer", `"5"`, Mismatch, "STRING_VALUE"}, {"Integer", `true`, Mismatch, "TRUE_VALUE"}, {"Integer", `[`, Collection, ""},
		{"Long", `"5"`, Mismatch, "STRING_VALUE"}, {"Boolean", `"maybe"`, Mismatch, "STRING_VALUE"}, {"Boolean", `"TRUE"`, Mismatch, "STRING_VALUE"},
		{"Boolean", `1`, Mismatch, "NUMBER_VALUE"}, {"Boolean", `{`, Structure, ""},
		{"Structure", `5`, PayloadType, ""}, {"Structure", `"x"`, PayloadType, ""}, {"Structure", `[]`, Collection, ""},
		{"List", `"x"`, FieldType, ""}, {"List", `{}`, Structure, ""}, {"Map", `5`, FieldType, ""}, {"Map", `[]`, Collection, ""},
		{"Blob", `5`, BlobType, ""}, {"Blob", `[]`, Collection, ""}, {"Blob", `{}`, Structure, ""},
		{"String", `tru`, Syntax, ""}, {"String", ``, Syntax, ""}, {"List", `-`, Syntax, ""}, {"Integer", "\"\xff\"", BadUTF8, ""},
	} {
		err := read[c.want](scan(c.text))
		e, ok := err.(*Error)
		if !ok || e.Kind != c.kind || e.Got != c.got || e.Kind > BadUTF8 && e.Want != c.want {
			t.Errorf("%s for %s: %v", c.text, c.want, err)
		}
	}
}

func TestBoolCoercion(t *testing.T) {
	for text, want := range map[string]bool{
		`true`: true, `false`: false, `"true"`: true, `"false"`: false, `"1"`: true, `"0"`: false, `"yes"`: true, `"no"`: false,
	} {
		if got, err := scan(text).Bool(); err != nil || got != want {
			t.Errorf("%s: %v, %v", text, got, err)
		}
	}
}

func TestDepthLimit(t *testing.T) {
	nested := func(n int) string { return strings.Repeat(`[`, n) + strings.Repeat(`]`, n) }
	for n := 1; n <= 9; n++ {
		err := NewScanner([]byte(nested(n)), 8).Skip()
		if (err != nil) != (n > 8) || n > 8 && (kindOfError(err) != TooDeep || err.(*Error).Offset != 8) {
			t.Errorf("depth %d: %v", n, err)
		}
	}
	// What is closed does not count.
	if err := NewScanner([]byte("["+strings.Repeat("[[],{}],", 50)+"[[]]]"), 3).Skip(); err != nil {
		t.Error(err)
	}
}

func TestHugeBodies(t *testing.T) {
	const size = 8 << 20
	bodies := map[string]string{
		"brackets":  strings.Repeat("[", size),
		"braces":    strings.Repeat(`{"a":`, size/5),
		"lists":     strings.Repeat(`{"L":[`, size/6),
		"maps":      strings.Repeat(`{"M":{"a":`, size/10),
		"quotes":    `"` + strings.Repeat(`\"`, size/2),
		"bad bytes": strings.Repeat("\xff", size),
		"repeated":  `{` + strings.Repeat(`"a":{},`, size/7) + `"a":{}}`,
	}
	read := map[string]func(*Scanner) error{
		"Skip":           (*Scanner).Skip,
		"AttributeValue": func(s *Scanner) error { _, bad, err := s.AttributeValue(); return errors.Join(bad, err) },
		"Attributes":     func(s *Scanner) error { _, bad, err := s.Attributes(); return errors.Join(bad, err) },
	}
	for name, body := range bodies {
		for how, read := range read {
			err := read(NewScanner([]byte(body), 200))
			if err == nil && (name != "repeated" || how == "Attributes") {
				t.Errorf("%s of %s succeeds", how, name)
			}
		}
	}
}

func TestBase64(t *testing.T) {
	for _, c := range []struct {
		text, raw string
		kind      ErrorKind
		detail    string
	}{
		{"", "", 0, ""}, {"YQ==", "a", 0, ""}, {"YWI=", "ab", 0, ""}, {"YWJj", "abc", 0, ""}, {"+/+/", "\xfb\xff\xbf", 0, ""}, {"AAAA", "\x00\x00\x00", 0, ""},
		{"Y", "", Base64Length, "1"}, {"YQ", "", Base64Length, "2"}, {"YQ=", "", Base64Length, "3"}, {"YWJjY", "", Base64Length, "5"},
		{"YWI=\n", "", Base64Length, "5"}, {"=", "", Base64Length, "1"},
		{"YQ-_", "", Base64Char, "-"}, {"Y Q=", "", Base64Char, " "}, {"YQ\n\n", "", Base64Char, "\n"}, {"Y===", "", Base64Char, "="}, {"====", "", Base64Char, "="},
		{"YQ==YQ==", "", Base64Char, "="}, {"YéY", "", Base64Char, "é"},
		{"YR==", "", Base64Bits, ""}, {"YWJ=", "", Base64Bits, ""}, {"/===", "", Base64Char, "="},
	} {
		v, bad, err := scan(`{"B":` + string(AppendString(nil, c.text)) + `}`).AttributeValue()
		if bad != nil || kindOfError(err) != c.kind || err == nil && v.Str() != c.raw {
			t.Errorf("%q: %q, %v, %v", c.text, v.Str(), bad, err)
		}
		if err != nil && err.(*Error).Detail != c.detail {
			t.Errorf("%q: detail %q", c.text, err.(*Error).Detail)
		}
	}
}

func TestScannerCopiesTheBody(t *testing.T) {
	body := []byte(`{"S":"before"}`)
	s := NewScanner(body, 8)
	copy(body, `{"S":"after "}`)
	if v, _, _ := s.AttributeValue(); v.Str() != "before" {
		t.Error(v.Str())
	}
}

func FuzzScanner(f *testing.F) {
	for _, s := range []string{
		`{"a":{"S":"x"},"a":{"N":"1e5"}}`, `{"L":[{"M":{"x":{"SS":["a","b"]}}},{"NULL":true}]}`, `["\ud83d\ude00",1.5e-3,null]`,
		"\"\xff\"", `{"B":"YQ=="}`, `[[[[`, `{"NS":["1","1.0"],"S":null}`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		s := NewScanner(body, 100)
		err := s.Skip()
		if err == nil {
			err = s.End()
		}
		switch kind := kindOfError(err); {
		case err != nil && !kind.Wire():
			t.Fatalf("%q: %v", body, err)
		case kind == TooDeep || kind == BadUTF8:
		case (err == nil) != json.Valid(body):
			t.Fatalf("%q: %v, encoding/json thinks otherwise", body, err)
		case err == nil && body[0] == '"':
			var want string
			got, err := NewScanner(body, 1).Str()
			if json.Unmarshal(body, &want) != nil || err != nil || got != want {
				t.Fatalf("%q: %q, %v, want %q", body, got, err, want)
			}
		}
		s = NewScanner(body, 100)
		v, bad, err2 := s.AttributeValue()
		if err2 == nil && s.End() == nil && err != nil {
			t.Fatalf("%q: a value but not JSON: %v", body, err)
		}
		if bad != nil && kindOfError(bad).Wire() {
			t.Fatalf("%q: %v is no value rule", body, bad)
		}
		if err2 != nil || bad != nil {
			return
		}
		text := AppendValue(nil, v)
		if again := parse(t, string(text)); !Equal(v, again) || v.Size() != again.Size() {
			t.Fatalf("%s comes back as %s", text, AppendValue(nil, again))
		}
	})
}

// TestLend: a map that is lent is what Attributes reads, and stays so while
// more is read of the same body.
func TestLend(t *testing.T) {
	const item = `{"b":{"S":"x"},"a":{"M":{"k":{"L":[{"N":"1"}]}}},"b":{"S":"y"},"n":null}`
	want, _, err := NewScanner([]byte(item), 20).Attributes()
	if err != nil {
		t.Fatal(err)
	}
	s := NewScanner([]byte("["+item+","+item+","+strings.Repeat(item+",", 50)+"null]"), 20)
	var lent []Map
	err = s.Array(func(i int) error {
		m, bad, err := s.Lend()
		if bad != nil || err != nil {
			return errors.Join(bad, err)
		}
		if i < 52 {
			lent = append(lent, m)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for i, m := range lent {
		if !Equal(MapValue(m), MapValue(want)) {
			t.Fatalf("map %d is %s", i, AppendMap(nil, m))
		}
	}
}
