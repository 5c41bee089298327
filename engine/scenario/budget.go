package scenario

import (
	"bytes"
	"time"

	"github.com/sortkey/sortkey/engine"
	"github.com/sortkey/sortkey/engine/meter"
)

// Limits bound what a run may cost, so that a document of somebody else's cannot occupy the machine that runs it. A
// member that is zero bounds nothing.
type Limits struct {
	Steps   int           // requests and clock steps
	Replies int           // bytes of all replies
	Work    int           // see Budget
	Span    time.Duration // how far the clock may go, all steps together
	Stop    func() bool   // asked after each step: whether the host's patience has ended
}

// Budget is what a run has left of its limits. Its work is counted in bytes and is the same wherever a document runs:
// what each request sends, answers, reads and writes. The bytes read and written count once more for each place in the
// request where an expression may look at them. A request that is not metered counts as reading all there is, and one
// that could exceed the budget by reading all there is, is not run. Each request of a load counts as a byte.
type Budget struct {
	Limits
	steps, replies, work int
	held                 int // bytes of all tables and indexes
	span                 time.Duration
}

// itemWork is what looking at an item costs beside its bytes.
const itemWork = 100

// longestExpression is how many bytes of a request are searched for expressions; DynamoDB takes 4 KB of each.
const longestExpression = 16 << 10

// looks is how often a request may look at what it reads: 1 without an expression, else once more for each sign that
// has an operand behind it.
func looks(body []byte) int {
	body = body[:min(len(body), longestExpression)]
	for _, mark := range []string{"Expression", "Statement", `\u`} { // an escape may hide the others
		if bytes.Contains(body, []byte(mark)) {
			n := 1
			for _, c := range body {
				switch c {
				case '=', '<', '>', '(', ',', '+', '-':
					n++
				}
			}
			return n
		}
	}
	return 1
}

// Allows tells whether a request may be run. Its error, like those below, is a TooMany and means that the run ends.
func (b *Budget) Allows(c engine.Call) error {
	if b.Work > 0 && b.work+b.held*looks(c.Body) > b.Work {
		return b.tooMuch()
	}
	return nil
}

// Request counts a request that was run. The receipt is nil where nothing was metered.
func (b *Budget) Request(c engine.Call, reply engine.Reply, m *meter.Receipt) error {
	b.steps++
	b.replies += len(reply.Body)
	touched := b.held
	if m != nil {
		touched = m.Items * itemWork
		for _, arm := range m.Arms {
			touched += max(arm.Bytes, arm.Before+arm.After)
			if m.Write {
				b.held += arm.After - arm.Before
			}
		}
	}
	b.work += len(c.Body) + len(reply.Body) + touched*looks(c.Body)
	return b.check()
}

// load counts a load that begins, with each request that it is going to make as
// a byte of work.
func (b *Budget) load(l engine.Load) error {
	b.work += int(l.Requests())
	return b.check()
}

// Clock counts a step of the clock.
func (b *Budget) Clock(by time.Duration) error {
	b.steps++
	b.span += by
	return b.check()
}

func (b *Budget) check() error {
	over := func(got, most int) bool { return most > 0 && got > most }
	switch {
	case over(b.steps, b.Steps):
		return plainError(TooMany, "this scenario has too many steps: more than ", itoa(b.Steps))
	case over(b.replies, b.Replies):
		return plainError(TooMany, "this scenario answers too much: more than ", itoa(b.Replies), " bytes of replies")
	case over(b.work, b.Work):
		return b.tooMuch()
	case over(int(b.span), int(b.Span)):
		return plainError(TooMany, "this scenario's clock goes too far: more than ", formatDuration(b.Span))
	case b.Stop != nil && b.Stop():
		return plainError(TooMany, "this scenario takes too long to run")
	}
	return nil
}

func (b *Budget) tooMuch() error {
	return plainError(TooMany, "this scenario does too much: its requests go over more than ", itoa(b.Work), " bytes")
}
