package web

import (
	"fmt"
	"sort"
	"strconv"

	"github.com/sortkey/sortkey/components"
	"github.com/sortkey/sortkey/engine"
	"github.com/sortkey/sortkey/engine/attr"
	"github.com/sortkey/sortkey/engine/store"
)

// Limits of what is drawn; what is beyond them is said in words. A page of
// results can have ten thousand rows.
const (
	maxRows    = 500
	maxColumns = 32
)

// gridOf draws the rows that a read evaluated, keys first, with what lies
// about them.
func gridOf(o *outcome, from int) *components.Grid {
	read := o.trace.Read
	g := &gridder{o: o, read: read, key: readKey(o), all: read.Rows, drawn: drawn(read.Rows, from)}
	g.chooseColumns()
	out := &components.Grid{Caption: "Items read by " + o.trace.Operation + " on " + target(o), Columns: g.columns}
	g.grid = out
	g.rows()
	return out
}

// target is the table, and index, that an outcome is about.
func target(o *outcome) string {
	if o.trace.Index != "" {
		return o.trace.Table + ", " + o.trace.Index
	}
	return o.trace.Table
}

// readKey is the key schema of the tree that was read.
func readKey(o *outcome) store.Key {
	if x := o.trace.Read.Index; x != nil {
		return x.Spec.Key
	}
	return o.table.Key
}

// drawn are the rows that are drawn at once, from one on.
func drawn(rows []engine.ReadRow, from int) []engine.ReadRow {
	from = min(max(from, 0), len(rows))
	return rows[from:min(from+maxRows, len(rows))]
}

// turnOf leads through the rows where they are not all drawn at once.
func turnOf(o *outcome, s settings) *components.Turn {
	n := len(o.trace.Read.Rows)
	if n <= maxRows {
		return nil
	}
	from := min(max(s.from, 0), n-1)
	to := min(from+maxRows, n)
	t := &components.Turn{Words: "Rows " + components.Grouped(from+1) + " to " + components.Grouped(to) + " of " + components.Grouped(n) + " that were read"}
	at := func(from int) string {
		return "desk/outcome/" + strconv.Itoa(o.id) + "?view=" + string(s.view) + "&from=" + strconv.Itoa(from)
	}
	if from > 0 {
		t.Previous = at(max(from-maxRows, 0))
	}
	if to < n {
		t.Next = at(to)
	}
	return t
}

type gridder struct {
	all     []engine.ReadRow // that were read
	drawn   []engine.ReadRow // that are drawn
	o       *outcome
	read    *engine.ReadTrace
	key     store.Key
	columns []components.Column
	grid    *components.Grid
	hidden  int // columns left out
}

// chooseColumns puts the keys first, then the attributes: scalars before
// documents and sets, the frequent before the rare, then by name.
func (g *gridder) chooseColumns() {
	seen := map[string]bool{}
	add := func(attrs []store.KeyAttr, role components.Role) {
		for _, a := range attrs {
			if !seen[a.Name] {
				seen[a.Name] = true
				g.columns = append(g.columns, components.Column{Name: a.Name, Type: a.Kind.String(), Role: role})
			}
		}
	}
	add(g.key.Hash, components.HashKey)
	add(g.key.Range, components.RangeKey)
	if g.read.Index != nil {
		add(g.o.table.Key.Attrs(), components.TableKey)
	}
	for _, s := range g.survey(seen) {
		if len(g.columns) == maxColumns {
			g.hidden++
			continue
		}
		g.columns = append(g.columns, components.Column{Name: s.name, Type: s.kind})
	}
}

// seenAttribute counts an attribute over the rows; kind is "" where it varies.
type seenAttribute struct {
	name  string
	kind  string
	count int
	deep  bool
}

