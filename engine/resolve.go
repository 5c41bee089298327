package engine

import (
	"strings"

	"github.com/sortkey/sortkey/engine/attr"
	"github.com/sortkey/sortkey/engine/expr"
)

// resolved are the parsed and resolved expressions of a request; nil where the
// request has none.
type resolved struct {
	condition, filter, key *expr.Condition
	projection             *expr.Projection
	update                 *expr.Update
}

// nothing is what a request without expressions resolves to.
var nothing = &resolved{}

// paths lists the document paths that the expressions read or change. Key
// conditions have a rule of their own about them.
func (r *resolved) paths() []attr.Path {
	var paths []attr.Path
	if r.update != nil {
		for _, target := range r.update.Targets() {
			paths = append(paths, target.Path)
		}
	}
	for _, c := range [...]*expr.Condition{r.condition, r.filter} {
		if c != nil {
			paths = append(paths, c.Paths()...)
		}
	}
	if r.projection != nil {
		paths = append(paths, r.projection.Paths()...)
	}
	return paths
}

// members of the request that may use each kind of placeholder, for the texts
// about placeholders without any expression.
func (e *expressions) any() bool {
	return e.condition.set || e.filter.set || e.key.set || e.projection.set || e.update.set
}

// check makes the checks on names and values that come before the expressions
// are parsed. nulls says which expression members the operation could have
// had, as the text about values without expression prints them.
func (e *expressions) check(nulls string) error {
	if err := e.mixed(); err != nil {
		return err
	}
	takesValues := e.condition.set || e.filter.set || e.key.set || e.update.set
	switch {
	case e.namesSet && !e.any():
		return invalid(textNamesWithoutExpression)
	case e.values.set && !takesValues:
		return invalid(textValuesWithoutExpression + nulls).shaped(requestShape)
	case e.namesSet && len(e.names) == 0:
		return invalid(textNamesEmpty)
	case e.values.set && len(e.values.m) == 0:
		return invalid(textValuesEmpty).shaped(requestShape)
	}
	if err := e.checkNames(); err != nil {
		return err
	}
	return e.checkValues()
}

// Limits on placeholders in bytes: of one, with its sigil, and of all names
// and values together.
const (
	maxPlaceholder  = 255
	maxPlaceholders = 2 << 20
)

func (e *expressions) checkNames() error {
	bytes := 0
	for _, key := range e.nameOrder {
		name := e.names[key]
		bytes += len(key) + len(name)
		if err := checkPlaceholder("ExpressionAttributeNames", key, expr.IsName); err != nil {
			return err
		}
		if name == "" {
			return errPlaceholderName(textEmptyName, key)
		}
		if len(name) > maxAttributeName {
			return errPlaceholderName(textNameTooLong, key)
		}
	}
	if bytes > maxPlaceholders {
		return invalid("ExpressionAttributeNames" + textPlaceholdersSize)
	}
	return nil
}

func (e *expressions) checkValues() error {
	for _, m := range e.values.m {
		if err := checkPlaceholder("ExpressionAttributeValues", m.Name, expr.IsValue); err != nil {
			return err
		}
	}
	if e.values.bad != nil {
		return errExpressionValue(e.values.key, e.values.bad, e.bareNull)
	}
	bytes := 0
	for _, key := range e.nameOrder {
		bytes += len(key) + len(e.names[key])
	}
	for _, m := range e.values.m {
		bytes += len(m.Name) + m.Value.Size()
	}
	if bytes > maxPlaceholders {
		return invalid("ExpressionAttributeValues" + textPlaceholdersSize)
	}
	return nil
}

func checkPlaceholder(member, key string, valid func(string) bool) error {
	if !valid(key) {
		return errPlaceholder(member, key)
	}
	if len(key) > maxPlaceholder {
		return errPlaceholderSize(member, key)
	}
	return nil
}

// resolve parses and resolves every expression in AWS's order: update,
// condition, key condition, filter, projection; then looks for names and
// values that none of them uses.
func (e *expressions) resolve() (*resolved, error) {
	if e.legacy == nil && !e.any() {
		return nothing, nil
	}
	r := &resolved{}
	if err := e.legacy.resolve(r); err != nil || !e.any() {
		return r, err
	}
	scope := expr.NewScope(e.names, e.valueMap())
	if e.update.set {
		u, err := expr.ParseUpdate(e.update.v)
		if err == nil {
			r.update, err = u, u.Resolve(scope)
		}
		if err != nil {
			return nil, errExpression("UpdateExpression", e.update.v, err)
		}
	}
	for _, c := range []struct {
		member string
		src    text
		dst    **expr.Condition
	}{
		{"ConditionExpression", e.condition, &r.condition},
		{"KeyConditionExpression", e.key, &r.key},
		{"FilterExpression", e.filter, &r.filter},
	} {
		if err := resolveCondition(c.member, c.src, c.dst, scope); err != nil {
			return nil, err
		}
	}
	if e.projection.set {
		p, err := expr.ParseProjection(e.projection.v)
		if err == nil {
			r.projection, err = p, p.Resolve(scope)
		}
		if err != nil {
			return nil, errExpression("ProjectionExpression", e.projection.v, err)
		}
	}
	return r, unused(scope)
}

func resolveCondition(member string, src text, dst **expr.Condition, scope *expr.Scope) error {
	if !src.set {
		return nil
	}
	c, err := expr.ParseCondition(src.v)
	if err == nil {
		*dst, err = c, c.Resolve(scope)
	}
	if err != nil {
		return errExpression(member, src.v, err)
	}
	return nil
}

func (e *expressions) valueMap() map[string]attr.Value {
	values := make(map[string]attr.Value, len(e.values.m))
	for _, m := range e.values.m {
		values[m.Name] = m.Value
	}
	return values
}

func unused(scope *expr.Scope) error {
	names, values := scope.Unused()
	if len(names) > 0 {
		return invalid(textNamesUnused + "{" + strings.Join(names, ", ") + "}").shaped(unusedNames)
	}
	if len(values) > 0 {
		return invalid(textValuesUnused + "{" + strings.Join(values, ", ") + "}").shaped(requestShape)
	}
	return nil
}
