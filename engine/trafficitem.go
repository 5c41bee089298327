package engine

import (
	"bytes"
	"slices"
	"strconv"

	"github.com/sortkey/sortkey/engine/attr"
	"github.com/sortkey/sortkey/engine/meter"
	"github.com/sortkey/sortkey/engine/store"
)

// This file has the items of loads. An item has every attribute that is a key of
// the table or of one of its indexes, so it is in all of them; the values are
// the number of the item, each in as many bytes as any other: "000042" as text
// or bytes, and as a number 1000421. Keys stay as they are when the item is
// written. What is left of its size lies in equal parts in the attributes that
// indexes include, and in one more, called "rest"; those change with every
// write. So a write costs the table and each index that has any of them its
// share, by the rules for any write, and an index of keys alone nothing.
//
// What that comes to is not worked out here: an item is put into an empty table
// of the same description, and put again.

// trafficPlan is what a load's requests ask of a table as it is described. It
// is not changed: forks share it.
type trafficPlan struct {
	meta   *tableMeta // what it was made for
	reads  []asked    // of one read
	writes []asked    // of one write
	fault  error      // why there can be no requests
}

// asked is a demand of every request, but for the hash: that is by key.
type asked struct {
	demand
	hashes []uint64
}

// trafficPlan plans a load on a table. An error is about the table.
func planTraffic(l *Load, t *table) *trafficPlan {
	p := &trafficPlan{meta: t.meta}
	p.fault = p.make(l, t)
	return p
}

func (p *trafficPlan) make(l *Load, t *table) error {
	switch t.meta.status {
	case statusCreating, statusDeleting:
		return l.wrong("%s is %s", l.Table, t.meta.status)
	}
	specs := make([]store.IndexSpec, 0, len(t.data.Indexes()))
	for _, x := range t.data.Indexes() {
		specs = append(specs, *x.Spec)
	}
	sample := &table{meta: t.meta, data: store.New(t.meta.keys, specs, store.Options{Partitions: 1})}
	f := newTrafficItems(t)
	if least := f.item(0, 0, 0).Size(); least > int(l.Size) {
		return l.wrong("an item of %s has at least %d bytes: its keys and names", l.Table, least)
	}
	put := func(request int64) (*write, error) {
		m := f.item(0, request, int(l.Size))
		return sample.planPut(m, attr.NewItem(m), nil)
	}
	first, err := put(-1)
	if err != nil {
		return l.wrong("%s", asError(err).Message)
	}
	sample.data.Apply(&first.change)
	again, err := put(0)
	if err != nil {
		return l.wrong("%s", asError(err).Message)
	}
	for _, d := range again.demands() {
		p.writes = append(p.writes, asked{demand: d})
	}
	read, err := l.reading(t, sample, first.change.After.Size())
	if err != nil {
		return err
	}
	p.reads = []asked{{demand: read}}
	p.hash(l, t, f)
	return nil
}

// reading is what one read asks for.
func (l *Load) reading(t, sample *table, size int) (demand, error) {
	d, rate := demand{dir: reading}, meter.Eventual
	if l.Consistent {
		rate = meter.Strong
	}
	if l.Index != "" {
		x, err := t.readableIndex(l.Index)
		if err != nil {
			return d, l.wrong("%s", asError(err).Message)
		}
		if !x.Spec.Local {
			if d.index = l.Index; l.Consistent {
				return d, l.wrong("reads of %s, a global index, cannot be consistent", l.Index)
			}
		}
		entry, _ := sample.data.Index(l.Index).Tree.At(0)
		size = entry.Item.Size()
	}
	d.units = meter.ReadUnits(size, rate)
	return d, nil
}

// hash finds where in each index the keys lie.
func (p *trafficPlan) hash(l *Load, t *table, f *trafficItems) {
	made := map[string][]uint64{}
	of := func(index string) []uint64 {
		if list := made[index]; list != nil {
			return list
		}
		key := t.meta.keys
		if index != "" {
			key = t.data.Index(index).Spec.Key
		}
		key.Range = nil
		list := make([]uint64, l.Count)
		for n := range list {
			list[n] = store.HashOf(key.RowKey(f.keys(n)))
		}
		made[index] = list
		return list
	}
	for _, list := range [][]asked{p.reads, p.writes} {
		for i := range list {
			list[i].hashes = of(list[i].index)
		}
	}
}

