package expr

import (
	"slices"

	"github.com/sortkey/sortkey/engine/attr"
)

// Scope holds the placeholders of one request and which of them its expressions
// used. Not for concurrent use.
type Scope struct {
	names      map[string]string
	values     map[string]attr.Value
	usedNames  map[string]bool
	usedValues map[string]bool
}

// NewScope takes the request's ExpressionAttributeNames and -Values, keys with
// their # and :. A name that stands for "" counts as not defined. Both maps may
// be nil; they must not be changed afterwards.
func NewScope(names map[string]string, values map[string]attr.Value) *Scope {
	return &Scope{
		names: names, values: values,
		usedNames: map[string]bool{}, usedValues: map[string]bool{},
	}
}

func (s *Scope) name(placeholder string) (string, bool) {
	name := s.names[placeholder]
	s.usedNames[placeholder] = true
	return name, name != ""
}

func (s *Scope) value(placeholder string) (attr.Value, bool) {
	v, ok := s.values[placeholder]
	s.usedValues[placeholder] = true
	return v, ok
}

// Unused lists the placeholders that no expression resolved so far mentions, in
// byte order: what "Value provided in ExpressionAttributeNames unused in
// expressions: keys: {#a, #b}" shows. Meaningful once all of the request's
// expressions have resolved without error.
func (s *Scope) Unused() (names, values []string) {
	return unused(s.names, s.usedNames), unused(s.values, s.usedValues)
}

func unused[V any](all map[string]V, used map[string]bool) []string {
	var left []string
	for key := range all {
		if !used[key] {
			left = append(left, key)
		}
	}
	slices.Sort(left)
	return left
}
