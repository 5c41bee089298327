package engine

import (
	"sort"
	"time"

	"github.com/sortkey/sortkey/engine/attr"
	"github.com/sortkey/sortkey/engine/store"
)

// How long things last in a stream, in engine time.
const (
	// streamRetention is how long a record can be read, and a stream after it
	// was disabled.
	streamRetention = 24 * time.Hour
	// shardLife is when an open shard is closed and another takes its place.
	shardLife = 4 * time.Hour
)

// Stream states, as DescribeStream names them.
const (
	streamEnabling  = "ENABLING"
	streamEnabled   = "ENABLED"
	streamDisabling = "DISABLING"
	streamDisabled  = "DISABLED"
)

// stream is what became of a table's items from the time the stream was
// enabled to the time it was disabled, as far as it is not over a day ago. It
// outlives its table.
//
// Each open shard belongs to one partition: open is parallel to the table's
// partitions. A record is one value in two trees, by its sequence number and by
// its shard. Since time only grows with sequence numbers, the oldest record is
// the first. The newest records wait to be put into the trees until somebody
// asks for one: a fork shares them as they are, and few are ever asked.
type stream struct {
	meta    *streamMeta      // never changed in place: forks share it
	shards  *ordered[shard]  // by number
	open    []uint64         // numbers of the open shards; never changed in place
	sorted  *ordered[record] // by sequence number; without those that wait, as is
	sharded *ordered[record] // by shard, then sequence number
	newest  *record          // the last of those that wait, nil for none
	waiting int
	due     int64   // when the first shard has to roll or to go; 0 with none
	lost    uint64  // records trimmed since the beginning
	gone    uint64  // shards trimmed since the beginning
	policy  *policy // nil for none
}

// streamMeta is what tells one stream from another.
type streamMeta struct {
	arn, label string
	table      string // its name
	tableID    string
	view       string // the StreamViewType
	keys       store.Key
	status     string
	created    int64
	disabled   int64 // 0 while it is not
}

// shard is one sequence of records: what happened in one hash range from the
// time it was opened to the time it was closed.
type shard struct {
	number   uint64 // in its id; later shards have larger ones
	parent   uint64 // whose place it took, 0 for none
	from, to uint64 // hashes, both inclusive
	opened   int64
	closed   int64 // 0 while it is open
	first    uint64
	last     uint64 // sequence numbers taken when it was opened and closed
	trimmed  uint64 // sequence number of the last record that was trimmed, 0 for none
	lost     uint64 // records trimmed
}

// record is one change. Items are immutable, so it holds the table's own.
type record struct {
	seq           uint64
	shard         uint64
	at            int64
	before, after *attr.Item
	service       bool    // made by DynamoDB itself: an item's time to live was over
	previous      *record // that waited when this one came, nil for none
}

func newStream(m *streamMeta) *stream {
	return &stream{
		meta:   m,
		shards: newOrdered(func(a, b *shard) bool { return a.number < b.number }),
		sorted: newOrdered(func(a, b *record) bool { return a.seq < b.seq }),
		sharded: newOrdered(func(a, b *record) bool {
			return a.shard < b.shard || a.shard == b.shard && a.seq < b.seq
		}),
	}
}

func (st *stream) copy() *stream {
	c := *st
	c.shards, c.sorted, c.sharded = st.shards.Copy(), st.sorted.Copy(), st.sharded.Copy()
	return &c
}

// mark replaces the description by one that change has altered.
func (st *stream) mark(change func(m *streamMeta)) {
	m := *st.meta
	change(&m)
	st.meta = &m
}

// enableStream gives a table a stream, which begins to record when it has
// become ENABLED. The label is the time; where that is taken, the next
// millisecond.
func (s *state) enableStream(r *region, t *table, view string) {
	m := *t.meta
	for at := s.now; ; at += int64(time.Millisecond) {
		m.streamLabel = time.Unix(0, at).UTC().Format("2006-01-02T15:04:05.000")
		if r.streams[m.streamARN()] == nil {
			break
		}
	}
	m.streamView = view
	t.meta = &m
	t.stream = newStream(&streamMeta{
		arn: m.streamARN(), label: m.streamLabel, table: m.name, tableID: m.id, view: view, keys: m.keys,
		status: streamEnabling, created: s.now,
	})
	r.streams[m.streamARN()] = t.stream
	s.afterStream(s.opts.Transition, streamSettles, r, t.stream)
	s.afterStream(shardLife, streamTurns, r, t.stream)
}

