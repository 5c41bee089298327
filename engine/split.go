package engine

import (
	"fmt"
	"strconv"

	"github.com/sortkey/sortkey/engine/attr"
)

// Split names a partition of a table that is to become two.
type Split struct {
	Region    string // "" is the default region
	Table     string
	Partition int // 0-based, in the order of hashes
}

// Split splits a partition in the middle of its hash range, and with it the
// shard of the table's stream that is open for it: the parent is closed, and a
// child opened for each half. It is a step of the history, like a step of the
// clock.
func (e *Engine) Split(p Split) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	t := e.s.region(p.Region).tables[p.Table]
	if t == nil {
		return fmt.Errorf("split: there is no table called %q in region %q", p.Table, p.Region)
	}
	if p.Partition < 0 || p.Partition >= len(t.data.Partitions()) {
		return fmt.Errorf("split: %s has %d partitions, and none with the number %d", p.Table, len(t.data.Partitions()), p.Partition)
	}
	if len(t.data.Partitions()) >= maxPartitions {
		return fmt.Errorf("split: %s has %d partitions already", p.Table, maxPartitions)
	}
	return e.s.split(t, p.Partition, SplitByHost)
}

// maxPartitions bounds what a history can ask of a table.
const maxPartitions = 10_000

// split splits a partition of a table and its open shard.
func (s *state) split(t *table, partition int, cause SplitCause) error {
	was := t.data.Partitions()
	at, ok := t.data.Split(partition)
	if !ok {
		return fmt.Errorf("split: partition %d of %s has but one hash", partition, t.meta.name)
	}
	t.view = nil // it has the old partitions
	if t.load != nil {
		t.load.sizes = nil
		t.load.scopes[0].halved(was, partition, at, s.now, cause)
	}
	if t.stream != nil {
		s.splitShard(t.stream, partition, at)
	}
	return nil
}

// append appends the line of the step in a history.
func (p Split) append(dst []byte) []byte {
	dst = attr.AppendString(append(dst, `{"split":`...), valid(p.Table))
	dst = strconv.AppendInt(append(dst, `,"partition":`...), int64(p.Partition), 10)
	if p.Region != "" {
		dst = attr.AppendString(append(dst, `,"region":`...), valid(p.Region))
	}
	return append(dst, "}\n"...)
}
