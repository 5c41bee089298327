package engine

import (
	"slices"
	"time"

	"github.com/sortkey/sortkey/engine/attr"
	"github.com/sortkey/sortkey/engine/meter"
	"github.com/sortkey/sortkey/engine/store"
)

// replicate gives a committed write of a replica its version and sends it to
// the others; one that has arrived from there has a version. Every write that
// succeeds counts, whether it changes the item or not: it was the last. (Whether
// the service replicates writes that change nothing is not documented.)
func (s *state) replicate(w *write) {
	r := w.table.replica
	g, x := s.globals[r.global], w.stamp(s.now)
	if w.arrived != nil {
		x.version = w.arrived.version
		r.stamps.Set(x)
		return
	}
	was := w.replaces
	x.version = was.after(s.now, r.region)
	r.stamps.Set(x)
	key := x.key
	g.learn(line{key, x.version, was, w.change.After, x.keys, false})
	s.happened(happening{kind: ReplicaWritten, region: r.region, table: g.meta.name, keys: x.keys, version: x.version,
		other: was, deleted: x.deleted, expired: w.service})
	s.review(g, r.region, key, x.version)
	to := s.spread(g, message{
		global: g.meta.id, table: g.meta.name, from: r.region, key: key, keys: x.keys,
		version: x.version, parent: was, item: w.change.After, service: w.service,
	})
	w.receipt.Replicated += meter.Units(to) * w.receipt.Single()
	s.prune(g, key)
}

// stamp is the stamp that a write leaves, without its version. All that is known
// of writes of an item shares one key, in both forms: there are very many of them.
func (w *write) stamp(now int64) stamp {
	x, ok := w.table.replica.stamps.Get(stamp{key: w.change.Key})
	if !ok {
		x.key = w.change.Key
	}
	switch {
	case x.keys != nil:
	case w.arrived != nil:
		x.keys = w.arrived.keys
	default:
		x.keys = w.table.keysOf(w.images())
	}
	return stamp{key: x.key, keys: x.keys, since: now, deleted: w.change.After == nil}
}

// images is an image of what is written that has the key: after, before, or the
// key of a request that deletes nothing.
func (w *write) images() attr.Map {
	switch {
	case w.change.After != nil:
		return w.change.After.Map()
	case w.change.Before != nil:
		return w.change.Before.Map()
	}
	return w.keys
}

// spread sends a write of one replica to all others, and tells how many there
// are.
func (s *state) spread(g *global, m message) (n int) {
	for _, x := range g.meta.members {
		if x.region != m.from && x.status != statusDeleting {
			m.to = x.region
			s.post(g, m)
			n++
		}
	}
	return n
}

// take lets a message do at the replica that it is for what it can: the item is
// taken over if its version is later than that there.
func (s *state) take(g *global, m *message) {
	t := s.replicaIn(g, m.to)
	if t == nil || t.meta.status == statusDeleting {
		return
	}
	if !m.initial && g.line(m.key, m.version) == nil {
		g.learn(line{m.key, m.version, m.parent, m.item, m.keys, m.run})
	}
	cur := t.stampOf(g, m.key)
	h := happening{region: m.to, from: m.from, to: m.to, table: g.meta.name, keys: m.keys, version: m.version, other: cur.version, deleted: m.item == nil}
	switch {
	case cur.version == m.version:
		return
	case cur.version.before(m.version):
		s.accept(t, m)
		h.kind = MessageAccepted
		s.happened(h)
		s.replaced(g, m.to, m.key, cur.version, m.version)
	default:
		h.kind = MessageDropped
		s.happened(h)
		s.declined(g, m.to, m.key, m.version, cur.version)
	}
}

// accept carries out a write that has arrived. It was acknowledged elsewhere, so
// nothing here can refuse it: neither a condition nor a throughput, which it
// takes from what comes next.
func (s *state) accept(t *table, m *message) {
	w := t.plan(m.key, t.data.Rows().Get(m.key), m.item, nil).of(m.keys)
	w.arrived = m
	if s.measures(t) {
		s.chargeArrival(w)
	}
	s.commit(w)
}

