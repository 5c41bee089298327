package capacity

import (
	"slices"
	"strings"

	"github.com/sortkey/sortkey/components"
	"github.com/sortkey/sortkey/engine"
	"github.com/sortkey/sortkey/engine/attr"
	"github.com/sortkey/sortkey/engine/meter"
)

// tableKey names a table's key attributes.
type tableKey struct{ hash, sort string }

func (k tableKey) role(name string) components.Role {
	switch name {
	case k.hash:
		return components.HashKey
	case k.sort:
		return components.RangeKey
	}
	return components.NoKey
}

// order is the names with the keys first.
func (k tableKey) order(names []string) []string {
	var keys, rest []string
	for _, n := range names {
		if k.role(n) == components.NoKey {
			rest = append(rest, n)
		} else {
			keys = append(keys, n)
		}
	}
	if len(keys) == 2 && keys[0] == k.sort {
		keys[0], keys[1] = keys[1], keys[0]
	}
	return append(keys, rest...)
}

// of is the item's key.
func (k tableKey) of(item attr.Map) attr.Map {
	return slices.DeleteFunc(slices.Clone(item), func(m attr.Member) bool { return k.role(m.Name) == components.NoKey })
}

// bench is an engine with an empty table to try an item in.
type bench struct {
	engine *engine.Engine
	info   engine.TableInfo
}

// keyOf is the key of a table of the bench.
func keyOf(t engine.TableInfo) tableKey {
	k := tableKey{hash: t.Key.Hash[0].Name}
	if len(t.Key.Range) > 0 {
		k.sort = t.Key.Range[0].Name
	}
	return k
}

// fits tells whether an item has the keys of a table, with their types.
func fits(t engine.TableInfo, item attr.Map) bool {
	for a := range t.Key.All() {
		if v, ok := item.Get(a.Name); !ok || v.Kind() != a.Kind {
			return false
		}
	}
	return true
}

// tableNames are the tables of the bench, in the order in which they are tried.
var tableNames = []string{"Shop", "Music", "Sessions"}

// tableFor is the table that was chosen for an item; where none was, the one
// whose keys it has, or else ownTable.
func (p *Page) tableFor(item *pasted, in itemInput) string {
	if in.table == ownTable {
		return ownTable
	}
	for _, name := range tableNames {
		if in.table == name || in.table == "" && fits(p.table(name), item.item) {
			return name
		}
	}
	return ownTable
}

// table is a table of the bench.
func (p *Page) table(name string) engine.TableInfo {
	all := p.bench.Tables("")
	return all[slices.IndexFunc(all, func(t engine.TableInfo) bool { return t.Name == name })]
}

// benchOf is the table of that name, or one of the item's own: in is told of
// its keys. It is nil for an item that has no attribute to be a key.
func (p *Page) benchOf(name string, item *pasted, in *itemInput) (*bench, tableKey) {
	if name == ownTable {
		return p.own(item, in)
	}
	t := p.table(name)
	return &bench{p.bench, t}, keyOf(t)
}

// own makes a table with the item's own attributes as keys.
func (p *Page) own(item *pasted, in *itemInput) (*bench, tableKey) {
	can := scalars(item)
	if len(can) == 0 {
		return nil, tableKey{}
	}
	if !slices.Contains(can, in.hash) {
		in.hash = can[0]
	}
	if in.sort == in.hash || !slices.Contains(can, in.sort) {
		in.sort = ""
	}
	key := tableKey{in.hash, in.sort}
	e := p.bench.Fork()
	reply := e.Handle(engine.Call{Target: engine.Target("CreateTable"), Body: createOwn(item.item, key)})
	tables := e.Tables("")
	i := slices.IndexFunc(tables, func(t engine.TableInfo) bool { return t.Name == ownName })
	if i < 0 {
		panic(string(reply.Body)) // names of keys are bounded by scalars
	}
	return &bench{e, tables[i]}, key
}

// ownName is what a table of the item's own is called.
const ownName = "Own"

// scalars are the attributes that can be a key, as they are written.
func scalars(item *pasted) []string {
	var names []string
	for _, n := range item.names {
		v, _ := item.item.Get(n)
		if k := v.Kind(); (k == attr.S || k == attr.N || k == attr.B) && len(n) <= 255 {
			names = append(names, n)
		}
	}
	return names
}

