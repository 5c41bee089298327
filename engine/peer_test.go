package engine_test

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/sortkey/sortkey/engine"
	"github.com/sortkey/sortkey/engine/enginetest"
)

// tab is an engine that hosts one region, as a browser's tab does, and what it
// remembers of its peers when it is closed: its history.
type tab struct {
	*world
	region   string
	recorder *engine.Recorder
}

func newTab(t testing.TB, region string) *tab {
	e := engine.New(engine.Options{Region: region, Seed: uint64(len(region))})
	tb := &tab{&world{enginetest.Wrap(t, e), t}, region, engine.NewRecorder(e, false)}
	tb.call("CreateTable", `{"TableName":"Albums","AttributeDefinitions":[{"AttributeName":"album","AttributeType":"S"}],
		"KeySchema":[{"AttributeName":"album","KeyType":"HASH"}],"BillingMode":"PAY_PER_REQUEST"}`)
	return tb
}

func (tb *tab) call(operation, body string) engine.Reply {
	tb.t.Helper()
	r := tb.recorder.Handle(engine.Call{Target: engine.Target(operation), Body: []byte(body)})
	if r.Status != 200 {
		tb.t.Fatalf("%s %s: %s", operation, body, r.Body)
	}
	return r
}

func (tb *tab) peer(c engine.PeerStep) error {
	_, err := tb.recorder.Step(engine.Step{Peer: c})
	return err
}

func (tb *tab) join(other string) {
	tb.t.Helper()
	if err := tb.peer(engine.PeerStep{What: "join", Table: "Albums", Region: tb.region, Peer: other}); err != nil {
		tb.t.Fatal(err)
	}
}

func (tb *tab) tick(d time.Duration) {
	if err := tb.recorder.AdvanceTo(tb.Now().Add(d)); err != nil {
		tb.t.Fatal(err)
	}
}

// send carries messages to another tab and, with acknowledge, what it has heard
// back.
func (tb *tab) send(to *tab, acknowledge bool) {
	tb.t.Helper()
	for _, m := range tb.Outbox(tb.region, to.region, 0, 1000) {
		text := string(m.Append(nil))
		for range 2 { // twice is as good as once
			if err := to.peer(engine.PeerStep{What: "deliver", Message: text}); err != nil {
				tb.t.Fatal(err)
			}
		}
	}
	if acknowledge {
		tb.hello(to)
	}
}

// hello tells a tab what the other one has heard of it.
func (tb *tab) hello(to *tab) {
	tb.t.Helper()
	epoch, number := to.Heard(to.region, tb.region)
	if err := tb.peer(engine.PeerStep{What: "acknowledge", Region: tb.region, Peer: to.region, Epoch: epoch, Number: number}); err != nil {
		tb.t.Fatal(err)
	}
}

// reopen is the tab as its journal makes it.
func (tb *tab) reopen() *tab {
	tb.t.Helper()
	h, err := engine.ParseHistory(tb.recorder.History().Append(nil))
	if err != nil {
		tb.t.Fatal(err)
	}
	e, err := h.Replay(nil)
	if err != nil {
		tb.t.Fatal(err)
	}
	if e.StateHash() != tb.StateHash() {
		tb.t.Error("the journal leads to another state")
	}
	restored, err := engine.Restore(e.AppendSnapshot(nil))
	if err != nil || restored.StateHash() != e.StateHash() {
		tb.t.Errorf("a snapshot leads to another state: %v", err)
	}
	return &tab{&world{enginetest.Wrap(tb.t, e), tb.t}, tb.region, engine.NewRecorder(e, false)}
}

func (tb *tab) scan() string { return string(tb.call("Scan", `{"TableName":"Albums"}`).Body) }

func (tb *tab) write(album, attributes string) {
	tb.t.Helper()
	tb.call("PutItem", `{"TableName":"Albums","Item":{"album":{"S":"`+album+`"}`+attributes+`}}`)
}

