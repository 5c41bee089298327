package components

import "strings"

// EvenChart is what a month's requests cost against the use of the capacity
// that is provisioned for them: flat on demand, and falling the more of the
// capacity is used. Money is in microdollars, use in thousandths.
type EvenChart struct {
	OnDemand int64
	Full     int64 // of capacity that is never idle; at half the use it costs double
	Target   int   // per mille
	Money    func(int64) string
}

// The drawing, in its own units.
const (
	evenLeft   = 52
	evenRight  = 536
	evenTop    = 20
	evenBottom = 236
)

// even is the use at which both cost the same, in thousandths, to the nearest.
func (c EvenChart) even() int64 { return (c.Full*1000 + c.OnDemand/2) / c.OnDemand }

// at is what provisioned capacity costs when so much of it is used.
func (c EvenChart) at(perMille int64) int64 { return c.Full * 1000 / perMille }

// scale is the step between the lines of the grid, in microdollars, and how
// many steps there are: the line on demand lies about half way up.
func (c EvenChart) scale() (step int64, steps int) {
	top := max(2*c.OnDemand, c.OnDemand+c.Full, 4)
	step = 1
	for {
		for _, n := range []int64{1, 2, 5} {
			if top <= 4*n*step {
				return n * step, int((top + n*step - 1) / (n * step))
			}
		}
		step *= 10
	}
}

// x is where a use lies, in hundredths of a unit; y where an amount does.
func (c EvenChart) x(perMille int64) int {
	return evenLeft*centi + int(perMille)*(evenRight-evenLeft)*centi/1000
}

func (c EvenChart) y(micro int64) int {
	step, steps := c.scale()
	top := step * int64(steps)
	return evenBottom*centi - int(micro*((evenBottom-evenTop)*centi)/top)
}

// first is the least use that the curve is drawn at: where it leaves the top.
func (c EvenChart) first() int64 {
	step, steps := c.scale()
	top := step * int64(steps)
	return min(max((c.Full*1000+top-1)/top, 1), 1000)
}

// curve is the path of what provisioned capacity costs, from one use on.
func (c EvenChart) curve(from int64) string {
	var b strings.Builder
	letter := "M"
	for use := from; ; use = min(1000, use+10) {
		b.WriteString(letter + hundredths(c.x(use)) + " " + hundredths(c.y(c.at(use))))
		letter = "L"
		if use == 1000 {
			return b.String()
		}
	}
}

// saving is the area between the two, where provisioned capacity is cheaper.
func (c EvenChart) saving() string {
	if c.even() >= 1000 {
		return ""
	}
	return "M" + hundredths(c.x(c.even())) + " " + hundredths(c.y(c.OnDemand)) +
		"L" + strings.TrimPrefix(c.curve(c.even()), "M") + "V" + hundredths(c.y(c.OnDemand)) + "Z"
}

// gridLine is one line of the grid and its label.
type gridLine struct{ path, y, label string }

func (c EvenChart) grid() []gridLine {
	step, steps := c.scale()
	var lines []gridLine
	for i := range steps + 1 {
		y := c.y(step * int64(i))
		lines = append(lines, gridLine{"M" + itoa(evenLeft) + " " + hundredths(y) + "H" + itoa(evenRight), hundredths(y + 350), axisMoney(step * int64(i))})
	}
	return lines
}

// axisMoney prints an amount as short as an axis wants it.
func axisMoney(micro int64) string {
	switch {
	case micro%1_000_000 == 0:
		return Grouped(int(micro / 1_000_000))
	case micro%10_000 == 0 || micro > 10_000:
		return "0." + itoa(int(100 + micro/10_000))[1:]
	}
	return "0." + itoa(int(1_000_000 + micro))[1:]
}

// percent prints thousandths: 289 is "28.9 %".
func percent(perMille int64) string {
	if perMille%10 == 0 {
		return itoa(int(perMille/10)) + " %"
	}
	return itoa(int(perMille/10)) + "." + itoa(int(perMille%10)) + " %"
}

// label says what the chart shows.
func (c EvenChart) label() string {
	return "Cost of a month’s requests. On demand it is flat at " + c.Money(c.OnDemand) + "; provisioned it falls with use and crosses that at " +
		percent(c.even()) + ". At " + percent(int64(c.Target)) + " it is " + c.Money(c.at(int64(c.Target))) + "."
}

// targetLabel is where the target's label stands: to the right of its mark,
// above the curve, or where there is no room below it to the left.
func (c EvenChart) targetLabel() (class, x, y string) {
	use := int64(c.Target)
	at, height := c.x(use), c.y(c.at(use))
	if at > evenLeft*centi+(evenRight-evenLeft)*centi*7/10 {
		return "ui strong halo end", hundredths(at - 8*centi), hundredths(min(height+18*centi, (evenBottom-5)*centi))
	}
	return "ui strong halo", hundredths(at + 8*centi), hundredths(max(height-8*centi, (evenTop+26)*centi))
}

// curveLabel is where the curve's name stands: beside its upper end.
func (c EvenChart) curveLabel() string {
	return hundredths(min(c.x(c.first())+10*centi, (evenRight-70)*centi))
}

// evenLabel is where the two lines of the break-even's label stand: below the
// line on demand, to the left of the mark.
func (c EvenChart) evenLabel() (x, first, second string) {
	y := min(c.y(c.OnDemand)+16*centi, (evenBottom-19)*centi)
	return hundredths(c.x(c.even()) - 7*centi), hundredths(y), hundredths(y + 13*centi)
}

// evenRow is a row of the chart's figures.
type evenRow struct{ use, cost, onDemand, difference string }

// table are the figures behind the chart.
func (c EvenChart) table() []evenRow {
	uses := []int64{50, 100, 150, 200, 250, 300, 400, 500, 600, 700, 800, 900, 1000}
	var rows []evenRow
	for _, use := range uses {
		cost, words := c.at(use), " dearer"
		d := cost - c.OnDemand
		if d < 0 {
			d, words = -d, " cheaper"
		}
		rows = append(rows, evenRow{percent(use), c.Money(cost), c.Money(c.OnDemand), c.Money(d) + words})
	}
	return rows
}
