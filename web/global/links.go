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
	ms, err := strconv.Atoi(q.Get("ms"))
	if err != nil || ms < 0 || ms > components.LabLongest {
		w.Fail("A link takes 0 to "+grouped(components.LabLongest)+" ms.", page.StatusBadRequest)
		return
	}
	value := (time.Duration(ms) * time.Millisecond).String()
	p.change(w, q.Last, "latency", value, "are "+strconv.Itoa(ms)+" ms apart")
}

// change changes a link, named as the page names it: "us-east-1.eu-west-1".
func (p *Page) change(w *page.Answer, link, what, value, words string) {
	from, to, _ := strings.Cut(link, ".")
	if !p.lab.has(from) || !p.lab.has(to) || from == to {
		w.Fail("There is no link "+strconv.Quote(link)+" here.", page.StatusNotFound)
		return
	}
	step := engine.LinkStep{From: from, To: to, Both: true, What: what, Value: value}
	p.act(w, engine.Step{Link: step}, from+" and "+to+" "+words+".")
}
