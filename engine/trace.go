package engine

import (
	"slices"
	"time"

	"github.com/sortkey/sortkey/engine/attr"
	"github.com/sortkey/sortkey/engine/meter"
	"github.com/sortkey/sortkey/engine/store"
)

// Trace tells how a call was served: for the page, the receipt and tests. It
// is not part of the wire format.
type Trace struct {
	Operation string // "Query"; empty for an unknown target
	Region    string
	Table     string // the table's name, "" for operations without one
	Index     string
	Receipt   *meter.Receipt // nil where nothing was metered
	Age       time.Duration  // how old what an eventually consistent read saw was
	IndexLag  time.Duration  // of a global secondary index that was read: part of Age
	Read      *ReadTrace
	Write     *WriteTrace
	Unknown   []Unknown    // members of the request that were ignored, in its order
	Err       *Error       // nil where the call succeeded
	After     *store.Table // a copy of the table as the call left it, nil for none; see Shape
	Holders   []string     // open transactions that were in the way, each once
	Counted   bool         // what the table was asked for counts: the call has changed state even if it failed
	explain   *Explanation // nil unless that was asked for
}

// ReadTrace tells which rows a read evaluated.
type ReadTrace struct {
	Index     *store.Index // nil for the table
	Reverse   bool
	Partition bool // a Query or GetItem: one partition key value
	Span      store.Span
	Terms     Terms
	Rows      []ReadRow
	More      bool // a LastEvaluatedKey was returned
	Cursor    attr.Map
	Around    *Around // of a Query or GetItem
}

// Terms says how a Query restricts the sort key.
type Terms uint8

// The ways: not at all, to one value, to an interval.
const (
	NoTerm Terms = iota
	EqualTerm
	RangeTerm
)

// ReadRow is one evaluated row: the item or index entry, whether the filter
// let it through, and where its partition key lies.
type ReadRow struct {
	Item      *attr.Item
	Bytes     int // as charged: of an index entry, not of the item fetched for it
	Returned  bool
	Hash      uint64
	Partition int // 0-based
}

// WriteTrace tells what a write did to the item and to every index.
type WriteTrace struct {
	Change  store.Change
	Refused bool // the condition failed: nothing was written
	Before  *store.Table
}

// note records the table and index of a request in the trace.
func (x *exchange) note(table, index string) {
	if x.trace != nil {
		x.trace.Table, x.trace.Index = table, index
	}
}

// noteHolder records an open transaction that has an item of the request.
func (x *exchange) noteHolder(name string) {
	if x.trace != nil && !slices.Contains(x.trace.Holders, name) {
		x.trace.Holders = append(x.trace.Holders, name)
	}
}

func (x *exchange) noteReceipt(r *meter.Receipt) {
	if r != nil {
		r.Age = x.age
	}
	x.s.charged = r
	if x.trace != nil {
		x.trace.Receipt = r
	}
}
