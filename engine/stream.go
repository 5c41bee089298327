package engine

import (
	"strings"
	"time"

	"github.com/sortkey/sortkey/engine/attr"
)

var streamOperations = []operation{
	{"ListStreams", false, (*exchange).listStreams},
	{"DescribeStream", false, (*exchange).describeStream},
	{"GetShardIterator", false, (*exchange).getShardIterator},
	{"GetRecords", false, (*exchange).getRecords},
}

// findStream finds the stream that a request names by its ARN, if the stream's
// policy does not deny that; the table's is not asked.
func (x *exchange) findStream(arn string) (*stream, error) {
	region, account, ok := parseStreamARN(arn)
	if !ok {
		return nil, errBadStreamARN(arn)
	}
	st := x.region.streams[arn]
	if st == nil || region != x.region.name || account != x.s.opts.Account {
		return nil, errNoStream(arn)
	}
	x.note(st.meta.table, "")
	return st, x.permitBy(st.policy, x.operation, arn)
}

// streamResource is the stream that a ResourceArn names. One of another account
// the caller may not see, whether it is there or not.
func (x *exchange) streamResource(arn string) (*stream, error) {
	region, account, ok := parseStreamARN(arn)
	switch st := x.region.streams[arn]; {
	case !ok:
		return nil, errBadARN(arn)
	case account != x.s.opts.Account:
		return nil, errNotAllowed(x.principal(), x.operation, arn)
	case st == nil || region != x.region.name:
		return nil, errNoResource(arn)
	default:
		x.note(st.meta.table, "")
		return st, x.permitBy(st.policy, x.operation, arn)
	}
}

// listStreams lists the streams of a region or of one table, those among them
// that were disabled less than a day ago.
func (x *exchange) listStreams() error {
	var table, start text
	limit := integer{v: 100}
	err := x.fields(func(w wire, member string) error {
		switch member {
		case "TableName":
			return w.text(&table)
		case "Limit":
			return w.integer(&limit)
		case "ExclusiveStartStreamArn":
			return w.text(&start)
		}
		return w.unknown()
	})
	if err != nil {
		return err
	}
	var c constraints
	c.name("tableName", table)
	c.length("tableName", table, 3, 255)
	c.between("limit", limit, 1, 100)
	c.length("exclusiveStartStreamArn", start, 37, 1024)
	if err := c.err(); err != nil {
		return err
	}
	if start.set {
		if _, _, ok := parseStreamARN(start.v); !ok {
			return errBadStreamARN(start.v)
		}
	}
	x.note(table.v, "")
	x.out = x.encodeStreams(table.v, start.v, int(limit.v))
	return nil
}

// encodeStreams writes a page of streams, "" as table meaning every one. As on
// AWS a full page has a LastEvaluatedStreamArn, even where nothing follows.
func (x *exchange) encodeStreams(table, start string, limit int) []byte {
	e := x.enc()
	e.open()
	e.key("Streams")
	e.list()
	n, last := 0, ""
	for _, st := range x.region.streamList() {
		if n == limit || table != "" && st.meta.table != table || st.meta.arn <= start {
			continue
		}
		e.open()
		e.str("StreamArn", st.meta.arn)
		e.str("StreamLabel", st.meta.label)
		e.str("TableName", st.meta.table)
		e.close()
		n, last = n+1, st.meta.arn
	}
	e.unlist()
	if n == limit {
		e.str("LastEvaluatedStreamArn", last)
	}
	e.close()
	return e.b
}

// describeStreamInput is the request of DescribeStream as read.
type describeStreamInput struct {
	arn, start text
	limit      integer
	filtered   bool
	filter     text // its Type
	parent     text // its ShardId
}

