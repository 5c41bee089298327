package store

import "github.com/sortkey/sortkey/engine/attr"

// Effect is what a write does to one index.
type Effect uint8

// The effects of a write on an index.
const (
	Absent   Effect = iota // in the index neither before nor after
	Same                   // the stored view is unchanged: nothing is written
	Added                  // absent → present
	Removed                // present → absent
	Replaced               // same place, other content
	Moved                  // other place: one delete and one insert
)

// IndexChange is the effect of a write on one index: the entries before and
// after, nil and "" where there is none.
type IndexChange struct {
	Index          *Index
	Effect         Effect
	OldKey, NewKey string
	Old, New       *attr.Item
}

// Change is one planned write: the item at Key before and after (nil for
// none), and what becomes of every index.
type Change struct {
	Key           string
	Before, After *attr.Item
	Indexes       []IndexChange
}

// Writes reports whether applying the change alters the table.
func (c *Change) Writes() bool {
	if c.Before == nil || c.After == nil {
		return c.Before != c.After
	}
	return c.Before.JSON() != c.After.JSON()
}

// Plan computes the effect of storing after (nil: deleting) at key, where
// before lies now, without changing anything.
func (t *Table) Plan(key string, before, after *attr.Item) Change {
	c := Change{Key: key, Before: before, After: after}
	if len(t.indexes) == 0 {
		return c
	}
	c.Indexes = make([]IndexChange, len(t.indexes))
	values := make([]attr.Value, 0, 16)
	values = after.Pick(before.Pick(values, t.wanted), t.wanted)
	n := len(t.wanted)
	for i, x := range t.indexes {
		ic := &c.Indexes[i]
		ic.Index = x
		if before != nil {
			if ic.OldKey, _ = x.place(key, values[:n]); ic.OldKey != "" {
				ic.Old = x.Tree.Get(ic.OldKey)
			}
		}
		ic.NewKey, ic.New = x.entry(key, after, values[n:])
		ic.Effect = effect(ic)
	}
	return c
}

// entry is what the index stores for an item whose table key is base; picked
// are its values of the table's wanted.
func (x *Index) entry(base string, item *attr.Item, picked []attr.Value) (string, *attr.Item) {
	if item == nil {
		return "", nil
	}
	key, ok := x.place(base, picked)
	if !ok {
		return "", nil
	}
	if x.Spec.Project != ProjectAll {
		item = item.Project(x.keep)
	}
	return key, item
}

func effect(ic *IndexChange) Effect {
	switch {
	case ic.Old == nil && ic.New == nil:
		return Absent
	case ic.Old == nil:
		return Added
	case ic.New == nil:
		return Removed
	case ic.OldKey != ic.NewKey:
		return Moved
	case ic.Old.JSON() == ic.New.JSON():
		return Same
	}
	return Replaced
}

// Apply performs a planned change. The plan must have been made against the
// present state of the table.
func (t *Table) Apply(c *Change) {
	if c.After != nil {
		t.rows.set(c.Key, c.After)
	} else if c.Before != nil {
		t.rows.delete(c.Key)
	}
	for i := range c.Indexes {
		c.Indexes[i].apply()
	}
}

func (ic *IndexChange) apply() {
	switch ic.Effect {
	case Removed, Moved:
		ic.Index.Tree.delete(ic.OldKey)
	}
	switch ic.Effect {
	case Added, Moved, Replaced:
		ic.Index.Tree.set(ic.NewKey, ic.New)
	}
}
