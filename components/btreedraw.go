package components

import "strings"

// layer is what of a drawing is painted in one class: one path each, from the
// back to the front.
type layer uint8

const (
	layerHair layer = iota
	layerPart
	layerAlt
	layerHere
	layerEdge
	layerPassed
	layerWay
	layerNode
	layerFold
	layerLit
	layerAxis
	layerTick
	layerNear
	layerCut
	layerGone
	layerHit
	layerMain
	layers
)

var layerClasses = [layers]string{
	"hair", "part", "part alt", "part hit", "edge", "edge near", "edge hit", "node", "node fold", "node hit", "axis",
	"tick", "tick near", "tick cut", "tick gone", "tick hit", "main",
}

var markLayers = [...]layer{RowPlain: layerTick, RowNear: layerNear, RowHit: layerHit, RowCut: layerCut, RowGone: layerGone}

// A tick is as wide as its place allows, within limits.
const (
	minTick = 20
	maxTick = 7 * centi
)

// drawing is a tree drawn.
type drawing struct {
	*treeLayout
	tree     *Tree
	paths    [layers]strings.Builder
	texts    []drawnText
	from, to int // of the rows that were touched in leaves; from is -1 for none
	gone     int // where a row was taken from, -1 for nowhere

	headed bool // the root's rows show their keys
	folded int  // rows in nodes that are not drawn further
}

// drawnText is one text of a drawing.
type drawnText struct {
	class string
	x, y  int
	text  string
}

// draw draws the tree.
func (t *Tree) draw() *drawing {
	root, l := layOut(t.Root)
	d := &drawing{treeLayout: l, tree: t, from: -1, gone: -1}
	d.bands()
	d.widen(root)
	d.node(root)
	d.leader()
	d.heading()
	return d
}

// line adds to a path: see stroke.
func (d *drawing) line(l layer, parts ...any) { stroke(&d.paths[l], parts...) }

func (d *drawing) rect(l layer, x, y, w, h int) { d.line(l, "M", x, y, "h", w, "v", h, "h", -w, "z") }

func (d *drawing) text(class string, x, y int, text string) {
	d.texts = append(d.texts, drawnText{class, x, y, text})
}

// widen gives the root's rows room for their keys, where there is enough, and
// keeps the root off the words beside it.
func (d *drawing) widen(root *box) {
	n, margin := len(root.node.Rows), headMargin
	if d.height == 1 {
		margin = 0
	}
	room := treeWidth - 2*margin
	middle := root.x + root.w/2
	w := min(n*maxHead, room)
	if d.headed = len(d.tree.Heads) == n && w/n >= minHead; !d.headed {
		w = min(root.w, room)
	}
	root.x, root.w = min(max(middle-w/2, margin), treeWidth-margin-w), w
}

// node draws a box, and what is below it.
func (d *drawing) node(b *box) {
	y, h := d.level(b.depth)
	half := centi / 2
	frame := layerNode
	switch {
	case !b.open:
		d.fold(b, y, h)
		return
	case b.node.Lit:
		frame = layerLit
	}
	d.rect(frame, b.x+half, y+half, b.w-centi, h-centi)
	if b.depth == 0 && d.headed {
		d.heads(b, y, h)
	} else {
		d.rows(b, y, h)
	}
	for _, kid := range b.kids {
		d.edge(b, kid, y+h)
		d.node(kid)
	}
	if len(b.node.Kids) == 0 {
		d.name(b, y)
		d.hair(b, y+h)
	}
}

// fold draws a node whose rows are not drawn, and counts them.
func (d *drawing) fold(b *box, y, h int) {
	frame := layerFold
	if b.node.Lit {
		frame = layerLit
	}
	d.rect(frame, b.x+centi/2, y+centi/2, b.w-centi, h-centi)
	d.folded += b.rows
}

