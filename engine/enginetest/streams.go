package enginetest

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/sortkey/sortkey/engine"
)

// Requests to streams, and what makes their shards many.

var views = []string{"KEYS_ONLY", "NEW_IMAGE", "OLD_IMAGE", "NEW_AND_OLD_IMAGES"}

// readStream follows a stream as a consumer does: from the list of streams to
// a few pages of one shard.
func (g *generator) readStream() {
	t := g.table()
	switch {
	case g.random.Below(20) == 0:
		g.call(t.region, "UpdateTable", `{"TableName":"%s","StreamSpecification":{"StreamEnabled":false}}`, t.name)
	case g.random.Below(3) == 0:
		g.call(t.region, "ListStreams", `{"TableName":"%s","Limit":%d}`, t.name, 1+g.random.Below(3))
	case t.stream != "":
		g.readShard(t)
	}
}

func (g *generator) readShard(t *generated) {
	var described struct {
		StreamDescription struct{ Shards []struct{ ShardId string } }
	}
	g.ask(&described, t, "DescribeStream", `{"StreamArn":"%s","Limit":%d}`, t.stream, 20+g.random.Below(80))
	shards := described.StreamDescription.Shards
	if len(shards) == 0 {
		return
	}
	var it struct{ ShardIterator string }
	kind := Pick(&g.random, []string{`"TRIM_HORIZON"`, `"TRIM_HORIZON"`, `"LATEST"`, fmt.Sprintf(`"AT_TIMESTAMP","Timestamp":%d`, g.now.Unix()-3)})
	g.ask(&it, t, "GetShardIterator", `{"StreamArn":"%s","ShardId":"%s","ShardIteratorType":%s}`, t.stream, Pick(&g.random, shards).ShardId, kind)
	for range 1 + g.random.Below(3) {
		var page struct{ NextShardIterator string }
		g.ask(&page, t, "GetRecords", `{"ShardIterator":"%s","Limit":%d}`, it.ShardIterator, 1+g.random.Below(30))
		if it.ShardIterator = page.NextShardIterator; it.ShardIterator == "" {
			return
		}
	}
}

// ask is call with the reply decoded into v.
func (g *generator) ask(v any, t *generated, operation, format string, args ...any) {
	reply := g.add(engine.Step{Call: engine.Call{
		Target: engine.Target(operation), Region: t.region, Body: fmt.Appendf(nil, format, args...),
	}})
	if err := json.Unmarshal(reply.Body, v); err != nil {
		panic(err)
	}
}

// split splits a partition, or lets so much time pass that shards roll.
func (g *generator) split() {
	if g.random.Below(4) == 0 {
		g.advance(time.Hour)
		return
	}
	t := g.table()
	for _, info := range g.engine.Tables(t.region) {
		if info.Name == t.name && info.Partitions < 12 {
			g.add(engine.Step{Split: engine.Split{Region: t.region, Table: t.name, Partition: g.random.Below(info.Partitions)}})
		}
	}
}
