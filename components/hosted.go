package components

import "strings"

// Hosted is the page of a browser tab that is one region of a global table; the
// other regions are other tabs.
type Hosted struct {
	Group    string // "albums"
	Table    string // "Albums"
	Region   string // "eu-west-1"; "" while none is chosen
	Standing HostedStanding
	Why      string // of HostedBroken: what is wrong with the journal
	Unkept   string // why this browser stores nothing; "" where it does
	Columns  []Column
	Rows     []LabRow
	More     int
	Ask      string // what stands in the box for requests at first
	Reply    *LabReply
	Peers    []HostedPeer // all regions of the group but this one
	Agreed   bool
	Converge Words // the line that says so
	Ledger   LabLedger
	Log      []HostedLine // newest first
	Said     string       // announced after an update; drawn in updates only
}

// HostedStanding is what has become of hosting a region.
type HostedStanding uint8

// The standings. None is chosen; this tab hosts it; another one does; another one
// does and this one waits; its journal cannot be read.
const (
	HostedChoosing HostedStanding = iota
	HostedHere
	HostedTaken
	HostedWaiting
	HostedBroken
)

// HostedStandingNamed is the standing that a worker names, HostedChoosing for
// any other name.
func HostedStandingNamed(name string) HostedStanding {
	return map[string]HostedStanding{"taken": HostedTaken, "waiting": HostedWaiting, "broken": HostedBroken}[name]
}

// HostedPeer is another region of the group.
type HostedPeer struct {
	Name    string
	State   PeerState
	Cut     bool   // the link to it is cut from this side
	Waiting int    // messages that it has not acknowledged
	Over    bool   // there are more
	Heard   string // when it was heard from last: "09:41:07.250"; "" for never
	Trouble string // what is wrong with a message of its
}

// PeerState is what is known of another region's tab.
type PeerState uint8

// The states: there is none, there is one, there is one that says nothing.
const (
	PeerGone PeerState = iota
	PeerHere
	PeerSilent
)

var peerFlags = [...]string{PeerGone: "GONE", PeerHere: "HERE", PeerSilent: "SILENT"}

// HostedLine is a line of the log.
type HostedLine struct {
	At    string // "09:41:07.250"
	Words Words
}

// heading is the page's.
func (d Hosted) heading() string {
	switch {
	case d.Region == "":
		return "one region in each tab"
	case d.Standing == HostedHere:
		return "in " + d.Region + ", which is this tab"
	}
	return "in " + d.Region
}

// title is the document's while a region is chosen: tabs are told apart by it.
func (d Hosted) title() string {
	if d.Region == "" {
		return ""
	}
	return d.Region + " · " + d.Table + " · Sortkey"
}

// address leads to a region of the group, relative to the page.
func (d Hosted) address(region string) string { return "?host=" + region + "&group=" + d.Group }

// shows reports whether there is a table to be shown.
func (d Hosted) shows() bool { return d.Standing == HostedHere || d.Standing == HostedChoosing }

// flag is the word at a peer's name.
func (d Hosted) flag(p HostedPeer) string {
	switch {
	case p.Cut:
		return "LINK CUT"
	case p.State == PeerGone && d.Standing != HostedHere:
		return "FREE"
	}
	return peerFlags[p.State]
}

// words is what there is to say of a peer.
func (p HostedPeer) words() string {
	messages, wait := Counted(p.Waiting, "message"), " wait"
	if p.Waiting == 1 {
		wait = " waits"
	}
	if p.Over {
		messages = "more than " + messages
	}
	var parts []string
	switch {
	case p.Cut && p.Waiting > 0:
		parts = append(parts, messages+wait+" here, and nothing of its is taken in")
	case p.Cut:
		parts = append(parts, "Nothing is sent there, and nothing of its is taken in")
	case p.State == PeerGone && p.Waiting > 0:
		parts = append(parts, "No tab hosts it; "+messages+wait+" until one does")
	case p.State == PeerGone:
		parts = append(parts, "No tab hosts it")
	case p.Waiting > 0:
		parts = append(parts, messages+" on the way")
	default:
		parts = append(parts, "It has stored everything that was sent")
	}
	if p.State == PeerSilent && !p.Cut {
		parts = append(parts, "It does not answer: perhaps the link is cut from its side")
	}
	return strings.Join(parts, ". ") + "."
}
