package engine

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"io"
	"sort"
	"time"

	"github.com/sortkey/sortkey/engine/attr"
	"github.com/sortkey/sortkey/engine/store"
)

// What lags, and by how much.
//
// Every partition has three copies, as in the service. One of them, the leader,
// has every change at once; the other two follow it, each behind by its own
// amount, at most ReadDelay. A strongly consistent or transactional read goes
// to the leader. An eventually consistent one goes to any of the three: which,
// is drawn from (seed, time, table, request), how far a follower is behind,
// from (seed, time, table, copy). So at one instant equal requests see the
// same, and a later one may see less. All partitions of a table are behind
// alike: one request sees a table as it was at one time.
//
// A global secondary index has every change IndexDelay after the table, and a
// read of it goes to one of three copies too: it sees the index as it was
// IndexDelay ago, or before that where its copy is further behind. Local
// secondary indexes change with the table.
//
// A table remembers its changes for as long as a read may have to do without
// them. What was written before a delay was set has arrived everywhere, and a
// read that goes back to before the table was made sees it empty. Reading
// changes nothing.

// copies is how many copies a partition has.
const copies = 3

// lags is how long a change can take to be seen: 0 where all see it at once.
func (s *Settings) lags() time.Duration { return max(s.ReadDelay, s.IndexDelay) }

// past is a change as the journal keeps it: what lay at the key until it was
// made, and what since then; nil for nothing.
type past struct {
	seq           uint64
	at            int64
	key           string
	before, after *attr.Item
}

// journal is the changes that a lagging read may have to undo, oldest first;
// their numbers follow each other. The zero journal is empty.
type journal struct {
	tree *ordered[past] // nil until there is something to keep
	next uint64         // the number of the next change
}

func (j *journal) copy() journal {
	if j.tree == nil {
		return *j
	}
	return journal{j.tree.Copy(), j.next}
}

func (j *journal) len() int {
	if j.tree == nil {
		return 0
	}
	return j.tree.Len()
}

func (j *journal) first() uint64 { return j.next - uint64(j.len()) }

func (j *journal) entry(seq uint64) past {
	p, _ := j.tree.GetAt(int(seq - j.first()))
	return p
}

// latest is when the last change was made.
func (j *journal) latest() int64 {
	if j.len() == 0 {
		return 0
	}
	return j.entry(j.next - 1).at
}

// boundary is the number of the first change made after horizon.
func (j *journal) boundary(horizon int64) uint64 {
	first := j.first()
	n := sort.Search(j.len(), func(i int) bool { return j.entry(first+uint64(i)).at > horizon })
	return first + uint64(n)
}

func (j *journal) add(at int64, c *store.Change) {
	if j.tree == nil {
		less := func(a, b *past) bool { return a.seq < b.seq }
		j.tree = newOrdered(less)
	}
	j.tree.Set(past{seq: j.next, at: at, key: c.Key, before: c.Before, after: c.After})
	j.next++
}

// trim forgets what was changed at horizon or earlier.
func (j *journal) trim(horizon int64) {
	if j.tree == nil {
		return
	}
	for {
		p, ok := j.tree.Min()
		if !ok || p.at > horizon {
			return
		}
		j.tree.PopMin()
	}
}

func (j *journal) digest(w io.Writer) {
	j.each(func(p past) {
		fmt.Fprintf(w, "past %d %q %q\n", p.at, p.before.JSON(), p.after.JSON())
	})
}

func (j *journal) each(visit func(past)) {
	if j.tree == nil {
		return
	}
	j.tree.Scan(func(p past) bool {
		visit(p)
		return true
	})
}

// remember keeps a change for the reads that will not see it yet.
func (t *table) remember(now int64, lag time.Duration, c *store.Change) {
	t.past.trim(now - int64(lag))
	if c.Writes() {
		t.past.add(now, c)
	}
}

// trim lets every journal go back as far as the delays now want.
func (s *state) trim() {
	lag := s.opts.lags()
	for _, r := range s.regions {
		for _, t := range r.tables {
			t.past.trim(s.now - int64(lag))
			if lag == 0 {
				t.past.tree, t.view = nil, nil
			}
		}
	}
}

// view is a table as it was before its change number next: kept to make the
// view that the next read wants of it. It is no part of the state.
type view struct {
	meta *tableMeta // of the table then: with another description there are other trees
	data *store.Table
	next uint64
}

// asOf is the table as it was at horizon, only to be read.
func (t *table) asOf(horizon int64) *table {
	want := t.past.boundary(horizon)
	if want == t.past.next {
		return t
	}
	if v := t.view; v == nil || v.meta != t.meta || v.next < t.past.first() {
		t.view = &view{t.meta, t.data.Copy(), t.past.next}
	}
	t.view.move(&t.past, want)
	return &table{meta: t.meta, data: t.view.data}
}

