package engine

import (
	"strings"

	"github.com/sortkey/sortkey/engine/attr"
)

// policyCondition is one line of a Condition block: an operator, the key that
// it looks at, and the values it compares with.
type policyCondition struct {
	operator, key string
	values        []string
}

// compare are the operators that Sortkey decides: those of strings and ARNs.
var compare = map[string]func(value, s string) bool{
	"StringEquals":           func(value, s string) bool { return value == s },
	"StringEqualsIgnoreCase": strings.EqualFold,
	"StringLike":             wildcard,
	"ArnEquals":              wildcard,
	"ArnLike":                wildcard,
}

// negative are the operators that hold where the other does not.
var negative = map[string]string{
	"StringNotEquals": "StringEquals", "StringNotEqualsIgnoreCase": "StringEqualsIgnoreCase", "StringNotLike": "StringLike",
	"ArnNotEquals": "ArnEquals", "ArnNotLike": "ArnLike",
}

// undecided are IAM's other operators. A policy may have them where it allows.
var undecided = map[string]bool{
	"NumericEquals": true, "NumericNotEquals": true, "NumericLessThan": true, "NumericLessThanEquals": true,
	"NumericGreaterThan": true, "NumericGreaterThanEquals": true, "DateEquals": true, "DateNotEquals": true,
	"DateLessThan": true, "DateLessThanEquals": true, "DateGreaterThan": true, "DateGreaterThanEquals": true,
	"Bool": true, "BinaryEquals": true, "IpAddress": true, "NotIpAddress": true, "Null": true,
}

// contextKeys are the keys whose values a request has: lower case, as keys are
// compared without regard to case. ok is false where a request has none.
var contextKeys = map[string]func(q *question) (value string, ok bool){
	"aws:principalarn":            func(q *question) (string, bool) { return q.principal, true },
	"aws:principalaccount":        func(q *question) (string, bool) { return q.account, true },
	"aws:username":                func(q *question) (string, bool) { return q.user, q.user != "" },
	"aws:requestedregion":         func(q *question) (string, bool) { return q.region, true },
	"dynamodb:enclosingoperation": func(q *question) (string, bool) { return q.enclosing, q.enclosing != "" },
}

func (s *statement) readConditions(w wire) error {
	return w.policyObject(func(w wire, operator string) error {
		return w.policyObject(func(w wire, key string) error {
			values, err := w.scalars(operator)
			s.conditions = append(s.conditions, policyCondition{operator, key, values})
			return err
		})
	})
}

// scalars reads the values of a condition: strings, numbers and truth values.
func (w wire) scalars(operator string) ([]string, error) {
	scalar := func() (string, error) {
		switch w.Peek() {
		case attr.TokenString:
			return w.Str()
		case attr.TokenNumber:
			return w.Number()
		case attr.TokenTrue:
			return "true", w.Skip()
		case attr.TokenFalse:
			return "false", w.Skip()
		}
		return "", errPolicy("a value of " + operator + " is not a string")
	}
	if w.Peek() != attr.TokenArray {
		s, err := scalar()
		return []string{s}, policyFault(err)
	}
	var list []string
	err := w.Array(func(int) error {
		s, err := scalar()
		list = append(list, s)
		return err
	})
	return list, policyFault(err)
}

// checkConditions refuses operators that IAM does not have and, in a statement
// that denies, conditions that Sortkey cannot decide: to pass over one would
// deny too much or too little.
func (s *statement) checkConditions() error {
	for _, c := range s.conditions {
		operator, set := c.operator, false
		for _, prefix := range []string{"ForAllValues:", "ForAnyValue:"} {
			if rest, ok := strings.CutPrefix(operator, prefix); ok {
				operator, set = rest, true
			}
		}
		operator = strings.TrimSuffix(operator, "IfExists")
		decided := compare[operator] != nil || negative[operator] != ""
		switch {
		case !decided && !undecided[operator]:
			return errPolicy("there is no condition operator " + c.operator)
		case len(c.values) == 0:
			return errPolicy(c.operator + " has no values")
		case !s.deny:
		case !decided || set:
			return errNotBuilt("the condition operator " + c.operator + " in a statement that denies")
		case contextKeys[strings.ToLower(c.key)] == nil:
			return errNotBuilt("the condition key " + c.key + " in a statement that denies")
		case strings.Contains(strings.Join(c.values, " "), "${"):
			return errNotBuilt("policy variables in a statement that denies")
		}
	}
	return nil
}

// holds reports whether all conditions of a statement hold.
func (s *statement) holds(q *question) bool {
	for i := range s.conditions {
		if !s.conditions[i].holds(q) {
			return false
		}
	}
	return true
}

// holds reports whether one condition holds: one of its values fits, for a
// negative operator none of them. A key that the request lacks fits nothing,
// and with IfExists everything.
func (c *policyCondition) holds(q *question) bool {
	operator, ifExists := strings.CutSuffix(c.operator, "IfExists")
	positive, not := negative[operator]
	if !not {
		positive = operator
	}
	value, ok := contextKeys[strings.ToLower(c.key)](q)
	if !ok {
		return ifExists || not
	}
	for _, v := range c.values {
		if compare[positive](v, value) {
			return !not
		}
	}
	return not
}
