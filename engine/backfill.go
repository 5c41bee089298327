package engine

import (
	"slices"
	"time"

	"github.com/sortkey/sortkey/engine/store"
)

// begin gives the table the description of an update that has been planned. A
// new index takes in what is written from here on.
func (s *state) begin(r *region, t *table, m *tableMeta) {
	for i := range m.indexes {
		if spec := m.indexes[i].spec; t.data.Index(spec.Name) == nil {
			t.data.AddIndex(spec)
		}
	}
	t.meta = m
	if m.status == statusUpdating {
		s.after(s.opts.Transition, tableActive, r, t)
	}
}

// activate ends the CREATING or UPDATING of a table: what has been asked for
// holds, indexes that were to go are gone, and a new one begins to take in what
// the table has.
func (s *state) activate(r *region, t *table) {
	m := t.meta.clone()
	m.status = statusActive
	if m.next.onDemand && !m.onDemand {
		m.since = s.now
	}
	if !m.next.onDemand && !m.onDemand {
		m.changes.note(m.throughput, m.next.throughput, s.now)
		m.eachGlobal(func(x *indexMeta) { x.changes.note(x.throughput, x.next.throughput, s.now) })
	}
	m.terms = m.next
	var filling *indexMeta
	m.indexes = slices.DeleteFunc(m.indexes, func(x indexMeta) bool { return x.status == statusDeleting })
	for i := range m.indexes {
		x := &m.indexes[i]
		x.indexTerms = x.next
		switch {
		case x.status == statusUpdating:
			x.status = statusActive
		case x.status == statusCreating && !x.backfilling:
			x.backfilling = true
			filling = x
		}
	}
	m.prune()
	for _, x := range t.data.Indexes() {
		if m.index(x.Spec.Name) == nil {
			t.data.DropIndex(x.Spec.Name)
		}
	}
	t.meta = m
	s.replicaUpdated(t)
	if t.load != nil {
		s.tune(t)
	}
	if filling != nil {
		s.fillLater(r, t, filling)
	}
	s.scaled(r, t)
	s.rescale(r, t)
}

// prune drops the definitions of attributes that are no keys any more.
func (m *tableMeta) prune() {
	used := func(d definition) bool {
		return m.keys.Has(d.name) || slices.ContainsFunc(m.indexes, func(x indexMeta) bool { return x.spec.Key.Has(d.name) })
	}
	m.definitions = slices.DeleteFunc(slices.Clone(m.definitions), func(d definition) bool { return !used(d) })
	m.byName = byName(m.indexes)
}

// pace is how many items a step of a backfill takes in, and how long it takes:
// ten steps a second, or one for each item where those are fewer; 0 items
// stand for all.
func (s *state) pace() (items int, takes time.Duration) {
	rate := s.opts.BackfillRate
	if rate == 0 {
		return 0, s.opts.Transition
	}
	n := max(rate/10, 1)
	return int(n), time.Duration(n * int64(time.Second) / rate)
}

// fillLater schedules the next step of a backfill. The index remembers its
// event: one of an index that has been deleted since finds nobody.
func (s *state) fillLater(r *region, t *table, x *indexMeta) {
	_, takes := s.pace()
	s.after(takes, indexFill, r, t)
	x.step = s.counters[idEvent]
}

// fill is a step of a backfill; the last makes the index ACTIVE.
func (s *state) fill(r *region, t *table, step uint64) {
	m := t.meta.clone()
	i := slices.IndexFunc(m.indexes, func(x indexMeta) bool { return x.step == step })
	if i < 0 || m.status == statusDeleting {
		return
	}
	x := &m.indexes[i]
	items, _ := s.pace()
	if t.data.Fill(t.data.Index(x.spec.Name), items) {
		x.status, x.backfilling, x.step = statusActive, false, 0
	} else {
		s.fillLater(r, t, x)
	}
	t.meta = m
}

// readableIndex is the index of that name to read from; an index that is coming
// or going cannot be read.
func (t *table) readableIndex(name string) (*store.Index, error) {
	x := t.meta.index(name)
	switch {
	case x == nil || x.status == statusDeleting:
		return nil, errNoIndex(name)
	case x.status == statusCreating:
		return nil, errBackfilling(name)
	}
	return t.data.Index(name), nil
}
