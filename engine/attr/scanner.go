package attr

import (
	"math"
	"unicode/utf8"
)

// Token says what stands at the scanner's place.
type Token uint8

// The tokens. TokenBad is a byte that begins no JSON value; TokenEnd is the end of the text.
const (
	TokenBad Token = iota
	TokenEnd
	TokenNull
	TokenTrue
	TokenFalse
	TokenNumber
	TokenString
	TokenArray
	TokenObject
)

var tokens = func() (t [256]Token) {
	for c := '0'; c <= '9'; c++ {
		t[c] = TokenNumber
	}
	t['-'], t['n'], t['t'], t['f'] = TokenNumber, TokenNull, TokenTrue, TokenFalse
	t['"'], t['['], t['{'] = TokenString, TokenArray, TokenObject
	return t
}()

// Scanner reads a JSON text once, front to back. Each method takes one value off the text, or fails with an *Error and
// then says nothing sensible any more. Arrays and objects may stand inside each other to the depth the scanner was
// made with; beyond it everything fails with TooDeep before the stack has grown further.
type Scanner struct {
	src      string
	pos      int
	depth    int
	maxDepth int
	badUTF8  int // the first byte that is not UTF-8, beyond the end if there is none

	// Elements and members of the lists, sets and maps being read: each takes what it pushed off the end when it closes,
	// so that it can be allocated once at its exact length. Beyond the end there are zero values only.
	values  []Value
	members []Member
	buf     []byte // the string with escapes being read

	// Where the parts of maps that are lent are kept.
	lends       bool
	lentValues  room[Value]
	lentMembers room[Member]
	deeps       room[deep]
	draft       draft // the item that is being read
}

// NewScanner reads body, which it copies, so that the values it gives stay good whatever becomes of body.
func NewScanner(body []byte, maxDepth int) *Scanner {
	s := &Scanner{}
	s.Reset(body, maxDepth)
	return s
}

// Reset makes the scanner as good as a new one for body, but keeps the room that reading took so far, unless that is
// much.
func (s *Scanner) Reset(body []byte, maxDepth int) {
	src := string(body)
	s.src, s.pos, s.depth, s.maxDepth, s.badUTF8 = src, 0, 0, maxDepth, firstBadUTF8(src)
	s.values, s.members, s.buf = emptied(s.values), emptied(s.members), emptied(s.buf)
	s.lends = false
	s.lentValues.reset()
	s.lentMembers.reset()
	s.deeps.reset()
	s.draft.reset()
}

func firstBadUTF8(s string) int {
	if utf8.ValidString(s) {
		return math.MaxInt
	}
	for i, r := range s {
		if r != utf8.RuneError {
			continue
		}
		if _, size := utf8.DecodeRuneInString(s[i:]); size == 1 {
			return i
		}
	}
	return math.MaxInt
}

func (s *Scanner) fail(kind ErrorKind) error { return &Error{Kind: kind, Offset: s.pos} }

// Offset is where the scanner stands: the byte offset of what comes next.
func (s *Scanner) Offset() int { return s.pos }

// space passes over white space. Mostly there is none.
func (s *Scanner) space() {
	if s.pos < len(s.src) && s.src[s.pos] <= ' ' {
		s.spaces()
	}
}

func (s *Scanner) spaces() {
	for s.pos < len(s.src) {
		switch s.src[s.pos] {
		case ' ', '\t', '\n', '\r':
			s.pos++
		default:
			return
		}
	}
}

// Peek says what comes next, by its first byte only, and takes nothing but white space.
func (s *Scanner) Peek() Token {
	s.space()
	if s.pos == len(s.src) {
		return TokenEnd
	}
	return tokens[s.src[s.pos]]
}

// take passes over c if it comes next.
func (s *Scanner) take(c byte) bool {
	s.space()
	if s.pos < len(s.src) && s.src[s.pos] == c {
		s.pos++
		return true
	}
	return false
}

// open passes over the bracket that comes next and says whether there is anything before the closing one, which it
// passes over too if there is not.
func (s *Scanner) open(closing byte) (more bool, err error) {
	if s.depth == s.maxDepth {
		return false, s.fail(TooDeep)
	}
	s.pos++
	if s.take(closing) {
		return false, nil
	}
	s.depth++
	return true, nil
}

// more passes over the comma or the closing bracket after an element.
func (s *Scanner) more(closing byte) (bool, error) {
	if s.take(',') {
		return true, nil
	}
	if s.take(closing) {
		s.depth--
		return false, nil
	}
	return false, s.fail(Syntax)
}

// key reads a member's name and the colon, and stops before its value.
func (s *Scanner) key() (string, error) {
	if s.Peek() != TokenString {
		return "", s.fail(Syntax)
	}
	name, err := s.str()
	if err != nil {
		return "", err
	}
	if !s.take(':') {
		return "", s.fail(Syntax)
	}
	s.space()
	return name, nil
}

