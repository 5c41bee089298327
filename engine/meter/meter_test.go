package meter

import (
	"fmt"
	"testing"
)

func TestUnits(t *testing.T) {
	for u, want := range map[Units]string{0: "0.0", 1: "0.5", 2: "1.0", 3: "1.5", 20: "10.0", 2_000_001: "1000000.5"} {
		if u.String() != want {
			t.Errorf("%d halves are %s, want %s", int64(u), u, want)
		}
	}
}

func TestBlocks(t *testing.T) {
	for _, c := range []struct {
		size         int
		read, strong string
		write, trans string
	}{
		{0, "0.5", "1.0", "1.0", "2.0"},
		{1, "0.5", "1.0", "1.0", "2.0"},
		{1024, "0.5", "1.0", "1.0", "2.0"},
		{1025, "0.5", "1.0", "2.0", "4.0"},
		{4096, "0.5", "1.0", "4.0", "8.0"},
		{4097, "1.0", "2.0", "5.0", "10.0"},
		{409_600, "50.0", "100.0", "400.0", "800.0"},
	} {
		got := fmt.Sprint(ReadUnits(c.size, Eventual), ReadUnits(c.size, Strong), WriteUnits(c.size, Standard), WriteUnits(c.size, Transactional))
		if want := fmt.Sprint(c.read, " ", c.strong, " ", c.write, " ", c.trans); got != want {
			t.Errorf("%d bytes: %s, want %s", c.size, got, want)
		}
	}
}

func TestIndexWrite(t *testing.T) {
	for _, c := range []struct {
		reason        Reason
		before, after int
		bytes, blocks int
	}{
		{IndexAbsent, 0, 0, 0, 0},
		{IndexUnchanged, 3000, 3000, 0, 0},
		{IndexAdded, 0, 1025, 1025, 2},
		{IndexRemoved, 1025, 0, 1025, 2},
		{IndexReplaced, 3000, 10, 3000, 3},
		{IndexReplaced, 10, 3000, 3000, 3},
		{IndexMoved, 3000, 10, 3010, 4},
		{IndexMoved, 512, 512, 1024, 2},
	} {
		a := IndexWrite(GSIArm, "i", c.reason, c.before, c.after)
		if a.Bytes != c.bytes || a.Blocks != c.blocks || a.Units != Units(c.blocks)*Unit {
			t.Errorf("reason %d, %d to %d: %d bytes, %d blocks, %s units", c.reason, c.before, c.after, a.Bytes, a.Blocks, a.Units)
		}
	}
}

func TestReceipt(t *testing.T) {
	r := &Receipt{Write: true, Rate: Standard}
	r.Add(Write("T", 100, 2000, Standard))
	r.Add(IndexWrite(GSIArm, "g", IndexAdded, 0, 100))
	r.Add(IndexWrite(LSIArm, "l", IndexMoved, 100, 100))
	if r.Total() != 5*Unit || r.Of(TableArm) != 2*Unit || r.Of(GSIArm) != Unit || r.Of(LSIArm) != 2*Unit || r.Block() != 1024 {
		t.Errorf("%+v", r)
	}
	if got := r.PerMillion(); got != 5*625_000 { // 5 units at $0.625 per million, in microdollars
		t.Errorf("a million cost %d microdollars", got)
	}
	if units, cost := r.PerMonth(); units != 5 || cost != 5*474_500 { // 5 × $0.00065 × 730
		t.Errorf("%d units cost %d microdollars a month", units, cost)
	}
	if w := Write("T", 0, 0, Standard); w.Reason != WriteMissing || w.Units != Unit {
		t.Errorf("nothing written: %+v", w)
	}
}

func TestReadReceipt(t *testing.T) {
	r := Read("T", TableArm, ReadItem, 4097, Eventual)
	r.Evaluated(4097, false)
	r.Evaluated(10, true)
	if r.Total() != Unit || r.Items != 2 || r.Dropped != 1 || r.DroppedBytes != 10 || r.Block() != 4096 {
		t.Errorf("%+v", r)
	}
	if got := r.PerMillion(); got != 125_000 {
		t.Errorf("a million cost %d microdollars", got)
	}
	half := Read("T", TableArm, ReadItem, 1, Eventual)
	if got := half.PerMillion(); got != 62_500 {
		t.Errorf("a million halves cost %d microdollars", got)
	}
	if units, _ := half.PerMonth(); units != 1 {
		t.Errorf("half a unit is bought as %d", units)
	}
	for range 2 * MaxSegments {
		r.Evaluated(1, false)
	}
	if len(r.Sizes) != MaxSegments || r.Items != 2+2*MaxSegments {
		t.Errorf("%d sizes of %d items", len(r.Sizes), r.Items)
	}
}
