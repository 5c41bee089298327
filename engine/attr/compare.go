package attr

import "strings"

// Equal says whether two values are the same: of one kind, numbers equal in value, sets whatever their order, lists
// element by element, maps member by member. It is the one comparator: conditions, set elements and change detection
// all use it.
func Equal(a, b Value) bool {
	// The size follows from the value, so that unequal sizes settle most questions before anything is walked.
	if a.size == b.size {
		a, b = a.opened(), b.opened()
	}
	if a.kind != b.kind || a.size != b.size || a.flag != b.flag || a.exp != b.exp || a.text != b.text {
		return false
	}
	if a.deep == b.deep {
		return true
	}
	return equalElems(a.deep.elems, b.deep.elems) && equalMembers(a.deep.members, b.deep.members)
}

func equalElems(a, b []Value) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if !Equal(a[i], b[i]) {
			return false
		}
	}
	return true
}

func equalMembers(a, b Map) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i].Name != b[i].Name || !Equal(a[i].Value, b[i].Value) {
			return false
		}
	}
	return true
}

// Compare orders two values: strings by their UTF-8 bytes, numbers by value, binaries by unsigned bytes; c is negative,
// zero or positive. ok is false for values of two kinds and for kinds that have no order.
func Compare(a, b Value) (c int, ok bool) {
	if a.kind != b.kind || a.kind < S || a.kind > B {
		return 0, false
	}
	return order(a, b), true
}

// order is Compare for two values known to be of one kind, S, N or B.
func order(a, b Value) int {
	if a.kind == N {
		return a.Number().Cmp(b.Number())
	}
	return strings.Compare(a.text, b.text)
}
