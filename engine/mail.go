package engine

import (
	"fmt"
	"io"
	"strconv"
	"time"

	"github.com/sortkey/sortkey/engine/attr"
)

// message is a write on its way from the replica that took it to another one.
// Messages are never changed in place: forks share them.
type message struct {
	seq      uint64 // in the order in which they were made
	global   string // id of the global table
	table    string // its name
	from, to string // regions
	key      string // of the row
	keys     attr.Map
	version
	parent  version    // what the write replaced where it was made
	run     bool       // it stands for writes before it too, as that of a line does
	item    *attr.Item // nil for a delete
	service bool       // an expired item was deleted
	initial bool       // an item from before the regions were joined

	sent  int64  // when it departed last
	due   int64  // when it arrives; 0 where it waits, or is for another engine
	event uint64 // the event that waits for that
	tries uint64 // transmissions that got lost
	// Of a message for a region that another engine hosts: its number there.
	epoch, number uint64
}

func newMail() *ordered[message] {
	return newOrdered(func(a, b *message) bool { return a.seq < b.seq })
}

func (m *message) digest(w io.Writer) {
	fmt.Fprintf(w, "mail %d %s %q %q %x %v %v %q %v %v %d %d %d %d %d %d %v\n", m.seq, m.global, m.from, m.to, m.key,
		m.version, m.parent, m.item.JSON(), m.service, m.initial, m.sent, m.due, m.event, m.tries, m.epoch, m.number, m.run)
}

// post puts a message on its way.
func (s *state) post(g *global, m message) {
	s.counters[idMail]++
	m.seq = s.counters[idMail]
	g.count(m.key, 1)
	if h := s.hostOf(m.from, m.to); h != nil {
		h.sent++
		m.epoch, m.number = h.epoch, h.sent
		s.setHost(*h)
		s.mail.Set(m)
		s.supersede(g, h, m.key)
		return
	}
	if !s.carries(m.from, m.to) {
		s.mail.Set(m)
		s.happened(happening{kind: MessageWaits, from: m.from, to: m.to, table: m.table, keys: m.keys, version: m.version})
		return
	}
	s.transmit(m)
}

// transmit sends a message once: it will arrive, or be lost, when it is due.
func (s *state) transmit(m message) {
	l := s.linkOf(m.from, m.to)
	m.sent = s.now
	m.due = s.now + int64(l.delay(&m, s.opts.Seed))
	m.event = s.schedule(event{at: m.due, kind: messageDue, region: m.to, table: m.table, id: strconv.FormatUint(m.seq, 10)}).seq
	s.mail.Set(m)
}

// hold lets the messages wait that are on their way and that which says: the
// link is cut, or the region killed.
func (s *state) hold(which func(*message) bool) {
	var list []message
	s.mail.Scan(func(m message) bool {
		if m.due != 0 && which(&m) {
			list = append(list, m)
		}
		return true
	})
	for _, m := range list {
		s.wait(m)
	}
}

func (s *state) wait(m message) {
	s.events.tree.Delete(event{at: m.due, seq: m.event})
	m.due, m.event = 0, 0
	s.mail.Set(m)
	s.happened(happening{kind: MessageWaits, from: m.from, to: m.to, table: m.table, keys: m.keys, version: m.version})
}

// depart sends what waits and can arrive now.
func (s *state) depart() {
	var list []message
	s.mail.Scan(func(m message) bool {
		if m.due == 0 && m.number == 0 && s.carries(m.from, m.to) {
			list = append(list, m)
		}
		return true
	})
	for _, m := range list {
		s.transmit(m)
	}
}

// arrive is when a message is due: it is there, or lost and sent again.
func (s *state) arrive(id string) {
	seq, _ := strconv.ParseUint(id, 10, 64)
	m := s.mail.Find(message{seq: seq})
	if m == nil {
		return
	}
	l := s.linkOf(m.from, m.to)
	if l.loses(m, s.opts.Seed) {
		s.happened(happening{kind: MessageLost, from: m.from, to: m.to, table: m.table, keys: m.keys, version: m.version})
		again := *m
		again.tries++
		s.transmit(again)
		return
	}
	s.mail.Delete(*m)
	if g := s.globals[m.global]; g != nil {
		s.take(g, m)
		g.count(m.key, -1)
		s.prune(g, m.key)
	}
}

// arrival is when a message will be there if no step of the host changes that;
// false where it waits or is for another engine.
func (s *state) arrival(m message) (at int64, ok bool) {
	if m.due == 0 {
		return 0, false
	}
	l := s.linkOf(m.from, m.to)
	for l.loses(&m, s.opts.Seed) {
		m.tries++
		m.due += int64(l.delay(&m, s.opts.Seed))
	}
	return m.due, true
}

// discard forgets the messages to a replica that is no more.
func (s *state) discard(g *global, to string) {
	s.drop(func(m *message) bool { return m.global == g.meta.id && m.to == to })
}

// InFlight is a write on its way between two regions, or one that waits for
// its link.
type InFlight struct {
	Table   string
	Key     attr.Map
	Version Version
	Item    *attr.Item // nil for a delete
	Sent    time.Time  // when it departed last; zero where it never has
	Due     time.Time  // when this transmission arrives; zero where it waits
	Lost    bool       // this transmission will not arrive; another follows
	Tries   int        // transmissions that were lost before
	Size    int        // bytes of the message
}

func (s *state) inFlight(m *message) InFlight {
	f := InFlight{Table: m.table, Key: m.keys, Version: m.version.export(), Item: m.item, Tries: int(m.tries), Size: len(m.export().Append(nil))}
	if m.sent != 0 {
		f.Sent = time.Unix(0, m.sent).UTC()
	}
	if m.due != 0 {
		f.Due = time.Unix(0, m.due).UTC()
		l := s.linkOf(m.from, m.to)
		f.Lost = l.loses(m, s.opts.Seed)
	}
	return f
}
