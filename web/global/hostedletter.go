package global

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/sortkey/sortkey/engine"
	"github.com/sortkey/sortkey/engine/attr"
)

// Tabs of a group talk in letters. A letter is lines, the first of them its head,
// the others messages as links carry them (engine.Message):
//
//	{"letter":1,"from":"eu-west-1","to":"us-east-1","at":"1795…","epoch":"1767…","heard":"17"}
//	{"message":4,"epoch":…,"from":"eu-west-1","to":"us-east-1","table":"Albums",…}
//
// epoch and heard tell up to which message of its reader the writer has taken in
// and stored everything; at is when it was written, in nanoseconds, and no two of
// one writer are of one instant. A letter with messages is answered by one that
// tells that of them; one with "asks":true by one with all messages that have not
// been acknowledged. One with neither says that its writer is there.
//
// Letters may be lost, doubled and late. What has not been acknowledged is sent
// again: when it is asked for, and when a second has passed and nothing of it
// was.

// letterVersion is the version of letters; others are not read.
const letterVersion = 1

// What one letter, and what has not been acknowledged yet, may have.
const (
	letterMessages = 100
	letterBytes    = 1 << 20
)

// peer is another region of the group, as far as it need not be stored.
type peer struct {
	region  string
	last    time.Time // when a letter of its came last
	cut     bool      // the link to it is cut from this side
	epoch   uint64    // of what was posted
	posted  uint64    // the last message that was posted; 0: begin with the first
	first   uint64    // that was not acknowledged at the last beat
	owed    bool      // it is to be told what was heard of it
	silent  bool      // it has a tab, and is not heard from
	trouble string    // a message of its was refused
	said    heard     // what it has heard, by the latest of its letters
}

// heard is how much of a region's messages another one has.
type heard struct {
	at            int64 // when it said so, or the region began to be hosted here
	known         bool  // it has said so
	epoch, number uint64
}

// longestWay is how late a letter can be: one that is older by more than that is
// of a clock that was set back.
const longestWay = int64(time.Minute)

// quiet is after how long a tab that says nothing is not heard from.
const quiet = 3 * time.Second

// peer is the other region of that name, nil for none.
func (h *Hosted) peer(region string) *peer {
	for _, p := range h.peers {
		if p.region == region {
			return p
		}
	}
	return nil
}

// heardFrom reports whether a peer has said something lately.
func (h *Hosted) heardFrom(p *peer) bool {
	return !p.last.IsZero() && h.config.Now().Sub(p.last) < quiet
}

// here reports whether a tab hosts a peer's region, as far as can be told.
func (h *Hosted) here(p *peer) bool {
	if h.counted {
		return slices.Contains(h.tabs, p.region)
	}
	return h.heardFrom(p)
}

// Present tells which regions of the group have a tab. known is false where the
// host cannot tell: then those are there that are heard from.
func (h *Hosted) Present(regions []string, known bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, p := range h.peers {
		was, is := slices.Contains(h.tabs, p.region), slices.Contains(regions, p.region)
		if was != is {
			h.edition++
		}
		h.greets = h.greets || is && !was
	}
	h.tabs, h.counted = regions, known
}

// Beat is to be called once a second: the others are told that this tab is here,
// and sent again what they have not acknowledged for as long as that.
func (h *Hosted) Beat() {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.engine == nil {
		return
	}
	h.beats = true
	for _, p := range h.peers {
		first := uint64(0)
		if list := h.engine.Outbox(h.region, p.region, 0, 1); len(list) > 0 {
			first = list[0].Number
		}
		if first > 0 && first == p.first {
			p.posted = 0
		}
		p.first = first
		h.listen(p)
	}
}

// listen notes whether a peer that has a tab has fallen silent.
func (h *Hosted) listen(p *peer) {
	if silent := h.here(p) && !h.heardFrom(p); silent != p.silent {
		p.silent = silent
		h.edition++
	}
}

// Say gives the letters that are to be posted now. What it tells of must have
// been stored.
func (h *Hosted) Say() [][]byte {
	h.mu.Lock()
	defer h.mu.Unlock()
	var list [][]byte
	if h.engine == nil {
		return nil
	}
	for _, p := range h.peers {
		if p.cut {
			continue
		}
		var messages []byte
		if h.here(p) || p.owed {
			messages = h.outgoing(p)
		}
		if len(messages) > 0 || p.owed || h.greets || h.beats {
			list = append(list, h.letter(p, messages))
			p.owed = false
		}
	}
	h.greets, h.beats = false, false
	return list
}

// outgoing are the messages that a peer is to be sent now, as lines: those after
// what was posted, as long as not too many are unacknowledged.
func (h *Hosted) outgoing(p *peer) []byte {
	list := h.engine.Outbox(h.region, p.region, 0, 1)
	if len(list) == 0 {
		return nil
	}
	first := list[0].Number
	if list[0].Epoch != p.epoch || p.posted+1 < first {
		p.epoch, p.posted = list[0].Epoch, first-1
	}
	room := letterMessages - int(p.posted+1-first)
	if room <= 0 {
		return nil
	}
	var lines []byte
	for _, m := range h.engine.Outbox(h.region, p.region, p.posted+1, room) {
		lines = m.Append(append(lines, '\n'))
		p.posted = m.Number
		if len(lines) > letterBytes {
			break
		}
	}
	return lines
}

