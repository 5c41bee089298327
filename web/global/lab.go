package global

import (
	"errors"
	"strconv"
	"strings"
	"time"

	"github.com/sortkey/sortkey/components"
	"github.com/sortkey/sortkey/engine"
	"github.com/sortkey/sortkey/engine/scenario"
)

// lab is what is on the page: a preset or a run out of a link, the ways that it
// went, and the instant that is shown of one of them.
type lab struct {
	settings
	preset  *preset
	table   string
	regions []string
	ways    []*run
	way     int
	now     time.Time
	playing bool
	live    bool // playing goes on where the recording ends
	speed   string
	asks    map[string]string
	edition int
	traffic time.Duration // that is still to be recorded
	zone    string        // region whose zones are shown
	trouble string
	past    []engine.Happening // room for that of a world
}

// Bounds of what a link can ask of the page.
const (
	longestRun  = 2 * time.Hour
	longestTick = time.Minute
	// settling is how long a run is recorded ahead, at most, until nothing is in
	// flight any more.
	settling = 30 * time.Second
	calm     = 300 * time.Millisecond // recorded behind what happened last
	mostWays = 9
)

// openLab runs a preset's scenario and stands at its instant.
func openLab(p *preset, s settings, faults func(any, []byte)) (*lab, error) {
	l := &lab{settings: s, preset: p, speed: p.speed, asks: p.asks()}
	l.seed = p.doc.Seed
	if l.speed == "" {
		l.speed = "0.1"
	}
	r, err := record(p, faults)
	if err != nil {
		return nil, err
	}
	r.words = "as it went at first"
	l.ways = []*run{r}
	l.find()
	if err := l.settle(); err != nil {
		return nil, err
	}
	l.now = r.time(int(p.at / time.Millisecond))
	return l, nil
}

// record runs a scenario from its beginning.
func record(p *preset, faults func(any, []byte)) (*run, error) {
	e := engine.New(p.doc.Options())
	e.Faults = faults
	r := newRun(e, p.zero)
	budget := &scenario.Budget{Limits: scenario.Limits{Replies: scenario.MaxReplies}}
	for _, s := range p.doc.Steps() {
		step := engineStep(s, r.end)
		var err error
		if !step.Advance.IsZero() {
			if step.Advance.Sub(p.zero) > longestRun {
				return nil, errors.New("a run of the lab lasts at most " + longestRun.String())
			}
			err = r.extend(step.Advance)
		} else if err = budget.Allows(step.Call); err == nil {
			_, err = r.do(step)
		}
		if err != nil {
			return nil, err
		}
	}
	if r.end.Before(p.zero) {
		return r, r.extend(p.zero)
	}
	return r, nil
}

// run is the way that is shown.
func (l *lab) run() *run { return l.ways[l.way] }

// state is the engine at the instant shown.
func (l *lab) state() (*engine.Engine, error) { return l.run().at(l.now) }

// act does something at the instant shown. What was done after it stays another
// way; time that only passed is forgotten.
func (l *lab) act(s engine.Step) (answer, error) {
	if err := l.branch(false); err != nil {
		return answer{}, err
	}
	r := l.run()
	a, err := r.do(s)
	if err != nil {
		return a, err
	}
	l.find()
	return a, l.settle()
}

// branch makes the run end at the instant shown. Where something was done after
// that, or always where it is asked for, this is a way of its own.
func (l *lab) branch(always bool) error {
	r := l.run()
	if !l.now.Before(r.end) && !always {
		return nil
	}
	cut, err := r.until(l.now)
	if err != nil {
		return err
	}
	cut.words = r.words
	if !always && r.quiet(l.now) {
		l.ways[l.way] = cut
		return nil
	}
	if len(l.ways) >= mostWays {
		return errors.New("there are " + strconv.Itoa(mostWays) + " ways already: begin a preset again to be rid of them")
	}
	cut.words = "from " + l.stamp(l.now)
	l.ways = append(l.ways, cut)
	l.way = len(l.ways) - 1
	return nil
}

// settle records on until nothing is in flight.
func (l *lab) settle() error {
	r := l.run()
	for until := r.end.Add(settling); ; {
		due := lastDue(r.head, l.regions)
		if due.IsZero() || due.After(until) {
			break
		}
		if err := r.extend(due); err != nil {
			return err
		}
	}
	return r.extend(r.end.Add(calm))
}

