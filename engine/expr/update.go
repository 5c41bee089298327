package expr

import (
	"strings"

	"github.com/sortkey/sortkey/engine/attr"
)

// Update is an update expression.
type Update struct {
	actions   []*Action
	redundant *Error
	repeated  *Error
	tree      *branch // of the actions' paths
}

// Target is what one action of an update changes.
type Target struct {
	Path        attr.Path
	Clause      Clause
	Computed    bool // Set: the value is not a plain :value
	Arithmetic  bool // Set: the value adds or subtracts
	Offset, End int  // of the path in the source
}

// ParseUpdate reads src. Errors are the kinds up to TooManyOperators, and
// RedundantParens beyond any sensible nesting.
func ParseUpdate(src string) (*Update, error) {
	p, err := begin(src)
	if err != nil {
		return nil, err
	}
	p.update = true
	u := &Update{}
	if err = p.catch(func() { p.sections(u) }); err != nil {
		return nil, err
	}
	u.redundant = p.redundant
	return u, nil
}

// NewUpdate wraps actions built by hand from Attribute and Constant; it needs no
// Resolve. Errors: PathsOverlap, PathsConflict. The caller vouches for the rest
// of what Resolve would have checked.
func NewUpdate(actions []*Action) (*Update, error) {
	u := &Update{actions: actions}
	if err := u.grow(); err != nil {
		return nil, err
	}
	return u, nil
}

// String is the canonical text: the actions as they are written, each section's
// keyword once.
func (u *Update) String() string {
	var b strings.Builder
	for i, a := range u.actions {
		switch {
		case i == 0:
			b.WriteString(a.Clause.String() + " ")
		case a.Clause == u.actions[i-1].Clause:
			b.WriteString(", ")
		default:
			b.WriteString(" " + a.Clause.String() + " ")
		}
		b.WriteString(a.String())
	}
	return b.String()
}

// Targets lists what the actions change, in the order of the text. The update
// must be resolved.
func (u *Update) Targets() []Target {
	targets := make([]Target, len(u.actions))
	for i, a := range u.actions {
		_, literal := a.Value.(*Literal)
		targets[i] = Target{
			Path: a.Path.bound, Clause: a.Clause, Offset: a.Path.start, End: a.Path.stop,
			Computed: a.Clause == Set && !literal, Arithmetic: a.Value != nil && hasArith(a.Value),
		}
	}
	return targets
}

func hasArith(n Node) bool {
	_, found := n.(*Arith)
	eachChild(n, func(child Node) bool {
		found = found || hasArith(child)
		return !found
	})
	return found
}

// grow makes the tree of the paths to change.
func (u *Update) grow() (err *Error) {
	paths := make([]*Path, len(u.actions))
	for i, a := range u.actions {
		paths[i] = a.Path
	}
	u.tree, err = grow(paths)
	return err
}

// sections reads the whole expression.
func (p *parser) sections(u *Update) {
	var seen [len(clauseText)]bool
	for {
		at := p.at
		c, ok := p.clause()
		if !ok {
			p.fail()
		}
		if seen[c] && u.repeated == nil {
			u.repeated = p.tokens[at].span().fault(RepeatedSection, c.String())
		}
		seen[c] = true
		u.actions = append(u.actions, p.action(c))
		for p.skip(tokenComma) {
			u.actions = append(u.actions, p.action(c))
		}
		if p.kind() == tokenEnd {
			return
		}
	}
}

// clause steps over a section's keyword if it is there.
func (p *parser) clause() (Clause, bool) {
	word := p.keyword()
	for i, k := range clauseText {
		if word == k {
			p.at++
			return Clause(i), true
		}
	}
	return 0, false
}

func (p *parser) action(c Clause) *Action {
	a := &Action{Clause: c, Path: p.path()}
	switch c {
	case Set:
		p.take(tokenEQ)
		a.Value = p.arithmetic()
	case Add, Delete:
		a.Value = p.literal()
	}
	a.span = span{a.Path.start, p.stop()}
	return a
}

// arithmetic reads an operand, or two with + or - between them. A third needs
// parentheses.
func (p *parser) arithmetic() Operand {
	start := p.start()
	left := p.operand()
	if p.kind() != tokenPlus && p.kind() != tokenMinus {
		return left
	}
	n := &Arith{Minus: p.kind() == tokenMinus, Left: left}
	p.operator()
	n.Right = p.operand()
	n.span = span{start, p.stop()}
	return n
}

// Resolve binds the placeholders and checks the rules of form, in the order
// that ErrorKind gives. It marks in s what the expression uses.
func (u *Update) Resolve(s *Scope) error {
	f := form{update: true}
	for _, a := range u.actions {
		f.check(a, false)
	}
	for _, e := range [...]*Error{u.redundant, f.keyword, f.unknown, f.misused, u.repeated} {
		if e != nil {
			return e
		}
	}
	r := resolver{s}
	for _, bind := range [...]func(Node) *Error{r.bindPaths, r.bindLiterals} {
		for _, a := range u.actions {
			if err := bind(a); err != nil {
				return err
			}
		}
	}
	return plain(u.check())
}

// check holds the rules that need the placeholders bound.
func (u *Update) check() *Error {
	if err := u.grow(); err != nil {
		return err
	}
	for _, a := range u.actions {
		if err := checkSection(a); err != nil {
			return err
		}
	}
	for _, a := range u.actions {
		if err := checkValue(a); err != nil {
			return err
		}
	}
	return nil
}

// bindPaths resolves the names under n, left to right.
func (r *resolver) bindPaths(n Node) (err *Error) {
	walkPaths(n, func(p *Path) bool {
		err = r.path(p)
		return err == nil
	})
	return err
}

// bindLiterals resolves the values under n, left to right.
func (r *resolver) bindLiterals(n Node) (err *Error) {
	if l, ok := n.(*Literal); ok {
		return r.literal(l)
	}
	eachChild(n, func(child Node) bool {
		err = r.bindLiterals(child)
		return err == nil
	})
	return err
}

// sectionTypes are the types as the service spells them for ADD and DELETE.
var sectionTypes = map[attr.Kind]string{
	attr.S: "STRING", attr.N: "NUMBER", attr.B: "BINARY", attr.NULL: "NULL",
	attr.BOOL: "BOOLEAN", attr.L: "LIST", attr.M: "MAP",
}

// checkSection wants a set for DELETE, a number or a set for ADD.
func checkSection(a *Action) *Error {
	if a.Clause != Add && a.Clause != Delete {
		return nil
	}
	l, ok := a.Value.(*Literal)
	if !ok {
		return nil
	}
	k := l.value.Kind()
	if isSet(k) || k == attr.N && a.Clause == Add {
		return nil
	}
	return errorAt(l, SectionOperand, a.Clause.String(), sectionTypes[k])
}

func isSet(k attr.Kind) bool { return k == attr.SS || k == attr.NS || k == attr.BS }

// checkValue checks operators and functions from the inside out.
func checkValue(n Node) (err *Error) {
	eachChild(n, func(child Node) bool {
		err = checkValue(child)
		return err == nil
	})
	if err != nil {
		return err
	}
	switch n := n.(type) {
	case *Call:
		return checkCall(n)
	case *Arith:
		return wantTypes(n.op(), numeric, n.Left, n.Right)
	}
	return nil
}
