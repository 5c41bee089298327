package engine

import (
	"bytes"
	"slices"
	"strings"
	"time"
)

// service is one of Amazon's services that the engine answers for: what stands
// before the dot in a target.
type service string

const (
	serviceTables  service = "DynamoDB_20120810"
	serviceStreams service = "DynamoDBStreams_20120810"
	serviceScaling service = "AnyScaleFrontendService"
)

// target is the X-Amz-Target of an operation of the service.
func (v service) target(operation string) string { return string(v) + "." + operation }

// operation is a row of the operations table: the name in the target and the
// function that decodes, validates, plans, commits and encodes.
type operation struct {
	name   string
	writes bool // may change state: what a history must keep
	serve  func(x *exchange) error
}

// listed is an operation as it is looked up: with the base of its service time
// (service.go), and whether it reads or writes items and so uses capacity.
type listed struct {
	*operation
	base    time.Duration
	metered bool
}

// family is a family of operations, one file each, and the service that they
// are of.
type family struct {
	service service
	rows    []operation
}

func families() []family {
	return []family{
		{serviceTables, tableOperations}, {serviceTables, itemOperations}, {serviceTables, queryOperations},
		{serviceTables, batchOperations}, {serviceTables, transactOperations}, {serviceTables, ttlOperations},
		{serviceTables, tagOperations}, {serviceTables, policyOperations}, {serviceTables, limitOperations},
		{serviceTables, globalOperations},
		{serviceStreams, streamOperations}, {serviceScaling, scalingOperations},
	}
}

// operations is the one list of operations, every family's rows by target;
// services tells which service has an operation of a name, the first where
// several have one. They are filled from init because an operation's function
// may itself look the table up.
var (
	operations map[string]*listed
	services   map[string]service
)

func init() {
	operations, services = map[string]*listed{}, map[string]service{}
	for _, f := range families() {
		for i := range f.rows {
			op := &listed{operation: &f.rows[i], base: baseControl}
			if base, ok := serviceBases[op.name]; ok {
				op.base, op.metered = base, true
			}
			operations[f.service.target(op.name)] = op
			if services[op.name] == "" {
				services[op.name] = f.service
			}
		}
	}
}

// Writes reports whether the call's operation may change what is stored. See
// Engine.Changes.
func (c Call) Writes() bool {
	op := operations[c.Target]
	return op != nil && op.writes
}

// Changes reports whether a call may change the engine's state as things are,
// so that a history has to keep it: where what tables are asked for is kept,
// reads do.
func (e *Engine) Changes(c Call) bool { return c.Writes() || e.Counts(c) }

// Counts reports whether a call may be counted as something that a table was
// asked for, whether it succeeds or not: where tables are throttled or scaled.
func (e *Engine) Counts(c Call) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	op := operations[c.Target]
	return op != nil && op.metered && e.s.counting()
}

// Serves reports whether a target names an operation that there is.
func Serves(target string) bool { return operations[target] != nil }

// Target is the X-Amz-Target of an operation's name. A name that several
// services have stands for the first of them, one that none has for DynamoDB
// itself; a word with a dot is a target already.
func Target(operation string) string {
	if strings.Contains(operation, ".") {
		return operation
	}
	if v := services[operation]; v != "" {
		return v.target(operation)
	}
	return serviceTables.target(operation)
}

// Operation is the shortest word that Target turns into the target: the
// operation's name, or where that means another service's the target itself.
// It is "" for targets of services that the engine does not answer for.
func Operation(target string) string {
	prefix, name, _ := strings.Cut(target, ".")
	switch {
	case !slices.ContainsFunc(families(), func(f family) bool { return string(f.service) == prefix }):
		return ""
	case Target(name) != target:
		return target
	}
	return name
}

// Operations lists the words for the operations served, families in the order
// of the operations table.
func Operations() []string {
	var names []string
	for _, f := range families() {
		for _, op := range f.rows {
			names = append(names, Operation(f.service.target(op.name)))
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
	trip      time.Duration // to a quorum, of a strong table
	age       time.Duration // of what an eventually consistent read saw
	// indexLag is how far a global secondary index that was read is behind.
	indexLag time.Duration
	get      getInput   // of GetItem: room for the request
	put      writeInput // of PutItem, UpdateItem and DeleteItem
}

// serve answers a call, and says how long that takes.
func (s *state) serve(c Call, tr *Trace) Reply {
	op := operations[c.Target]
	r := s.answer(op, c, tr)
	r.Took = s.took(op, len(c.Body), len(r.Body), r.Status == 200)
	if op != nil && r.Status == 200 {
		r.Took += s.exchange.trip
	}
	return r
}

func (s *state) answer(op *listed, c Call, tr *Trace) Reply {
	if tr != nil {
		tr.Region = s.region(c.Region).name
	}
	if op == nil {
		return errUnknownOperation(c.Target).observe(tr)
	}
	if tr != nil {
		tr.Operation = op.name
	}
	if s.exchange == nil {
		s.exchange = new(exchange)
	}
	x := s.exchange
	*x = exchange{s: s, region: s.region(c.Region), operation: op.name, call: c, body: c.Body, trace: tr}
	var err error
	if s.isDown(x.region.name) {
		return errRegionDown(x.region.name).observe(tr)
	}
	if c.Hold != "" {
		err = s.checkHold(op.operation, c.Hold)
	}
	if err == nil {
		err = op.serve(x)
	}
	if tr != nil {
		tr.Age, tr.IndexLag = x.age, x.indexLag
	}
	if err != nil {
		e := asError(err)
		e.plain = strings.HasPrefix(c.Target, string(serviceScaling)+".")
		if s.opts.Envelope {
			e.envelope(op.name)
		}
		return e.observe(tr)
	}
	if c.Room != nil {
		return Reply{Status: 200, Body: x.out}
	}
	s.scratch = x.out
	return Reply{Status: 200, Body: bytes.Clone(x.out)}
}

// enc begins the encoding of the reply.
func (x *exchange) enc() enc {
	if x.call.Room != nil {
		return enc{b: x.call.Room[:0]}
	}
	return enc{b: x.s.scratch[:0]}
}

// nothing answers with an empty object.
func (x *exchange) nothing() error {
	e := x.enc()
	e.open()
	e.close()
	x.out = e.b
	return nil
}

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
