package engine

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/sortkey/sortkey/engine/attr"
	"github.com/sortkey/sortkey/engine/store"
)

// SnapshotVersion is the newest version of the snapshot format that this
// engine reads. It writes the oldest that will do, as with HistoryVersion.
const SnapshotVersion = HistoryVersion

// AppendSnapshot appends the engine's whole state as JSON lines: a header with
// options, clock and counters; every event; then each region, each table's
// description as the request that would create it, and its items; and each
// stream with its shards and records. Before the regions stands what lies between
// them: globalsnapshot.go. Restore makes an engine with the same
// StateHash of it.
func (e *Engine) AppendSnapshot(dst []byte) []byte {
	e.mu.Lock()
	defer e.mu.Unlock()
	s := e.s
	w := enc{b: dst}
	w.begin()
	w.str("sortkey", "snapshot")
	w.int("version", int64(s.opts.formatVersion()))
	w.str("seed", strconv.FormatUint(s.opts.Seed, 10))
	w.str("start", s.opts.Start.Format(time.RFC3339Nano))
	w.str("region", s.opts.Region)
	w.str("account", s.opts.Account)
	w.int("degree", int64(s.opts.Degree))
	s.opts.Settings.header(&w)
	w.int("now", s.now)
	w.key("counters")
	w.list()
	for _, n := range s.counters {
		w.rawElem(strconv.FormatUint(n, 10))
	}
	w.unlist()
	w.line()
	s.events.tree.Scan(func(ev event) bool {
		w.event(ev)
		return true
	})
	s.tokens.tree.Scan(func(d done) bool {
		w.done(d)
		return true
	})
	for _, h := range s.open {
		w.held(h)
	}
	w.between(s)
	for _, r := range s.regionList() {
		w.scaling(r)
		w.loads(r)
		for _, t := range r.tableList() {
			w.table(r, t)
		}
		for _, st := range r.streamList() {
			w.stream(r, st)
		}
	}
	return w.b
}

// line ends the object and the line.
func (e *enc) line() { e.b = append(e.b, '}', '\n') }

// begin opens the object of a new line.
func (e *enc) begin() { e.b = append(e.b, '{') }

func (e *enc) event(ev event) {
	e.begin()
	e.int("event", int64(ev.kind))
	e.int("at", ev.at)
	e.int("seq", int64(ev.seq))
	e.str("region", ev.region)
	e.str("table", ev.table)
	e.str("id", ev.id)
	e.line()
}

// done writes the line of a transaction that can be repeated.
func (e *enc) done(d done) {
	e.begin()
	e.str("token", d.token)
	e.str("sum", hex.EncodeToString(d.sum[:]))
	e.int("until", d.until)
	e.key("images")
	e.list()
	for _, m := range d.images {
		e.open()
		e.str("as", m.table)
		e.str("name", m.name)
		e.int("bytes", int64(m.bytes))
		e.close()
	}
	e.unlist()
	e.line()
}

// table writes a table's line and a line for each item.
func (e *enc) table(r *region, t *table) {
	m := t.meta
	e.begin()
	e.str("table", m.name)
	e.str("region", r.name)
	e.str("id", m.id)
	e.str("status", m.status)
	e.int("created", m.created)
	e.ttl(&m.ttl)
	e.policy(t.policy)
	if m.streamLabel != "" {
		e.str("label", m.streamLabel)
		e.str("view", m.streamView)
	}
	e.partitions(t)
	e.key("create")
	m.recreate(e)
	e.state(t)
	e.line()
	t.data.Rows().Ascend(store.Span{}, func(row store.Row) bool {
		e.begin()
		e.raw("item", row.Item.JSON())
		if t.data.Ahead(row) { // in an index whose backfill has yet to come to it
			e.bool("ahead", true)
		}
		e.line()
		return true
	})
	t.past.each(e.past)
	e.load(t.load)
	e.replica(t.replica)
}

