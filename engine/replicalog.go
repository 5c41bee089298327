package engine

import (
	"fmt"
	"io"
	"time"

	"github.com/sortkey/sortkey/engine/attr"
)

// HappeningKind says what has happened between regions.
type HappeningKind uint8

// The kinds.
const (
	ReplicaWritten  HappeningKind = iota // a replica took a write, and sends it to all others
	MessageAccepted                      // a write arrived and replaced what was there
	MessageDropped                       // a write arrived that is older than what is there
	MessageWaits                         // a message cannot go on: the link is cut or the region down
	MessageLost                          // a transmission got lost; the message is sent again
	LinkCut
	LinkHealed
	RegionKilled
	RegionRevived
	ZoneLost
	ZoneRestored
	ReplicaMade   // a new replica has all that its source had
	ReplicaLeaves // a replica is deleted or disassociated
)

var happeningWords = [...]string{"written", "accepted", "dropped", "waits", "lost", "cut", "healed", "killed", "revived",
	"zone lost", "zone restored", "replica made", "replica leaves"}

// String is a word for the kind.
func (k HappeningKind) String() string { return happeningWords[k] }

// happening is an entry of the log of what happened between regions: the last
// maxHappenings.
type happening struct {
	seq            uint64
	at             int64
	kind           HappeningKind
	region         string // where it happened
	from, to       string // of messages and links; of zones from is the zone
	table          string
	keys           attr.Map
	version, other version // other: what was there before
	deleted        bool
	expired        bool
}

const maxHappenings = 1000

func newHappenings() *ordered[happening] {
	return newOrdered(func(a, b *happening) bool { return a.seq < b.seq })
}

// happened writes the log.
func (s *state) happened(h happening) {
	s.counters[idHappening]++
	h.seq, h.at = s.counters[idHappening], s.now
	s.log.tree.Load(cut(&s.happenings, h))
	if s.log.Len() > maxHappenings {
		s.log.PopMin()
	}
}

func (h *happening) digest(w io.Writer) {
	fmt.Fprintf(w, "happened %d %d %d %q %q %q %q %s %v %v %v %v\n", h.seq, h.at, h.kind, h.region, h.from, h.to, h.table,
		attr.AppendMap(nil, h.keys), h.version, h.other, h.deleted, h.expired)
}

// Happening is one thing that happened between regions.
type Happening struct {
	Number   uint64 // counts from 1
	At       time.Time
	Kind     HappeningKind
	Region   string   // where
	From, To string   // of messages and links
	Zone     string   // that was lost or restored
	Table    string   // of writes, messages and replicas
	Key      attr.Map // of writes and messages
	Version  Version
	Replaced Version // what was there: that a write replaces, or that an older one is dropped for
	Deleted  bool    // the write is a delete
	Expired  bool    // by the service: the item's time to live was over
}

// Happenings goes through what happened between regions, the newest first, as
// far as it is kept, which is the last 1,000, or until see returns false. What see
// is given is its own only until it returns; it cannot ask the engine.
func (e *Engine) Happenings(see func(h *Happening) bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	var x Happening
	e.s.log.tree.Reverse(func(h *happening) bool {
		h.export(&x)
		return see(&x)
	})
}

func (h *happening) export(x *Happening) {
	*x = Happening{
		Number: h.seq, At: time.Unix(0, h.at).UTC(), Kind: h.kind, Region: h.region, From: h.from, To: h.to, Table: h.table,
		Key: h.keys, Version: h.version.export(), Replaced: h.other.export(), Deleted: h.deleted, Expired: h.expired,
	}
	if h.kind == ZoneLost || h.kind == ZoneRestored {
		x.From, x.Zone = "", h.from
	}
}
