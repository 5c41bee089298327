package engine_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/sortkey/sortkey/engine"
	"github.com/sortkey/sortkey/engine/enginetest"
	"github.com/sortkey/sortkey/engine/meter"
)

// world is an engine with a table in three regions.
type world struct {
	*enginetest.Fixture
	t testing.TB
}

var three = []string{"us-east-1", "eu-west-1", "ap-south-1"}

func newWorld(t testing.TB, o engine.Options) *world {
	w := &world{enginetest.With(t, o), t}
	w.Must("CreateTable", `{"TableName":"Albums","AttributeDefinitions":[{"AttributeName":"album","AttributeType":"S"}],
		"KeySchema":[{"AttributeName":"album","KeyType":"HASH"}],"BillingMode":"PAY_PER_REQUEST"}`)
	for _, region := range three[1:] {
		w.Pass(o.Transition)
		w.Must("UpdateTable", `{"TableName":"Albums","ReplicaUpdates":[{"Create":{"RegionName":"`+region+`"}}]}`)
	}
	w.Pass(o.Transition)
	return w
}

func (w *world) in(region, operation, body string) engine.Reply {
	return w.Handle(engine.Call{Target: engine.Target(operation), Region: region, Body: []byte(body)})
}

func (w *world) must(region, operation, body string) string {
	w.t.Helper()
	r := w.in(region, operation, body)
	if r.Status != 200 {
		w.t.Fatalf("%s in %s: %s\n%d %s", operation, region, body, r.Status, r.Body)
	}
	return string(r.Body)
}

func (w *world) put(region, album string, attributes string) {
	w.t.Helper()
	w.must(region, "PutItem", fmt.Sprintf(`{"TableName":"Albums","Item":{"album":{"S":"%s"}%s}}`, album, attributes))
}

func (w *world) get(region, album string) string {
	w.t.Helper()
	return w.must(region, "GetItem", fmt.Sprintf(`{"TableName":"Albums","Key":{"album":{"S":"%s"}}}`, album))
}

func (w *world) link(from, to, what, value string) {
	w.t.Helper()
	if err := w.SetLink(engine.LinkStep{From: from, To: to, Both: true, What: what, Value: value}); err != nil {
		w.t.Fatal(err)
	}
}

func TestReplicationDelay(t *testing.T) {
	w := newWorld(t, engine.Options{Settings: engine.Settings{ReplicationDelay: 300 * time.Millisecond}})
	w.put("eu-west-1", "hejira", `,"n":{"N":"1"}`)
	if got := w.get("ap-south-1", "hejira"); got != "{}" {
		t.Errorf("before the delay is over: %s", got)
	}
	if c := w.Convergence("", "Albums"); c.Agreed || c.InFlight != 2 || c.At.Sub(w.Now()) != 300*time.Millisecond {
		t.Errorf("%+v", c)
	}
	w.Pass(299 * time.Millisecond)
	if got := w.get("ap-south-1", "hejira"); got != "{}" {
		t.Errorf("before the delay is over: %s", got)
	}
	w.Pass(time.Millisecond)
	for _, region := range three {
		if got := w.get(region, "hejira"); got != `{"Item":{"album":{"S":"hejira"},"n":{"N":"1"}}}` {
			t.Errorf("%s: %s", region, got)
		}
	}
	if c := w.Convergence("", "Albums"); !c.Agreed || !c.Since.Equal(w.Now()) {
		t.Errorf("%+v", c)
	}
}

