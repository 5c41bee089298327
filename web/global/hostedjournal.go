package global

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/sortkey/sortkey/components"
	"github.com/sortkey/sortkey/engine"
	"github.com/sortkey/sortkey/engine/attr"
)

// The journal of a region in a tab is lines:
//
//	{"sortkey":"region","version":1,"group":"albums","region":"eu-west-1"}
//	{"sortkey":"history", …}          the engine's beginning
//	{"target":"DynamoDB_20120810.CreateTable", …}
//	…                                 steps, as in engine.History
//
// Messages that were taken in and acknowledgements are steps like the requests
// of the page. A snapshot beside it, {"steps":n} and an engine's snapshot,
// saves taking the first n steps again.

// journal is what is stored of a region, and what is not yet.
type journal struct {
	noted   time.Time // the journal's clock
	steps   int
	snapped int    // at how many steps the last snapshot was taken
	lines   []byte // not stored yet
	before  *checkpoint
	kept    *checkpoint // of what Keep has given away: where Revert goes back to
}

// checkpoint is the state before something that has not been stored.
type checkpoint struct {
	engine         *engine.Engine
	noted          time.Time
	steps, snapped int
	reply          *components.LabReply
}

// hostedJournalVersion is the version of the journal's format.
const hostedJournalVersion = 1

// hostedSnapshotEvery is how many steps may lie between snapshots.
const hostedSnapshotEvery = 500

// Open hosts a region here, from its journal as far as it goes in whole lines:
// a last one that was cut short was never acknowledged. An empty journal is that
// of a region that begins. Where it cannot be read nothing is hosted, and the
// error says why. A snapshot that cannot be read is passed over.
func (h *Hosted) Open(group, region string, text, snapshot []byte) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.choose(group, region)
	h.journal = journal{}
	var err error
	if text = text[:bytes.LastIndexByte(text, '\n')+1]; len(text) > 0 {
		err = h.load(text, snapshot)
	} else {
		err = h.found()
	}
	if err != nil {
		h.engine, h.standing, h.why = nil, components.HostedBroken, err.Error()
		return err
	}
	h.engine.Faults = h.config.Faults
	h.findCuts()
	for _, p := range h.peers {
		p.said.at = h.config.Now().UnixNano() // letters from before are late
	}
	h.standing, h.why, h.greets = components.HostedHere, "", true
	if h.ask == "" {
		h.ask = firstAsk(region)
	}
	return nil
}

// findCuts reads off the engine which links are cut.
func (h *Hosted) findCuts() {
	for _, l := range h.engine.Links() {
		if p := h.peer(l.To); p != nil && l.From == h.region {
			p.cut = l.Cut
		}
	}
}

// found begins the region: the table with the items that it has in every region,
// of the same instant, and messages for the other ones.
func (h *Hosted) found() error {
	o := engine.Options{Seed: 1, Start: hostedBegin, Region: h.region}
	h.engine = engine.New(o)
	h.noted = hostedBegin
	h.lines = append(h.head(), (&engine.History{Options: h.engine.Options()}).Append(nil)...)
	for _, call := range foundingCalls {
		if r, err := h.step(engine.Step{Call: engine.Call{Target: call[0], Region: h.region, Body: []byte(call[1])}}); err != nil || r.Status != 200 {
			return fmt.Errorf("the region could not begin: %s %v", r.Body, err)
		}
	}
	for _, p := range h.peers {
		if err := h.peerStep(engine.PeerStep{What: "join", Region: h.region, Peer: p.region, Table: hostedTable}); err != nil {
			return err
		}
	}
	// All regions begin at one instant, so what they have then is the same. A
	// region that begins again, its storage cleared, must not seem to go on from
	// where it was: its messages are of an epoch that begins now.
	h.tick()
	for _, p := range h.peers {
		if err := h.peerStep(engine.PeerStep{What: "acknowledge", Region: h.region, Peer: p.region}); err != nil {
			return err
		}
	}
	h.before = nil
	return nil
}

// hostedBegin is when every region of every group begins.
var hostedBegin = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

// foundingCalls are what a region begins with.
var foundingCalls = [][2]string{
	{"DynamoDB_20120810.CreateTable", `{"TableName":"Albums","BillingMode":"PAY_PER_REQUEST","AttributeDefinitions":[{"AttributeName":"album","AttributeType":"S"}],"KeySchema":[{"AttributeName":"album","KeyType":"HASH"}]}`},
	{"DynamoDB_20120810.PutItem", `{"TableName":"Albums","Item":{"album":{"S":"blue-train"},"price":{"N":"27.5"},"stock":{"N":"7"}}}`},
	{"DynamoDB_20120810.PutItem", `{"TableName":"Albums","Item":{"album":{"S":"hejira"},"price":{"N":"22"},"stock":{"N":"2"}}}`},
	{"DynamoDB_20120810.PutItem", `{"TableName":"Albums","Item":{"album":{"S":"kind-of-blue"},"price":{"N":"29"},"stock":{"N":"4"}}}`},
}

// firstAsk is the request that stands in the box at first: another one in each
// region, for the same item.
func firstAsk(region string) string {
	set, value := "stock", "3"
	if region == "us-east-1" {
		set, value = "price", "24"
	}
	return "UpdateItem {\n  TableName: \"Albums\", Key: { album: { S: \"kind-of-blue\" } },\n" +
		"  UpdateExpression: \"SET " + set + " = :v\",\n  ExpressionAttributeValues: { \":v\": { N: \"" + value + "\" } }\n}"
}

