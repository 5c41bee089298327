package expr

import "strconv"

// Limits on the text of an expression.
const (
	MaxSize      = 4096 // bytes, before any placeholder is replaced
	MaxOperators = 300  // comparators, BETWEEN, IN, AND, OR, NOT, + and -
	MaxInList    = 100  // operands of IN, its left side included
	MaxPathDepth = 32   // elements of a document path
)

// maxNesting bounds the recursion. Calls cannot nest this deep within MaxSize
// ("size(" is five bytes), so only parentheses get there; and of that many, in
// an expression of at most MaxOperators operators, some must be redundant. The
// parser therefore reports just that.
const maxNesting = 1000

// maxIndex is the largest list index an expression may name. The service's own
// bound is not known.
const maxIndex = 1<<31 - 1

// parser holds the state that the three grammars share. Its methods leave on
// the first error by panicking with it; catch turns that into a return value.
type parser struct {
	src       string
	tokens    []token
	at        int  // index of the current token
	update    bool // SET, REMOVE, ADD, DELETE are keywords; arithmetic is allowed
	condition bool // AND, OR, NOT, BETWEEN, IN are keywords
	depth     int
	operators int
	excess    int // where the operator one too many starts
	// The parenthesis closed last, by token index, and the first redundant one.
	lastOpen, lastClose int
	redundant           *Error
}

// begin checks what can be checked without reading and prepares the tokens.
func begin(src string) (*parser, *Error) {
	if len(src) > MaxSize {
		return nil, span{MaxSize, len(src)}.fault(TooLong, strconv.Itoa(len(src)))
	}
	if src == "" {
		return nil, &Error{Kind: Empty}
	}
	return &parser{src: src, tokens: lex(src), lastOpen: -1, lastClose: -1}, nil
}

// catch runs read, which must consume the whole text, and returns the error
// that it left with, or else the one about too many operators.
func (p *parser) catch(read func()) (err *Error) {
	defer func() {
		if r := recover(); r != nil {
			e, ok := r.(*Error)
			if !ok {
				panic(r)
			}
			err = e
		}
	}()
	read()
	if p.operators > MaxOperators {
		return span{p.excess, len(p.src)}.fault(TooManyOperators, strconv.Itoa(p.operators))
	}
	return nil
}

func (p *parser) kind() tokenKind { return p.tokens[p.at].kind }
func (p *parser) start() int      { return int(p.tokens[p.at].start) }

// stop is the end of the token before the current one.
func (p *parser) stop() int { return int(p.tokens[p.at-1].end) }

func (p *parser) text() string {
	t := p.tokens[p.at]
	return p.src[t.start:t.end]
}

// fail reports the current token as the one that does not belong.
func (p *parser) fail() {
	t := p.tokens[p.at]
	word := "<EOF>"
	first, last := p.at, p.at
	if t.kind != tokenEnd {
		word = p.text()
	}
	if first > 0 {
		first--
	}
	if last+1 < len(p.tokens) {
		last++
	}
	if p.tokens[last].kind == tokenEnd && last > first {
		last--
	}
	near := p.src[p.tokens[first].start:p.tokens[last].end]
	panic(t.span().fault(Syntax, word, near))
}

// take steps over a token of the given kind or fails.
func (p *parser) take(k tokenKind) {
	if p.kind() != k {
		p.fail()
	}
	p.at++
}

// skip steps over a token of the given kind if it is there.
func (p *parser) skip(k tokenKind) bool {
	if p.kind() != k {
		return false
	}
	p.at++
	return true
}

// keyword is the current word in upper case if this grammar reserves it, or "".
func (p *parser) keyword() string {
	if p.kind() != tokenWord {
		return ""
	}
	return p.keywordOf(p.text())
}

func (p *parser) keywordOf(word string) string {
	if p.condition {
		for _, k := range [...]string{"AND", "OR", "NOT", "IN", "BETWEEN"} {
			if foldEqual(word, k) {
				return k
			}
		}
	}
	if p.update {
		for _, k := range clauseText {
			if foldEqual(word, k) {
				return k
			}
		}
	}
	return ""
}