// The first preset of the lab: two attributes, one is lost.
func TestTwoAttributesOneIsLost(t *testing.T) {
	w := newWorld(t, engine.Options{})
	w.put("us-east-1", "kind-of-blue", `,"price":{"N":"29"},"stock":{"N":"4"}`)
	w.link("us-east-1", "eu-west-1", "latency", "420ms")
	w.link("eu-west-1", "ap-south-1", "latency", "610ms")
	w.link("us-east-1", "ap-south-1", "latency", "900ms")
	w.Pass(100 * time.Millisecond)
	start := w.Now()
	w.must("us-east-1", "UpdateItem", `{"TableName":"Albums","Key":{"album":{"S":"kind-of-blue"}},"UpdateExpression":"SET price=:p","ExpressionAttributeValues":{":p":{"N":"24"}}}`)
	w.Pass(35 * time.Millisecond)
	w.must("eu-west-1", "UpdateItem", `{"TableName":"Albums","Key":{"album":{"S":"kind-of-blue"}},"UpdateExpression":"SET stock=:p","ExpressionAttributeValues":{":p":{"N":"3"}}}`)
	w.Pass(400 * time.Millisecond)
	l := w.Ledger("", "Albums")
	if len(l.Conflicts) != 1 {
		t.Fatalf("%+v", l)
	}
	c := l.Conflicts[0]
	if c.Winner.Region != "eu-west-1" || c.Loser.Region != "us-east-1" || c.Apart() != 35*time.Millisecond || c.Region != "eu-west-1" {
		t.Errorf("%+v", c)
	}
	if c.Lost.JSON() != `{"album":{"S":"kind-of-blue"},"price":{"N":"24"},"stock":{"N":"4"}}` || c.Kept.JSON() != `{"album":{"S":"kind-of-blue"},"price":{"N":"29"},"stock":{"N":"3"}}` {
		t.Errorf("lost %s, kept %s", c.Lost.JSON(), c.Kept.JSON())
	}
	for i, want := range []struct {
		at   time.Duration
		done bool
	}{{645 * time.Millisecond, false}, {35 * time.Millisecond, true}, {455 * time.Millisecond, false}} {
		if s := c.Settled[i]; s.At.Sub(start) != want.at || s.Done != want.done {
			t.Errorf("settled in %s after %s: %v", s.Region, s.At.Sub(start), s.Done)
		}
	}
	w.Pass(600 * time.Millisecond)
	for _, region := range three {
		if got := w.get(region, "kind-of-blue"); got != `{"Item":`+c.Kept.JSON()+`}` {
			t.Errorf("%s: %s", region, got)
		}
	}
	if got := w.Ledger("", "Albums"); len(got.Conflicts) != 1 {
		t.Errorf("%+v", got)
	}
}

func TestExpiryIsReplicated(t *testing.T) {
	w := newWorld(t, engine.Options{})
	w.must("eu-west-1", "UpdateTimeToLive", `{"TableName":"Albums","TimeToLiveSpecification":{"Enabled":true,"AttributeName":"until"}}`)
	w.link("eu-west-1", "us-east-1", "latency", "500ms")
	w.put("eu-west-1", "hejira", fmt.Sprintf(`,"until":{"N":"%d"}`, w.Now().Unix()+10))
	w.Pass(5 * time.Second)
	if _, ok := w.Expiry("us-east-1", "Albums", nil); ok || len(w.Expiries("us-east-1", "Albums", 9)) != 0 || len(w.Expiries("eu-west-1", "Albums", 9)) != 1 {
		t.Error("not the region that wrote the item last is to delete it")
	}
	w.Pass(6*time.Second + 100*time.Millisecond)
	if w.get("us-east-1", "hejira") == "{}" || w.get("eu-west-1", "hejira") != "{}" {
		t.Error("it is not deleted in one region first")
	}
	w.Pass(time.Second)
	if w.get("us-east-1", "hejira") != "{}" {
		t.Error("the delete does not arrive")
	}
	for region, service := range map[string]bool{"eu-west-1": true, "us-east-1": false} {
		st := w.Streams(region)[0]
		records := w.StreamRecords(region, st.ARN, 0, 100)
		last := records[0]
		if last.After != nil || last.Before == nil || last.Service != service {
			t.Errorf("%s: %+v", region, last)
		}
	}
}

