// Package global is the lab of global tables: several regions side by side, the
// links between them, and what becomes of writes that collide.
package global

import (
	"sync"

	"github.com/sortkey/sortkey/components"
	"github.com/sortkey/sortkey/web/page"
)

// Config is what a host gives the page.
type Config struct {
	// Assets maps plain names of static files to where they lie, relative to
	// the page; a missing one stands for itself.
	Assets map[string]string
	// Faults is told of every bug in an engine of the page.
	Faults func(problem any, stack []byte)
}

// Page is the handler. It is safe for concurrent use; requests take turns.
type Page struct {
	config Config
	mu     sync.Mutex
}

// New makes the page as it is first shown.
func New(c Config) *Page { return &Page{config: c} }

// Serve answers one request of the page: its method, its path below the page's
// own address with the query, and its form.
func (p *Page) Serve(method, target string, form []byte) page.Answer {
	p.mu.Lock()
	defer p.mu.Unlock()
	return page.Serve(p, routes, method, target, form)
}

var routes = []page.Route[*Page]{
	page.Get("/", (*Page).document),
}

// document is the whole page.
func (p *Page) document(w *page.Answer, q *page.Query) {
	w.Render(components.Sheet(components.Head{
		Assets: p.config.Assets, Section: "global", Title: "Regions",
		About: "A DynamoDB global table in several regions: write anywhere, cut the links, and watch which write is kept.",
	}, components.Global()))
}
