package components

import (
	"strings"
	"testing"
)

func TestClip(t *testing.T) {
	cases := []struct {
		in   string
		n    int
		want string
	}{
		{"", 4, ""}, {"abcd", 4, "abcd"}, {"abcde", 4, "abc…"}, {"äöüß", 4, "äöüß"}, {"äöüßx", 4, "äöü…"},
		{"日本語の文", 3, "日本…"}, {"\xff\xfe\xfd", 2, "\xff…"},
	}
	for _, c := range cases {
		if got := clip(c.in, c.n); got != c.want {
			t.Errorf("clip(%q, %d) = %q, want %q", c.in, c.n, got, c.want)
		}
	}
}

func TestNumbers(t *testing.T) {
	for n, want := range map[int]string{0: "0", 5: "0.05", 50: "0.5", 100: "1", 1250: "12.5", 31600: "316", -150: "-1.5", 1207: "12.07"} {
		if got := hundredths(n); got != want {
			t.Errorf("hundredths(%d) = %q, want %q", n, got, want)
		}
	}
	for n, want := range map[int]string{0: "0", 999: "999", 1000: "1,000", 1234567: "1,234,567"} {
		if got := Grouped(n); got != want {
			t.Errorf("Grouped(%d) = %q, want %q", n, got, want)
		}
	}
}

func TestUnits16(t *testing.T) {
	text := "a👍é\n:x"
	cases := map[int]int{0: 0, 1: 1, 5: 3, 7: 4, 8: 5, len(text): 7, 999: 7}
	for bytes, want := range cases {
		if got := units16(text, bytes); got != want {
			t.Errorf("units16(%d) = %d, want %d", bytes, got, want)
		}
	}
}

func TestStripBlocks(t *testing.T) {
	seg := func(sizes ...int) []Segment {
		var all []Segment
		for _, n := range sizes {
			all = append(all, Segment{Bytes: n})
		}
		return all
	}
	cases := []struct {
		name   string
		strip  Strip
		blocks int
		edges  string
	}{
		{"nothing", Strip{Block: 4096}, 1, "0 4096"},
		{"one byte", Strip{Block: 4096, Segments: seg(1)}, 1, "0 4096"},
		{"a full block", Strip{Block: 4096, Segments: seg(4000, 96)}, 1, "0 4096"},
		{"one byte more", Strip{Block: 4096, Segments: seg(4096, 1)}, 2, "0 4096 8192"},
		{"a megabyte", Strip{Block: 4096, Segments: seg(1 << 20)}, 256, "0 131072 262144 393216 524288 655360 786432 917504 1048576"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if got := c.strip.blocks(); got != c.blocks {
				t.Errorf("blocks = %d, want %d", got, c.blocks)
			}
			var edges []string
			for _, e := range c.strip.edges() {
				edges = append(edges, itoa(e))
			}
			if got := strings.Join(edges, " "); got != c.edges {
				t.Errorf("edges = %s, want %s", got, c.edges)
			}
		})
	}
}

// TestStripBars holds the drawing inside its frame, in order, without overlap,
// hollow where the items were, for strips of every density.
func TestStripBars(t *testing.T) {
	for _, n := range []int{0, 1, 2, 7, 63, 64, 65, 400} {
		s := Strip{Block: 1024}
		for i := range n {
			s.Segments = append(s.Segments, Segment{Bytes: 1 + i*37%900, Hollow: i%5 == 2})
		}
		at := -centi
		for _, b := range s.bars() {
			if b.x < at || b.width <= 0 || b.x+b.width > stripWidth*centi+centi {
				t.Fatalf("%d segments: bar at %d, %d wide, after %d", n, b.x, b.width, at)
			}
			at = b.x + b.width - centi
		}
		hollow := false
		for _, b := range s.bars() {
			hollow = hollow || b.hollow
		}
		if hollow != (n > 2) {
			t.Errorf("%d segments: hollow bars %v", n, hollow)
		}
	}
}

