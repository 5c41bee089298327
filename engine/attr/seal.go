package attr

import "math"

// A list, a map or a set of strings of an item that is only stored is never looked into. It is sealed then: its canonical
// text is all that there is of it. Whoever does look into a sealed value reads the text.

// sealed says whether v is held as its text.
func (v Value) sealed() bool { return v.deep == nil && (v.kind == M || v.kind == L || v.kind == SS) }

// opened is v, read out of its text if it is sealed.
func (v Value) opened() Value {
	if !v.sealed() {
		return v
	}
	s := Scanner{src: v.text, maxDepth: math.MaxInt, badUTF8: math.MaxInt}
	open, _, err := s.body(v.kind, 0)
	if err != nil {
		panic(err)
	}
	return open
}
