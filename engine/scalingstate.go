package engine

import (
	"encoding/hex"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/sortkey/sortkey/engine/attr"
)

// scaling is what Application Auto Scaling knows of a region. It goes by names:
// a target outlives its table, and is there again for another of that name.
// Nothing that the lists point to is ever changed: forks share it.
type scaling struct {
	targets    []*scalable // in the order of their keys
	activities []*activity // oldest first
}

// scalingKey is what can be scaled: one direction of a table's throughput, or
// of a global secondary index's.
type scalingKey struct {
	table, index string // index "" for the table itself
	dir          direction
}

// scalable is a scalable target.
type scalable struct {
	scalingKey
	arn                              string
	created                          int64
	min, max                         int64
	inSuspended, outSuspended, timed bool // DynamicScalingIn-, Out- and ScheduledScalingSuspended
	owed                             bool // out of bounds since it was registered, and not yet brought in
	policy                           *scalingPolicy
	actions                          []*scheduled // by name
	tags                             []tag
	// For cooldowns: when scaling out and in was last done, 0 for never, and by
	// how much out.
	outAt, outStep, inAt int64
}

// scalingPolicy is a target-tracking policy, of which a target has at most one:
// there is one metric for it.
type scalingPolicy struct {
	name, id, arn string
	created       int64
	target        int64 // millionths of a percent
	in, out       int64 // cooldowns in seconds, -1 where not given
	noIn, noInSet bool  // DisableScaleIn
	high, low     string
}

// activity is a scaling activity.
type activity struct {
	id string
	scalingKey
	from, to   int64 // units a second
	min, max   int64 // new bounds that a scheduled action gave, 0 for none
	cause      string
	status     string
	message    string
	start, end int64
	code       string // why nothing was done, "" where something was
	bound      int64  // the capacity that code is about
}

// What activities come to.
const (
	scalingInProgress  = "InProgress"
	scalingSuccessful  = "Successful"
	scalingFailed      = "Failed"
	scalingUnfulfilled = "Unfulfilled"
)

// activityKept is how long activities are kept: six weeks.
const activityKept = int64(6 * 7 * 24 * time.Hour)

func (d direction) word() string {
	if d == writing {
		return "write"
	}
	return "read"
}

// metric begins the names that have to do with a direction: "Read".
func (d direction) metric() string {
	if d == writing {
		return "Write"
	}
	return "Read"
}

// resource is the ResourceId.
func (k scalingKey) resource() string {
	if k.index != "" {
		return "table/" + k.table + "/index/" + k.index
	}
	return "table/" + k.table
}

// dimension is the ScalableDimension.
func (k scalingKey) dimension() string {
	of := "table"
	if k.index != "" {
		of = "index"
	}
	return "dynamodb:" + of + ":" + k.dir.metric() + "CapacityUnits"
}

// order is what targets are sorted and pages continued by.
func (k scalingKey) order() string { return k.resource() + "|" + k.dimension() }

func (a *scaling) find(k scalingKey) (int, bool) {
	return slices.BinarySearchFunc(a.targets, k.order(), func(t *scalable, order string) int { return strings.Compare(t.order(), order) })
}

func (a *scaling) target(k scalingKey) *scalable {
	if i, found := a.find(k); found {
		return a.targets[i]
	}
	return nil
}

// set puts a target in the place of that of its key.
func (a *scaling) set(t *scalable) {
	i, found := a.find(t.scalingKey)
	if found {
		a.targets[i] = t
		return
	}
	a.targets = slices.Insert(a.targets, i, t)
}

// of lists the targets of a table and its indexes.
func (a *scaling) of(table string) []*scalable {
	var list []*scalable
	for _, t := range a.targets {
		if t.table == table {
			list = append(list, t)
		}
	}
	return list
}

func (a *scaling) copy() scaling {
	return scaling{targets: slices.Clone(a.targets), activities: slices.Clone(a.activities)}
}

