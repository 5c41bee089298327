package engine

import (
	"crypto/sha256"
	"fmt"
	"io"
	"runtime/debug"
	"sort"
	"sync"
	"time"

	"github.com/sortkey/sortkey/engine/attr"
	"github.com/sortkey/sortkey/engine/meter"
)

// Options are the settings an engine is made with. Equal options and an equal
// history of calls and clock steps give equal bytes, natively and in wasm.
type Options struct {
	Seed    uint64    // ids, ARNs and sequence numbers are derived from it
	Start   time.Time // the clock's first reading; zero means DefaultStart
	Region  string    // the region of calls that name none; "" means DefaultRegion
	Account string    // the account in ARNs; "" means DefaultAccount
	// Degree of the B-trees; 0 means the library's default. The page uses a
	// small one so that the tree has something to show.
	Degree   int
	Settings // may change later: see Configure
}

// The defaults of Options.
const (
	DefaultRegion  = "us-east-1"
	DefaultAccount = "000000000000"
)

// DefaultStart is the engine's epoch where the host gives none.
var DefaultStart = time.Date(2026, time.January, 1, 0, 0, 0, 0, time.UTC)

func (o Options) withDefaults() Options {
	if o.Region == "" {
		o.Region = DefaultRegion
	}
	if o.Account == "" {
		o.Account = DefaultAccount
	}
	if o.Start.IsZero() {
		o.Start = DefaultStart
	}
	o.Start = o.Start.UTC()
	return o
}

// Engine is one DynamoDB: any number of regions on one clock. It is safe for
// concurrent use.
type Engine struct {
	mu sync.Mutex
	s  *state
	// Faults, when set by the host before the first call, is told of every
	// bug that Handle turned into an InternalServerError.
	Faults func(problem any, stack []byte)
}

// New makes an engine without tables.
func New(o Options) *Engine {
	return &Engine{s: newState(o.withDefaults())}
}

// Options returns the settings, defaults filled in.
func (e *Engine) Options() Options {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.s.opts
}

// Fork returns an independent engine in the same state. It copies every tree
// in O(1): the two share what neither has changed since.
func (e *Engine) Fork() *Engine {
	e.mu.Lock()
	defer e.mu.Unlock()
	return &Engine{s: e.s.copy(), Faults: e.Faults}
}

// StateHash is the SHA-256 over all state: clock, counters, events, tables and
// every row. Equal hashes mean equal engines.
func (e *Engine) StateHash() [sha256.Size]byte {
	e.mu.Lock()
	defer e.mu.Unlock()
	h := sha256.New()
	e.s.digest(h)
	return [sha256.Size]byte(h.Sum(nil))
}

// Check verifies the invariants of every table; for tests.
func (e *Engine) Check() error {
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, r := range e.s.regionList() {
		for _, t := range r.tableList() {
			if err := t.data.Check(); err != nil {
				return fmt.Errorf("%s %s: %w", r.name, t.meta.name, err)
			}
			if err := e.s.checkExpiries(t); err != nil {
				return fmt.Errorf("%s %s: %w", r.name, t.meta.name, err)
			}
		}
		for _, st := range r.streamList() {
			if err := e.s.checkStream(r, st); err != nil {
				return fmt.Errorf("%s %s: %w", r.name, st.meta.arn, err)
			}
		}
	}
	return nil
}

// Caller is who makes a call: the access key id the host read from the
// request, "" for the owner.
type Caller string

// Call is one request without its HTTP: the target as in X-Amz-Target, the
// region (empty: the default), the JSON body and the caller.
type Call struct {
	Target string
	Region string
	Body   []byte
	Caller Caller
	// Hold is the name under which a TransactWriteItems is to stay open if it
	// would succeed, "" to carry the call out: hold.go.
	Hold string
	// Room, unless nil, is written over with the body of the reply if that
	// fits. It saves a host that is done with a reply early its copy.
	Room []byte
}

// Reply is one answer without its HTTP: 200, 400 or 500, the JSON body, and
// the service time that the simulation assigns: service.go has the model.
type Reply struct {
	Status int
	Body   []byte
	Took   time.Duration
}

// Handle serves one call. It never moves time, and keeps nothing of c.Body. A
// bug in the engine becomes an InternalServerError and leaves the state
// untouched: commit is the only writer and works on what planning has proved
// possible.
func (e *Engine) Handle(c Call) Reply {
	e.mu.Lock()
	defer e.mu.Unlock()
	reply, _ := e.handle(c, nil)
	return reply
}

// Observe serves one call like Handle and also tells how: see Trace.
func (e *Engine) Observe(c Call) (Reply, *Trace) {
	e.mu.Lock()
	defer e.mu.Unlock()
	tr := &Trace{}
	reply, _ := e.handle(c, tr)
	return reply, tr
}

// Meter serves one call like Handle and also tells what it cost; nil where
// nothing was metered. Unlike Observe it leaves no copies of tables behind.
func (e *Engine) Meter(c Call) (Reply, *meter.Receipt) {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.handle(c, nil)
}

// handle serves one call; the lock is the caller's.
func (e *Engine) handle(c Call, tr *Trace) (reply Reply, receipt *meter.Receipt) {
	defer func() {
		if p := recover(); p != nil {
			if e.Faults != nil {
				e.Faults(p, debug.Stack())
			}
			reply = errInternal().reply()
		}
	}()
	e.s.charged = nil
	reply = e.s.serve(c, tr)
	e.s.runDue()
	if tr != nil {
		e.s.observeTable(tr)
	}
	return reply, e.s.charged
}

