package web

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"

	"github.com/sortkey/sortkey/components"
	"github.com/sortkey/sortkey/engine"
	"github.com/sortkey/sortkey/engine/store"
)

// treeOf draws a tree of the table that an outcome is about: the one asked
// for, else the one that was read, else the table's own.
func treeOf(o *outcome, tree, side string) (*components.Tree, []components.Fact) {
	if blank := treeless(o); blank != "" {
		return &components.Tree{Blank: blank}, nil
	}
	tr := o.trace
	v := &treeView{o: o, before: side == "before" && tr.Write != nil, places: map[*store.Node]string{}}
	switch {
	case tree == "" && tr.Read != nil:
		v.tree = tr.Index
	case tree != tableTree && tr.After.Index(tree) != nil:
		v.tree = tree
	}
	v.s = tr.Shape(v.tree, v.before)
	return v.model()
}

const firstItem = "A table’s B-tree appears with its first item."

// tableTree asks for the table's own tree; no index can have such a short name.
const tableTree = "-"

// treeless says why an outcome has no tree, "" if it has one.
func treeless(o *outcome) string {
	switch {
	case o == nil:
		return firstItem
	case o.wrong != nil:
		return "The text is no request yet, so it has reached no tree."
	case o.trace.After == nil && o.trace.Err != nil:
		return refusedTree
	case o.trace.After == nil && o.trace.Operation == "DeleteTable":
		return "The table is gone, and its trees with it."
	case o.trace.After == nil && o.trace.Operation == "ListTables":
		return "ListTables reaches no tree."
	case o.trace.After == nil:
		return o.trace.Operation + untold
	case o.trace.After.Rows().Len() == 0 && (o.trace.Write == nil || o.trace.Write.Before.Rows().Len() == 0):
		return firstItem
	}
	return ""
}

// untold is said of requests on several items, whose trace does not follow each.
const untold = " works on several items; what it did in the trees is not drawn."

const refusedTree = "The request was refused before it reached the tree."

// treeView fills the model of one tree.
type treeView struct {
	o      *outcome
	s      *engine.TreeShape
	tree   string // the index's name, "" for the table
	before bool
	places map[*store.Node]string // what each node is called
	leaves int
	last   string // the place of the listing's last line
	out    *components.Tree
}

func (v *treeView) model() (*components.Tree, []components.Fact) {
	v.out = &components.Tree{Hash: -1}
	v.picks()
	if v.o.refused() {
		v.out.Note = refusedTree
	} else if tr := v.o.trace; tr.Read == nil && tr.Write == nil && tr.Receipt != nil {
		v.out.Note = tr.Operation + untold
	}
	root := v.s.Root
	if root == nil {
		v.out.Note = "This tree is empty."
		if v.tree != "" {
			v.out.Note = "No item has the key attributes of this index: it is empty."
		}
		return v.out, nil
	}
	for _, p := range v.s.Partitions {
		v.out.Edges = append(v.out.Edges, int(p>>48))
	}
	v.name(root, "")
	v.out.Root = v.node(root)
	if v.out.Name = v.tree; v.tree == "" {
		v.out.Name = v.o.trace.Table
	}
	v.out.Size = components.Counted(root.Height(), "level") + ", " + components.Counted(root.Nodes(), "node")
	v.out.Items = components.Grouped(root.Count) + " " + v.noun(root.Count)
	for _, r := range root.Rows {
		v.out.Heads = append(v.out.Heads, [2]string{
			keyText(values(v.s.Key.Hash, r.Item)), keyText(values(v.s.Key.Range, r.Item))})
	}
	v.hash()
	v.list()
	v.way()
	v.out.Label = v.label()
	return v.out, v.facts()
}

// noun is what the rows of the tree are called: n of them.
func (v *treeView) noun(n int) string {
	switch {
	case v.tree == "":
		return noun(n, "item")
	case n == 1:
		return "entry"
	}
	return "entries"
}

// name gives every node its name: leaves are numbered through, the others by
// their place below the root.
func (v *treeView) name(n *store.Node, path string) {
	switch {
	case n == v.s.Root:
		v.places[n] = "root"
	case n.Kids == nil:
		v.leaves++
		v.places[n] = "leaf " + strconv.Itoa(v.leaves)
	default:
		v.places[n] = "node " + path
		path += "."
	}
	for i, kid := range n.Kids {
		v.name(kid, path+strconv.Itoa(i+1))
	}
}