// last is the newest activity of a target, nil for none.
func (a *scaling) last(k scalingKey) *activity {
	for _, x := range slices.Backward(a.activities) {
		if x.scalingKey == k {
			return x
		}
	}
	return nil
}

// add adds an activity and forgets those that are too old.
func (a *scaling) add(act *activity, now int64) {
	for len(a.activities) > 0 && a.activities[0].start <= now-activityKept {
		a.activities = a.activities[1:]
	}
	a.activities = append(a.activities, act)
}

// relink tells the table of that name whether it has scalable targets: what is
// asked of one that has is kept.
func (s *state) relink(r *region, name string) {
	if t := r.tables[name]; t != nil {
		t.scaled = len(r.scaling.of(name)) > 0
	}
	s.unload()
}

func (a *scaling) digest(w io.Writer) {
	for _, t := range a.targets {
		c := *t
		c.policy, c.actions = nil, nil
		fmt.Fprintf(w, "scalable %+v\n", c)
		for _, a := range t.actions {
			fmt.Fprintf(w, "scheduled %+v\n", *a)
		}
		if t.policy != nil {
			fmt.Fprintf(w, "policy %+v\n", *t.policy)
		}
	}
	for _, act := range a.activities {
		fmt.Fprintf(w, "activity %+v\n", *act)
	}
}

// A snapshot has a line for each target and activity of a region, before its
// tables.

func (k *scalingKey) kept(write *bool) []kept {
	return []kept{{name: "table", text: &k.table}, {name: "index", text: &k.index}, {name: "write", flag: write}}
}

func (t *scalable) kept(write *bool) []kept {
	return append(t.scalingKey.kept(write), kept{name: "arn", text: &t.arn}, kept{name: "created", number: &t.created},
		kept{name: "min", number: &t.min}, kept{name: "max", number: &t.max},
		kept{name: "inSuspended", flag: &t.inSuspended}, kept{name: "outSuspended", flag: &t.outSuspended}, kept{name: "timed", flag: &t.timed},
		kept{name: "owed", flag: &t.owed},
		kept{name: "outAt", number: &t.outAt}, kept{name: "outStep", number: &t.outStep}, kept{name: "inAt", number: &t.inAt})
}

func (p *scalingPolicy) kept() []kept {
	return []kept{
		{name: "name", text: &p.name}, {name: "id", text: &p.id}, {name: "arn", text: &p.arn}, {name: "created", number: &p.created},
		{name: "target", number: &p.target}, {name: "in", number: &p.in}, {name: "out", number: &p.out},
		{name: "noIn", flag: &p.noIn}, {name: "noInSet", flag: &p.noInSet}, {name: "high", text: &p.high}, {name: "low", text: &p.low},
	}
}

func (a *scheduled) kept() []kept {
	return []kept{
		{name: "name", text: &a.name}, {name: "schedule", text: &a.schedule}, {name: "zone", text: &a.zone}, {name: "arn", text: &a.arn},
		{name: "created", number: &a.created}, {name: "start", number: &a.start}, {name: "end", number: &a.end},
		{name: "min", number: &a.min}, {name: "max", number: &a.max}, {name: "at", number: &a.at}, {name: "seq", number: &a.seq},
	}
}

func (a *activity) kept(write *bool) []kept {
	return append(a.scalingKey.kept(write), kept{name: "id", text: &a.id}, kept{name: "from", number: &a.from}, kept{name: "to", number: &a.to},
		kept{name: "min", number: &a.min}, kept{name: "max", number: &a.max},
		kept{name: "cause", text: &a.cause}, kept{name: "status", text: &a.status}, kept{name: "message", text: &a.message},
		kept{name: "start", number: &a.start}, kept{name: "end", number: &a.end},
		kept{name: "code", text: &a.code}, kept{name: "bound", number: &a.bound})
}

