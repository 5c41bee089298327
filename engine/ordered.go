package engine

import "github.com/tidwall/btree"

// ordered is a tree of values by an order of their own, copied in O(1). It
// holds pointers to values that are never changed once they are in it: trees of
// pointers are one piece of code however many kinds there are, trees of values
// are one each, which made the page's WebAssembly a fifteenth larger.
//
// The same goes for sorting: slices.SortFunc is eight functions for each kind of
// struct, sort.Slice is not. Short lists that are seldom sorted use the latter.
type ordered[T any] struct {
	tree  *btree.BTreeG[*T]
	place *T // room for the value that is looked for, nil before the first time
}

func newOrdered[T any](less func(a, b *T) bool) *ordered[T] {
	return &ordered[T]{tree: btree.NewBTreeGOptions(less, btree.Options{NoLocks: true})}
}

// at is a value as the tree wants it for looking it up. It is given back with
// done; meanwhile others are looked for in room of their own.
func (o *ordered[T]) at(key T) *T {
	p := o.place
	if p == nil {
		p = new(T)
	}
	o.place, *p = nil, key
	return p
}

func (o *ordered[T]) done(p *T) {
	*p = *new(T)
	o.place = p
}

// cut puts a value into the next place of a row of them, for a tree whose values
// come and go in order: one piece of memory for several of them is less work for
// the garbage collector.
func cut[T any](row *[]T, v T) *T {
	if len(*row) == 0 {
		*row = make([]T, 16)
	}
	p := &(*row)[0]
	*p, *row = v, (*row)[1:]
	return p
}

// Copy is a tree of the same values; either may be changed from then on.
func (o *ordered[T]) Copy() *ordered[T] { return &ordered[T]{tree: o.tree.Copy()} }

// Len counts the values.
func (o *ordered[T]) Len() int { return o.tree.Len() }

// Set puts a value in, in place of the one that is equal in order.
func (o *ordered[T]) Set(v T) { o.tree.Set(&v) }

// Load is Set, and fast for a value that comes last.
func (o *ordered[T]) Load(v T) { o.tree.Load(&v) }

// Get returns the value that is equal in order.
func (o *ordered[T]) Get(key T) (v T, ok bool) { return valueOf(o.Find(key), true) }

// Find is Get without a copy: what it returns, nil for none, is not to be changed.
func (o *ordered[T]) Find(key T) *T {
	p := o.at(key)
	v, _ := o.tree.Get(p)
	o.done(p)
	return v
}

// GetAt returns the value at a place in the order, counted from 0.
func (o *ordered[T]) GetAt(i int) (v T, ok bool) { return valueOf(o.tree.GetAt(i)) }

// Delete takes the value out that is equal in order, and returns it.
func (o *ordered[T]) Delete(key T) (v T, ok bool) {
	p := o.at(key)
	old, ok := o.tree.Delete(p)
	o.done(p)
	return valueOf(old, ok)
}

// Min returns the first value.
func (o *ordered[T]) Min() (v T, ok bool) { return valueOf(o.tree.Min()) }

// Max returns the last value.
func (o *ordered[T]) Max() (v T, ok bool) { return valueOf(o.tree.Max()) }

// PopMin takes the first value out.
func (o *ordered[T]) PopMin() (v T, ok bool) { return valueOf(o.tree.PopMin()) }

// Scan goes through all values in order until visit returns false; so do the
// others, which begin at a value or at the end.
func (o *ordered[T]) Scan(visit func(T) bool) {
	o.tree.Scan(func(v *T) bool { return visit(*v) })
}

func (o *ordered[T]) Ascend(from T, visit func(T) bool) {
	p := o.at(from)
	o.tree.Ascend(p, func(v *T) bool { return visit(*v) })
	o.done(p)
}

func (o *ordered[T]) Descend(from T, visit func(T) bool) {
	p := o.at(from)
	o.tree.Descend(p, func(v *T) bool { return visit(*v) })
	o.done(p)
}

func (o *ordered[T]) Reverse(visit func(T) bool) {
	o.tree.Reverse(func(v *T) bool { return visit(*v) })
}

// Items are the values in order.
func (o *ordered[T]) Items() []T {
	list := make([]T, 0, o.Len())
	o.Scan(func(v T) bool { list = append(list, v); return true })
	return list
}

func valueOf[T any](p *T, ok bool) (v T, _ bool) {
	if ok = ok && p != nil; ok {
		v = *p
	}
	return v, ok
}
