package scenario

import (
	"time"

	"github.com/sortkey/sortkey/engine"
	"github.com/sortkey/sortkey/engine/meter"
)

// MaxReplies bounds the bytes of all replies of one run: a document that asks for the same page again and again ends
// there.
const MaxReplies = 32 << 20

// Step is one thing that happens: a request, or a step of the clock.
type Step struct {
	Block, Part int     // index into Document.Blocks, and into that block's Requests or Ticks
	Region      string  // of a request, as its block says; "" = the document's
	Caller      string  // of a request, as its block says; "" = the owner
	Hold        string  // of a request that opens a transaction: the name
	Request     Request // without an operation in a step of the clock
	Tick        Tick
}

// Call is the engine's form of a request.
func (s Step) Call() engine.Call {
	return engine.Call{Target: s.Request.Target(), Region: s.Region, Body: s.Request.Body, Caller: engine.Caller(s.Caller), Hold: s.Hold}
}

// IsTick tells a step of the clock from a request.
func (s Step) IsTick() bool { return s.Request.Operation == "" }

// Steps lists what the blocks say, in order.
func (d *Document) Steps() []Step {
	var list []Step
	for i, b := range d.Blocks {
		for j, r := range b.Requests {
			list = append(list, Step{
				Block: i, Part: j, Request: r,
				Region: b.Attributes.Get("region"), Caller: b.Attributes.Get("caller"), Hold: b.Attributes.Get("hold"),
			})
		}
		for j, t := range b.Ticks {
			list = append(list, Step{Block: i, Part: j, Tick: t})
		}
	}
	return list
}

// Options are what the header asks of an engine; what it leaves open is the engine's default.
func (d *Document) Options() engine.Options {
	return engine.Options{
		Seed: d.Seed, Start: d.Start, Region: d.Region, Account: d.Account, Degree: d.Degree, Settings: d.Settings,
	}
}

// Outcome is what a step led to.
type Outcome struct {
	Step  Step
	Reply engine.Reply  // of a request, or of the end of a transaction; an error of the service is a reply too
	Trace *engine.Trace // of a request that was observed, and of a commit
	Now   time.Time     // the engine's clock afterwards
}

// Run applies the document's steps to an engine, which is normally new and made with Options. It stops with an *[Error]
// where the clock would go backwards or too far or the replies exceed MaxReplies; the outcomes so far are returned.
func (d *Document) Run(e *engine.Engine) ([]Outcome, error) {
	var list []Outcome
	err := d.RunWithin(e, &Budget{Limits: Limits{Replies: MaxReplies}}, 0, func(o Outcome) { list = append(list, o) })
	return list, err
}

// RunWithin is Run within a budget. each is told of every outcome, but not of one that exceeds the budget; the last
// requests, as many of the steps as observed says, come with a trace.
func (d *Document) RunWithin(e *engine.Engine, b *Budget, observed int, each func(Outcome)) error {
	start := e.Now()
	steps := d.Steps()
	for i, s := range steps {
		o := Outcome{Step: s}
		var err error
		if s.IsTick() {
			err = o.tick(e, start, b)
		} else {
			err = o.request(e, len(steps)-i <= observed, b)
		}
		if err != nil {
			return err
		}
		o.Now = e.Now()
		each(o)
	}
	return nil
}

func (o *Outcome) tick(e *engine.Engine, start time.Time, b *Budget) error {
	s := o.Step.Tick.step
	switch {
	case s.Commit != "":
		o.Reply, o.Trace = e.ObserveCommit(s.Commit)
		return b.Request(engine.Call{}, o.Reply, o.Trace.Receipt)
	case s.Cancel != "":
		o.Reply = e.Cancel(s.Cancel)
		return b.Request(engine.Call{}, o.Reply, &meter.Receipt{})
	}
	if s.Load.Name != "" {
		if err := b.load(s.Load); err != nil {
			return err
		}
	}
	before := e.Now()
	if err := o.Step.Tick.apply(e, start); err != nil {
		return err
	}
	return b.Clock(e.Now().Sub(before))
}

func (o *Outcome) request(e *engine.Engine, observe bool, b *Budget) error {
	c := o.Step.Call()
	if err := b.Allows(c); err != nil {
		return err
	}
	if observe {
		o.Reply, o.Trace = e.Observe(c)
		return b.Request(c, o.Reply, o.Trace.Receipt)
	}
	reply, receipt := e.Meter(c)
	o.Reply = reply
	return b.Request(c, reply, receipt)
}

func (t Tick) apply(e *engine.Engine, start time.Time) error {
	s := t.step
	if t.Moves() {
		next, problem := t.from(e.Now(), start)
		if problem != "" {
			return plainError(Clock, problem)
		}
		s.Advance = next
	}
	if _, err := e.Step(s); err != nil {
		return plainError(Clock, err.Error())
	}
	return nil
}
