package engine

import (
	"fmt"

	"github.com/sortkey/sortkey/engine/attr"
	"github.com/sortkey/sortkey/engine/store"
)

// A snapshot keeps of a table, besides the CreateTable request that describes
// it, what time and UpdateTable have made of it.

func (m *tableMeta) kept() []kept {
	return append(m.changes.kept(), kept{name: "since", number: &m.since}, kept{name: "switched", times: &m.switched},
		kept{name: "classed", times: &m.classed}, kept{name: "rekeyed", times: &m.rekeyed})
}

func (x *indexMeta) kept() []kept {
	return append(x.changes.kept(), kept{name: "status", text: &x.status}, kept{name: "backfilling", flag: &x.backfilling})
}

// state writes the member "state" of a table's line.
func (e *enc) state(t *table) {
	m := t.meta.clone()
	e.key("state")
	e.open()
	e.key("table")
	e.kept(m.kept())
	e.key("terms")
	e.kept(m.terms.kept())
	if m.next != m.terms {
		e.key("next")
		e.kept(m.next.kept())
	}
	e.key("indexes")
	e.list()
	for i := range m.indexes {
		e.indexState(t, &m.indexes[i])
	}
	e.unlist()
	e.close()
}

func (e *enc) indexState(t *table, x *indexMeta) {
	e.open()
	e.key("index")
	e.kept(x.kept())
	e.key("terms")
	e.kept(x.indexTerms.kept())
	if x.next != x.indexTerms {
		e.key("next")
		e.kept(x.next.kept())
	}
	if x.step != 0 {
		e.int("step", int64(x.step))
	}
	if cursor, filling := t.data.Index(x.spec.Name).Filling(); filling {
		e.hex("filled", cursor)
	}
	e.close()
}

// restoreState reads what state has written into a table made of its request.
func (t *table) restoreState(text string) error {
	m := t.meta
	m.since = 0
	if m.onDemand { // what a snapshot without a state says of it
		m.since = m.created
	}
	if text == "" {
		return nil
	}
	w := wire{Scanner: attr.NewScanner([]byte(text), 6)}
	next := false
	err := w.object(func(w wire, name string) error {
		switch name {
		case "table":
			return w.kept(m.kept())
		case "terms":
			return w.kept(m.terms.kept())
		case "next":
			next = true
			return w.kept(m.next.kept())
		case "indexes":
			return t.restoreIndexes(w)
		}
		return w.Skip()
	})
	if !next {
		m.next = m.terms
	}
	return err
}

func (t *table) restoreIndexes(w wire) error {
	i := 0
	return w.array(func(w wire) error {
		if i == len(t.meta.indexes) {
			return fmt.Errorf("state: more indexes than the table has")
		}
		err := t.meta.indexes[i].restore(w, t.data)
		i++
		return err
	})
}

var indexStatuses = map[string]bool{statusCreating: true, statusUpdating: true, statusDeleting: true, statusActive: true}

func (x *indexMeta) restore(w wire, data *store.Table) error {
	next := false
	err := w.object(func(w wire, name string) error {
		switch name {
		case "index":
			err := w.kept(x.kept())
			if err == nil && !indexStatuses[x.status] {
				err = fmt.Errorf("state: no index has the status %q", x.status)
			}
			return err
		case "terms":
			return w.kept(x.indexTerms.kept())
		case "next":
			next = true
			return w.kept(x.next.kept())
		case "step":
			var n integer
			err := w.integer(&n)
			x.step = uint64(n.v)
			return err
		case "filled":
			cursor, err := w.hex()
			if err != nil {
				return err
			}
			data.Resume(data.Index(x.spec.Name), cursor)
			return nil
		}
		return w.Skip()
	})
	if !next {
		x.next = x.indexTerms
	}
	return err
}
