package engine

import (
	"encoding/base64"
	"fmt"
	"io"
	"slices"
	"sort"
	"strconv"

	"github.com/sortkey/sortkey/engine/attr"
	"github.com/sortkey/sortkey/engine/store"
)

// A region of a global table may be hosted by another engine: a peer. What is
// for it does not go over a simulated link but into an outbox, where it stays
// until the peer has acknowledged it, and the hosts of the two engines carry it
// over, as often as they like:
//
//	Join        this table is replicated to that region, which a peer hosts; all
//	            that the table has goes into the outbox
//	Outbox      what is to be carried over, in order; of each item at most the last keptLines writes
//	Deliver     takes a message in: once, in the order of their numbers
//	Heard       up to which number everything has been taken in
//	Acknowledge the peer has everything up to a number
//
// Numbers count for each pair of regions, within an epoch. After an absence a
// peer tells what it has heard, and the outbox goes on from there; one that has
// lost its state has heard nothing that fits, so that the acknowledgement of that
// begins a new epoch, in which everything is sent anew. Versions make that
// harmless.

// PeerStep is what has to do with a region that another engine hosts: a step of
// the history. Join names a table, Deliver a message, Acknowledge a number.
type PeerStep struct {
	What    string // "join", "deliver" or "acknowledge"
	Region  string // one of this engine's
	Peer    string // the other's
	Table   string
	Message string // as Message.Append writes it
	Epoch   uint64
	Number  uint64
}

// hosted is what is known of a peer's region.
type hosted struct {
	own, peer     string
	epoch, sent   uint64 // of the outbox: its epoch and the last number given
	acknowledged  uint64
	heardAt, last uint64 // of what came from there: the epoch and the last number
}

const maxPeers = 32

// hostOf is a copy of what is known of a peer's region; nil if no peer hosts it.
func (s *state) hostOf(own, peer string) *hosted {
	for _, h := range s.hosts {
		if h.own == own && h.peer == peer {
			return &h
		}
	}
	return nil
}

func (s *state) setHost(h hosted) {
	list := slices.DeleteFunc(slices.Clone(s.hosts), func(x hosted) bool { return x.own == h.own && x.peer == h.peer })
	list = append(list, h)
	sort.Slice(list, func(i, j int) bool { return list[i].own+" "+list[i].peer < list[j].own+" "+list[j].peer })
	s.hosts = list
}

func (h *hosted) digest(w io.Writer) { fmt.Fprintf(w, "peer %+v\n", *h) }

// Peer performs what a step says of a region that another engine hosts.
func (e *Engine) Peer(c PeerStep) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	err := c.check()
	if err == nil {
		switch c.What {
		case "join":
			err = e.s.join(c)
		case "deliver":
			err = e.s.deliver(c.Message)
		default:
			err = e.s.acknowledge(c)
		}
	}
	e.s.runDue()
	return err
}

func (c PeerStep) check() error {
	switch {
	case c.What == "deliver":
		_, err := ReadMessage([]byte(c.Message))
		return err
	case c.What != "join" && c.What != "acknowledge":
		return fmt.Errorf("peer: join, deliver or acknowledge is wanted, not %q", c.What)
	case !ValidRegion(c.Region) || !ValidRegion(c.Peer) || c.Region == c.Peer:
		return fmt.Errorf("peer: two different regions are wanted, such as us-east-1 and eu-west-1")
	case c.What == "join" && (len(c.Table) > 255 || !validName(c.Table)):
		return fmt.Errorf("peer: join wants the name of a table")
	}
	return nil
}

// join makes a peer's region a replica of a table. What the table has becomes
// the global table's as of now, and is sent. Once it has been done, doing it again
// changes nothing.
func (s *state) join(c PeerStep) error {
	r := s.region(c.Region)
	t := r.tables[c.Table]
	switch {
	case t == nil:
		return fmt.Errorf("peer: there is no table called %q in region %s", c.Table, r.name)
	case t.meta.status != statusActive:
		return fmt.Errorf("peer: table %s is %s; wait until it is ACTIVE", c.Table, t.meta.status)
	case len(s.hosts) >= maxPeers && s.hostOf(r.name, c.Peer) == nil:
		return fmt.Errorf("peer: %d pairs of regions are the most there can be", maxPeers)
	case s.region(c.Peer).tables[c.Table] != nil:
		return fmt.Errorf("peer: this engine has a table %s in region %s itself", c.Table, c.Peer)
	}
	g := s.globalOf(t)
	if g == nil {
		g = s.found(r, t, globalCurrent)
	}
	if g.meta.strong {
		return fmt.Errorf("peer: %s is strongly consistent, and its regions stay in one engine", c.Table)
	}
	if g.meta.member(c.Peer) != nil {
		return nil
	}
	g.change(func(m *globalMeta) { m.members = append(m.members, seat{region: c.Peer, status: statusActive}) })
	if s.hostOf(r.name, c.Peer) == nil {
		s.setHost(hosted{own: r.name, peer: c.Peer, epoch: uint64(s.now)})
	}
	s.sendAll(g, t, c.Peer)
	s.relistGlobal()
	return nil
}

