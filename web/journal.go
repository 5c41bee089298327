package web

import (
	"bytes"
	"fmt"
	"strconv"

	"github.com/sortkey/sortkey/engine"
	"github.com/sortkey/sortkey/engine/attr"
	"github.com/sortkey/sortkey/engine/scenario"
)

// A stored workspace is a journal of JSON lines, complete from the beginning:
//
//	{"sortkey":"workspace","version":1,"title":"Record shop","scenario":"---\nsortkey: 1\n…"}
//	{"target":"DynamoDB_20120810.PutItem","body":{…}}      a step, as in engine.History
//	{"advance":"2026-11-22T09:42:07Z"}
//	{"ticks":true}                                         the step before is ticks of a clock that runs
//	{"joins":true}                                         the step behind lengthens them
//	{"goto":3}                                             undo, redo: to moment 3
//	{"title":"Records"}
//	{"draft":"Query { … }"}
//
// Each step makes the next moment, a child of the present one. A snapshot
// beside it, {"moment":n} and an engine's snapshot, saves replaying what led
// to moment n; without it everything is replayed.

// journalVersion is the version of the journal's format.
const journalVersion = 1

// Keep is what a host has to store before it gives the answer that it came
// with.
type Keep struct {
	Workspace string // id of the workspace, a file name
	Title     string
	Begins    bool   // Lines are a whole journal: the workspace is stored for the first time
	Light     bool   // Lines change no data: a title, what is in the editor
	Lines     []byte // to append to the journal; nothing to store if empty
	Snapshot  []byte // to replace the snapshot with; may be empty

	Here, Back string // ids of the workspace on the desk and of the one before; "" while not stored
}

// Keep takes what the last request left to store; a host asks until there is
// nothing more. Workspaces in which nothing has been changed are not stored: a
// first visit leaves no trace.
func (d *Desk) Keep() Keep {
	d.mu.Lock()
	defer d.mu.Unlock()
	var k Keep
	if d.config.Engine == nil {
		if d.back != nil {
			k = d.keep(d.back)
		}
		if len(k.Lines) == 0 {
			k = d.keep(d.ws)
		}
	}
	if len(k.Lines) == 0 {
		d.before = nil // what is stored stays
	}
	k.Here = d.ws.id
	if d.back != nil {
		k.Back = d.back.id
	}
	return k
}

func (d *Desk) keep(ws *workspace) Keep {
	if ws.follows || len(ws.journal) == 0 || len(ws.moments) == 1 && ws.id == "" {
		return Keep{}
	}
	k := Keep{Title: ws.title, Light: !ws.due, Lines: ws.journal}
	if ws.id == "" {
		ws.id = d.newID()
		k.Begins = true
		k.Lines = appendText(append(ws.head(), ws.journal...), "draft", ws.draft)
	}
	k.Workspace = ws.id
	ws.journal, ws.due = nil, false
	if ws.at.id-ws.snapped > snapshotEvery {
		// Of the moment before, so that the last step can be shown again.
		if e, err := ws.state(ws.at.parent); err == nil {
			ws.snapped = ws.at.parent.id
			k.Snapshot = append([]byte(`{"moment":`+strconv.Itoa(ws.snapped)+"}\n"), e.AppendSnapshot(nil)...)
		}
	}
	return k
}

// snapshotEvery is how many moments may lie between snapshots. A step takes
// about a tenth of a millisecond to replay in a browser, and a row of a
// snapshot as long to read.
const snapshotEvery = 500

// Owe gives light lines back that could not be stored: they are part of what
// the next Keep takes.
func (d *Desk) Owe(k Keep) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, ws := range []*workspace{d.ws, d.back} {
		if ws != nil && ws.id == k.Workspace {
			ws.journal = append(k.Lines, ws.journal...)
		}
	}
}

// Revert undoes the last request: its host could not store it.
func (d *Desk) Revert() {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.before == nil {
		return
	}
	d.ws, d.back, d.edition = d.before.ws, d.before.back, d.before.edition
	*d.ws = d.before.state
	*d.ws.at = d.before.at
	d.before = nil
}

// checkpoint is what Revert goes back to.
type checkpoint struct {
	ws, back *workspace
	edition  int
	state    workspace
	at       moment // the present one: a tick lengthens it, a step gives it a child
}

func (d *Desk) checkpoint() {
	d.before = &checkpoint{ws: d.ws, back: d.back, edition: d.edition, state: *d.ws, at: *d.ws.at}
}

// head is the first line of the workspace's journal.
func (ws *workspace) head() []byte {
	b := []byte(`{"sortkey":"workspace","version":` + strconv.Itoa(journalVersion) + `,"title":`)
	b = attr.AppendString(b, ws.title)
	b = attr.AppendString(append(b, `,"scenario":`...), string(ws.base.Text()))
	return append(b, "}\n"...)
}

func appendGoTo(b []byte, id int) []byte {
	return append(append(append(b, `{"goto":`...), strconv.Itoa(id)...), "}\n"...)
}

func appendText(b []byte, name, text string) []byte {
	b = append(append(append(b, `{"`...), name...), `":`...)
	return append(attr.AppendString(b, text), "}\n"...)
}

// Follow marks the workspace on the desk as another tab's, or as this tab's
// again: then it can be changed here.
func (d *Desk) Follow(other bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.ws.follows = other
}

// Load puts a stored workspace on the desk. A last line that was cut short was
// never acknowledged and is left out; a snapshot that cannot be read is passed
// over. Anything else that is wrong is an error, and the desk stays as it is.
func (d *Desk) Load(id string, journal, snapshot []byte) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	ws, err := loadWorkspace(journal, snapshot, d.config.Faults)
	if err != nil {
		return err
	}
	ws.id = id
	d.back, d.ws = nil, ws
	d.edition++
	return nil
}

