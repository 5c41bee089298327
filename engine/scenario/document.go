package scenario

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/sortkey/sortkey/engine"
)

// FormatVersion is the version of the document that this package reads and writes.
const FormatVersion = 1

// Document is a scenario: what an engine is made with, and what then happens to it, in order.
type Document struct {
	Title    string          // one line; any text, shown as data
	Seed     uint64          // of the engine
	Start    time.Time       // of the engine's clock, UTC; zero = the engine's default
	Region   string          // of requests that name none; "" = the engine's default
	Account  string          // 12 digits; "" = the engine's default
	Degree   int             // of the B-trees; 0 = the engine's default
	Settings engine.Settings // a header line each
	Extra    Attributes      // header lines whose names begin with x-, kept for whoever wrote them
	Blocks   []Block
}

// BlockKind says what a block is for.
type BlockKind uint8

// The kinds of [Block].
const (
	Prose    BlockKind = iota + 1 // Markdown, other people's fenced blocks included
	Requests                      // ```dynamodb: requests in the notation
	Ticks                         // ```clock: steps of the clock
	View                          // ```view: the editor's draft and what is selected
)

// Block is one piece of a document. Text is what Text writes; Requests and Ticks are read from it by Parse.
type Block struct {
	Kind       BlockKind
	Attributes Attributes // of the fence line, such as region=eu-west-1
	Text       string     // between the fences, without the last line's newline; comments and layout kept
	Line       int        // of Text's first line in the document, from 1; 0 = not read from one
	Requests   []Request  // of a Requests block; places count in the whole document
	Ticks      []Tick     // of a Ticks block
}

// Attribute is a name with a value.
type Attribute struct{ Name, Value string }

// Attributes are in the order of the text, names unique.
type Attributes []Attribute

// Get gives the value under a name, "" where there is none.
func (a Attributes) Get(name string) string {
	for _, x := range a {
		if x.Name == name {
			return x.Value
		}
	}
	return ""
}

// With gives a copy in which name has the value; an empty value removes it.
func (a Attributes) With(name, value string) Attributes {
	out := slices.DeleteFunc(slices.Clone(a), func(x Attribute) bool { return x.Name == name })
	if value != "" {
		out = append(out, Attribute{name, value})
	}
	return out
}

// View gives the last view block: the editor's draft as its Text, what is selected as its Attributes.
func (d *Document) View() (Block, bool) {
	for _, b := range slices.Backward(d.Blocks) {
		if b.Kind == View {
			return b, true
		}
	}
	return Block{}, false
}

// NewRequests makes a block of requests, formatted, for a region or for the document's ("").
func NewRequests(region string, list ...Request) (Block, error) {
	texts := make([]string, len(list))
	for i, r := range list {
		text, err := Format(r.Operation, r.Body)
		if err != nil {
			return Block{}, err
		}
		texts[i] = text
	}
	return Block{
		Kind:       Requests,
		Attributes: Attributes(nil).With("region", region),
		Text:       strings.Join(texts, "\n\n"),
		Requests:   list,
	}, nil
}

// NewView makes a view block of the editor's draft and what is selected.
func NewView(draft string, selected Attributes) Block {
	return Block{Kind: View, Text: draft, Attributes: selected}
}

// Parse reads a document. It is at most MaxText bytes of UTF-8 with at most MaxSteps steps; errors are *[Error] with
// places in text, whose line ends may be of any kind.
func Parse(text []byte) (*Document, error) {
	if len(text) > MaxText {
		return nil, plainError(TooLarge, "this document is too large: ", itoa(len(text)), " bytes, at most ", itoa(MaxText), " are read")
	}
	src := strings.TrimPrefix(newlines(string(text)), "\ufeff")
	if !utf8.ValidString(src) {
		return nil, notUTF8(src)
	}
	r := reader{src: src}
	d := &Document{}
	if err := r.header(d); err != nil {
		return nil, err
	}
	if err := r.blocks(d); err != nil {
		return nil, err
	}
	if err := d.interpret(src, r.spans); err != nil {
		return nil, err
	}
	return d, nil
}

// newlines turns every line end into \n.
func newlines(s string) string {
	if !strings.Contains(s, "\r") {
		return s
	}
	return strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n")
}

func notUTF8(src string) *Error {
	at := 0
	for at < len(src) {
		r, n := utf8.DecodeRuneInString(src[at:])
		if r == utf8.RuneError && n == 1 {
			break
		}
		at += n
	}
	return errorAt(Syntax, src, at, at+1, "this is not UTF-8 text")
}

// interpret reads what the blocks contain: requests and clock steps, counted and with time going forwards.
func (d *Document) interpret(src string, spans []span) *Error {
	steps, asked := 0, 0
	now := d.Start
	for i := range d.Blocks {
		b := &d.Blocks[i]
		var err *Error
		switch b.Kind {
		case Requests:
			err = b.readRequests(src, spans[i], MaxSteps-steps)
		case Ticks:
			now, err = b.readTicks(src, spans[i], now, d.Start)
		}
		if err != nil {
			return err
		}
		if steps += len(b.Requests) + len(b.Ticks); steps > MaxSteps {
			return errorAt(TooMany, src, int(spans[i].from), int(spans[i].to), "too many steps: at most ", itoa(MaxSteps), " are read")
		}
		if asked += b.asked(); asked > engine.MaxLoadRequests {
			return errorAt(TooMany, src, int(spans[i].from), int(spans[i].to),
				"the loads make too many requests: at most ", itoa(engine.MaxLoadRequests), " in all")
		}
	}
	return nil
}

func (b *Block) readRequests(src string, body span, most int) (err *Error) {
	if b.Attributes.Get("encoding") == "base64" {
		b.Requests, err = encodedRequests(src, body, most)
	} else {
		b.Requests, err = parseRequests(src, int(body.from), int(body.to), most)
	}
	if err == nil && b.Attributes.Get("hold") != "" && (len(b.Requests) != 1 || b.Requests[0].Operation != "TransactWriteItems") {
		err = errorAt(Syntax, src, int(body.from), int(body.to), "a block with hold= has one request, a TransactWriteItems")
	}
	return err
}

// Text writes the document in its canonical form: Parse of it gives an equal document, whose Text is the same again.
func (d *Document) Text() []byte {
	var w strings.Builder
	d.writeHeader(&w)
	for _, b := range d.Blocks {
		if b.Kind == Prose {
			if prose := trimBlankLines(newlines(b.Text)); prose != "" {
				w.WriteString("\n" + prose + "\n")
			}
			continue
		}
		w.WriteString("\n")
		b.writeFence(&w)
	}
	return []byte(w.String())
}

// Equal tells whether two documents say the same: equal header, prose, requests, clock and view.
func (d *Document) Equal(o *Document) bool { return string(d.Text()) == string(o.Text()) }
