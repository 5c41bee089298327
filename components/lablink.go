package components

// A link is drawn as two lanes, one for each way, with the messages as boxes
// at the place that they have come to. The widths are in pixels.
const (
	laneLeft  = 6
	boxWide   = 128 // stamp and key
	boxNarrow = 50  // the stamp alone, where there are several
	laneBoxes = 8   // more than that are counted beside the link
)

// linkSVG is the link at an instant, width pixels wide.
func (l *LabLink) linkSVG(now, width int) string {
	var m markup
	end := width - laneLeft
	m.put(`<svg viewBox="0 0 `+itoa(width)+` 48" role="img" aria-label="`, l.flight(), `">`)
	class := "axis"
	if l.Cut {
		class = "axis gap"
	}
	r, left := itoa(end), itoa(laneLeft)
	m.put(`<path class="` + class + `" d="M` + left + ` 14H` + r + `M` + left + ` 38H` + r + `"></path>`)
	m.put(`<path class="axis" d="M` + itoa(end-6) + ` 10l6 4-6 4M` + itoa(laneLeft+6) + ` 34l-6 4 6 4"></path>`)
	if l.Cut {
		m.put(`<path class="lose" d="M`+itoa(width/2)+` 4v44"></path><text class="ui bad halo" x="`+itoa(width/2+6)+`" y="30">`, l.cutWords(), `</text>`)
	}
	m.lane(l.Forth, now, end, 14, false)
	m.lane(l.Back, now, end, 38, true)
	m.put(`</svg>`)
	return m.String()
}

func (l *LabLink) cutWords() string {
	if l.Waiting == 0 {
		return "cut"
	}
	return "cut, " + plural(l.Waiting, "message") + " waiting"
}

// lane draws the messages of one way.
func (m *markup) lane(all []LabMessage, now, end, y int, back bool) {
	box := boxWide
	if len(all) > 2 {
		box = boxNarrow
	}
	if len(all) > laneBoxes {
		all = all[:laneBoxes]
	}
	for _, msg := range all {
		m.box(msg, now, end, y, box, back)
	}
}

// box draws one message; the script moves it between two updates, by the times
// it carries.
func (m *markup) box(msg LabMessage, now, end, y, box int, back bool) {
	room := end - laneLeft - box
	gone := min(max(now-msg.Sent, 0), max(msg.Due-msg.Sent, 1)) * room / max(msg.Due-msg.Sent, 1)
	x, from, far := laneLeft+gone, laneLeft, 1
	if back {
		x, from, far = end-box-gone, end, -1
	}
	at := itoa(x)
	tail := x
	if back {
		tail = x + box
	}
	m.put(`<path class="main" d="M` + itoa(from) + ` ` + itoa(y) + `H` + itoa(tail) + `"></path>`)
	m.put(`<g class="msg" transform="translate(` + at + ` ` + itoa(y-9) + `)" data-sent="` + itoa(msg.Sent) + `" data-due="` + itoa(msg.Due) +
		`" data-from="` + itoa(x-far*gone) + `" data-room="` + itoa(far*room) + `" data-y="` + itoa(y-9) + `"><rect width="` + itoa(box) + `" height="18"></rect>`)
	if box == boxNarrow {
		m.put(`<text class="strong mid" x="`+itoa(box/2)+`" y="12.5">`, msg.Stamp, `</text></g>`)
		return
	}
	m.put(`<text class="strong" x="6" y="12.5">`, msg.Stamp, `</text><text class="end" x="`+itoa(box-6)+`" y="12.5">`, clip(msg.Key, 12), `</text></g>`)
}
