package attr

import "slices"

// room is where a scanner puts what belongs to maps that it lends: pieces cut one after the other off a few large
// slices, which the next body is read into again.
type room[T any] struct{ used []T }

// keptRoom bounds what Reset keeps of each kind.
const keptRoom = 64

// take is a piece of n zero values.
func (r *room[T]) take(n int) []T {
	from := len(r.used)
	if cap(r.used)-from < n {
		r.used, from = make([]T, 0, max(n, keptRoom)), 0
	}
	r.used = r.used[:from+n]
	return r.used[from : from+n : from+n]
}

// reset takes everything back, and forgets what it held.
func (r *room[T]) reset() { r.used = emptied(r.used) }

// emptied is the slice without its elements; of a large one nothing is kept.
func emptied[T any](s []T) []T {
	if cap(s) > keptRoom {
		return nil
	}
	clear(s)
	return s[:0]
}

// piece is n zero values: of the room where the scanner lends, else their own.
func piece[T any](s *Scanner, r *room[T], n int) []T {
	if s.lends {
		return r.take(n)
	}
	return make([]T, n)
}

// deep is one deep, the same way.
func (s *Scanner) deep() *deep {
	if s.lends {
		return &s.deeps.take(1)[0]
	}
	return &deep{}
}

// closeElements takes the elements from mark on off the scanner, in a slice of their own.
func (s *Scanner) closeElements(mark int) []Value {
	open := s.values[mark:]
	elems := piece(s, &s.lentValues, len(open))
	copy(elems, open)
	s.dropElements(mark)
	return elems
}

// dropElements takes them off and forgets them.
func (s *Scanner) dropElements(mark int) {
	clear(s.values[mark:])
	s.values = s.values[:mark]
}

// closeMembers takes the members from mark on off the scanner, as a map.
func (s *Scanner) closeMembers(mark int) Map {
	open := s.members[mark:]
	m := piece(s, &s.lentMembers, len(open))
	if !copySorted(m, open) {
		copy(m, open)
		m = SortMap(m)
	}
	clear(open)
	s.members = s.members[:mark]
	return m
}

// copySorted copies the members into dst in the order of their names. It does not, and says so, where there are many or
// two have one name. Their places are sorted and not the members, which are large.
func copySorted(dst, members []Member) bool {
	var places [firstMembers]uint8
	if len(members) > len(places) {
		return false
	}
	for i := range members {
		name, k := members[i].Name, i
		for ; k > 0 && name <= members[places[k-1]].Name; k-- {
			if name == members[places[k-1]].Name {
				return false
			}
			places[k] = places[k-1]
		}
		places[k] = uint8(i)
	}
	for i := range members {
		dst[i] = members[places[i]]
	}
	return true
}

// sortSet puts the elements of a set into canonical order; distinct is false where two are equal.
func sortSet(elems []Value) (distinct bool) {
	if ascendingSet(elems) {
		return true
	}
	slices.SortFunc(elems, order)
	return ascendingSet(elems)
}

func ascendingSet(elems []Value) bool {
	for i := 1; i < len(elems); i++ {
		if order(elems[i-1], elems[i]) >= 0 {
			return false
		}
	}
	return true
}