func loadWorkspace(journal, snapshot []byte, faults func(any, []byte)) (*workspace, error) {
	journal = journal[:bytes.LastIndexByte(journal, '\n')+1]
	if len(journal) == 0 {
		return nil, fmt.Errorf("this workspace’s journal is empty")
	}
	l := &loader{faults: faults}
	if err := l.lines(journal); err != nil {
		return nil, err
	}
	ws := l.ws
	if at, restored := readSnapshot(snapshot); restored != nil && at < len(ws.moments) {
		restored.Faults = faults
		ws.moments[at].engine, ws.snapped = restored, at
	}
	if err := ws.arrive(); err != nil {
		return nil, err
	}
	ws.journal, ws.due = nil, false
	return ws, ws.resume()
}

// Extend brings the workspace on the desk up to date with whole lines that its
// owner has stored since. Where that fails the desk stays as it is, and the
// host loads the workspace again.
func (d *Desk) Extend(lines []byte) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	was := *d.ws
	err := (&loader{ws: d.ws, faults: d.config.Faults}).lines(lines)
	if err == nil {
		err = d.ws.arrive()
	}
	if err != nil {
		*d.ws = was
	}
	d.ws.journal, d.ws.due = was.journal, was.due
	return err
}

// arrive makes the engine of the moment that lines have led to.
func (ws *workspace) arrive() (err error) {
	ws.engine, err = ws.state(ws.at)
	return err
}

// resume shows something in a workspace just loaded: what the request in the
// editor returns, if it only reads, else what the last request came to.
func (ws *workspace) resume() error {
	if ws.glance() {
		return nil
	}
	m := ws.at
	for m.parent != nil && m.step.Call.Target == "" {
		m = m.parent
	}
	if m.parent == nil {
		return nil
	}
	e, err := ws.state(m.parent)
	if err != nil {
		return err
	}
	c := m.step.Call
	o := &outcome{text: ws.draft, req: scenario.Request{Operation: engine.Operation(c.Target), Body: c.Body}}
	if text, err := scenario.Format(o.req.Operation, c.Body); err == nil && !asks(ws.draft, o.req) {
		o.text = text
	}
	e = e.Fork()
	o.reply, o.trace = e.Observe(c)
	o.table = tableOf(e, o.trace.Region, o.trace.Table)
	ws.keep(o)
	o.after, ws.entries[len(ws.entries)-1].moment = m, m
	return nil
}

// asks reports whether a text ends in a request.
func asks(text string, req scenario.Request) bool {
	list, err := scenario.ParseRequests(text)
	if err != nil || len(list) == 0 {
		return false
	}
	last := list[len(list)-1]
	return last.Operation == req.Operation && bytes.Equal(last.Body, req.Body)
}

func readSnapshot(text []byte) (at int, e *engine.Engine) {
	head, rest, ok := bytes.Cut(text, []byte("\n"))
	m, err := engine.ScanLine(head)
	if !ok || err != nil {
		return 0, nil
	}
	if at, err = strconv.Atoi(m["moment"]); err != nil {
		return 0, nil
	}
	if e, err = engine.Restore(rest); err != nil {
		return 0, nil
	}
	return at, e
}

// loader reads a journal line by line. Steps are not run: only the state
// asked for is, at the end.
type loader struct {
	ws     *workspace
	faults func(any, []byte)
	joins  bool // the next step of the clock lengthens the present one
}

// lines reads whole lines; without a workspace the first one begins it.
func (l *loader) lines(text []byte) error {
	for n := 1; len(text) > 0; n++ {
		row, rest, _ := bytes.Cut(text, []byte("\n"))
		text = rest
		if err := l.line(row); err != nil {
			return fmt.Errorf("line %d of this workspace’s journal: %w", n, err)
		}
	}
	return nil
}

func (l *loader) line(row []byte) error {
	m, err := engine.ScanLine(row)
	if err != nil {
		return err
	}
	if l.ws == nil {
		return l.head(m)
	}
	ws := l.ws
	switch {
	case m["goto"] != "":
		id, err := strconv.Atoi(m["goto"])
		if err != nil || id < 0 || id >= len(ws.moments) {
			return fmt.Errorf("there is no moment %s", m["goto"])
		}
		ws.at = ws.moments[id]
		for c := ws.at; c.parent != nil; c = c.parent {
			c.parent.next = c
		}
	case m["ticks"] != "":
		ws.at.ticks = true
	case m["joins"] != "":
		l.joins = true
	case m["title"] != "":
		ws.title = m["title"]
	case has(m, "draft"):
		ws.draft = m["draft"]
	default:
		step, err := engine.ParseStep(row)
		if err != nil {
			return err
		}
		if l.joins {
			l.joins = false
			ws.at.step, ws.at.engine = step, nil
			return nil
		}
		ws.enter(step, nil)
		ws.note(entry{moment: ws.at, step: 0})
	}
	return nil
}

func has(m map[string]string, name string) bool {
	_, ok := m[name]
	return ok
}

func (l *loader) head(m map[string]string) error {
	if m["sortkey"] != "workspace" {
		return fmt.Errorf("this is no workspace")
	}
	if m["version"] != strconv.Itoa(journalVersion) {
		return fmt.Errorf("version %s is not version %d, which this Sortkey reads", m["version"], journalVersion)
	}
	doc, err := scenario.Parse([]byte(m["scenario"]))
	if err != nil {
		return err
	}
	ws, err := documentWorkspace(doc, l.faults)
	if err != nil {
		return err
	}
	ws.title = m["title"]
	ws.outcomes, ws.entries, ws.shown, ws.last, ws.units = nil, nil, nil, 0, 0
	l.ws = ws
	return nil
}
