package capacity

import (
	"slices"
	"strconv"
	"strings"

	"github.com/sortkey/sortkey/components"
	"github.com/sortkey/sortkey/engine"
	"github.com/sortkey/sortkey/engine/meter"
)

// This file says why the present minute is as it is. Every sentence is made of
// what the engine knows at that minute, and is left out where it does not hold.

// why is what there is to say.
func (h *hourView) why() []components.Words {
	if h.at == 0 {
		return []components.Words{components.Say("It is " + h.clock(0) + ", and nothing has been asked of the table yet.")}
	}
	s := &story{hourView: h, minutes: h.run.minutes(h.lane, h.at), target: h.run.target(h.at, h.lane)}
	var list []components.Words
	for _, sentence := range []func() string{s.present, s.refused, s.tried} {
		if text := sentence(); text != "" {
			list = append(list, components.Say(strings.ReplaceAll(text, " %", "\u00a0%")))
		}
	}
	return list
}

func (h *hourView) clock(minute int) string {
	return components.Timeline{Start: h.run.start.Hour() * 60}.Clock(minute)
}

// story is a run up to the present minute, in one lane.
type story struct {
	*hourView
	minutes []laneMinute
	target  *engine.ScalingTarget // nil where nothing scales the lane
}

func (s *story) last() laneMinute { return s.minutes[len(s.minutes)-1] }

// percent is the share that was used of what the lane could do in a minute.
func (m laneMinute) percent() components.Amount {
	return components.Amount(int64(m.used) * 100 * 100 / (60 * int64(meter.Unit) * int64(max(m.rate, 1))))
}

// present is the state of the minute that has just ended.
func (s *story) present() string {
	m := s.last()
	if s.place.knobs.billing != "provisioned" {
		return s.grown(m)
	}
	text := "At " + s.clock(s.at) + " use is at " + m.percent().String() + " % of " + components.Grouped(m.rate) + " " + s.lane.unit()
	return text + s.scaling(m) + "."
}

// scaling is what auto scaling makes of it.
func (s *story) scaling(m laneMinute) string {
	t := s.target
	if t == nil {
		if s.lane.index != "" {
			return ": nothing scales the index"
		}
		return ""
	}
	list := s.run.activities(s.at)
	if i := slices.IndexFunc(list, func(a activity) bool {
		return a.lane == s.lane && a.done() && s.run.minute(a.Start) == s.at
	}); i >= 0 {
		return ": auto scaling has just gone from " + components.Grouped(int(list[i].From)) + " to " + components.Grouped(int(list[i].To))
	}
	target := strconv.Itoa(s.place.knobs.target) + " %"
	switch {
	case t.Above > 0 && t.Capacity == t.Max:
		return ", above the target of " + target + ", but that is the maximum"
	case t.Above > 0 && t.Above < t.NeededAbove:
		return ", above the target of " + target + ". One such minute is not enough, scaling out wants " + words(t.NeededAbove)
	case t.Above > 0:
		return ", above the target of " + target
	case t.Below > 0 && t.Capacity == t.Min:
		return ", below " + lowText(s.place.knobs.target) + ", but that is the minimum"
	case t.Below > 0 && t.Below < t.NeededBelow:
		return ", but scaling in waits for " + words(t.NeededBelow) + " such minutes in a row; " + soFar(t.Below)
	case t.Below > 0:
		return ", and has been low for " + words(t.Below) + " minutes"
	case m.used == 0:
		return ": without use there is no data, and without data no alarm"
	}
	return ", between the alarms at " + lowText(s.place.knobs.target) + " and " + target
}

func soFar(n int) string {
	if n == 1 {
		return "this is the first"
	}
	return "there have been " + words(n)
}

// grown is the state of a table on demand.
func (s *story) grown(m laneMinute) string {
	text := "At " + s.clock(s.at) + " the table uses " + perSecond(m.used, 1).String() + " " + s.lane.unit() + " a second of the " +
		components.Grouped(m.rate) + " that it has grown to."
	for _, c := range s.run.at(s.at).Capacities("", runTable) {
		if c.Index != s.lane.index || c.Write != s.lane.write {
			continue
		}
		if c.Rising > 0 {
			text += " Its peak since " + s.clock(s.run.minute(c.RisesAt)-30) + " is " + components.Grouped(int(c.Rising)) + ": at " + s.clock(s.run.minute(c.RisesAt)) +
				" it may go to twice the highest by then."
		} else {
			text += " It grows when a minute uses more than half of that: half an hour later to twice its peak."
		}
	}
	return text
}

