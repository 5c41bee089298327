package engine

import (
	"strings"

	"github.com/sortkey/sortkey/engine/attr"
	"github.com/sortkey/sortkey/engine/expr"
	"github.com/sortkey/sortkey/engine/meter"
)

var itemOperations = []operation{
	{"PutItem", true, (*exchange).putItem},
	{"GetItem", false, (*exchange).getItem},
	{"UpdateItem", true, (*exchange).updateItem},
	{"DeleteItem", true, (*exchange).deleteItem},
}

// maxItem is the largest item in bytes, inclusive.
const maxItem = 409_600

// maxAttributeName is the longest attribute name in bytes.
const maxAttributeName = 65535

// writeInput is the request of PutItem, UpdateItem and DeleteItem.
type writeInput struct {
	table        text
	body         attributes // Item or Key
	expr         expressions
	returnValues text
	onFailure    text
	consumed     text
	metrics      text
}

// readWrite reads a write request; subject is the member that carries the item
// or the key, exprs are its expression members.
func (x *exchange) readWrite(subject string, exprs ...string) (*writeInput, error) {
	in := &x.put
	err := x.fields(func(w wire, name string) error {
		switch name {
		case "TableName":
			return w.text(&in.table)
		case subject:
			if subject == "Item" {
				return w.stored(&in.body)
			}
			return w.lent(&in.body)
		case "ReturnValues":
			return w.text(&in.returnValues)
		case "ReturnValuesOnConditionCheckFailure":
			return w.text(&in.onFailure)
		case "ReturnConsumedCapacity":
			return w.text(&in.consumed)
		case "ReturnItemCollectionMetrics":
			return w.text(&in.metrics)
		}
		return in.expr.member(w, name, exprs...)
	})
	x.note(in.table.v, "")
	return in, err
}

// validate makes the checks that need no table. subject is the member that
// carries the item or key, nulls the expression members for the text on values
// without expression.
func (in *writeInput) validate(operation, subject, nulls string) error {
	if err := validateDataName(in.table); err != nil {
		return err
	}
	var c constraints
	if operation == "UpdateItem" { // reports a wrong ReturnValues alone
		c.enum("returnValues", in.returnValues, enumReturnValues)
		if err := c.err(); err != nil {
			return err
		}
	}
	c.required(subject, in.body.set)
	c.enum("returnConsumedCapacity", in.consumed, enumReturnConsumedCapacity)
	c.enum("returnItemCollectionMetrics", in.metrics, enumItemCollectionMetrics)
	c.enum("returnValues", in.returnValues, enumReturnValues)
	c.enum("returnValuesOnConditionCheckFailure", in.onFailure, enumOnConditionFailure)
	in.expr.legacy.constraints(&c, "")
	if err := c.err(); err != nil {
		return err
	}
	in.expr.bareNull = operation != "DeleteItem"
	if err := in.expr.check(nulls); err != nil {
		return err
	}
	if in.body.bad != nil {
		return errValue(in.body.bad)
	}
	if err := in.expr.legacy.values(); err != nil {
		return err
	}
	if v := in.returnValues.v; operation != "UpdateItem" && in.returnValues.set && v != "NONE" && v != "ALL_OLD" {
		return invalid(textReturnValues).shaped(requestShape)
	}
	return nil
}

// validateDataName checks the TableName of a data-plane request. It is
// reported alone.
func validateDataName(name text) error {
	var c constraints
	c.dataName("tableName", name)
	return c.err()
}

// dataName checks a table's name or ARN where data is read or written.
func (c *constraints) dataName(path string, name text) {
	c.required(path, name.set)
	if strings.HasPrefix(name.v, "arn:") {
		c.length(path, name, 1, 1024)
		return
	}
	if name.v != "" {
		c.name(path, name)
	}
	c.length(path, name, 1, 255)
}

func (x *exchange) putItem() error {
	in, err := x.readWrite("Item", "ConditionExpression", "Expected", "ConditionalOperator")
	if err != nil {
		return err
	}
	if err := in.validate("PutItem", "item", "ConditionExpression is null"); err != nil {
		return err
	}
	if in.body.m.Size() > maxItem {
		return invalid(textItemSize)
	}
	return x.write(in, func(t *table, r *resolved) (*write, error) { return t.planPut(in.body.m, in.body.item, r.condition) })
}