// sweeps reports whether it is for this replica to delete an item when it has
// expired. One does and the others get the delete: that where the item was last
// written or, where that is no replica or down, the first that is up.
func (s *state) sweeps(t *table, key string) bool {
	g := s.globalOf(t)
	if g == nil {
		return true
	}
	last := g.meta.base.region
	if x, ok := t.replica.stamps.Get(stamp{key: key}); ok {
		last = x.region
	}
	able := func(m seat) bool { return m.status == statusActive && !s.isDown(m.region) }
	if m := g.meta.member(last); m != nil && able(*m) {
		return last == t.replica.region
	}
	i := slices.IndexFunc(g.meta.members, able)
	return i >= 0 && g.meta.members[i].region == t.replica.region
}

// relistGlobal makes the lists anew of what replicas have to sweep, when regions
// come, go, or are killed.
func (s *state) relistGlobal() {
	for _, r := range s.regionList() {
		for _, t := range r.tableList() {
			if t.replica != nil && t.expiries != nil {
				s.stopSweeping(t)
				s.startSweeping(t)
			}
		}
	}
}

// chargeArrival takes what a write costs that nobody asked this region for from
// the buckets of its table, into debt if need be, and counts it.
func (s *state) chargeArrival(w *write) {
	a := admission{s: s}
	l := s.loadOf(w.table)
	for _, d := range w.demands() {
		if sc := l.scope(d.index); sc != nil {
			a.force(w.table, sc, d)
		}
	}
	a.count()
}

// force takes a demand without asking whether there is enough.
func (a *admission) force(t *table, sc *scope, d demand) {
	a.taken = append(a.taken, passed{t, sc, d.dir, d.units, d.hash})
	if !a.s.opts.Throttle || d.units == 0 {
		return
	}
	l := &sc.lanes[d.dir]
	firsts := sc.partitions(t)
	p := l.part(d.dir, firsts[holding(firsts, d.hash)], a.s.now)
	for _, b := range []*meter.Bucket{&l.bucket, &p.bucket} {
		b.Fill(a.s.now)
		b.Take(d.units)
	}
}

// copyRows sends what a replica has to a new one, up to n rows after a place and
// all where n is 0, and gives the place to go on from; done when there is no
// more. The rows travel as they are; later writes come behind them.
func (s *state) copyRows(g *global, from *table, to, cursor string, n int) (last string, done bool) {
	last, done = cursor, true
	sent := 0
	from.data.Rows().Ascend(store.Span{From: cursor}, func(r store.Row) bool {
		if r.Key == cursor && cursor != "" {
			return true
		}
		if n > 0 && sent == n {
			done = false
			return false
		}
		last = r.Key
		sent++
		s.sendAsItIs(g, from, to, from.stampOf(g, r.Key), r.Item, from.keysOf(r.Item.Map()))
		return true
	})
	return last, done
}

// sendAsItIs sends what a replica has of an item, nil where that was deleted, to
// one that may have nothing.
func (s *state) sendAsItIs(g *global, from *table, to string, x stamp, item *attr.Item, keys attr.Map) {
	s.post(g, message{
		global: g.meta.id, table: g.meta.name, from: from.replica.region, to: to, key: x.key, keys: keys,
		version: x.version, item: item, initial: true,
	})
}

// copying is how long what a replica is made of is still on its way to it, a
// second where that waits; some is false when all of it is there.
func (s *state) copying(g *global, to string) (after time.Duration, some bool) {
	for _, m := range s.coming(g, to, func(m *message) bool { return m.initial }) {
		at, ok := s.arrival(m)
		if !ok {
			at = s.now + int64(time.Second)
		}
		after, some = max(after, time.Duration(at-s.now)), true
	}
	return after, some
}
