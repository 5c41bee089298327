package scenario

import (
	"time"

	"github.com/sortkey/sortkey/engine"
)

// MaxReplies bounds the bytes of all replies of one run: a document that asks for the same page again and again ends
// there.
const MaxReplies = 32 << 20

// Step is one thing that happens: a request, or a step of the clock.
type Step struct {
	Block, Part int     // index into Document.Blocks, and into that block's Requests or Ticks
	Region      string  // of a request, as its block says; "" = the document's
	Caller      string  // of a request, as its block says; "" = the owner
	Request     Request // without an operation in a step of the clock
	Tick        Tick
}

// Call is the engine's form of a request.
func (s Step) Call() engine.Call {
	return engine.Call{Target: s.Request.Target(), Region: s.Region, Body: s.Request.Body, Caller: engine.Caller(s.Caller)}
}

// IsTick tells a step of the clock from a request.
func (s Step) IsTick() bool { return s.Request.Operation == "" }

// Steps lists what the blocks say, in order.
func (d *Document) Steps() []Step {
	var list []Step
	for i, b := range d.Blocks {
		for j, r := range b.Requests {
			list = append(list, Step{
				Block: i, Part: j, Region: b.Attributes.Get("region"), Caller: b.Attributes.Get("caller"), Request: r,
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
		Seed: d.Seed, Start: d.Start, Region: d.Region, Account: d.Account, Degree: d.Degree, Transition: d.Transition,
	}
}

// Outcome is what a step led to.
type Outcome struct {
	Step  Step
	Reply engine.Reply  // of a request; an error of the service is a reply too
	Trace *engine.Trace // of a request; nil from Run
	Now   time.Time     // the engine's clock afterwards
}

// Run applies the document's steps to an engine, which is normally new and made with Options. It stops with an *[Error]
// where the clock would go backwards or too far or the replies exceed MaxReplies; the outcomes so far are returned.
func (d *Document) Run(e *engine.Engine) ([]Outcome, error) {
	var list []Outcome
	err := d.RunWithin(e, &Budget{Limits: Limits{Replies: MaxReplies}}, func(o Outcome) {
		o.Trace = nil // they would keep every state there was
		list = append(list, o)
	})
	return list, err
}

// RunWithin is Run within a budget; each is told of every outcome, the one that exceeds the budget left out.
func (d *Document) RunWithin(e *engine.Engine, b *Budget, each func(Outcome)) error {
	start := e.Now()
	for _, s := range d.Steps() {
		o := Outcome{Step: s}
		var err error
		if s.IsTick() {
			before := e.Now()
			if err = s.Tick.apply(e, start); err == nil {
				err = b.Clock(e.Now().Sub(before))
			}
		} else {
			o.Reply, o.Trace = e.Observe(s.Call())
			err = b.Request(s.Call(), o.Reply, o.Trace)
		}
		if err != nil {
			return err
		}
		o.Now = e.Now()
		each(o)
	}
	return nil
}

func (t Tick) apply(e *engine.Engine, start time.Time) error {
	next, problem := t.from(e.Now(), start)
	if problem != "" {
		return plainError(Clock, problem)
	}
	if err := e.AdvanceTo(next); err != nil {
		return plainError(Clock, err.Error())
	}
	return nil
}
