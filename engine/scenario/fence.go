package scenario

import (
	"encoding/base64"
	"strings"

	"github.com/sortkey/sortkey/engine"
)

// fence is the line that opens a fenced block.
type fence struct {
	indent int
	mark   byte // ` or ~
	length int
	info   string
}

// openFence recognises a line of at most three spaces, at least three marks, and an info text.
func openFence(line string) (f fence, ok bool) {
	rest := strings.TrimLeft(line, " ")
	f.indent = len(line) - len(rest)
	if f.indent > 3 || rest == "" || rest[0] != '`' && rest[0] != '~' {
		return f, false
	}
	f.mark = rest[0]
	f.length = run(rest, f.mark)
	f.info = strings.TrimSpace(rest[f.length:])
	return f, f.length >= 3 && (f.mark == '~' || !strings.Contains(f.info, "`"))
}

func (f fence) closes(line string) bool {
	g, ok := openFence(line)
	return ok && g.mark == f.mark && g.length >= f.length && g.info == ""
}

// run counts how often the byte c begins s.
func run(s string, c byte) int {
	n := 0
	for n < len(s) && s[n] == c {
		n++
	}
	return n
}

var fenceWords = map[string]BlockKind{"dynamodb": Requests, "clock": Ticks, "view": View}

func (k BlockKind) word() string {
	switch k {
	case Requests:
		return "dynamodb"
	case Ticks:
		return "clock"
	case View:
		return "view"
	}
	return ""
}

// blocks reads everything after the header. Fences in other languages are prose; what stands inside them is never
// read as a block of ours.
func (r *reader) blocks(d *Document) *Error {
	prose, no := span{int32(min(r.pos, len(r.src))), 0}, r.no
	for {
		l, ok := r.line()
		if !ok {
			prose.to = int32(len(r.src))
			r.addProse(d, prose, no)
			return nil
		}
		f, ok := openFence(l.of(r.src))
		if !ok {
			continue
		}
		word, rest, _ := strings.Cut(f.info, " ")
		kind := fenceWords[word]
		if kind == 0 {
			r.body(f)
			continue
		}
		prose.to = l.from
		r.addProse(d, prose, no)
		if err := r.block(d, f, l, kind, rest); err != nil {
			return err
		}
		prose.from, no = int32(min(r.pos, len(r.src))), r.no
	}
}

// body takes the lines up to the closing fence; closed is false when the text ends first.
func (r *reader) body(f fence) (body span, closed bool) {
	body = span{int32(min(r.pos, len(r.src))), int32(min(r.pos, len(r.src)))}
	for {
		l, ok := r.line()
		if !ok {
			return body, false
		}
		if f.closes(l.of(r.src)) {
			return body, true
		}
		body.to = l.to
	}
}

func (r *reader) block(d *Document, f fence, l span, kind BlockKind, info string) *Error {
	if f.indent > 0 {
		return r.fail(Syntax, l, "a ", kind.word(), " block begins at the left edge: expected no spaces before the fence")
	}
	attributes, problem := parseAttributes(info)
	if problem == "" {
		problem = kind.problem(attributes)
	}
	if problem != "" {
		return r.fail(Syntax, l, problem)
	}
	no := r.no + 1
	body, closed := r.body(f)
	if !closed {
		return r.fail(Syntax, l, "this block is never closed: expected a line of ", strings.Repeat(string(f.mark), f.length))
	}
	d.Blocks = append(d.Blocks, Block{Kind: kind, Attributes: attributes, Text: body.of(r.src), Line: no})
	r.spans = append(r.spans, body)
	return nil
}

// addProse adds the text between two blocks of ours; no lines stand before it.
func (r *reader) addProse(d *Document, at span, no int) {
	text := at.of(r.src)
	trimmed := trimBlankLines(text)
	if trimmed == "" {
		return
	}
	blank := text[:strings.Index(text, trimmed)]
	d.Blocks = append(d.Blocks, Block{Kind: Prose, Text: trimmed, Line: no + 1 + strings.Count(blank, "\n")})
	r.spans = append(r.spans, at)
}

// trimBlankLines removes the lines of nothing but white space at both ends, and the last newline.
func trimBlankLines(s string) string {
	for {
		line, rest, more := strings.Cut(s, "\n")
		if strings.Trim(line, " \t\v\f") != "" {
			break
		}
		if !more {
			return ""
		}
		s = rest
	}
	end := len(strings.TrimRight(s, " \t\n\v\f"))
	if n := strings.IndexByte(s[end:], '\n'); n >= 0 {
		return s[:end+n]
	}
	return s
}

