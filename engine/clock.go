package engine

import (
	"fmt"
	"io"
	"time"
)

// Now is the engine's clock, in UTC.
func (e *Engine) Now() time.Time {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.s.time()
}

// AdvanceTo moves the clock to t and runs every event due by then, in order of
// (time, sequence). The clock never goes back: an earlier t is an error and
// changes nothing.
func (e *Engine) AdvanceTo(t time.Time) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.s.advanceTo(t)
}

// Tick moves the clock to t as AdvanceTo does, for hosts in real time: a t that
// the clock has passed, or that is beyond its end, is ignored.
func (e *Engine) Tick(t time.Time) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.s.tick(t)
}

// HandleAt serves one call like Handle, after a Tick to t, with no other call
// between the two.
func (e *Engine) HandleAt(t time.Time, c Call) Reply {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.s.tick(t)
	reply, _ := e.handle(c, nil)
	return reply
}

// Due lists the events the clock has yet to reach, in the order they will run.
func (e *Engine) Due() []Event {
	e.mu.Lock()
	defer e.mu.Unlock()
	var list []Event
	e.s.events.tree.Scan(func(ev event) bool {
		list = append(list, Event{At: time.Unix(0, ev.at).UTC(), What: ev.kind.String(), Region: ev.region, Table: ev.table})
		return true
	})
	return list
}

// Event is one thing the engine will do when its clock gets there.
type Event struct {
	At            time.Time
	What          string // "table becomes ACTIVE", …
	Region, Table string
}

func (s *state) time() time.Time { return time.Unix(0, s.now).UTC() }

// latest is the last instant the clock can show: the end of what 64-bit
// nanoseconds hold.
var latest = time.Unix(0, 1<<63-1).UTC()

func (s *state) advanceTo(t time.Time) error {
	if t.After(latest) {
		return fmt.Errorf("engine: the clock ends at %s", latest.Format(time.RFC3339))
	}
	at := t.UnixNano()
	if at < s.now || t.Before(time.Unix(0, 0)) {
		return fmt.Errorf("engine: the clock is at %s and cannot go back to %s",
			s.time().Format(time.RFC3339Nano), t.UTC().Format(time.RFC3339Nano))
	}
	for {
		ev, ok := s.events.tree.Min()
		if !ok || ev.at > at {
			break
		}
		s.events.tree.PopMin()
		s.now = max(s.now, ev.at)
		s.run(ev)
	}
	s.now = at
	return nil
}

func (s *state) tick(t time.Time) {
	if t.After(s.time()) {
		// The only error left is a time past the clock's end.
		_ = s.advanceTo(t)
	}
}

// runDue runs what is due already: transitions with no delay.
func (s *state) runDue() {
	for {
		ev, ok := s.events.tree.Min()
		if !ok || ev.at > s.now {
			return
		}
		s.events.tree.PopMin()
		s.run(ev)
	}
}

// eventKind says what an event does; events are data, not closures, so that a
// fork carries them along.
type eventKind uint8

const (
	tableActive eventKind = iota
	tableGone
	ttlChanges
	ttlSweep
	indexFill
	streamSettles
	streamTurns
	scalingAlarms
	loadSecond
	messageDue
	replicaFills
	scalingScheduled
)

func (k eventKind) String() string {
	switch k {
	case tableActive:
		return "table becomes ACTIVE"
	case tableGone:
		return "table is removed"
	case ttlChanges:
		return "TTL is turned on or off"
	case ttlSweep:
		return "expired items are deleted"
	case indexFill:
		return "index takes in items"
	case streamSettles:
		return "stream becomes ENABLED or DISABLED"
	case streamTurns:
		return "stream rolls its shards and trims"
	case scalingAlarms:
		return "auto scaling looks at its alarms"
	case loadSecond:
		return "a load makes its requests"
	case messageDue:
		return "a write arrives from another region"
	case replicaFills:
		return "replica takes in items"
	case scalingScheduled:
		return "a scheduled action of auto scaling is done"
	}
	return "event"
}

// event is one entry of the queue. The table is named by region, name and id:
// a table of the same name made later is another one. Streams outlive their
// tables: the id of their events is their ARN.
type event struct {
	at     int64
	seq    uint64
	kind   eventKind
	region string
	table  string
	id     string
}

// events is the queue, ordered by (time, sequence).
type events struct {
	tree *ordered[event]
}

func newEvents() events {
	less := func(a, b *event) bool {
		if a.at != b.at {
			return a.at < b.at
		}
		return a.seq < b.seq
	}
	return events{newOrdered(less)}
}

func (q events) copy() events { return events{q.tree.Copy()} }

func (q events) digest(w io.Writer) {
	q.tree.Scan(func(ev event) bool {
		fmt.Fprintf(w, "event %d %d %d %q %q %s\n", ev.at, ev.seq, ev.kind, ev.region, ev.table, ev.id)
		return true
	})
}

// after schedules an event for a table, delay from now.
func (s *state) after(delay time.Duration, kind eventKind, r *region, t *table) {
	s.at(s.now+int64(delay), kind, r.name, t)
}

// at schedules an event for a table of that region, at a time in nanoseconds.
func (s *state) at(at int64, kind eventKind, region string, t *table) event {
	return s.schedule(event{at: at, kind: kind, region: region, table: t.meta.name, id: t.meta.id})
}

// afterStream schedules an event for a stream, delay from now.
func (s *state) afterStream(delay time.Duration, kind eventKind, r *region, st *stream) {
	s.schedule(event{at: s.now + int64(delay), kind: kind, region: r.name, table: st.meta.table, id: st.meta.arn})
}

func (s *state) schedule(ev event) event {
	s.counters[idEvent]++
	ev.seq = s.counters[idEvent]
	s.events.tree.Set(ev)
	return ev
}

func (s *state) run(ev event) {
	if ev.kind == messageDue {
		s.arrive(ev.id)
		return
	}
	r := s.regions[ev.region]
	if r == nil {
		return
	}
	if ev.kind == loadSecond {
		s.runLoad(r, ev)
		return
	}
	if ev.kind == scalingScheduled {
		s.runScheduled(r, ev)
		return
	}
	if st := r.streams[ev.id]; st != nil {
		s.runStream(ev, r, st)
		return
	}
	t := r.tables[ev.table]
	if t == nil || t.meta.id != ev.id {
		return
	}
	switch ev.kind {
	case tableActive:
		s.activate(r, t)
	case tableGone:
		delete(r.tables, ev.table)
		s.gone(r, t)
	case ttlChanges:
		s.changeTTL(t)
	case ttlSweep:
		s.sweep(t)
	case indexFill:
		s.fill(r, t, ev.seq)
	case scalingAlarms:
		s.rescale(r, t)
	case replicaFills:
		s.fillReplica(r, t, ev.seq)
	}
}

func (s *state) runStream(ev event, r *region, st *stream) {
	switch ev.kind {
	case streamSettles:
		s.settleStream(r, st)
	case streamTurns:
		s.turnStream(r, st)
	}
}
