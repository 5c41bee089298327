package engine

import (
	"github.com/sortkey/sortkey/engine/attr"
	"github.com/sortkey/sortkey/engine/expr"
	"github.com/sortkey/sortkey/engine/meter"
	"github.com/sortkey/sortkey/engine/store"
)

// write is one planned write: everything is decided, nothing is changed yet.
// Commit cannot fail. Batches, transactions and statements are made of these.
type write struct {
	table   *table
	change  store.Change
	receipt *meter.Receipt
	refused bool       // the condition failed: commit must not be called
	hash    attr.Value // the partition key value
	keys    attr.Map   // the key, or an item that has it; of the request: not to be kept
	service bool       // the service itself deletes: an expired item
	// Of a replica of a global table:
	arrived  *message // the write that has come from another region, nil of its own
	replaces version  // that the item had
	marks    bool     // it follows on another, to say of a legacy global table's item when and where that was
}

// commit carries out a planned write. It is the only place where the rows of a
// table change, whoever asked for it.
func (s *state) commit(w *write) {
	if w.table.replica != nil && !w.marks {
		s.takeIn(w)
		w.replaces = w.table.stampOf(s.globalOf(w.table), w.change.Key).version
	}
	if lag := s.opts.lags(); lag > 0 {
		w.table.remember(s.now, lag, &w.change)
	}
	w.table.data.Apply(&w.change)
	mark := s.mark(w)
	if w.table.replica != nil && mark == nil {
		s.replicate(w)
	}
	s.noteExpiry(w)
	if w.table.stream != nil {
		s.record(w.table, &w.change, w.service)
	}
	if w.table.load != nil {
		s.weigh(w)
	}
	if mark != nil {
		s.commit(mark)
		w.receipt.Replicated = mark.receipt.Total() + mark.receipt.Replicated
	}
}

// planPut plans storing a whole item, whose attributes m are.
func (t *table) planPut(m attr.Map, item *attr.Item, cond *expr.Condition) (*write, error) {
	key, err := t.itemKey(m)
	if err != nil {
		return nil, err
	}
	if err := t.checkIndexKeys(m, nil, nil); err != nil {
		return nil, err
	}
	before := t.data.Rows().Get(key)
	return t.plan(key, before, item, cond).of(m), nil
}

// of notes the partition key of what is written, out of an item or a key.
func (w *write) of(m attr.Map) *write {
	w.hash, _ = m.Get(w.table.meta.keys.Hash[0].Name)
	w.keys = m
	return w
}

// planDelete plans removing the item at a key.
func (t *table) planDelete(m attr.Map, cond *expr.Condition) (*write, error) {
	key, err := t.requestKey(m)
	if err != nil {
		return nil, err
	}
	return t.plan(key, t.data.Rows().Get(key), nil, cond).of(m), nil
}

// planUpdate plans changing an item in place, or making one of the key and the
// update where there is none. The condition sees the item as it is, before the
// key is filled in.
//
// measured is how the outcome is held against the item limit.
func (t *table) planUpdate(key attr.Map, u *expr.Update, cond *expr.Condition, measured measure) (*write, error) {
	row, err := t.requestKey(key)
	if err != nil {
		return nil, err
	}
	if err := t.checkTargets(u); err != nil {
		return nil, err
	}
	before := t.data.Rows().Get(row)
	if cond != nil && !cond.Match(before) {
		return t.refuse(row, before, nil), nil
	}
	after, err := t.updated(key, before, u, measured)
	if err != nil {
		return nil, err
	}
	return t.plan(row, before, after, nil).of(key), nil
}

// updated is the item after the update, nil where a missing item stays
// missing. A missing item has no attributes to read, not even its key; the key
// is filled in afterwards.
func (t *table) updated(key attr.Map, before *attr.Item, u *expr.Update, measured measure) (*attr.Item, error) {
	old := before.Map()
	m := old
	if u != nil {
		if before == nil && onlyRemoves(u) {
			return nil, nil
		}
		var err error
		if m, err = u.Apply(old); err != nil {
			return nil, errUpdate(err)
		}
	}
	if before == nil {
		for _, member := range key {
			m = m.With(member.Name, member.Value)
		}
	}
	if err := t.checkUpdated(m, old, u, measured); err != nil {
		return nil, err
	}
	return attr.NewItem(m), nil
}

func onlyRemoves(u *expr.Update) bool {
	for _, target := range u.Targets() {
		if target.Clause != expr.Remove && target.Clause != expr.Delete {
			return false
		}
	}
	return true
}