// past writes the line of a change that lagging reads may have to undo.
func (e *enc) past(p past) {
	e.begin()
	e.int("past", p.at)
	if p.before != nil {
		e.raw("before", p.before.JSON())
	}
	if p.after != nil {
		e.raw("after", p.after.JSON())
	}
	e.line()
}

// ttl writes the time to live of a table that has had any.
func (e *enc) ttl(m *ttlMeta) {
	if m.status == "" {
		return
	}
	e.str("ttl", m.status)
	e.str("ttlAttribute", m.attribute)
	e.int("ttlChanged", m.changed)
}

// partitions writes where the partitions begin, in hexadecimal, if that is not
// where those of a new table do.
func (e *enc) partitions(t *table) {
	list := t.data.Partitions()
	if slices.Equal(list, store.EqualPartitions(t.meta.partitions())) {
		return
	}
	e.key("partitions")
	e.list()
	for _, from := range list {
		e.rawElem(strconv.Quote(strconv.FormatUint(from, 16)))
	}
	e.unlist()
}

// readPartitions reads what partitions wrote.
func readPartitions(text string) ([]uint64, error) {
	var list []uint64
	s := attr.NewScanner([]byte(text), 2)
	err := s.Array(func(int) error {
		word, err := s.Str()
		if err != nil {
			return err
		}
		from, err := strconv.ParseUint(word, 16, 64)
		if n := len(list); err == nil && (n == 0) != (from == 0) || n > 0 && from <= list[n-1] {
			err = fmt.Errorf("not in order")
		}
		list = append(list, from)
		return err
	})
	return list, err
}

// recreate writes the CreateTable request that describes the table.
func (m *tableMeta) recreate(e *enc) {
	e.open()
	e.str("TableName", m.name)
	e.describeDefinitions(m.definitions)
	e.describeKeys(m.keys)
	if m.onDemand {
		e.str("BillingMode", "PAY_PER_REQUEST")
	} else {
		e.recreateThroughput(m.throughput)
	}
	if m.class != "" {
		e.str("TableClass", m.class)
	}
	e.bool("DeletionProtectionEnabled", m.protected)
	m.recreateIndexes(e, "GlobalSecondaryIndexes", false)
	m.recreateIndexes(e, "LocalSecondaryIndexes", true)
	if len(m.tags) > 0 {
		e.tags(m.tags)
	}
	e.close()
}

func (e *enc) recreateThroughput(p throughput) {
	e.key("ProvisionedThroughput")
	e.open()
	e.int("ReadCapacityUnits", p.read)
	e.int("WriteCapacityUnits", p.write)
	e.close()
}

func (m *tableMeta) recreateIndexes(e *enc, member string, local bool) {
	e.indexes(m, member, local, func(x *indexMeta) {
		e.open()
		e.str("IndexName", x.spec.Name)
		e.describeKeys(x.spec.Key)
		e.describeProjection(&x.spec)
		if !local && !m.onDemand {
			e.recreateThroughput(x.throughput)
		}
		e.close()
	})
}

// Restore makes an engine of a snapshot's text. Anything it cannot read is a
// *HistoryError that names the line.
func Restore(text []byte) (*Engine, error) {
	r := &restorer{}
	for line := 1; len(text) > 0; line++ {
		row, rest, ok := bytes.Cut(text, []byte("\n"))
		if !ok {
			return nil, &HistoryError{line, "the line is incomplete"}
		}
		text = rest
		if err := r.line(row, line); err != nil {
			return nil, &HistoryError{line, err.Error()}
		}
	}
	if r.s == nil {
		return nil, &HistoryError{1, "there is no header"}
	}
	if err := r.s.checkReplicas(); err != nil {
		return nil, &HistoryError{1, err.Error()}
	}
	r.s.restoreSweeps()
	r.s.restoreAlarms()
	return &Engine{s: r.s}, nil
}

