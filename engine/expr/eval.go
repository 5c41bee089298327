package expr

import (
	"encoding/base64"
	"strings"
	"unicode/utf8"

	"github.com/sortkey/sortkey/engine/attr"
)

// Match tells whether the item satisfies the condition; nil is an item that
// does not exist, of which every path is missing. A missing operand makes every
// comparison and function false, except that <> and attribute_not_exists are
// then true. It reads only the attributes that decide the outcome.
func (c *Condition) Match(it *attr.Item) bool { return match(c.root, it) }

func match(n Cond, it *attr.Item) bool {
	switch n := n.(type) {
	case *And:
		for _, t := range n.Terms {
			if !match(t, it) {
				return false
			}
		}
		return true
	case *Or:
		for _, t := range n.Terms {
			if match(t, it) {
				return true
			}
		}
		return false
	case *Not:
		return !match(n.X, it)
	case *Compare:
		return matchCompare(n, it)
	case *Between:
		return matchBetween(n, it)
	case *In:
		return matchIn(n, it)
	case *Call:
		return matchCall(n, it)
	}
	panic("expr: unknown condition")
}

func matchCompare(n *Compare, it *attr.Item) bool {
	a, okA := valueOf(n.Left, it)
	b, okB := valueOf(n.Right, it)
	if !okA || !okB {
		return n.Op == NE
	}
	switch n.Op {
	case EQ:
		return attr.Equal(a, b)
	case NE:
		return !attr.Equal(a, b)
	}
	c, ok := attr.Compare(a, b)
	if !ok {
		return false
	}
	switch n.Op {
	case LT:
		return c < 0
	case LE:
		return c <= 0
	case GT:
		return c > 0
	}
	return c >= 0
}

func matchBetween(n *Between, it *attr.Item) bool {
	x, ok := valueOf(n.X, it)
	if !ok {
		return false
	}
	low, ok := valueOf(n.Low, it)
	if !ok {
		return false
	}
	if c, ok := attr.Compare(low, x); !ok || c > 0 {
		return false
	}
	high, ok := valueOf(n.High, it)
	if !ok {
		return false
	}
	c, ok := attr.Compare(x, high)
	return ok && c <= 0
}

func matchIn(n *In, it *attr.Item) bool {
	x, ok := valueOf(n.X, it)
	if !ok {
		return false
	}
	for _, o := range n.List {
		if v, ok := valueOf(o, it); ok && attr.Equal(x, v) {
			return true
		}
	}
	return false
}

func matchCall(n *Call, it *attr.Item) bool {
	a, ok := valueOf(n.Args[0], it)
	switch n.Name {
	case "attribute_exists":
		return ok
	case "attribute_not_exists":
		return !ok
	}
	if !ok {
		return false
	}
	b, ok := valueOf(n.Args[1], it)
	if !ok {
		return false
	}
	switch n.Name {
	case "attribute_type":
		return b.Kind() == attr.S && a.Kind().String() == b.Str()
	case "begins_with":
		return a.Kind() == b.Kind() && prefixed(a.Kind()) && strings.HasPrefix(a.Str(), b.Str())
	case "contains":
		return contains(a, b)
	}
	panic("expr: unknown function " + n.Name)
}

// contains tells whether b is a substring of the string or binary a, an element
// of the set a or an element of the list a.
func contains(a, b attr.Value) bool {
	switch a.Kind() {
	case attr.S, attr.B:
		return a.Kind() == b.Kind() && strings.Contains(a.Str(), b.Str())
	case attr.L, attr.SS, attr.NS, attr.BS:
		for _, e := range a.Elems() {
			if attr.Equal(e, b) {
				return true
			}
		}
	}
	return false
}

// valueOf is the operand's value for the item; false if it has none.
func valueOf(o Operand, it *attr.Item) (attr.Value, bool) {
	switch o := o.(type) {
	case *Literal:
		return o.value, true
	case *Path:
		if len(o.bound) == 1 {
			return it.Get(o.bound[0].Name)
		}
		return it.At(o.bound)
	case *Call: // size
		v, ok := valueOf(o.Args[0], it)
		if !ok {
			return attr.Value{}, false
		}
		n, ok := sizeOf(v)
		return attr.Num(attr.IntNumber(int64(n))), ok
	}
	panic("expr: unknown operand")
}

// sizeOf is what size() gives: UTF-16 code units of a string (not the
// characters the documentation speaks of), bytes of a binary, elements of
// anything else that has some.
func sizeOf(v attr.Value) (int, bool) {
	switch v.Kind() {
	case attr.S:
		return codeUnits(v.Str()), true
	case attr.B:
		return len(v.Str()), true
	case attr.M:
		return len(v.Map()), true
	case attr.L, attr.SS, attr.NS, attr.BS:
		return len(v.Elems()), true
	}
	return 0, false
}

func codeUnits(s string) int {
	n := utf8.RuneCountInString(s)
	for i := range len(s) {
		if s[i] >= 0xF0 { // lead byte of a character that takes a surrogate pair
			n++
		}
	}
	return n
}

func base64Text(raw string) string { return base64.StdEncoding.EncodeToString([]byte(raw)) }
