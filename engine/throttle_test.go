package engine_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/sortkey/sortkey/engine"
	"github.com/sortkey/sortkey/engine/enginetest"
	"github.com/sortkey/sortkey/engine/meter"
)

// throttled is an engine whose tables do no more than their throughput.
func throttled(t testing.TB, s engine.Settings) *enginetest.Fixture {
	s.Throttle = true
	return enginetest.With(t, engine.Options{Seed: 7, Settings: s})
}

const sorted = `"AttributeDefinitions":[{"AttributeName":"pk","AttributeType":"S"},{"AttributeName":"sk","AttributeType":"N"}],
	"KeySchema":[{"AttributeName":"pk","KeyType":"HASH"},{"AttributeName":"sk","KeyType":"RANGE"}]`

func onDemandTable(f *enginetest.Fixture) {
	f.Must("CreateTable", `{"TableName":"Tab","BillingMode":"PAY_PER_REQUEST",`+sorted+`}`)
}

func provisionedTable(f *enginetest.Fixture, read, write int) {
	f.Must("CreateTable", fmt.Sprintf(`{"TableName":"Tab","ProvisionedThroughput":{"ReadCapacityUnits":%d,"WriteCapacityUnits":%d},%s}`, read, write, sorted))
}

// later moves the clock on.
func later(t testing.TB, f *enginetest.Fixture, d time.Duration) {
	t.Helper()
	if err := f.AdvanceTo(f.Now().Add(d)); err != nil {
		t.Fatal(err)
	}
}

// write puts an item of that many write units and reports whether it passed.
func write(t testing.TB, f *enginetest.Fixture, pk string, sk, units int) bool {
	t.Helper()
	body := fmt.Sprintf(`{"TableName":"Tab","Item":{"pk":{"S":"%s"},"sk":{"N":"%d"},"x":{"S":"%s"}}}`, pk, sk, strings.Repeat("x", units*1024-40))
	r, receipt := f.Meter(engine.Call{Target: engine.Target("PutItem"), Body: []byte(body)})
	if passed := r.Status == 200; passed != (receipt != nil) || passed && receipt.Total() != meter.Units(units)*meter.Unit {
		t.Fatalf("%d %s for %v", r.Status, r.Body, receipt)
	}
	if r.Status != 200 && !bytes.Contains(r.Body, []byte("hrottlingReasons")) {
		t.Fatalf("%d %s", r.Status, r.Body)
	}
	return r.Status == 200
}

// capacity is what the table can do in one direction.
func capacity(t testing.TB, f *enginetest.Fixture, writes bool) engine.Capacity {
	t.Helper()
	before := f.StateHash()
	for _, c := range f.Capacities("", "Tab") {
		if c.Index == "" && c.Write == writes {
			if f.StateHash() != before {
				t.Error("asking for the capacity changes the state")
			}
			return c
		}
	}
	t.Fatal("the table has no such capacity")
	return engine.Capacity{}
}

// keysIn are n partition keys that lie in the same partition.
func keysIn(t testing.TB, f *enginetest.Fixture, partition, n int) (keys []string) {
	t.Helper()
	for i := 0; len(keys) < n; i++ {
		key := fmt.Sprint("key", i)
		_, tr := f.Observe(engine.Call{Target: engine.Target("GetItem"), Body: []byte(`{"TableName":"Tab","Key":{"pk":{"S":"` + key + `"},"sk":{"N":"0"}}}`)})
		if tr.Read == nil {
			t.Fatal(tr.Err)
		}
		if tr.Read.Around.Partition == partition {
			keys = append(keys, key)
		}
	}
	return keys
}

// A new table on demand writes 4,000 units in a second, 1,000 in each of its
// four partitions.
func TestOnDemandStart(t *testing.T) {
	f := throttled(t, engine.Settings{})
	onDemandTable(f)
	units := 0
	for i := range 150 {
		if write(t, f, fmt.Sprint("p", i), 0, 100) {
			units += 100
		}
	}
	if units != 4000 {
		t.Errorf("%d units in one instant", units)
	}
	if c := capacity(t, f, true); c.Rate != 4000 || len(c.Partitions) != 4 || c.Left != 0 {
		t.Errorf("%+v", c)
	}
	if c := capacity(t, f, false); c.Rate != 12_000 || c.Left != 12_000*meter.Unit {
		t.Errorf("%+v", c)
	}
	later(t, f, time.Second)
	if c := capacity(t, f, true); c.Left != 4000*meter.Unit {
		t.Errorf("a second later %s are left", c.Left)
	}
	later(t, f, time.Hour)
	if c := capacity(t, f, true); c.Left != 4000*meter.Unit {
		t.Errorf("an hour later %s are left: there is no burst of more", c.Left)
	}
	f.Must("UpdateTable", `{"TableName":"Tab","WarmThroughput":{"ReadUnitsPerSecond":20000,"WriteUnitsPerSecond":9000}}`)
	if c := capacity(t, f, true); c.Rate != 9000 || len(c.Partitions) != 9 {
		t.Errorf("warmed up: %d units in %d partitions", c.Rate, len(c.Partitions))
	}
}

