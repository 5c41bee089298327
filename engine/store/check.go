package store

import (
	"fmt"
	"io"
	"strconv"
)

// Check verifies the invariants of the table: every row lies at the place its
// item says, every index holds exactly the entries that the items call for,
// and the byte counts are the sums of the sizes. An index that is being filled may
// lack entries beyond its cursor.
func (t *Table) Check() error {
	var bytes int64
	want := make([]int, len(t.indexes))
	var err error
	t.rows.Ascend(Span{}, func(r Row) bool {
		bytes += int64(r.Item.Size())
		err = t.checkRow(r, want)
		return err == nil
	})
	if err != nil {
		return err
	}
	if bytes != t.rows.bytes {
		return fmt.Errorf("store: table holds %d bytes, counted %d", bytes, t.rows.bytes)
	}
	for i, x := range t.indexes {
		if err := x.check(want[i]); err != nil {
			return err
		}
	}
	return nil
}

func (t *Table) checkRow(r Row, want []int) error {
	if key, ok := t.RowKey(r.Item); !ok || key != r.Key {
		return fmt.Errorf("store: item %s lies at %x", r.Item.JSON(), r.Key)
	}
	picked := r.Item.Pick(nil, t.wanted)
	for i, x := range t.indexes {
		key, entry := x.entry(r.Key, r.Item, picked)
		if entry == nil {
			continue
		}
		got := x.Tree.Get(key)
		if got == nil && x.filling && r.Key >= x.cursor {
			continue // its turn is yet to come
		}
		want[i]++
		if got == nil || got.JSON() != entry.JSON() {
			return fmt.Errorf("store: index %s lacks the entry of %s", x.Spec.Name, r.Item.JSON())
		}
	}
	return nil
}

func (x *Index) check(want int) error {
	if x.Tree.Len() != want {
		return fmt.Errorf("store: index %s has %d entries, the table calls for %d", x.Spec.Name, x.Tree.Len(), want)
	}
	var bytes int64
	x.Tree.Ascend(Span{}, func(r Row) bool {
		bytes += int64(r.Item.Size())
		return true
	})
	if bytes != x.Tree.bytes {
		return fmt.Errorf("store: index %s holds %d bytes, counted %d", x.Spec.Name, bytes, x.Tree.bytes)
	}
	return nil
}

// Digest writes every row of every tree to w in order, each length-prefixed,
// so that equal tables and only those give equal text.
func (t *Table) Digest(w io.Writer) {
	digestTree(w, "", t.rows)
	for _, x := range t.indexes {
		digestTree(w, x.Spec.Name, x.Tree)
		if x.filling {
			fmt.Fprintf(w, "filling %q\n", x.cursor)
		}
	}
	for _, p := range t.partitions {
		io.WriteString(w, strconv.FormatUint(p, 16)+";")
	}
}

func digestTree(w io.Writer, name string, t *Tree) {
	fmt.Fprintf(w, "%q %d %d\n", name, t.Len(), t.bytes)
	t.Ascend(Span{}, func(r Row) bool {
		fmt.Fprintf(w, "%d:%s%d:%s", len(r.Key), r.Key, len(r.Item.JSON()), r.Item.JSON())
		return true
	})
}
