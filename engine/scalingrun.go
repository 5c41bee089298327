package engine

import (
	"math"
	"math/bits"
	"slices"
	"strings"

	"github.com/sortkey/sortkey/engine/meter"
)

// This file scales. A minute in which a table with a policy was asked for
// something puts an event at its end on the queue, at which the alarms of the
// table's targets are looked at; an ended UPDATING looks at them once more. A
// minute without requests makes no event: what nobody asks for can be left
// alone for years of engine time. Nothing is lost by that, since a minute in
// which nothing was consumed has no data point, and an alarm without data does
// nothing: DynamoDB does not scale in what has stopped being used.
//
// The alarms keep no state of their own. They are those of the minutes that
// load.go keeps, held against the capacity that there is now: high where the
// last two minutes were above the target, low where the last fifteen were below
// four fifths of it. A minute without data ends the row.
//
// Scaling out goes to what the last minute used, by the target: consumed /
// target; scaling in to what the busiest of the fifteen did.

const (
	minutesAbove = 2
	minutesBelow = 15
	percent      = 1_000_000 // the unit of targets

	lowestTarget  = 20 * percent
	highestTarget = 90 * percent
)

// alarms are the two alarms of a policy at the end of a minute.
type alarms struct {
	above, below  int         // minutes in a row, up to those that count
	last, busiest meter.Units // consumed in the last minute, and in the busiest of those below
}

func (a alarms) high() bool { return a.above >= minutesAbove }
func (a alarms) low() bool  { return a.below >= minutesBelow }

// desired is the capacity at which that consumption in a minute is the target's
// share: rounded up, so that it is above the capacity exactly where the
// consumption is above the target.
func (p *scalingPolicy) desired(u meter.Units) int64 {
	q, rest := divide(u, 100*percent, p.target)
	if rest {
		q++
	}
	return max(q, 1)
}

// under reports whether a consumption in a minute is below four fifths of the
// target's share of a capacity.
func (p *scalingPolicy) under(u meter.Units, capacity int64) bool {
	q, _ := divide(u, 5*100*percent, 4*p.target)
	return q < capacity
}

// divide is units in a minute × by / over, a second: the whole part, and whether
// there is a rest. What does not fit is the most there can be.
func divide(u meter.Units, by, over int64) (q int64, rest bool) {
	hi, lo := bits.Mul64(uint64(u), uint64(by))
	over *= 60 * int64(meter.Unit)
	if hi >= uint64(over) {
		return math.MaxInt64 - 1, false
	}
	whole, left := bits.Div64(hi, lo, uint64(over))
	return int64(min(whole, math.MaxInt64-1)), left > 0
}

// alarms holds the minutes before now against a capacity.
func (s *state) alarms(t *table, k scalingKey, p *scalingPolicy, capacity int64) alarms {
	var a alarms
	if t.load == nil {
		return a
	}
	sc := t.load.scope(k.index)
	if sc == nil {
		return a
	}
	above, below := true, true
	end := s.now - s.now%aMinute
	for i := 1; i <= minutesBelow && (above || below); i++ {
		u := sc.consumed(end-int64(i)*aMinute, k.dir)
		if u == 0 {
			break
		}
		if i == 1 {
			a.last = u
		}
		above = above && i <= minutesAbove && p.desired(u) > capacity
		below = below && p.under(u, capacity)
		if above {
			a.above++
		}
		if below {
			a.below++
			a.busiest = max(a.busiest, u)
		}
	}
	return a
}

// consumed is what was consumed in the minute that begins then.
func (sc *scope) consumed(start int64, d direction) meter.Units {
	if sc.minute.start == start {
		return sc.minute.units(d)
	}
	i, found := slices.BinarySearchFunc(sc.past, start, func(m Minute, start int64) int { return int(min(max(m.start-start, -1), 1)) })
	if !found {
		return 0
	}
	return sc.past[i].units(d)
}

// watch puts the alarms of a table on the queue, for the end of the minute that
// now lies in: something was consumed.
func (s *state) watch(t *table) {
	end := s.now - s.now%aMinute + aMinute
	if !t.scaled || t.due == end {
		return
	}
	for _, r := range s.regionList() {
		if r.tables[t.meta.name] != t {
			continue
		}
		if slices.ContainsFunc(r.scaling.of(t.meta.name), func(x *scalable) bool { return x.policy != nil }) {
			t.due = end
			s.at(end, scalingAlarms, r.name, t)
		}
	}
}

// rescale looks at every target of a table, in their order. What is begun for
// one makes the others wait until the table is ACTIVE again.
func (s *state) rescale(r *region, t *table) {
	if !t.scaled {
		return
	}
	for _, x := range r.scaling.of(t.meta.name) {
		if t.meta.status == statusActive {
			s.decide(r, t, x)
		}
	}
}

// provisioned is the capacity of what can be scaled; false where it has none, or
// is in a state in which it cannot be changed.
func (t *table) provisioned(k scalingKey) (int64, bool) {
	if t.meta.onDemand {
		return 0, false
	}
	if k.index == "" {
		return t.meta.throughput.of(k.dir), true
	}
	x := t.meta.index(k.index)
	if x == nil || x.spec.Local || x.status != statusActive {
		return 0, false
	}
	return x.throughput.of(k.dir), true
}

// decide does for one target what its bounds or its policy's alarms ask for.
func (s *state) decide(r *region, t *table, x *scalable) {
	capacity, ok := t.provisioned(x.scalingKey)
	if !ok {
		return
	}
	if x.owed {
		c := *x
		c.owed = false
		r.scaling.set(&c)
		s.bound(r, t, &c, capacity)
		return
	}
	if x.policy == nil {
		return
	}
	switch a := s.alarms(t, x.scalingKey, x.policy, capacity); {
	case a.high() && !x.outSuspended:
		s.scaleOut(r, t, x, capacity, a.last)
	case a.low() && !x.inSuspended && !x.policy.noIn:
		s.scaleIn(r, t, x, capacity, a.busiest)
	}
}

