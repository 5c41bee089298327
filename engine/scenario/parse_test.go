package scenario

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
)

func TestParseRequest(t *testing.T) {
	for _, c := range []struct{ name, src, operation, body string }{
		{"strict", `PutItem {"TableName":"T","Item":{"a":{"N":"1"}}}`, "PutItem", `{"TableName":"T","Item":{"a":{"N":"1"}}}`},
		{"empty body", "ListTables {}", "ListTables", "{}"},
		{"names without quotes", "Query { TableName: \"T\", a-b.c$: null }", "Query", `{"TableName":"T","a-b.c$":null}`},
		{"trailing commas", "A { a: [1, 2,], b: {c: true,}, }", "A", `{"a":[1,2],"b":{"c":true}}`},
		{"comments everywhere", "// x\nA /* y */ { # z\n a /**/ : /*1*/ 1 /*2*/ , // end\n /* last */ } # bye", "A", `{"a":1}`},
		{"single quotes", `A { 'a"b': 'it\'s "so"', "c": "it's" }`, "A", `{"a\"b":"it's \"so\"","c":"it's"}`},
		{"escaped apostrophe in double quotes", `A { a: "it\'s" }`, "A", `{"a":"it's"}`},
		{"strings keep their spelling", `A { a: "\u0041\/\ud83d\ude00é" }`, "A", `{"a":"\u0041\/\ud83d\ude00é"}`},
		{"control characters", "A { a: \"x\ty\x01\" }", "A", `{"a":"x\ty\u0001"}`},
		{"numbers keep their spelling", "A { a: [0, -0, 1.50, 1e5, 1E+5, 12345678901234567890123456789012345678.0] }", "A",
			`{"a":[0,-0,1.50,1e5,1E+5,12345678901234567890123456789012345678.0]}`},
		{"equal names are all kept", `A { a: 1, "a": 2 }`, "A", `{"a":1,"a":2}`},
		{"a comment sign in a string", `A { a: "http://x # y /* z" }`, "A", `{"a":"http://x # y /* z"}`},
		{"carriage returns", "A {\r\n a: 1, // x\r\n b: 2\r\n}\r\n", "A", `{"a":1,"b":2}`},
		{"a whole target", "AnyScaleFrontendService.DescribeScalingPolicies {}", "AnyScaleFrontendService.DescribeScalingPolicies", "{}"},
		{"the names true and null", "A { true: 1, null: 2 }", "A", `{"true":1,"null":2}`},
	} {
		t.Run(c.name, func(t *testing.T) {
			r, err := ParseRequest(c.src)
			if err != nil {
				t.Fatal(err)
			}
			if r.Operation != c.operation || string(r.Body) != c.body {
				t.Errorf("got %s %s\nwant %s %s", r.Operation, r.Body, c.operation, c.body)
			}
			if !json.Valid(r.Body) {
				t.Errorf("not strict JSON: %s", r.Body)
			}
		})
	}
}

