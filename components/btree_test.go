package components

import (
	"math/rand/v2"
	"strings"
	"testing"
)

// growTree makes a tree of the given height whose nodes have lo to hi rows.
func growTree(rnd *rand.Rand, height, lo, hi int, hash *int) *TreeNode {
	n := &TreeNode{Label: "9"}
	rows := lo + rnd.IntN(hi-lo+1)
	for i := range rows + 1 {
		if height > 1 {
			n.Kids = append(n.Kids, growTree(rnd, height-1, lo, hi, hash))
		}
		if i < rows {
			*hash = min(*hash+rnd.IntN(40), 65535)
			n.Rows = append(n.Rows, TreeRow{Hash: uint16(*hash)})
		}
	}
	return n
}

// lightTree marks a random way down and some rows after it, as a read does.
func lightTree(rnd *rand.Rand, root *TreeNode, reads int) {
	way := []*TreeNode{root}
	for n := root; len(n.Kids) > 0; {
		n = n.Kids[rnd.IntN(len(n.Kids))]
		way = append(way, n)
	}
	for _, n := range way {
		n.Way, n.Lit = true, true
	}
	started := false
	var walk func(*TreeNode) bool
	walk = func(n *TreeNode) (touched bool) {
		started = started || n == way[len(way)-1]
		for i := range len(n.Rows) + 1 {
			if i < len(n.Kids) && walk(n.Kids[i]) {
				touched = true
			}
			if i < len(n.Rows) && started && reads > 0 {
				n.Rows[i].Mark, touched = []RowMark{RowHit, RowCut}[rnd.IntN(2)], true
				reads--
			}
		}
		n.Lit = n.Lit || touched
		return touched
	}
	walk(root)
}

// TestTreeLayout holds every drawing inside its frame, its boxes apart and its
// way open; what is not drawn is counted.
func TestTreeLayout(t *testing.T) {
	rnd := rand.New(rand.NewPCG(3, 4))
	for range 300 {
		height, lo := 1+rnd.IntN(5), 1+rnd.IntN(8)
		hi := lo*2 + 1
		if height <= 2 && rnd.IntN(3) == 0 {
			lo, hi = 31, 63
		}
		if height == 5 {
			lo, hi = 1, 3
		}
		root := growTree(rnd, height, lo, hi, new(int))
		reads := rnd.IntN(40)
		lightTree(rnd, root, reads)
		total, _ := root.count()
		b, l := layOut(root)
		drawn := checkBox(t, l, b, 0, treeWidth)
		if drawn != total {
			t.Fatalf("height %d: %d rows drawn or counted of %d", height, drawn, total)
		}
		for n := root; ; {
			if !l.open[n] {
				t.Fatal("the way down is folded")
			}
			next := n
			for _, kid := range n.Kids {
				if kid.Way {
					next = kid
				}
			}
			if next == n {
				break
			}
			n = next
		}
	}
}

// checkBox looks at a box within its share of the width and returns the rows
// in it.
func checkBox(t *testing.T, l *treeLayout, b *box, from, to int) int {
	t.Helper()
	if b.x < from-centi || b.x+b.w > to+centi || b.w <= 0 {
		t.Fatalf("depth %d: a box from %d to %d outside of %d to %d", b.depth, b.x, b.x+b.w, from, to)
	}
	if !b.open {
		return b.rows
	}
	y, h := l.level(b.depth)
	if b.depth > 0 {
		above, height := l.level(b.depth - 1)
		if y < above+height+10*centi {
			t.Fatalf("level %d at %d touches the one above, down to %d", b.depth, y, above+height)
		}
	}
	if h <= 0 || y+h > l.bottom() {
		t.Fatalf("level %d: %d high at %d", b.depth, h, y)
	}
	rows := len(b.node.Rows)
	for i, kid := range b.kids {
		if i > 0 {
			if before := b.kids[i-1]; before.depth == kid.depth && kid.x < before.x+before.w {
				t.Fatalf("depth %d: boxes overlap at %d", kid.depth, kid.x)
			}
		}
		rows += checkBox(t, l, kid, from, to)
	}
	return rows
}

// TestTreeWhole: forty items, and a few hundred, are drawn to the last row;
// thousands are folded.
func TestTreeWhole(t *testing.T) {
	rnd := rand.New(rand.NewPCG(5, 6))
	for _, c := range []struct {
		height, lo, hi int
		folds          bool
	}{{1, 5, 7, false}, {1, 40, 63, false}, {2, 3, 7, false}, {3, 3, 4, false}, {4, 3, 7, true}, {2, 40, 60, true}} {
		tree := &Tree{Root: growTree(rnd, c.height, c.lo, c.hi, new(int)), Hash: -1}
		rows, _ := tree.Root.count()
		d := tree.draw()
		if (d.folded > 0) != c.folds {
			t.Errorf("%d rows on %d levels: %d are folded", rows, c.height, d.folded)
		}
		ticks := strings.Count(d.paths[layerTick].String(), "M")
		if ticks+d.folded != rows {
			t.Errorf("%d ticks and %d folded for %d rows", ticks, d.folded, rows)
		}
	}
}

