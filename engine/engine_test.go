package engine_test

import (
	"bytes"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/sortkey/sortkey/engine"
	"github.com/sortkey/sortkey/engine/enginetest"
	"github.com/sortkey/sortkey/engine/meter"
)

// Hosts in real time call at a time: the clock goes there first, never back.
func TestHandleAt(t *testing.T) {
	start := engine.DefaultStart
	f := enginetest.With(t, engine.Options{Settings: engine.Settings{Transition: 5 * time.Second}})
	f.Must("CreateTable", plain)
	describe := engine.Call{Target: engine.Target("DescribeTable"), Body: []byte(`{"TableName":"Tab"}`)}
	for _, c := range []struct{ at, clock, want string }{
		{"4s", "4s", "CREATING"}, {"6s", "6s", "ACTIVE"}, {"3s", "6s", "ACTIVE"}, {"6s", "6s", "ACTIVE"},
	} {
		at, _ := time.ParseDuration(c.at)
		clock, _ := time.ParseDuration(c.clock)
		r := f.HandleAt(start.Add(at), describe)
		if !strings.Contains(string(r.Body), `"TableStatus":"`+c.want+`"`) || !f.Now().Equal(start.Add(clock)) {
			t.Errorf("at %s: the clock is at %s, %s", c.at, f.Now(), r.Body)
		}
	}
	f.Tick(start.Add(time.Hour))
	f.Tick(time.Time{})
	f.Tick(time.Date(3000, 1, 1, 0, 0, 0, 0, time.UTC)) // past the end of the clock
	if got := f.Now(); !got.Equal(start.Add(time.Hour)) {
		t.Errorf("the clock is at %s", got)
	}
}

