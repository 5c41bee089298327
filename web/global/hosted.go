package global

import (
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/sortkey/sortkey/components"
	"github.com/sortkey/sortkey/engine"
	"github.com/sortkey/sortkey/engine/scenario"
	"github.com/sortkey/sortkey/web/page"
)

// HostedConfig is what a host gives the page of a region.
type HostedConfig struct {
	// Assets and Faults are as in Config.
	Assets map[string]string
	Faults func(problem any, stack []byte)
	// Now is the clock that the region follows.
	Now func() time.Time
}

// Hosted is the page of a browser tab that is one region of a global table: it
// has an engine with this region's replica and nothing else. The other regions
// are other tabs, each with a Hosted of its own. Their hosts carry letters
// between them (hostedletter.go) and store what has happened (hostedjournal.go):
//
//	Open    the region begins, or goes on from its journal
//	Serve   a request of the page
//	Hear    a letter from another tab
//	Beat    time has passed: once a second
//	Present which regions have a tab
//	Keep    what these have left to store
//	Revert  it could not be stored
//	Say     what is to be posted to the other tabs
//
// After any of the first five a host stores what Keep gives it and only then
// answers the page and posts what Say gives it: so nobody is told of a write, or
// that a message was taken in, before that is in the journal. A Hosted is safe
// for concurrent use.
type Hosted struct {
	config HostedConfig
	mu     sync.Mutex

	group, region string // "" while none is chosen
	standing      components.HostedStanding
	why           string         // of Broken
	unkept        string         // why nothing is stored; "" where it is
	engine        *engine.Engine // nil while the region is not hosted here
	peers         []*peer
	tabs          []string // regions that have a tab
	counted       bool     // the host can tell
	greets        bool     // the others are to be asked for what they have
	beats         bool     // they are to be told that this one is here
	wrote         int64    // when the last letter was written

	journal
	reply   *components.LabReply
	ask     string
	edition uint64
}

// hostedTable is the table that a group has in all its regions.
const hostedTable = "Albums"

// HostedRegions are the regions of every group, as the page lists them.
func HostedRegions() []string { return []string{"us-east-1", "eu-west-1", "ap-south-1"} }

// DefaultGroup is the group of a page whose address names none.
const DefaultGroup = "albums"

// ValidGroup reports whether a name can be that of a group: 1 to 40 small
// letters, digits and -.
func ValidGroup(name string) bool {
	return engine.ValidRegion("g"+name[:min(len(name), 39)]) && name != "" && len(name) < 40
}

// NewHosted makes the page of a tab that hosts nothing yet.
func NewHosted(c HostedConfig) *Hosted {
	h := &Hosted{config: c, group: DefaultGroup}
	h.choose(DefaultGroup, "")
	return h
}

// choose makes the page one of a region of a group, or of none.
func (h *Hosted) choose(group, region string) {
	h.group, h.region, h.peers = group, region, nil
	for _, name := range HostedRegions() {
		if name != region {
			h.peers = append(h.peers, &peer{region: name})
		}
	}
	h.edition++
}

// Stand tells the page what has become of hosting a region: words are
// "choosing", "taken" (another tab hosts it), "waiting" (and it is wanted when
// that has gone) and "broken" (its journal cannot be read, and why). Without a
// group or a region that there is, it is "choosing".
func (h *Hosted) Stand(group, region, words, why string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if !ValidGroup(group) {
		group = DefaultGroup
	}
	if !slices.Contains(HostedRegions(), region) {
		region, words = "", "choosing"
	}
	if group != h.group || region != h.region {
		h.choose(group, region)
	}
	h.engine, h.reply = nil, nil
	h.standing, h.why = components.HostedStandingNamed(words), why
	h.edition++
}

// Unkept tells the page that nothing can be stored, and why.
func (h *Hosted) Unkept(why string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.unkept = why
	h.edition++
}

// Edition is another number after everything that the page would show
// differently.
func (h *Hosted) Edition() uint64 {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.edition
}

// Serve answers one request of the page: its method, its path below the page's
// own address with the query, and its form.
func (h *Hosted) Serve(method, target string, form []byte) page.Answer {
	h.mu.Lock()
	defer h.mu.Unlock()
	return page.Serve(h, hostedRoutes, method, target, form)
}

var hostedRoutes = []page.Route[*Hosted]{
	page.Get("/", (*Hosted).document),
	page.Get("/panel", (*Hosted).panel),
	page.Post("/write", (*Hosted).write),
	page.Post("/cut/", (*Hosted).cut),
	page.Post("/heal/", (*Hosted).heal),
	page.Post("/wait", (*Hosted).wait),
	page.Post("/unwait", (*Hosted).unwait),
	page.Post("/anew", (*Hosted).anew),
}

// document is the whole page.
func (h *Hosted) document(w *page.Answer, _ *page.Query) {
	w.Render(components.Sheet(components.Head{
		Assets: h.config.Assets, Section: "global", Page: "region", Title: "A region in this tab",
		About: "Each browser tab is one region of a DynamoDB global table: open two, write in both, cut them off, and see what is kept.",
	}, components.HostedMain(h.view())))
}

