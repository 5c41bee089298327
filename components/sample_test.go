package components

import "strings"

// Samples of desks, one for each state a page can be in. They are drawn to be
// looked at (go test ./components -run Pages -pages DIR) and held by goldens.

const sampleQuery = `Query {
  TableName: "Shop",
  KeyConditionExpression: "PK = :who AND SK BETWEEN :from AND :to",
  FilterExpression: "#status <> :no",
  ExpressionAttributeNames: { "#status": "status" },
  ExpressionAttributeValues: {
    ":who": { S: "CUSTOMER#c-1042" }, ":no": { S: "CANCELLED" },
    ":from": { S: "ORDER#2026-08" }, ":to": { S: "ORDER#2026-12" },
  }
}`

// runs colours sampleQuery by marks: {k…} and so on would be unreadable, so
// this knows just enough of the notation for a sample.
func sampleRuns(text string) []Run {
	var runs []Run
	add := func(kind, s string) { runs = append(runs, Run{kind, s}) }
	for i, line := range strings.SplitAfter(text, "\n") {
		if op, rest, ok := strings.Cut(line, " "); i == 0 && ok {
			add("operation", op)
			add("", " ")
			line = rest
		}
		quoted := false
		for j, part := range strings.Split(line, `"`) {
			if j > 0 {
				quoted = !quoted
			}
			switch {
			case quoted:
				add("string", `"`+part+`"`)
			case part != "":
				add("key", part)
			}
		}
	}
	return runs
}

func sampleTables() []Table {
	s := func(role Role, name string) Key { return Key{Name: name, Type: "S", Role: role} }
	return []Table{
		{Name: "Shop", Items: "148", Billing: "ON-DEMAND", Touched: true, Look: `Scan { TableName: "Shop" }`,
			Keys: []Key{s(HashKey, "PK"), s(RangeKey, "SK")},
			Indexes: []Index{
				{Name: "byStatus", Kind: "GSI", Items: "71", Lag: "3 changes on their way", Look: `Scan { TableName: "Shop", IndexName: "byStatus" }`,
					Keys: []Key{s(HashKey, "status"), s(RangeKey, "placedAt")}},
				{Name: "byTotal", Kind: "LSI", Items: "71", Look: `Scan { TableName: "Shop", IndexName: "byTotal" }`,
					Keys: []Key{s(HashKey, "PK"), {Name: "total", Type: "N", Role: RangeKey}}},
			}},
		{Name: "Sessions", Items: "312", Billing: "PROVISIONED", Status: "CREATING", Look: `Scan { TableName: "Sessions" }`,
			Keys: []Key{s(HashKey, "id")}},
	}
}

func sampleClock() Clock {
	return Clock{Mode: "FROZEN", Time: "09:41:07", Date: "Sunday 22 November 2026, UTC",
		Due: []Due{{"Sessions becomes ACTIVE", "in 00:42"}}}
}

func sampleExamples() []Example {
	return []Example{{"record-shop", "Record shop", "customers, orders and albums in one table, two indexes"}}
}

