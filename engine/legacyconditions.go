package engine

import (
	"github.com/sortkey/sortkey/engine/attr"
	"github.com/sortkey/sortkey/engine/expr"
)

// comparison is what the service allows of one ComparisonOperator.
type comparison struct {
	low, high int // how many values it takes
	kinds     func(attr.Kind) bool
	key       bool // may stand in KeyConditions
}

var comparisons = map[string]comparison{
	"NULL": {0, 0, anyKind, false}, "NOT_NULL": {0, 0, anyKind, false},
	"EQ": {1, 1, anyKind, true}, "NE": {1, 1, anyKind, false},
	"LE": {1, 1, scalarKind, true}, "LT": {1, 1, scalarKind, true},
	"GE": {1, 1, scalarKind, true}, "GT": {1, 1, scalarKind, true},
	"CONTAINS": {1, 1, scalarKind, false}, "NOT_CONTAINS": {1, 1, scalarKind, false},
	"BEGINS_WITH": {1, 1, stringKind, true}, "IN": {1, 1 << 30, scalarKind, false}, "BETWEEN": {2, 2, scalarKind, true},
}

func anyKind(attr.Kind) bool      { return true }
func scalarKind(k attr.Kind) bool { return k == attr.S || k == attr.N || k == attr.B }
func stringKind(k attr.Kind) bool { return k == attr.S || k == attr.B }

// lower checks the conditions and joins them; nil for none.
func (c *conditions) lower(operator string) (*expr.Condition, error) {
	var terms []expr.Cond
	for _, name := range c.names {
		k := c.by[name]
		if err := k.check(); err != nil {
			return nil, err
		}
		terms = append(terms, k.lower())
	}
	return joined(terms, operator == "OR"), nil
}

func joined(terms []expr.Cond, or bool) *expr.Condition {
	switch {
	case len(terms) == 0:
		return nil
	case len(terms) == 1:
		return expr.NewCondition(terms[0])
	case or:
		return expr.NewCondition(&expr.Or{Terms: terms})
	}
	return expr.NewCondition(&expr.And{Terms: terms})
}

// lowerKeys lowers KeyConditions, which are restricted to what a key can be
// searched by.
func (c *conditions) lowerKeys() (*expr.Condition, error) {
	if len(c.names) == 0 {
		return nil, invalid(textKeyConditionCount)
	}
	for _, name := range c.names {
		k := c.by[name]
		if err := k.check(); err != nil {
			return nil, err
		}
		if !comparisons[k.operator.v].key {
			return nil, invalid(textNotIndexable)
		}
	}
	return c.lower("AND")
}

// check holds the rules of one condition.
func (k *legacyCondition) check() error {
	if k.name == "" {
		return errEmptyName()
	}
	if err := k.checkMembers(); err != nil {
		return err
	}
	if !k.operator.set {
		return nil
	}
	return k.checkArguments()
}

// checkMembers sees that the members of an ExpectedAttributeValue agree.
func (k *legacyCondition) checkMembers() error {
	takesNone := k.operator.v == "NULL" || k.operator.v == "NOT_NULL"
	var text string
	switch {
	case k.valueSet && k.listSet:
		text = textValueAndList
	case k.exists.set && k.operator.set:
		text = textExistsAndOperator
	case k.listSet && !k.operator.set:
		text = textListWithoutOperator
	case k.operator.set && !takesNone && !k.valueSet && !k.listSet:
		text = textOperatorWithoutValue(k.operator.v)
	case k.operator.set:
	case k.exists.set && !k.exists.v && k.valueSet:
		text = textValueExistsFalse
	case (!k.exists.set || k.exists.v) && !k.valueSet:
		text = textValueMissing(k.exists.set)
	}
	if text == "" {
		return nil
	}
	return invalidValue(text + " for Attribute: " + k.name)
}

// arguments are the values that the operator compares with.
func (k *legacyCondition) arguments() []attr.Value {
	if k.valueSet {
		return []attr.Value{k.value}
	}
	return k.list
}

