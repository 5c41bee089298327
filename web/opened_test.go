package web

import (
	"fmt"
	"strings"
	"testing"

	"github.com/sortkey/sortkey/engine/scenario"
)

const openedHead = "---\nsortkey: 1\ntitle: From elsewhere\nseed: 3\n---\n\n"

const openedTable = `CreateTable {
  TableName: "Things", BillingMode: "PAY_PER_REQUEST",
  AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
  KeySchema: [{ AttributeName: "id", KeyType: "HASH" }]
}
`

func openDesk(t *testing.T, text string) *Desk {
	t.Helper()
	doc, err := scenario.Parse([]byte(openedHead + text))
	if err != nil {
		t.Fatal(err)
	}
	d, err := Opened(Config{}, doc, scenario.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// Who opens somebody else's scenario sees what was run in it, and its last
// request on the desk.
func TestOpened(t *testing.T) {
	page := get(t, openDesk(t, "```dynamodb\n"+openedTable+`PutItem { TableName: "Things", Item: { id: { S: "a" } } }`+"\n```\n\n```clock\nadvance 1h\nadvance 0s\n```\n"), "/")
	holds(t, page, "From elsewhere", "Opened from a link or file", "CreateTable", "PutItem on Things", "Clock advanced by 1 hour", `value="requests"`)
	if n := strings.Count(page, `<tr class="step">`); n != 1 {
		t.Errorf("%d steps of the clock are listed, want 1", n)
	}
	holds(t, get(t, openDesk(t, ""), "/"), "An empty workspace")
}

// A request that only reads is run at once; one that writes waits in the
// editor.
func TestOpenedView(t *testing.T) {
	things := "```dynamodb\n" + openedTable + "```\n\n```view\n"
	holds(t, get(t, openDesk(t, things+`Scan { TableName: "Things" }`+"\n```\n"), "/"), "Scan on Things", "0 returned")
	page := get(t, openDesk(t, things+`DeleteTable { TableName: "Things" }`+"\n```\n"), "/")
	holds(t, page, "DeleteTable", `<span class="table">Things</span>`)
	holds(t, get(t, openDesk(t, things+`Scan { TableName: `+"\n```\n"), "/"), "Scan { TableName:")
}

// Long scenarios are listed from their end.
func TestOpenedLong(t *testing.T) {
	var b strings.Builder
	for i := range 60 {
		fmt.Fprintf(&b, "PutItem { TableName: \"Things\", Item: { id: { S: \"n%d\" } } }\n", i)
	}
	page := get(t, openDesk(t, "```dynamodb\n"+openedTable+b.String()+"```\n"), "/")
	if n := strings.Count(page, `id="entry-`); n != maxOpened {
		t.Errorf("%d requests are listed, want %d", n, maxOpened)
	}
	holds(t, page, ">60<span class=\"vh\">items")
}

// As long as nothing has changed, what is shared on is the document itself.
func TestSharedOnUnchanged(t *testing.T) {
	d := openDesk(t, "Words.\n\n```dynamodb\n"+openedTable+"```\n\n```view table=Things\nScan { TableName: \"Things\" }\n```\n")
	file := func(form ...string) string { return post(t, d, "/desk/file", form...) }
	if got := file("title", "From elsewhere", "text", "Scan { TableName: \"Things\" }"); got != string(d.ws.base.Text()) {
		t.Errorf("what was opened is shared on as\n%s", got)
	}
	if got := file("title", "Mine", "text", "Scan { TableName: \"Things\" }"); !strings.Contains(got, "title: Mine") || !strings.Contains(got, "Words.") {
		t.Errorf("with another title it is\n%s", got)
	}
}

func TestOpenedWithinLimits(t *testing.T) {
	doc, err := scenario.Parse([]byte(openedHead + "```dynamodb\n" + openedTable + "```\n\n```view\nScan { TableName: \"Things\" }\n```\n"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Opened(Config{}, doc, scenario.Limits{Steps: 2}); err != nil {
		t.Errorf("the document and its view: %v", err)
	}
	if _, err := Opened(Config{}, doc, scenario.Limits{Steps: 1}); err == nil {
		t.Error("the request in the view is not counted")
	}
}

func TestPreview(t *testing.T) {
	p := openDesk(t, "```dynamodb\n"+openedTable+"```\n\n```view\nScan { TableName: \"Things\" }\n```\n").Preview()
	if got := p.String(); got != "1 table, 0 items. Scan on Things: 0 returned, 0 read, 2.0 units." {
		t.Error(got)
	}
	if p.Tables[0] != (PreviewTable{"Things", "id", "0 items"}) || p.More(0) != "and 1 more table" {
		t.Errorf("%+v, %s", p, p.More(0))
	}
}