func TestTransactionsArriveInParts(t *testing.T) {
	w := newWorld(t, engine.Options{Settings: engine.Settings{ReplicationDelay: time.Second, ReplicationJitter: 900 * time.Millisecond}})
	var puts []string
	for i := range 20 {
		puts = append(puts, fmt.Sprintf(`{"Put":{"TableName":"Albums","Item":{"album":{"S":"%d"}}}}`, i))
	}
	w.must("us-east-1", "TransactWriteItems", `{"TransactItems":[`+strings.Join(puts, ",")+`]}`)
	count := func() int {
		return strings.Count(w.must("ap-south-1", "Scan", `{"TableName":"Albums"}`), `"album"`)
	}
	if n := strings.Count(w.must("us-east-1", "Scan", `{"TableName":"Albums"}`), `"album"`); n != 20 {
		t.Errorf("%d items where the transaction was made", n)
	}
	w.Pass(time.Second)
	if n := count(); n == 0 || n == 20 {
		t.Errorf("%d of 20 items have arrived after a second", n)
	}
	w.Pass(time.Second)
	if n := count(); n != 20 {
		t.Errorf("%d of 20 items have arrived in the end", n)
	}
}

func TestReplicaMadeInTraffic(t *testing.T) {
	w := &world{enginetest.With(t, engine.Options{Settings: engine.Settings{Transition: time.Second, BackfillRate: 10}}), t}
	w.Must("CreateTable", `{"TableName":"Albums","AttributeDefinitions":[{"AttributeName":"album","AttributeType":"S"}],
		"KeySchema":[{"AttributeName":"album","KeyType":"HASH"}],"BillingMode":"PAY_PER_REQUEST"}`)
	w.Pass(time.Second)
	for i := range 30 {
		w.put("us-east-1", fmt.Sprint(i), "")
	}
	w.Must("UpdateTable", `{"TableName":"Albums","ReplicaUpdates":[{"Create":{"RegionName":"eu-west-1"}}]}`)
	w.Pass(10 * time.Second)
	w.link("us-east-1", "eu-west-1", "latency", "20s")
	w.put("eu-west-1", "on its way", "")
	w.must("eu-west-1", "DeleteItem", `{"TableName":"Albums","Key":{"album":{"S":"3"}}}`)
	w.Must("UpdateTable", `{"TableName":"Albums","ReplicaUpdates":[{"Create":{"RegionName":"ap-south-1"}}]}`)
	for i := range 8 {
		w.put("us-east-1", fmt.Sprint(i), `,"n":{"N":"2"}`)
		w.must("us-east-1", "DeleteItem", fmt.Sprintf(`{"TableName":"Albums","Key":{"album":{"S":"%d"}}}`, 10+i))
		w.Pass(300 * time.Millisecond)
	}
	if got := w.GlobalTables()[0].Replicas[0]; got.Region != "ap-south-1" || got.Status != "CREATING" || got.Items == 0 {
		t.Errorf("half way: %+v", got)
	}
	w.link("us-east-1", "ap-south-1", "cut", "")
	w.Pass(time.Minute)
	if got := w.GlobalTables()[0].Replicas[0].Status; got != "CREATING" {
		t.Errorf("the link is cut, and the replica %s", got)
	}
	w.link("us-east-1", "ap-south-1", "heal", "")
	w.Pass(time.Minute)
	want := w.must("us-east-1", "Scan", `{"TableName":"Albums"}`)
	for _, region := range three {
		if got := w.must(region, "Scan", `{"TableName":"Albums"}`); got != want || !strings.Contains(got, "on its way") || !strings.Contains(got, `"Count":23`) {
			t.Errorf("%s has %s\nwant %s", region, got, want)
		}
	}
}

// status is the status of the replica in a region.
func (w *world) status(region string) string {
	w.t.Helper()
	for _, r := range w.GlobalTables()[0].Replicas {
		if r.Region == region {
			return r.Status
		}
	}
	w.t.Fatalf("no replica in %s", region)
	return ""
}

