package scenario

import (
	"strconv"
	"strings"
	"time"

	"github.com/sortkey/sortkey/engine"
)

// MaxSpan is how far a document's clock may go: long enough for any lesson, short enough to simulate.
const MaxSpan = 10 * 366 * 24 * time.Hour

// Tick is one step of the clock, forwards by a duration or to a time, or another step of the host, such as the change of
// a setting. Time stands still in all but the first.
type Tick struct {
	Advance time.Duration // 0 with At set
	At      time.Time     // zero with Advance
	step    engine.Step   // what is done; its zero value where the clock goes on
}

// NewTicks makes a clock block.
func NewTicks(steps ...Tick) Block {
	lines := make([]string, len(steps))
	for i, t := range steps {
		lines[i] = t.String()
	}
	return Block{Kind: Ticks, Text: strings.Join(lines, "\n"), Ticks: steps}
}

// Moves tells whether the clock goes on.
func (t Tick) Moves() bool { return t.step.IsCall() }

// Step is the engine’s form of a step at which time stands still.
func (t Tick) Step() engine.Step { return t.step }

// String is the line of a clock block.
func (t Tick) String() string {
	switch s := t.step; {
	case s.Set.Name != "":
		return setLine(s.Set)
	case s.Split.Table != "":
		return splitLine(s.Split)
	case s.Load.Name != "":
		return "load " + s.Load.String()
	case s.Stop.Name != "":
		return strings.TrimSpace("stop " + s.Stop.Name + " " + s.Stop.Region)
	case s.Commit != "":
		return "commit " + s.Commit
	case s.Cancel != "":
		return "cancel " + s.Cancel
	case s.Link.From != "":
		return s.Link.String()
	case s.Region.Region != "":
		return s.Region.String()
	case s.Peer.What != "":
		return s.Peer.String()
	case t.At.IsZero():
		return "advance " + formatDuration(t.Advance)
	}
	return formatTime(t.At)
}

// from gives the time after the step, or why there is none. start is where the document's clock began; the zero
// time, where nobody has said, bounds nothing.
func (t Tick) from(now, start time.Time) (next time.Time, problem string) {
	next = t.At
	if next.IsZero() {
		next = now.Add(t.Advance)
	}
	switch {
	case t.Advance < 0 || !now.IsZero() && next.Before(now):
		return now, "the clock cannot go back: it stands at " + formatTime(now)
	case t.Advance > MaxSpan || !start.IsZero() && next.Sub(start) > MaxSpan:
		return now, "the clock cannot go further than ten years from the start"
	}
	return next, ""
}

// readTicks reads a clock block, one step to a line; // and # begin comments.
func (b *Block) readTicks(src string, body span, now, start time.Time) (time.Time, *Error) {
	for r := (reader{src: src[:body.to], pos: int(body.from)}); ; {
		l, ok := r.line()
		if !ok {
			return now, nil
		}
		text, _, _ := strings.Cut(l.of(src), "//")
		text, _, _ = strings.Cut(text, "#")
		if text = strings.TrimSpace(text); text == "" {
			continue
		}
		tick, problem := parseTick(text)
		if problem != "" {
			return now, errorAt(Syntax, src, int(l.from), int(l.to), problem)
		}
		if now, problem = tick.from(now, start); problem != "" {
			return now, errorAt(Clock, src, int(l.from), int(l.to), problem)
		}
		b.Ticks = append(b.Ticks, tick)
	}
}

func parseTick(text string) (t Tick, problem string) {
	if s, ok, problem := readStep(text); ok {
		return Tick{step: s}, problem
	}
	if rest, ok := strings.CutPrefix(text, "advance "); ok {
		t.Advance, problem = parseDuration(strings.TrimSpace(rest))
		return t, problem
	}
	rest, _ := strings.CutPrefix(text, "at ")
	if t.At, problem = parseTime(strings.TrimSpace(rest)); problem != "" {
		problem += ", or advance and a duration such as 1h30m"
	}
	return t, problem
}

// readStep reads a line at which time stands still; ok is false where it begins like none.
func readStep(text string) (s engine.Step, ok bool, problem string) {
	word, rest, spaced := strings.Cut(text, " ")
	if !spaced {
		return readBetween(text)
	}
	switch word {
	case "set":
		s.Set, problem = readSet(rest)
	case "split":
		s.Split, problem = readSplit(rest)
	case "load":
		s.Load, problem = readLoad(rest)
	case "stop":
		s.Stop, problem = readStop(rest)
	case "commit":
		s.Commit, problem = readHold(strings.TrimSpace(rest))
	case "cancel":
		s.Cancel, problem = readHold(strings.TrimSpace(rest))
	default:
		return readBetween(text)
	}
	return s, true, problem
}

const holdName = "a transaction is held under a name of 1 to 40 letters, digits, _ . -"

// readHold reads the name of an open transaction.
func readHold(text string) (name, problem string) {
	if !engine.ValidHold(text) {
		return "", holdName
	}
	return text, ""
}

// units of durations, largest first; the order in which they may follow each other.
var units = []struct {
	name string
	size time.Duration
}{
	{"w", 7 * 24 * time.Hour}, {"d", 24 * time.Hour}, {"h", time.Hour}, {"m", time.Minute}, {"s", time.Second},
	{"ms", time.Millisecond}, {"us", time.Microsecond}, {"ns", 1},
}

// parseDuration reads whole numbers with units, such as 90s or 1d12h, at most MaxSpan in all.
func parseDuration(s string) (total time.Duration, problem string) {
	problem = "expected a duration such as 90s, 1h30m or 7d, with units w, d, h, m, s, ms, us, ns"
	if s == "" {
		return 0, problem
	}
	for next := 0; s != ""; {
		n := digits(s)
		count, err := strconv.ParseInt(s[:n], 10, 64)
		if err != nil {
			return 0, problem
		}
		s = s[n:]
		letters := strings.IndexFunc(s, func(r rune) bool { return r < 'a' || r > 'z' })
		if letters < 0 {
			letters = len(s)
		}
		for next < len(units) && units[next].name != s[:letters] {
			next++
		}
		if next == len(units) {
			return 0, problem
		}
		if count > int64(MaxSpan/units[next].size) || total+time.Duration(count)*units[next].size > MaxSpan {
			return 0, "this is too long: a clock goes at most ten years from the start"
		}
		total += time.Duration(count) * units[next].size
		s, next = s[letters:], next+1
	}
	return total, ""
}

// formatDuration writes what parseDuration reads, without weeks: 1d12h.
func formatDuration(d time.Duration) string {
	if d <= 0 {
		return "0s"
	}
	var b strings.Builder
	for _, u := range units[1:] {
		if n := d / u.size; n > 0 {
			b.WriteString(strconv.FormatInt(int64(n), 10) + u.name)
			d -= n * u.size
		}
	}
	return b.String()
}