// Object reads an object, calling each with every member's name while the scanner stands at its value. A member whose
// value each does not take is skipped. Members come as written: duplicates too. Anything but an object fails as where a
// structure is wanted; for a map, ask Peek first and fail with Wrong("Map").
func (s *Scanner) Object(each func(name string) error) error {
	if s.Peek() != TokenObject {
		return s.Wrong("Structure")
	}
	more, err := s.open('}')
	for more && err == nil {
		var name string
		if name, err = s.key(); err != nil {
			return err
		}
		at := s.pos
		if err = each(name); err != nil {
			return err
		}
		if err = s.skipFrom(at); err == nil {
			more, err = s.more('}')
		}
	}
	return err
}

// Array reads an array, calling each with every element's index while the scanner stands at it. An element that each
// does not take is skipped.
func (s *Scanner) Array(each func(i int) error) error {
	if s.Peek() != TokenArray {
		return s.Wrong("List")
	}
	more, err := s.open(']')
	for i := 0; more && err == nil; i++ {
		s.space()
		at := s.pos
		if err = each(i); err != nil {
			return err
		}
		if err = s.skipFrom(at); err == nil {
			more, err = s.more(']')
		}
	}
	return err
}

// skipFrom skips the value at offset at if it has not been taken.
func (s *Scanner) skipFrom(at int) error {
	if s.pos != at {
		return nil
	}
	return s.Skip()
}

// Skip passes over one value of any type, checking it to be JSON.
func (s *Scanner) Skip() error {
	switch s.Peek() {
	case TokenNull:
		return s.literal("null")
	case TokenTrue:
		return s.literal("true")
	case TokenFalse:
		return s.literal("false")
	case TokenNumber:
		_, err := s.number()
		return err
	case TokenString:
		_, err := s.str()
		return err
	case TokenArray:
		return s.Array(func(int) error { return s.Skip() })
	case TokenObject:
		return s.Object(func(string) error { return s.Skip() })
	}
	return s.fail(Syntax)
}

// Null passes over null if that is what comes next. Null stands for an absent member; no other method takes it.
func (s *Scanner) Null() (bool, error) {
	if s.Peek() != TokenNull {
		return false, nil
	}
	return true, s.literal("null")
}

// Str reads a string.
func (s *Scanner) Str() (string, error) {
	if s.Peek() != TokenString {
		return "", s.Wrong("String")
	}
	return s.str()
}

// Number reads a number and gives its text as written, which may have a fraction and an exponent. Where something else
// stands, the error's Want is "Integer"; a caller that reads a Long changes it.
func (s *Scanner) Number() (string, error) {
	if s.Peek() != TokenNumber {
		return "", s.Wrong("Integer")
	}
	return s.number()
}

// Bool reads a boolean, which may be written as one of the strings true, false, 1, 0, yes and no.
func (s *Scanner) Bool() (bool, error) {
	at := s.pos
	switch s.Peek() {
	case TokenTrue:
		return true, s.literal("true")
	case TokenFalse:
		return false, s.literal("false")
	case TokenString:
		text, err := s.str()
		if err != nil {
			return false, err
		}
		switch text {
		case "true", "1", "yes":
			return true, nil
		case "false", "0", "no":
			return false, nil
		}
		s.pos = at
	}
	return false, s.Wrong("Boolean")
}

// End fails unless only white space is left.
func (s *Scanner) End() error {
	if s.Peek() != TokenEnd {
		return s.fail(Syntax)
	}
	return nil
}

// Wrong is the error for the value that comes next standing where a want belongs: String, Integer, Long, Double, Boolean, Blob,
// List, Map, or the name of a structure. It takes nothing off the text.
func (s *Scanner) Wrong(want string) error {
	token := s.Peek()
	fault := &Error{Offset: s.pos, Want: want}
	switch token {
	case TokenArray:
		fault.Kind = Collection
		return fault
	case TokenObject:
		fault.Kind = Structure
		return fault
	}
	if err := s.Skip(); err != nil {
		return err
	}
	switch want {
	case "String", "Integer", "Long", "Double", "Boolean":
		fault.Kind, fault.Got = Mismatch, scalarName(token, s.src[fault.Offset:s.pos])
	case "Blob":
		fault.Kind = BlobType
	case "List", "Map":
		fault.Kind = FieldType
	default:
		fault.Kind = PayloadType
	}
	s.pos = fault.Offset
	return fault
}

// scalarName is the wire's name for a scalar's type.
func scalarName(token Token, text string) string {
	switch token {
	case TokenTrue:
		return "TRUE_VALUE"
	case TokenFalse:
		return "FALSE_VALUE"
	case TokenString:
		return "STRING_VALUE"
	case TokenNull:
		return "NULL_VALUE"
	}
	for i := range len(text) {
		switch text[i] {
		case '.', 'e', 'E':
			return "DECIMAL_VALUE"
		}
	}
	return "NUMBER_VALUE"
}
