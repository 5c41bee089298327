package scenario

import "strings"

type tokenKind uint8

const (
	tokEnd tokenKind = iota
	tokWord
	tokString
	tokNumber
	tokPunct // one of { } [ ] : ,
	tokComment
	tokBad
)

// token is one piece of the notation. A token with a fault still covers the text it was read from, so that the
// highlighter can go on where the parser stops.
type token struct {
	kind       tokenKind
	start, end int
	fault      string // why it is not valid; "" = it is
	faultAt    int
}

// lexer reads tokens from src[pos:end]. It never fails: what cannot be read is a tokBad of one character.
type lexer struct {
	src      string
	pos, end int
}

func (l *lexer) next() token {
	for l.pos < l.end && isSpace(l.src[l.pos]) {
		l.pos++
	}
	start := l.pos
	if start == l.end {
		return token{kind: tokEnd, start: start, end: start}
	}
	switch c := l.src[start]; {
	case strings.IndexByte("{}[]:,", c) >= 0:
		l.pos++
		return token{kind: tokPunct, start: start, end: l.pos}
	case c == '"' || c == '\'':
		return l.quoted(c)
	case c == '#' || c == '/':
		return l.comment(c)
	case isDigit(c) || c == '-' || c == '+' || c == '.':
		return l.number()
	case isWordStart(c):
		for l.pos < l.end && isWord(l.src[l.pos]) {
			l.pos++
		}
		return token{kind: tokWord, start: start, end: l.pos}
	}
	return l.bad()
}

// bad takes one whole character, however many bytes it has.
func (l *lexer) bad() token {
	start := l.pos
	l.pos++
	for l.pos < l.end && l.src[l.pos]&0xC0 == 0x80 {
		l.pos++
	}
	return token{kind: tokBad, start: start, end: l.pos}
}

func (l *lexer) comment(c byte) token {
	rest := l.src[l.pos:l.end]
	t := token{kind: tokComment, start: l.pos}
	switch {
	case c == '#' || strings.HasPrefix(rest, "//"):
		n := strings.IndexAny(rest, "\r\n")
		if n < 0 {
			n = len(rest)
		}
		l.pos += n
	case strings.HasPrefix(rest, "/*"):
		n := strings.Index(rest[2:], "*/")
		if n < 0 {
			t.fault, t.faultAt = "this comment is never closed: expected */", t.start
			n = len(rest) - 4
		}
		l.pos += n + 4
	default:
		return l.bad()
	}
	t.end = l.pos
	return t
}

// number takes everything that could have been meant as part of a number and then judges the whole.
func (l *lexer) number() token {
	t := token{kind: tokNumber, start: l.pos, faultAt: l.pos}
	for l.pos < l.end && (isWord(l.src[l.pos]) || l.src[l.pos] == '+') {
		l.pos++
	}
	t.end = l.pos
	if text := l.src[t.start:t.end]; !isNumber(text) {
		t.fault = "this is not a JSON number: expected digits such as 12, -3.5 or 1e6"
	}
	return t
}

// isNumber is JSON's grammar: -? (0 | [1-9][0-9]*) (. [0-9]+)? ([eE] [+-]? [0-9]+)?
func isNumber(s string) bool {
	s = strings.TrimPrefix(s, "-")
	whole := digits(s)
	if whole == 0 || whole > 1 && s[0] == '0' {
		return false
	}
	s = s[whole:]
	if strings.HasPrefix(s, ".") {
		n := digits(s[1:])
		if n == 0 {
			return false
		}
		s = s[1+n:]
	}
	if s == "" {
		return true
	}
	if s[0] != 'e' && s[0] != 'E' {
		return false
	}
	s = s[1:]
	if s != "" && (s[0] == '+' || s[0] == '-') {
		s = s[1:]
	}
	return s != "" && digits(s) == len(s)
}

func digits(s string) int {
	n := 0
	for n < len(s) && isDigit(s[n]) {
		n++
	}
	return n
}

// quoted reads a string up to its closing quote or the end of the line.
func (l *lexer) quoted(quote byte) token {
	t := token{kind: tokString, start: l.pos}
	for l.pos++; l.pos < l.end; {
		switch c := l.src[l.pos]; {
		case c == quote:
			l.pos++
			t.end = l.pos
			return t
		case c == '\n' || c == '\r':
			return l.unclosed(t)
		case c == '\\':
			n, ok := escapeLength(l.src[l.pos:l.end])
			if !ok && t.fault == "" {
				t.fault, t.faultAt = "JSON knows no such escape: expected \\\" \\\\ \\/ \\b \\f \\n \\r \\t or \\u and four hex digits", l.pos
			}
			l.pos += n
		default:
			l.pos++
		}
	}
	return l.unclosed(t)
}

func (l *lexer) unclosed(t token) token {
	t.end = l.pos
	t.fault, t.faultAt = "this string is never closed: expected "+l.src[t.start:t.start+1]+" before the end of the line", t.start
	return t
}

// escapeLength measures the escape that s begins with. Where there is none it gives the bytes to skip: the backslash
// and, unless the line ends there, the character after it.
func escapeLength(s string) (n int, ok bool) {
	if len(s) < 2 || s[1] == '\n' || s[1] == '\r' {
		return 1, false
	}
	if s[1] != 'u' {
		return 2, strings.IndexByte(`"\/bfnrt'`, s[1]) >= 0
	}
	n = 2
	for n < 6 && n < len(s) && isHex(s[n]) {
		n++
	}
	return n, n == 6
}

func isSpace(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' }
func isDigit(c byte) bool { return c >= '0' && c <= '9' }
func isHex(c byte) bool   { return isDigit(c) || c|0x20 >= 'a' && c|0x20 <= 'f' }

func isWordStart(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' || c == '_' || c == '$' }

// isWord admits what unquoted names and target words are made of; the dot serves Service_20120810.Operation.
func isWord(c byte) bool { return isWordStart(c) || isDigit(c) || c == '-' || c == '.' }
