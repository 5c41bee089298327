// Package capacity is the page of what things cost: an item, a month, and an
// hour of load.
package capacity

import (
	"sync"

	"github.com/sortkey/sortkey/components"
	"github.com/sortkey/sortkey/engine"
	"github.com/sortkey/sortkey/web/page"
)

// Config is what a host gives the page.
type Config = page.Config

// Page is the handler. It is safe for concurrent use; requests take turns.
type Page struct {
	config    Config
	mu        sync.Mutex
	bench     *engine.Engine // with empty tables: items are tried in forks of it
	simulator simulator
}

// New makes the page as it is first shown.
func New(c Config) *Page {
	return &Page{config: c, bench: newBench(c.Faults), simulator: simulator{faults: c.Faults}}
}

// Serve answers one request of the page: its method, its path below the page's
// own address with the query, and its form.
func (p *Page) Serve(method, target string, form []byte) page.Answer {
	p.mu.Lock()
	defer p.mu.Unlock()
	return page.Serve(p, routes, method, target, form)
}

var routes = []page.Route[*Page]{
	page.Get("/", (*Page).document),
	page.Post("/item", (*Page).item),
	page.Post("/month", (*Page).month),
	page.Get("/hour", (*Page).hour),
}

// document is the whole page.
func (p *Page) document(w *page.Answer, q *page.Query) {
	hour, err := p.simulator.opening(q.Values)
	if err != nil {
		w.Fail(err.Error(), page.StatusInternalServerError)
		return
	}
	sections := p.figures(q)
	sections.Hour = hour
	w.Render(components.Sheet(components.Head{
		Assets: p.config.Assets, Section: "capacity", Title: "Capacity",
		About: "What a DynamoDB item weighs, what a month of it costs, and what happens in the minute the load doubles.",
	}, components.Capacity(sections)))
}