func TestViews(t *testing.T) {
	cases := []struct {
		outcome Outcome
		want    View
		tabs    int
	}{
		{Outcome{Grid: &Grid{}}, ViewTable, 3},
		{Outcome{Grid: &Grid{}, View: ViewItems}, ViewItems, 3},
		{Outcome{Change: &Change{}, View: ViewItems}, ViewTable, 2},
		{Outcome{Facts: []Pair{{}}, View: ViewJSON}, ViewJSON, 2},
		{Outcome{Oops: &Oops{}, View: ViewJSON}, ViewTable, 0},
		{Outcome{Grid: &Grid{}, View: "bogus"}, ViewTable, 3},
	}
	for i, c := range cases {
		if c.outcome.view() != c.want || len(c.outcome.tabs()) != c.tabs {
			t.Errorf("case %d: view %s of %d tabs, want %s of %d", i, c.outcome.view(), len(c.outcome.tabs()), c.want, c.tabs)
		}
	}
}

// TestUpdateParts: an update carries what it is asked for, the editor only
// where its text was replaced, and each part once.
func TestUpdateParts(t *testing.T) {
	d := sampleDesk()
	html := render(t, DeskUpdate(d, PartAll))
	for _, target := range []string{"#bar", "#side", "#plan", "#result", "#receipt", "#dock", "#said"} {
		if n := strings.Count(html, `<hx-partial hx-target="`+target+`"`); n != 1 {
			t.Errorf("%s is sent %d times", target, n)
		}
	}
	if strings.Contains(html, "request-editor") {
		t.Error("the editor is sent although its text was not replaced")
	}
	d.Request.Replaced = true
	html = render(t, DeskUpdate(d, PartAll))
	if !strings.Contains(html, `hx-target="#request"`) || strings.Contains(html, `hx-target="#plan"`) {
		t.Error("a replaced text brings the request pane, and with it the plan line")
	}
	html = render(t, DeskUpdate(d, PartDock))
	if strings.Count(html, "<hx-partial") != 1 || !strings.Contains(html, `id="dock"`) {
		t.Error("PartDock sends the dock alone")
	}
}

// TestUpdateFits: what an update puts in place is what the page had there, so
// that morphing finds it again.
func TestUpdateFits(t *testing.T) {
	for _, s := range samples {
		page := render(t, DeskMain(s.make()))
		d := s.make()
		d.Request.Replaced = true
		for _, part := range strings.Split(render(t, DeskUpdate(d, PartAll&^PartSaid)), "</hx-partial>") {
			_, inner, found := strings.Cut(part, `hx-swap="outerMorph">`)
			if found && !strings.Contains(page, inner) {
				t.Errorf("%s: an update's part is not in the page: %.120s", s.name, inner)
			}
		}
	}
}