func (k *legacyCondition) checkArguments() error {
	op, args := k.operator.v, k.arguments()
	rule := comparisons[op]
	if len(args) < rule.low || len(args) > rule.high {
		return errArgumentCount(op)
	}
	for _, v := range args {
		if v.Kind() != args[0].Kind() {
			return invalidValue(textArgumentTypes)
		}
		if !rule.kinds(v.Kind()) {
			return errArgumentKind(op, v.Kind())
		}
	}
	if op == "BETWEEN" {
		if c, _ := attr.Compare(args[0], args[1]); c > 0 {
			return invalid(textBetweenOrder)
		}
	}
	return nil
}

var compareOps = map[string]expr.CompareOp{
	"EQ": expr.EQ, "NE": expr.NE, "LE": expr.LE, "LT": expr.LT, "GE": expr.GE, "GT": expr.GT,
}

// lower is the condition as an expression. A NOT_CONTAINS is false of a
// missing attribute, unlike NOT contains(…).
func (k *legacyCondition) lower() expr.Cond {
	x := attribute(k.name)
	operands := []expr.Operand{x}
	for _, v := range k.arguments() {
		operands = append(operands, expr.Constant(":"+k.name, v))
	}
	args := operands[1:]
	exists := &expr.Call{Name: "attribute_exists", Args: operands[:1]}
	call := func(name string) expr.Cond { return &expr.Call{Name: name, Args: operands} }
	switch k.operator.v {
	case "NOT_NULL":
		return exists
	case "NULL":
		return call("attribute_not_exists")
	case "CONTAINS":
		return call("contains")
	case "NOT_CONTAINS":
		return &expr.And{Terms: []expr.Cond{exists, &expr.Not{X: call("contains")}}}
	case "BEGINS_WITH":
		return call("begins_with")
	case "IN":
		return &expr.In{X: x, List: args}
	case "BETWEEN":
		return &expr.Between{X: x, Low: args[0], High: args[1]}
	case "":
		if !k.valueSet { // Exists is false
			return call("attribute_not_exists")
		}
	}
	return &expr.Compare{Op: compareOps[k.operator.v], Left: x, Right: args[0]}
}

// lowerUpdates checks AttributeUpdates and lowers them to the clauses of an
// update expression.
func (l *legacy) lowerUpdates() (*expr.Update, error) {
	actions := make([]*expr.Action, len(l.updated))
	for i, name := range l.updated {
		u := l.updates[name]
		if err := u.check(name); err != nil {
			return nil, err
		}
		actions[i] = u.lower(name)
	}
	return expr.NewUpdate(actions)
}

func (u *valueUpdate) check(name string) error {
	kind := u.value.Kind()
	isSet := kind == attr.SS || kind == attr.NS || kind == attr.BS
	switch {
	case name == "":
		return errEmptyName()
	case u.action.v != "DELETE" && !u.valueSet:
		return invalidValue(textOnlyDelete)
	case u.action.v == "DELETE" && u.valueSet && !isSet:
		return invalidValue("DELETE action with value is not supported for the type " + kind.String())
	case u.action.v == "ADD" && !isSet && kind != attr.N && kind != attr.L:
		return invalidValue("ADD action is not supported for the type " + kind.String())
	}
	return nil
}

// lower is the update as a clause. ADD of a list appends to the list that is
// there, or to none.
func (u *valueUpdate) lower(name string) *expr.Action {
	a := &expr.Action{Clause: expr.Set, Path: attribute(name), Value: expr.Constant(":"+name, u.value)}
	switch {
	case u.action.v == "DELETE" && !u.valueSet:
		a.Clause, a.Value = expr.Remove, nil
	case u.action.v == "DELETE":
		a.Clause = expr.Delete
	case u.action.v == "ADD" && u.value.Kind() == attr.L:
		there := &expr.Call{Name: "if_not_exists", Args: []expr.Operand{a.Path, expr.Constant(":none", attr.List(nil))}}
		a.Value = &expr.Call{Name: "list_append", Args: []expr.Operand{there, a.Value}}
	case u.action.v == "ADD":
		a.Clause = expr.Add
	}
	return a
}
