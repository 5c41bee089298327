package engine

import (
	"slices"

	"github.com/sortkey/sortkey/engine/meter"
	"github.com/sortkey/sortkey/engine/store"
)

// This file lets requests pass or throttles them, between plan and commit. A
// write passes if every bucket that it draws on covers it: those of its table
// and those of every global index that it changes, so that an index without
// capacity holds its table's writes back. A read passes if every bucket that it
// draws on holds anything, and is paid for when it is done: it can put a bucket
// into debt. What does not pass costs nothing. A write whose condition fails is
// paid for; so is a transaction that is cancelled for anything but throttling.
//
// The service keeps a queue before each index and throttles when that is full;
// here an index's burst capacity does that part.

// demand is what a request asks of one partition of a table or global index.
type demand struct {
	index string // "" for the table
	dir   direction
	hash  uint64
	units meter.Units
}

// excess is a limit that a demand exceeds.
type excess struct {
	table *table
	scope *scope
	dir   direction
	limit Limit
	part  *part // whose bucket it is, nil for another
	hash  uint64
	units meter.Units // of the demand
}

// admission is a request on its way: what it has taken so far.
type admission struct {
	s     *state
	undo  []taking
	taken []passed
	over  []excess
}

type taking struct {
	bucket *meter.Bucket
	was    meter.Bucket
}

type passed struct {
	table *table
	scope *scope
	dir   direction
	units meter.Units
	hash  uint64
}

// take takes what one operation asks of a table, and reports whether it could.
// If not, it has taken nothing of it.
func (a *admission) take(t *table, list []demand) bool {
	l := a.s.loadOf(t)
	undo, taken, over := len(a.undo), len(a.taken), len(a.over)
	for _, d := range list {
		if sc := l.scope(d.index); sc != nil {
			a.draw(t, sc, d)
		}
	}
	if len(a.over) == over {
		return true
	}
	a.rollback(undo, taken)
	return false
}

// draw takes one demand, or notes what it exceeds.
func (a *admission) draw(t *table, sc *scope, d demand) {
	a.taken = append(a.taken, passed{t, sc, d.dir, d.units, d.hash})
	if !a.s.opts.Throttle {
		return
	}
	l, now := &sc.lanes[d.dir], a.s.now
	over := len(a.over)
	check := func(b *meter.Bucket, kind Limit, p *part) {
		b.Fill(now)
		if d.dir == reading && b.Holds() || d.dir == writing && b.Covers(d.units) {
			a.undo = append(a.undo, taking{b, *b})
			b.Take(d.units)
			return
		}
		a.over = append(a.over, excess{t, sc, d.dir, kind, p, d.hash, d.units})
	}
	if d.units == 0 {
		return
	}
	if l.terms.onDemand {
		check(&l.quota, LimitAccount, nil)
		if l.terms.most > 0 {
			check(&l.most, LimitOnDemand, nil)
		}
		if len(a.over) == over { // the others are the reason, not the growth
			check(&l.bucket, LimitKeyRange, nil)
		}
	} else {
		check(&l.bucket, LimitProvisioned, nil)
	}
	firsts := sc.partitions(t)
	p := l.part(d.dir, firsts[holding(firsts, d.hash)], now)
	check(&p.bucket, LimitKeyRange, p)
}

// rollback gives back what has been taken since then.
func (a *admission) rollback(undo, taken int) {
	for i := len(a.undo) - 1; i >= undo; i-- {
		*a.undo[i].bucket = a.undo[i].was
	}
	a.undo, a.taken = a.undo[:undo], a.taken[:taken]
}

// settle ends the admission: what was taken is counted, and what was refused.
func (a *admission) settle() {
	if x := a.s.exchange; x != nil && x.trace != nil {
		x.trace.Counted = true
	}
	a.count()
}

func (a *admission) count() {
	for _, p := range a.taken {
		m := p.scope.at(a.s.now)
		a.s.watch(p.table)
		*m.consumed(p.dir) += p.units
		if p.units > 0 {
			p.scope.cell(p.table, p.hash).units[p.dir] += p.units
		}
		p.scope.level(p.dir, a.s)
	}
	a.s.refused(a.over)
}

// refused counts a throttled request once for each direction of each scope that
// was over a limit, and once for each limit there, and the heat of partitions.
func (s *state) refused(over []excess) {
	for i, ex := range over {
		again, told, weighed, full := false, false, false, false
		for j, other := range over {
			same := other.scope == ex.scope && other.dir == ex.dir
			before := same && j < i
			again = again || before
			told = told || before && other.limit == ex.limit
			weighed = weighed || before && other.limit == ex.limit && other.hash == ex.hash
			full = full || same && other.part == nil
		}
		m := ex.scope.at(s.now)
		if !again {
			*m.throttled(ex.dir)++
			ex.scope.cell(ex.table, ex.hash).throttled[ex.dir]++
			ex.scope.level(ex.dir, s)
		}
		r := &m.over(ex.dir)[ex.limit]
		if !told {
			r.Requests++
		}
		if !weighed {
			r.Units += ex.units
		}
		if ex.part != nil && !full {
			s.heat(ex)
		}
	}
}

