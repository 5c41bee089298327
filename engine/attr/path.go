package attr

import "strconv"

// Step is one step into a document: a member's name, or, where Name is empty, a list index.
type Step struct {
	Name  string
	Index int
}

// Path leads from an item to a value in it; its first step is an attribute name.
type Path []Step

// String prints the path the way the service does: "[a, [0], b]".
func (p Path) String() string {
	out := []byte{'['}
	for i, step := range p {
		if i > 0 {
			out = append(out, ", "...)
		}
		if step.Name != "" {
			out = append(out, step.Name...)
			continue
		}
		out = append(out, '[')
		out = strconv.AppendInt(out, int64(step.Index), 10)
		out = append(out, ']')
	}
	return string(append(out, ']'))
}

// common is the number of leading steps that the two paths share.
func (p Path) common(q Path) int {
	n := 0
	for n < len(p) && n < len(q) && p[n] == q[n] {
		n++
	}
	return n
}

// Overlaps says whether one path leads to the other's value or into it: they are equal, or one begins the other
// (semantics §3, Projection).
func (p Path) Overlaps(q Path) bool {
	return p.common(q) == min(len(p), len(q))
}

// Conflicts says whether the paths take the same value for a map and for a list: after equal steps, one goes on by name
// and the other by index (semantics §3, Projection).
func (p Path) Conflicts(q Path) bool {
	n := p.common(q)
	return n < len(p) && n < len(q) && (p[n].Name == "") != (q[n].Name == "")
}
