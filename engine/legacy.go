package engine

import (
	"slices"
	"sort"
	"strconv"
	"strings"

	"github.com/sortkey/sortkey/engine/attr"
	"github.com/sortkey/sortkey/engine/expr"
)

// legacy are the parameters that expressions have replaced. They are checked
// by rules of their own and then lowered to the trees that expressions are
// parsed to, so nothing behind this file knows of them but some texts.
type legacy struct {
	expected, filter, keys conditions
	filterName             string // QueryFilter or ScanFilter
	operator               text   // ConditionalOperator
	updates                map[string]*valueUpdate
	updated                []string // their names in order
	updatesSet             bool
	get                    []string // AttributesToGet
	getSet                 bool
}

// conditions is an Expected, QueryFilter, ScanFilter or KeyConditions.
type conditions struct {
	set   bool
	by    map[string]*legacyCondition
	names []string // in order
}

// legacyCondition is an ExpectedAttributeValue or a Condition.
type legacyCondition struct {
	name     string
	value    attr.Value
	valueSet bool
	exists   flag
	operator text
	list     []attr.Value
	listSet  bool
	bad      error // the first broken value rule
}

// valueUpdate is one AttributeValueUpdate.
type valueUpdate struct {
	action   text
	value    attr.Value
	valueSet bool
	bad      error
}

func (e *expressions) readLegacy(w wire, name string) error {
	if e.legacy == nil {
		e.legacy = &legacy{}
	}
	l := e.legacy
	switch name {
	case "Expected":
		return w.conditions(&l.expected, "ExpectedAttributeValue")
	case "KeyConditions":
		return w.conditions(&l.keys, "Condition")
	case "QueryFilter", "ScanFilter":
		l.filterName = name
		return w.conditions(&l.filter, "Condition")
	case "AttributeUpdates":
		return l.readUpdates(w)
	case "AttributesToGet":
		l.getSet = true
		return w.texts(&l.get)
	}
	return w.text(&l.operator)
}

// conditions reads a map of conditions, all of one structure.
func (w wire) conditions(c *conditions, structure string) error {
	*c = conditions{set: true, by: map[string]*legacyCondition{}}
	err := w.mapping(javaPackage+structure, func(w wire, name string) error {
		k := &legacyCondition{name: name}
		err := w.structure(structure, func(w wire, member string) error {
			return k.member(w, member, structure == "ExpectedAttributeValue")
		})
		if c.by[name] == nil {
			c.names = append(c.names, name)
		}
		c.by[name] = k // the last of equal names counts
		return err
	})
	sort.Strings(c.names)
	return err
}

func (k *legacyCondition) member(w wire, name string, expected bool) error {
	switch {
	case name == "ComparisonOperator":
		return w.text(&k.operator)
	case name == "AttributeValueList":
		k.listSet, k.list = true, nil
		return w.array(func(w wire) error {
			var v attr.Value
			err := w.value(&v, &k.bad)
			k.list = append(k.list, v)
			return err
		})
	case name == "Value" && expected:
		k.valueSet = true
		return w.value(&k.value, &k.bad)
	case name == "Exists" && expected:
		return w.flag(&k.exists)
	}
	return w.unknown()
}

// value reads one attribute value and keeps the first broken rule in bad.
func (w wire) value(v *attr.Value, bad *error) error {
	var broken, err error
	*v, broken, err = w.AttributeValue()
	if *bad == nil {
		*bad = broken
	}
	return serializationError(err)
}

func (l *legacy) readUpdates(w wire) error {
	l.updatesSet, l.updates, l.updated = true, map[string]*valueUpdate{}, nil
	err := w.mapping(javaPackage+"AttributeValueUpdate", func(w wire, name string) error {
		u := &valueUpdate{}
		err := w.structure("AttributeValueUpdate", func(w wire, member string) error {
			switch member {
			case "Action":
				return w.text(&u.action)
			case "Value":
				u.valueSet = true
				return w.value(&u.value, &u.bad)
			}
			return w.unknown()
		})
		if l.updates[name] == nil {
			l.updated = append(l.updated, name)
		}
		l.updates[name] = u
		return err
	})
	sort.Strings(l.updated)
	return err
}

// constraints adds the model's constraints on the legacy parameters; path
// leads to the structure that has them.
func (l *legacy) constraints(c *constraints, path string) {
	if l == nil {
		return
	}
	if l.getSet {
		c.count(path+"attributesToGet", "["+strings.Join(l.get, ", ")+"]", len(l.get), 1, maxAttributesToGet)
		for i, name := range l.get {
			c.length(path+"attributesToGet."+strconv.Itoa(i+1)+".member", text{true, name}, 0, maxAttributeName)
		}
	}
	for _, name := range l.updated {
		c.enum(path+"attributeUpdates."+name+".member.action", l.updates[name].action, enumAttributeAction)
	}
	c.conditions(path+"expected.", &l.expected, false)
	c.conditions(path+"keyConditions.", &l.keys, true)
	if l.filter.set {
		c.conditions(path+strings.ToLower(l.filterName[:1])+l.filterName[1:]+".", &l.filter, true)
	}
	c.enum(path+"conditionalOperator", l.operator, enumConditionalOperator)
}

