package engine

import "github.com/sortkey/sortkey/engine/store"

// An item collection is what one partition key has in a table with local
// indexes, in the table and in those. It is bounded, because it lies in one
// place (semantics §1).

// maxCollection is the size of an item collection in bytes.
const maxCollection = 10 << 30

// overfull finds the first of the writes to be committed together that would
// let its item collection grow beyond the limit, -1 for none. What does not
// grow is never refused.
func (s *state) overfull(writes ...*write) int {
	limit := orElse(s.opts.CollectionLimit, maxCollection)
	var grown map[collection]int64 // by the writes so far
	for i, w := range writes {
		if w.refused || !w.table.meta.hasLocal() {
			continue
		}
		more := w.growth()
		if more == 0 || len(writes) == 1 && (more < 0 || w.table.localBytes()+more <= limit) {
			continue
		}
		if grown == nil {
			grown = map[collection]int64{}
		}
		c := collection{w.table, store.PartitionPrefix(w.hash)}
		grown[c] += more
		if more > 0 && w.table.localBytes()+total(grown) > limit && w.table.collectionBytes(w.hash)+grown[c] > limit {
			return i
		}
	}
	return -1
}

// collection names an item collection.
type collection struct {
	table  *table
	prefix string // of its row keys
}

// total sums what has been added anywhere: no collection can have grown more.
func total(grown map[collection]int64) (n int64) {
	for _, more := range grown {
		n += max(more, 0)
	}
	return n
}

// growth is what a write adds to its item collection.
func (w *write) growth() int64 {
	n := w.change.After.Size() - w.change.Before.Size()
	for i := range w.change.Indexes {
		if ic := &w.change.Indexes[i]; ic.Index.Spec.Local {
			n += ic.New.Size() - ic.Old.Size()
		}
	}
	return int64(n)
}

// localBytes is what the table and its local indexes have: no item collection
// has more.
func (t *table) localBytes() int64 {
	n := t.data.Rows().Bytes()
	for _, x := range t.data.Indexes() {
		if x.Spec.Local {
			n += x.Tree.Bytes()
		}
	}
	return n
}
