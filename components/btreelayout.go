package components

import "slices"

// The drawing of a tree in its own units; positions are in hundredths of one,
// as in strip.go.
const (
	treeWidth  = 800 * centi
	treeTop    = 4 * centi
	leafPad    = 3 * centi // left and right of a leaf's ticks
	leafGap    = 3 * centi
	leafApart  = 8 * centi // more than that, where ticks stay wide enough
	kinGap     = 6 * centi // more between the children of two nodes
	foldWidth  = 7 * centi // a node that is not drawn further
	foldedRun  = 44 * centi
	minPitch   = 260 // of ticks, while there is a choice
	maxPitch   = 20 * centi
	maxExtra   = 40 * centi  // between leaves, where there is room to spare
	headMargin = 120 * centi // beside the root, for words
	minHead    = 46 * centi  // a root's row with its key in it
	maxHead    = 150 * centi
)

// box is a drawn node, or a run of siblings drawn as one.
type box struct {
	node  *TreeNode
	at    int // of the parent's children
	run   int // siblings folded into it, 0 for a node of its own
	open  bool
	rows  int // in and below a closed one
	depth int
	kids  []*box
	x, w  int // of the box itself
	span  int // of it and what is below
}

// treeLayout finds a place for every node of a tree.
type treeLayout struct {
	root   *TreeNode
	height int
	merge  bool // closed siblings are drawn as one
	pitch  int
	extra  int // between siblings, beyond the gap
	open   map[*TreeNode]bool
	counts map[*TreeNode][2]int
}

// layOut opens as much of the tree as has room: all of it; or else the way
// down, the nodes that were visited, whole levels from the top, and the leaves
// beside the way's end.
func layOut(root *TreeNode) (*box, *treeLayout) {
	l := &treeLayout{root: root, height: root.height(), pitch: minPitch, counts: map[*TreeNode][2]int{}}
	l.open = map[*TreeNode]bool{root: true}
	if rows, nodes := l.count(root); rows*minPitch+nodes*(2*leafPad+leafGap) < 2*treeWidth {
		l.openAll(func(*TreeNode) bool { return true })
		if l.fits() {
			return l.place(), l
		}
	}
	l.open = map[*TreeNode]bool{root: true}
	l.merge = l.width(l.build(root, 0)) > treeWidth/2
	l.openAll(func(n *TreeNode) bool { return n.Way })
	l.openAll(l.whileRoom(func(n *TreeNode) bool { return n.Lit }))
	l.openLevels()
	kin := root.wayEnd().Kids
	l.openAll(l.whileRoom(func(n *TreeNode) bool { return n.Kids == nil && slices.Contains(kin, n) }))
	return l.place(), l
}

// wayEnd is the last inner node on the way down.
func (n *TreeNode) wayEnd() *TreeNode {
	for len(n.Kids) > 0 && n.Kids[0].Kids != nil {
		i := slices.IndexFunc(n.Kids, func(kid *TreeNode) bool { return kid.Way })
		if i < 0 {
			break
		}
		n = n.Kids[i]
	}
	return n
}

func (l *treeLayout) fits() bool { return l.width(l.build(l.root, 0)) <= treeWidth }

// openAll opens the nodes that are wanted, level by level.
func (l *treeLayout) openAll(wanted func(*TreeNode) bool) {
	level := []*TreeNode{l.root}
	for len(level) > 0 {
		var next []*TreeNode
		for _, n := range level {
			if l.open[n] || wanted(n) {
				l.open[n] = true
				next = append(next, n.Kids...)
			}
		}
		level = next
	}
}

// whileRoom narrows a wish to what fits, up to the first that does not.
func (l *treeLayout) whileRoom(wanted func(*TreeNode) bool) func(*TreeNode) bool {
	full := false
	return func(n *TreeNode) bool {
		if full || !wanted(n) {
			return false
		}
		l.open[n] = true
		if full = !l.fits(); full {
			delete(l.open, n)
		}
		return !full
	}
}

// openLevels opens the inner nodes of whole levels, as long as a level fits.
func (l *treeLayout) openLevels() {
	level := l.root.Kids
	for len(level) > 0 && level[0].Kids != nil && len(level) < treeWidth/foldWidth {
		var opened, next []*TreeNode
		for _, n := range level {
			if !l.open[n] {
				l.open[n] = true
				opened = append(opened, n)
			}
			next = append(next, n.Kids...)
		}
		if !l.fits() {
			for _, n := range opened {
				delete(l.open, n)
			}
			return
		}
		level = next
	}
}

