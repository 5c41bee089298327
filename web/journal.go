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
	Lines     []byte // to append to the journal; nothing to store if empty
	Snapshot  []byte // to replace the snapshot with; may be empty
}

// Keep takes what the last request left to store. Workspaces in which nothing
// has been changed are not stored: a first visit leaves no trace.
func (d *Desk) Keep() Keep {
	d.mu.Lock()
	defer d.mu.Unlock()
	ws := d.ws
	if d.config.Engine != nil || ws.follows || len(ws.journal) == 0 || len(ws.moments) == 1 && ws.id == "" {
		return Keep{}
	}
	k := Keep{Title: ws.title, Lines: ws.journal}
	if ws.id == "" {
		ws.id = d.newID()
		k.Begins = true
		k.Lines = appendText(append(ws.head(), ws.journal...), "draft", ws.draft)
	}
	k.Workspace = ws.id
	ws.journal = nil
	if ws.at.id-ws.snapped >= snapshotEvery {
		ws.snapped = ws.at.id
		k.Snapshot = ws.engine.AppendSnapshot([]byte(`{"moment":` + strconv.Itoa(ws.at.id) + "}\n"))
	}
	return k
}

// snapshotEvery is how many moments may lie between snapshots.
const snapshotEvery = 100

// Revert undoes the last request: its host could not store it.
func (d *Desk) Revert() {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.before == nil {
		return
	}
	d.ws, d.back, d.edition = d.before.ws, d.before.back, d.before.edition
	*d.ws = d.before.state
	d.ws.at.next = d.before.next
	d.before = nil
}

// checkpoint is what Revert goes back to.
type checkpoint struct {
	ws, back *workspace
	edition  int
	state    workspace
	next     *moment
}

func (d *Desk) checkpoint() {
	d.before = &checkpoint{ws: d.ws, back: d.back, edition: d.edition, state: *d.ws, next: d.ws.at.next}
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
	if i := bytes.LastIndexByte(journal, '\n'); i >= 0 {
		journal = journal[:i+1]
	} else {
		return nil, fmt.Errorf("this workspace's journal is empty")
	}
	l := &loader{faults: faults}
	at, restored := readSnapshot(snapshot)
	for n := 1; len(journal) > 0; n++ {
		row, rest, _ := bytes.Cut(journal, []byte("\n"))
		journal = rest
		if err := l.line(row, n); err != nil {
			return nil, fmt.Errorf("line %d of this workspace’s journal: %w", n, err)
		}
	}
	ws := l.ws
	if restored != nil && at < len(ws.moments) {
		restored.Faults = faults
		ws.moments[at].engine, ws.snapped = restored, at
	}
	e, err := ws.state(ws.at)
	if err != nil {
		return nil, err
	}
	ws.engine, ws.journal = e, nil
	return ws, nil
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
}

func (l *loader) line(row []byte, n int) error {
	m, err := engine.ScanLine(row)
	if err != nil {
		return err
	}
	if n == 1 {
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
	case m["title"] != "":
		ws.title = m["title"]
	case has(m, "draft"):
		ws.draft = m["draft"]
	default:
		step, err := engine.ParseStep(row)
		if err != nil {
			return err
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
	l.ws, err = documentWorkspace(doc, l.faults)
	if err == nil {
		l.ws.title = m["title"]
	}
	return err
}