// problem tells what is wrong with the attributes of a fence line. Those of a view belong to the page and may be any.
func (k BlockKind) problem(list Attributes) string {
	for _, a := range list {
		switch {
		case k == View || strings.HasPrefix(a.Name, "x-") || k == Requests && a.Name == "caller":
		case k == Requests && a.Name == "region":
			if !isRegion(a.Value) {
				return "a region is a name such as eu-west-1"
			}
		case k == Requests && a.Name == "hold":
			if !engine.ValidHold(a.Value) {
				return holdName
			}
		case k == Requests && a.Name == "encoding":
			if a.Value != "base64" {
				return "the one encoding is base64"
			}
		default:
			return "a " + k.word() + " block has no attribute " + a.Name
		}
	}
	return ""
}

// parseAttributes reads name=value pairs; a value in double quotes is a JSON string.
func parseAttributes(info string) (list Attributes, problem string) {
	const shape = "expected attributes such as region=eu-west-1"
	for info = strings.TrimSpace(info); info != ""; info = strings.TrimLeft(info, " \t") {
		name, rest, ok := strings.Cut(info, "=")
		if !ok || !isAttributeName(name) {
			return nil, shape
		}
		if list.has(name) || len(list) == maxAttributes {
			return nil, "expected attributes of different names, at most " + itoa(maxAttributes)
		}
		n := strings.IndexAny(rest, " \t")
		if strings.HasPrefix(rest, `"`) {
			lex := lexer{src: rest, end: len(rest)}
			n = lex.next().end
		} else if n < 0 {
			n = len(rest)
		}
		value := rest[:n]
		if strings.HasPrefix(value, `"`) {
			if value, ok = unquoteAll(value); !ok {
				return nil, shape
			}
		}
		list, info = append(list, Attribute{name, value}), rest[n:]
	}
	return list, ""
}

// writeFence writes a block of ours; the fence is longer than any the text contains.
func (b *Block) writeFence(w *strings.Builder) {
	text := newlines(b.Text)
	marks := 3
	for line := range strings.Lines(text) {
		if f, ok := openFence(strings.TrimSuffix(line, "\n")); ok && f.mark == '`' {
			marks = max(marks, f.length+1)
		}
	}
	fence := strings.Repeat("`", marks)
	w.WriteString(fence + b.Kind.word())
	for _, a := range b.Attributes {
		w.WriteString(" " + a.Name + "=" + bareOrQuoted(a.Value))
	}
	w.WriteString("\n" + text)
	if text != "" {
		w.WriteString("\n")
	}
	w.WriteString(fence + "\n")
}

func bareOrQuoted(value string) string {
	if value != "" && allWord(value) {
		return value
	}
	return quote(value)
}

// encodedRequests reads a block with encoding=base64, for bodies that the notation cannot carry because they are not
// JSON objects: lines of an operation and the body's bytes.
func encodedRequests(src string, body span, most int) (list []Request, err *Error) {
	for r := (reader{src: src[:body.to], pos: int(body.from)}); ; {
		l, ok := r.line()
		if !ok {
			return list, nil
		}
		if strings.TrimSpace(l.of(src)) == "" {
			continue
		}
		if len(list) == most {
			return nil, errorAt(TooMany, src, int(l.from), int(l.to), "too many requests: at most ", itoa(MaxSteps), " steps are read")
		}
		word, text, _ := strings.Cut(strings.TrimSpace(l.of(src)), " ")
		decoded, bad := base64.StdEncoding.DecodeString(strings.TrimSpace(text))
		if bad != nil || !isOperation(word) {
			return nil, errorAt(Syntax, src, int(l.from), int(l.to), "expected an operation and its body in base64")
		}
		list = append(list, Request{Operation: word, Body: decoded, Start: int(l.from), End: int(l.to), source: src})
	}
}

// newEncoded makes such a block of one request.
func newEncoded(region string, r Request) Block {
	return Block{
		Kind:       Requests,
		Attributes: Attributes(nil).With("region", region).With("encoding", "base64"),
		Text:       r.Operation + " " + base64.StdEncoding.EncodeToString(r.Body),
		Requests:   []Request{r},
	}
}
