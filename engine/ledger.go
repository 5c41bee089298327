package engine

import (
	"slices"
	"time"

	"github.com/sortkey/sortkey/engine/attr"
)

// The ledger of a global table has every write that was lost: that a replica
// acknowledged, and that has had no part in what a replica shows since. Where a
// lost write was itself made over another one that the winner did not know of,
// both are lost and both are in the ledger. A write that turns out to live on,
// because a later one that was made over it won against its winner, is taken
// out again: it is withdrawn. The ledger keeps the last maxConflicts.

// conflict is an entry.
type conflict struct {
	seq           uint64
	key           string
	keys          attr.Map
	loser, winner version
	lost, kept    *attr.Item // nil for deletes
	at            int64      // when it was found
	region        string     // and where
	settled       []settled  // by region
	withdrawn     bool
}

// settled is when a region had the winner or what won against that.
type settled struct {
	region string
	at     int64
}

// lostWrite finds the entry of a write.
type lostWrite struct {
	key string
	version
	seq uint64
}

func (l *lostWrite) less(o *lostWrite) bool {
	return l.key < o.key || l.key == o.key && l.before(o.version)
}

const maxConflicts = 1000

// lose enters that a write has lost against another.
func (s *state) lose(g *global, region string, l *line, winner version) {
	c := conflict{key: l.key, keys: l.keys, loser: l.version, winner: winner, lost: l.item, at: s.now, region: region}
	if w := g.line(l.key, winner); w != nil {
		c.kept = w.item
	} else if t := s.replicaIn(g, region); t != nil {
		c.kept = t.data.Rows().Get(l.key)
	}
	if known, ok := g.lost.Get(lostWrite{key: l.key, version: l.version}); ok {
		was, _ := g.conflicts.Get(conflict{seq: known.seq})
		if !was.withdrawn {
			return
		}
		g.conflicts.Delete(was)
	}
	s.counters[idConflict]++
	c.seq = s.counters[idConflict]
	for _, m := range g.meta.members {
		if t := s.replicaIn(g, m.region); t != nil {
			if x := t.stampOf(g, l.key); !x.version.before(winner) {
				c.settled = append(c.settled, settled{m.region, x.since})
			}
		}
	}
	g.conflicts.Set(c)
	g.lost.Set(lostWrite{l.key, l.version, c.seq})
	if g.conflicts.Len() > maxConflicts {
		old, _ := g.conflicts.PopMin()
		g.lost.Delete(lostWrite{key: old.key, version: old.loser})
		g.forgotten++
	}
}

// replaced settles what it means that a replica shows v instead of old.
func (s *state) replaced(g *global, region, key string, old, v version) {
	for l := range g.apart(key, old, v) {
		s.lose(g, region, l, v)
	}
	s.review(g, region, key, v)
}

// declined settles what it means that a replica does not take v: it shows cur.
func (s *state) declined(g *global, region, key string, v, cur version) {
	for l := range g.apart(key, v, cur) {
		s.lose(g, region, l, cur)
	}
}

// review goes through the entries of a key when a replica shows v.
func (s *state) review(g *global, region, key string, v version) {
	g.lost.Ascend(lostWrite{key: key}, func(l lostWrite) bool {
		if l.key == key {
			s.reviewOne(g, region, g.conflicts.Find(conflict{seq: l.seq}), v)
		}
		return l.key == key
	})
}

func (s *state) reviewOne(g *global, region string, c *conflict, v version) {
	if c.withdrawn || v.before(c.winner) {
		return
	}
	withdrawn := false
	if c.winner.before(v) {
		withdrawn, _ = g.inLine(c.key, c.loser, v)
	}
	settles := !slices.ContainsFunc(c.settled, func(x settled) bool { return x.region == region })
	if !withdrawn && !settles {
		return
	}
	is := *c
	is.withdrawn = withdrawn
	if settles {
		is.settled = append(slices.Clone(c.settled), settled{region, s.now})
	}
	g.conflicts.Set(is)
}

// close takes the conflicts of a key off those that later writes are held
// against: all replicas have the same, and no write of before is on its way. What
// the ledger says of them is for good.
func (g *global) close(key string) {
	var list []lostWrite
	g.lost.Ascend(lostWrite{key: key}, func(l lostWrite) bool {
		if l.key == key {
			list = append(list, l)
		}
		return l.key == key
	})
	for _, l := range list {
		g.lost.Delete(l)
	}
}

// Conflict is a lost write.
type Conflict struct {
	Table         string
	Key           attr.Map
	Winner, Loser Version
	Kept, Lost    *attr.Item // the items of both, nil for deletes
	Found         time.Time  // when a replica first had both
	Region        string     // of that replica
	Settled       []Settled  // by region: all replicas
}

// Apart is how long after the loser the winner was written.
func (c *Conflict) Apart() time.Duration { return c.Winner.At.Sub(c.Loser.At) }

// Settled is when a replica has the outcome of a conflict: the winner, or what
// has replaced it.
type Settled struct {
	Region string
	At     time.Time // zero where it is not known yet
	Done   bool      // it was then; else it will be, if nothing is changed
}

// Ledger is what a global table has lost.
type Ledger struct {
	Conflicts []Conflict // the newest first
	Count     int        // of them with those that were not asked for
	Forgotten uint64     // older ones that there was no room for
}

// Ledger tells of the lost writes of the global table that a region's table
// belongs to.
func (e *Engine) Ledger(region, table string) Ledger {
	return e.LedgerOf(region, table, func(int, Version, Version) bool { return true })
}

// LedgerOf is Ledger with those entries only that are wanted: wanted is asked of
// each, the newest first, with its number from 0 and the versions of both writes.
func (e *Engine) LedgerOf(region, table string, wanted func(n int, winner, loser Version) bool) Ledger {
	e.mu.Lock()
	defer e.mu.Unlock()
	g, _ := e.s.globalNamed(region, table)
	if g == nil {
		return Ledger{}
	}
	list := Ledger{Forgotten: g.forgotten}
	g.conflicts.tree.Reverse(func(c *conflict) bool {
		if c.withdrawn {
			return true
		}
		if wanted(list.Count, c.winner.export(), c.loser.export()) {
			list.Conflicts = append(list.Conflicts, e.s.exportConflict(g, c))
		}
		list.Count++
		return true
	})
	return list
}

func (s *state) exportConflict(g *global, c *conflict) Conflict {
	x := Conflict{
		Table: g.meta.name, Key: c.keys, Winner: c.winner.export(), Loser: c.loser.export(), Kept: c.kept, Lost: c.lost,
		Found: time.Unix(0, c.at).UTC(), Region: c.region,
	}
	for _, m := range g.meta.members {
		y := Settled{Region: m.region}
		if i := slices.IndexFunc(c.settled, func(z settled) bool { return z.region == m.region }); i >= 0 {
			y.At, y.Done = time.Unix(0, c.settled[i].at).UTC(), true
		} else if at, ok := s.expected(g, m.region, c.key, c.winner); ok {
			y.At = time.Unix(0, at).UTC()
		}
		x.Settled = append(x.Settled, y)
	}
	return x
}

// expected is when a replica will have a version of a key or a later one, by
// what is on its way now.
func (s *state) expected(g *global, region, key string, v version) (at int64, ok bool) {
	s.mail.Scan(func(m message) bool {
		if m.global == g.meta.id && m.to == region && m.key == key && !m.version.before(v) {
			if due, arrives := s.arrival(m); arrives && (!ok || due < at) {
				at, ok = due, true
			}
		}
		return true
	})
	return at, ok
}