func sampleGrid() *Grid {
	cut := func(kind RowKind, sk, status, total, lines, tags, bytes string) Row {
		return Row{Kind: kind, Bytes: bytes, Cells: []Cell{
			{Text: "CUSTOMER#c-1042"}, {Text: sk}, {Text: status}, {Text: total}, {Text: lines}, {Text: "{8}"},
			{Text: tags, Absent: tags == ""},
		}}
	}
	return &Grid{
		Caption: "Items read by Query on Shop",
		Columns: []Column{{"PK", "S", HashKey}, {"SK", "S", RangeKey}, {"status", "S", NoKey}, {"total", "N", NoKey},
			{"lines", "L", NoKey}, {"shipTo", "M", NoKey}, {"tags", "SS", NoKey}},
		Rows: []Row{
			{Kind: Aside, Words: Words{}.Say("84bd ").Code("ALBUM#a-love-supreme").Say(", 2 items, not read")},
			{Kind: Band, Words: Words{}.Say("Item collection ").Strong("CUSTOMER#c-1042").Say("\u2002 11 items, 7 read \u2002").Faint("hash 9b02, partition 3")},
			{Kind: Aside, Words: Words{}.Say("3 items before the range, not read: ").Code("CARD#visa-4411").Say(" … ").Code("ORDER#2026-05-29#5877")},
			cut(Returned, "ORDER#2026-08-03#7316", "DELIVERED", "56.50", "[2] Kind of Blue", "jazz, vinyl", "647"),
			cut(Returned, "ORDER#2026-08-19#7498", "DELIVERED", "11.99", "[1] Spirit of Eden", "cd", "545"),
			cut(Filtered, "ORDER#2026-09-07#7702", "CANCELLED", "48.00", "[1] Hejira", "", "553"),
			cut(Returned, "ORDER#2026-09-30#7961", "DELIVERED", "57.40", "[2] Journey in Satchidananda", "jazz, vinyl", "661"),
			cut(Returned, "ORDER#2026-10-18#8120", "DELIVERED", "22.00", "[1] Solid Air", "vinyl", "551"),
			cut(Filtered, "ORDER#2026-11-02#8344", "CANCELLED", "29.00", "[1] Kind of Blue", "", "548"),
			cut(Returned, "ORDER#2026-11-20#8517", "SHIPPED", "77.90", "[3] Blue Train", "gift, jazz, vinyl", "743"),
			{Kind: Aside, Words: Words{}.Say("1 item after the range, not read: ").Code("PROFILE")},
			{Kind: Aside, Words: Words{}.Say("aa19 ").Code("CUSTOMER#c-1033").Say(", 3 items, not read")},
		},
	}
}

func sampleReceipt() Receipt {
	return Receipt{
		Subject: "Query, Shop", Figure: "1.0", Unit: "read request units", Price: "$0.125", Per: "per million requests",
		Strips: []Strip{{Block: 4096, Label: "4,248 bytes fill one block of 4,096 and 152 bytes of a second",
			Segments: []Segment{{647, false}, {545, false}, {553, true}, {661, false}, {551, false}, {548, true}, {743, false}}}},
		Sum: []Line{
			{"7 items read", "4,248 B", Term},
			{"of which 2 filtered out, still read", "1,101 B", Sub},
			{"rounded up once, to blocks of 4 KB", "2", Term},
			{"eventually consistent", "× 0.5", Term},
			{"Units", "1.0", Sum},
		},
		Arms: []Line{{"Shop", "1.0", Term}, {"byStatus, byTotal", "not used", Sub}},
		Why: []Words{Words{}.Say("A Query adds up every item it ").Strong("reads").
			Say(" and rounds once for the page. The filter runs after that, so two cancelled orders pushed the page over 4,096 B: without them it would be 3,147 B and ").Strong("0.5").Say(".")},
		Way: Way{Words: []Words{Say("The partition key has one value, and the sort key is restricted: only that stretch of one item collection is read.")},
			Range: `PK = "CUSTOMER#c-1042" AND SK BETWEEN "ORDER#2026-08" AND "ORDER#2026-12"`,
			Lines: []Line{{"to read it all, 3 pages", "2.5 RRU", Term}, {"21 evaluated, 15 returned", "", Sub}}},
		Same: []Line{{"strongly consistent", "2.0", Term}, {"once a second", "1 RCU, $0.09 a month", Term}},
		Took: "4.2 ms", Prices: "us-east-1 prices since 1 November 2024",
	}
}

func sampleEntries() []Entry {
	return []Entry{
		{ID: 4, Operation: "Query", Target: "Shop", Came: "5 returned, 7 read", Status: "200", Units: "1.0 RRU", Time: "09:41:07", Shown: true},
		{Came: "Clock advanced one minute", Time: "09:41:07"},
		{ID: 3, Operation: "Query", Target: "Shop", Came: "ValidationException: Invalid FilterExpression: Attribute name is a reserved keyword; reserved keyword: status", Failed: true, Status: "400", Units: "0", Time: "09:40:07"},
		{ID: 2, Operation: "UpdateItem", Target: "Shop", Came: "changed, 2 index entries", Status: "200", Units: "3 WRU", Time: "09:40:07"},
		{ID: 1, Operation: "Query", Target: "Shop, byStatus", Came: "12 returned, 12 read", Status: "200", Units: "0.5 RRU", Time: "09:40:07"},
	}
}

