package engine

import (
	"slices"
	"time"

	"github.com/sortkey/sortkey/engine/meter"
)

// This file keeps what each partition was asked for in the minutes of the last
// day, and the splits, for who draws them. What is kept is bounded: of a table
// with so many partitions that a day of them is more than that, the oldest
// minutes are forgotten sooner.

const (
	keptCells  = 20_000 // of a table or index
	keptSplits = 1000
)

// Heat is what the partitions of a table or global index were asked for.
type Heat struct {
	Minutes    []HeatMinute     // oldest first; those without requests are left out
	Splits     []PartitionSplit // oldest first, the last thousand
	Partitions []uint64         // their first hashes now, ascending: the last ends with the greatest hash
}

// HeatMinute is one minute of engine time.
type HeatMinute struct {
	Start time.Time
	Cells []HeatCell // by the range of hashes; partitions without requests are left out
}

// HeatCell is what one partition was asked for in a minute. A partition is
// known by its range of hashes: First is the first and Last the last one in it.
// In the minute of a split there can be cells of what was split and of its
// halves.
type HeatCell struct {
	First, Last                   uint64
	Read, Write                   meter.Units // consumed
	ReadThrottled, WriteThrottled int64       // requests, whatever limit they were over
}

// PartitionSplit is a partition that became two: [First, Middle-1] and
// [Middle, Last].
type PartitionSplit struct {
	At                  time.Time
	First, Middle, Last uint64
	Cause               SplitCause
}

// SplitCause says why a partition was split.
type SplitCause uint8

// The causes.
const (
	SplitByHeat   SplitCause = iota // it was long asked for more than it can do
	SplitBySize                     // it had grown too large
	SplitByGrowth                   // its table or index is to do more than its partitions could
	SplitByHost                     // Engine.Split
	splitCauses
)

// String is the cause in a word: "heat", "size", "growth", "host".
func (c SplitCause) String() string { return [splitCauses]string{"heat", "size", "growth", "host"}[c] }

// Heat tells what the partitions of a table (index "") or of one of its global
// secondary indexes were asked for in the last 24 hours of engine time, and how
// they were split. A table's are without its global indexes. It is empty where
// Metrics are.
func (e *Engine) Heat(region, table, index string) Heat {
	e.mu.Lock()
	defer e.mu.Unlock()
	t := e.s.region(region).tables[table]
	if t == nil || t.load == nil {
		return Heat{}
	}
	sc := t.load.scope(index)
	if sc == nil {
		return Heat{}
	}
	h := Heat{Partitions: slices.Clone(sc.partitions(t))}
	horizon := e.s.now - e.s.now%aMinute - keptMinutes*aMinute
	for _, m := range append(sc.heated[:len(sc.heated):len(sc.heated)], heatMinute{sc.minute.start, sc.cells}) {
		if m.start > horizon && len(m.cells) > 0 {
			h.Minutes = append(h.Minutes, m.export())
		}
	}
	for _, x := range sc.splits {
		h.Splits = append(h.Splits, PartitionSplit{time.Unix(0, x.at).UTC(), x.first, x.middle, x.last, x.cause})
	}
	return h
}

// heatmap is what a scope keeps of its partitions.
type heatmap struct {
	heated []heatMinute // past minutes, oldest first, never changed: forks share them
	kept   int          // cells in these
	cells  []cell       // of the newest minute, by their ranges
	splits []halving    // oldest first, never changed
}

type heatMinute struct {
	start int64
	cells []cell
}

// cell is a partition in a minute; what it has is by direction.
type cell struct {
	first, last uint64
	units       [2]meter.Units
	throttled   [2]int64
}

// halving is a split.
type halving struct {
	at                  int64
	first, middle, last uint64
	cause               SplitCause
}

// lastOf is the last hash of a partition.
func lastOf(firsts []uint64, partition int) uint64 {
	if partition+1 < len(firsts) {
		return firsts[partition+1] - 1
	}
	return ^uint64(0)
}

// cell is that of the partition with a hash, in the newest minute.
func (sc *scope) cell(t *table, hash uint64) *cell {
	firsts := sc.partitions(t)
	at := holding(firsts, hash)
	return sc.heatmap.cell(firsts[at], lastOf(firsts, at))
}

