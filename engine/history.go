package engine

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/sortkey/sortkey/engine/attr"
)

// HistoryVersion is the newest version of the history format that this engine
// reads. It writes the oldest that can say what there is to say: version 2 has
// the setting "envelope", version 3 all others of the list of settings.
const HistoryVersion = 3

// formatVersion is the version of a header with these options, of histories
// and of snapshots.
func (o Options) formatVersion() int {
	for _, x := range settings[2:] {
		if !x.IsZero(o.Settings) {
			return 3
		}
	}
	if o.Envelope {
		return 2
	}
	return 1
}

// readableVersion reports whether a header's version is between 1 and newest.
func readableVersion(version string, newest int) bool {
	n, err := strconv.Atoi(version)
	return err == nil && n >= 1 && n <= newest && strconv.Itoa(n) == version
}

// History is a start and what happened since: replaying it gives the same
// bytes and the same state, on any machine.
//
// Its text is JSON lines. The first line is the header:
//
//	{"sortkey":"history","version":1,"seed":"7","start":"2026-01-01T00:00:00Z","region":"us-east-1","account":"000000000000","degree":0,"transition":"0s"}
//
// Every further line is a step: of the clock, a change of a setting, the split
// of a partition, the beginning or end of a load ([Load.String] has the text), a
// request, the end of a transaction that a request with "hold" has opened, or what
// befalls links and regions ([LinkStep], [RegionStep], [PeerStep]):
//
//	{"advance":"2026-01-01T00:00:05Z"}
//	{"set":"transition","to":"5s"}
//	{"split":"T","partition":0,"region":"eu-west-1"}
//	{"load":"morning table=T rate=100,1h:900 for=2h reads=80"}
//	{"stop":"morning","region":"eu-west-1"}
//	{"commit":"transfer"}
//	{"cancel":"transfer"}
//	{"link":"us-east-1","to":"eu-west-1","what":"latency","value":"420ms"}
//	{"kill":"eu-west-1"}
//	{"deliver":"{\"message\":7,…}"}
//	{"target":"DynamoDB_20120810.PutItem","region":"eu-west-1","body":{"TableName":"T","Item":{}}}
//
// A body that is not a JSON object on one line is kept as "text", a JSON
// string, or where it is not UTF-8 as "raw", in base64. So lines can be
// appended to a journal as they come, and a truncated last line is known.
type History struct {
	Options Options
	Steps   []Step
}

// Step is one entry of a history: a clock step if Advance is set, a change of
// a setting if Set has a name, a split if Split has a table, a load that begins
// or ends if Load or Stop has a name, the end of an open transaction if Commit or
// Cancel names it, a change of a link, a region or a peer if these say what, else
// a call.
type Step struct {
	Advance time.Time
	Set     Change
	Split   Split
	Load    Load
	Stop    LoadName
	Commit  string
	Cancel  string
	Link    LinkStep
	Region  RegionStep
	Peer    PeerStep
	Call    Call
}

// LoadName names a load that is to end.
type LoadName struct{ Region, Name string }

// Change gives a setting a value: see Setting.
type Change struct{ Name, Value string }

// IsCall tells a call from what the host does to the simulation.
func (s Step) IsCall() bool {
	return s.Advance.IsZero() && s.Set.Name == "" && s.Split.Table == "" && s.Load.Name == "" && s.Stop.Name == "" && s.Commit == "" && s.Cancel == "" &&
		s.Link.From == "" && s.Region.Region == "" && s.Peer.What == ""
}

// HistoryError tells which line of a history cannot be read.
type HistoryError struct {
	Line int // 1-based
	Why  string
}

// Error describes the fault.
func (e *HistoryError) Error() string { return fmt.Sprintf("history: line %d: %s", e.Line, e.Why) }

// Limits of a history's text. They bound what a stranger's file can cost.
const (
	MaxHistoryBytes = 64 << 20
	MaxHistorySteps = 1_000_000

	maxDegree = 4096
)

// Replay makes an engine and runs the steps in order. each, if not nil, sees
// every step with its reply (zero for steps of the clock and settings).
func (h *History) Replay(each func(i int, s Step, r Reply)) (*Engine, error) {
	e := New(h.Options)
	for i, s := range h.Steps {
		r, err := e.Step(s)
		if err != nil {
			return nil, fmt.Errorf("step %d: %w", i+1, err)
		}
		if each != nil {
			each(i, s, r)
		}
	}
	return e, nil
}

