package components

import (
	"strings"

	"github.com/a-h/templ"
)

// Request is the request editor.
type Request struct {
	Text string
	// Runs are Text cut up for colouring; together they are Text. With none
	// it is drawn plainly. The editor colours by static/notation.js.
	Runs []Run
	// Operation is the one that Text asks for, "" where that cannot be told:
	// the run button wears it.
	Operation string
	// Edition counts how often the text was replaced from outside the editor
	// (an example, a fix, a next page, an earlier request). An editor that
	// sees a new edition takes Text; otherwise it keeps what is being typed.
	Edition int
	// Replaced asks an update to carry the editor along: set it on the reply
	// that raised Edition.
	Replaced bool
	Insert   []InsertGroup // what the menu of templates has
	// CanHold: a TransactWriteItems may be held open in this engine.
	CanHold bool
}

// holds reports whether the text could be held open.
func (r Request) holds() bool { return r.Operation == "TransactWriteItems" }

// Run is a stretch of a request's text. Kind is "" or as engine/scenario names
// its tokens: operation, key, string, word, placeholder, punctuation, comment,
// number, literal.
type Run struct{ Kind, Text string }

var runClasses = map[string]string{
	"operation": "op", "key": "k", "string": "s", "word": "w", "placeholder": "v", "punctuation": "p",
	"comment": "c", "number": "s", "literal": "s",
}

// Plan is the line below the editor: what the request does, in words.
type Plan struct {
	Subject string // "Query on Shop."
	Words   Words  // "Partition key fixed, sort key a range: …"
	Note    string // at the far end: "last run rejected"
	Caution bool   // a Scan, a filter over a whole table
	// Mark is where in the editor's text that was run the problem lies, in
	// bytes from its beginning; nil where nothing is wrong or the place is
	// not known. Text is what was run: the mark goes to it.
	Mark *Mark
	Text string
}

// Mark is a place in a request text: From ≤ To, in bytes.
type Mark struct{ From, To int }

// units16 is n bytes of text counted as JavaScript counts, in UTF-16 units.
func units16(text string, n int) int {
	units := 0
	for i, r := range text {
		if i >= n {
			break
		}
		units++
		if r >= 0x10000 {
			units++
		}
	}
	return units
}

// InsertGroup is a group of operations that the editor offers to insert.
type InsertGroup struct {
	Name       string // "Items"
	Operations []string
}

// runLabel is what the run button says.
func (r Request) runLabel() string {
	if r.Operation == "" {
		return "Run"
	}
	return r.Operation
}

// lines are the numbers of the gutter, one a line.
func (r Request) lines() string {
	var b strings.Builder
	n := 1 + strings.Count(r.Text, "\n")
	for i := range n {
		if i > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(itoa(i + 1))
	}
	return b.String()
}

// textarea holds the request's text. It is written by hand because a newline
// at its beginning has to be doubled to survive the parser.
func textarea(text string) string {
	return `<textarea name="text" aria-label="Request" spellcheck="false" autocapitalize="off" autocomplete="off" wrap="off">` +
		"\n" + templ.EscapeString(text) + `</textarea>`
}

// highlighted is the request's text as it is read before the editor's script
// runs.
func (r Request) highlighted() string {
	runs := r.Runs
	if len(runs) == 0 {
		runs = []Run{{Text: r.Text}}
	}
	return `<pre aria-hidden="true">` + "\n" + coloured(runs) + "</pre>"
}

// coloured is a request's text with its runs in their classes.
func coloured(runs []Run) string {
	var b strings.Builder
	for _, run := range runs {
		text := templ.EscapeString(run.Text)
		if class := runClasses[run.Kind]; class != "" {
			text = `<span class="` + class + `">` + text + "</span>"
		}
		b.WriteString(text)
	}
	return b.String()
}