// sendAll puts all that a replica has into the outbox, the tombstones too.
func (s *state) sendAll(g *global, t *table, peer string) {
	t.data.Rows().Ascend(store.Span{}, func(r store.Row) bool {
		s.sendAsItIs(g, t, peer, t.stampOf(g, r.Key), r.Item, t.keysOf(r.Item.Map()))
		return true
	})
	t.replica.stamps.Scan(func(x stamp) bool {
		if x.deleted {
			s.sendAsItIs(g, t, peer, x, nil, x.keys)
		}
		return true
	})
}

// deliver takes a message of a peer in. One that has been taken in before
// changes nothing; one that is not the next is an error, and changes nothing
// either.
func (s *state) deliver(text string) error {
	x, err := ReadMessage([]byte(text))
	if err != nil {
		return err
	}
	h := s.hostOf(x.To, x.From)
	g, t := s.globalNamed(x.To, x.Table)
	if h == nil || g == nil || g.meta.member(x.From) == nil {
		return fmt.Errorf("peer: %s in %s has not joined %s", x.Table, x.To, x.From)
	}
	if x.Epoch > h.heardAt && x.After == 0 {
		h.heardAt, h.last = x.Epoch, 0
	}
	switch {
	case x.Epoch < h.heardAt || x.Epoch == h.heardAt && x.Number <= h.last:
		return nil
	case !x.Follows(h.heardAt, h.last):
		return fmt.Errorf("peer: message %d of epoch %d is early: number %d of epoch %d is what was heard last", x.Number, x.Epoch, h.last, h.heardAt)
	}
	m, err := x.load(g, t)
	if err != nil {
		return err
	}
	h.last = x.Number
	s.setHost(*h)
	s.take(g, &m)
	s.prune(g, m.key)
	return nil
}

// load is the message as the replica it is for takes it.
func (x *Message) load(g *global, t *table) (message, error) {
	m := message{
		global: g.meta.id, table: x.Table, from: x.From, to: x.To, version: version{x.Version.At.UnixNano(), x.Version.Region},
		item: x.Item, service: x.Expired, initial: x.Initial, run: x.Run,
	}
	if x.Parent != (Version{}) {
		m.parent = version{x.Parent.At.UnixNano(), x.Parent.Region}
	}
	from := x.Key
	if x.Item != nil {
		from = x.Item.Map()
	}
	var err error
	if m.key, err = t.itemKey(from); err != nil {
		return m, fmt.Errorf("peer: a message for %s without its key: %w", x.Table, err)
	}
	m.keys = t.keysOf(from)
	return m, nil
}

// acknowledge forgets what a peer has, and begins anew with one that has heard
// nothing that the outbox can go on from. By the numbers one that has lost the end
// of what it had cannot be told from one whose words are late: a host that can be
// late leaves out what is older than what it has told of before, as only it can
// know. Where it does not, everything is sent once more. Words of an epoch before
// this one are late as long as nothing of this one has been acknowledged: what the
// peer wants is in the outbox.
func (s *state) acknowledge(c PeerStep) error {
	h := s.hostOf(c.Region, c.Peer)
	if h == nil {
		return fmt.Errorf("peer: %s does not send to %s", c.Region, c.Peer)
	}
	if late := c.Epoch > 0 && c.Epoch < h.epoch; late && h.acknowledged == 0 {
		return nil
	}
	if c.Epoch != h.epoch || c.Number < h.acknowledged || c.Number > h.sent {
		s.beginAnew(h)
		return nil
	}
	h.acknowledged = c.Number
	s.setHost(*h)
	s.drop(func(m *message) bool { return m.from == h.own && m.to == h.peer && m.number <= c.Number })
	return nil
}