// TestInert: whatever stands in a model ends up as text or inside quotes.
func TestInert(t *testing.T) {
	const evil = `</textarea></pre></script><script>alert(1)</script><hx-partial hx-target="#desk">" onclick="x' {{ }}`
	w := Words{}.Say(evil).Strong(evil).Code(evil).Faint(evil)
	d := sampleDesk()
	d.Title, d.Back, d.Said = evil, evil, evil
	d.Examples = []Example{{evil, evil, evil}}
	d.Tables = []Table{{Name: evil, Items: evil, Keys: []Key{{evil, evil, HashKey}}, Billing: evil, Status: evil, Look: evil,
		Indexes: []Index{{Name: evil, Items: evil, Kind: evil, Keys: []Key{{evil, evil, RangeKey}}, Look: evil}}}}
	d.Request = Request{Text: evil, Runs: []Run{{evil, evil}, {"string", evil}}, Operation: evil, Replaced: true}
	d.Plan = Plan{Subject: evil, Words: w, Note: evil}
	grid := &Grid{Caption: evil, Columns: []Column{{evil, evil, HashKey}},
		Rows: []Row{{Cells: []Cell{{Text: evil, Type: evil}}, Bytes: evil}, {Kind: Band, Words: w}, {Kind: Aside, Words: w}}}
	change := &Change{Words: w, Before: evil, After: evil, Attributes: []AttributeChange{{evil, evil, NoKey, evil, evil, Changed}},
		Fanout: []Fanout{{evil, evil, Moved, w, evil}}, Returned: []Attribute{{evil, evil, NoKey, evil}}}
	oops := &Oops{Name: evil, Message: evil, Spots: []Spot{{evil, evil, evil, evil}}, Fix: &Fix{evil, w, evil}, Reading: []Words{w}}
	d.Receipt = Receipt{Subject: evil, Figure: evil, Unit: evil, Price: evil, Per: evil, Strips: []Strip{{Caption: evil, Label: evil, Block: 1024}},
		Sum: []Line{{evil, evil, Sum}}, Why: []Words{w}, Prices: evil}
	d.Dock = Dock{Tab: DockRequests, Entries: []Entry{{ID: 1, Operation: evil, Target: evil, Came: evil, Status: evil, Units: evil, Time: evil}, {Came: evil}},
		Facts: []Fact{{evil, evil, false}}}
	outcomes := []Outcome{
		{Operation: evil, Table: evil, Grid: grid, More: &More{w, evil}, Summary: []Fact{{evil, evil, true}}},
		{Grid: grid, View: ViewItems, Items: []Item{{Key: w, Bytes: evil, Attributes: []Attribute{{evil, evil, NoKey, evil}}}}},
		{Grid: grid, View: ViewJSON, JSON: evil}, {Change: change}, {Facts: []Pair{{evil, w}}, JSON: evil}, {Oops: oops}, {Blank: &Blank{}},
	}
	for i, o := range outcomes {
		d.Outcome = o
		if i == 2 {
			d.Dock.Tab, d.Dock.Tree = DockTree, evilTree(evil)
		}
		if i == 1 {
			d.Dock.Tab, d.Dock.Wire = DockWire, &Wire{evil, evil, evil, evil, evil, evil, evil}
		}
		html := render(t, Document(Page{Desk: d})) + render(t, DeskUpdate(d, PartAll))
		for _, bad := range []string{"<script>alert", "</textarea></pre>", `<hx-partial hx-target="#desk">`, `" onclick="`} {
			if strings.Contains(html, bad) {
				t.Errorf("outcome %d: %s reached the page as markup", i, bad)
			}
		}
	}
}

// TestPolicy: nothing a strict content-security policy would refuse, and none
// of the htmx features that need Function.
func TestPolicy(t *testing.T) {
	for _, s := range samples {
		html := render(t, Document(Page{Desk: s.make()}))
		for _, bad := range []string{" style=", "<style", "hx-on", "js:", "javascript:", " onclick", "http://", "https://", "hx-trigger"} {
			if strings.Contains(strings.ReplaceAll(html, "http://www.w3.org/2000/svg", ""), bad) {
				t.Errorf("%s: the page holds %q", s.name, bad)
			}
		}
		if strings.Count(html, "<script") != strings.Count(html, "<script src=")+strings.Count(html, `<script type="module" src=`) {
			t.Errorf("%s: a script without a source", s.name)
		}
	}
}

// TestIDs: every id once, and whatever refers to one finds it.
func TestIDs(t *testing.T) {
	for _, s := range samples {
		html := render(t, Document(Page{Desk: s.make()}))
		ids := map[string]int{}
		for _, id := range attributesOf(html, "id") {
			ids[id]++
			if ids[id] > 1 {
				t.Errorf("%s: id %s twice", s.name, id)
			}
		}
		for _, name := range []string{"aria-labelledby", "aria-controls"} {
			for _, id := range attributesOf(html, name) {
				if ids[id] == 0 {
					t.Errorf("%s: %s names %s, which is not there", s.name, name, id)
				}
			}
		}
	}
}

func attributesOf(html, name string) []string {
	var all []string
	for _, rest := range strings.Split(html, " "+name+`="`)[1:] {
		value, _, _ := strings.Cut(rest, `"`)
		all = append(all, value)
	}
	return all
}

func TestNumbersInWords(t *testing.T) {
	for n, want := range map[int]string{0: "0 items", 1: "1 item", 2: "2 items", 999: "999 items", 1000: "1,000 items", 1234567: "1,234,567 items"} {
		if got := Counted(n, "item"); got != want {
			t.Errorf("%d: %q, want %q", n, got, want)
		}
	}
	for want, names := range map[string][]string{"": nil, "a": {"a"}, "a and b": {"a", "b"}, "a, b and c": {"a", "b", "c"}} {
		if got := Listed(names); got != want {
			t.Errorf("%q: %q, want %q", names, got, want)
		}
	}
}
