package store

import (
	"bytes"
	"fmt"
	"math"
	"slices"
	"sort"
	"testing"

	"github.com/sortkey/sortkey/engine/attr"
)

var testKey = Key{Hash: []KeyAttr{{"pk", attr.S}}, Range: []KeyAttr{{"sk", attr.N}}}

func testIndexes() []IndexSpec {
	return []IndexSpec{
		{Name: "all", Key: Key{Hash: []KeyAttr{{"g", attr.S}}, Range: []KeyAttr{{"r", attr.N}}}},
		{Name: "keys", Key: Key{Hash: []KeyAttr{{"g", attr.S}}}, Project: ProjectKeysOnly},
		{Name: "some", Local: true, Key: Key{Hash: []KeyAttr{{"pk", attr.S}}, Range: []KeyAttr{{"r", attr.N}}}, Project: ProjectInclude, Include: []string{"x", "pk"}},
	}
}

// item makes an item of pairs: strings are S, ints are N.
func item(pairs ...any) *attr.Item {
	var members []attr.Member
	for i := 0; i < len(pairs); i += 2 {
		v := attr.Value{}
		switch x := pairs[i+1].(type) {
		case string:
			v = attr.Text(x)
		case int:
			v = attr.Num(attr.IntNumber(int64(x)))
		case attr.Value:
			v = x
		}
		members = append(members, attr.Member{Name: pairs[i].(string), Value: v})
	}
	return attr.NewItem(attr.SortMap(members))
}

// put stores an item the way the engine does.
func put(t testing.TB, tab *Table, it *attr.Item) Change {
	t.Helper()
	key, ok := tab.RowKey(it)
	if !ok {
		t.Fatalf("%s has no key", it.JSON())
	}
	c := tab.Plan(key, tab.Rows().Get(key), it)
	tab.Apply(&c)
	if err := tab.Check(); err != nil {
		t.Fatal(err)
	}
	return c
}

func TestEffects(t *testing.T) {
	names := map[Effect]string{Absent: "absent", Same: "same", Added: "added", Removed: "removed", Replaced: "replaced", Moved: "moved"}
	for _, c := range []struct {
		name          string
		before, after *attr.Item
		want          [3]Effect // all, keys, some
	}{
		{"nothing of it", nil, item("pk", "a", "sk", 1), [3]Effect{Absent, Absent, Absent}},
		{"new", nil, item("pk", "a", "sk", 1, "g", "G", "r", 1), [3]Effect{Added, Added, Added}},
		{"sparse", nil, item("pk", "a", "sk", 1, "g", "G"), [3]Effect{Absent, Added, Absent}},
		{"identical", item("pk", "a", "sk", 1, "g", "G", "r", 1), item("pk", "a", "sk", 1, "g", "G", "r", 1), [3]Effect{Same, Same, Same}},
		{"unprojected", item("pk", "a", "sk", 1, "g", "G", "r", 1), item("pk", "a", "sk", 1, "g", "G", "r", 1, "y", 1), [3]Effect{Replaced, Same, Same}},
		{"included", item("pk", "a", "sk", 1, "g", "G", "r", 1), item("pk", "a", "sk", 1, "g", "G", "r", 1, "x", 1), [3]Effect{Replaced, Same, Replaced}},
		{"another sort key", item("pk", "a", "sk", 1, "g", "G", "r", 1), item("pk", "a", "sk", 1, "g", "G", "r", 2), [3]Effect{Moved, Same, Moved}},
		{"another partition key", item("pk", "a", "sk", 1, "g", "G", "r", 1), item("pk", "a", "sk", 1, "g", "H", "r", 1), [3]Effect{Moved, Moved, Same}},
		{"leaving", item("pk", "a", "sk", 1, "g", "G", "r", 1), item("pk", "a", "sk", 1, "g", "G"), [3]Effect{Removed, Same, Removed}},
		{"entering", item("pk", "a", "sk", 1, "r", 1), item("pk", "a", "sk", 1, "g", "G", "r", 1), [3]Effect{Added, Added, Same}},
		{"deleted", item("pk", "a", "sk", 1, "g", "G", "r", 1), nil, [3]Effect{Removed, Removed, Removed}},
		{"wrong type is not in the index", item("pk", "a", "sk", 1, "g", 5, "r", 1), item("pk", "a", "sk", 1, "g", "G", "r", "1"), [3]Effect{Absent, Added, Removed}},
	} {
		t.Run(c.name, func(t *testing.T) {
			tab := New(testKey, testIndexes(), Options{Degree: 2})
			if c.before != nil {
				put(t, tab, c.before)
			}
			key, _ := tab.RowKey(item("pk", "a", "sk", 1))
			change := tab.Plan(key, c.before, c.after)
			for i, ic := range change.Indexes {
				if ic.Effect != c.want[i] {
					t.Errorf("%s: %s, want %s", ic.Index.Spec.Name, names[ic.Effect], names[c.want[i]])
				}
			}
			tab.Apply(&change)
			if err := tab.Check(); err != nil {
				t.Error(err)
			}
			if got := tab.Rows().Get(key); got.JSON() != c.after.JSON() {
				t.Errorf("the table has %s", got.JSON())
			}
		})
	}
}

