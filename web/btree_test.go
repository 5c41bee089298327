package web

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/sortkey/sortkey/components"
	"github.com/sortkey/sortkey/engine"
)

// TestFirstTree: the first screen shows the tree of the request already run.
func TestFirstTree(t *testing.T) {
	page := get(t, New(Config{}), "/")
	holds(t, page, "B-tree of table Shop: 2 levels, 8 nodes, 34 items. The search goes from the root to leaf 4 and reads 7 neighbouring keys.",
		"4 nodes", "7 comparisons to the first key", "7 keys in order", "Root, from the first key in the range",
		"ORDER#2026-05-29#5877 before the range leaf 4", "ORDER#2026-09-07#7702 553 B, filtered out", "PROFILE after the range, stop",
		"leaf 4 , 4 keys: the place is behind the last", `aria-pressed="true">Shop`, "hash a837")
}

const (
	moveOrder = `UpdateItem { TableName: "Shop", Key: { PK: { S: "CUSTOMER#c-1042" }, SK: { S: "ORDER#2026-08-03#7316" } },
		UpdateExpression: "SET #s = :s REMOVE #t", ExpressionAttributeNames: { "#s": "status", "#t": "total" }, ExpressionAttributeValues: { ":s": { S: "RETURNED" } } }`
	dropProfile = `DeleteItem { TableName: "Shop", Key: { PK: { S: "CUSTOMER#c-1042" }, SK: { S: "PROFILE" } } }`
)

// TestTreeOfWrites: the trees of a write, each after and before it, and what
// became of it in every index.
func TestTreeOfWrites(t *testing.T) {
	d := New(Config{})
	page := post(t, d, "/desk/run", "text", moveOrder)
	holds(t, page, "Shop changed", "byStatus moved", "byTotal removed", "item changed", "Root, item changed")
	page = get(t, d, "/desk/dock/btree?tree=byStatus")
	holds(t, page, "B-tree of index byStatus: 2 levels, 4 nodes, 15 entries.", "entry moved", "RETURNED 2026-08-03T18:22:41Z 638 B, moved",
		"DELIVERED 2026-08-03T18:22:41Z was here", `class="tick gone"`)
	page = get(t, d, "/desk/dock/btree?tree=byStatus&side=before")
	holds(t, page, "B-tree of index byStatus before the write", "DELIVERED 2026-08-03T18:22:41Z 647 B, will move", `aria-pressed="true">before`)
	if strings.Contains(page, "tick gone") {
		t.Error("nothing has gone yet before the write")
	}
	page = get(t, d, "/desk/dock/btree?tree=byTotal")
	holds(t, page, "14 entries", "entry removed", "was here")

	page = post(t, d, "/desk/run", "text", dropProfile)
	holds(t, page, "Shop removed", "byStatus absent", "byTotal absent", "33 items", "CUSTOMER#c-1042 PROFILE was here")
	page = get(t, d, "/desk/dock/btree?side=before")
	holds(t, page, "34 items", "PROFILE", "B, will go")
	holds(t, get(t, d, "/desk/dock/btree?tree=byStatus"), "The request has not touched it.")
	page = post(t, d, "/desk/run", "text", dropProfile)
	holds(t, page, "Shop absent", "no item here")
}

// TestTreeOfReads: every way of reading has its words.
func TestTreeOfReads(t *testing.T) {
	cases := []struct {
		name, text string
		want       []string
	}{
		{"found", `GetItem { TableName: "Shop", Key: { PK: { S: "CUSTOMER#c-1042" }, SK: { S: "PROFILE" } } }`,
			[]string{"comparisons", "the place of the key", "to leaf 6."}},
		{"missing", `GetItem { TableName: "Shop", Key: { PK: { S: "CUSTOMER#c-1042" }, SK: { S: "NOPE" } } }`, []string{"no such key", "2 nodes"}},
		{"a scan", `Scan { TableName: "Shop" }`, []string{"8 nodes", "34 keys in order", "from the first key on"}},
		{"a page", `Scan { TableName: "Shop", Limit: 3 }`, []string{"3 keys in order", "not read: the page is full"}},
		{"a segment", `Scan { TableName: "Shop", Segment: 1, TotalSegments: 4 }`, []string{"before the segment", "after the segment, stop"}},
		{"backwards", `Query { TableName: "Shop", IndexName: "byStatus", KeyConditionExpression: "#s = :s", ScanIndexForward: false,
			ExpressionAttributeNames: { "#s": "status" }, ExpressionAttributeValues: { ":s": { S: "DELIVERED" } } }`,
			[]string{"B-tree of index byStatus", "from the last key in the range, backwards", "other collection", "byStatus read"}},
		{"one key", `Query { TableName: "Shop", KeyConditionExpression: "PK = :p AND SK = :s", ExpressionAttributeValues: { ":p": { S: "CUSTOMER#c-1042" }, ":s": { S: "PROFILE" } } }`,
			[]string{"the keys that are equal", "1 key in order"}},
		{"none", `Query { TableName: "Shop", KeyConditionExpression: "PK = :p", ExpressionAttributeValues: { ":p": { S: "NOBODY" } } }`,
			[]string{"no such key", "0 keys in order"}},
		{"condition failed", `DeleteItem { TableName: "Shop", Key: { PK: { S: "CUSTOMER#c-1042" }, SK: { S: "PROFILE" } }, ConditionExpression: "attribute_not_exists(PK)" }`,
			[]string{"Shop not written", "condition failed", "left as it is"}},
		{"refused", `Query { TableName: "Shop", KeyConditionExpression: "nope = :p", ExpressionAttributeValues: { ":p": { S: "x" } } }`,
			[]string{"The request was refused before it reached the tree.", "34 items", "34 items. The request was refused"}},
		{"no table", `Query { TableName: "Nope", KeyConditionExpression: "a = :p", ExpressionAttributeValues: { ":p": { S: "x" } } }`,
			[]string{"The request was refused before it reached the tree."}},
		{"about tables", `DescribeTable { TableName: "Music" }`, []string{"B-tree of table Music", "has not touched it"}},
		{"no one table", `ListTables {}`, []string{"ListTables reaches no tree."}},
		{"several items", `BatchGetItem { RequestItems: { Shop: { Keys: [{ PK: { S: "CUSTOMER#c-1042" }, SK: { S: "PROFILE" } }] } } }`,
			[]string{"BatchGetItem works on several items; what it did in the trees is not drawn."}},
		{"no request", `Query {`, []string{"The text is no request yet, so it has reached no tree."}},
		{"a new table", `CreateTable { TableName: "Abc", BillingMode: "PAY_PER_REQUEST", AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }], KeySchema: [{ AttributeName: "id", KeyType: "HASH" }] }`,
			[]string{firstItem}},
		{"its first item", `PutItem { TableName: "Abc", Item: { id: { S: "<b>" } } }`, []string{"1 level, 1 node, 1 item", "item added", "&lt;b&gt;"}},
		{"and its last", `DeleteItem { TableName: "Abc", Key: { id: { S: "<b>" } } }`, []string{"This tree is empty."}},
		{"a table gone", `DeleteTable { TableName: "Abc" }`, []string{"The table is gone, and its trees with it."}},
	}
	d := New(Config{})
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			holds(t, post(t, d, "/desk/run", "text", c.text), c.want...)
		})
	}
	holds(t, post(t, d, "/desk/new"), firstItem)
}