func (e *enc) scaling(r *region) {
	for _, t := range r.scaling.targets {
		write := t.dir == writing
		e.begin()
		e.key("scalable")
		e.kept(t.kept(&write))
		e.str("region", r.name)
		if t.policy != nil {
			e.key("policy")
			e.kept(t.policy.kept())
		}
		if len(t.tags) > 0 {
			e.tagMap(t.tags)
		}
		if len(t.actions) > 0 {
			e.key("actions")
			e.list()
			for _, a := range t.actions {
				e.kept(a.kept())
			}
			e.unlist()
		}
		e.line()
	}
	for _, a := range r.scaling.activities {
		write := a.dir == writing
		e.begin()
		e.key("activity")
		e.kept(a.kept(&write))
		e.str("region", r.name)
		e.line()
	}
}

func readKept(text string, list []kept) error {
	return wire{Scanner: attr.NewScanner([]byte(text), 3)}.kept(list)
}

func directionOf(write bool) direction {
	if write {
		return writing
	}
	return reading
}

// owner is the region that a line of a snapshot is of.
func (r *restorer) owner(m map[string]string) *region {
	own := r.s.region(m["region"])
	r.s.regions[own.name] = own
	return own
}

func (r *restorer) scalable(m map[string]string) error {
	t, write := &scalable{}, false
	if err := readKept(m["scalable"], t.kept(&write)); err != nil {
		return fmt.Errorf("scalable: %w", err)
	}
	t.dir = directionOf(write)
	own := r.owner(m)
	if t.min < 1 || t.max < t.min || !validName(t.table) || own.scaling.target(t.scalingKey) != nil {
		return fmt.Errorf("scalable: no target that there can be")
	}
	if text := m["policy"]; text != "" {
		t.policy = &scalingPolicy{}
		if err := readKept(text, t.policy.kept()); err != nil {
			return fmt.Errorf("policy: %w", err)
		}
		if t.policy.target < lowestTarget || t.policy.target > highestTarget {
			return fmt.Errorf("policy: no target that there can be")
		}
	}
	own.scaling.set(t)
	return t.restoreExtras(m["Tags"], m["actions"])
}

// restoreExtras reads the tags and the scheduled actions of a target.
func (t *scalable) restoreExtras(tags, actions string) error {
	if tags != "" {
		var list []tagInput
		if err := (wire{Scanner: attr.NewScanner([]byte(tags), 2)}).tagMap(&list); err != nil {
			return fmt.Errorf("tags: %w", err)
		}
		t.tags = tagged(nil, list)
	}
	if actions == "" {
		return nil
	}
	return wire{Scanner: attr.NewScanner([]byte(actions), 3)}.array(func(w wire) error {
		a := &scheduled{}
		if err := w.kept(a.kept()); err != nil {
			return fmt.Errorf("actions: %w", err)
		}
		_, ok, _ := readSchedule(a.schedule)
		if i, found := t.findScheduled(a.name); !ok || found || i < len(t.actions) {
			return fmt.Errorf("actions: none that there can be")
		}
		t.actions = append(t.actions, a)
		return nil
	})
}

func (r *restorer) activity(m map[string]string) error {
	a, write := &activity{}, false
	if err := readKept(m["activity"], a.kept(&write)); err != nil {
		return fmt.Errorf("activity: %w", err)
	}
	a.dir = directionOf(write)
	own := r.owner(m)
	if n := len(own.scaling.activities); n > 0 && own.scaling.activities[n-1].start > a.start {
		return fmt.Errorf("activity: not in the order of time")
	}
	own.scaling.activities = append(own.scaling.activities, a)
	return nil
}

// restoreAlarms tells the tables which minutes their alarms wait for.
func (s *state) restoreAlarms() {
	s.events.tree.Scan(func(ev event) bool {
		if r := s.regions[ev.region]; ev.kind == scalingAlarms && r != nil {
			if t := r.tables[ev.table]; t != nil && t.meta.id == ev.id {
				t.due = max(t.due, ev.at)
			}
		}
		return true
	})
}

// scalingID is the next id of something of Application Auto Scaling, in 36
// hexadecimal digits.
func (s *state) scalingID() string {
	d := s.digestID(idScaling)
	return hex.EncodeToString(d[:18])
}