// maxAttributesToGet is how many names an AttributesToGet may have.
const maxAttributesToGet = 255

func (c *constraints) conditions(path string, list *conditions, operator bool) {
	for _, name := range list.names {
		k := list.by[name]
		at := path + name + ".member.comparisonOperator"
		if operator {
			c.required(at, k.operator.set)
		}
		c.enum(at, k.operator, enumComparisonOperator)
	}
}

// count checks the length of a list or map whose text is value.
func (c *constraints) count(path, value string, n, low, high int) {
	if n < low {
		c.add(quoted(value), path, "Member must have length greater than or equal to "+strconv.Itoa(low))
	} else if n > high {
		c.add(quoted(value), path, "Member must have length less than or equal to "+strconv.Itoa(high))
	}
}

// given lists the legacy parameters of the request that do not go together
// with its expressions. KeyConditions do, unless there is a
// KeyConditionExpression.
func (e *expressions) givenLegacy() []string {
	l := e.legacy
	if l == nil {
		return nil
	}
	return present([]member{
		{"AttributesToGet", l.getSet}, {"AttributeUpdates", l.updatesSet}, {l.filterName, l.filter.set},
		{"Expected", l.expected.set}, {"ConditionalOperator", l.operator.set}, {"KeyConditions", l.keys.set && e.key.set},
	})
}

func (e *expressions) given() []string {
	return present([]member{
		{"UpdateExpression", e.update.set}, {"ProjectionExpression", e.projection.set}, {"FilterExpression", e.filter.set},
		{"ConditionExpression", e.condition.set}, {"KeyConditionExpression", e.key.set},
	})
}

// mixed refuses legacy parameters beside expressions.
func (e *expressions) mixed() error {
	if old, now := e.givenLegacy(), e.given(); len(old) > 0 && len(now) > 0 {
		return errMixed(old, now)
	}
	return nil
}

// member is a member of a request, and whether the request has it.
type member struct {
	name string
	set  bool
}

func present(list []member) []string {
	var names []string
	for _, m := range list {
		if m.set {
			names = append(names, m.name)
		}
	}
	return names
}

// values reports the first broken value rule in the legacy parameters.
func (l *legacy) values() error {
	if l == nil {
		return nil
	}
	for _, name := range l.updated {
		if bad := l.updates[name].bad; bad != nil {
			return errValue(bad)
		}
	}
	for _, c := range [...]*conditions{&l.expected, &l.filter, &l.keys} {
		for _, name := range c.names {
			if bad := c.by[name].bad; bad != nil {
				return errValue(bad)
			}
		}
	}
	return nil
}

// resolve checks the legacy parameters and lowers them into r.
func (l *legacy) resolve(r *resolved) error {
	if l == nil {
		return nil
	}
	var err error
	if l.getSet {
		if r.projection, err = lowerNames(l.get); err != nil {
			return err
		}
	}
	if len(l.updates) > 0 {
		if r.update, err = l.lowerUpdates(); err != nil {
			return err
		}
	}
	if err := l.checkOperator(); err != nil {
		return err
	}
	if r.condition, err = l.expected.lower(l.operator.v); err != nil {
		return err
	}
	if l.keys.set {
		if r.key, err = l.keys.lowerKeys(); err != nil {
			return err
		}
	}
	if l.filter.set {
		r.filter, err = l.filter.lower(l.operator.v)
	}
	return err
}

// checkOperator sees that a ConditionalOperator has something to join.
func (l *legacy) checkOperator() error {
	if !l.operator.set {
		return nil
	}
	switch len(l.expected.names) + len(l.filter.names) {
	case 0:
		return invalidValue(textOperatorAlone)
	case 1:
		return invalidValue(textOperatorOne)
	}
	return nil
}

func lowerNames(names []string) (*expr.Projection, error) {
	paths := make([]*expr.Path, len(names))
	for i, name := range names {
		if name == "" {
			return nil, errEmptyName()
		}
		if slices.Contains(names[:i], name) {
			return nil, errDuplicateName(name)
		}
		paths[i] = attribute(name)
	}
	return expr.NewProjection(paths)
}

// attribute is a path of one name, dots and all.
func attribute(name string) *expr.Path { return expr.Attribute(attr.Path{{Name: name}}) }