var rowMarks = map[engine.Mark]components.RowMark{
	engine.Returned: components.RowHit, engine.Written: components.RowHit,
	engine.Filtered: components.RowCut, engine.Removed: components.RowCut,
}

// node converts a node and those below it.
func (v *treeView) node(n *store.Node) *components.TreeNode {
	t := &components.TreeNode{Lit: v.s.Lit[n], Label: strings.TrimPrefix(v.places[n], "leaf ")}
	for _, step := range v.s.Way {
		t.Way = t.Way || step.Node == n
	}
	for i, r := range n.Rows {
		v.ghost(t, n, i)
		t.Rows = append(t.Rows, components.TreeRow{Mark: v.mark(n.Rank(i)), Hash: uint16(store.HashOf(r.Key) >> 48)})
	}
	v.ghost(t, n, len(n.Rows))
	for _, kid := range n.Kids {
		t.Kids = append(t.Kids, v.node(kid))
	}
	return t
}

// ghost adds the row that was taken from the place before row i of a leaf.
func (v *treeView) ghost(t *components.TreeNode, n *store.Node, i int) {
	if g := v.s.Gone; g != nil && g.Node == n && g.Index == i && n.Kids == nil {
		from, _ := v.keys()
		t.Rows = append(t.Rows, components.TreeRow{Mark: components.RowGone, Hash: uint16(store.HashOf(from) >> 48)})
	}
}

func (v *treeView) mark(rank int) components.RowMark {
	if m, ok := rowMarks[v.s.Marks[rank]]; ok {
		return m
	}
	if rank >= v.s.Near[0] && rank < v.s.Near[1] {
		return components.RowNear
	}
	return components.RowPlain
}

// change is what a write did in this tree, nil where it did nothing.
func (v *treeView) change() *store.IndexChange {
	w := v.o.trace.Write
	if w == nil || w.Refused {
		return nil
	}
	if v.tree == "" {
		return tableChange(&w.Change)
	}
	for i := range w.Change.Indexes {
		if ic := &w.Change.Indexes[i]; ic.Index.Spec.Name == v.tree {
			return ic
		}
	}
	return nil
}

// tableChange is what a write did to the table, told like that to an index.
func tableChange(c *store.Change) *store.IndexChange {
	ic := &store.IndexChange{OldKey: c.Key, NewKey: c.Key, Old: c.Before, New: c.After, Effect: store.Replaced}
	switch {
	case c.Before == nil && c.After == nil:
		ic.Effect = store.Absent
	case c.Before == nil:
		ic.Effect = store.Added
	case c.After == nil:
		ic.Effect = store.Removed
	case !c.Writes():
		ic.Effect = store.Same
	}
	return ic
}

// keys are where the row written came from and went to.
func (v *treeView) keys() (from, to string) {
	if ic := v.change(); ic != nil {
		return ic.OldKey, ic.NewKey
	}
	return "", ""
}

var effectWords = [...]string{
	store.Absent: "absent", store.Same: "unchanged", store.Added: "added",
	store.Removed: "removed", store.Replaced: "changed", store.Moved: "moved",
}

// picks lists the trees, with what the request did in each, and the sides of a
// write.
func (v *treeView) picks() {
	tr := v.o.trace
	add := func(index, name string) {
		at := *v
		at.tree = index
		p := components.TreePick{Name: name, URL: v.url(index, ""), Shown: index == v.tree}
		ic := at.change()
		switch {
		case ic != nil:
			p.Word = effectWords[ic.Effect]
		case tr.Read != nil && index == tr.Index:
			p.Word = "read"
		case tr.Write != nil && tr.Write.Refused && index == "":
			p.Word = "not written"
		}
		v.out.Picks = append(v.out.Picks, p)
	}
	add("", tr.Table)
	for _, x := range tr.After.Indexes() {
		add(x.Spec.Name, x.Spec.Name)
	}
	if ic := v.change(); ic != nil && ic.Effect > store.Same {
		v.out.Sides = []components.TreePick{
			{Name: "before", URL: v.url(v.tree, "before"), Shown: v.before},
			{Name: "after", URL: v.url(v.tree, "after"), Shown: !v.before},
		}
	}
}