// The busiest minute becomes the previous peak 30 minutes after it began to
// rise, and the table can do twice that at once.
func TestPreviousPeak(t *testing.T) {
	f := throttled(t, engine.Settings{})
	onDemandTable(f)
	var queries []string
	for partition := range 4 {
		key := keysIn(t, f, partition, 1)[0]
		for sk := range 3 {
			for !write(t, f, key, sk, 350) {
				later(t, f, time.Second)
			}
		}
		queries = append(queries, `{"TableName":"Tab","KeyConditionExpression":"pk = :p","ExpressionAttributeValues":{":p":{"S":"`+key+`"}},"Select":"COUNT","ConsistentRead":true}`)
	}
	later(t, f, f.Now().Truncate(time.Minute).Add(time.Minute).Sub(f.Now()))
	for range 60 {
		for _, q := range queries { // 11 × 263 units of 3,000
			for range 11 {
				f.Must("Query", q)
			}
		}
		later(t, f, time.Second)
	}
	const peak = 4 * 11 * 263
	f.Must("Query", queries[0]) // the minute is over
	c := capacity(t, f, false)
	if c.Rate != 12_000 || c.Peak != 0 || c.Rising != peak || !c.RisesAt.Equal(f.Now().Add(30*time.Minute)) {
		t.Errorf("after the minute: %+v", c)
	}
	later(t, f, 30*time.Minute-1)
	if c := capacity(t, f, false); c.Rate != 12_000 {
		t.Errorf("too early: %+v", c)
	}
	later(t, f, 1)
	c = capacity(t, f, false)
	if c.Rate != 2*peak || c.Peak != peak || c.Rising != 0 || len(c.Partitions) != 8 {
		t.Errorf("after 30 minutes: %d units of a peak of %d in %d partitions", c.Rate, c.Peak, len(c.Partitions))
	}
}

func TestSwitchToOnDemand(t *testing.T) {
	f := throttled(t, engine.Settings{})
	provisionedTable(f, 5, 6000)
	write(t, f, "a", 1, 10)
	f.Must("UpdateTable", `{"TableName":"Tab","BillingMode":"PAY_PER_REQUEST"}`)
	if c := capacity(t, f, true); c.Rate != 6000 || c.Room != 6000*meter.Unit {
		t.Errorf("writes: %+v", c)
	}
	if c := capacity(t, f, false); c.Rate != 12_000 {
		t.Errorf("reads: %+v", c)
	}
	f.Must("UpdateTable", `{"TableName":"Tab","BillingMode":"PROVISIONED","ProvisionedThroughput":{"ReadCapacityUnits":5,"WriteCapacityUnits":7}}`)
	if c := capacity(t, f, true); c.Rate != 7 || c.Left != 7*meter.Unit || c.Room != 2100*meter.Unit {
		t.Errorf("and back: %+v", c)
	}
}

// A partition that is asked for too much for ten minutes splits, unless it is
// all for one key.
func TestHeatSplits(t *testing.T) {
	for _, c := range []struct {
		keys   int
		heat   time.Duration
		splits time.Duration // 0 for never
	}{{3, 0, 10 * time.Minute}, {3, 2 * time.Minute, 2 * time.Minute}, {1, 0, 0}} {
		f := throttled(t, engine.Settings{SplitHeat: c.heat})
		f.Must("CreateTable", `{"TableName":"Tab","ProvisionedThroughput":{"ReadCapacityUnits":5,"WriteCapacityUnits":3000},
			"StreamSpecification":{"StreamEnabled":true,"StreamViewType":"KEYS_ONLY"},`+sorted+`}`)
		keys := keysIn(t, f, 1, c.keys)
		began, split := f.Now(), time.Duration(0)
		partitions := len(capacity(t, f, true).Partitions)
		for range 30 {
			refused := 0
			for i := range 6 {
				if !write(t, f, keys[i%len(keys)], i, 390) {
					refused++
				}
			}
			if refused == 0 {
				break
			}
			if n := len(capacity(t, f, true).Partitions); n > partitions && split == 0 {
				split = f.Now().Sub(began)
			}
			later(t, f, 30*time.Second)
		}
		if split != c.splits {
			t.Errorf("%d keys, heat of %s: split after %s, want %s", c.keys, c.heat, split, c.splits)
		}
		if n := len(f.Tables("")); n != 1 || f.Check() != nil {
			t.Error(f.Check())
		}
	}
}