func sampleWire() *Wire {
	return &Wire{Target: "DynamoDB_20120810.Query", Region: "us-east-1", Status: "200 OK", Sent: "387 B", Got: "3,402 B",
		Request: "{\n  \"TableName\": \"Shop\",\n  \"KeyConditionExpression\": \"PK = :who AND SK BETWEEN :from AND :to\"\n}",
		Reply:   "{\n  \"Count\": 5,\n  \"Items\": [\n    { \"PK\": { \"S\": \"CUSTOMER#c-1042\" } }\n  ],\n  \"ScannedCount\": 7\n}"}
}

// sampleDesk is the first screen.
func sampleDesk() Desk {
	return Desk{
		Title: "Record shop", Examples: sampleExamples(), Tables: sampleTables(), Clock: sampleClock(),
		Request: Request{Text: sampleQuery, Runs: sampleRuns(sampleQuery), Operation: "Query", Edition: 1, CanHold: true,
			Insert: []InsertGroup{{"Items", []string{"GetItem", "PutItem"}}, {"Tables", []string{"CreateTable"}}}},
		Plan: Plan{Subject: "Query on Shop.", Words: Say("Partition key fixed, sort key a range: one item collection is read, in order.")},
		Outcome: Outcome{ID: 4, Operation: "Query", Table: "Shop", View: ViewTable, Grid: sampleGrid(), Items: sampleItems(),
			JSON:    sampleWire().Reply,
			Summary: []Fact{{"5", "returned", false}, {"7", "read", false}, {"4,248", "B", false}, {"1.0", "RRU", false}, {"", "no more pages", true}}},
		Receipt: sampleReceipt(),
		Dock:    Dock{Outcome: 4, Tree: sampleTree(), Entries: sampleEntries(), Wire: sampleWire(), Facts: []Fact{{"4", "requests", false}, {"4.5", "units", false}}},
		Said:    "Query on Shop: 5 items returned, 7 read, 1.0 units.",
	}
}

func sampleItems() []Item {
	return []Item{
		{Key: Words{}.Code("CUSTOMER#c-1042").Say(" ").Code("ORDER#2026-08-03#7316"), Bytes: "647", Attributes: []Attribute{
			{"PK", "S", HashKey, "CUSTOMER#c-1042"}, {"SK", "S", RangeKey, "ORDER#2026-08-03#7316"},
			{"lines", "L", NoKey, "[\n  { album: \"Kind of Blue\", price: 31.50, qty: 1 },\n  { album: \"A Love Supreme\", price: 25, qty: 1 }\n]"},
			{"total", "N", NoKey, "56.50"}, {"gift", "BOOL", NoKey, "true"}, {"tags", "SS", NoKey, "\"jazz\", \"vinyl\""},
		}},
		{Key: Words{}.Code("CUSTOMER#c-1042").Say(" ").Code("ORDER#2026-09-07#7702"), Bytes: "553", Filtered: true, Attributes: []Attribute{
			{"PK", "S", HashKey, "CUSTOMER#c-1042"}, {"status", "S", NoKey, "CANCELLED"},
		}},
	}
}

func sampleItemsView() Desk {
	d := sampleDesk()
	d.Outcome.View = ViewItems
	d.Dock.Tab = DockWire
	return d
}

