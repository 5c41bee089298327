package web

import (
	"errors"
	"strconv"
	"strings"

	"github.com/sortkey/sortkey/components"
	"github.com/sortkey/sortkey/engine"
	"github.com/sortkey/sortkey/engine/scenario"
	"github.com/sortkey/sortkey/web/page"
)

// document is the workspace as a scenario: what it began with, the steps that
// led to its present state, and what is in the editor. As long as nothing has
// changed it is the one it was opened from.
func (ws *workspace) document() (*scenario.Document, error) {
	if ws.at.parent == nil && ws.title == titleOf(ws.base) && ws.draft == ws.opening {
		return ws.base, nil
	}
	steps := make([]engine.Step, 0, len(ws.moments))
	for _, m := range ws.path() {
		steps = append(steps, m.step)
	}
	began := ws.base.Options()
	if began.Degree == 0 {
		began.Degree = pageDegree
	}
	if began.Start.IsZero() {
		began.Start = engine.DefaultStart
	}
	tail, err := scenario.FromHistory(ws.title, &engine.History{Options: began, Steps: steps})
	if err != nil {
		return nil, err
	}
	doc := *ws.base
	doc.Title, doc.Degree, doc.Start = ws.title, began.Degree, began.Start
	doc.Blocks = nil
	for _, b := range ws.base.Blocks {
		if b.Kind != scenario.View {
			doc.Blocks = append(doc.Blocks, b)
		}
	}
	doc.Blocks = append(doc.Blocks, tail.Blocks...)
	if ws.draft != "" {
		doc.Blocks = append(doc.Blocks, scenario.NewView(ws.draft, nil))
	}
	return &doc, nil
}

// link answers with the workspace as the fragment of a link, as plain text.
func (d *Desk) link(w *page.Answer, q *page.Query) {
	doc, ok := d.shared(w, q)
	if !ok {
		return
	}
	link, err := scenario.EncodeLink(doc)
	var trouble *scenario.Error
	if errors.As(err, &trouble) && (trouble.Kind == scenario.TooLong || trouble.Kind == scenario.TooLarge) {
		w.Fail("This workspace is too large for a link: "+trouble.Message+". Download it as a file instead; a file has room for more.", page.StatusRequestEntityTooLarge)
		return
	}
	if err != nil {
		w.Fail(err.Error(), page.StatusInternalServerError)
		return
	}
	w.Plain(link)
}

// file answers with the workspace as a scenario document.
func (d *Desk) file(w *page.Answer, q *page.Query) {
	doc, ok := d.shared(w, q)
	if !ok {
		return
	}
	text := doc.Text()
	if len(text) > scenario.MaxText {
		w.Fail("This workspace is too large for a scenario file: "+components.Grouped(len(text))+" bytes, and one may have "+components.Grouped(scenario.MaxText)+".", page.StatusRequestEntityTooLarge)
		return
	}
	w.Set("Content-Disposition", "attachment; filename=\""+fileName(d.ws.title)+"\"")
	w.Plain(string(text))
}

// fileName is a plain name for a title: letters, digits and hyphens.
func fileName(title string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(title) {
		switch {
		case 'a' <= r && r <= 'z', '0' <= r && r <= '9':
			b.WriteRune(r)
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
	}
	name := strings.Trim(b.String(), "-")
	if name == "" {
		name = "workspace"
	}
	return clip(name, 60) + ".md"
}

// shared is the workspace as a document; it answers itself where there is
// none.
func (d *Desk) shared(w *page.Answer, q *page.Query) (*scenario.Document, bool) {
	if d.ws.base == nil {
		w.Fail("The server’s engine cannot be shared: it has no history here.", page.StatusConflict)
		return nil, false
	}
	d.settle(q)
	if draft := q.Get("text"); draft != "" {
		d.ws.setDraft(newlines(draft))
	}
	doc, err := d.ws.document()
	if err != nil {
		w.Fail(err.Error(), page.StatusConflict)
		return nil, false
	}
	return doc, true
}

// open puts a workspace from a link or a file on the desk. The one that was
// there is kept, and nothing of the visitor's is touched: what is opened is
// not stored before something in it is changed.
func (d *Desk) open(w *page.Answer, q *page.Query) {
	doc, err := opened(q)
	if err != nil {
		w.Fail("This cannot be opened: "+err.Error()+".", page.StatusUnprocessableEntity)
		return
	}
	ws, err := openedWorkspace(doc, d.config.Faults, scenario.Limits{Replies: scenario.MaxReplies})
	if err != nil {
		w.Fail("This cannot be opened: "+err.Error()+".", page.StatusUnprocessableEntity)
		return
	}
	d.turn(w, q, func() *workspace { return ws })
}

func opened(q *page.Query) (*scenario.Document, error) {
	if link := q.Get("link"); link != "" {
		return scenario.DecodeLink(link)
	}
	text := q.Get("file")
	if text == "" {
		return nil, errors.New("it is empty")
	}
	return scenario.Parse([]byte(newlines(text)))
}

// undo and redo move between the states of the workspace.
func (d *Desk) undo(w *page.Answer, q *page.Query) { d.move(w, q, (*workspace).undo, "Undone: ") }
func (d *Desk) redo(w *page.Answer, q *page.Query) { d.move(w, q, (*workspace).redo, "Done again: ") }

func (d *Desk) move(w *page.Answer, q *page.Query, step func(*workspace) (*moment, error), said string) {
	if d.refuses(w, turnsBackText) {
		return
	}
	s := d.settle(q)
	m, err := step(d.ws)
	if err != nil {
		w.Fail(strings.ToUpper(err.Error()[:1])+err.Error()[1:]+".", page.StatusConflict)
		return
	}
	v := d.view(s)
	v.Said = said + m.words() + "."
	d.update(w, v, components.PartAll)
}

// goTo puts the workspace into the state after an entry of the list.
func (d *Desk) goTo(w *page.Answer, q *page.Query) {
	if d.refuses(w, turnsBackText) {
		return
	}
	s := d.settle(q)
	id, err := strconv.Atoi(q.Last)
	if err != nil || id < 0 || id >= len(d.ws.moments) {
		w.Fail("There is no such state in this workspace.", page.StatusNotFound)
		return
	}
	m := d.ws.moments[id]
	if err := d.ws.goTo(m); err != nil {
		w.Fail(err.Error(), page.StatusConflict)
		return
	}
	v := d.view(s)
	v.Said = "The workspace is as it was after " + m.words() + "."
	d.update(w, v, components.PartAll)
}

// refuses answers for desks that cannot be changed from here; hosts says why in
// the case of a host's engine.
func (d *Desk) refuses(w *page.Answer, hosts string) bool {
	switch {
	case d.ws.base == nil:
		w.Fail(hosts, page.StatusConflict)
	case d.ws.follows:
		w.Fail(followsText, page.StatusConflict)
	default:
		return false
	}
	return true
}

const (
	followsText   = "Another tab is working on this workspace; here it can only be read. Take it over to change it here."
	turnsBackText = "This is the server’s engine; the page cannot turn it back."
)