// heads writes the keys of the root into it, and marks those that were
// touched.
func (d *drawing) heads(b *box, y, h int) {
	w := b.w / len(b.node.Rows)
	room := w/centi/6 - 1
	for i, r := range b.node.Rows {
		x := b.x + i*w
		if i > 0 {
			d.line(layerAxis, "M", x, y, "v", h)
		}
		key, sort := d.tree.Heads[i][0], d.tree.Heads[i][1]
		class := "strong mid"
		if r.Mark == RowHit {
			class = "acc strong mid"
		}
		if sort == "" {
			d.text(class, x+w/2, y+h/2+350, squeeze(key, room))
		} else {
			d.text(class, x+w/2, y+h/2-200, squeeze(key, room))
			d.text("small mid", x+w/2, y+h/2+1000, squeeze(sort, room))
		}
		if r.Mark != RowPlain && r.Mark != RowNear {
			d.tick(r.Mark, x+3*centi, y+h-5*centi, w-6*centi, 4*centi)
			d.touch(b, r.Mark, x+3*centi, w-6*centi)
		}
	}
}

// touch widens the stretch of leaves that was touched.
func (d *drawing) touch(b *box, m RowMark, x, w int) {
	if len(b.node.Kids) > 0 {
		return
	}
	if m == RowGone {
		d.gone = x + w/2
		return
	}
	if d.from < 0 || x < d.from {
		d.from = x
	}
	d.to = max(d.to, x+w)
}

// rows draws a node's rows as ticks.
func (d *drawing) rows(b *box, y, h int) {
	if len(b.node.Rows) == 0 {
		return
	}
	pitch := (b.w - 2*leafPad) / len(b.node.Rows)
	pad := h / 5
	for i, r := range b.node.Rows {
		w := max(min(pitch*2/3, maxTick), minTick)
		x := b.x + leafPad + i*pitch + (pitch-w)/2
		d.tick(r.Mark, x, y+pad, w, h-2*pad)
		if r.Mark != RowPlain && r.Mark != RowNear {
			d.touch(b, r.Mark, x, w)
		}
	}
}

// tick draws one row. A hollow one too narrow to be seen as such is broken in
// two.
func (d *drawing) tick(m RowMark, x, y, w, h int) {
	l := markLayers[m]
	half := centi / 2
	switch {
	case m != RowCut && m != RowGone:
		d.rect(l, x, y, w, h)
	case w >= 4*centi:
		d.rect(l, x+half, y+half, w-centi, max(h-centi, half))
	default:
		x += w / 2
		d.line(l, "M", x, y, "v", h*3/10, "M", x, y+h, "v", -h*3/10)
	}
}

// edge joins a box to a child, from the gap between its keys that the child
// lies under.
func (d *drawing) edge(b, kid *box, y int) {
	pad := leafPad
	if b.depth == 0 && d.headed {
		pad = 0
	}
	at := b.x + pad + (b.w-2*pad)*(kid.at+kid.run/2)/len(b.node.Rows)
	top, _ := d.level(kid.depth)
	l := layerEdge
	switch {
	case kid.node.Way:
		l = layerWay
	case kid.node.Lit:
		l = layerPassed
	}
	bend := (top - y) / 5
	d.line(l, "M", at, y, "v", bend, "L", kid.x+kid.w/2, top-bend, "V", top)
}

// name writes a leaf's number over it, where there is room or it was visited.
func (d *drawing) name(b *box, y int) {
	class, n := "ui dim", b.node.Label
	if b.node.Lit {
		class = "ui acc halo"
	}
	switch {
	case d.height == 2 && b.w >= 62*centi:
		d.text(class, b.x, y-6*centi, "Leaf "+n)
		if b.w >= 120*centi {
			rows, _ := b.node.count()
			d.text("ui dim end", b.x+b.w, y-6*centi, Grouped(rows)+" items")
		}
	case d.height == 2 && b.w >= 30*centi:
		d.text(class, b.x, y-6*centi, n)
	case d.height > 1 && b.node.Lit && b.w >= 14*centi:
		d.text("small acc halo", b.x, y-3*centi, n)
	}
}

// hair joins a leaf to the stretch of the hash scale that its rows come from.
func (d *drawing) hair(b *box, y int) {
	from, to := b.node.hashes()
	d.line(layerHair, "M", b.x+centi/2, y, "L", hashX(int(from)), d.bandTop())
	d.line(layerHair, "M", b.x+b.w-centi/2, y, "L", hashX(int(to)), d.bandTop())
}
