package global

import (
	"strconv"
	"strings"
	"time"

	"github.com/sortkey/sortkey/components"
	"github.com/sortkey/sortkey/engine"
	"github.com/sortkey/sortkey/web/page"
)

// kill and revive are of a region.
func (p *Page) kill(w *page.Answer, q *page.Query) { p.life(w, q.Last, "kill", "is down") }

func (p *Page) revive(w *page.Answer, q *page.Query) { p.life(w, q.Last, "revive", "is up again") }

func (p *Page) life(w *page.Answer, region, what, words string) {
	if !p.lab.has(region) {
		w.Fail("There is no region "+strconv.Quote(region)+" here.", page.StatusNotFound)
		return
	}
	p.act(w, engine.Step{Region: engine.RegionStep{Region: region, What: what}}, region+" "+words+".")
}

// cut and heal are of a link, both ways.
func (p *Page) cut(w *page.Answer, q *page.Query) {
	p.change(w, q.Last, "cut", "", "are cut from each other")
}

func (p *Page) heal(w *page.Answer, q *page.Query) {
	p.change(w, q.Last, "heal", "", "reach each other again")
}

// latency sets how long a link's messages take, both ways.
func (p *Page) latency(w *page.Answer, q *page.Query) {
	if ms, ok := setting(w, q, "ms", components.LabLongest, "A link takes", " ms"); ok {
		p.change(w, q.Last, "latency", milliseconds(ms), "are "+strconv.Itoa(ms)+" ms apart")
	}
}

// jitter sets by how much that varies.
func (p *Page) jitter(w *page.Answer, q *page.Query) {
	if ms, ok := setting(w, q, "value", components.LabMostJitter, "A link's jitter is", " ms"); ok {
		p.change(w, q.Last, "jitter", milliseconds(ms), "are apart more or less, by up to "+strconv.Itoa(ms)+" ms")
	}
}

// loss sets how many of a hundred messages have to be sent again.
func (p *Page) loss(w *page.Answer, q *page.Query) {
	if n, ok := setting(w, q, "value", components.LabMostLoss, "A link loses", " % of its messages"); ok {
		p.change(w, q.Last, "loss", strconv.Itoa(n), "lose "+strconv.Itoa(n)+" % of what they send each other, and send it again")
	}
}

// setting reads a number of a form: from 0 to the most there can be.
func setting(w *page.Answer, q *page.Query, name string, most int, what, unit string) (int, bool) {
	n, err := strconv.Atoi(q.Get(name))
	if err != nil || n < 0 || n > most {
		w.Fail(what+" 0 to "+components.Grouped(most)+unit+".", page.StatusBadRequest)
		return 0, false
	}
	return n, true
}

func milliseconds(n int) string { return (time.Duration(n) * time.Millisecond).String() }

// oneWay cuts one direction of a link, or heals it.
func (p *Page) oneWay(w *page.Answer, q *page.Query) {
	e, err := p.lab.state()
	if err != nil {
		w.Fail(sentence(err.Error()), page.StatusUnprocessableEntity)
		return
	}
	what, words := "cut", "is cut"
	for _, l := range e.Links() {
		if l.Cut && l.From+"."+l.To == q.Last {
			what, words = "heal", "is open again"
		}
	}
	p.relink(w, q.Last, engine.LinkStep{What: what}, "to", words)
}

// change changes a link both ways.
func (p *Page) change(w *page.Answer, link, what, value, words string) {
	p.relink(w, link, engine.LinkStep{Both: true, What: what, Value: value}, "and", words)
}

// relink changes a link, named as the page names it: "us-east-1.eu-west-1".
func (p *Page) relink(w *page.Answer, link string, s engine.LinkStep, between, words string) {
	s.From, s.To, _ = strings.Cut(link, ".")
	if !p.lab.has(s.From) || !p.lab.has(s.To) || s.From == s.To {
		w.Fail("There is no link "+strconv.Quote(link)+" here.", page.StatusNotFound)
		return
	}
	p.act(w, engine.Step{Link: s}, s.From+" "+between+" "+s.To+" "+words+".")
}
