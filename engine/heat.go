package engine

import (
	"time"

	"github.com/sortkey/sortkey/engine/store"
)

// This file splits partitions, while the setting "throttle" is on: one that has
// grown too large, one that has long been asked for more than it can do while
// its table could do more, and the widest where a table is to do more than its
// partitions can.
//
// A partition is a range of hashes and is split in the middle of it, so that an
// item collection always lies in one. (The service can split one between sort
// keys where there is no local index.) So no split helps where it is a single
// partition key that is hot, and none is made.

// The thresholds where settings give none.
const (
	splitSize = 10 << 30         // bytes in a partition
	splitHeat = 10 * time.Minute // of asking for too much
)

// coolsAfter is how long a partition is not asked for too much until that is
// forgotten.
const coolsAfter = time.Minute

// grownTo bounds the partitions that growth and heat make.
const grownTo = 1000

// heat is how long a partition has been asked for too much.
type heat struct {
	since, last int64  // the first and the last time, 0 for never
	hash        uint64 // of the first request
	many        bool   // there were requests for others
}

// note notes that the partition was asked for too much again, and reports
// whether it has been for long.
func (h *heat) note(hash uint64, now int64, long time.Duration) bool {
	if h.last == 0 || now-h.last > int64(coolsAfter) {
		*h = heat{since: now, hash: hash}
	}
	h.last = now
	h.many = h.many || h.hash != hash
	return h.many && now-h.since >= int64(long)
}

// heat splits the partition that a refused request was for if it has been asked
// for too much for long.
func (s *state) heat(ex excess) {
	long := s.opts.SplitHeat
	if long == 0 {
		long = splitHeat
	}
	firsts := ex.scope.partitions(ex.table)
	if ex.part.heat.note(ex.hash, s.now, long) && len(firsts) < grownTo {
		ex.part.heat = heat{}
		s.splitScope(ex.table, ex.scope, holding(firsts, ex.hash), SplitByHeat)
	}
}

// splitScope splits a partition of a table or of one of its global indexes. One
// that has but one hash stays as it is.
func (s *state) splitScope(t *table, sc *scope, partition int, cause SplitCause) {
	if sc.index == "" {
		_ = s.split(t, partition, cause)
		return
	}
	was := sc.firsts
	if firsts, at, ok := store.Halve(was, partition); ok {
		sc.firsts = firsts
		sc.halved(was, partition, at, s.now, cause)
	}
}

// makeRoom gives a scope the partitions that it takes to do all it is allowed
// to: the widest are split, first those of the lowest hashes.
func (s *state) makeRoom(t *table, sc *scope) {
	want := partitionsFor(sc.lanes[reading].room(), sc.lanes[writing].room())
	for n := len(sc.partitions(t)); n < want; n++ {
		s.splitScope(t, sc, widest(sc.partitions(t)), SplitByGrowth)
	}
}

// room is what the partitions of a lane must be able to do together.
func (l *lane) room() int64 { return max(l.reach(), l.terms.start()) }

// partitionsFor is how many partitions carry that many units a second.
func partitionsFor(read, write int64) int {
	n := max((read+partitionUnits[reading]-1)/partitionUnits[reading], (write+partitionUnits[writing]-1)/partitionUnits[writing], 1)
	return int(min(n, grownTo))
}

// widest is the number of the widest range, of several the first.
func widest(firsts []uint64) int {
	at, width := 0, uint64(0)
	for i, first := range firsts {
		next := uint64(0) // the end is 2^64
		if i+1 < len(firsts) {
			next = firsts[i+1]
		}
		if w := next - first - 1; w > width {
			at, width = i, w
		}
	}
	return at
}

// weigh notes what a write has made of the size of its partition, and splits
// that if it is too large now and has more than one partition key.
func (s *state) weigh(w *write) {
	t := w.table
	firsts := t.data.Partitions()
	i := holding(firsts, store.HashOf(w.change.Key))
	if len(t.load.sizes) != len(firsts) {
		t.load.sizes = t.partitionSizes()
	} else {
		t.load.sizes[i] += int64(w.change.After.Size() - w.change.Before.Size())
		for j := range w.change.Indexes {
			if ic := &w.change.Indexes[j]; ic.Index.Spec.Local {
				t.load.sizes[i] += int64(ic.New.Size() - ic.Old.Size())
			}
		}
	}
	if t.load.sizes[i] > orElse(s.opts.SplitSize, splitSize) && len(firsts) < maxPartitions && t.severalHashes(i) {
		_ = s.split(t, i, SplitBySize)
	}
}

// partitionSizes are the bytes of items and local index entries in each
// partition.
func (t *table) partitionSizes() []int64 {
	firsts := t.data.Partitions()
	sizes := make([]int64, len(firsts))
	count := func(tree *store.Tree) {
		i := 0
		tree.Ascend(store.Span{}, func(r store.Row) bool {
			for hash := store.HashOf(r.Key); i+1 < len(firsts) && hash >= firsts[i+1]; {
				i++
			}
			sizes[i] += int64(r.Item.Size())
			return true
		})
	}
	count(t.data.Rows())
	for _, x := range t.data.Indexes() {
		if x.Spec.Local {
			count(x.Tree)
		}
	}
	return sizes
}

// severalHashes reports whether the items of a partition have more than one
// partition key.
func (t *table) severalHashes(partition int) bool {
	span := t.data.PartitionSpan(partition)
	var low, high uint64
	t.data.Rows().Ascend(span, func(r store.Row) bool { low = store.HashOf(r.Key); return false })
	t.data.Rows().Descend(span, func(r store.Row) bool { high = store.HashOf(r.Key); return false })
	return low != high
}
