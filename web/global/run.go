package global

import (
	"errors"
	"sort"
	"time"

	"github.com/sortkey/sortkey/components"
	"github.com/sortkey/sortkey/engine"
)

// run is one way that things went: what was done when, and engines kept on the
// way, from which any instant is a few steps away. So the page can go to any
// instant of it, and see there what was seen the first time.
type run struct {
	zero, end time.Time // recorded from zero to end
	steps     []step    // those before zero too
	silent    []int     // which of them are requests that wrote nothing
	marks     []mark
	head      *engine.Engine // at the end
	words     string         // how it differs from the one before: "from 04.600"

	here *engine.Engine // the state last asked for, not to be kept by others
	next int            // the step that here has not taken
}

// step is something done at an instant, by somebody or by traffic. There can be
// very many of traffic: of those there is only what the rest can be drawn from.
type step struct {
	at     time.Time
	deed   *deed // nil of a write of traffic that went well
	source *source
	number uint64 // among what the source can write
	took   time.Duration
}

// deed is what was done, and the answer if it was a request.
type deed struct {
	do    engine.Step
	reply answer
}

func (s *step) do() engine.Step {
	if s.deed != nil {
		return s.deed.do
	}
	return engine.Step{Call: s.source.call(s.number)}
}

func (s *step) reply() answer {
	if s.deed != nil {
		return s.deed.reply
	}
	return s.source.answer(s.number, s.took)
}

// region is where the step is a request, "" for none.
func (s *step) region() string {
	switch {
	case s.deed == nil:
		return s.source.region(s.number)
	case s.deed.do.IsCall():
		return s.deed.do.Call.Region
	}
	return ""
}

// wrote says what a request wrote, "" for nothing.
func (s *step) wrote() string {
	if s.deed != nil {
		return s.deed.reply.wrote
	}
	return s.source.wrote(s.number)
}

// bad reports whether a request was refused.
func (s *step) bad() bool { return s.deed != nil && s.deed.reply.bad }

// mark is a state on the way: all steps before next are taken. Its engine is
// never changed.
type mark struct {
	next   int
	engine *engine.Engine
}

// markEvery is how many steps lie between two marks: so many are taken again at
// most to be at an instant.
const markEvery = 25

// newRun begins a run with an engine.
func newRun(e *engine.Engine, zero time.Time) *run {
	return &run{zero: zero, end: e.Now(), head: e, marks: []mark{{0, e.Fork()}}}
}

// do takes a step at the end of the run. What the engine refuses changes
// nothing.
func (r *run) do(s engine.Step) (answer, error) {
	a, err := take(r.head, s)
	if err != nil {
		return a, err
	}
	return a, r.keep(step{deed: &deed{s, a}})
}

// keep adds a step that head has taken.
func (r *run) keep(s step) error {
	if len(r.steps) >= mostSteps {
		return errors.New("a run has at most " + components.Grouped(mostSteps) + " steps")
	}
	if s.deed != nil && s.deed.do.IsCall() && s.deed.reply.wrote == "" {
		r.silent = append(r.silent, len(r.steps))
	}
	s.at = r.end
	r.steps = append(r.steps, s)
	if len(r.steps)%markEvery == 0 {
		r.marks = append(r.marks, mark{len(r.steps), r.head.Fork()})
	}
	return nil
}

// mostSteps bounds what a run remembers: twenty writes a second for as long as a
// run can be.
const mostSteps = 150_000

// extend lets time go on at the end of the run.
func (r *run) extend(to time.Time) error {
	if !to.After(r.end) {
		return nil
	}
	if err := r.head.AdvanceTo(to); err != nil {
		return err
	}
	r.end = to
	return nil
}

// at is the state at an instant, with all that was done then: to be read, and
// only until the next instant is asked for.
func (r *run) at(t time.Time) (*engine.Engine, error) {
	if !t.Before(r.end) {
		return r.head, nil
	}
	m := r.markBefore(t)
	if r.here == nil || r.here.Now().After(t) || r.next < m.next || r.ahead(t) {
		r.here, r.next = m.engine.Fork(), m.next
	}
	for ; r.next < len(r.steps) && !r.steps[r.next].at.After(t); r.next++ {
		if err := r.here.AdvanceTo(r.steps[r.next].at); err != nil {
			return nil, err
		}
		if _, err := r.here.Step(r.steps[r.next].do()); err != nil {
			return nil, err
		}
	}
	return r.here, r.here.AdvanceTo(t)
}

// peek is the state at an instant, in an engine of its own: what at gave last
// stays good.
func (r *run) peek(t time.Time) (*engine.Engine, error) {
	here, next := r.here, r.next
	r.here = nil
	e, err := r.at(t)
	r.here, r.next = here, next
	return e, err
}

// ahead reports whether here has taken a step of after t.
func (r *run) ahead(t time.Time) bool {
	return r.next > 0 && r.next <= len(r.steps) && r.steps[r.next-1].at.After(t)
}

// markBefore is the last mark that has nothing of after t.
func (r *run) markBefore(t time.Time) mark {
	i := sort.Search(len(r.marks), func(i int) bool { return r.marks[i].engine.Now().After(t) })
	return r.marks[max(i-1, 0)]
}

// until is the run as it was at an instant: another one, that goes on from
// there.
func (r *run) until(t time.Time) (*run, error) {
	e, err := r.at(t)
	if err != nil {
		return nil, err
	}
	n := r.after(t)
	marks := sort.Search(len(r.marks), func(i int) bool { return r.marks[i].engine.Now().After(t) })
	return &run{
		zero: r.zero, end: t, head: e.Fork(),
		steps: append([]step(nil), r.steps[:n]...), silent: append([]int(nil), r.silent[:sort.SearchInts(r.silent, n)]...),
		marks: append([]mark(nil), r.marks[:max(marks, 1)]...),
	}, nil
}

// after is the number of the first step after an instant.
func (r *run) after(t time.Time) int {
	return sort.Search(len(r.steps), func(i int) bool { return r.steps[i].at.After(t) })
}

// quiet reports whether nothing was done after an instant: time only went on.
func (r *run) quiet(t time.Time) bool {
	return len(r.steps) == 0 || !r.steps[len(r.steps)-1].at.After(t)
}

// last is the answer to the last request made in a region up to an instant, nil
// for none.
func (r *run) last(region string, t time.Time) *answer {
	for i := r.after(t) - 1; i >= 0 && !r.steps[i].at.Before(r.zero); i-- {
		if s := &r.steps[i]; s.region() == region {
			a := s.reply()
			return &a
		}
	}
	return nil
}

// instant is a time as the page counts: milliseconds since zero.
func (r *run) instant(t time.Time) int { return int(t.Sub(r.zero) / time.Millisecond) }

// time is an instant of the page as a time, within what is recorded.
func (r *run) time(ms int) time.Time {
	t := r.zero.Add(time.Duration(ms) * time.Millisecond)
	switch {
	case t.Before(r.zero):
		return r.zero
	case t.After(r.end):
		return r.end
	}
	return t
}
