package scenario

import "strings"

// TokenKind is what a piece of a text is to its reader.
type TokenKind uint8

// The kinds of [Token].
const (
	OperationToken   TokenKind = iota + 1
	KeyToken                   // a member name without quotes; with quotes it is a string
	StringToken                // a string, or the part of one that is nothing special
	WordToken                  // in an expression: AND, BETWEEN, begins_with, =, <> …
	PlaceholderToken           // in an expression: :value or #name
	PunctuationToken
	CommentToken
	NumberToken
	LiteralToken // true, false, null
)

// String names the kind in lower case, as a CSS class would.
func (k TokenKind) String() string {
	names := [...]string{"", "operation", "key", "string", "word", "placeholder", "punctuation", "comment", "number", "literal"}
	if int(k) < len(names) {
		return names[k]
	}
	return ""
}

// Token marks src[Start:End] of the highlighted text.
type Token struct {
	Kind       TokenKind
	Start, End int
}

// Highlight splits a text in the notation, valid or not, into tokens: ordered, not overlapping, white space and
// characters that mean nothing left out. An expression string is split: string, word, string, placeholder, string.
// A text of more than MaxText bytes has no tokens.
func Highlight(src string) []Token {
	if len(src) > MaxText {
		return nil
	}
	h := highlighter{src: src}
	lex := lexer{src: src, end: len(src)}
	for t := lex.next(); ; t = lex.next() {
		if t.kind == tokComment {
			h.add(CommentToken, t.start, t.end)
			continue
		}
		h.token(t, &lex)
		if t.kind == tokEnd {
			return h.out
		}
	}
}

type highlighter struct {
	src   string
	out   []Token
	depth int
	key   string // the member name whose value comes next
}

func (h *highlighter) add(kind TokenKind, start, end int) {
	if start < end {
		h.out = append(h.out, Token{kind, start, end})
	}
}

func (h *highlighter) token(t token, lex *lexer) {
	text := h.src[t.start:t.end]
	switch t.kind {
	case tokPunct:
		h.punct(t)
		return
	case tokNumber:
		h.add(NumberToken, t.start, t.end)
	case tokWord:
		h.word(t, text, lex)
		return
	case tokString:
		if beforeColon(*lex) {
			h.add(StringToken, t.start, t.end)
			h.key = strings.Trim(text, `"'`)
			return
		}
		if strings.HasSuffix(h.key, "Expression") && h.depth > 0 {
			h.expression(t.start, t.end)
		} else {
			h.add(StringToken, t.start, t.end)
		}
	}
	h.key = ""
}

func (h *highlighter) punct(t token) {
	switch h.src[t.start] {
	case '{', '[':
		h.depth++
		h.key = ""
	case '}', ']':
		h.depth = max(h.depth-1, 0)
		h.key = ""
	case ',':
		h.key = ""
	}
	h.add(PunctuationToken, t.start, t.end)
}

func (h *highlighter) word(t token, text string, lex *lexer) {
	switch {
	case h.depth == 0:
		h.add(OperationToken, t.start, t.end)
	case beforeColon(*lex):
		h.add(KeyToken, t.start, t.end)
		h.key = text
		return
	case isLiteral(text):
		h.add(LiteralToken, t.start, t.end)
	}
	h.key = ""
}

// beforeColon looks ahead on a copy of the lexer.
func beforeColon(lex lexer) bool {
	t := lex.next()
	for t.kind == tokComment {
		t = lex.next()
	}
	return t.kind == tokPunct && lex.src[t.start] == ':'
}

// expression splits the spelling of an expression string; escapes stay part of the plain text.
func (h *highlighter) expression(start, end int) {
	plain := start
	for i := start; i < end; {
		n, kind := expressionPiece(h.src[i:end])
		if kind != StringToken {
			h.add(StringToken, plain, i)
			h.add(kind, i, i+n)
			plain = i + n
		}
		i += n
	}
	h.add(StringToken, plain, end)
}

// expressionPiece measures the piece that s begins with.
func expressionPiece(s string) (n int, kind TokenKind) {
	switch c := s[0]; {
	case c == '\\':
		return min(2, len(s)), StringToken
	case c == ':' || c == '#':
		if n = 1 + nameLength(s[1:]); n > 1 {
			return n, PlaceholderToken
		}
	case strings.IndexByte("=<>+-", c) >= 0:
		for n < len(s) && strings.IndexByte("=<>+-", s[n]) >= 0 {
			n++
		}
		return n, WordToken
	case nameLength(s) > 0:
		n = nameLength(s)
		if isExpressionWord(s[:n]) {
			return n, WordToken
		}
		return n, StringToken
	}
	return 1, StringToken
}

// nameLength counts the letters, digits and underscores that s begins with.
func nameLength(s string) int {
	n := 0
	for n < len(s) && (isDigit(s[n]) || isWordStart(s[n]) && s[n] != '$') {
		n++
	}
	return n
}

// isExpressionWord knows the keywords, in any case, and the functions of expressions.
func isExpressionWord(word string) bool {
	switch word {
	case "attribute_exists", "attribute_not_exists", "attribute_type", "begins_with", "contains", "size",
		"if_not_exists", "list_append":
		return true
	}
	switch strings.ToUpper(word) {
	case "AND", "OR", "NOT", "BETWEEN", "IN", "SET", "REMOVE", "ADD", "DELETE":
		return true
	}
	return false
}
