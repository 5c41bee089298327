package web

import (
	"strconv"
	"strings"

	"github.com/sortkey/sortkey/components"
	"github.com/sortkey/sortkey/engine/scenario"
	"github.com/sortkey/sortkey/web/page"
)

// settings are what the page sends along with every request: what the visitor
// has chosen to look at, and the title as edited.
type settings struct {
	title  string
	view   components.View
	tab    components.DockTab
	tree   string // of the dock's B-tree: an index's name
	side   string // of a write: "before"
	from   int    // the first row drawn
	since  bool   // of the changes: since the workspace began
	table  string // of the sheet on a table
	form   string // that is open on it
	fields fields // of the form, as they were sent
	stream string // whose sheet is shown
	record string // sequence number of the one shown on it
	speed  int    // of the clock
	runs   bool   // the clock is running
}

func readSettings(q *page.Query) settings {
	from, _ := strconv.Atoi(q.Get("from")) // what is no number is the beginning
	speed, _ := strconv.Atoi(q.Get("speed"))
	return settings{
		from:   from,
		title:  strings.TrimSpace(q.Get("title")),
		view:   components.View(q.Get("view")),
		tab:    components.DockTab(q.Get("dock")),
		tree:   q.Get("tree"),
		side:   q.Get("side"),
		since:  q.Get("since") != "",
		table:  q.Get("table"),
		form:   q.Get("kind"),
		stream: q.Get("stream"),
		record: q.Get("record"),
		speed:  speed,
		runs:   q.Get("runs") == "true",
	}
}

// form shows what the fields of a form make.
func (d *Desk) form(w *page.Answer, q *page.Query) {
	s := readSettings(q)
	s.tab, s.fields = components.DockTable, fields{}
	for name := range q.Values {
		s.fields[name] = q.Get(name)
	}
	d.update(w, d.viewOf(d.ws.shown, s), components.PartDock)
}

// settle takes over the title that the visitor gave the workspace.
func (d *Desk) settle(q *page.Query) settings {
	s := readSettings(q)
	if title := clip(s.title, 120); title != "" && title != d.ws.title {
		d.ws.title = title
		d.ws.record("title", title)
	}
	return s
}

// update sends the parts of the desk that have changed.
func (d *Desk) update(w *page.Answer, v components.Desk, parts components.Part) {
	w.Render(components.DeskUpdate(v, parts))
}

// replace puts a text into the editor.
func (d *Desk) replace(text string) {
	d.ws.setDraft(text)
	d.edition++
}

// run runs the requests of a text, in order, up to the first that fails, and
// shows the last one run.
func (d *Desk) run(w *page.Answer, q *page.Query) {
	s := d.settle(q)
	text := newlines(q.Get("text"))
	replaced := q.Get("replace") != ""
	if replaced {
		d.replace(text)
	}
	d.ws.setDraft(text)
	if d.ws.follows && writes(d.ws.region, text) {
		w.Fail(followsText, page.StatusConflict)
		return
	}
	var o *outcome
	if q.Get("hold") == "" {
		o = d.ws.run(text)
	} else if o = d.hold(w, text); o == nil {
		return
	}
	v := d.view(s)
	v.Request.Replaced = replaced
	v.Said = said(o)
	d.update(w, v, components.PartAll)
}

// newlines undoes what form encoding does to line ends.
func newlines(s string) string {
	return strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n")
}

// outcome shows an outcome in another view.
func (d *Desk) outcome(w *page.Answer, q *page.Query) {
	o := d.find(w, q.Last)
	if o == nil {
		return
	}
	v := d.viewOf(o, readSettings(q))
	d.update(w, v, components.PartResult)
}

// show puts an earlier request and its outcome back on the desk.
func (d *Desk) show(w *page.Answer, q *page.Query) {
	o := d.find(w, q.Last)
	if o == nil {
		return
	}
	s := d.settle(q)
	d.ws.shown = o
	d.replace(o.text)
	v := d.view(s)
	v.Request.Replaced = true
	v.Said = said(o)
	d.update(w, v, components.PartAll)
}

// find looks an outcome up; it answers itself where there is none.
func (d *Desk) find(w *page.Answer, id string) *outcome {
	n, err := strconv.Atoi(id)
	if err == nil {
		for _, o := range d.ws.outcomes {
			if o.id == n {
				return o
			}
		}
	}
	w.Fail("There is no outcome "+strconv.Quote(id)+" on this desk.", page.StatusNotFound)
	return nil
}

// dock opens a tab of the dock.
func (d *Desk) dock(w *page.Answer, q *page.Query) {
	s := readSettings(q)
	s.tab = components.DockTab(q.Last)
	o := d.ws.shown
	if id := q.Get("outcome"); id != "" && id != "0" {
		if o = d.find(w, id); o == nil {
			return
		}
	}
	d.update(w, d.viewOf(o, s), components.PartDock)
}

// template gives the text of a request to begin with, for the table on the
// desk or the one named.
func (d *Desk) template(w *page.Answer, q *page.Query) {
	text, ok := d.ws.template(q.Get("op"), q.Get("table"))
	if !ok {
		w.Fail("There is no template for "+strconv.Quote(q.Get("op"))+".", page.StatusNotFound)
		return
	}
	w.Plain(text)
}

// format lays the text out anew; what is no request comes back as words.
func (d *Desk) format(w *page.Answer, q *page.Query) {
	text, err := scenario.Reformat(newlines(q.Get("text")))
	if err != nil {
		w.Fail(err.Error()+".", page.StatusUnprocessableEntity)
		return
	}
	w.Plain(text)
}

// fresh puts an empty workspace on the desk; the one before can be gone back
// to.
func (d *Desk) fresh(w *page.Answer, q *page.Query) {
	d.turn(w, q, func() *workspace { return emptyWorkspace(d.config.Faults) })
}

func (d *Desk) undoNew(w *page.Answer, q *page.Query) {
	if d.back == nil {
		w.Fail("There is no workspace to go back to.", page.StatusConflict)
		return
	}
	back := d.back
	if d.brought != nil && d.brought.id == back.id {
		back = d.brought // another tab may have changed it
	}
	d.turn(w, q, func() *workspace { return back })
}

func (d *Desk) example(w *page.Answer, q *page.Query) {
	for _, x := range examples {
		if x.name == q.Get("name") {
			d.turn(w, q, func() *workspace { return exampleWorkspace(x, d.config.Faults) })
			return
		}
	}
	w.Fail("There is no example of that name.", page.StatusNotFound)
}

// turn puts another workspace on the desk and keeps the one that was there.
func (d *Desk) turn(w *page.Answer, q *page.Query, next func() *workspace) {
	if d.config.Engine != nil {
		w.Fail("This is the server’s engine; the page cannot replace it.", page.StatusConflict)
		return
	}
	s := d.settle(q)
	ws := next()
	d.back, d.ws, d.brought = d.ws, ws, nil
	d.replace(ws.draft)
	v := d.view(s)
	v.Request.Replaced = true
	v.Said = "Workspace " + ws.title + "."
	d.update(w, v, components.PartAll)
}
