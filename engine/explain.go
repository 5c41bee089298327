package engine

import (
	"encoding/base64"
	"fmt"
	"strconv"
	"time"

	"github.com/sortkey/sortkey/engine/attr"
	"github.com/sortkey/sortkey/engine/expr"
	"github.com/sortkey/sortkey/engine/meter"
	"github.com/sortkey/sortkey/engine/store"
)

// Access is how a read finds its items.
type Access uint8

// The ways of access.
const (
	ByKey       Access = iota + 1 // GetItem, BatchGetItem, TransactGetItems: each item by its whole key
	ByPartition                   // Query: a range of one item collection
	ByAll                         // Scan: everything, or one segment of it
)

// Explanation tells how a read is served, and what all of it costs: every page,
// not only the first. It is made by serving the read, with the plans that any
// read has, and changes nothing.
type Explanation struct {
	Operation string
	Table     string
	Index     string // "" for the table
	Access    Access
	How       []string // the way to the items, in a sentence or two
	Why       []string // How, and all else there is to say: sentences
	Range     KeyRange
	Span      store.Span // of the tree's row keys, before the first page
	Rate      meter.Rate
	Age       time.Duration // of what an eventually consistent read sees
	IndexLag  time.Duration // of a global secondary index: part of Age
	Keys      int           // asked for ByKey
	Left      int           // of these: handed back unprocessed
	Evaluated int           // items or index entries, of all pages
	Returned  int           // of these: let through by the filter
	Pages     int
	Complete  bool // false: there are more pages than MaxExplainedPages
	Units     meter.Units
	Receipt   *meter.Receipt // of the first page
	fetches   bool           // a local index that lacks what is asked for
	allEqual  bool           // a Query with one value for all of the key
}

// KeyRange is what a read demands of the key: of the tree's whole key in a
// GetItem, of its partition key and of the leading sort key attributes in a
// Query; nothing in a Scan.
type KeyRange struct {
	Text     string   // pk = "a" AND sk >= 5; "" for none
	Equal    attr.Map // the attributes with one value, partition key first
	Sort     string   // the attribute that is restricted to a range, "" for none
	From, To *Bound   // nil: open
	Prefix   bool     // values that begin with From
}

// Bound is one end of a range.
type Bound struct {
	Value     attr.Value
	Inclusive bool
}

// MaxExplainedPages bounds how many pages of a read are counted.
const MaxExplainedPages = 100

