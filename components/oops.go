package components

import (
	"strings"
	"unicode/utf8"
)

// Oops is a refused request.
type Oops struct {
	Name    string // "ValidationException"
	Message string // AWS's text, unaltered; some have none
	Spots   []Spot
	Fix     *Fix
	Reading []Words // a paragraph each: what the rule is about
}

// Spot is the place of a problem in a member of the request: its text in three
// parts, the problem in the middle. An empty middle is a place between.
type Spot struct {
	Member string // "FilterExpression"; "line 4" in a text that is no request
	Before string
	Bad    string
	After  string
}

// carets point at the middle: as many as it has characters.
func (s Spot) carets() string {
	return strings.Repeat("^", min(max(1, utf8.RuneCountInString(s.Bad)), 64))
}

// Fix is a change that is certain to help.
type Fix struct {
	Label    string // "Use #status"
	Explains Words  // "Writes #status in the expression and …"
	Text     string // the whole request, changed
}
