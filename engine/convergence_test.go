package engine_test

import (
	"bytes"
	"flag"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/sortkey/sortkey/engine"
	"github.com/sortkey/sortkey/engine/enginetest"
)

var oneTrial = flag.Uint64("trial", 0, "run one trial of TestConvergence: the seed that failed")

// TestConvergence: whatever is written in three regions, while links are slow,
// lossy and cut, regions are killed, items expire and clocks stand still so that
// times are equal: once everything is healed and has arrived, all replicas are
// equal; what they have is, of each key, the write with the largest version; and
// the ledger has exactly the writes that have no part in that.
func TestConvergence(t *testing.T) {
	trials := uint64(10_000)
	if testing.Short() {
		trials = 300
	}
	first := uint64(1)
	if *oneTrial > 0 {
		first, trials = *oneTrial, 1
	}
	lost, writes, equal := 0, 0, 0
	for seed := first; seed < first+trials; seed++ {
		tr := newTrial(t, seed)
		tr.run()
		if t.Failed() {
			t.Fatalf("seed %d: go test ./engine -run TestConvergence -trial %d", seed, seed)
		}
		lost, writes, equal = lost+tr.lost, writes+len(tr.writes), equal+tr.equal
	}
	if *oneTrial == 0 && (lost < writes/50 || equal < writes/50) {
		t.Errorf("%d writes lost of %d, %d pairs of one time: a test of little", lost, writes, equal)
	}
	t.Logf("%d writes, %d lost, %d concurrent at the same time", writes, lost, equal)
}

// taken is a write that a replica took: what the naive model knows of it.
type taken struct {
	key             string
	version, parent engine.Version
	image           string // "" for a delete
}

type trial struct {
	*world
	random enginetest.Random
	writes []taken
	seen   uint64 // happenings
	lost   int
	equal  int
	// recorder keeps the steps, to be replayed.
	recorder *engine.Recorder
}

func newTrial(t *testing.T, seed uint64) *trial {
	tr := &trial{random: enginetest.Random{State: seed * 7919}}
	o := engine.Options{Seed: seed, Settings: engine.Settings{
		ReplicationDelay:  time.Duration(tr.random.Below(4)) * 150 * time.Millisecond,
		ReplicationJitter: time.Duration(tr.random.Below(3)) * 100 * time.Millisecond,
		ReplicationLoss:   int64(tr.random.Below(3)) * 20,
		TTLLag:            time.Duration(tr.random.Below(2)) * 5 * time.Second,
	}}
	tr.world = &world{enginetest.Wrap(t, engine.New(o)), t}
	tr.recorder = engine.NewRecorder(tr.Engine, false)
	tr.call("us-east-1", "CreateTable", `{"TableName":"Albums","AttributeDefinitions":[{"AttributeName":"album","AttributeType":"S"}],
		"KeySchema":[{"AttributeName":"album","KeyType":"HASH"}],"BillingMode":"PAY_PER_REQUEST"}`)
	tr.call("us-east-1", "PutItem", `{"TableName":"Albums","Item":{"album":{"S":"a"},"n":{"N":"0"}}}`)
	tr.call("us-east-1", "UpdateTimeToLive", `{"TableName":"Albums","TimeToLiveSpecification":{"Enabled":true,"AttributeName":"ttl"}}`)
	for _, region := range three[1:] {
		tr.call("us-east-1", "UpdateTable", `{"TableName":"Albums","ReplicaUpdates":[{"Create":{"RegionName":"`+region+`"}}]}`)
		for tr.status(region) != "ACTIVE" {
			tr.step(engine.Step{Advance: tr.Now().Add(time.Second)})
		}
	}
	tr.note("")
	return tr
}

func (tr *trial) step(s engine.Step) engine.Reply {
	tr.t.Helper()
	r, err := tr.recorder.Step(s)
	if err != nil {
		tr.t.Fatal(err)
	}
	return r
}

func (tr *trial) call(region, operation, body string) engine.Reply {
	return tr.step(engine.Step{Call: engine.Call{Target: engine.Target(operation), Region: region, Body: []byte(body)}})
}