// move undoes changes, or makes them again, until next is want.
func (v *view) move(j *journal, want uint64) {
	for v.next > want {
		v.next--
		p := j.entry(v.next)
		v.put(p.key, p.before)
	}
	for ; v.next < want; v.next++ {
		p := j.entry(v.next)
		v.put(p.key, p.after)
	}
}

// put plans anew: the indexes may not be those of the time of the change.
func (v *view) put(key string, item *attr.Item) store.Change {
	c := v.data.Plan(key, v.data.Rows().Get(key), item)
	v.data.Apply(&c)
	return c
}

// seen is the table as a read sees it: the copy it reads may lag, and a global
// secondary index does. The age is noted for the trace and the receipt. row is
// the place of the one item that is read, "" for several: of these the copies of
// the first partition stand for those of all.
func (x *exchange) seen(t *table, consistent bool, index, row string) (*table, error) {
	if consistent {
		return x.latest(t)
	}
	if x.s.opts.lags() == 0 {
		return t, nil
	}
	age := x.copyAge(t, row)
	if i := t.data.Index(index); i != nil && !i.Spec.Local {
		x.indexLag = x.s.opts.IndexDelay
		age = max(age, x.indexLag)
	}
	x.age = max(x.age, age)
	return t.asOf(x.s.now - int64(age)), nil
}

// copyAge draws the copy that serves the request and tells how far it is
// behind: not at all for the leader, copy 0 unless its zone is lost.
func (x *exchange) copyAge(t *table, row string) time.Duration {
	if x.s.opts.ReadDelay == 0 {
		return 0
	}
	copies := []int{0, 1, 2}
	if x.s.lostZone(x.region.name) != "" {
		copies = x.s.asked(x.region.name, t, t.partitionOf(row))
	}
	n := x.s.draw("copy", t, x.body) % uint64(len(copies))
	if n == 0 {
		return 0
	}
	return x.s.behind(t, copies[n])
}

// behind is how far a copy of a table that follows is behind.
func (s *state) behind(t *table, copy int) time.Duration {
	delay := s.opts.ReadDelay
	if delay == 0 {
		return 0
	}
	return 1 + time.Duration(s.draw("behind", t, []byte{byte(copy)})%uint64(delay))
}

// partitionOf is the number of the partition that holds a row, of the first
// where there is none.
func (t *table) partitionOf(row string) int {
	if len(row) < store.HashBytes {
		return 0
	}
	return t.data.PartitionOf(store.HashOf(row))
}

// draw is a number that depends on the seed, the time, the table and what.
func (s *state) draw(kind string, t *table, what []byte) uint64 {
	h := sha256.New()
	fmt.Fprintf(h, "%s %d %d %s\n", kind, s.opts.Seed, s.now, t.meta.id)
	h.Write(what)
	return binary.BigEndian.Uint64(h.Sum(nil))
}

// IndexLag tells how far a global secondary index is behind its table.
type IndexLag struct {
	Index   string
	Delay   time.Duration // of every change: the setting
	Pending int           // changes of the index that have not arrived yet
	Oldest  time.Duration // since the first of these was made; 0 without any
}

// IndexLags tells of each global secondary index of a table, in the order they
// were given, how many changes have not arrived in it.
func (e *Engine) IndexLags(region, name string) []IndexLag {
	e.mu.Lock()
	defer e.mu.Unlock()
	t := e.s.region(region).tables[name]
	if t == nil {
		return nil
	}
	delay := e.s.opts.IndexDelay
	var list []IndexLag
	for _, x := range t.data.Indexes() {
		if !x.Spec.Local {
			list = append(list, IndexLag{Index: x.Spec.Name, Delay: delay})
		}
	}
	t.countPending(list, e.s.now-int64(delay), e.s.now)
	return list
}

// countPending counts for each index of the list the changes since horizon.
func (t *table) countPending(list []IndexLag, horizon, now int64) {
	v := view{t.meta, t.data.Copy(), t.past.next}
	for from := t.past.boundary(horizon); v.next > from; {
		v.next--
		p := t.past.entry(v.next)
		c := v.put(p.key, p.before)
		for _, ic := range c.Indexes {
			for i := range list {
				if x := &list[i]; x.Index == ic.Index.Spec.Name && ic.Effect != store.Absent && ic.Effect != store.Same {
					x.Pending++
					x.Oldest = time.Duration(now - p.at)
				}
			}
		}
	}
}
