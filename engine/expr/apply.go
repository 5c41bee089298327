package expr

import (
	"errors"
	"slices"

	"github.com/sortkey/sortkey/engine/attr"
)

// Apply returns the item after the update, sharing what did not change with
// old. Every operand is read from old, whatever the order of the sections; list
// indexes count in old, too.
//
// An empty or nil old is an item that does not exist. The result then holds no
// key attributes, which the caller adds; it is empty if there is nothing to
// create, since REMOVE and DELETE pass over an absent item in silence.
//
// Errors are the kinds from MissingAttribute on.
func (u *Update) Apply(old attr.Map) (attr.Map, error) {
	e := &edit{actions: u.actions, absent: len(old) == 0}
	e.values = make([]attr.Value, len(u.actions))
	for i, a := range u.actions {
		if a.Value == nil {
			continue
		}
		v, err := compute(a.Value, old)
		if err != nil {
			return nil, err
		}
		e.values[i] = v
	}
	m, err := e.members(old, u.tree)
	if err != nil {
		return nil, err
	}
	return m, nil
}

// Old is what UPDATED_OLD returns: of the item before the update, the paths
// that the update names, nesting kept, list elements closed up. Empty if there
// are none; the response then has no Attributes.
func (u *Update) Old(before attr.Map) attr.Map { return u.tree.pickMembers(before.Get) }

// New is what UPDATED_NEW returns: of the item after the update, the paths that
// the update names. So a removed attribute is left out, but after REMOVE l[0] the
// element now at l[0] shows, and an element appended from beyond the end of its
// list does not.
func (u *Update) New(after attr.Map) attr.Map { return u.tree.pickMembers(after.Get) }

// compute is the value of an operand of SET, ADD or DELETE.
func compute(o Operand, old attr.Map) (attr.Value, *Error) {
	switch o := o.(type) {
	case *Literal:
		return o.value, nil
	case *Path:
		v, ok := old.At(o.bound)
		if !ok {
			return attr.Value{}, errorAt(o, MissingAttribute, o.bound.String())
		}
		return v, nil
	case *Arith:
		return computeArith(o, old)
	case *Call:
		if o.Name == "list_append" {
			return listAppend(o, old)
		}
		if v, ok := old.At(o.Args[0].(*Path).bound); ok {
			return v, nil
		}
		return compute(o.Args[1], old)
	}
	panic("expr: unknown operand")
}

func computeArith(n *Arith, old attr.Map) (attr.Value, *Error) {
	a, b, err := computeBoth(n.Left, n.Right, old)
	if err != nil {
		return attr.Value{}, err
	}
	for i, v := range [...]attr.Value{a, b} {
		if v.Kind() != attr.N {
			return attr.Value{}, errorAt([...]Operand{n.Left, n.Right}[i], WrongType, n.op())
		}
	}
	sum := a.Number().Add
	if n.Minus {
		sum = a.Number().Sub
	}
	result, fault := sum(b.Number())
	if fault != nil {
		return attr.Value{}, numberError(n, fault)
	}
	return attr.Num(result), nil
}

func listAppend(n *Call, old attr.Map) (attr.Value, *Error) {
	a, b, err := computeBoth(n.Args[0], n.Args[1], old)
	if err != nil {
		return attr.Value{}, err
	}
	for i, v := range [...]attr.Value{a, b} {
		if v.Kind() != attr.L {
			return attr.Value{}, errorAt(n.Args[i], WrongType, n.Name)
		}
	}
	return attr.List(slices.Concat(a.Elems(), b.Elems())), nil
}

func computeBoth(left, right Operand, old attr.Map) (a, b attr.Value, err *Error) {
	if a, err = compute(left, old); err != nil {
		return a, b, err
	}
	b, err = compute(right, old)
	return a, b, err
}

// numberError is the failure of a sum: a result of too many digits is reported
// as an overflow.
func numberError(at Node, fault error) *Error {
	var e *attr.Error
	if errors.As(fault, &e) && e.Kind == attr.Underflow {
		return errorAt(at, NumberUnderflow)
	}
	return errorAt(at, NumberOverflow)
}

// edit carries out the actions along the tree of their paths.
type edit struct {
	actions []*Action
	values  []attr.Value // by action
	absent  bool         // the item does not exist
}

// members edits a map or the item: old and the branches are both in name order.
func (e *edit) members(old attr.Map, b *branch) (attr.Map, *Error) {
	out := make(attr.Map, 0, len(old)+len(b.next))
	for _, c := range b.next {
		for len(old) > 0 && old[0].Name < c.step.Name {
			out, old = append(out, old[0]), old[1:]
		}
		var now attr.Value
		if len(old) > 0 && old[0].Name == c.step.Name {
			now, old = old[0].Value, old[1:]
		}
		v, err := e.value(now, c)
		if err != nil {
			return nil, err
		}
		if v.Kind() != attr.Invalid {
			out = append(out, attr.Member{Name: c.step.Name, Value: v})
		}
	}
	return append(out, old...), nil
}

