package engine

import (
	"slices"
	"strconv"

	"github.com/sortkey/sortkey/engine/attr"
	"github.com/sortkey/sortkey/engine/meter"
	"github.com/sortkey/sortkey/engine/store"
)

var batchOperations = []operation{
	{"BatchGetItem", false, (*exchange).batchGet},
	{"BatchWriteItem", true, (*exchange).batchWrite},
}

// Limits of batches. The bytes are counted as the service was seen to count
// them: 52 of 100 items of 300 KB come back.
const (
	maxBatchGet   = 100
	maxBatchWrite = 25
	maxBatchBytes = 16_000_000
)

// batchRoom is what a batch may still do.
type batchRoom struct {
	members int64
	bytes   int
}

func (s *state) batchRoom() batchRoom {
	if s.opts.BatchLimit == 0 {
		return batchRoom{maxBatchGet, maxBatchBytes}
	}
	return batchRoom{s.opts.BatchLimit, maxBatchBytes}
}

// take takes a member of that many bytes; after the first that does not fit,
// none does.
func (r *batchRoom) take(bytes int) bool {
	if r.members == 0 || bytes > r.bytes {
		r.members = 0
		return false
	}
	r.members--
	r.bytes -= bytes
	return true
}

// batchKey is one key of a BatchGetItem as read.
type batchKey struct {
	key  attributes
	text string // the key as the request spelled it
}

// batchGetTable is what a BatchGetItem wants of one table.
type batchGetTable struct {
	name       string // as given: a name or an ARN
	body       []byte // of the whole request
	keys       []batchKey
	keysSet    bool
	consistent flag
	expr       expressions

	table    *table
	resolved *resolved
	rows     []string
	served   int    // keys answered; the rest is unprocessed
	left     []bool // which of the rows these are
	own      *table // as it is, where table is as the read sees it
	over     error  // why a key was throttled, nil if none was
}

func (b *batchGetTable) member(w wire, name string) error {
	switch name {
	case "Keys":
		b.keysSet, b.keys = true, nil
		return w.array(func(w wire) error {
			from := w.Offset()
			var k batchKey
			err := w.attributes(&k.key)
			k.text = string(b.body[from:w.Offset()])
			b.keys = append(b.keys, k)
			return err
		})
	case "ConsistentRead":
		return w.flag(&b.consistent)
	}
	return b.expr.member(w, name, "ProjectionExpression", "AttributesToGet")
}

func (x *exchange) batchGet() error {
	var tables []*batchGetTable
	var consumed text
	set := false
	err := x.fields(func(w wire, name string) error {
		switch name {
		case "ReturnConsumedCapacity":
			return w.text(&consumed)
		case "RequestItems":
			set, tables = true, nil
			return w.mapping(javaPackage+"KeysAndAttributes", func(w wire, name string) error {
				b := &batchGetTable{name: name, body: x.body}
				tables = lastNamed(tables, b, func(t *batchGetTable) bool { return t.name == name })
				return w.structure("KeysAndAttributes", b.member)
			})
		}
		return w.unknown()
	})
	if err != nil {
		return err
	}
	if err := validateBatchGet(tables, set, consumed); err != nil {
		return err
	}
	for _, b := range tables {
		if err := b.plan(x); err != nil {
			return err
		}
	}
	x.out = x.encodeBatchGet(tables, consumed)
	if err := allThrottled(tables); err != nil {
		x.noteReceipt(nil)
		return err
	}
	if ex := x.explaining(); ex != nil {
		for _, b := range tables {
			ex.Keys += len(b.rows)
			ex.Left += len(b.rows) - b.served
		}
	}
	return nil
}

