package engine

import (
	"fmt"
	"io"
	"slices"
	"sort"
	"strconv"
	"time"

	"github.com/sortkey/sortkey/engine/attr"
)

// Links carry what global tables send from one region to another. There is one
// from every region to every other, each direction with terms of its own: those
// of the settings replication-delay, replication-jitter and replication-loss
// until a step of the host gives it others. A message takes the latency, give or
// take the jitter in whole milliseconds. Which transmissions get lost, and the
// jitter, are drawn from (seed, link, number of the message, transmission). One
// that is lost is sent again when it should have arrived, so that nothing is
// lost for good; the one after maxLosses losses in a row arrives.
//
// A link that is cut carries nothing. What was on its way, and what is sent
// meanwhile, waits at the sender and departs when the link is healed, or when
// the region it is for is revived: in the order in which it was written.

// LinkStep changes a link between two regions: a step of the history.
type LinkStep struct {
	From, To string
	Both     bool   // the other direction too
	What     string // "latency", "jitter", "loss", "cut", "heal" or "default"
	Value    string // of a latency and a jitter a duration, of a loss a percentage
}

// linkTerms are what a link does to what it carries.
type linkTerms struct {
	latency, jitter time.Duration
	loss            int64 // percent of transmissions
}

// link is a direction between two regions that differs from the default.
type link struct {
	from, to string
	own      bool // has terms of its own
	linkTerms
	cut   bool
	since int64 // when it was cut
}

// Bounds of a link.
const (
	maxLatency = int64(time.Hour)
	maxLoss    = 90 // percent
	maxLosses  = 32 // transmissions of one message
	maxLinks   = 1000
)

// linkSettings are the terms of links that have none of their own.
func (s *state) linkSettings() linkTerms {
	return linkTerms{s.opts.ReplicationDelay, s.opts.ReplicationJitter, s.opts.ReplicationLoss}
}

// linkOf is the link from one region to another.
func (s *state) linkOf(from, to string) link {
	for _, l := range s.links {
		if l.from == from && l.to == to {
			if !l.own {
				l.linkTerms = s.linkSettings()
			}
			return l
		}
	}
	return link{from: from, to: to, linkTerms: s.linkSettings()}
}

// setLink keeps a link, unless it is as any other is.
func (s *state) setLink(l link) {
	list := slices.DeleteFunc(slices.Clone(s.links), func(k link) bool { return k.from == l.from && k.to == l.to })
	if l.own || l.cut {
		list = append(list, l)
	}
	sort.Slice(list, func(i, j int) bool { return list[i].from+" "+list[i].to < list[j].from+" "+list[j].to })
	s.links = list
}

// SetLink changes a link. It is a step of the history.
func (e *Engine) SetLink(c LinkStep) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	if err := c.check(); err != nil {
		return err
	}
	if len(e.s.links) >= maxLinks {
		return fmt.Errorf("link: %d links with terms of their own are the most there can be", maxLinks)
	}
	e.s.changeLink(c.From, c.To, c)
	if c.Both {
		e.s.changeLink(c.To, c.From, c)
	}
	e.s.runDue()
	return nil
}

// check sees that a step can be taken.
func (c LinkStep) check() error {
	if !ValidRegion(c.From) || !ValidRegion(c.To) || c.From == c.To {
		return fmt.Errorf("link: two different regions are wanted, such as us-east-1 and eu-west-1")
	}
	_, err := c.terms(linkTerms{})
	return err
}

// terms are what the step makes of a link's.
func (c LinkStep) terms(t linkTerms) (linkTerms, error) {
	switch c.What {
	case "latency", "jitter":
		d, err := time.ParseDuration(c.Value)
		if err != nil || d < 0 || int64(d) > maxLatency {
			return t, fmt.Errorf("link: a %s is a duration between 0s and 1h, such as 420ms", c.What)
		}
		if c.What == "latency" {
			t.latency = d
		} else {
			t.jitter = d
		}
	case "loss":
		n, err := strconv.Atoi(c.Value)
		if err != nil || n < 0 || n > maxLoss {
			return t, fmt.Errorf("link: a loss is a percentage between 0 and %d", maxLoss)
		}
		t.loss = int64(n)
	case "cut", "heal", "default":
		if c.Value != "" {
			return t, fmt.Errorf("link: %s has no value", c.What)
		}
	default:
		return t, fmt.Errorf("link: latency, jitter, loss, cut, heal or default is wanted, not %q", c.What)
	}
	return t, nil
}

