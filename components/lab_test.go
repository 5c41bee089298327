package components

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func sampleLabRegions() []LabRegion {
	columns := []Column{{Name: "album", Type: "S", Role: HashKey}, {Name: "price", Type: "N"}, {Name: "stock", Type: "N"}}
	row := func(album, price, stock, version string, s LabState, was string) LabRow {
		return LabRow{Cells: []Cell{{Text: album}, {Text: price}, {Text: stock}}, Version: version, State: s, Was: was}
	}
	ask := "UpdateItem {\n  TableName: \"Albums\"\n}"
	return []LabRegion{
		{Name: "us-east-1", Status: "ACTIVE", Columns: columns, Ask: ask, Edition: 2, Rows: []LabRow{
			row("blue-train", "27.50", "6", "04.500 us", LabOwn, ""),
			row("hejira", "", "", "01.650 ap", LabGone, ""),
			row("kind-of-blue", "29.00", "3", "04.155 eu", LabLost, "24.00"),
		}, Reply: &LabReply{Name: "200", Text: "{}", Took: "62 ms"}},
		{Name: "eu-west-1", Status: "ACTIVE", Columns: columns, Ask: "GetItem {}", More: 3, Rows: []LabRow{
			row("blue-train", "27.50", "7", "00.300 us", LabBehind, ""),
			row("<b>", "29.00", "3", "04.155 eu", LabPlain, ""),
		}, Reply: &LabReply{Error: true, Name: "ConditionalCheckFailedException", Text: "The conditional request failed"}},
		{Name: "ap-south-1", Status: "DOWN", Down: true, Blank: "The table is not here yet.", Ask: ask},
	}
}

func sampleLab() Lab {
	return Lab{
		Presets: []LabPreset{
			{Name: "lost-update", Title: "Two attributes, one is lost", About: "One region changes the price, another the stock.", On: true},
			{Name: "delete", Title: "Delete against update"},
		},
		Table: "Albums", Count: "three", Modes: true, Regions: sampleLabRegions(),
		Converge: Words{}.Strong("Not converged.").Say(" 4 messages in flight; all agree at ").Code("05.400").Say(" if nobody writes."),
		Links: []LabLink{
			{ID: "us-east-1.eu-west-1", A: "us", B: "eu", From: "us-east-1", To: "eu-west-1", Delay: 420, Jitter: 40, Forth: []LabMessage{{"04.500", "blue-train", 4500, 4920}}},
			{ID: "eu-west-1.ap-south-1", A: "eu", B: "ap", From: "eu-west-1", To: "ap-south-1", Delay: 610, Loss: 5, CutForth: true, CutBack: true, Waiting: 2, Back: []LabMessage{{"04.155", "kind-of-blue-and-more", 4155, 4765}}},
			{ID: "us-east-1.ap-south-1", A: "us", B: "ap", From: "us-east-1", To: "ap-south-1", Delay: 900, Forth: manyMessages(11)},
		},
		Time: LabTime{
			Now: 4600, End: 6000, Speed: "0.1", Back: true, Diagram: sampleSpace(),
			Ways: []LabWay{{Name: "1", Words: "from the beginning"}, {Name: "2", Words: "from 04.600", On: true}},
			Log: []LabLine{
				{4575, "us", Say("accepts kind-of-blue 04.155 eu, replacing its own 04.120")},
				{4540, "eu", Say("drops kind-of-blue 04.120 us, older than 04.155 eu")},
			}, Earlier: 31,
		},
		Agree: LabAgreement{Regions: []string{"us", "eu", "ap"}, More: 2, Items: []LabAgreed{
			{"blue-train", []bool{true, false, false}, "05.400"}, {"hejira", []bool{true, true, true}, "agreed"},
		}},
		Ledger: LabLedger{Lost: 2, More: 1, Conflicts: []LabConflict{{
			Key: "kind-of-blue", Apart: "35 ms apart", Kept: LabVersion{"04.155 eu", "stock 3, price 29.00"}, Lost: LabVersion{"04.120 us", "price 24.00, stock 4"},
			Words: "The later item wins whole. eu had not seen the new price, so 29.00 came with it.",
		}}},
		Zones: sampleZones(),
	}
}

func manyMessages(n int) (list []LabMessage) {
	for i := range n {
		list = append(list, LabMessage{LabStamp(4000 + 50*i), "k", 4000 + 50*i, 4900 + 50*i})
	}
	return list
}

func sampleZones() LabZones {
	return LabZones{
		Regions: []LabChoice{{"us-east-1", true}, {"eu-west-1", false}}, Region: "us-east-1", Table: "Albums", Key: "blue-train", Delay: 120,
		Zones: []LabZone{
			{Name: "us-east-1a", Leader: true, Has: "stock 6", Behind: "has every write"},
			{Name: "us-east-1b", Has: "stock 7", Behind: "80 ms behind", Stale: true},
			{Name: "us-east-1c", Down: true, Has: "stock 7", Behind: "lost"},
		},
		Strong: Say("asks us-east-1a and gets stock 6."), Any: Say("asks any."), Loss: Say("costs nothing."),
	}
}

