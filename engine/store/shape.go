package store

import "sort"

// Node is one node of a tree as it lies in memory: a leaf, or an inner node,
// whose rows are items too and separate its children.
type Node struct {
	Rows  []Row   // of the node itself, in key order
	Kids  []*Node // nil in a leaf, else one more than Rows
	First int     // rank in the tree of the first row in or below the node
	Count int     // rows in and below the node
}

// Root returns the nodes of the tree, nil for an empty one.
//
// The library hands out no nodes, but Walk shows all of their rows: a leaf's as
// one slice, an inner node's one by one, each as a slice of the node's own
// array. Such a slice reaches, within its capacity, to the last row of its
// node; what follows there is empty, since the library clears what it vacates.
// With the height that is the whole structure. The test compares it with the
// library's own nodes.
func (t *Tree) Root() *Node {
	var w walk
	t.rows.Walk(func(rows []Row) bool {
		w.slices = append(w.slices, rows)
		return true
	})
	if len(w.slices) == 0 {
		return nil
	}
	return w.node(t.rows.Height())
}

// walk is what Walk has shown: leaves and separators by turns.
type walk struct {
	slices [][]Row
	rank   int
}

// take consumes the next slice.
func (w *walk) take() []Row {
	rows := w.slices[0]
	w.slices = w.slices[1:]
	w.rank += len(rows)
	return rows
}

// node consumes the subtree of the given height.
func (w *walk) node(height int) *Node {
	n := &Node{First: w.rank}
	if height == 1 {
		n.Rows = append(n.Rows, w.take()...)
		n.Count = len(n.Rows)
		return n
	}
	n.Kids = append(n.Kids, w.node(height-1))
	n.Rows = append(n.Rows, whole(w.slices[0])...)
	for range n.Rows {
		w.take()
		n.Kids = append(n.Kids, w.node(height-1))
	}
	n.Count = w.rank - n.First
	return n
}

// whole extends a separator to the rows that follow it in its node. A row's
// key is never empty.
func whole(separator []Row) []Row {
	rows := separator[:cap(separator)]
	end := 1
	for end < len(rows) && rows[end].Key != "" {
		end++
	}
	return rows[:end]
}

// Height is the number of levels below and with n, 0 for nil.
func (n *Node) Height() int {
	height := 0
	for n != nil {
		height++
		if n.Kids == nil {
			break
		}
		n = n.Kids[0]
	}
	return height
}

// Nodes counts n and the nodes below it.
func (n *Node) Nodes() int {
	count := 1
	for _, kid := range n.Kids {
		count += kid.Nodes()
	}
	return count
}

// Rank is the place in the tree of the node's own row i.
func (n *Node) Rank(i int) int {
	if n.Kids == nil {
		return n.First + i
	}
	return n.Kids[i].First + n.Kids[i].Count
}

// At returns the row at a rank and the node that holds it. The rank must lie
// in or below n.
func (n *Node) At(rank int) (*Node, Row) {
	for {
		i := sort.Search(len(n.Rows), func(i int) bool { return n.Rank(i) >= rank })
		if i < len(n.Rows) && n.Rank(i) == rank {
			return n, n.Rows[i]
		}
		n = n.Kids[i]
	}
}

// Step is one node on the way of a search: where it went on (a child), or
// ended (a row of the node, or the place in a leaf where it would stand).
type Step struct {
	Node  *Node
	Index int
	Found bool
}

// Search goes down from n to key as the tree does, and counts how often it
// compares two keys on the way. On nil it goes nowhere.
func (n *Node) Search(key string) (steps []Step, comparisons int) {
	for n != nil {
		s, c := n.find(key)
		steps = append(steps, s)
		comparisons += c
		if s.Found || n.Kids == nil {
			break
		}
		n = n.Kids[s.Index]
	}
	return steps, comparisons
}

// find is the library's binary search in one node: for the first row above
// key, and then whether the row before that is key itself.
func (n *Node) find(key string) (s Step, comparisons int) {
	s.Node = n
	low, high := 0, len(n.Rows)
	for low < high {
		mid := (low + high) / 2
		comparisons++
		if key < n.Rows[mid].Key {
			high = mid
		} else {
			low = mid + 1
		}
	}
	s.Index = low
	if low > 0 {
		comparisons++
		if n.Rows[low-1].Key == key {
			s.Index, s.Found = low-1, true
		}
	}
	return s, comparisons
}

// Last goes down to the end of the tree, which takes no comparisons.
func (n *Node) Last() (steps []Step) {
	for n != nil {
		steps = append(steps, Step{Node: n, Index: len(n.Rows)})
		if n.Kids == nil {
			break
		}
		n = n.Kids[len(n.Rows)]
	}
	return steps
}

// Rank is the rank of the row that the search has found, or of the first row
// after the place where it ended.
func (s Step) Rank() int { return s.Node.Rank(s.Index) }