// of is what a request asks for.
func (p *trafficPlan) of(kind direction) []asked {
	if kind == reading {
		return p.reads
	}
	return p.writes
}

// demandsOf appends what a request for a key asks for.
func demandsOf(dst []demand, list []asked, key int) []demand {
	for i := range list {
		d := list[i].demand
		d.hash = list[i].hashes[key]
		dst = append(dst, d)
	}
	return dst
}

// trafficItems makes items for a table.
type trafficItems struct {
	key  []store.KeyAttr // of the table and its indexes, by name
	rest []string        // the other attributes, by name
}

func newTrafficItems(t *table) *trafficItems {
	f := &trafficItems{}
	kinds := map[string]attr.Kind{}
	add := func(k store.Key) {
		for a := range k.All() {
			if _, ok := kinds[a.Name]; !ok {
				kinds[a.Name] = a.Kind
				f.key = append(f.key, a)
			}
		}
	}
	add(t.meta.keys)
	for _, x := range t.data.Indexes() {
		add(x.Spec.Key)
	}
	taken := func(name string) bool { _, ok := kinds[name]; return ok }
	for _, x := range t.data.Indexes() {
		for _, name := range x.Spec.Include {
			if !taken(name) && !slices.Contains(f.rest, name) {
				f.rest = append(f.rest, name)
			}
		}
	}
	rest := "rest"
	for taken(rest) || slices.Contains(f.rest, rest) {
		rest += "_"
	}
	f.rest = append(f.rest, rest)
	slices.Sort(f.rest)
	return f
}

// keys are the key attributes of the item with a number, from 0.
func (f *trafficItems) keys(n int) attr.Map {
	text := strconv.Itoa(1_000_000 + n)[1:]
	m := make([]attr.Member, len(f.key), len(f.key)+len(f.rest))
	for i, a := range f.key {
		m[i].Name = a.Name
		switch a.Kind {
		case attr.N:
			m[i].Value = attr.Num(attr.IntNumber(1_000_001 + 10*int64(n)))
		case attr.B:
			m[i].Value = attr.Binary(text)
		default:
			m[i].Value = attr.Text(text)
		}
	}
	return attr.SortMap(m)
}

// item is the item with a number, as the request with a number writes it; -1
// stands for what was there before. With a size that is too small it has what
// it has to have.
func (f *trafficItems) item(n int, request int64, size int) attr.Map {
	m := []attr.Member(f.keys(n))
	left := size - attr.Map(m).Size()
	for _, name := range f.rest {
		left -= len(name)
	}
	left = max(left, 0)
	for i, name := range f.rest {
		part := left / (len(f.rest) - i)
		left -= part
		m = append(m, attr.Member{Name: name, Value: attr.Text(filler(request, part))})
	}
	return attr.SortMap(m)
}

// filler is a text that differs from one request to the next, as far as it has
// room for that.
func filler(request int64, size int) string {
	number := strconv.AppendInt(nil, request+1, 10)
	if len(number) > size {
		return string(number[len(number)-size:])
	}
	return string(append(bytes.Repeat([]byte{'.'}, size-len(number)), number...))
}

// onlyKeys are the attributes of a key.
func onlyKeys(list []store.KeyAttr, keys attr.Map) attr.Map {
	m := make([]attr.Member, 0, len(list))
	for _, a := range list {
		v, _ := keys.Get(a.Name)
		m = append(m, attr.Member{Name: a.Name, Value: v})
	}
	return attr.SortMap(m)
}

// queryOf writes the members of a Query of an index for the item with these
// keys.
func (e *enc) queryOf(t *table, index string, keys attr.Map) {
	e.str("IndexName", index)
	x := t.meta.index(index)
	if x == nil {
		return
	}
	condition := ""
	names, values := []string(nil), []attr.Member(nil)
	for i, a := range x.spec.Key.Hash {
		if i > 0 {
			condition += " AND "
		}
		n := strconv.Itoa(i)
		condition += "#" + n + " = :" + n
		names = append(names, a.Name)
		v, _ := keys.Get(a.Name)
		values = append(values, attr.Member{Name: ":" + n, Value: v})
	}
	e.str("KeyConditionExpression", condition)
	e.key("ExpressionAttributeNames")
	e.open()
	for i, name := range names {
		e.str("#"+strconv.Itoa(i), name)
	}
	e.close()
	e.item("ExpressionAttributeValues", values)
}