func (g *gridder) survey(keys map[string]bool) []*seenAttribute {
	byName := map[string]*seenAttribute{}
	var all []*seenAttribute
	for i := range g.drawn {
		for _, m := range g.drawn[i].Item.Map() {
			if keys[m.Name] {
				continue
			}
			s := byName[m.Name]
			if s == nil {
				s = &seenAttribute{name: m.Name, kind: m.Value.Kind().String()}
				byName[m.Name] = s
				all = append(all, s)
			}
			s.count++
			s.deep = s.deep || deep(m.Value.Kind())
			if s.kind != m.Value.Kind().String() {
				s.kind = ""
			}
		}
	}
	sort.Slice(all, func(i, j int) bool {
		a, b := all[i], all[j]
		if a.deep != b.deep {
			return b.deep
		}
		if a.count != b.count {
			return a.count > b.count
		}
		return a.name < b.name
	})
	return all
}

func deep(k attr.Kind) bool {
	switch k {
	case attr.L, attr.M, attr.SS, attr.NS, attr.BS:
		return true
	}
	return false
}

// rows adds the items with their bands and the asides about them.
func (g *gridder) rows() {
	if g.read.Around != nil {
		g.collection()
	} else {
		g.bands()
	}
	if g.hidden > 0 {
		g.aside(components.Say(components.Counted(g.hidden, "further attribute") + " are in view Items"))
	}
}

func (g *gridder) add(r components.Row) { g.grid.Rows = append(g.grid.Rows, r) }

func (g *gridder) aside(w components.Words) {
	g.add(components.Row{Kind: components.Aside, Words: w})
}

// collection draws a Query or GetItem: one item collection between its
// neighbours.
func (g *gridder) collection() {
	a := g.read.Around
	first, last := a.Previous, a.Next
	if g.read.Reverse {
		first, last = last, first
	}
	g.neighbour(first)
	words := components.Say("Item collection ").Strong(keyText(a.Key)).
		Say("  " + components.Counted(a.Items, "item") + ", " + components.Grouped(len(g.all)) + " read  ").Faint(place(a.Hash, a.Partition))
	g.add(components.Row{Kind: components.Band, Words: words})
	if g.read.Reverse {
		g.outside(a.After, "after", a.AfterTo, a.AfterFrom)
	} else {
		g.outside(a.Before, "before", a.BeforeFrom, a.BeforeTo)
	}
	g.items(g.drawn)
	if rest := a.Items - a.Before - a.After - len(g.all); rest > 0 {
		g.aside(components.Say(components.Counted(rest, "item") + " in the range on further pages"))
	}
	if g.read.Reverse {
		g.outside(a.Before, "before", a.BeforeTo, a.BeforeFrom)
	} else {
		g.outside(a.After, "after", a.AfterFrom, a.AfterTo)
	}
	g.neighbour(last)
}

// place says where a partition key lies: the first four digits of its hash,
// and the partition, counted from 1.
func place(hash uint64, partition int) string {
	return fmt.Sprintf("hash %04x, partition %d", hash>>48, partition+1)
}

func (g *gridder) neighbour(c *engine.Collection) {
	if c == nil {
		return
	}
	w := components.Say(fmt.Sprintf("%04x  ", c.Hash>>48)).Code(keyText(c.Key)).Say(", " + components.Counted(c.Items, "item") + ", not read")
	g.aside(w)
}

// outside tells of the rows of the collection that the range left out.
func (g *gridder) outside(n int, side string, from, to *attr.Item) {
	if n == 0 {
		return
	}
	where := "the range"
	if g.o.trace.Operation == "GetItem" {
		where = "it"
	}
	w := components.Say(components.Counted(n, "item") + " " + side + " " + where + ", not read: ").Code(g.sortText(from))
	if n > 1 {
		w = w.Say(" … ").Code(g.sortText(to))
	}
	g.aside(w)
}

// sortText is the sort key of an item, its table key where the tree has none.
func (g *gridder) sortText(item *attr.Item) string {
	attrs := g.key.Range
	if len(attrs) == 0 {
		attrs = g.o.table.Key.Attrs()
	}
	return keyText(values(attrs, item))
}

func values(attrs []store.KeyAttr, item *attr.Item) []attr.Value {
	list := make([]attr.Value, 0, len(attrs))
	for _, a := range attrs {
		if v, ok := item.Get(a.Name); ok {
			list = append(list, v)
		}
	}
	return list
}

