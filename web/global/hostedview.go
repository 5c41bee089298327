package global

import (
	"strings"
	"time"

	"github.com/sortkey/sortkey/components"
	"github.com/sortkey/sortkey/engine"
)

// What the page draws at most.
const (
	hostedRows  = 50
	hostedLines = 60
)

// view is the page as it is now. While no region is hosted it shows what each of
// them begins with.
func (h *Hosted) view() components.Hosted {
	v := components.Hosted{
		Group: h.group, Table: hostedTable, Region: h.region, Standing: h.standing, Why: h.why, Unkept: h.unkept, Ask: h.ask, Reply: h.reply,
	}
	e := h.engine
	if e == nil {
		e = beginning()
	}
	region := h.region
	if h.engine == nil {
		region = HostedRegions()[0]
	}
	ledger := e.Ledger(region, hostedTable)
	v.Columns, v.Rows, v.More = rowsOf(e, region, ledger)
	for _, p := range h.peers {
		v.Peers = append(v.Peers, h.peerView(p))
	}
	if h.engine != nil {
		v.Agreed, v.Converge = converge(v.Peers)
		v.Ledger = hostedLedger(ledger)
		v.Log = h.log(e)
	}
	return v
}

// beginning is an engine with what each region begins with.
func beginning() *engine.Engine {
	h := &Hosted{config: HostedConfig{Now: func() time.Time { return hostedBegin }}}
	h.choose(DefaultGroup, HostedRegions()[0])
	if err := h.found(); err != nil {
		panic(err) // there is nothing that it depends on
	}
	return h.engine
}

// rowsOf are the items of a region, with those that are remembered as deleted.
func rowsOf(e *engine.Engine, region string, ledger engine.Ledger) (columns []components.Column, rows []components.LabRow, more int) {
	list := e.ItemVersions(region, hostedTable, 0, hostedRows)
	columns = columnsOf(e, region, hostedTable, list, hostedColumns)
	for _, t := range e.Tables(region) {
		if t.Name == hostedTable {
			more = max(t.Items-hostedRows, 0)
		}
	}
	lost := map[string]string{}
	for _, c := range ledger.Conflicts {
		if c.Loser.Region == region && c.Lost != nil {
			lost[keyText(c.Key)+c.Winner.At.String()] = gone(c.Lost, c.Kept)
		}
	}
	for i := range list {
		x := &list[i]
		r := components.LabRow{Cells: cells(columns, x.Key, x.Replicas[0].Item), Version: hostedStamp(x.Newest)}
		was, hasLost := lost[keyText(x.Key)+x.Newest.At.String()]
		switch mine := x.Replicas[0]; {
		case mine.Item == nil:
			r.State = components.LabGone
		case hasLost:
			r.State, r.Was = components.LabLost, was
		case mine.Own && !x.Newest.At.Equal(hostedBegin):
			r.State = components.LabOwn
		}
		rows = append(rows, r)
	}
	return columns, rows, more
}

// hostedColumns is how many attributes there is room for besides the key.
const hostedColumns = 6

// shortRegion is a region's first part: "us".
func shortRegion(name string) string {
	first, _, _ := strings.Cut(name, "-")
	return first
}

// hostedStamp prints a version: its time of the day, in UTC, and its region.
func hostedStamp(v engine.Version) string {
	switch {
	case v.At.IsZero():
		return ""
	case v.At.Equal(hostedBegin):
		return "original"
	}
	return hostedTime(v.At) + " " + shortRegion(v.Region)
}

func hostedTime(t time.Time) string { return t.UTC().Format("15:04:05.000") }

// peerView is another region as this tab knows it.
func (h *Hosted) peerView(p *peer) components.HostedPeer {
	v := components.HostedPeer{Name: p.region, Cut: p.cut, Waiting: h.waiting(p), Trouble: p.trouble}
	if v.Waiting == mostWaiting {
		v.Waiting, v.Over = mostWaiting-1, true
	}
	switch {
	case !h.here(p):
		v.State = components.PeerGone
	case h.engine != nil && p.silent:
		v.State = components.PeerSilent
	default:
		v.State = components.PeerHere
	}
	if !p.last.IsZero() {
		v.Heard = hostedTime(p.last)
	}
	return v
}

// converge says how far the others have what was written here.
func converge(peers []components.HostedPeer) (bool, components.Words) {
	var behind []string
	for _, p := range peers {
		if p.Waiting > 0 {
			behind = append(behind, p.Name)
		}
	}
	if len(behind) == 0 {
		return true, components.Words{}.Strong("All sent.").Say(" Every write of this tab has been stored by the others.")
	}
	return false, components.Words{}.Strong("Not all sent.").Say(" Writes of this tab have yet to reach " + components.Listed(behind) + ".")
}

// hostedLedger is what was lost, as far as this region has heard of it.
func hostedLedger(l engine.Ledger) components.LabLedger {
	v := components.LabLedger{Lost: len(l.Conflicts) + int(l.Forgotten)}
	for i := range l.Conflicts {
		if i == hostedRows {
			break
		}
		v.Conflicts = append(v.Conflicts, hostedConflict(&l.Conflicts[i]))
	}
	v.More = v.Lost - len(v.Conflicts)
	return v
}

func hostedConflict(c *engine.Conflict) components.LabConflict {
	winner, loser := shortRegion(c.Winner.Region), shortRegion(c.Loser.Region)
	words := "The later write wins, whole: " + winner + " had not seen that of " + loser + "."
	switch {
	case c.Winner.At.Equal(c.Loser.At):
		words = "Both are of one instant: the region whose name comes later wins."
	case c.Kept == nil:
		words = "A delete is a write with a version of its own, and it is the later one."
	case c.Lost == nil:
		words = "The item was deleted in " + loser + "; the later write of " + winner + ", which had not seen that, has it back."
	}
	return components.LabConflict{
		Key: keyText(c.Key), Apart: apart(c), Words: words,
		Kept: components.LabVersion{Stamp: hostedStamp(c.Winner), Words: itemWords(c.Kept, c.Key)},
		Lost: components.LabVersion{Stamp: hostedStamp(c.Loser), Words: itemWords(c.Lost, c.Key)},
	}
}

// log is what has happened here, the newest first.
func (h *Hosted) log(e *engine.Engine) (list []components.HostedLine) {
	e.Happenings(func(x *engine.Happening) bool {
		if words := h.happeningWords(x); words != nil {
			list = append(list, components.HostedLine{At: hostedTime(x.At), Words: words})
		}
		return len(list) < hostedLines
	})
	return list
}

// happeningWords tells of a happening; nil of one that says nothing: what all
// regions have from the beginning, and the other direction of a cut.
func (h *Hosted) happeningWords(x *engine.Happening) components.Words {
	item := components.Words{}
	if x.Version.At.Equal(hostedBegin) {
		return nil
	}
	switch x.Kind {
	case engine.ReplicaWritten:
		what := "writes "
		if x.Deleted {
			what = "deletes "
		}
		return item.Say(what).Code(keyText(x.Key))
	case engine.MessageAccepted:
		return item.Say("takes ").Code(keyText(x.Key)).Say(" " + hostedStamp(x.Version))
	case engine.MessageDropped:
		return item.Say("drops ").Code(keyText(x.Key)).Say(" " + hostedStamp(x.Version) + ", older than its own " + hostedStamp(x.Replaced))
	case engine.LinkCut, engine.LinkHealed:
		if x.From == h.region {
			return item.Say("link to " + shortRegion(x.To) + " " + x.Kind.String() + " from this side")
		}
	}
	return nil
}
