package web

import (
	"context"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/sortkey/sortkey/components"
	"github.com/sortkey/sortkey/engine"
	"github.com/sortkey/sortkey/engine/scenario"
)

// Opened makes the page of a scenario that came from elsewhere: the state it
// leads to, its last requests and what they came to. Hosts that open the same
// document show the same page, so a server can paint what the worker takes
// over. A document whose run breaks the limits is an error.
func Opened(c Config, doc *scenario.Document, limits scenario.Limits) (*Desk, error) {
	ws, err := openedWorkspace(doc, c.Faults, limits)
	if err != nil {
		return nil, err
	}
	return &Desk{config: c, ws: ws, first: settings{tab: components.DockRequests}}, nil
}

// maxOpened is how many requests of an opened scenario are listed.
const maxOpened = 25

// openedWorkspace runs a scenario as documentWorkspace does and lists its last
// requests besides: who opens somebody else's has not seen them.
func openedWorkspace(doc *scenario.Document, faults func(any, []byte), limits scenario.Limits) (*workspace, error) {
	e := newEngine(doc, faults)
	ws := &workspace{title: titleOf(doc), base: doc, region: e.Options().Region}
	ws.begin(e)
	budget := &scenario.Budget{Limits: limits}
	before := e.Now()
	err := doc.RunWithin(e, budget, maxOpened, func(o scenario.Outcome) {
		ws.opened(o, o.Now.Sub(before))
		before = o.Now
	})
	if err != nil {
		return nil, err
	}
	if view, ok := doc.View(); ok {
		ws.draft = view.Text
		err = ws.glanceWithin(budget)
	} else if ws.shown != nil {
		ws.draft = ws.shown.text
	}
	ws.linked, ws.opening, ws.journal = true, ws.draft, nil
	return ws, err
}

// glanceWithin runs the request in the editor, if it is one that only reads,
// within a budget.
func (ws *workspace) glanceWithin(b *scenario.Budget) error {
	req, err := scenario.ParseRequest(ws.draft)
	if err != nil {
		return nil // not finished yet
	}
	c := call(ws.region, req)
	if err := b.Allows(c); err != nil {
		return err
	}
	if !ws.glance() {
		return nil
	}
	return b.Request(c, ws.shown.reply, ws.shown.trace.Receipt)
}

// opened notes what a step of the scenario came to; took is how far the clock
// went.
func (ws *workspace) opened(from scenario.Outcome, took time.Duration) {
	if from.Step.IsTick() {
		if took > 0 {
			ws.note(entry{step: took, now: from.Now})
		}
		return
	}
	if from.Trace == nil {
		return // long ago
	}
	region := from.Step.Region
	if region == "" {
		region = ws.region
	}
	req := from.Step.Request
	o := &outcome{text: req.Source(), req: req, reply: from.Reply, trace: from.Trace}
	o.table = tableOf(ws.engine, region, o.trace.Table)
	if o.trace.Receipt != nil && !o.refused() {
		ws.units += o.trace.Receipt.Total()
	}
	ws.keep(o)
}

// newEngine makes a scenario's engine, its trees narrow unless it says how
// wide.
func newEngine(doc *scenario.Document, faults func(any, []byte)) *engine.Engine {
	o := doc.Options()
	if o.Degree == 0 {
		o.Degree = pageDegree
	}
	e := engine.New(o)
	e.Faults = faults
	return e
}

func titleOf(doc *scenario.Document) string {
	if doc.Title == "" {
		return "Untitled"
	}
	return doc.Title
}

// Preview is what is on the desk in a few words, for previews of a link.
type Preview struct {
	Title   string
	Tables  []PreviewTable
	Request string // "Query on Shop"; "" where there is none
	Came    string // "5 returned, 7 read, 1.0 units"
	items   int
}

// PreviewTable is a line about a table.
type PreviewTable struct{ Name, Keys, Items string }

// Preview tells what is on the desk.
func (d *Desk) Preview() Preview {
	d.mu.Lock()
	defer d.mu.Unlock()
	p := Preview{Title: d.ws.title}
	for _, t := range d.ws.engine.Tables(d.ws.region) {
		var keys []string
		for _, k := range keysOf(t.Key) {
			keys = append(keys, k.Name)
		}
		p.Tables = append(p.Tables, PreviewTable{t.Name, strings.Join(keys, ", "), components.Grouped(t.Items) + " " + noun(t.Items, "item")})
		p.items += t.Items
	}
	if o := d.ws.shown; o != nil && o.wrong == nil {
		p.Request, p.Came, _ = strings.Cut(clip(strings.TrimSuffix(sentence(o), "."), 300), ": ")
	}
	return p
}

// More says how many tables there are beside the first few.
func (p Preview) More(first int) string {
	n := len(p.Tables) - first
	return "and " + strconv.Itoa(n) + " more " + noun(n, "table")
}

// String is the preview in words: "2 tables, 96 items. Query on Shop: 5
// returned, 7 read, 1.0 units."
func (p Preview) String() string {
	n := len(p.Tables)
	s := strconv.Itoa(n) + " " + noun(n, "table") + ", " + components.Grouped(p.items) + " " + noun(p.items, "item") + "."
	if p.Request != "" {
		s += " " + p.Request + ": " + p.Came + "."
	}
	return s
}

// RenderShared writes the page of a kept scenario. Its body is the page that
// any Desk opened with the same document begins with.
func (d *Desk) RenderShared(ctx context.Context, w io.Writer, s components.Shared) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	return components.Document(components.Page{Assets: d.config.Assets, Desk: d.view(d.first), Shared: &s}).Render(ctx, w)
}
