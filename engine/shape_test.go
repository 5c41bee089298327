package engine_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/sortkey/sortkey/engine"
	"github.com/sortkey/sortkey/engine/store"
)

const shapeTable = `{"TableName":"Tab","BillingMode":"PAY_PER_REQUEST","AttributeDefinitions":[
	{"AttributeName":"p","AttributeType":"S"},{"AttributeName":"s","AttributeType":"N"},
	{"AttributeName":"g","AttributeType":"S"},{"AttributeName":"l","AttributeType":"N"}],
	"KeySchema":[{"AttributeName":"p","KeyType":"HASH"},{"AttributeName":"s","KeyType":"RANGE"}],
	"GlobalSecondaryIndexes":[{"IndexName":"byG","KeySchema":[{"AttributeName":"g","KeyType":"HASH"}],"Projection":{"ProjectionType":"ALL"}}],
	"LocalSecondaryIndexes":[{"IndexName":"byL","KeySchema":[{"AttributeName":"p","KeyType":"HASH"},{"AttributeName":"l","KeyType":"RANGE"}],
		"Projection":{"ProjectionType":"KEYS_ONLY"}}]}`

// shaped is an engine with one table to draw.
type shaped struct {
	*engine.Engine
	t *testing.T
}

func newShaped(t *testing.T, degree, items int) shaped {
	e := shaped{engine.New(engine.Options{Degree: degree}), t}
	e.observe("CreateTable", shapeTable)
	for i := range items {
		e.put(i, fmt.Sprint("g", i%5), i%7)
	}
	return e
}

func (e shaped) observe(operation, body string) *engine.Trace {
	e.t.Helper()
	_, tr := e.Observe(engine.Call{Target: engine.Target(operation), Body: []byte(body)})
	return tr
}

// must is observe for a request that has to succeed.
func (e shaped) must(operation, body string) *engine.Trace {
	e.t.Helper()
	tr := e.observe(operation, body)
	if tr.Err != nil {
		e.t.Fatalf("%s %s: %v", operation, body, tr.Err)
	}
	return tr
}

// put writes item i; g "" and l negative leave the attribute out.
func (e shaped) put(i int, g string, l int) *engine.Trace {
	body := fmt.Sprintf(`{"TableName":"Tab","Item":{"p":{"S":"p%d"},"s":{"N":"%d"},"i":{"N":"%d"}`, i%4, i/4, i)
	if g != "" {
		body += fmt.Sprintf(`,"g":{"S":%q}`, g)
	}
	if l >= 0 {
		body += fmt.Sprintf(`,"l":{"N":"%d"}`, l)
	}
	return e.must("PutItem", body+"}}")
}

// nodes lists the nodes of a tree from the root.
func nodes(n *store.Node) []*store.Node {
	if n == nil {
		return nil
	}
	all := []*store.Node{n}
	for _, kid := range n.Kids {
		all = append(all, nodes(kid)...)
	}
	return all
}

func item(s *engine.TreeShape, rank int) string {
	_, row := s.Root.At(rank)
	return row.Item.JSON()
}

// checkLit holds that the nodes lit are those on the way and those with a row
// from the lowest to the highest rank passed in or below them.
func checkLit(t *testing.T, s *engine.TreeShape, low, high int) {
	t.Helper()
	way := map[*store.Node]bool{}
	for _, step := range s.Way {
		way[step.Node] = true
	}
	for _, n := range nodes(s.Root) {
		if want := way[n] || n.First <= high && n.First+n.Count > low; s.Lit[n] != want {
			t.Fatalf("node with ranks %d to %d: lit %v, want %v; passed %d to %d", n.First, n.First+n.Count, s.Lit[n], want, low, high)
		}
	}
}