// sampleError is a refused request with its fix.
func sampleError() Desk {
	d := sampleDesk()
	d.Plan = Plan{Subject: "Query on Shop.", Words: Say("One problem, line 4."), Note: "last run rejected",
		Text: sampleQuery, Mark: &Mark{strings.Index(sampleQuery, "#status <>"), strings.Index(sampleQuery, " <>")}}
	d.Outcome = Outcome{ID: 5, Operation: "Query", Table: "Shop",
		Summary: []Fact{{"", "rejected before reading", false}, {"0", "units", false}, {"", "HTTP 400", false}},
		Oops: &Oops{Name: "ValidationException",
			Message: "Invalid FilterExpression: Attribute name is a reserved keyword; reserved keyword: status",
			Spots:   []Spot{{"FilterExpression", `"`, "status", ` <> :no"`}},
			Fix: &Fix{"Use #status", Words{}.Say("Writes ").Code("#status").Say(" in the expression and adds ").Code(`"#status": "status"`).Say(" to ExpressionAttributeNames. Nothing else changes."),
				sampleQuery},
			Reading: []Words{Words{}.Code("status").Say(" is one of 573 words DynamoDB keeps for itself in expressions. An attribute may still be called ").Code("status").Say("; only the expression has to reach it through a name placeholder."),
				Say("Requests that fail validation read nothing and cost nothing.")}}}
	d.Dock.Tree = sampleUnlit()
	d.Receipt = Receipt{Subject: "Query, Shop", Figure: "0", Unit: "read request units", Price: "nothing", Per: "was read",
		Why:     []Words{Words{}.Say("DynamoDB checks names, types and expressions first. ").Strong("ValidationException").Say(" ends the request there: no item is touched, no capacity is used, and the SDK does not retry it.")},
		Earlier: []Line{{"Query Shop", "1.0 RRU", Term}, {"UpdateItem Shop", "3 WRU", Term}, {"table 1, byStatus 2", "", Sub}}}
	return d
}

// sampleEmpty is the empty workspace.
func sampleEmpty() Desk {
	clock := sampleClock()
	clock.Due = nil
	text := "// Write a request: an operation and its members.\n\n"
	return Desk{Title: "Untitled", Examples: sampleExamples(), Back: "Record shop", Clock: clock,
		Request: Request{Text: text, Runs: []Run{{"comment", text}}, Edition: 2},
		Plan:    Plan{Words: Say("PutItem, Query, CreateTable: the first word decides.")},
		Outcome: Outcome{Blank: &Blank{}}}
}

// sampleWrite is an update of one item with its fan-out.
func sampleWrite() Desk {
	d := sampleDesk()
	d.Request.Operation = "UpdateItem"
	d.Plan = Plan{Subject: "UpdateItem on Shop.", Words: Say("One item, found by its whole key, is read, changed and written.")}
	d.Outcome = Outcome{ID: 6, Operation: "UpdateItem", Table: "Shop", JSON: "{}",
		Summary: []Fact{{"1", "item changed", false}, {"758", "B", false}, {"4.0", "WRU", false}},
		Change: &Change{Words: Words{}.Strong("Item changed.").Say(" Two attributes differ; the rest is as it was."), Before: "743 B", After: "758 B",
			Attributes: []AttributeChange{
				{"PK", "S", HashKey, "CUSTOMER#c-1042", "CUSTOMER#c-1042", Same},
				{"SK", "S", RangeKey, "ORDER#2026-11-20#8517", "ORDER#2026-11-20#8517", Same},
				{"status", "S", NoKey, "SHIPPED", "DELIVERED", Changed},
				{"deliveredAt", "S", NoKey, "", "2026-11-22T09:41:07Z", Added},
				{"carrier", "S", NoKey, "Royal Mail", "", Removed},
				{"total", "N", NoKey, "77.90", "77.90", Same}},
			Fanout: []Fanout{
				{"byStatus", "GSI", Moved, Words{}.Code("SHIPPED, 2026-11-20").Say(" → ").Code("DELIVERED, 2026-11-20"), "2 WRU"},
				{"byCarrier", "GSI", NotThere, Say("the item has no carrier any more"), "free"},
				{"byTotal", "LSI", Same, Say("none of its attributes changed"), "free"}},
			Returned: []Attribute{{"status", "S", NoKey, "DELIVERED"}}}}
	d.Dock.Tree = sampleMove()
	d.Receipt = Receipt{Subject: "UpdateItem, Shop", Figure: "3.0", Unit: "write request units", Price: "$1.875", Per: "per million requests",
		Strips: []Strip{{Caption: "Shop, the larger of before and after", Label: "758 bytes of one block of 1,024", Block: 1024, Segments: []Segment{{758, false}}},
			{Caption: "byStatus, entry deleted and inserted", Label: "two entries", Block: 1024, Segments: []Segment{{1024, true}, {640, false}}}},
		Sum:  []Line{{"larger image", "758 B", Term}, {"rounded up, to blocks of 1 KB", "1", Term}, {"Units", "3.0", Sum}},
		Arms: []Line{{"Shop", "1.0", Term}, {"byStatus", "2.0", Term}, {"byTotal", "free", Sub}},
		Why:  []Words{Say("A write costs the larger of the item before and after. The key of byStatus changed, so its entry was deleted in one place and inserted in another: two writes.")}}
	return d
}

