package scenario

import "strings"

// span is a piece src[from:to] of a text, small because a tree has two for every value.
type span struct{ from, to int32 }

func (s span) of(src string) string { return src[s.from:s.to] }
func (s span) empty() bool          { return s.from == s.to }

type nodeKind uint8

const (
	objectNode nodeKind = iota
	listNode
	stringNode
	plainNode // number, true, false, null: its text is its JSON
)

// node is one value of a request, with the name it stands under. Trees are made when needed and thrown away: a
// Request keeps only its text.
type node struct {
	name  span // as written, quotes included; empty for list elements
	value span
	kind  nodeKind
	kids  []node
	notes *notes
}

// notes are the comments around a value, so that reformatting loses none.
type notes struct {
	before []span // on lines of their own, above
	after  span   // at the end of the line
	inside []span // above the closing bracket
}

// parser builds nodes from tokens. A failure is kept in err by fail and ends the parse.
type parser struct {
	lex     lexer
	tok     token  // the next token that is no comment
	behind  int    // end of the token before tok
	pending []span // comments between behind and tok
	suspect span   // a comment that looks like an unquoted placeholder name, #status: …
	depth   int
}

func newParser(src string, from, to int) *parser {
	p := &parser{lex: lexer{src: src, pos: from, end: to}}
	p.advance()
	return p
}

func (p *parser) src() string { return p.lex.src }

// advance moves to the next token and collects the comments on the way.
func (p *parser) advance() {
	p.behind = p.tok.end
	for {
		p.tok = p.lex.next()
		if p.tok.kind != tokComment || p.tok.fault != "" {
			return
		}
		p.pending = append(p.pending, p.tok.span())
	}
}

func (t token) span() span { return span{int32(t.start), int32(t.end)} }

func (p *parser) at(punct byte) bool {
	return p.tok.kind == tokPunct && p.src()[p.tok.start] == punct
}

func (p *parser) takePending() []span {
	taken := p.pending
	p.pending = nil
	if len(taken) == 0 {
		return nil
	}
	return taken
}

// fail reports the token's own fault where it has one, else what was expected instead of it.
func (p *parser) fail(expected string) *Error {
	t := p.tok
	switch {
	case t.fault != "":
		return errorAt(Syntax, p.src(), t.faultAt, max(t.end, t.faultAt), t.fault)
	case !p.suspect.empty():
		name := p.suspect.of(p.src())
		return errorAt(Syntax, p.src(), int(p.suspect.from), int(p.suspect.to),
			name, " begins a comment here: expected the name in quotes, \"", name, "\"")
	}
	return errorAt(Syntax, p.src(), t.start, t.end, expected, ", found ", p.found())
}

func (p *parser) found() string {
	text := p.src()[p.tok.start:p.tok.end]
	switch {
	case p.tok.kind == tokEnd:
		return "the end of the text"
	case len(text) > 40:
		return "a longer text"
	case p.tok.kind == tokString:
		return text
	}
	return "'" + text + "'"
}

// value reads one value into n; the name, if any, is there already.
func (p *parser) value(n *node) *Error {
	n.value = p.tok.span()
	switch {
	case p.tok.fault != "":
		return p.fail("")
	case p.at('{'):
		n.kind = objectNode
		return p.container(n, '}')
	case p.at('['):
		n.kind = listNode
		return p.container(n, ']')
	case p.tok.kind == tokString:
		n.kind = stringNode
	case p.tok.kind == tokNumber, p.tok.kind == tokWord && isLiteral(p.tok.span().of(p.src())):
		n.kind = plainNode
	case p.tok.kind == tokWord:
		return p.fail("expected a value (a text needs quotes)")
	default:
		return p.fail("expected a value")
	}
	p.advance()
	return nil
}

func isLiteral(word string) bool { return word == "true" || word == "false" || word == "null" }

// container reads the kids of an object or a list up to and including the closing bracket.
func (p *parser) container(n *node, closing byte) *Error {
	open := p.tok
	if p.depth++; p.depth > MaxDepth {
		return errorAt(TooDeep, p.src(), open.start, open.end, "this is nested too deeply: at most ", itoa(MaxDepth), " levels are read")
	}
	defer func() { p.depth-- }()
	p.advance()
	for !p.at(closing) {
		if err := p.kid(n, open, closing); err != nil {
			return err
		}
	}
	if inside := p.takePending(); inside != nil {
		n.note().inside = inside
	}
	n.value.to = int32(p.tok.end)
	p.advance()
	return nil
}