// restorer reads a snapshot line by line; items belong to the last table,
// shards and records to the last stream.
type restorer struct {
	s      *state
	table  *table
	stream *stream
	last   *global               // to which lines and conflicts belong
	images map[string]*attr.Item // of the records so far, by their text
}

func (r *restorer) line(row []byte, line int) error {
	m, err := ScanLine(row)
	if err != nil {
		return err
	}
	switch {
	case line == 1:
		return r.header(m)
	case m["item"] != "":
		return r.item(m["item"], m["ahead"] == "true")
	}
	if is, err := r.between(m); is {
		return err
	}
	switch {
	case m["held"] != "":
		return r.held(m)
	case m["load"] != "":
		return r.load(m)
	case m["traffic"] != "":
		return r.traffic(m)
	case m["scalable"] != "":
		return r.scalable(m)
	case m["activity"] != "":
		return r.activity(m)
	case m["past"] != "":
		return r.past(m)
	case m["stream"] != "":
		return r.newStream(m)
	case m["shard"] != "" && m["first"] != "":
		return r.shard(m)
	case m["record"] != "":
		return r.record(m)
	case m["table"] != "" && m["create"] != "":
		return r.newTable(m)
	case m["event"] != "":
		return r.event(m)
	case m["sum"] != "":
		return r.done(m)
	}
	return fmt.Errorf("neither a table, an item, a stream nor an event")
}

func (r *restorer) header(m map[string]string) error {
	if m["sortkey"] != "snapshot" {
		return fmt.Errorf("not the header of a snapshot")
	}
	if !readableVersion(m["version"], SnapshotVersion) {
		return fmt.Errorf("version %s is not one of 1 to %d, which this Sortkey reads", m["version"], SnapshotVersion)
	}
	o, err := readOptions(m)
	if err != nil {
		return err
	}
	r.s = newState(o)
	if r.s.now, err = strconv.ParseInt(m["now"], 10, 64); err != nil {
		return fmt.Errorf("now: %w", err)
	}
	i := 0
	s := attr.NewScanner([]byte(m["counters"]), 2)
	return s.Array(func(int) error {
		raw, err := s.Number()
		if err == nil && i < len(r.s.counters) {
			r.s.counters[i], err = strconv.ParseUint(raw, 10, 64)
		}
		i++
		return err
	})
}

func (r *restorer) event(m map[string]string) error {
	var n [3]int64
	for i, name := range []string{"event", "at", "seq"} {
		v, err := strconv.ParseInt(m[name], 10, 64)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		n[i] = v
	}
	r.s.events.tree.Set(event{
		kind: eventKind(n[0]), at: n[1], seq: uint64(n[2]), region: m["region"], table: m["table"], id: m["id"],
	})
	return nil
}

func (r *restorer) done(m map[string]string) error {
	d := done{token: m["token"]}
	sum, err := hex.DecodeString(m["sum"])
	if err != nil || len(sum) != len(d.sum) {
		return fmt.Errorf("sum: not a hash")
	}
	copy(d.sum[:], sum)
	if d.until, err = strconv.ParseInt(m["until"], 10, 64); err != nil {
		return fmt.Errorf("until: %w", err)
	}
	w := wire{Scanner: attr.NewScanner([]byte(m["images"]), 4)}
	err = w.array(func(w wire) error {
		var as, name text
		var bytes integer
		err := w.object(func(w wire, member string) error {
			switch member {
			case "as":
				return w.text(&as)
			case "name":
				return w.text(&name)
			case "bytes":
				return w.integer(&bytes)
			}
			return w.Skip()
		})
		d.images = append(d.images, image{as.v, name.v, int(bytes.v)})
		return err
	})
	r.s.tokens.tree.Set(d)
	return err
}