// TestShapeOfReads: the ranks marked are the rows read, in their order, with
// what became of them, for random reads forwards and backwards.
func TestShapeOfReads(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 2))
	for _, degree := range []int{2, 4, 32} {
		e := newShaped(t, degree, 160)
		for range 150 {
			from := rnd.IntN(45) - 2
			body := fmt.Sprintf(`{"TableName":"Tab","KeyConditionExpression":"p = :p AND s BETWEEN :a AND :b","FilterExpression":"i < :i","ScanIndexForward":%v,
				"ExpressionAttributeValues":{":p":{"S":"p%d"},":a":{"N":"%d"},":b":{"N":"%d"},":i":{"N":"%d"}}`,
				rnd.IntN(2) == 0, rnd.IntN(5), from, from+rnd.IntN(12), rnd.IntN(160))
			if rnd.IntN(3) == 0 {
				body += fmt.Sprintf(`,"Limit":%d`, 1+rnd.IntN(5))
			}
			tr := e.must("Query", body+"}")
			checkRead(t, tr)
			s := tr.Shape("", false)
			around := tr.Read.Around
			if s.Near[1]-s.Near[0] != around.Items || s.Root.Height() == 0 {
				t.Fatalf("the collection lies at %v, it has %d items", s.Near, around.Items)
			}
			if s = tr.Shape("byG", false); s.Way != nil || len(s.Lit)+len(s.Marks) > 0 {
				t.Fatal("an index that was not asked is lit")
			}
		}
		for _, body := range []string{
			`{"TableName":"Tab"}`, `{"TableName":"Tab","Limit":9}`, `{"TableName":"Tab","Segment":1,"TotalSegments":3}`,
			`{"TableName":"Tab","IndexName":"byG","FilterExpression":"i > :i","ExpressionAttributeValues":{":i":{"N":"80"}}}`,
		} {
			checkRead(t, e.must("Scan", body))
		}
	}
}

func checkRead(t *testing.T, tr *engine.Trace) {
	t.Helper()
	s := tr.Shape(tr.Index, false)
	if len(s.Ranks) != len(tr.Read.Rows) || len(s.Way) == 0 {
		t.Fatalf("%d ranks for %d rows, %d steps", len(s.Ranks), len(tr.Read.Rows), len(s.Way))
	}
	end := s.Way[len(s.Way)-1].Rank()
	low, high := end, end-1
	for i, row := range tr.Read.Rows {
		rank := s.Ranks[i]
		if item(s, rank) != row.Item.JSON() {
			t.Fatalf("row %d is %s, at rank %d stands %s", i, row.Item.JSON(), rank, item(s, rank))
		}
		if want := map[bool]engine.Mark{true: engine.Returned, false: engine.Filtered}[row.Returned]; s.Marks[rank] != want {
			t.Fatalf("rank %d: mark %d, want %d", rank, s.Marks[rank], want)
		}
		low, high = min(low, rank), max(high, rank)
	}
	switch { // the row behind the span, at which the read stopped
	case tr.Read.More || tr.Operation == "GetItem":
	case tr.Read.Reverse:
		low = end - len(s.Ranks) - 1
	default:
		high = end + len(s.Ranks)
	}
	if tr.Read.Reverse {
		high = max(high, end-1)
	}
	checkLit(t, s, low, high)
}

func TestShapeOfGetItem(t *testing.T) {
	e := newShaped(t, 2, 60)
	tr := e.must("GetItem", `{"TableName":"Tab","Key":{"p":{"S":"p1"},"s":{"N":"5"}}}`)
	s := tr.Shape("", false)
	if len(s.Ranks) != 1 || s.Marks[s.Ranks[0]] != engine.Returned || s.Comparisons < 4 {
		t.Errorf("ranks %v, marks %v, %d comparisons", s.Ranks, s.Marks, s.Comparisons)
	}
	checkRead(t, tr)
	s = e.must("GetItem", `{"TableName":"Tab","Key":{"p":{"S":"p1"},"s":{"N":"555"}}}`).Shape("", false)
	if len(s.Ranks) != 0 || len(s.Way) != s.Root.Height() || len(s.Lit) != len(s.Way) {
		t.Errorf("ranks %v, %d steps, %d nodes lit", s.Ranks, len(s.Way), len(s.Lit))
	}
}

