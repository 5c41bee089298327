package capacity

import (
	"net/url"
	"slices"
	"strconv"

	"github.com/sortkey/sortkey/components"
	"github.com/sortkey/sortkey/web/page"
)

// simulator answers the section "One hour". It keeps runs as they are asked for,
// but no answer depends on which it has: all state is in the request.
type simulator struct {
	faults func(any, []byte)
	runs   []*run // the one used last at the end
}

// maxRuns is how many runs are kept, so that going back to knobs that one has
// just had is quick.
const maxRuns = 4

// run is the run with these knobs.
func (s *simulator) run(k knobs) (*run, error) {
	i := slices.IndexFunc(s.runs, func(r *run) bool { return r.knobs == k })
	if i >= 0 {
		r := s.runs[i]
		s.runs = append(slices.Delete(s.runs, i, i+1), r)
		return r, nil
	}
	r, err := newRun(k, s.faults)
	if err != nil {
		return nil, err
	}
	if s.runs = append(s.runs, r); len(s.runs) > maxRuns {
		s.runs = s.runs[1:]
	}
	return r, nil
}

// place is where somebody is in a run.
type place struct {
	knobs knobs
	at    int // the minute that is looked at
	until int // up to which the run is to be drawn
	have  int // up to which it was drawn
	show  string
	speed int
	runs  bool
	whole bool // draw all of it, however long that takes
}

// maxSlice is about how many requests are made for one answer: then what there
// is is drawn, and the page asks for more.
const maxSlice = 250_000

// readPlace reads the form. What is wrong is said in a sentence.
func readPlace(q url.Values) (p place, wrong string) {
	start := presetNamed(q.Get("preset"))
	p.knobs, p.show, p.runs, p.speed = start.knobs, q.Get("h-show"), q.Get("h-runs") == "true", 600
	if q.Get("h-speed") == "60" {
		p.speed = 60
	}
	if q.Get("preset") != "" {
		p.until = p.knobs.minutes()
		p.at, p.runs = start.at, false
		return p, ""
	}
	if p.knobs, wrong = readKnobs(q, start.knobs); wrong != "" {
		return p, wrong
	}
	if wrong = p.readMinutes(q, start.at); wrong != "" {
		return p, wrong
	}
	return p, p.move(q)
}

// readMinutes reads where the run is; fresh knobs begin afresh.
func (p *place) readMinutes(q url.Values, opening int) (wrong string) {
	whole := p.knobs.minutes()
	for _, f := range []struct {
		name  string
		of    *int
		plain int
	}{{"h-at", &p.at, min(opening, whole)}, {"h-until", &p.until, whole}, {"h-have", &p.have, 0}} {
		text := q.Get(f.name)
		n, err := strconv.Atoi(text)
		switch {
		case text == "":
			n = f.plain
		case err != nil || n < 0 || n > 24*60:
			return "“" + f.name[2:] + "” is " + strconv.Quote(text) + ", not a minute of the run."
		}
		*f.of = p.step(n)
	}
	if q.Get("h-run") != p.knobs.key() {
		p.have = 0
		if old := q.Get("h-run"); old != "" && oldMinutes(old) != whole { // the hour has become a day, or the other way round
			p.at, p.until = whole, whole
		}
	}
	return ""
}

// step is the last minute before n, or n, after which there is a fork.
func (p *place) step(n int) int {
	each := p.knobs.form().each
	return min(n, p.knobs.minutes()) / each * each
}

// move goes where the request wants to.
func (p *place) move(q url.Values) (wrong string) {
	switch {
	case q.Get("fresh") != "":
		p.at, p.until, p.have, p.runs = 0, 0, 0, false
	case q.Get("step") != "":
		n, err := strconv.Atoi(q.Get("step"))
		if err != nil || n != 1 && n != -1 {
			return "A step is 1 forward or -1 back."
		}
		p.at, p.runs = p.step(max(p.at+n*p.knobs.form().each, 0)), false
	case q.Get("by") != "":
		n, err := strconv.Atoi(q.Get("by"))
		if err != nil || n < 1 || n > 24*60 {
			return "The clock advances by 1 to 1,440 minutes at a time."
		}
		if p.at >= p.knobs.minutes() {
			p.at, p.until, p.have = 0, 0, 0
		}
		p.at = p.step(p.at + max(n, p.knobs.form().each))
	}
	p.until = max(p.until, p.at)
	p.runs = p.runs && p.at < p.knobs.minutes()
	return ""
}

// reach is the minute up to which the run is drawn in this answer: what was
// drawn, and about as much more as can be worked out at once.
func (p *place) reach() int {
	have, each := min(p.have, p.until), p.knobs.form().each
	if p.whole {
		return p.until
	}
	for budget := int64(maxSlice); have < p.until && budget > 0; have += each {
		budget -= p.knobs.requests(have+each) - p.knobs.requests(have)
	}
	return min(have, p.until)
}

// key names the knobs: what was drawn of other knobs counts for nothing.
func (k *knobs) key() string { return k.shape + "." + k.values().Encode() }

// oldMinutes is how long the run of a key was.
func oldMinutes(key string) int {
	for _, s := range shapes {
		if len(key) > len(s.name) && key[:len(s.name)+1] == s.name+"." {
			return s.hours * 60
		}
	}
	return 0
}

// hour answers a request of the section.
func (p *Page) hour(w *page.Answer, q *page.Query) {
	at, wrong := readPlace(q.Values)
	if wrong != "" {
		w.Fail(wrong, page.StatusUnprocessableEntity)
		return
	}
	v, err := p.simulator.view(&at)
	if err != nil {
		w.Fail(err.Error(), page.StatusInternalServerError)
		return
	}
	parts := components.HourAll
	switch {
	case q.Get("by") != "":
		parts = components.HourTransport | components.HourCharts
	case q.Get("look") != "":
		parts = components.HourCharts
	default:
		v.Said = "It is " + v.Time.Clock(v.At) + "."
	}
	w.Render(components.HourUpdate(v, parts))
}

