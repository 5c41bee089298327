package web

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"

	"github.com/tidwall/gjson"

	"github.com/sortkey/sortkey/components"
	"github.com/sortkey/sortkey/engine"
	"github.com/sortkey/sortkey/engine/attr"
	"github.com/sortkey/sortkey/engine/scenario"
	"github.com/sortkey/sortkey/web/page"
)

// maxTicks is how many records a lane shows, maxStreamRecords how many all
// lanes do: the latest.
const (
	maxTicks         = 40
	maxStreamRecords = 400
)

// iterator is where the visitor reads a stream: what GetShardIterator or
// GetRecords returned last, and which record comes next.
type iterator struct {
	stream, shard string
	token         string // "" once a closed shard has been read
	behind        string // sequence number of the record before it, "" at the beginning
	at            string // of the one it stands at, where it was placed at one
}

// follow moves the iterator with the requests that place it and read with it.
func (ws *workspace) follow(o *outcome) {
	if o.reply.Status != page.StatusOK {
		return
	}
	body, reply := gjson.ParseBytes(o.req.Body), gjson.ParseBytes(o.reply.Body)
	switch o.req.Operation {
	case "GetShardIterator":
		ws.place(body, reply.Get("ShardIterator").Str)
	case "GetRecords":
		if ws.iterator == nil || body.Get("ShardIterator").Str != ws.iterator.token {
			return
		}
		next := *ws.iterator
		next.token = reply.Get("NextShardIterator").Str
		if records := reply.Get("Records").Array(); len(records) > 0 {
			next.behind, next.at = records[len(records)-1].Get("dynamodb.SequenceNumber").Str, ""
		}
		ws.iterator = &next
	}
}

func (ws *workspace) place(body gjson.Result, token string) {
	it := &iterator{stream: body.Get("StreamArn").Str, shard: body.Get("ShardId").Str, token: token}
	switch body.Get("ShardIteratorType").Str {
	case "AT_SEQUENCE_NUMBER":
		it.at = body.Get("SequenceNumber").Str
	case "AFTER_SEQUENCE_NUMBER":
		it.behind = body.Get("SequenceNumber").Str
	case "LATEST":
		it.behind = ws.lastRecord(it.stream, it.shard)
	case "AT_TIMESTAMP":
		it.behind = ws.recordBefore(it.stream, it.shard, body.Get("Timestamp").Float())
	}
	ws.iterator = it
}

// lastRecord is the sequence number of a shard's latest record, "" for none.
func (ws *workspace) lastRecord(stream, shard string) string {
	for _, r := range ws.engine.StreamRecords(ws.region, stream, 0, maxStreamRecords) {
		if r.Shard == shard {
			return r.Sequence
		}
	}
	return ""
}

// recordBefore is that of the latest record before a time in seconds.
func (ws *workspace) recordBefore(stream, shard string, seconds float64) string {
	for _, r := range ws.engine.StreamRecords(ws.region, stream, 0, maxStreamRecords) {
		if r.Shard == shard && float64(r.At.UnixNano())/1e9 < seconds {
			return r.Sequence
		}
	}
	return ""
}

// next reports whether a record is the one that the iterator reads next, where
// before is the sequence number of the record before it in its shard.
func (it *iterator) next(r *engine.RecordInfo, before string) bool {
	switch {
	case it == nil || it.shard != r.Shard || it.token == "":
		return false
	case it.at != "":
		return r.Sequence == it.at
	}
	return r.Sequence > it.behind && before <= it.behind
}

// atEnd reports whether it stands behind all records of its shard.
func (it *iterator) atEnd(shard, last string) bool {
	return it != nil && it.shard == shard && it.token != "" && it.at == "" && last <= it.behind
}

// streamSheet is the dock's tab on the stream of a table: of the one asked for,
// of the outcome shown, or the first that has one.
func (d *Desk) streamSheet(o *outcome, s settings) *components.StreamSheet {
	ws := d.ws
	streams := ws.engine.Streams(ws.region)
	st := chosenStream(streams, o, s.stream)
	v := &components.StreamSheet{}
	for i := range streams {
		x := &streams[i]
		name := x.Table
		if !x.Disabled.IsZero() {
			name += ", disabled " + clockTime(x.Disabled)
		}
		v.Streams = append(v.Streams, components.TableChoice{Name: name, URL: streamURL(x.ARN, ""), Shown: st == x})
	}
	if st == nil {
		ws.offerStream(v, o)
		return v
	}
	v.Facts = streamFacts(st)
	records := ws.engine.StreamRecords(ws.region, st.ARN, 0, maxStreamRecords)
	v.Lanes = ws.lanes(st, records, s.record)
	v.Record = ws.streamRecord(st, records, s.record)
	v.Iterator = ws.iteratorView(st)
	if d.config.Engine != nil {
		for i := range v.Lanes {
			v.Lanes[i].Split = "" // the page does not change a host's partitions
		}
	}
	return v
}

