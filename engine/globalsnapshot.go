package engine

import (
	"encoding/hex"
	"fmt"
	"time"

	"github.com/sortkey/sortkey/engine/attr"
)

// A snapshot has what lies between regions before them: links, outages and
// peers, then each global table with the writes and conflicts that it remembers,
// the messages, and the log. What a replica knows of its items follows them.

func (e *enc) between(s *state) {
	for _, l := range s.links {
		e.begin()
		e.str("link", l.from)
		e.str("to", l.to)
		e.bool("own", l.own)
		e.int("latency", int64(l.latency))
		e.int("jitter", int64(l.jitter))
		e.int("loss", l.loss)
		e.bool("cut", l.cut)
		e.int("since", l.since)
		e.line()
	}
	for _, o := range s.outages {
		e.begin()
		e.str("outage", o.region)
		e.str("zone", o.zone)
		e.int("since", o.since)
		e.line()
	}
	for _, h := range s.hosts {
		e.begin()
		e.str("peer", h.peer)
		e.str("of", h.own)
		e.uint("epoch", h.epoch)
		e.uint("sent", h.sent)
		e.uint("acknowledged", h.acknowledged)
		e.uint("heardAt", h.heardAt)
		e.uint("last", h.last)
		e.line()
	}
	for _, g := range s.globalList() {
		e.global(g)
	}
	s.mail.Scan(func(m message) bool {
		e.mail(&m)
		return true
	})
	s.log.Scan(func(h happening) bool {
		e.happening(&h)
		return true
	})
}

func (e *enc) hex(name, raw string) { e.str(name, hex.EncodeToString([]byte(raw))) }

// version writes a version under two names.
func (e *enc) version(at, by string, v version) {
	e.int(at, v.at)
	e.str(by, v.region)
}

// image writes an item, if there is one.
func (e *enc) image(name string, item *attr.Item) {
	if item != nil {
		e.raw(name, item.JSON())
	}
}

// keys writes key attributes, if there are any.
func (e *enc) keys(m attr.Map) {
	if m != nil {
		e.item("keys", m)
	}
}

func (e *enc) global(g *global) {
	m := g.meta
	e.begin()
	e.str("global", m.id)
	e.str("name", m.name)
	e.str("version", m.version)
	e.int("created", m.created)
	e.version("base", "baseBy", m.base)
	e.bool("strong", m.strong)
	e.str("witness", m.witness)
	e.str("status", m.status)
	e.uint("forgotten", g.forgotten)
	e.int("agreed", g.agreed)
	e.key("graves")
	e.list()
	for _, key := range g.graves {
		e.rawElem(`"` + hex.EncodeToString([]byte(key)) + `"`)
	}
	e.unlist()
	e.key("seats")
	e.list()
	for i := range m.members {
		e.seat(&m.members[i])
	}
	e.unlist()
	e.line()
	g.lines.Scan(func(l line) bool {
		e.begin()
		e.hex("line", l.key)
		e.version("at", "by", l.version)
		e.version("over", "overBy", l.parent)
		e.image("image", l.item)
		e.keys(l.keys)
		e.bool("run", l.run)
		e.line()
		return true
	})
	g.conflicts.Scan(func(c conflict) bool {
		e.conflict(&c)
		return true
	})
}

// kept are the places of a seat but for its overrides of indexes.
func (m *seat) kept() []kept {
	return []kept{
		{name: "region", text: &m.region}, {name: "status", text: &m.status}, {name: "sourced", number: &m.sourced},
		{name: "source", text: &m.source}, {name: "read", number: &m.terms.read}, {name: "most", number: &m.terms.most},
		{name: "class", text: &m.terms.class},
	}
}

func (x *indexOverride) kept() []kept {
	return []kept{{name: "name", text: &x.name}, {name: "read", number: &x.read}, {name: "most", number: &x.most}}
}

func (e *enc) seat(m *seat) {
	e.open()
	e.key("seat")
	e.kept(m.kept())
	e.uint("step", m.step)
	e.hex("cursor", m.cursor)
	e.bool("sent", m.sent)
	e.key("indexes")
	e.list()
	for i := range m.terms.indexes {
		e.kept(m.terms.indexes[i].kept())
	}
	e.unlist()
	e.close()
}

func (e *enc) conflict(c *conflict) {
	e.begin()
	e.uint("conflict", c.seq)
	e.hex("row", c.key)
	e.keys(c.keys)
	e.version("loser", "loserBy", c.loser)
	e.version("winner", "winnerBy", c.winner)
	e.image("lost", c.lost)
	e.image("kept", c.kept)
	e.int("at", c.at)
	e.str("region", c.region)
	e.bool("withdrawn", c.withdrawn)
	e.key("settled")
	e.list()
	for _, x := range c.settled {
		e.open()
		e.str("region", x.region)
		e.int("at", x.at)
		e.close()
	}
	e.unlist()
	e.line()
}

