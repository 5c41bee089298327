package components

import (
	"strings"

	"github.com/a-h/templ"
)

// Words is a short text in runs: a sentence with some of it set apart.
type Words []Span

// Span is one run of a text in one style.
type Span struct {
	Text  string
	Style Style
}

// Style is how a run is set.
type Style uint8

// The styles of a run.
const (
	Plain  Style = iota
	Strong       // what the sentence is about
	Code         // anything DynamoDB would send or store
	Faint        // beside the point
)

// Say is a text of one plain run.
func Say(text string) Words { return Words{{Text: text}} }

// Say appends a plain run.
func (w Words) Say(text string) Words { return append(w, Span{Text: text}) }

// Strong appends a run that the sentence is about.
func (w Words) Strong(text string) Words { return append(w, Span{Text: text, Style: Strong}) }

// Code appends a run of DynamoDB's own: a name, a value, an expression.
func (w Words) Code(text string) Words { return append(w, Span{Text: text, Style: Code}) }

// Faint appends a run beside the point.
func (w Words) Faint(text string) Words { return append(w, Span{Text: text, Style: Faint}) }

// String is the text without its styles.
func (w Words) String() string {
	var b strings.Builder
	for _, s := range w {
		b.WriteString(s.Text)
	}
	return b.String()
}

// html is the text with its styles as elements.
func (w Words) html() string {
	var b strings.Builder
	for _, s := range w {
		text := templ.EscapeString(s.Text)
		switch s.Style {
		case Strong:
			b.WriteString("<b>" + text + "</b>")
		case Code:
			b.WriteString("<code>" + text + "</code>")
		case Faint:
			b.WriteString(`<span class="faint">` + text + "</span>")
		default:
			b.WriteString(text)
		}
	}
	return b.String()
}

// Fact is a figure and what it counts: "7" "read".
type Fact struct {
	Figure string // may be empty: then Words stand alone
	Words  string
	Wide   bool // left out where there is little room
}

// clip shortens s to at most n runes, the last of them an ellipsis.
func clip(s string, n int) string {
	runes, cut := 0, 0
	for at := range s {
		switch runes {
		case n - 1:
			cut = at
		case n:
			return s[:cut] + "…"
		}
		runes++
	}
	return s
}