func (r *restorer) held(m map[string]string) error {
	h := &held{name: m["held"], token: m["token"]}
	var err error
	if h.since, err = strconv.ParseInt(m["since"], 10, 64); err != nil {
		return fmt.Errorf("since: %w", err)
	}
	sum, err := hex.DecodeString(m["under"])
	if err != nil || len(sum) != len(h.sum) {
		return fmt.Errorf("under: not a hash")
	}
	copy(h.sum[:], sum)
	w := wire{Scanner: attr.NewScanner([]byte(m["places"]), 2)}
	err = w.array(func(w wire) error {
		place, err := w.hex()
		h.places = append(h.places, place)
		return err
	})
	if err == nil {
		h.call, err = readCall(m)
	}
	r.s.open = append(r.s.open, h)
	return err
}

// newTable makes the table by its CreateTable request and gives it the
// identity it had.
func (r *restorer) newTable(m map[string]string) error {
	x := &exchange{s: r.s, region: r.s.region(m["region"]), body: []byte(m["create"])}
	in, err := x.readCreateTable()
	if err != nil {
		return err
	}
	if err := in.validate(); err != nil {
		return err
	}
	kept := r.s.counters
	t := r.s.newTable(x.region, m["table"], in)
	r.s.counters = kept
	t.meta.id, t.meta.status = m["id"], m["status"]
	t.meta.streamLabel, t.meta.streamView = m["label"], m["view"]
	if t.meta.created, err = strconv.ParseInt(m["created"], 10, 64); err != nil {
		return fmt.Errorf("created: %w", err)
	}
	if t.policy, err = restorePolicy(m); err != nil {
		return err
	}
	if status, ok := m["ttl"]; ok {
		t.meta.ttl = ttlMeta{status: status, attribute: m["ttlAttribute"], region: x.region.name}
		if t.meta.ttl.changed, err = strconv.ParseInt(m["ttlChanged"], 10, 64); err != nil {
			return fmt.Errorf("ttlChanged: %w", err)
		}
	}
	if text := m["partitions"]; text != "" {
		list, err := readPartitions(text)
		if err != nil {
			return fmt.Errorf("partitions: %w", err)
		}
		t.data.SetPartitions(list)
	}
	r.s.regions[x.region.name] = x.region
	x.region.tables[t.meta.name] = t
	r.table = t
	return t.restoreState(m["state"])
}

func (r *restorer) item(text string, ahead bool) error {
	key, item, err := r.row(text)
	if err != nil {
		return err
	}
	r.table.data.Load(store.Row{Key: key, Item: item}, ahead)
	return nil
}

// row reads an item and finds its place in the last table.
func (r *restorer) row(text string) (key string, item *attr.Item, err error) {
	if r.table == nil {
		return "", nil, fmt.Errorf("an item before any table")
	}
	m, err := readImage(text)
	if err != nil {
		return "", nil, err
	}
	key, err = r.table.itemKey(m)
	return key, attr.NewItem(m), err
}

// past reads a change that lagging reads may have to undo.
func (r *restorer) past(m map[string]string) error {
	var c store.Change
	var err error
	if text := m["before"]; text != "" {
		if c.Key, c.Before, err = r.row(text); err != nil {
			return fmt.Errorf("before: %w", err)
		}
	}
	if text := m["after"]; text != "" {
		key := c.Key
		if c.Key, c.After, err = r.row(text); err != nil {
			return fmt.Errorf("after: %w", err)
		}
		if c.Before != nil && c.Key != key {
			return fmt.Errorf("before and after are of different keys")
		}
	}
	at, err := strconv.ParseInt(m["past"], 10, 64)
	if err != nil || c.Before == nil && c.After == nil || at > r.s.now || at < r.table.past.latest() {
		return fmt.Errorf("past: no change, or not in the order of time")
	}
	r.table.past.add(at, &c)
	return nil
}

// readImage reads the attributes of an item.
func readImage(text string) (attr.Map, error) {
	m, bad, err := attr.NewScanner([]byte(text), maxDepth).Attributes()
	if err == nil {
		err = bad
	}
	return m, err
}
