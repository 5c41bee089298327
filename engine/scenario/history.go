package scenario

import (
	"bytes"
	"time"
	"unicode/utf8"

	"github.com/sortkey/sortkey/engine"
)

// FromHistory writes what an engine went through as a document: the same options, the same calls, the same times, so
// running it leads to the same state. Bodies keep all but their white space; a call that names no operation at all, and
// so cannot have changed anything, is left out. A history beyond the limits of a document is a TooMany or TooLarge error.
func FromHistory(title string, h *engine.History) (*Document, error) {
	if len(h.Steps) > MaxSteps {
		return nil, plainError(TooMany, "this history is too long for a scenario: ", itoa(len(h.Steps)), " steps, at most ", itoa(MaxSteps), " fit")
	}
	o := h.Options
	d := &Document{
		Title: title, Seed: o.Seed, Start: o.Start, Region: o.Region, Account: o.Account, Degree: o.Degree, Settings: o.Settings,
	}
	for at := 0; at < len(h.Steps); {
		n := sameBlock(h.Steps[at:])
		d.Blocks = append(d.Blocks, historyBlock(h.Steps[at:at+n]))
		at += n
	}
	return Parse(d.Text())
}

// sameBlock counts the steps that can stand in one block with the first.
func sameBlock(steps []engine.Step) int {
	first, n := steps[0], 1
	if first.IsCall() && !inNotation(first.Call) {
		return n
	}
	for n < len(steps) && fitsBlock(first, steps[n]) {
		n++
	}
	return n
}

func fitsBlock(first, s engine.Step) bool {
	if !first.IsCall() {
		return !s.IsCall()
	}
	if first.Call.Hold != "" || s.Call.Hold != "" {
		return false
	}
	return s.IsCall() && s.Call.Region == first.Call.Region && s.Call.Caller == first.Call.Caller && inNotation(s.Call)
}

func historyBlock(steps []engine.Step) Block {
	if !steps[0].IsCall() {
		var ticks []Tick
		for _, s := range steps {
			t := Tick{At: s.Advance, step: s}
			t.step.Advance = time.Time{}
			ticks = append(ticks, t)
		}
		return NewTicks(ticks...)
	}
	var list []Request
	for _, s := range steps {
		if word := operationOf(s.Call.Target); isOperation(word) {
			list = append(list, Request{Operation: word, Body: s.Call.Body})
		}
	}
	first := steps[0].Call
	if len(list) == 0 || !canHold(first) {
		return Block{Kind: Prose}
	}
	b, err := NewRequests(first.Region, list...)
	if err != nil || !inNotation(first) {
		b = newEncoded(first.Region, list[0])
	}
	b.Attributes = b.Attributes.With("caller", string(first.Caller)).With("hold", first.Hold)
	return b
}

// canHold tells whether a call asks for no more than a block can say; one that does was refused, and changed nothing.
func canHold(c engine.Call) bool {
	return c.Hold == "" || engine.ValidHold(c.Hold) && engine.Operation(c.Target) == "TransactWriteItems"
}

// inNotation tells whether a call reads back from the notation as it is: its body one strict JSON object in UTF-8. What
// the notation forgives, the service does not.
func inNotation(c engine.Call) bool {
	text, err := Format("A", c.Body)
	if err != nil || !utf8.Valid(c.Body) {
		return false
	}
	r, err := ParseRequest(text)
	return err == nil && bytes.Equal(r.Body, squeeze(c.Body))
}

// squeeze drops the white space between the pieces of a JSON text.
func squeeze(body []byte) []byte {
	out := make([]byte, 0, len(body))
	quoted := false
	for i := 0; i < len(body); i++ {
		c := body[i]
		switch {
		case quoted && c == '\\' && i+1 < len(body):
			out = append(out, c)
			i++
			c = body[i]
		case c == '"':
			quoted = !quoted
		case !quoted && isSpace(c):
			continue
		}
		out = append(out, c)
	}
	return out
}

// History is the document's steps as an engine's history, durations turned into times.
func (d *Document) History() *engine.History {
	h := &engine.History{Options: d.Options()}
	now := d.Start
	if now.IsZero() {
		now = engine.DefaultStart
	}
	for _, s := range d.Steps() {
		if !s.IsTick() {
			h.Steps = append(h.Steps, engine.Step{Call: s.Call()})
			continue
		}
		if t := s.Tick; !t.Moves() {
			h.Steps = append(h.Steps, t.Step())
			continue
		}
		now, _ = s.Tick.from(now, now)
		h.Steps = append(h.Steps, engine.Step{Advance: now})
	}
	return h
}
