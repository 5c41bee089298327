package capacity

import (
	"slices"
	"sort"
	"strconv"

	"github.com/sortkey/sortkey/components"
	"github.com/sortkey/sortkey/engine"
	"github.com/sortkey/sortkey/engine/meter"
)

// partitions are what a run knows of the partitions of a table or index: they
// have names by which they can be told apart, "p3", and once that is split "p3a"
// and "p3b".
type partitions struct {
	rows  []partition // that there are now, in the order of hashes
	names map[hashes]string
}

type hashes struct{ first, last uint64 }

type partition struct {
	hashes
	name  string
	from  int    // the minute it was split off, 0 if it was there at first
	cause string // why; "" if it was there at first
	story bool   // it was split for heat, or comes from one that was
}

// partitions follows the splits from the start of a run.
func (r *run) partitions(h engine.Heat) *partitions {
	p := &partitions{names: map[hashes]string{}}
	firsts, splits := h.Partitions, []engine.PartitionSplit{}
	for _, s := range h.Splits {
		if s.At.After(r.start) {
			splits = append(splits, s)
			firsts = slices.DeleteFunc(slices.Clone(firsts), func(first uint64) bool { return first == s.Middle })
		}
	}
	for i, first := range firsts {
		last := ^uint64(0)
		if i+1 < len(firsts) {
			last = firsts[i+1] - 1
		}
		p.add(i, partition{hashes: hashes{first, last}, name: "p" + strconv.Itoa(i+1)})
	}
	for _, s := range splits {
		p.split(s, r.minute(s.At))
	}
	return p
}

func (p *partitions) add(i int, x partition) {
	p.rows, p.names[x.hashes] = slices.Insert(p.rows, i, x), x.name
}

func (p *partitions) split(s engine.PartitionSplit, minute int) {
	i := sort.Search(len(p.rows), func(i int) bool { return p.rows[i].first > s.First }) - 1
	half := p.rows[i]
	story := half.story || s.Cause == engine.SplitByHeat
	p.add(i+1, partition{hashes{s.Middle, s.Last}, half.name + "b", minute, s.Cause.String(), story})
	half.last, half.name, half.story = s.Middle-1, half.name+"a", story
	p.rows[i], p.names[half.hashes] = half, half.name
}

// row is the number of the row that begins with a hash, -1 for none.
func (p *partitions) row(first uint64) int {
	return slices.IndexFunc(p.rows, func(x partition) bool { return x.first == first })
}

// heats are the minutes of a lane's partitions, up to one that the run has come
// to, and what these are.
func (r *run) heats(l lane, until int) (list []engine.HeatMinute, p *partitions) {
	for _, e := range r.sources(until) {
		h := e.Heat("", runTable, l.index)
		for _, m := range h.Minutes {
			if at := r.minute(m.Start); at < until && (len(list) == 0 || m.Start.After(list[len(list)-1].Start)) {
				list = append(list, m)
			}
		}
		p = r.partitions(h)
	}
	return list, p
}

// heatMap is the map of a lane up to a minute.
func (r *run) heatMap(l lane, time components.Timeline, until int) *components.HeatMap {
	list, p := r.heats(l, until)
	m := &components.HeatMap{Time: time, Limit: l.partition(), Unit: l.units()}
	columns := until / r.shape.each
	used := make([]meter.Units, len(p.rows)*columns)
	for _, x := range p.rows {
		m.Rows = append(m.Rows, components.HeatRow{
			Name: x.name, From: x.from, Cause: x.cause, Part: x.story, Cells: make([]components.HeatCell, columns),
		})
	}
	for _, minute := range list {
		column := r.minute(minute.Start) / r.shape.each
		for _, c := range minute.Cells {
			i := p.row(c.First)
			units, throttled := l.cell(c)
			used[i*columns+column] += units
			m.Rows[i].Cells[column].Throttled += int(throttled)
			m.Rows[i].Part = m.Rows[i].Part || throttled > 0
		}
	}
	for i, u := range used {
		m.Rows[i/columns].Cells[i%columns].Used = perSecond(u, r.shape.each)
	}
	return m
}

// refusals are how many requests each partition refused at its limit, the most
// first. hot tells the minutes in which partitions did so; what a partition
// refuses far below its limit then, others have refused.
func (p *partitions) refusals(list []engine.HeatMinute, l lane, hot func(engine.HeatMinute) bool) (by []refusal) {
	for _, minute := range list {
		if !hot(minute) {
			continue
		}
		for _, c := range minute.Cells {
			used, n := l.cell(c)
			if n == 0 || int64(perSecond(used, 1)) < int64(l.partition()*nearLimit) {
				continue
			}
			name := p.names[hashes{c.First, c.Last}]
			i := slices.IndexFunc(by, func(x refusal) bool { return x.name == name })
			if i < 0 {
				by, i = append(by, refusal{name: name}), len(by)
			}
			by[i].requests += int(n)
		}
	}
	sort.SliceStable(by, func(i, j int) bool { return by[i].requests > by[j].requests })
	return by
}

// nearLimit is how much a partition at its limit uses in a minute, in per cent.
const nearLimit = 50

type refusal struct {
	name     string
	requests int
}
