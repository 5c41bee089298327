package scenario

import (
	"time"

	"github.com/sortkey/sortkey/engine"
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
// what each request sends, answers, reads and writes. The bytes read and written count the more the longer the
// request is, for an expression may look at every byte once for each of its operators; requests that are not metered,
// such as those that make an index, count as reading all that was written so far.
type Budget struct {
	Limits
	steps, replies, work, written int
	span                          time.Duration
}

// itemWork is what looking at an item costs beside its bytes.
const itemWork = 100

// perOperator is how many bytes of a request stand for one further look at what it reads, and longestExpressions how
// many of them can be expressions: the rest is data.
const (
	perOperator        = 512
	longestExpressions = 8 << 10
)

// Request counts a request that was run. Its error, a TooMany, means that the run ends here.
func (b *Budget) Request(c engine.Call, reply engine.Reply, tr *engine.Trace) error {
	b.steps++
	b.replies += len(reply.Body)
	touched := b.written
	if m := tr.Receipt; m != nil {
		touched = m.Items * itemWork
		for _, arm := range m.Arms {
			touched += max(arm.Bytes, arm.Before+arm.After)
		}
		if m.Write {
			b.written += touched
		}
	}
	looks := 1 + min(len(c.Body), longestExpressions)/perOperator
	b.work += len(c.Body) + len(reply.Body) + touched*looks
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
		return plainError(TooMany, "this scenario does too much: its requests go over more than ", itoa(b.Work), " bytes")
	case over(int(b.span), int(b.Span)):
		return plainError(TooMany, "this scenario's clock goes too far: more than ", formatDuration(b.Span))
	case b.Stop != nil && b.Stop():
		return plainError(TooMany, "this scenario takes too long to run")
	}
	return nil
}
