package expr

import (
	"strconv"
	"strings"
)

// printer writes the canonical text: one blank between words, keywords in upper
// case, and parentheses only where the tree needs them.
type printer struct{ strings.Builder }

func text(n Node) string {
	var p printer
	n.print(&p)
	return p.String()
}

// String is the canonical text of the node, as is that of the other types.
func (n *And) String() string     { return text(n) }
func (n *Or) String() string      { return text(n) }
func (n *Not) String() string     { return text(n) }
func (n *Compare) String() string { return text(n) }
func (n *Between) String() string { return text(n) }
func (n *In) String() string      { return text(n) }
func (n *Call) String() string    { return text(n) }
func (n *Path) String() string    { return text(n) }
func (n *Literal) String() string { return text(n) }
func (n *Arith) String() string   { return text(n) }
func (n *Action) String() string  { return text(n) }

func (n *And) print(p *printer) {
	for i, t := range n.Terms {
		if i > 0 {
			p.WriteString(" AND ")
		}
		_, loose := t.(*Or)
		p.term(t, loose)
	}
}

func (n *Or) print(p *printer) {
	for i, t := range n.Terms {
		if i > 0 {
			p.WriteString(" OR ")
		}
		t.print(p)
	}
}

func (n *Not) print(p *printer) {
	p.WriteString("NOT ")
	switch n.X.(type) {
	case *And, *Or:
		p.term(n.X, true)
	default:
		n.X.print(p)
	}
}

func (p *printer) term(n Node, parens bool) {
	if !parens {
		n.print(p)
		return
	}
	p.WriteByte('(')
	n.print(p)
	p.WriteByte(')')
}

func (n *Compare) print(p *printer) {
	n.Left.print(p)
	p.WriteString(" " + n.Op.String() + " ")
	n.Right.print(p)
}

func (n *Between) print(p *printer) {
	n.X.print(p)
	p.WriteString(" BETWEEN ")
	n.Low.print(p)
	p.WriteString(" AND ")
	n.High.print(p)
}

func (n *In) print(p *printer) {
	n.X.print(p)
	p.WriteString(" IN (")
	p.operands(n.List)
}

func (n *Call) print(p *printer) {
	p.WriteString(n.Name)
	p.WriteByte('(')
	p.operands(n.Args)
}

// operands writes a list and the parenthesis that closes it.
func (p *printer) operands(list []Operand) {
	for i, o := range list {
		if i > 0 {
			p.WriteString(", ")
		}
		p.inner(o)
	}
	p.WriteByte(')')
}

// inner writes an operand where arithmetic needs parentheses.
func (p *printer) inner(o Operand) {
	_, arith := o.(*Arith)
	p.term(o, arith)
}

func (n *Path) print(p *printer) {
	for i, s := range n.Steps {
		switch {
		case s.Name == "":
			p.WriteString("[" + strconv.Itoa(s.Index) + "]")
		case i > 0:
			p.WriteString("." + s.Name)
		default:
			p.WriteString(s.Name)
		}
	}
}

func (n *Literal) print(p *printer) { p.WriteString(n.Name) }

func (n *Arith) print(p *printer) {
	p.inner(n.Left)
	p.WriteString(" " + n.op() + " ")
	p.inner(n.Right)
}

func (n *Action) print(p *printer) {
	n.Path.print(p)
	switch n.Clause {
	case Set:
		p.WriteString(" = ")
		n.Value.print(p)
	case Add, Delete:
		p.WriteByte(' ')
		n.Value.print(p)
	}
}
