package web

import (
	"strconv"
	"strings"

	"github.com/sortkey/sortkey/components"
	"github.com/sortkey/sortkey/engine"
	"github.com/sortkey/sortkey/engine/scenario"
	"github.com/sortkey/sortkey/web/page"
)

// Transactions that a visitor holds open, to see what others meet meanwhile:
// engine/hold.go. Opening, committing and cancelling one are steps like any
// other, to be undone and kept.

// hold runs the one request of a text and holds its transaction open; nil where
// it has answered instead.
func (d *Desk) hold(w *page.Answer, text string) *outcome {
	ws := d.ws
	if d.refuses(w, "This is the server’s engine: a transaction held open in it would be in everyone’s way.") {
		return nil
	}
	list, err := scenario.ParseRequests(text)
	switch {
	case err == nil && len(list) > 1:
		w.Fail("One request at a time can be held open: here are "+strconv.Itoa(len(list))+".", page.StatusUnprocessableEntity)
	case err != nil || len(list) == 0:
		return ws.run(text) // which says what is wrong
	default:
		c := call(ws.region, list[0])
		c.Hold = ws.freeHold()
		o := ws.call(text, list[0], c)
		if o.trace.Err == nil {
			o.held = c.Hold
		}
		return ws.keep(o)
	}
	return nil
}

// freeHold is the first of tx1, tx2, … that no open transaction has.
func (ws *workspace) freeHold() string {
	open := ws.engine.OpenTransactions()
	for n := 1; ; n++ {
		name := "tx" + strconv.Itoa(n)
		if holdNamed(open, name) == nil {
			return name
		}
	}
}

func holdNamed(open []engine.OpenTransaction, name string) *engine.OpenTransaction {
	for i := range open {
		if open[i].Name == name {
			return &open[i]
		}
	}
	return nil
}

// commit carries an open transaction out; its reply is shown like any other.
func (d *Desk) commit(w *page.Answer, q *page.Query) {
	s, x := d.openHold(w, q)
	if x == nil {
		return
	}
	o := d.ws.commit(x)
	v := d.view(s)
	v.Said = "Transaction " + x.Name + " is committed: " + said(o)
	d.update(w, v, components.PartAll)
}

// cancel gives an open transaction up.
func (d *Desk) cancel(w *page.Answer, q *page.Query) {
	s, x := d.openHold(w, q)
	if x == nil {
		return
	}
	if err := d.ws.step(engine.Step{Cancel: x.Name}, entry{words: "Transaction " + x.Name + " cancelled"}); err != nil {
		w.Fail(err.Error(), page.StatusConflict)
		return
	}
	v := d.view(s)
	v.Said = "Transaction " + x.Name + " is cancelled: nothing of it was written."
	d.update(w, v, components.PartBar|components.PartSide|components.PartResult|components.PartDock|components.PartSaid)
}

// openHold finds the transaction that a request is to end; it answers itself
// where there is none, or where it is not the page's to end.
func (d *Desk) openHold(w *page.Answer, q *page.Query) (settings, *engine.OpenTransaction) {
	s := d.settle(q)
	if d.refuses(w, "This is the server’s engine; the page ends no transactions in it.") {
		return s, nil
	}
	x := holdNamed(d.ws.engine.OpenTransactions(), q.Last)
	if x == nil {
		w.Fail("There is no open transaction called "+strconv.Quote(q.Last)+".", page.StatusConflict)
	}
	return s, x
}

// commit ends the transaction, whatever its reply is: the state is another in
// any case.
func (ws *workspace) commit(x *engine.OpenTransaction) *outcome {
	operation := engine.Operation(x.Call.Target)
	o := &outcome{
		text: notation(operation, x.Call.Body), req: scenario.Request{Operation: operation, Body: x.Call.Body},
		committed: x.Name, made: true,
	}
	next := ws.engine.Fork()
	o.reply, o.trace = next.ObserveCommit(x.Name)
	ws.enter(engine.Step{Commit: x.Name}, next)
	ws.account(o)
	return ws.keep(o)
}

// holdRows lists the open transactions, the oldest first.
func (ws *workspace) holdRows() []components.HoldRow {
	var list []components.HoldRow
	for _, x := range ws.engine.OpenTransactions() {
		row := components.HoldRow{Name: x.Name, Since: clockTime(x.Since)}
		for _, h := range x.Held {
			row.Items = append(row.Items, heldWords(h))
		}
		list = append(list, row)
	}
	return list
}

// heldWords is an item that is held: what for, where, and its key.
func heldWords(h engine.HeldItem) components.Words {
	var key []string
	for _, m := range h.Key {
		key = append(key, clip(compact(m.Value), 80))
	}
	return components.Say(h.Action + " in ").Strong(h.Table).Say(" ").Code(strings.Join(key, ", "))
}

// heldFacts are the result of a transaction that stays open.
func (ws *workspace) heldFacts(o *outcome) []components.Pair {
	pairs := []components.Pair{{Name: "Transaction", Value: components.Words{}.Code(o.held)}}
	x := holdNamed(ws.engine.OpenTransactions(), o.held)
	if x == nil {
		return append(pairs, components.Pair{Name: "State", Value: components.Say("over, or undone")})
	}
	pairs = append(pairs, components.Pair{Name: "State", Value: components.Say("open since " + clockTime(x.Since) + ": checked, and nothing written yet")})
	for _, h := range x.Held {
		pairs = append(pairs, components.Pair{Name: "Holds", Value: heldWords(h)})
	}
	return pairs
}

// holdPlan says in the plan line how a transaction stands that is no plain one.
func holdPlan(o *outcome) string {
	switch {
	case o.held != "":
		return "It is held open as " + o.held + ": others that write its items meet it. The dock’s tab Simulation ends it."
	case o.committed != "":
		return "It was open as " + o.committed + " and is committed now."
	}
	return ""
}

// conflictReading explains a refusal by which open transaction is in the way.
func conflictReading(o *outcome) []components.Words {
	if len(o.trace.Holders) == 0 {
		return nil
	}
	w := components.Say("The open transaction ")
	if len(o.trace.Holders) > 1 {
		w = components.Say("The open transactions ")
	}
	for i, name := range o.trace.Holders {
		if i > 0 {
			w = w.Say(", ")
		}
		w = w.Code(name)
	}
	if o.trace.Err.Code == "TransactionInProgressException" {
		return []components.Words{w.Say(" has this ClientRequestToken and has not ended yet. The service would be asked again a little later.")}
	}
	verb := " holds an item"
	if len(o.trace.Holders) > 1 {
		verb = " hold items"
	}
	w = w.Say(verb + " of this request: until a transaction ends, nobody else may write what is in it, nor read it in a transaction. Plain reads go on and see what was there before.")
	return []components.Words{w, components.Say("In the service a transaction takes milliseconds, and the SDKs try again. Here it is held until it is committed or cancelled in the dock’s tab Simulation.")}
}

// holdOf offers what can be done about a transaction.
func (ws *workspace) holdOf(o *outcome) *components.Hold {
	switch {
	case ws.base == nil || ws.follows || o.trace.Err != nil || o.committed != "" || o.req.Operation != "TransactWriteItems":
		return nil
	case o.held == "":
		return &components.Hold{Text: notation(o.req.Operation, o.req.Body)}
	case holdNamed(ws.engine.OpenTransactions(), o.held) == nil:
		return nil
	}
	return &components.Hold{Name: o.held}
}
