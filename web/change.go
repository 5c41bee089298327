package web

import (
	"github.com/sortkey/sortkey/components"
	"github.com/sortkey/sortkey/engine/attr"
	"github.com/sortkey/sortkey/engine/meter"
	"github.com/sortkey/sortkey/engine/store"
	"github.com/tidwall/gjson"
)

// wroteWords says in two words what a write came to.
func wroteWords(c *store.Change) string {
	switch {
	case c.Before == nil && c.After == nil:
		return "no item was there"
	case c.Before == nil:
		return "item added"
	case c.After == nil:
		return "item removed"
	case !c.Writes():
		return "item unchanged"
	}
	return "item changed"
}

func changeLead(c *store.Change) components.Words {
	switch {
	case c.Before == nil && c.After == nil:
		return components.Words{}.Strong("Nothing there.").Say(" No item has this key, so nothing was removed.")
	case c.Before == nil:
		return components.Words{}.Strong("Item added.").Say(" No item had this key.")
	case c.After == nil:
		return components.Words{}.Strong("Item removed.")
	case !c.Writes():
		return components.Words{}.Strong("Item unchanged.").Say(" What was written is what was there; it is paid for all the same.")
	}
	return components.Words{}.Strong("Item changed.")
}

// changeOf draws a write: the item before and after, and every index.
func changeOf(o *outcome) *components.Change {
	c := &o.trace.Write.Change
	v := &components.Change{Words: changeLead(c), Attributes: attributeChanges(c, o)}
	if c.Before != nil {
		v.Before = components.Grouped(c.Before.Size()) + " B"
	}
	if c.After != nil {
		v.After = components.Grouped(c.After.Size()) + " B"
	}
	for i := range c.Indexes {
		v.Fanout = append(v.Fanout, fanout(&c.Indexes[i], o.trace.Receipt.Arms[1+i], o))
	}
	v.Returned = returned(o)
	return v
}

// attributeChanges lists the attributes of both images, keys first.
func attributeChanges(c *store.Change, o *outcome) []components.AttributeChange {
	return imageChanges(c.Before, c.After, func(name string) components.Role { return roleOf(name, o) })
}

func imageChanges(was, is *attr.Item, role func(name string) components.Role) []components.AttributeChange {
	before, after := was.Map(), is.Map()
	all := attr.SortMap(append(append([]attr.Member{}, before...), after...))
	var keys, rest []components.AttributeChange
	for _, m := range all {
		was, had := before.Get(m.Name)
		is, has := after.Get(m.Name)
		a := components.AttributeChange{Name: m.Name, Type: m.Value.Kind().String(), Role: role(m.Name)}
		if had {
			a.Before = clip(spread(was), 4000)
		}
		if has {
			a.After = clip(spread(is), 4000)
		}
		switch {
		case !had:
			a.Mark = components.Added
		case !has:
			a.Mark = components.Removed
		case !attr.Equal(was, is):
			a.Mark = components.Changed
		}
		if a.Role == components.NoKey {
			rest = append(rest, a)
		} else if a.Role == components.HashKey {
			keys = append([]components.AttributeChange{a}, keys...)
		} else {
			keys = append(keys, a)
		}
	}
	return append(keys, rest...)
}

var mutations = map[store.Effect]components.Mutation{
	store.Absent: components.NotThere, store.Same: components.Same, store.Added: components.Added,
	store.Removed: components.Removed, store.Replaced: components.Changed, store.Moved: components.Moved,
}

// fanout tells what a write did to one index, and for what.
func fanout(ic *store.IndexChange, arm meter.Arm, o *outcome) components.Fanout {
	spec := ic.Index.Spec
	f := components.Fanout{Index: spec.Name, Kind: "GSI", Mark: mutations[ic.Effect], Units: "free"}
	if spec.Local {
		f.Kind = "LSI"
	}
	if arm.Units > 0 {
		f.Units = arm.Units.String() + " " + o.unit()
	}
	from, to := keyText(values(spec.Key.Attrs(), ic.Old)), keyText(values(spec.Key.Attrs(), ic.New))
	switch ic.Effect {
	case store.Absent:
		f.Words = absence(spec, o.trace.Write.Change.After)
	case store.Moved:
		f.Words = components.Words{}.Code(from).Say(" → ").Code(to)
	case store.Removed:
		f.Words = components.Words{}.Code(from)
	case store.Same:
		f.Words = components.Words{}.Code(to).Say(": nothing it keeps has changed")
	default:
		f.Words = components.Words{}.Code(to)
	}
	return f
}

// absence names the key attributes that keep an item out of an index.
func absence(spec *store.IndexSpec, item *attr.Item) components.Words {
	if item == nil {
		return components.Say("it was not in it")
	}
	w := components.Say("the item has no ")
	first := true
	for _, a := range spec.Key.Attrs() {
		if _, ok := item.Get(a.Name); ok {
			continue
		}
		if !first {
			w = w.Say(", ")
		}
		w, first = w.Code(a.Name), false
	}
	return w
}

// returned lists what the reply carries as Attributes.
func returned(o *outcome) []components.Attribute {
	raw := gjson.GetBytes(o.reply.Body, "Attributes").Raw
	if raw == "" {
		return nil
	}
	m, _, err := attr.NewScanner([]byte(raw), maxReplyDepth).Attributes()
	if err != nil {
		return nil
	}
	return attributesOf(m, o)
}

// maxReplyDepth is deeper than any item can nest.
const maxReplyDepth = 192