// admit is the admission of a request that is one operation.
func (s *state) admit(t *table, list []demand) error {
	a := admission{s: s}
	ok := a.take(t, list)
	a.settle()
	if ok {
		return nil
	}
	return errThrottled(a.over)
}

// admitWrite lets a planned write pass, or fails.
func (s *state) admitWrite(w *write) error {
	if !s.measures(w.table) {
		return nil
	}
	return s.admit(w.table, w.demands())
}

// demands are those of a write: on the partition of its table for the table
// itself and local indexes, and on where its entries lie and will lie in each
// global index.
func (w *write) demands() []demand {
	base := demand{dir: writing, hash: store.HashOf(w.change.Key)}
	list := []demand{base}
	for i := range w.receipt.Arms {
		arm := &w.receipt.Arms[i]
		if arm.Kind != meter.GSIArm {
			list[0].units += arm.Units
		}
	}
	if len(w.receipt.Arms) == 1 {
		return list
	}
	for i := range w.change.Indexes {
		ic := &w.change.Indexes[i]
		if ic.Index.Spec.Local {
			continue
		}
		d := demand{index: ic.Index.Spec.Name, dir: writing}
		was, is := meter.WriteUnits(ic.Old.Size(), meter.Standard), meter.WriteUnits(ic.New.Size(), meter.Standard)
		switch ic.Effect {
		case store.Added:
			d.hash, d.units = store.HashOf(ic.NewKey), is
		case store.Removed:
			d.hash, d.units = store.HashOf(ic.OldKey), was
		case store.Replaced:
			d.hash, d.units = store.HashOf(ic.NewKey), max(was, is)
		case store.Moved:
			list = append(list, demand{index: d.index, dir: writing, hash: store.HashOf(ic.OldKey), units: was})
			d.hash, d.units = store.HashOf(ic.NewKey), is
		default:
			continue
		}
		list = append(list, d)
	}
	return list
}

// admitGet lets the read of one item pass, or fails.
func (x *exchange) admitGet(t *table, key string, u meter.Units) error {
	if x.explaining() != nil || !x.s.measures(t) {
		return nil
	}
	return x.s.admit(t, []demand{readOf(key, u)})
}

func readOf(key string, u meter.Units) demand {
	return demand{dir: reading, hash: store.HashOf(key), units: u}
}

// admitAll lets the actions of a transaction pass, all or none. Each that is
// over a limit gets that for its reason if it had none; demands are what an
// action asks for, nil for nothing.
func (s *state) admitAll(in *transactInput, reasons []Reason, demands func(i int, a *action) []demand) {
	a, ok := admission{s: s}, true
	for i, act := range in.actions {
		if !s.measures(act.on) {
			continue
		}
		over := len(a.over)
		if list := demands(i, act); list != nil && !a.take(act.on, list) {
			ok = false
			if reasons[i].Code == noReason.Code {
				reasons[i] = throttleReason(a.over[over:])
			}
		}
	}
	if !ok {
		a.rollback(0, 0)
	}
	a.settle()
}

// admitWrites is admitAll of a planned TransactWriteItems.
func (s *state) admitWrites(in *transactInput, reasons []Reason) {
	s.admitAll(in, reasons, func(_ int, a *action) []demand {
		if a.write == nil { // of an item that another transaction has, or behind an invalid one
			return nil
		}
		return a.write.demands()
	})
}

// admitGets is admitAll of a TransactGetItems.
func (x *exchange) admitGets(in *transactInput, reasons []Reason) {
	if x.explaining() != nil {
		return
	}
	x.s.admitAll(in, reasons, func(i int, a *action) []demand {
		if reasons[i].Code != noReason.Code {
			return nil
		}
		return []demand{readOf(a.row, meter.ReadUnits(a.on.data.Rows().Get(a.row).Size(), meter.Transactional))}
	})
}

// admitRepeat lets a transaction pass that was made before, which is charged as
// reads of what it wrote then; or it is cancelled.
func (s *state) admitRepeat(in *transactInput, d *done) error {
	reasons := slices.Repeat([]Reason{noReason}, len(in.actions))
	s.admitAll(in, reasons, func(i int, a *action) []demand {
		return []demand{readOf(a.row, meter.ReadUnits(d.images[i].bytes, meter.Transactional))}
	})
	return cancelled(reasons)
}
