package store

import "slices"

// Halve splits a range of hashes in the middle: firsts are the first hashes of
// the ranges. It gives a new list and where the upper half begins; ok is false
// for a range of one hash.
func Halve(firsts []uint64, i int) (list []uint64, at uint64, ok bool) {
	from, to := firsts[i], ^uint64(0)
	if i+1 < len(firsts) {
		to = firsts[i+1] - 1
	}
	if from == to {
		return firsts, 0, false
	}
	at = from + (to-from)/2 + 1
	return slices.Insert(slices.Clone(firsts), i+1, at), at, true
}

// PartitionSpan is where the rows of a partition lie, in the table and in its
// local indexes.
func (t *Table) PartitionSpan(partition int) Span {
	s := Span{From: hashKey(t.partitions[partition])}
	if partition+1 < len(t.partitions) {
		s.To = hashKey(t.partitions[partition+1])
	}
	return s
}