// The partitions of an index split likewise.
func TestIndexHeatSplits(t *testing.T) {
	f := throttled(t, engine.Settings{SplitHeat: time.Minute})
	f.Must("CreateTable", `{"TableName":"Tab","BillingMode":"PAY_PER_REQUEST","AttributeDefinitions":[{"AttributeName":"pk","AttributeType":"S"},{"AttributeName":"g","AttributeType":"S"}],
		"KeySchema":[{"AttributeName":"pk","KeyType":"HASH"}],
		"GlobalSecondaryIndexes":[{"IndexName":"byG","KeySchema":[{"AttributeName":"g","KeyType":"HASH"}],"Projection":{"ProjectionType":"ALL"}}]}`)
	refused := 0
	for step := range 6 {
		for i := range 12 {
			body := fmt.Sprintf(`{"TableName":"Tab","Item":{"pk":{"S":"p%d-%d"},"g":{"S":"g%d"},"x":{"S":"%s"}}}`, step, i, i%8, strings.Repeat("x", 300_000))
			if r := f.Handle(engine.Call{Target: engine.Target("PutItem"), Body: []byte(body)}); r.Status != 200 {
				refused += bytes.Count(r.Body, []byte("IndexWriteKeyRangeThroughputExceeded"))
			}
		}
		later(t, f, 20*time.Second)
	}
	for _, c := range f.Capacities("", "Tab") {
		if c.Index == "byG" && c.Write && len(c.Partitions) <= 4 || c.Index == "" && len(c.Partitions) != 4 && refused == 0 {
			t.Errorf("%d requests were throttled, %q has %d partitions", refused, c.Index, len(c.Partitions))
		}
	}
	if again, err := engine.Restore(f.AppendSnapshot(nil)); err != nil || again.StateHash() != f.StateHash() {
		t.Errorf("a snapshot loses it: %v", err)
	}
}

// A partition that grows too large splits; one item collection cannot be.
func TestSizeSplits(t *testing.T) {
	f := throttled(t, engine.Settings{SplitSize: 20_000})
	onDemandTable(f)
	for sk := range 50 {
		write(t, f, "one", sk, 1)
	}
	if n := len(capacity(t, f, true).Partitions); n != 4 {
		t.Errorf("one collection lies in %d partitions", n)
	}
	for i := range 200 {
		write(t, f, fmt.Sprint("p", i), 0, 1)
	}
	// 200 KB, and the collection of 50 KB by itself
	if n := len(capacity(t, f, true).Partitions); n < 11 || n > 40 {
		t.Errorf("250 items of 1 KB lie in %d partitions", n)
	}
	if err := f.Check(); err != nil {
		t.Error(err)
	}
}