// sampleHeld is a transaction that stays open.
func sampleHeld() Desk {
	d := sampleDesk()
	d.Request.Operation = "TransactWriteItems"
	d.Plan = Plan{Subject: "TransactWriteItems on Shop.", Words: Say("It is held open as tx1.")}
	d.Outcome = Outcome{ID: 9, Operation: "TransactWriteItems", Table: "Shop", JSON: "{}", Hold: &Hold{Name: "tx1"},
		Summary: []Fact{{"", "held open as tx1", false}},
		Facts:   []Pair{{"Transaction", Words{}.Code("tx1")}, {"Holds", Say("Put in ").Strong("Shop").Say(" ").Code("a, b")}}}
	d.Dock.Tab, d.Dock.Sim = DockSim, sampleSimulation()
	return d
}

// sampleHoldable is a transaction that is over and could have been held.
func sampleHoldable() Desk {
	d := sampleHeld()
	d.Outcome.Hold = &Hold{Text: `TransactWriteItems { a: "<b>" }`}
	d.Dock.Tab = DockRequests
	return d
}

// sampleFacts is a control-plane result.
func sampleFacts() Desk {
	d := sampleDesk()
	d.Outcome = Outcome{ID: 7, Operation: "DescribeTable", Table: "Shop", JSON: "{\n  \"Table\": {\n    \"TableName\": \"Shop\",\n    \"TableStatus\": \"ACTIVE\",\n    \"ItemCount\": 148\n  }\n}",
		Summary: []Fact{{"", "ACTIVE", false}, {"148", "items", false}},
		Facts: []Pair{{"Partition key", Words{}.Code("PK").Say(" String")}, {"Sort key", Words{}.Code("SK").Say(" String")},
			{"Billing", Say("on demand")}, {"ARN", Words{}.Code("arn:aws:dynamodb:us-east-1:000000000000:table/Shop")}}}
	d.Dock.Tab = DockRequests
	d.Receipt = Receipt{Subject: "DescribeTable, Shop", Figure: "0", Unit: "units", Price: "free", Per: "not metered",
		Why: []Words{Say("Requests about tables use no capacity.")}}
	return d
}

