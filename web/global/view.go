package global

import (
	"slices"
	"strings"
	"sync"

	"github.com/sortkey/sortkey/components"
	"github.com/sortkey/sortkey/engine"
	"github.com/sortkey/sortkey/engine/attr"
)

// mostRows is how many items a region's table and the agreement draw.
const mostRows = 12

// view is the page at the instant shown.
func (l *lab) view() components.Lab {
	e, err := l.state()
	if err != nil {
		// Every step of the run has been taken in a like engine before.
		panic("a run cannot be gone back to: " + err.Error())
	}
	w := l.world(e)
	v := components.Lab{
		Presets: l.presets(), Table: l.table, Count: countWord(len(l.regions)), Strong: l.strong, Trouble: l.trouble,
		Time: l.timeView(w), Ledger: l.ledgerView(w), Zones: l.zonesView(w), Links: l.linksView(w), Agree: l.agreeView(w),
	}
	if v.Table == "" {
		v.Table = "No table"
	}
	for _, region := range l.regions {
		v.Regions = append(v.Regions, l.regionView(w, region))
	}
	v.Agreed, v.Converge = l.converge(w)
	return v
}

var countWords = []string{"no", "one", "two", "three", "four", "five", "six"}

func countWord(n int) string {
	if n < len(countWords) {
		return countWords[n]
	}
	return "many"
}

func (l *lab) presets() (list []components.LabPreset) {
	for i, name := range presetNames {
		p := components.LabPreset{Name: name, Title: presetTitles()[i], On: name == l.preset.name}
		if p.On {
			p.About = l.preset.about
		}
		list = append(list, p)
	}
	return list
}

// presetTitles are the presets' titles, read off their headers.
var presetTitles = sync.OnceValue(func() (list []string) {
	for _, name := range presetNames {
		_, rest, _ := strings.Cut(presetText(name), "\ntitle: ")
		title, _, _ := strings.Cut(rest, "\n")
		list = append(list, title)
	}
	return list
})

// has reports whether a region is on the page.
func (l *lab) has(region string) bool {
	return slices.Contains(l.regions, region)
}

// ledgerView is what was lost, in words.
func (l *lab) ledgerView(w *world) (v components.LabLedger) {
	all := w.ledger.Conflicts
	v.Lost = w.ledger.Count + int(w.ledger.Forgotten)
	for i := range all[:min(len(all), mostRows)] {
		v.Conflicts = append(v.Conflicts, l.conflict(&all[i]))
	}
	v.More = v.Lost - len(v.Conflicts)
	return v
}

func (l *lab) conflict(c *engine.Conflict) components.LabConflict {
	return components.LabConflict{
		Key: keyText(c.Key), Apart: apart(c), Words: l.conflictWords(c),
		Kept: components.LabVersion{Stamp: l.version(c.Winner), Words: itemWords(c.Kept, c.Key)},
		Lost: components.LabVersion{Stamp: l.version(c.Loser), Words: itemWords(c.Lost, c.Key)},
	}
}

func apart(c *engine.Conflict) string {
	ms := int(c.Apart().Milliseconds())
	if ms == 0 {
		return "at one instant"
	}
	return components.Grouped(ms) + " ms apart"
}

// conflictWords explains an entry: why the loser lost, what came with it, and
// how far the news has got.
func (l *lab) conflictWords(c *engine.Conflict) string {
	winner, loser := l.short(c.Winner.Region), l.short(c.Loser.Region)
	words := "The later write wins, whole: " + winner + " had not seen that of " + loser + "."
	switch {
	case c.Winner.At.Equal(c.Loser.At):
		words = "Both were written at one instant: that of the region whose name comes later wins."
	case c.Kept == nil:
		words = "A delete is a write with a version of its own, and here the later one: " + l.wrote(c.Loser, c.Lost, c.Key) + " of " + loser + " is gone with the item."
	case c.Lost == nil:
		words = "The item was deleted in " + loser + "; " + winner + " had not seen that, wrote later, and so the item is there again."
	case c.Kept.JSON() == c.Lost.JSON():
		words = "Both regions wrote " + l.wrote(c.Loser, c.Lost, c.Key) + ", each from what it had. The later item stands for both: one change is gone."
	default:
		if came := l.stale(c); came != "" {
			words += " So " + came + " came with it."
		}
	}
	return words + l.settledWords(c)
}

// wrote is what a write changed, or if that is not known the whole item.
func (l *lab) wrote(v engine.Version, item *attr.Item, key attr.Map) string {
	if words := l.run().wroteAt(v.At, v.Region); words != "" {
		return words
	}
	return itemWords(item, key)
}

// stale are the values that the winner did not write itself and that are not
// those of the loser: what the loser's change was overwritten with.
func (l *lab) stale(c *engine.Conflict) string {
	own := strings.Split(l.run().wroteAt(c.Winner.At, c.Winner.Region), ", ")
	var parts []string
	for _, m := range c.Kept.Map() {
		value := m.Name + " " + compact(m.Value)
		if was, ok := c.Lost.Get(m.Name); ok && compact(was) != compact(m.Value) && !slices.Contains(own, value) {
			parts = append(parts, value)
		}
	}
	return strings.Join(parts, " and ")
}

// settledWords tells which regions have the outcome.
func (l *lab) settledWords(c *engine.Conflict) string {
	var done, later, open []string
	for _, s := range c.Settled {
		switch name := l.short(s.Region); {
		case s.Done:
			done = append(done, name)
		case s.At.IsZero():
			open = append(open, name)
		default:
			later = append(later, name+" at "+l.stamp(s.At))
		}
	}
	words := ""
	if len(done) == len(c.Settled) {
		return " Settled everywhere."
	}
	if len(done) > 0 {
		words += " Settled in " + components.Listed(done) + "."
	}
	if len(later) > 0 {
		words += " It will be in " + components.Listed(later) + "."
	}
	if len(open) > 0 {
		words += " " + components.Listed(open) + " cannot be reached."
	}
	return words
}

// cells are an item's values in the order of the columns.
func cells(columns []components.Column, key attr.Map, item *attr.Item) []components.Cell {
	list := make([]components.Cell, len(columns))
	for i, c := range columns {
		v, ok := key.Get(c.Name)
		if item != nil {
			v, ok = item.Get(c.Name)
		}
		if list[i].Absent = !ok; ok {
			list[i].Text = clip(compact(v), 24)
		}
	}
	return list
}
