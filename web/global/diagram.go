package global

import (
	"slices"
	"sort"

	"github.com/sortkey/sortkey/components"
	"github.com/sortkey/sortkey/engine"
	"github.com/sortkey/sortkey/engine/attr"
)

// diagram reads the space-time diagram off what an engine remembers to have
// happened and what is on its way.
type diagram struct {
	run   *run
	names []string // of the regions, as lines
	out   components.SpaceTime
	open  []flight // messages that have not arrived, in the order in which they were written
	cuts  map[[2]int]int
	downs map[int]int
}

// flight is a message that is followed.
type flight struct {
	key     attr.Map
	version engine.Version
	components.SpaceMessage
}

// drawn is what lies between two instants in a diagram of an engine's state.
func (r *run) drawn(w *world, regions, shorts []string, from, to int) components.SpaceTime {
	d := &diagram{run: r, names: regions, cuts: map[[2]int]int{}, downs: map[int]int{}}
	d.out = components.SpaceTime{From: from, To: to, Now: r.instant(w.engine.Now()), Lines: shorts}
	d.out.Messages, d.open = make([]components.SpaceMessage, 0, min(len(w.past), 128)), make([]flight, 0, 32)
	for i := len(w.past) - 1; i >= 0; i-- {
		d.happened(&w.past[i])
	}
	d.settle(w.links)
	d.refusals(from)
	return d.out
}

func (d *diagram) line(region string) int { return slices.Index(d.names, region) }

func (d *diagram) happened(h *engine.Happening) {
	at := d.run.instant(h.At)
	switch h.Kind {
	case engine.ReplicaWritten:
		d.written(h, at)
	case engine.MessageAccepted, engine.MessageDropped:
		fate := components.SpaceReplaces
		if h.Kind == engine.MessageDropped {
			fate = components.SpaceDropped
		}
		d.arrived(h, at, fate)
	case engine.MessageWaits:
		d.waits(h, at)
	case engine.MessageLost:
		d.lost(h, at)
	case engine.LinkCut, engine.LinkHealed:
		d.link(h, at)
	case engine.RegionKilled, engine.RegionRevived:
		d.life(h, at)
	}
}

func (d *diagram) written(h *engine.Happening, at int) {
	i := d.line(h.Region)
	if i < 0 {
		return
	}
	if at >= d.out.From && !h.At.Before(d.run.zero) {
		d.out.Writes = append(d.out.Writes, components.SpaceWrite{Line: i, At: at, Words: d.run.wordsOf(h)})
	}
	for j := range d.names {
		if j != i {
			d.open = append(d.open, flight{h.Key, h.Version, components.SpaceMessage{From: i, To: j, Sent: at, Left: at, Due: at}})
		}
	}
}

// find is the message of a happening that is on its way, -1 for none.
func (d *diagram) find(h *engine.Happening) int { return d.sent(h.From, h.To, h.Key, h.Version) }

func (d *diagram) sent(from, to string, key attr.Map, v engine.Version) int {
	a, b := d.line(from), d.line(to)
	for i := range d.open {
		if f := &d.open[i]; f.From == a && f.To == b && f.version == v && sameKey(f.key, key) {
			return i
		}
	}
	return -1
}

// close takes a message off those on their way and draws it, unless it arrived
// before what is drawn.
func (d *diagram) close(i int) {
	if m := d.open[i].SpaceMessage; m.Left == components.SpaceOpen || m.Due > d.out.From {
		d.out.Messages = append(d.out.Messages, m)
	}
	d.open = slices.Delete(d.open, i, i+1)
}

func (d *diagram) arrived(h *engine.Happening, at int, fate components.SpaceFate) {
	if i := d.find(h); i >= 0 {
		d.open[i].Due, d.open[i].Fate = at, fate
		d.close(i)
	}
}

