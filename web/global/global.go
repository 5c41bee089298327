// Package global is the lab of global tables: several regions side by side, the
// links between them, and what becomes of writes that collide.
//
// The page has an engine of its own with all regions on one clock, and a
// recording of what was done in it (run.go): any instant can be gone back to, and
// gone on from in another way. Everything drawn is read off the engine at the
// instant shown. What is on the page stands in its address: a preset, the seed
// and the instant, or the whole run as a scenario.
package global

import (
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/sortkey/sortkey/components"
	"github.com/sortkey/sortkey/engine"
	"github.com/sortkey/sortkey/engine/scenario"
	"github.com/sortkey/sortkey/web/page"
)

// Config is what a host gives the page.
type Config = page.Config

// Page is the handler. It is safe for concurrent use; requests take turns.
type Page struct {
	config Config
	mu     sync.Mutex
	lab    *lab
	strong bool // the engine serves strongly consistent global tables
}

// New makes the page as it is first shown: the first preset, at its instant.
func New(c Config) *Page {
	p := &Page{config: c}
	p.lab = p.first()
	if l, err := p.begin(strongPreset, settings{strong: true}); err == nil {
		p.strong = len(l.regions) > 0
	}
	return p
}

// first is the first preset. That it runs is held by tests.
func (p *Page) first() *lab {
	x, err := openPreset(presetNames[0], settings{})
	if err == nil {
		var l *lab
		if l, err = openLab(x, settings{}, p.config.Faults); err == nil {
			return l
		}
	}
	panic("the first preset does not run: " + err.Error())
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
	page.Get("/link", (*Page).link),
	page.Post("/open", (*Page).open),
	page.Post("/preset", (*Page).preset),
	page.Post("/mode", (*Page).mode),
	page.Post("/seed", (*Page).reseed),
	page.Post("/write/", (*Page).write),
	page.Post("/kill/", (*Page).kill),
	page.Post("/revive/", (*Page).revive),
	page.Post("/cut/", (*Page).cut),
	page.Post("/heal/", (*Page).heal),
	page.Post("/latency/", (*Page).latency),
	page.Post("/jitter/", (*Page).jitter),
	page.Post("/loss/", (*Page).loss),
	page.Post("/oneway/", (*Page).oneWay),
	page.Post("/play", (*Page).play),
	page.Post("/pause", (*Page).pause),
	page.Post("/speed", (*Page).speed),
	page.Post("/tick", (*Page).tick),
	page.Post("/step", (*Page).step),
	page.Post("/back", (*Page).back),
	page.Post("/seek", (*Page).seek),
	page.Post("/fork", (*Page).fork),
	page.Post("/way", (*Page).turn),
	page.Post("/traffic", (*Page).startTraffic),
	page.Post("/traffic-more", (*Page).moreTraffic),
	page.Post("/traffic-stop", (*Page).stopTraffic),
	page.Post("/zones", (*Page).zones),
	page.Post("/zone-lose", (*Page).loseZone),
	page.Post("/zone-back", (*Page).restoreZone),
	page.Post("/zone-lag", (*Page).zoneLag),
}

// document is the whole page, with what its address asks for.
func (p *Page) document(w *page.Answer, q *page.Query) {
	if len(q.Values) > 0 {
		p.load(q)
	}
	w.Render(components.Sheet(components.Head{
		Assets: p.config.Assets, Section: "global", Title: "Regions",
		About: "A DynamoDB global table in several regions: write anywhere, cut the links, and watch which write is kept.",
	}, components.LabMain(p.view())))
}

// view is the page at the instant shown, with what can be chosen.
func (p *Page) view() components.Lab {
	v := p.lab.view()
	if v.Modes = p.strong; !p.strong {
		v.Presets = slices.DeleteFunc(v.Presets, func(x components.LabPreset) bool { return x.Name == strongPreset })
	}
	return v
}

// update sends the parts that have changed, and what is to be said.
func (p *Page) update(w *page.Answer, parts components.LabPart, said string) {
	v := p.view()
	v.Said = said
	w.Render(components.LabUpdate(v, parts))
}

// moved sends what depends on the instant.
func (p *Page) moved(w *page.Answer, said string) {
	p.update(w, components.LabStagePart|components.LabTimePart|components.LabLedgerPart|components.LabZonesPart, said)
}

// link is the page's address as it is to be sent, relative to the page.
func (p *Page) link(w *page.Answer, _ *page.Query) {
	address, err := p.lab.address()
	if err != nil {
		w.Fail("This run does not fit into a link: "+err.Error()+".", page.StatusUnprocessableEntity)
		return
	}
	w.Plain(address)
}