// refused is what was throttled up to now, and by what.
func (s *story) refused() string {
	total, held, over := s.throttled()
	if total == 0 {
		return s.covered()
	}
	text := components.Counted(total, s.lane.requests()) + was(total) + "throttled so far, "
	by := s.reasons(held, over)
	if len(by) == 1 {
		return text + "all of them " + by[0].words + "."
	}
	var parts []string
	for _, r := range by {
		parts = append(parts, components.Grouped(r.requests)+" "+r.words)
	}
	return text + components.Listed(parts) + "."
}

func was(n int) string {
	if n == 1 {
		return " was "
	}
	return " were "
}

// throttled counts what was throttled, in all, by the index, and by limit.
func (s *story) throttled() (total, held int, over [4]int) {
	for _, m := range s.minutes {
		total += m.throttled
		held += m.held
		for limit := range over {
			over[limit] += int(m.over[limit].Requests)
		}
	}
	return total, held, over
}

// covered is what burst capacity has made possible where nothing was throttled.
func (s *story) covered() string {
	n := 0
	for _, m := range s.minutes {
		if m.percent() > 100*100 {
			n++
		}
	}
	if n == 0 {
		return "Nothing has been throttled so far."
	}
	return "Nothing has been throttled so far: in " + components.Counted(n, "minute") + " more was used than provisioned, out of the burst capacity."
}

// reason is a limit that requests were over.
type reason struct {
	requests int
	words    string
}

// reasons are the limits that requests were over.
func (s *story) reasons(held int, over [4]int) (by []reason) {
	if held > 0 {
		by = append(by, reason{held, "by the index " + runIndex + ", which keeps its " + components.Grouped(s.place.knobs.index) +
			" WCU: what it has no capacity for is not written to the table either"})
	}
	if n := over[engine.LimitProvisioned]; n > 0 {
		whose := "table"
		if s.lane.index != "" {
			whose = "index"
		}
		by = append(by, reason{n, "by the " + whose + "’s own limit, with no burst capacity left to cover them"})
	}
	if n := over[engine.LimitAccount]; n > 0 {
		by = append(by, reason{n, "by the account’s limit for a table"})
	}
	growth := s.beyondGrowth()
	if growth > 0 {
		by = append(by, reason{growth, "because the table has not grown to more yet"})
	}
	if n := over[engine.LimitKeyRange] - growth; n > 0 {
		by = append(by, reason{n, s.hotPartitions()})
	}
	return by
}

// allGrown is how much a table on demand uses of what it has grown to when that
// is the limit, in hundredths of a per cent.
const allGrown = 95 * 100

// beyondGrowth are the requests on demand that were throttled in minutes in
// which the table used what it had grown to: the service gives the same reason
// for these as for a hot partition.
func (s *story) beyondGrowth() (n int) {
	if s.place.knobs.billing == "provisioned" {
		return 0
	}
	for _, m := range s.minutes {
		if m.percent() >= allGrown {
			n += int(m.over[engine.LimitKeyRange].Requests)
		}
	}
	return n
}

// hotPartitions names the partitions that were at their limit.
func (s *story) hotPartitions() string {
	heat, p := s.run.heats(s.lane, s.at)
	by := p.refusals(heat, s.lane, func(m engine.HeatMinute) bool { return s.hot(s.minutes[s.run.minute(m.Start)]) })
	limit := " at " + its(len(by)) + " limit of " + components.Grouped(s.lane.partition()) + " a second"
	switch len(by) {
	case 0: // a moment's
		return "by partitions at their limit of " + components.Grouped(s.lane.partition()) + " a second"
	case 1:
		return "by partition " + by[0].name + limit
	}
	var names []string
	for i, x := range by {
		if i == 3 {
			names = append(names, components.Counted(len(by)-i, "other"))
			break
		}
		names = append(names, x.name)
	}
	return "by the partitions " + components.Listed(names) + limit
}

