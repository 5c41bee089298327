package store

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"testing"
	"unsafe"

	"github.com/tidwall/btree"

	"github.com/sortkey/sortkey/engine/attr"
)

// theirs mirrors the unexported node of tidwall/btree; TestShapeLayout holds
// it to the original.
type theirs struct {
	_        uint64 // isoid
	count    int
	items    []Row
	children *[]*theirs
}

// rootOf reads the library's own root out of a tree.
func rootOf(t *Tree) *theirs {
	root := reflect.ValueOf(t.rows).Elem().FieldByName("root")
	return *(**theirs)(unsafe.Pointer(root.UnsafeAddr()))
}

func TestShapeLayout(t *testing.T) {
	root, _ := reflect.TypeFor[btree.BTreeG[Row]]().FieldByName("root")
	got, want := root.Type.Elem(), reflect.TypeFor[theirs]()
	if got.NumField() != want.NumField() || got.Size() != want.Size() {
		t.Fatalf("the library's node is %v", got)
	}
	for i := range want.NumField() {
		g, w := got.Field(i), want.Field(i)
		if w.Name != "_" && g.Name != w.Name || g.Offset != w.Offset || g.Type.Kind() != w.Type.Kind() {
			t.Errorf("field %d is %s %s, want %s %s", i, g.Name, g.Type, w.Name, w.Type)
		}
	}
}

// sameNodes compares a shape with the library's nodes, and its ranks with the
// order.
func sameNodes(n *Node, want *theirs, rank int) (int, error) {
	if n.First != rank || n.Count != want.count || len(n.Rows) != len(want.items) || (n.Kids == nil) != (want.children == nil) {
		return 0, fmt.Errorf("node at rank %d: %d rows of %d, %d rows of its own, leaf %v; the tree has %d, %d, leaf %v",
			rank, n.First, n.Count, len(n.Rows), n.Kids == nil, want.count, len(want.items), want.children == nil)
	}
	for i := range n.Rows {
		if n.Rows[i] != want.items[i] {
			return 0, fmt.Errorf("row %d of the node at rank %d is %x, want %x", i, n.First, n.Rows[i].Key, want.items[i].Key)
		}
	}
	if n.Kids == nil {
		return rank + len(n.Rows), nil
	}
	if len(n.Kids) != len(*want.children) {
		return 0, fmt.Errorf("node at rank %d has %d children, want %d", rank, len(n.Kids), len(*want.children))
	}
	for i, kid := range n.Kids {
		var err error
		if rank, err = sameNodes(kid, (*want.children)[i], rank); err != nil {
			return 0, err
		}
		if i < len(n.Rows) {
			if n.Rank(i) != rank {
				return 0, fmt.Errorf("separator %d has rank %d, want %d", i, n.Rank(i), rank)
			}
			rank++
		}
	}
	return rank, nil
}

func checkShape(t *testing.T, tree *Tree) *Node {
	t.Helper()
	root, want := tree.Root(), rootOf(tree)
	if root.Height() != tree.rows.Height() {
		t.Fatalf("height %d, the tree's is %d", root.Height(), tree.rows.Height())
	}
	if root == nil || want == nil {
		if root != nil || tree.Len() > 0 {
			t.Fatalf("%d rows, root %v", tree.Len(), root)
		}
		return nil
	}
	n, err := sameNodes(root, want, 0)
	if err != nil {
		t.Fatal(err)
	}
	if n != tree.Len() {
		t.Fatalf("%d rows, want %d", n, tree.Len())
	}
	return root
}

var shapeItem = attr.NewItem(attr.Map{{Name: "k", Value: attr.Text("v")}})

func shapeKey(i int) string { return fmt.Sprintf("%016x", i*2654435761%(1<<32)) }