func TestTabsReplicate(t *testing.T) {
	us, eu := newTab(t, "us-east-1"), newTab(t, "eu-west-1")
	us.write("before", "")
	us.join("eu-west-1")
	us.join("eu-west-1") // nothing more
	eu.join("us-east-1")
	us.send(eu, true)
	eu.send(us, true)
	if got := eu.scan(); !strings.Contains(got, "before") || got != us.scan() {
		t.Errorf("what was there before: %s", got)
	}
	if n := len(us.Outbox("us-east-1", "eu-west-1", 0, 9)); n != 0 {
		t.Errorf("%d messages are kept that were acknowledged", n)
	}
	// Both write the same item, one of them deletes another.
	us.tick(time.Second)
	eu.tick(time.Second)
	us.write("hejira", `,"n":{"N":"1"}`)
	us.tick(time.Millisecond)
	eu.tick(2 * time.Millisecond)
	eu.write("hejira", `,"n":{"N":"2"}`)
	us.call("DeleteItem", `{"TableName":"Albums","Key":{"album":{"S":"before"}}}`)
	us.send(eu, true)
	eu.send(us, true)
	if got := eu.scan(); strings.Contains(got, "before") || !strings.Contains(got, `"n":{"N":"2"}`) || got != us.scan() {
		t.Errorf("eu has %s, us %s", got, us.scan())
	}
	for _, tb := range []*tab{us, eu} {
		l := tb.Ledger("", "Albums")
		if len(l.Conflicts) != 1 || l.Conflicts[0].Loser.Region != "us-east-1" || l.Conflicts[0].Lost.JSON() != `{"album":{"S":"hejira"},"n":{"N":"1"}}` {
			t.Errorf("the ledger of %s: %+v", tb.region, l)
		}
	}
}

// TestTabsAtMost: a table can be replicated to 32 regions of peers; what has been
// joined can be joined again, and another one is refused.
func TestTabsAtMost(t *testing.T) {
	tb := newTab(t, "us-east-1")
	tb.tick(time.Minute)
	for range 2 {
		for i := range 32 {
			tb.join("peer-" + strconv.Itoa(i))
		}
	}
	err := tb.peer(engine.PeerStep{What: "join", Table: "Albums", Region: tb.region, Peer: "peer-32"})
	if err == nil || !strings.Contains(err.Error(), "32 pairs of regions are the most") {
		t.Errorf("the 33rd peer: %v", err)
	}
}

// A tab that is closed catches up when it is opened again; what it had sent and
// nobody had taken is sent again.
func TestTabsCatchUp(t *testing.T) {
	us, eu := newTab(t, "us-east-1"), newTab(t, "eu-west-1")
	us.join("eu-west-1")
	eu.join("us-east-1")
	eu.write("unsent", "")
	eu.write("taken, not acknowledged", "")
	eu.send(us, false)
	eu = eu.reopen()
	for range 20 {
		us.write("while away", `,"n":{"N":"1"}`)
	}
	us.hello(eu)
	eu.hello(us)
	us.send(eu, true)
	eu.send(us, true)
	if got := eu.scan(); !strings.Contains(got, "while away") || !strings.Contains(got, "unsent") || got != us.scan() {
		t.Errorf("eu has %s, us %s", got, us.scan())
	}
}

// A tab that has lost all it had gets everything anew, deletes too; a message
// that is not the next is refused, and nothing is lost by that.
func TestTabsBeginAnew(t *testing.T) {
	us, eu := newTab(t, "us-east-1"), newTab(t, "eu-west-1")
	us.join("eu-west-1")
	eu.join("us-east-1")
	us.write("one", "")
	us.write("two", "")
	us.call("DeleteItem", `{"TableName":"Albums","Key":{"album":{"S":"one"}}}`)
	us.send(eu, true)
	eu = newTab(t, "eu-west-1")
	eu.tick(time.Hour)
	us.tick(time.Hour)
	us.write("three", "")
	out := us.Outbox("us-east-1", "eu-west-1", 0, 9)
	if len(out) != 1 {
		t.Fatalf("%d messages", len(out))
	}
	text := string(out[0].Append(nil))
	if err := eu.peer(engine.PeerStep{What: "deliver", Message: text}); err == nil || !strings.Contains(err.Error(), "not joined") {
		t.Errorf("a message before the table has joined: %v", err)
	}
	eu.join("us-east-1")
	before := eu.StateHash()
	if err := eu.peer(engine.PeerStep{What: "deliver", Message: text}); err == nil || !strings.Contains(err.Error(), "early") || eu.StateHash() != before {
		t.Errorf("a message that is early: %v", err)
	}
	us.hello(eu)
	if n := len(us.Outbox("us-east-1", "eu-west-1", 0, 9)); n != 3 {
		t.Errorf("%d messages in the new epoch, want two items and a tombstone", n)
	}
	late := engine.PeerStep{What: "acknowledge", Region: "us-east-1", Peer: "eu-west-1", Epoch: out[0].Epoch, Number: 3}
	before = us.StateHash()
	if err := us.peer(late); err != nil || us.StateHash() != before {
		t.Errorf("late words of the epoch before: %v", err)
	}
	us.send(eu, true)
	if got := eu.scan(); got != us.scan() || !strings.Contains(got, `"Count":2`) {
		t.Errorf("eu has %s, us %s", got, us.scan())
	}
}