func TestWrites(t *testing.T) {
	a, b := item("pk", "a", "sk", 1), item("pk", "a", "sk", 1, "x", 1)
	for _, c := range []struct {
		before, after *attr.Item
		want          bool
	}{{nil, nil, false}, {nil, a, true}, {a, nil, true}, {a, b, true}, {a, item("pk", "a", "sk", 1), false}} {
		if got := (&Change{Before: c.before, After: c.after}).Writes(); got != c.want {
			t.Errorf("%s to %s writes: %v", c.before.JSON(), c.after.JSON(), got)
		}
	}
}

func TestProjection(t *testing.T) {
	tab := New(testKey, testIndexes(), Options{})
	it := item("pk", "a", "sk", 1, "g", "G", "r", 1, "x", 1, "y", 1)
	put(t, tab, it)
	for name, want := range map[string]string{
		"all":  it.JSON(),
		"keys": `{"g":{"S":"G"},"pk":{"S":"a"},"sk":{"N":"1"}}`,
		"some": `{"pk":{"S":"a"},"r":{"N":"1"},"sk":{"N":"1"},"x":{"N":"1"}}`,
	} {
		x := tab.Index(name)
		row, ok := x.Tree.At(0)
		if !ok || row.Item.JSON() != want {
			t.Errorf("%s has %s, want %s", name, row.Item.JSON(), want)
		}
		if key, ok := tab.IndexRowKey(x, it); !ok || key != row.Key {
			t.Errorf("%s: the entry lies at %x, IndexRowKey says %x", name, row.Key, key)
		}
		for _, a := range []string{"pk", "sk", "g", "r", "x", "y"} {
			if _, has := row.Item.Get(a); has != x.Projects(a) {
				t.Errorf("%s projects %s: %v", name, a, x.Projects(a))
			}
		}
	}
	if tab.Index("none") != nil {
		t.Error("an index that is not there")
	}
}

// TestSpans compares walks in both directions with sorting, for trees of all
// depths.
func TestSpans(t *testing.T) {
	for _, degree := range []int{2, 3, 0} {
		tree := newTree(degree)
		var keys []string
		for i := range 500 {
			key := fmt.Sprintf("%04d", i*7919%1000)
			keys = append(keys, key)
			tree.set(key, item("k", key))
		}
		sort.Strings(keys)
		bounds := []string{"", "0000", "0001", "0500", "0501", "0998", "0999", "1"}
		for _, from := range bounds {
			for _, to := range bounds {
				s := Span{from, to}
				var want []string
				for _, k := range keys {
					if s.Contains(k) {
						want = append(want, k)
					}
				}
				var up, down []string
				tree.Ascend(s, func(r Row) bool { up = append(up, r.Key); return true })
				tree.Descend(s, func(r Row) bool { down = append(down, r.Key); return true })
				slices.Reverse(down)
				if !slices.Equal(up, want) || !slices.Equal(down, want) {
					t.Fatalf("degree %d, %q to %q: %d up, %d down, want %d", degree, from, to, len(up), len(down), len(want))
				}
			}
		}
		n := 0
		tree.Ascend(Span{}, func(Row) bool { n++; return n < 3 })
		tree.Descend(Span{}, func(Row) bool { n++; return n < 6 })
		if n != 6 {
			t.Errorf("walks that stop saw %d rows", n)
		}
	}
}

func TestTreeBytes(t *testing.T) {
	tree := newTree(0)
	tree.set("a", item("k", "12345"))
	tree.set("a", item("k", "1"))
	tree.set("b", item("k", "1"))
	tree.delete("b")
	tree.delete("c")
	if tree.Bytes() != 2 || tree.Len() != 1 || tree.Get("a").Size() != 2 || tree.Get("b") != nil {
		t.Errorf("%d bytes, %d rows", tree.Bytes(), tree.Len())
	}
}

func TestAfter(t *testing.T) {
	for prefix, want := range map[string]string{"a": "b", "a\xff": "b", "a\xff\xff": "b", "\xff": "", "": "", "a\x00": "a\x01"} {
		if got := After(prefix); got != want {
			t.Errorf("After(%q) = %q, want %q", prefix, got, want)
		}
	}
}

// TestSegments: the segments of one total are adjacent and cover everything.
func TestSegments(t *testing.T) {
	for _, n := range []uint64{1, 2, 3, 7, 10, 1000, 999_999, 1_000_000} {
		end := ""
		for i := uint64(0); i < n; i++ {
			from, to := Segment(i, n)
			if from != end || (to == "") != (i == n-1) || to != "" && to <= from {
				t.Fatalf("segment %d of %d is [%x, %x), the one before ends at %x", i, n, from, to, end)
			}
			end = to
		}
	}
}

