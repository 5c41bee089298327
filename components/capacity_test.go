package components

import (
	"strconv"
	"strings"
	"testing"
)

func sampleItem() ItemCalc {
	return ItemCalc{
		Form: ItemForm{
			Text: "{\n  id: { S: \"<b>\" }\n}", As: []Choice{{"", "what it looks like", true}, {"json", "plain JSON", false}},
			Tables: []Choice{{"", "the one whose keys it has", false}, {"-", "one of its own", true}}, Own: true,
			HashKeys: []Choice{{"id", "id", true}}, RangeKeys: []Choice{{"", "none", true}},
			TakenFor: Say("Taken for ").Strong("DynamoDB JSON").Say("."),
		},
		Sizes: ItemSizes{
			Rows: []SizeRow{
				{"id", Key{Type: "S", Role: HashKey}, 2, 15, "15 UTF-8 bytes"},
				{"lines", Key{Type: "L"}, 5, 277, "3 + 3 elements, 1 each for type"},
			},
			More: "and 40 more attributes, in the sum below", Bytes: 743, Left: "281 bytes left in its first write unit",
			Inside:   []Inside{{"lines", 277, []InsideRow{{"[0]", "M", 0, 3, "itself, without what it holds"}, {"[0].qty", "N", 3, 2, "1: 1 pair of digits, plus 1"}}, 12}},
			Strip:    Strip{Caption: "On blocks", Label: "743 bytes lie on 1 block of 1,024", Block: 1024, Segments: []Segment{{Bytes: 17}, {Bytes: 282}, {Bytes: 444}}},
			Verdicts: []Verdict{{"Write it", "1", "WRU", "743 B, up to 1 KB"}, {"Read it", "0.5", "RRU", "743 B, up to 4 KB, eventual × 0.5"}},
			Note:     Say("Not in ").Strong("byTotal").Say("."), Take: "743,1,1,743",
		},
	}
}

func sampleMonth() MonthCalc {
	return MonthCalc{
		Form: MonthForm{Groups: []FieldGroup{{"Writes", []CalcField{
			{Name: "m-writes", Label: "Writes", Value: "120", Unit: "a second", Hint: "0 to 200,000", Min: "0", Max: "200000", Step: "any"},
			{Name: "m-class", Label: "Table class", Options: []Choice{{"standard", "Standard", true}, {"ia", "Standard-IA", false}}},
			{Name: "m-pitr", Label: "Point-in-time recovery", Hint: "by the size", Tick: true, On: true},
		}}}},
		Bill: MonthBill{
			About: "120 writes a second.", Provisioned: "provisioned, 70 %",
			Rows:     []BillRow{{"Writes", "1 WRU each", "240", "$394.20", "$150.89", "343 WCU"}, {"Storage", "47 GB", "", "$5.53", "$5.53", ""}},
			OnDemand: "$399.73", Capacity: "$156.42", Why: []Words{Words{}.Strong("28.9 %.").Say(" Below it, pay per request.")},
			Chart:  &EvenChart{OnDemand: 739_125_000, Full: 213_525_000, Target: 700, Money: wholeDollars},
			Lines:  []BillSum{{"on demand", "Writes", "240 units a second × 2,628,000 seconds", "", "$0.625 per million", "since 1 November 2024", "$394.20"}},
			Prices: []PriceRow{{"Writes on demand", "Standard", "$0.625", "a million", "$1.25", "", "as announced"}},
			Note:   "us-east-1",
		},
	}
}

func wholeDollars(micro int64) string { return "$" + Grouped(int(micro/1_000_000)) }

func TestCapacityGoldens(t *testing.T) {
	golden(t, "capacity", pretty(render(t, Capacity(CapacityPage{Item: sampleItem(), Month: sampleMonth(), Link: "./?m-writes=5"}))))
	item, month := sampleItem(), sampleMonth()
	item.Form.Wrong, item.Form.Shown = &Oops{Name: "This is no number.", Spots: []Spot{{"line 2", "  n: ", "x", ""}}}, "The sizes above are those of the item before."
	golden(t, "capacity-item-wrong", pretty(render(t, ItemUpdate(item, "Not an item.", "./"))))
	month.Form.Groups[0].Fields[0].Wrong, month.Form.Wrong, month.Form.Shown = "A number is missing here.", 1, "The bill above is of the figures before."
	golden(t, "capacity-month-wrong", pretty(render(t, MonthUpdate(month, "1 field cannot be used.", "./"))))
	golden(t, "capacity-item-update", pretty(render(t, ItemUpdate(sampleItem(), "The item has 743 bytes.", "./"))))
}

// However much a month costs, all of the chart lies inside its frame, and the
// curve meets the line where the break-even says.
func TestEvenChart(t *testing.T) {
	for _, onDemand := range []int64{10_000, 50_000, 3_000_000, 739_125_000, 12_345_678_901, 9_000_000_000_000} {
		for _, share := range []int64{144, 289, 500, 999, 1000, 1500} {
			full := onDemand * share / 1000
			if full == 0 {
				continue
			}
			for _, target := range []int{1, 10, 289, 700, 900, 1000} {
				checkEvenChart(t, EvenChart{OnDemand: onDemand, Full: full, Target: target, Money: func(n int64) string { return strconv.FormatInt(n, 10) }})
			}
		}
	}
}

func checkEvenChart(t *testing.T, c EvenChart) {
	t.Helper()
	step, steps := c.scale()
	if steps < 2 || steps > 4 || step*int64(steps) < c.OnDemand {
		t.Errorf("%+v: %d steps of %d", c, steps, step)
	}
	for _, path := range []string{c.curve(c.first()), c.saving()} {
		for _, at := range strings.FieldsFunc(path, func(r rune) bool { return strings.ContainsRune("MLVZ", r) }) {
			x, y, both := strings.Cut(at, " ")
			if !both {
				continue
			}
			within(t, c, x, evenLeft, evenRight)
			within(t, c, y, evenTop, evenBottom)
		}
	}
	if use := c.even(); use >= c.first() && use <= 1000 {
		// To the nearest thousandth of use, and no nearer.
		if off := c.y(c.at(use)) - c.y(c.OnDemand); off > 150 || off < -150 {
			t.Errorf("%+v: at the break-even the curve is %d hundredths off the line", c, off)
		}
	}
	html := render(t, evenChart(c))
	if strings.Contains(html, "style=") || strings.Contains(html, "NaN") || strings.Count(html, "<svg") != 1 {
		t.Error(html)
	}
	if _, _, y := c.targetLabel(); int64(c.Target) >= c.first() {
		within(t, c, y, evenTop, evenBottom)
	}
}

func within(t *testing.T, c EvenChart, text string, least, most float64) {
	t.Helper()
	n, err := strconv.ParseFloat(text, 64)
	if err != nil || n < least-0.011 || n > most+0.011 {
		t.Errorf("%+v: %q is not between %v and %v", c, text, least, most)
	}
}

func TestAxisMoney(t *testing.T) {
	for micro, want := range map[int64]string{0: "0", 500_000_000: "500", 1_000_000_000: "1,000", 500_000: "0.50", 20_000: "0.02", 5: "0.000005", 2_000: "0.002000"} {
		if got := axisMoney(micro); got != want {
			t.Errorf("%d: %s, want %s", micro, got, want)
		}
	}
}
