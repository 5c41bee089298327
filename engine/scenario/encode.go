package scenario

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// appendJSON writes a value as strict JSON without white space. Numbers and double-quoted strings keep every byte.
func appendJSON(dst []byte, src string, n *node) []byte {
	switch n.kind {
	case stringNode:
		return appendString(dst, n.value.of(src))
	case plainNode:
		return append(dst, n.value.of(src)...)
	}
	opening, closing := byte('{'), byte('}')
	if n.kind == listNode {
		opening, closing = '[', ']'
	}
	dst = append(dst, opening)
	for i := range n.kids {
		k := &n.kids[i]
		if i > 0 {
			dst = append(dst, ',')
		}
		if n.kind == objectNode {
			dst = append(appendString(dst, k.name.of(src)), ':')
		}
		dst = appendJSON(dst, src, k)
	}
	return append(dst, closing)
}

// appendString writes a string or an unquoted name as a JSON string. Text in double quotes is copied as it stands,
// apart from what only the notation allows: \' and raw control characters.
func appendString(dst []byte, raw string) []byte {
	text, quote := raw, byte(0)
	if raw[0] == '"' || raw[0] == '\'' {
		text, quote = raw[1:len(raw)-1], raw[0]
	}
	dst = append(dst, '"')
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '\\' && text[i+1] == '\'':
			i++
			dst = append(dst, '\'')
		case c == '\\':
			i++
			dst = append(dst, c, text[i])
		case c == '"' && quote == '\'':
			dst = append(dst, `\"`...)
		case c == '\t':
			dst = append(dst, `\t`...)
		case c < 0x20:
			dst = append(dst, `\u00`...)
			dst = append(dst, "0123456789abcdef"[c>>4], "0123456789abcdef"[c&15])
		default:
			dst = append(dst, c)
		}
	}
	return append(dst, '"')
}

// decoded walks the characters of a string as written (quotes included, or an unquoted name) and calls each with the
// byte offset in raw and the text that the characters there stand for, until each says stop.
func decoded(raw string, each func(at int, text string) bool) {
	i, end := 0, len(raw)
	if raw != "" && (raw[0] == '"' || raw[0] == '\'') {
		i, end = 1, end-1
	}
	for i < end {
		if raw[i] != '\\' || i+1 >= end {
			if !each(i, raw[i:i+1]) {
				return
			}
			i++
			continue
		}
		text, n := unescape(raw[i:end])
		if !each(i, text) {
			return
		}
		i += n
	}
}

// unescape gives what the escape at the beginning of s means and its length. Two \u escapes that form one character
// count as one; half of a pair stands for the replacement character.
func unescape(s string) (text string, n int) {
	if s[1] != 'u' {
		if i := strings.IndexByte("bfnrt", s[1]); i >= 0 {
			return "\b\f\n\r\t"[i : i+1], 2
		}
		return s[1:2], 2
	}
	r := hex4(s)
	if r >= 0xD800 && r < 0xDC00 && strings.HasPrefix(s[min(6, len(s)):], `\u`) {
		if low := hex4(s[6:]); low >= 0xDC00 && low < 0xE000 {
			return string(0x10000 + (r-0xD800)<<10 + (low - 0xDC00)), 12
		}
	}
	if r < 0 || r >= 0xD800 && r < 0xE000 {
		r = utf8.RuneError
	}
	return string(r), min(6, len(s))
}

// hex4 reads the four digits of the \uXXXX that s begins with, -1 where there are not four.
func hex4(s string) rune {
	if len(s) < 6 {
		return -1
	}
	v, err := strconv.ParseUint(s[2:6], 16, 32)
	if err != nil {
		return -1
	}
	return rune(v)
}

// unquote gives the text that a string or name as written stands for.
func unquote(raw string) string {
	var b strings.Builder
	decoded(raw, func(_ int, text string) bool {
		b.WriteString(text)
		return true
	})
	return b.String()
}

func itoa(n int) string { return strconv.Itoa(n) }
