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
