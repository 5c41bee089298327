package components

import "testing"

func TestStreamSheet(t *testing.T) {
	s := &StreamSheet{
		Streams: []TableChoice{{"Shop", "desk/dock/stream?stream=1", true}, {"Log, disabled 09:41:07", "desk/dock/stream?stream=2", false}},
		Lanes: []Lane{
			{Shard: "shardId-00000001-0a1b2c3d", Name: "0a1b2c3d", Range: "0000 to ffff", State: "closed 09:41:07", Trimmed: 12, Earlier: 3, Oldest: "a", Latest: "b",
				Ticks: []StreamTick{{Event: "INSERT", Key: "id <a>", URL: "desk/dock/stream?record=1"}, {Event: "REMOVE", Key: "id b", URL: "desk/dock/stream?record=2", Service: true, Shown: true}}},
			{Shard: "shardId-00000002-4e5f6a7b", Name: "4e5f6a7b", Parent: "0a1b2c3d", Depth: 1, Range: "0000 to 7fff", State: "open, partition 1", Open: true, AtEnd: true, Split: "desk/split?of=Shop"},
			{Shard: "shardId-00000003-8c9d0e1f", Name: "8c9d0e1f", Parent: "0a1b2c3d", Depth: 1, Range: "8000 to ffff", State: "open, partition 2", Open: true,
				Ticks: []StreamTick{{Event: "MODIFY", Key: "id c", URL: "desk/dock/stream?record=3", Next: true}}},
		},
		Record: &StreamRecord{Event: "REMOVE", Service: true, Lines: []Detail{{Name: "Sequence number", Value: "2", Code: true}}, View: "The record itself is KEYS_ONLY.",
			Attributes: []AttributeChange{{"id", "S", HashKey, "b", "", Removed}}, Here: "c", Behind: "d"},
		Iterator: &Iterator{Words: Say("The iterator is in shard ").Code("4e5f6a7b"), Step: "GetRecords {}", All: "GetRecords {}"},
	}
	golden(t, "stream", pretty(render(t, streamSheet(s))))
	golden(t, "stream-none", pretty(render(t, streamSheet(&StreamSheet{Words: Say("No table here has one."), Enable: "UpdateTable {}", Table: "Shop"}))))
}
