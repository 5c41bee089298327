package engine

import (
	"math"

	"github.com/sortkey/sortkey/engine/meter"
)

// This file makes the requests of a second of a load all at once, with what
// admission.go makes of each of them one by one.
//
// They all come at one instant and are of two kinds, reads and writes, and all
// of a kind ask for the same. So a bucket that they draw on need not be looked
// at for each: how many of them it lets pass is a number, which is counted down,
// and what they took is taken in the end. What depends on the order of requests
// stays in order: who gets the last of a bucket, the heat of partitions, splits.
// Where a single request does more than count, which is when a minute begins and
// when a partition splits, what was counted is settled first.

// crowd is where the requests of one kind draw.
type crowd struct {
	open   bool
	stands []stand // one for each table or index that they ask
}

// stand is one lane that a crowd draws on. What the lane's buckets hold is
// counted in requests: left of the account's, of an OnDemandThroughput's and of
// its own when the stand was opened.
type stand struct {
	asked
	scope            *scope
	lane             *lane
	firsts           []uint64 // of the partitions
	where            []int32  // which of these has a key
	gates            []gate   // of the partitions
	quota, most, own int64
	left             int64 // the least of the three
	fresh            bool  // the minute that now lies in has begun for the scope
	passed, refused  int64 // since it was opened
	over             [limits]int64
}

// gate is a partition of a stand.
type gate struct {
	part            *part // nil where nothing was asked yet, or all pass
	left            int64 // how many requests its bucket let pass when it was opened
	passed, refused int64
}

// noEnd is how many requests pass what is no bound.
const noEnd = math.MaxInt64

// askAll makes n requests of a table.
func (x *traffic) askAll(s *state, t *table, n int64) {
	if !s.measures(t) {
		x.asked += n
		x.passed += n
		return
	}
	watched := false
	share := x.asked * x.load.Reads % 100
	for end := x.asked + n; x.asked < end; {
		kind := writing
		if share += x.load.Reads; share >= 100 {
			share, kind = share-100, reading
		}
		c, key := &x.crowds[kind], x.draw.key(x.asked, x.seconds)
		if !c.open {
			c.opens(s, t, x.plan.of(kind))
		}
		passes, counts := c.quick(key), true
		if !passes {
			passes, counts = c.look(s.now, key)
		}
		if !counts {
			x.settle(s)
			x.askOne(s, t)
			continue
		}
		x.asked++
		if passes {
			if !watched {
				s.watch(t)
				watched = true
			}
			c.pass(key)
			x.passed++
			continue
		}
		x.throttled++
		if c.refuse(s, t, key) {
			x.settle(s)
		}
	}
	x.settle(s)
}

// opens opens the stands that requests need which ask for all of that.
func (c *crowd) opens(s *state, t *table, list []asked) {
	l := s.loadOf(t)
	if len(c.stands) != len(list) {
		c.stands = make([]stand, len(list))
	}
	for i := range list {
		c.stands[i].open(s, t, l.scope(list[i].index), list[i])
	}
	c.open = true
}

// open opens a stand, which may have been open before.
func (st *stand) open(s *state, t *table, sc *scope, a asked) {
	same := st.scope == sc && st.dir == a.dir && len(st.hashes) > 0 && &st.hashes[0] == &a.hashes[0]
	st.asked, st.scope, st.lane = a, sc, &sc.lanes[a.dir]
	if firsts := sc.partitions(t); !same || len(firsts) != len(st.firsts) || &firsts[0] != &st.firsts[0] {
		st.place(firsts)
	}
	st.fresh = sc.minute.start == s.now-s.now%aMinute && !sc.minute.empty()
	st.passed, st.refused, st.over = 0, 0, [limits]int64{}
	st.quota, st.most, st.own = noEnd, noEnd, noEnd
	closed := gate{left: noEnd}
	if s.opts.Throttle {
		st.fill(s.now)
		closed.left = -1
	}
	st.left = min(st.quota, st.most, st.own)
	for i := range st.gates {
		st.gates[i] = closed
	}
}

// place finds the partition of each key.
func (st *stand) place(firsts []uint64) {
	st.firsts, st.where, st.gates = firsts, make([]int32, len(st.hashes)), make([]gate, len(firsts))
	for i, hash := range st.hashes {
		st.where[i] = int32(holding(firsts, hash))
	}
}

// fill fills the lane's buckets and counts what they let pass.
func (st *stand) fill(now int64) {
	l := st.lane
	if l.terms.onDemand {
		st.quota = st.grants(&l.quota, now)
		if l.terms.most > 0 {
			st.most = st.grants(&l.most, now)
		}
	}
	st.own = st.grants(&l.bucket, now)
}

