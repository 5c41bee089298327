package components

import "strings"

// ThroughputChart shows what a table may consume, consumes and is refused, a
// column a minute (or several).
type ThroughputChart struct {
	Time    Timeline
	Unit    string // of the scale: "WCU a second"
	Limit   string // what the line is: "provisioned"
	Columns []ThroughputColumn
	Limits  []ChartLimit // where the line changes, the first at 0
	Steps   []ChartStep  // the oldest first
}

// ChartLimit is what may be consumed from a minute on.
type ChartLimit struct {
	Minute int // after the left edge
	Rate   Amount
}

// ThroughputColumn is a column of the chart; rates are units a second.
type ThroughputColumn struct {
	Limit    Amount // at its end
	Used     Amount // on average
	Refused  Amount // on average: what was asked for beyond that
	Requests int    // how many requests were throttled
	Peak     Amount // the busiest minute's, where a column is several
}

// ChartStep is a step of the limit that auto scaling has made.
type ChartStep struct {
	Minute   int // after the left edge
	From, To int // units a second
}

// Heights in the chart: the marks of throttled columns, the plot, the times.
const (
	plotMarks  = 18 * centi
	plotTop    = 30 * centi
	plotBottom = 256 * centi
	plotTimes  = 272 * centi
	plotHeight = 278 * centi
)

// plot is the chart being drawn.
type plot struct {
	chartDrawing
	*ThroughputChart
	top int // the amount at the upper edge

	area, used, limit, refused, cross strings.Builder
}

// svg is the chart as a drawing.
func (c *ThroughputChart) svg() string {
	p := &plot{ThroughputChart: c}
	p.time = c.Time
	p.open(plotHeight, c.words())
	p.scale()
	p.hours(plotTimes)
	p.columns()
	p.limits()
	for _, l := range []struct {
		class string
		path  *strings.Builder
	}{{"area", &p.area}, {"throt", &p.refused}, {"bad-line", &p.cross}, {"main", &p.used}, {"limit", &p.limit}} {
		p.path(l.class, l.path)
	}
	p.steps()
	p.rule(plotMarks-4*centi, plotBottom+6*centi)
	p.nowFlag(plotTimes)
	p.text("ui dim", 0, 10*centi, c.Unit)
	p.put(`</svg>`)
	return p.String()
}

// y is the height of an amount.
func (p *plot) y(a Amount) int {
	return plotBottom - int(int64(plotBottom-plotTop)*int64(a)/int64(p.top))
}

// scale draws the lines that the columns are read against.
func (p *plot) scale() {
	most := Amount(0)
	for _, c := range p.Columns {
		most = max(most, c.Limit, c.Used+c.Refused)
	}
	for _, l := range p.Limits {
		most = max(most, l.Rate)
	}
	step, top := ticks((int(most) + centi - 1) / centi)
	p.top = top * centi
	var hairs, axis strings.Builder
	for v := 0; v <= top; v += step {
		b, y := &hairs, p.y(Amount(v*centi))
		if v == 0 {
			b = &axis
		}
		stroke(b, "M", chartLeft, y, "H", chartRight)
		p.text("end dim", chartLeft-8*centi, y+3*centi+centi/2, short(v))
	}
	p.path("hair", &hairs)
	p.path("axis", &axis)
}

// columns draws what was consumed and refused, and the limit.
func (p *plot) columns() {
	for i, c := range p.Columns {
		x, w := p.time.column(i)
		used := p.y(c.Used)
		if i == 0 {
			stroke(&p.area, "M", x, plotBottom)
			stroke(&p.used, "M", x, used)
		}
		stroke(&p.area, "V", used, "H", x+w)
		stroke(&p.used, "V", used, "H", x+w)
		if c.Requests > 0 {
			top := min(p.y(c.Used+c.Refused), used-2*centi)
			stroke(&p.refused, "M", x+centi/2, top, "h", w-centi, "V", used, "h", centi-w, "z")
			stroke(&p.cross, "M", x+w/2-3*centi, plotMarks, "l", 6*centi, 6*centi, "m", 0, -6*centi, "l", -6*centi, 6*centi)
		}
	}
	if n := len(p.Columns); n > 0 {
		x, w := p.time.column(n - 1)
		stroke(&p.area, "H", x+w, "V", plotBottom, "z")
	}
}

// limits draws the line of what may be consumed. Labels are kept off its steps.
func (p *plot) limits() {
	if len(p.Columns) == 0 {
		return
	}
	for i, l := range p.Limits {
		x, y := p.time.x(l.Minute), p.y(l.Rate)
		if i == 0 {
			stroke(&p.limit, "M", x, y)
			continue
		}
		from := p.y(p.Limits[i-1].Rate)
		stroke(&p.limit, "H", x, "V", y)
		p.at = append(p.at, textBox{x - 2*centi, min(from, y), 4 * centi, max(from, y) - min(from, y)})
	}
	if len(p.Limits) > 0 {
		x, w := p.time.column(len(p.Columns) - 1)
		stroke(&p.limit, "H", x+w)
	}
}

// steps marks the steps of the limit, and says from what to what where there is
// room to.
func (p *plot) steps() {
	for _, s := range p.Steps {
		x, y := p.time.x(s.Minute), p.y(Amount(s.To*centi))
		p.put(`<circle class="event" cx="`, hundredths(x), `" cy="`, hundredths(y), `" r="3"></circle>`)
		p.at = append(p.at, textBox{x - 3*centi, y - 3*centi, 6 * centi, 6 * centi})
	}
	for _, s := range p.Steps {
		p.stepLabel(s)
	}
}

