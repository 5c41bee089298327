package engine

import (
	"strings"

	"github.com/sortkey/sortkey/engine/attr"
)

// This file reads policy documents, in the JSON grammar of IAM, and decides
// what they deny. Statements that allow are read and checked like those that
// deny, but nothing depends on them: whoever calls belongs to the account.

// statement is one statement of a policy.
type statement struct {
	sid, effect text
	deny        bool
	principals  patterns
	others      bool // principals of other kinds than AWS
	actions     patterns
	resources   patterns
	conditions  []policyCondition
}

// patterns are the values of an element, or of its Not form.
type patterns struct {
	set, not bool
	list     []string
}

// question is one thing that a caller wants to do.
type question struct {
	principal, account, user string // user is "" for the owner
	action, resource         string // "dynamodb:PutItem", the ARN
	region                   string
	enclosing                string // the operation that the action is a part of, "" for itself
}

// denied reports whether a statement denies what is asked.
func denied(statements []statement, q *question) bool {
	for i := range statements {
		if s := &statements[i]; s.deny && s.matches(q) {
			return true
		}
	}
	return false
}

func (s *statement) matches(q *question) bool {
	return s.principals.not != s.concerns(q) &&
		s.actions.match(strings.ToLower(q.action)) && s.resources.match(q.resource) && s.holds(q)
}

// concerns reports whether the principals name the caller: everyone, the
// caller, or the caller's account. NotPrincipal excepts only who is named
// himself.
func (s *statement) concerns(q *question) bool {
	for _, p := range s.principals.list {
		whole := p == q.account || p == "arn:aws:iam::"+q.account+":root"
		if p == "*" || p == q.principal || whole && !s.principals.not {
			return true
		}
	}
	return false
}

func (p *patterns) match(s string) bool {
	for _, pattern := range p.list {
		if wildcard(pattern, s) {
			return !p.not
		}
	}
	return p.not
}

// wildcard reports whether s is what the pattern says: * stands for any
// characters, ? for one.
func wildcard(pattern, s string) bool {
	p, star, mark := 0, -1, 0
	for i := 0; i < len(s); {
		switch {
		case p < len(pattern) && pattern[p] == '*':
			star, mark = p, i
			p++
		case p < len(pattern) && (pattern[p] == '?' || pattern[p] == s[i]):
			p, i = p+1, i+1
		case star >= 0:
			mark++
			p, i = star+1, mark
		default:
			return false
		}
	}
	return strings.Trim(pattern[p:], "*") == ""
}

// readPolicyDocument reads a policy. What IAM's grammar does not have is
// refused; so is, in a statement that denies, what Sortkey could not decide.
func readPolicyDocument(text string) ([]statement, error) {
	if len(text) > maxPolicy {
		return nil, errPolicySize(len(text))
	}
	w := wire{Scanner: attr.NewScanner([]byte(text), maxDepth)}
	d := &policyDocument{}
	err := w.policyObject(d.member)
	if err == nil && w.End() != nil {
		err = errPolicy("there is text behind the document")
	}
	if err == nil && !d.set {
		err = errPolicy("Statement is missing")
	}
	for i := range d.statements {
		if err == nil {
			err = d.statements[i].check()
		}
	}
	return d.statements, err
}

// policyObject reads an object; what is none, or no JSON, makes the document
// invalid.
func (w wire) policyObject(member func(w wire, name string) error) error {
	if w.Peek() != attr.TokenObject {
		return errPolicy("a JSON object is missing")
	}
	err := w.Object(func(name string) error { return member(w, name) })
	return policyFault(err)
}

// policyFault keeps errors of ours and makes those of the scanner ours.
func policyFault(err error) error {
	if _, ours := err.(*Error); err == nil || ours {
		return err
	}
	return errPolicy("it is not JSON")
}

// oneOrMore reads a string or a list of strings.
func (w wire) oneOrMore(element string) ([]string, error) {
	if w.Peek() == attr.TokenString {
		s, err := w.Str()
		return []string{s}, policyFault(err)
	}
	if w.Peek() != attr.TokenArray {
		return nil, errPolicy(element + " is neither a string nor a list of strings")
	}
	var list []string
	err := w.Array(func(int) error {
		if w.Peek() != attr.TokenString {
			return errPolicy(element + " is neither a string nor a list of strings")
		}
		s, err := w.Str()
		list = append(list, s)
		return err
	})
	return list, policyFault(err)
}

type policyDocument struct {
	set        bool
	statements []statement
}

