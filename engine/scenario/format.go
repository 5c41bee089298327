package scenario

import (
	"strings"
	"unicode/utf8"
)

// lineWidth is the column that Format tries not to pass, in characters.
const lineWidth = 88

// Format writes an operation and its JSON body in the notation: two spaces of indent, names without quotes where they
// are identifiers, short values on one line. Parsing the result gives the same operation and the same body without
// white space. The body may itself be in the notation; comments in it are kept. Errors are *[Error] with places in
// body.
func Format(operation string, body []byte) (string, error) {
	if !isOperation(operation) {
		return "", plainError(Syntax, "this is not an operation: ", shorten(operation))
	}
	if len(body) > MaxText {
		return "", plainError(TooLarge, "this body is too large: ", itoa(len(body)), " bytes, at most ", itoa(MaxText), " are written")
	}
	src := string(body)
	p := newParser(src, 0, len(src))
	if !p.at('{') {
		return "", p.fail("expected {")
	}
	f := printer{src: src}
	f.notes(p.takePending())
	var n node
	if err := p.value(&n); err != nil {
		return "", err
	}
	f.request(operation, &n)
	f.notes(p.takePending())
	if p.tok.kind != tokEnd {
		return "", p.fail("expected nothing after the closing }")
	}
	return f.text(), nil
}

// Reformat writes every request of src as Format does and keeps all comments.
func Reformat(src string) (string, error) {
	if len(src) > MaxText {
		return "", plainError(TooLarge, "this text is too large: ", itoa(len(src)), " bytes, at most ", itoa(MaxText), " are read")
	}
	p := newParser(src, 0, len(src))
	f := printer{src: src}
	for p.tok.kind != tokEnd {
		before := p.takePending()
		var n node
		word, err := p.request(&n)
		if err != nil {
			return "", err
		}
		f.notes(before)
		f.request(word.of(src), &n)
		if after := p.lineComment(p.behind); !after.empty() {
			f.WriteString(" ")
			f.comment(after)
		}
		if p.tok.kind != tokEnd || len(p.pending) > 0 {
			f.line(0)
			f.line(0)
		}
	}
	if p.tok.fault != "" {
		return "", p.fail("")
	}
	f.notes(p.takePending())
	return f.text(), nil
}

type printer struct {
	strings.Builder
	src string
}

func (f *printer) text() string { return strings.TrimRight(f.String(), "\n") }

func (f *printer) line(indent int) {
	f.WriteByte('\n')
	for range indent {
		f.WriteString("  ")
	}
}

func (f *printer) comment(c span) { f.WriteString(strings.TrimRight(c.of(f.src), " \t")) }

// notes writes comments on lines of their own at the left edge.
func (f *printer) notes(list []span) {
	for _, c := range list {
		f.comment(c)
		f.line(0)
	}
}

func (f *printer) request(operation string, n *node) {
	f.WriteString(operation)
	f.WriteByte(' ')
	used := len(operation) + 1
	if _, ok := f.flatWidth(n, lineWidth-used); ok && len(n.kids) < 2 {
		f.flat(n)
		return
	}
	f.block(n, 1)
}

// block writes a container over several lines, its kids at the given indent. The members of a request's body always
// have their own lines.
func (f *printer) block(n *node, indent int) {
	f.bracket(n, 0)
	if indent > 1 && fills(n) {
		f.fill(n, indent)
	} else {
		f.rows(n, indent)
	}
	if n.notes != nil {
		for _, c := range n.notes.inside {
			f.line(indent)
			f.comment(c)
		}
	}
	f.line(indent - 1)
	f.bracket(n, 1)
}

func (f *printer) bracket(n *node, which int) {
	if n.kind == listNode {
		f.WriteByte("[]"[which])
	} else {
		f.WriteByte("{}"[which])
	}
}

// rows writes each kid on lines of its own.
func (f *printer) rows(n *node, indent int) {
	for i := range n.kids {
		k := &n.kids[i]
		var around notes
		if k.notes != nil {
			around = *k.notes
		}
		for _, c := range around.before {
			f.line(indent)
			f.comment(c)
		}
		f.line(indent)
		f.name(k)
		f.value(k, indent)
		if i < len(n.kids)-1 {
			f.WriteByte(',')
		}
		if !around.after.empty() {
			f.WriteByte(' ')
			f.comment(around.after)
		}
	}
}

// value writes a value on the rest of the line where it fits, else as a block.
func (f *printer) value(n *node, indent int) {
	used := 2*indent + f.nameWidth(n) + 1
	if width, ok := f.flatWidth(n, lineWidth-used); ok && width <= lineWidth-used || n.whole() {
		f.flat(n)
		return
	}
	f.broken(n, indent)
}

