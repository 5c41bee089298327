package store

import (
	"slices"
	"sort"
)

// An index that is added to a table with items is filled step by step: writes
// reach it from the first moment on, and Fill goes through the table in key
// order and adds what it finds. Up to the cursor the index holds all that the
// table calls for; beyond it only what has been written since.

// AddIndex gives the table one more index, empty and to be filled. A global one
// goes behind the global ones, before those that are local.
func (t *Table) AddIndex(spec IndexSpec) {
	x := t.newIndex(&spec)
	x.filling = true
	at := len(t.indexes)
	if i := slices.IndexFunc(t.indexes, func(x *Index) bool { return x.Spec.Local }); i >= 0 && !spec.Local {
		at = i
	}
	t.indexes = slices.Insert(slices.Clone(t.indexes), at, x)
	t.settleWanted()
}

// DropIndex removes the index of that name.
func (t *Table) DropIndex(name string) {
	t.indexes = slices.DeleteFunc(slices.Clone(t.indexes), func(x *Index) bool { return x.Spec.Name == name })
	t.settleWanted()
}

// Fill takes up to most further rows of the table (0: all that are left) into
// the index and reports whether that was all. An item without the index's keys,
// or with one that no index can store, is passed over.
func (t *Table) Fill(x *Index, most int) (done bool) {
	var last string
	n := 0
	done = true
	t.rows.Ascend(Span{From: x.cursor}, func(r Row) bool {
		if most > 0 && n == most {
			done = false
			return false
		}
		if key, item := x.entry(r.Key, r.Item, r.Item.Pick(nil, t.wanted)); item != nil {
			x.Tree.set(key, item)
		}
		last = r.Key
		n++
		return true
	})
	if last != "" {
		x.cursor = last + "\x00"
	}
	if done {
		x.filling, x.cursor = false, ""
	}
	return done
}

// Filling reports whether the index is still to be filled, and up to which row
// key (exclusive) it has been.
func (x *Index) Filling() (cursor string, filling bool) { return x.cursor, x.filling }

// Filled counts the rows of the table that the index has been filled with.
func (t *Table) Filled(x *Index) int {
	if !x.filling {
		return t.rows.Len()
	}
	return sort.Search(t.rows.Len(), func(i int) bool {
		r, _ := t.rows.At(i)
		return r.Key >= x.cursor
	})
}

// Resume makes an index one that is filled up to a cursor, before any row is
// loaded.
func (t *Table) Resume(x *Index, cursor string) { x.filling, x.cursor = true, cursor }

// Ahead reports whether a row that an index has yet to be filled with is in it
// already, having been written meanwhile.
func (t *Table) Ahead(r Row) bool {
	for _, x := range t.indexes {
		if !x.filling || r.Key < x.cursor {
			continue
		}
		if key, item := x.entry(r.Key, r.Item, r.Item.Pick(nil, t.wanted)); item != nil && x.Tree.Get(key) != nil {
			return true
		}
	}
	return false
}

// Load stores a row as it was in a table that is made again: ahead is what
// Ahead said of it.
func (t *Table) Load(r Row, ahead bool) {
	c := t.Plan(r.Key, nil, r.Item)
	for i := range c.Indexes {
		if x := c.Indexes[i].Index; x.filling && r.Key >= x.cursor && !ahead {
			c.Indexes[i].Effect = Absent
		}
	}
	t.Apply(&c)
}
