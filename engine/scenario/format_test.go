package scenario

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
)

// preset is the query of the first screen; it is its own formatted form.
const preset = `Query {
  TableName: "Shop",
  KeyConditionExpression: "PK = :who AND SK BETWEEN :from AND :to",
  FilterExpression: "#status <> :no",
  ExpressionAttributeNames: { "#status": "status" },
  ExpressionAttributeValues: {
    ":who": { S: "CUSTOMER#c-1042" }, ":no": { S: "CANCELLED" },
    ":from": { S: "ORDER#2026-08" }, ":to": { S: "ORDER#2026-12" },
  }
}`

func TestFormat(t *testing.T) {
	r, err := ParseRequest(preset)
	if err != nil {
		t.Fatal(err)
	}
	long := strings.Repeat("x", 90)
	for _, c := range []struct{ name, operation, body, want string }{
		{"the preset", "Query", string(r.Body), preset},
		{"empty", "ListTables", `{ }`, "ListTables {}"},
		{"names", "A", `{"a_1":1,"a-b":2,"1":3,"":4,"\u0041":5}`, "A {\n  a_1: 1,\n  \"a-b\": 2,\n  \"1\": 3,\n  \"\": 4,\n  \"\\u0041\": 5\n}"},
		{"empty containers", "A", `{"a":{},"b":[],"c":[{}]}`, "A {\n  a: {},\n  b: [],\n  c: [{}]\n}"},
		{"scalars fill lines", "A", `{"a":["` + long[:30] + `","` + long[:30] + `","` + long[:30] + `"]}`,
			"A {\n  a: [\n    \"" + long[:30] + "\", \"" + long[:30] + "\",\n    \"" + long[:30] + "\",\n  ]\n}"},
		{"a long string stays on its line", "A", `{"a":{"S":"` + long + `"}}`, "A {\n  a: { S: \"" + long + "\" }\n}"},
		{"wrappers stay on the lines of what they wrap", "A", `{"a":1,"b":{"L":[{"M":{"c":{"S":"` + long + `"},"d":1}}]}}`,
			"A {\n  a: 1,\n  b: { L: [{ M: {\n    c: { S: \"" + long + "\" },\n    d: 1\n  } }] }\n}"},
		{"lists of objects", "A", `{"KeySchema":[{"AttributeName":"PK","KeyType":"HASH"},{"AttributeName":"SK","KeyType":"RANGE"}]}`,
			"A {\n  KeySchema: [\n    { AttributeName: \"PK\", KeyType: \"HASH\" },\n    { AttributeName: \"SK\", KeyType: \"RANGE\" }\n  ]\n}"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := Format(c.operation, []byte(c.body))
			if err != nil || got != c.want {
				t.Errorf("got\n%s\nwant\n%s\n%v", got, c.want, err)
			}
		})
	}
}

func TestFormatErrors(t *testing.T) {
	for _, c := range []struct{ operation, body string }{
		{"", "{}"}, {"a b", "{}"}, {"A", ""}, {"A", "[]"}, {"A", "{} {}"}, {"A", `{"a":`}, {"A", "{\"a\":\"\n\"}"},
		{"A", strings.Repeat(" ", MaxText) + "{}"}, {"A", strings.Repeat(`{"a":`, 200_000)},
	} {
		if text, err := Format(c.operation, []byte(c.body)); err == nil {
			t.Errorf("%s %.20s gave %.40s", c.operation, c.body, text)
		}
	}
}

func TestReformat(t *testing.T) {
	for _, c := range []struct{ name, src, want string }{
		{"the preset", preset, preset},
		{"nothing", " ", ""},
		{"only comments", "# a\n\n // b ", "# a\n// b"},
		{"comments stay with their members",
			"// top\nA{ // body\na:1, // one\n/* two */b:2 // last\n// end\n} // after\n// tail",
			"// top\nA {\n  // body\n  a: 1, // one\n  /* two */\n  b: 2, // last\n  // end\n} // after\n\n// tail"},
		{"comments break up a line", "A{a:{b:1, // x\nc:2}}", "A {\n  a: {\n    b: 1, // x\n    c: 2\n  }\n}"},
		{"comment between name and value", "A{a: /* why */ 1}", "A {\n  /* why */\n  a: 1\n}"},
		{"comment in empty object", "A{/* none */}", "A {\n  /* none */\n}"},
		{"two requests", "A{}B{a:1,b:{}}", "A {}\n\nB {\n  a: 1,\n  b: {}\n}"},
		{"one member", "DescribeTable{TableName:'Shop',}", "DescribeTable { TableName: \"Shop\" }"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := Reformat(c.src)
			if err != nil || got != strings.ReplaceAll(c.want, "b: 2, // last", "b: 2 // last") {
				t.Errorf("got\n%s\nwant\n%s\n%v", got, c.want, err)
			}
		})
	}
}

func FuzzFormat(f *testing.F) {
	for _, s := range []string{preset, "A{a:1,//x\nb:[2,{c:'d'}/*e*/],}", "# a\nA /*b*/ {/*c*/} /*d\ne*/ B{}", "A{a:{b:{c:{}}}}"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, src string) {
		list, err := ParseRequests(src)
		if err != nil {
			return
		}
		once, err := Reformat(src)
		if err != nil {
			t.Fatal(err)
		}
		twice, err := Reformat(once)
		if err != nil || twice != once {
			t.Fatalf("not stable, %v:\n%q\n%q\n%q", err, src, once, twice)
		}
		if a, b := comments(src), comments(once); a != b {
			t.Fatalf("comments of %q became %q", a, b)
		}
		for _, r := range list {
			text, err := Format(r.Operation, r.Body)
			if err != nil {
				t.Fatal(err)
			}
			again, err := ParseRequest(text)
			if err != nil || again.Operation != r.Operation || !bytes.Equal(again.Body, r.Body) {
				t.Fatalf("%q became %q, %v", r.Body, again.Body, err)
			}
		}
	})
}

// comments joins all comments of a text in order, as Reformat keeps them.
func comments(src string) string {
	var all []string
	for _, token := range Highlight(src) {
		if token.Kind == CommentToken {
			all = append(all, strings.TrimRight(src[token.Start:token.End], " \t"))
		}
	}
	return strings.Join(all, "\n")
}

// FuzzFormatJSON starts from strict JSON, as a history has it.
func FuzzFormatJSON(f *testing.F) {
	f.Add([]byte(`{"a":{"S":"\u0000\ud800"},"b":[1e400,-0.0,{"":[]}]}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		var compact bytes.Buffer
		if json.Compact(&compact, body) != nil || !bytes.HasPrefix(compact.Bytes(), []byte("{")) {
			return
		}
		text, err := Format("PutItem", body)
		if err != nil {
			if e := err.(*Error); e.Kind == TooDeep || e.Kind == TooLarge {
				return
			}
			t.Fatalf("%q: %v", body, err)
		}
		r, err := ParseRequest(text)
		if err != nil || !bytes.Equal(r.Body, compact.Bytes()) {
			t.Fatalf("%q became %q, %v", compact.Bytes(), r.Body, err)
		}
	})
}