// note takes what has been written since the last time into the model: by the
// log when and where, and by reading the item what. A write of the region of a
// call must have been made now.
func (tr *trial) note(region string) {
	var list []engine.Happening
	tr.Happenings(func(h *engine.Happening) bool {
		if h.Number > tr.seen {
			list = append(list, *h)
		}
		return h.Number > tr.seen
	})
	for _, h := range slices.Backward(list) {
		tr.seen = h.Number
		if h.Kind != engine.ReplicaWritten {
			continue
		}
		key := fmt.Sprint(h.Key)
		w := taken{key: key, version: h.Version, parent: h.Replaced}
		want := engine.Version{At: h.At, Region: h.Region}
		if !h.Replaced.Before(want) {
			want.At = h.Replaced.At.Add(1)
		}
		if h.Version != want || h.At != tr.Now() && region != "" {
			tr.t.Errorf("a write at %v over %v has the version %v", h.At, h.Replaced, h.Version)
		}
		if !h.Deleted {
			x, _ := tr.VersionsOf(h.Region, "Albums", h.Key)
			for _, r := range x.Replicas {
				if r.Region == h.Region {
					w.image = r.Item.JSON()
				}
			}
		}
		for _, other := range tr.writes {
			if other.key == key && other.version.At.Equal(w.version.At) {
				tr.equal++
			}
		}
		tr.writes = append(tr.writes, w)
	}
}

func (tr *trial) pass(d time.Duration) {
	tr.step(engine.Step{Advance: tr.Now().Add(d)})
	tr.note("")
}

func (tr *trial) run() {
	for range 12 + tr.random.Below(30) {
		tr.act()
	}
	tr.quiet()
	tr.compare()
	if tr.random.Below(20) == 0 {
		tr.replay()
	}
}

// act is one step of a history.
func (tr *trial) act() {
	region := enginetest.Pick(&tr.random, three)
	key := `{"album":{"S":"` + enginetest.Pick(&tr.random, []string{"a", "b", "c"}) + `"}`
	switch n := tr.random.Below(30); {
	case n < 5:
		ttl := ""
		if tr.random.Below(3) == 0 {
			ttl = fmt.Sprintf(`,"ttl":{"N":"%d"}`, tr.Now().Unix()+int64(tr.random.Below(4)))
		}
		tr.call(region, "PutItem", fmt.Sprintf(`{"TableName":"Albums","Item":%s,"n":{"N":"%d"}%s}}`, key, tr.random.Below(3), ttl))
	case n < 10:
		tr.call(region, "UpdateItem", `{"TableName":"Albums","Key":`+key+`},"UpdateExpression":"ADD n :one","ExpressionAttributeValues":{":one":{"N":"1"}}}`)
	case n < 14:
		tr.call(region, "DeleteItem", `{"TableName":"Albums","Key":`+key+`}}`)
	case n < 16:
		tr.call(region, "PutItem", `{"TableName":"Albums","Item":`+key+`},"ConditionExpression":"attribute_not_exists(album)"}`)
	case n < 17:
		tr.call(region, "TransactWriteItems", `{"TransactItems":[{"Put":{"TableName":"Albums","Item":{"album":{"S":"a"}}}},{"Delete":{"TableName":"Albums","Key":{"album":{"S":"b"}}}}]}`)
	case n < 24:
		tr.pass(time.Duration(tr.random.Below(8)) * 50 * time.Millisecond)
		return
	case n < 25:
		tr.pass(time.Duration(tr.random.Below(3)) * time.Second)
		return
	default:
		tr.disturb(region)
	}
	tr.note(region)
}

func (tr *trial) disturb(region string) {
	other := enginetest.Pick(&tr.random, three)
	if other == region || tr.random.Below(3) == 0 {
		what := enginetest.Pick(&tr.random, []string{"kill", "revive", "revive"})
		tr.step(engine.Step{Region: engine.RegionStep{Region: region, What: what}})
		return
	}
	l := enginetest.Pick(&tr.random, []engine.LinkStep{
		{What: "cut"}, {What: "heal"}, {What: "heal"}, {What: "latency", Value: "700ms"}, {What: "latency", Value: "0s"}, {What: "jitter", Value: "90ms"}, {What: "loss", Value: "50"}, {What: "default"},
	})
	l.From, l.To, l.Both = region, other, tr.random.Below(2) == 0
	tr.step(engine.Step{Link: l})
}

// quiet heals everything and waits until all has arrived and expired.
func (tr *trial) quiet() {
	for _, region := range three {
		tr.step(engine.Step{Region: engine.RegionStep{Region: region, What: "revive"}})
		for _, other := range three {
			if other != region {
				tr.step(engine.Step{Link: engine.LinkStep{From: region, To: other, What: "heal"}})
			}
		}
	}
	tr.note("")
	if c := tr.Convergence("", "Albums"); c.Waiting > 0 || !c.Agreed && c.At.IsZero() {
		tr.t.Errorf("healed, and still waiting: %+v", c)
	}
	for range 4 {
		c := tr.Convergence("", "Albums")
		if !c.At.IsZero() {
			tr.pass(c.At.Sub(tr.Now()))
		}
		tr.pass(20 * time.Second)
	}
	if c := tr.Convergence("", "Albums"); !c.Agreed {
		tr.t.Errorf("nothing is written any more, and the replicas do not agree: %+v", c)
	}
}

