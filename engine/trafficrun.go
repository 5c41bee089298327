package engine

import (
	"encoding/binary"
	"fmt"
	"slices"
	"sort"
	"time"
)

// traffic is a load that goes on. Its seconds are events.
type traffic struct {
	load  Load // defaults filled in
	began int64
	seed  uint64
	tally
	next event // the second that comes next
	draw *keyDraw
	plan *trafficPlan // for the table as it was last; nil at first
	// crowds is room to work in, by direction.
	crowds [2]crowd
}

// tally is what has become of a load so far.
type tally struct {
	seconds                          int64 // that are done
	asked, passed, throttled, failed int64 // requests
}

// LoadInfo is a load that goes on, and what has become of it so far.
type LoadInfo struct {
	Load
	Began, Ends time.Time
	Rate        int64 // requests in the second that comes next
	Asked       int64 // requests made
	Passed      int64
	Throttled   int64
	Failed      int64  // there was no table or index to ask
	Problem     string // why requests fail now, "" if they do not
}

// StartLoad begins a load now: the requests of its first second are made at
// once. It is a step of the history, like a step of the clock. It is an error
// if there is no such table or index, or already a load of that name in the
// region.
func (e *Engine) StartLoad(l Load) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	if err := e.s.startLoad(l); err != nil {
		return err
	}
	e.s.runDue()
	return nil
}

func (s *state) startLoad(l Load) error {
	if err := l.Check(); err != nil {
		return err
	}
	l = l.withDefaults()
	l.Rate = slices.Clone(l.Rate)
	r := s.region(l.Region)
	t := r.tables[l.Table]
	switch {
	case t == nil:
		return l.wrong("there is no table called %q in region %q", l.Table, l.Region)
	case r.loadAt(l.Name) >= 0:
		return l.wrong("there is a load of that name already")
	case s.loadCount() >= MaxLoads:
		return l.wrong("there are %d loads already", MaxLoads)
	}
	plan := planTraffic(&l, t)
	if plan.fault != nil && t.meta.status != statusCreating {
		return plan.fault
	}
	id := s.digestID(idLoad)
	x := &traffic{load: l, began: s.now, seed: binary.BigEndian.Uint64(id[:]), plan: plan}
	x.draw = newKeyDraw(&x.load, x.seed)
	r.loads = append(r.loads, x)
	sort.Slice(r.loads, func(i, j int) bool { return r.loads[i].load.Name < r.loads[j].load.Name })
	x.schedule(s, r)
	return nil
}

// StopLoad ends a load before its time. It is a step of the history.
func (e *Engine) StopLoad(region, name string) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	r := e.s.region(region)
	i := r.loadAt(name)
	if i < 0 {
		return fmt.Errorf("load: there is none called %q in region %q", name, region)
	}
	e.s.events.tree.Delete(r.loads[i].next)
	r.loads = slices.Delete(r.loads, i, i+1)
	return nil
}

// Loads lists the loads that go on in a region, by name.
func (e *Engine) Loads(region string) []LoadInfo {
	e.mu.Lock()
	defer e.mu.Unlock()
	r := e.s.region(region)
	var list []LoadInfo
	for _, x := range r.loads {
		list = append(list, x.info(r))
	}
	return list
}

func (x *traffic) info(r *region) LoadInfo {
	began := time.Unix(0, x.began).UTC()
	i := LoadInfo{
		Load: x.load, Began: began, Ends: began.Add(x.load.For), Rate: x.load.before(x.seconds+1) - x.asked,
		Asked: x.asked, Passed: x.passed, Throttled: x.throttled, Failed: x.failed,
	}
	i.Load.Rate = slices.Clone(i.Load.Rate)
	switch t := r.tables[x.load.Table]; {
	case t == nil:
		i.Problem = fmt.Sprintf("there is no table called %q", x.load.Table)
	case x.plan == nil || x.plan.meta != t.meta:
		if fault := planTraffic(&x.load, t).fault; fault != nil {
			i.Problem = fault.Error()
		}
	case x.plan.fault != nil:
		i.Problem = x.plan.fault.Error()
	}
	return i
}