func (in *describeStreamInput) member(w wire, name string) error {
	switch name {
	case "StreamArn":
		return w.text(&in.arn)
	case "Limit":
		return w.integer(&in.limit)
	case "ExclusiveStartShardId":
		return w.text(&in.start)
	case "ShardFilter":
		in.filtered = true
		return w.structure("ShardFilter", func(w wire, name string) error {
			switch name {
			case "Type":
				return w.text(&in.filter)
			case "ShardId":
				return w.text(&in.parent)
			}
			return w.unknown()
		})
	}
	return w.unknown()
}

func (in *describeStreamInput) validate() error {
	var c constraints
	c.required("streamArn", in.arn.set)
	c.length("streamArn", in.arn, 37, 1024)
	c.between("limit", in.limit, 1, 100)
	c.length("exclusiveStartShardId", in.start, 28, 65)
	c.enum("shardFilter.type", in.filter, enumShardFilterType)
	c.length("shardFilter.shardId", in.parent, 28, 65)
	if err := c.err(); err != nil {
		return err
	}
	if in.filtered && !(in.filter.set && in.parent.set) {
		return invalid(textShardFilter)
	}
	return nil
}

func (x *exchange) describeStream() error {
	in := &describeStreamInput{limit: integer{v: 100}}
	if err := x.fields(in.member); err != nil {
		return err
	}
	if err := in.validate(); err != nil {
		return err
	}
	st, err := x.findStream(in.arn.v)
	if err != nil {
		return err
	}
	shards, more, err := st.page(in)
	if err != nil {
		return err
	}
	e := x.enc()
	e.open()
	e.key("StreamDescription")
	st.describe(&e, shards, more)
	e.close()
	x.out = e.b
	return nil
}

// page selects the shards that a DescribeStream asks for, and tells whether
// there are more of them.
func (st *stream) page(in *describeStreamInput) (shards []shard, more bool, err error) {
	var after, parent uint64
	var ok bool
	if in.start.set {
		if after, ok = shardNumber(in.start.v); !ok {
			return nil, false, errBadShardID(in.start.v)
		}
	}
	if in.parent.set {
		if parent, ok = shardNumber(in.parent.v); !ok {
			return nil, false, errBadShardID(in.parent.v)
		}
	}
	for _, sh := range st.shardList(after) {
		if in.parent.set && (sh.parent != parent || st.meta.shardID(parent) != in.parent.v) {
			continue
		}
		if len(shards) == int(in.limit.v) {
			return shards, true, nil
		}
		shards = append(shards, sh)
	}
	return shards, false, nil
}

// describe writes the StreamDescription with these shards.
func (st *stream) describe(e *enc, shards []shard, more bool) {
	m := st.meta
	e.open()
	e.time("CreationRequestDateTime", m.created)
	e.describeKeys(m.keys)
	if more {
		e.str("LastEvaluatedShardId", m.shardID(shards[len(shards)-1].number))
	}
	e.key("Shards")
	e.list()
	for i := range shards {
		st.describeShard(e, &shards[i])
	}
	e.unlist()
	e.str("StreamArn", m.arn)
	e.str("StreamLabel", m.label)
	e.str("StreamStatus", m.status)
	e.str("StreamViewType", m.view)
	e.str("TableName", m.table)
	e.close()
}

func (st *stream) describeShard(e *enc, sh *shard) {
	e.open()
	if sh.parent != 0 {
		e.str("ParentShardId", st.meta.shardID(sh.parent))
	}
	start, end := sh.sequences()
	e.key("SequenceNumberRange")
	e.open()
	if end != "" {
		e.str("EndingSequenceNumber", end)
	}
	e.str("StartingSequenceNumber", start)
	e.close()
	e.str("ShardId", st.meta.shardID(sh.number))
	e.close()
}

// shardIteratorInput is the request of GetShardIterator as read.
type shardIteratorInput struct {
	arn, shard, kind, sequence text
	timed                      bool
	timestamp                  int64 // nanoseconds
}