// open puts on the page what an address says.
func (p *Page) open(w *page.Answer, q *page.Query) {
	p.load(q)
	said := p.lab.preset.doc.Title + "."
	if p.lab.trouble != "" {
		said = p.lab.trouble
	}
	p.update(w, components.LabAll, said)
}

// load reads an address. What cannot be opened leaves the first preset there,
// and says why.
func (p *Page) load(q *page.Query) {
	l, err := p.opened(q)
	if err != nil {
		l = p.first()
		l.trouble = sentence(err.Error())
	}
	if at, err := strconv.Atoi(q.Get("at")); err == nil {
		l.goTo(at)
	}
	l.edition = p.lab.edition + 1
	p.lab = l
}

// opened is the run that an address asks for.
func (p *Page) opened(q *page.Query) (*lab, error) {
	if link := q.Get("link"); link != "" {
		doc, err := scenario.DecodeLink(link)
		if err != nil {
			return nil, err
		}
		x, err := openText("", string(doc.Text()), 0)
		if err != nil {
			return nil, err
		}
		return openLab(x, settings{strong: doc.Extra.Get("x-mode") == "strong"}, p.config.Faults)
	}
	name := q.Get("preset")
	if name == "" {
		name = presetNames[0]
	}
	s := settings{strong: defaultMode(name)}
	if mode := q.Get("mode"); mode != "" {
		s.strong = mode == "strong"
	}
	if seed := q.Get("seed"); seed != "" {
		n, err := strconv.ParseUint(seed, 16, 64)
		if err != nil {
			return nil, errWords("the seed " + strconv.Quote(seed) + " is no hexadecimal number")
		}
		s.seed = n
	}
	return p.begin(name, s)
}

type errWords string

func (e errWords) Error() string { return string(e) }

// begin runs a preset.
func (p *Page) begin(name string, s settings) (*lab, error) {
	if presetText(name) == "" {
		return nil, errWords("there is no preset called " + strconv.Quote(name))
	}
	x, err := openPreset(name, s)
	if err != nil {
		return nil, err
	}
	return openLab(x, s, p.config.Faults)
}

// preset plays a preset from its beginning.
func (p *Page) preset(w *page.Answer, q *page.Query) {
	p.restart(w, q.Get("name"), settings{strong: defaultMode(q.Get("name"))})
}

// restart begins a preset and plays it.
func (p *Page) restart(w *page.Answer, name string, s settings) {
	l, err := p.begin(name, s)
	if err != nil {
		w.Fail(sentence(err.Error()), page.StatusUnprocessableEntity)
		return
	}
	l.goTo(0)
	l.edition = p.lab.edition + 1
	l.play()
	p.lab = l
	p.update(w, components.LabAll, l.preset.doc.Title+", from the beginning.")
}

// again begins what is on the page again, with other settings.
func (p *Page) again(w *page.Answer, s settings) {
	if p.lab.preset.name == "" {
		w.Fail("This run came with its link: begin a preset to choose that.", page.StatusConflict)
		return
	}
	p.restart(w, p.lab.preset.name, s)
}

// mode runs the same preset with the other consistency between regions.
func (p *Page) mode(w *page.Answer, q *page.Query) {
	p.again(w, settings{seed: p.lab.seed, strong: q.Get("mode") == "strong"})
}

// reseed runs the same preset with another seed.
func (p *Page) reseed(w *page.Answer, q *page.Query) {
	p.again(w, settings{seed: p.lab.seed + 1, strong: p.lab.strong})
}

// sentence makes a sentence of an error.
func sentence(s string) string {
	if s == "" {
		return ""
	}
	return strings.ToUpper(s[:1]) + strings.TrimSuffix(s[1:], ".") + "."
}

// act does a step, and says so.
func (p *Page) act(w *page.Answer, s engine.Step, said string) {
	if _, err := p.lab.act(s); err != nil {
		w.Fail(sentence(err.Error()), page.StatusUnprocessableEntity)
		return
	}
	p.moved(w, said)
}