// loadAt is where the load of that name is in the list, -1 for nowhere.
func (r *region) loadAt(name string) int {
	return slices.IndexFunc(r.loads, func(x *traffic) bool { return x.load.Name == name })
}

func (s *state) loadCount() (n int) {
	for _, r := range s.regions {
		n += len(r.loads)
	}
	return n
}

// schedule puts the next second on the queue, if the load goes on.
func (x *traffic) schedule(s *state, r *region) bool {
	at := x.began + x.seconds*int64(time.Second)
	if x.seconds >= int64(x.load.For/time.Second) || at < x.began {
		return false
	}
	x.next = s.schedule(event{at: at, kind: loadSecond, region: r.name, table: x.load.Table, id: x.load.Name})
	return true
}

// runLoad makes the requests of a second of a load.
func (s *state) runLoad(r *region, ev event) {
	i := r.loadAt(ev.id)
	if i < 0 || r.loads[i].next != ev {
		return
	}
	x := r.loads[i]
	n := x.load.before(x.seconds+1) - x.asked
	if t := x.ready(r); t != nil {
		x.askAll(s, t, n)
	} else {
		x.asked += n
		x.failed += n
	}
	x.seconds++
	if !x.schedule(s, r) {
		r.loads = slices.Delete(r.loads, i, i+1)
	}
}

// ready is the table of the load if it can be asked, with a plan for it.
func (x *traffic) ready(r *region) *table {
	t := r.tables[x.load.Table]
	if t == nil {
		return nil
	}
	if x.plan == nil || x.plan.meta != t.meta {
		x.plan = planTraffic(&x.load, t)
	}
	if x.plan.fault != nil {
		return nil
	}
	return t
}

// isRead tells whether the request with a number is a read: of each hundred as
// many as the share says, evenly among the others.
func (x *traffic) isRead(number int64) bool {
	return (number+1)*x.load.Reads/100 > number*x.load.Reads/100
}

// askOne makes the next request.
func (x *traffic) askOne(s *state, t *table) {
	kind := writing
	if x.isRead(x.asked) {
		kind = reading
	}
	key := x.draw.key(x.asked, x.seconds)
	x.asked++
	a := admission{s: s}
	if a.take(t, demandsOf(nil, x.plan.of(kind), key)) {
		x.passed++
	} else {
		x.throttled++
	}
	a.count()
}

// LoadRequest is the call that a request of a load stands for: the first has the
// number 0. Sent by somebody, where the items of the load are there, it asks
// for what the load asks for.
func (e *Engine) LoadRequest(region, name string, number int64) (Call, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	r := e.s.region(region)
	i := r.loadAt(name)
	if i < 0 {
		return Call{}, fmt.Errorf("load: there is none called %q in region %q", name, region)
	}
	x := r.loads[i]
	t := r.tables[x.load.Table]
	if t == nil || number < 0 || number >= x.load.Requests() {
		return Call{}, x.load.wrong("it has no request %d", number)
	}
	return x.call(t, number), nil
}

func (x *traffic) call(t *table, number int64) Call {
	second := int64(0)
	for last := int64(x.load.For / time.Second); second < last; { // the first before which all earlier ones are
		if mid := (second + last) / 2; x.load.before(mid+1) > number {
			last = mid
		} else {
			second = mid + 1
		}
	}
	f, key := newTrafficItems(t), x.draw.key(number, second)
	var e enc
	e.open()
	e.str("TableName", x.load.Table)
	operation := "PutItem"
	switch {
	case !x.isRead(number):
		e.item("Item", f.item(key, number, int(x.load.Size)))
	case x.load.Index == "":
		operation = "GetItem"
		e.item("Key", onlyKeys(t.meta.keys.Attrs(), f.keys(key)))
	default:
		operation = "Query"
		e.queryOf(t, x.load.Index, f.keys(key))
	}
	if x.load.Consistent && operation != "PutItem" {
		e.bool("ConsistentRead", true)
	}
	e.close()
	return Call{Target: Target(operation), Region: x.load.Region, Body: e.b}
}