// Step performs one step of a history.
func (e *Engine) Step(s Step) (Reply, error) {
	switch {
	case !s.Advance.IsZero():
		return Reply{}, e.AdvanceTo(s.Advance)
	case s.Set.Name != "":
		return Reply{}, e.Configure(s.Set.Name, s.Set.Value)
	case s.Commit != "":
		return e.Commit(s.Commit), nil
	case s.Cancel != "":
		return e.Cancel(s.Cancel), nil
	case s.Split.Table != "":
		return Reply{}, e.Split(s.Split)
	case s.Load.Name != "":
		return Reply{}, e.StartLoad(s.Load)
	case s.Stop.Name != "":
		return Reply{}, e.StopLoad(s.Stop.Region, s.Stop.Name)
	case s.Link.From != "":
		return Reply{}, e.SetLink(s.Link)
	case s.Region.Region != "":
		return Reply{}, e.SetRegion(s.Region)
	case s.Peer.What != "":
		return Reply{}, e.Peer(s.Peer)
	}
	return e.Handle(s.Call), nil
}

// Append appends the text of the history to dst.
func (h *History) Append(dst []byte) []byte {
	o := h.Options.withDefaults()
	dst = append(dst, `{"sortkey":"history","version":`...)
	dst = strconv.AppendInt(dst, int64(o.formatVersion()), 10)
	for _, f := range [][2]string{
		{"seed", strconv.FormatUint(o.Seed, 10)}, {"start", o.Start.Format(time.RFC3339Nano)},
		{"region", o.Region}, {"account", o.Account},
	} {
		dst = append(dst, `,"`+f[0]+`":`...)
		dst = attr.AppendString(dst, f[1])
	}
	w := enc{b: append(dst, `,"degree":`+strconv.Itoa(o.Degree)...)}
	o.Settings.header(&w)
	dst = append(w.b, "}\n"...)
	for _, s := range h.Steps {
		dst = s.Append(dst)
	}
	return dst
}

// Append appends the step's line, newline included.
func (s Step) Append(dst []byte) []byte {
	if !s.Advance.IsZero() {
		return append(dst, `{"advance":"`+s.Advance.UTC().Format(time.RFC3339Nano)+"\"}\n"...)
	}
	if s.Set.Name != "" {
		dst = attr.AppendString(append(dst, `{"set":`...), valid(s.Set.Name))
		return append(attr.AppendString(append(dst, `,"to":`...), valid(s.Set.Value)), "}\n"...)
	}
	if s.Split.Table != "" {
		return s.Split.append(dst)
	}
	if s.Load.Name != "" {
		return append(attr.AppendString(append(dst, `{"load":`...), valid(s.Load.String())), "}\n"...)
	}
	if s.Stop.Name != "" {
		return s.Stop.append(dst)
	}
	if s.Commit != "" {
		return append(attr.AppendString(append(dst, `{"commit":`...), valid(s.Commit)), "}\n"...)
	}
	if s.Cancel != "" {
		return append(attr.AppendString(append(dst, `{"cancel":`...), valid(s.Cancel)), "}\n"...)
	}
	switch {
	case s.Link.From != "":
		return s.Link.append(dst)
	case s.Region.Region != "":
		return s.Region.append(dst)
	case s.Peer.What != "":
		return s.Peer.append(dst)
	}
	return append(s.Call.append(append(dst, '{')), "}\n"...)
}

// append appends the members of a call.
func (c *Call) append(dst []byte) []byte {
	dst = attr.AppendString(append(dst, `"target":`...), valid(c.Target))
	if c.Region != "" {
		dst = attr.AppendString(append(dst, `,"region":`...), valid(c.Region))
	}
	if c.Caller != "" {
		dst = attr.AppendString(append(dst, `,"caller":`...), valid(string(c.Caller)))
	}
	if c.Hold != "" {
		dst = attr.AppendString(append(dst, `,"hold":`...), valid(c.Hold))
	}
	switch body := c.Body; {
	case plainObject(body):
		dst = append(append(dst, `,"body":`...), body...)
	case utf8.Valid(body):
		dst = attr.AppendString(append(dst, `,"text":`...), string(body))
	default:
		dst = append(dst, `,"raw":"`+base64.StdEncoding.EncodeToString(body)+`"`...)
	}
	return dst
}

// valid is s as the engine takes it: what is not UTF-8 is replaced.
func valid(s string) string { return strings.ToValidUTF8(s, "\uFFFD") }

// plainObject reports whether body can stand in a line as it is.
func plainObject(body []byte) bool {
	if len(body) == 0 || body[0] != '{' || bytes.ContainsAny(body, "\n\r") {
		return false
	}
	s := attr.NewScanner(body, maxDepth)
	return s.Skip() == nil && s.Offset() == len(body)
}