func (e *enc) mail(m *message) {
	e.begin()
	e.uint("mail", m.seq)
	e.str("global", m.global)
	e.str("name", m.table)
	e.str("from", m.from)
	e.str("to", m.to)
	e.hex("row", m.key)
	e.keys(m.keys)
	e.version("at", "by", m.version)
	e.version("over", "overBy", m.parent)
	e.image("image", m.item)
	e.bool("service", m.service)
	e.bool("initial", m.initial)
	e.bool("run", m.run)
	e.int("sent", m.sent)
	e.int("due", m.due)
	e.uint("waits", m.event)
	e.uint("tries", m.tries)
	e.uint("epoch", m.epoch)
	e.uint("number", m.number)
	e.line()
}

func (e *enc) happening(h *happening) {
	e.begin()
	e.uint("happened", h.seq)
	e.int("when", h.at)
	e.int("kind", int64(h.kind))
	e.str("region", h.region)
	e.str("from", h.from)
	e.str("to", h.to)
	e.str("name", h.table)
	e.keys(h.keys)
	e.version("at", "by", h.version)
	e.version("over", "overBy", h.other)
	e.bool("deleted", h.deleted)
	e.bool("expired", h.expired)
	e.line()
}

// replica writes what a replica knows of its items.
func (e *enc) replica(r *replica) {
	if r == nil {
		return
	}
	e.begin()
	e.str("replica", r.global)
	e.str("in", r.region)
	e.line()
	r.stamps.Scan(func(x stamp) bool {
		e.begin()
		e.hex("stamp", x.key)
		e.version("at", "by", x.version)
		e.int("since", x.since)
		e.bool("deleted", x.deleted)
		e.keys(x.left())
		e.line()
		return true
	})
}

// between reads a line of what lies between regions; false where it is none.
func (r *restorer) between(m map[string]string) (bool, error) {
	n := numbers{line: m}
	var err error
	switch {
	case m["mail"] != "":
		err = r.mail(m, &n)
	case m["global"] != "":
		err = r.global(m, &n)
	case m["line"] != "":
		err = r.learn(m, &n)
	case m["conflict"] != "":
		err = r.conflict(m, &n)
	case m["happened"] != "":
		err = r.happening(m, &n)
	case m["replica"] != "":
		if r.table == nil {
			return true, fmt.Errorf("a replica before any table")
		}
		r.table.replica = &replica{m["replica"], m["in"], newStamps()}
	case m["stamp"] != "":
		err = r.stamp(m, &n)
	case m["link"] != "":
		r.s.links = append(r.s.links, link{
			from: m["link"], to: m["to"], own: m["own"] == "true", cut: m["cut"] == "true", since: n.int("since"),
			linkTerms: linkTerms{n.duration("latency"), n.duration("jitter"), n.int("loss")},
		})
	case m["outage"] != "":
		r.s.outages = append(r.s.outages, outage{m["outage"], m["zone"], n.int("since")})
	case m["peer"] != "":
		r.s.hosts = append(r.s.hosts, hosted{
			own: m["of"], peer: m["peer"], epoch: n.uint("epoch"), sent: n.uint("sent"), acknowledged: n.uint("acknowledged"),
			heardAt: n.uint("heardAt"), last: n.uint("last"),
		})
	default:
		return false, nil
	}
	if err == nil {
		err = n.err
	}
	return true, err
}

// hex reads what the writer of that name has written.
func (n *numbers) hex(name string) string {
	raw, err := hex.DecodeString(n.line[name])
	if err != nil && n.err == nil {
		n.err = fmt.Errorf("%s: %w", name, err)
	}
	return string(raw)
}

// hex reads what stands so in a list or structure.
func (w wire) hex() (string, error) {
	var t text
	if err := w.text(&t); err != nil {
		return "", err
	}
	raw, err := hex.DecodeString(t.v)
	return string(raw), err
}

func (n *numbers) version(at, by string) version { return version{n.int(at), n.line[by]} }

// keys reads key attributes, nil where there are none.
func (n *numbers) keys() attr.Map {
	text := n.line["keys"]
	if text == "" {
		return nil
	}
	m, err := readImage(text)
	if err != nil && n.err == nil {
		n.err = fmt.Errorf("keys: %w", err)
	}
	return attr.NewItem(m).Map()
}

func (r *restorer) global(m map[string]string, n *numbers) error {
	meta := &globalMeta{
		id: m["global"], name: m["name"], version: m["version"], created: n.int("created"), base: n.version("base", "baseBy"),
		strong: m["strong"] == "true", witness: m["witness"], status: m["status"],
	}
	g := newGlobal(meta)
	g.forgotten, g.agreed = n.uint("forgotten"), n.int("agreed")
	w := wire{Scanner: attr.NewScanner([]byte(m["graves"]), 2)}
	err := w.array(func(w wire) error {
		key, err := w.hex()
		g.graves = append(g.graves, key)
		return err
	})
	if err != nil {
		return err
	}
	w = wire{Scanner: attr.NewScanner([]byte(m["seats"]), 6)}
	err = w.array(func(w wire) error {
		var x seat
		err := x.restore(w)
		meta.members = append(meta.members, x)
		return err
	})
	r.s.globals[meta.id], r.last = g, g
	return err
}

