package engine

import (
	"fmt"
	"io"
	"slices"
	"sort"
	"time"

	"github.com/sortkey/sortkey/engine/meter"
	"github.com/sortkey/sortkey/engine/store"
)

// This file keeps what a table and its global secondary indexes have lately
// been asked for, while the setting "throttle" is on, or the table is scaled:
// then no bucket is drawn on. Else there is nothing of this, and nothing of it
// costs anything.
//
// A table has two lanes, one of reads and one of writes, and so has each global
// secondary index; local ones use their table's. In a lane every request has to
// pass these buckets (semantics §10):
//
//   - provisioned: one that fills at the provisioned throughput and keeps 300
//     seconds of it, the burst capacity. A new table has one second's worth.
//   - on demand: one of what the table has grown to, which is its warm
//     throughput, at first 12,000 reads and 4,000 writes a second, or twice the
//     previous peak, whichever is more; one of its OnDemandThroughput, if it has
//     that; one of the account's quota for each table or index. Each holds one
//     second's worth.
//   - the partition's: 3,000 reads and 1,000 writes a second, in either mode,
//     holding one second's worth. Adaptive capacity is that there is no other
//     bound on a partition: it can have all of the table's.
//
// The peak is the busiest minute's average by the second. A minute that is
// above half of what the table has grown to begins half an hour, at the end of
// which the busiest minute in it becomes the previous peak: so the throughput at
// most doubles every 30 minutes.

// direction tells reads from writes.
type direction uint8

const (
	reading direction = iota
	writing
)

// What one partition carries, in units a second, by direction.
var partitionUnits = [2]int64{reading: 3000, writing: 1000}

// Times of the model.
const (
	burstSeconds = 300
	peakAfter    = int64(30 * time.Minute)
	aMinute      = int64(time.Minute)
	keptMinutes  = 24 * 60
)

// load is the table's, then that of each of its global indexes, in their order.
type load struct {
	scopes []*scope
	sizes  []int64 // bytes in each partition of the table; nil: to be counted
}

// scope is a table without its global indexes, or one of these.
type scope struct {
	index  string // "" for the table
	born   int64  // since when its buckets fill
	lanes  [2]lane
	firsts []uint64 // first hashes of a global index's partitions; the table's are its own
	past   []Minute // oldest first, never changed: forks share them
	minute Minute   // the newest
	heatmap
}

// lane is a direction of a scope.
type lane struct {
	terms  laneTerms
	bucket meter.Bucket // provisioned, or what on demand has grown to
	most   meter.Bucket // of an OnDemandThroughput
	quota  meter.Bucket // of the account, on demand
	peak   int64        // the previous one, in units a second
	rising int64        // the peak that will be the previous one; 0 for none
	since  int64        // when it began to rise
	parts  []*part      // those that have been asked, by their first hash
}

// laneTerms is what the buckets of a lane are made for.
type laneTerms struct {
	onDemand                 bool
	units, most, warm, quota int64 // a second
}

// part is a partition as its lane sees it.
type part struct {
	first  uint64
	bucket meter.Bucket
	heat   heat
}

// terms are those of a table or of one of its global indexes.
func (s *state) laneTerms(m *tableMeta, x *indexMeta, d direction) laneTerms {
	units, most, warm := m.throughput, m.most, m.warm
	if x != nil {
		units, most, warm = x.throughput, x.most, x.warm
	}
	t := laneTerms{onDemand: m.onDemand, units: units.of(d), warm: warm.of(d)}
	if t.onDemand {
		t.most, t.quota = most.of(d), orElse(s.opts.ThroughputQuota, tableUnits)
	}
	return t
}

func (p throughput) of(d direction) int64 {
	if d == reading {
		return p.read
	}
	return p.write
}

// measures reports whether what is asked of a table is kept: where tables are
// throttled, and for one that has scalable targets.
func (s *state) measures(t *table) bool { return s.opts.Throttle || t.scaled }

// counting reports whether there may be a table of which what is asked is kept.
func (s *state) counting() bool {
	if s.opts.Throttle {
		return true
	}
	for _, r := range s.regions {
		if len(r.scaling.targets) > 0 {
			return true
		}
	}
	return false
}

// loadOf is the load of a table, which from here on has one, with its buckets
// as the table's terms and the time want them.
func (s *state) loadOf(t *table) *load {
	if t.load == nil {
		t.load = &load{}
		t.load.add(s, t, "", t.meta.created)
		t.meta.eachGlobal(func(x *indexMeta) { t.load.add(s, t, x.spec.Name, t.meta.created) })
	}
	s.tune(t)
	return t.load
}

func (l *load) add(s *state, t *table, index string, born int64) {
	sc := &scope{index: index, born: born}
	if index != "" {
		want := partitionsFor(s.laneTerms(t.meta, t.meta.index(index), reading).start(), s.laneTerms(t.meta, t.meta.index(index), writing).start())
		sc.firsts = store.EqualPartitions(want)
	}
	l.scopes = append(l.scopes, sc)
}

