package web

import (
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/sortkey/sortkey/engine"
)

// get and post ask a desk as the page does.
func get(t *testing.T, d *Desk, path string) string {
	t.Helper()
	a := d.Serve("GET", path, nil)
	if a.Status != 200 {
		t.Fatalf("GET %s: %d %s", path, a.Status, a.Body)
	}
	return string(a.Body)
}

func try(d *Desk, path string, form ...string) (int, string) {
	values := url.Values{}
	for i := 0; i+1 < len(form); i += 2 {
		values.Set(form[i], form[i+1])
	}
	a := d.Serve("POST", path, []byte(values.Encode()))
	return a.Status, string(a.Body)
}

func post(t *testing.T, d *Desk, path string, form ...string) string {
	t.Helper()
	code, body := try(d, path, form...)
	if code != 200 {
		t.Fatalf("POST %s: %d %s", path, code, body)
	}
	return body
}

var tags = regexp.MustCompile(`<[^>]*>`)

// text is the page without its tags, white space folded.
func text(page string) string {
	return strings.Join(strings.Fields(tags.ReplaceAllString(page, " ")), " ")
}

func holds(t *testing.T, page string, wants ...string) {
	t.Helper()
	plain := text(page)
	for _, want := range wants {
		if !strings.Contains(plain, want) && !strings.Contains(page, want) {
			t.Errorf("the page lacks %q:\n%s", want, plain)
		}
	}
}

func TestFirstScreen(t *testing.T) {
	d := New(Config{Assets: map[string]string{"desk.css": "assets/desk.1.css"}})
	page := get(t, d, "/")
	holds(t, page, "assets/desk.1.css", "Record shop", "5 returned", "7 read", "4,248 B", "1.0 RRU", "$0.125",
		"Item collection CUSTOMER#c-1042", "read, not returned", "3 items before the range, not read", "1 item after the range",
		"without them it would be 3,147 B and 0.5", "The partition key has one value, and the sort key is restricted")
	took := d.ws.shown.reply.Took
	if took < 3*time.Millisecond { // the base of a Query
		t.Errorf("the Query took %v", took)
	}
	holds(t, page, "Simulated service time <b>"+span(took)+"</b>")
	if again := get(t, New(Config{Assets: map[string]string{"desk.css": "assets/desk.1.css"}}), "/"); again != page {
		t.Error("two desks render different first pages")
	}
	if main := get(t, New(Config{}), "/desk"); !strings.Contains(page, main) {
		t.Error("the worker's desk is not what the page was built with")
	}
	for _, banned := range []string{"style=", "onclick", "hx-on", "javascript:", "<script>"} {
		if strings.Contains(page, banned) {
			t.Errorf("the page has %q, which its policy forbids", banned)
		}
	}
}

func TestRunEveryOperation(t *testing.T) {
	d := New(Config{})
	for _, c := range []struct {
		run   string
		wants []string
	}{
		{`ListTables {}`, []string{"Music", "Sessions", "Shop", "free"}},
		{`DescribeTable { TableName: "Shop" }`, []string{"ACTIVE", "Partition key PK S", "Global index byStatus", "not metered"}},
		{`GetItem { TableName: "Shop", Key: { PK: { S: "CUSTOMER#c-1042" }, SK: { S: "PROFILE" } } }`, []string{"1 returned", "A GetItem pays for the whole item"}},
		{`GetItem { TableName: "Shop", Key: { PK: { S: "nobody" }, SK: { S: "x" } } }`, []string{"0 returned", "There is no such item"}},
		{`PutItem { TableName: "Shop", Item: { PK: { S: "n" }, SK: { S: "1" }, status: { S: "NEW" }, placedAt: { S: "2026" } } }`,
			[]string{"Item added.", "byStatus", "byTotal", "the item has no total", "2.0", "write request units"}},
		{`UpdateItem { TableName: "Shop", Key: { PK: { S: "n" }, SK: { S: "1" } }, UpdateExpression: "SET #s = :s", ExpressionAttributeNames: { "#s": "status" }, ExpressionAttributeValues: { ":s": { S: "OLD" } }, ReturnValues: "ALL_NEW" }`,
			[]string{"Item changed.", "NEW, 2026 → OLD, 2026", "two writes", "Returned"}},
		{`UpdateItem { TableName: "Shop", Key: { PK: { S: "n" }, SK: { S: "1" } }, ConditionExpression: "attribute_exists(nope)" }`,
			[]string{"ConditionalCheckFailedException", "condition failed", "costs a write all the same"}},
		{`DeleteItem { TableName: "Shop", Key: { PK: { S: "n" }, SK: { S: "1" } } }`, []string{"Item removed."}},
		{`Scan { TableName: "Shop", Limit: 2 }`, []string{"2 returned", "More pages: LastEvaluatedKey", "ExclusiveStartKey", "Next page"}},
		{`Query { TableName: "Shop", IndexName: "byStatus", KeyConditionExpression: "#s = :s", ExpressionAttributeNames: { "#s": "status" }, ExpressionAttributeValues: { ":s": { S: "SHIPPED" } } }`,
			[]string{"Query on Shop, byStatus.", "not on a GSI"}},
		{`CreateTable { TableName: "New1", BillingMode: "PAY_PER_REQUEST", AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }], KeySchema: [{ AttributeName: "id", KeyType: "HASH" }] }`,
			[]string{"New1", "on demand"}},
		{`BatchWriteItem { RequestItems: { Shop: [{ PutRequest: { Item: { PK: { S: "b" }, SK: { S: "1" } } } }] } }`, []string{"BatchWriteItem", "each on its own"}},
		{`TransactGetItems { TransactItems: [{ Get: { TableName: "Shop", Key: { PK: { S: "b" }, SK: { S: "1" } } } }] }`, []string{"2.0", "in a transaction", "× 2", "twice"}},
		{`DeleteTable { TableName: "New1" }`, []string{"removed"}},
		{`Scan { TableName: "New1" }`, []string{"ResourceNotFoundException", "Requested resource not found", "There is no table New1"}},
		{`ExecuteStatement {}`, []string{"Sortkey does not serve ExecuteStatement yet"}},
		{`Query { TableName: "Shop" `, []string{"This is no request yet", "line 1", "not sent"}},
		{``, []string{"This is no request yet"}},
	} {
		holds(t, post(t, d, "/desk/run", "text", c.run), c.wants...)
	}
}