func (m *seat) restore(w wire) error {
	return w.object(func(w wire, name string) error {
		switch name {
		case "seat":
			return w.kept(m.kept())
		case "step":
			var n integer
			err := w.integer(&n)
			m.step = uint64(n.v)
			return err
		case "sent":
			var f flag
			err := w.flag(&f)
			m.sent = f.v
			return err
		case "cursor":
			var err error
			m.cursor, err = w.hex()
			return err
		case "indexes":
			return w.array(func(w wire) error {
				var x indexOverride
				err := w.kept(x.kept())
				m.terms.indexes = append(m.terms.indexes, x)
				return err
			})
		}
		return w.Skip()
	})
}

func (r *restorer) learn(m map[string]string, n *numbers) error {
	if r.last == nil {
		return fmt.Errorf("a write before any global table")
	}
	item, err := r.image(m["image"])
	r.last.learn(line{n.hex("line"), n.version("at", "by"), n.version("over", "overBy"), item, n.keys(), m["run"] == "true"})
	return err
}

func (r *restorer) conflict(m map[string]string, n *numbers) error {
	if r.last == nil {
		return fmt.Errorf("a conflict before any global table")
	}
	c := conflict{
		seq: n.uint("conflict"), key: n.hex("row"), keys: n.keys(), loser: n.version("loser", "loserBy"),
		winner: n.version("winner", "winnerBy"), at: n.int("at"), region: m["region"], withdrawn: m["withdrawn"] == "true",
	}
	var err error
	if c.lost, err = r.image(m["lost"]); err != nil {
		return err
	}
	if c.kept, err = r.image(m["kept"]); err != nil {
		return err
	}
	w := wire{Scanner: attr.NewScanner([]byte(m["settled"]), 4)}
	err = w.array(func(w wire) error {
		var x settled
		err := w.kept([]kept{{name: "region", text: &x.region}, {name: "at", number: &x.at}})
		c.settled = append(c.settled, x)
		return err
	})
	r.last.conflicts.Set(c)
	r.last.lost.Set(lostWrite{c.key, c.loser, c.seq})
	return err
}

func (r *restorer) mail(m map[string]string, n *numbers) error {
	g := r.s.globals[m["global"]]
	if g == nil {
		return fmt.Errorf("a message of no global table")
	}
	x := message{
		seq: n.uint("mail"), global: m["global"], table: m["name"], from: m["from"], to: m["to"], key: n.hex("row"), keys: n.keys(),
		version: n.version("at", "by"), parent: n.version("over", "overBy"), service: m["service"] == "true", initial: m["initial"] == "true", run: m["run"] == "true",
		sent: n.int("sent"), due: n.int("due"), event: n.uint("waits"), tries: n.uint("tries"), epoch: n.uint("epoch"), number: n.uint("number"),
	}
	var err error
	x.item, err = r.image(m["image"])
	r.s.mail.Set(x)
	g.count(x.key, 1)
	return err
}

func (r *restorer) happening(m map[string]string, n *numbers) error {
	kind := n.int("kind")
	if kind < 0 || kind >= int64(len(happeningWords)) {
		return fmt.Errorf("kind: nothing of the kind %d happens", kind)
	}
	r.s.log.Load(happening{
		seq: n.uint("happened"), at: n.int("when"), kind: HappeningKind(kind), region: m["region"], from: m["from"], to: m["to"],
		table: m["name"], keys: n.keys(), version: n.version("at", "by"), other: n.version("over", "overBy"),
		deleted: m["deleted"] == "true", expired: m["expired"] == "true",
	})
	return nil
}

func (r *restorer) stamp(m map[string]string, n *numbers) error {
	if r.table == nil || r.table.replica == nil {
		return fmt.Errorf("a version before any replica")
	}
	r.table.replica.stamps.Load(stamp{n.hex("stamp"), n.version("at", "by"), n.int("since"), m["deleted"] == "true", n.keys()})
	return nil
}

// checkReplicas sees that every replica is one of a global table that there is.
func (s *state) checkReplicas() error {
	for _, r := range s.regionList() {
		for _, t := range r.tableList() {
			if t.replica == nil {
				continue
			}
			if g := s.globalOf(t); g == nil || g.meta.member(r.name) == nil || g.meta.name != t.meta.name || t.replica.region != r.name {
				return fmt.Errorf("table %s in %s is a replica of no global table", t.meta.name, r.name)
			}
		}
	}
	return nil
}

func (n *numbers) duration(name string) time.Duration { return time.Duration(n.int(name)) }
