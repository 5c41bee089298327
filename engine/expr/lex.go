package expr

import "unicode/utf8"

type tokenKind uint8

const (
	tokenEnd   tokenKind = iota
	tokenBad             // a character no expression may contain, or a lone # or :
	tokenWord            // identifier, function or keyword
	tokenName            // #name
	tokenValue           // :value
	tokenDigits
	tokenEQ
	tokenNE
	tokenLT
	tokenLE
	tokenGT
	tokenGE
	tokenOpen
	tokenClose
	tokenComma
	tokenDot
	tokenIndexOpen
	tokenIndexClose
	tokenPlus
	tokenMinus
)

type token struct {
	kind       tokenKind
	start, end int32
}

func (t token) span() span { return span{int(t.start), int(t.end)} }

// lex cuts src into tokens, the last one tokenEnd. It cannot fail: what does
// not fit becomes tokenBad, which the parser accepts nowhere, so that the first
// error in the text is reported whether it is one of characters or of order.
func lex(src string) []token {
	tokens := make([]token, 0, len(src)/3+2)
	for i := 0; i < len(src); {
		if isSpace(src[i]) {
			i++
			continue
		}
		kind, end := scan(src, i)
		tokens = append(tokens, token{kind, int32(i), int32(end)})
		i = end
	}
	return append(tokens, token{tokenEnd, int32(len(src)), int32(len(src))})
}

// scan reads the token at src[i] and returns its kind and end.
func scan(src string, i int) (tokenKind, int) {
	switch c := src[i]; {
	case isLetter(c):
		return tokenWord, wordEnd(src, i+1)
	case isDigit(c):
		end := i + 1
		for end < len(src) && isDigit(src[end]) {
			end++
		}
		return tokenDigits, end
	case c == '#':
		return sigil(tokenName, src, i)
	case c == ':':
		return sigil(tokenValue, src, i)
	case c == '<' && followedBy(src, i, '>'):
		return tokenNE, i + 2
	case c == '<' && followedBy(src, i, '='):
		return tokenLE, i + 2
	case c == '>' && followedBy(src, i, '='):
		return tokenGE, i + 2
	default:
		return single(src, i)
	}
}

func single(src string, i int) (tokenKind, int) {
	switch src[i] {
	case '=':
		return tokenEQ, i + 1
	case '<':
		return tokenLT, i + 1
	case '>':
		return tokenGT, i + 1
	case '(':
		return tokenOpen, i + 1
	case ')':
		return tokenClose, i + 1
	case ',':
		return tokenComma, i + 1
	case '.':
		return tokenDot, i + 1
	case '[':
		return tokenIndexOpen, i + 1
	case ']':
		return tokenIndexClose, i + 1
	case '+':
		return tokenPlus, i + 1
	case '-':
		return tokenMinus, i + 1
	}
	_, n := utf8.DecodeRuneInString(src[i:])
	return tokenBad, i + n
}

// sigil reads #name or :value, whose names may begin with a digit or an
// underscore, unlike bare words.
func sigil(kind tokenKind, src string, i int) (tokenKind, int) {
	end := wordEnd(src, i+1)
	if end == i+1 {
		return tokenBad, end
	}
	return kind, end
}

func wordEnd(src string, i int) int {
	for i < len(src) && (isLetter(src[i]) || isDigit(src[i]) || src[i] == '_') {
		i++
	}
	return i
}

func followedBy(src string, i int, c byte) bool { return i+1 < len(src) && src[i+1] == c }
func isSpace(c byte) bool                       { return c == ' ' || c == '\t' || c == '\r' || c == '\n' }
func isDigit(c byte) bool                       { return '0' <= c && c <= '9' }
func isLetter(c byte) bool                      { return 'a' <= c|0x20 && c|0x20 <= 'z' }

// IsName tells whether key may be a key of ExpressionAttributeNames: # and at
// least one letter, digit or underscore.
func IsName(key string) bool { return isPlaceholder(key, '#') }

// IsValue tells whether key may be a key of ExpressionAttributeValues: : and at
// least one letter, digit or underscore.
func IsValue(key string) bool { return isPlaceholder(key, ':') }

func isPlaceholder(key string, sigil byte) bool {
	return len(key) > 1 && key[0] == sigil && wordEnd(key, 1) == len(key)
}
