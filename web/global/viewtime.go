package global

import (
	"sort"
	"strconv"
	"strings"
	"time"

	"github.com/sortkey/sortkey/components"
	"github.com/sortkey/sortkey/engine"
)

// Measures of the timeline, in milliseconds.
const (
	wholeRun  = 8000 // a run that is no longer is drawn whole
	windowAgo = 4500 // else so much before now
	windowFar = 1500 // and after
	logLines  = 30
)

// timeView is the timeline at the instant shown.
func (l *lab) timeView(w *world) components.LabTime {
	r := l.run()
	now, end := r.instant(l.now), r.instant(r.end)
	v := components.LabTime{Now: now, End: end, Playing: l.playing, Speed: l.speed, Traffic: int(l.traffic / time.Second)}
	v.Back = now > 0
	for i, other := range l.ways {
		v.Ways = append(v.Ways, components.LabWay{Name: strconv.Itoa(i + 1), Words: other.words, On: i == l.way})
	}
	from, to := l.window()
	v.Diagram = r.drawn(w, l.regions, l.shorts(), from, to)
	v.Log, v.Earlier = l.log(w)
	return v
}

// window is from where to where the diagram goes, in milliseconds.
func (l *lab) window() (from, to int) {
	r := l.run()
	if to = max(r.instant(r.end), 1000); to > wholeRun {
		from = max(r.instant(l.now)-windowAgo, 0)
		to = from + windowAgo + windowFar
	}
	return from, to
}

// log tells what has happened, newest first.
func (l *lab) log(w *world) (lines []components.LabLine, earlier int) {
	r := l.run()
	lines = make([]components.LabLine, 0, logLines)
	for i := range w.past {
		if h := &w.past[i]; len(lines) < logLines && l.tellable(h) {
			lines = append(lines, components.LabLine{At: r.instant(h.At), Region: l.where(h), Words: l.tell(h)})
		}
	}
	answers := l.answers()
	earlier = max(w.lines+len(answers)-logLines, 0)
	lines = mergeLines(lines, answers)
	return lines[:min(len(lines), logLines)], earlier
}

// mergeLines puts two logs into one, newest first, of one instant the second
// one's first.
func mergeLines(a, b []components.LabLine) []components.LabLine {
	out := make([]components.LabLine, 0, len(a)+len(b))
	for len(a) > 0 && len(b) > 0 {
		if b[0].At >= a[0].At {
			out, b = append(out, b[0]), b[1:]
		} else {
			out, a = append(out, a[0]), a[1:]
		}
	}
	return append(append(out, a...), b...) // one of them is empty
}

// answers are lines on the last requests that wrote nothing, refusals and reads,
// newest first.
func (l *lab) answers() (lines []components.LabLine) {
	r := l.run()
	for i := sort.SearchInts(r.silent, r.after(l.now)) - 1; i >= 0 && len(lines) < logLines; i-- {
		s := &r.steps[r.silent[i]]
		if s.at.Before(r.zero) {
			break
		}
		reply := &s.deed.reply
		words := components.Say("answers " + reply.operation + " ").Code(clip(reply.text, 90))
		if reply.bad {
			words = components.Say("refuses " + reply.operation + ": ").Strong(reply.name)
		}
		lines = append(lines, components.LabLine{At: r.instant(s.at), Region: l.short(s.region()), Words: words})
	}
	return lines
}

// where is the region that a line of the log is about.
func (l *lab) where(h *engine.Happening) string {
	switch h.Kind {
	case engine.LinkCut, engine.LinkHealed, engine.MessageLost, engine.MessageWaits:
		return l.short(h.From)
	case engine.MessageAccepted, engine.MessageDropped:
		return l.short(h.To)
	}
	return l.short(h.Region)
}

// tellable reports whether the log has words for what happened.
func (l *lab) tellable(h *engine.Happening) bool {
	return h.Kind <= engine.ZoneRestored && !h.At.Before(l.run().zero)
}