func validateBatchGet(tables []*batchGetTable, set bool, consumed text) error {
	if !set || len(tables) == 0 {
		return invalid("The requestItems parameter is required for BatchGetItem")
	}
	var c constraints
	c.enum("returnConsumedCapacity", consumed, enumReturnConsumedCapacity)
	c.count("requestItems", "{"+strconv.Itoa(len(tables))+" tables}", len(tables), 1, maxBatchGet)
	total := 0
	for _, b := range tables {
		path := "requestItems." + b.name + ".member.keys"
		c.required(path, b.keysSet)
		if b.keysSet && len(b.keys) == 0 {
			c.add("'[]'", path, "Member must have length greater than or equal to 1")
		}
		if len(b.keys) > maxBatchGet {
			c.list = append(c.list, "Value at '"+path+"' failed to satisfy constraint: Member must have length less than or equal to "+strconv.Itoa(maxBatchGet))
		}
		b.expr.legacy.constraints(&c, "requestItems."+b.name+".member.")
		total += len(b.keys)
	}
	if err := c.err(); err != nil {
		return err
	}
	if total > maxBatchGet {
		return invalid("Too many items requested for the BatchGetItem call")
	}
	if err := mixedBatch(tables); err != nil {
		return err
	}
	for _, b := range tables {
		if err := b.validate(); err != nil {
			return err
		}
	}
	return nil
}

// mixedBatch refuses a legacy projection of one table beside a projection
// expression of another.
func mixedBatch(tables []*batchGetTable) error {
	var all expressions
	for _, b := range tables {
		all.projection.set = all.projection.set || b.expr.projection.set
		if b.expr.legacy != nil {
			all.legacy = b.expr.legacy
		}
	}
	return all.mixed()
}

func (b *batchGetTable) validate() error {
	for _, k := range b.keys {
		if k.key.bad != nil {
			return errValue(k.key.bad)
		}
	}
	if err := b.expr.check(""); err != nil {
		return err
	}
	var err error
	b.resolved, err = b.expr.resolve()
	return err
}

// plan finds the table and the places of the keys. Two keys that are equal
// only as numbers, spelled differently, are not duplicates to the service: the
// item comes back once.
func (b *batchGetTable) plan(x *exchange) error {
	var err error
	if b.table, err = x.dataTable(text{true, b.name}); err != nil {
		return err
	}
	x.note(b.table.meta.name, "")
	if err := b.table.checkPaths(b.resolved); err != nil {
		return err
	}
	b.own = b.table
	if b.table, err = x.seen(b.own, b.consistent.v, "", ""); err != nil {
		return err
	}
	seen := map[string]string{}
	for _, k := range b.keys {
		row, err := b.table.requestKey(k.key.m)
		if err != nil {
			return err
		}
		if spelled, again := seen[row]; again {
			if spelled == k.text || !numericKey(b.table.meta.keys) {
				return errDuplicateKeys()
			}
			continue
		}
		seen[row] = k.text
		b.rows = append(b.rows, row)
	}
	return nil
}

func errDuplicateKeys() *Error {
	return invalid("Provided list of item keys contains duplicates")
}

func (x *exchange) encodeBatchGet(tables []*batchGetTable, consumed text) []byte {
	var e enc
	e.open()
	e.key("Responses")
	e.open()
	names, receipts := make([]string, len(tables)), make([]*meter.Receipt, len(tables))
	room := x.s.batchRoom()
	for i, b := range tables {
		names[i], receipts[i] = b.name, b.read(x, &e, &room)
	}
	e.close()
	e.key("UnprocessedKeys")
	e.open()
	for _, b := range tables {
		b.unprocessed(&e)
	}
	e.close()
	e.consumedList(consumed, names, receipts)
	e.close()
	x.noteReceipt(merged(receipts))
	return e.b
}

// read writes the items of one table that are there and that there is room for;
// each is charged on its own, a missing one as one block.
func (b *batchGetTable) read(x *exchange, e *enc, room *batchRoom) *meter.Receipt {
	rate := meter.Eventual
	if b.consistent.v {
		rate = meter.Strong
	}
	r := &meter.Receipt{Rate: rate}
	arm := meter.Arm{Kind: meter.TableArm, Name: b.table.meta.name, Reason: meter.ReadItem}
	e.userKey(b.name)
	e.list()
	b.left = make([]bool, len(b.rows))
	for i, row := range b.rows {
		item := b.table.data.Rows().Get(row)
		if !room.take(item.Size()) || !b.admit(x, row, meter.ReadUnits(item.Size(), rate)) {
			b.left[i] = true
			continue
		}
		b.served++
		arm.Bytes += item.Size()
		arm.Blocks += meter.Blocks(item.Size(), meter.ReadBlock)
		arm.Units += meter.ReadUnits(item.Size(), rate)
		if item == nil {
			continue
		}
		r.Evaluated(item.Size(), false)
		if p := b.resolved.projection; p != nil {
			e.comma()
			e.b = attr.AppendMap(e.b, p.Apply(item))
		} else {
			e.rawElem(item.JSON())
		}
	}
	e.unlist()
	r.Add(arm)
	return r
}