// What the table and its index have granted over any window is at most what
// their throughput and burst give; a read can be over by its own size.
func TestGrantsInWindows(t *testing.T) {
	const read, write, index = 4, 3, 2
	f := throttled(t, engine.Settings{})
	f.Must("CreateTable", fmt.Sprintf(`{"TableName":"Tab","ProvisionedThroughput":{"ReadCapacityUnits":%d,"WriteCapacityUnits":%d},
		"AttributeDefinitions":[{"AttributeName":"pk","AttributeType":"S"},{"AttributeName":"g","AttributeType":"S"}],"KeySchema":[{"AttributeName":"pk","KeyType":"HASH"}],
		"GlobalSecondaryIndexes":[{"IndexName":"byG","KeySchema":[{"AttributeName":"g","KeyType":"HASH"}],"Projection":{"ProjectionType":"ALL"},
			"ProvisionedThroughput":{"ReadCapacityUnits":%d,"WriteCapacityUnits":%d}}]}`, read, write, index, index))
	type grant struct {
		at    time.Time
		units meter.Units
	}
	lanes := []struct {
		rate    int64
		reads   bool
		granted []grant
	}{{rate: write}, {rate: read, reads: true}, {rate: index}, {rate: index, reads: true}}
	r := enginetest.Random{State: 99}
	refused := 0
	for range 2500 {
		body, operation := fmt.Sprintf(`{"TableName":"Tab","Item":{"pk":{"S":"p%d"},"g":{"S":"g%d"},"x":{"S":"%s"}}}`,
			r.Below(30), r.Below(3), strings.Repeat("x", r.Below(3000))), "PutItem"
		switch r.Below(4) {
		case 0:
			operation, body = "Query", fmt.Sprintf(`{"TableName":"Tab","IndexName":"byG","KeyConditionExpression":"g = :g","ExpressionAttributeValues":{":g":{"S":"g%d"}}}`, r.Below(3))
		case 1:
			operation, body = "Scan", `{"TableName":"Tab","ConsistentRead":true}`
		}
		reply, receipt := f.Meter(engine.Call{Target: engine.Target(operation), Body: []byte(body)})
		if reply.Status != 200 {
			refused++
			if receipt != nil {
				t.Fatal("a throttled request has a receipt")
			}
		} else {
			lane := map[string]int{"PutItem": 0, "Scan": 1, "Query": 1}[operation]
			g := receipt.Of(meter.GSIArm)
			lanes[lane].granted = append(lanes[lane].granted, grant{f.Now(), receipt.Total() - g})
			lanes[lane+2].granted = append(lanes[lane+2].granted, grant{f.Now(), g})
		}
		later(t, f, time.Duration(r.Below(400))*time.Millisecond)
		if r.Below(600) == 0 {
			later(t, f, 5*time.Minute)
		}
	}
	if refused < 300 {
		t.Fatalf("%d requests were throttled: a test of nothing", refused)
	}
	for i, lane := range lanes {
		if len(lane.granted) < 100 {
			t.Errorf("lane %d: %d grants", i, len(lane.granted))
		}
		for from, first := range lane.granted {
			sum, over := meter.Units(0), meter.Units(0)
			for _, g := range lane.granted[from:] {
				sum += g.units
				if lane.reads {
					over = max(over, g.units)
				}
				window := int64(g.at.Sub(first.at))
				most := meter.Units(2*lane.rate*window/int64(time.Second)) + meter.Units(2*lane.rate*300) + over + 1
				if sum > most {
					t.Fatalf("lane %d: %s units in %s, want at most %s", i, sum, time.Duration(window), most)
				}
			}
		}
	}
}

func TestMetrics(t *testing.T) {
	f := throttled(t, engine.Settings{})
	provisionedTable(f, 2, 3)
	if f.Metrics("", "Tab", "") != nil || f.Metrics("", "None", "") != nil {
		t.Error("there are metrics of nothing")
	}
	var want []engine.Minute
	start := f.Now()
	for minute := range 3 {
		m := engine.Minute{}
		for i := range 200 {
			if write(t, f, "a", i, 1) {
				m.Write += meter.Unit
			} else {
				m.WriteThrottled++
			}
			if minute == 1 {
				f.Handle(engine.Call{Target: engine.Target("GetItem"), Body: []byte(`{"TableName":"Tab","Key":{"pk":{"S":"a"},"sk":{"N":"1"}}}`)})
			}
		}
		want = append(want, m)
		later(t, f, time.Minute)
	}
	got := f.Metrics("", "Tab", "")
	if len(got) != 3 {
		t.Fatalf("%+v", got)
	}
	for i, m := range got {
		if m.Write != want[i].Write || m.WriteThrottled != want[i].WriteThrottled || !m.Start().Equal(start.Add(time.Duration(i)*time.Minute)) ||
			m.ProvisionedRead != 2 || m.ProvisionedWrite != 3 {
			t.Errorf("minute %d: %+v, want %+v", i, m, want[i])
		}
	}
	if m := got[1]; m.Read != 100*meter.Unit || m.ReadThrottled != 0 {
		t.Errorf("reads: %+v", m)
	}
	if got[0].Write != 3*meter.Unit || got[0].WriteThrottled != 197 {
		t.Errorf("the first minute: %+v", got[0])
	}
	later(t, f, 23*time.Hour+58*time.Minute)
	if got := f.Metrics("", "Tab", ""); len(got) != 1 {
		t.Errorf("after a day: %d minutes", len(got))
	}
	for range 1600 {
		later(t, f, time.Minute)
		write(t, f, "a", 1, 1)
	}
	if got := f.Metrics("", "Tab", ""); len(got) != 24*60 {
		t.Errorf("%d minutes are kept", len(got))
	}
}

