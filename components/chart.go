package components

import (
	"strconv"
	"strings"
)

// A chart of a run is drawn here, in hundredths of the units of its view box,
// which is as wide as every other's: so a minute stands in the same place in
// all of them. Below each stands the table of the numbers that it shows.

// The width of charts, and where in it time begins and ends.
const (
	chartWidth = 960 * centi
	chartLeft  = 44 * centi
	chartRight = 952 * centi
)

// Timeline is the axis of time that the charts of a run share.
type Timeline struct {
	Start   int // minutes after midnight in UTC, at the left edge
	Minutes int // how long it is
	Each    int // minutes that a column stands for; 0 is 1
	Now     int // minutes after the left edge where a rule stands; below zero for nowhere
}

func (t Timeline) each() int { return max(t.Each, 1) }

// columns is how many there are when the run is over.
func (t Timeline) columns() int { return (t.Minutes + t.each() - 1) / t.each() }

// x is where a minute begins.
func (t Timeline) x(minute int) int {
	return chartLeft + (chartRight-chartLeft)*min(minute, t.Minutes)/max(t.Minutes, 1)
}

// column is from where to where a column reaches.
func (t Timeline) column(i int) (x, width int) {
	x = t.x(i * t.each())
	return x, t.x((i+1)*t.each()) - x
}

// Clock is the time of a minute after the left edge, as a clock shows it.
func (t Timeline) Clock(minute int) string {
	m := (t.Start + minute) % (24 * 60)
	return two(m/60) + ":" + two(m%60)
}

// marks are the minutes that have their time written below.
func (t Timeline) marks() []int {
	by := 10
	for _, wide := range []int{1, 2, 5, 10, 15, 30, 60, 120, 180, 240} {
		if by = wide; t.Minutes/wide <= 8 {
			break
		}
	}
	var list []int
	for m := 0; m <= t.Minutes; m += by {
		list = append(list, m)
	}
	return list
}

// chartDrawing is a chart as it is being drawn: layers from the back to the
// front, each a path of one class, then texts.
type chartDrawing struct {
	markup
	time Timeline
	at   []textBox // what the texts that must not overlap cover
}

type textBox struct{ x, y, w, h int }

// open begins the drawing.
func (d *chartDrawing) open(height int, label string) {
	d.put(`<svg viewBox="0 0 `, hundredths(chartWidth)+" "+hundredths(height), `" role="img" aria-label="`, label, `">`)
}

// hours writes the times below the axis, at that height, but where the flag of the
// present one is.
func (d *chartDrawing) hours(y int) {
	for _, m := range d.time.marks() {
		class, x := "mid dim", d.time.x(m)
		if x > chartRight-10*centi {
			class, x = "end dim", chartWidth
		}
		if now := d.time.x(d.time.Now); d.time.Now >= 0 && now-x < 34*centi && x-now < 34*centi {
			continue
		}
		d.text(class, x, y, d.time.Clock(m))
	}
}

// rule draws the present minute.
func (d *chartDrawing) rule(top, bottom int) {
	if d.time.Now < 0 {
		return
	}
	var b strings.Builder
	stroke(&b, "M", d.time.x(d.time.Now), top, "V", bottom)
	d.path("rule", &b)
}

// nowFlag writes the present minute on the axis.
func (d *chartDrawing) nowFlag(y int) {
	if d.time.Now < 0 {
		return
	}
	const w = 38 * centi
	x := min(max(d.time.x(d.time.Now), w/2), chartWidth-w/2)
	d.put(`<rect class="flagbox" x="`, hundredths(x-w/2), `" y="`, hundredths(y-11*centi-centi/2), `" width="38" height="16"></rect>`)
	d.text("mid now", x, y, d.time.Clock(d.time.Now))
}

// room takes the place of a text for itself, if nothing has it yet and it lies
// between the edges.
func (d *chartDrawing) room(x, y int, text string, end bool) bool {
	box := textBox{x, y - 9*centi, textWidth(text), 12 * centi}
	if end {
		box.x -= box.w
	}
	if box.x < chartLeft+2*centi || box.x+box.w > chartRight {
		return false
	}
	for _, b := range d.at {
		if box.x < b.x+b.w && b.x < box.x+box.w && box.y < b.y+b.h && b.y < box.y+box.h {
			return false
		}
	}
	d.at = append(d.at, box)
	return true
}

// textWidth is about how wide a text in the small monospaced type is.
func textWidth(text string) int { return (len(text)*6 + 2) * centi }

// lit is where a chart that does not fit opens, in thousandths of its width:
// at the present minute.
func (t Timeline) lit() string {
	return strconv.Itoa(t.x(max(t.Now, 0)) * 1000 / chartWidth)
}

// ticks are the lines of a scale from zero to what holds most: a few round
// numbers.
func ticks(most int) (step, top int) {
	for power := 1; ; power *= 10 {
		for _, n := range []int{10, 20, 25, 50} {
			step = n * power / 10
			if n*power%10 == 0 && 5*step >= most {
				return step, step * max((most+step-1)/step, 1)
			}
		}
	}
}

// short is a number at the scale, where there is room for six signs.
func short(n int) string {
	if n >= 100_000 && n%1000 == 0 {
		return Grouped(n/1000) + "k"
	}
	return Grouped(n)
}

// Amount is a rate of units a second, or a share, in hundredths.
type Amount int

// String is the amount to a tenth, with commas: "1,599.8".
func (a Amount) String() string {
	tenths := int(a+5) / 10
	if tenths%10 == 0 {
		return Grouped(tenths / 10)
	}
	return Grouped(tenths/10) + "." + itoa(tenths%10)
}