// letter is one to a peer, with messages.
func (h *Hosted) letter(p *peer, messages []byte) []byte {
	epoch, number := h.engine.Heard(h.region, p.region)
	h.wrote = max(h.wrote+1, h.config.Now().UnixNano())
	b := append([]byte(`{"letter":`), strconv.Itoa(letterVersion)...)
	b = attr.AppendString(append(b, `,"from":`...), h.region)
	b = attr.AppendString(append(b, `,"to":`...), p.region)
	b = strconv.AppendInt(append(b, `,"at":"`...), h.wrote, 10)
	b = strconv.AppendUint(append(b, `","epoch":"`...), epoch, 10)
	b = append(strconv.AppendUint(append(b, `","heard":"`...), number, 10), '"')
	if h.greets {
		b = append(b, `,"asks":true`...)
	}
	return append(append(b, '}'), messages...)
}

// Hear takes in a letter. What is none, is for another region or comes over a
// link that is cut is passed over.
func (h *Hosted) Hear(letter []byte) {
	h.mu.Lock()
	defer h.mu.Unlock()
	head, messages, _ := bytes.Cut(letter, []byte("\n"))
	m, err := engine.ScanLine(head)
	if err != nil || h.engine == nil || m["letter"] != strconv.Itoa(letterVersion) {
		return
	}
	p := h.peer(m["from"])
	if p == nil || p.cut || m["to"] != h.region {
		return
	}
	p.last = h.config.Now()
	h.listen(p)
	h.tick()
	if m["asks"] == "true" {
		p.owed, p.posted = true, 0
	}
	h.acknowledged(p, m)
	if len(messages) > 0 {
		p.owed = true
		h.takeIn(p, messages)
	}
}

// acknowledged notes what a peer has heard, by the head of its letter.
func (h *Hosted) acknowledged(p *peer, head map[string]string) {
	x, err := readHeard(head)
	late := x.at <= p.said.at && p.said.at-x.at < longestWay
	if err != nil || late {
		return
	}
	same := p.said.known && x.epoch == p.said.epoch && x.number == p.said.number
	p.said = x
	if same || !h.tells(p, x) {
		return
	}
	h.peerStep(engine.PeerStep{What: "acknowledge", Region: h.region, Peer: p.region, Epoch: x.epoch, Number: x.number})
	if x.epoch == 0 {
		h.sendAllAnew(p)
	}
}

// sendAllAnew is done when a peer has lost what it had stored: what of that it
// had sent here may not have reached the others.
func (h *Hosted) sendAllAnew(forgetful *peer) {
	for _, p := range h.peers {
		if p != forgetful {
			h.peerStep(engine.PeerStep{What: "acknowledge", Region: h.region, Peer: p.region})
		}
	}
}

// tells reports whether what a peer has heard is news. One that has heard nothing
// of an outbox of which nothing was acknowledged will yet.
func (h *Hosted) tells(p *peer, x heard) bool {
	list := h.engine.Outbox(h.region, p.region, 0, 1)
	if len(list) == 0 {
		return true
	}
	if list[0].Epoch == x.epoch {
		return x.number >= list[0].Number
	}
	return list[0].After > 0
}

func readHeard(head map[string]string) (x heard, err error) {
	at, err := strconv.ParseInt(head["at"], 10, 64)
	epoch, err2 := strconv.ParseUint(head["epoch"], 10, 64)
	number, err3 := strconv.ParseUint(head["heard"], 10, 64)
	return heard{at, true, epoch, number}, errors.Join(err, err2, err3)
}

// takeIn takes in the messages of a letter that come next. Those that are known
// already and those that are early are passed over: they come again.
func (h *Hosted) takeIn(p *peer, messages []byte) {
	for line := range bytes.SplitSeq(messages, []byte("\n")) {
		m, err := engine.ReadMessage(line)
		if err == nil && (m.From != p.region || m.To != h.region) {
			err = fmt.Errorf("it is one from %s to %s", m.From, m.To)
		}
		if err == nil && h.comesNext(&m) {
			err = h.peerStep(engine.PeerStep{What: "deliver", Message: string(line)})
		}
		if err != nil {
			if p.trouble != err.Error() {
				p.trouble = err.Error()
				h.edition++
			}
			return
		}
		p.trouble = ""
	}
}

func (h *Hosted) comesNext(m *engine.Message) bool {
	epoch, last := h.engine.Heard(h.region, m.From)
	return m.Follows(epoch, last)
}

// waiting is how many messages wait for a peer, at most most.
func (h *Hosted) waiting(p *peer) int {
	if h.engine == nil {
		return 0
	}
	return len(h.engine.Outbox(h.region, p.region, 0, mostWaiting))
}

// mostWaiting is up to how many messages are counted.
const mostWaiting = 10_000