// ParseHistory reads a history's text. A version after HistoryVersion and
// anything over the limits is an error; so is an incomplete last line.
func ParseHistory(text []byte) (*History, error) {
	if len(text) > MaxHistoryBytes {
		return nil, &HistoryError{1, fmt.Sprintf("%d bytes are more than the %d a history may have", len(text), MaxHistoryBytes)}
	}
	h := &History{}
	for line := 1; len(text) > 0; line++ {
		row, rest, ok := bytes.Cut(text, []byte("\n"))
		if !ok {
			return nil, &HistoryError{line, "the line is incomplete"}
		}
		if line > MaxHistorySteps+1 {
			return nil, &HistoryError{line, "too many steps"}
		}
		text = rest
		if err := h.line(row, line); err != nil {
			return nil, err
		}
	}
	if h.Options.Start.IsZero() {
		return nil, &HistoryError{1, "there is no header"}
	}
	return h, nil
}

func (h *History) line(row []byte, line int) error {
	m, err := ScanLine(row)
	if err != nil {
		return &HistoryError{line, err.Error()}
	}
	if line == 1 {
		err = h.header(m)
	} else {
		err = h.step(m)
	}
	if err != nil {
		return &HistoryError{line, err.Error()}
	}
	return nil
}

// ScanLine reads the members of one line: strings decoded, anything else as
// its text.
func ScanLine(row []byte) (map[string]string, error) {
	m := map[string]string{}
	s := attr.NewScanner(row, maxDepth+1)
	err := s.Object(func(name string) error {
		if s.Peek() == attr.TokenString {
			v, err := s.Str()
			m[name] = v
			return err
		}
		from := s.Offset()
		err := s.Skip()
		m[name] = string(bytes.TrimSpace(row[from:s.Offset()]))
		return err
	})
	if err == nil {
		err = s.End()
	}
	return m, err
}

func (h *History) header(m map[string]string) error {
	if m["sortkey"] != "history" {
		return fmt.Errorf("not the header of a history")
	}
	if !readableVersion(m["version"], HistoryVersion) {
		return fmt.Errorf("version %s is not one of 1 to %d, which this Sortkey reads", m["version"], HistoryVersion)
	}
	o, err := readOptions(m)
	h.Options = o
	return err
}

// readOptions reads an engine's options out of a header.
func readOptions(m map[string]string) (Options, error) {
	o := Options{Region: m["region"], Account: m["account"]}
	var err error
	if o.Seed, err = strconv.ParseUint(m["seed"], 10, 64); err != nil {
		return o, fmt.Errorf("seed: %w", err)
	}
	if o.Start, err = time.Parse(time.RFC3339Nano, m["start"]); err != nil {
		return o, fmt.Errorf("start: %w", err)
	}
	if o.Degree, err = strconv.Atoi(m["degree"]); err != nil {
		return o, fmt.Errorf("degree: %w", err)
	}
	if o.Settings, err = readSettings(m); err != nil {
		return o, err
	}
	return o.withDefaults(), o.check()
}

// check holds what a stranger's options are trusted with.
func (o Options) check() error {
	switch {
	case o.Start.Before(time.Unix(0, 0)) || o.Start.After(latest):
		return fmt.Errorf("start: the clock runs from 1970 to %s", latest.Format(time.DateOnly))
	case o.Degree < 0 || o.Degree > maxDegree:
		return fmt.Errorf("degree: %d is not between 0 and %d", o.Degree, maxDegree)
	}
	return nil
}

// ParseStep reads one line of a history that is a step.
func ParseStep(row []byte) (Step, error) {
	m, err := ScanLine(row)
	if err != nil {
		return Step{}, err
	}
	return readStep(m)
}

func (h *History) step(m map[string]string) error {
	s, err := readStep(m)
	h.Steps = append(h.Steps, s)
	return err
}