// createOwn is the body of a CreateTable.
func createOwn(item attr.Map, key tableKey) []byte {
	definitions, schema := []byte(`"AttributeDefinitions":[`), []byte(`"KeySchema":[`)
	for i, name := range []string{key.hash, key.sort} {
		if name == "" {
			continue
		}
		if i > 0 {
			definitions, schema = append(definitions, ','), append(schema, ',')
		}
		v, _ := item.Get(name)
		definitions = attr.AppendString(append(definitions, `{"AttributeName":`...), name)
		definitions = append(definitions, `,"AttributeType":"`+v.Kind().String()+`"}`...)
		schema = attr.AppendString(append(schema, `{"AttributeName":`...), name)
		schema = append(schema, `,"KeyType":"`+[]string{"HASH", "RANGE"}[i]+`"}`...)
	}
	body := []byte(`{"TableName":"` + ownName + `","BillingMode":"PAY_PER_REQUEST",`)
	return slices.Concat(body, definitions, []byte("],"), schema, []byte("]}"))
}

// costs are the receipts of one item: of a PutItem, and a GetItem in both
// consistencies; then of both in a transaction.
type costs struct {
	info                        engine.TableInfo
	put, eventual, strong       *meter.Receipt
	transactWrite, transactRead *meter.Receipt
}

// costs has the engine write and read an item. refused is its answer where it
// does not take it.
func (b *bench) costs(item *pasted, key tableKey) (c *costs, refused *components.Oops) {
	e := b.engine.Fork()
	c = &costs{info: b.info}
	at := `"TableName":"` + b.info.Name + `",`
	it := at + `"Item":` + string(item.raw)
	k := at + `"Key":` + string(attr.AppendMap(nil, key.of(item.item)))
	for _, r := range []struct {
		receipt         **meter.Receipt
		operation, body string
	}{
		{&c.put, "PutItem", "{" + it + "}"},
		{&c.eventual, "GetItem", "{" + k + "}"},
		{&c.strong, "GetItem", "{" + k + `,"ConsistentRead":true}`},
		{&c.transactRead, "TransactGetItems", `{"TransactItems":[{"Get":{` + k + `}}]}`},
	} {
		if *r.receipt, refused = try(e, r.operation, r.body); refused != nil {
			return nil, refused
		}
	}
	c.transactWrite, refused = try(b.engine.Fork(), "TransactWriteItems", `{"TransactItems":[{"Put":{`+it+`}}]}`)
	return c, refused
}

func try(e *engine.Engine, operation, body string) (*meter.Receipt, *components.Oops) {
	_, tr := e.Observe(engine.Call{Target: engine.Target(operation), Body: []byte(body)})
	if tr.Err == nil {
		return tr.Receipt, nil
	}
	return nil, &components.Oops{Name: tr.Err.Code, Message: tr.Err.Message, Reading: []components.Words{
		components.Say("This is how the engine answers the " + operation + ". The sizes above hold all the same: choose another table, or change the item."),
	}}
}

// noKey is said of an item that can be in no table.
func noKey(item *pasted) *components.Oops {
	if len(item.item) == 0 {
		return &components.Oops{Name: "The item is empty: every item has at least its key."}
	}
	return &components.Oops{Name: "No attribute of this item can be a key: keys are of type S, N or B."}
}

// entered are the names of the indexes that the item is in, and those it is not.
func (c *costs) entered() (in, out []string) {
	for _, a := range c.put.Arms[1:] {
		if a.Reason == meter.IndexAdded {
			in = append(in, a.Name)
		} else {
			out = append(out, a.Name)
		}
	}
	return in, out
}