// disableStream ends the recording of a table's changes and closes the shards.
// What is in them can be read for another day.
func (s *state) disableStream(r *region, t *table) {
	m := *t.meta
	m.streamView = ""
	t.meta = &m
	st := t.stream
	t.stream = nil
	for _, number := range st.open {
		s.closeShard(st, number)
	}
	st.open = nil
	st.mark(func(m *streamMeta) { m.status, m.disabled = streamDisabling, s.now })
	st.plan()
	s.afterStream(s.opts.Transition, streamSettles, r, st)
}

// settleStream ends the ENABLING or DISABLING of a stream.
func (s *state) settleStream(r *region, st *stream) {
	switch st.meta.status {
	case streamEnabling:
		st.mark(func(m *streamMeta) { m.status = streamEnabled })
		s.openShards(st, r.tables[st.meta.table].data.Partitions())
	case streamDisabling:
		st.mark(func(m *streamMeta) { m.status = streamDisabled })
	}
}

// openShards gives a new stream a shard for every partition.
func (s *state) openShards(st *stream, partitions []uint64) {
	for i, from := range partitions {
		to := ^uint64(0)
		if i+1 < len(partitions) {
			to = partitions[i+1] - 1
		}
		st.open = append(st.open, s.openShard(st, shard{from: from, to: to}))
	}
	st.plan()
}

// openShard opens a shard of a parent and a range and gives it a number: the
// time in milliseconds or, where that is taken, the next free number.
func (s *state) openShard(st *stream, sh shard) uint64 {
	sh.number = uint64(s.now / int64(time.Millisecond))
	if newest, ok := st.shards.Max(); ok {
		sh.number = max(sh.number, newest.number+1)
	}
	sh.opened, sh.first = s.now, s.sequence()
	st.shards.Set(sh)
	return sh.number
}

func (s *state) closeShard(st *stream, number uint64) shard {
	sh, _ := st.shards.Get(shard{number: number})
	sh.closed, sh.last = s.now, s.sequence()
	st.shards.Set(sh)
	return sh
}

// splitShard closes the shard of a partition whose upper part, from a hash on,
// has become a partition of its own, and opens one for each part.
func (s *state) splitShard(st *stream, partition int, at uint64) {
	if len(st.open) == 0 {
		return
	}
	parent := s.closeShard(st, st.open[partition])
	open := append([]uint64(nil), st.open[:partition]...)
	open = append(open,
		s.openShard(st, shard{parent: parent.number, from: parent.from, to: at - 1}),
		s.openShard(st, shard{parent: parent.number, from: at, to: parent.to}))
	st.open = append(open, st.open[partition+1:]...)
	st.plan()
}

// roll replaces the open shards that are old by children with the same range.
func (s *state) roll(st *stream) {
	open := append([]uint64(nil), st.open...)
	for i, number := range open {
		if sh, _ := st.shards.Get(shard{number: number}); sh.opened+int64(shardLife) <= s.now {
			s.closeShard(st, number)
			open[i] = s.openShard(st, shard{parent: number, from: sh.from, to: sh.to})
		}
	}
	st.open = open
}

// record appends a committed change to the table's stream.
func (s *state) record(t *table, c *store.Change, service bool) {
	st := t.stream
	if len(st.open) == 0 || !c.Writes() {
		return
	}
	st.keep(cut(&s.records, record{
		seq: s.sequence(), shard: st.open[t.data.PartitionOf(store.HashOf(c.Key))], at: s.now,
		before: c.Before, after: c.After, service: service,
	}))
}

// keep adds a record that comes last.
func (st *stream) keep(r *record) {
	r.previous, st.newest = st.newest, r
	if st.waiting++; st.waiting == mostWaiting {
		st.sort()
	}
}

// mostWaiting bounds how many records wait to be put into a stream's trees.
const mostWaiting = 512