// foldEqual compares word with an upper-case ASCII keyword in any case.
func foldEqual(word, upper string) bool {
	if len(word) != len(upper) {
		return false
	}
	for i := range len(word) {
		if c := word[i]; c != upper[i] && c != upper[i]|0x20 {
			return false
		}
	}
	return true
}

// operator steps over the current token and counts it as an operator.
func (p *parser) operator() {
	p.operators++
	if p.operators == MaxOperators+1 {
		p.excess = p.start()
	}
	p.at++
}

// skipKeyword steps over the keyword if it is there.
func (p *parser) skipKeyword(k string) bool {
	if p.keyword() != k {
		return false
	}
	p.at++
	return true
}

// open steps over "(", one level deeper, and returns its token index for close.
func (p *parser) open() int {
	at := p.at
	p.take(tokenOpen)
	p.descend(at)
	return at
}

func (p *parser) descend(at int) {
	p.depth++
	if p.depth > maxNesting {
		panic(p.tokens[at].span().fault(RedundantParens))
	}
}

// close steps over ")" and notes whether the pair holds nothing but another
// pair. The outermost and leftmost such pair is the one reported.
func (p *parser) close(open int) {
	shut := p.at
	p.take(tokenClose)
	p.depth--
	if p.lastOpen == open+1 && p.lastClose == shut-1 {
		pair := span{int(p.tokens[open].start), int(p.tokens[shut].end)}
		if p.redundant == nil || pair.start < p.redundant.Offset {
			p.redundant = pair.fault(RedundantParens)
		}
	}
	p.lastOpen, p.lastClose = open, shut
}

// operand reads a path, a value, a call or one of these in parentheses; in an
// update the parentheses may hold arithmetic.
func (p *parser) operand() Operand {
	switch p.kind() {
	case tokenOpen:
		open := p.open()
		var o Operand
		if p.update {
			o = p.arithmetic()
		} else {
			o = p.operand()
		}
		p.close(open)
		return o
	case tokenValue:
		return p.literal()
	case tokenWord:
		if p.tokens[p.at+1].kind == tokenOpen && p.keyword() == "" {
			return p.call()
		}
	}
	return p.path()
}

func (p *parser) literal() *Literal {
	start, name := p.start(), p.text()
	p.take(tokenValue)
	return &Literal{span: span{start, p.stop()}, Name: name}
}

func (p *parser) call() *Call {
	c := &Call{span: span{start: p.start()}, Name: p.text()}
	p.at++
	p.descend(p.at)
	p.take(tokenOpen)
	c.Args = p.list()
	p.take(tokenClose)
	p.depth--
	c.stop = p.stop()
	return c
}

// list reads one or more operands with commas between them.
func (p *parser) list() []Operand {
	list := []Operand{p.operand()}
	for p.skip(tokenComma) {
		list = append(list, p.operand())
	}
	return list
}

func (p *parser) path() *Path {
	n := &Path{span: span{start: p.start()}, Steps: make([]Step, 0, 2)}
	n.Steps = append(n.Steps, p.name())
	for {
		switch {
		case p.skip(tokenDot):
			n.Steps = append(n.Steps, p.name())
		case p.kind() == tokenIndexOpen:
			n.Steps = append(n.Steps, p.index())
		default:
			n.stop = p.stop()
			return n
		}
	}
}

func (p *parser) name() Step {
	if p.kind() != tokenName && (p.kind() != tokenWord || p.keyword() != "") {
		p.fail()
	}
	s := Step{Name: p.text(), at: span{start: p.start()}}
	p.at++
	s.at.stop = p.stop()
	return s
}

func (p *parser) index() Step {
	s := Step{at: span{start: p.start()}}
	p.take(tokenIndexOpen)
	digits := p.tokens[p.at]
	p.take(tokenDigits)
	p.take(tokenIndexClose)
	s.at.stop = p.stop()
	text := p.src[digits.start:digits.end]
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n > maxIndex {
		panic(digits.span().fault(IndexRange, text))
	}
	s.Index = int(n)
	return s
}
