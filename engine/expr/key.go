package expr

import (
	"strconv"

	"github.com/sortkey/sortkey/engine/attr"
)

// KeyCondition is a key condition in terms of a key schema.
type KeyCondition struct {
	Hash  []attr.Value // one value per hash attribute, in the schema's order
	Range []RangeTerm  // the leading range attributes used, in the schema's order
}

// RangeTerm restricts one range attribute. Only the last may be other than
// RangeEQ.
type RangeTerm struct {
	Name string
	Op   RangeOp
	Low  attr.Value // the operand; of RangeBetween the lower bound
	High attr.Value // of RangeBetween only
}

// RangeOp is how a range attribute is restricted.
type RangeOp uint8

// The ways to restrict a range attribute.
const (
	RangeEQ RangeOp = iota
	RangeLT
	RangeLE
	RangeGT
	RangeGE
	RangeBetween
	RangeBeginsWith
)

// keyTerm is a RangeTerm of a hash or range attribute, and its place.
type keyTerm struct {
	RangeTerm
	at Cond
}

// Key reads the condition as a key condition on a key of the given hash and
// range attributes: every hash attribute = one value; range attributes from the
// left without gaps, only the last of them other than =. The condition must be
// resolved. Errors are the kinds that begin with Key.
func (c *Condition) Key(hash, rng []string) (*KeyCondition, error) {
	terms, err := keyTerms(c.root, nil)
	if err != nil {
		return nil, err
	}
	if err := c.keyCount(terms, len(hash)+len(rng)); err != nil {
		return nil, err
	}
	k := &KeyCondition{}
	for _, name := range hash {
		t, err := c.keyTerm(terms, name)
		if err != nil {
			return nil, err
		}
		if t.Op != RangeEQ {
			return nil, errorAt(t.at, KeyNotSupported, name)
		}
		k.Hash = append(k.Hash, t.Low)
	}
	if err := c.rangeTerms(k, terms, hash, rng); err != nil {
		return nil, err
	}
	return k, nil
}

// keyCount checks the number of conditions. Two are always let through: what is
// wrong with them shows when the attributes are looked up.
func (c *Condition) keyCount(terms []keyTerm, attributes int) *Error {
	switch {
	case len(terms) <= max(2, attributes):
		return nil
	case attributes <= 2:
		return errorAt(c.root, KeyLength)
	}
	return errorAt(c.root, KeyExceeds, strconv.Itoa(len(terms)), strconv.Itoa(attributes))
}

func (c *Condition) keyTerm(terms []keyTerm, name string) (keyTerm, *Error) {
	for _, t := range terms {
		if t.Name == name {
			return t, nil
		}
	}
	return keyTerm{}, errorAt(c.root, KeyMissing, name)
}

func (c *Condition) rangeTerms(k *KeyCondition, terms []keyTerm, hash, rng []string) *Error {
	left := len(terms) - len(hash)
	if left > len(rng) { // two conditions on a key of one attribute
		other := terms[0]
		if other.Name == hash[0] {
			other = terms[1]
		}
		return errorAt(other.at, KeyNotSupported, other.Name)
	}
	for i, name := range rng[:left] {
		t, err := c.keyTerm(terms, name)
		if err != nil {
			return err
		}
		if t.Op != RangeEQ && i < left-1 {
			return errorAt(t.at, KeyRangeNotLast, name)
		}
		k.Range = append(k.Range, t.RangeTerm)
	}
	return nil
}

// keyTerms appends the conditions that n joins by AND.
func keyTerms(n Cond, terms []keyTerm) ([]keyTerm, *Error) {
	var err *Error
	if and, ok := n.(*And); ok {
		for _, t := range and.Terms {
			if terms, err = keyTerms(t, terms); err != nil {
				return nil, err
			}
		}
		return terms, nil
	}
	t, err := newKeyTerm(n)
	if err != nil {
		return nil, err
	}
	for _, other := range terms {
		if other.Name == t.Name {
			return nil, errorAt(n, KeyRepeated)
		}
	}
	return append(terms, t), nil
}

func newKeyTerm(n Cond) (keyTerm, *Error) {
	switch n := n.(type) {
	case *Or:
		return keyTerm{}, errorAt(n, KeyOperator, "OR")
	case *Not:
		return keyTerm{}, errorAt(n, KeyOperator, "NOT")
	case *In:
		return keyTerm{}, errorAt(n, KeyOperator, "IN")
	case *Compare:
		return keyCompare(n)
	case *Between:
		name, err := keyAttribute(n, "BETWEEN", n.X, n.Low, n.High)
		if err != nil {
			return keyTerm{}, err
		}
		return keyTerm{RangeTerm{name, RangeBetween, constant(n.Low), constant(n.High)}, n}, nil
	case *Call:
		if n.Name != "begins_with" {
			return keyTerm{}, errorAt(n, KeyOperator, n.Name)
		}
		name, err := keyAttribute(n, n.Name, n.Args...)
		if err != nil {
			return keyTerm{}, err
		}
		return keyTerm{RangeTerm{name, RangeBeginsWith, constant(n.Args[1]), attr.Value{}}, n}, nil
	}
	panic("expr: unknown condition")
}

var rangeOps = map[CompareOp]RangeOp{EQ: RangeEQ, LT: RangeLT, LE: RangeLE, GT: RangeGT, GE: RangeGE}

// keyCompare reads a comparison either way round: ":v < sk" is "sk > :v".
func keyCompare(n *Compare) (keyTerm, *Error) {
	if n.Op == NE {
		return keyTerm{}, errorAt(n, KeyOperator, "<>")
	}
	name, err := keyAttribute(n, "", n.Left, n.Right)
	if err != nil {
		return keyTerm{}, err
	}
	op, value := n.Op, n.Right
	if _, ok := value.(*Path); ok {
		op, value = op.mirrored(), n.Left
	}
	return keyTerm{RangeTerm{name, rangeOps[op], constant(value), attr.Value{}}, n}, nil
}

// keyAttribute finds the one attribute among the operands of n and checks that
// the others are literals. Where first names an operator, the attribute must be
// its first operand.
func keyAttribute(n Cond, first string, operands ...Operand) (string, *Error) {
	var found *Path
	for _, o := range operands {
		switch o := o.(type) {
		case *Call:
			return "", errorAt(o, KeyNestedOperation)
		case *Path:
			if found != nil {
				return "", errorAt(o, KeySeveralAttributes)
			}
			found = o
		}
	}
	switch {
	case found == nil:
		return "", errorAt(n, KeyNoAttribute)
	case len(found.bound) > 1:
		return "", errorAt(found, KeyNestedAttribute)
	case first != "" && operands[0] != Operand(found):
		return "", errorAt(found, KeyFirstOperand, first)
	}
	return found.bound[0].Name, nil
}

func constant(o Operand) attr.Value {
	if l, ok := o.(*Literal); ok {
		return l.value
	}
	return attr.Value{}
}
