package web

import (
	"strconv"
	"time"

	"github.com/sortkey/sortkey/components"
	"github.com/sortkey/sortkey/engine"
)

// ageFact is the figure of a read that saw the past.
func ageFact(tr *engine.Trace) []components.Fact {
	if tr.Age == 0 {
		return nil
	}
	return []components.Fact{{Figure: span(tr.Age), Words: "old"}}
}

// ageWords says what an eventually consistent read saw, where that is not
// the present.
func ageWords(tr *engine.Trace) string {
	switch {
	case tr.Age == 0:
		return ""
	case tr.IndexLag == tr.Age:
		return " The index is " + span(tr.Age) + " behind its table."
	case tr.IndexLag > 0:
		return " What it saw is " + span(tr.Age) + " old: the index is " + span(tr.IndexLag) + " behind its table, the copy that answered further."
	}
	return " It went to a copy that is " + span(tr.Age) + " behind: what it saw is that old. A strongly consistent read goes to the leader."
}

// lags says of each global index of a table how many changes have not arrived
// in it; an index that has them all is left out.
func (ws *workspace) lags(table string) map[string]string {
	if ws.engine.Options().Settings.IndexDelay == 0 {
		return nil // nothing is ever on its way
	}
	words := map[string]string{}
	for _, x := range ws.engine.IndexLags(ws.region, table) {
		if x.Pending > 0 {
			words[x.Index] = components.Counted(x.Pending, "change") + " on " + map[bool]string{true: "its", false: "their"}[x.Pending == 1] + " way"
		}
	}
	return words
}

// span prints a short time with the unit it has: 120 ms, 1.5 s, 2 min.
func span(d time.Duration) string {
	for _, u := range []struct {
		unit time.Duration
		name string
	}{{time.Hour, "h"}, {time.Minute, "min"}, {time.Second, "s"}, {time.Millisecond, "ms"}, {time.Microsecond, "µs"}} {
		if d >= u.unit {
			return strconv.FormatFloat(float64(d.Round(u.unit/10))/float64(u.unit), 'f', -1, 64) + " " + u.name
		}
	}
	return strconv.Itoa(int(d)) + " ns"
}