func (s *state) changeLink(from, to string, c LinkStep) {
	l := s.linkOf(from, to)
	was := l.cut
	switch c.What {
	case "cut":
		l.cut = true
	case "heal":
		l.cut = false
	case "default":
		l.own = false
	default:
		l.own = true
		l.linkTerms, _ = c.terms(l.linkTerms)
	}
	if l.cut && !was {
		l.since = s.now
	}
	s.setLink(l)
	switch {
	case l.cut && !was:
		s.happened(happening{kind: LinkCut, from: from, to: to})
		s.hold(func(m *message) bool { return m.from == from && m.to == to })
	case was && !l.cut:
		s.happened(happening{kind: LinkHealed, from: from, to: to})
		s.depart()
	}
}

// carries reports whether what is sent now from one region to another can
// arrive there.
func (s *state) carries(from, to string) bool {
	return !s.linkOf(from, to).cut && !s.isDown(to) && !s.isDown(from)
}

// draw is a number for a transmission of a message: for which of its uses, salt
// tells.
func (m *message) draw(seed, salt uint64) uint64 {
	return mix(mix(mix(seed^fnv(m.from+">"+m.to))^m.seq) ^ uint64(m.tries)<<8 ^ salt)
}

// delay is how long this transmission of a message takes.
func (l *link) delay(m *message, seed uint64) time.Duration {
	d := l.latency
	if steps := int64(l.jitter / time.Millisecond); steps > 0 {
		d += time.Duration(int64(m.draw(seed, 1)%uint64(2*steps+1))-steps) * time.Millisecond
	}
	return max(d, 0)
}

// loses reports whether this transmission of a message gets lost.
func (l *link) loses(m *message, seed uint64) bool {
	return m.tries < maxLosses && m.draw(seed, 2)%100 < uint64(l.loss)
}

// ValidRegion reports whether a name can be that of a region: 1 to 40 small
// letters, digits and -, beginning with a letter.
func ValidRegion(name string) bool {
	for i := range len(name) {
		if c := name[i]; !(c >= 'a' && c <= 'z') && (i == 0 || !(c >= '0' && c <= '9') && c != '-') {
			return false
		}
	}
	return name != "" && len(name) <= 40
}

func (l *link) digest(w io.Writer) { fmt.Fprintf(w, "link %+v\n", *l) }

// append appends the line of the step in a history.
func (c LinkStep) append(dst []byte) []byte {
	to := `,"to":`
	if c.Both {
		to = `,"and":`
	}
	dst = attr.AppendString(append(dst, `{"link":`...), valid(c.From))
	dst = attr.AppendString(append(dst, to...), valid(c.To))
	dst = attr.AppendString(append(dst, `,"what":`...), valid(c.What))
	if c.Value != "" {
		dst = attr.AppendString(append(dst, `,"value":`...), valid(c.Value))
	}
	return append(dst, "}\n"...)
}

// readLink reads what append wrote.
func readLink(m map[string]string) (LinkStep, error) {
	c := LinkStep{From: m["link"], To: m["to"], What: m["what"], Value: m["value"]}
	if to, ok := m["and"]; ok {
		c.To, c.Both = to, true
	}
	return c, c.check()
}

// String is the step as a line of a scenario's clock has it.
func (c LinkStep) String() string {
	to := " to "
	if c.Both {
		to = " and "
	}
	line := "link " + c.From + to + c.To + " " + c.What
	if c.Value != "" {
		line += " " + c.Value
	}
	return line
}
