package web

import (
	"embed"
	"time"

	"github.com/sortkey/sortkey/engine"
	"github.com/sortkey/sortkey/engine/meter"
	"github.com/sortkey/sortkey/engine/scenario"
)

// workspace is an engine and what was run in it from the page.
type workspace struct {
	title    string
	engine   *engine.Engine
	region   string
	draft    string
	outcomes []*outcome // oldest first, at most maxOutcomes
	entries  []entry    // requests and clock steps, oldest first
	shown    *outcome   // nil in a workspace where nothing was run
	last     int        // number of the last outcome
	units    meter.Units
}

// maxOutcomes is how many outcomes a workspace keeps.
const maxOutcomes = 100

// entry is a line of the list of requests: an outcome, or a step of the clock.
type entry struct {
	outcome *outcome
	step    time.Duration
	now     time.Time
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
	wrong *scenario.Error // the text is no request: nothing was run
}

//go:embed scenarios/*.md
var scenarios embed.FS

// example is a scenario that a workspace can begin with.
type example struct{ name, about string }

var examples = []example{
	{"record-shop", "Customers, orders, albums and stock of a record shop in one table with two indexes."},
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
	doc := x.document()
	o := doc.Options()
	o.Degree = pageDegree
	e := engine.New(o)
	e.Faults = faults
	ws := &workspace{title: doc.Title, engine: e, region: e.Options().Region}
	if _, err := doc.Run(e); err != nil {
		panic(x.name + ": " + err.Error())
	}
	if view, ok := doc.View(); ok {
		ws.draft = view.Text
		ws.run(view.Text)
	}
	return ws
}

// emptyStart is what an empty workspace's clock shows.
var emptyStart = time.Date(2026, time.November, 22, 9, 41, 7, 0, time.UTC)

const emptyDraft = "// An operation and its members. Or choose one under Insert.\n\n"

func emptyWorkspace(faults func(any, []byte)) *workspace {
	e := engine.New(engine.Options{Seed: 1, Start: emptyStart, Degree: pageDegree})
	e.Faults = faults
	return &workspace{title: "Untitled", engine: e, region: e.Options().Region, draft: emptyDraft}
}

func hostWorkspace(e *engine.Engine) *workspace {
	return &workspace{title: "Server", engine: e, region: e.Options().Region, draft: "ListTables {}"}
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
		o = ws.keep(ws.call(text, req))
		if o.trace.Err != nil {
			break
		}
	}
	return o
}

func (ws *workspace) call(text string, req scenario.Request) *outcome {
	o := &outcome{text: text, req: req}
	o.reply, o.trace = ws.engine.Observe(engine.Call{Target: req.Target(), Region: ws.region, Body: req.Body})
	o.table = ws.table(o.trace.Table)
	if o.trace.Receipt != nil && !o.refused() {
		ws.units += o.trace.Receipt.Total()
	}
	return o
}

// refused reports an error reply; a failed condition is one, but costs.
func (o *outcome) refused() bool {
	return o.trace.Err != nil && (o.trace.Write == nil || !o.trace.Write.Refused)
}

func (ws *workspace) keep(o *outcome) *outcome {
	ws.last++
	o.id, o.now = ws.last, ws.engine.Now()
	ws.outcomes = append(ws.outcomes, o)
	ws.entries = append(ws.entries, entry{outcome: o, now: o.now})
	if len(ws.outcomes) > maxOutcomes {
		ws.outcomes = ws.outcomes[1:]
	}
	if len(ws.entries) > maxOutcomes {
		ws.entries = ws.entries[1:]
	}
	ws.shown = o
	return o
}

func (ws *workspace) advance(by time.Duration) error {
	if err := ws.engine.AdvanceTo(ws.engine.Now().Add(by)); err != nil {
		return err
	}
	ws.entries = append(ws.entries, entry{step: by, now: ws.engine.Now()})
	return nil
}

// table describes a table of the workspace by name, nil if it has none.
func (ws *workspace) table(name string) *engine.TableInfo {
	if name == "" {
		return nil
	}
	for _, t := range ws.engine.Tables(ws.region) {
		if t.Name == name {
			return &t
		}
	}
	return nil
}
