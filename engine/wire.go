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
}

// fields reads a whole body as one object and hands each member to field;
// members that field does not know must be skipped by it. A null member counts
// as absent.
func (x *exchange) fields(field func(w wire, name string) error) error {
	x.s.scanner.Reset(x.body, maxDepth)
	w := wire{&x.s.scanner}
	if w.Peek() != attr.TokenObject {
		return serializationError(&attr.Error{Kind: attr.Syntax})
	}
	if err := w.object(field); err != nil {
		return err
	}
	return serializationError(w.End())
}

// object reads an object member by member, leaving out nulls.
func (w wire) object(field func(w wire, name string) error) error {
	return serializationError(w.Object(func(name string) error {
		if w.Peek() == attr.TokenNull {
			return w.Skip()
		}
		return field(w, name)
	}))
}

// array reads an array, leaving out nulls.
func (w wire) array(each func(w wire) error) error {
	return serializationError(w.Array(func(int) error {
		if w.Peek() == attr.TokenNull {
			return w.Skip()
		}
		return each(w)
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
	set bool
	m   attr.Map
	bad error
	key string // of expression values: the member the broken rule is in
}

func (w wire) attributes(a *attributes) error {
	a.set = true
	var err error
	a.m, a.bad, err = w.Attributes()
	return serializationError(err)
}

// values reads expression attribute values, whose faults are reported with
// their names.
func (w wire) values(a *attributes) error {
	a.set = true
	if w.Peek() != attr.TokenObject {
		return serializationError(w.Wrong("Map"))
	}
	members := make([]attr.Member, 0, 4)
	err := w.object(func(w wire, name string) error {
		v, bad, err := w.AttributeValue()
		if bad != nil && a.bad == nil {
			a.bad, a.key = bad, name
		}
		members = append(members, attr.Member{Name: name, Value: v})
		return err
	})
	a.m = attr.SortMap(members)
	return err
}

// expressions are the expression members of a request with their names and
// values.
type expressions struct {
	condition, filter, key, projection, update text
	names                                      map[string]string
	nameOrder                                  []string
	namesSet                                   bool
	values                                     attributes
}

// slot is where the text of an expression member goes.
func (e *expressions) slot(member string) *text {
	switch member {
	case "ConditionExpression":
		return &e.condition
	case "FilterExpression":
		return &e.filter
	case "KeyConditionExpression":
		return &e.key
	case "ProjectionExpression":
		return &e.projection
	case "UpdateExpression":
		return &e.update
	}
	return nil
}

// member reads the member if it is one of the expression members in allowed
// or goes with them; other operations' expressions are unknown members.
func (e *expressions) member(w wire, name string, allowed ...string) error {
	for _, a := range allowed {
		if a == name {
			return w.text(e.slot(name))
		}
	}
	switch name {
	case "ExpressionAttributeNames":
		return e.readNames(w)
	case "ExpressionAttributeValues":
		return w.values(&e.values)
	}
	return w.Skip()
}

func (e *expressions) readNames(w wire) error {
	e.namesSet, e.names = true, map[string]string{}
	return w.object(func(w wire, key string) error {
		s, err := w.Str()
		if _, seen := e.names[key]; !seen {
			e.nameOrder = append(e.nameOrder, key)
		}
		e.names[key] = s
		return err
	})
}
