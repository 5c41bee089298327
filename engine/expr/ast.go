package expr

import "github.com/sortkey/sortkey/engine/attr"

// Node is one part of a parsed expression. Pos and End are byte offsets into
// its source, 0 in a tree that was built by hand.
type Node interface {
	Pos() int
	End() int
	String() string // canonical text; parses back to the same tree
	print(p *printer)
}

// Cond is a node that is true or false of an item: *And, *Or, *Not, *Compare,
// *Between, *In or *Call.
type Cond interface {
	Node
	cond()
}

// Operand is a node with a value, or without one where the item has none:
// *Path, *Literal, *Call or *Arith.
type Operand interface {
	Node
	operand()
}

// span is where a node stands in the source.
type span struct{ start, stop int }

func (s span) Pos() int { return s.start }
func (s span) End() int { return s.stop }

// And is true when all of Terms are; it has at least two.
type And struct {
	span
	Terms []Cond
}

// Or is true when one of Terms is; it has at least two.
type Or struct {
	span
	Terms []Cond
}

// Not negates the outcome of X, it does not turn X's operator round: NOT a = :v
// is true of an item without a.
type Not struct {
	span
	X Cond
}

// CompareOp is a comparator.
type CompareOp uint8

// The comparators = <> < <= > >=.
const (
	EQ CompareOp = iota
	NE
	LT
	LE
	GT
	GE
)

var compareText = [...]string{"=", "<>", "<", "<=", ">", ">="}

// String is the comparator as written.
func (o CompareOp) String() string { return compareText[o] }

// mirrored is the comparator that says the same with its operands swapped.
func (o CompareOp) mirrored() CompareOp {
	switch o {
	case LT:
		return GT
	case LE:
		return GE
	case GT:
		return LT
	case GE:
		return LE
	}
	return o
}

// Compare is Left Op Right.
type Compare struct {
	span
	Op          CompareOp
	Left, Right Operand
}

// Between is X BETWEEN Low AND High, both bounds included.
type Between struct {
	span
	X, Low, High Operand
}

// In is X IN (List…).
type In struct {
	span
	X    Operand
	List []Operand
}

// Call is a function call; it stands as a condition or as an operand, and
// resolving tells whether that function may.
type Call struct {
	span
	Name string
	Args []Operand
}

// Path is a document path as written; Steps hold #names unresolved.
type Path struct {
	span
	Steps []Step
	bound attr.Path // after resolving
}

// Step is one element of a Path: a name, a #name, or an index if Name is empty.
type Step struct {
	Name  string
	Index int
	at    span
}

// Attribute is the path p as an operand, for a tree built by hand.
func Attribute(p attr.Path) *Path {
	steps := make([]Step, len(p))
	for i, s := range p {
		steps[i] = Step{Name: s.Name, Index: s.Index}
	}
	return &Path{Steps: steps, bound: p}
}

// Path is the document path with its #names replaced; nil before resolving.
func (p *Path) Path() attr.Path { return p.bound }

// Literal is a :value.
type Literal struct {
	span
	Name  string // with its colon
	value attr.Value
}

// Constant is v as an operand, for a tree built by hand. Name is only what the
// tree prints for it, such as ":p0".
func Constant(name string, v attr.Value) *Literal { return &Literal{Name: name, value: v} }

// Value is what the placeholder stands for; the zero Value before resolving.
func (l *Literal) Value() attr.Value { return l.value }

// Arith is Left + Right or Left - Right, in an update.
type Arith struct {
	span
	Minus       bool
	Left, Right Operand
}

func (a *Arith) op() string {
	if a.Minus {
		return "-"
	}
	return "+"
}

func (*And) cond()     {}
func (*Or) cond()      {}
func (*Not) cond()     {}
func (*Compare) cond() {}
func (*Between) cond() {}
func (*In) cond()      {}
func (*Call) cond()    {}

func (*Path) operand()    {}
func (*Literal) operand() {}
func (*Call) operand()    {}
func (*Arith) operand()   {}

// Clause is a section of an update expression.
type Clause uint8

// The sections of an update expression.
const (
	Set Clause = iota
	Remove
	Add
	Delete
)

var clauseText = [...]string{"SET", "REMOVE", "ADD", "DELETE"}

// String is the section's keyword in upper case.
func (c Clause) String() string { return clauseText[c] }

// Action is one change of an update: Path gets Value (Set), loses its value
// (Remove, Value nil), or is added to or subtracted from by a *Literal (Add,
// Delete).
type Action struct {
	span
	Clause Clause
	Path   *Path
	Value  Operand
}
