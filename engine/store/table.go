// Package store keeps one table's physical state: the rows of the table and of
// each secondary index in B-trees of tidwall/btree, ordered by (hash of the
// partition key, partition key, sort key) and, in an index, by the table's own
// key after that. Hash ranges are the partitions. Items are immutable; a copy
// of a table is O(1) per tree and shares everything until one side writes.
//
// A write is two steps: Plan computes, without changing anything, what the
// write would do to the table and to every index; Apply does exactly that and
// cannot fail. Charges, stream records and drawings are made from the plan.
package store

import (
	"slices"
	"sort"

	"github.com/sortkey/sortkey/engine/attr"
)

// Projection says which attributes an index keeps.
type Projection uint8

// The projection types of DynamoDB.
const (
	ProjectAll Projection = iota
	ProjectKeysOnly
	ProjectInclude
)

// IndexSpec describes one secondary index.
type IndexSpec struct {
	Name    string
	Local   bool // LSI: shares the table's partition key
	Key     Key
	Project Projection
	Include []string // for ProjectInclude
}

// Index is one secondary index and its tree.
type Index struct {
	Spec *IndexSpec
	Tree *Tree
	keep []string // attributes of an entry unless ProjectAll, sorted
	at   []int    // where its key attributes are in the table's wanted

	filling bool   // items of the table are still to be taken into it: see Fill
	cursor  string // up to which row key they have been
}

// Table is the physical state of one table.
type Table struct {
	key        Key
	degree     int
	rows       *Tree
	indexes    []*Index
	wanted     []string // the key attributes of all indexes, sorted
	partitions []uint64 // first hash of each partition, ascending, [0] = 0
}

// Options are the settings of a new table.
type Options struct {
	Degree     int // of every B-tree; 0 is the library's default
	Partitions int // equal hash ranges to begin with; 0 means 1
}

// New makes an empty table. Indexes keep the order given.
func New(key Key, indexes []IndexSpec, o Options) *Table {
	t := &Table{key: key, degree: o.Degree, rows: newTree(o.Degree)}
	t.partitions = EqualPartitions(o.Partitions)
	for i := range indexes {
		t.indexes = append(t.indexes, t.newIndex(&indexes[i]))
	}
	t.settleWanted()
	return t
}

// settleWanted notes the key attributes of all indexes, and where each index
// has its own among them. Copies share what was noted before.
func (t *Table) settleWanted() {
	t.wanted = nil
	for _, x := range t.indexes {
		for a := range x.Spec.Key.All() {
			t.wanted = append(t.wanted, a.Name)
		}
	}
	slices.Sort(t.wanted)
	t.wanted = slices.Compact(t.wanted)
	for _, x := range t.indexes {
		x.at = nil
		for a := range x.Spec.Key.All() {
			x.at = append(x.at, sort.SearchStrings(t.wanted, a.Name))
		}
	}
}

// EqualPartitions are the first hashes of n equal partitions, at least of one.
func EqualPartitions(n int) []uint64 {
	list := make([]uint64, max(n, 1))
	for i := range list {
		list[i] = edge(uint64(i), uint64(len(list)))
	}
	return list
}

func (t *Table) newIndex(spec *IndexSpec) *Index {
	x := &Index{Spec: spec, Tree: newTree(t.degree)}
	if spec.Project == ProjectAll {
		return x
	}
	names := map[string]bool{}
	for _, a := range append(t.key.Attrs(), spec.Key.Attrs()...) {
		names[a.Name] = true
	}
	if spec.Project == ProjectInclude {
		for _, name := range spec.Include {
			names[name] = true
		}
	}
	for name := range names {
		x.keep = append(x.keep, name)
	}
	sort.Strings(x.keep)
	return x
}

// Projects reports whether entries of the index carry the attribute.
func (x *Index) Projects(name string) bool {
	if x.Spec.Project == ProjectAll {
		return true
	}
	i := sort.SearchStrings(x.keep, name)
	return i < len(x.keep) && x.keep[i] == name
}

// Copy returns an independent table in O(1) per tree.
func (t *Table) Copy() *Table {
	c := *t
	c.rows = t.rows.copy()
	c.indexes = make([]*Index, len(t.indexes))
	for i, x := range t.indexes {
		y := *x
		y.Tree = x.Tree.copy()
		c.indexes[i] = &y
	}
	return &c
}

