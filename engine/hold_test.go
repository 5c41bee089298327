package engine_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/sortkey/sortkey/engine"
	"github.com/sortkey/sortkey/engine/attr"
	"github.com/sortkey/sortkey/engine/enginetest"
)

// move is a TransactWriteItems that puts one item.
func move(pk, more string) engine.Call {
	return engine.Call{Target: engine.Target("TransactWriteItems"), Body: []byte(
		`{"TransactItems":[{"Put":{"TableName":"Tab","Item":{"pk":{"S":"` + pk + `"},"sk":{"N":"1"}}}}]` + more + `}`)}
}

func putOne(pk string) string {
	return `{"TableName":"Tab","Item":{"pk":{"S":"` + pk + `"},"sk":{"N":"1"}}}`
}

// TestOpenTransactionIsState: it survives snapshot, fork and replay, and ends
// in each on its own.
func TestOpenTransactionIsState(t *testing.T) {
	f := enginetest.With(t, engine.Options{Seed: 2})
	r := engine.NewRecorder(f.Engine, false)
	r.Handle(engine.Call{Target: engine.Target("CreateTable"), Body: []byte(indexed)})
	before := f.StateHash()
	call := move("a", `,"ClientRequestToken":"once"`)
	call.Hold, call.Caller, call.Region = "first", "AKIA1", "us-east-1"
	if reply := r.Handle(call); string(reply.Body) != "{}" {
		t.Fatal(string(reply.Body))
	}
	if f.StateHash() == before {
		t.Error("an open transaction is not part of the state")
	}
	restored, err := engine.Restore(f.AppendSnapshot(nil))
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := engine.ParseHistory(r.History().Append(nil))
	if err != nil {
		t.Fatal(err)
	}
	replayed, _ := run(t, parsed)
	fork := f.Fork()
	if f.Cancel("first").Status != 200 || f.StateHash() != before {
		t.Error("given up, it leaves something behind")
	}
	var hashes []string
	for name, e := range map[string]*engine.Engine{"restored": restored, "replayed": replayed, "fork": fork} {
		open := e.OpenTransactions()
		if len(open) != 1 || open[0].Name != "first" || open[0].Items != 1 || open[0].Call.Caller != "AKIA1" || !open[0].Since.Equal(engine.DefaultStart) {
			t.Errorf("%s: open are %+v", name, open)
		}
		g := enginetest.Wrap(t, e)
		if got := g.Refused("PutItem", putOne("a")); got != "TransactionConflictException: Transaction is ongoing for the item" {
			t.Errorf("%s: %s", name, got)
		}
		again := move("a", `,"ClientRequestToken":"once"`)
		if reply := e.Handle(again); !strings.Contains(string(reply.Body), "TransactionInProgressException") {
			t.Errorf("%s: %s", name, reply.Body)
		}
		if reply := e.Commit("first"); reply.Status != 200 || len(e.OpenTransactions()) != 0 || e.Tables("")[0].Items != 1 {
			t.Errorf("%s: %s", name, reply.Body)
		}
		hashes = append(hashes, fmt.Sprintf("%x", e.StateHash()))
	}
	if hashes[0] != hashes[1] || hashes[0] != hashes[2] {
		t.Errorf("the same end leads to %v", hashes)
	}
	if len(f.OpenTransactions()) != 0 {
		t.Error("what a fork does is seen by the original")
	}
}

// TestRecorderKeepsTheEnd: commits and cancellations are steps, and come back
// from their lines.
func TestRecorderKeepsTheEnd(t *testing.T) {
	r := engine.NewRecorder(engine.New(engine.Options{}), false)
	r.Handle(engine.Call{Target: engine.Target("CreateTable"), Body: []byte(indexed)})
	for _, name := range []string{"x", "y"} {
		call := move(name, "")
		call.Hold = name
		r.Handle(call)
	}
	if r.Commit("x").Status != 200 || r.Cancel("y").Status != 200 || r.Commit("y").Status != 400 || r.Cancel("").Status != 400 {
		t.Error("an open transaction cannot be ended, or one that is not can")
	}
	text := string(r.History().Append(nil))
	for _, line := range []string{`"hold":"x",`, `{"commit":"x"}`, `{"cancel":"y"}`, `{"commit":"y"}`} {
		if strings.Count(text, line) != 1 {
			t.Errorf("not once %s in\n%s", line, text)
		}
	}
	h, err := engine.ParseHistory([]byte(text))
	if err != nil || string(h.Append(nil)) != text {
		t.Errorf("read and written again: %v", err)
	}
	if e, _ := run(t, h); e.Tables("")[0].Items != 1 {
		t.Error("replaying leads elsewhere")
	}
	for _, line := range []string{`{"commit":""}`, `{"cancel":"a b"}`} {
		if _, err := engine.ParseStep([]byte(line)); err == nil {
			t.Errorf("%s is read", line)
		}
	}
}