func chosenStream(all []engine.StreamInfo, o *outcome, arn string) *engine.StreamInfo {
	for i := range all {
		if all[i].ARN == arn {
			return &all[i]
		}
	}
	for i := range all {
		if o != nil && o.wrong == nil && all[i].Table == o.trace.Table && all[i].Disabled.IsZero() {
			return &all[i]
		}
	}
	if len(all) > 0 {
		return &all[0]
	}
	return nil
}

// offerStream says why there is nothing to see, and how there would be.
func (ws *workspace) offerStream(v *components.StreamSheet, o *outcome) {
	v.Words = components.Say("A stream is a table’s change log: every write leaves a record, in order for each item, for 24 hours. ")
	t := ws.tableChosen(ws.engine.Tables(ws.region), o, "")
	if t == nil {
		v.Words = v.Words.Say("There is no table yet.")
		return
	}
	v.Words = v.Words.Say("No table here has one.")
	_, body, _ := makeStream(t, fields{"images": "NEW_AND_OLD_IMAGES"})
	v.Table, v.Enable = t.Name, requestText("UpdateTable", body)
}

func requestText(operation string, body object) string {
	text, err := scenario.Format(operation, []byte(body.String()))
	if err != nil {
		panic(err) // it is made here
	}
	return text
}

func streamFacts(st *engine.StreamInfo) []components.Fact {
	facts := []components.Fact{{Words: st.View}, {Figure: components.Grouped(st.Records), Words: noun(st.Records, "record")}}
	if st.TrimmedRecords > 0 {
		facts = append(facts, components.Fact{Figure: components.Grouped(int(st.TrimmedRecords)), Words: "trimmed after 24 h", Wide: true})
	}
	if st.TrimmedShards > 0 {
		facts = append(facts, components.Fact{Figure: components.Grouped(int(st.TrimmedShards)), Words: noun(int(st.TrimmedShards), "shard") + " gone", Wide: true})
	}
	return facts
}

func streamURL(arn, record string) string {
	q := url.Values{"stream": {arn}}
	if record != "" {
		q.Set("record", record)
	}
	return "desk/dock/" + string(components.DockStream) + "?" + q.Encode()
}

// lanes draws the shards, each lineage together: a shard, then what followed
// it.
func (ws *workspace) lanes(st *engine.StreamInfo, records []engine.RecordInfo, shown string) []components.Lane {
	in := map[string][]*engine.RecordInfo{} // oldest first
	for i := len(records) - 1; i >= 0; i-- {
		in[records[i].Shard] = append(in[records[i].Shard], &records[i])
	}
	children := map[string][]*engine.ShardInfo{}
	known := map[string]bool{}
	for i := range st.Shards {
		known[st.Shards[i].ID] = true
	}
	for i := range st.Shards {
		sh := &st.Shards[i]
		parent := sh.Parent
		if !known[parent] {
			parent = "" // it has been trimmed
		}
		children[parent] = append(children[parent], sh)
	}
	var list []components.Lane
	var draw func(parent string, depth int)
	draw = func(parent string, depth int) {
		for _, sh := range children[parent] {
			list = append(list, ws.lane(st, sh, in[sh.ID], shown, depth))
			draw(sh.ID, depth+1)
		}
	}
	draw("", 0)
	return list
}

func (ws *workspace) lane(st *engine.StreamInfo, sh *engine.ShardInfo, records []*engine.RecordInfo, shown string, depth int) components.Lane {
	l := components.Lane{
		Shard: sh.ID, Name: shardName(sh.ID), Parent: shardName(sh.Parent), Depth: depth, Open: sh.Closed.IsZero(),
		Range: fmt.Sprintf("%04x to %04x", sh.From>>48, sh.To>>48), Trimmed: int(sh.Trimmed),
		Oldest: placeText(st.ARN, sh.ID, "TRIM_HORIZON", ""), Latest: placeText(st.ARN, sh.ID, "LATEST", ""),
	}
	l.State = "closed " + clockTime(sh.Closed)
	if l.Open {
		l.State = "open, partition " + strconv.Itoa(sh.Partition+1)
		l.Split = "desk/split?" + url.Values{"of": {st.Table}, "partition": {strconv.Itoa(sh.Partition)}}.Encode()
	}
	l.Earlier = sh.Records - min(len(records), maxTicks)
	before := ""
	for i, r := range records {
		if len(records)-i <= maxTicks {
			l.Ticks = append(l.Ticks, components.StreamTick{
				Event: r.Event, Key: clip(keyWords(r.Keys), 80), URL: streamURL(st.ARN, r.Sequence),
				Shown: r.Sequence == shown, Service: r.Service, Next: ws.iterator.next(r, before),
			})
		}
		before = r.Sequence
	}
	l.AtEnd = ws.iterator.atEnd(sh.ID, before)
	return l
}