// Key is the table's key schema.
func (t *Table) Key() Key { return t.key }

// Rows is the table's own tree.
func (t *Table) Rows() *Tree { return t.rows }

// Indexes lists the secondary indexes in the order they were given.
func (t *Table) Indexes() []*Index { return t.indexes }

// Index returns the index of that name, nil if there is none.
func (t *Table) Index(name string) *Index {
	for _, x := range t.indexes {
		if x.Spec.Name == name {
			return x
		}
	}
	return nil
}

// Partitions lists the first hash of each partition in ascending order; the
// first is 0. The slice must not be changed.
func (t *Table) Partitions() []uint64 { return t.partitions }

// Split makes two partitions of one, in the middle of its hash range, and tells
// where the upper one begins. A range of one hash cannot be split: ok is false.
func (t *Table) Split(partition int) (at uint64, ok bool) {
	t.partitions, at, ok = Halve(t.partitions, partition) // copies share the old list
	return at, ok
}

// SetPartitions gives a table the partitions that another had; the list is its
// from then on.
func (t *Table) SetPartitions(firsts []uint64) { t.partitions = firsts }

// PartitionOf returns the number (0-based) of the partition that holds hash.
func (t *Table) PartitionOf(hash uint64) int {
	return sort.Search(len(t.partitions), func(i int) bool { return t.partitions[i] > hash }) - 1
}

// PartitionsIn counts the partitions that a span of row keys touches.
func (t *Table) PartitionsIn(s Span) int {
	first, last := 0, len(t.partitions)-1
	if len(s.From) >= HashBytes {
		first = t.PartitionOf(HashOf(s.From))
	}
	if len(s.To) >= HashBytes {
		h := HashOf(s.To)
		if h > 0 && len(s.To) == HashBytes {
			h-- // the bound is exclusive
		}
		last = t.PartitionOf(h)
	}
	return last - first + 1
}

// RowKey is the place of an item that has the table's key attributes: the row
// key of the table; ok is false where it lacks one or has it with another type.
func (t *Table) RowKey(item *attr.Item) (key string, ok bool) {
	values := make([]attr.Value, 0, MaxKeyAttrs)
	for a := range t.key.All() {
		v, _ := item.Get(a.Name)
		if v.Kind() != a.Kind {
			return "", false
		}
		values = append(values, v)
	}
	n := len(t.key.Hash)
	return string(appendRowKey(make([]byte, 0, usualKey), values[:n], values[n:])), true
}

// IndexRowKey is the place of an item in an index; ok is false where the item
// lacks an index key attribute or has it with another type (a sparse index).
func (t *Table) IndexRowKey(x *Index, item *attr.Item) (key string, ok bool) {
	base, ok := t.RowKey(item)
	if !ok {
		return "", false
	}
	return x.place(base, item.Pick(nil, t.wanted))
}

// Limits on key values in bytes (semantics §1).
const (
	MaxHashKey  = 2048
	MaxRangeKey = 1024
)

// fits reports whether a value of the right type can be a key at all. A write
// that gives an item another is refused; it can only have been there before the
// index was.
func fits(v attr.Value, hash bool) bool {
	if v.Kind() == attr.N {
		return true
	}
	most := MaxRangeKey
	if hash {
		most = MaxHashKey
	}
	size := attr.KeySize(v)
	return size > 0 && size <= most
}

// place is the row key in the index of an item that lies at base in the table;
// picked are the item's values of the table's wanted.
func (x *Index) place(base string, picked []attr.Value) (key string, ok bool) {
	values, i := make([]attr.Value, 0, MaxKeyAttrs), 0
	for a := range x.Spec.Key.All() {
		v := picked[x.at[i]]
		if v.Kind() != a.Kind || !fits(v, i < len(x.Spec.Key.Hash)) {
			return "", false
		}
		values, i = append(values, v), i+1
	}
	n := len(x.Spec.Key.Hash)
	dst := appendRowKey(make([]byte, 0, usualKey), values[:n], values[n:])
	return string(append(dst, base[HashBytes:]...)), true
}
