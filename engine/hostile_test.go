package engine_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/sortkey/sortkey/engine"
	"github.com/sortkey/sortkey/engine/enginetest"
)

// hostile are bodies meant to hurt, with the refusal to expect. They must cost
// little and leave the engine as it was.
func hostile() []struct{ name, operation, body, want string } {
	parens := func(n int) string { return strings.Repeat("(", n) + "a = :a" + strings.Repeat(")", n) }
	request := func(expression string) string {
		return `{"TableName":"Tab","Item":{"pk":{"S":"a"},"sk":{"N":"1"}},"ConditionExpression":"` + expression +
			`","ExpressionAttributeValues":{":a":{"S":"a"}}}`
	}
	const syntax = "SerializationException"
	const tooLong = "ValidationException: Invalid ConditionExpression: Expression size has exceeded the maximum allowed size; expression size: "
	return []struct{ name, operation, body, want string }{
		{"8 MB of [", "PutItem", strings.Repeat("[", 8<<20), syntax},
		{"8 MB of [ in an object", "PutItem", `{"x":` + strings.Repeat("[", 8<<20), syntax},
		{"8 MB of {\"a\":", "PutItem", strings.Repeat(`{"a":`, 8<<20/5), syntax},
		{"balanced and deep, in an unknown member", "PutItem", `{"x":` + strings.Repeat("[", 1<<20) + strings.Repeat("]", 1<<20) + "}", syntax},
		{"a value 100,000 lists deep", "PutItem", `{"TableName":"Tab","Item":{"pk":` + strings.Repeat(`{"L":[`, 100_000), syntax},
		{"a value 60 lists deep", "PutItem", `{"TableName":"Tab","Item":{"x":` + strings.Repeat(`{"L":[`, 60) + strings.Repeat(`]}`, 60) + "}}",
			"ValidationException: Nesting Levels have exceeded supported limits: Attributes in the item have nested levels beyond supported limit"},
		{"8 MB of quotes", "PutItem", strings.Repeat(`"`, 8<<20), syntax},
		{"an unterminated string", "PutItem", `{"TableName":"` + strings.Repeat("a", 1<<20), syntax},
		{"invalid UTF-8 in a value", "PutItem", `{"TableName":"Tab","Item":{"pk":{"S":"` + "\xff" + `"}}}`, syntax},
		{"invalid UTF-8 in a name", "PutItem", `{"TableName":"Tab","Item":{"` + "\xc3" + `":{"S":""}}}`, syntax},
		{"invalid UTF-8 in an expression", "PutItem", request("\xe2\x82"), syntax},
		{"an overlong encoding", "PutItem", `{"TableName":"` + "\xc0\x80" + `"}`, syntax},
		{"a surrogate in UTF-8", "PutItem", `{"TableName":"` + "\xed\xa0\x80" + `"}`, syntax},
		{"200,000 parentheses", "PutItem", request(parens(200_000)), tooLong + "400006"},
		{"2,000 parentheses", "PutItem", request(parens(2000)), "ValidationException: Invalid ConditionExpression: The expression has redundant parentheses;"},
		{"4,090 opening parentheses", "PutItem", request(strings.Repeat("(", 4090)), "?"},
		{"1,000 NOTs", "PutItem", request(strings.Repeat("NOT ", 1000) + "a = :a"), "ValidationException: Invalid ConditionExpression: The expression contains too many operators; operator count: 1001"},
		{"4 MB of expression", "PutItem", request(strings.Repeat("a", 4<<20)), tooLong + "4194304"},
		{"2,000 calls in each other", "PutItem", request(strings.Repeat("a(", 2000)), "?"},
		{"1,000 dereferences", "PutItem", request("a" + strings.Repeat("[0]", 1000) + " = :a"), "ValidationException: Invalid ConditionExpression: The document path has too many nesting elements; nesting levels: 1001"},
		{"a 17 MB item", "PutItem", `{"TableName":"Tab","Item":{"pk":{"S":"a"},"sk":{"N":"1"},"x":{"S":"` + strings.Repeat("x", 17<<20) + `"}}}`,
			"ValidationException: Item size has exceeded the maximum allowed size"},
		{"17 MB of members", "PutItem", `{"TableName":"Tab","Item":{"pk":{"S":"a"},"sk":{"N":"1"}` + strings.Repeat(`,"x":{"S":""}`, 17<<20/13) + `}}`, "200"},
		{"a number of a million digits", "PutItem", `{"TableName":"Tab","Item":{"pk":{"S":"a"},"sk":{"N":"` + strings.Repeat("9", 1<<20) + `"}}}`, "?"},
		{"a number with a huge exponent", "PutItem", `{"TableName":"Tab","Item":{"pk":{"S":"a"},"sk":{"N":"1e99999999999999999999"}}}`,
			"ValidationException: Number overflow. Attempting to store a number with magnitude larger than supported range"},
		{"a limit of 400 digits", "Scan", `{"TableName":"Tab","Limit":-` + strings.Repeat("9", 400) + `}`,
			"ValidationException: 1 validation error detected: Value '-9223372036854775808' at 'limit' failed to satisfy constraint: Member must have value greater than or equal to 1"},
		{"a limit like 1e1000000", "Scan", `{"TableName":"Tab","Limit":1e1000000}`, "200"},
		{"a set of 100,000 equal strings", "PutItem", `{"TableName":"Tab","Item":{"pk":{"SS":["x"` + strings.Repeat(`,"x"`, 100_000) + `]}}}`, "?"},
		{"200,000 placeholders", "PutItem", `{"TableName":"Tab","Item":{"pk":{"S":"a"},"sk":{"N":"1"}},"ConditionExpression":"a = :a","ExpressionAttributeValues":{` + many(200_000, `":a%d":{"S":"x"}`) + `}}`, "?"},
		{"200,000 key schema elements", "CreateTable", `{"TableName":"abc","AttributeDefinitions":[],"KeySchema":[{}` + strings.Repeat(",{}", 200_000) + `]}`, "?"},
		{"200,000 segments' worth of nothing", "Scan", `{"TableName":"Tab","TotalSegments":1000000,"Segment":999999}`, "200"},
	}
}