func readStep(m map[string]string) (Step, error) {
	if at, ok := m["advance"]; ok {
		t, err := time.Parse(time.RFC3339Nano, at)
		if err == nil && t.IsZero() {
			err = fmt.Errorf("advance: %s is no instant to go to", at)
		}
		return Step{Advance: t}, err
	}
	if name, ok := m["set"]; ok {
		x, ok := SettingNamed(name)
		if !ok {
			return Step{}, fmt.Errorf("set: there is no setting called %q", name)
		}
		return Step{Set: Change{name, m["to"]}}, x.Set(&Settings{}, m["to"])
	}
	if table, ok := m["split"]; ok {
		n, err := strconv.Atoi(m["partition"])
		if err != nil || table == "" {
			return Step{}, fmt.Errorf("split: a table and the number of a partition are wanted")
		}
		return Step{Split: Split{Region: m["region"], Table: table, Partition: n}}, nil
	}
	if text, ok := m["load"]; ok {
		l, err := ParseLoad(text)
		return Step{Load: l}, err
	}
	if name, ok := m["stop"]; ok {
		return Step{Stop: LoadName{m["region"], name}}, checkHoldName(name)
	}
	if name, ok := m["commit"]; ok {
		return Step{Commit: name}, checkHoldName(name)
	}
	if name, ok := m["cancel"]; ok {
		return Step{Cancel: name}, checkHoldName(name)
	}
	if _, ok := m["link"]; ok {
		c, err := readLink(m)
		return Step{Link: c}, err
	}
	if c, ok, err := readPeer(m); ok {
		return Step{Peer: c}, err
	}
	if c, ok, err := readRegion(m); ok {
		return Step{Region: c}, err
	}
	c, err := readCall(m)
	return Step{Call: c}, err
}

// readCall reads the members of a call.
func readCall(m map[string]string) (Call, error) {
	target, ok := m["target"]
	if !ok {
		return Call{}, fmt.Errorf("neither a clock step, a setting, a split, a load nor a request")
	}
	c := Call{Target: target, Region: m["region"], Caller: Caller(m["caller"]), Hold: m["hold"]}
	if text, ok := m["text"]; ok {
		c.Body = []byte(text)
	} else if raw, ok := m["raw"]; ok {
		b, err := base64.StdEncoding.DecodeString(raw)
		if err != nil {
			return Call{}, fmt.Errorf("raw: %w", err)
		}
		c.Body = b
	} else {
		c.Body = []byte(m["body"])
	}
	return c, nil
}

// Recorder stands in front of an engine and keeps the history of what goes
// through it. It has the engine's shape, so it composes.
type Recorder struct {
	mu      sync.Mutex
	engine  *Engine
	options Options // as it began
	steps   []Step
	reads   bool
}

// NewRecorder records from the engine's present state on; the history is
// complete if the engine is fresh. With reads, calls that cannot change state
// are kept too.
func NewRecorder(e *Engine, reads bool) *Recorder {
	return &Recorder{engine: e, options: e.Options(), reads: reads}
}

// Handle serves the call and keeps it.
func (r *Recorder) Handle(c Call) Reply {
	r.mu.Lock()
	defer r.mu.Unlock()
	keeps := r.reads || r.engine.Changes(c)
	reply := r.engine.Handle(c)
	if keeps {
		r.steps = append(r.steps, Step{Call: c})
	}
	return reply
}

// AdvanceTo moves the clock and keeps the step.
func (r *Recorder) AdvanceTo(t time.Time) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.kept(Step{Advance: t.UTC()}, r.engine.AdvanceTo(t))
}

// Configure changes a setting and keeps the step.
func (r *Recorder) Configure(name, value string) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.kept(Step{Set: Change{name, value}}, r.engine.Configure(name, value))
}

// Split splits a partition and keeps the step.
func (r *Recorder) Split(p Split) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.kept(Step{Split: p}, r.engine.Split(p))
}

// StartLoad begins a load and keeps the step.
func (r *Recorder) StartLoad(l Load) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.kept(Step{Load: l}, r.engine.StartLoad(l))
}

// StopLoad ends a load and keeps the step.
func (r *Recorder) StopLoad(region, name string) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.kept(Step{Stop: LoadName{region, name}}, r.engine.StopLoad(region, name))
}

// kept keeps a step, unless it was an error.
func (r *Recorder) kept(s Step, err error) error {
	if err == nil {
		r.steps = append(r.steps, s)
	}
	return err
}

// Step performs a step and keeps it, unless it is an error.
func (r *Recorder) Step(s Step) (Reply, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	reply, err := r.engine.Step(s)
	return reply, r.kept(s, err)
}

// Commit ends an open transaction and keeps the step.
func (r *Recorder) Commit(name string) Reply {
	r.mu.Lock()
	defer r.mu.Unlock()
	if ValidHold(name) { // another names none
		r.steps = append(r.steps, Step{Commit: name})
	}
	return r.engine.Commit(name)
}

// Cancel gives an open transaction up and keeps the step.
func (r *Recorder) Cancel(name string) Reply {
	r.mu.Lock()
	defer r.mu.Unlock()
	if ValidHold(name) { // another names none
		r.steps = append(r.steps, Step{Cancel: name})
	}
	return r.engine.Cancel(name)
}

// History returns what was recorded so far.
func (r *Recorder) History() *History {
	r.mu.Lock()
	defer r.mu.Unlock()
	return &History{Options: r.options, Steps: append([]Step(nil), r.steps...)}
}