func (c *costs) verdicts() []components.Verdict {
	bytes := components.Grouped(c.put.Arms[0].Bytes) + " B, up to " + components.Grouped(c.put.Arms[0].Blocks) + " KB"
	read := components.Grouped(c.eventual.Arms[0].Bytes) + " B, up to " + components.Grouped(4*c.eventual.Arms[0].Blocks) + " KB"
	all := []components.Verdict{{What: "Write it", Figure: figure(c.put.Of(meter.TableArm)), Unit: "WRU", Of: bytes}}
	if in, _ := c.entered(); len(in) > 0 {
		all = append(all, components.Verdict{What: "with " + components.Listed(in), Figure: figure(c.put.Total()), Unit: "WRU", Of: arms(c.put)})
	}
	return append(all,
		components.Verdict{What: "in a transaction", Figure: figure(c.transactWrite.Total()), Unit: "WRU", Of: arms(c.transactWrite)},
		components.Verdict{What: "Read it", Figure: figure(c.eventual.Total()), Unit: "RRU", Of: read + ", eventual × 0.5"},
		components.Verdict{What: "strongly consistent", Figure: figure(c.strong.Total()), Unit: "RRU", Of: "× 1"},
		components.Verdict{What: "in a transaction", Figure: figure(c.transactRead.Total()), Unit: "RRU", Of: "× 2"})
}

// figure prints units without a decimal that is zero.
func figure(u meter.Units) string { return strings.TrimSuffix(u.String(), ".0") }

// arms lists what each part is charged: "table 1, GSI 1".
func arms(r *meter.Receipt) string {
	var parts []string
	for _, a := range r.Arms {
		if a.Units > 0 {
			parts = append(parts, []string{"table ", "GSI ", "LSI "}[a.Kind]+figure(a.Units))
		}
	}
	return strings.Join(parts, ", ")
}

// note tells why an item is in no index, or not in each.
func (c *costs) note() components.Words {
	_, out := c.entered()
	if len(out) == 0 {
		return nil
	}
	w := components.Say("Not in ").Strong(components.Listed(out)).Say(", which costs nothing: ")
	for i, name := range out {
		if i > 0 {
			w = w.Say("; ")
		}
		x := c.info.Indexes[slices.IndexFunc(c.info.Indexes, func(x engine.IndexInfo) bool { return x.Name == name })]
		for j, a := range x.Key.Attrs() {
			if j > 0 {
				w = w.Say(" and ")
			}
			w = w.Code(a.Name)
		}
		w = w.Say(" would have to be there")
	}
	return w.Say(".")
}

// usage is what the month's calculator takes over.
func (c *costs) usage() itemUsage {
	u := itemUsage{size: c.put.Arms[0].Bytes}
	for _, a := range c.put.Arms[1:] {
		if a.Reason != meter.IndexAdded {
			continue
		}
		u.entry = max(u.entry, a.After)
		if a.Kind == meter.GSIArm {
			u.global++
		} else {
			u.local++
		}
	}
	if u.entry == 0 {
		u.entry = u.size
	}
	return u
}

// tableOptions are the tables to choose from; fitting is the one that an item
// goes into if nobody chose, "" where there is none yet.
func (p *Page) tableOptions(chosen, fitting string) []components.Choice {
	label := "the one whose keys it has"
	if chosen == "" && fitting == ownTable {
		label = "one of its own, since it has the keys of no other"
	} else if chosen == "" && fitting != "" {
		label += ": " + fitting
	}
	all := []components.Choice{{Label: label, Chosen: chosen == ""}}
	for _, name := range tableNames {
		t := p.table(name)
		label := name + ": " + strings.TrimSuffix(keyOf(t).hash+", "+keyOf(t).sort, ", ")
		var indexes []string
		for _, x := range t.Indexes {
			indexes = append(indexes, x.Name)
		}
		if len(indexes) > 0 {
			label += "; " + components.Listed(indexes)
		}
		all = append(all, components.Choice{Value: name, Label: label, Chosen: chosen == name})
	}
	return append(all, components.Choice{Value: ownTable, Label: "one of its own, without indexes", Chosen: chosen == ownTable})
}

// keyOptions are the attributes that can be keys of the item's own table.
func keyOptions(item *pasted, in itemInput) (hash, sort []components.Choice) {
	sort = []components.Choice{{Label: "none", Chosen: in.sort == ""}}
	for _, name := range scalars(item) {
		if len(hash) == maxRows {
			break
		}
		label := clip(name, 40)
		hash = append(hash, components.Choice{Value: name, Label: label, Chosen: name == in.hash})
		if name != in.hash {
			sort = append(sort, components.Choice{Value: name, Label: label, Chosen: name == in.sort})
		}
	}
	return hash, sort
}