// tune brings a table's load in line with its terms: what has been updated, the
// indexes that have come and gone, peaks that count from now on.
func (s *state) tune(t *table) {
	l := t.load
	l.scopes = slices.DeleteFunc(l.scopes, func(sc *scope) bool { return sc.index != "" && t.meta.index(sc.index) == nil })
	t.meta.eachGlobal(func(x *indexMeta) {
		if l.scope(x.spec.Name) == nil {
			l.add(s, t, x.spec.Name, s.now)
		}
	})
	for _, sc := range l.scopes {
		var x *indexMeta
		if sc.index != "" {
			x = t.meta.index(sc.index)
		}
		grown := false
		for d := range sc.lanes {
			grown = sc.lanes[d].tune(s.laneTerms(t.meta, x, direction(d)), sc.born, s.now) || grown
		}
		if grown {
			s.makeRoom(t, sc)
		}
	}
}

func (l *load) scope(index string) *scope {
	for _, sc := range l.scopes {
		if sc.index == index {
			return sc
		}
	}
	return nil
}

// start is what a table of these terms can do at once, in units a second.
func (t laneTerms) start() int64 {
	if t.onDemand {
		return t.warm
	}
	return max(t.units, t.warm)
}

// reach is what the lane can do now.
func (l *lane) reach() int64 {
	if l.terms.onDemand {
		return max(l.terms.warm, 2*l.peak)
	}
	return l.terms.units
}

// tune gives the lane the buckets of these terms, and reports whether there may
// be need of more partitions.
func (l *lane) tune(terms laneTerms, born, now int64) (changed bool) {
	if l.rising > 0 && now-l.since >= peakAfter {
		l.peak, l.rising, changed = l.rising, 0, true
	}
	if l.terms == terms && !changed {
		return false
	}
	was := l.terms
	l.terms = terms
	seconds := int64(1)
	if !terms.onDemand {
		seconds = burstSeconds
	}
	if was == (laneTerms{}) || was.onDemand != terms.onDemand {
		if was != (laneTerms{}) {
			born = now
		}
		l.bucket = meter.NewBucket(l.reach(), seconds, born)
	} else {
		l.bucket.SetRate(l.reach(), seconds, now)
	}
	if was.most != terms.most {
		l.most = meter.NewBucket(terms.most, 1, now)
	}
	if was.quota != terms.quota {
		l.quota = meter.NewBucket(terms.quota, 1, now)
	}
	return true
}

// part is the partition that begins at first, with all that one can do where it
// has not been asked before.
func (l *lane) part(d direction, first uint64, now int64) *part {
	i := sort.Search(len(l.parts), func(i int) bool { return l.parts[i].first >= first })
	if i == len(l.parts) || l.parts[i].first != first {
		l.parts = slices.Insert(l.parts, i, &part{first: first, bucket: meter.NewBucket(partitionUnits[d], 1, now)})
	}
	return l.parts[i]
}

// partitions are the first hashes of a scope's partitions.
func (sc *scope) partitions(t *table) []uint64 {
	if sc.index == "" {
		return t.data.Partitions()
	}
	return sc.firsts
}

// holding is the number of the partition that has a hash.
func holding(firsts []uint64, hash uint64) int {
	return sort.Search(len(firsts), func(i int) bool { return firsts[i] > hash }) - 1
}

// at is the minute that now lies in. Whatever minute came before is over: it is
// kept for a day, and its peaks count.
func (sc *scope) at(now int64) *Minute {
	start := now - now%aMinute
	if m := &sc.minute; m.start != start || m.empty() {
		if !m.empty() {
			sc.past = append(sc.past, *m)
			sc.heatmap.keep(m.start)
			for d := range sc.lanes {
				sc.lanes[d].note(m.units(direction(d)), m.start+aMinute)
			}
		}
		for len(sc.past) > 0 && sc.past[0].start <= start-keptMinutes*aMinute {
			sc.past = sc.past[1:]
		}
		sc.heatmap.forget(start)
		*m = Minute{start: start}
	}
	sc.minute.ProvisionedRead, sc.minute.ProvisionedWrite = sc.lanes[reading].terms.units, sc.lanes[writing].terms.units
	return &sc.minute
}

// note looks whether a minute that ended then was a peak.
func (l *lane) note(u meter.Units, end int64) {
	rate := int64(u) / int64(60*meter.Unit)
	if !l.terms.onDemand || 2*rate <= l.reach() {
		return
	}
	if l.rising == 0 {
		l.since = end
	}
	l.rising = max(l.rising, rate)
}

func (l *load) copy() *load {
	if l == nil {
		return nil
	}
	c := &load{sizes: slices.Clone(l.sizes)}
	for _, sc := range l.scopes {
		c.scopes = append(c.scopes, sc.copy())
	}
	return c
}

func (sc *scope) copy() *scope {
	c := *sc
	sc.past = sc.past[:len(sc.past):len(sc.past)] // both append to room of their own
	c.past = sc.past
	c.heatmap = sc.heatmap.copy()
	for d := range c.lanes {
		c.lanes[d].parts = make([]*part, len(sc.lanes[d].parts))
		for i, p := range sc.lanes[d].parts {
			q := *p
			c.lanes[d].parts[i] = &q
		}
	}
	return &c
}

func (l *load) digest(w io.Writer) {
	if l == nil {
		return
	}
	for _, sc := range l.scopes {
		fmt.Fprintf(w, "load %q", sc.index)
		for _, k := range sc.numbers() {
			fmt.Fprintf(w, " %v", k.list)
		}
		fmt.Fprintln(w)
	}
}

// unload forgets what tables were asked for that are throttled no more, nor
// scaled.
func (s *state) unload() {
	for _, r := range s.regions {
		for _, t := range r.tables {
			if !s.measures(t) {
				t.load = nil
			}
		}
	}
}
