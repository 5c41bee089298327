package scenario

import (
	"strings"

	"github.com/sortkey/sortkey/engine"
)

// Request is one request of the notation: an operation word and a body.
type Request struct {
	Operation  string // "Query", or a full target such as "AnyScaleFrontendService.DescribeScalingPolicies"
	Body       []byte // one JSON object without white space; members in the order, strings and numbers in the spelling of the text
	Start, End int    // byte offsets of the request in the text it was read from
	source     string // that text
}

// ParseRequest reads exactly one request. src is at most MaxText bytes; errors are *[Error].
func ParseRequest(src string) (Request, error) {
	list, err := ParseRequests(src)
	switch {
	case err != nil:
		return Request{}, err
	case len(list) == 0:
		return Request{}, errorAt(Syntax, src, len(src), len(src), "expected an operation such as Query and then {, found nothing")
	case len(list) > 1:
		return Request{}, errorAt(Syntax, src, list[1].Start, list[1].End, "expected one request, found another after it")
	}
	return list[0], nil
}

// ParseRequests reads any number of requests, none included, that follow each other in one text.
func ParseRequests(src string) ([]Request, error) {
	if len(src) > MaxText {
		return nil, plainError(TooLarge, "this text is too large: ", itoa(len(src)), " bytes, at most ", itoa(MaxText), " are read")
	}
	list, err := parseRequests(src, 0, len(src), MaxSteps)
	if err != nil {
		return nil, err
	}
	return list, nil
}

// parseRequests reads the requests of src[from:to]; places count in the whole of src.
func parseRequests(src string, from, to, most int) ([]Request, *Error) {
	var list []Request
	p := newParser(src, from, to)
	for p.tok.kind != tokEnd {
		if len(list) == most {
			return nil, errorAt(TooMany, src, p.tok.start, p.tok.end, "too many requests: at most ", itoa(MaxSteps), " steps are read")
		}
		var body node
		word, err := p.request(&body)
		if err != nil {
			return nil, err
		}
		p.takePending()
		list = append(list, Request{
			Operation: word.of(src),
			Body:      appendJSON(make([]byte, 0, body.value.to-body.value.from), src, &body),
			Start:     int(word.from),
			End:       int(body.value.to),
			source:    src,
		})
	}
	return list, nil
}

// request reads an operation word and its object.
func (p *parser) request(body *node) (word span, err *Error) {
	word = p.tok.span()
	if p.tok.kind != tokWord || !isOperation(word.of(p.src())) {
		return word, p.fail("expected an operation such as Query and then {")
	}
	p.advance()
	if !p.at('{') {
		return word, p.fail("expected { after " + shorten(word.of(p.src())))
	}
	return word, p.value(body)
}

// isOperation accepts the words that can be an operation or a full target: letters, digits, dots and underscores.
func isOperation(word string) bool {
	return word != "" && len(word) <= 200 && isWordStart(word[0]) && word[0] != '_' && !strings.ContainsAny(word, "$-") &&
		word[len(word)-1] != '.' && allWord(word) && !isLiteral(word)
}

func allWord(s string) bool {
	for i := 0; i < len(s); i++ {
		if !isWord(s[i]) {
			return false
		}
	}
	return true
}

func shorten(s string) string {
	if len(s) > 40 {
		return s[:40] + "…"
	}
	return s
}

// Target is the X-Amz-Target of the request: the operation under the service that has it. A word with a dot is a
// target already.
func (r Request) Target() string { return engine.Target(r.Operation) }

// operationOf is the shortest word that engine.Target turns into target.
func operationOf(target string) string {
	_, word, _ := strings.Cut(target, ".")
	if word != "" && engine.Target(word) == target {
		return word
	}
	return target
}

// Source is the text of the request as it was written.
func (r Request) Source() string { return r.source[r.Start:r.End] }

// Locate finds the place in the text that a byte offset of a member's value came from. path names the members from
// the body inwards, list elements by their index in decimal; of equal names the last counts. The offset counts the
// decoded bytes of a string value, its length meaning the closing quote; for any other value it must be 0. A
// request that was not read from a text has no places.
func (r Request) Locate(path []string, offset int) (pos Position, ok bool) {
	n, ok := r.find(path)
	if !ok {
		return Position{}, false
	}
	if n.kind != stringNode {
		return positionAt(r.source, int(n.value.from)), offset == 0
	}
	at, ok := rawOffset(n.value.of(r.source), offset)
	return positionAt(r.source, int(n.value.from)+at), ok
}

// LocateName finds the name of the member at path, the opening quote included.
func (r Request) LocateName(path []string) (pos Position, ok bool) {
	n, ok := r.find(path)
	if !ok || n.name.empty() {
		return Position{}, false
	}
	return positionAt(r.source, int(n.name.from)), true
}

func (r Request) find(path []string) (*node, bool) {
	if r.source == "" {
		return nil, false
	}
	n := &node{}
	if _, err := newParser(r.source, r.Start, r.End).request(n); err != nil {
		return nil, false
	}
	for _, step := range path {
		if n = n.kid(r.source, step); n == nil {
			return nil, false
		}
	}
	return n, true
}

func (n *node) kid(src, name string) *node {
	for i := len(n.kids) - 1; i >= 0; i-- {
		k := &n.kids[i]
		if n.kind == listNode && itoa(i) == name || n.kind == objectNode && unquote(k.name.of(src)) == name {
			return k
		}
	}
	return nil
}

// rawOffset maps an offset in the decoded string to the offset in its spelling. An offset within a character that is
// written as an escape leads to the escape.
func rawOffset(raw string, offset int) (at int, ok bool) {
	at, left := len(raw)-1, offset
	decoded(raw, func(i int, text string) bool {
		if left < len(text) {
			at = i
			return false
		}
		left -= len(text)
		return true
	})
	return at, offset >= 0 && (left == 0 || at < len(raw)-1)
}
