package components

import "strings"

// A link is drawn as two lanes, one for each way, with the messages as boxes
// at the place that they have come to. The widths are in pixels.
const (
	laneLeft  = 6
	boxWide   = 128 // stamp and key
	boxNarrow = 50  // the stamp alone, where there are several
	laneBoxes = 8   // more than that are counted beside the link
)

// linkSVG is the link at an instant, width pixels wide.
func (l *LabLink) linkSVG(class string, now, width int) string {
	var m markup
	m.Grow(1024)
	end := width - laneLeft
	m.put(`<svg class="`+class+`" viewBox="0 0 `+itoa(width)+` 48" role="img" aria-label="`, l.flight(), `">`)
	m.axis(l.CutForth, end, 14)
	m.axis(l.CutBack, end, 38)
	m.put(`<path class="axis" d="M` + itoa(end-6) + ` 10l6 4-6 4M` + itoa(laneLeft+6) + ` 34l-6 4 6 4"></path>`)
	if l.cut() {
		top, bottom, words := 4, 48, 30 // the words stand between the lanes, or on the one that is cut
		if !l.CutForth {
			top, words = 28, 42
		}
		if !l.CutBack {
			bottom, words = 24, 18
		}
		m.put(`<path class="lose" d="M`+itoa(width/2)+` `+itoa(top)+`v`+itoa(bottom-top)+`"></path><text class="ui bad halo" x="`+itoa(width/2+6)+`" y="`+itoa(words)+`">`, l.cutWords(), `</text>`)
	}
	var tails strings.Builder
	var boxes markup
	boxes.lane(&tails, l.Forth, now, end, 14, false)
	boxes.lane(&tails, l.Back, now, end, 38, true)
	m.path("main", &tails)
	m.put(boxes.String() + `</svg>`)
	return m.String()
}

// axis is the line of one way.
func (m *markup) axis(cut bool, end, y int) {
	class := "axis"
	if cut {
		class = "axis gap"
	}
	m.put(`<path class="` + class + `" d="M` + itoa(laneLeft) + ` ` + itoa(y) + `H` + itoa(end) + `"></path>`)
}

func (l *LabLink) cutWords() string {
	words := "cut"
	if l.CutForth != l.CutBack {
		words = "cut one way"
	}
	if l.Waiting == 0 {
		return words
	}
	return words + ", " + Counted(l.Waiting, "message") + " waiting"
}

// terms are the settings of a link in words, as far as they are any.
func (l *LabLink) terms() string {
	words := ""
	if l.Jitter > 0 {
		words = "± " + itoa(l.Jitter) + " ms"
	}
	if l.Loss > 0 {
		if words != "" {
			words += ", "
		}
		words += itoa(l.Loss) + " % lost"
	}
	if words == "" {
		return "more"
	}
	return words
}

// lane draws the messages of one way.
func (m *markup) lane(tails *strings.Builder, all []LabMessage, now, end, y int, back bool) {
	box := boxWide
	if len(all) > 2 {
		box = boxNarrow
	}
	if len(all) > laneBoxes {
		all = all[:laneBoxes]
	}
	for _, msg := range all {
		m.box(tails, msg, now, end, y, box, back)
	}
}

// box draws one message; the script moves it between two updates, by the times
// it carries.
func (m *markup) box(tails *strings.Builder, msg LabMessage, now, end, y, box int, back bool) {
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
	tails.WriteString("M" + itoa(from) + " " + itoa(y) + "H" + itoa(tail))
	m.put(`<g class="msg" transform="translate(` + at + ` ` + itoa(y-9) + `)" data-sent="` + itoa(msg.Sent) + `" data-due="` + itoa(msg.Due) +
		`" data-from="` + itoa(x-far*gone) + `" data-room="` + itoa(far*room) + `" data-y="` + itoa(y-9) + `"><rect width="` + itoa(box) + `" height="18"></rect>`)
	if box == boxNarrow {
		m.put(`<text class="strong mid" x="`+itoa(box/2)+`" y="12.5">`, msg.Stamp, `</text></g>`)
		return
	}
	m.put(`<text class="strong" x="6" y="12.5">`, msg.Stamp, `</text><text class="end" x="`+itoa(box-6)+`" y="12.5">`, clip(msg.Key, 12), `</text></g>`)
}
