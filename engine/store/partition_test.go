package store

import (
	"slices"
	"testing"
)

func TestHalve(t *testing.T) {
	firsts := EqualPartitions(2)
	list, at, ok := Halve(firsts, 1)
	if !ok || at != 3<<62 || !slices.Equal(list, []uint64{0, 1 << 63, 3 << 62}) || len(firsts) != 2 {
		t.Errorf("%x %x %v of %x", list, at, ok, firsts)
	}
	list, at, ok = Halve(list, 0)
	if !ok || at != 1<<62 || len(list) != 4 {
		t.Errorf("%x %x %v", list, at, ok)
	}
	if _, _, ok := Halve([]uint64{0, 7, 8}, 1); ok {
		t.Error("a range of one hash has two halves")
	}
	if list, at, ok := Halve([]uint64{0, ^uint64(1)}, 1); !ok || at != ^uint64(0) || len(list) != 3 {
		t.Errorf("%x %x %v", list, at, ok)
	}
}

func TestPartitionSpan(t *testing.T) {
	table := New(Key{Hash: []KeyAttr{{Name: "pk"}}}, nil, Options{Partitions: 2})
	low, high := table.PartitionSpan(0), table.PartitionSpan(1)
	for hash, want := range map[uint64]int{0: 0, 1<<63 - 1: 0, 1 << 63: 1, ^uint64(0): 1} {
		key := hashKey(hash) + "x"
		if low.Contains(key) != (want == 0) || high.Contains(key) != (want == 1) || table.PartitionOf(hash) != want {
			t.Errorf("%x does not lie in partition %d alone", hash, want)
		}
	}
}
