package engine

import (
	"fmt"
	"slices"
	"sort"
	"strconv"

	"github.com/sortkey/sortkey/engine/attr"
	"github.com/sortkey/sortkey/engine/store"
)

// stream writes a stream's line and a line for each shard and record.
func (e *enc) stream(r *region, st *stream) {
	m := st.meta
	e.begin()
	e.str("stream", m.arn)
	e.str("region", r.name)
	e.str("table", m.table)
	e.str("id", m.tableID)
	e.str("label", m.label)
	e.str("view", m.view)
	e.key("schema")
	e.open()
	e.describeDefinitions(keyDefinitions(m.keys))
	e.describeKeys(m.keys)
	e.close()
	e.str("status", m.status)
	e.int("created", m.created)
	e.int("disabled", m.disabled)
	e.uint("lost", st.lost)
	e.uint("gone", st.gone)
	e.policy(st.policy)
	e.line()
	st.shards.Scan(func(sh shard) bool {
		e.shard(&sh)
		return true
	})
	st.records().Scan(func(x record) bool {
		e.record(&x)
		return true
	})
}

func (e *enc) uint(name string, v uint64) { e.raw(name, strconv.FormatUint(v, 10)) }

func (e *enc) shard(sh *shard) {
	e.begin()
	e.uint("shard", sh.number)
	e.uint("parent", sh.parent)
	e.uint("from", sh.from)
	e.uint("to", sh.to)
	e.int("opened", sh.opened)
	e.int("closed", sh.closed)
	e.uint("first", sh.first)
	e.uint("last", sh.last)
	e.uint("trimmed", sh.trimmed)
	e.uint("lost", sh.lost)
	e.line()
}

func (e *enc) record(x *record) {
	e.begin()
	e.uint("record", x.seq)
	e.uint("of", x.shard)
	e.int("at", x.at)
	e.image("before", x.before)
	e.image("after", x.after)
	e.bool("service", x.service)
	e.line()
}

func keyDefinitions(k store.Key) []definition {
	var list []definition
	for a := range k.All() {
		list = append(list, definition{a.Name, a.Kind})
	}
	return list
}

// numbers reads members of a snapshot's line that are whole numbers, and keeps
// the first that is none.
type numbers struct {
	line map[string]string
	err  error
}

func (n *numbers) int(name string) int64 {
	v, err := strconv.ParseInt(n.line[name], 10, 64)
	if err != nil && n.err == nil {
		n.err = fmt.Errorf("%s: %w", name, err)
	}
	return v
}

func (n *numbers) uint(name string) uint64 {
	v, err := strconv.ParseUint(n.line[name], 10, 64)
	if err != nil && n.err == nil {
		n.err = fmt.Errorf("%s: %w", name, err)
	}
	return v
}

// newStream makes a stream and, where it is a table's that still records, the
// table's own.
func (r *restorer) newStream(m map[string]string) error {
	if r.s == nil {
		return fmt.Errorf("a stream before the header")
	}
	schema := &createTableInput{}
	x := &exchange{s: r.s, body: []byte(m["schema"])}
	err := x.fields(schema.member)
	if err != nil {
		return fmt.Errorf("schema: %w", err)
	}
	n := numbers{line: m}
	meta := &streamMeta{
		arn: m["stream"], label: m["label"], table: m["table"], tableID: m["id"], view: m["view"], keys: schema.defs.key(schema.keys),
		status: m["status"], created: n.int("created"), disabled: n.int("disabled"),
	}
	st := newStream(meta)
	st.lost, st.gone = n.uint("lost"), n.uint("gone")
	region := r.s.region(m["region"])
	r.s.regions[region.name] = region
	region.streams[meta.arn] = st
	if t := region.tables[meta.table]; t != nil && t.meta.id == meta.tableID && t.meta.streamView != "" && t.meta.streamLabel == meta.label {
		t.stream = st
	}
	r.stream = st
	if st.policy, err = restorePolicy(m); err != nil {
		return err
	}
	return n.err
}

// shard adds a shard to the last stream. The open ones belong to the table's
// partitions in the order of their hashes.
func (r *restorer) shard(m map[string]string) error {
	if r.stream == nil {
		return fmt.Errorf("a shard before any stream")
	}
	n := numbers{line: m}
	sh := shard{
		number: n.uint("shard"), parent: n.uint("parent"), from: n.uint("from"), to: n.uint("to"),
		opened: n.int("opened"), closed: n.int("closed"), first: n.uint("first"), last: n.uint("last"),
		trimmed: n.uint("trimmed"), lost: n.uint("lost"),
	}
	st := r.stream
	st.shards.Set(sh)
	if sh.closed == 0 {
		i := sort.Search(len(st.open), func(i int) bool {
			other, _ := st.shards.Get(shard{number: st.open[i]})
			return other.from > sh.from
		})
		st.open = slices.Insert(st.open, i, sh.number)
	}
	st.plan()
	return n.err
}

// record adds a record to the last stream. The item after one change is the
// item before the next, and is kept once.
func (r *restorer) record(m map[string]string) error {
	if r.stream == nil {
		return fmt.Errorf("a record before any stream")
	}
	n := numbers{line: m}
	x := record{seq: n.uint("record"), shard: n.uint("of"), at: n.int("at"), service: m["service"] == "true"}
	if n.err != nil {
		return n.err
	}
	var err error
	if x.before, err = r.image(m["before"]); err != nil {
		return fmt.Errorf("before: %w", err)
	}
	if x.after, err = r.image(m["after"]); err != nil {
		return fmt.Errorf("after: %w", err)
	}
	if x.before == nil && x.after == nil {
		return fmt.Errorf("a record of no item")
	}
	r.stream.keep(&x)
	return nil
}

// image is the item with that text, nil for none.
func (r *restorer) image(text string) (*attr.Item, error) {
	if text == "" {
		return nil, nil
	}
	if item := r.images[text]; item != nil {
		return item, nil
	}
	m, err := readImage(text)
	if err != nil {
		return nil, err
	}
	if r.images == nil {
		r.images = map[string]*attr.Item{}
	}
	item := attr.NewItem(m)
	r.images[text] = item
	return item, nil
}