// sort puts the records that wait into the trees.
func (st *stream) sort() {
	if st.waiting == 0 {
		return
	}
	list := make([]*record, st.waiting)
	for r := st.newest; r != nil; r = r.previous {
		st.waiting--
		list[st.waiting] = r
	}
	st.newest = nil
	for _, r := range list {
		st.sorted.tree.Load(r)
		st.sharded.tree.Set(r)
	}
}

// records are the stream's records by sequence number.
func (st *stream) records() *ordered[record] {
	st.sort()
	return st.sorted
}

// held are the stream's records by shard, then sequence number.
func (st *stream) held() *ordered[record] {
	st.sort()
	return st.sharded
}

// turnStream does what is due in a stream: records and shards go that are a
// day old, shards roll, and in the end the stream itself goes.
func (s *state) turnStream(r *region, st *stream) {
	horizon := s.now - int64(streamRetention)
	st.trim(horizon)
	if st.meta.disabled != 0 && st.meta.disabled <= horizon {
		delete(r.streams, st.meta.arn)
		return
	}
	if st.due != 0 && st.due <= s.now {
		st.drop(horizon)
		s.roll(st)
		st.plan()
	}
	s.afterStream(time.Duration(st.next(s.now)-s.now), streamTurns, r, st)
}

// trim removes the records that were made at the horizon or before.
func (st *stream) trim(horizon int64) {
	for {
		r, ok := st.records().Min()
		if !ok || r.at > horizon {
			return
		}
		st.records().PopMin()
		st.held().Delete(r)
		st.lost++
		sh, _ := st.shards.Get(shard{number: r.shard})
		sh.trimmed = r.seq
		sh.lost++
		st.shards.Set(sh)
	}
}

// drop removes the shards that were closed at the horizon or before; all of
// their records have been trimmed.
func (st *stream) drop(horizon int64) {
	var gone []shard
	st.shards.Scan(func(sh shard) bool {
		if sh.closed != 0 && sh.closed <= horizon {
			gone = append(gone, sh)
		}
		return true
	})
	for _, sh := range gone {
		st.shards.Delete(sh)
		st.gone++
	}
}

// plan finds when the first shard has to roll or to go.
func (st *stream) plan() {
	st.due = 0
	st.shards.Scan(func(sh shard) bool {
		at := sh.opened + int64(shardLife)
		if sh.closed != 0 {
			at = sh.closed + int64(streamRetention)
		}
		if st.due == 0 || at < st.due {
			st.due = at
		}
		return true
	})
}

// next is when to look at the stream again: when something is due in it, or
// after a shard's life. What comes into the stream until then, a record or a
// shard, cannot be due before, so that one event in the queue is enough.
func (st *stream) next(now int64) int64 {
	at := now + int64(shardLife)
	if st.due != 0 {
		at = min(at, st.due)
	}
	if r, ok := st.records().Min(); ok {
		at = min(at, r.at+int64(streamRetention))
	}
	if st.meta.disabled != 0 {
		at = min(at, st.meta.disabled+int64(streamRetention))
	}
	return at
}

// shardList lists the shards after a number, oldest first.
func (st *stream) shardList(after uint64) []shard {
	var list []shard
	st.shards.Ascend(shard{number: after + 1}, func(sh shard) bool {
		list = append(list, sh)
		return true
	})
	return list
}

// recordsOf calls each for the records of a shard from a sequence number on,
// until it returns false.
func (st *stream) recordsOf(number, from uint64, each func(r record) bool) {
	st.held().Ascend(record{shard: number, seq: from}, func(r record) bool { return r.shard == number && each(r) })
}

// since is the sequence number of the first record made at an instant or
// later, ok false where there is none yet.
func (st *stream) since(at int64) (seq uint64, ok bool) {
	i := sort.Search(st.records().Len(), func(i int) bool {
		r, _ := st.records().GetAt(i)
		return r.at >= at
	})
	r, ok := st.records().GetAt(i)
	return r.seq, ok
}

// streamList returns the region's streams by ARN.
func (r *region) streamList() []*stream {
	list := make([]*stream, 0, len(r.streams))
	for _, st := range r.streams {
		list = append(list, st)
	}
	sort.Slice(list, func(i, j int) bool { return list[i].meta.arn < list[j].meta.arn })
	return list
}
