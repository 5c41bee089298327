package capacity

import (
	"slices"
	"sort"
	"strconv"

	"github.com/sortkey/sortkey/components"
	"github.com/sortkey/sortkey/engine"
)

// activity is one of auto scaling's, and of which lane.
type activity struct {
	engine.ScalingActivity
	lane   lane
	target engine.ScalingTarget
}

// done tells that the capacity was changed.
func (a activity) done() bool { return a.Status == "Successful" && a.From != a.To }

// activities are those up to a minute, in the order in which they were begun.
func (r *run) activities(minute int) (list []activity) {
	for _, t := range r.at(minute).ScalingInfo("", runTable) {
		for _, a := range t.Activities {
			list = append(list, activity{a, laneOf(t), t})
		}
	}
	sort.SliceStable(list, func(i, j int) bool { return list[i].Start.Before(list[j].Start) })
	return list
}

func laneOf(t engine.ScalingTarget) lane {
	return lanes[slices.IndexFunc(lanes, func(l lane) bool { return l.index == t.Index && l.write == t.Write })]
}

// target is what auto scaling does for a lane; nil where it does nothing.
func (r *run) target(minute int, l lane) *engine.ScalingTarget {
	for _, t := range r.at(minute).ScalingInfo("", runTable) {
		if t.Index == l.index && t.Write == l.write {
			return &t
		}
	}
	return nil
}

// steps lists the activities up to the present minute.
func (h *hourView) steps(v *components.Simulator) {
	if !v.Scaled {
		return
	}
	for _, a := range h.run.activities(h.at) {
		v.Steps = append(v.Steps, components.SimulatorStep{
			At: v.Time.Clock(h.run.minute(a.Start)), What: a.lane.word, From: components.Grouped(int(a.From)), To: components.Grouped(int(a.To)),
			Because: h.because(a), Not: a.NotScaled != "" || a.Status == "Failed", Wire: wire(a),
		})
	}
	v.Empty = "None yet: it takes two whole minutes above the target, or fifteen below four fifths of it."
}

// because is why an activity was begun.
func (h *hourView) because(a activity) string {
	k := h.place.knobs
	target := strconv.Itoa(k.target) + " %"
	switch {
	case a.NotScaled == "AlreadyAtMaxCapacity":
		return words(a.target.NeededAbove) + " minutes above " + target + ", but this is the maximum"
	case a.NotScaled == "AlreadyAtMinCapacity":
		return words(a.target.NeededBelow) + " minutes below " + lowText(k.target) + ", but this is the minimum"
	case a.NotScaled != "":
		return a.NotScaled
	case a.Status == "Failed":
		return "refused:"
	case a.To > a.From:
		return words(a.target.NeededAbove) + " minutes above " + target
	}
	return words(a.target.NeededBelow) + " minutes below " + lowText(k.target)
}

// wire is what the service says where it has refused.
func wire(a activity) string {
	if a.Status == "Failed" {
		return a.Message
	}
	return ""
}

// lowText is the threshold of the low alarm: four fifths of the target.
func lowText(target int) string {
	tenths := target * 8
	if tenths%10 == 0 {
		return strconv.Itoa(tenths/10) + " %"
	}
	return strconv.Itoa(tenths/10) + "." + strconv.Itoa(tenths%10) + " %"
}

// words is a small number in a sentence.
func words(n int) string {
	small := [...]string{"no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen"}
	if n >= 0 && n < len(small) {
		return small[n]
	}
	return components.Grouped(n)
}
