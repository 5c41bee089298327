package scenario

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// Limits of what is read. They bound memory and time for text that arrives from outside.
const (
	MaxText  = 1 << 20  // bytes of one document, or of one text in the request notation
	MaxLink  = 64 << 10 // bytes of a link's payload after compression, before base64
	MaxSteps = 10_000   // requests and clock steps of one document
	MaxDepth = 128      // nested { and [ of one request; 32 levels of document types take two each, plus the wrapping
)

// ErrorKind says what a program may want to know about an error; the message is for people.
type ErrorKind uint8

// The kinds of [Error].
const (
	Syntax   ErrorKind = iota + 1 // the text breaks the grammar
	TooDeep                       // more than MaxDepth nested containers
	TooLarge                      // more than MaxText bytes, also after decompression
	TooLong                       // more than MaxLink bytes of link
	TooMany                       // more than MaxSteps steps, or a run that exceeds its bounds
	Version                       // written for another version of the format
	Header                        // a header line is missing, unknown or wrong
	Clock                         // a clock step that cannot be: backwards, or too far
	Damaged                       // a link that was cut or altered
)

// Error is every failure of this package.
type Error struct {
	Kind    ErrorKind
	At      Position // where it begins; the zero Position when the failure has no place in a text
	End     int      // byte offset behind the offending piece; At.Offset when it is a point
	Message string   // plain words, no trailing full stop
}

// Error gives the message, preceded by line and column where there is a place.
func (e *Error) Error() string {
	if e.At.Line == 0 {
		return e.Message
	}
	return "line " + strconv.Itoa(e.At.Line) + ", column " + strconv.Itoa(e.At.Column) + ": " + e.Message
}

// Position is a place in a text.
type Position struct {
	Offset int // bytes from the beginning
	Line   int // from 1
	Column int // characters (code points), from 1
	UTF16  int // UTF-16 code units from the beginning: what an editor in a browser counts
}

// positionAt counts lines and columns up to a byte offset of src; an offset outside is moved to the nearer end.
func positionAt(src string, offset int) Position {
	offset = min(max(offset, 0), len(src))
	head := src[:offset]
	line := strings.LastIndexByte(head, '\n') + 1
	p := Position{Offset: offset, Line: strings.Count(head, "\n") + 1, Column: utf8.RuneCountInString(head[line:]) + 1}
	for _, r := range head {
		p.UTF16++
		if r > 0xFFFF {
			p.UTF16++
		}
	}
	return p
}

func errorAt(kind ErrorKind, src string, start, end int, words ...string) *Error {
	return &Error{Kind: kind, At: positionAt(src, start), End: max(start, end), Message: strings.Join(words, "")}
}

func plainError(kind ErrorKind, words ...string) *Error {
	return &Error{Kind: kind, Message: strings.Join(words, "")}
}