func (h *heatmap) cell(first, last uint64) *cell {
	i, found := slices.BinarySearchFunc(h.cells, cell{first: first, last: last}, cell.order)
	if !found {
		h.cells = slices.Insert(h.cells, i, cell{first: first, last: last})
	}
	return &h.cells[i]
}

// order sorts by the first hash, and of one that was split the whole before its
// half.
func (c cell) order(d cell) int {
	switch {
	case c.first < d.first || c.first == d.first && c.last > d.last:
		return -1
	case c == d || c.first == d.first && c.last == d.last:
		return 0
	}
	return 1
}

// keep puts the newest minute, which began then and is over, with the past ones.
func (h *heatmap) keep(start int64) {
	if len(h.cells) == 0 {
		return
	}
	h.heated = append(h.heated, heatMinute{start, h.cells})
	h.kept += len(h.cells)
	h.cells = nil
}

// forget forgets what is more than a day before a minute, and more than can be
// kept.
func (h *heatmap) forget(minute int64) {
	for len(h.heated) > 0 && (h.heated[0].start <= minute-keptMinutes*aMinute || h.kept > keptCells) {
		h.kept -= len(h.heated[0].cells)
		h.heated = h.heated[1:]
	}
}

// halved notes that a partition, one of those that began at was, has been split.
func (h *heatmap) halved(was []uint64, partition int, middle uint64, now int64, cause SplitCause) {
	h.splits = append(h.splits, halving{now, was[partition], middle, lastOf(was, partition), cause})
	if len(h.splits) > keptSplits {
		h.splits = h.splits[1:]
	}
}

// copy makes both append to room of their own.
func (h *heatmap) copy() heatmap {
	h.heated, h.splits = h.heated[:len(h.heated):len(h.heated)], h.splits[:len(h.splits):len(h.splits)]
	c := *h
	c.cells = slices.Clone(h.cells)
	return c
}

func (m heatMinute) export() HeatMinute {
	x := HeatMinute{Start: time.Unix(0, m.start).UTC()}
	for _, c := range m.cells {
		x.Cells = append(x.Cells, HeatCell{c.first, c.last, c.units[reading], c.units[writing], c.throttled[reading], c.throttled[writing]})
	}
	return x
}

// cellNumbers are all cells, each with its minute.
func (sc *scope) cellNumbers() (list []int64) {
	for _, m := range append(sc.heated[:len(sc.heated):len(sc.heated)], heatMinute{sc.minute.start, sc.cells}) {
		for _, c := range m.cells {
			list = append(list, m.start, int64(c.first), int64(c.last), int64(c.units[reading]), int64(c.units[writing]), c.throttled[reading], c.throttled[writing])
		}
	}
	return list
}

func (h *heatmap) splitNumbers() (list []int64) {
	for _, x := range h.splits {
		list = append(list, x.at, int64(x.first), int64(x.middle), int64(x.last), int64(x.cause))
	}
	return list
}

// restoreHeat takes numbers over, when the minutes are there; false where they
// are not those of a scope.
func (sc *scope) restoreHeat(cells, splits []int64) bool {
	if len(cells)%cellNumbers != 0 || len(splits)%splitNumbers != 0 {
		return false
	}
	for from := 0; from < len(cells); {
		m := heatMinute{start: cells[from]}
		for ; from < len(cells) && cells[from] == m.start; from += cellNumbers {
			n := cells[from:]
			c := cell{uint64(n[1]), uint64(n[2]), [2]meter.Units{meter.Units(n[3]), meter.Units(n[4])}, [2]int64{n[5], n[6]}}
			if k := len(m.cells); c.first > c.last || k > 0 && m.cells[k-1].order(c) >= 0 {
				return false
			}
			m.cells = append(m.cells, c)
		}
		if m.start == sc.minute.start && from == len(cells) {
			sc.cells = m.cells
			break
		}
		if k := len(sc.heated); k > 0 && sc.heated[k-1].start >= m.start || m.start >= sc.minute.start {
			return false
		}
		sc.heated = append(sc.heated, m)
		sc.kept += len(m.cells)
	}
	for ; len(splits) > 0; splits = splits[splitNumbers:] {
		x := halving{splits[0], uint64(splits[1]), uint64(splits[2]), uint64(splits[3]), SplitCause(splits[4])}
		if splits[4] < 0 || splits[4] >= int64(splitCauses) {
			return false
		}
		sc.splits = append(sc.splits, x)
	}
	return true
}