func (d *policyDocument) member(w wire, name string) error {
	switch name {
	case "Version":
		s, err := w.oneOrMore(name)
		if err == nil && (len(s) != 1 || s[0] != "2012-10-17" && s[0] != "2008-10-17") {
			err = errPolicy("Version is neither 2012-10-17 nor 2008-10-17")
		}
		return err
	case "Id":
		_, err := w.oneOrMore(name)
		return err
	case "Statement":
		d.set, d.statements = true, nil
		if w.Peek() != attr.TokenArray {
			return d.statement(w)
		}
		return policyFault(w.Array(func(int) error { return d.statement(w) }))
	}
	return errPolicy("there is no element " + name)
}

func (d *policyDocument) statement(w wire) error {
	var s statement
	err := w.policyObject(s.member)
	d.statements = append(d.statements, s)
	return err
}

func (s *statement) member(w wire, name string) error {
	element, not := strings.CutPrefix(name, "Not")
	switch {
	case name == "Sid":
		return w.single(name, &s.sid)
	case name == "Effect":
		return w.single(name, &s.effect)
	case element == "Principal":
		return s.principals.read(name, not, func() ([]string, error) { return s.readPrincipals(w, name) })
	case element == "Action":
		return s.actions.read(name, not, func() ([]string, error) { return w.oneOrMore(name) })
	case element == "Resource":
		return s.resources.read(name, not, func() ([]string, error) { return w.oneOrMore(name) })
	case name == "Condition":
		return s.readConditions(w)
	}
	return errPolicy("there is no element " + name)
}

func (w wire) single(name string, t *text) error {
	list, err := w.oneOrMore(name)
	if err == nil && len(list) != 1 {
		err = errPolicy(name + " is not a string")
	}
	if err == nil {
		*t = text{true, list[0]}
	}
	return err
}

// read reads an element that may stand once, or once in its Not form.
func (p *patterns) read(name string, not bool, read func() ([]string, error)) error {
	if p.set {
		return errPolicy(name + " is there a second time")
	}
	list, err := read()
	*p = patterns{set: true, not: not, list: list}
	return err
}

// readPrincipals reads "*" or an object of kinds of principals. Those of other
// kinds than AWS call no tables: they are read and match nobody.
func (s *statement) readPrincipals(w wire, name string) ([]string, error) {
	if w.Peek() == attr.TokenString {
		list, err := w.oneOrMore(name)
		if err == nil && list[0] != "*" {
			err = errPolicy("as a string, " + name + " can only be *")
		}
		return list, err
	}
	var list []string
	err := w.policyObject(func(w wire, kind string) error {
		values, err := w.oneOrMore(name)
		switch kind {
		case "AWS":
			list = append(list, values...)
		case "Service", "Federated", "CanonicalUser":
			s.others = true
		default:
			err = errPolicy("there are no principals of kind " + kind)
		}
		return err
	})
	return list, err
}

// check makes the checks of a whole statement.
func (s *statement) check() error {
	s.deny = s.effect.v == "Deny"
	switch {
	case s.effect.v != "Allow" && s.effect.v != "Deny":
		return errPolicy("Effect is neither Allow nor Deny")
	case !s.principals.set || len(s.principals.list) == 0 && !s.others:
		return errPolicy("a statement has no Principal")
	case len(s.actions.list) == 0:
		return errPolicy("a statement has no Action")
	case len(s.resources.list) == 0:
		return errPolicy("a statement has no Resource")
	}
	for _, p := range s.principals.list {
		if !validPrincipal(p) {
			return errPolicy("Invalid principal: " + p)
		}
	}
	for i, a := range s.actions.list {
		if a != "*" && !strings.Contains(a, ":") {
			return errPolicy("Invalid action: " + a)
		}
		s.actions.list[i] = strings.ToLower(a)
	}
	for _, r := range s.resources.list {
		if r != "*" && !strings.HasPrefix(r, "arn:") {
			return errPolicy("Invalid resource: " + r)
		}
		if s.deny && strings.Contains(r, "${") {
			return errNotBuilt("policy variables in a statement that denies: " + r)
		}
	}
	return s.checkConditions()
}

// validPrincipal reports whether an AWS principal has one of the forms there
// are: everyone, an account, or an ARN without wildcards.
func validPrincipal(p string) bool {
	if p == "*" {
		return true
	}
	if strings.HasPrefix(p, "arn:aws:iam::") || strings.HasPrefix(p, "arn:aws:sts::") {
		return !strings.ContainsAny(p, "*?") && strings.Count(p, ":") >= 5
	}
	return len(p) == 12 && strings.Trim(p, "0123456789") == ""
}
