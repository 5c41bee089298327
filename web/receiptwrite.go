package web

import (
	"strings"

	"github.com/sortkey/sortkey/components"
	"github.com/sortkey/sortkey/engine/meter"
)

// writeSum prints the arithmetic of a write: the larger image, rounded up, and
// an arm for every index that changed.
func writeSum(r *components.Receipt, o *outcome) {
	m := o.trace.Receipt
	table := m.Arms[0]
	for _, a := range m.Arms {
		if a.Units > 0 {
			r.Strips = append(r.Strips, writeStrip(a))
		}
	}
	if len(r.Strips) == 1 {
		r.Strips[0].Caption = ""
	}
	if len(r.Strips) > 4 {
		r.Strips = r.Strips[:4]
	}
	r.Sum = append(r.Sum,
		components.Line{Label: imageLabel(table), Figure: components.Grouped(table.Bytes) + " B"},
		components.Line{Label: "rounded up, to blocks of 1 KB", Figure: components.Grouped(table.Blocks)})
	for _, a := range m.Arms[1:] {
		if a.Units > 0 {
			r.Sum = append(r.Sum, components.Line{Label: a.Name + ": " + indexWords[a.Reason], Figure: "+ " + a.Units.String()})
		}
	}
	r.Sum = append(r.Sum, components.Line{Label: "Units", Figure: m.Total().String(), Kind: components.Sum})
	r.Why = whyWrite(m)
}

func imageLabel(a meter.Arm) string {
	switch {
	case a.Reason == meter.WriteMissing:
		return "no item"
	case a.Before == 0:
		return "the new item"
	case a.After == 0:
		return "the item removed"
	}
	return "the larger of before and after"
}

var indexWords = map[meter.Reason]string{
	meter.IndexAdded: "entry added", meter.IndexRemoved: "entry removed",
	meter.IndexMoved: "entry moved, two writes", meter.IndexReplaced: "entry changed",
}

func writeStrip(a meter.Arm) components.Strip {
	s := components.Strip{Block: meter.WriteBlock, Caption: a.Name, Label: a.Name + ": " + components.Grouped(a.Bytes) + " bytes on " + components.Counted(a.Blocks, "block") + " of 1,024"}
	if a.Reason == meter.IndexMoved {
		// Both are rounded on their own: the second begins on a new block.
		s.Caption += ", removed and added"
		pad := meter.Blocks(a.Before, meter.WriteBlock)*meter.WriteBlock - a.Before
		s.Segments = []components.Segment{{Bytes: a.Before + pad, Hollow: true}, {Bytes: a.After}}
		return s
	}
	if a.Bytes > 0 {
		s.Segments = []components.Segment{{Bytes: a.Bytes}}
	}
	return s
}

func whyWrite(m *meter.Receipt) []components.Words {
	w := []components.Words{whyTable(m.Arms[0])}
	var moved, free []string
	for _, a := range m.Arms[1:] {
		switch a.Reason {
		case meter.IndexMoved:
			moved = append(moved, a.Name)
		case meter.IndexUnchanged:
			free = append(free, a.Name)
		}
	}
	if len(moved) > 0 {
		w = append(w, components.Say("The key of ").Strong(strings.Join(moved, ", ")).
			Say(" changed, so the entry was removed in one place and added in another: two writes."))
	}
	if len(free) > 0 {
		w = append(w, components.Say("Nothing that ").Strong(strings.Join(free, ", ")).Say(" keeps has changed: no write there."))
	}
	return w
}

func whyTable(a meter.Arm) components.Words {
	switch {
	case a.Reason == meter.WriteRefused:
		return components.Say("The condition failed and nothing was written. ").Strong("Checking it costs a write all the same").Say(", by the size of the item that was there.")
	case a.Reason == meter.WriteMissing:
		return components.Say("There was nothing to remove. The attempt costs one block of 1 KB.")
	case a.Before == 0:
		return components.Say("A write pays for the item’s bytes, names included, rounded up to the next 1 KB.")
	}
	return components.Say("A write pays for the ").Strong("larger").Say(" of the item before and after, names included, rounded up to the next 1 KB. However little an update changes, the whole item is paid for.")
}