// broken writes a container that does not fit its line. One that only wraps another opens and closes on the lines of
// the inner one: { L: [{ M: { … } }] }.
func (f *printer) broken(n *node, indent int) {
	if !wraps(n) {
		f.block(n, indent+1)
		return
	}
	inner := &n.kids[0]
	f.bracket(n, 0)
	if n.kind == objectNode {
		f.WriteByte(' ')
	}
	f.name(inner)
	f.broken(inner, indent)
	if n.kind == objectNode {
		f.WriteByte(' ')
	}
	f.bracket(n, 1)
}

func wraps(n *node) bool {
	return len(n.kids) == 1 && n.notes.bare() && n.kids[0].notes == nil && !n.kids[0].whole()
}

// whole tells that breaking a value up would not shorten its lines: a scalar, an attribute value, an empty container.
func (n *node) whole() bool {
	return n.kind >= stringNode || singleValue(n) || len(n.kids) == 0 && n.notes.bare()
}

// bare tells that nothing has to be written inside an empty container.
func (n *notes) bare() bool { return n == nil || len(n.inside) == 0 }

// fills tells whether a container reads best with several kids to a line: a map of single attribute values such as
// ":who": { S: "x" }, or a list of scalars.
func fills(n *node) bool {
	if len(n.kids) == 0 || n.notes != nil && len(n.notes.inside) > 0 {
		return false
	}
	for i := range n.kids {
		k := &n.kids[i]
		if n.kind == objectNode && !singleValue(k) || n.kind == listNode && k.kind < stringNode || k.notes != nil {
			return false
		}
	}
	return true
}

// singleValue matches an object of one scalar member, as attribute values are.
func singleValue(n *node) bool {
	return n.kind == objectNode && len(n.kids) == 1 && n.notes.bare() &&
		n.kids[0].kind >= stringNode && n.kids[0].notes == nil
}

// fill writes as many kids to a line as fit, each with a comma, the last too: lines can then be moved about.
func (f *printer) fill(n *node, indent int) {
	used := lineWidth
	for i := range n.kids {
		k := &n.kids[i]
		width, ok := f.flatWidth(k, lineWidth)
		width += f.nameWidth(k) + 1
		if ok && used+1+width <= lineWidth {
			f.WriteByte(' ')
			used += 1 + width
		} else {
			f.line(indent)
			used = 2*indent + width
		}
		f.name(k)
		f.flat(k)
		f.WriteByte(',')
	}
}

func (f *printer) name(n *node) {
	if !n.name.empty() {
		f.WriteString(f.nameText(n))
		f.WriteString(": ")
	}
}

// nameText is the name without quotes where it is an identifier; \u0041 is not one, though it means a letter.
func (f *printer) nameText(n *node) string {
	raw := n.name.of(f.src)
	if raw[0] != '"' && raw[0] != '\'' {
		raw = `"` + raw + `"`
	}
	if inner := raw[1 : len(raw)-1]; isIdentifier(inner) {
		return inner
	}
	return string(appendString(nil, raw))
}

func isIdentifier(s string) bool {
	if s == "" || !isWordStart(s[0]) {
		return false
	}
	return allWord(s) && !strings.ContainsAny(s, "$-.")
}

func (f *printer) nameWidth(n *node) int {
	if n.name.empty() {
		return 0
	}
	return utf8.RuneCountInString(f.nameText(n)) + 2
}

// flat writes a value on one line.
func (f *printer) flat(n *node) {
	switch {
	case n.kind >= stringNode:
		f.Write(appendJSON(nil, f.src, n))
		return
	case len(n.kids) == 0:
		f.bracket(n, 0)
		f.bracket(n, 1)
		return
	}
	f.bracket(n, 0)
	for i := range n.kids {
		k := &n.kids[i]
		if i > 0 {
			f.WriteByte(',')
		}
		if i > 0 || n.kind == objectNode {
			f.WriteByte(' ')
		}
		f.name(k)
		f.flat(k)
	}
	if n.kind == objectNode {
		f.WriteByte(' ')
	}
	f.bracket(n, 1)
}

// flatWidth measures what flat would write, giving up when it exceeds most or meets a comment: so measuring at every
// level of a tree stays linear.
func (f *printer) flatWidth(n *node, most int) (width int, ok bool) {
	if n.kind >= stringNode {
		return utf8.RuneCount(appendJSON(nil, f.src, n)), true
	}
	if len(n.kids) == 0 {
		return 2, n.notes.bare()
	}
	width = 2
	if n.kind == objectNode {
		width = 4
	}
	for i := range n.kids {
		k := &n.kids[i]
		if i > 0 {
			width += 2
		}
		w, ok := f.flatWidth(k, most-width)
		if width += w + f.nameWidth(k); !ok || width > most || k.notes != nil {
			return width, false
		}
	}
	return width, n.notes.bare()
}
