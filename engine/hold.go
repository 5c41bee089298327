package engine

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/sortkey/sortkey/engine/attr"
)

// Transactions that stay open.
//
// A transaction of the service is over within milliseconds, and what happens to
// others meanwhile is hard to see. So a host may hold one: a TransactWriteItems
// call with a name in [Call.Hold] is validated and planned like any other; if
// it would succeed, it gets the reply {} and its items, condition checks
// included, are held until [Engine.Commit] or [Engine.Cancel]. While they are,
// a single write to one of them gets a TransactionConflictException, a
// transaction with one of them is cancelled for TransactionConflict, a batch
// hands its writes to them back unprocessed, and a call with the same
// ClientRequestToken gets a TransactionInProgressException. Plain reads go on
// and see what was there before.
//
// No request can write a held item, so committing carries out what was planned.
// It is served anew from the request, since a table may have been deleted or an
// item have expired, which then ends as it does for anyone. Held transactions are state, in the order in
// which they were opened.

// held is a transaction that is open. It is never changed: forks share it.
type held struct {
	name   string
	since  int64
	call   Call
	places []string // of its items: table id and row key
	token  string   // "" for none
	sum    [sha256.Size]byte
}

// Bounds of what can be held, so that a document of somebody else's cannot
// fill the machine.
const (
	maxHeld     = 100
	maxHoldName = 40
)

// ValidHold reports whether a name can be that of a held transaction: 1 to 40
// letters, digits, and _ . -
func ValidHold(name string) bool { return len(name) <= maxHoldName && validName(name) }

func checkHoldName(name string) error {
	if !ValidHold(name) {
		return errHoldName(name)
	}
	return nil
}

// Begin opens a transaction under a name: see [Call.Hold]. The reply is that of
// a TransactWriteItems that fails, or {}.
func (e *Engine) Begin(name string, c Call) Reply {
	c.Hold = name
	return e.Handle(c)
}

// Commit carries out the open transaction of that name and gives the reply of
// its TransactWriteItems. Whatever that is, the transaction is over.
func (e *Engine) Commit(name string) Reply {
	reply, _ := e.commit(name, nil)
	return reply
}

// ObserveCommit is Commit and also tells how the transaction was served.
func (e *Engine) ObserveCommit(name string) (Reply, *Trace) {
	return e.commit(name, &Trace{})
}

func (e *Engine) commit(name string, tr *Trace) (Reply, *Trace) {
	e.mu.Lock()
	defer e.mu.Unlock()
	h := e.s.release(name)
	if h == nil {
		return errNotOpen(name).observe(tr), tr
	}
	reply, _ := e.handle(h.call, tr)
	return reply, tr
}

// Cancel gives the open transaction of that name up: nothing was written. The
// reply is {}.
func (e *Engine) Cancel(name string) Reply {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.s.release(name) == nil {
		return errNotOpen(name).reply()
	}
	return Reply{Status: 200, Body: []byte("{}")}
}

// OpenTransaction is a transaction that is held.
type OpenTransaction struct {
	Name  string
	Since time.Time
	Items int // that it holds
	Held  []HeldItem
	Call  Call // as it was made
}

// HeldItem is an item of an open transaction, in the order of its actions.
type HeldItem struct {
	Table  string // its name; a table that is gone has no more items that are held
	Key    attr.Map
	Action string // "Put", "Update", "Delete" or "ConditionCheck"
}

// OpenTransactions lists what is held, the oldest first.
func (e *Engine) OpenTransactions() []OpenTransaction {
	e.mu.Lock()
	defer e.mu.Unlock()
	var list []OpenTransaction
	for _, h := range e.s.open {
		list = append(list, OpenTransaction{h.name, time.Unix(0, h.since).UTC(), len(h.places), e.s.heldItems(h), h.call})
	}
	return list
}