// TestHashSpread: similar keys spread evenly.
func TestHashSpread(t *testing.T) {
	const keys, buckets = 20_000, 16
	for name, key := range map[string]func(i int) attr.Value{
		"numbered": func(i int) attr.Value { return attr.Text(fmt.Sprintf("user#%06d", i)) },
		"numbers":  func(i int) attr.Value { return attr.Num(attr.IntNumber(int64(i))) },
		"short":    func(i int) attr.Value { return attr.Text(fmt.Sprintf("%x", i)) },
	} {
		var count [buckets]int
		for i := range keys {
			count[HashOf(PartitionPrefix(key(i)))>>60]++
		}
		for i, n := range count {
			if math.Abs(float64(n)-keys/buckets) > 0.12*keys/buckets {
				t.Errorf("%s: bucket %d has %d keys of %d", name, i, n, keys)
			}
		}
	}
}

func TestPartitions(t *testing.T) {
	tab := New(testKey, nil, Options{Partitions: 4})
	if p := tab.Partitions(); len(p) != 4 || p[0] != 0 || p[2] != 1<<63 {
		t.Errorf("partitions begin at %x", p)
	}
	for hash, want := range map[uint64]int{0: 0, 1<<62 - 1: 0, 1 << 62: 1, 1 << 63: 2, math.MaxUint64: 3} {
		if got := tab.PartitionOf(hash); got != want {
			t.Errorf("%x lies in partition %d, want %d", hash, got, want)
		}
	}
	seg := func(i, n uint64) Span { from, to := Segment(i, n); return Span{from, to} }
	for _, c := range []struct {
		span Span
		want int
	}{
		{Span{}, 4}, {seg(0, 4), 1}, {seg(3, 4), 1}, {seg(0, 2), 2}, {seg(1, 2), 2}, {seg(0, 3), 2}, {seg(1, 3), 2}, {seg(0, 8), 1}, {seg(7, 8), 1},
		{Span{From: hashKey(1 << 62)}, 3}, {Span{To: hashKey(1 << 62)}, 1}, {Span{To: hashKey(1<<62) + "x"}, 2},
	} {
		if got := tab.PartitionsIn(c.span); got != c.want {
			t.Errorf("[%x, %x) touches %d partitions, want %d", c.span.From, c.span.To, got, c.want)
		}
	}
}

// TestCopy: writes to either side do not show on the other.
func TestCopy(t *testing.T) {
	tab := New(testKey, testIndexes(), Options{Degree: 2})
	for i := range 200 {
		put(t, tab, item("pk", fmt.Sprint("p", i%9), "sk", i, "g", "G", "r", i))
	}
	text := func(tab *Table) string { var b bytes.Buffer; tab.Digest(&b); return b.String() }
	before := text(tab)
	snapshot, second := tab.Copy(), tab.Copy()
	for i := range 100 {
		put(t, tab, item("pk", fmt.Sprint("p", i%9), "sk", i, "g", "H"))
		put(t, second, item("pk", "new", "sk", i))
	}
	if text(snapshot) != before || text(tab) == before || text(second) == before || text(second) == text(tab) {
		t.Error("copies are not independent")
	}
	if err := snapshot.Check(); err != nil {
		t.Error(err)
	}
}

// TestCheckFinds: the invariant check is worth something.
func TestCheckFinds(t *testing.T) {
	for name, spoil := range map[string]func(*Table){
		"a misplaced row":    func(tab *Table) { tab.rows.set("x", item("pk", "a", "sk", 1)) },
		"a missing entry":    func(tab *Table) { r, _ := tab.indexes[0].Tree.At(0); tab.indexes[0].Tree.delete(r.Key) },
		"an entry too many":  func(tab *Table) { tab.indexes[1].Tree.set("x", item("pk", "a")) },
		"a stale entry":      func(tab *Table) { r, _ := tab.indexes[0].Tree.At(0); tab.indexes[0].Tree.set(r.Key, item("g", "old")) },
		"a wrong byte count": func(tab *Table) { tab.rows.bytes++ },
		"wrong index bytes":  func(tab *Table) { tab.indexes[2].Tree.bytes-- },
	} {
		tab := New(testKey, testIndexes(), Options{})
		put(t, tab, item("pk", "a", "sk", 1, "g", "G", "r", 1))
		spoil(tab)
		if tab.Check() == nil {
			t.Errorf("%s goes unnoticed", name)
		}
	}
}

// TestDigest tells tables apart whose texts could be confused.
func TestDigest(t *testing.T) {
	seen := map[string]string{}
	for name, fill := range map[string]func(*Table){
		"empty": func(*Table) {},
		"one":   func(tab *Table) { put(t, tab, item("pk", "a", "sk", 1)) },
		"other": func(tab *Table) { put(t, tab, item("pk", "a", "sk", 2)) },
		"two":   func(tab *Table) { put(t, tab, item("pk", "a", "sk", 1)); put(t, tab, item("pk", "a", "sk", 2)) },
		"attrs": func(tab *Table) { put(t, tab, item("pk", "a", "sk", 1, "x", 1)) },
	} {
		tab := New(testKey, testIndexes(), Options{})
		fill(tab)
		var b bytes.Buffer
		tab.Digest(&b)
		if before, ok := seen[b.String()]; ok {
			t.Errorf("%s and %s have one digest", name, before)
		}
		seen[b.String()] = name
	}
}