func keyText(vs []attr.Value) string {
	s := ""
	for i, v := range vs {
		if i > 0 {
			s += ", "
		}
		s += clip(compact(v), 80)
	}
	return s
}

// bands draws a Scan: a band before each item collection, or, where every
// partition key has one item, before each partition.
func (g *gridder) bands() {
	rows := g.drawn
	for from := 0; from < len(rows); {
		to := from + 1
		for to < len(rows) && g.together(&rows[from], &rows[to]) {
			to++
		}
		g.band(rows[from:to])
		g.items(rows[from:to])
		from = to
	}
}

func (g *gridder) together(a, b *engine.ReadRow) bool {
	if len(g.key.Range) == 0 && g.read.Index == nil {
		return a.Partition == b.Partition
	}
	return a.Hash == b.Hash
}

func (g *gridder) band(rows []engine.ReadRow) {
	if len(g.key.Range) == 0 && g.read.Index == nil {
		g.add(components.Row{Kind: components.Band, Words: components.Say("Partition ").Strong(strconv.Itoa(rows[0].Partition + 1)).
			Say("  " + components.Counted(len(rows), "item") + " read")})
		return
	}
	g.add(components.Row{Kind: components.Band, Words: components.Say("Item collection ").Strong(keyText(values(g.key.Hash, rows[0].Item))).
		Say("  " + components.Counted(len(rows), "item") + " read  ").Faint(place(rows[0].Hash, rows[0].Partition))})
}

func (g *gridder) items(rows []engine.ReadRow) {
	for i := range rows {
		g.item(&rows[i])
	}
}

func (g *gridder) item(r *engine.ReadRow) {
	row := components.Row{Kind: components.Returned, Bytes: components.Grouped(r.Bytes), Cells: make([]components.Cell, len(g.columns))}
	if !r.Returned {
		row.Kind = components.Filtered
	}
	m := r.Item.Map()
	for i, c := range g.columns {
		v, ok := m.Get(c.Name)
		if !ok {
			row.Cells[i].Absent = true
			continue
		}
		row.Cells[i].Text = compact(v)
		if k := v.Kind().String(); k != c.Type {
			row.Cells[i].Type = k
		}
	}
	g.add(row)
}

// itemsOf are the same items in full.
func itemsOf(o *outcome, from int) []components.Item {
	key := readKey(o)
	var list []components.Item
	for _, r := range drawn(o.trace.Read.Rows, from) {
		list = append(list, components.Item{
			Key: components.Words{}.Code(keyText(values(key.Attrs(), r.Item))), Bytes: components.Grouped(r.Bytes),
			Filtered: !r.Returned, Attributes: attributesOf(r.Item.Map(), o),
		})
	}
	return list
}

// attributesOf lists attributes keys first, then by name.
func attributesOf(m attr.Map, o *outcome) []components.Attribute {
	var keys, rest []components.Attribute
	for _, member := range m {
		a := components.Attribute{
			Name: member.Name, Type: member.Value.Kind().String(), Role: roleOf(member.Name, o), Value: spread(member.Value),
		}
		if a.Role == components.NoKey {
			rest = append(rest, a)
		} else {
			keys = append(keys, a)
		}
	}
	sort.SliceStable(keys, func(i, j int) bool { return keys[i].Role < keys[j].Role })
	return append(keys, rest...)
}

// roleOf is the part an attribute plays in the keys of what was read.
func roleOf(name string, o *outcome) components.Role {
	if o.table == nil {
		return components.NoKey
	}
	key := o.table.Key
	if o.trace.Read != nil && o.trace.Read.Index != nil {
		key = o.trace.Read.Index.Spec.Key
	}
	for _, a := range key.Hash {
		if a.Name == name {
			return components.HashKey
		}
	}
	for _, a := range key.Range {
		if a.Name == name {
			return components.RangeKey
		}
	}
	if o.table.Key.Has(name) {
		return components.TableKey
	}
	return components.NoKey
}