// shardName is the end of a shard's id, which tells it from others.
func shardName(id string) string { return id[strings.LastIndexByte(id, '-')+1:] }

func keyWords(keys *attr.Item) string {
	var parts []string
	for _, m := range keys.Map() {
		parts = append(parts, m.Name+" "+scalar(m.Value))
	}
	return strings.Join(parts, ", ")
}

// placeText is the request that places an iterator.
func placeText(stream, shard, kind, sequence string) string {
	o := object{}.text("StreamArn", stream).text("ShardId", shard).text("ShardIteratorType", kind)
	if sequence != "" {
		o = o.text("SequenceNumber", sequence)
	}
	return requestText("GetShardIterator", o)
}

// streamRecord is the record asked for, else the latest.
func (ws *workspace) streamRecord(st *engine.StreamInfo, records []engine.RecordInfo, sequence string) *components.StreamRecord {
	for i := range records {
		if r := &records[i]; r.Sequence == sequence || sequence == "" {
			return ws.recordView(st, r)
		}
	}
	return nil
}

func (ws *workspace) recordView(st *engine.StreamInfo, r *engine.RecordInfo) *components.StreamRecord {
	t := ws.table(st.Table)
	role := func(name string) components.Role {
		switch {
		case t != nil && len(t.Key.Hash) > 0 && t.Key.Hash[0].Name == name:
			return components.HashKey
		case t != nil && t.Key.Has(name):
			return components.RangeKey
		}
		return components.NoKey
	}
	v := &components.StreamRecord{
		Event: r.Event, Service: r.Service,
		Lines: []components.Detail{
			{Name: "Sequence number", Value: r.Sequence, Code: true}, {Name: "At", Value: r.At.Format("15:04:05, 2 January 2006")},
			{Name: "Size", Value: components.Grouped(r.Bytes) + " B"}, {Name: "Shard", Value: shardName(r.Shard), Code: true},
		},
		Attributes: imageChanges(r.Before, r.After, role),
		Here:       placeText(st.ARN, r.Shard, "AT_SEQUENCE_NUMBER", r.Sequence),
		Behind:     placeText(st.ARN, r.Shard, "AFTER_SEQUENCE_NUMBER", r.Sequence),
	}
	if st.View != "NEW_AND_OLD_IMAGES" {
		v.View = "The change as it was made. The record itself is " + st.View + ": " + viewWords[st.View] + "."
	}
	return v
}

var viewWords = map[string]string{
	"KEYS_ONLY": "its consumers see the key, nothing else",
	"NEW_IMAGE": "its consumers see the item as it is afterwards",
	"OLD_IMAGE": "its consumers see the item as it was before",
}

// iteratorView says where the visitor's iterator stands, if it is of this
// stream.
func (ws *workspace) iteratorView(st *engine.StreamInfo) *components.Iterator {
	it := ws.iterator
	if it == nil || it.stream != st.ARN {
		return nil
	}
	v := &components.Iterator{Words: components.Say("The iterator is in shard ").Code(shardName(it.shard))}
	if it.token == "" {
		v.Words = v.Words.Say(". The shard is closed and read to its end: go on with its children.")
		return v
	}
	switch {
	case it.at != "":
		v.Words = v.Words.Say(", at a record.")
	case it.behind == "":
		v.Words = v.Words.Say(", at its beginning.")
	default:
		v.Words = v.Words.Say(", behind a record.")
	}
	v.Words = v.Words.Say(" It expires 15 minutes after it was given.")
	read := object{}.text("ShardIterator", it.token)
	v.Step, v.All = requestText("GetRecords", read.with("Limit", "1")), requestText("GetRecords", read)
	return v
}

// split splits a partition of an engine of the page's own.
func (d *Desk) split(w *page.Answer, q *page.Query) {
	s := d.settle(q)
	if d.refuses(w, "The page does not split partitions of the server’s engine.") {
		return
	}
	n, err := strconv.Atoi(q.Get("partition"))
	p := engine.Split{Region: d.ws.region, Table: q.Get("of"), Partition: n}
	if err == nil {
		err = d.ws.step(engine.Step{Split: p}, entry{words: "Split partition " + strconv.Itoa(n+1) + " of " + p.Table})
	}
	if err != nil {
		w.Fail("Not split: "+err.Error()+".", page.StatusUnprocessableEntity)
		return
	}
	v := d.view(s)
	v.Said = "Partition " + strconv.Itoa(n+1) + " of " + p.Table + " is split."
	d.update(w, v, components.PartBar|components.PartSide|components.PartDock|components.PartSaid)
}
