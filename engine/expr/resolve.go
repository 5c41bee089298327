package expr

import (
	"strconv"

	"github.com/sortkey/sortkey/engine/attr"
)

// form finds the errors of a tree that need no placeholders. It visits the
// whole tree and keeps the first of each kind, since their order of priority is
// not that of the text.
type form struct {
	update                    bool
	unknown, misused, keyword *Error
}

// check visits n; asCond tells whether n stands where a condition does.
func (f *form) check(n Node, asCond bool) {
	switch n := n.(type) {
	case *Path:
		f.path(n)
	case *Call:
		f.call(n, asCond)
	}
	eachChild(n, func(child Node) bool {
		f.check(child, holdsConditions(n))
		return true
	})
}

// holdsConditions tells whether what stands directly under n are conditions.
func holdsConditions(n Node) bool {
	switch n.(type) {
	case *And, *Or, *Not:
		return true
	}
	return false
}

func (f *form) call(n *Call, asCond bool) {
	want := useOperand
	if f.update {
		want = useUpdate
	} else if asCond {
		want = useTruth
	}
	name := span{n.start, n.start + len(n.Name)}
	switch use := functionUse(n.Name); {
	case use == 0 && f.unknown == nil:
		f.unknown = name.fault(UnknownFunction, n.Name)
	case use != 0 && use != want && f.misused == nil:
		f.misused = name.fault(MisusedFunction, n.Name)
	}
}

func (f *form) path(n *Path) {
	if f.keyword != nil {
		return
	}
	for _, s := range n.Steps {
		if s.Name != "" && s.Name[0] != '#' && IsReserved(s.Name) {
			f.keyword = s.at.fault(ReservedWord, s.Name)
			return
		}
	}
}

// Where a function may stand.
const (
	useTruth = iota + 1
	useOperand
	useUpdate
)

// functionUse tells where the function of that name may stand, 0 if there is
// none. Names are case-sensitive.
func functionUse(name string) int {
	switch name {
	case "attribute_exists", "attribute_not_exists", "attribute_type", "begins_with", "contains":
		return useTruth
	case "size":
		return useOperand
	case "if_not_exists", "list_append":
		return useUpdate
	}
	return 0
}

// operandCount is the number of operands a function takes.
func operandCount(name string) int {
	switch name {
	case "attribute_exists", "attribute_not_exists", "size":
		return 1
	}
	return 2
}

// Resolve binds the placeholders and checks the rules of form, in the order
// that ErrorKind gives. It marks in s what the expression uses.
func (c *Condition) Resolve(s *Scope) error {
	f := form{}
	f.check(c.root, true)
	for _, e := range [...]*Error{c.redundant, f.unknown, f.misused, f.keyword} {
		if e != nil {
			return e
		}
	}
	return plain((&resolver{s}).cond(c.root))
}

// resolver binds and checks leaf by leaf: undefined placeholders, then operand
// count, distinctness and types.
type resolver struct{ scope *Scope }

func (r *resolver) cond(n Cond) *Error {
	switch n := n.(type) {
	case *And:
		return r.conds(n.Terms)
	case *Or:
		return r.conds(n.Terms)
	case *Not:
		return r.cond(n.X)
	case *Compare:
		return r.compare(n)
	case *Between:
		return r.between(n)
	case *In:
		return r.in(n)
	case *Call:
		return r.call(n)
	}
	panic("expr: unknown condition")
}

func (r *resolver) conds(terms []Cond) *Error {
	for _, t := range terms {
		if err := r.cond(t); err != nil {
			return err
		}
	}
	return nil
}

func (r *resolver) compare(n *Compare) *Error {
	if err := r.operands(n.Left, n.Right); err != nil {
		return err
	}
	if err := distinct(n.Op.String(), n.Left, n.Right); err != nil {
		return err
	}
	if n.Op == EQ || n.Op == NE {
		return nil
	}
	return wantTypes(n.Op.String(), ordered, n.Left, n.Right)
}

func (r *resolver) between(n *Between) *Error {
	if err := r.operands(n.X, n.Low, n.High); err != nil {
		return err
	}
	if err := distinct("BETWEEN", n.X, n.Low, n.High); err != nil {
		return err
	}
	if err := wantTypes("BETWEEN", ordered, n.X, n.Low, n.High); err != nil {
		return err
	}
	low, isLow := n.Low.(*Literal)
	high, isHigh := n.High.(*Literal)
	if !isLow || !isHigh {
		return nil
	}
	kind := BetweenOrder
	if low.value.Kind() != high.value.Kind() {
		kind = BetweenTypes
	} else if c, _ := attr.Compare(low.value, high.value); c <= 0 {
		return nil
	}
	both := span{low.start, high.stop}
	return both.fault(kind, printedBound(low.value), printedBound(high.value))
}

// printedBound shows a value the way the service does in its errors about
// BETWEEN. (How it shows binary there is not known; base64 is a guess.)
func printedBound(v attr.Value) string {
	text := v.Str()
	switch v.Kind() {
	case attr.N:
		text = v.Number().String()
	case attr.B:
		text = base64Text(text)
	}
	return "AttributeValue: {" + v.Kind().String() + ":" + text + "}"
}