// panel is the page as it is now.
func (h *Hosted) panel(w *page.Answer, _ *page.Query) { h.update(w, "") }

func (h *Hosted) update(w *page.Answer, said string) {
	v := h.view()
	v.Said = said
	w.Render(components.HostedUpdate(v))
}

// hosts reports whether the region is hosted here, and refuses where it is not.
func (h *Hosted) hosts(w *page.Answer) bool {
	if h.engine == nil {
		w.Fail("This tab hosts no region, so nothing was done.", page.StatusConflict)
	}
	return h.engine != nil
}

// hostedOperations are what a region in a tab takes: reads and writes of items.
// What changes tables would have to be agreed on by all tabs.
var hostedOperations = []string{
	"GetItem", "PutItem", "UpdateItem", "DeleteItem", "Query", "Scan", "BatchGetItem", "BatchWriteItem",
	"TransactGetItems", "TransactWriteItems", "DescribeTable", "ListTables",
}

// write runs the requests of the form's text, one after the other up to the
// first that fails. The answer is the region's, also where it is an error.
func (h *Hosted) write(w *page.Answer, q *page.Query) {
	if !h.hosts(w) {
		return
	}
	text, requests, ok := typed(w, q, "the box")
	if !ok {
		return
	}
	for _, r := range requests {
		if !slices.Contains(hostedOperations, r.Operation) {
			w.Fail("A region in a tab takes reads and writes of items. "+r.Operation+" is for the desk.", page.StatusUnprocessableEntity)
			return
		}
	}
	h.ask = text
	h.tick()
	said := ""
	for _, r := range requests {
		var ok bool
		if said, ok = h.run(r); !ok {
			break
		}
	}
	h.update(w, said)
}

// run takes one request; false where it was refused.
func (h *Hosted) run(r scenario.Request) (said string, ok bool) {
	call := engine.Call{Target: r.Target(), Region: h.region, Body: r.Body}
	changes := h.engine.Changes(call)
	if changes {
		h.checkpoint()
		h.noteTime()
	}
	reply, trace := h.engine.Observe(call)
	if changes {
		h.note(engine.Step{Call: call})
	}
	h.reply = &components.LabReply{Name: strconv.Itoa(reply.Status), Text: string(reply.Body)}
	if err := trace.Err; err != nil {
		h.reply.Error, h.reply.Name, h.reply.Text = true, err.Code, err.Message
	}
	h.edition++
	return h.region + ": " + r.Operation + ", " + h.reply.Name + ".", trace.Err == nil
}

func (h *Hosted) cut(w *page.Answer, q *page.Query) { h.link(w, q.Last, "cut") }

func (h *Hosted) heal(w *page.Answer, q *page.Query) { h.link(w, q.Last, "heal") }

// link cuts the link to another region from this side, or heals it: while it is
// cut nothing is sent there, and nothing taken in that comes from there.
func (h *Hosted) link(w *page.Answer, region, what string) {
	if !h.hosts(w) {
		return
	}
	p := h.peer(region)
	if p == nil {
		w.Fail("There is no region "+strconv.Quote(region)+" in this group.", page.StatusNotFound)
		return
	}
	h.tick()
	if _, err := h.step(engine.Step{Link: engine.LinkStep{From: h.region, To: region, Both: true, What: what}}); err != nil {
		w.Fail(err.Error(), page.StatusUnprocessableEntity)
		return
	}
	p.cut = what == "cut"
	p.posted = 0
	h.greets = h.greets || !p.cut
	h.update(w, map[string]string{"cut": "The link to " + region + " is cut.", "heal": "The link to " + region + " is healed."}[what])
}

// wait is asked for where another tab hosts the region: this one takes over when
// that has gone. The host sees to it.
func (h *Hosted) wait(w *page.Answer, _ *page.Query) {
	h.turn(w, components.HostedTaken, components.HostedWaiting, "This tab takes over when the other one is closed.")
}

func (h *Hosted) unwait(w *page.Answer, _ *page.Query) {
	h.turn(w, components.HostedWaiting, components.HostedTaken, "This tab no longer waits.")
}

// anew is asked for where the journal cannot be read: it is put aside, and the
// region begins without it. The host sees to that first.
func (h *Hosted) anew(w *page.Answer, _ *page.Query) {
	if h.standing == components.HostedBroken {
		w.Fail("This journal could not be put aside, so nothing was done.", page.StatusConflict)
		return
	}
	h.update(w, h.region+" begins anew.")
}

// turn goes from one standing to another.
func (h *Hosted) turn(w *page.Answer, from, to components.HostedStanding, said string) {
	if h.standing != from {
		w.Fail("That has been settled meanwhile.", page.StatusConflict)
		return
	}
	h.standing = to
	h.edition++
	h.update(w, said)
}
