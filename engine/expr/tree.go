package expr

import (
	"cmp"
	"slices"
	"strings"

	"github.com/sortkey/sortkey/engine/attr"
)

// branch is a node of the tree that a set of paths makes. No path overlaps or
// conflicts with another, so a branch either ends a path or goes on, and goes on
// by names or by indexes and not by both.
type branch struct {
	step attr.Step
	leaf int       // which of the paths ends here; -1 for none
	next []*branch // sorted by name or by index
}

// grow makes the tree of the paths, or reports the first two that clash.
func grow(paths []*Path) (*branch, *Error) {
	root := &branch{leaf: -1}
	for i, p := range paths {
		if !root.add(p.bound, i) {
			return nil, clash(paths)
		}
	}
	return root, nil
}

// add puts in the path with number i; false if it clashes with one before.
func (b *branch) add(p attr.Path, i int) bool {
	for _, s := range p {
		if b.leaf >= 0 || len(b.next) > 0 && b.byIndex() != (s.Name == "") {
			return false
		}
		b = b.child(s)
	}
	if b.leaf >= 0 || len(b.next) > 0 {
		return false
	}
	b.leaf = i
	return true
}

// child finds or makes the branch behind s.
func (b *branch) child(s attr.Step) *branch {
	i, found := slices.BinarySearchFunc(b.next, s, func(c *branch, s attr.Step) int {
		return cmp.Or(strings.Compare(c.step.Name, s.Name), cmp.Compare(c.step.Index, s.Index))
	})
	if !found {
		b.next = slices.Insert(b.next, i, &branch{step: s, leaf: -1})
	}
	return b.next[i]
}

// byIndex tells whether the branch goes on by list indexes.
func (b *branch) byIndex() bool { return len(b.next) > 0 && b.next[0].step.Name == "" }

// pick cuts v down to what the paths lead to, keeping the nesting; several
// elements of a list move together in ascending order. False if nothing is left.
func (b *branch) pick(v attr.Value) (attr.Value, bool) {
	switch {
	case b.leaf >= 0:
		return v, true
	case v.Kind() == attr.M && !b.byIndex():
		m := b.pickMembers(v.Map().Get)
		return attr.MapValue(m), len(m) > 0
	case v.Kind() == attr.L && b.byIndex():
		return b.pickElements(v.Elems())
	}
	return attr.Value{}, false
}

// pickMembers takes the members from get, which is the item's or a map's.
func (b *branch) pickMembers(get func(string) (attr.Value, bool)) attr.Map {
	var m attr.Map
	for _, c := range b.next {
		v, ok := get(c.step.Name)
		if !ok {
			continue
		}
		if v, ok = c.pick(v); ok {
			m = append(m, attr.Member{Name: c.step.Name, Value: v})
		}
	}
	return m
}

func (b *branch) pickElements(elems []attr.Value) (attr.Value, bool) {
	var picked []attr.Value
	for _, c := range b.next {
		if c.step.Index >= len(elems) {
			break
		}
		if v, ok := c.pick(elems[c.step.Index]); ok {
			picked = append(picked, v)
		}
	}
	return attr.List(picked), len(picked) > 0
}

// clash finds the first path that overlaps with an earlier one, or else the
// first that conflicts with an earlier one. There is one or the other.
func clash(paths []*Path) *Error {
	if err := firstPair(paths, PathsOverlap, attr.Path.Overlaps); err != nil {
		return err
	}
	return firstPair(paths, PathsConflict, attr.Path.Conflicts)
}

func firstPair(paths []*Path, kind ErrorKind, clashing func(p, q attr.Path) bool) *Error {
	for i, q := range paths {
		for _, p := range paths[:i] {
			if clashing(p.bound, q.bound) {
				return errorAt(q, kind, p.bound.String(), q.bound.String())
			}
		}
	}
	return nil
}
