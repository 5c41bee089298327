package engine

import (
	"time"

	"github.com/sortkey/sortkey/engine/attr"
	"github.com/sortkey/sortkey/engine/store"
)

// TableInfo is a table as a page lists it.
type TableInfo struct {
	Name       string
	Status     string
	OnDemand   bool
	Read       int64 // provisioned units a second, 0 on demand
	Write      int64
	Key        store.Key
	Items      int
	Bytes      int64
	Created    time.Time
	Partitions int
	Indexes    []IndexInfo // in the order they were given, GSIs first
	TTL        TTLInfo
}

// IndexInfo is a secondary index as a page lists it.
type IndexInfo struct {
	Name    string
	Local   bool
	Key     store.Key
	Project store.Projection
	Items   int
	Bytes   int64
	Status  string // of a local one that of the table
	// A new index takes in the items that the table has: Backfilling while it
	// does, Filled of them being done. Elsewhere Filled is all of them.
	Backfilling bool
	Filled      int
}

// Tables lists the tables of a region by name; "" is the default region.
func (e *Engine) Tables(region string) []TableInfo {
	e.mu.Lock()
	defer e.mu.Unlock()
	var list []TableInfo
	for _, t := range e.s.region(region).tableList() {
		list = append(list, t.info())
	}
	return list
}

// RegionsWith lists the regions that have a table of that name.
func (e *Engine) RegionsWith(table string) []string {
	e.mu.Lock()
	defer e.mu.Unlock()
	var list []string
	for _, r := range e.s.regionList() {
		if r.tables[table] != nil {
			list = append(list, r.name)
		}
	}
	return list
}

func (t *table) info() TableInfo {
	m := t.meta
	info := TableInfo{
		Name: m.name, Status: m.status, OnDemand: m.onDemand, Read: m.throughput.read, Write: m.throughput.write,
		Key: m.keys, Items: t.data.Rows().Len(), Bytes: t.data.Rows().Bytes(),
		Created: time.Unix(0, m.created).UTC(), Partitions: len(t.data.Partitions()),
		TTL: t.ttlInfo(),
	}
	for i, x := range t.data.Indexes() {
		xm := &m.indexes[i]
		info.Indexes = append(info.Indexes, IndexInfo{
			Name: x.Spec.Name, Local: x.Spec.Local, Key: x.Spec.Key, Project: x.Spec.Project,
			Items: x.Tree.Len(), Bytes: x.Tree.Bytes(),
			Status: m.indexStatus(xm), Backfilling: xm.backfilling, Filled: t.data.Filled(x),
		})
	}
	return info
}

// Collection is the items of one partition key, in a table or index.
type Collection struct {
	Key       []attr.Value // the partition key values
	Hash      uint64
	Partition int // 0-based
	Items     int // MaxSurvey where there are more
}

// Around is what lies about the rows that a Query or GetItem read: the whole
// item collection, the rows of it before and after the span, and the
// neighbouring collections in hash order. It is what was not read.
type Around struct {
	Collection
	Before, After        int // rows of the collection outside the span
	BeforeFrom, BeforeTo *attr.Item
	AfterFrom, AfterTo   *attr.Item
	Previous, Next       *Collection
}

// MaxSurvey bounds the rows that are counted for Around.
const MaxSurvey = 10_000

// run looks about the rows of a span of the collection.
func (p *survey) run(span store.Span) *Around {
	a := &Around{}
	prefix := store.PartitionPrefix(p.hash...)
	a.Collection = p.collection(prefix)
	whole := store.Span{From: prefix, To: store.After(prefix)}
	n := 0
	p.tree.Ascend(whole, func(r store.Row) bool {
		switch {
		case r.Key < span.From:
			a.Before++
			if a.BeforeFrom == nil {
				a.BeforeFrom = r.Item
			}
			a.BeforeTo = r.Item
		case span.To != "" && r.Key >= span.To:
			a.After++
			if a.AfterFrom == nil {
				a.AfterFrom = r.Item
			}
			a.AfterTo = r.Item
		}
		n++
		return n < MaxSurvey
	})
	p.tree.Descend(store.Span{To: prefix}, func(r store.Row) bool {
		c := p.collection(p.rowPrefix(r))
		a.Previous = &c
		return false
	})
	if whole.To == "" {
		return a // the last place there is
	}
	p.tree.Ascend(store.Span{From: whole.To}, func(r store.Row) bool {
		c := p.collection(p.rowPrefix(r))
		a.Next = &c
		return false
	})
	return a
}

// survey looks at one tree of a table.
type survey struct {
	table *table
	tree  *store.Tree
	key   store.Key
	hash  []attr.Value // the partition key values asked for
}

func (p *survey) rowPrefix(r store.Row) string {
	return store.PartitionPrefix(hashValues(p.key, r.Item)...)
}

func hashValues(k store.Key, item *attr.Item) []attr.Value {
	values := make([]attr.Value, len(k.Hash))
	for i, a := range k.Hash {
		values[i], _ = item.Get(a.Name)
	}
	return values
}

// collection counts the rows under a prefix.
func (p *survey) collection(prefix string) Collection {
	c := Collection{Hash: store.HashOf(prefix), Key: p.hash}
	c.Partition = p.table.data.PartitionOf(c.Hash)
	p.tree.Ascend(store.Span{From: prefix, To: store.After(prefix)}, func(r store.Row) bool {
		if c.Items == 0 {
			c.Key = hashValues(p.key, r.Item)
		}
		c.Items++
		return c.Items < MaxSurvey
	})
	return c
}