// sampleLong is hostile data: long, many, right to left, markup.
func sampleLong() Desk {
	d := sampleDesk()
	d.Title = `<script>alert(1)</script> & a title that goes on and on and on`
	g := &Grid{Caption: "Items read by Scan on Everything"}
	g.Columns = append(g.Columns, Column{"id", "S", HashKey})
	for i := range 24 {
		g.Columns = append(g.Columns, Column{"attribute_with_a_long_name_" + itoa(i), "", NoKey})
	}
	values := []string{strings.Repeat("long ", 60), "مرحبا بالعالم", "👩‍👩‍👧‍👦 family", "<b>&\"'</b>", "line\nbreak\ttab", "שלום 123 abc", strings.Repeat("W", 400), "", "0.00000000000000000000000000000000000001"}
	for n := range 30 {
		row := Row{Bytes: Grouped(12345 * (n + 1)), Cells: []Cell{{Text: strings.Repeat("key-", 20) + itoa(n)}}}
		if n%7 == 3 {
			row.Kind = Filtered
		}
		for i := range 24 {
			row.Cells = append(row.Cells, Cell{Text: values[(i+n)%len(values)], Type: []string{"S", "N", "M", "SS"}[(i+n)%4], Absent: (i*n)%5 == 4})
		}
		g.Rows = append(g.Rows, row)
	}
	d.Tables = append(d.Tables, Table{Name: strings.Repeat("a_very_long_table_name_", 8), Items: "1,234,567", Billing: "ON-DEMAND",
		Keys: []Key{{strings.Repeat("partition_key_", 8), "B", HashKey}}})
	d.Request.Operation = "Scan"
	d.Plan = Plan{Subject: "Scan on Everything.", Words: Say("Every item of the table is read, whatever the filter keeps."), Caution: true}
	d.Outcome = Outcome{ID: 8, Operation: "Scan", Grid: g, Summary: []Fact{{"26", "returned", false}, {"30", "read", false}, {"1,048,576", "B", false}},
		More: &More{Words: Words{}.Say("More pages: LastEvaluatedKey is ").Code("id " + strings.Repeat("key-", 20) + "29"), Text: "Scan {}"}}
	var segments []Segment
	for i := range 200 {
		segments = append(segments, Segment{4096 + i*13, i%9 == 0})
	}
	d.Dock.Tree = sampleDeep()
	d.Receipt.Strips = []Strip{{Block: 4096, Label: "many", Segments: segments}}
	return d
}

var samples = []struct {
	name string
	make func() Desk
}{
	{"desk", sampleDesk}, {"items", sampleItemsView}, {"error", sampleError}, {"empty", sampleEmpty},
	{"write", sampleWrite}, {"facts", sampleFacts}, {"held", sampleHeld}, {"holdable", sampleHoldable}, {"long", sampleLong},
}

// sampleTree is a Query's tree: a root, four leaves, seven keys read.
func sampleTree() *Tree {
	hash := 0
	leaf := func(n int, label string) *TreeNode {
		t := &TreeNode{Label: label}
		for range n {
			hash += 430
			t.Rows = append(t.Rows, TreeRow{Hash: uint16(hash)})
		}
		return t
	}
	root := &TreeNode{Way: true, Lit: true}
	for i, n := range []int{37, 36, 36, 36} {
		if i > 0 {
			hash += 200
			root.Rows = append(root.Rows, TreeRow{Hash: uint16(hash)})
		}
		root.Kids = append(root.Kids, leaf(n, itoa(i+1)))
	}
	hit := root.Kids[2]
	hit.Way, hit.Lit = true, true
	for i, m := range []RowMark{RowNear, RowNear, RowNear, RowHit, RowHit, RowCut, RowHit, RowHit, RowCut, RowHit, RowNear} {
		hit.Rows[18+i] = TreeRow{Mark: m, Hash: 0x9b02}
	}
	line := func(key, note string, m RowMark) ListingLine { return ListingLine{Key: key, Note: note, Mark: m} }
	return &Tree{
		Name: "Shop", Size: "2 levels, 5 nodes", Items: "148 items", Root: root, Hash: 0x9b02, Edges: []int{0, 0x4000, 0x8000, 0xc000},
		Heads: [][2]string{{"ALBUM#out-to-lunch", "META"}, {"CUSTOMER#c-1096", "ORDER#2026-01-05#8174"}, {"ALBUM#moondance", "STOCK#leeds"}},
		Label: "B-tree of table Shop: 2 levels, 5 nodes, 148 items. The search goes from the root to leaf 3 and reads 7 neighbouring keys.",
		Picks: []TreePick{{"Shop", "read", "desk/dock/btree?outcome=4&tree=-", true}, {"byStatus", "", "desk/dock/btree?outcome=4&tree=byStatus", false}},
		Listing: Listing{Caption: "Leaf 3, from the first key in the range", Lines: []ListingLine{
			{Key: "ORDER#2026-05-29#5877", Note: "before the range", Place: "leaf 3", Mark: RowNear},
			line("ORDER#2026-08-03#7316", "647 B", RowHit), line("ORDER#2026-08-19#7498", "545 B", RowHit),
			line("ORDER#2026-09-07#7702", "553 B, filtered out", RowCut), line("ORDER#2026-09-30#7961", "661 B", RowHit),
			line("ORDER#2026-10-18#8120", "551 B", RowHit), line("ORDER#2026-11-02#8344", "548 B, filtered out", RowCut),
			line("ORDER#2026-11-20#8517", "743 B", RowHit), line("PROFILE", "after the range, stop", RowNear)}},
		Way: []Words{Words{}.Strong("root").Say(", 3 keys: right of ").Code("aa19 CUSTOMER#c-1096, ORDER#2026-01-05#8174"),
			Words{}.Strong("leaf 3").Say(", 36 keys: the place is before number 22")},
	}
}

