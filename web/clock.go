package web

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/sortkey/sortkey/components"
	"github.com/sortkey/sortkey/engine"
	"github.com/sortkey/sortkey/engine/scenario"
	"github.com/sortkey/sortkey/web/page"
)

// maxStep is the longest single step of the clock, in seconds: a year.
const maxStep = 366 * 24 * 3600

// clock advances the clock of an engine of the page's own: by some seconds,
// to a time, or to the next thing on the queue. A clock that runs does so in
// ticks, which are one step of the history as long as nothing else happens.
func (d *Desk) clock(w *page.Answer, q *page.Query) {
	s := d.settle(q)
	if d.refuses(w, "This engine’s clock follows real time.") {
		return
	}
	to, why := d.ws.clockTarget(q)
	if why != "" {
		w.Fail(why, page.StatusBadRequest)
		return
	}
	tick := q.Get("tick") != ""
	if err := d.ws.advance(to, tick); err != nil {
		w.Fail(err.Error(), page.StatusConflict)
		return
	}
	v := d.view(s)
	if !tick {
		v.Said = "The clock shows " + v.Clock.Time + ", " + v.Clock.Date + "."
	}
	d.update(w, v, components.PartBar|components.PartSide|components.PartDock|components.PartSaid)
}

// clockTarget is the time that a request asks for, or why there is none.
func (ws *workspace) clockTarget(q *page.Query) (to time.Time, why string) {
	now := ws.engine.Now()
	switch {
	case q.Get("next") != "":
		due := ws.engine.Due()
		if len(due) == 0 {
			return now, "Nothing is scheduled."
		}
		return due[0].At, ""
	case q.Get("to") != "":
		return jumpTarget(now, q.Get("to"))
	}
	seconds, err := strconv.ParseInt(q.Get("by"), 10, 64)
	if err != nil || seconds < 1 || seconds > maxStep {
		return now, "The clock advances by 1 to " + strconv.Itoa(maxStep) + " seconds at a time."
	}
	return now.Add(time.Duration(seconds) * time.Second), ""
}

// jumpTarget reads a time as a field for date and time gives it, in UTC.
func jumpTarget(now time.Time, text string) (to time.Time, why string) {
	to, err := time.Parse("2006-01-02T15:04:05", text)
	if err != nil {
		to, err = time.Parse("2006-01-02T15:04", text)
	}
	switch {
	case err != nil:
		return now, strconv.Quote(text) + " is not a date and a time such as " + now.Format("2006-01-02T15:04:05") + "."
	case !to.After(now):
		return now, "The clock shows " + now.Format("15:04:05 on 2 January 2006") + " and cannot go back. Undo does."
	case to.Sub(now) > scenario.MaxSpan:
		return now, "The clock goes at most ten years at a time."
	}
	return to, ""
}

// advance moves the clock of an engine of the page's own. A tick joins the
// tick before it, so that a clock that runs is one thing to undo.
func (ws *workspace) advance(to time.Time, tick bool) error {
	step, by := engine.Step{Advance: to}, to.Sub(ws.engine.Now())
	if tick && ws.at.ticks && ws.at == ws.moments[len(ws.moments)-1] {
		return ws.joinTick(step, by)
	}
	if err := ws.step(step, entry{step: by}); err != nil {
		return err
	}
	ws.at.ticks = tick
	if tick {
		ws.journal = append(ws.journal, tickLine...)
	}
	return nil
}

// tickLine follows the step of a tick in the journal; the next step of the
// clock that it stands behind joins it.
const tickLine = "{\"ticks\":true}\n"

// joinTick lengthens the present moment by another tick.
func (ws *workspace) joinTick(step engine.Step, by time.Duration) error {
	e := ws.engine.Fork()
	if _, err := e.Step(step); err != nil {
		return err
	}
	ws.at.step, ws.at.engine, ws.engine = step, e, e
	ws.journal, ws.due = step.Append(append(ws.journal, "{\"joins\":true}\n"...)), true
	ws.entries = slices.Clone(ws.entries) // a checkpoint may have the old ones
	for i := len(ws.entries) - 1; i >= 0; i-- {
		if x := &ws.entries[i]; x.moment == ws.at && x.outcome == nil {
			x.step, x.now = x.step+by, step.Advance
			break
		}
	}
	return nil
}

// set changes a setting of an engine of the page's own.
func (d *Desk) set(w *page.Answer, q *page.Query) {
	s := d.settle(q)
	if d.refuses(w, "This engine’s settings were chosen when the server was started.") {
		return
	}
	c := engine.Change{Name: q.Last, Value: strings.TrimSpace(q.Get("value"))}
	if err := d.ws.step(engine.Step{Set: c}, entry{words: "Set " + c.Name + " to " + c.Value}); err != nil {
		w.Fail("Not set: "+err.Error()+".", page.StatusUnprocessableEntity)
		return
	}
	v := d.view(s)
	v.Said = c.Name + " is " + c.Value + "."
	d.update(w, v, components.PartBar|components.PartSide|components.PartDock|components.PartSaid)
}

// simulationView is time and settings.
func (d *Desk) simulationView() *components.Simulation {
	e := d.ws.engine
	now := e.Now()
	v := &components.Simulation{Fixed: d.config.Engine != nil, Now: now.Format("2006-01-02T15:04:05")}
	due := e.Due()
	for i, ev := range due {
		if i == maxQueue {
			v.More = len(due) - i
			break
		}
		v.Due = append(v.Due, dueView(ev, now))
	}
	v.Open = d.ws.holdRows()
	values := e.Options().Settings
	for _, x := range engine.SettingList() {
		text := x.Text(values)
		v.Settings = append(v.Settings, components.SettingRow{
			Name: x.Name, About: x.About, Value: text, Flag: x.IsFlag(), On: text == "true", Plain: x.IsZero(values),
		})
	}
	return v
}

// maxQueue is how much of the clock's queue is listed.
const maxQueue = 20

func dueView(ev engine.Event, now time.Time) components.Due {
	what := strings.Replace(ev.What, "table", ev.Table, 1)
	if what == ev.What && ev.Table != "" {
		what = ev.Table + ": " + what
	}
	return components.Due{What: what, In: "in " + until(ev.At.Sub(now))}
}
