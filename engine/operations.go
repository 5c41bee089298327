package engine

import (
	"bytes"
	"strings"
	"time"
)

// operation is a row of the operations table: the name in the target and the
// function that decodes, validates, plans, commits and encodes.
type operation struct {
	name   string
	writes bool // may change state: what a history must keep
	serve  func(x *exchange) error
}

// families are the families of operations, one file each.
func families() [][]operation {
	return [][]operation{tableOperations, itemOperations, queryOperations, batchOperations, transactOperations, ttlOperations,
		tagOperations, policyOperations, limitOperations}
}

// operations is the one list of operations: every family's rows. It is filled
// from init because an operation's function may itself look the table up.
var operations map[string]*operation

func init() {
	operations = map[string]*operation{}
	for _, family := range families() {
		for i := range family {
			operations[family[i].name] = &family[i]
		}
	}
}

// targetPrefix opens the X-Amz-Target of the service.
const targetPrefix = "DynamoDB_20120810."

// Writes reports whether the call's operation may change state, so that a
// history has to keep it.
func (c Call) Writes() bool {
	op := operations[strings.TrimPrefix(c.Target, targetPrefix)]
	return op != nil && op.writes
}

// Serves reports whether a target names an operation that there is.
func Serves(target string) bool { return operations[Operation(target)] != nil }

// Target is the X-Amz-Target of an operation's name.
func Target(operation string) string { return targetPrefix + operation }

// Operation is the operation's name in a target, "" if the target is not one
// of this service.
func Operation(target string) string {
	name, ok := strings.CutPrefix(target, targetPrefix)
	if !ok {
		return ""
	}
	return name
}

// Operations lists the names of the operations served, unsorted families in
// the order of the operations table.
func Operations() []string {
	var names []string
	for _, family := range families() {
		for _, op := range family {
			names = append(names, op.name)
		}
	}
	return names
}

// exchange is one request on its way through the engine.
type exchange struct {
	s         *state
	region    *region
	operation string
	call      Call
	body      []byte // of the call
	trace     *Trace // nil unless observed
	out       []byte
	age       time.Duration // of what an eventually consistent read saw
	// indexLag is how far a global secondary index that was read is behind.
	indexLag time.Duration
	get      getInput   // of GetItem: room for the request
	put      writeInput // of PutItem, UpdateItem and DeleteItem
}

func (s *state) serve(c Call, tr *Trace) Reply {
	if tr != nil {
		tr.Region = s.region(c.Region).name
	}
	name, ok := strings.CutPrefix(c.Target, targetPrefix)
	op := operations[name]
	if !ok || op == nil {
		return errUnknownOperation(name).observe(tr)
	}
	if tr != nil {
		tr.Operation = op.name
	}
	x := &s.exchange
	*x = exchange{s: s, region: s.region(c.Region), operation: op.name, call: c, body: c.Body, trace: tr}
	var err error
	if c.Hold != "" {
		err = s.checkHold(op, c.Hold)
	}
	if err == nil {
		err = op.serve(x)
	}
	if tr != nil {
		tr.Age, tr.IndexLag = x.age, x.indexLag
	}
	if err != nil {
		e := asError(err)
		if s.opts.Envelope {
			e.envelope(op.name)
		}
		return e.observe(tr)
	}
	s.scratch = x.out
	return Reply{Status: 200, Body: bytes.Clone(x.out)}
}

// enc begins the encoding of the reply.
func (x *exchange) enc() enc { return enc{b: x.s.scratch[:0]} }

// asError is the service error in err; anything else is a bug, and panics for
// Handle to report.
func asError(err error) *Error {
	if e, ok := err.(*Error); ok {
		return e
	}
	panic(err)
}

// observe notes the error in the trace and encodes it.
func (e *Error) observe(tr *Trace) Reply {
	if tr != nil {
		tr.Err = e
	}
	return e.reply()
}