func TestClock(t *testing.T) {
	f := enginetest.With(t, engine.Options{Settings: engine.Settings{Transition: time.Minute}})
	start := f.Now()
	if !start.Equal(engine.DefaultStart) || start.Location() != time.UTC {
		t.Errorf("the clock begins at %v", start)
	}
	f.Must("CreateTable", plain)
	if !f.Now().Equal(start) {
		t.Error("a request has moved the clock")
	}
	due := f.Due()
	if len(due) != 1 || due[0].What != "table becomes ACTIVE" || due[0].Table != "Tab" || due[0].Region != "us-east-1" || !due[0].At.Equal(start.Add(time.Minute)) {
		t.Errorf("due: %+v", due)
	}
	before := f.StateHash()
	for _, at := range []time.Time{start.Add(-1), {}, time.Date(2300, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(1900, 1, 1, 0, 0, 0, 0, time.UTC)} {
		if err := f.AdvanceTo(at); err == nil {
			t.Errorf("the clock can go to %v", at)
		}
	}
	if f.StateHash() != before || !f.Now().Equal(start) {
		t.Error("a refused clock step has changed something")
	}
	if err := f.AdvanceTo(start); err != nil {
		t.Errorf("staying is refused: %v", err)
	}
	f.Pass(time.Hour)
	if got := f.Now(); !got.Equal(start.Add(time.Hour)) {
		t.Errorf("the clock is at %v", got)
	}
	if len(f.Due()) != 0 || f.Tables("")[0].Status != "ACTIVE" {
		t.Error("the table has not become ACTIVE")
	}
}

// TestOneStepOrMany: it does not matter in how many steps the clock gets
// somewhere.
func TestOneStepOrMany(t *testing.T) {
	o := engine.Options{Settings: engine.Settings{Transition: 3 * time.Second}}
	one, many := enginetest.With(t, o), enginetest.With(t, o)
	for _, f := range []*enginetest.Fixture{one, many} {
		f.Must("CreateTable", plain)
		f.Must("CreateTable", strings.Replace(plain, `"Tab"`, `"Tab2"`, 1))
	}
	one.Pass(10 * time.Second)
	for range 10 {
		many.Pass(time.Second)
	}
	if one.StateHash() != many.StateHash() {
		t.Error("ten steps lead elsewhere than one")
	}
}

// TestIdentity: ids depend on the seed and on how many came before, nothing
// else.
func TestIdentity(t *testing.T) {
	describe := func(o engine.Options, before ...string) string {
		f := enginetest.With(t, o)
		for _, name := range before {
			f.Must("CreateTable", strings.Replace(plain, `"Tab"`, `"`+name+`"`, 1))
		}
		f.Must("CreateTable", plain)
		var d struct {
			Table struct{ TableId, TableArn string }
		}
		f.Into(&d, "DescribeTable", `{"TableName":"Tab"}`)
		if !strings.Contains(d.Table.TableArn, "table/Tab") || len(d.Table.TableId) != 36 {
			t.Errorf("id %s, ARN %s", d.Table.TableId, d.Table.TableArn)
		}
		return d.Table.TableId
	}
	base := describe(engine.Options{Seed: 1})
	if base != describe(engine.Options{Seed: 1, Degree: 3}) {
		t.Error("the same seed gives another id")
	}
	if base == describe(engine.Options{Seed: 2}) || base == describe(engine.Options{Seed: 1}, "Other") {
		t.Error("another seed or sequence gives the same id")
	}
}

// TestSeveralCallers: an engine and its forks may be used at once.
func TestSeveralCallers(t *testing.T) {
	f := enginetest.New(t)
	f.Must("CreateTable", indexed)
	var wait sync.WaitGroup
	for i := range 4 {
		e := f.Engine
		if i%2 == 1 {
			e = f.Fork()
		}
		wait.Go(func() {
			for n := range 200 {
				e.Handle(engine.Call{Target: engine.Target("PutItem"), Body: fmt.Appendf(nil,
					`{"TableName":"Tab","Item":{"pk":{"S":"p%d"},"sk":{"N":"%d"},"g":{"S":"g"},"r":{"N":"%d"}}}`, i, n, n%7)})
				e.Handle(engine.Call{Target: engine.Target("Scan"), Body: []byte(`{"TableName":"Tab","IndexName":"byG"}`)})
				e.Now()
				e.Tables("")
			}
		})
	}
	wait.Wait()
	if got := f.Tables("")[0].Items; got != 400 {
		t.Errorf("two callers made %d items", got)
	}
}

func TestRecorder(t *testing.T) {
	for _, reads := range []bool{false, true} {
		e := engine.New(engine.Options{Seed: 3, Region: "eu-west-1"})
		r := engine.NewRecorder(e, reads)
		call := func(target, body string) engine.Reply {
			return r.Handle(engine.Call{Target: target, Body: []byte(body)})
		}
		call(engine.Target("CreateTable"), plain)
		call(engine.Target("PutItem"), `{"TableName":"Tab","Item":{"pk":{"S":"a"},"sk":{"N":"1"}}}`)
		call(engine.Target("GetItem"), `{"TableName":"Tab","Key":{"pk":{"S":"a"},"sk":{"N":"1"}}}`)
		call("Nothing", "")
		if err := r.AdvanceTo(e.Now().Add(time.Second)); err != nil {
			t.Fatal(err)
		}
		if err := r.AdvanceTo(time.Unix(0, 0)); err == nil {
			t.Error("the recorder lets the clock go back")
		}
		h := r.History()
		if want := map[bool]int{false: 3, true: 5}[reads]; len(h.Steps) != want {
			t.Errorf("reads %v: %d steps are kept, want %d", reads, len(h.Steps), want)
		}
		again, _ := run(t, h)
		if again.StateHash() != e.StateHash() {
			t.Errorf("reads %v: the history leads elsewhere", reads)
		}
	}
}

// TestTrace: observing tells what was read and changed, and changes neither the
// reply nor the state.
func TestTrace(t *testing.T) {
	h := enginetest.Generate(11, 600)
	plain, observed := engine.New(h.Options), engine.New(h.Options)
	for _, s := range h.Steps {
		want, err := plain.Step(s)
		if err != nil {
			t.Fatal(err)
		}
		if !s.IsCall() {
			observed.Step(s)
			continue
		}
		got, tr := observed.Observe(s.Call)
		if got.Status != want.Status || !bytes.Equal(got.Body, want.Body) {
			t.Fatalf("%s %s\nobserved %s\nelse     %s", s.Call.Target, s.Call.Body, got.Body, want.Body)
		}
		checkTrace(t, s.Call, got, tr)
	}
	if plain.StateHash() != observed.StateHash() {
		t.Error("observing leads to another state")
	}
}

func checkTrace(t *testing.T, c engine.Call, r engine.Reply, tr *engine.Trace) {
	t.Helper()
	if (tr.Err != nil) != (r.Status != 200) {
		t.Errorf("%s: status %d with error %v", c.Target, r.Status, tr.Err)
	}
	if r.Status != 200 {
		return
	}
	switch tr.Operation {
	case "Query", "Scan":
		returned := 0
		for _, row := range tr.Read.Rows {
			if row.Returned {
				returned++
			}
		}
		if !bytes.Contains(r.Body, fmt.Appendf(nil, `"Count":%d,"ScannedCount":%d`, returned, len(tr.Read.Rows))) {
			t.Errorf("%s: the trace has %d of %d rows, the reply is %.200s", c.Body, returned, len(tr.Read.Rows), r.Body)
		}
		if tr.Receipt.Items != len(tr.Read.Rows) || tr.Receipt.Dropped != len(tr.Read.Rows)-returned {
			t.Errorf("%s: the receipt counts %d items, %d dropped", c.Body, tr.Receipt.Items, tr.Receipt.Dropped)
		}
		if a := tr.Read.Around; a != nil && a.Before+len(tr.Read.Rows)+a.After > a.Items {
			t.Errorf("%s: %d before, %d read, %d after, of %d", c.Body, a.Before, len(tr.Read.Rows), a.After, a.Items)
		}
	case "PutItem", "UpdateItem", "DeleteItem":
		if tr.Write == nil || tr.Write.Refused || tr.Receipt.Of(meter.TableArm) < meter.Unit {
			t.Errorf("%s: %+v %+v", c.Body, tr.Write, tr.Receipt)
		}
	}
}

// TestPageBytes: a page ends with the item that reaches 1 MB, counted before
// filter and projection, in the table and by entry size in an index.
func TestPageBytes(t *testing.T) {
	f := enginetest.New(t)
	f.Must("CreateTable", indexed)
	const each, items = 100_000, 25
	for i := range items {
		f.Must("PutItem", fmt.Sprintf(`{"TableName":"Tab","Item":{"pk":{"S":"p"},"sk":{"N":"%d"},"g":{"S":"g"},"r":{"N":"1"},"x":{"S":"%s"}}}`, i, strings.Repeat("x", each)))
	}
	const perPage = 11 // 10 items of a little more than 100,000 bytes fall short of 1,048,576
	for _, c := range []struct {
		name, request string
		pages         []int // ScannedCount of each
	}{
		{"query", `"KeyConditionExpression":"pk = :p","ExpressionAttributeValues":{":p":{"S":"p"}}`, []int{perPage, perPage, items - 2*perPage}},
		{"counted", `"KeyConditionExpression":"pk = :p","ExpressionAttributeValues":{":p":{"S":"p"}},"Select":"COUNT"`, []int{perPage, perPage, items - 2*perPage}},
		{"backwards", `"KeyConditionExpression":"pk = :p","ExpressionAttributeValues":{":p":{"S":"p"}},"ScanIndexForward":false`, []int{perPage, perPage, items - 2*perPage}},
		{"projected", `"KeyConditionExpression":"pk = :p","ExpressionAttributeValues":{":p":{"S":"p"}},"ProjectionExpression":"sk"`, []int{perPage, perPage, items - 2*perPage}},
		{"filtered", `"KeyConditionExpression":"pk = :p","FilterExpression":"r = :z","ExpressionAttributeValues":{":p":{"S":"p"},":z":{"N":"0"}}`, []int{perPage, perPage, items - 2*perPage}},
		{"whole index", `"IndexName":"byG","KeyConditionExpression":"g = :g","ExpressionAttributeValues":{":g":{"S":"g"}},"ProjectionExpression":"sk"`, []int{perPage, perPage, items - 2*perPage}},
		{"keys index", `"IndexName":"byR","KeyConditionExpression":"r = :r","ExpressionAttributeValues":{":r":{"N":"1"}}`, []int{items}},
		{"fetching index", `"IndexName":"local","KeyConditionExpression":"pk = :p","ExpressionAttributeValues":{":p":{"S":"p"}},"ProjectionExpression":"sk, g"`, []int{items}},
	} {
		var got []int
		start := ""
		for {
			var p pageReply
			f.Into(&p, "Query", `{"TableName":"Tab",`+c.request+start+"}")
			got = append(got, p.ScannedCount)
			if p.LastEvaluatedKey == nil || len(got) > 9 {
				break
			}
			start = `,"ExclusiveStartKey":` + string(p.LastEvaluatedKey)
		}
		if fmt.Sprint(got) != fmt.Sprint(c.pages) {
			t.Errorf("%s: pages of %v rows, want %v", c.name, got, c.pages)
		}
	}
}

func TestTables(t *testing.T) {
	f := enginetest.New(t)
	f.Must("CreateTable", indexed)
	f.Must("PutItem", `{"TableName":"Tab","Item":{"pk":{"S":"p"},"sk":{"N":"1"},"g":{"S":"g"},"r":{"N":"1"}}}`)
	list := f.Tables("")
	if len(list) != 1 || list[0].Name != "Tab" || list[0].Items != 1 || list[0].Bytes != 12 || list[0].Partitions != 4 || !list[0].OnDemand {
		t.Errorf("tables: %+v", list)
	}
	for i, name := range []string{"byG", "byR", "local"} {
		if x := list[0].Indexes[i]; x.Name != name || x.Items != 1 || x.Local != (name == "local") {
			t.Errorf("index %d: %+v", i, x)
		}
	}
	if len(f.Tables("eu-west-1")) != 0 {
		t.Error("another region has tables")
	}
	if got := f.RegionsWith("Tab"); fmt.Sprint(got) != "[us-east-1]" {
		t.Errorf("Tab is in %v", got)
	}
}