// TestShape draws trees of several degrees through random writes, deletes and
// copies and compares each with the library's nodes. Copies are written to as
// well: nodes that two trees share must look the same from both.
func TestShape(t *testing.T) {
	for _, degree := range []int{0, 1, 2, 3, 4, 5, 8, 130} {
		t.Run(fmt.Sprint("degree ", degree), func(t *testing.T) {
			rnd := rand.New(rand.NewPCG(7, uint64(degree)))
			trees := []*Tree{newTree(degree)}
			for step := range 6000 {
				tree := trees[rnd.IntN(len(trees))]
				key := shapeKey(rnd.IntN(700))
				// Phases of growing and of shrinking, so that nodes split and merge.
				if rnd.IntN(10) < 3+4*(step/1000%2) {
					tree.delete(key)
				} else {
					tree.set(key, shapeItem)
				}
				if rnd.IntN(400) == 0 && len(trees) < 6 {
					trees = append(trees, tree.copy())
				}
				if step%7 == 0 {
					checkShape(t, tree)
				}
			}
			for _, tree := range trees {
				checkShape(t, tree)
				for tree.Len() > 0 { // from the middle, the front and the end
					row, _ := tree.At([]int{tree.Len() / 2, 0, tree.Len() - 1}[tree.Len()%3])
					tree.delete(row.Key)
					checkShape(t, tree)
				}
			}
		})
	}
}

// TestShapeInOrder fills trees in key order, forwards and backwards: what an
// import does, and what leaves nodes half full.
func TestShapeInOrder(t *testing.T) {
	for _, degree := range []int{2, 4, 32} {
		up, down := newTree(degree), newTree(degree)
		for i := range 500 {
			up.set(fmt.Sprintf("%08d", i), shapeItem)
			down.set(fmt.Sprintf("%08d", 499-i), shapeItem)
			checkShape(t, up)
			checkShape(t, down)
		}
	}
}

// TestSearch compares the way of a search, and its comparisons, with those
// that the library makes.
func TestSearch(t *testing.T) {
	for _, degree := range []int{2, 4, 32} {
		compared := 0
		tree := &Tree{rows: btree.NewBTreeGOptions(func(a, b Row) bool {
			compared++
			return rowLess(a, b)
		}, btree.Options{Degree: degree, NoLocks: true})}
		for i := range 400 {
			tree.set(shapeKey(i*2), shapeItem)
		}
		root := checkShape(t, tree)
		for i := range 800 {
			key := shapeKey(i)
			steps, comparisons := root.Search(key)
			end := steps[len(steps)-1]
			compared = 0
			item := tree.Get(key)
			if (item != nil) != end.Found || compared != comparisons {
				t.Fatalf("degree %d: found %v in %d comparisons, the tree %v in %d", degree, end.Found, comparisons, item != nil, compared)
			}
			compared = 0
			first, any := "", false
			tree.Ascend(Span{From: key}, func(r Row) bool { first, any = r.Key, true; return false })
			if compared != comparisons {
				t.Fatalf("degree %d: Ascend compares %d times, want %d", degree, compared, comparisons)
			}
			if !any {
				if end.Rank() != tree.Len() {
					t.Fatalf("degree %d: rank %d behind the last of %d", degree, end.Rank(), tree.Len())
				}
				continue
			}
			node, row := root.At(end.Rank())
			if row.Key != first || node.Rows[0].Key > first || node.Rows[len(node.Rows)-1].Key < first {
				t.Fatalf("degree %d: rank %d is %x, want %x", degree, end.Rank(), row.Key, first)
			}
		}
	}
}

func TestShapeOfNothing(t *testing.T) {
	var none *Node
	steps, comparisons := none.Search("x")
	if newTree(4).Root() != nil || none.Height() != 0 || steps != nil || comparisons != 0 || none.Last() != nil {
		t.Error("an empty tree has no nodes, and a search in it no steps")
	}
}

func TestLast(t *testing.T) {
	tree := newTree(4)
	for i := range 100 {
		tree.set(shapeKey(i), shapeItem)
	}
	steps := tree.Root().Last()
	if end := steps[len(steps)-1]; len(steps) != tree.rows.Height() || end.Rank() != 100 || end.Found {
		t.Errorf("%d steps to rank %d", len(steps), end.Rank())
	}
}