func (in *shardIteratorInput) member(w wire, name string) error {
	switch name {
	case "StreamArn":
		return w.text(&in.arn)
	case "ShardId":
		return w.text(&in.shard)
	case "ShardIteratorType":
		return w.text(&in.kind)
	case "SequenceNumber":
		return w.text(&in.sequence)
	case "Timestamp":
		in.timed = true
		return w.timestamp(&in.timestamp)
	}
	return w.unknown()
}

func (in *shardIteratorInput) validate() error {
	var c constraints
	c.required("streamArn", in.arn.set)
	c.length("streamArn", in.arn, 37, 1024)
	c.required("shardId", in.shard.set)
	c.length("shardId", in.shard, 28, 65)
	c.required("shardIteratorType", in.kind.set)
	c.enum("shardIteratorType", in.kind, enumShardIteratorType)
	c.length("sequenceNumber", in.sequence, 21, 40)
	if err := c.err(); err != nil {
		return err
	}
	bySequence := strings.HasSuffix(in.kind.v, "_SEQUENCE_NUMBER")
	switch {
	case bySequence && !in.sequence.set:
		return errIteratorWants(in.kind.v, "SequenceNumber")
	case !bySequence && in.sequence.set:
		return errIteratorExcludes(in.kind.v, "SequenceNumber")
	case in.kind.v == "AT_TIMESTAMP" && !in.timed:
		return errIteratorWants(in.kind.v, "Timestamp")
	case in.kind.v != "AT_TIMESTAMP" && in.timed:
		return errIteratorExcludes(in.kind.v, "Timestamp")
	}
	return nil
}

func (x *exchange) getShardIterator() error {
	in := &shardIteratorInput{}
	if err := x.fields(in.member); err != nil {
		return err
	}
	if err := in.validate(); err != nil {
		return err
	}
	st, err := x.findStream(in.arn.v)
	if err != nil {
		return err
	}
	sh, ok := st.shardNamed(in.shard.v)
	if !ok {
		return errNoShard(in.shard.v, in.arn.v)
	}
	from, err := x.s.place(in, st, &sh)
	if err != nil {
		return err
	}
	e := x.enc()
	e.open()
	e.str("ShardIterator", x.s.iteratorText(iterator{st.meta.arn, sh.number, from, x.s.now}))
	e.close()
	x.out = e.b
	return nil
}

// place is the sequence number that an iterator of that type reads from.
func (s *state) place(in *shardIteratorInput, st *stream, sh *shard) (uint64, error) {
	oldest := max(sh.first, sh.trimmed+1)
	switch in.kind.v {
	case "TRIM_HORIZON":
		return oldest, nil
	case "AT_TIMESTAMP":
		if in.timestamp > s.now {
			return 0, errFutureTimestamp()
		}
		if seq, ok := st.since(in.timestamp); ok {
			return max(seq, oldest), nil
		}
	case "AT_SEQUENCE_NUMBER", "AFTER_SEQUENCE_NUMBER":
		seq, ok := parseSequence(in.sequence.v)
		switch {
		case !ok, seq < sh.first, sh.closed != 0 && seq > sh.last, seq > s.counters[idSequence]:
			return 0, errForeignSequence(in.sequence.v, in.shard.v)
		case seq <= sh.trimmed:
			return 0, errTrimmed()
		case in.kind.v == "AFTER_SEQUENCE_NUMBER":
			seq++
		}
		return seq, nil
	}
	return s.counters[idSequence] + 1, nil
}

// GetRecords gives at most this many records, and bytes of them.
const (
	maxRecords     = 1000
	maxRecordBytes = 1 << 20
)

