package web

import (
	"github.com/sortkey/sortkey/components"
	"github.com/sortkey/sortkey/web/page"
)

// Shelved is a stored workspace as its host lists it.
type Shelved struct {
	ID    string
	Title string
	When  string // it was changed last, in words
}

// Shelf tells the desk which workspaces its host has stored, in the order to
// show them in. The host does the storing: before a request that opens or
// deletes one gets here it has locked, read or removed it.
func (d *Desk) Shelf(list []Shelved) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.shelf = list
}

// Bring reads a stored workspace that a request is about to open. Errors are
// those of Load.
func (d *Desk) Bring(id string, journal, snapshot []byte, follows bool) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	ws, err := loadWorkspace(journal, snapshot, d.config.Faults)
	if err != nil {
		return err
	}
	ws.id, ws.follows = id, follows
	d.brought = ws
	return nil
}

func (d *Desk) workspaces() []components.Workspace {
	var list []components.Workspace
	for _, s := range d.shelf {
		list = append(list, components.Workspace{ID: s.ID, Title: s.Title, When: s.When, Current: s.ID == d.ws.id})
	}
	return list
}

// shelved sends the list of stored workspaces.
func (d *Desk) shelved(w *page.Answer, q *page.Query) {
	w.Render(components.ShelfUpdate(d.view(readSettings(q))))
}

// fetch puts the workspace that was brought on the desk, or the one before this
// one where the host has found that nobody else has changed it.
func (d *Desk) fetch(w *page.Answer, q *page.Query) {
	ws := d.brought
	if ws == nil || ws.id != q.Last {
		ws = d.back
	}
	switch {
	case d.ws.id == q.Last:
		d.update(w, d.view(d.settle(q)), components.PartAll)
	case ws == nil || ws.id != q.Last:
		w.Fail("This workspace is not stored here.", page.StatusNotFound)
	default:
		d.turn(w, q, func() *workspace { return ws })
	}
}

// remove forgets a workspace that the host has removed. One that was on the
// desk gives way to the example.
func (d *Desk) remove(w *page.Answer, q *page.Query) {
	if d.config.Engine != nil {
		w.Fail("This is the server’s engine; there is nothing stored.", page.StatusConflict)
		return
	}
	s := readSettings(q)
	title := ""
	for i, x := range d.shelf {
		if x.ID == q.Last {
			title = x.Title
			d.shelf = append(d.shelf[:i:i], d.shelf[i+1:]...)
			break
		}
	}
	if d.back != nil && d.back.id == q.Last {
		d.back = nil
	}
	parts := components.PartBar | components.PartSaid
	if d.ws.id == q.Last {
		d.ws = exampleWorkspace(examples[0], d.config.Faults)
		d.edition++
		parts = components.PartAll
	}
	v := d.view(s)
	v.Request.Replaced = parts == components.PartAll
	v.Said = "Workspace " + title + " deleted."
	d.update(w, v, parts)
}

// takeOver shows the desk after its host has taken the workspace over.
func (d *Desk) takeOver(w *page.Answer, q *page.Query) {
	if d.ws.follows {
		w.Fail(followsText, page.StatusConflict)
		return
	}
	v := d.view(readSettings(q))
	v.Said = "This tab works on the workspace now."
	d.update(w, v, components.PartAll)
}
