package engine

import (
	"fmt"
	"io"
	"strconv"
	"strings"
)

var policyOperations = []operation{
	{"PutResourcePolicy", true, (*exchange).putPolicy},
	{"GetResourcePolicy", false, (*exchange).getPolicy},
	{"DeleteResourcePolicy", true, (*exchange).deletePolicy},
}

// maxPolicy is the largest policy document in bytes, white space included.
const maxPolicy = 20 << 10

// noPolicy is the ExpectedRevisionId that expects none.
const noPolicy = "NO_POLICY"

// policy is the resource policy of a table or a stream: the text as given, its
// revision, and what it says. It is never changed in place: forks share it.
type policy struct {
	text, revision string
	statements     []statement
}

func (p *policy) digest(w io.Writer) {
	if p != nil {
		fmt.Fprintf(w, "policy %s %q\n", p.revision, p.text)
	}
}

// policy writes the members of a snapshot's line that keep a policy.
func (e *enc) policy(p *policy) {
	if p != nil {
		e.str("policy", p.text)
		e.str("revision", p.revision)
	}
}

// restorePolicy reads what enc.policy wrote: nil for none.
func restorePolicy(line map[string]string) (*policy, error) {
	text, ok := line["policy"]
	if !ok {
		return nil, nil
	}
	statements, err := readPolicyDocument(text)
	if err != nil {
		return nil, fmt.Errorf("policy: %w", err)
	}
	return &policy{text: text, revision: line["revision"], statements: statements}, nil
}

// newPolicy gives a document that was read its revision.
func (s *state) newPolicy(text string, statements []statement) *policy {
	d := s.digestID(idPolicy)
	revision := uint64(0)
	for _, b := range d[:8] {
		revision = revision<<8 | uint64(b)
	}
	return &policy{text: text, revision: strconv.FormatUint(1e12+revision%9e12, 10), statements: statements}
}

// The caller of a request is known by an access key id alone, and Sortkey knows
// no users but these: the key "alice" is the user alice of the account,
// arn:aws:iam::000000000000:user/alice. A request without a key is the
// account's owner, arn:aws:iam::000000000000:root. All of them may do everything
// that no policy denies; whatever a policy denies, the owner can still read,
// replace and remove the policy itself.

// principal is the ARN of who makes the request.
func (x *exchange) principal() string {
	if x.call.Caller == "" {
		return x.account() + ":root"
	}
	return x.account() + ":user/" + valid(string(x.call.Caller))
}

func (x *exchange) account() string { return "arn:aws:iam::" + x.s.opts.Account }

// permit refuses a request that the table's policy denies its caller: the
// action ("PutItem") on the table, or on one of its indexes.
//
// A request is looked at when its table is found, after its form has been
// checked: the service does so before.
func (x *exchange) permit(t *table, action, index string) error {
	arn := t.meta.arn
	if index != "" {
		arn += "/index/" + index
	}
	return x.permitBy(t.policy, action, arn)
}

// permitBy refuses a request that this policy, nil for none, denies its caller:
// the action on the resource with that ARN.
func (x *exchange) permitBy(p *policy, action, arn string) error {
	if p == nil {
		return nil
	}
	q := x.question(action, arn)
	if x.call.Caller == "" && strings.HasSuffix(action, "ResourcePolicy") || !denied(p.statements, q) {
		return nil
	}
	return errDenied(q.principal, q.action, q.resource)
}

// question is what a policy is asked about a request.
func (x *exchange) question(action, arn string) *question {
	q := &question{
		principal: x.principal(), account: x.s.opts.Account, user: string(x.call.Caller), region: x.region.name,
		action: "dynamodb:" + action, resource: arn,
	}
	if action != x.operation {
		q.enclosing = x.operation
	}
	return q
}

// policyInput is the request of all three operations.
type policyInput struct {
	arn, policy, expected text
	confirm               flag
}

func (x *exchange) readPolicy(members ...string) (*policyInput, error) {
	in := &policyInput{}
	err := x.fields(func(w wire, name string) error {
		for _, m := range members {
			if m == name {
				return in.member(w, name)
			}
		}
		return w.unknown()
	})
	if err != nil {
		return nil, err
	}
	c := resourceConstraints(in.arn)
	if x.operation == "PutResourcePolicy" {
		c.required("policy", in.policy.set)
	}
	c.length("expectedRevisionId", in.expected, 1, 255)
	return in, c.err()
}

