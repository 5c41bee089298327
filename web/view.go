package web

import (
	"strconv"
	"strings"
	"time"

	"github.com/sortkey/sortkey/components"
	"github.com/sortkey/sortkey/engine"
	"github.com/sortkey/sortkey/engine/scenario"
)

// view fills the view model of the desk with the outcome shown.
func (d *Desk) view(s settings) components.Desk { return d.viewOf(d.ws.shown, s) }

// viewOf fills it with another outcome, nil for none.
func (d *Desk) viewOf(o *outcome, s settings) components.Desk {
	ws := d.ws
	v := components.Desk{
		Root:  components.Root(d.config.Assets),
		Title: ws.title, Fixed: d.config.Engine != nil, Tables: ws.tables(o), Clock: ws.clockView(d.config.Engine != nil, s),
		Request: d.request(), Plan: planOf(ws, o), Outcome: ws.outcomeView(o, s),
		Receipt: ws.receiptOf(o), Dock: ws.dockView(o, s),
	}
	switch s.tab {
	case components.DockSim:
		v.Dock.Sim = d.simulationView()
	case components.DockStream:
		v.Dock.Stream = d.streamSheet(o, s)
		v.Dock.Facts = v.Dock.Stream.Facts
	}
	if d.config.Engine == nil {
		v.Linked, v.Follows, v.Workspaces = ws.linked, ws.follows, d.workspaces()
		if ws.at.parent != nil {
			v.Undo = ws.at.words()
		}
		if ws.at.next != nil {
			v.Redo = ws.at.next.words()
		}
		for _, x := range examples {
			v.Examples = append(v.Examples, components.Example{Name: x.name, Title: x.title, About: x.about})
		}
		if d.back != nil {
			v.Back = d.back.title
		}
	}
	return v
}

// request is the editor with all that belongs to it.
func (d *Desk) request() components.Request {
	r := request(d.ws.draft, d.edition)
	r.Insert, r.CanHold = insertGroups(), d.config.Engine == nil && !d.ws.follows
	return r
}

// request is the editor's text, cut up for colouring.
func request(text string, edition int) components.Request {
	r := components.Request{Text: text, Edition: edition}
	at := 0
	for _, t := range scenario.Highlight(text) {
		if t.Start > at {
			r.Runs = append(r.Runs, components.Run{Text: text[at:t.Start]})
		}
		r.Runs = append(r.Runs, components.Run{Kind: t.Kind.String(), Text: text[t.Start:t.End]})
		at = t.End
		if t.Kind == scenario.OperationToken && r.Operation == "" {
			r.Operation = runLabel(text[t.Start:t.End])
		}
	}
	if at < len(text) {
		r.Runs = append(r.Runs, components.Run{Text: text[at:]})
	}
	return r
}

// runLabel is an operation that the engine serves, else nothing.
func runLabel(word string) string {
	for _, name := range engine.Operations() {
		if name == word {
			return name
		}
	}
	return ""
}

// outcomeView fills the result pane: of the three views only the one asked
// for is made.
func (ws *workspace) outcomeView(o *outcome, s settings) components.Outcome {
	view := s.view
	if o == nil {
		return components.Outcome{Blank: &components.Blank{}}
	}
	v := components.Outcome{ID: o.id, Operation: o.req.Operation, View: view}
	if o.wrong != nil {
		v.Oops = unreadable(o)
		v.Summary = []components.Fact{{Words: "not sent"}}
		return v
	}
	v.Table = o.trace.Table
	v.Summary, v.Hold = summary(o), ws.holdOf(o)
	switch {
	case o.trace.Err != nil:
		v.Oops = oopsOf(o)
		return v
	case o.trace.Read != nil:
		v.Grid, v.Turn = gridOf(o, s.from), turnOf(o, s)
		v.More = moreOf(o)
		if view == components.ViewItems {
			v.Items = itemsOf(o, s.from)
		}
	case o.trace.Write != nil:
		v.Change = changeOf(o)
	case o.held != "":
		v.Facts = ws.heldFacts(o)
	default:
		v.Facts = factsOf(o)
	}
	if view == components.ViewJSON || v.Facts != nil {
		v.JSON = pretty(o.reply.Body)
	}
	return v
}

// summary is the line of figures above the result.
func summary(o *outcome) []components.Fact {
	m := o.trace.Receipt
	switch {
	case o.refused():
		return []components.Fact{{Words: "rejected before reading"}, {Figure: "0", Words: "units"}, {Words: "HTTP " + strconv.Itoa(o.reply.Status)}}
	case o.trace.Err != nil:
		return []components.Fact{{Words: "condition failed"}, {Figure: m.Total().String(), Words: o.unit()}, {Words: "HTTP 400"}}
	case o.trace.Read != nil:
		return readSummary(o)
	case o.trace.Write != nil:
		return []components.Fact{{Words: came(o)}, {Figure: m.Total().String(), Words: o.unit()}}
	case o.held != "":
		return []components.Fact{{Words: "held open as " + o.held}}
	case m != nil:
		return []components.Fact{{Figure: m.Total().String(), Words: o.unit()}}
	case o.table != nil && describes(o):
		return []components.Fact{{Words: o.table.Status}, {Figure: components.Grouped(o.table.Items), Words: noun(o.table.Items, "item")}}
	}
	return nil
}