func its(n int) string {
	if n == 1 {
		return "its"
	}
	return "their"
}

// tried is what has been done against a hot partition meanwhile, and whether it
// has helped.
func (s *story) tried() string {
	first, last := s.hotSpan()
	if first < 0 {
		return ""
	}
	raises := 0
	for _, a := range s.run.activities(s.at) {
		if at := s.run.minute(a.Start); a.lane == s.lane && a.done() && a.To > a.From && at > first && at <= last && s.hot(s.minutes[at]) {
			raises++
		}
	}
	var parts []string
	if raises > 0 {
		parts = append(parts, "raising the table "+times(raises)+" meanwhile changed nothing for it")
	}
	if split := s.splits(first); split != "" {
		parts = append(parts, split)
	}
	if len(parts) == 0 {
		return ""
	}
	return upper(strings.Join(parts, "; ")) + "."
}

// hotSpan is from which to which minute partitions refused requests at their
// limit; below zero where these are few of all that were throttled.
func (s *story) hotSpan() (first, last int) {
	first, last = -1, -1
	total, hot := 0, 0
	for i, m := range s.minutes {
		total += m.throttled
		if !s.hot(m) {
			continue
		}
		if hot += int(m.over[engine.LimitKeyRange].Requests); first < 0 {
			first = i
		}
		last = i
	}
	if 20*hot < total {
		return -1, -1
	}
	return first, last
}

// hot tells that requests of a minute were throttled by a partition.
func (s *story) hot(m laneMinute) bool {
	return m.over[engine.LimitKeyRange].Requests > 0 && (s.place.knobs.billing == "provisioned" || m.percent() < allGrown)
}

// splits is what splits for heat since a minute have come to.
func (s *story) splits(since int) string {
	_, p := s.run.heats(s.lane, s.at)
	at, n := -1, 0
	for _, x := range p.rows {
		if x.cause == engine.SplitByHeat.String() && x.from >= since {
			at, n = max(at, x.from), n+1
		}
	}
	if n == 0 {
		return ""
	}
	before, after := s.refusedAt(at-1), s.refusedAt(at+1)
	what := "the split at " + s.clock(at)
	if n > 1 {
		what = words(n) + " splits, the last at " + s.clock(at) + ","
	}
	switch {
	case at+1 >= len(s.minutes):
		return what + " has just been made"
	case after == 0 && s.last().used > 0:
		return what + " ended it"
	case 10*after < before:
		return what + " all but ended it: " + components.Grouped(after) + " throttled in the minute after it, " + components.Grouped(before) + " in the one before"
	case after < before:
		return what + " helped a little: " + components.Grouped(after) + " throttled in the minute after it, " + components.Grouped(before) + " in the one before" + s.oneKey()
	}
	return what + " did not help" + s.oneKey()
}

// refusedAt is how many requests partitions refused at their limit in a minute.
func (s *story) refusedAt(minute int) int {
	if minute < 0 || minute >= len(s.minutes) || !s.hot(s.minutes[minute]) {
		return 0
	}
	return int(s.minutes[minute].over[engine.LimitKeyRange].Requests)
}

// oneKey tells that it is one key that is asked for more than a partition
// carries.
func (s *story) oneKey() string {
	k := &s.place.knobs
	peak := k.writes
	if !s.lane.write {
		peak = k.reads
	}
	asked := int64(peak) * int64(k.hot) * int64(s.lane.each(k)) / 100 / int64(meter.Unit)
	if k.keys != string(engine.KeysHot) || asked <= int64(s.lane.partition()) {
		return ""
	}
	return ". At the peak one key is asked for " + components.Grouped(int(asked)) + " units a second, and a key stays in one partition"
}

// times is how often.
func times(n int) string {
	switch n {
	case 1:
		return "once"
	case 2:
		return "twice"
	}
	return words(n) + " times"
}

// upper begins a sentence.
func upper(text string) string {
	if c := text[0]; c >= 'a' && c <= 'z' {
		return string(c-32) + text[1:]
	}
	return text
}
