package web

import (
	"github.com/sortkey/sortkey/components"
	"github.com/sortkey/sortkey/engine"
	"github.com/sortkey/sortkey/engine/attr"
)

// maxDiffItems bounds the items of a table that are listed.
const maxDiffItems = 50

// diffView compares the state after an outcome with the one before it, or with
// the workspace's first.
func (ws *workspace) diffView(o *outcome, since bool) *components.Diff {
	if o == nil || o.after == nil || ws.base == nil {
		return nil
	}
	v := &components.Diff{Since: since, Words: components.Say("This request changed nothing.")}
	before := ws.moments[0]
	if !since {
		if !o.made {
			return v
		}
		before = o.after.parent
	}
	from, err := ws.state(before)
	to, err2 := ws.state(o.after)
	if err != nil || err2 != nil {
		v.Words = components.Say("The states to compare are not there any more.")
		return v
	}
	for _, d := range to.Diff(from, ws.region, maxDiffItems) {
		v.Tables = append(v.Tables, diffTable(&d))
	}
	if len(v.Tables) > 0 || since {
		v.Words = components.Say(components.Counted(len(v.Tables), "table") + " differ" + plural(len(v.Tables)) + ".")
	}
	if since {
		v.Words = v.Words.Faint(" Compared: the workspace as it began, and after request " + components.Grouped(o.id) + ".")
	}
	return v
}

// plural is the ending of a verb whose subject is n things.
func plural(n int) string {
	if n == 1 {
		return "s"
	}
	return ""
}

func diffTable(d *engine.TableDiff) components.DiffTable {
	v := components.DiffTable{Name: d.Table, Words: diffWords(d)}
	for _, i := range d.Items {
		v.Items = append(v.Items, diffItem(d, i))
	}
	if n := d.Added + d.Removed + d.Changed - len(d.Items); n > 0 {
		v.More = components.Counted(n, "more item") + " differ" + plural(n) + "."
	}
	return v
}

func diffWords(d *engine.TableDiff) components.Words {
	s := ""
	add := func(words string) {
		if s != "" {
			s += ", "
		}
		s += words
	}
	switch {
	case d.Was == "":
		add("table made")
	case d.Is == "":
		add("table removed")
	case d.Was != d.Is:
		add(d.Was + " → " + d.Is)
	}
	for _, n := range []struct {
		count int
		what  string
	}{{d.Added, "added"}, {d.Changed, "changed"}, {d.Removed, "removed"}} {
		if n.count > 0 {
			add(components.Grouped(n.count) + " " + n.what)
		}
	}
	return components.Say(s)
}

func diffItem(d *engine.TableDiff, i engine.ItemDiff) components.DiffItem {
	item := i.After
	if item == nil {
		item = i.Before
	}
	v := components.DiffItem{Key: keyText(values(d.Key.Attrs(), item))}
	switch {
	case i.Before == nil:
		v.Mark = components.Added
		v.Words = components.Words{}.Faint(components.Grouped(item.Size()) + " B")
	case i.After == nil:
		v.Mark = components.Removed
		v.Words = components.Words{}.Faint(components.Grouped(item.Size()) + " B")
	default:
		v.Mark = components.Changed
		v.Changes = changedAttributes(i.Before.Map(), i.After.Map())
	}
	return v
}

// changedAttributes are the attributes that differ, printed on a line.
func changedAttributes(before, after attr.Map) []components.AttributeChange {
	var list []components.AttributeChange
	for _, m := range attr.SortMap(append(append([]attr.Member{}, before...), after...)) {
		was, had := before.Get(m.Name)
		is, has := after.Get(m.Name)
		if had && has && attr.Equal(was, is) {
			continue
		}
		c := components.AttributeChange{Name: m.Name}
		if had {
			c.Before = clip(compact(was), 200)
		}
		if has {
			c.After = clip(compact(is), 200)
		}
		list = append(list, c)
	}
	return list
}