func (x *exchange) deleteItem() error {
	in, err := x.readWrite("Key", "ConditionExpression", "Expected", "ConditionalOperator")
	if err != nil {
		return err
	}
	if err := in.validate("DeleteItem", "key", "ConditionExpression is null"); err != nil {
		return err
	}
	return x.write(in, func(t *table, r *resolved) (*write, error) { return t.planDelete(in.body.m, r.condition) })
}

func (x *exchange) updateItem() error {
	in, err := x.readWrite("Key", "UpdateExpression", "ConditionExpression", "AttributeUpdates", "Expected", "ConditionalOperator")
	if err != nil {
		return err
	}
	if err := in.validate("UpdateItem", "key", "UpdateExpression and ConditionExpression are null"); err != nil {
		return err
	}
	return x.write(in, func(t *table, r *resolved) (*write, error) {
		w, err := t.planUpdate(in.body.m, r.update, r.condition, updateSize)
		if e, ok := err.(*Error); ok && e.Fault != nil {
			e.Fault.Source = in.expr.update.v
		}
		return w, err
	})
}

// write takes a validated request from its expressions to its reply.
func (x *exchange) write(in *writeInput, plan func(*table, *resolved) (*write, error)) error {
	r, err := in.expr.resolve()
	if err != nil {
		return err
	}
	t, err := x.tableFor(in, r)
	if err != nil {
		return err
	}
	latest, err := x.latest(t)
	if err != nil {
		return err
	}
	w, err := plan(latest, r)
	if err != nil {
		return err
	}
	w.table = t
	return x.finish(in, w, r.update)
}

// tableFor is the table of a write, which the request's document paths suit.
func (x *exchange) tableFor(in *writeInput, r *resolved) (*table, error) {
	t, err := x.dataTable(in.table)
	if err != nil {
		return nil, err
	}
	x.note(t.meta.name, "")
	return t, t.checkPaths(r)
}

// finish commits a planned write and encodes its reply, or reports that its
// condition failed.
func (x *exchange) finish(in *writeInput, w *write, u *expr.Update) error {
	if x.conflicts(w.table, w.change.Key) {
		return fail("TransactionConflictException", textConflict)
	}
	if x.s.underWay(w.table, w.change.Key) {
		return fail("ReplicatedWriteConflictException", textReplicatedConflict)
	}
	if x.s.overfull(w) >= 0 {
		return errCollectionSize()
	}
	if err := x.s.admitWrite(w); err != nil {
		return err
	}
	x.noteReceipt(w.receipt)
	if x.trace != nil {
		x.trace.Write = &WriteTrace{Change: w.change, Refused: w.refused, Before: w.table.data.Copy()}
	}
	if w.refused {
		e := fail("ConditionalCheckFailedException", textConditionFailed)
		if in.onFailure.v == "ALL_OLD" {
			e.Item = w.change.Before
		}
		return e
	}
	x.s.commit(w)
	e := x.enc()
	e.open()
	e.returned(in.returnValues.v, w, u)
	e.consumed(in.consumed, in.table.v, w.receipt)
	e.collectionMetrics(in.metrics, w)
	e.close()
	x.out = e.b
	return nil
}

// returned writes the Attributes member in the mode asked for; nothing to
// return means no member.
func (e *enc) returned(mode string, w *write, u *expr.Update) {
	before, after := w.change.Before, w.change.After
	switch mode {
	case "ALL_OLD":
		if before != nil {
			e.raw("Attributes", before.JSON())
		}
	case "ALL_NEW":
		if after != nil {
			e.raw("Attributes", after.JSON())
		}
	case "UPDATED_OLD":
		if u != nil && before != nil {
			e.attributes(u.Old(before.Map()))
		}
	case "UPDATED_NEW":
		if u != nil && after != nil {
			e.attributes(u.New(after.Map()))
		}
	}
}

func (e *enc) attributes(m attr.Map) {
	if len(m) > 0 {
		e.item("Attributes", m)
	}
}