// grants is how many of the requests pass a bucket now, one after another.
func (st *stand) grants(b *meter.Bucket, now int64) int64 {
	b.Fill(now)
	if st.dir == reading {
		return b.Reads(st.units)
	}
	return b.Writes(st.units)
}

// gate is that of the partition of a key.
func (st *stand) gate(now int64, key int) *gate {
	at := st.where[key]
	g := &st.gates[at]
	if g.left < 0 {
		g.part = st.lane.part(st.dir, st.firsts[at], now)
		g.left = st.grants(&g.part.bucket, now)
	}
	return g
}

// quick reports whether the next request passes and only counts, of what is
// known already: most do.
func (c *crowd) quick(key int) bool {
	for i := range c.stands {
		st := &c.stands[i]
		if g := &st.gates[st.where[key]]; st.passed >= st.left || g.passed >= g.left || !st.fresh {
			return false
		}
	}
	return true
}

// look tells whether the next request passes, and whether that only counts: the
// minute has begun wherever it is to be counted.
func (c *crowd) look(now int64, key int) (passes, counts bool) {
	passes, counts = true, true
	for i := range c.stands {
		st := &c.stands[i]
		if g := st.gate(now, key); st.passed >= st.left || g.passed >= g.left {
			passes, counts = false, counts && st.fresh
		}
	}
	for i := range c.stands {
		counts = counts && (c.stands[i].fresh || !passes)
	}
	return passes, counts
}

// pass lets a request pass.
func (c *crowd) pass(key int) {
	for i := range c.stands {
		st := &c.stands[i]
		st.passed++
		st.gates[st.where[key]].passed++
	}
}

// refuse throttles a request, and reports whether a partition has split for it.
func (c *crowd) refuse(s *state, t *table, key int) (split bool) {
	for i := range c.stands {
		st := &c.stands[i]
		g := &st.gates[st.where[key]]
		over, full := st.exceeded()
		hot := g.passed >= g.left
		if !full && !hot {
			continue
		}
		st.refused++
		g.refused++
		over[LimitKeyRange] = over[LimitKeyRange] || hot
		for limit, is := range over {
			if is {
				st.over[limit]++
			}
		}
		if hot && !full {
			s.heat(excess{table: t, scope: st.scope, dir: st.dir, part: g.part, hash: st.hashes[key]})
			split = split || len(st.scope.partitions(t)) != len(st.firsts)
		}
	}
	return split
}

// exceeded tells which limits of the lane are reached; that of the partition is
// not among them.
func (st *stand) exceeded() (over [limits]bool, any bool) {
	if !st.lane.terms.onDemand {
		over[LimitProvisioned] = st.passed >= st.own
		return over, over[LimitProvisioned]
	}
	over[LimitAccount], over[LimitOnDemand] = st.passed >= st.quota, st.passed >= st.most
	if !over[LimitAccount] && !over[LimitOnDemand] {
		over[LimitKeyRange] = st.passed >= st.own
	}
	return over, over[LimitAccount] || over[LimitOnDemand] || over[LimitKeyRange]
}

// settle takes what the crowds took, counts what was counted, and closes.
func (x *traffic) settle(s *state) {
	for kind := range x.crowds {
		c := &x.crowds[kind]
		for i := range c.stands {
			if st := &c.stands[i]; c.open && st.passed+st.refused > 0 {
				st.settle(s)
			}
		}
		c.open = false
	}
}

func (st *stand) settle(s *state) {
	m, l := st.scope.at(s.now), st.lane
	units := st.units * meter.Units(st.passed)
	*m.consumed(st.dir) += units
	*m.throttled(st.dir) += st.refused
	for limit, n := range st.over {
		r := &m.over(st.dir)[limit]
		r.Requests += n
		r.Units += st.units * meter.Units(n)
	}
	for i := range st.gates {
		g := &st.gates[i]
		if g.passed+g.refused == 0 {
			continue
		}
		c := st.scope.heatmap.cell(st.firsts[i], lastOf(st.firsts, i))
		c.units[st.dir] += st.units * meter.Units(g.passed)
		c.throttled[st.dir] += g.refused
		if g.part != nil {
			g.part.bucket.Take(st.units * meter.Units(g.passed))
		}
	}
	if s.opts.Throttle {
		l.bucket.Take(units)
		if l.terms.onDemand {
			l.quota.Take(units)
			if l.terms.most > 0 {
				l.most.Take(units)
			}
		}
	}
	st.scope.level(st.dir, s)
}