// kid reads one member or element with its comma and the comments that belong to it.
func (p *parser) kid(parent *node, open token, closing byte) *Error {
	var k node
	before := p.takePending()
	if closing == '}' {
		p.suspectPlaceholder(before)
		if err := p.memberName(&k, open); err != nil {
			return err
		}
	} else if p.tok.kind == tokEnd {
		return p.fail(p.unclosed(open, closing))
	}
	if err := p.value(&k); err != nil {
		return err
	}
	before = append(before, p.innerComments(&k)...)
	last := p.behind
	if p.at(',') {
		last = p.tok.end
		p.advance()
	} else if !p.at(closing) {
		return p.fail(p.unclosed(open, closing))
	}
	after := p.lineComment(last)
	if before != nil || !after.empty() {
		k.note().before, k.note().after = before, after
	}
	parent.kids = append(parent.kids, k)
	return nil
}

func (n *node) note() *notes {
	if n.notes == nil {
		n.notes = &notes{}
	}
	return n.notes
}

// unclosed words what may follow a value, and names the bracket where the text ends before it closes.
func (p *parser) unclosed(open token, closing byte) string {
	if p.tok.kind != tokEnd {
		return "expected , or " + string(closing)
	}
	at := positionAt(p.src(), open.start)
	return "expected " + string(closing) + " to close the " + p.src()[open.start:open.end] + " of line " + itoa(at.Line)
}

func (p *parser) memberName(k *node, open token) *Error {
	switch {
	case p.tok.kind == tokEnd:
		return p.fail(p.unclosed(open, '}'))
	case p.at(':'):
		return p.fail("expected a member name (names such as \":v\" need quotes)")
	case p.tok.fault != "" || p.tok.kind != tokWord && p.tok.kind != tokString:
		return p.fail("expected a member name or }")
	}
	k.name = p.tok.span()
	p.advance()
	if !p.at(':') {
		return p.fail("expected : after the member name")
	}
	p.advance()
	return nil
}

// suspectPlaceholder remembers a comment such as #status: "status" in a place for a name. It is only reported when
// the text then turns out not to parse: it may well be a comment.
func (p *parser) suspectPlaceholder(before []span) {
	for _, c := range before {
		text := c.of(p.src())
		n := 1
		for n < len(text) && isWord(text[n]) {
			n++
		}
		if p.suspect.empty() && text[0] == '#' && n > 1 && startsMember(text[n:]) {
			p.suspect = span{c.from, c.from + int32(n)}
		}
	}
}

// startsMember tells whether s, the rest of a comment, goes on like a member with a text or an object: ': "x"'.
func startsMember(s string) bool {
	s = strings.TrimLeft(s, " \t")
	if !strings.HasPrefix(s, ":") {
		return false
	}
	s = strings.TrimLeft(s[1:], " \t")
	return s != "" && strings.IndexByte(`"'{`, s[0]) >= 0
}

// innerComments takes the comments that stood between a name and its value; they are moved above the member.
// Comments behind the value stay pending.
func (p *parser) innerComments(k *node) []span {
	n := 0
	for n < len(p.pending) && p.pending[n].to <= k.value.from {
		n++
	}
	inner := p.pending[:n:n]
	p.pending = p.pending[n:]
	return inner
}

// lineComment takes the first pending comment when it ends the line on which the value ended at offset last.
func (p *parser) lineComment(last int) span {
	if len(p.pending) == 0 {
		return span{}
	}
	c := p.pending[0]
	if hasNewline(p.src()[min(last, int(c.from)):c.from]) || hasNewline(c.of(p.src())) || !p.endsLine(c) {
		return span{}
	}
	p.pending = p.pending[1:]
	return c
}

func (p *parser) endsLine(c span) bool {
	for i := int(c.to); i < p.lex.end; i++ {
		if ch := p.src()[i]; ch == '\n' || ch == '\r' {
			return true
		} else if !isSpace(ch) {
			return false
		}
	}
	return true
}

func hasNewline(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] == '\n' || s[i] == '\r' {
			return true
		}
	}
	return false
}