// What a new replica is made of travels: it is there when the link has brought
// it, and while the link is cut it waits like any message.
func TestInitialCopyTravels(t *testing.T) {
	w := &world{enginetest.With(t, engine.Options{}), t}
	w.Must("CreateTable", `{"TableName":"Albums","AttributeDefinitions":[{"AttributeName":"album","AttributeType":"S"}],
		"KeySchema":[{"AttributeName":"album","KeyType":"HASH"}],"BillingMode":"PAY_PER_REQUEST"}`)
	for i := range 20 {
		w.put("us-east-1", fmt.Sprint(i), "")
	}
	is := func(when, status string, items, inFlight, waiting int) {
		t.Helper()
		c, got := w.Convergence("", "Albums"), w.GlobalTables()[0].Replicas[0]
		if got.Status != status || got.Items != items || c.InFlight != inFlight || c.Waiting != waiting {
			t.Errorf("%s: %+v %+v", when, got, c)
		}
	}
	w.link("us-east-1", "eu-west-1", "latency", "2s")
	w.Must("UpdateTable", `{"TableName":"Albums","ReplicaUpdates":[{"Create":{"RegionName":"eu-west-1"}}]}`)
	w.Pass(1999 * time.Millisecond)
	is("on its way", "CREATING", 0, 20, 0)
	w.link("us-east-1", "eu-west-1", "cut", "")
	w.put("us-east-1", "3", `,"n":{"N":"2"}`)
	w.Pass(time.Hour)
	is("cut off", "CREATING", 0, 0, 21)
	restored, err := engine.Restore(w.AppendSnapshot(nil))
	if err != nil || restored.StateHash() != w.StateHash() {
		t.Fatalf("a snapshot half way: %v", err)
	}
	w.link("us-east-1", "eu-west-1", "heal", "")
	w.link("us-east-1", "eu-west-1", "loss", "50")
	w.Pass(2 * time.Second)
	if got := w.GlobalTables()[0].Replicas[0]; got.Status != "CREATING" || got.Items == 0 || got.Items == 20 {
		t.Errorf("half of it lost: %+v", got)
	}
	w.Pass(2 * time.Minute)
	is("in the end", "ACTIVE", 20, 0, 0)
	if got := w.get("eu-west-1", "3"); !strings.Contains(got, `"n":{"N":"2"}`) {
		t.Errorf("the write of meanwhile: %s", got)
	}
	if l := w.Ledger("", "Albums"); len(l.Conflicts) > 0 {
		t.Errorf("a copy is no write that could be lost: %+v", l.Conflicts)
	}
}

func TestReplicatedWritesAreCharged(t *testing.T) {
	w := newWorld(t, engine.Options{Settings: engine.Settings{Throttle: true}})
	for i := range 100 {
		w.put("us-east-1", fmt.Sprint(i), "")
	}
	for _, region := range three {
		if m := w.Metrics(region, "Albums", ""); len(m) != 1 || m[0].Write != 100*meter.Unit {
			t.Errorf("%s: %+v", region, m)
		}
	}
}

// A write of 1.5 KB in three regions: two units in each, of which the reply of
// the first tells its own.
func TestReplicatedWritesArePriced(t *testing.T) {
	w := newWorld(t, engine.Options{})
	body := `{"TableName":"Albums","Item":{"album":{"S":"` + strings.Repeat("x", 1500) + `"}},"ReturnConsumedCapacity":"TOTAL"}`
	r, receipt := w.Meter(engine.Call{Target: engine.Target("PutItem"), Body: []byte(body)})
	if string(r.Body) != `{"ConsumedCapacity":{"TableName":"Albums","CapacityUnits":2.0}}` || receipt.Replicated != 4*meter.Unit || receipt.PerMillion() != 6*625_000 {
		t.Errorf("%s %+v", r.Body, receipt)
	}
	if units, _ := receipt.PerMonth(); units != 6 {
		t.Errorf("%d units", units)
	}
}

