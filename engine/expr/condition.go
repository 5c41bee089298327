package expr

import "github.com/sortkey/sortkey/engine/attr"

// Condition is a condition, filter or key-condition expression: one grammar,
// restricted afterwards by Key for the last.
type Condition struct {
	root      Cond
	redundant *Error
}

// ParseCondition reads src. Errors are the kinds up to TooManyOperators, and
// RedundantParens beyond any sensible nesting.
func ParseCondition(src string) (*Condition, error) {
	p, err := begin(src)
	if err != nil {
		return nil, err
	}
	p.condition = true
	c := &Condition{}
	err = p.catch(func() {
		n := p.disjunction()
		if p.kind() != tokenEnd {
			p.fail()
		}
		c.root = p.truth(n)
	})
	if err != nil {
		return nil, err
	}
	c.redundant = p.redundant
	return c, nil
}

// NewCondition wraps a tree built by hand from Attribute and Constant; it needs
// no Resolve. The caller vouches for what Resolve would have checked.
func NewCondition(root Cond) *Condition { return &Condition{root: root} }

// Root is the tree. It must not be changed.
func (c *Condition) Root() Cond { return c.root }

// String is the canonical text.
func (c *Condition) String() string { return c.root.String() }

// Paths lists the document paths in the order of the text, repetitions
// included. The condition must be resolved.
func (c *Condition) Paths() []attr.Path {
	var paths []attr.Path
	walkPaths(c.root, func(p *Path) bool {
		paths = append(paths, p.bound)
		return true
	})
	return paths
}

// Mention finds the first path that starts at the attribute name and returns
// its byte range in the source, for a caret.
func (c *Condition) Mention(name string) (start, end int, ok bool) {
	walkPaths(c.root, func(p *Path) bool {
		if p.bound[0].Name != name {
			return true
		}
		start, end, ok = p.start, p.stop, true
		return false
	})
	return start, end, ok
}

// walkPaths calls visit for every path under n, left to right, until it returns
// false.
func walkPaths(n Node, visit func(*Path) bool) bool {
	if p, ok := n.(*Path); ok {
		return visit(p)
	}
	return eachChild(n, func(child Node) bool { return walkPaths(child, visit) })
}

// eachChild calls visit for the nodes directly under n, left to right, until it
// returns false; it tells whether none did.
func eachChild(n Node, visit func(Node) bool) bool {
	switch n := n.(type) {
	case *And:
		return each(n.Terms, visit)
	case *Or:
		return each(n.Terms, visit)
	case *Not:
		return visit(n.X)
	case *Compare:
		return visit(n.Left) && visit(n.Right)
	case *Between:
		return visit(n.X) && visit(n.Low) && visit(n.High)
	case *In:
		return visit(n.X) && each(n.List, visit)
	case *Call:
		return each(n.Args, visit)
	case *Arith:
		return visit(n.Left) && visit(n.Right)
	case *Action:
		return visit(n.Path) && (n.Value == nil || visit(n.Value))
	}
	return true
}

func each[T Node](nodes []T, visit func(Node) bool) bool {
	for _, n := range nodes {
		if !visit(n) {
			return false
		}
	}
	return true
}

// The methods below return a Cond or an Operand: behind "(" only the token that
// follows tells which of them the text means.

func (p *parser) disjunction() Node {
	start, first := p.start(), p.conjunction()
	if p.keyword() != "OR" {
		return first
	}
	n := &Or{Terms: []Cond{p.truth(first)}}
	for p.keyword() == "OR" {
		p.operator()
		n.Terms = append(n.Terms, p.truth(p.conjunction()))
	}
	n.span = span{start, p.stop()}
	return n
}

func (p *parser) conjunction() Node {
	start, first := p.start(), p.negation()
	if p.keyword() != "AND" {
		return first
	}
	n := &And{Terms: []Cond{p.truth(first)}}
	for p.keyword() == "AND" {
		p.operator()
		n.Terms = append(n.Terms, p.truth(p.negation()))
	}
	n.span = span{start, p.stop()}
	return n
}

// negation reads a chain of NOTs in a loop: its length is no nesting.
func (p *parser) negation() Node {
	var starts []int
	for p.keyword() == "NOT" {
		starts = append(starts, p.start())
		p.operator()
	}
	n := p.primary()
	for len(starts) > 0 {
		last := len(starts) - 1
		n = &Not{span: span{starts[last], p.stop()}, X: p.truth(n)}
		starts = starts[:last]
	}
	return n
}

// truth fails at the current token if n is an operand that no comparator
// follows.
func (p *parser) truth(n Node) Cond {
	c, ok := n.(Cond)
	if !ok {
		p.fail()
	}
	return c
}

// primary reads a comparison, a call, a condition in parentheses or, for the
// parentheses around an operand, that operand alone.
func (p *parser) primary() Node {
	var n Node
	start := p.start()
	if p.kind() == tokenOpen {
		open := p.open()
		n = p.disjunction()
		p.close(open)
	} else {
		n = p.operand()
	}
	if left, ok := n.(Operand); ok {
		if c := p.comparison(left, start); c != nil {
			return c
		}
	}
	return n
}

// comparison reads what stands behind left, if that is a comparator.
func (p *parser) comparison(left Operand, start int) Node {
	if k := p.kind(); tokenEQ <= k && k <= tokenGE {
		p.operator()
		n := &Compare{Op: CompareOp(k - tokenEQ), Left: left, Right: p.operand()}
		n.span = span{start, p.stop()}
		return n
	}
	switch p.keyword() {
	case "BETWEEN":
		return p.between(left, start)
	case "IN":
		return p.in(left, start)
	}
	return nil
}

func (p *parser) between(left Operand, start int) Node {
	p.operator()
	n := &Between{X: left, Low: p.operand()}
	if !p.skipKeyword("AND") {
		p.fail()
	}
	n.High = p.operand()
	n.span = span{start, p.stop()}
	return n
}

func (p *parser) in(left Operand, start int) Node {
	p.operator()
	p.take(tokenOpen)
	n := &In{X: left, List: p.list()}
	p.take(tokenClose)
	n.span = span{start, p.stop()}
	return n
}
