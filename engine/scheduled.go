package engine

import (
	"slices"
	"strconv"
	"strings"
)

// Scheduled scaling: at a time, at a rate, or as cron says, a target gets other
// bounds, and a capacity that is out of them is brought in.

const (
	maxScheduled  = 200 // of a target
	scheduledPage = 50
)

// scheduled is a scheduled action. It is never changed: forks share it.
type scheduled struct {
	name, schedule, zone, arn string
	created                   int64
	start, end                int64 // 0 for none
	min, max                  int64 // 0 where that stays as it is
	at, seq                   int64 // the event that is next, 0 for none
}

// scheduledInput is the request of PutScheduledAction, and of DeleteScheduledAction.
type scheduledInput struct {
	scalingInput
	name, schedule, zone text
	start, end           int64
	timed                [2]bool // whether there is a StartTime, an EndTime
	action               bool
	min, max             integer
}

func (in *scheduledInput) member(w wire, name string) error {
	switch name {
	case "ScheduledActionName":
		return w.text(&in.name)
	case "Schedule":
		return w.text(&in.schedule)
	case "Timezone":
		return w.text(&in.zone)
	case "StartTime":
		in.timed[0] = true
		return w.timestamp(&in.start)
	case "EndTime":
		in.timed[1] = true
		return w.timestamp(&in.end)
	case "ScalableTargetAction":
		in.action = true
		return w.structure("ScalableTargetAction", func(w wire, name string) error {
			switch name {
			case "MinCapacity":
				return w.integer(&in.min)
			case "MaxCapacity":
				return w.integer(&in.max)
			}
			return w.unknown()
		})
	}
	return in.scalingInput.member(w, name)
}

// constraints holds those of the model; longest is the length that a name has.
func (in *scheduledInput) constraints(longest int) error {
	var c constraints
	c.required("scheduledActionName", in.name.set)
	c.length("scheduledActionName", in.name, 1, longest)
	in.scalingInput.constraints(&c, true)
	c.length("schedule", in.schedule, 1, 1600)
	c.length("timezone", in.zone, 1, 1600)
	return c.err()
}

// putScheduledAction makes a scheduled action, or changes what is given of one;
// times that are not given again are no more.
func (x *exchange) putScheduledAction() error {
	in := &scheduledInput{}
	if err := x.fields(in.member); err != nil {
		return err
	}
	if err := in.constraints(256); err != nil {
		return err
	}
	k, err := in.key()
	if err != nil {
		return err
	}
	if err := in.check(); err != nil {
		return err
	}
	target := x.region.scaling.target(k)
	if target == nil {
		return errNotRegistered(k)
	}
	a, err := in.plan(x, target)
	if err != nil {
		return err
	}
	x.s.setScheduled(x.region, target, a)
	return x.nothing()
}

// check makes the checks that need no target.
func (in *scheduledInput) check() error {
	switch n := in.name.v; {
	case strings.ContainsAny(n, ":/|") || strings.TrimSpace(n) != n || strings.ContainsFunc(n, isControl):
		return invalid(textScheduledName)
	case in.zone.set && in.zone.v != "UTC" && in.zone.v != "Etc/UTC":
		return errNotBuilt("the time zone " + strconv.Quote(in.zone.v))
	case in.timed[0] && in.timed[1] && in.end <= in.start:
		return invalid(textScheduledTimes)
	case in.min.set && in.max.set && in.min.v > in.max.v:
		return invalid(textScalingOrder)
	case in.min.set && in.min.v < 1 || in.max.set && in.max.v < 1:
		return invalid(textScalingLowest)
	case in.action && !in.min.set && !in.max.set:
		return invalid(textScheduledAction)
	}
	if in.schedule.set {
		switch _, ok, unbuilt := readSchedule(in.schedule.v); {
		case unbuilt != "":
			return errNotBuilt(unbuilt)
		case !ok:
			return errSchedule(in.schedule.v)
		}
	}
	return nil
}

func isControl(r rune) bool { return r < 0x20 || r >= 0x7f && r <= 0x9f }

// plan is the action as the request leaves it.
func (in *scheduledInput) plan(x *exchange, target *scalable) (*scheduled, error) {
	a := &scheduled{name: in.name.v, created: x.s.now}
	if i, found := target.findScheduled(in.name.v); found {
		*a = *target.actions[i]
	} else {
		switch {
		case !in.schedule.set:
			return nil, invalid(textScheduledSchedule)
		case !in.action:
			return nil, invalid(textScheduledAction)
		case len(target.actions) >= maxScheduled:
			return nil, errTooManyScheduled()
		}
	}
	a.start, a.end = in.start, in.end
	if in.schedule.set {
		a.schedule = in.schedule.v
	}
	if in.zone.set {
		a.zone = in.zone.v
	}
	if in.action {
		a.min, a.max = in.min.v, in.max.v
	}
	if _, ok := a.next(x.s.now); !ok {
		return nil, invalid(textScheduledNever)
	}
	if a.arn == "" {
		a.arn = "arn:aws:autoscaling:" + x.region.name + ":" + x.s.opts.Account + ":scheduledAction:" + x.s.uuid(idScaling) +
			":resource/dynamodb/" + target.resource() + ":scheduledActionName/" + a.name
	}
	return a, nil
}

// next is when the action is due after now.
func (a *scheduled) next(now int64) (int64, bool) {
	s, _, _ := readSchedule(a.schedule)
	return s.next(now, a.created, a.start, a.end)
}

func (t *scalable) findScheduled(name string) (int, bool) {
	return slices.BinarySearchFunc(t.actions, name, func(a *scheduled, name string) int { return strings.Compare(a.name, name) })
}