// TestShapeOfFetches: a local index without the attributes sends the read to
// the table, once for each entry.
func TestShapeOfFetches(t *testing.T) {
	e := newShaped(t, 2, 60)
	tr := e.must("Query", `{"TableName":"Tab","IndexName":"byL","KeyConditionExpression":"p = :p AND l < :l","FilterExpression":"i > :i","Select":"ALL_ATTRIBUTES",
		"ExpressionAttributeValues":{":p":{"S":"p2"},":l":{"N":"3"},":i":{"N":"30"}}}`)
	s, entries := tr.Shape("", false), tr.Shape("byL", false)
	if len(s.Ranks) != len(tr.Read.Rows) || len(s.Ranks) < 4 || len(entries.Ranks) != len(s.Ranks) || s.Way != nil {
		t.Fatalf("%d items and %d entries for %d rows", len(s.Ranks), len(entries.Ranks), len(tr.Read.Rows))
	}
	for i, row := range tr.Read.Rows {
		if item(s, s.Ranks[i]) != row.Item.JSON() || (s.Marks[s.Ranks[i]] == engine.Returned) != row.Returned {
			t.Errorf("row %d: %s", i, item(s, s.Ranks[i]))
		}
		holder, _ := s.Root.At(s.Ranks[i])
		if !s.Lit[holder] || !s.Lit[s.Root] {
			t.Errorf("row %d: its nodes are not lit", i)
		}
	}
}

// TestShapeOfWrites: what a write did in every tree, after and before.
func TestShapeOfWrites(t *testing.T) {
	const none = -1
	cases := []struct {
		name          string
		write         func(shaped) *engine.Trace
		index         string
		after, before int // item number marked in each, or none
		gone          bool
	}{
		{"added", func(e shaped) *engine.Trace { return e.put(60, "new", 3) }, "", 60, none, false},
		{"added to an index", func(e shaped) *engine.Trace { return e.put(60, "new", 3) }, "byG", 60, none, false},
		{"absent from a sparse index", func(e shaped) *engine.Trace { return e.put(60, "", 3) }, "byG", none, none, false},
		{"replaced", func(e shaped) *engine.Trace { return e.put(20, "g9", 6) }, "", 20, 20, false},
		{"moved", func(e shaped) *engine.Trace { return e.put(20, "g9", 6) }, "byG", 20, 20, true},
		{"left as it is", func(e shaped) *engine.Trace { return e.put(20, "g9", 6) }, "byL", none, none, false},
		{"removed from an index", func(e shaped) *engine.Trace { return e.put(20, "", 6) }, "byG", none, 20, true},
		{"removed", func(e shaped) *engine.Trace {
			return e.must("DeleteItem", `{"TableName":"Tab","Key":{"p":{"S":"p0"},"s":{"N":"5"}}}`)
		}, "", none, 20, true},
		{"nothing to remove", func(e shaped) *engine.Trace {
			return e.must("DeleteItem", `{"TableName":"Tab","Key":{"p":{"S":"p0"},"s":{"N":"55"}}}`)
		}, "", none, none, false},
		{"condition failed", func(e shaped) *engine.Trace {
			return e.observe("DeleteItem", `{"TableName":"Tab","Key":{"p":{"S":"p0"},"s":{"N":"5"}},"ConditionExpression":"attribute_not_exists(p)"}`)
		}, "", 20, 20, false},
		{"condition failed, index", func(e shaped) *engine.Trace {
			return e.observe("DeleteItem", `{"TableName":"Tab","Key":{"p":{"S":"p0"},"s":{"N":"5"}},"ConditionExpression":"attribute_not_exists(p)"}`)
		}, "byG", none, none, false},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			e := newShaped(t, 2, 60)
			tr := c.write(e)
			after, before := tr.Shape(c.index, false), tr.Shape(c.index, true)
			for _, side := range []struct {
				name  string
				shape *engine.TreeShape
				want  int
				mark  engine.Mark
			}{{"after", after, c.after, engine.Written}, {"before", before, c.before, engine.Removed}} {
				s := side.shape
				if tr.Err != nil {
					side.mark = engine.Filtered
				}
				if side.want == none {
					if len(s.Ranks) != 0 {
						t.Errorf("%s: ranks %v are marked", side.name, s.Ranks)
					}
					continue
				}
				want := fmt.Sprintf(`"p":{"S":"p%d"},"s":{"N":"%d"}`, side.want%4, side.want/4)
				if len(s.Ranks) != 1 || !strings.Contains(item(s, s.Ranks[0]), want) || s.Marks[s.Ranks[0]] != side.mark {
					t.Errorf("%s: ranks %v marked %v, want %s", side.name, s.Ranks, s.Marks, want)
				}
			}
			if (after.Gone != nil) != c.gone || before.Gone != nil {
				t.Errorf("gone: %v", after.Gone)
			}
			if after.Gone != nil && after.Gone.Found {
				t.Error("the row removed is still there")
			}
		})
	}
}

