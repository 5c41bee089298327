package engine

import "time"

// ScalingTarget is what auto scaling does for one direction of a table or
// global index, for who watches.
type ScalingTarget struct {
	Index          string // "" for the table
	Write          bool
	Min, Max       int64
	Capacity       int64  // provisioned now, units a second; 0 where there is none to scale
	Policy         string // its name, "" for none
	Target         string // percent, as a decimal number: "70.0"
	Above, Below   int    // minutes in a row up to now that were above the target, and below four fifths of it
	High, Low      bool   // the alarms
	OutCool        time.Time
	InCool         time.Time // until when the cooldowns last, zero where none does
	Activities     []ScalingActivity
	NeededAbove    int // minutes in a row that make the alarms
	NeededBelow    int
	DecreasesToday int64
	Scheduled      []ScheduledScaling // by name
}

// ScheduledScaling is a scheduled action of a target.
type ScheduledScaling struct {
	Name string
	Next time.Time // when it is done next, zero for never
	Min  int64     // the bound it gives, 0 where that stays
}

// ScalingActivity is one activity, as DescribeScalingActivities tells of it.
type ScalingActivity struct {
	Start, End                  time.Time // End is zero while it goes on
	From, To                    int64     // units a second
	Status                      string    // "InProgress", "Successful", "Failed", "Unfulfilled"
	Description, Cause, Message string
	NotScaled                   string // why nothing was done: "AlreadyAtMaxCapacity", …; "" where something was
}

// ScalingInfo tells of the scalable targets of a table and its global indexes,
// in the order of DescribeScalableTargets, with their activities, the oldest
// first. Asking changes nothing.
func (e *Engine) ScalingInfo(region, table string) []ScalingTarget {
	e.mu.Lock()
	defer e.mu.Unlock()
	r := e.s.region(region)
	var list []ScalingTarget
	for _, x := range r.scaling.of(table) {
		list = append(list, e.s.scalingInfo(r, r.tables[table], x))
	}
	return list
}

func (s *state) scalingInfo(r *region, t *table, x *scalable) ScalingTarget {
	info := ScalingTarget{
		Index: x.index, Write: x.dir == writing, Min: x.min, Max: x.max,
		NeededAbove: minutesAbove, NeededBelow: minutesBelow,
	}
	for _, a := range x.actions {
		next := ScheduledScaling{Name: a.name, Min: a.min}
		if a.at != 0 {
			next.Next = time.Unix(0, a.at).UTC()
		}
		info.Scheduled = append(info.Scheduled, next)
	}
	for _, a := range r.scaling.activities {
		if a.scalingKey == x.scalingKey {
			info.Activities = append(info.Activities, a.info())
		}
	}
	if t != nil {
		info.Capacity, _ = t.provisioned(x.scalingKey)
		info.DecreasesToday = int64(len(t.pastChanges(x.index).today(s.now)))
	}
	p := x.policy
	if p == nil {
		return info
	}
	info.Policy, info.Target = p.name, p.targetText()
	info.OutCool, info.InCool = s.coolsAt(x.outAt, p.out), s.coolsAt(x.inAt, p.in)
	if info.Capacity > 0 {
		a := s.alarms(t, x.scalingKey, p, info.Capacity)
		info.Above, info.Below, info.High, info.Low = a.above, a.below, a.high(), a.low()
	}
	return info
}

// pastChanges is what is known of changes of the throughput of the table, or of
// one of its indexes.
func (t *table) pastChanges(index string) *changes {
	if x := t.meta.index(index); x != nil {
		return &x.changes
	}
	return &t.meta.changes
}

// coolsAt is the end of a cooldown, zero where it is over.
func (s *state) coolsAt(since, cooldown int64) time.Time {
	if !s.cooling(since, cooldown) {
		return time.Time{}
	}
	return time.Unix(0, since).UTC().Add(time.Duration(cooldown) * time.Second)
}

func (a *activity) info() ScalingActivity {
	i := ScalingActivity{
		Start: time.Unix(0, a.start).UTC(), From: a.from, To: a.to, Status: a.status,
		Description: a.description(), Cause: a.cause, Message: a.message, NotScaled: a.code,
	}
	if a.end != 0 {
		i.End = time.Unix(0, a.end).UTC()
	}
	return i
}
