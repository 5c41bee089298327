package web

import (
	"strconv"

	"github.com/sortkey/sortkey/components"
	"github.com/sortkey/sortkey/engine/meter"
)

// pageArm is the arm of the tree that a read walked.
func pageArm(m *meter.Receipt) meter.Arm { return m.Arms[len(m.Arms)-1] }

// readSum prints the arithmetic of a read: bytes, rounding, factor.
func readSum(r *components.Receipt, o *outcome) {
	m := o.trace.Receipt
	arm := pageArm(m)
	r.Strips = readStrips(m, arm)
	r.Sum = append(r.Sum, components.Line{Label: components.Counted(m.Items, "item") + " read", Figure: components.Grouped(arm.Bytes) + " B"})
	if m.Dropped > 0 {
		r.Sum = append(r.Sum, components.Line{
			Label: "of which " + components.Grouped(m.Dropped) + " filtered out, still read", Figure: components.Grouped(m.DroppedBytes) + " B", Kind: components.Sub,
		})
	}
	r.Sum = append(r.Sum, roundingLine(arm))
	r.Sum = append(r.Sum, rateLine(m.Rate))
	if fetched := m.Arms[0]; fetched.Reason == meter.FetchItems {
		r.Sum = append(r.Sum, components.Line{
			Label: "fetched from the table, each rounded up", Figure: "+ " + fetched.Units.String(),
		})
	}
	r.Sum = append(r.Sum, components.Line{Label: "Units", Figure: m.Total().String(), Kind: components.Sum})
	r.Why = whyRead(o, arm)
	r.Same = sameRead(o)
}

func readStrips(m *meter.Receipt, arm meter.Arm) []components.Strip {
	if m.Items == 0 {
		return nil
	}
	s := components.Strip{Block: meter.ReadBlock}
	for _, seg := range m.Sizes {
		s.Segments = append(s.Segments, components.Segment{Bytes: seg.Bytes, Hollow: seg.Dropped})
	}
	full, rest := arm.Bytes/meter.ReadBlock, arm.Bytes%meter.ReadBlock
	s.Label = components.Grouped(arm.Bytes) + " bytes lie on " + components.Counted(meter.Blocks(arm.Bytes, meter.ReadBlock), "block") + " of 4,096"
	if full > 0 && rest > 0 {
		s.Label += ", " + components.Grouped(rest) + " bytes of them on the last"
	}
	if len(m.Sizes) < m.Items {
		s.Caption = "The first " + strconv.Itoa(len(m.Sizes)) + " items of the page"
	}
	return []components.Strip{s}
}

func roundingLine(arm meter.Arm) components.Line {
	switch arm.Reason {
	case meter.ReadPartitions:
		return components.Line{Label: "at least one block of 4 KB a partition", Figure: components.Grouped(arm.Blocks)}
	case meter.ReadItem, meter.ReadMissing:
		return components.Line{Label: "rounded up, to blocks of 4 KB", Figure: components.Grouped(arm.Blocks)}
	}
	return components.Line{Label: "rounded up once, to blocks of 4 KB", Figure: components.Grouped(arm.Blocks)}
}

func rateLine(rate meter.Rate) components.Line {
	if rate == meter.Transactional {
		return components.Line{Label: "in a transaction", Figure: "× 2"}
	}
	if rate == meter.Eventual {
		return components.Line{Label: "eventually consistent", Figure: "× 0.5"}
	}
	return components.Line{Label: "strongly consistent", Figure: "× 1"}
}

// whyRead explains a read's charge, and what the filter did to it where it
// made the difference of a block.
func whyRead(o *outcome, arm meter.Arm) []components.Words {
	m := o.trace.Receipt
	var w components.Words
	switch arm.Reason {
	case meter.ReadMissing:
		w = components.Say("There is no such item. Looking for it took one block all the same.")
	case meter.ReadItem:
		w = components.Say("A GetItem pays for the whole item, whatever a ProjectionExpression leaves of it, rounded up to the next 4 KB.")
	case meter.ReadPartitions:
		w = components.Say("A Scan goes to every partition in its way and pays at least one block for each: ").
			Strong(components.Counted(arm.Blocks, "partition")).Say(", though the bytes would fit into " + components.Counted(meter.Blocks(arm.Bytes, meter.ReadBlock), "block") + ".")
	default:
		w = components.Say("A " + o.trace.Operation + " adds up every item it ").Strong("reads").Say(" and rounds once for the page.")
	}
	out := []components.Words{append(w, whyFiltered(o, arm)...)}
	if m.Arms[0].Reason == meter.FetchItems {
		out = append(out, components.Say("The local index lacks attributes that the request asks for. Each item was fetched from the table, rounded up on its own: ").
			Strong(m.Arms[0].Units.String()).Say(" more."))
	}
	return out
}

func whyFiltered(o *outcome, arm meter.Arm) components.Words {
	m := o.trace.Receipt
	if m.Dropped == 0 {
		return nil
	}
	left := arm.Bytes - m.DroppedBytes
	without := meter.ReadUnits(left, m.Rate)
	if arm.Reason != meter.ReadPage || without == arm.Units {
		return components.Say(" The filter runs after that: " + components.Counted(m.Dropped, "item") + " it dropped cost what the others cost.")
	}
	return components.Say(" The filter runs after that, so " + components.Counted(m.Dropped, "dropped item") + " pushed the page over " +
		components.Grouped((arm.Blocks-1)*meter.ReadBlock) + " B: without them it would be " + components.Grouped(left) + " B and ").Strong(without.String()).Say(".")
}

// sameRead is the same read with the other consistency, where it could be.
func sameRead(o *outcome) []components.Line {
	m := o.trace.Receipt
	if m.Rate == meter.Strong {
		return []components.Line{{Label: "eventually consistent", Figure: (m.Total() / 2).String()}}
	}
	if x := o.trace.Read.Index; x != nil && !x.Spec.Local {
		return []components.Line{{Label: "strongly consistent", Figure: "not on a GSI", Kind: components.Sub}}
	}
	return []components.Line{{Label: "strongly consistent", Figure: (2 * m.Total()).String()}}
}