// TestTreeStays: an earlier request shows the tree as it was then.
func TestTreeStays(t *testing.T) {
	d := New(Config{})
	sheet := regexp.MustCompile(`(?s)<div id="dock-sheet".*</section>`)
	was := sheet.FindString(get(t, d, "/desk/dock/btree"))
	for i := range 20 {
		post(t, d, "/desk/run", "text", fmt.Sprintf(`PutItem { TableName: "Shop", Item: { PK: { S: "CUSTOMER#c-1042" }, SK: { S: "ORDER#2026-09-%d" } } }`, i))
	}
	if again := sheet.FindString(post(t, d, "/desk/run", "text", `ListTables {}`)); again == was {
		t.Fatal("the dock has not changed")
	}
	if again := sheet.FindString(get(t, d, "/desk/show/1")); again != was {
		t.Errorf("request 1 shows another tree now:\n%s", text(again))
	}
}

// TestTreePicks: what a button of the sheet asks for is what it names, even in
// a table with an index of the table's own name.
func TestTreePicks(t *testing.T) {
	d := New(Config{})
	post(t, d, "/desk/run", "text", `CreateTable { TableName: "Twin", BillingMode: "PAY_PER_REQUEST", AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }, { AttributeName: "x", AttributeType: "S" }],
		KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
		GlobalSecondaryIndexes: [{ IndexName: "Twin", KeySchema: [{ AttributeName: "x", KeyType: "HASH" }], Projection: { ProjectionType: "KEYS_ONLY" } }] }
PutItem { TableName: "Twin", Item: { id: { S: "1" } } }`)
	page := get(t, d, "/desk/dock/btree")
	urls := regexp.MustCompile(`id="tree-\d" hx-get="([^"]*)"`).FindAllStringSubmatch(page, -1)
	if len(urls) != 2 {
		t.Fatalf("%d trees are offered: %v", len(urls), urls)
	}
	ask := func(i int) string { return get(t, d, "/"+strings.ReplaceAll(urls[i][1], "&amp;", "&")) }
	holds(t, ask(0), "B-tree of table Twin: 1 level, 1 node, 1 item.", `id="tree-0" hx-get="`+urls[0][1]+`" hx-include="" aria-pressed="true"`)
	holds(t, ask(1), "No item has the key attributes of this index: it is empty.", "Twin absent")
	holds(t, get(t, d, "/desk/dock/btree?tree=nope"), "B-tree of table Twin")
}

// TestTreeOfThousands: a large table is folded and says so; what the listing
// leaves out is counted.
func TestTreeOfThousands(t *testing.T) {
	ws := emptyWorkspace(nil)
	ws.run(`CreateTable { TableName: "Big", BillingMode: "PAY_PER_REQUEST", AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }], KeySchema: [{ AttributeName: "id", KeyType: "HASH" }] }`)
	for i := range 3000 {
		ws.engine.Handle(engine.Call{Target: engine.Target("PutItem"), Body: fmt.Appendf(nil, `{"TableName":"Big","Item":{"id":{"S":"i%d"}}}`, i)})
	}
	tree, facts := treeOf(ws.run(`Scan { TableName: "Big" }`), "", "")
	var html strings.Builder
	dock := components.Desk{Dock: components.Dock{Tree: tree, Facts: facts}}
	if err := components.DeskUpdate(dock, components.PartDock).Render(t.Context(), &html); err != nil {
		t.Fatal(err)
	}
	holds(t, html.String(), "3,000 keys in order", "dashed: ", "2,956 more", "3,000 items")
	if html.Len() > 60_000 {
		t.Errorf("the dock is %d bytes long", html.Len())
	}
}