// opening is the section as the page is first shown: as far as it goes in one
// answer as the address has it, or else the whole first preset.
func (s *simulator) opening(q url.Values) (*components.Simulator, error) {
	at, wrong := readPlace(q)
	if wrong != "" {
		at, _ = readPlace(url.Values{})
	}
	at.have, at.whole = 0, len(q) == 0
	return s.view(&at)
}

// view is the section at a place.
func (s *simulator) view(p *place) (*components.Simulator, error) {
	r, err := s.run(p.knobs)
	if err != nil {
		return nil, err
	}
	have := p.reach()
	if err := r.reach(have); err != nil {
		return nil, err
	}
	h := &hourView{run: r, place: p, have: have, at: min(p.at, have), lane: p.lane()}
	return h.view(), nil
}

// lane is what is drawn.
func (p *place) lane() lane {
	list := p.knobs.lanes()
	if i := slices.IndexFunc(list, func(l lane) bool { return l.name == p.show }); i >= 0 {
		return list[i]
	}
	return list[0]
}

// hourView fills the view model of a run at a place.
type hourView struct {
	run   *run
	place *place
	have  int
	at    int
	lane  lane
}

func (h *hourView) view() *components.Simulator {
	k := &h.place.knobs
	v := &components.Simulator{
		Time: components.Timeline{Start: h.run.start.Hour() * 60, Minutes: k.minutes(), Each: h.run.shape.each, Now: h.at},
		At:   h.place.at, Until: h.place.until, Have: h.have, Run: k.key(), Runs: h.place.runs, Speed: h.place.speed,
		Link: h.link(), Scaled: k.billing == "provisioned",
	}
	for _, l := range k.lanes() {
		v.Shown = append(v.Shown, components.SimulatorPick{Value: l.name, Word: l.word, On: l.name == h.lane.name})
	}
	for _, p := range presets {
		v.Story = append(v.Story, components.SimulatorPreset{Name: p.name, Title: p.title, About: p.about, On: p.knobs == *k})
	}
	v.Knobs = k.controls()
	h.charts(v)
	v.Why = h.why()
	h.steps(v)
	for _, s := range h.run.sent {
		v.Sent = append(v.Sent, components.SimulatorSent{Operation: s.operation, Body: s.body})
	}
	for _, l := range k.loads() {
		v.Sent = append(v.Sent, components.SimulatorSent{Operation: "load", Body: l.String()})
	}
	return v
}

// link is the address of the place, from the page on.
func (h *hourView) link() string {
	q := h.place.knobs.values()
	q.Set("h-at", strconv.Itoa(h.place.at))
	q.Set("h-until", strconv.Itoa(h.place.until))
	if h.lane.name != "writes" {
		q.Set("h-show", h.lane.name)
	}
	return "./?" + q.Encode() + "#hour"
}

// charts draws the lane up to where the run has come.
func (h *hourView) charts(v *components.Simulator) {
	k, each := &h.place.knobs, h.run.shape.each
	minutes := h.run.minutes(h.lane, h.have)
	v.Chart = &components.ThroughputChart{Time: v.Time, Unit: h.lane.unit() + " a second", Limit: "provisioned"}
	if k.billing == "provisioned" {
		v.Burst = &components.BurstStrip{Time: v.Time, Room: burstRoom}
	} else {
		v.Chart.Limit = "grown to"
	}
	for i, m := range minutes {
		if i == 0 || m.rate != minutes[i-1].rate {
			v.Chart.Limits = append(v.Chart.Limits, components.ChartLimit{Minute: i, Rate: components.Amount(100 * m.rate)})
		}
	}
	for from := 0; from+each <= len(minutes); from += each {
		column := minutes[from : from+each]
		v.Chart.Columns = append(v.Chart.Columns, h.lane.column(column, k))
		if v.Burst != nil {
			v.Burst.Left = append(v.Burst.Left, column[each-1].seconds())
		}
	}
	for _, a := range h.run.activities(h.have) {
		if a.lane == h.lane && a.done() && h.run.minute(a.Start) < h.have {
			v.Chart.Steps = append(v.Chart.Steps, components.ChartStep{Minute: h.run.minute(a.Start), From: int(a.From), To: int(a.To)})
		}
	}
	v.Heat = h.run.heatMap(h.lane, v.Time, h.have)
}

// burstRoom is how many seconds of provisioned capacity are saved at most.
const burstRoom = 300

// controls are the knobs as they stand.
func (k *knobs) controls() (list []components.SimulatorKnob) {
	for _, c := range choices[:2] {
		list = append(list, c.control(k))
	}
	for _, n := range numbers {
		if n.hot {
			list = append(list, choices[2].control(k))
		}
		list = append(list, components.SimulatorKnob{
			Name: n.name, Label: n.label, Value: *n.of(k), Min: n.min, Max: n.max, Step: n.step, Unit: n.unit, Idle: k.idle(n),
		})
	}
	return list
}

func (c choice) control(k *knobs) components.SimulatorKnob {
	x := components.SimulatorKnob{Name: c.name, Label: c.label}
	for _, o := range c.options {
		x.Options = append(x.Options, components.SimulatorOption{Value: o[0], Label: o[1], On: *c.of(k) == o[0]})
	}
	return x
}

// idle says why a knob has no effect.
func (k *knobs) idle(n number) string {
	switch {
	case n.provisioned && k.billing != "provisioned":
		return "of no effect on demand"
	case n.hot && k.keys != "hot":
		return "of no effect without a hot key"
	}
	return ""
}