func TestTreeMarks(t *testing.T) {
	tree := sampleTree()
	d := tree.draw()
	for l, want := range map[layer]int{layerHit: 5, layerCut: 2, layerNear: 4, layerLit: 2, layerWay: 1, layerNode: 3, layerHere: 1, layerMain: 2} {
		got := strings.Count(d.paths[l].String(), "M")
		if l == layerCut { // too narrow to be hollow, they are broken in two
			got /= 2
		}
		if got != want {
			t.Errorf("%s: %d drawn, want %d", layerClasses[l], got, want)
		}
	}
	if lit := d.lit(); lit < "500" || lit > "750" {
		t.Errorf("the drawing opens at %s", lit)
	}
}

// TestTreeTick: a hollow mark differs from a solid one at every width.
func TestTreeTick(t *testing.T) {
	for _, w := range []int{20, 150, 399, 400, 700} {
		d := &drawing{}
		d.tick(RowCut, 1000, 0, w, 2400)
		d.tick(RowHit, 1000, 0, w, 2400)
		cut, hit := d.paths[layerCut].String(), d.paths[layerHit].String()
		if cut == hit || cut == "" || (w < 400) != (strings.Count(cut, "M") == 2) {
			t.Errorf("%d wide: %q and %q", w, cut, hit)
		}
	}
}

func TestHashScale(t *testing.T) {
	for hash, want := range map[int]int{0: 0, 32768: treeWidth / 2, 65535: treeWidth - 2, hashes: treeWidth} {
		if got := hashX(hash); got != want {
			t.Errorf("hash %04x stands at %d, want %d", hash, got, want)
		}
	}
	for hash, want := range map[int]string{0: "0000", 0x9b02: "9b02", 0xffff: "ffff"} {
		if got := hex4(hash); got != want {
			t.Errorf("hex4(%d) = %s, want %s", hash, got, want)
		}
	}
	many := sampleTree()
	many.Edges = nil
	for i := range 4000 {
		many.Edges = append(many.Edges, i*16)
	}
	d := many.draw()
	if n := strings.Count(d.paths[layerPart].String()+d.paths[layerAlt].String()+d.paths[layerHere].String(), "M"); n != 1 {
		t.Errorf("4,000 partitions are drawn as %d", n)
	}
}

func TestSqueeze(t *testing.T) {
	cases := []struct {
		in   string
		n    int
		want string
	}{
		{"", 5, ""}, {"abcde", 5, "abcde"}, {"abcdef", 5, "ab…ef"}, {"CUSTOMER#c-1042", 12, "CUST…#c-1042"},
		{"日本語の文章です", 9, "日…章です"}, {"ab", 1, "…"}, {"abc", 0, "…"},
	}
	for _, c := range cases {
		if got := squeeze(c.in, c.n); got != c.want {
			t.Errorf("squeeze(%q, %d) = %q, want %q", c.in, c.n, got, c.want)
		}
	}
}

func TestTreeGoldens(t *testing.T) {
	for name, tree := range map[string]*Tree{"btree": sampleTree(), "btree-move": sampleMove(), "btree-unlit": sampleUnlit(), "btree-deep": sampleDeep()} {
		golden(t, name, pretty(render(t, btree(tree))))
	}
}

// TestTreeStates: the sheet says what it has to say where it has no tree.
func TestTreeStates(t *testing.T) {
	for name, c := range map[string]struct {
		tree *Tree
		want string
	}{
		"nothing":  {nil, "A table’s B-tree appears with its first item."},
		"blank":    {&Tree{Blank: "No tree today."}, "No tree today."},
		"empty":    {&Tree{Note: "This tree is empty.", Picks: []TreePick{{Name: "Shop"}, {Name: "byX", Word: "moved", URL: "desk/dock/btree?tree=byX"}}}, "This tree is empty."},
		"one tree": {&Tree{Root: &TreeNode{Rows: []TreeRow{{}}}, Hash: -1, Picks: []TreePick{{Name: "Shop"}}}, "<svg"},
	} {
		html := render(t, btree(c.tree))
		if !strings.Contains(html, c.want) {
			t.Errorf("%s: %s", name, html)
		}
		if want := name == "empty"; strings.Contains(html, `aria-label="Which tree"`) != want || strings.Contains(html, "hx-get") != want {
			t.Errorf("%s: a choice of one is offered: %s", name, html)
		}
	}
}

// evilTree has a text wherever one can stand.
func evilTree(evil string) *Tree {
	t := sampleTree()
	t.Name, t.Note, t.Label, t.Size, t.Items = evil, evil, evil, evil, evil
	t.Picks = []TreePick{{evil, evil, evil, true}, {evil, evil, evil, false}}
	t.Sides, t.Heads[0] = t.Picks, [2]string{evil[:30], evil[:30]}
	t.Listing = Listing{Caption: evil, Lines: []ListingLine{{evil, evil, evil, evil, RowCut}}}
	t.Way = []Words{Words{}.Strong(evil).Code(evil)}
	t.Root.Kids[0].Label = evil
	return t
}
