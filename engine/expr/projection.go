package expr

import (
	"strings"

	"github.com/sortkey/sortkey/engine/attr"
)

// Projection is a projection expression.
type Projection struct {
	list []*Path
	tree *branch
}

// ParseProjection reads src. Errors are the kinds up to IndexRange.
func ParseProjection(src string) (*Projection, error) {
	p, err := begin(src)
	if err != nil {
		return nil, err
	}
	n := &Projection{}
	err = p.catch(func() {
		n.list = append(n.list, p.path())
		for p.skip(tokenComma) {
			n.list = append(n.list, p.path())
		}
		p.take(tokenEnd)
	})
	if err != nil {
		return nil, err
	}
	return n, nil
}

// String is the canonical text.
func (n *Projection) String() string {
	paths := make([]string, len(n.list))
	for i, p := range n.list {
		paths[i] = p.String()
	}
	return strings.Join(paths, ", ")
}

// Resolve binds the names and checks, in this order, for ReservedWord,
// PathTooDeep and UndefinedName, PathsOverlap, PathsConflict.
func (n *Projection) Resolve(s *Scope) error {
	var f form
	for _, p := range n.list {
		f.path(p)
	}
	if f.keyword != nil {
		return f.keyword
	}
	r := resolver{s}
	for _, p := range n.list {
		if err := r.path(p); err != nil {
			return err
		}
	}
	tree, err := grow(n.list)
	n.tree = tree
	return plain(err)
}

// Paths lists the document paths in the order of the text. The projection must
// be resolved.
func (n *Projection) Paths() []attr.Path {
	paths := make([]attr.Path, len(n.list))
	for i, p := range n.list {
		paths[i] = p.bound
	}
	return paths
}

// Apply cuts the item down to the paths, keeping the nesting of documents;
// what the item lacks is left out, and list elements close up in ascending
// order. The result is empty, never nil, when nothing is left.
func (n *Projection) Apply(it *attr.Item) attr.Map {
	if m := n.tree.pickMembers(it.Get); m != nil {
		return m
	}
	return attr.Map{}
}

// NewProjection wraps paths built by hand from Attribute; it needs no Resolve.
// Errors: PathsOverlap, PathsConflict.
func NewProjection(paths []*Path) (*Projection, error) {
	tree, err := grow(paths)
	return &Projection{list: paths, tree: tree}, plain(err)
}