// supersede lets the oldest message of a key go where an outbox has more of it
// than keptLines: the newest is what counts, and the others are there for the
// ledger. The next one stands for that one too, so that the ledger can still tell
// what was made over what. So an outbox that nobody empties grows with the items,
// not with the writes.
func (s *state) supersede(g *global, h *hosted, key string) {
	if x, _ := g.open.Get(openKey{key: key}); x.n <= keptLines {
		return
	}
	list := s.coming(g, h.peer, func(m *message) bool { return m.key == key && m.from == h.own })
	if len(list) <= keptLines {
		return
	}
	oldest, next := list[0], list[1]
	s.mail.Delete(oldest)
	g.count(key, -1)
	if !oldest.initial && next.standsFor(oldest.version, next.parent) {
		next.parent, next.run = oldest.parent, true
		s.mail.Set(next)
	}
}

// beginAnew sends a peer everything in a new epoch.
func (s *state) beginAnew(h *hosted) {
	s.drop(func(m *message) bool { return m.from == h.own && m.to == h.peer })
	h.epoch, h.sent, h.acknowledged = max(uint64(s.now), h.epoch+1), 0, 0
	s.setHost(*h)
	for _, g := range s.globalList() {
		if t := s.replicaIn(g, h.own); t != nil && g.meta.member(h.peer) != nil {
			s.sendAll(g, t, h.peer)
		}
	}
}

// drop takes messages off their way.
func (s *state) drop(which func(*message) bool) {
	var list []message
	s.mail.Scan(func(m message) bool {
		if which(&m) {
			list = append(list, m)
		}
		return true
	})
	for _, m := range list {
		s.events.tree.Delete(event{at: m.due, seq: m.event})
		s.mail.Delete(m)
		if g := s.globals[m.global]; g != nil {
			g.count(m.key, -1)
			s.prune(g, m.key)
		}
	}
}

// Outbox lists the messages that a region has for one that a peer hosts and
// that have not been acknowledged, from a number on, at most most of them.
func (e *Engine) Outbox(region, peer string, from uint64, most int) []Message {
	e.mu.Lock()
	defer e.mu.Unlock()
	var list []Message
	after := uint64(0)
	if h := e.s.hostOf(region, peer); h != nil {
		after = h.acknowledged
	}
	e.s.mail.Scan(func(m message) bool {
		if m.number == 0 || m.from != region || m.to != peer {
			return true
		}
		if m.number >= from {
			x := m.export()
			x.After = after
			list = append(list, x)
		}
		after = m.number
		return len(list) < most
	})
	return list
}

// Heard tells up to which message of a peer's region a region has taken in
// everything: what the peer is to acknowledge. Zero stands for nothing.
func (e *Engine) Heard(region, peer string) (epoch, number uint64) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if h := e.s.hostOf(region, peer); h != nil {
		return h.heardAt, h.last
	}
	return 0, 0
}

// append appends the line of the step in a history.
func (c PeerStep) append(dst []byte) []byte {
	if c.What == "deliver" {
		return append(attr.AppendString(append(dst, `{"deliver":`...), valid(c.Message)), "}\n"...)
	}
	dst = attr.AppendString(append(dst, `{"peer":`...), valid(c.Peer))
	dst = attr.AppendString(append(dst, `,"of":`...), valid(c.Region))
	if c.What == "join" {
		return append(attr.AppendString(append(dst, `,"join":`...), valid(c.Table)), "}\n"...)
	}
	dst = strconv.AppendUint(append(dst, `,"epoch":"`...), c.Epoch, 10)
	return append(strconv.AppendUint(append(dst, `","acknowledge":"`...), c.Number, 10), "\"}\n"...)
}

// readPeer reads what append wrote.
func readPeer(m map[string]string) (c PeerStep, ok bool, err error) {
	if text, ok := m["deliver"]; ok {
		c = PeerStep{What: "deliver", Message: text}
		return c, true, c.check()
	}
	if c.Peer, ok = m["peer"]; !ok {
		return c, false, nil
	}
	c.What, c.Region, c.Table = "join", m["of"], m["join"]
	if c.Table == "" {
		c.What = "acknowledge"
		n := numbers{line: m}
		if c.Epoch, c.Number = n.uint("epoch"), n.uint("acknowledge"); n.err != nil {
			return c, true, n.err
		}
	}
	return c, true, c.check()
}

// String is the step as a line of a scenario's clock has it.
func (c PeerStep) String() string {
	switch c.What {
	case "deliver":
		return "deliver " + base64.RawURLEncoding.EncodeToString([]byte(c.Message))
	case "join":
		return "join " + c.Table + " " + c.Region + " " + c.Peer
	}
	return "acknowledge " + c.Region + " " + c.Peer + " " + strconv.FormatUint(c.Epoch, 10) + " " + strconv.FormatUint(c.Number, 10)
}