// sampleMove is an index's tree after an entry has moved in it.
func sampleMove() *Tree {
	t := sampleTree()
	t.Name, t.Items = "byStatus", "71 entries"
	t.Root.Kids[2].Rows[22] = TreeRow{Mark: RowHit, Hash: 0x9b02}
	t.Root.Kids[0].Rows[9].Mark = RowGone
	t.Sides = []TreePick{{"before", "", "desk/dock/btree?outcome=6&tree=byStatus&side=before", false}, {"after", "", "desk/dock/btree?outcome=6&tree=byStatus&side=after", true}}
	t.Picks = []TreePick{{"Shop", "changed", "desk/dock/btree?outcome=6&tree=-", false}, {"byStatus", "moved", "desk/dock/btree?outcome=6&tree=byStatus", true},
		{"byCarrier", "absent", "desk/dock/btree?outcome=6&tree=byCarrier", false}}
	t.Listing = Listing{Caption: "Leaf 3, entry moved", Lines: []ListingLine{
		{Part: "DELIVERED", Key: "2026-11-20", Note: "646 B, moved", Place: "leaf 3", Mark: RowHit}, {Key: "…"},
		{Part: "SHIPPED", Key: "2026-11-20", Note: "was here", Mark: RowGone}}}
	return t
}

// sampleUnlit is a tree that a refused request has not reached.
func sampleUnlit() *Tree {
	t := sampleTree()
	clearTree(t.Root)
	t.Note, t.Hash, t.Way, t.Listing = "The request was refused before it reached the tree.", -1, nil, Listing{}
	return t
}

func clearTree(n *TreeNode) {
	n.Way, n.Lit = false, false
	for i := range n.Rows {
		n.Rows[i].Mark = RowPlain
	}
	for _, kid := range n.Kids {
		clearTree(kid)
	}
}

// sampleDeep is a tree too large to be drawn, with keys that are hard to set.
func sampleDeep() *Tree {
	hash := 0
	t := &Tree{Name: strings.Repeat("a_very_long_table_name_", 8), Size: "5 levels, 1,234 nodes", Items: "5,000 items", Hash: 2000, Edges: []int{0}, Label: "many"}
	var grow func(int) *TreeNode
	grow = func(height int) *TreeNode {
		n := &TreeNode{Label: "777"}
		for i := range 5 {
			if height > 1 {
				n.Kids = append(n.Kids, grow(height-1))
			}
			if hash += 20; i < 4 {
				n.Rows = append(n.Rows, TreeRow{Hash: uint16(hash)})
			}
		}
		return n
	}
	t.Root = grow(5)
	for n := t.Root; ; n = n.Kids[3] {
		n.Way, n.Lit = true, true
		if len(n.Kids) == 0 {
			n.Rows[1].Mark = RowCut
			break
		}
	}
	t.Heads = [][2]string{{strings.Repeat("W", 400), "مرحبا بالعالم"}, {"<b>&\"'</b>", "👩‍👩‍👧‍👦 family"}, {"日本語の文章がここに長く続く", "שלום 123 abc"}, {"line\nbreak", ""}}
	t.Listing = Listing{Caption: "Leaf 777", Lines: []ListingLine{{Part: strings.Repeat("long ", 60), Key: strings.Repeat("key-", 30), Note: "1,234 B, filtered out", Place: "leaf 777", Mark: RowCut}}}
	return t
}