// tick lets a run that plays go on. It stops where the recording ends, unless it
// was begun there.
func (l *lab) tick(by time.Duration) error {
	r := l.run()
	to := l.now.Add(min(by, longestTick))
	if to.After(r.end) && !l.live {
		l.now, l.playing = r.end, false
		return nil
	}
	if to.Sub(r.zero) > longestRun {
		l.playing = false
		return errors.New("the run has lasted " + longestRun.String() + ", which is as long as it is kept")
	}
	if err := r.extend(to); err != nil {
		return err
	}
	l.now = to
	return nil
}

// play begins to play; at the end of the recording time goes on beyond it.
func (l *lab) play() {
	l.playing, l.live = true, !l.now.Before(l.run().end)
}

// goTo shows an instant.
func (l *lab) goTo(ms int) { l.now = l.run().time(ms) }

// address is what stands in the page's address: the preset and what was chosen,
// or, where something was done besides, the whole run.
func (l *lab) address() (string, error) {
	var b strings.Builder
	b.WriteString("?")
	if l.preset.name != "" {
		b.WriteString("preset=" + l.preset.name + "&seed=" + strconv.FormatUint(l.seed, 16))
		if l.strong != defaultMode(l.preset.name) {
			b.WriteString("&mode=" + modeName(l.strong))
		}
		b.WriteString("&")
	}
	b.WriteString("at=" + strconv.Itoa(l.run().instant(l.now)))
	if !l.changed() {
		return b.String(), nil
	}
	if n := len(l.run().steps); n > scenario.MaxSteps { // it would take long to find out
		return "", errors.New(components.Grouped(n) + " steps are more than a scenario may have")
	}
	doc, err := l.document()
	if err != nil {
		return "", err
	}
	link, err := scenario.EncodeLink(doc)
	return b.String() + "#" + link, err
}

// changed reports whether the run shown is another than its scenario makes.
func (l *lab) changed() bool {
	n := 0
	for _, s := range l.preset.doc.Steps() {
		if !s.IsTick() || !s.Tick.Moves() {
			n++
		}
	}
	return l.preset.name == "" || l.way > 0 || len(l.run().steps) != n
}

// document is the run shown as a scenario.
func (l *lab) document() (*scenario.Document, error) {
	r := l.run()
	h := &engine.History{Options: l.preset.doc.Options()}
	now := h.Options.Start
	for _, s := range r.steps {
		if s.at.After(now) {
			h.Steps, now = append(h.Steps, engine.Step{Advance: s.at}), s.at
		}
		h.Steps = append(h.Steps, s.do())
	}
	if r.end.After(now) {
		h.Steps = append(h.Steps, engine.Step{Advance: r.end})
	}
	doc, err := scenario.FromHistory(l.preset.doc.Title, h)
	if err != nil {
		return nil, err
	}
	doc.Extra = l.preset.doc.Extra.With("x-at", strconv.Itoa(r.instant(l.now))+"ms").With("x-zero", r.zero.Format(time.RFC3339Nano)).
		With("x-speed", l.speed).With("x-preset", l.preset.name).With("x-mode", modeName(l.strong))
	about := scenario.Block{Kind: scenario.Prose, Text: l.preset.about}
	doc.Blocks = append([]scenario.Block{about}, doc.Blocks...)
	for _, region := range l.regions {
		if text := l.asks[region]; text != "" {
			doc.Blocks = append(doc.Blocks, scenario.NewView(text, scenario.Attributes{{Name: "region", Value: region}}))
		}
	}
	return doc, nil
}

func modeName(strong bool) string {
	if strong {
		return "strong"
	}
	return "eventual"
}

// engineStep is a scenario's step as the engine's; now is the engine's clock.
func engineStep(s scenario.Step, now time.Time) engine.Step {
	if !s.IsTick() {
		return engine.Step{Call: s.Call()}
	}
	if !s.Tick.Moves() {
		return s.Tick.Step()
	}
	if s.Tick.At.IsZero() {
		return engine.Step{Advance: now.Add(s.Tick.Advance)}
	}
	return engine.Step{Advance: s.Tick.At}
}
