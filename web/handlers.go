package web

import (
	"bytes"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"github.com/sortkey/sortkey/components"
)

// settings are what the page sends along with every request: what the visitor
// has chosen to look at, and the title as edited.
type settings struct {
	title string
	view  components.View
	tab   components.DockTab
}

func readSettings(q *query) settings {
	return settings{
		title: strings.TrimSpace(q.Get("title")),
		view:  components.View(q.Get("view")),
		tab:   components.DockTab(q.Get("dock")),
	}
}

// settle takes over the title that the visitor gave the workspace.
func (d *Desk) settle(q *query) settings {
	s := readSettings(q)
	if title := clip(s.title, 120); title != "" && title != d.ws.title {
		d.ws.title = title
		d.ws.record("title", title)
	}
	return s
}

// render writes one component. It is rendered first and sent then, so that a
// failure is an answer and not half a page.
func (d *Desk) render(w http.ResponseWriter, q *query, c templ.Component) {
	var b bytes.Buffer
	if err := c.Render(q.ctx, &b); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	w.Write(b.Bytes())
}

// update sends the parts of the desk that have changed.
func (d *Desk) update(w http.ResponseWriter, q *query, v components.Desk, parts components.Part) {
	d.render(w, q, components.DeskUpdate(v, parts))
}

// replace puts a text into the editor.
func (d *Desk) replace(text string) {
	d.ws.setDraft(text)
	d.edition++
}

// run runs the requests of a text, in order, up to the first that fails, and
// shows the last one run.
func (d *Desk) run(w http.ResponseWriter, q *query) {
	s := d.settle(q)
	text := newlines(q.Get("text"))
	replaced := q.Get("replace") != ""
	if replaced {
		d.replace(text)
	}
	d.ws.setDraft(text)
	if d.ws.follows && writes(d.ws.region, text) {
		http.Error(w, followsText, http.StatusConflict)
		return
	}
	o := d.ws.run(text)
	v := d.view(s)
	v.Request.Replaced = replaced
	v.Said = said(o)
	d.update(w, q, v, components.PartAll)
}

// newlines undoes what form encoding does to line ends.
func newlines(s string) string {
	return strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n")
}

// outcome shows an outcome in another view.
func (d *Desk) outcome(w http.ResponseWriter, q *query) {
	o := d.find(w, q.last)
	if o == nil {
		return
	}
	v := d.viewOf(o, readSettings(q))
	d.update(w, q, v, components.PartResult)
}

// show puts an earlier request and its outcome back on the desk.
func (d *Desk) show(w http.ResponseWriter, q *query) {
	o := d.find(w, q.last)
	if o == nil {
		return
	}
	s := d.settle(q)
	d.ws.shown = o
	d.replace(o.text)
	v := d.view(s)
	v.Request.Replaced = true
	v.Said = said(o)
	d.update(w, q, v, components.PartAll)
}

// find looks an outcome up; it answers itself where there is none.
func (d *Desk) find(w http.ResponseWriter, id string) *outcome {
	n, err := strconv.Atoi(id)
	if err == nil {
		for _, o := range d.ws.outcomes {
			if o.id == n {
				return o
			}
		}
	}
	http.Error(w, "There is no outcome "+strconv.Quote(id)+" on this desk.", http.StatusNotFound)
	return nil
}

// dock opens a tab of the dock.
func (d *Desk) dock(w http.ResponseWriter, q *query) {
	s := readSettings(q)
	s.tab = components.DockTab(q.last)
	d.update(w, q, d.view(s), components.PartDock)
}

// template gives the text of a request to begin with, for the table on the
// desk or the one named.
func (d *Desk) template(w http.ResponseWriter, q *query) {
	text, ok := d.ws.template(q.Get("op"), q.Get("table"))
	if !ok {
		http.Error(w, "There is no template for "+strconv.Quote(q.Get("op"))+".", http.StatusNotFound)
		return
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Write([]byte(text))
}

// clock advances the clock of an engine of the page's own.
func (d *Desk) clock(w http.ResponseWriter, q *query) {
	s := d.settle(q)
	seconds, err := strconv.ParseInt(q.Get("by"), 10, 64)
	if err != nil || seconds < 1 || seconds > maxStep {
		http.Error(w, "The clock advances by 1 to "+strconv.Itoa(maxStep)+" seconds at a time.", http.StatusBadRequest)
		return
	}
	if d.config.Engine != nil {
		http.Error(w, "This engine’s clock follows real time.", http.StatusConflict)
		return
	}
	if d.refuses(w) {
		return
	}
	if err := d.ws.advance(time.Duration(seconds) * time.Second); err != nil {
		http.Error(w, err.Error(), http.StatusConflict)
		return
	}
	v := d.view(s)
	v.Said = "The clock shows " + v.Clock.Time + ", " + v.Clock.Date + "."
	d.update(w, q, v, components.PartSide|components.PartDock|components.PartSaid)
}

// maxStep is the longest single step of the clock: a year.
const maxStep = 366 * 24 * 3600

// fresh puts an empty workspace on the desk; the one before can be gone back
// to.
func (d *Desk) fresh(w http.ResponseWriter, q *query) {
	d.turn(w, q, func() *workspace { return emptyWorkspace(d.config.Faults) })
}

func (d *Desk) undoNew(w http.ResponseWriter, q *query) {
	if d.back == nil {
		http.Error(w, "There is no workspace to go back to.", http.StatusConflict)
		return
	}
	back := d.back
	d.turn(w, q, func() *workspace { return back })
}

func (d *Desk) example(w http.ResponseWriter, q *query) {
	for _, x := range examples {
		if x.name == q.Get("name") {
			d.turn(w, q, func() *workspace { return exampleWorkspace(x, d.config.Faults) })
			return
		}
	}
	http.Error(w, "There is no example of that name.", http.StatusNotFound)
}

// turn puts another workspace on the desk and keeps the one that was there.
func (d *Desk) turn(w http.ResponseWriter, q *query, next func() *workspace) {
	if d.config.Engine != nil {
		http.Error(w, "This is the server’s engine; the page cannot replace it.", http.StatusConflict)
		return
	}
	s := d.settle(q)
	ws := next()
	d.back, d.ws = d.ws, ws
	d.replace(ws.draft)
	v := d.view(s)
	v.Request.Replaced = true
	v.Said = "Workspace " + ws.title + "."
	d.update(w, q, v, components.PartAll)
}