func readSummary(o *outcome) []components.Fact {
	m := o.trace.Receipt
	facts := []components.Fact{
		{Figure: components.Grouped(m.Items - m.Dropped), Words: "returned"}, {Figure: components.Grouped(m.Items), Words: "read"},
		{Figure: components.Grouped(pageArm(m).Bytes), Words: "B"}, {Figure: m.Total().String(), Words: o.unit()},
	}
	facts = append(facts, ageFact(o.trace)...)
	more := "no more pages"
	if o.trace.Read.More {
		more = "more pages"
	}
	if o.trace.Operation == "GetItem" {
		return facts
	}
	return append(facts, components.Fact{Words: more, Wide: true})
}

func noun(n int, word string) string {
	if n == 1 {
		return word
	}
	return word + "s"
}

// came says in a few words how an outcome came out.
func came(o *outcome) string {
	switch {
	case o.wrong != nil:
		return o.wrong.Error()
	case o.trace.Err != nil && o.trace.Err.Message == "":
		return o.trace.Err.Code
	case o.trace.Err != nil:
		return o.trace.Err.Code + ": " + o.trace.Err.Message
	case o.trace.Read != nil:
		m := o.trace.Receipt
		return components.Grouped(m.Items-m.Dropped) + " returned, " + components.Grouped(m.Items) + " read"
	case o.trace.Write != nil:
		return wroteWords(&o.trace.Write.Change)
	case o.held != "":
		return "held open as " + o.held
	case o.committed != "":
		return "committed, was open as " + o.committed
	case o.table != nil && describes(o):
		return o.table.Status
	}
	return "done"
}

// said is what the live region announces of an outcome.
func said(o *outcome) string {
	if o.wrong != nil {
		return "The text is no request: " + came(o)
	}
	return "Request " + strconv.Itoa(o.id) + ", " + sentence(o)
}

// sentence says what a request was and what it came to.
func sentence(o *outcome) string {
	s := o.req.Operation
	if o.trace.Table != "" {
		s += " on " + target(o)
	}
	s += ": " + strings.TrimSuffix(came(o), ".")
	if o.trace.Receipt != nil && !o.refused() {
		s += ", " + o.trace.Receipt.Total().String() + " units"
	}
	return s + "."
}

// dockView fills the dock's open tab.
func (ws *workspace) dockView(o *outcome, s settings) components.Dock {
	v := components.Dock{Tab: s.tab}
	if o != nil {
		v.Outcome = o.id
	}
	switch s.tab {
	case components.DockRequests:
	case components.DockTable:
		v.Table = ws.tableSheet(o, s)
		return v
	case components.DockSim, components.DockStream:
		return v
	case components.DockChanges:
		v.Changes = ws.diffView(o, s.since)
	case components.DockWire:
		if o != nil {
			v.Wire = ws.wire(o)
		}
	default:
		v.Tree, v.Facts = treeOf(o, s.tree, s.side)
		return v
	}
	for i := len(ws.entries) - 1; i >= 0; i-- {
		v.Entries = append(v.Entries, ws.entry(&ws.entries[i], o))
	}
	if ws.last > 0 {
		v.Facts = []components.Fact{{Figure: components.Grouped(ws.last), Words: noun(ws.last, "request")}, {Figure: ws.units.String(), Words: "units"}}
	}
	return v
}

func (ws *workspace) entry(e *entry, shown *outcome) components.Entry {
	v := ws.entryOf(e, shown)
	v.Moment, v.Present, v.Left = e.moment.id, e.moment == ws.at, !ws.holds(e.moment)
	if ws.base == nil {
		v.Present = true // a host's engine has one state
	}
	return v
}

func (ws *workspace) entryOf(e *entry, shown *outcome) components.Entry {
	o := e.outcome
	switch {
	case o == nil && e.words != "":
		return components.Entry{Came: e.words, Time: clockTime(e.now)}
	case o == nil && e.step == 0:
		return components.Entry{Came: "Before this session: " + e.moment.words()}
	case o == nil:
		return components.Entry{Came: "Clock advanced by " + stepWords(e.step), Time: clockTime(e.now)}
	}
	v := components.Entry{ID: o.id, Operation: o.req.Operation, Came: clip(came(o), 200), Time: clockTime(e.now), Shown: o == shown, Units: "0"}
	if o.wrong != nil {
		v.Operation, v.Failed, v.Status = "No request", true, "not sent"
		return v
	}
	v.Target, v.Status, v.Failed = target(o), strconv.Itoa(o.reply.Status), o.trace.Err != nil
	if o.trace.Receipt != nil && !o.refused() {
		v.Units = o.trace.Receipt.Total().String() + " " + o.unit()
	}
	return v
}

var statusTexts = map[int]string{200: "200 OK", 400: "400 Bad Request", 500: "500 Internal Server Error"}

func (ws *workspace) wire(o *outcome) *components.Wire {
	if o.wrong != nil {
		return nil
	}
	return &components.Wire{
		Target: o.req.Target(), Region: o.trace.Region, Status: statusTexts[o.reply.Status],
		Request: pretty(o.req.Body), Sent: components.Grouped(len(o.req.Body)) + " B",
		Reply: pretty(o.reply.Body), Got: components.Grouped(len(o.reply.Body)) + " B",
	}
}

func clockTime(t time.Time) string { return t.Format("15:04:05") }

// stepWords says a step of the clock as its button does.
func stepWords(d time.Duration) string {
	for _, u := range []struct {
		unit time.Duration
		noun string
	}{{24 * time.Hour, "day"}, {time.Hour, "hour"}, {time.Minute, "minute"}} {
		if d%u.unit == 0 {
			return components.Counted(int(d/u.unit), u.noun)
		}
	}
	return components.Counted(int(d/time.Second), "second")
}