// setScheduled gives a target an action, and puts what it does next on the
// queue.
func (s *state) setScheduled(r *region, target *scalable, a *scheduled) {
	c := *target
	i, found := c.findScheduled(a.name)
	c.actions = slices.Clone(c.actions)
	if found {
		s.unschedule(c.actions[i])
		c.actions[i] = a
	} else {
		c.actions = slices.Insert(c.actions, i, a)
	}
	a.at, a.seq = 0, 0
	if at, ok := a.next(s.now); ok {
		ev := s.schedule(event{at: at, kind: scalingScheduled, region: r.name, table: c.table, id: a.arn})
		a.at, a.seq = ev.at, int64(ev.seq)
	}
	r.scaling.set(&c)
}

// unschedule takes what an action does next from the queue.
func (s *state) unschedule(a *scheduled) {
	if a.at != 0 {
		s.events.tree.Delete(event{at: a.at, seq: uint64(a.seq)})
	}
}

// runScheduled does what a scheduled action is for.
func (s *state) runScheduled(r *region, ev event) {
	for _, target := range r.scaling.targets {
		for _, a := range target.actions {
			if a.arn != ev.id || a.at != ev.at || a.seq != int64(ev.seq) {
				continue
			}
			again := *a
			s.setScheduled(r, target, &again)
			if target = r.scaling.target(target.scalingKey); !target.timed {
				s.rebound(r, target, a)
			}
			return
		}
	}
}

// rebound gives a target the bounds of an action.
func (s *state) rebound(r *region, target *scalable, a *scheduled) {
	c := *target
	if a.min != 0 {
		c.min = a.min
	}
	if a.max != 0 {
		c.max = a.max
	}
	act := &activity{
		id: s.uuid(idScaling), scalingKey: c.scalingKey, min: a.min, max: a.max, cause: causeScheduled(a.name), start: s.now, end: s.now,
		status: scalingSuccessful, message: textBoundsSet,
	}
	if act.message += act.bounds(); c.min > c.max {
		act.status, act.message = scalingFailed, textBoundsFailed+act.bounds()+". Reason: "+textScalingOrder
	}
	r.scaling.add(act, s.now)
	if act.status == scalingFailed {
		return
	}
	t := r.tables[c.table]
	if t != nil {
		c.owed = c.outOfBounds(t)
	}
	r.scaling.set(&c)
	if c.owed {
		s.rescale(r, t)
	}
}

// deleteScheduledAction forgets an action.
func (x *exchange) deleteScheduledAction() error {
	in := &scheduledInput{}
	err := x.fields(func(w wire, name string) error {
		if name == "ScheduledActionName" {
			return w.text(&in.name)
		}
		return in.scalingInput.member(w, name)
	})
	if err != nil {
		return err
	}
	if err := in.constraints(1600); err != nil {
		return err
	}
	k, err := in.key()
	if err != nil {
		return err
	}
	target := x.region.scaling.target(k)
	if target == nil {
		return errNoScheduled(k, in.name.v)
	}
	i, found := target.findScheduled(in.name.v)
	if !found {
		return errNoScheduled(k, in.name.v)
	}
	x.s.unschedule(target.actions[i])
	c := *target
	c.actions = slices.Delete(slices.Clone(c.actions), i, i+1)
	x.region.scaling.set(&c)
	return x.nothing()
}

// describeScheduledActions lists actions by resource, dimension and name.
func (x *exchange) describeScheduledActions() error {
	in := &scalingPage{}
	err := x.fields(func(w wire, name string) error {
		if name == "ScheduledActionNames" {
			return w.texts(&in.names)
		}
		return in.paging(w, name)
	})
	if err != nil {
		return err
	}
	in.naming = "scheduledActionNames"
	if err := in.check(scheduledPage); err != nil {
		return err
	}
	from, err := in.start()
	if err != nil {
		return err
	}
	x.out = x.encodeScheduled(in, from)
	return nil
}

func (x *exchange) encodeScheduled(in *scalingPage, from string) []byte {
	e := x.enc()
	e.open()
	e.key("ScheduledActions")
	e.list()
	n, next := int64(0), ""
	for _, t := range x.region.scaling.targets {
		for _, a := range t.actions {
			place := t.order() + "|" + a.name
			if !in.wants(t.scalingKey) || place < from || next != "" || len(in.names) > 0 && !slices.Contains(in.names, a.name) {
				continue
			}
			if n++; n > in.most.v {
				next = place
				continue
			}
			e.scheduled(t, a)
		}
	}
	e.unlist()
	if next != "" {
		e.nextPlace(next)
	}
	e.close()
	return e.b
}

func (e *enc) scheduled(t *scalable, a *scheduled) {
	e.open()
	e.str("ScheduledActionName", a.name)
	e.str("ScheduledActionARN", a.arn)
	e.str("ServiceNamespace", "dynamodb")
	e.str("Schedule", a.schedule)
	if a.zone != "" {
		e.str("Timezone", a.zone)
	}
	e.str("ResourceId", t.resource())
	e.str("ScalableDimension", t.dimension())
	if a.start != 0 {
		e.time("StartTime", a.start)
	}
	if a.end != 0 {
		e.time("EndTime", a.end)
	}
	e.key("ScalableTargetAction")
	e.open()
	if a.min != 0 {
		e.int("MinCapacity", a.min)
	}
	if a.max != 0 {
		e.int("MaxCapacity", a.max)
	}
	e.close()
	e.time("CreationTime", a.created)
	e.close()
}
