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
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"sync"

	"github.com/sortkey/sortkey/components"
	"github.com/sortkey/sortkey/engine"
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

// Answer is what the page is sent: a status, headers and a body.
type Answer struct {
	Status int
	Header [][2]string
	Body   []byte
}

func (w *Answer) set(name, value string) { w.Header = append(w.Header, [2]string{name, value}) }

// plain answers with a text.
func (w *Answer) plain(text string) {
	w.set("Content-Type", "text/plain; charset=utf-8")
	w.set("Cache-Control", "no-store")
	w.Body = []byte(text)
}

// fail answers with words instead.
func (w *Answer) fail(words string, status int) {
	w.Status, w.Body = status, []byte(words+"\n")
	w.Header = [][2]string{{"Content-Type", "text/plain; charset=utf-8"}, {"X-Content-Type-Options", "nosniff"}}
}

// The statuses used here, by their names in net/http.
const (
	statusOK                    = 200
	statusBadRequest            = 400
	statusNotFound              = 404
	statusConflict              = 409
	statusRequestEntityTooLarge = 413
	statusUnprocessableEntity   = 422
	statusInternalServerError   = 500
)

// Serve answers one request of the page: its method, its path with the query,
// and its form. It is what ServeHTTP does, without net/http: the page's wasm
// is a quarter smaller for doing without. The routes are told apart by hand for
// the same reason.
func (d *Desk) Serve(method, target string, form []byte) Answer {
	w := Answer{Status: statusOK}
	path, rest, _ := strings.Cut(target, "?")
	q, err := readQuery(rest, form)
	if err != nil {
		w.fail("This request cannot be read: "+err.Error(), statusBadRequest)
		return w
	}
	if method == "HEAD" {
		method = "GET"
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.checkpoint()
	serve := d.route(method, path, q)
	if serve == nil {
		w.fail("There is nothing at "+method+" "+path+".", statusNotFound)
		return w
	}
	serve(&w, q)
	return w
}

// query is what a request of the page carries: its path's last element, the
// address's query and the form, the form first.
type query struct {
	last string
	url.Values
}

func readQuery(address string, form []byte) (*query, error) {
	if len(form) > maxForm {
		return nil, fmt.Errorf("it is larger than %d bytes", maxForm)
	}
	values, err := url.ParseQuery(address)
	if err != nil {
		return nil, err
	}
	posted, err := url.ParseQuery(string(form))
	for name, list := range posted {
		values[name] = list
	}
	return &query{Values: values}, err
}

// maxForm bounds what the page may post: a request text of a megabyte, three
// bytes for each byte at worst, and the rest of the form.
const maxForm = 4 << 20

// route finds what answers a request, nil if nothing does.
func (d *Desk) route(method, path string, q *query) func(*Answer, *query) {
	for _, r := range routes {
		if r.method != method {
			continue
		}
		if r.path == path {
			return func(w *Answer, q *query) { r.serve(d, w, q) }
		}
		last, ok := strings.CutPrefix(path, r.path)
		if ok && strings.HasSuffix(r.path, "/") && len(r.path) > 1 && last != "" && !strings.Contains(last, "/") {
			q.last = last
			return func(w *Answer, q *query) { r.serve(d, w, q) }
		}
	}
	return nil
}

// route is one address.
type route struct {
	method, path string
	serve        func(*Desk, *Answer, *query)
}

// routes are the page's addresses; one that ends in a slash takes one more
// element.
var routes = []route{
	{"GET", "/", (*Desk).page},
	{"GET", "/desk", (*Desk).whole},
	{"GET", "/desk/outcome/", (*Desk).outcome},
	{"GET", "/desk/show/", (*Desk).show},
	{"GET", "/desk/dock/", (*Desk).dock},
	{"GET", "/desk/template", (*Desk).template},
	{"POST", "/desk/run", (*Desk).run},
	{"POST", "/desk/format", (*Desk).format},
	{"POST", "/desk/clock", (*Desk).clock},
	{"POST", "/desk/set/", (*Desk).set},
	{"POST", "/desk/split", (*Desk).split},
	{"POST", "/desk/commit/", (*Desk).commit},
	{"POST", "/desk/cancel/", (*Desk).cancel},
	{"POST", "/desk/form", (*Desk).form},
	{"POST", "/desk/new", (*Desk).fresh},
	{"POST", "/desk/undo-new", (*Desk).undoNew},
	{"POST", "/desk/example", (*Desk).example},
	{"POST", "/desk/undo", (*Desk).undo},
	{"POST", "/desk/redo", (*Desk).redo},
	{"POST", "/desk/goto/", (*Desk).goTo},
	{"POST", "/desk/open", (*Desk).open},
	{"POST", "/desk/link", (*Desk).link},
	{"POST", "/desk/file", (*Desk).file},
	{"GET", "/desk/shelf", (*Desk).shelved},
	{"POST", "/desk/workspace/", (*Desk).fetch},
	{"POST", "/desk/delete/", (*Desk).remove},
	{"POST", "/desk/take-over", (*Desk).takeOver},
}

// page is the whole document.
func (d *Desk) page(w *Answer, q *query) {
	d.render(w, q, components.Document(components.Page{Assets: d.config.Assets, Desk: d.view(d.first)}))
}

// whole is the body of the page, for a page that turns to this engine.
func (d *Desk) whole(w *Answer, q *query) {
	d.render(w, q, components.DeskMain(d.view(readSettings(q))))
}
