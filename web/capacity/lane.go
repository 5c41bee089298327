package capacity

import (
	"github.com/sortkey/sortkey/components"
	"github.com/sortkey/sortkey/engine"
	"github.com/sortkey/sortkey/engine/meter"
)

// lane is what a chart is of: writes to the table, reads of it, or writes to its
// index.
type lane struct {
	name  string // in addresses
	word  string // on the button
	index string
	write bool
}

var lanes = []lane{
	{name: "writes", word: "Writes", write: true},
	{name: "reads", word: "Reads"},
	{name: "index", word: "Index " + runIndex, index: runIndex, write: true},
}

// lanes are those that a run has something in.
func (k *knobs) lanes() (list []lane) {
	for _, l := range lanes {
		if l.index != "" && !(k.indexed() && k.writes > 0) || l.name == "reads" && k.reads == 0 || l.name == "writes" && k.writes == 0 && k.reads > 0 {
			continue
		}
		list = append(list, l)
	}
	return list
}

func (l lane) unit() string {
	if l.write {
		return "WCU"
	}
	return "RCU"
}

func (l lane) units() string {
	if l.write {
		return "write units"
	}
	return "read units"
}

// requests is what is throttled.
func (l lane) requests() string {
	if l.write {
		return "write"
	}
	return "read"
}

// partition is how many units a second one partition carries.
func (l lane) partition() int {
	if l.write {
		return 1000
	}
	return 3000
}

// each is how many units one request of a run asks for in the lane.
func (l lane) each(k *knobs) meter.Units {
	if l.write {
		return meter.WriteUnits(k.size, meter.Standard)
	}
	return meter.ReadUnits(k.size, meter.Eventual)
}

func (l lane) cell(c engine.HeatCell) (used meter.Units, throttled int64) {
	if l.write {
		return c.Write, c.WriteThrottled
	}
	return c.Read, c.ReadThrottled
}

// laneMinute is a minute as one lane sees it.
type laneMinute struct {
	used      meter.Units
	throttled int // requests
	held      int // of these, at least so many by the index
	over      engine.Over
	rate      int // units a second: provisioned, or what on demand has grown to
	left      meter.Units
}

func (l lane) of(m engine.Minute) laneMinute {
	if l.write {
		return laneMinute{m.Write, int(m.WriteThrottled), 0, m.WriteOver, int(m.WriteRate), m.WriteLeft}
	}
	return laneMinute{m.Read, int(m.ReadThrottled), 0, m.ReadOver, int(m.ReadRate), m.ReadLeft}
}

// minutes is what a lane was asked for in each minute up to one that the run has
// come to. What the index refuses the table is not written to either.
func (r *run) minutes(l lane, until int) []laneMinute {
	list := r.scope(l, until)
	if l.name == "writes" && r.knobs.indexed() {
		for i, m := range r.scope(lanes[2], until) {
			list[i].held = m.throttled
			list[i].throttled = max(list[i].throttled, m.throttled)
		}
	}
	return list
}

// scope is what the table or index itself was asked for. Where nothing was, the
// rate is the last one.
func (r *run) scope(l lane, until int) []laneMinute {
	list := make([]laneMinute, until)
	for _, e := range r.sources(until) {
		for _, m := range e.Metrics("", runTable, l.index) {
			if i := r.minute(m.Start()); i < until {
				list[i] = l.of(m)
			}
		}
	}
	rate, left := r.firstRate(l), meter.Units(0)
	for i := range list {
		if m := &list[i]; m.rate == 0 {
			m.rate, m.left = rate, left
		}
		rate, left = list[i].rate, list[i].left
	}
	return list
}

// firstRate is what the lane can do before anything is asked of it.
func (r *run) firstRate(l lane) int {
	for _, c := range r.forks[0].Capacities("", runTable) {
		if c.Index == l.index && c.Write == l.write {
			return int(c.Rate)
		}
	}
	return 0
}

// perSecond is units in some minutes as an average.
func perSecond(u meter.Units, minutes int) components.Amount {
	return components.Amount(int64(u) * 100 / int64(meter.Unit) / int64(60*minutes))
}

// column is a column of the chart: one minute or several.
func (l lane) column(list []laneMinute, k *knobs) components.ThroughputColumn {
	var used meter.Units
	c := components.ThroughputColumn{Limit: components.Amount(100 * list[len(list)-1].rate)}
	for _, m := range list {
		used += m.used
		c.Requests += m.throttled
		c.Peak = max(c.Peak, perSecond(m.used, 1))
	}
	c.Used = perSecond(used, len(list))
	c.Refused = perSecond(meter.Units(c.Requests)*l.each(k), len(list))
	return c
}

// seconds is how many seconds of its rate a lane has saved.
func (m laneMinute) seconds() components.Amount {
	if m.rate == 0 {
		return 0
	}
	return max(components.Amount(int64(m.left)*100/int64(meter.Unit)/int64(m.rate)), 0)
}