// admit lets the read of a key pass.
func (b *batchGetTable) admit(x *exchange, row string, u meter.Units) bool {
	err := x.admitGet(b.own, row, u)
	if err != nil && b.over == nil {
		b.over = err
	}
	return err == nil
}

// allThrottled is the exception of a batch of which nothing was served because
// it was throttled: that of the first key that was.
func allThrottled(tables []*batchGetTable) error {
	var over error
	for _, b := range tables {
		if b.served > 0 {
			return nil
		}
		if over == nil {
			over = b.over
		}
	}
	return over
}

// unprocessed writes the keys left over, with what the request said of their
// table.
func (b *batchGetTable) unprocessed(e *enc) {
	if b.served == len(b.rows) {
		return
	}
	left := map[string]bool{}
	for i, row := range b.rows {
		if b.left[i] {
			left[row] = true
		}
	}
	e.userKey(b.name)
	e.open()
	e.key("Keys")
	e.list()
	for _, k := range b.keys {
		if row := b.table.meta.keys.RowKey(k.key.m); left[row] {
			delete(left, row)
			e.comma()
			e.b = attr.AppendMap(e.b, k.key.m)
		}
	}
	e.unlist()
	if b.consistent.set {
		e.bool("ConsistentRead", b.consistent.v)
	}
	if b.expr.projection.set {
		e.str("ProjectionExpression", b.expr.projection.v)
	}
	if l := b.expr.legacy; l != nil {
		e.key("AttributesToGet")
		e.list()
		for _, name := range l.get {
			e.comma()
			e.b = attr.AppendString(e.b, name)
		}
		e.unlist()
	}
	if b.expr.namesSet {
		e.key("ExpressionAttributeNames")
		e.open()
		for _, name := range b.expr.nameOrder {
			e.userKey(name)
			e.b = attr.AppendString(e.b, b.expr.names[name])
		}
		e.close()
	}
	e.close()
}

// merged is one receipt of several, for the page.
func merged(list []*meter.Receipt) *meter.Receipt {
	m := &meter.Receipt{Rate: list[0].Rate, Write: list[0].Write}
	for _, r := range list {
		m.Items += r.Items
		m.Replicated += r.Replicated
		m.Sizes = append(m.Sizes, r.Sizes[:min(len(r.Sizes), meter.MaxSegments-len(m.Sizes))]...)
		m.Arms = append(m.Arms, r.Arms...)
	}
	return m
}

// batchPut is one PutRequest or DeleteRequest as read.
type batchPut struct {
	put, delete bool
	body        attributes // the item or the key
	left        bool       // handed back unprocessed
}

// batchWriteTable is what a BatchWriteItem does to one table.
type batchWriteTable struct {
	name     string
	requests []batchPut
	table    *table
	writes   []*write
}

func (b *batchWriteTable) request(w wire) error {
	var r batchPut
	err := w.structure("WriteRequest", func(w wire, name string) error {
		var member string
		switch name {
		case "PutRequest":
			r.put, member = true, "Item"
		case "DeleteRequest":
			r.delete, member = true, "Key"
		default:
			return w.unknown()
		}
		return w.structure(name, func(w wire, name string) error {
			if name != member {
				return w.unknown()
			}
			if member == "Item" {
				return w.stored(&r.body)
			}
			return w.attributes(&r.body)
		})
	})
	b.requests = append(b.requests, r)
	return err
}

// lastNamed puts an entry of a map behind the others, in place of one of the
// same name: of two the last counts.
func lastNamed[T any](list []T, entry T, same func(T) bool) []T {
	return append(slices.DeleteFunc(list, same), entry)
}