func (in *policyInput) member(w wire, name string) error {
	switch name {
	case "ResourceArn":
		return w.text(&in.arn)
	case "Policy":
		return w.text(&in.policy)
	case "ExpectedRevisionId":
		return w.text(&in.expected)
	}
	return w.flag(&in.confirm) // ConfirmRemoveSelfResourceAccess
}

// guarded is what a policy request is about: a table, or one of the streams
// that there are. They have policies of their own.
type guarded struct {
	arn    string
	name   string // the table's
	policy **policy
	busy   error // why the policy cannot be changed now
}

func (x *exchange) guarded(in *policyInput) (*guarded, error) {
	if !strings.Contains(in.arn.v, "/stream/") {
		t, err := x.resource(in.arn.v)
		if err != nil {
			return nil, err
		}
		return &guarded{t.meta.arn, t.meta.name, &t.policy, t.settled()}, nil
	}
	st, err := x.streamResource(in.arn.v)
	if err != nil {
		return nil, err
	}
	return &guarded{st.meta.arn, st.meta.table, &st.policy, nil}, nil
}

// expect holds a request's ExpectedRevisionId against the policy there is.
func (in *policyInput) expect(g *guarded) error {
	is := *g.policy
	switch {
	case !in.expected.set:
	case in.expected.v == noPolicy && is != nil:
		return errPolicyExists(g.name, is.revision)
	case in.expected.v == noPolicy:
	case is == nil:
		return errNoPolicy(in.arn.v)
	case in.expected.v != is.revision:
		return errPolicyRevision(g.name, in.expected.v, is.revision)
	}
	return nil
}

// putPolicy attaches a policy to a table or stream, or replaces the one it has.
// The same text once more keeps its revision.
func (x *exchange) putPolicy() error {
	in, err := x.readPolicy("ResourceArn", "Policy", "ExpectedRevisionId", "ConfirmRemoveSelfResourceAccess")
	if err != nil {
		return err
	}
	statements, err := readPolicyDocument(in.policy.v)
	if err != nil {
		return err
	}
	g, err := x.guarded(in)
	if err != nil {
		return err
	}
	if g.busy != nil {
		return g.busy
	}
	if err := in.expect(g); err != nil {
		return err
	}
	if !in.confirm.v && x.locksOut(g, statements) {
		return invalid(textPolicyLocksOut)
	}
	if is := *g.policy; is == nil || is.text != in.policy.v {
		*g.policy = x.s.newPolicy(in.policy.v, statements)
	}
	x.out = x.encodeRevision(*g.policy)
	return nil
}

// locksOut reports whether the caller could not change the policy any more.
func (x *exchange) locksOut(g *guarded, statements []statement) bool {
	if x.call.Caller == "" {
		return false
	}
	return denied(statements, x.question("PutResourcePolicy", g.arn)) || denied(statements, x.question("DeleteResourcePolicy", g.arn))
}

func (x *exchange) encodeRevision(p *policy) []byte {
	e := x.enc()
	e.open()
	if p != nil {
		e.str("RevisionId", p.revision)
	}
	e.close()
	return e.b
}

func (x *exchange) getPolicy() error {
	in, err := x.readPolicy("ResourceArn")
	if err != nil {
		return err
	}
	g, err := x.guarded(in)
	if err != nil {
		return err
	}
	is := *g.policy
	if is == nil {
		return errNoPolicy(in.arn.v)
	}
	e := x.enc()
	e.open()
	e.str("Policy", is.text)
	e.str("RevisionId", is.revision)
	e.close()
	x.out = e.b
	return nil
}

// deletePolicy removes a policy; where there is none, nothing happens.
func (x *exchange) deletePolicy() error {
	in, err := x.readPolicy("ResourceArn", "ExpectedRevisionId")
	if err != nil {
		return err
	}
	g, err := x.guarded(in)
	if err != nil {
		return err
	}
	if g.busy != nil {
		return g.busy
	}
	if err := in.expect(g); err != nil {
		return err
	}
	x.out = x.encodeRevision(*g.policy)
	*g.policy = nil
	return nil
}
