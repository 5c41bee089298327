package components

import (
	"strings"
	"testing"
)

// sampleHour is an hour such as the page shows: doubling, throttled by a hot
// partition, scaled.
func sampleHour(minutes int) (*ThroughputChart, *BurstStrip, *HeatMap) {
	time := Timeline{Start: 9 * 60, Minutes: 60, Now: min(minutes, 47)}
	chart := &ThroughputChart{Time: time, Unit: "WCU a second", Limit: "provisioned"}
	burst := &BurstStrip{Time: time, Room: 300}
	heat := &HeatMap{Time: time, Limit: 1000, Unit: "write units", Rows: []HeatRow{
		{Name: "p1"}, {Name: "p2"}, {Name: "p3a", Part: true}, {Name: "p3b", From: 35, Cause: "heat", Part: true}, {Name: "p4"},
	}}
	for i := range minutes {
		col := ThroughputColumn{Limit: 30000, Used: Amount(20000 + 7*i)}
		switch {
		case i >= 54:
			col.Limit = 58300
		case i >= 30:
			col.Limit = 227300
		case i >= 12:
			col.Limit = 108000
		}
		switch {
		case i >= 29 && i < 35:
			col.Used, col.Refused, col.Requests = 144030, 15970, 9582
		case i >= 10 && i < 40:
			col.Used = 95000
		}
		if i == 0 || col.Limit != chart.Columns[i-1].Limit {
			chart.Limits = append(chart.Limits, ChartLimit{i, col.Limit})
		}
		chart.Columns = append(chart.Columns, col)
		burst.Left = append(burst.Left, Amount(min(i*510, 30000)))
		for r := range heat.Rows {
			cell := HeatCell{Used: col.Used / 10}
			if r == 2 {
				cell.Used = min(col.Used*72/100, 100000)
				cell.Throttled = col.Requests
			}
			heat.Rows[r].Cells = append(heat.Rows[r].Cells, cell)
		}
	}
	if minutes >= 60 {
		chart.Steps = []ChartStep{{12, 300, 1080}, {30, 1080, 1978}, {32, 1978, 2273}, {54, 2273, 583}}
	}
	return chart, burst, heat
}

func manyPartitions() *HeatMap {
	_, _, m := sampleHour(30)
	m.Rows = nil
	for i := range 40 {
		r := HeatRow{Name: "p" + itoa(i+1)}
		for c := range 30 {
			r.Cells = append(r.Cells, HeatCell{Used: Amount(100 * (i*37%40 + c))})
		}
		m.Rows = append(m.Rows, r)
	}
	return m
}

func sampleDay() *ThroughputChart {
	c := &ThroughputChart{Time: Timeline{Minutes: 24 * 60, Each: 15, Now: 24 * 60}, Unit: "RCU a second", Limit: "grown to", Limits: []ChartLimit{{0, 1200000}, {100, 1300000}}}
	for i := range 96 {
		c.Columns = append(c.Columns, ThroughputColumn{Limit: 1200000, Used: Amount(i * (96 - i) * 300)})
	}
	return c
}

func TestChartGoldens(t *testing.T) {
	for name, minutes := range map[string]int{"chart-empty": 0, "chart-minute": 1, "chart-hour": 60} {
		c, b, m := sampleHour(minutes)
		golden(t, name, pretty(render(t, ThroughputFigure(c, b))+render(t, ThroughputNumbers(c, b))+render(t, HeatFigure(m))+render(t, HeatNumbers(m))))
	}
	golden(t, "chart-partitions", pretty(render(t, HeatFigure(manyPartitions()))))
	golden(t, "chart-day", pretty(render(t, ThroughputFigure(sampleDay(), nil))))
}

func TestTicks(t *testing.T) {
	for most, want := range map[int][2]int{
		0: {1, 1}, 1: {1, 1}, 4: {1, 4}, 7: {2, 8}, 11: {5, 15}, 99: {20, 100}, 101: {25, 125}, 2273: {500, 2500}, 40_000: {10_000, 40_000}, 1_000_001: {250_000, 1_250_000},
	} {
		if step, top := ticks(most); [2]int{step, top} != want {
			t.Errorf("ticks(%d) = %d, %d, want %v", most, step, top, want)
		}
	}
	for most := range 20_000 {
		if step, top := ticks(most); top < most || top%step != 0 || top/step > 5 || top > 1 && 2*most < top {
			t.Fatalf("ticks(%d) = %d, %d", most, step, top)
		}
	}
}