// TestObserveCommit: the trace is that of the transaction.
func TestObserveCommit(t *testing.T) {
	f := enginetest.New(t)
	f.Must("CreateTable", indexed)
	if r := f.Begin("x", move("a", "")); r.Status != 200 {
		t.Fatal(string(r.Body))
	}
	reply, tr := f.ObserveCommit("x")
	if reply.Status != 200 || tr.Operation != "TransactWriteItems" || tr.Receipt == nil || tr.Receipt.Total().String() != "2.0" {
		t.Errorf("%s: %+v", reply.Body, tr)
	}
	if reply, tr := f.ObserveCommit("x"); reply.Status != 400 || tr.Err == nil {
		t.Errorf("%s: %+v", reply.Body, tr)
	}
}

// TestHoldBounds: names are taken once, and there is an end to them.
func TestHoldBounds(t *testing.T) {
	f := enginetest.New(t)
	f.Must("CreateTable", indexed)
	for i := range 100 {
		if r := f.Begin(fmt.Sprint("t", i), move(fmt.Sprint(i), "")); r.Status != 200 {
			t.Fatal(string(r.Body))
		}
	}
	for name, want := range map[string]string{
		"t1":                    "A transaction called t1 is open already",
		"more":                  "At most 100 transactions can be open",
		strings.Repeat("n", 41): "1 to 40 letters, digits, _ . - are expected",
	} {
		if r := f.Begin(name, move("z", "")); r.Status != 400 || !strings.Contains(string(r.Body), want) {
			t.Errorf("%s: %s", name, r.Body)
		}
	}
	f.Pass(time.Hour) // no time is too long
	f.Cancel("t7")
	if r := f.Begin("more", move("7", "")); r.Status != 200 {
		t.Error(string(r.Body))
	}
}

// TestRestoreRefusesAWrongHold: what no engine wrote is not read.
func TestRestoreRefusesAWrongHold(t *testing.T) {
	f := enginetest.New(t)
	f.Must("CreateTable", indexed)
	f.Begin("x", move("a", ""))
	text := string(f.AppendSnapshot(nil))
	for _, c := range [][2]string{
		{`"since":1`, `"since":"?1`}, {`"under":"`, `"under":"zz`}, {`"places":["`, `"places":["zz`}, {`"target":`, `"tar":`},
	} {
		if !strings.Contains(text, c[0]) {
			t.Fatalf("no %s in %s", c[0], text)
		}
		if _, err := engine.Restore([]byte(strings.Replace(text, c[0], c[1], 1))); err == nil {
			t.Errorf("%s is read", c[1])
		}
	}
}

// TestOpenTransactionTellsItsItems: which items, by what action, and who is in
// the way of whom.
func TestOpenTransactionTellsItsItems(t *testing.T) {
	f := enginetest.With(t, engine.Options{Seed: 2})
	f.Handle(engine.Call{Target: engine.Target("CreateTable"), Body: []byte(indexed)})
	call := engine.Call{Target: engine.Target("TransactWriteItems"), Body: []byte(
		`{"ClientRequestToken":"t","TransactItems":[{"ConditionCheck":{"TableName":"Tab","Key":{"sk":{"N":"1"},"pk":{"S":"b"}},"ConditionExpression":"attribute_not_exists(pk)"}},` +
			`{"Put":{"TableName":"Tab","Item":{"more":{"S":"x"},"pk":{"S":"a"},"sk":{"N":"1.0"}}}}]}`)}
	for _, c := range []struct {
		name string
		call engine.Call
	}{{"first", call}, {"second", move("c", "")}} {
		if reply := f.Begin(c.name, c.call); string(reply.Body) != "{}" {
			t.Fatal(string(reply.Body))
		}
	}
	open := f.OpenTransactions()
	var got []string
	for _, tr := range open {
		for _, h := range tr.Held {
			got = append(got, fmt.Sprintf("%s %s %s %s", tr.Name, h.Action, h.Table, attr.AppendMap(nil, h.Key)))
		}
	}
	want := []string{
		`first ConditionCheck Tab {"pk":{"S":"b"},"sk":{"N":"1"}}`, `first Put Tab {"pk":{"S":"a"},"sk":{"N":"1"}}`,
		`second Put Tab {"pk":{"S":"c"},"sk":{"N":"1"}}`,
	}
	if !slices.Equal(got, want) {
		t.Errorf("held are %q, want %q", got, want)
	}
	for _, c := range []struct {
		call    engine.Call
		holders string
	}{
		{engine.Call{Target: engine.Target("PutItem"), Body: []byte(putOne("a"))}, "first"},
		{engine.Call{Target: engine.Target("PutItem"), Body: []byte(putOne("free"))}, ""},
		{engine.Call{Target: engine.Target("TransactWriteItems"), Body: []byte(`{"TransactItems":[{"Put":` + putOne("c") + `},{"Put":` + putOne("a") + `},{"Put":` + putOne("b") + `}]}`)}, "second first"},
		{call, "first"},
	} {
		if _, tr := f.Observe(c.call); strings.Join(tr.Holders, " ") != c.holders {
			t.Errorf("%s: %q were in the way, want %q", c.call.Body, tr.Holders, c.holders)
		}
	}
	f.Handle(engine.Call{Target: engine.Target("DeleteTable"), Body: []byte(`{"TableName":"Tab"}`)})
	if open := f.OpenTransactions(); len(open) != 2 || open[0].Held != nil || open[0].Items != 2 {
		t.Errorf("with the table gone, open are %+v", open)
	}
}