// tell says in words what happened.
func (l *lab) tell(h *engine.Happening) components.Words {
	key, version := keyText(h.Key), l.version(h.Version)
	switch h.Kind {
	case engine.ReplicaWritten:
		return components.Say("writes " + key + ", " + l.run().wordsOf(h) + "; sends it to " + l.others(h.Region))
	case engine.MessageAccepted:
		words := "accepts " + key + " " + version
		if !h.Replaced.At.IsZero() {
			words += ", replacing " + l.replaced(h)
		}
		return components.Say(words)
	case engine.MessageDropped:
		return components.Say("drops " + key + " " + version + ", older than " + l.replaced(h))
	case engine.MessageWaits:
		return components.Say("keeps " + key + " " + version + " for " + l.short(h.To) + " until it can be sent")
	case engine.MessageLost:
		return components.Say("loses " + key + " " + version + " on the way to " + l.short(h.To) + ", and sends it again")
	case engine.LinkCut:
		return components.Say("is cut from " + l.short(h.To))
	case engine.LinkHealed:
		return components.Say("reaches " + l.short(h.To) + " again")
	case engine.RegionKilled:
		return components.Say("is down: it answers nothing and takes nothing in")
	case engine.RegionRevived:
		return components.Say("is up again, and catches up")
	case engine.ZoneLost:
		return components.Say("loses zone " + h.Region + h.Zone)
	case engine.ZoneRestored:
		return components.Say("has zone " + h.Region + h.Zone + " again")
	}
	return nil
}

// replaced is what a region had when a message came.
func (l *lab) replaced(h *engine.Happening) string {
	switch {
	case h.Replaced.At.Before(l.run().zero):
		return "that of the start"
	case h.Replaced.Region == h.To:
		return "its own " + l.version(h.Replaced)
	}
	return l.version(h.Replaced)
}

// others are all regions but one, in words.
func (l *lab) others(region string) string {
	var list []string
	for _, r := range l.regions {
		if r != region {
			list = append(list, l.short(r))
		}
	}
	return strings.Join(list, " and ")
}

// version prints a version: "04.155 eu".
func (l *lab) version(v engine.Version) string {
	if v.At.IsZero() {
		return "nothing"
	}
	return l.stamp(v.At) + " " + l.short(v.Region)
}

// stamp prints an instant; what was there before the run is of its start.
func (l *lab) stamp(t time.Time) string {
	if t.Before(l.run().zero) {
		return "start"
	}
	return components.LabStamp(l.run().instant(t))
}

// short is a region's name where there is little room: its first word, or where
// others have that too, what follows.
func (l *lab) short(region string) string { return shortOf(region, l.regions) }

func shortOf(region string, all []string) string {
	word, rest, _ := strings.Cut(region, "-")
	for _, other := range all {
		if first, _, _ := strings.Cut(other, "-"); other != region && first == word {
			return rest
		}
	}
	return word
}

func (l *lab) shorts() []string {
	list := make([]string, len(l.regions))
	for i, r := range l.regions {
		list[i] = l.short(r)
	}
	return list
}

// next is the next instant at which something happens: a step of the recording,
// an arrival, or whatever else the engine has to do. Zero means nothing.
func (l *lab) next() (time.Time, error) {
	e, err := l.state()
	if err != nil {
		return time.Time{}, err
	}
	next := time.Time{}
	if i := l.run().after(l.now); i < len(l.run().steps) {
		next = l.run().steps[i].at
	}
	if due := firstDue(e, l.now); !due.IsZero() && (next.IsZero() || due.Before(next)) {
		next = due
	}
	if next.After(l.run().end) {
		return next, l.run().extend(next)
	}
	return next, nil
}

// previous is the last instant before this one at which something happened.
func (l *lab) previous() (time.Time, bool) {
	e, err := l.state()
	if err != nil {
		return time.Time{}, false
	}
	var last time.Time
	see := func(t time.Time) {
		if t.Before(l.now) && t.After(last) && !t.Before(l.run().zero) {
			last = t
		}
	}
	e.Happenings(func(h *engine.Happening) bool {
		see(h.At)
		return last.IsZero()
	})
	steps := l.run().steps
	if i := sort.Search(len(steps), func(i int) bool { return !steps[i].at.Before(l.now) }); i > 0 {
		see(steps[i-1].at)
	}
	return last, !last.IsZero()
}