func (x *exchange) batchWrite() error {
	var tables []*batchWriteTable
	var consumed, metrics text
	set := false
	err := x.fields(func(w wire, name string) error {
		switch name {
		case "ReturnConsumedCapacity":
			return w.text(&consumed)
		case "ReturnItemCollectionMetrics":
			return w.text(&metrics)
		case "RequestItems":
			set, tables = true, nil
			return w.mapping("java.util.List<"+javaPackage+"WriteRequest>", func(w wire, name string) error {
				b := &batchWriteTable{name: name}
				tables = lastNamed(tables, b, func(t *batchWriteTable) bool { return t.name == name })
				return w.array(b.request)
			})
		}
		return w.unknown()
	})
	if err != nil {
		return err
	}
	if err := validateBatchWrite(tables, set, consumed, metrics); err != nil {
		return err
	}
	seen := map[string]bool{}
	for _, b := range tables {
		if err := b.plan(x, seen); err != nil {
			return err
		}
	}
	var writes []*write
	var over error
	room := x.s.batchRoom()
	for _, b := range tables {
		if err := b.leave(x, &room); over == nil {
			over = err
		}
		writes = append(writes, b.writes...)
	}
	if len(writes) == 0 && over != nil {
		return over
	}
	if x.s.overfull(writes...) >= 0 {
		return errCollectionSize()
	}
	for _, w := range writes {
		x.s.commit(w)
	}
	x.out = x.encodeBatchWrite(tables, consumed, metrics)
	return nil
}

func validateBatchWrite(tables []*batchWriteTable, set bool, consumed, metrics text) error {
	if !set || len(tables) == 0 {
		return invalid("The requestItems parameter is required for BatchWriteItem")
	}
	var c constraints
	c.enum("returnConsumedCapacity", consumed, enumReturnConsumedCapacity)
	c.enum("returnItemCollectionMetrics", metrics, enumItemCollectionMetrics)
	c.count("requestItems", "{"+strconv.Itoa(len(tables))+" tables}", len(tables), 1, maxBatchWrite)
	total := 0
	for _, b := range tables {
		if n := len(b.requests); n == 0 || n > maxBatchWrite {
			c.add("'{"+b.name+"=["+strconv.Itoa(n)+" write requests]}'", "requestItems",
				"Map value must satisfy constraint: [Member must have length less than or equal to 25, Member must have length greater than or equal to 1]")
		}
		for i := range b.requests {
			b.requests[i].constraints(&c, "requestItems."+b.name+".member."+strconv.Itoa(i+1)+".member.")
		}
		total += len(b.requests)
	}
	if err := c.err(); err != nil {
		return err
	}
	if total > maxBatchWrite {
		return invalid("Too many items requested for the BatchWriteItem call")
	}
	for _, b := range tables {
		for i := range b.requests {
			if err := b.requests[i].validate(); err != nil {
				return err
			}
		}
	}
	return nil
}

func (r *batchPut) constraints(c *constraints, path string) {
	switch {
	case r.put && !r.delete:
		c.required(path+"putRequest.item", r.body.set)
	case r.delete && !r.put:
		c.required(path+"deleteRequest.key", r.body.set)
	}
}

func (r *batchPut) validate() error {
	switch {
	case r.put == r.delete:
		return invalid("Supplied WriteRequest must contain exactly one of PutRequest, DeleteRequest")
	case r.body.bad != nil:
		return errValue(r.body.bad)
	case r.put && r.body.m.Size() > maxItem:
		return invalid(textItemSize)
	}
	return nil
}

// plan plans every request of one table; the service reports a put whose key
// does not fit like a key that does not. seen are the rows planned so far: two
// entries may be of one table, by its name and by its ARN.
func (b *batchWriteTable) plan(x *exchange, seen map[string]bool) error {
	var err error
	if b.table, err = x.dataTable(text{true, b.name}); err != nil {
		return err
	}
	x.note(b.table.meta.name, "")
	latest, err := x.latest(b.table)
	if err != nil {
		return err
	}
	for i := range b.requests {
		r := &b.requests[i]
		w, err := b.planOne(latest, r)
		if err != nil {
			return err
		}
		w.table = b.table
		place := b.table.meta.id + w.change.Key
		if seen[place] {
			return errDuplicateKeys()
		}
		seen[place] = true
		b.writes = append(b.writes, w)
	}
	return nil
}