func (r *resolver) in(n *In) *Error {
	if err := r.operands(n.X); err != nil {
		return err
	}
	if err := r.operands(n.List...); err != nil {
		return err
	}
	if count := len(n.List) + 1; count > MaxInList {
		return errorAt(n, OperandCount, "IN", strconv.Itoa(count))
	}
	return distinct("IN", n.X, n.List...)
}

func (r *resolver) operands(list ...Operand) *Error {
	for _, o := range list {
		if err := r.operand(o); err != nil {
			return err
		}
	}
	return nil
}

func (r *resolver) operand(o Operand) *Error {
	switch o := o.(type) {
	case *Path:
		return r.path(o)
	case *Literal:
		return r.literal(o)
	case *Call:
		return r.call(o)
	}
	panic("expr: unknown operand")
}

func (r *resolver) path(n *Path) *Error {
	if len(n.Steps) > MaxPathDepth {
		return errorAt(n, PathTooDeep, strconv.Itoa(len(n.Steps)))
	}
	bound := make(attr.Path, len(n.Steps))
	for i, s := range n.Steps {
		name := s.Name
		if name != "" && name[0] == '#' {
			var ok bool
			if name, ok = r.scope.name(name); !ok {
				return s.at.fault(UndefinedName, s.Name)
			}
		}
		bound[i] = attr.Step{Name: name, Index: s.Index}
	}
	n.bound = bound
	return nil
}

func (r *resolver) literal(n *Literal) *Error {
	v, ok := r.scope.value(n.Name)
	if !ok {
		return errorAt(n, UndefinedValue, n.Name)
	}
	n.value = v
	return nil
}

func (r *resolver) call(n *Call) *Error {
	if err := r.operands(n.Args...); err != nil {
		return err
	}
	return checkCall(n)
}

// checkCall holds the rules of a function whose operands are bound.
func checkCall(n *Call) *Error {
	if len(n.Args) != operandCount(n.Name) {
		return errorAt(n, OperandCount, n.Name, strconv.Itoa(len(n.Args)))
	}
	switch n.Name {
	case "attribute_exists", "attribute_not_exists", "if_not_exists":
		if _, ok := n.Args[0].(*Path); !ok {
			return errorAt(n.Args[0], NotAPath, n.Name)
		}
	case "size":
		return wantTypes(n.Name, sized, n.Args...)
	case "list_append":
		return wantTypes(n.Name, listed, n.Args...)
	case "begins_with", "contains", "attribute_type":
		return checkTest(n)
	}
	return nil
}

func checkTest(n *Call) *Error {
	if err := distinct(n.Name, n.Args[0], n.Args[1]); err != nil {
		return err
	}
	switch n.Name {
	case "begins_with":
		return wantTypes(n.Name, prefixed, n.Args...)
	case "attribute_type":
		return checkTypeName(n.Args[1])
	}
	return nil
}

// The attribute types in the two orders in which the service prints them.
const (
	operandTypeSet = "{NS,SS,L,BS,N,M,B,BOOL,NULL,S}"
	validTypeSet   = "{B,NULL,SS,BOOL,L,BS,N,NS,S,M}"
)

func checkTypeName(o Operand) *Error {
	const function = "attribute_type"
	l, ok := o.(*Literal)
	if !ok {
		return errorAt(o, OperandType, function, operandTypeSet)
	}
	if l.value.Kind() != attr.S {
		return errorAt(o, OperandType, function, l.value.Kind().String())
	}
	switch l.value.Str() {
	case "S", "N", "B", "SS", "NS", "BS", "M", "L", "NULL", "BOOL":
		return nil
	}
	return errorAt(o, TypeName, l.value.Str(), validTypeSet)
}

// distinct reports the first of rest that is the same document path as first.
func distinct(op string, first Operand, rest ...Operand) *Error {
	p, ok := first.(*Path)
	if !ok {
		return nil
	}
	for _, o := range rest {
		if q, ok := o.(*Path); ok && samePath(p.bound, q.bound) {
			return errorAt(q, NotDistinct, op, p.bound.String())
		}
	}
	return nil
}

func samePath(p, q attr.Path) bool { return len(p) == len(q) && p.Overlaps(q) }

func ordered(k attr.Kind) bool  { return k == attr.S || k == attr.N || k == attr.B }
func prefixed(k attr.Kind) bool { return k == attr.S || k == attr.B }
func sized(k attr.Kind) bool    { return k != attr.N && k != attr.BOOL && k != attr.NULL }
func listed(k attr.Kind) bool   { return k == attr.L }
func numeric(k attr.Kind) bool  { return k == attr.N }

// wantTypes reports the first literal whose type does not fit. Only literals:
// the same mismatch in an item makes a condition false.
func wantTypes(op string, fits func(attr.Kind) bool, list ...Operand) *Error {
	for _, o := range list {
		if l, ok := o.(*Literal); ok && !fits(l.value.Kind()) {
			return errorAt(l, OperandType, op, l.value.Kind().String())
		}
	}
	return nil
}
