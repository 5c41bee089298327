package engine

import (
	"github.com/sortkey/sortkey/engine/attr"
	"github.com/sortkey/sortkey/engine/store"
)

// TableDiff is what became of one table between two states.
type TableDiff struct {
	Table      string
	Key        store.Key
	Was, Is    string // status before and after; "" where there was or is no table
	Items      []ItemDiff
	Added      int // items, all of them counted
	Removed    int
	Changed    int
	sameStatus bool
}

// ItemDiff is one item before and after, nil where there was or is none.
type ItemDiff struct {
	Before, After *attr.Item
}

// Diff compares a region of an earlier state with this one: the tables that
// differ, by name, each with the items that differ in the order of the tree,
// at most most of them.
func (e *Engine) Diff(earlier *Engine, region string, most int) []TableDiff {
	a, b := earlier.Fork().s.region(region), e.Fork().s.region(region)
	var list []TableDiff
	for _, t := range b.tableList() {
		was := a.tables[t.meta.name]
		if was != nil && was.meta.id != t.meta.id {
			list = append(list, diffTables(was, nil, most))
			was = nil
		}
		if d := diffTables(was, t, most); !d.empty() {
			list = append(list, d)
		}
	}
	for _, t := range a.tableList() {
		if b.tables[t.meta.name] == nil {
			list = append(list, diffTables(t, nil, most))
		}
	}
	return list
}

func (d *TableDiff) empty() bool {
	return d.sameStatus && d.Added+d.Removed+d.Changed == 0
}

func diffTables(was, is *table, most int) TableDiff {
	d := TableDiff{}
	var before, after []store.Row
	if was != nil {
		d.Table, d.Key, d.Was = was.meta.name, was.meta.keys, was.meta.status
		before = rowsOf(was)
	}
	if is != nil {
		d.Table, d.Key, d.Is = is.meta.name, is.meta.keys, is.meta.status
		after = rowsOf(is)
	}
	d.sameStatus = d.Was == d.Is
	for len(before) > 0 || len(after) > 0 {
		switch {
		case len(after) == 0 || len(before) > 0 && before[0].Key < after[0].Key:
			d.note(ItemDiff{Before: before[0].Item}, most)
			before = before[1:]
		case len(before) == 0 || after[0].Key < before[0].Key:
			d.note(ItemDiff{After: after[0].Item}, most)
			after = after[1:]
		default:
			if x, y := before[0].Item, after[0].Item; x != y && x.JSON() != y.JSON() {
				d.note(ItemDiff{x, y}, most)
			}
			before, after = before[1:], after[1:]
		}
	}
	return d
}

func (d *TableDiff) note(i ItemDiff, most int) {
	switch {
	case i.Before == nil:
		d.Added++
	case i.After == nil:
		d.Removed++
	default:
		d.Changed++
	}
	if len(d.Items) < most {
		d.Items = append(d.Items, i)
	}
}

func rowsOf(t *table) []store.Row {
	rows := make([]store.Row, 0, t.data.Rows().Len())
	t.data.Rows().Ascend(store.Span{}, func(r store.Row) bool {
		rows = append(rows, r)
		return true
	})
	return rows
}