// waits: at once, or stopped on the way.
func (d *diagram) waits(h *engine.Happening, at int) {
	i := d.find(h)
	if i < 0 {
		return
	}
	f := d.open[i]
	if f.Left == at {
		d.open[i].Left = components.SpaceOpen
		return
	}
	d.open[i].Stop, d.open[i].Due = at, at+max(at-f.Left, 1)
	d.close(i)
	f.Sent, f.Left = at, components.SpaceOpen
	d.open = append(d.open, f)
}

// lost: it got half way, and is sent again.
func (d *diagram) lost(h *engine.Happening, at int) {
	i := d.find(h)
	if i < 0 {
		return
	}
	f := d.open[i]
	d.open[i].Stop, d.open[i].Due = (f.Left+at)/2, at
	d.close(i)
	f.Sent, f.Left, f.Due = at, at, at
	d.open = append(d.open, f)
}

// link draws a cut from when one direction is cut until both are healed.
func (d *diagram) link(h *engine.Happening, at int) {
	a, b := d.line(h.From), d.line(h.To)
	if a < 0 || b < 0 {
		return
	}
	way, back := [2]int{a, b}, [2]int{b, a}
	if h.Kind == engine.LinkCut {
		if both, ok := d.cuts[back]; ok {
			d.cuts[way] = both
			d.out.Cuts[both].Words = d.out.Lines[min(a, b)] + " and " + d.out.Lines[max(a, b)] + " cut"
			return
		}
		d.cuts[way] = len(d.out.Cuts)
		words := d.out.Lines[a] + " to " + d.out.Lines[b] + " cut"
		d.out.Cuts = append(d.out.Cuts, components.SpaceCut{A: min(a, b), B: max(a, b), From: at, To: components.SpaceOpen, Words: words})
	}
	if h.Kind == engine.LinkHealed {
		if open, ok := d.cuts[way]; ok {
			delete(d.cuts, way)
			if _, cut := d.cuts[back]; !cut {
				d.out.Cuts[open].To = at
			}
		}
		d.depart(at, func(f flight) bool { return f.From == a && f.To == b })
	}
}

func (d *diagram) life(h *engine.Happening, at int) {
	i := d.line(h.Region)
	if i < 0 {
		return
	}
	if h.Kind == engine.RegionKilled {
		d.downs[i] = len(d.out.Downs)
		d.out.Downs = append(d.out.Downs, components.SpaceDown{Line: i, From: at, To: components.SpaceOpen})
		return
	}
	if n, ok := d.downs[i]; ok {
		d.out.Downs[n].To = at
		delete(d.downs, i)
	}
	d.depart(at, func(f flight) bool { return f.From == i || f.To == i })
}

// depart lets messages that wait go on.
func (d *diagram) depart(at int, which func(flight) bool) {
	for i, f := range d.open {
		if f.Left == components.SpaceOpen && which(f) {
			d.open[i].Left, d.open[i].Due = at, at
		}
	}
}

// refusals are the requests that a region did not take, or only answered.
func (d *diagram) refusals(from int) {
	r := d.run
	for i := r.after(r.time(d.out.Now)) - 1; i >= 0 && r.instant(r.steps[i].at) >= max(from, 0); i-- {
		s := &r.steps[i]
		at := r.instant(s.at)
		if i := d.line(s.region()); i >= 0 && s.bad() {
			d.out.Writes = append(d.out.Writes, components.SpaceWrite{Line: i, At: at, Words: s.deed.reply.short(), Refused: true})
		}
	}
	sort.SliceStable(d.out.Writes, func(i, j int) bool { return d.out.Writes[i].At < d.out.Writes[j].At })
}

// settle takes over from the engine what is known of the messages on their way.
func (d *diagram) settle(links []engine.LinkInfo) {
	for _, x := range links {
		for _, m := range x.InFlight {
			i := d.sent(x.From, x.To, m.Key, m.Version)
			if i < 0 {
				continue
			}
			f := &d.open[i]
			if f.Left = components.SpaceOpen; !m.Due.IsZero() {
				f.Left, f.Due = d.run.instant(m.Sent), d.run.instant(m.Due)
			}
			d.close(i)
		}
	}
}
