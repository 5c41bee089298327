package engine

import "github.com/sortkey/sortkey/engine/attr"

// expressions are the expression members of a request with their names and
// values, and the legacy parameters that stand in their place.
type expressions struct {
	condition, filter, key, projection, update text
	names                                      map[string]string
	nameOrder                                  []string
	namesSet                                   bool
	values                                     attributes
	legacy                                     *legacy // nil where the request has none
	bareNull                                   bool    // report a false NULL among the values without saying so
}

// slot is where the text of an expression member goes, nil for a legacy
// parameter.
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

// member reads the member if it is one of allowed, which are expressions and
// legacy parameters, or goes with them; any other is unknown. An operation
// that has nothing but a projection takes no values.
func (e *expressions) member(w wire, name string, allowed ...string) error {
	takesValues := false
	for _, a := range allowed {
		slot := e.slot(a)
		takesValues = takesValues || slot != nil && slot != &e.projection
		switch {
		case a != name:
		case slot != nil:
			return w.text(slot)
		default:
			return e.readLegacy(w, name)
		}
	}
	switch {
	case name == "ExpressionAttributeNames":
		return e.readNames(w)
	case name == "ExpressionAttributeValues" && takesValues:
		return w.values(&e.values)
	}
	return w.unknown()
}

func (e *expressions) readNames(w wire) error {
	e.namesSet, e.names, e.nameOrder = true, map[string]string{}, nil
	return w.mapping("java.lang.String", func(w wire, key string) error {
		s, err := w.Str()
		if _, seen := e.names[key]; !seen {
			e.nameOrder = append(e.nameOrder, key)
		}
		e.names[key] = s
		return err
	})
}

// values reads expression attribute values, whose faults are reported with
// their names.
func (w wire) values(a *attributes) error {
	*a = attributes{set: true}
	members := make([]attr.Member, 0, 4)
	err := w.mapping(javaAttributeValue, func(w wire, name string) error {
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
