package engine

import (
	"time"

	"github.com/sortkey/sortkey/engine/meter"
)

// Minute is what a table or global index was asked for in one minute of engine
// time. Consumed units are those of requests that passed; a throttled request
// counts once for each direction of each table or index that was over a limit,
// and so does each member of a batch.
//
// While the setting "throttle" is on, a minute also has what its last request
// left of the capacity: how much the bucket is filled with in a second, which is
// what is provisioned or what on demand has grown to, and what it held then. A
// provisioned bucket holds 300 times its rate when nothing is asked of it: the
// burst that is left, in seconds, is what it holds by its rate.
type Minute struct {
	start                             int64
	Read, Write                       meter.Units // consumed
	ReadThrottled, WriteThrottled     int64       // requests
	ProvisionedRead, ProvisionedWrite int64       // units a second, 0 on demand
	ReadOver, WriteOver               Over        // what was throttled, by limit
	ReadRate, WriteRate               int64       // units a second
	ReadLeft, WriteLeft               meter.Units // in the bucket; below zero is debt
}

// Limit is what a throttled request was over.
type Limit uint8

// The limits, by the names that ThrottlingReasons have for them.
const (
	LimitProvisioned Limit = iota // ProvisionedThroughputExceeded
	LimitKeyRange                 // KeyRangeThroughputExceeded: a partition's, or all that on demand has grown to
	LimitAccount                  // AccountLimitExceeded
	LimitOnDemand                 // MaxOnDemandThroughputExceeded
	limits
)

// String is the limit as it ends the reasons: "KeyRangeThroughputExceeded".
func (l Limit) String() string { return limitNames[l] }

// Over is what was throttled for each Limit. A request that was over several
// counts for each.
type Over [limits]Refused

// Refused counts throttled requests and the units that they asked for.
type Refused struct {
	Requests int64
	Units    meter.Units
}

// Start is when the minute began, in UTC.
func (m Minute) Start() time.Time { return time.Unix(0, m.start).UTC() }

func (m *Minute) units(d direction) meter.Units {
	if d == reading {
		return m.Read
	}
	return m.Write
}

func (m *Minute) consumed(d direction) *meter.Units {
	if d == reading {
		return &m.Read
	}
	return &m.Write
}

func (m *Minute) throttled(d direction) *int64 {
	if d == reading {
		return &m.ReadThrottled
	}
	return &m.WriteThrottled
}

func (m *Minute) over(d direction) *Over {
	if d == reading {
		return &m.ReadOver
	}
	return &m.WriteOver
}

// level notes what there is of a direction after a request.
func (sc *scope) level(d direction, s *state) {
	if !s.opts.Throttle {
		return
	}
	l := &sc.lanes[d]
	l.bucket.Fill(s.now)
	if d == reading {
		sc.minute.ReadRate, sc.minute.ReadLeft = l.bucket.Rate(), l.bucket.Units()
	} else {
		sc.minute.WriteRate, sc.minute.WriteLeft = l.bucket.Rate(), l.bucket.Units()
	}
}

func (m *Minute) empty() bool {
	return m.Read == 0 && m.Write == 0 && m.ReadThrottled == 0 && m.WriteThrottled == 0
}

// Metrics lists what a table (index "") or one of its global secondary indexes
// was asked for in the last 24 hours of engine time, the oldest minute first.
// Minutes without requests are left out. A table's minutes include its local
// indexes and not its global ones. There are none
// where the setting "throttle" is off and the table has no scalable targets.
func (e *Engine) Metrics(region, table, index string) []Minute {
	e.mu.Lock()
	defer e.mu.Unlock()
	t := e.s.region(region).tables[table]
	if t == nil || t.load == nil {
		return nil
	}
	sc := t.load.scope(index)
	if sc == nil {
		return nil
	}
	var list []Minute
	horizon := e.s.now - e.s.now%aMinute - keptMinutes*aMinute
	for _, m := range append(sc.past[:len(sc.past):len(sc.past)], sc.minute) {
		if m.start > horizon && !m.empty() {
			list = append(list, m)
		}
	}
	return list
}

// Capacity is what a table or global index can do now in one direction.
type Capacity struct {
	Index      string // "" for the table
	Write      bool
	Rate       int64       // units a second: provisioned, or what on demand has grown to
	Most       int64       // the OnDemandThroughput, 0 for none
	Left       meter.Units // in its bucket now; below zero is debt
	Room       meter.Units // that the bucket can hold
	Peak       int64       // the previous peak on demand, units a second
	Rising     int64       // the peak that will be the previous one, 0 for none
	RisesAt    time.Time   // when that will be, zero for never
	Partitions []PartitionCapacity
}

// PartitionCapacity is what one partition can do now.
type PartitionCapacity struct {
	First uint64      // its first hash
	Rate  int64       // units a second
	Left  meter.Units // in its bucket now
}

// Capacities tells what a table and its global indexes can do now, reads before
// writes; nothing while the setting "throttle" is off. Asking changes nothing.
func (e *Engine) Capacities(region, table string) []Capacity {
	e.mu.Lock()
	defer e.mu.Unlock()
	t := e.s.region(region).tables[table]
	if t == nil || !e.s.opts.Throttle {
		return nil
	}
	c := *t // what tuning makes of it is not kept
	c.data, c.load = t.data.Copy(), t.load.copy()
	c.stream = nil
	var list []Capacity
	for _, sc := range e.s.loadOf(&c).scopes {
		for d := range sc.lanes {
			list = append(list, e.s.capacity(&c, sc, direction(d)))
		}
	}
	return list
}

func (s *state) capacity(t *table, sc *scope, d direction) Capacity {
	l := &sc.lanes[d]
	b := l.bucket
	b.Fill(s.now)
	c := Capacity{
		Index: sc.index, Write: d == writing, Rate: b.Rate(), Most: l.terms.most, Left: b.Units(), Room: b.Depth(),
		Peak: l.peak, Rising: l.rising,
	}
	if l.rising > 0 {
		c.RisesAt = time.Unix(0, l.since+peakAfter).UTC()
	}
	for _, first := range sc.partitions(t) {
		p := *l.part(d, first, s.now)
		p.bucket.Fill(s.now)
		c.Partitions = append(c.Partitions, PartitionCapacity{First: first, Rate: partitionUnits[d], Left: p.bucket.Units()})
	}
	return c
}