// head is the first line of the journal.
func (h *Hosted) head() []byte {
	b := []byte(`{"sortkey":"region","version":` + strconv.Itoa(hostedJournalVersion) + `,"group":`)
	b = attr.AppendString(append(attr.AppendString(b, h.group), `,"region":`...), h.region)
	return append(b, "}\n"...)
}

// load goes on from a journal of whole lines.
func (h *Hosted) load(text, snapshot []byte) error {
	head, text, _ := bytes.Cut(text, []byte("\n"))
	m, err := engine.ScanLine(head)
	switch {
	case err != nil || m["sortkey"] != "region":
		return errors.New("this is no journal of a region")
	case m["version"] != strconv.Itoa(hostedJournalVersion):
		return fmt.Errorf("its version is %s, and this Sortkey reads version %d", m["version"], hostedJournalVersion)
	case m["group"] != h.group || m["region"] != h.region:
		return fmt.Errorf("it is the journal of %s in the group %s", m["region"], m["group"])
	}
	first, text, _ := bytes.Cut(text, []byte("\n"))
	begin, err := engine.ParseHistory(append(first, '\n'))
	if err != nil {
		return err
	}
	h.engine, h.steps = engine.New(begin.Options), 0
	if n, restored := readHostedSnapshot(snapshot); restored != nil && n <= bytes.Count(text, []byte("\n")) {
		h.engine, h.steps, h.snapped = restored, n, n
		for range n {
			_, text, _ = bytes.Cut(text, []byte("\n"))
		}
	}
	for len(text) > 0 {
		var row []byte
		row, text, _ = bytes.Cut(text, []byte("\n"))
		if err := h.replay(row); err != nil {
			return fmt.Errorf("step %d of its journal: %w", h.steps+1, err)
		}
		h.steps++
	}
	h.noted = h.engine.Now()
	return nil
}

func (h *Hosted) replay(row []byte) error {
	s, err := engine.ParseStep(row)
	if err == nil {
		_, err = h.engine.Step(s)
	}
	return err
}

func readHostedSnapshot(text []byte) (steps int, e *engine.Engine) {
	head, rest, ok := bytes.Cut(text, []byte("\n"))
	m, err := engine.ScanLine(head)
	if !ok || err != nil {
		return 0, nil
	}
	if steps, err = strconv.Atoi(m["steps"]); err != nil || steps < 0 {
		return 0, nil
	}
	if e, err = engine.Restore(rest); err != nil {
		return 0, nil
	}
	return steps, e
}

// tick brings the engine's clock to the host's. That alone is not stored: what
// falls due on the way does so as well when the clock goes there with a step.
func (h *Hosted) tick() { h.engine.Tick(h.config.Now()) }

// step takes a step and notes it. What the engine refuses changes nothing and is
// not noted.
func (h *Hosted) step(s engine.Step) (engine.Reply, error) {
	h.checkpoint()
	h.noteTime()
	r, err := h.engine.Step(s)
	if err == nil {
		h.note(s)
	}
	return r, err
}

func (h *Hosted) peerStep(p engine.PeerStep) error {
	_, err := h.step(engine.Step{Peer: p})
	return err
}

// checkpoint remembers the state before the first step since the last Keep.
func (h *Hosted) checkpoint() {
	if h.before == nil {
		h.before = &checkpoint{engine: h.engine.Fork(), noted: h.noted, steps: h.steps, snapped: h.snapped, reply: h.reply}
	}
}

// noteTime notes when what follows is done.
func (h *Hosted) noteTime() {
	if now := h.engine.Now(); now.After(h.noted) {
		h.noted = now
		h.note(engine.Step{Advance: now})
	}
}

func (h *Hosted) note(s engine.Step) {
	h.lines = s.Append(h.lines)
	h.steps++
	h.edition++
}

// Keep takes what has to be stored: lines to append to the journal, all of them
// or none, and then, where it is not empty, a snapshot in place of the last one.
func (h *Hosted) Keep() (lines, snapshot []byte) {
	h.mu.Lock()
	defer h.mu.Unlock()
	lines = h.lines
	h.lines, h.kept, h.before = nil, h.before, nil
	if h.engine != nil && len(lines) > 0 && h.steps-h.snapped >= hostedSnapshotEvery {
		h.snapped = h.steps
		snapshot = h.engine.AppendSnapshot([]byte(`{"steps":` + strconv.Itoa(h.steps) + "}\n"))
	}
	return lines, snapshot
}

// Revert undoes what has not been given to Keep yet or, where there is nothing
// like that, what the last Keep was of: it could not be stored.
func (h *Hosted) Revert() {
	h.mu.Lock()
	defer h.mu.Unlock()
	c := h.before
	if c == nil {
		c = h.kept
	}
	if c == nil {
		return
	}
	h.engine, h.noted, h.steps, h.snapped, h.reply = c.engine, c.noted, c.steps, c.snapped, c.reply
	h.before, h.kept, h.lines = nil, nil, nil
	for _, p := range h.peers {
		p.posted, p.said = 0, heard{at: p.said.at}
	}
	h.findCuts()
	h.edition++
}