// build makes the boxes of a node and of what is open below it.
func (l *treeLayout) build(n *TreeNode, depth int) *box {
	b := &box{node: n, depth: depth, open: l.open[n]}
	if !b.open {
		b.rows, _ = l.count(n)
		return b
	}
	for i, kid := range n.Kids {
		k := l.build(kid, depth+1)
		k.at = i
		if l.merge && !k.open {
			k.run = 1
			if last := len(b.kids) - 1; last >= 0 && b.kids[last].run > 0 && b.kids[last].node.Lit == kid.Lit {
				b.kids[last].join(k)
				continue
			}
		}
		b.kids = append(b.kids, k)
	}
	return b
}

// join folds a sibling into a run.
func (b *box) join(k *box) {
	b.run++
	b.rows += k.rows
}

// count is node.count, remembered.
func (l *treeLayout) count(n *TreeNode) (rows, nodes int) {
	c, ok := l.counts[n]
	if !ok {
		c[0], c[1] = n.count()
		l.counts[n] = c
	}
	return c[0], c[1]
}

// width is the room that a box and what is below it want at the present pitch.
func (l *treeLayout) width(b *box) int {
	b.span = 0
	switch {
	case b.run > 0:
		b.span = foldedRun
	case !b.open:
		b.span = foldWidth
	case len(b.kids) == 0:
		b.span = len(b.node.Rows)*l.pitch + 2*leafPad
	}
	for i, kid := range b.kids {
		if i > 0 {
			b.span += l.gap(b)
		}
		b.span += l.width(kid)
	}
	return b.span
}

// gap is the room between the children of a box: more above the lowest level.
func (l *treeLayout) gap(b *box) int {
	if b.kids[0].kids != nil {
		return kinGap + l.extra
	}
	return leafGap + l.extra
}

// gaps counts the gaps in and below a box.
func gaps(b *box) int {
	n := max(len(b.kids)-1, 0)
	for _, kid := range b.kids {
		n += gaps(kid)
	}
	return n
}

// place chooses the pitch, and the room between, that fill the width, and sets
// every box.
func (l *treeLayout) place() *box {
	b := l.build(l.root, 0)
	l.pitch = 0
	fixed, ticks := l.width(b), max(l.ticks(b), 1)
	if apart := fixed + gaps(b)*leafApart; (treeWidth-apart)/ticks >= minPitch {
		fixed = apart
	}
	l.pitch = max(min((treeWidth-fixed)/ticks, maxPitch), minTick)
	if n := gaps(b); n > 0 {
		l.extra = max(min((treeWidth-l.width(b))/n, maxExtra), 0)
	}
	l.width(b)
	l.set(b, (treeWidth-b.span)/2)
	return b
}

// ticks counts the rows drawn in leaves.
func (l *treeLayout) ticks(b *box) int {
	n := 0
	if b.open && len(b.node.Kids) == 0 {
		n = len(b.node.Rows)
	}
	for _, kid := range b.kids {
		n += l.ticks(kid)
	}
	return n
}

func (l *treeLayout) set(b *box, x int) {
	b.x, b.w = x, b.span
	if len(b.kids) == 0 {
		return
	}
	for _, kid := range b.kids {
		l.set(kid, x)
		x += kid.span + l.gap(b)
	}
	first, last := b.kids[0], b.kids[len(b.kids)-1]
	middle := (first.x + first.w/2 + last.x + last.w/2) / 2
	b.w = min(len(b.node.Rows)*min(l.pitch, 5*centi)+2*leafPad, b.span)
	b.x = middle - b.w/2
}

// levels are the places of the levels from top to bottom: the more there are,
// the closer they stand.
func (l *treeLayout) level(depth int) (y, h int) {
	root, mid, leaf, gap := 34, 16, 26, 24
	switch {
	case l.height == 1: // its words stand over it
		return treeTop + 36*centi, 40 * centi
	case l.height <= 2:
		leaf, gap = 40, 48
	case l.height == 4:
		root, mid, leaf, gap = 30, 13, 20, 17
	case l.height > 4:
		root, mid, leaf, gap = 30, 12, 18, 14
	}
	switch {
	case depth == 0:
		return treeTop, root * centi
	case depth == l.height-1:
		h = leaf
	default:
		h = mid
	}
	return treeTop + (root+gap+(depth-1)*(mid+gap))*centi, h * centi
}

// bottom is where the leaves end.
func (l *treeLayout) bottom() int {
	y, h := l.level(l.height - 1)
	return y + h
}