func TestParseRequestErrors(t *testing.T) {
	for _, c := range []struct {
		name, src   string
		kind        ErrorKind
		offset, end int
		message     string
	}{
		{"nothing", " // only a comment", Syntax, 18, 18, "expected an operation such as Query and then {, found nothing"},
		{"no operation", "{ a: 1 }", Syntax, 0, 1, "expected an operation such as Query and then {, found '{'"},
		{"no body", "Query", Syntax, 5, 5, "expected { after Query, found the end of the text"},
		{"a literal is no operation", "true {}", Syntax, 0, 4, "expected an operation such as Query and then {, found 'true'"},
		{"two requests", "A {}\nB {}", Syntax, 5, 9, "expected one request, found another after it"},
		{"missing comma", "A { a: 1 b: 2 }", Syntax, 9, 10, "expected , or }, found 'b'"},
		{"missing comma in list", "A { a: [1 2] }", Syntax, 10, 11, "expected , or ], found '2'"},
		{"never closed", "A {\n  a: { b: 1,\n", Syntax, 17, 17, "expected } to close the { of line 2, found the end of the text"},
		{"list never closed", "A { a: [", Syntax, 8, 8, "expected ] to close the [ of line 1, found the end of the text"},
		{"wrong bracket", "A { a: [1} }", Syntax, 9, 10, "expected , or ], found '}'"},
		{"text without quotes", "A { a: Shop }", Syntax, 7, 11, "expected a value (a text needs quotes), found 'Shop'"},
		{"no value", "A { a: , }", Syntax, 7, 8, "expected a value, found ','"},
		{"no colon", `A { "a" "b" }`, Syntax, 8, 11, `expected : after the member name, found "b"`},
		{"a number as name", "A { 1: 2 }", Syntax, 4, 5, "expected a member name or }, found '1'"},
		{"placeholder as name", "A { :v: 2 }", Syntax, 4, 5, `expected a member name (names such as ":v" need quotes), found ':'`},
		{"string over two lines", "A { a: \"x\n\" }", Syntax, 7, 9, `this string is never closed: expected " before the end of the line`},
		{"bad escape", `A { a: "x\q" }`, Syntax, 9, 12, `JSON knows no such escape: expected \" \\ \/ \b \f \n \r \t or \u and four hex digits`},
		{"short \\u", `A { a: "\u12" }`, Syntax, 8, 13, `JSON knows no such escape: expected \" \\ \/ \b \f \n \r \t or \u and four hex digits`},
		{"bad number", "A { a: 01 }", Syntax, 7, 9, "this is not a JSON number: expected digits such as 12, -3.5 or 1e6"},
		{"comment never closed", "A { a: 1 /* }", Syntax, 9, 13, "this comment is never closed: expected */"},
		{"strange character", "A { a: € }", Syntax, 7, 10, "expected a value, found '€'"},
		{"a name swallowed as comment", "A {\n  Names: { #status: \"status\" },\n  b: 1\n}", Syntax, 15, 22,
			`#status begins a comment here: expected the name in quotes, "#status"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := ParseRequest(c.src)
			var e *Error
			if !errors.As(err, &e) {
				t.Fatalf("no *Error: %v", err)
			}
			if e.Kind != c.kind || e.At.Offset != c.offset || e.End != c.end || e.Message != c.message {
				t.Errorf("got  %d %d-%d %s\nwant %d %d-%d %s", e.Kind, e.At.Offset, e.End, e.Message, c.kind, c.offset, c.end, c.message)
			}
		})
	}
}

func TestErrorPosition(t *testing.T) {
	_, err := ParseRequest("Query {\n  a: \"é😀\", b 1\n}")
	if err == nil || err.Error() != "line 2, column 14: expected : after the member name, found '1'" {
		t.Fatal(err)
	}
	at := err.(*Error).At
	if want := (Position{Offset: 25, Line: 2, Column: 14, UTF16: 22}); at != want {
		t.Errorf("got %+v, want %+v", at, want)
	}
}

func TestParseRequests(t *testing.T) {
	src := "A {}\n// between\nB { x: 1 } C{}"
	list, err := ParseRequests(src)
	if err != nil || len(list) != 3 {
		t.Fatal(list, err)
	}
	for i, want := range []string{"A {}", "B { x: 1 }", "C{}"} {
		if list[i].Source() != want || src[list[i].Start:list[i].End] != want {
			t.Errorf("request %d is %q, want %q", i, list[i].Source(), want)
		}
	}
	if list, err := ParseRequests(" # nothing"); err != nil || len(list) != 0 {
		t.Error(list, err)
	}
}

func TestHostileRequests(t *testing.T) {
	for _, c := range []struct {
		name, src string
		kind      ErrorKind
	}{
		{"nested braces", "A " + strings.Repeat("{a:", 200_000), TooDeep},
		{"nested brackets", "A {a:" + strings.Repeat("[", 200_000), TooDeep},
		{"a million requests", strings.Repeat("A{}", 1_000_000), TooLarge},
		{"as many as fit", strings.Repeat("A{}", MaxText/3), TooMany},
		{"too large", "A {a:\"" + strings.Repeat("x", MaxText) + "\"}", TooLarge},
		{"quotes", strings.Repeat(`"`, MaxText), Syntax},
		{"backslashes", `A {a:"` + strings.Repeat(`\`, MaxText-7), Syntax},
		{"comments", "A {" + strings.Repeat("/**/", MaxText/4-1), Syntax},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := ParseRequests(c.src)
			var e *Error
			if !errors.As(err, &e) || e.Kind != c.kind {
				t.Errorf("got %v, want kind %d", err, c.kind)
			}
			Highlight(c.src)
		})
	}
	at := "A " + strings.Repeat("{a:", MaxDepth) + "1" + strings.Repeat("}", MaxDepth)
	if _, err := ParseRequest(at); err != nil {
		t.Errorf("%d levels: %v", MaxDepth, err)
	}
}

func TestLocate(t *testing.T) {
	src := "Query {\n  TableName: \"Shop\",\n  FilterExpression: \"\\u0061 = :é\\t\\ud83d\\ude00!\",\n" +
		"  'Items': [ { N: 'it\\'s' }, 5 ],\n  TableName: \"Last\",\n}"
	r, err := ParseRequest(src)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		path   string
		offset int
		at     string // what the text goes on with there; "" = not found
	}{
		{"FilterExpression", 0, `\u0061 =`},
		{"FilterExpression", 1, ` = :é`},
		{"FilterExpression", 4, `:é`},
		{"FilterExpression", 5, `é`},
		{"FilterExpression", 7, `\t`},
		{"FilterExpression", 8, `\ud83d\ude00!`},
		{"FilterExpression", 11, `\ud83d\ude00!`}, // inside the character
		{"FilterExpression", 12, `!"`},
		{"FilterExpression", 13, "\",\n"}, // the end
		{"FilterExpression", 14, ""},
		{"FilterExpression", -1, ""},
		{"Items.0.N", 2, `\'s`},
		{"Items.0.N", 3, `s' }`},
		{"Items.0", 0, `{ N`},
		{"Items.1", 0, `5 ]`},
		{"Items.1", 1, ""},
		{"Items.2", 0, ""},
		{"TableName", 0, `Last`},
		{"Missing", 0, ""},
		{"TableName.x", 0, ""},
	} {
		pos, ok := r.Locate(strings.Split(c.path, "."), c.offset)
		if ok != (c.at != "") || ok && !strings.HasPrefix(src[pos.Offset:], c.at) {
			t.Errorf("%s %d: got %v %+v, want %q", c.path, c.offset, ok, pos, c.at)
		}
	}
	if pos, ok := r.LocateName([]string{"Items", "0", "N"}); !ok || src[pos.Offset:pos.Offset+2] != "N:" || pos.Line != 4 {
		t.Error(pos, ok)
	}
	if _, ok := (Request{Operation: "A", Body: []byte(`{"a":"b"}`)}).Locate([]string{"a"}, 0); ok {
		t.Error("a request without a text has no places")
	}
}

func TestTarget(t *testing.T) {
	for operation, target := range map[string]string{
		"Query":      "DynamoDB_20120810.Query",
		"GetRecords": "DynamoDBStreams_20120810.GetRecords",
		"X.Y":        "X.Y",
	} {
		if got := (Request{Operation: operation}).Target(); got != target {
			t.Errorf("%s: %s", operation, got)
		}
		if got := operationOf(target); got != operation {
			t.Errorf("%s: %s", target, got)
		}
	}
	if got := operationOf("DynamoDB_20120810.GetRecords"); got != "DynamoDB_20120810.GetRecords" {
		t.Error("a target must survive the way there and back:", got)
	}
}

func FuzzParseRequest(f *testing.F) {
	for _, s := range []string{`Query { a: "b", c: [1, true, { 'd': null }] } // x`, "A {/*", `A {"\u12`, "A { #b: 1", "é {€}", `A{a:"\`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, src string) {
		checkTokens(t, src)
		list, err := ParseRequests(src)
		if err != nil {
			if e := err.(*Error); e.At.Offset < 0 || e.At.Offset > len(src) || e.End < e.At.Offset || e.End > len(src) || e.Message == "" {
				t.Fatalf("%+v", e)
			}
			return
		}
		for _, r := range list {
			if !json.Valid(r.Body) {
				t.Fatalf("%q gave invalid JSON %q", src, r.Body)
			}
			again, err := ParseRequest(r.Source())
			if err != nil || again.Operation != r.Operation || string(again.Body) != string(r.Body) {
				t.Fatalf("%q reads as %q, %v", r.Source(), again.Body, err)
			}
		}
	})
}