// elements edits a list: what lies beyond its end is appended in index order,
// and what is removed closes up at last.
func (e *edit) elements(old []attr.Value, b *branch) ([]attr.Value, *Error) {
	out := slices.Clone(old)
	for _, c := range b.next {
		beyond := c.step.Index >= len(old)
		var now attr.Value
		if !beyond {
			now = old[c.step.Index]
		}
		v, err := e.value(now, c)
		switch {
		case err != nil:
			return nil, err
		case beyond:
			out = append(out, v)
		default:
			out[c.step.Index] = v
		}
	}
	return slices.DeleteFunc(out, func(v attr.Value) bool { return v.Kind() == attr.Invalid }), nil
}

// value edits what stands at the branch; Invalid stands for nothing, before as
// after.
func (e *edit) value(now attr.Value, b *branch) (attr.Value, *Error) {
	switch {
	case b.leaf >= 0:
		return e.act(now, e.actions[b.leaf], e.values[b.leaf])
	case now.Kind() == attr.M && !b.byIndex():
		m, err := e.members(now.Map(), b)
		return attr.MapValue(m), err
	case now.Kind() == attr.L && b.byIndex():
		list, err := e.elements(now.Elems(), b)
		return attr.List(list), err
	case e.absent:
		return attr.Value{}, e.stranded(b)
	}
	return attr.Value{}, e.invalid(b)
}

// stranded reports the first action under b, in path order, that would have to
// write into an absent item's document. Clearing what is not there is nothing.
func (e *edit) stranded(b *branch) *Error {
	if b.leaf >= 0 {
		if c := e.actions[b.leaf].Clause; c == Set || c == Add {
			return e.invalid(b)
		}
		return nil
	}
	for _, c := range b.next {
		if err := e.stranded(c); err != nil {
			return err
		}
	}
	return nil
}

// invalid reports the first path under b, in path order, as leading nowhere.
func (e *edit) invalid(b *branch) *Error {
	for b.leaf < 0 {
		b = b.next[0]
	}
	p := e.actions[b.leaf].Path
	return errorAt(p, InvalidPath, p.bound.String())
}

// act carries out one action on the value at its path.
func (e *edit) act(now attr.Value, a *Action, v attr.Value) (attr.Value, *Error) {
	switch a.Clause {
	case Set:
		return v, nil
	case Add:
		return add(now, a, v)
	case Delete:
		return subtract(now, a, v)
	}
	return attr.Value{}, nil
}

// add is ADD: a sum of numbers or a union of sets; a missing attribute counts
// as 0 or as the empty set.
func add(now attr.Value, a *Action, v attr.Value) (attr.Value, *Error) {
	switch {
	case now.Kind() == attr.Invalid:
		return v, nil
	case now.Kind() != v.Kind():
		return attr.Value{}, errorAt(a.Path, WrongType, a.Clause.String())
	case v.Kind() == attr.N:
		sum, fault := now.Number().Add(v.Number())
		if fault != nil {
			return attr.Value{}, numberError(a, fault)
		}
		return attr.Num(sum), nil
	}
	fresh := without(v.Elems(), now.Elems())
	return setOf(slices.Concat(now.Elems(), fresh)), nil
}

// subtract is DELETE: the difference of two sets; an emptied set is gone.
func subtract(now attr.Value, a *Action, v attr.Value) (attr.Value, *Error) {
	switch {
	case now.Kind() == attr.Invalid:
		return now, nil
	case now.Kind() != v.Kind():
		return attr.Value{}, errorAt(a.Path, WrongType, a.Clause.String())
	}
	rest := without(now.Elems(), v.Elems())
	if len(rest) == 0 {
		return attr.Value{}, nil
	}
	return setOf(rest), nil
}

// without lists the elements of a that are not in b, both in the one order that
// sets are stored in.
func without(a, b []attr.Value) []attr.Value {
	var rest []attr.Value
	for _, v := range a {
		for len(b) > 0 && before(b[0], v) {
			b = b[1:]
		}
		if len(b) == 0 || !attr.Equal(b[0], v) {
			rest = append(rest, v)
		}
	}
	return rest
}

func before(a, b attr.Value) bool {
	c, _ := attr.Compare(a, b)
	return c < 0
}

// setOf makes a set of elements known to be distinct, at least one.
func setOf(elems []attr.Value) attr.Value {
	v, err := attr.Set(elems[0].Kind(), elems)
	if err != nil {
		panic(err)
	}
	return v
}
