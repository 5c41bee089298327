package capacity

import (
	"strconv"
	"strings"

	"github.com/sortkey/sortkey/components"
	"github.com/sortkey/sortkey/engine/attr"
	"github.com/sortkey/sortkey/engine/scenario"
)

// wrong words an error in the item and finds its place in what the visitor
// wrote.
func (p *pasted) wrong(e *attr.Error) *problem {
	out := &problem{words: faultWords(e)}
	path, inName := pathAt(p.given, e.Offset, e.Kind == attr.EmptyName || e.Kind == attr.NameTooLong)
	out.from, out.to = p.spanOf(path, inName)
	return out
}

// spanOf is where a value, or a member's name, stands in the text.
func (s *source) spanOf(path []string, name bool) (from, to int) {
	full := append(append([]string(nil), s.path...), path...)
	locate := s.req.LocateName
	if !name {
		locate = func(path []string) (scenario.Position, bool) { return s.req.Locate(path, 0) }
	}
	pos, ok := locate(full)
	if !ok {
		return 0, 0
	}
	from = pos.Offset - s.shift
	if !name && from > 0 && (s.text[from-1] == '"' || s.text[from-1] == '\'') {
		from-- // the quotes belong to it
	}
	return from, from + pieceLength(s.text[from:])
}

// pieceLength is how long the piece is that a text begins with: a text in
// quotes, a bracket, or a word.
func pieceLength(text string) int {
	if text == "" {
		return 0
	}
	switch q := text[0]; q {
	case '"', '\'':
		for i := 1; i < len(text); i++ {
			if text[i] == '\\' {
				i++
			} else if text[i] == q {
				return i + 1
			}
		}
	case '{', '[':
		return 1
	}
	if i := strings.IndexAny(text, " \t\r\n,]}:"); i > 0 {
		return i
	}
	return 1
}

// pathAt is the way to the value in which, or before which, a byte of a JSON
// text lies; with after to the first one behind it, whose name it then lies in.
func pathAt(raw []byte, offset int, after bool) (path []string, name bool) {
	w := walker{Scanner: attr.NewScanner(raw, scenario.MaxDepth), offset: offset, after: after}
	w.walk(nil)
	return w.found, after && w.done
}

type walker struct {
	*attr.Scanner
	offset int
	after  bool
	found  []string
	done   bool
}

// walk looks at the value that comes next.
func (w *walker) walk(path []string) error {
	token, at := w.Peek(), w.Offset()
	switch {
	case w.after && !w.done && at > w.offset:
		w.found, w.done = append([]string(nil), path...), true
	case !w.after && at <= w.offset:
		w.found = append([]string(nil), path...)
	}
	switch token {
	case attr.TokenObject:
		return w.Object(func(name string) error { return w.walk(append(path, name)) })
	case attr.TokenArray:
		return w.Array(func(i int) error { return w.walk(append(path, strconv.Itoa(i))) })
	}
	return w.Skip()
}

// faultWords says in our words what is wrong with a value.
func faultWords(e *attr.Error) string {
	if words, ok := faults[e.Kind]; ok {
		return words
	}
	switch e.Kind {
	case attr.Mismatch:
		if e.Want == "String" && (e.Got == "NUMBER_VALUE" || e.Got == "DECIMAL_VALUE") {
			return `The digits of a number go in quotes: { "N": "42" }.`
		}
		return "This has to be " + wanted(e.Want) + "."
	case attr.Collection, attr.Structure, attr.FieldType, attr.PayloadType:
		return "This has to be " + wanted(e.Want) + "."
	}
	return "This cannot be read: " + e.Kind.String() + "."
}

// wanted is what a type of the API is in JSON.
func wanted(want string) string {
	switch want {
	case "String":
		return "a text in quotes"
	case "Boolean":
		return "true or false"
	case "List":
		return "a list, from [ to ]"
	case "Map":
		return "an object of attributes, from { to }"
	case "Blob":
		return "base64 in quotes"
	}
	return `an object with a type and its value, such as { "S": "text" }`
}

var faults = map[attr.ErrorKind]string{
	attr.TooDeep:        "This is nested more deeply than any item can be.",
	attr.BadUTF8:        "This text is not UTF-8.",
	attr.BlobType:       "Binary is written as base64 in quotes.",
	attr.Base64Length:   "Base64 comes in groups of four characters, the last filled up with =.",
	attr.Base64Char:     "Base64 has letters, digits, + and / only.",
	attr.Base64Bits:     "This base64 has bits at its end that belong to no byte.",
	attr.NoType:         `This value has no type. DynamoDB JSON says it around every value: { "S": "text" }, { "N": "42" }.`,
	attr.SeveralTypes:   "This value has more than one type.",
	attr.NullFalse:      "NULL is always true: a value is null or has another type.",
	attr.EmptySet:       "A set has at least one element.",
	attr.DuplicateInSet: "A set has each element once.",
	attr.NotNumeric:     "This is no number.",
	attr.Overflow:       "This number is too large: they reach up to 9.99 × 10 to the 125th.",
	attr.Underflow:      "This number is too small: they reach down to 10 to the −130th.",
	attr.TooManyDigits:  "A number has at most 38 significant digits.",
	attr.Nesting:        "Lists and maps stand at most 32 deep inside each other.",
	attr.EmptyName:      "An attribute’s name has at least one character.",
	attr.NameTooLong:    "An attribute’s name has at most 65,535 bytes.",
}

// oops shows a problem with the line it is in.
func (p *problem) oops(text string) *components.Oops {
	v := &components.Oops{Name: p.words, Message: p.message}
	if p.kind != "" {
		v.Reading = []components.Words{components.Say("DynamoDB would refuse it: the text above is its answer, a ").Code(p.kind).Say(".")}
	}
	if p.to > 0 || p.from > 0 {
		v.Spots = []components.Spot{spot(text, p.from, p.to)}
	}
	return v
}

// spot is the line of a text with the problem in it.
func spot(text string, from, to int) components.Spot {
	from = min(max(from, 0), len(text))
	to = min(max(to, from), len(text))
	start := strings.LastIndexByte(text[:from], '\n') + 1
	end := len(text)
	if i := strings.IndexByte(text[from:], '\n'); i >= 0 {
		end = from + i
	}
	to = min(to, end)
	before, after := text[start:from], text[to:end]
	if len(before) > 120 {
		before = strings.ToValidUTF8(before[len(before)-120:], "")
	}
	return components.Spot{
		Member: "line " + strconv.Itoa(strings.Count(text[:from], "\n")+1), Before: before, Bad: clip(text[from:to], 80), After: clip(after, 120),
	}
}

// clip shortens s to at most n bytes at a character's edge.
func clip(s string, n int) string {
	if len(s) <= n {
		return s
	}
	return strings.ToValidUTF8(s[:n], "") + "…"
}
