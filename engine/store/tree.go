package store

import (
	"encoding/binary"

	"github.com/tidwall/btree"

	"github.com/sortkey/sortkey/engine/attr"
)

// Row is one entry of a tree: its place in the order, and the immutable item
// stored there (in an index: the projected entry).
type Row struct {
	Key  string
	Item *attr.Item
	head uint64 // the first eight bytes of Key, in a tree: most comparisons need no more of it
}

// rowAt is the row of an item, or without one a place to look for.
func rowAt(key string, item *attr.Item) Row { return Row{key, item, headOf(key)} }

// headOf is the first eight bytes of a key as a number, zeros standing for what
// a shorter one lacks. Where the heads of two keys differ, they are in the
// order of the keys.
func headOf(key string) uint64 {
	if len(key) >= HashBytes {
		return HashOf(key)
	}
	var b [HashBytes]byte
	copy(b[:], key)
	return binary.BigEndian.Uint64(b[:])
}

// Tree is one ordered set of rows with the sum of their item sizes.
type Tree struct {
	rows  *btree.BTreeG[Row]
	bytes int64
}

func rowLess(a, b Row) bool {
	if a.head != b.head {
		return a.head < b.head
	}
	return a.Key < b.Key
}

// newTree makes an empty tree; degree 0 takes the library's default. Locks are
// off: the engine serialises access.
func newTree(degree int) *Tree {
	return &Tree{rows: btree.NewBTreeGOptions(rowLess, btree.Options{Degree: degree, NoLocks: true})}
}

// copy is O(1): both trees share their nodes until one of them writes.
func (t *Tree) copy() *Tree { return &Tree{rows: t.rows.Copy(), bytes: t.bytes} }

// Len is the number of rows.
func (t *Tree) Len() int { return t.rows.Len() }

// Bytes is the sum of the item sizes.
func (t *Tree) Bytes() int64 { return t.bytes }

// Get returns the item stored at key, nil if there is none.
func (t *Tree) Get(key string) *attr.Item {
	row, _ := t.rows.Get(rowAt(key, nil))
	return row.Item
}

// At returns the row at position i (0-based) in key order.
func (t *Tree) At(i int) (Row, bool) { return t.rows.GetAt(i) }

func (t *Tree) set(key string, item *attr.Item) {
	old, replaced := t.rows.Set(rowAt(key, item))
	if replaced {
		t.bytes -= int64(old.Item.Size())
	}
	t.bytes += int64(item.Size())
}

func (t *Tree) delete(key string) {
	if old, ok := t.rows.Delete(rowAt(key, nil)); ok {
		t.bytes -= int64(old.Item.Size())
	}
}

// Span is a half-open interval [From, To) of row keys; an empty To means up to
// the end.
type Span struct {
	From, To string
}

// Contains reports whether key lies in the span.
func (s Span) Contains(key string) bool {
	return key >= s.From && (s.To == "" || key < s.To)
}

// Ascend calls each for the rows of the span in key order until it returns
// false.
func (t *Tree) Ascend(s Span, each func(Row) bool) {
	t.rows.Ascend(rowAt(s.From, nil), func(r Row) bool {
		if s.To != "" && r.Key >= s.To {
			return false
		}
		return each(r)
	})
}

// Descend calls each for the rows of the span in reverse key order until it
// returns false.
func (t *Tree) Descend(s Span, each func(Row) bool) {
	visit := func(r Row) bool {
		if s.To != "" && r.Key >= s.To {
			return true // the pivot itself: To is exclusive
		}
		return r.Key >= s.From && each(r)
	}
	if s.To == "" {
		t.rows.Reverse(visit)
		return
	}
	t.rows.Descend(rowAt(s.To, nil), visit)
}