// checkTargets sees that no clause of the update names a key attribute.
func (t *table) checkTargets(u *expr.Update) error {
	if u == nil {
		return nil
	}
	for _, target := range u.Targets() {
		if name := target.Path[0].Name; t.meta.keys.Has(name) {
			return errUpdateKey(name)
		}
	}
	return nil
}

// checkUpdated holds the limits of an item that an update has produced.
func (t *table) checkUpdated(m, old attr.Map, u *expr.Update, measured measure) error {
	for _, member := range m {
		if member.Value.Depth() > 32 {
			return invalid(textNesting)
		}
	}
	if u == nil {
		return nil
	}
	if err := t.checkIndexKeys(m, old, u.Targets()); err != nil {
		return err
	}
	size := m.Size()
	if measured == updateSize {
		size = max(size, size-keyBytes(t.meta.keys, m)+updateOverhead(u))
	}
	if size > maxItem {
		return invalid(textUpdateSize)
	}
	return nil
}

// measure is how an updated item is held against the item limit.
type measure uint8

const (
	updateSize measure = iota // by UpdateItem: with what the service adds for the actions
	flatSize                  // by transactions and statements: as it is
)

// updateOverhead is what the service adds for the actions when it measures an
// update against the item limit (the three 400 KB rules): 3, and for each action 19 where
// it gives a value (1 more for a list index, 50 more for arithmetic) or 2.
func updateOverhead(u *expr.Update) int {
	n := 3
	for _, target := range u.Targets() {
		if target.Clause == expr.Remove || target.Clause == expr.Delete {
			n += 2
			continue
		}
		n += 19
		if target.Path[len(target.Path)-1].Name == "" {
			n++
		}
		if target.Arithmetic {
			n += 50
		}
	}
	return n
}

// plan evaluates the condition and computes the effect and the charge.
func (t *table) plan(key string, before, after *attr.Item, cond *expr.Condition) *write {
	if cond != nil && !cond.Match(before) {
		return t.refuse(key, before, after)
	}
	p := &planned{write: write{table: t, change: t.data.Plan(key, before, after)}}
	p.receipt = &p.bill
	t.charge(&p.bill, &p.change, p.arm[:0])
	return &p.write
}

// planned is a write together with its receipt, of a table without indexes.
type planned struct {
	write
	bill meter.Receipt
	arm  [1]meter.Arm
}

// refuse is the plan of a write whose condition failed: nothing changes, the
// capacity is used all the same.
func (t *table) refuse(key string, before, after *attr.Item) *write {
	arm := meter.Write(t.meta.name, before.Size(), after.Size(), meter.Standard)
	arm.Reason = meter.WriteRefused
	return &write{
		table: t, refused: true,
		change:  store.Change{Key: key, Before: before, After: before},
		receipt: &meter.Receipt{Write: true, Rate: meter.Standard, Arms: []meter.Arm{arm}},
	}
}

// charge charges the larger image to the table, and every index by what becomes
// of its stored view. arms is room for the table's arm.
func (t *table) charge(r *meter.Receipt, c *store.Change, arms []meter.Arm) {
	if len(c.Indexes) > 0 {
		arms = make([]meter.Arm, 0, 1+len(c.Indexes))
	}
	*r = meter.Receipt{Write: true, Rate: meter.Standard, Arms: arms}
	r.Add(meter.Write(t.meta.name, c.Before.Size(), c.After.Size(), meter.Standard))
	for i := range c.Indexes {
		ic := &c.Indexes[i]
		kind := meter.GSIArm
		if ic.Index.Spec.Local {
			kind = meter.LSIArm
		}
		r.Add(meter.IndexWrite(kind, ic.Index.Spec.Name, indexReasons[ic.Effect], ic.Old.Size(), ic.New.Size()))
	}
}

var indexReasons = [...]meter.Reason{
	store.Absent: meter.IndexAbsent, store.Same: meter.IndexUnchanged, store.Added: meter.IndexAdded,
	store.Removed: meter.IndexRemoved, store.Replaced: meter.IndexReplaced, store.Moved: meter.IndexMoved,
}

// collectionBytes is the size of an item collection: the items of one
// partition key in the table and in its local indexes.
func (t *table) collectionBytes(hash attr.Value) int64 {
	prefix := store.PartitionPrefix(hash)
	span := store.Span{From: prefix, To: store.After(prefix)}
	var bytes int64
	count := func(r store.Row) bool { bytes += int64(r.Item.Size()); return true }
	t.data.Rows().Ascend(span, count)
	for _, x := range t.data.Indexes() {
		if x.Spec.Local {
			x.Tree.Ascend(span, count)
		}
	}
	return bytes
}
