// Package enginetest is what the engine's tests stand on: a fixture that makes
// a fresh engine and checks its invariants at the end, scripted dialogues kept
// as text, and a generator of long histories.
package enginetest

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/sortkey/sortkey/engine"
)

// Fixture is a fresh engine for one test. When the test ends, the invariants of
// every table are checked. A bug that Handle turned into an
// InternalServerError fails the test at once, with its stack.
type Fixture struct {
	*engine.Engine
	t testing.TB
}

// New makes a fixture with the default options.
func New(t testing.TB) *Fixture { return With(t, engine.Options{}) }

// With makes a fixture with these options.
func With(t testing.TB, o engine.Options) *Fixture { return Wrap(t, engine.New(o)) }

// Wrap makes a fixture of an engine that exists, such as a fork.
func Wrap(t testing.TB, e *engine.Engine) *Fixture {
	f := &Fixture{Engine: e, t: t}
	e.Faults = func(problem any, stack []byte) { t.Errorf("bug in the engine: %v\n%s", problem, stack) }
	t.Cleanup(func() {
		if err := f.Check(); err != nil {
			t.Errorf("invariant broken: %v", err)
		}
	})
	return f
}

// Do sends one request to the default region.
func (f *Fixture) Do(operation, body string) engine.Reply {
	return f.Handle(engine.Call{Target: engine.Target(operation), Body: []byte(body)})
}

// Must sends a request that has to succeed, and returns the reply's body.
func (f *Fixture) Must(operation, body string) string {
	f.t.Helper()
	r := f.Do(operation, body)
	if r.Status != 200 {
		f.t.Fatalf("%s %s\ngot %d %s", operation, clip(body), r.Status, r.Body)
	}
	return string(r.Body)
}

// Into is Must with the reply decoded into v.
func (f *Fixture) Into(v any, operation, body string) {
	f.t.Helper()
	if err := json.Unmarshal([]byte(f.Must(operation, body)), v); err != nil {
		f.t.Fatalf("%s %s: %v", operation, clip(body), err)
	}
}

// Refused sends a request that has to fail with a 400, and returns the
// exception's name and message as "Name: message".
func (f *Fixture) Refused(operation, body string) string {
	f.t.Helper()
	r := f.Do(operation, body)
	if r.Status != 400 {
		f.t.Fatalf("%s %s\ngot %d %s, want a refusal", operation, clip(body), r.Status, clip(string(r.Body)))
	}
	short, _ := shortError(r.Body)
	return short
}

// Pass moves the clock on.
func (f *Fixture) Pass(d time.Duration) {
	f.t.Helper()
	if err := f.AdvanceTo(f.Now().Add(d)); err != nil {
		f.t.Fatal(err)
	}
}

// clip shortens a body for a message.
func clip(s string) string {
	const most = 600
	if len(s) > most {
		return s[:most] + "…"
	}
	return s
}
