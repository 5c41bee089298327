package components

import "strings"

// HeatMap shows what each partition of a table carries: a row for each, which
// begins where it was split off.
type HeatMap struct {
	Time  Timeline
	Limit int // units a second that a partition carries
	Unit  string
	Rows  []HeatRow // in the order of hashes
}

// HeatRow is a partition.
type HeatRow struct {
	Name  string     // "p3b"
	From  int        // the minute in which it was split off; 0 where it has always been
	Cause string     // why: "heat"; "" where it was not split off
	Cells []HeatCell // one for each column; those before From are not drawn
	Part  bool       // it is one of those the story is about
}

// HeatCell is a partition in one column.
type HeatCell struct {
	Used      Amount // units a second, on average
	Throttled int    // requests that it refused
}

// Of many partitions the busiest are drawn.
const maxHeatRows = 24

// heatLevels is in how many steps a cell can be coloured.
const heatLevels = 5

// level is the colour of a cell: quarters of the limit, and next to nothing.
func (m *HeatMap) level(c HeatCell) int {
	share := int64(c.Used) * 100 / int64(max(m.Limit, 1)*centi)
	switch {
	case share < 5:
		return 0
	case share >= 95:
		return 4
	}
	return min(1+int(share)*3/95, 3)
}

// shown are the rows that are drawn, in order, and what the others are.
func (m *HeatMap) shown() (rows []HeatRow, rest string) {
	if len(m.Rows) <= maxHeatRows {
		return m.Rows, ""
	}
	least := m.threshold()
	most := Amount(0)
	for _, r := range m.Rows {
		if p := r.peak(); p > least || p == least && len(rows) < maxHeatRows {
			rows = append(rows, r)
		} else {
			most = max(most, p)
		}
	}
	if len(rows) > maxHeatRows {
		rows = rows[:maxHeatRows]
	}
	return rows, Counted(len(m.Rows)-len(rows), "more partition") + ", each with at most " + most.String() + " a second"
}

// threshold is what the last of the busiest rows has had in a column.
func (m *HeatMap) threshold() Amount {
	var top [maxHeatRows]Amount // falling
	for _, r := range m.Rows {
		p := r.peak()
		for i := range top {
			if p > top[i] {
				p, top[i] = top[i], p
			}
		}
	}
	return top[maxHeatRows-1]
}

func (r HeatRow) peak() Amount {
	most := Amount(0)
	for _, c := range r.Cells {
		most = max(most, c.Used)
	}
	return most
}

// heat is a heat map being drawn.
type heat struct {
	chartDrawing
	*HeatMap
	pitch  int
	levels [heatLevels]strings.Builder
	cross  [2]strings.Builder // on what is light, on what is dark
	rules  strings.Builder
}

// svg is the map as a drawing.
func (m *HeatMap) svg() string {
	rows, _ := m.shown()
	h := &heat{HeatMap: m, pitch: 18 * centi}
	h.time = m.Time
	if len(rows) > 12 {
		h.pitch = 13 * centi
	}
	h.open(max(len(rows), 1)*h.pitch+6*centi, m.words())
	for i, r := range rows {
		h.row(r, i*h.pitch)
	}
	for l := range h.levels {
		h.path("h"+itoa(l), &h.levels[l])
	}
	h.path("xmark dark", &h.cross[0])
	h.path("xmark", &h.cross[1])
	h.path("rule", &h.rules)
	for i, r := range rows {
		h.split(r, i*h.pitch)
	}
	h.rule(0, len(rows)*h.pitch+2*centi)
	h.put(`</svg>`)
	return h.String()
}

// row draws a partition's cells.
func (h *heat) row(r HeatRow, y int) {
	class := "end dim"
	if r.Part {
		class = "end strong"
	}
	h.text(class, chartLeft-8*centi, y+h.pitch/2+3*centi, clip(r.Name, 6))
	for i, c := range r.Cells {
		if (i+1)*h.time.each() <= r.From {
			continue
		}
		x, w := h.time.column(i)
		l := h.level(c)
		stroke(&h.levels[l], "M", x+centi/2, y+centi, "h", w-centi, "v", h.pitch-2*centi, "h", centi-w, "z")
		if c.Throttled > 0 {
			mid, size := y+h.pitch/2, min(6*centi, w-3*centi)
			stroke(&h.cross[l/3], "M", x+(w-size)/2, mid-size/2, "l", size, size, "m", 0, -size, "l", -size, size)
		}
	}
}

// split says since when and why there is a partition.
func (h *heat) split(r HeatRow, y int) {
	if r.Cause == "" {
		return
	}
	x, base := h.time.x(r.From), y+h.pitch/2+3*centi+centi/2
	label := h.time.Clock(r.From) + ", split for " + r.Cause
	var rule strings.Builder
	stroke(&rule, "M", x, y-centi, "v", h.pitch+2*centi)
	h.path("rule", &rule)
	if x-textWidth(label)-10*centi > chartLeft {
		h.text("ui strong end", x-8*centi, base, label)
		if x-textWidth(label)-100*centi > chartLeft {
			h.text("ui dim", chartLeft+4*centi, base, "not yet split")
		}
		return
	}
	h.text("ui strong halo", x+6*centi, base, label)
}

// words is what the map shows, for who does not see it.
func (m *HeatMap) words() string {
	text := Counted(len(m.Rows), "partition") + ", each with a limit of " + Grouped(m.Limit) + " " + m.Unit + "."
	for _, r := range m.Rows {
		if r.Cause != "" {
			text += " " + r.Name + " was split off for " + r.Cause + " at " + m.Time.Clock(r.From) + "."
		}
	}
	for _, r := range m.Rows {
		n, columns := 0, 0
		for _, c := range r.Cells {
			if n += c.Throttled; c.Throttled > 0 {
				columns++
			}
		}
		if n > 0 {
			text += " " + r.Name + " refused " + Counted(n, "request") + " in " + Counted(columns, m.Time.unit()) + "."
		}
	}
	return text
}

// rows are the numbers of the map: a row a column of time.
func (m *HeatMap) rows() string {
	var t markup
	rows, _ := m.shown()
	t.WriteString(`<thead><tr><th>from</th>`)
	columns := 0
	for _, r := range rows {
		t.put(`<th class="num">`, r.Name, `</th>`)
		columns = max(columns, len(r.Cells))
	}
	t.WriteString(`</tr></thead><tbody>`)
	for i := range columns {
		t.put(`<tr><th scope="row">`, m.Time.Clock(i*m.Time.each()), `</th>`)
		for _, r := range rows {
			t.put(`<td class="num">`, m.cellText(r, i), `</td>`)
		}
		t.WriteString(`</tr>`)
	}
	t.WriteString(`</tbody>`)
	return t.String()
}

// cellText is what a cell says in figures.
func (m *HeatMap) cellText(r HeatRow, i int) string {
	switch {
	case i >= len(r.Cells) || (i+1)*m.Time.each() <= r.From:
		return "–"
	case r.Cells[i].Throttled > 0:
		return r.Cells[i].Used.String() + ", " + Grouped(r.Cells[i].Throttled) + " ×"
	}
	return r.Cells[i].Used.String()
}

// title is the heading of the map.
func (m *HeatMap) title() string {
	return strings.ToUpper(m.Unit[:1]) + m.Unit[1:] + " by partition, limit " + Grouped(m.Limit)
}