// heldItems reads the items out of the request, which has them in the order of
// the places. A table that was deleted meanwhile has none, nor has one of the
// same name made later.
func (s *state) heldItems(h *held) []HeldItem {
	if len(h.places) == 0 {
		return nil
	}
	x := &exchange{s: s, region: s.region(h.call.Region), call: h.call, body: h.call.Body}
	in, err := x.readTransaction(false)
	if err != nil || len(in.actions) != len(h.places) {
		return nil // a hostile snapshot's
	}
	var list []HeldItem
	for i, a := range in.actions {
		t, err := x.readableTable(a.table)
		if err != nil || !strings.HasPrefix(h.places[i], t.meta.id) {
			continue
		}
		var key attr.Map
		for _, k := range t.meta.keys.Attrs() {
			v, _ := a.body.m.Get(k.Name)
			key = append(key, attr.Member{Name: k.Name, Value: v})
		}
		list = append(list, HeldItem{t.meta.name, attr.NewItem(key).Map(), a.kinds[0]})
	}
	return list
}

// checkHold sees that a call can be held under the name it asks for.
func (s *state) checkHold(op *operation, name string) error {
	switch {
	case op.name != "TransactWriteItems":
		return invalid(textHoldOperation)
	case !ValidHold(name):
		return errHoldName(name)
	case slices.ContainsFunc(s.open, func(h *held) bool { return h.name == name }):
		return errHoldTaken(name)
	case len(s.open) == maxHeld:
		return errHoldCount(maxHeld)
	}
	return nil
}

// hold keeps a planned transaction open instead of carrying it out. One whose
// token stands for a transaction made before has no actions left.
func (x *exchange) hold(token text, sum [sha256.Size]byte, actions []*action) {
	s := x.s
	h := &held{name: x.call.Hold, since: s.now, token: token.v, sum: sum, call: x.call}
	h.call.Hold, h.call.Body, h.call.Room = "", bytes.Clone(x.body), nil
	for _, a := range actions {
		h.places = append(h.places, a.on.meta.id+a.row)
	}
	s.open = append(s.open[:len(s.open):len(s.open)], h)
	x.out = []byte("{}")
}

// release ends what is held under a name; nil if nothing is.
func (s *state) release(name string) *held {
	for i, h := range s.open {
		if h.name == name {
			s.open = slices.Delete(slices.Clone(s.open), i, i+1)
			return h
		}
	}
	return nil
}

// conflicts reports whether an open transaction has the item at a row, and
// tells the trace which.
func (x *exchange) conflicts(t *table, row string) bool {
	if len(x.s.open) == 0 {
		return false
	}
	place := t.meta.id + row
	for _, h := range x.s.open {
		if slices.Contains(h.places, place) {
			x.noteHolder(h.name)
			return true
		}
	}
	return false
}

// inProgress refuses a token that an open transaction has.
func (x *exchange) inProgress(token string, sum [sha256.Size]byte) error {
	for _, h := range x.s.open {
		switch {
		case h.token == "" || h.token != token:
		case h.sum != sum:
			return errTokenMismatch()
		default:
			x.noteHolder(h.name)
			return fail("TransactionInProgressException", textInProgress)
		}
	}
	return nil
}

func (h *held) digest(w io.Writer) {
	fmt.Fprintf(w, "held %q %d %q %q %q %q %q %q %x\n",
		h.name, h.since, h.call.Target, h.call.Region, h.call.Caller, h.call.Body, h.places, h.token, h.sum)
}

// held writes the line of an open transaction.
func (e *enc) held(h *held) {
	e.begin()
	e.str("held", h.name)
	e.int("since", h.since)
	e.str("token", h.token)
	e.str("under", hex.EncodeToString(h.sum[:]))
	e.key("places")
	e.list()
	for _, place := range h.places {
		e.comma()
		e.b = attr.AppendString(e.b, hex.EncodeToString([]byte(place)))
	}
	e.unlist()
	e.b = append(e.b, ',')
	e.b = h.call.append(e.b)
	e.line()
}
