package engine

import (
	"sort"
	"time"

	"github.com/sortkey/sortkey/engine/attr"
)

// StreamInfo is a stream as a page shows it.
type StreamInfo struct {
	ARN, Label string
	Table      string
	View       string // "NEW_AND_OLD_IMAGES", …
	Status     string // "ENABLED", …
	Created    time.Time
	Disabled   time.Time   // zero while it is not
	Shards     []ShardInfo // oldest first: parents before their children
	Records    int
	// What has been trimmed since the stream began: records over a day old, and
	// shards that were closed over a day ago.
	TrimmedRecords, TrimmedShards uint64
}

// ShardInfo is one shard of a stream.
type ShardInfo struct {
	ID, Parent  string // Parent is "" for a shard that was opened with the stream
	From, To    uint64 // the hashes it has, both inclusive
	Partition   int    // the table's, 0-based; -1 when the shard is closed
	Opened      time.Time
	Closed      time.Time // zero while it is open
	First, Last string    // sequence numbers; Last is "" while it is open
	Records     int
	Trimmed     uint64 // records trimmed
}

// RecordInfo is one record of a stream: the whole change, whatever the view
// shows of it.
type RecordInfo struct {
	Shard, ID, Sequence string
	Event               string // INSERT, MODIFY or REMOVE
	At                  time.Time
	Keys                *attr.Item
	Before, After       *attr.Item // nil where there was or is no item
	Old, New            *attr.Item // what the view shows of them, else nil
	Bytes               int        // its SizeBytes
	Service             bool       // a deletion by DynamoDB itself
}

// Streams lists the streams of a region by ARN, "" being the default region:
// those of its tables, and those disabled less than a day ago.
func (e *Engine) Streams(region string) []StreamInfo {
	e.mu.Lock()
	defer e.mu.Unlock()
	var list []StreamInfo
	for _, st := range e.s.region(region).streamList() {
		list = append(list, st.info())
	}
	return list
}

// StreamRecords lists records of a stream, newest first: at most most of them,
// leaving out the newest skip. A stream that there is not has none.
func (e *Engine) StreamRecords(region, arn string, skip, most int) []RecordInfo {
	e.mu.Lock()
	defer e.mu.Unlock()
	st := e.s.region(region).streams[arn]
	if st == nil {
		return nil
	}
	var list []RecordInfo
	for i := st.records().Len() - 1 - max(skip, 0); i >= 0 && len(list) < most; i-- {
		r, _ := st.records().GetAt(i)
		list = append(list, e.s.recordInfo(st.meta, r))
	}
	return list
}

func (s *state) recordInfo(m *streamMeta, r record) RecordInfo {
	v := m.shown(r)
	return RecordInfo{
		Shard: m.shardID(r.shard), ID: s.eventID(r.seq), Sequence: sequenceText(r.at, r.seq), Event: r.eventName(), At: instant(r.at),
		Keys: v.keys, Before: r.before, After: r.after, Old: v.old, New: v.new, Bytes: v.size(), Service: r.service,
	}
}

func (st *stream) info() StreamInfo {
	m := st.meta
	info := StreamInfo{
		ARN: m.arn, Label: m.label, Table: m.table, View: m.view, Status: m.status, Created: instant(m.created), Disabled: instant(m.disabled),
		Records: st.records().Len(), TrimmedRecords: st.lost, TrimmedShards: st.gone,
	}
	partitions := map[uint64]int{}
	for i, number := range st.open {
		partitions[number] = i
	}
	for _, sh := range st.shardList(0) {
		s := ShardInfo{
			ID: m.shardID(sh.number), From: sh.from, To: sh.to, Partition: -1, Opened: instant(sh.opened), Closed: instant(sh.closed),
			Records: st.rank(sh.number+1) - st.rank(sh.number), Trimmed: sh.lost,
		}
		s.First, s.Last = sh.sequences()
		if sh.parent != 0 {
			s.Parent = m.shardID(sh.parent)
		}
		if sh.closed == 0 {
			s.Partition = partitions[sh.number]
		}
		info.Shards = append(info.Shards, s)
	}
	return info
}

// rank is how many records the shards before that number have.
func (st *stream) rank(number uint64) int {
	return sort.Search(st.held().Len(), func(i int) bool {
		h, _ := st.held().GetAt(i)
		return h.shard >= number
	})
}

// instant is a time of the engine's; 0 is none.
func instant(nanos int64) time.Time {
	if nanos == 0 {
		return time.Time{}
	}
	return time.Unix(0, nanos).UTC()
}