// An outbox that nobody empties has the last writes of every item, and the ledger
// of both sides is the same as if it had all of them.
func TestOutboxIsBounded(t *testing.T) {
	us, eu := newTab(t, "us-east-1"), newTab(t, "eu-west-1")
	us.join("eu-west-1")
	eu.join("us-east-1")
	us.tick(time.Second)
	eu.tick(1500 * time.Millisecond)
	us.write("once", "")
	eu.write("hejira", `,"n":{"N":"0"}`) // later than the first of the others, and lost
	for range 500 {
		us.write("hejira", `,"n":{"N":"1"}`)
		us.tick(time.Millisecond)
		us.call("DeleteItem", `{"TableName":"Albums","Key":{"album":{"S":"gone"}}}`)
		us.tick(time.Millisecond)
	}
	out := us.Outbox("us-east-1", "eu-west-1", 0, 1000)
	if len(out) != 33 || out[0].After != 0 || out[0].Number != 1 || out[1].After != 1 || out[1].Number < 900 || !out[1].Run || out[1].Parent != (engine.Version{}) {
		t.Errorf("%d messages, beginning with %+v", len(out), out[:min(2, len(out))])
	}
	tail := string(out[2].Append(nil))
	if err := eu.peer(engine.PeerStep{What: "deliver", Message: tail}); err == nil || !strings.Contains(err.Error(), "early") {
		t.Errorf("a message behind others: %v", err)
	}
	us = us.reopen()
	us.send(eu, true)
	eu.send(us, true)
	if got := eu.scan(); got != us.scan() || !strings.Contains(got, `"n":{"N":"1"}`) || !strings.Contains(got, `"Count":2`) {
		t.Errorf("eu has %s, us %s", got, us.scan())
	}
	if left := us.Outbox("us-east-1", "eu-west-1", 0, 9); len(left) > 0 {
		t.Errorf("%d messages are left", len(left))
	}
	for _, tb := range []*tab{us, eu} {
		l := tb.Ledger("", "Albums")
		if len(l.Conflicts) != 1 || l.Conflicts[0].Loser.Region != "eu-west-1" {
			t.Errorf("the ledger of %s: %+v", tb.region, l)
		}
	}
}

func TestMessageText(t *testing.T) {
	us := newTab(t, "us-east-1")
	us.write("one", `,"n":{"N":"1"}`)
	us.join("eu-west-1")
	us.write("one", `,"n":{"N":"2"}`)
	us.call("DeleteItem", `{"TableName":"Albums","Key":{"album":{"S":"one"}}}`)
	for _, m := range us.Outbox("us-east-1", "eu-west-1", 0, 9) {
		m.After, m.Run = 0, m.Item != nil
		text := string(m.Append(nil))
		again, err := engine.ReadMessage([]byte(text))
		if err != nil || string(again.Append(nil)) != text {
			t.Errorf("%s is read as %+v: %v", text, again, err)
		}
	}
	for _, text := range []string{
		"", "{}", `{"from":"us-east-1"}`, `{"from":"us-east-1","to":"eu-west-1","table":"T","at":5,"by":"us-east-1"}`,
		`{"from":"us-east-1","to":"eu-west-1","table":"T","at":-5,"by":"us-east-1","key":{"a":{"S":"b"}}}`,
		`{"from":"us-east-1","to":"EU","table":"T","at":5,"by":"us-east-1","key":{"a":{"S":"b"}}}`,
		`{"from":"us-east-1","to":"eu-west-1","table":"T","at":5,"by":"us-east-1","over":6,"overBy":"eu-west-1","key":{"a":{"S":"b"}}}`,
		`{"from":"us-east-1","to":"eu-west-1","table":"T","at":5,"by":"us-east-1","image":{"a":{"S":5}}}`,
		`{"message":"x","from":"us-east-1","to":"eu-west-1","table":"T","at":5,"by":"us-east-1","key":{"a":{"S":"b"}}}`,
	} {
		if m, err := engine.ReadMessage([]byte(text)); err == nil {
			t.Errorf("%s is read as %+v", text, m)
		}
	}
}
