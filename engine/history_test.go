package engine_test

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/sortkey/sortkey/engine"
	"github.com/sortkey/sortkey/engine/enginetest"
)

const (
	historySeed  = 20260101
	historySteps = 5000
)

// run replays a history and returns the engine with every reply.
func run(t *testing.T, h *engine.History) (*engine.Engine, []engine.Reply) {
	t.Helper()
	replies := make([]engine.Reply, len(h.Steps))
	e, err := h.Replay(func(i int, _ engine.Step, r engine.Reply) { replies[i] = r })
	if err != nil {
		t.Fatal(err)
	}
	if err := e.Check(); err != nil {
		t.Fatal(err)
	}
	return e, replies
}

// digest is one hash over all replies.
func digest(replies []engine.Reply) string {
	h := sha256.New()
	for _, r := range replies {
		fmt.Fprintf(h, "%d %d %s\n", r.Status, r.Took, r.Body)
	}
	return fmt.Sprintf("%x", h.Sum(nil))
}

// TestLongHistory replays a long generated history, by way of its text, to the
// same bytes and the same state. The hashes are in testdata: native builds and
// js/wasm have to agree on them.
func TestLongHistory(t *testing.T) {
	h := enginetest.Generate(historySeed, historySteps)
	e, replies := run(t, h)
	parsed, err := engine.ParseHistory(h.Append(nil))
	if err != nil {
		t.Fatal(err)
	}
	again, others := run(t, parsed)
	for i := range replies {
		if replies[i].Status != others[i].Status || !bytes.Equal(replies[i].Body, others[i].Body) {
			t.Fatalf("step %d: %s %s\nfirst  %s\nsecond %s", i, h.Steps[i].Call.Target, h.Steps[i].Call.Body, replies[i].Body, others[i].Body)
		}
	}
	if e.StateHash() != again.StateHash() {
		t.Error("replaying leads to another state")
	}
	golden(t, "testdata/history.golden", fmt.Sprintf("replies %s\nstate %x\n", digest(replies), e.StateHash()))
	checkVariety(t, h, replies)
}

// TestBodiesAreCopied: a host may use the room of a body again as soon as it has
// the reply.
func TestBodiesAreCopied(t *testing.T) {
	h := enginetest.Generate(historySeed, 5000)
	want, replies := run(t, h)
	e := engine.New(h.Options)
	room := []byte{}
	for i, s := range h.Steps {
		room = append(room[:0], s.Call.Body...)
		s.Call.Body = room
		r, err := e.Step(s)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(r.Body, replies[i].Body) {
			t.Fatalf("step %d: %s %s\ngot  %s\nwant %s", i, s.Call.Target, h.Steps[i].Call.Body, r.Body, replies[i].Body)
		}
		for j := range room {
			room[j] = '?'
		}
	}
	if e.StateHash() != want.StateHash() {
		t.Error("the state depends on what became of the bodies")
	}
}

// checkVariety sees that the history is worth replaying: mostly successes, and
// some of every operation.
func checkVariety(t *testing.T, h *engine.History, replies []engine.Reply) {
	calls, successes := 0, map[string]int{}
	clocks, total, throttled, loads := 0, 0, 0, 0
	for i, s := range h.Steps {
		if !s.IsCall() {
			clocks++
			if s.Load.Name != "" {
				loads++
			}
			continue
		}
		calls++
		if bytes.Contains(replies[i].Body, []byte("ProvisionedThroughputExceeded")) {
			throttled++
		}
		if replies[i].Status == 200 {
			successes[engine.Operation(s.Call.Target)]++
			total++
		}
	}
	if 100*total < 60*calls {
		t.Errorf("%d of %d requests succeed, want 60 %%", total, calls)
	}
	if throttled < 20 {
		t.Errorf("%d requests are throttled", throttled)
	}
	if loads < 20 {
		t.Errorf("%d loads are started", loads)
	}
	if clocks < 100 {
		t.Errorf("%d clock steps", clocks)
	}
	for _, op := range engine.Operations() {
		if successes[op] < 10 {
			t.Errorf("%d successful requests of %s", successes[op], op)
		}
	}
	t.Logf("%d of %d requests succeed, %d clock steps: %v", total, calls, clocks, successes)
}

// golden compares with a file, or writes it when updating.
func golden(t *testing.T, file, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s has\n%sgot\n%s", file, want, got)
	}
}

// TestForkDiverges: what one side of a fork does, the other does not see.
func TestForkDiverges(t *testing.T) {
	h := enginetest.Generate(7, 1200)
	e := engine.New(h.Options)
	step := func(e *engine.Engine, s engine.Step) {
		if _, err := e.Step(s); err != nil {
			t.Fatal(err)
		}
	}
	for _, s := range h.Steps[:600] {
		step(e, s)
	}
	before := e.StateHash()
	fork := e.Fork()
	if fork.StateHash() != before {
		t.Fatal("a fork has another state from the start")
	}
	for _, s := range h.Steps[600:] {
		step(fork, s)
	}
	after := fork.StateHash()
	if e.StateHash() != before || after == before {
		t.Error("the fork's requests changed the original, or nothing")
	}
	for _, s := range h.Steps[600:] {
		step(e, s)
	}
	if e.StateHash() != after || fork.StateHash() != after {
		t.Error("the same requests lead the original elsewhere")
	}
	for _, side := range []*engine.Engine{e, fork} {
		if err := side.Check(); err != nil {
			t.Error(err)
		}
	}
}

