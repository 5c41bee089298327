package engine

import (
	"slices"

	"github.com/sortkey/sortkey/engine/attr"
	"github.com/sortkey/sortkey/engine/meter"
	"github.com/sortkey/sortkey/engine/store"
)

// maxPage is the number of bytes after which a page ends; the item that
// crosses it is still part of the page.
const maxPage = 1 << 20

// page collects one page while the tree is walked.
type page struct {
	plan    *readPlan
	e       enc
	limit   int
	bytes   int
	scanned int
	count   int
	fetched meter.Units // of table items for a local index
	fetches int
	last    store.Row
	more    bool
	read    *ReadTrace // nil unless observed
	spread  *spread    // nil unless the table is throttled
	receipt meter.Receipt
}

// run walks the rows and encodes the reply.
func (p *readPlan) run(x *exchange) ([]byte, *page) {
	pg := &page{plan: p, e: x.enc(), limit: int(min(p.in.limit.v, 1<<30)), spread: x.spreadOf(p.own, p.index)}
	if x.trace != nil {
		pg.read = p.observe(x.trace)
	}
	pg.e.open()
	if !p.countSet {
		pg.e.key("Items")
		pg.e.list()
	}
	if p.reverse {
		p.tree.Descend(p.span, pg.visit)
	} else {
		p.tree.Ascend(p.span, pg.visit)
	}
	if !p.countSet {
		pg.e.unlist()
	}
	pg.close(x)
	return pg.e.b, pg
}

// visit takes one row into the page and reports whether to go on.
func (pg *page) visit(row store.Row) bool {
	p := pg.plan
	pg.scanned++
	pg.bytes += row.Item.Size()
	if pg.spread != nil {
		pg.spread.add(row.Key, row.Item.Size())
	}
	item := row.Item
	if p.fetch {
		item = pg.fetchItem(row)
	}
	returned := p.filter == nil || p.filter.Match(item)
	if returned {
		pg.count++
		pg.emit(row, item)
	}
	if pg.read != nil {
		pg.receipt.Evaluated(row.Item.Size(), !returned)
		pg.read.Rows = append(pg.read.Rows, p.table.readRow(row, item, returned))
	}
	pg.last = row
	pg.more = pg.scanned == pg.limit || pg.bytes >= maxPage
	return !pg.more
}

// fetchItem reads the whole item of a local index entry from the table; each
// is rounded up on its own.
func (pg *page) fetchItem(row store.Row) *attr.Item {
	t := pg.plan.table
	key, _ := t.data.RowKey(row.Item)
	item := t.data.Rows().Get(key)
	pg.fetched += meter.ReadUnits(item.Size(), pg.rate())
	pg.fetches++
	return item
}

// emit encodes what the request wants of a row: of the item, if it had to be
// fetched for that, else of the row's own.
func (pg *page) emit(row store.Row, item *attr.Item) {
	p := pg.plan
	switch {
	case p.countSet:
	case p.project != nil:
		pg.e.comma()
		pg.e.b = attr.AppendMap(pg.e.b, p.project.Apply(item))
	case p.in.selects.v != "ALL_ATTRIBUTES": // fetched for the filter only
		pg.e.rawElem(row.Item.JSON())
	default:
		pg.e.rawElem(item.JSON())
	}
}

func (pg *page) rate() meter.Rate {
	if pg.plan.in.consistent.v {
		return meter.Strong
	}
	return meter.Eventual
}

// close writes what follows the items: counts, the cursor and the charge.
func (pg *page) close(x *exchange) {
	pg.e.int("Count", int64(pg.count))
	pg.e.int("ScannedCount", int64(pg.scanned))
	if pg.more {
		cursor := pg.plan.cursor(pg.last.Item)
		pg.e.item("LastEvaluatedKey", cursor)
		if pg.read != nil {
			pg.read.More, pg.read.Cursor = true, cursor
		}
	}
	pg.charge()
	pg.e.consumed(pg.plan.in.consumed, pg.plan.in.table.v, &pg.receipt)
	pg.e.close()
	x.noteReceipt(&pg.receipt)
}

// cursor is the LastEvaluatedKey of a row: the tree's key attributes and the
// table's.
func (p *readPlan) cursor(item *attr.Item) attr.Map {
	var names []string
	for _, k := range [...]store.Key{p.key, p.table.meta.keys} {
		for a := range k.All() {
			names = append(names, a.Name)
		}
	}
	slices.Sort(names)
	names = slices.Compact(names)
	m := make(attr.Map, len(names))
	for i, v := range item.Pick(nil, names) {
		m[i] = attr.Member{Name: names[i], Value: v}
	}
	return m
}

// charge rounds the bytes of the page once; a scan pays at least one block for
// every partition it walked.
func (pg *page) charge() {
	r := &pg.receipt
	r.Rate = pg.rate()
	arm := meter.Arm{Reason: meter.ReadPage, Bytes: pg.bytes, Blocks: meter.Blocks(pg.bytes, meter.ReadBlock)}
	if n := pg.partitions(); n > arm.Blocks {
		arm.Reason, arm.Blocks = meter.ReadPartitions, n
	}
	arm.Units = meter.Units(arm.Blocks) * meter.Units(r.Rate)
	base := meter.Arm{Kind: meter.TableArm, Name: pg.plan.table.meta.name}
	if pg.plan.index == nil {
		arm.Kind, arm.Name = base.Kind, base.Name
		r.Add(arm)
		return
	}
	arm.Kind, arm.Name = meter.GSIArm, pg.plan.index.Spec.Name
	base.Reason = meter.ReadNothing
	if pg.plan.index.Spec.Local {
		arm.Kind = meter.LSIArm
	}
	if pg.fetches > 0 {
		base.Reason, base.Units = meter.FetchItems, pg.fetched
		base.Blocks = int(pg.fetched / meter.Units(r.Rate))
	}
	r.Add(base)
	r.Add(arm)
}

// partitions is how many partitions a scan page has walked, 1 for a query.
func (pg *page) partitions() int {
	if !pg.plan.in.scan {
		return 1
	}
	span := pg.plan.span
	if pg.more {
		span.To = pg.last.Key
	}
	return pg.plan.table.data.PartitionsIn(span)
}

// observe opens the trace of a read.
func (p *readPlan) observe(tr *Trace) *ReadTrace {
	tr.Read = &ReadTrace{Index: p.index, Reverse: p.reverse, Partition: !p.in.scan, Span: p.span, Terms: p.terms}
	if !p.in.scan {
		tr.Read.Around = (&survey{table: p.table, tree: p.tree, key: p.key, hash: p.hash}).run(p.span)
	}
	return tr.Read
}

func (t *table) readRow(row store.Row, item *attr.Item, returned bool) ReadRow {
	h := store.HashOf(row.Key)
	return ReadRow{Item: item, Bytes: row.Item.Size(), Returned: returned, Hash: h, Partition: t.data.PartitionOf(h)}
}

// noteGet records a GetItem as the read of at most one row.
func (x *exchange) noteGet(t *table, key string, m attr.Map, item *attr.Item) {
	if x.trace == nil {
		return
	}
	read := &ReadTrace{Partition: true, Span: store.Span{From: key, To: store.After(key)}}
	if item != nil {
		read.Rows = []ReadRow{t.readRow(store.Row{Key: key, Item: item}, item, true)}
	}
	hash, _ := m.Get(t.meta.keys.Hash[0].Name)
	read.Around = (&survey{table: t, tree: t.data.Rows(), key: t.meta.keys, hash: []attr.Value{hash}}).run(read.Span)
	x.trace.Read = read
}
