package attr

import (
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// literal passes over the word, which is known to begin as the text does.
func (s *Scanner) literal(word string) error {
	if !strings.HasPrefix(s.src[s.pos:], word) {
		return s.fail(Syntax)
	}
	s.pos += len(word)
	return nil
}

// number passes over a number and gives its text.
func (s *Scanner) number() (string, error) {
	from := s.pos
	if s.src[s.pos] == '-' {
		s.pos++
	}
	whole := s.pos
	if s.digits() == 0 || s.src[whole] == '0' && s.pos > whole+1 {
		return "", s.fail(Syntax)
	}
	if s.pos < len(s.src) && s.src[s.pos] == '.' {
		s.pos++
		if s.digits() == 0 {
			return "", s.fail(Syntax)
		}
	}
	if s.pos < len(s.src) && s.src[s.pos]|0x20 == 'e' {
		s.pos++
		if s.pos < len(s.src) && (s.src[s.pos] == '+' || s.src[s.pos] == '-') {
			s.pos++
		}
		if s.digits() == 0 {
			return "", s.fail(Syntax)
		}
	}
	return s.src[from:s.pos], nil
}

// digits passes over digits and counts them.
func (s *Scanner) digits() int {
	from := s.pos
	for s.pos < len(s.src) && '0' <= s.src[s.pos] && s.src[s.pos] <= '9' {
		s.pos++
	}
	return s.pos - from
}

// str reads the string whose opening quote comes next. Without escapes it is a piece of the source.
func (s *Scanner) str() (string, error) {
	from := s.pos + 1
	end := plainTo(s.src, from)
	if end == len(s.src) || s.src[end] != '"' {
		return s.escaped(from, end)
	}
	if end > s.badUTF8 {
		s.pos = s.badUTF8
		return "", s.fail(BadUTF8)
	}
	s.pos = end + 1
	return s.src[from:end], nil
}

// escaped reads on in a string that began at from and has its first escape, or its fault, at i.
func (s *Scanner) escaped(from, i int) (string, error) {
	s.buf = append(s.buf[:0], s.src[from:i]...)
	for {
		s.pos = i
		if i == len(s.src) || s.src[i] < 0x20 {
			return "", s.fail(Syntax)
		}
		if s.src[i] == '"' {
			break
		}
		if err := s.escape(); err != nil {
			return "", err
		}
		i = plainTo(s.src, s.pos)
		s.buf = append(s.buf, s.src[s.pos:i]...)
	}
	if s.pos > s.badUTF8 {
		s.pos = s.badUTF8
		return "", s.fail(BadUTF8)
	}
	s.pos++
	return string(s.buf), nil
}

// escape reads one escape, or two that make one character, into buf.
func (s *Scanner) escape() error {
	if s.pos+1 == len(s.src) {
		return s.fail(Syntax)
	}
	c := s.src[s.pos+1]
	switch c {
	case '"', '\\', '/':
	case 'n':
		c = '\n'
	case 'r':
		c = '\r'
	case 't':
		c = '\t'
	case 'b':
		c = '\b'
	case 'f':
		c = '\f'
	case 'u':
		return s.unicode()
	default:
		return s.fail(Syntax)
	}
	s.buf = append(s.buf, c)
	s.pos += 2
	return nil
}

func (s *Scanner) unicode() error {
	r, ok := s.hex4(s.pos)
	if !ok {
		return s.fail(Syntax)
	}
	size := 6
	if utf16.IsSurrogate(r) {
		low, ok := s.hex4(s.pos + 6)
		r = utf16.DecodeRune(r, low)
		if !ok || r == utf8.RuneError {
			return s.fail(BadUTF8)
		}
		size = 12
	}
	s.buf = utf8.AppendRune(s.buf, r)
	s.pos += size
	return nil
}

// hex4 reads \uXXXX at offset i.
func (s *Scanner) hex4(i int) (rune, bool) {
	if i+6 > len(s.src) || s.src[i] != '\\' || s.src[i+1] != 'u' {
		return 0, false
	}
	r, err := strconv.ParseUint(s.src[i+2:i+6], 16, 16)
	return rune(r), err == nil
}