func many(n int, format string) string {
	var s strings.Builder
	for i := range n {
		if i > 0 {
			s.WriteByte(',')
		}
		fmt.Fprintf(&s, format, i)
	}
	return s.String()
}

func TestHostileBodies(t *testing.T) {
	f := enginetest.New(t)
	f.Must("CreateTable", indexed)
	for _, c := range hostile() {
		t.Run(c.name, func(t *testing.T) {
			if c.want == "200" {
				f.Must(c.operation, c.body)
				return
			}
			before := f.StateHash()
			got := f.Refused(c.operation, c.body)
			if c.want == "?" {
				t.Logf("%.300s", got)
			} else if got != c.want {
				t.Errorf("got %.300s\nwant %s", got, c.want)
			}
			if f.StateHash() != before {
				t.Error("the state has changed")
			}
		})
	}
	f.Must("DescribeTable", `{"TableName":"Tab"}`)
}

// TestAwkwardNames stores names that mean something to gjson, JSON or the
// expressions, and reaches each of them by every road.
func TestAwkwardNames(t *testing.T) {
	names := []string{
		"a.b", "@reverse", "@this", "*", "?", "#", "|", "a|b", "..#", "a\\.b", "\\", `"`, `a"b`, "{", "[0]", "0", "-1", "!", "~", "", "é", "\u0000", "\u2028", "😀",
		"@pretty:{}", "a.#(b==1)", ":a", "#a", "S", "M", "pk.x", strings.Repeat("n", 65535),
	}
	f := enginetest.New(t)
	f.Must("CreateTable", plain)
	for i, name := range names {
		if name == "" {
			continue
		}
		quoted := string(mustJSON(t, name))
		key := fmt.Sprintf(`{"pk":{"S":"a"},"sk":{"N":"%d"}}`, i)
		value := fmt.Sprintf(`{"M":{%s:{"L":[{"N":"%d"}]}}}`, quoted, i)
		f.Must("PutItem", fmt.Sprintf(`{"TableName":"Tab","Item":{"pk":{"S":"a"},"sk":{"N":"%d"},%s:%s}}`, i, quoted, value))
		f.Must("UpdateItem", fmt.Sprintf(`{"TableName":"Tab","Key":%s,"UpdateExpression":"SET #n.#n[1] = :v","ConditionExpression":"#n.#n[0] = :v AND attribute_not_exists(#n.#n[1])",
			"ExpressionAttributeNames":{"#n":%s},"ExpressionAttributeValues":{":v":{"N":"%d"}}}`, key, quoted, i))
		got := f.Must("GetItem", fmt.Sprintf(`{"TableName":"Tab","Key":%s,"ProjectionExpression":"#n.#n[1]","ExpressionAttributeNames":{"#n":%s}}`, key, quoted))
		var reply struct {
			Item map[string]struct {
				M map[string]struct{ L []struct{ N string } }
			}
		}
		if err := json.Unmarshal([]byte(got), &reply); err != nil {
			t.Fatal(err)
		}
		if list := reply.Item[name].M[name].L; len(reply.Item) != 1 || len(list) != 1 || list[0].N != fmt.Sprint(i) {
			t.Errorf("%.40q came back as %.200s", name, got)
		}
		var page pageReply
		f.Into(&page, "Scan", fmt.Sprintf(`{"TableName":"Tab","FilterExpression":"attribute_exists(#n)","ExpressionAttributeNames":{"#n":%s}}`, quoted))
		if page.Count != 1 {
			t.Errorf("%.40q is found in %d items", name, page.Count)
		}
	}
}