func (v *treeView) url(tree, side string) string {
	u := "desk/dock/btree?outcome=" + strconv.Itoa(v.o.id)
	if tree == "" {
		tree = tableTree
	}
	u += "&tree=" + url.QueryEscape(tree)
	if side != "" {
		u += "&side=" + side
	}
	return u
}

// hash finds where the partition key lies that the request asked for.
func (v *treeView) hash() {
	tr := v.o.trace
	switch {
	case len(v.s.Lit) == 0:
		return
	case tr.Read != nil && tr.Read.Around != nil:
		v.out.Hash = int(tr.Read.Around.Hash >> 48)
	case len(v.s.Ranks) > 0 && tr.Write != nil:
		_, row := v.s.Root.At(v.s.Ranks[0])
		v.out.Hash = int(store.HashOf(row.Key) >> 48)
	case tr.Write != nil:
		from, to := v.keys()
		v.out.Hash = int(store.HashOf((to + from)[:store.HashBytes]) >> 48)
	}
}

// facts are the figures at the head of the dock.
func (v *treeView) facts() []components.Fact {
	s, tr := v.s, v.o.trace
	if root := s.Root; len(s.Lit) == 0 {
		return []components.Fact{figure(root.Height(), "level"), figure(root.Nodes(), "node"),
			{Figure: components.Grouped(root.Count), Words: v.noun(root.Count)}}
	}
	f := []components.Fact{figure(len(s.Lit), "node")}
	switch {
	case tr.Write != nil && tr.Write.Refused:
		f = append(f, components.Fact{Words: "condition failed"})
	case tr.Write != nil:
		f = append(f, components.Fact{Words: v.noun(1) + " " + effectWords[v.change().Effect]})
	case s.Way == nil:
		f = append(f, components.Fact{Figure: components.Grouped(len(s.Ranks)), Words: "searches, one an item"})
	case tr.Operation == "GetItem":
		f = append(f, figure(s.Comparisons, "comparison"))
	default:
		first, keys := figure(s.Comparisons, "comparison"), figure(len(s.Ranks), "key")
		first.Words += " to the first key"
		keys.Words += " in order"
		f = append(f, first, keys)
	}
	return f
}

func figure(n int, word string) components.Fact {
	return components.Fact{Figure: components.Grouped(n), Words: noun(n, word)}
}

// label says what the drawing shows.
func (v *treeView) label() string {
	of := "table " + v.o.trace.Table
	if v.tree != "" {
		of = "index " + v.tree
	}
	label := "B-tree of " + of
	if v.before {
		label += " before the write"
	}
	label += ": " + v.out.Size + ", " + v.out.Items + "."
	switch {
	case v.out.Note != "":
		return label + " " + v.out.Note
	case len(v.s.Lit) == 0:
		return label + " The request has not touched it."
	}
	if end := len(v.s.Way) - 1; end >= 0 {
		label += " The search goes from the root to " + v.places[v.s.Way[end].Node]
		if n := len(v.s.Ranks); v.o.trace.Read != nil && v.o.trace.Operation != "GetItem" {
			label += " and reads " + components.Counted(n, "neighbouring key")
		}
		label += "."
	}
	return label
}

// way tells of every node on the way where the search went on.
func (v *treeView) way() {
	for i, step := range v.s.Way {
		n := step.Node
		w := components.Words{}.Strong(v.places[n]).Say(", " + components.Counted(len(n.Rows), "key") + ": ")
		switch {
		case step.Found:
			w = w.Say("the key is number " + strconv.Itoa(step.Index+1))
		case n.Kids == nil && step.Index < len(n.Rows):
			w = w.Say("the place is before number " + strconv.Itoa(step.Index+1))
		case n.Kids == nil:
			w = w.Say("the place is behind the last")
		case step.Index == 0:
			w = w.Say("left of ").Code(v.full(n.Rows[0]))
		default:
			w = w.Say("right of ").Code(v.full(n.Rows[step.Index-1]))
		}
		if i == 0 {
			w = w.Faint(" · order: hash, then key")
		}
		v.out.Way = append(v.out.Way, w)
	}
}

// full is a row's whole key in its tree, behind the hash that orders it.
func (v *treeView) full(r store.Row) string {
	return fmt.Sprintf("%04x ", store.HashOf(r.Key)>>48) + keyText(values(v.s.Key.Attrs(), r.Item))
}
