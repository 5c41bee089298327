package components

// Tree is a B-tree as it lies in memory, and what the request on the desk did
// in it.
type Tree struct {
	Blank   string     // instead of a tree: why there is none to draw
	Note    string     // over the tree: why nothing of it is lit
	Label   string     // the drawing in a sentence
	Picks   []TreePick // the trees of the table
	Sides   []TreePick // before and after a write; none for other requests
	Root    *TreeNode
	Heads   [][2]string // of the root's rows: partition key and sort key
	Name    string      // "Shop", "byStatus"
	Size    string      // "3 levels, 41 nodes"
	Items   string      // "148 items"
	Hash    int         // where the partition key asked for lies, 0 to 65535; -1 for none
	Edges   []int       // of the partitions: where each begins, 0 to 65535
	Listing Listing
	Way     []Words // the way down, node by node
}

// TreePick is one of the trees, or sides, that can be looked at.
type TreePick struct {
	Name  string // "byStatus", "before"
	Word  string // what the request did there: "moved", ""
	URL   string
	Shown bool
}

// TreeNode is one node, to be drawn.
type TreeNode struct {
	Rows  []TreeRow
	Kids  []*TreeNode // nil in a leaf, else one more than Rows
	Way   bool        // the search to the first row came by
	Lit   bool        // the request has visited it
	Label string      // a leaf's number
}

// TreeRow is a row in a node.
type TreeRow struct {
	Mark RowMark
	Hash uint16 // the upper half of the hash's upper half
}

// RowMark is what a request did with a row of a tree.
type RowMark uint8

// The marks, as the tree and the listing draw them.
const (
	RowPlain RowMark = iota
	RowNear          // of the item collection asked for, not read
	RowHit           // read and returned, or written: solid
	RowCut           // read and not returned: hollow
	RowGone          // taken away from here: a place without a row
)

var rowClasses = [...]string{RowPlain: "off", RowNear: "off", RowHit: "hit", RowCut: "cut", RowGone: "gone"}

// Listing is the rows that were read or written, with their neighbours.
type Listing struct {
	Caption string
	Lines   []ListingLine
}

// ListingLine is a row of the listing.
type ListingLine struct {
	Part  string // its partition key, "" where all have the same
	Key   string
	Note  string // "647 B", "553 B, filtered out", "before the range"
	Place string // the node that holds it, where that is another than the line before: "leaf 3"
	Mark  RowMark
}

// blank is what stands instead of a tree, "" where there is one.
func (t *Tree) blank() string {
	if t == nil {
		return "A table’s B-tree appears with its first item."
	}
	return t.Blank
}

// count is the number of rows, and of nodes, in and below n.
func (n *TreeNode) count() (rows, nodes int) {
	rows, nodes = 0, 1
	for _, r := range n.Rows {
		if r.Mark != RowGone {
			rows++
		}
	}
	for _, kid := range n.Kids {
		r, k := kid.count()
		rows, nodes = rows+r, nodes+k
	}
	return rows, nodes
}

func (n *TreeNode) height() int {
	height := 1
	for ; len(n.Kids) > 0; n = n.Kids[0] {
		height++
	}
	return height
}

// hashes are those of the first and the last row in or below n.
func (n *TreeNode) hashes() (from, to uint16) {
	first, last := n, n
	for len(first.Kids) > 0 {
		first = first.Kids[0]
	}
	for len(last.Kids) > 0 {
		last = last.Kids[len(last.Kids)-1]
	}
	return first.Rows[0].Hash, last.Rows[len(last.Rows)-1].Hash
}
