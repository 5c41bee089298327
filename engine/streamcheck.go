package engine

import (
	"fmt"
	"io"
)

// digest writes everything that tells one stream from another.
func (st *stream) digest(w io.Writer) {
	fmt.Fprintf(w, "stream %+v %v %d %d\n", *st.meta, st.open, st.lost, st.gone)
	st.policy.digest(w)
	st.shards.Scan(func(sh shard) bool {
		fmt.Fprintf(w, "shard %+v\n", sh)
		return true
	})
	st.records().Scan(func(r record) bool {
		fmt.Fprintf(w, "record %d %d %d %t %d:%s%d:%s\n",
			r.seq, r.shard, r.at, r.service, len(r.before.JSON()), r.before.JSON(), len(r.after.JSON()), r.after.JSON())
		return true
	})
}

// checkStream verifies the invariants of a stream: the open shards are those
// of the table's partitions, every record lies in its shard's time and range
// of sequence numbers, no older than a day.
func (s *state) checkStream(r *region, st *stream) error {
	t := r.tables[st.meta.table]
	recording := t != nil && t.stream == st
	if recording && st.meta.status == streamEnabled {
		if err := st.checkOpen(t.data.Partitions()); err != nil {
			return err
		}
	} else if len(st.open) != 0 {
		return fmt.Errorf("a stream that does not record has open shards")
	}
	if st.held().Len() != st.records().Len() {
		return fmt.Errorf("%d records, %d in shards", st.records().Len(), st.held().Len())
	}
	var err error
	st.records().Scan(func(x record) bool {
		sh, ok := st.shards.Get(shard{number: x.shard})
		_, held := st.held().Get(x)
		switch {
		case !ok || !held:
			err = fmt.Errorf("record %d is in no shard", x.seq)
		case x.seq <= sh.trimmed || x.seq <= sh.first || sh.closed != 0 && x.seq >= sh.last:
			err = fmt.Errorf("record %d is not of shard %d", x.seq, sh.number)
		case x.at < sh.opened || sh.closed != 0 && x.at > sh.closed || x.at+int64(streamRetention) <= s.now:
			err = fmt.Errorf("record %d is of another time", x.seq)
		}
		return err == nil
	})
	return err
}

func (st *stream) checkOpen(partitions []uint64) error {
	if len(st.open) != len(partitions) {
		return fmt.Errorf("%d open shards for %d partitions", len(st.open), len(partitions))
	}
	for i, number := range st.open {
		sh, ok := st.shards.Get(shard{number: number})
		to := ^uint64(0)
		if i+1 < len(partitions) {
			to = partitions[i+1] - 1
		}
		if !ok || sh.closed != 0 || sh.from != partitions[i] || sh.to != to {
			return fmt.Errorf("shard %d is not that of partition %d", number, i)
		}
	}
	return nil
}