func TestReservedWordIsFixedInPlace(t *testing.T) {
	d := New(Config{})
	page := post(t, d, "/desk/run", "text", `Scan { TableName: "Shop", // all of it
  FilterExpression: "total > :n AND status = :s",
  ExpressionAttributeValues: { ":s": { S: "SHIPPED" }, ":n": { N: "1" } } }`)
	holds(t, page, "Attribute name is a reserved keyword; reserved keyword: total", "Use #total", "One problem, line 2.", "Scan on Shop.")
	for _, word := range []string{"total", "status"} {
		fix := regexp.MustCompile(`(?s)name="text" value="([^"]*)">Use #` + word).FindStringSubmatch(page)
		if fix == nil {
			t.Fatalf("no fix for %s in %s", word, page)
		}
		page = post(t, d, "/desk/run", "replace", "1", "text", unescape(fix[1]))
	}
	holds(t, page, "// all of it", "#total", "returned")
}

func unescape(s string) string {
	return strings.NewReplacer("&#34;", `"`, "&#39;", "'", "&lt;", "<", "&gt;", ">", "&amp;", "&").Replace(s)
}

func TestSeveralRequestsRunUntilOneFails(t *testing.T) {
	d := New(Config{})
	post(t, d, "/desk/new")
	page := post(t, d, "/desk/run", "dock", "requests", "text", `CreateTable { TableName: "Abc", BillingMode: "PAY_PER_REQUEST", AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }], KeySchema: [{ AttributeName: "id", KeyType: "HASH" }] }
PutItem { TableName: "Abc", Item: { id: { S: "1" } } }
PutItem { TableName: "Abc", Item: {} }
PutItem { TableName: "Abc", Item: { id: { S: "2" } } }`)
	holds(t, page, "Missing the key id in the item", "3 requests")
	holds(t, post(t, d, "/desk/run", "text", `Scan { TableName: "Abc" }`), "1 returned")
}

func TestHostEngineIsNotReplaced(t *testing.T) {
	e := engine.New(engine.Options{})
	d := New(Config{Engine: e})
	for _, path := range []string{"/desk/new", "/desk/example", "/desk/clock", "/desk/undo", "/desk/goto/0", "/desk/link", "/desk/open"} {
		if code, _ := try(d, path, "by", "60", "name", "record-shop", "file", "---\nsortkey: 1\n---\n"); code == 200 {
			t.Errorf("%s was allowed on a host's engine", path)
		}
	}
	post(t, d, "/desk/run", "text", `CreateTable { TableName: "Abc", BillingMode: "PAY_PER_REQUEST", AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }], KeySchema: [{ AttributeName: "id", KeyType: "HASH" }] }`)
	if got := e.Tables(""); len(got) != 1 {
		t.Errorf("the host's engine has %d tables", len(got))
	}
	if page := get(t, d, "/"); strings.Contains(page, "desk/new") {
		t.Error("the page offers New on a host's engine")
	}
}

