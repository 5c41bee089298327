package components

import "strings"

// stroke adds to the path of a drawing: letters are its commands, numbers
// hundredths.
func stroke(b *strings.Builder, parts ...any) {
	var room [24]byte
	number := false
	for _, p := range parts {
		switch p := p.(type) {
		case string:
			b.WriteString(p)
			number = false
		case int:
			if number {
				b.WriteByte(' ')
			}
			b.Write(appendHundredths(room[:0], p))
			number = true
		}
	}
}

// path draws what has been stroked, if anything was.
func (m *markup) path(class string, b *strings.Builder) {
	if b.Len() > 0 {
		m.put(`<path class="`, class, `" d="`, b.String(), `"></path>`)
	}
}

// text writes into a drawing.
func (m *markup) text(class string, x, y int, text string) {
	m.put(`<text class="`, class, `" x="`, hundredths(x), `" y="`, hundredths(y), `">`, text, `</text>`)
}

// span writes one of the words of a text, at a place of its own.
func (m *markup) span(x, y int, text string) {
	m.put(`<tspan x="`+hundredths(x)+`" y="`+hundredths(y)+`">`, text, `</tspan>`)
}