// compare holds the replicas and the ledger against the model: of each key the
// write with the largest version, and what led to it.
func (tr *trial) compare() {
	newest, byVersion := map[string]taken{}, map[string]map[engine.Version]taken{}
	for _, w := range tr.writes {
		if n, ok := newest[w.key]; !ok || n.version.Before(w.version) {
			newest[w.key] = w
		}
		if byVersion[w.key] == nil {
			byVersion[w.key] = map[engine.Version]taken{}
		}
		byVersion[w.key][w.version] = w
	}
	for key, n := range newest {
		tr.compareKey(key, n)
	}
	lost := map[string]bool{}
	for key, n := range newest {
		alive := map[engine.Version]bool{}
		for w, ok := n, true; ok; w, ok = byVersion[key][w.parent] {
			alive[w.version] = true
		}
		for v := range byVersion[key] {
			if !alive[v] {
				lost[key+fmt.Sprint(v)] = true
			}
		}
	}
	tr.lost = len(lost)
	l := tr.Ledger("", "Albums")
	for _, c := range l.Conflicts {
		id := fmt.Sprint(c.Key) + fmt.Sprint(c.Loser)
		if !lost[id] {
			tr.t.Errorf("the ledger has %s, which is not lost (or has it twice)", id)
		}
		delete(lost, id)
		w := byVersion[fmt.Sprint(c.Key)]
		if c.Lost.JSON() != w[c.Loser].image || c.Kept.JSON() != w[c.Winner].image || !c.Loser.Before(c.Winner) {
			tr.t.Errorf("the ledger has %s and %s as the images of %+v", c.Lost.JSON(), c.Kept.JSON(), c)
		}
		for _, s := range c.Settled {
			if !s.Done || s.At.After(tr.Now()) {
				tr.t.Errorf("all has arrived, and %s is not settled in %s", id, s.Region)
			}
		}
	}
	for id := range lost {
		tr.t.Errorf("%s is lost, and the ledger does not have it", id)
	}
	var some []engine.Conflict
	part := tr.LedgerOf("", "Albums", func(n int, winner, loser engine.Version) bool {
		if c := l.Conflicts[n]; c.Winner != winner || c.Loser != loser {
			tr.t.Errorf("entry %d of the ledger is asked for as %v and %v", n, winner, loser)
		}
		if n%2 == 0 {
			some = append(some, l.Conflicts[n])
		}
		return n%2 == 0
	})
	if part.Count != len(l.Conflicts) || l.Count != part.Count || fmt.Sprint(part.Conflicts) != fmt.Sprint(some) {
		tr.t.Errorf("half of the ledger has %d of %d entries", len(part.Conflicts), part.Count)
	}
}

func (tr *trial) compareKey(key string, n taken) {
	found := false
	for _, x := range tr.ItemVersions("", "Albums", 0, 100) {
		if fmt.Sprint(x.Key) != key {
			continue
		}
		found = true
		if !x.Agreed || x.Newest != n.version {
			tr.t.Errorf("%s: the model ends with %+v, the replicas with %+v", key, n, x)
		}
		for _, r := range x.Replicas {
			if r.Item.JSON() != n.image || r.Deleted != (n.image == "") {
				tr.t.Errorf("%s in %s is %s, want %s", key, r.Region, r.Item.JSON(), n.image)
			}
		}
	}
	if !found {
		tr.t.Errorf("%s: there is nothing, want %+v", key, n)
	}
}

// replay: the same steps, by way of their text, and a snapshot half way, lead to
// the same state.
func (tr *trial) replay() {
	h := tr.recorder.History()
	text := h.Append(nil)
	parsed, err := engine.ParseHistory(text)
	if err != nil {
		tr.t.Fatal(err)
	}
	e := engine.New(parsed.Options)
	for i, s := range parsed.Steps {
		if i == len(parsed.Steps)/2 {
			snapshot := e.AppendSnapshot(nil)
			restored, err := engine.Restore(snapshot)
			if err != nil {
				tr.t.Fatal(err)
			}
			if restored.StateHash() != e.StateHash() || !bytes.Equal(restored.AppendSnapshot(nil), snapshot) {
				tr.t.Error("a snapshot is restored to another state")
			}
			e = restored
		}
		if _, err := e.Step(s); err != nil {
			tr.t.Fatal(err)
		}
	}
	if e.StateHash() != tr.StateHash() {
		tr.t.Error("replaying leads to another state")
	}
}