// TestShapeStays: a trace draws the tree as its request left it, whatever has
// been written since.
func TestShapeStays(t *testing.T) {
	e := newShaped(t, 2, 40)
	tr := e.put(40, "g1", 1)
	draw := func(s *engine.TreeShape) string {
		var b strings.Builder
		for _, n := range nodes(s.Root) {
			fmt.Fprintf(&b, "%d %d %d %v\n", n.First, n.Count, len(n.Rows), s.Lit[n])
			for i, r := range n.Rows {
				fmt.Fprintf(&b, "  %x %s %d\n", r.Key, r.Item.JSON(), s.Marks[n.Rank(i)])
			}
		}
		return b.String()
	}
	trees := []struct {
		index  string
		before bool
	}{{"", false}, {"byG", false}, {"byL", true}, {"", true}}
	var was []string
	for _, c := range trees {
		was = append(was, draw(tr.Shape(c.index, c.before)))
	}
	for i := range 120 {
		e.put(i*7%90, fmt.Sprint("h", i%3), i%5)
		e.must("DeleteItem", fmt.Sprintf(`{"TableName":"Tab","Key":{"p":{"S":"p%d"},"s":{"N":"%d"}}}`, i%4, i*5%23))
	}
	for i, c := range trees {
		if got := draw(tr.Shape(c.index, c.before)); got != was[i] {
			t.Errorf("tree %q, before %v has changed", c.index, c.before)
		}
	}
	if a, b := draw(tr.Shape("", false)), draw(tr.Shape("", true)); a == b {
		t.Error("before and after are the same")
	}
}

func TestShapeOfNoTree(t *testing.T) {
	e := shaped{engine.New(engine.Options{}), t}
	if s := e.observe("ListTables", `{}`).Shape("", false); s != nil {
		t.Error("ListTables has a tree")
	}
	tr := e.observe("CreateTable", shapeTable)
	if s := tr.Shape("byG", false); s == nil || s.Root != nil || s.Index == nil {
		t.Errorf("a new table's index: %+v", s)
	}
	if tr.Shape("nope", false) != nil {
		t.Error("an index that is not there has a tree")
	}
	e.put(1, "g", 1)
	refused := e.observe("Query", `{"TableName":"Tab","KeyConditionExpression":"nope = :x","ExpressionAttributeValues":{":x":{"S":"y"}}}`)
	s := refused.Shape("", false)
	if refused.Err == nil || s == nil || s.Root.Count != 1 || s.Way != nil || len(s.Lit) != 0 {
		t.Errorf("a refused request: %+v", s)
	}
	if e.must("DeleteTable", `{"TableName":"Tab"}`).Shape("", false) != nil {
		t.Error("a table that is gone has a tree")
	}
}