func TestTimeline(t *testing.T) {
	hour := Timeline{Start: 9 * 60, Minutes: 60}
	day := Timeline{Start: 22*60 + 30, Minutes: 24 * 60, Each: 15}
	if hour.x(0) != chartLeft || hour.x(60) != chartRight || day.x(9999) != chartRight {
		t.Error("an edge of the axis is not where time begins and ends")
	}
	for _, c := range []struct {
		line   Timeline
		minute int
		want   string
	}{{hour, 0, "09:00"}, {hour, 47, "09:47"}, {hour, 60, "10:00"}, {day, 90, "00:00"}, {day, 24 * 60, "22:30"}} {
		if got := c.line.Clock(c.minute); got != c.want {
			t.Errorf("minute %d shows %s, want %s", c.minute, got, c.want)
		}
	}
	if hour.columns() != 60 || day.columns() != 96 || len(hour.marks()) != 7 || len(day.marks()) != 9 {
		t.Errorf("%d and %d columns, %d and %d marks", hour.columns(), day.columns(), len(hour.marks()), len(day.marks()))
	}
	if _, w := day.column(95); w <= 0 {
		t.Error("the last column has no width")
	}
}

func TestAmount(t *testing.T) {
	for a, want := range map[Amount]string{0: "0", 4: "0", 5: "0.1", 50: "0.5", 95: "1", 100: "1", 159_980: "1,599.8", 100_000_00: "100,000"} {
		if got := a.String(); got != want {
			t.Errorf("%d hundredths are %q, want %q", int(a), got, want)
		}
	}
}

// TestStepLabels: no two labels overlap; every step has its dot.
func TestStepLabels(t *testing.T) {
	c, _, _ := sampleHour(60)
	c.Steps = nil
	for i := range 30 {
		c.Steps = append(c.Steps, ChartStep{20 + i, 1000 + i, 1001 + i})
	}
	p := &plot{ThroughputChart: c}
	p.time, p.top = c.Time, 2500*centi
	p.steps()
	if n := strings.Count(p.String(), "<circle"); n != 30 {
		t.Errorf("%d dots for 30 steps", n)
	}
	labels := strings.Count(p.String(), "<text")
	if labels < 3 || labels >= 30 {
		t.Errorf("%d labels of 30 have room", labels)
	}
	for i, a := range p.at {
		for j, b := range p.at {
			if label := i >= 30 && j < i; label && a.x < b.x+b.w && b.x < a.x+a.w && a.y < b.y+b.h && b.y < a.y+a.h {
				t.Errorf("box %d %v lies over box %d %v", i, a, j, b)
			}
		}
	}
}

// TestHeatRows: of many partitions the busiest are drawn, and the others
// counted.
func TestHeatRows(t *testing.T) {
	m := manyPartitions()
	rows, rest := m.shown()
	if len(rows) != maxHeatRows || rest != "16 more partitions, each with at most 44 a second" {
		t.Errorf("%d rows, and %q", len(rows), rest)
	}
	for i := range m.Rows {
		m.Rows[i].Cells = nil // all alike
	}
	if rows, _ := m.shown(); len(rows) != maxHeatRows {
		t.Errorf("of equal partitions %d are drawn", len(rows))
	}
	_, _, few := sampleHour(60)
	if rows, rest := few.shown(); len(rows) != 5 || rest != "" {
		t.Errorf("of five partitions %d are drawn, and %q", len(rows), rest)
	}
	for used, want := range map[Amount]int{0: 0, 4900: 0, 5000: 1, 31000: 1, 32000: 2, 94000: 3, 95000: 4, 200000: 4} {
		if got := few.level(HeatCell{Used: used}); got != want {
			t.Errorf("%v of 1,000 has colour %d, want %d", used, got, want)
		}
	}
}

// TestChartWords: what is drawn is said.
func TestChartWords(t *testing.T) {
	c, b, m := sampleHour(60)
	for _, x := range []struct{ got, want string }{
		{c.words(), "WCU a second from 09:00 to 10:00: provisioned 300 to 2,273, consumed at most 1,440.3, 57,492 requests throttled in 6 minutes, 4 steps of auto scaling."},
		{b.words(), "Burst capacity, of 300 seconds: 300 left at the end, at the least 0."},
		{m.words(), "5 partitions, each with a limit of 1,000 write units. p3b was split off for heat at 09:35. p3a refused 57,492 requests in 6 minutes."},
	} {
		if x.got != x.want {
			t.Errorf("got  %s\nwant %s", x.got, x.want)
		}
	}
	evil := `"><script>`
	c.Unit, c.Limit, m.Unit, m.Rows[0].Name, m.Rows[3].Cause = evil, evil, evil, evil, evil
	html := render(t, ThroughputFigure(c, b)) + render(t, ThroughputNumbers(c, b)) + render(t, HeatFigure(m)) + render(t, HeatNumbers(m))
	if strings.Contains(strings.ToLower(html), "<script") {
		t.Error("a text got out of its element")
	}
}