// state is everything an engine knows; copying it is what Fork does.
type state struct {
	opts     Options
	now      int64 // nanoseconds since 1970, UTC
	counters [idKinds]uint64
	events   events
	tokens   tokens
	open     []*held // transactions, in the order in which they were opened
	regions  map[string]*region
	globals  map[string]*global // by id
	mail     *ordered[message]
	log      *ordered[happening]
	links    []link   // those that differ from the default; this and what follows is never changed in place
	outages  []outage // regions and zones
	hosts    []hosted // regions of other engines
	// What follows is room to work in, kept from one request to the next.
	scanner  attr.Scanner
	exchange *exchange      // nil before the first call: most forks serve none
	scratch  []byte         // where replies are encoded
	charged  *meter.Receipt // of the last call
	// Where what comes next in a log or a stream is put: see cut.
	happenings []happening
	records    []record
}

func newState(o Options) *state {
	return &state{
		opts: o, now: o.Start.UnixNano(), events: newEvents(), tokens: newTokens(), regions: map[string]*region{},
		globals: map[string]*global{}, mail: newMail(), log: newHappenings(),
	}
}

func (s *state) copy() *state {
	c := *s
	c.scanner, c.exchange, c.scratch = attr.Scanner{}, nil, nil
	c.happenings, c.records = nil, nil
	c.events = s.events.copy()
	c.tokens = s.tokens.copy()
	c.mail, c.log = s.mail.Copy(), s.log.Copy()
	c.globals = make(map[string]*global, len(s.globals))
	for id, g := range s.globals {
		c.globals[id] = g.copy()
	}
	c.regions = make(map[string]*region, len(s.regions))
	for name, r := range s.regions {
		c.regions[name] = r.copy()
	}
	return &c
}

// region is one AWS region: its tables by name, its streams by ARN.
type region struct {
	name    string
	tables  map[string]*table
	streams map[string]*stream
	scaling scaling
	loads   []*traffic // by name
}

func newRegion(name string) *region {
	return &region{name: name, tables: map[string]*table{}, streams: map[string]*stream{}}
}

func (r *region) copy() *region {
	c := &region{name: r.name, tables: make(map[string]*table, len(r.tables)), streams: make(map[string]*stream, len(r.streams))}
	c.scaling = r.scaling.copy()
	for _, x := range r.loads {
		own := *x
		own.crowds = [2]crowd{}
		c.loads = append(c.loads, &own)
	}
	for arn, st := range r.streams {
		c.streams[arn] = st.copy()
	}
	for name, t := range r.tables {
		c.tables[name] = t.copy()
		if t.stream != nil {
			c.tables[name].stream = c.streams[t.stream.meta.arn]
		}
	}
	return c
}

func (r *region) empty() bool {
	return len(r.tables)+len(r.streams)+len(r.scaling.targets)+len(r.scaling.activities)+len(r.loads) == 0
}

// tableList returns the tables by name.
func (r *region) tableList() []*table {
	list := make([]*table, 0, len(r.tables))
	for _, t := range r.tables {
		list = append(list, t)
	}
	sort.Slice(list, func(i, j int) bool { return list[i].meta.name < list[j].meta.name })
	return list
}

// regionList returns the regions that have anything, by name. One that has lost
// all it had is no state: neither the hash nor a snapshot knows of it.
func (s *state) regionList() []*region {
	list := make([]*region, 0, len(s.regions))
	for _, r := range s.regions {
		if !r.empty() {
			list = append(list, r)
		}
	}
	sort.Slice(list, func(i, j int) bool { return list[i].name < list[j].name })
	return list
}

// region returns the region of a call. A region comes into being with its
// first table; until then a read sees an empty one.
func (s *state) region(name string) *region {
	if name == "" {
		name = s.opts.Region
	}
	name = valid(name)
	if r := s.regions[name]; r != nil {
		return r
	}
	return newRegion(name)
}

func (s *state) digest(w io.Writer) {
	fmt.Fprintf(w, "sortkey state 1\nseed %d account %s region %s degree %d transition %d\nnow %d counters %v\n",
		s.opts.Seed, s.opts.Account, s.opts.Region, s.opts.Degree, s.opts.Transition, s.now, s.counters)
	s.opts.digest(w)
	s.events.digest(w)
	s.tokens.digest(w)
	for _, h := range s.open {
		h.digest(w)
	}
	for _, r := range s.regionList() {
		fmt.Fprintf(w, "region %q\n", r.name)
		for _, t := range r.tableList() {
			t.meta.digest(w)
			t.policy.digest(w)
			t.data.Digest(w)
			t.past.digest(w)
			t.load.digest(w)
			t.replica.digest(w)
		}
		for _, st := range r.streamList() {
			st.digest(w)
		}
		r.scaling.digest(w)
		r.digestLoads(w)
	}
	s.digestGlobal(w)
}

// digestGlobal writes what lies between regions.
func (s *state) digestGlobal(w io.Writer) {
	for i := range s.links {
		s.links[i].digest(w)
	}
	for i := range s.outages {
		s.outages[i].digest(w)
	}
	for i := range s.hosts {
		s.hosts[i].digest(w)
	}
	for _, g := range s.globalList() {
		g.digest(w)
	}
	s.mail.Scan(func(m message) bool {
		m.digest(w)
		return true
	})
	s.log.Scan(func(h happening) bool {
		h.digest(w)
		return true
	})
}