func sampleSpace() SpaceTime {
	return SpaceTime{
		From: 800, To: 5600, Now: 4600, Lines: []string{"us", "eu", "ap"},
		Writes: []SpaceWrite{{1, 1200, "price 22", false}, {2, 1650, "delete", false}, {0, 4120, "price 24", false}, {0, 4500, "stock 6", false}, {2, 4550, "refused", true}},
		Messages: []SpaceMessage{
			{From: 1, To: 0, Sent: 1200, Left: 1200, Due: 1620, Fate: SpaceReplaces},
			{From: 1, To: 2, Sent: 1200, Left: 2400, Due: 3010, Fate: SpaceDropped},
			{From: 0, To: 1, Sent: 4500, Left: 4500, Due: 4920},
			{From: 2, To: 1, Sent: 4550, Left: SpaceOpen},
			{From: 0, To: 2, Sent: 100, Left: 100, Due: 700, Fate: SpaceSame},
		},
		Cuts:  []SpaceCut{{1, 2, 900, 2400, "eu and ap cut"}, {0, 2, 4000, SpaceOpen, "us and ap cut"}, {0, 1, 100, 200, "before the window"}},
		Downs: []SpaceDown{{1, 3000, 3500}},
	}
}

func labSamples() map[string]Lab {
	full, empty, broken, playing := sampleLab(), Lab{Count: "no", Table: "No table"}, sampleLab(), sampleLab()
	empty.Zones = LabZones{Region: "us-east-1", Blank: "There is no item to look at."}
	empty.Time.Diagram = SpaceTime{To: 1000, Lines: []string{"us"}}
	broken.Trouble, broken.Ledger, broken.Agree = "line 3: <what> is not a word here.", LabLedger{}, LabAgreement{}
	playing.Time.Playing, playing.Agreed, playing.Strong = true, true, true
	return map[string]Lab{"lab": full, "lab-empty": empty, "lab-trouble": broken, "lab-playing": playing}
}

func TestLab(t *testing.T) {
	for name, d := range labSamples() {
		golden(t, name, pretty(render(t, LabMain(d))))
		if *pages != "" {
			html := render(t, Sheet(Head{Section: "global", Title: "Regions"}, LabMain(d)))
			if err := os.WriteFile(filepath.Join(*pages, name+".html"), []byte(html), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// An update has the parts that were asked for, in their places, and says what
// happened.
func TestLabUpdate(t *testing.T) {
	d := sampleLab()
	d.Said = "us-east-1 wrote."
	html := render(t, LabUpdate(d, LabStagePart|LabTimePart))
	for _, want := range []string{`hx-target="#lab-stage"`, `hx-target="#lab-time"`, `hx-target="#said"`} {
		if !strings.Contains(html, want) {
			t.Errorf("no %s", want)
		}
	}
	for _, part := range []string{"#lab-presets", "#lab-ledger", "#lab-zones"} {
		if strings.Contains(html, part) {
			t.Errorf("%s was not asked for", part)
		}
	}
	if all := render(t, LabUpdate(d, LabAll)); strings.Count(all, "<hx-partial") != 6 {
		t.Errorf("%d parts in a whole update", strings.Count(all, "<hx-partial"))
	}
}

// Every id occurs once: morphing finds its places by them.
func TestLabIDs(t *testing.T) {
	seen := map[string]bool{}
	for _, piece := range strings.Split(render(t, LabMain(sampleLab())), ` id="`)[1:] {
		id, _, _ := strings.Cut(piece, `"`)
		if seen[id] {
			t.Errorf("id %s occurs twice", id)
		}
		seen[id] = true
	}
}

func TestLabStamp(t *testing.T) {
	for ms, want := range map[int]string{0: "00.000", 45: "00.045", 4500: "04.500", 61_007: "01:01.007", 3_600_000: "60:00.000", -40: "−00.040"} {
		if got := LabStamp(ms); got != want {
			t.Errorf("LabStamp(%d) = %s, want %s", ms, got, want)
		}
	}
}

// A message's box lies where the message has come to, either way.
func TestLabLane(t *testing.T) {
	l := LabLink{From: "a", To: "b", Forth: []LabMessage{{"00.000", "k", 0, 1000}}, Back: []LabMessage{{"00.000", "k", 0, 1000}}}
	room := 412 - 2*laneLeft - boxWide
	for now, want := range map[int][2]int{0: {laneLeft, 412 - laneLeft - boxWide}, 500: {laneLeft + room/2, laneLeft + room/2}, 2000: {laneLeft + room, laneLeft}} {
		svg := l.linkSVG("short", now, 412)
		for i, y := range []string{" 5)", " 29)"} {
			if place := "translate(" + itoa(want[i]) + y; !strings.Contains(svg, place) {
				t.Errorf("at %d: no %s in %s", now, place, svg)
			}
		}
	}
}

// What lies outside the window is not drawn, and what a cut holds waits beside
// its line.
func TestSpaceTimeClips(t *testing.T) {
	d := SpaceTime{From: 1000, To: 2000, Now: 1500, Lines: []string{"a", "b"}, Messages: []SpaceMessage{{From: 0, To: 1, Sent: 100, Left: 100, Due: 500, Fate: SpaceDropped}}}
	if svg := d.svg(); strings.Contains(svg, `class="lose"`) || strings.Contains(svg, `class="sent"`) {
		t.Errorf("a message of before the window is drawn: %s", svg)
	}
	d.Messages[0].Left = SpaceOpen
	if svg := d.svg(); !strings.Contains(svg, `class="sent dash"`) || !strings.Contains(svg, "acc-fill") {
		t.Errorf("a waiting message is not drawn: %s", svg)
	}
}