// Explain tells how a read would be served now: a GetItem, Query, Scan,
// BatchGetItem or TransactGetItems. Where the service refuses it, the error is
// the *[Error] of the reply.
func (e *Engine) Explain(c Call) (Explanation, error) {
	ex := &Explanation{Operation: Operation(c.Target), Pages: 1, Complete: true}
	switch ex.Operation {
	case "GetItem", "BatchGetItem", "TransactGetItems":
		ex.Access = ByKey
	case "Query":
		ex.Access = ByPartition
	case "Scan":
		ex.Access = ByAll
	default:
		return *ex, fmt.Errorf("only reads can be explained: GetItem, Query, Scan, BatchGetItem and TransactGetItems")
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	tr := &Trace{explain: ex}
	if reply, _ := e.handle(c, tr); tr.Err != nil {
		return *ex, tr.Err
	} else if reply.Status != 200 {
		return *ex, errInternal()
	}
	ex.finish(tr)
	return *ex, nil
}

// explaining is where the explanation goes that was asked for, nil if none was.
func (x *exchange) explaining() *Explanation {
	if x.trace == nil {
		return nil
	}
	return x.trace.explain
}

// finish adds what the trace knows of every read.
func (ex *Explanation) finish(tr *Trace) {
	ex.Table, ex.Index, ex.Age, ex.IndexLag = tr.Table, tr.Index, tr.Age, tr.IndexLag
	if ex.Receipt == nil {
		ex.Receipt = tr.Receipt
		ex.Units, ex.Evaluated, ex.Returned = tr.Receipt.Total(), tr.Receipt.Items, tr.Receipt.Items
	}
	ex.Rate = ex.Receipt.Rate
	ex.How, ex.Why = ex.how(), ex.why()
}

// explainGet notes the key of a GetItem.
func (x *exchange) explainGet(t *table, row string, key attr.Map) {
	ex := x.explaining()
	if ex == nil {
		return
	}
	ex.Keys, ex.Span = 1, store.Span{From: row, To: store.After(row)}
	key = attr.NewItem(key).Map() // the request's own is lent
	for _, a := range t.meta.keys.Attrs() {
		v, _ := key.Get(a.Name)
		ex.Range.equal(a.Name, v)
	}
}

// explain serves page after page, as a caller would who follows
// LastEvaluatedKey.
func (p *readPlan) explain(x *exchange, ex *Explanation) {
	ex.Span = p.span
	if p.condition != nil {
		ex.Range = p.keyRange(p.condition)
	}
	ex.fetches, ex.allEqual = p.fetch, p.terms == EqualTerm
	for ex.Pages = 1; ; ex.Pages++ {
		x.out, _ = p.run(x)
		r := x.trace.Receipt
		if ex.Receipt == nil {
			ex.Receipt = r
		}
		ex.Evaluated += r.Items
		ex.Returned += r.Items - r.Dropped
		ex.Units += r.Total()
		if !x.trace.Read.More || p.startAfter(x.trace.Read.Cursor) != nil {
			return // a read of one row cannot be started after it
		}
		if ex.Pages == MaxExplainedPages {
			ex.Complete = false
			return
		}
	}
}

// keyRange is a key condition as data and text.
func (p *readPlan) keyRange(kc *expr.KeyCondition) (r KeyRange) {
	for i, a := range p.key.Hash {
		r.equal(a.Name, kc.Hash[i])
	}
	for _, term := range kc.Range {
		r.term(term)
	}
	return r
}

func (r *KeyRange) and(text string) {
	if r.Text != "" {
		r.Text += " AND "
	}
	r.Text += text
}

func (r *KeyRange) equal(name string, v attr.Value) {
	r.Equal = append(r.Equal, attr.Member{Name: name, Value: v})
	r.and(name + " = " + literal(v))
}

func (r *KeyRange) term(t expr.RangeTerm) {
	if t.Op == expr.RangeEQ {
		r.equal(t.Name, t.Low)
		return
	}
	r.Sort = t.Name
	low := literal(t.Low)
	switch t.Op {
	case expr.RangeLT:
		r.To = &Bound{Value: t.Low}
		r.and(t.Name + " < " + low)
	case expr.RangeLE:
		r.To = &Bound{t.Low, true}
		r.and(t.Name + " <= " + low)
	case expr.RangeGT:
		r.From = &Bound{Value: t.Low}
		r.and(t.Name + " > " + low)
	case expr.RangeGE:
		r.From = &Bound{t.Low, true}
		r.and(t.Name + " >= " + low)
	case expr.RangeBetween:
		r.From, r.To = &Bound{t.Low, true}, &Bound{t.High, true}
		r.and(t.Name + " BETWEEN " + low + " AND " + literal(t.High))
	case expr.RangeBeginsWith:
		r.From, r.Prefix = &Bound{t.Low, true}, true
		r.and("begins_with(" + t.Name + ", " + low + ")")
	}
}

// literal is a key value as text: a string in quotes, a number, or bytes in
// base64.
func literal(v attr.Value) string {
	switch v.Kind() {
	case attr.S:
		return strconv.Quote(v.Str())
	case attr.B:
		return "b64" + strconv.Quote(base64.StdEncoding.EncodeToString([]byte(v.Str())))
	}
	return v.Number().String()
}

// why tells in sentences what the explanation has as data.
func (ex *Explanation) why() []string {
	list := ex.how()
	if n := ex.Evaluated - ex.Returned; n > 0 {
		list = append(list, fmt.Sprintf("The filter looks at what was read: it drops %s, which %s paid for all the same.",
			several(n, "item"), map[bool]string{true: "is", false: "are"}[n == 1]))
	}
	if ex.Left > 0 {
		list = append(list, several(ex.Left, "key")+" came back unprocessed and must be asked for again.")
	}
	list = append(list, ex.whyConsistency())
	switch {
	case !ex.Complete:
		list = append(list, fmt.Sprintf("There are more than %d pages; those were counted.", ex.Pages))
	case ex.Pages > 1:
		list = append(list, fmt.Sprintf("Reading all takes %d requests, each with the LastEvaluatedKey of the one before.", ex.Pages))
	}
	return list
}

// how is the way to the items: the beginning of why.
func (ex *Explanation) how() []string {
	list := []string{ex.whyAccess()}
	if ex.Index != "" {
		list = append(list, ex.whyIndex())
	}
	return list
}

func (ex *Explanation) whyAccess() string {
	switch {
	case ex.Access == ByAll:
		return "A Scan has no key condition: it reads everything in its segment, in the order of the hashes."
	case ex.Access == ByKey && ex.Keys == 1:
		return "The whole key is given: one item is looked up."
	case ex.Access == ByKey:
		return "The whole key of each item is given: " + several(ex.Keys, "item") + " are looked up."
	case ex.Range.Sort != "":
		return "The partition key has one value, and the sort key is restricted: only that stretch of one item collection is read."
	case ex.allEqual:
		return "The partition key and the sort key have one value each: only what lies there is read."
	}
	return "The partition key has one value: one item collection is read, all of it."
}

func (ex *Explanation) whyIndex() string {
	arm := ex.Receipt.Arms[len(ex.Receipt.Arms)-1]
	words := "IndexName asks for the local secondary index " + ex.Index + "."
	if arm.Kind == meter.GSIArm {
		words = "IndexName asks for the global secondary index " + ex.Index + ", which has capacity of its own."
	}
	if ex.fetches {
		words += " It lacks attributes that are asked for, so each item is fetched from the table as well."
	}
	return words
}

func (ex *Explanation) whyConsistency() string {
	switch {
	case ex.Rate == meter.Transactional:
		return "Transactional: all items are as of one moment, for twice the units of a strongly consistent read."
	case ex.Rate == meter.Strong:
		return "Strongly consistent: it sees every write that has succeeded, for twice the units of an eventually consistent read."
	case ex.Age > 0:
		return "Eventually consistent: what it sees is " + ex.Age.String() + " old."
	}
	return "Eventually consistent: what it sees could be a little old, but is not."
}

// several is a count with its noun.
func several(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return strconv.Itoa(n) + " " + noun + "s"
}
