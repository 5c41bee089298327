package web

import (
	"embed"
	"time"

	"github.com/sortkey/sortkey/components"
	"github.com/sortkey/sortkey/engine"
	"github.com/sortkey/sortkey/engine/attr"
	"github.com/sortkey/sortkey/engine/meter"
	"github.com/sortkey/sortkey/engine/scenario"
	"github.com/sortkey/sortkey/web/page"
)

// workspace is an engine and what was run in it from the page.
type workspace struct {
	id       string // under which it is stored; "" while it is not
	title    string
	base     *scenario.Document // what the first moment was made by; nil for a host's engine
	engine   *engine.Engine     // the present state
	region   string
	draft    string
	opening  string     // the draft to begin with
	moments  []*moment  // every state there was, in the order they came about
	at       *moment    // the present one
	outcomes []*outcome // oldest first, at most maxOutcomes
	entries  []entry    // requests and clock steps, oldest first
	shown    *outcome   // nil in a workspace where nothing was run
	last     int        // number of the last outcome
	units    meter.Units
	iterator *iterator // of a stream; nil where none was placed
	linked   bool      // opened from a link or a file and not changed yet
	follows  bool      // another tab owns it: it can only be read here
	journal  []byte    // what has happened and is not stored yet
	due      bool      // the journal changes data
	snapped  int       // the moment of the last snapshot
}

// maxOutcomes is how many outcomes a workspace keeps.
const maxOutcomes = 100

// entry is a line of the list of requests: an outcome, a step of the clock, or
// a step of a stored workspace.
type entry struct {
	outcome *outcome
	moment  *moment // the state afterwards
	step    time.Duration
	words   string // what a step that is neither did
	now     time.Time
}

// note adds an entry at the present moment.
func (ws *workspace) note(e entry) {
	e.moment = ws.at
	ws.entries = append(ws.entries, e)
	if len(ws.entries) > maxOutcomes {
		ws.entries = ws.entries[1:]
	}
}

// outcome is one request that was run and all that is known of how it went.
type outcome struct {
	id    int
	text  string // of the editor when it was run
	req   scenario.Request
	reply engine.Reply
	trace *engine.Trace
	table *engine.TableInfo // as it was afterwards; nil where there is none
	now   time.Time
	after *moment         // the state it led to, or was run in
	made  bool            // it led there: the state is its doing
	wrong *scenario.Error // the text is no request: nothing was run

	held, committed string              // the transaction that was left open, or was until now
	explained       *engine.Explanation // of a read; nil until it is asked for
}

//go:embed scenarios/*.md
var scenarios embed.FS

// example is a scenario that a workspace can begin with.
type example struct{ name, title, about string }

var examples = []example{
	{"record-shop", "Record shop", "Customers, orders, albums and stock of a record shop in one table with two indexes."},
}

// document reads the example's scenario; the files are part of the program.
func (x example) document() *scenario.Document {
	text, err := scenarios.ReadFile("scenarios/" + x.name + ".md")
	if err != nil {
		panic(err)
	}
	doc, err := scenario.Parse(text)
	if err != nil {
		panic(x.name + ": " + err.Error())
	}
	return doc
}

// pageDegree makes the B-trees of the page narrow, so that a few dozen items
// have a root and leaves to show.
const pageDegree = 4

// exampleWorkspace runs the example and the request in its view.
func exampleWorkspace(x example, faults func(any, []byte)) *workspace {
	ws, err := documentWorkspace(x.document(), faults)
	if err != nil {
		panic(x.name + ": " + err.Error())
	}
	return ws
}

// documentWorkspace runs a scenario; that is the first moment. Then it runs
// the request in the view, if there is one that only reads.
func documentWorkspace(doc *scenario.Document, faults func(any, []byte)) (*workspace, error) {
	e := newEngine(doc, faults)
	if _, err := doc.Run(e); err != nil {
		return nil, err
	}
	ws := &workspace{title: titleOf(doc), base: doc, region: e.Options().Region}
	ws.begin(e)
	if view, ok := doc.View(); ok {
		ws.draft = view.Text
		ws.glance()
	}
	ws.opening, ws.journal = ws.draft, nil
	return ws, nil
}

// glance runs the request in the editor if it is one that only reads.
func (ws *workspace) glance() bool {
	req, err := scenario.ParseRequest(ws.draft)
	if err != nil || call(ws.region, req).Writes() {
		return false
	}
	ws.run(ws.draft)
	return true
}

// emptyStart is what an empty workspace's clock shows.
var emptyStart = time.Date(2026, time.November, 22, 9, 41, 7, 0, time.UTC)

const emptyDraft = "// An operation and its members. Or choose one under Insert.\n\n"

func emptyWorkspace(faults func(any, []byte)) *workspace {
	doc := &scenario.Document{Title: "Untitled", Seed: 1, Start: emptyStart, Degree: pageDegree}
	ws, err := documentWorkspace(doc, faults)
	if err != nil {
		panic(err)
	}
	ws.draft = emptyDraft
	return ws
}

