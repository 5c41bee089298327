package engine

import (
	"math"
	"strconv"
	"strings"

	"github.com/sortkey/sortkey/engine/attr"
)

// maxDepth bounds the nesting of a request body. An attribute value may nest
// 32 levels, two JSON objects each, and requests add a few of their own; what
// goes deeper than that is reported as a nesting error by the value rules, so
// the scanner leaves room beyond it.
const maxDepth = 192

// wire reads the members of one request. Every method returns a
// SerializationException as its error; broken value rules are kept for the
// validation step, which reports them in its own order.
type wire struct {
	*attr.Scanner
	watch *watch // nil unless observed
}

// fields reads a whole body as one object and hands each member to field;
// members that field does not know must be skipped by it. A null member counts
// as absent.
func (x *exchange) fields(field func(w wire, name string) error) error {
	x.s.scanner.Reset(x.body, maxDepth)
	w := wire{Scanner: &x.s.scanner}
	if x.trace != nil {
		w.watch = &watch{trace: x.trace, body: x.body}
	}
	if w.Peek() != attr.TokenObject {
		return serializationError(&attr.Error{Kind: attr.Syntax})
	}
	if err := w.object(field); err != nil {
		return err
	}
	return serializationError(w.End())
}

// structure reads the service's structure of that name, leaving out nulls.
// Members that it does not have are for field to pass to unknown.
func (w wire) structure(name string, field func(w wire, member string) error) error {
	if w.Peek() != attr.TokenObject {
		return serializationError(w.Wrong(name))
	}
	return w.object(field)
}

// mapping reads a map whose values are of that type of the service, leaving
// out nulls.
func (w wire) mapping(value string, each func(w wire, key string) error) error {
	if w.Peek() == attr.TokenObject {
		return w.object(each)
	}
	err := w.Wrong("Map")
	if e, ok := err.(*attr.Error); ok && e.Kind == attr.Collection {
		e.Want = "Map<" + value + ">"
	}
	return serializationError(err)
}

// object reads an object member by member, leaving out nulls.
func (w wire) object(field func(w wire, name string) error) error {
	return serializationError(w.Object(func(name string) error {
		if w.Peek() == attr.TokenNull {
			return w.Skip()
		}
		w.watch.enter(name)
		err := field(w, name)
		w.watch.leave()
		return err
	}))
}

// array reads an array, leaving out nulls.
func (w wire) array(each func(w wire) error) error {
	return serializationError(w.Array(func(i int) error {
		if w.Peek() == attr.TokenNull {
			return w.Skip()
		}
		w.watch.enterElement(i)
		err := each(w)
		w.watch.leave()
		return err
	}))
}

func (w wire) text(t *text) error {
	s, err := w.Str()
	*t = text{true, s}
	return serializationError(err)
}

func (w wire) flag(f *flag) error {
	v, err := w.Bool()
	*f = flag{true, v}
	return serializationError(err)
}

// integer reads a JSON number as a 64-bit integer; a fraction is cut off, as
// the service does with a DECIMAL_VALUE.
func (w wire) integer(n *integer) error {
	raw, err := w.Number()
	if err != nil {
		return serializationError(err)
	}
	*n = integer{true, truncate(raw)}
	return nil
}

// long reads a number that the service keeps in 64 bits; the difference is in
// the words for what is no number.
func (w wire) long(n *integer) error {
	if w.Peek() == attr.TokenNumber {
		return w.integer(n)
	}
	return serializationError(w.Wrong("Long"))
}

// truncate reads the integer part of a JSON number, saturating.
func truncate(raw string) int64 {
	whole := raw
	if strings.ContainsAny(raw, "eE.") {
		n, err := attr.ParseNumber(raw)
		if err == nil {
			whole, _, _ = strings.Cut(n.String(), ".")
		}
	}
	v, err := strconv.ParseInt(whole, 10, 64)
	if err != nil && strings.HasPrefix(raw, "-") {
		return math.MinInt64
	}
	if err != nil {
		return math.MaxInt64
	}
	return v
}

// texts reads a list of strings.
func (w wire) texts(list *[]string) error {
	*list = []string{}
	return w.array(func(w wire) error {
		s, err := w.Str()
		*list = append(*list, s)
		return err
	})
}

// attributes is a map of attribute values as read: the members, and the first
// broken value rule.
type attributes struct {
	set  bool
	m    attr.Map
	item *attr.Item // of them, where they are to be stored and nothing is broken
	bad  error
	key  string // of expression values: the member the broken rule is in
}

// stored reads the attributes of an item that is to be stored. The map is not
// kept beyond the request.
func (w wire) stored(a *attributes) error {
	a.set = true
	var err error
	a.m, a.item, a.bad, err = w.Item()
	return serializationError(err)
}

// lent reads attributes that are not kept beyond the request.
func (w wire) lent(a *attributes) error {
	a.set = true
	var err error
	a.m, a.bad, err = w.Lend()
	return serializationError(err)
}

func (w wire) attributes(a *attributes) error {
	a.set = true
	var err error
	a.m, a.bad, err = w.Attributes()
	return serializationError(err)
}

// timestamp reads seconds since 1970 with a fraction, to the millisecond, as
// nanoseconds. What the clock cannot show comes as its first or last instant.
func (w wire) timestamp(nanos *int64) error {
	if w.Peek() != attr.TokenNumber {
		return serializationError(w.Wrong("Date"))
	}
	raw, err := w.Number()
	if err != nil {
		return serializationError(err)
	}
	const last = math.MaxInt64 / int64(1e9)
	seconds := truncate(raw)
	if n, err := attr.ParseNumber(raw); err == nil {
		_, fraction, _ := strings.Cut(n.String(), ".")
		ms, _ := strconv.ParseInt((fraction + "000")[:3], 10, 64)
		*nanos = ms * 1e6
	}
	*nanos += max(0, min(seconds, last-1)) * 1e9
	return nil
}