// A batch and a transaction on a global table and another one: only the writes of
// the global table are made elsewhere too, and there as writes of their own, not
// twice as in the transaction; a check of a condition is made nowhere else.
func TestReplicatedWritesOfSeveralArePriced(t *testing.T) {
	w := newWorld(t, engine.Options{})
	w.Must("CreateTable", `{"TableName":"Alone","AttributeDefinitions":[{"AttributeName":"album","AttributeType":"S"}],
		"KeySchema":[{"AttributeName":"album","KeyType":"HASH"}],"BillingMode":"PAY_PER_REQUEST"}`)
	put := func(album string) string {
		return `"Item":{"album":{"S":"` + album + `"},"x":{"S":"` + strings.Repeat("x", 1500) + `"}}`
	}
	for _, c := range []struct {
		operation, body   string
		total, replicated meter.Units
	}{
		{"BatchWriteItem", `{"RequestItems":{"Albums":[{"PutRequest":{` + put("a") + `}},{"DeleteRequest":{"Key":{"album":{"S":"none"}}}}],
			"Alone":[{"PutRequest":{` + put("a") + `}}]}}`, 5, 6},
		{"BatchWriteItem", `{"RequestItems":{"Alone":[{"PutRequest":{` + put("a") + `}}]}}`, 2, 0},
		{"TransactWriteItems", `{"TransactItems":[{"Put":{"TableName":"Albums",` + put("b") + `}},{"Put":{"TableName":"Alone",` + put("b") + `}},
			{"ConditionCheck":{"TableName":"Albums","Key":{"album":{"S":"a"}},"ConditionExpression":"attribute_exists(x)"}}]}`, 12, 4},
	} {
		_, receipt := w.Meter(engine.Call{Target: engine.Target(c.operation), Body: []byte(c.body)})
		if receipt == nil || receipt.Total() != c.total*meter.Unit || receipt.Replicated != c.replicated*meter.Unit {
			t.Errorf("%s: %+v, want %s units and %s elsewhere", c.operation, receipt, c.total, c.replicated)
		}
		if got, want := receipt.PerMillion(), int64(c.total+c.replicated)*625_000; got != want {
			t.Errorf("%s costs %d, want %d", c.operation, got, want)
		}
	}
}

// A write of a legacy global table is followed by one for the attributes that its
// items show; elsewhere both arrive as one. A delete leaves nothing to show them.
func TestLegacyWritesCostTwo(t *testing.T) {
	w := &world{enginetest.With(t, engine.Options{Settings: engine.Settings{Throttle: true}}), t}
	for _, region := range three[:2] {
		w.must(region, "CreateTable", `{"TableName":"Albums","AttributeDefinitions":[{"AttributeName":"album","AttributeType":"S"}],"KeySchema":[{"AttributeName":"album","KeyType":"HASH"}],
			"BillingMode":"PAY_PER_REQUEST","StreamSpecification":{"StreamEnabled":true,"StreamViewType":"NEW_AND_OLD_IMAGES"}}`)
	}
	w.Must("CreateGlobalTable", `{"GlobalTableName":"Albums","ReplicationGroup":[{"RegionName":"us-east-1"},{"RegionName":"eu-west-1"}]}`)
	for _, c := range []struct {
		operation, body          string
		replicated, here, away   meter.Units // all after this request
		recordsHere, recordsAway int
	}{
		{"PutItem", `{"TableName":"Albums","Item":{"album":{"S":"blue"}}}`, 2, 2, 1, 2, 1},
		{"BatchWriteItem", `{"RequestItems":{"Albums":[{"PutRequest":{"Item":{"album":{"S":"hejira"}}}}]}}`, 2, 4, 2, 4, 2},
		{"DeleteItem", `{"TableName":"Albums","Key":{"album":{"S":"blue"}}}`, 1, 5, 3, 5, 3},
	} {
		_, receipt := w.Meter(engine.Call{Target: engine.Target(c.operation), Body: []byte(c.body)})
		w.Pass(time.Second)
		if receipt == nil || receipt.Total() != meter.Unit || receipt.Replicated != c.replicated*meter.Unit {
			t.Errorf("%s: %+v", c.operation, receipt)
		}
		if got := written(w, "us-east-1"); got != c.here*meter.Unit {
			t.Errorf("%s: %s units here, want %s", c.operation, got, c.here*meter.Unit)
		}
		if got := written(w, "eu-west-1"); got != c.away*meter.Unit {
			t.Errorf("%s: %s units away, want %s", c.operation, got, c.away*meter.Unit)
		}
		if here, away := w.Streams("us-east-1")[0].Records, w.Streams("eu-west-1")[0].Records; here != c.recordsHere || away != c.recordsAway {
			t.Errorf("%s: the streams have %d and %d records", c.operation, here, away)
		}
	}
}

// written are the write units that a region's table has used.
func written(w *world, region string) (u meter.Units) {
	for _, m := range w.Metrics(region, "Albums", "") {
		u += m.Write
	}
	return u
}
