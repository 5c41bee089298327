package engine

import (
	"github.com/sortkey/sortkey/engine/meter"
	"github.com/sortkey/sortkey/engine/store"
)

// TreeShape is one B-tree of a table, node by node, and what a request did in
// it.
type TreeShape struct {
	Table      string
	Index      *store.Index // nil for the table's own tree
	Key        store.Key    // of the tree: the index's or the table's
	Root       *store.Node  // nil where the tree is empty
	Partitions []uint64     // first hash of each, ascending

	// Way is the search to the first row, root first; nil where the request
	// has not searched this tree. The way to the end of a tree takes no
	// comparisons. The table's own tree has none where items were fetched from
	// it, one search for each.
	Way         []store.Step
	Comparisons int
	// Gone is where a removed row stood, in a tree without it; nil for none.
	Gone *store.Step
	// Lit are the nodes that the request has visited.
	Lit map[*store.Node]bool
	// Marks tell of each rank what became of the row there.
	Marks map[int]Mark
	// Ranks are the ranks in Marks in the order of the request.
	Ranks []int
	// Near is the item collection that was asked for: ranks from the first up
	// to the second.
	Near [2]int
}

// Mark is what a request did with a row.
type Mark uint8

// The marks of rows.
const (
	Unread   Mark = iota
	Returned      // read and returned
	Filtered      // read and not returned, or found and left as it was
	Written       // put in, changed or moved here
	Removed       // about to be changed, taken out or moved: in the tree before
)

// observeTable keeps the table as the request has left it: an O(1) copy.
func (s *state) observeTable(tr *Trace) {
	if t := s.region(tr.Region).tables[tr.Table]; t != nil {
		tr.After = t.data.Copy()
	}
}

// Shape draws the tree of the table, or of an index, as it was when the
// request had been served; before asks for the tree that a write found. It is
// nil where there is no such tree. Nothing is drawn until it is asked for.
func (tr *Trace) Shape(index string, before bool) *TreeShape {
	data := tr.After
	if before && tr.Write != nil {
		data = tr.Write.Before
	}
	if data == nil {
		return nil
	}
	s := newShape(tr.Table, data, index)
	if s == nil || s.Root == nil {
		return s
	}
	switch {
	case tr.Read != nil:
		s.read(tr, index)
	case tr.Write != nil:
		s.write(tr.Write, index, before)
	}
	return s
}

func newShape(table string, data *store.Table, index string) *TreeShape {
	s := &TreeShape{Table: table, Key: data.Key(), Partitions: data.Partitions(), Lit: map[*store.Node]bool{}, Marks: map[int]Mark{}}
	tree := data.Rows()
	if index != "" {
		if s.Index = data.Index(index); s.Index == nil {
			return nil
		}
		tree, s.Key = s.Index.Tree, s.Index.Spec.Key
	}
	s.Root = tree.Root()
	return s
}

func (s *TreeShape) read(tr *Trace, index string) {
	r := tr.Read
	switch {
	case index == indexName(r.Index):
		s.walk(r, tr.Operation == "GetItem")
	case index == "" && tr.Receipt != nil && tr.Receipt.Arms[0].Reason == meter.FetchItems:
		s.fetched(r)
	}
}

func indexName(x *store.Index) string {
	if x == nil {
		return ""
	}
	return x.Spec.Name
}

// walk marks what a read has passed: the way to the first row, then row after
// row, and the one behind the span, at which it stopped.
func (s *TreeShape) walk(r *ReadTrace, single bool) {
	start := r.Span.From
	if r.Reverse {
		start = r.Span.To
	}
	if r.Reverse && start == "" {
		s.Way = s.Root.Last()
	} else {
		s.Way, s.Comparisons = s.Root.Search(start)
	}
	s.lightWay(s.Way)
	rank, by := s.Way[len(s.Way)-1].Rank(), 1
	if r.Reverse {
		rank, by = rank-1, -1
	}
	for i := range r.Rows {
		s.mark(rank, readMark(&r.Rows[i]))
		rank += by
	}
	if !single && !r.More {
		s.light(rank)
	}
	if r.Around != nil {
		s.near(store.PartitionPrefix(r.Around.Key...))
	}
}

func readMark(r *ReadRow) Mark {
	if r.Returned {
		return Returned
	}
	return Filtered
}

// fetched marks the items that were looked up in the table for the entries of
// a local index.
func (s *TreeShape) fetched(r *ReadTrace) {
	for i := range r.Rows {
		way, _ := s.Root.Search(s.Key.RowKey(r.Rows[i].Item.Map()))
		s.lightWay(way)
		s.mark(way[len(way)-1].Rank(), readMark(&r.Rows[i]))
	}
}

// near finds the ranks of an item collection.
func (s *TreeShape) near(prefix string) {
	from, _ := s.Root.Search(prefix)
	s.Near = [2]int{from[len(from)-1].Rank(), s.Root.Count}
	if after := store.After(prefix); after != "" {
		to, _ := s.Root.Search(after)
		s.Near[1] = to[len(to)-1].Rank()
	}
}

// write marks where a write put a row, took one out, or left all as it was.
func (s *TreeShape) write(w *WriteTrace, index string, before bool) {
	c := &w.Change
	if index == "" {
		switch {
		case w.Refused || c.Before == nil && c.After == nil:
			s.look(c.Key)
		case c.After == nil:
			s.change(c.Key, "", before)
		default:
			s.change(c.Key, c.Key, before)
		}
		return
	}
	for i := range c.Indexes {
		ic := &c.Indexes[i]
		if ic.Index.Spec.Name != index {
			continue
		}
		switch ic.Effect {
		case store.Absent, store.Same:
		default:
			s.change(ic.OldKey, ic.NewKey, before)
		}
	}
}

// look marks a search that changed nothing.
func (s *TreeShape) look(key string) {
	s.Way, s.Comparisons = s.Root.Search(key)
	s.lightWay(s.Way)
	if end := s.Way[len(s.Way)-1]; end.Found {
		s.mark(end.Rank(), Filtered)
	}
}

// change marks a row taken from one key and put in at another, or at the same
// one; "" is none. The tree before shows where it was, or will be.
func (s *TreeShape) change(from, to string, before bool) {
	key, mark := to, Written
	if before {
		key, mark = from, Removed
	}
	if key == "" {
		key = from + to // the place without the row
	}
	s.Way, s.Comparisons = s.Root.Search(key)
	s.lightWay(s.Way)
	if end := s.Way[len(s.Way)-1]; end.Found {
		s.mark(end.Rank(), mark)
	}
	if before || from == "" || from == to {
		return
	}
	gone, _ := s.Root.Search(from)
	s.Gone = &gone[len(gone)-1]
}

func (s *TreeShape) mark(rank int, m Mark) {
	s.Marks[rank] = m
	s.Ranks = append(s.Ranks, rank)
	s.light(rank)
}

// light lights the nodes from the root to the row at a rank, which may lie
// outside of the tree.
func (s *TreeShape) light(rank int) {
	if rank < 0 || rank >= s.Root.Count {
		return
	}
	holder, row := s.Root.At(rank)
	if !s.Lit[holder] {
		way, _ := s.Root.Search(row.Key)
		s.lightWay(way)
	}
}

func (s *TreeShape) lightWay(way []store.Step) {
	for _, step := range way {
		s.Lit[step.Node] = true
	}
}