func (x *exchange) getRecords() error {
	var name text
	limit := integer{v: maxRecords}
	err := x.fields(func(w wire, member string) error {
		switch member {
		case "ShardIterator":
			return w.text(&name)
		case "Limit":
			return w.integer(&limit)
		}
		return w.unknown()
	})
	if err != nil {
		return err
	}
	var c constraints
	c.required("shardIterator", name.set)
	c.length("shardIterator", name, 1, 2048)
	c.between("limit", limit, 1, maxRecords)
	if err := c.err(); err != nil {
		return err
	}
	it, ok := x.s.parseIterator(name.v)
	if !ok {
		return errBadIterator()
	}
	st, err := x.findStream(it.arn)
	if err != nil {
		return err
	}
	if x.s.now-it.issued >= int64(iteratorLife) {
		return errExpiredIterator()
	}
	sh, ok := st.shards.Get(shard{number: it.shard})
	if !ok || it.from <= sh.trimmed {
		return errTrimmed()
	}
	x.out = x.encodeRecords(st, &sh, it.from, int(limit.v))
	return nil
}

// encodeRecords writes a page of a shard from a sequence number on. There is a
// next iterator unless the shard is closed and has been read to its end.
func (x *exchange) encodeRecords(st *stream, sh *shard, from uint64, limit int) []byte {
	var page []shown
	bytes, more := 0, false
	st.recordsOf(sh.number, from, func(r record) bool {
		v := st.meta.shown(r)
		bytes += v.size()
		if more = len(page) == limit || len(page) > 0 && bytes > maxRecordBytes; !more {
			page = append(page, v)
		}
		return !more
	})
	if len(page) > 0 {
		from = page[len(page)-1].seq + 1
	}
	e := x.enc()
	e.open()
	if sh.closed == 0 || more {
		e.str("NextShardIterator", x.s.iteratorText(iterator{st.meta.arn, sh.number, from, x.s.now}))
	}
	e.key("Records")
	e.list()
	for i := range page {
		x.s.encodeShown(&e, x.region.name, st.meta.view, &page[i])
	}
	e.unlist()
	e.close()
	return e.b
}

// shown is a record as a stream shows it: the key of the item, and the images
// that the view includes.
type shown struct {
	record
	keys, old, new *attr.Item
}

func (m *streamMeta) shown(r record) shown {
	v := shown{record: r}
	item := r.after
	if item == nil {
		item = r.before
	}
	names := make([]string, 0, 2)
	for a := range m.keys.All() {
		names = append(names, a.Name)
	}
	v.keys = item.Project(names)
	if m.view == "OLD_IMAGE" || m.view == "NEW_AND_OLD_IMAGES" {
		v.old = r.before
	}
	if m.view == "NEW_IMAGE" || m.view == "NEW_AND_OLD_IMAGES" {
		v.new = r.after
	}
	return v
}

// size is the SizeBytes of the record: of what it shows.
func (v *shown) size() int { return v.keys.Size() + v.old.Size() + v.new.Size() }

// eventName tells what happened to the item.
func (r *record) eventName() string {
	switch {
	case r.before == nil:
		return "INSERT"
	case r.after == nil:
		return "REMOVE"
	}
	return "MODIFY"
}

func (s *state) encodeShown(e *enc, region, view string, v *shown) {
	e.open()
	e.str("awsRegion", region)
	e.key("dynamodb")
	e.open()
	e.int("ApproximateCreationDateTime", v.at/int64(time.Second))
	e.raw("Keys", v.keys.JSON())
	if v.new != nil {
		e.raw("NewImage", v.new.JSON())
	}
	if v.old != nil {
		e.raw("OldImage", v.old.JSON())
	}
	e.str("SequenceNumber", sequenceText(v.at, v.seq))
	e.int("SizeBytes", int64(v.size()))
	e.str("StreamViewType", view)
	e.close()
	e.str("eventID", s.eventID(v.seq))
	e.str("eventName", v.eventName())
	e.str("eventSource", "aws:dynamodb")
	e.str("eventVersion", "1.1")
	if v.service {
		e.key("userIdentity")
		e.open()
		e.str("PrincipalId", "dynamodb.amazonaws.com")
		e.str("Type", "Service")
		e.close()
	}
	e.close()
}
