package web

import (
	"strings"

	"github.com/sortkey/sortkey/components"
	"github.com/sortkey/sortkey/engine"
	"github.com/sortkey/sortkey/engine/attr"
	"github.com/sortkey/sortkey/engine/store"
)

// Of a long read the listing has the first rows and the last ones.
const (
	maxListed  = 40
	lastListed = 4
)

// list fills the listing: the rows touched, between their neighbours.
func (v *treeView) list() {
	tr := v.o.trace
	switch {
	case len(v.s.Lit) == 0:
	case tr.Read != nil && v.s.Way != nil:
		v.listRead(tr.Read)
	case tr.Read != nil:
		v.out.Listing.Caption = "Fetched from the table, one by one"
		v.rows(v.s.Ranks)
	default:
		v.listWrite()
	}
}

func (v *treeView) listRead(r *engine.ReadTrace) {
	by := 1
	if r.Reverse {
		by = -1
	}
	first := v.s.Way[len(v.s.Way)-1].Rank()
	if r.Reverse {
		first--
	}
	v.out.Listing.Caption = v.caption(readCaption(v.o.trace), first)
	v.neighbour(first-by, "before the range")
	v.rows(v.s.Ranks)
	if len(v.s.Ranks) == 0 {
		v.line(components.ListingLine{Key: "no such key", Mark: components.RowGone})
	}
	after := "after the range, stop"
	if r.More {
		after = "not read: the page is full"
	}
	v.neighbour(first+by*len(v.s.Ranks), after)
}

func readCaption(tr *engine.Trace) string {
	r := tr.Read
	switch {
	case tr.Operation == "GetItem":
		return "the place of the key"
	case tr.Operation == "Scan":
		return "from the first key on"
	case r.Reverse:
		return "from the last key in the range, backwards"
	case r.Terms == engine.EqualTerm:
		return "the keys that are equal"
	case r.Terms == engine.NoTerm:
		return "the item collection in order"
	}
	return "from the first key in the range"
}

// caption begins with the node that a row lies in.
func (v *treeView) caption(words string, rank int) string {
	if rank < 0 || rank >= v.s.Root.Count {
		return capital(words)
	}
	n, _ := v.s.Root.At(rank)
	return capital(v.places[n]) + ", " + words
}

func capital(s string) string { return strings.ToUpper(s[:1]) + s[1:] }

// rows lists rows by rank.
func (v *treeView) rows(ranks []int) {
	for i, rank := range ranks {
		if i == maxListed && len(ranks) > maxListed+lastListed {
			v.line(components.ListingLine{Key: "…", Note: components.Grouped(len(ranks)-maxListed-lastListed) + " more"})
		}
		if i >= maxListed && i < len(ranks)-lastListed {
			continue
		}
		n, r := v.s.Root.At(rank)
		note := components.Grouped(r.Item.Size()) + " B"
		if v.s.Marks[rank] == engine.Filtered {
			note += ", filtered out"
		}
		v.row(r, components.ListingLine{Note: note, Place: v.places[n], Mark: v.mark(rank)})
	}
}

// row adds a line for a row.
func (v *treeView) row(r store.Row, l components.ListingLine) {
	l.Part, l.Key = v.keyOf(r.Item)
	if tr := v.o.trace; tr.Read != nil && tr.Read.Partition && l.Note != other {
		l.Part = ""
	}
	if v.tree != "" && len(v.s.Key.Range) > 0 && v.twice(r) {
		l.Key += " · " + keyText(values(v.o.trace.After.Key().Attrs(), r.Item))
	}
	v.line(l)
}

// keyOf is the key of an item in this tree: the partition key, and the sort key
// or, in an index without one, the key in the table.
func (v *treeView) keyOf(item *attr.Item) (part, key string) {
	part = keyText(values(v.s.Key.Hash, item))
	switch {
	case len(v.s.Key.Range) > 0:
		return part, keyText(values(v.s.Key.Range, item))
	case v.tree != "":
		return part, keyText(values(v.o.trace.After.Key().Attrs(), item))
	}
	return "", part
}

// twice reports whether a row of an index has the same key there as the one
// before or after it, so that the table's key sets them apart.
func (v *treeView) twice(r store.Row) bool {
	steps, _ := v.s.Root.Search(r.Key)
	rank := steps[len(steps)-1].Rank()
	key := v.full(r)
	for _, near := range []int{rank - 1, rank + 1} {
		if near < 0 || near >= v.s.Root.Count {
			continue
		}
		if _, n := v.s.Root.At(near); v.full(n) == key {
			return true
		}
	}
	return false
}

const other = "other collection"

// line adds a line; a place is named once.
func (v *treeView) line(l components.ListingLine) {
	place := l.Place
	if place == v.last {
		l.Place = ""
	}
	if place != "" {
		v.last = place
	}
	v.out.Listing.Lines = append(v.out.Listing.Lines, l)
}

// neighbour adds a row that was not touched; words say so if it is one of the
// item collection asked for.
func (v *treeView) neighbour(rank int, words string) {
	if rank < 0 || rank >= v.s.Root.Count {
		return
	}
	n, r := v.s.Root.At(rank)
	tr := v.o.trace
	switch {
	case tr.Operation == "GetItem" || tr.Write != nil:
		words = ""
	case tr.Operation == "Scan" && words == "before the range":
		words = "before the segment"
	case tr.Operation == "Scan" && !tr.Read.More:
		words = "after the segment, stop"
	case tr.Read.Partition && (rank < v.s.Near[0] || rank >= v.s.Near[1]):
		words = other
	}
	v.row(r, components.ListingLine{Note: words, Place: v.places[n], Mark: components.RowNear})
}

// listWrite shows the place of the row written, and the one it was taken from.
func (v *treeView) listWrite() {
	end := v.s.Way[len(v.s.Way)-1]
	ic := v.change()
	words := "the place of the key"
	if ic != nil {
		words = v.noun(1) + " " + effectWords[ic.Effect]
	}
	rank := end.Rank()
	v.out.Listing.Caption = v.caption(words, rank)
	switch {
	case end.Found:
		v.neighbour(rank-1, "")
		n, r := v.s.Root.At(rank)
		fate, mark := v.fate(ic)
		v.row(r, components.ListingLine{Note: components.Grouped(r.Item.Size()) + " B, " + fate, Place: v.places[n], Mark: mark})
		v.neighbour(rank+1, "")
	case v.s.Gone == nil:
		v.gap(rank, components.ListingLine{Key: "no item here"})
	}
	if g := v.s.Gone; g != nil {
		if end.Found {
			v.line(components.ListingLine{Key: "…"})
		}
		l := components.ListingLine{Note: "was here"}
		l.Part, l.Key = v.keyOf(ic.Old)
		v.gap(g.Rank(), l)
	}
}

// fate says what a write did, or will do, to the row it found.
func (v *treeView) fate(ic *store.IndexChange) (string, components.RowMark) {
	switch {
	case ic == nil:
		return "left as it is", components.RowHit
	case !v.before:
		return effectWords[ic.Effect], components.RowHit
	case ic.Effect == store.Moved:
		return "will move", components.RowCut
	case ic.Effect == store.Removed:
		return "will go", components.RowCut
	}
	return "will change", components.RowHit
}

// gap shows a place without a row between its neighbours.
func (v *treeView) gap(rank int, l components.ListingLine) {
	v.neighbour(rank-1, "")
	l.Mark = components.RowGone
	v.line(l)
	v.neighbour(rank, "")
}