// outOfBounds reports whether the table has a capacity for the target to bring
// in.
func (x *scalable) outOfBounds(t *table) bool {
	capacity, ok := t.provisioned(x.scalingKey)
	return ok && (capacity < x.min || capacity > x.max)
}

// bound brings a target that has been registered within its bounds.
func (s *state) bound(r *region, t *table, x *scalable, capacity int64) {
	switch {
	case capacity < x.min:
		s.scale(r, t, x, capacity, x.min, causeBound("minimum", x.min))
	case capacity > x.max:
		s.scale(r, t, x, capacity, x.max, causeBound("maximum", x.max))
	}
}

// scaleOut raises the capacity. In the cooldown after an earlier raise only a
// larger one is made.
func (s *state) scaleOut(r *region, t *table, x *scalable, capacity int64, used meter.Units) {
	cause := causeAlarm(x.policy.high, x.policy.name)
	to := max(min(x.policy.desired(used), x.max), x.min)
	switch {
	case to <= capacity:
		s.notScaled(r, x, capacity, "AlreadyAtMaxCapacity", x.max, cause)
	case !s.cooling(x.outAt, x.policy.out) || to-capacity > x.outStep:
		s.scale(r, t, x, capacity, to, cause)
	}
}

// scaleIn lowers the capacity, not in the cooldown after an earlier time.
func (s *state) scaleIn(r *region, t *table, x *scalable, capacity int64, used meter.Units) {
	cause := causeAlarm(x.policy.low, x.policy.name)
	to := min(max(x.policy.desired(used), x.min), x.max)
	switch {
	case to >= capacity:
		s.notScaled(r, x, capacity, "AlreadyAtMinCapacity", x.min, cause)
	case !s.cooling(x.inAt, x.policy.in):
		s.scale(r, t, x, capacity, to, cause)
	}
}

// cooling reports whether a cooldown in seconds that began then goes on.
func (s *state) cooling(since, cooldown int64) bool {
	return since > 0 && (s.now-since)/1e9 < cooldown
}

// scale changes the capacity as an UpdateTable does, with all that one has to
// keep, and records the activity. A failure is recorded once for its reason.
func (s *state) scale(r *region, t *table, x *scalable, from, to int64, cause string) {
	a := &activity{scalingKey: x.scalingKey, from: from, to: to, cause: cause, status: scalingInProgress, start: s.now}
	if err := s.update(r, t, t.rescaling(x.scalingKey, to)); err != nil {
		a.status, a.message, a.end = scalingFailed, a.failed(asError(err)), s.now
		if last := r.scaling.last(x.scalingKey); last != nil && last.status == scalingFailed && last.reason() == a.reason() {
			return
		}
	}
	a.id = s.uuid(idScaling)
	r.scaling.add(a, s.now)
}

// reason is what a failure says behind the capacity that was wanted.
func (a *activity) reason() string {
	_, why, _ := strings.Cut(a.message, ". Reason: ")
	return why
}

// rescaling is the UpdateTable that gives a target another capacity.
func (t *table) rescaling(k scalingKey, to int64) *updateTableInput {
	in := &updateTableInput{table: text{true, t.meta.name}}
	was := t.meta.throughput
	if k.index != "" {
		was = t.meta.index(k.index).throughput
	}
	if k.dir == reading {
		was.read = to
	} else {
		was.write = to
	}
	is := throughputInput{set: true, read: integer{true, was.read}, write: integer{true, was.write}}
	if k.index == "" {
		in.throughput = is
		return in
	}
	u := indexUpdate{update: true}
	u.name, u.throughput = text{true, k.index}, is
	in.indexes = []indexUpdate{u}
	return in
}

// notScaled records that an alarm could do nothing, once for the reason.
func (s *state) notScaled(r *region, x *scalable, capacity int64, code string, bound int64, cause string) {
	if last := r.scaling.last(x.scalingKey); last != nil && last.code == code && last.bound == bound {
		return
	}
	r.scaling.add(&activity{
		id: s.uuid(idScaling), scalingKey: x.scalingKey, from: capacity, to: capacity, cause: cause, status: scalingUnfulfilled,
		code: code, bound: bound, start: s.now, end: s.now,
	}, s.now)
}

// scaled ends the activities that a table's UPDATING was for: cooldowns begin.
func (s *state) scaled(r *region, t *table) {
	list := r.scaling.activities
	for i, a := range list {
		if a.table != t.meta.name || a.status != scalingInProgress {
			continue
		}
		c := *a
		c.status, c.message, c.end = scalingSuccessful, a.fulfilled(), s.now
		list[i] = &c
		if x := r.scaling.target(a.scalingKey); x != nil {
			r.scaling.set(x.cooled(&c, s.now))
		}
	}
}

// cooled is the target after an activity. Scaling out ends the cooldown of
// scaling in.
func (x *scalable) cooled(a *activity, now int64) *scalable {
	c := *x
	if a.to > a.from {
		c.outAt, c.outStep, c.inAt = now, a.to-a.from, 0
	} else {
		c.inAt = now
	}
	return &c
}

// pending reports whether an activity of the target is under way.
func (a *scaling) pending(k scalingKey) bool {
	for _, x := range slices.Backward(a.activities) {
		if x.scalingKey == k && x.status == scalingInProgress {
			return true
		}
	}
	return false
}
