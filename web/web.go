// Package web is the page as one http.Handler: the document, the fragments
// that htmx asks for, and the session behind them. Three hosts run it: the
// worker in the page over the tab's own engine, the native server over its
// engine, and the builder of the static site, which keeps the first page it
// gives. It fills the view models of package components and knows no
// JavaScript and no socket.
//
// A session is one workspace: an engine, the requests run in it and their
// outcomes. Everything the handler renders follows from them, so the page that
// is built equals the page that the worker renders for the same state.
package web

import (
	"strconv"
	"sync"

	"github.com/sortkey/sortkey/components"
	"github.com/sortkey/sortkey/engine"
	"github.com/sortkey/sortkey/web/page"
)

// Config is what a host gives the page.
type Config struct {
	// Engine is the host's own engine, shown as it is: the page may not
	// replace it or move its clock. Nil gives the page engines of its own,
	// beginning with the default example.
	Engine *engine.Engine
	// Assets maps plain names of static files to where they lie; a missing
	// one stands for itself.
	Assets map[string]string
	// Faults is told of every bug in an engine of the page's own.
	Faults func(problem any, stack []byte)
	// NewID makes the id under which a workspace is stored for the first time.
	// Nil counts: "w1", "w2".
	NewID func() string
}

func (d *Desk) newID() string {
	if d.config.NewID != nil {
		return d.config.NewID()
	}
	d.ids++
	return "w" + strconv.Itoa(d.ids)
}

// Desk is the handler. It is safe for concurrent use; requests take turns.
type Desk struct {
	config Config

	mu      sync.Mutex
	ws      *workspace
	back    *workspace // the one before the last New or example
	first   settings   // of the whole page
	edition int        // of the editor's text: how often it was replaced
	ids     int        // of workspaces stored so far
	before  *checkpoint
	shelf   []Shelved
	brought *workspace // from the shelf, on its way to the desk
}

// New makes the page. Without a host's engine it begins with the default
// example and its request already run.
func New(c Config) *Desk {
	d := &Desk{config: c}
	if c.Engine != nil {
		d.ws = hostWorkspace(c.Engine)
	} else {
		d.ws = exampleWorkspace(examples[0], c.Faults)
	}
	return d
}

// Handle serves one call to the engine on the desk, as an SDK in the page makes
// it. It becomes part of the workspace like a request of the editor.
func (d *Desk) Handle(c engine.Call) engine.Reply {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.checkpoint()
	return d.ws.handle(c)
}

// Serve answers one request of the page: its method, its path with the query,
// and its form. It is what ServeHTTP does, without net/http.
func (d *Desk) Serve(method, target string, form []byte) page.Answer {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.checkpoint()
	return page.Serve(d, routes, method, target, form)
}

// routes are the page's addresses.
var routes = []page.Route[*Desk]{
	page.Get("/", (*Desk).page),
	page.Get("/desk", (*Desk).whole),
	page.Get("/desk/outcome/", (*Desk).outcome),
	page.Get("/desk/show/", (*Desk).show),
	page.Get("/desk/dock/", (*Desk).dock),
	page.Get("/desk/template", (*Desk).template),
	page.Post("/desk/run", (*Desk).run),
	page.Post("/desk/format", (*Desk).format),
	page.Post("/desk/clock", (*Desk).clock),
	page.Post("/desk/set/", (*Desk).set),
	page.Post("/desk/split", (*Desk).split),
	page.Post("/desk/commit/", (*Desk).commit),
	page.Post("/desk/cancel/", (*Desk).cancel),
	page.Post("/desk/form", (*Desk).form),
	page.Post("/desk/new", (*Desk).fresh),
	page.Post("/desk/undo-new", (*Desk).undoNew),
	page.Post("/desk/example", (*Desk).example),
	page.Post("/desk/undo", (*Desk).undo),
	page.Post("/desk/redo", (*Desk).redo),
	page.Post("/desk/goto/", (*Desk).goTo),
	page.Post("/desk/open", (*Desk).open),
	page.Post("/desk/link", (*Desk).link),
	page.Post("/desk/file", (*Desk).file),
	page.Get("/desk/shelf", (*Desk).shelved),
	page.Post("/desk/workspace/", (*Desk).fetch),
	page.Post("/desk/delete/", (*Desk).remove),
	page.Post("/desk/take-over", (*Desk).takeOver),
}

// page is the whole document.
func (d *Desk) page(w *page.Answer, q *page.Query) {
	w.Render(components.Document(components.Page{Assets: d.config.Assets, Desk: d.view(d.first)}))
}

// whole is the body of the page, for a page that turns to this engine.
func (d *Desk) whole(w *page.Answer, q *page.Query) {
	w.Render(components.DeskMain(d.view(readSettings(q))))
}
