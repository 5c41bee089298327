package web

import (
	"strings"
	"testing"

	"github.com/sortkey/sortkey/engine"
)

const transfer = `TransactWriteItems { TransactItems: [
  { Put: { TableName: "Sessions", Item: { id: { S: "x" }, note: { S: "held" } } } },
  { ConditionCheck: { TableName: "Sessions", Key: { id: { S: "y" } }, ConditionExpression: "attribute_not_exists(id)" } }
] }`

const writeHeld = `PutItem { TableName: "Sessions", Item: { id: { S: "x" } } }`

// A transaction is held open, is in others' way, which is told in words, and
// is committed.
func TestHoldAndCommit(t *testing.T) {
	d := New(Config{})
	page := post(t, d, "/desk/run", "text", transfer)
	holds(t, page, "Run it and hold it open", "4.0 WRU")
	post(t, d, "/desk/undo")
	page = post(t, d, "/desk/run", "text", transfer, "hold", "1", "dock", "simulation")
	holds(t, page, "held open as tx1", "charged when it is committed", "Put in Sessions x", "ConditionCheck in Sessions y", "since 09:41:07", "desk/commit/tx1", "desk/cancel/tx1")
	if n := d.ws.table("Sessions").Items; n != 5 {
		t.Errorf("a transaction that is open has written: %d items", n)
	}
	page = post(t, d, "/desk/run", "text", writeHeld)
	holds(t, page, "TransactionConflictException", "The open transaction tx1 holds an item of this request")
	page = post(t, d, "/desk/run", "text", transfer, "hold", "1")
	holds(t, page, "TransactionCanceledException", "The open transaction tx1 holds an item of this request")
	page = post(t, d, "/desk/commit/tx1", "dock", "simulation")
	holds(t, page, "was open as tx1 and is committed", "4.0", "None. Hold open, beside the button", "Transaction tx1 is committed")
	holds(t, post(t, d, "/desk/run", "text", `GetItem { TableName: "Sessions", Key: { id: { S: "x" } } }`), "1 returned", "held")
	holds(t, get(t, d, "/desk/dock/requests"), "held open as tx1", "committed, was open as tx1")
}

// Holding, committing and cancelling are steps: they are undone, stored and
// shared like any other.
func TestHoldIsSteps(t *testing.T) {
	d := New(Config{})
	start := d.ws.engine.StateHash()
	post(t, d, "/desk/run", "text", transfer, "hold", "1")
	open := d.ws.engine.StateHash()
	holds(t, post(t, d, "/desk/cancel/tx1", "dock", "requests"), "Transaction tx1 cancelled", "nothing of it was written")
	if d.ws.engine.StateHash() != start {
		t.Error("a cancelled transaction leaves something behind")
	}
	page := post(t, d, "/desk/undo")
	holds(t, page, "Undo: hold tx1 open", "Redo: cancel tx1")
	if d.ws.engine.StateHash() != open {
		t.Error("undoing a cancel does not open the transaction again")
	}
	post(t, d, "/desk/commit/tx1")
	want := d.ws.engine.StateHash()
	k := d.Keep()
	ws, err := loadWorkspace(k.Lines, nil, nil)
	if err != nil || ws.engine.StateHash() != want {
		t.Errorf("the journal gives another state: %v", err)
	}
	link := post(t, d, "/desk/link")
	other := New(Config{})
	post(t, other, "/desk/open", "link", strings.TrimSpace(link))
	if got := other.ws.table("Sessions"); got == nil || got.Items != 6 {
		t.Errorf("the link gives %+v", got)
	}
}

// Two are open at once; one whose table is gone can still be ended.
func TestSeveralHolds(t *testing.T) {
	d := New(Config{})
	for _, id := range []string{"a", "b"} {
		post(t, d, "/desk/run", "hold", "1", "text", `TransactWriteItems { TransactItems: [{ Delete: { TableName: "Sessions", Key: { id: { S: "`+id+`" } } } }] }`)
	}
	post(t, d, "/desk/cancel/tx1")
	holds(t, post(t, d, "/desk/run", "hold", "1", "text", transfer), "held open as tx1")
	page := post(t, d, "/desk/run", "text", `TransactWriteItems { TransactItems: [
		{ Delete: { TableName: "Sessions", Key: { id: { S: "b" } } } }, { Delete: { TableName: "Sessions", Key: { id: { S: "x" } } } }] }`)
	holds(t, page, "The open transactions tx2 , tx1 hold items of this request")
	post(t, d, "/desk/run", "text", `DeleteTable { TableName: "Sessions" }`)
	holds(t, post(t, d, "/desk/commit/tx2", "dock", "simulation"), "ResourceNotFoundException", "tx1")
}

func TestHoldsAreRefusedInWords(t *testing.T) {
	d := New(Config{})
	before := d.ws.engine.StateHash()
	for _, c := range []struct {
		path, text, words string
		code              int
	}{
		{"/desk/commit/tx1", "", `There is no open transaction called "tx1".`, 409},
		{"/desk/cancel/%3Cb%3E", "", "There is no open transaction called", 409},
		{"/desk/run", transfer + "\n" + transfer, "One request at a time can be held open: here are 2.", 422},
		{"/desk/run", `ListTables {}`, "Only a TransactWriteItems can be held open", 200},
		{"/desk/run", `TransactWriteItems {`, "This is no request yet", 200},
	} {
		code, body := try(d, c.path, "text", c.text, "hold", "1")
		if code != c.code || !strings.Contains(body, c.words) {
			t.Errorf("%s %s: %d %.200s", c.path, c.text, code, body)
		}
	}
	if d.ws.engine.StateHash() != before {
		t.Error("a refusal changed the state")
	}
	host := New(Config{Engine: engine.New(engine.Options{})})
	for _, path := range []string{"/desk/run", "/desk/commit/tx1", "/desk/cancel/tx1"} {
		if code, body := try(host, path, "text", transfer, "hold", "1"); code != 409 || !strings.Contains(body, "server’s engine") {
			t.Errorf("%s on a host's engine: %d %s", path, code, body)
		}
	}
	if page := get(t, host, "/"); strings.Contains(page, "hold-button") {
		t.Error("the page offers to hold transactions of a host's engine")
	}
}