// write runs the requests in a region's box, one after the other up to the first
// that fails. Its answer is the region's, also where it is an error.
func (p *Page) write(w *page.Answer, q *page.Query) {
	l, region := p.lab, q.Last
	if !l.has(region) {
		w.Fail("There is no region "+strconv.Quote(region)+" here.", page.StatusNotFound)
		return
	}
	text, requests, ok := typed(w, q, "the box of "+region)
	if !ok {
		return
	}
	l.asks[region] = text
	for _, r := range requests {
		a, err := l.act(engine.Step{Call: engine.Call{Target: r.Target(), Region: region, Body: r.Body}})
		if err != nil {
			w.Fail(sentence(err.Error()), page.StatusUnprocessableEntity)
			return
		}
		if a.bad {
			break
		}
	}
	a := l.run().last(region, l.now)
	p.moved(w, region+": "+a.operation+", "+a.name+".")
}

// typed reads the requests of a form's text, which are one at least: box is where
// that was typed.
func typed(w *page.Answer, q *page.Query, box string) (text string, requests []scenario.Request, ok bool) {
	text = strings.ReplaceAll(q.Get("text"), "\r\n", "\n")
	requests, err := scenario.ParseRequests(text)
	if err != nil {
		w.Fail("This is no request yet: "+err.Error()+". What you typed is still there.", page.StatusUnprocessableEntity)
		return "", nil, false
	}
	if len(requests) == 0 {
		w.Fail("There is no request in "+box+".", page.StatusUnprocessableEntity)
		return "", nil, false
	}
	return text, requests, true
}

// speed chooses how fast the clock runs.
func (p *Page) speed(w *page.Answer, q *page.Query) {
	for _, s := range components.LabSpeeds {
		if s == q.Get("speed") {
			p.lab.speed = s
			p.update(w, components.LabTimePart, "")
			return
		}
	}
	w.Fail("The clock runs at 1, 0.1 or 0.01 of its speed.", page.StatusBadRequest)
}

func (p *Page) play(w *page.Answer, _ *page.Query) {
	p.lab.play()
	p.update(w, components.LabTimePart, "")
}

func (p *Page) pause(w *page.Answer, _ *page.Query) {
	p.lab.playing = false
	p.update(w, components.LabTimePart, "Paused at "+p.lab.stamp(p.lab.now)+".")
}

// tick is what the script asks for while the run plays, in milliseconds.
func (p *Page) tick(w *page.Answer, q *page.Query) {
	by, err := strconv.Atoi(q.Get("by"))
	if err != nil || by < 0 {
		w.Fail("A tick has a number of milliseconds.", page.StatusBadRequest)
		return
	}
	if err := p.lab.tick(time.Duration(min(by, 1<<20)) * time.Millisecond); err != nil {
		w.Fail(sentence(err.Error()), page.StatusConflict)
		return
	}
	p.moved(w, "")
}

// step goes to the next instant at which something happens.
func (p *Page) step(w *page.Answer, _ *page.Query) {
	l := p.lab
	next, err := l.next()
	if err != nil {
		w.Fail(sentence(err.Error()), page.StatusConflict)
		return
	}
	if next.IsZero() {
		l.playing = false
		l.now = l.run().end
		p.moved(w, "Nothing more happens. Write something, or go back.")
		return
	}
	l.now = next
	p.moved(w, l.stamp(next)+".")
}

// back goes to the last instant before this one at which something happened.
func (p *Page) back(w *page.Answer, _ *page.Query) {
	l := p.lab
	l.playing = false
	if at, ok := l.previous(); ok {
		l.now = at
	} else {
		l.now = l.run().zero
	}
	p.moved(w, l.stamp(l.now)+".")
}

// seek goes to an instant.
func (p *Page) seek(w *page.Answer, q *page.Query) {
	at, err := strconv.Atoi(q.Get("at"))
	if err != nil {
		w.Fail("An instant is a number of milliseconds.", page.StatusBadRequest)
		return
	}
	p.lab.playing = false
	p.lab.goTo(at)
	p.moved(w, "")
}

// fork makes the instant shown the beginning of another way.
func (p *Page) fork(w *page.Answer, _ *page.Query) {
	p.lab.playing = false
	if err := p.lab.branch(true); err != nil {
		w.Fail(sentence(err.Error()), page.StatusConflict)
		return
	}
	p.moved(w, "A way of its own "+p.lab.run().words+".")
}

// turn shows another of the ways that things went.
func (p *Page) turn(w *page.Answer, q *page.Query) {
	n, err := strconv.Atoi(q.Get("way"))
	if err != nil || n < 1 || n > len(p.lab.ways) {
		w.Fail("There is no way "+strconv.Quote(q.Get("way"))+".", page.StatusNotFound)
		return
	}
	l := p.lab
	l.way, l.playing = n-1, false
	l.now = l.run().time(l.run().instant(l.now))
	p.moved(w, "Way "+strconv.Itoa(n)+", "+l.run().words+".")
}