func TestBadFormsLoseNothing(t *testing.T) {
	d := New(Config{})
	before := d.ws.engine.StateHash()
	for _, c := range [][]string{
		{"/desk/run", "text", strings.Repeat("[", 3<<20)},
		{"/desk/run", "text", "Query {" + strings.Repeat("(", 200_000)},
		{"/desk/run", "text", "Query { TableName: \"\xff\" }"},
		{"/desk/clock", "by", "-5"}, {"/desk/clock", "by", "x"}, {"/desk/clock", "by", "99999999999"},
		{"/desk/goto/77"}, {"/desk/goto/-1"}, {"/desk/redo"}, {"/desk/undo"}, {"/desk/undo-new"}, {"/desk/example", "name", "../x"},
		{"/desk/open"}, {"/desk/open", "link", "1.AAAA"}, {"/desk/open", "link", "9.AAAA"}, {"/desk/open", "file", "no scenario"},
		{"/desk/nothing"}, {"/desk/show/1"},
	} {
		if code, body := try(d, c[0], c[1:]...); code >= 500 || body == "" {
			t.Errorf("%.60q: %d %s", c, code, body)
		}
	}
	if d.ws.engine.StateHash() != before {
		t.Error("a bad form changed the state")
	}
}

func TestDockShowsTheOutcomeAskedFor(t *testing.T) {
	d := New(Config{})
	post(t, d, "/desk/run", "text", `GetItem { TableName: "Music", Key: { Artist: { S: "none" }, SongTitle: { S: "x" } } }`)
	holds(t, get(t, d, "/desk/dock/wire?outcome=1"), "DynamoDB_20120810.Query")
	holds(t, get(t, d, "/desk/dock/wire?outcome=2"), "DynamoDB_20120810.GetItem")
	post(t, d, "/desk/new")
	for _, tab := range []string{"btree", "changes", "requests", "wire"} {
		get(t, d, "/desk/dock/"+tab+"?outcome=0")
	}
}

func TestManyRowsAreTurnedThrough(t *testing.T) {
	d := New(Config{})
	for i := range 40 {
		var b strings.Builder
		b.WriteString("BatchWriteItem { RequestItems: { Sessions: [")
		for j := range 25 {
			fmt.Fprintf(&b, `{ PutRequest: { Item: { id: { S: "row-%04d" } } } },`, 25*i+j)
		}
		post(t, d, "/desk/run", "text", b.String()+"] } }")
	}
	page := post(t, d, "/desk/run", "text", `Scan { TableName: "Sessions" }`)
	holds(t, page, "Rows 1 to 500 of 1,005 that were read", "Next rows", "1,005 read")
	seen := map[string]bool{}
	for _, from := range []string{"0", "500", "1000"} {
		for _, view := range []string{"table", "items"} {
			page := get(t, d, "/desk/outcome/42?view="+view+"&from="+from)
			for _, id := range regexp.MustCompile(`row-\d{4}`).FindAllString(page, -1) {
				seen[view+id] = true
			}
		}
	}
	if len(seen) != 2000 {
		t.Errorf("of 1,000 rows in two views, %d can be reached", len(seen))
	}
	for _, from := range []string{"-5", "99999", "x"} {
		get(t, d, "/desk/outcome/42?view=table&from="+from)
	}
}

func TestUnknownMembersAreNamed(t *testing.T) {
	page := post(t, New(Config{}), "/desk/run", "text", `Scan { TableName: "Shop", Filter: "x", Limit: 1 }`)
	holds(t, page, "Not known to Scan and ignored: Filter.", "1 returned")
}

// What an SDK in the page writes stays, also where the request is too large
// for the editor's notation.
func TestLargeCallsStay(t *testing.T) {
	d := New(Config{})
	var items []string
	for i := range 4 {
		items = append(items, fmt.Sprintf(`{"PutRequest":{"Item":{"id":{"S":"big%d"},"noise":{"S":"%s"}}}}`, i, strings.Repeat("x", 300_000)))
	}
	body := `{"RequestItems":{"Sessions":[` + strings.Join(items, ",") + `]}}`
	if r := d.Handle(engine.Call{Target: engine.Target("BatchWriteItem"), Body: []byte(body)}); r.Status != 200 {
		t.Fatalf("%s", r.Body)
	}
	holds(t, post(t, d, "/desk/run", "text", `GetItem { TableName: "Sessions", Key: { id: { S: "big3" } } }`), "1 returned")
	if r := d.Handle(engine.Call{Target: engine.Target("ListTables"), Region: "eu-west-1", Body: []byte("{}")}); string(r.Body) != `{"TableNames":[]}` {
		t.Errorf("another region has %s", r.Body)
	}
	if k := d.Keep(); len(k.Lines) < len(body) {
		t.Error("the write is not to be stored")
	}
}

// A template for names that Go would quote otherwise than JSON.
func TestTemplateQuotesAsJSON(t *testing.T) {
	d := New(Config{})
	post(t, d, "/desk/new")
	post(t, d, "/desk/run", "text", `CreateTable { TableName: "Odd", BillingMode: "PAY_PER_REQUEST", AttributeDefinitions: [{ AttributeName: "a\u0001\u0007b", AttributeType: "S" }], KeySchema: [{ AttributeName: "a\u0001\u0007b", KeyType: "HASH" }] }`)
	text := get(t, d, "/desk/template?op=GetItem&table=Odd")
	holds(t, post(t, d, "/desk/run", "text", text), "There is no such item")
}
