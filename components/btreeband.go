package components

import "strconv"

// The hash scale at the foot of a tree: partitions as bands, item collections
// as strokes.
const (
	hashes     = 1 << 16
	bandAbove  = 36 * centi // from the leaves
	bandHeight = 10 * centi
	bandFoot   = 18 * centi // for its words
	maxBands   = 200        // more partitions than that are drawn as one
)

func hashX(hash int) int { return hash * treeWidth / hashes }

func (d *drawing) bandTop() int { return d.bottom() + bandAbove }

// size is the drawing's height.
func (d *drawing) size() int { return d.bandTop() + bandHeight + bandFoot }

// bands draws the partitions and marks the hash of every item collection.
func (d *drawing) bands() {
	edges, y := d.tree.Edges, d.bandTop()
	if len(edges) > maxBands || len(edges) == 0 {
		edges = []int{0}
	}
	for i, from := range edges {
		to := hashes
		if i+1 < len(edges) {
			to = edges[i+1]
		}
		l := layerPart + layer(i%2)
		here := d.tree.Hash >= from && d.tree.Hash < to
		if here && len(edges) == len(d.tree.Edges) {
			l = layerHere
		}
		x, w := hashX(from), hashX(to)-hashX(from)
		d.rect(l, x, y, w, bandHeight)
		d.bandName(i, x, w, from, here)
	}
	d.text("small dim end", treeWidth, y+bandHeight+12*centi, "ffff")
	d.strokes(d.tree.Root, y, new(int))
}

func (d *drawing) bandName(i, x, w, from int, here bool) {
	y, class := d.bandTop()+bandHeight+12*centi, "ui mid dim"
	if here {
		class = "ui mid acc"
	}
	words := "Partition " + itoa(i+1)
	if n := len(d.tree.Edges); n > maxBands {
		words, class = Grouped(n)+" partitions", "ui mid dim"
	}
	if i == 0 || w >= 150*centi {
		d.text("small dim", x, y, hex4(from))
	}
	switch {
	case w >= 110*centi:
		d.text(class, x+w/2, y, words)
	case w >= 24*centi && i > 0:
		d.text(class, x+w/2, y, itoa(i+1))
	}
}

// strokes marks where the rows below n hash to, in order; last is where the
// one before stands.
func (d *drawing) strokes(n *TreeNode, y int, last *int) {
	for i := range max(len(n.Kids), len(n.Rows)) {
		if i < len(n.Kids) {
			d.strokes(n.Kids[i], y, last)
		}
		if i >= len(n.Rows) {
			continue
		}
		if x := hashX(int(n.Rows[i].Hash)); *last == 0 || x-*last >= centi {
			d.line(layerAxis, "M", x, y+bandHeight/2, "v", bandHeight/2)
			*last = x
		}
	}
}

// leader brackets the rows that were touched and leads from them to the hash
// of their partition key.
func (d *drawing) leader() {
	hash, top := d.tree.Hash, d.bandTop()
	if hash < 0 {
		return
	}
	if d.from < 0 {
		d.from, d.to = d.gone, d.gone
	}
	x, from := hashX(hash), d.from
	if from < 0 {
		d.line(layerMain, "M", x, top-6*centi, "v", bandHeight+8*centi)
	} else {
		from = (d.from + d.to) / 2
		y := d.bottom()
		d.line(layerMain, "M", d.from, y+3*centi, "v", 4*centi, "H", d.to, "v", -4*centi)
		d.line(layerMain, "M", from, y+7*centi, "v", 5*centi, "L", x, top-6*centi, "V", top+bandHeight+2*centi)
	}
	// The words stand where the line does not come from, or above it.
	y, words := top-4*centi, "hash "+hex4(hash)
	right := from <= x
	if right && x > treeWidth-60*centi || !right && x < 60*centi {
		right, y = !right, top-12*centi
	}
	if right {
		d.text("ui acc halo", x+6*centi, y, words)
	} else {
		d.text("ui acc halo end", x-6*centi, y, words)
	}
}

// lit is where the rows that were touched lie, in thousandths of the width:
// where a narrow window opens.
func (d *drawing) lit() string {
	if d.from < 0 {
		return "500"
	}
	return itoa((d.from + d.to) / 2 * 1000 / treeWidth)
}

func hex4(hash int) string { return strconv.FormatInt(int64(hashes+hash), 16)[1:] }

// heading writes what the tree is beside its root, and what of it is not
// drawn.
func (d *drawing) heading() {
	d.text("ui strong", 0, treeTop+14*centi, squeeze(d.tree.Name, headMargin/centi/8))
	d.text("ui dim", 0, treeTop+29*centi, d.tree.Items)
	d.text("ui dim end", treeWidth, treeTop+14*centi, d.tree.Size)
	if d.folded > 0 {
		d.text("ui dim end", treeWidth, treeTop+29*centi, "dashed: "+Grouped(d.folded)+" items")
	}
}

// squeeze shortens a key to n columns and keeps both its ends: what sets keys
// apart is often at the end.
func squeeze(s string, n int) string {
	runes := []rune(s)
	if columns(runes) <= n {
		return s
	}
	head, tail := 0, len(runes)
	for head < tail && columns(runes[:head+1]) <= n*2/5 {
		head++
	}
	for tail > head && columns(runes[tail-1:]) < n-columns(runes[:head]) {
		tail--
	}
	return string(runes[:head]) + "…" + string(runes[tail:])
}

// columns is the width of a text in characters of the data font, of which wide
// scripts take two.
func columns(runes []rune) int {
	n := len(runes)
	for _, r := range runes {
		if r >= 0x1100 {
			n++
		}
	}
	return n
}