func (p *plot) stepLabel(s ChartStep) {
	text := Grouped(s.From) + " to " + Grouped(s.To)
	x, y := p.time.x(s.Minute), p.y(Amount(s.To*centi))
	places := []struct {
		dx, dy int
		end    bool
	}{{-7, 4, true}, {-7, -6, true}, {7, -8, false}, {7, 14, false}, {-7, 14, true}, {7, -20, false}}
	if s.To < s.From {
		places = places[2:]
	}
	for _, at := range places {
		tx, ty := x+at.dx*centi, y+at.dy*centi
		if ty < plotTop+6*centi || ty > plotBottom-4*centi || !p.room(tx, ty, text, at.end) {
			continue
		}
		class := "strong halo"
		if at.end {
			class += " end"
		}
		p.text(class, tx, ty, text)
		return
	}
}

// words is what the chart shows, for who does not see it.
func (c *ThroughputChart) words() string {
	if len(c.Columns) == 0 {
		return c.Unit + ", from " + c.Time.Clock(0) + ": nothing has happened yet."
	}
	first := c.Columns[0]
	low, high, most := first.Limit, first.Limit, Amount(0)
	requests, minutes := 0, 0
	for _, col := range c.Columns {
		low, high, most = min(low, col.Limit), max(high, col.Limit), max(most, col.Used)
		if requests += col.Requests; col.Requests > 0 {
			minutes++
		}
	}
	text := c.Unit + " from " + c.Time.Clock(0) + " to " + c.Time.Clock(min(len(c.Columns)*c.Time.each(), c.Time.Minutes)) + ": " + c.Limit + " " + low.String()
	if low != high {
		text += " to " + high.String()
	}
	text += ", consumed at most " + most.String()
	if requests == 0 {
		text += ", nothing throttled"
	} else {
		text += ", " + Counted(requests, "request") + " throttled in " + Counted(minutes, c.Time.unit())
	}
	if len(c.Steps) > 0 {
		text += ", " + Counted(len(c.Steps), "step") + " of auto scaling"
	}
	return text + "."
}

// unit is what a column is.
func (t Timeline) unit() string {
	if t.each() == 1 {
		return "minute"
	}
	return "span of " + itoa(t.each()) + " minutes"
}

// rows are the numbers of the chart, and those of the burst strip beside them.
func (c *ThroughputChart) rows(burst *BurstStrip) string {
	var m markup
	m.put(`<thead><tr><th>from</th><th class="num">`, c.Limit, `</th><th class="num">consumed</th>`)
	m.WriteString(`<th class="num">throttled requests</th>`)
	if burst != nil {
		m.WriteString(`<th class="num">burst, s</th>`)
	}
	m.WriteString(`</tr></thead><tbody>`)
	for i, col := range c.Columns {
		at := c.Time.Clock(i * c.Time.each())
		m.put(`<tr><th scope="row">`, at, `</th><td class="num">`, col.Limit.String(), `</td><td class="num">`, col.Used.String(),
			`</td><td class="num">`, Grouped(col.Requests), `</td>`)
		if burst != nil {
			left := ""
			if i < len(burst.Left) {
				left = burst.Left[i].String()
			}
			m.put(`<td class="num">`, left, `</td>`)
		}
		m.WriteString(`</tr>`)
	}
	m.WriteString(`</tbody>`)
	return m.String()
}

// BurstStrip shows how many seconds of provisioned capacity are saved.
type BurstStrip struct {
	Time Timeline
	Room int      // the most that can be
	Left []Amount // at the end of each column
}

// svg is the strip as a drawing.
func (s *BurstStrip) svg() string {
	const top, bottom = 6 * centi, 32 * centi
	d := &chartDrawing{time: s.Time}
	d.open(40*centi, s.words())
	var hair, axis, area, line strings.Builder
	stroke(&hair, "M", chartLeft, top, "H", chartRight)
	stroke(&axis, "M", chartLeft, bottom+centi/2, "H", chartRight)
	for i, left := range s.Left {
		x, w := s.Time.column(i)
		y := bottom - (bottom-top)*int(max(left, 0))/(max(s.Room, 1)*centi)
		if i == 0 {
			stroke(&area, "M", x, bottom, "V", y)
			stroke(&line, "M", x, y)
		}
		stroke(&area, "L", x+w, y)
		stroke(&line, "L", x+w, y)
	}
	if n := len(s.Left); n > 0 {
		stroke(&area, "V", bottom, "z")
	}
	d.path("area", &area)
	d.path("main", &line)
	d.path("axis", &axis)
	d.path("hair", &hair)
	d.text("end dim", chartLeft-8*centi, top+4*centi, Grouped(s.Room))
	d.text("end dim", chartLeft-8*centi, bottom+3*centi, "0 s")
	d.rule(0, bottom+6*centi)
	d.put(`</svg>`)
	return d.String()
}

func (s *BurstStrip) words() string {
	if len(s.Left) == 0 {
		return "Burst capacity: nothing has happened yet."
	}
	low := s.Left[0]
	for _, left := range s.Left {
		low = min(low, left)
	}
	last := s.Left[len(s.Left)-1]
	return "Burst capacity, of " + Grouped(s.Room) + " seconds: " + last.String() + " left at the end, at the least " + low.String() + "."
}
