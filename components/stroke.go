package components

import "strings"

// stroke adds to the path of a drawing: letters are its commands, numbers
// hundredths.
func stroke(b *strings.Builder, parts ...any) {
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
			b.WriteString(hundredths(p))
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
