package components

import (
	"strconv"
	"strings"

	"github.com/a-h/templ"
)

// Lab is the page on replication: regions that hold one table, the links
// between them, and what has happened there, seen at one instant. All instants
// are milliseconds since the run began.
type Lab struct {
	Presets  []LabPreset
	Table    string // "Albums"
	Count    string // of the regions, in words: "three"
	Modes    bool   // there is a choice between eventual and strong consistency
	Strong   bool   // multi-Region strong consistency
	Regions  []LabRegion
	Links    []LabLink
	Agreed   bool  // all regions have the same
	Converge Words // the line that says so
	Time     LabTime
	Agree    LabAgreement
	Ledger   LabLedger
	Zones    LabZones
	Trouble  string // why the run in the address could not be opened
	Said     string // announced after an update; drawn in updates only
}

// LabPreset is a run that one press plays.
type LabPreset struct {
	Name  string // as posted: "lost-update"
	Title string
	About string // one paragraph, drawn for the one that is on
	On    bool
}

// LabRegion is one simulated browser tab.
type LabRegion struct {
	Name    string // "us-east-1"
	Status  string // of its replica: "ACTIVE"; "DOWN" of a region that was killed
	Down    bool
	Columns []Column // keys first
	Rows    []LabRow
	More    int    // rows that are not drawn
	Blank   string // instead of a table
	Ask     string // the request in its box
	Edition int    // changes when Ask was replaced
	Reply   *LabReply
}

// LabRow is one item as a region has it.
type LabRow struct {
	Cells   []Cell
	Version string // "04.500 us"
	State   LabState
	Was     string // of a lost write: the value that is gone, "24.00"
}

// LabState is what the note at a row says.
type LabState uint8

// The states of a region's copy of an item.
const (
	LabPlain  LabState = iota // everybody has it
	LabOwn                    // the newest, written here
	LabLost                   // a write of this region's lost against another
	LabBehind                 // a newer one is on its way
	LabGone                   // deleted
)

var (
	labClasses = [...]string{LabPlain: "", LabOwn: "own", LabLost: "lost", LabBehind: "old", LabGone: "gone"}
	labNotes   = [...]string{LabPlain: "", LabOwn: "own write", LabLost: "lost", LabBehind: "behind", LabGone: "deleted"}
)

// LabReply is the answer to a region's last request.
type LabReply struct {
	Error bool
	Name  string // "200", or the code of an error
	Text  string // the body, or AWS's message
	Took  string // simulated service time: "62 ms"; "" where it says nothing
}

// LabLink joins two regions, both ways.
type LabLink struct {
	ID          string // in addresses: "us-east-1.eu-west-1"
	A, B        string // short names
	From, To    string // names
	Delay       int    // milliseconds, one way
	Jitter      int    // milliseconds more or less, at most
	Loss        int    // of a hundred messages
	CutForth    bool   // from A to B
	CutBack     bool
	Waiting     int          // messages that wait for the cut to heal
	Forth, Back []LabMessage // in flight, oldest first
}

func (l *LabLink) cut() bool { return l.CutForth || l.CutBack }

// LabMessage is one replicated write on its way.
type LabMessage struct {
	Stamp     string // the write's version: "04.500"
	Key       string
	Sent, Due int
}

// LabAgreement is who has what.
type LabAgreement struct {
	Regions []string // short names
	Items   []LabAgreed
	More    int
}

// LabAgreed tells of one item which regions have its newest version.
type LabAgreed struct {
	Key  string
	Has  []bool
	When string // "agreed", "05.400", "when the cut heals"
}

// LabLedger is what was lost in conflicts.
type LabLedger struct {
	Lost      int
	Conflicts []LabConflict // newest first
	More      int
}

// LabConflict is one write that another has replaced unseen.
type LabConflict struct {
	Key        string
	Apart      string // "35 ms apart"
	Kept, Lost LabVersion
	Words      string
}

// LabVersion is a version of an item, and what it holds.
type LabVersion struct {
	Stamp string // "04.155 eu"
	Words string // "stock 3, price 29.00"
}

// LabSpeeds are how fast the clock can run, as posted.
var LabSpeeds = []string{"1", "0.1", "0.01"}

// LabLongest is the latency that a link's slider ends at, in milliseconds.
const LabLongest = 3000

// LabMostJitter and LabMostLoss are where the sliders of a link's jitter, in
// milliseconds, and of its loss, in percent, end.
const (
	LabMostJitter = 1000
	LabMostLoss   = 90
)

// LabPart names parts of the lab in an update.
type LabPart uint

// The parts of the lab.
const (
	LabPresetsPart LabPart = 1 << iota
	LabStagePart
	LabTimePart
	LabLedgerPart
	LabZonesPart

	LabAll = LabPresetsPart | LabStagePart | LabTimePart | LabLedgerPart | LabZonesPart
)

func (p LabPart) has(one LabPart) bool { return p&one != 0 }

// LabStamp prints an instant: "04.500", "59:04.500".
func LabStamp(ms int) string {
	if ms < 0 {
		return "−" + LabStamp(-ms)
	}
	s := two(ms/1000%60) + "." + two(ms%1000/10) + itoa(ms%10)
	if ms >= 60_000 {
		s = two(ms/60_000) + ":" + s
	}
	return s
}

// note is what stands behind a row.
func (r LabRow) note() Words {
	switch {
	case r.State == LabLost && r.Was != "":
		return Words{{Text: " lost"}}
	default:
		return Say(labNotes[r.State])
	}
}

// verb is what the button of the request does.
func (r LabRegion) verb() string {
	for _, read := range []string{"Get", "Query", "Scan", "BatchGet", "TransactGet", "Describe", "List"} {
		if strings.HasPrefix(strings.TrimSpace(r.Ask), read) {
			return "Read"
		}
	}
	return "Write"
}

// textID is the id of a region's request box. What is typed there stays until
// another edition replaces it.
func (r LabRegion) textID() string { return "text-" + r.Name + "-" + itoa(r.Edition) }

func pressed(yes bool) templ.Attributes {
	return templ.Attributes{"aria-pressed": strconv.FormatBool(yes)}
}

// flight counts what is on its way, in words.
func (l LabLink) flight() string {
	n := len(l.Forth) + len(l.Back)
	words := Counted(n, "message") + " in flight between " + l.From + " and " + l.To
	for _, m := range append(append([]LabMessage(nil), l.Forth...), l.Back...) {
		words += "; " + m.Key + " " + m.Stamp + " arrives at " + LabStamp(m.Due)
	}
	if l.cut() {
		words = "The link is cut, " + Counted(l.Waiting, "message") + " waiting; " + words
	}
	return words
}