// leave hands back what there is no room for, the writes to items of open
// transactions, the operation having no exception for a conflict, and what is
// throttled: over is why the first of these was.
func (b *batchWriteTable) leave(x *exchange, room *batchRoom) (over error) {
	kept := b.writes[:0]
	for i, w := range b.writes {
		b.requests[i].left = !room.take(0) || x.conflicts(b.table, w.change.Key) || x.s.underWay(b.table, w.change.Key)
		if !b.requests[i].left {
			if err := x.s.admitWrite(w); err != nil {
				b.requests[i].left = true
				if over == nil {
					over = err
				}
			}
		}
		if !b.requests[i].left {
			kept = append(kept, w)
		}
	}
	b.writes = kept
	return over
}

// unprocessed writes the requests that are handed back.
func (b *batchWriteTable) unprocessed(e *enc) {
	if len(b.writes) == len(b.requests) {
		return
	}
	e.userKey(b.name)
	e.list()
	for i := range b.requests {
		if b.requests[i].left {
			b.requests[i].encode(e)
		}
	}
	e.unlist()
}

func (r *batchPut) encode(e *enc) {
	kind, member := "PutRequest", "Item"
	if r.delete {
		kind, member = "DeleteRequest", "Key"
	}
	e.open()
	e.key(kind)
	e.open()
	e.item(member, r.body.m)
	e.close()
	e.close()
}

func (b *batchWriteTable) planOne(t *table, r *batchPut) (*write, error) {
	if r.delete {
		return t.planDelete(r.body.m, nil)
	}
	for _, a := range b.table.meta.keys.Attrs() {
		if v, ok := r.body.m.Get(a.Name); !ok || v.Kind() != a.Kind {
			return nil, errKeySchema()
		}
	}
	return t.planPut(r.body.m, r.body.item, nil)
}

func (x *exchange) encodeBatchWrite(tables []*batchWriteTable, consumed, metrics text) []byte {
	var e enc
	e.open()
	e.key("UnprocessedItems")
	e.open()
	for _, b := range tables {
		b.unprocessed(&e)
	}
	e.close()
	if metrics.v == "SIZE" {
		e.batchMetrics(tables)
	}
	names, receipts := make([]string, len(tables)), make([]*meter.Receipt, len(tables))
	for i, b := range tables {
		names[i], receipts[i] = b.name, b.receipt()
	}
	e.consumedList(consumed, names, receipts)
	e.close()
	x.noteReceipt(merged(receipts))
	return e.b
}

func (e *enc) batchMetrics(tables []*batchWriteTable) {
	e.key("ItemCollectionMetrics")
	e.open()
	for _, b := range tables {
		if !b.table.meta.hasLocal() {
			continue
		}
		if len(b.writes) == 0 {
			continue
		}
		e.userKey(b.name)
		e.list()
		for _, w := range b.writes {
			e.metricsEntry(w)
		}
		e.unlist()
	}
	e.close()
}

// receipt adds the writes of one table up, arm by arm.
func (b *batchWriteTable) receipt() *meter.Receipt {
	if len(b.writes) == 0 {
		arm := meter.Arm{Kind: meter.TableArm, Name: b.table.meta.name, Reason: meter.WriteNothing}
		return &meter.Receipt{Write: true, Rate: meter.Standard, Arms: []meter.Arm{arm}}
	}
	return summed(b.writes)
}

// summed adds the receipts of writes to one table up, arm by arm.
func summed(writes []*write) *meter.Receipt {
	sum := *writes[0].receipt
	sum.Arms = append([]meter.Arm(nil), sum.Arms...)
	for _, w := range writes[1:] {
		sum.Replicated += w.receipt.Replicated
		for i, a := range w.receipt.Arms {
			sum.Arms[i].Units += a.Units
			sum.Arms[i].Blocks += a.Blocks
			sum.Arms[i].Bytes += a.Bytes
			sum.Arms[i].Before += a.Before
			sum.Arms[i].After += a.After
			if a.Units > 0 {
				sum.Arms[i].Reason = a.Reason
			}
		}
	}
	return &sum
}

// numericKey reports whether a key attribute is a number, which can be spelled in
// several ways.
func numericKey(k store.Key) bool {
	for _, a := range k.Attrs() {
		if a.Kind == attr.N {
			return true
		}
	}
	return false
}