// collectionMetrics writes ItemCollectionMetrics, which only tables with local
// indexes have. The estimate is DynamoDB's: a range in whole gigabytes.
func (e *enc) collectionMetrics(mode text, w *write) {
	if mode.v != "SIZE" || !w.table.meta.hasLocal() {
		return
	}
	e.key("ItemCollectionMetrics")
	e.metricsEntry(w)
}

// metricsEntry writes one ItemCollectionMetrics object.
func (e *enc) metricsEntry(w *write) {
	e.open()
	e.item("ItemCollectionKey", attr.Map{{Name: w.table.meta.keys.Hash[0].Name, Value: w.hash}})
	gb := w.table.collectionBytes(w.hash) >> 30
	e.key("SizeEstimateRangeGB")
	e.list()
	e.rawElem(meter.Units(2 * gb).String())
	e.rawElem(meter.Units(2 * (gb + 1)).String())
	e.unlist()
	e.close()
}

func (m *tableMeta) hasLocal() bool {
	for i := range m.indexes {
		if m.indexes[i].spec.Local {
			return true
		}
	}
	return false
}

// getInput is the request of GetItem.
type getInput struct {
	table      text
	key        attributes
	consistent flag
	consumed   text
	expr       expressions
}

func (in *getInput) member(w wire, name string) error {
	switch name {
	case "TableName":
		return w.text(&in.table)
	case "Key":
		return w.lent(&in.key)
	case "ConsistentRead":
		return w.flag(&in.consistent)
	case "ReturnConsumedCapacity":
		return w.text(&in.consumed)
	}
	return in.expr.member(w, name, "ProjectionExpression", "AttributesToGet")
}

func (in *getInput) validate() error {
	if err := validateDataName(in.table); err != nil {
		return err
	}
	var c constraints
	c.required("key", in.key.set)
	c.enum("returnConsumedCapacity", in.consumed, enumReturnConsumedCapacity)
	in.expr.legacy.constraints(&c, "")
	if err := c.err(); err != nil {
		return err
	}
	if err := in.expr.check(""); err != nil {
		return err
	}
	if in.key.bad != nil {
		return errValue(in.key.bad)
	}
	return nil
}

func (x *exchange) getItem() error {
	in := &x.get
	if err := x.fields(in.member); err != nil {
		return err
	}
	x.note(in.table.v, "")
	if err := in.validate(); err != nil {
		return err
	}
	r, err := in.expr.resolve()
	if err != nil {
		return err
	}
	t, err := x.dataTable(in.table)
	if err != nil {
		return err
	}
	x.note(t.meta.name, "")
	if err := t.checkPaths(r); err != nil {
		return err
	}
	key, err := t.requestKey(in.key.m)
	if err != nil {
		return err
	}
	own := t
	if t, err = x.seen(t, in.consistent.v, "", key); err != nil {
		return err
	}
	item := t.data.Rows().Get(key)
	var receipt *meter.Receipt
	if x.trace != nil || in.consumed.set || x.s.measures(own) {
		receipt = t.getReceipt(item, in.consistent.v)
		if err := x.admitGet(own, key, receipt.Total()); err != nil {
			return err
		}
		x.noteReceipt(receipt)
	}
	x.noteGet(t, key, in.key.m, item)
	x.explainGet(t, key, in.key.m)
	x.out = in.encode(x.enc(), item, r.projection, receipt)
	return nil
}

// getReceipt charges the whole item, whatever the projection leaves of it.
func (t *table) getReceipt(item *attr.Item, consistent bool) *meter.Receipt {
	rate := meter.Eventual
	if consistent {
		rate = meter.Strong
	}
	reason := meter.ReadItem
	if item == nil {
		reason = meter.ReadMissing
	}
	r := meter.Read(t.meta.name, meter.TableArm, reason, item.Size(), rate)
	if item != nil {
		r.Evaluated(item.Size(), false)
	}
	return r
}

func (in *getInput) encode(e enc, item *attr.Item, p *expr.Projection, r *meter.Receipt) []byte {
	e.open()
	switch {
	case item == nil:
	case p != nil:
		e.item("Item", p.Apply(item))
	default:
		e.raw("Item", item.JSON())
	}
	e.consumed(in.consumed, in.table.v, r)
	e.close()
	return e.b
}