func mustJSON(t *testing.T, v any) []byte {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// FuzzHandle: whatever the body, the reply is JSON or has no table's contents
// spoilt, and there is no bug behind it.
func FuzzHandle(f *testing.F) {
	for _, c := range hostile() {
		if len(c.body) < 4096 {
			f.Add(c.operation, c.body)
		}
	}
	for _, s := range enginetest.Generate(1, 200).Steps {
		if s.IsCall() {
			f.Add(engine.Operation(s.Call.Target), strings.ReplaceAll(string(s.Call.Body), "Table0", "Tab"))
		}
	}
	for operation, body := range map[string]string{
		"PutItem":      `{"TableName":"Tab","Item":{"pk":{"S":"p1"},"sk":{"N":"1"}},"Expected":{"g":{"ComparisonOperator":"IN","AttributeValueList":[{"S":"a"}]},"r":{"Exists":false}},"ConditionalOperator":"OR"}`,
		"UpdateItem":   `{"TableName":"Tab","Key":{"pk":{"S":"p1"},"sk":{"N":"1"}},"AttributeUpdates":{"l":{"Action":"ADD","Value":{"L":[]}},"r":{"Action":"DELETE"},"n":{"Value":{"NS":["1"]}}}}`,
		"Query":        `{"TableName":"Tab","KeyConditions":{"pk":{"ComparisonOperator":"EQ","AttributeValueList":[{"S":"p1"}]},"sk":{"ComparisonOperator":"BETWEEN","AttributeValueList":[{"N":"1"},{"N":"2"}]}},"QueryFilter":{"g":{"ComparisonOperator":"NOT_CONTAINS","AttributeValueList":[{"S":"p"}]}}}`,
		"Scan":         `{"TableName":"Tab","ScanFilter":{"m":{"ComparisonOperator":"NULL"}},"AttributesToGet":["a","b"]}`,
		"BatchGetItem": `{"RequestItems":{"Tab":{"Keys":[{"pk":{"S":"p1"},"sk":{"N":"1"}}],"AttributesToGet":["g"]}}}`,
	} {
		f.Add(operation, body)
	}
	f.Fuzz(func(t *testing.T, operation, body string) {
		x := enginetest.New(t)
		x.Must("CreateTable", indexed)
		x.Must("PutItem", `{"TableName":"Tab","Item":{"pk":{"S":"p1"},"sk":{"N":"1"},"g":{"S":"red"},"r":{"N":"1"},"l":{"L":[]},"m":{"M":{}}}}`)
		before := x.StateHash()
		r := x.Do(operation, body)
		if !json.Valid(r.Body) || !utf8.Valid(r.Body) {
			t.Fatalf("%d %q", r.Status, r.Body)
		}
		if r.Status != 200 && x.StateHash() != before {
			t.Errorf("refused with %s, and changed the state", r.Body)
		}
	})
}