// hostWorkspace shows a host's engine. It has no moments: others change it too.
func hostWorkspace(e *engine.Engine) *workspace {
	ws := &workspace{title: "Server", region: e.Options().Region, draft: "ListTables {}"}
	ws.begin(e)
	return ws
}

// run runs the requests of a text up to the first that fails and returns the
// last outcome.
func (ws *workspace) run(text string) *outcome {
	list, err := scenario.ParseRequests(text)
	if err != nil {
		return ws.keep(&outcome{text: text, wrong: err.(*scenario.Error)})
	}
	if len(list) == 0 {
		_, err := scenario.ParseRequest(text)
		return ws.keep(&outcome{text: text, wrong: err.(*scenario.Error)})
	}
	var o *outcome
	for _, req := range list {
		o = ws.keep(ws.call(text, req, call(ws.region, req)))
		if o.trace.Err != nil {
			break
		}
	}
	return o
}

// call runs one request, which the editor shows as text. One that may change
// state runs on a fork, which becomes the next moment if it succeeds or counts
// against a table's throughput.
func (ws *workspace) call(text string, req scenario.Request, c engine.Call) *outcome {
	o := &outcome{text: text, req: req}
	e := ws.engine
	forks := (c.Writes() || !ws.follows && e.Changes(c)) && ws.base != nil
	if forks {
		e = e.Fork()
	}
	o.reply, o.trace = e.Observe(c)
	if forks && (o.reply.Status == 200 || o.trace.Counted) {
		ws.enter(engine.Step{Call: c}, e)
		o.made = true
	}
	ws.account(o)
	return o
}

// account notes the table as the outcome left it, and what that cost.
func (ws *workspace) account(o *outcome) {
	o.table = tableOf(ws.engine, o.trace.Region, o.trace.Table)
	ws.follow(o)
	if o.trace.Receipt != nil && !o.refused() {
		ws.units += o.trace.Receipt.Total()
	}
}

// handle serves a call that no editor made. It becomes part of the workspace
// like one that was typed; what the notation cannot print has words in the
// editor's place.
func (ws *workspace) handle(c engine.Call) engine.Reply {
	if ws.follows && c.Writes() {
		b := attr.AppendString([]byte(`{"__type":"com.amazon.coral.service#AccessDeniedException","message":`), followsText)
		return engine.Reply{Status: page.StatusBadRequest, Body: append(b, '}')}
	}
	operation := engine.Operation(c.Target)
	if operation == "" {
		return ws.engine.Handle(c) // of another service: refused
	}
	text := notation(operation, c.Body)
	return ws.keep(ws.call(text, scenario.Request{Operation: operation, Body: c.Body}, c)).reply
}

// notation is a call's body as the editor has it.
func notation(operation string, body []byte) string {
	text, err := scenario.Format(operation, body)
	if err != nil {
		text = "// " + operation + ", " + components.Grouped(len(body)) + " bytes: not shown here"
	}
	return text
}

// writes reports whether a text has a request that may change state.
func writes(region, text string) bool {
	list, _ := scenario.ParseRequests(text)
	for _, req := range list {
		if call(region, req).Writes() {
			return true
		}
	}
	return false
}

// setDraft notes what is in the editor.
func (ws *workspace) setDraft(text string) {
	if text != ws.draft {
		ws.draft = text
		ws.record("draft", text)
	}
}

// record notes a change that is no step. Before the first step there is
// nothing to store it with.
func (ws *workspace) record(name, text string) {
	if ws.id != "" || len(ws.moments) > 1 {
		ws.journal = appendText(ws.journal, name, text)
	}
}

func call(region string, req scenario.Request) engine.Call {
	return engine.Call{Target: req.Target(), Region: region, Body: req.Body}
}

// refused reports an error reply; a failed condition is one, but costs.
func (o *outcome) refused() bool {
	return o.trace.Err != nil && (o.trace.Write == nil || !o.trace.Write.Refused)
}

func (ws *workspace) keep(o *outcome) *outcome {
	ws.last++
	o.id, o.now, o.after = ws.last, ws.engine.Now(), ws.at
	ws.outcomes = append(ws.outcomes, o)
	if len(ws.outcomes) > maxOutcomes {
		ws.outcomes = ws.outcomes[1:]
	}
	ws.note(entry{outcome: o, now: o.now})
	ws.shown = o
	return o
}

// table describes a table of the workspace by name, nil if it has none.
func (ws *workspace) table(name string) *engine.TableInfo { return tableOf(ws.engine, ws.region, name) }

func tableOf(e *engine.Engine, region, name string) *engine.TableInfo {
	if name == "" {
		return nil
	}
	for _, t := range e.Tables(region) {
		if t.Name == name {
			return &t
		}
	}
	return nil
}
