package attr

import (
	"encoding/base64"
	"slices"
	"strings"
)

// Kind is the type of a value. The constants carry the names that values have on the wire.
type Kind uint8

// The ten types, and Invalid for the zero Value.
const (
	Invalid Kind = iota
	S
	N
	B
	SS
	NS
	BS
	M
	L
	NULL
	BOOL
)

const kinds = int(BOOL) + 1

var kindNames = [kinds]string{"", "S", "N", "B", "SS", "NS", "BS", "M", "L", "NULL", "BOOL"}

// String is the name on the wire: "S", "NULL"; "" for Invalid.
func (k Kind) String() string {
	if int(k) < kinds {
		return kindNames[k]
	}
	return ""
}

// elem is the kind of a set's elements, Invalid for every other kind.
func (k Kind) elem() Kind {
	switch k {
	case SS:
		return S
	case NS:
		return N
	case BS:
		return B
	}
	return Invalid
}

// set is the kind of a set of such elements.
func (k Kind) set() Kind {
	switch k {
	case S:
		return SS
	case N:
		return NS
	case B:
		return BS
	}
	panic("attr: no set of " + k.String())
}

// kindOf is the inverse of String for the ten names, Invalid for any other text.
func kindOf(name string) Kind {
	switch name {
	case "S":
		return S
	case "N":
		return N
	case "B":
		return B
	case "SS":
		return SS
	case "NS":
		return NS
	case "BS":
		return BS
	case "M":
		return M
	case "L":
		return L
	case "NULL":
		return NULL
	case "BOOL":
		return BOOL
	}
	return Invalid
}

// MaxNesting is how many lists and maps may stand inside each other in an attribute's value.
const MaxNesting = 32

// Value is one attribute value. It is immutable: what its accessors return must not be written to. The zero Value is
// Invalid and stands for "no value".
type Value struct {
	kind Kind
	flag bool   // BOOL: the truth; N: negative
	exp  int16  // N: the exponent; L, M: the depth, if sealed
	size int32  // bytes, as Size documents
	text string // S: UTF-8; B: raw bytes; N: digits; SS, L, M: the text, if sealed
	deep *deep  // sets, L and M: nil if sealed
}

// deep is what only sets, lists and maps have.
type deep struct {
	elems   []Value
	members Map
	depth   int
}

// Text is a string value. s is UTF-8.
func Text(s string) Value { return Value{kind: S, size: int32(len(s)), text: s} }

// Num is a number value.
func Num(n Number) Value {
	return Value{kind: N, flag: n.neg, exp: n.exp, size: int32(n.Size()), text: n.digits}
}

// Binary is a binary value of the raw bytes in raw.
func Binary(raw string) Value { return Value{kind: B, size: int32(len(raw)), text: raw} }

// Bool is a boolean value.
func Bool(b bool) Value { return Value{kind: BOOL, flag: b, size: 1} }

// Null is the null value.
func Null() Value { return Value{kind: NULL, size: 1} }

// List is a list of vs, which it keeps.
func List(vs []Value) Value { return new(deep).list(vs) }

// list is the list of vs; d is new.
func (d *deep) list(vs []Value) Value {
	size, depth := 3, 0
	for i := range vs {
		size += 1 + int(vs[i].size)
		depth = max(depth, vs[i].Depth())
	}
	d.elems, d.depth = vs, depth+1
	return Value{kind: L, size: int32(size), deep: d}
}

// MapValue is a map value of m, which it keeps.
func MapValue(m Map) Value { return new(deep).document(m) }

// document is the map value of m; d is new.
func (d *deep) document(m Map) Value {
	size, depth := 3, 0
	for i := range m {
		size += 1 + len(m[i].Name) + int(m[i].Value.size)
		depth = max(depth, m[i].Value.Depth())
	}
	d.members, d.depth = m, depth+1
	return Value{kind: M, size: int32(size), deep: d}
}

// Set is a set of the elements vs, all of kind elem: S, N or B. The elements are copied into canonical order: strings
// and binaries by their bytes, numbers by value. Errors: EmptySet, DuplicateInSet.
func Set(elem Kind, vs []Value) (Value, error) {
	kind, sorted := elem.set(), slices.Clone(vs)
	for i := range vs {
		if vs[i].kind != elem {
			panic("attr: set of " + elem.String() + " given " + vs[i].kind.String())
		}
	}
	if err := checkSet(kind, vs, sorted); err != nil {
		return Value{}, err
	}
	return new(deep).set(kind, sorted), nil
}

// checkSet sees that the elements, as given, make a set, and sorts them in sorted.
func checkSet(kind Kind, given, sorted []Value) error {
	if len(given) == 0 {
		return &Error{Kind: EmptySet, Set: kind}
	}
	if !sortSet(sorted) {
		return &Error{Kind: DuplicateInSet, Set: kind, Detail: listed(given)}
	}
	return nil
}

// set is the set of the elements, which are in order; d is new.
func (d *deep) set(kind Kind, sorted []Value) Value {
	size := 0
	for i := range sorted {
		size += int(sorted[i].size)
	}
	d.elems = sorted
	return Value{kind: kind, size: int32(size), deep: d}
}

// listed prints scalars the way the service lists a faulty set.
func listed(vs []Value) string {
	var b strings.Builder
	for i, v := range vs {
		b.WriteString(", "[:min(i, 1)*2])
		switch v.kind {
		case S:
			b.WriteString(v.text)
		case B:
			b.WriteString(base64.StdEncoding.EncodeToString([]byte(v.text)))
		default:
			b.WriteString(v.Number().String())
		}
	}
	return "[" + b.String() + "]"
}

// Kind is the value's type, Invalid for the zero Value.
func (v Value) Kind() Kind { return v.kind }

// Str is the text of an S or the raw bytes of a B, "" for other kinds.
func (v Value) Str() string {
	if v.kind == S || v.kind == B {
		return v.text
	}
	return ""
}

// Number is the number of an N, zero for other kinds.
func (v Value) Number() Number {
	if v.kind != N {
		return Number{}
	}
	return Number{neg: v.flag, exp: v.exp, digits: v.text}
}

// Bool is the truth of a BOOL, false for other kinds.
func (v Value) Bool() bool { return v.kind == BOOL && v.flag }

// Elems are the elements of an L, or of a set in canonical order; nil for other kinds.
func (v Value) Elems() []Value {
	if v = v.opened(); v.deep == nil {
		return nil
	}
	return v.deep.elems
}

// Map are the members of an M, nil for other kinds.
func (v Value) Map() Map {
	if v = v.opened(); v.deep == nil {
		return nil
	}
	return v.deep.members
}

// Size is the value's contribution to the item size in bytes (semantics §1): S its UTF-8 bytes, B its raw bytes, BOOL
// and NULL 1, N as Number.Size, sets the sum of their elements, L 3 and 1 for every element, M 3 and 1 and the name for
// every member.
func (v Value) Size() int { return int(v.size) }

// Depth is how many lists and maps stand inside each other: 0 for scalars and sets, 1 for a flat list or map.
func (v Value) Depth() int {
	switch {
	case v.sealed():
		return int(v.exp)
	case v.deep == nil:
		return 0
	}
	return v.deep.depth
}