// Throttling is state: reads count, forks part, snapshots keep it, histories
// have what it takes to make it again.
func TestThrottlingIsState(t *testing.T) {
	r := engine.NewRecorder(engine.New(engine.Options{Seed: 3, Settings: engine.Settings{Throttle: true}}), false)
	call := func(e interface {
		Handle(engine.Call) engine.Reply
	}, operation, body string) engine.Reply {
		return e.Handle(engine.Call{Target: engine.Target(operation), Body: []byte(body)})
	}
	const get = `{"TableName":"Tab","Key":{"pk":{"S":"a"},"sk":{"N":"1"}},"ConsistentRead":true}`
	call(r, "CreateTable", `{"TableName":"Tab","ProvisionedThroughput":{"ReadCapacityUnits":1,"WriteCapacityUnits":1},`+sorted+`}`)
	if call(r, "GetItem", get).Status != 200 || call(r, "GetItem", get).Status != 400 {
		t.Fatal("one read of two should pass")
	}
	call(r, "DescribeTable", `{"TableName":"Tab"}`)
	h := r.History()
	if len(h.Steps) != 3 {
		t.Errorf("%d steps are kept", len(h.Steps))
	}
	e, err := h.Replay(nil)
	if err != nil {
		t.Fatal(err)
	}
	hash := e.StateHash()
	fork := e.Fork()
	if err := fork.AdvanceTo(fork.Now().Add(time.Second)); err != nil {
		t.Fatal(err)
	}
	if call(fork, "GetItem", get).Status != 200 || call(e, "GetItem", get).Status != 400 {
		t.Error("the fork has the other's bucket")
	}
	restored, err := engine.Restore(snapshotOf(t, h))
	if err != nil || restored.StateHash() != hash {
		t.Fatalf("a snapshot loses it: %v", err)
	}
	if call(restored, "GetItem", get).Status != 400 {
		t.Error("the restored engine has another bucket")
	}
	if e.Configure("throttle", "false") != nil || e.Metrics("", "Tab", "") != nil || call(e, "GetItem", get).Status != 200 {
		t.Error("switched off it goes on")
	}
}

func snapshotOf(t *testing.T, h *engine.History) []byte {
	e, err := h.Replay(nil)
	if err != nil {
		t.Fatal(err)
	}
	return e.AppendSnapshot(nil)
}

// Explain changes nothing, not even where reads are counted.
func TestExplainIsFree(t *testing.T) {
	f := throttled(t, engine.Settings{})
	provisionedTable(f, 1, 1)
	for _, c := range [][2]string{
		{"GetItem", `{"TableName":"Tab","Key":{"pk":{"S":"a"},"sk":{"N":"1"}}}`}, {"Scan", `{"TableName":"Tab"}`},
		{"BatchGetItem", `{"RequestItems":{"Tab":{"Keys":[{"pk":{"S":"a"},"sk":{"N":"1"}}]}}}`},
		{"TransactGetItems", `{"TransactItems":[{"Get":{"TableName":"Tab","Key":{"pk":{"S":"a"},"sk":{"N":"1"}}}}]}`},
	} {
		before := f.StateHash()
		for range 5 {
			if _, err := f.Explain(engine.Call{Target: engine.Target(c[0]), Body: []byte(c[1])}); err != nil {
				t.Error(c[0], err)
			}
		}
		if f.StateHash() != before {
			t.Errorf("explaining a %s changes the state", c[0])
		}
	}
}

// A snapshot with numbers that no table can have is refused.
func TestLoadLines(t *testing.T) {
	f := throttled(t, engine.Settings{})
	provisionedTable(f, 1, 1)
	write(t, f, "a", 1, 1)
	good := string(f.AppendSnapshot(nil))
	if _, err := engine.Restore([]byte(good)); err != nil || !strings.Contains(good, `{"load":"table"`) {
		t.Fatalf("%v in\n%s", err, good)
	}
	for _, c := range [][2]string{
		{`{"load":"table"`, `{"load":"index"`}, {`{"load":"table"`, `{"load":"index","index":"none"`}, {`"born":[`, `"born":[1,`}, {`"minutes":[`, `"minutes":[1,`},
		{`"read":[0,1,`, `"read":[0,`}, {`"writeParts":[0,2000,`, `"writeParts":[0,-2000,`}, {`"firsts":[]`, `"firsts":[0]`},
		{`"throttle":true,`, ``}, {`"minutes":[`, `"minutes":{`},
	} {
		bad := strings.Replace(good, c[0], c[1], 1)
		if bad == good {
			t.Errorf("%s is not in\n%s", c[0], good)
		}
		if _, err := engine.Restore([]byte(bad)); err == nil {
			t.Errorf("%s is taken for %s", c[1], c[0])
		}
	}
}
