package attr

import (
	"slices"
	"strings"
)

// Member is one named value.
type Member struct {
	Name  string
	Value Value
}

// Map holds named values, sorted by the UTF-8 bytes of the names, each name once. Maps share their members: change one
// with With and Without, which copy.
type Map []Member

// SortMap makes a map of members in any order, in place; of members of one name the last wins.
func SortMap(members []Member) Map {
	if ascending(members) {
		return members
	}
	slices.SortStableFunc(members, func(a, b Member) int { return strings.Compare(a.Name, b.Name) })
	kept := members[:0]
	for i := range members {
		if i+1 == len(members) || members[i].Name != members[i+1].Name {
			kept = append(kept, members[i])
		}
	}
	clear(members[len(kept):])
	return kept
}

func ascending(members []Member) bool {
	for i := 1; i < len(members); i++ {
		if members[i-1].Name >= members[i].Name {
			return false
		}
	}
	return true
}

func (m Map) find(name string) (int, bool) {
	lo, hi := 0, len(m)
	for lo < hi {
		mid := int(uint(lo+hi) >> 1)
		if m[mid].Name < name {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	return lo, lo < len(m) && m[lo].Name == name
}

// Get is the value of that name.
func (m Map) Get(name string) (Value, bool) {
	if i, ok := m.find(name); ok {
		return m[i].Value, true
	}
	return Value{}, false
}

// With is a copy of the map in which name has the value v.
func (m Map) With(name string, v Value) Map {
	i, found := m.find(name)
	out := make(Map, 0, len(m)+1)
	out = append(out, m[:i]...)
	out = append(out, Member{name, v})
	if found {
		i++
	}
	return append(out, m[i:]...)
}

// Without is a copy of the map that lacks name, or the map itself where it has no such name.
func (m Map) Without(name string) Map {
	i, found := m.find(name)
	if !found {
		return m
	}
	out := make(Map, 0, len(m)-1)
	return append(append(out, m[:i]...), m[i+1:]...)
}

// Size is the item size of the map in bytes: names and values, without the 3 bytes of a map that is itself a value.
func (m Map) Size() int {
	size := 0
	for i := range m {
		size += len(m[i].Name) + m[i].Value.Size()
	}
	return size
}

// At is the value that the path leads to. A path leads nowhere if it is empty, names what is not there, indexes past
// the end, or takes a name of a list or an index of a map. Sets have no indexes.
func (m Map) At(p Path) (Value, bool) {
	if len(p) == 0 || p[0].Name == "" {
		return Value{}, false
	}
	v, ok := m.Get(p[0].Name)
	if !ok {
		return Value{}, false
	}
	return v.at(p[1:])
}

func (v Value) at(p Path) (Value, bool) {
	for _, step := range p {
		v = v.opened()
		switch {
		case step.Name != "" && v.kind == M:
			next, ok := v.deep.members.Get(step.Name)
			if !ok {
				return Value{}, false
			}
			v = next
		case step.Name == "" && v.kind == L && step.Index >= 0 && step.Index < len(v.deep.elems):
			v = v.deep.elems[step.Index]
		default:
			return Value{}, false
		}
	}
	return v, true
}