// TestForkCost: a fork allocates for each tree, not for each item.
func TestForkCost(t *testing.T) {
	cost := func(items int) float64 {
		f := enginetest.New(t)
		f.Must("CreateTable", indexed)
		for i := range items {
			f.Must("PutItem", fmt.Sprintf(`{"TableName":"Tab","Item":{"pk":{"S":"p%d"},"sk":{"N":"%d"},"g":{"S":"g%d"},"r":{"N":"%d"}}}`, i%50, i, i%7, i))
		}
		return testing.AllocsPerRun(20, func() { f.Fork() })
	}
	if few, many := cost(1), cost(3000); many > few {
		t.Errorf("a fork of 3,000 items takes %.0f allocations, of one item %.0f", many, few)
	}
}

// TestHeaderVersions: a header is of the oldest version that can say what the
// options are, and the options come back from it.
func TestHeaderVersions(t *testing.T) {
	for version, o := range map[string]engine.Options{`"version":1,`: {Seed: 3}, `"version":2,`: {Seed: 3, Settings: engine.Settings{Envelope: true}}} {
		e := engine.New(o)
		history := engine.NewRecorder(e, true).History().Append(nil)
		snapshot := e.AppendSnapshot(nil)
		for _, text := range [][]byte{history, snapshot} {
			if !bytes.Contains(text, []byte(version)) || bytes.Contains(text, []byte("envelope")) != o.Envelope {
				t.Errorf("%+v is written as %s", o, text)
			}
		}
		back, err := engine.Restore(snapshot)
		if err != nil || back.Options() != e.Options() || back.StateHash() != e.StateHash() {
			t.Errorf("a snapshot with %+v comes back as %+v: %v", o, back.Options(), err)
		}
	}
	if engine.New(engine.Options{}).StateHash() == engine.New(engine.Options{Settings: engine.Settings{Envelope: true}}).StateHash() {
		t.Error("the envelope is not part of the state")
	}
}

// TestHistoryText: every kind of step comes back from its line, byte by byte.
func TestHistoryText(t *testing.T) {
	h := &engine.History{Options: engine.Options{
		Seed: 1<<64 - 1, Start: time.Date(2030, 2, 3, 4, 5, 6, 7, time.UTC), Region: "eu-west-1", Account: "123456789012", Degree: 3,
		Settings: engine.Settings{Transition: 1500 * time.Millisecond, Envelope: true},
	}}
	for _, body := range []string{
		`{"TableName":"T"}`, "{}", "", " {}", "{} ", "{}\n", "{\n}", "{\"a\":\"\u2028\"}", "[1]", "null", "{", "}{", "\xff", `{"a":"` + "\xff" + `"}`,
		`{"a":"\ud800"}`, "{\"a\":\"\x00\"}", "text", `{"a":` + strings.Repeat("[", 100) + strings.Repeat("]", 100) + "}", strings.Repeat("[", 1000), `{"a":1,"a":2}`,
	} {
		h.Steps = append(h.Steps, engine.Step{Call: engine.Call{Target: "DynamoDB_20120810.GetItem", Region: "us-east-1", Caller: "AKIA \"x\"", Body: []byte(body)}})
	}
	h.Steps = append(h.Steps,
		engine.Step{Advance: time.Date(2031, 1, 1, 0, 0, 0, 1, time.UTC)},
		engine.Step{Call: engine.Call{Target: "", Body: []byte("{}")}},
		engine.Step{Call: engine.Call{Target: "\xff\n", Region: "\xfe", Body: []byte("{}")}},
	)
	text := h.Append(nil)
	if got := bytes.Count(text, []byte("\n")); got != len(h.Steps)+1 {
		t.Errorf("%d lines for %d steps", got, len(h.Steps))
	}
	back, err := engine.ParseHistory(text)
	if err != nil {
		t.Fatalf("%v in\n%s", err, text)
	}
	if back.Options != h.Options {
		t.Errorf("options %+v came back as %+v", h.Options, back.Options)
	}
	h.Steps[len(h.Steps)-1].Call.Target, h.Steps[len(h.Steps)-1].Call.Region = "\uFFFD\n", "\uFFFD"
	for i, s := range h.Steps {
		b := back.Steps[i]
		if !s.Advance.Equal(b.Advance) || s.Call.Target != b.Call.Target || s.Call.Region != b.Call.Region || s.Call.Caller != b.Call.Caller || !bytes.Equal(s.Call.Body, b.Call.Body) {
			t.Errorf("step %d: %+v came back as %+v", i, s, b)
		}
	}
}
