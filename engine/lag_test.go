package engine_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/sortkey/sortkey/engine"
	"github.com/sortkey/sortkey/engine/enginetest"
)

// lagging is an engine with both delays, and its state after every write.
type lagging struct {
	t      *testing.T
	f      *enginetest.Fixture
	random enginetest.Random
	states []moment
}

type moment struct {
	at    time.Time
	state *engine.Engine
}

const readDelay, indexDelay = 900 * time.Millisecond, 400 * time.Millisecond

func newLagging(t *testing.T) *lagging {
	l := &lagging{t: t, random: enginetest.Random{State: 3}, f: enginetest.With(t, engine.Options{
		Seed: 4, Degree: 3, Settings: engine.Settings{ReadDelay: readDelay, IndexDelay: indexDelay},
	})}
	l.f.Must("CreateTable", indexed)
	l.keep()
	return l
}

// keep notes the state as it is: one in which nothing lags.
func (l *lagging) keep() {
	fork := l.f.Fork()
	for _, name := range []string{"read-delay", "index-delay"} {
		if err := fork.Configure(name, "0s"); err != nil {
			l.t.Fatal(err)
		}
	}
	l.states = append(l.states, moment{l.f.Now(), fork})
}

// then is the last state at or before a time.
func (l *lagging) then(at time.Time) *engine.Engine {
	found := l.states[0]
	for _, m := range l.states {
		if !m.at.After(at) {
			found = m
		}
	}
	return found.state
}

func (l *lagging) write() {
	r := &l.random
	key := fmt.Sprintf(`"pk":{"S":"p%d"},"sk":{"N":"%d"}`, r.Below(3), r.Below(4))
	switch r.Below(4) {
	case 0:
		l.f.Must("DeleteItem", `{"TableName":"Tab","Key":{`+key+`}}`)
	case 1:
		l.f.Must("UpdateItem", `{"TableName":"Tab","Key":{`+key+`},"UpdateExpression":"ADD v :one","ExpressionAttributeValues":{":one":{"N":"1"}}}`)
	default:
		l.f.Must("PutItem", fmt.Sprintf(`{"TableName":"Tab","Item":{%s,"g":{"S":"g%d"},"r":{"N":"%d"}}}`, key, r.Below(2), r.Below(3)))
	}
	l.keep()
}

// reads are requests that may lag; %d is to be filled so that they differ.
var reads = []struct{ operation, body string }{
	{"GetItem", `{"TableName":"Tab","Key":{"pk":{"S":"p%d"},"sk":{"N":"1"}},"ReturnConsumedCapacity":"TOTAL"}`},
	{"Query", `{"TableName":"Tab","KeyConditionExpression":"pk = :p","ExpressionAttributeValues":{":p":{"S":"p%d"}},"ReturnConsumedCapacity":"INDEXES"}`},
	{"Query", `{"TableName":"Tab","IndexName":"local","KeyConditionExpression":"pk = :p","ExpressionAttributeValues":{":p":{"S":"p%d"}},"Select":"ALL_ATTRIBUTES"}`},
	{"Query", `{"TableName":"Tab","IndexName":"byG","KeyConditionExpression":"g = :g","ExpressionAttributeValues":{":g":{"S":"g%d"}}}`},
	{"Scan", `{"TableName":"Tab","Limit":1%d}`},
	{"Scan", `{"TableName":"Tab","IndexName":"byR","Limit":1%d}`},
	{"BatchGetItem", `{"RequestItems":{"Tab":{"Keys":[{"pk":{"S":"p0"},"sk":{"N":"%d"}},{"pk":{"S":"p1"},"sk":{"N":"1"}}]}}}`},
}

// TestLaggingReads: a read that is so and so old says what a read without any
// lag said at that time, from the table and from every index, also about
// capacity; and reading changes nothing.
func TestLaggingReads(t *testing.T) {
	l := newLagging(t)
	old, fresh := 0, 0
	for range 1500 {
		switch l.random.Below(5) {
		case 0:
			l.f.Pass(time.Duration(l.random.Below(500)) * time.Millisecond)
		case 1, 2:
			l.write()
		default:
			r := reads[l.random.Below(len(reads))]
			c := engine.Call{Target: engine.Target(r.operation), Body: fmt.Appendf(nil, r.body, l.random.Below(3))}
			before := l.f.StateHash()
			got, tr := l.f.Observe(c)
			want := l.then(l.f.Now().Add(-tr.Age)).Handle(c)
			if got.Status != 200 || !bytes.Equal(got.Body, want.Body) {
				t.Fatalf("%s %s, %s old\ngot  %s\nthen %s", r.operation, c.Body, tr.Age, got.Body, want.Body)
			}
			l.checkAge(tr)
			if again := l.f.Handle(c); !bytes.Equal(again.Body, got.Body) || l.f.StateHash() != before {
				t.Fatal("reading changed the state or the next reply")
			}
			if bytes.Equal(got.Body, l.states[len(l.states)-1].state.Handle(c).Body) {
				fresh++
			} else {
				old++
			}
		}
	}
	if old < 100 || fresh < 100 {
		t.Errorf("%d reads saw less than there is, %d saw all", old, fresh)
	}
}

func (l *lagging) checkAge(tr *engine.Trace) {
	l.t.Helper()
	global := strings.HasPrefix(tr.Index, "by")
	switch {
	case tr.Age < 0 || tr.Age > readDelay || tr.Receipt.Age != tr.Age:
		l.t.Errorf("%s is %s old, on the receipt %s", tr.Operation, tr.Age, tr.Receipt.Age)
	case global && (tr.IndexLag != indexDelay || tr.Age < indexDelay):
		l.t.Errorf("an index that is %s behind is read %s old", tr.IndexLag, tr.Age)
	case !global && tr.IndexLag != 0:
		l.t.Errorf("%s %q: index lag %s", tr.Operation, tr.Index, tr.IndexLag)
	}
}

// TestConsistentReads: with whatever delay, strongly consistent and
// transactional reads see everything, and conditions do.
func TestConsistentReads(t *testing.T) {
	l := newLagging(t)
	for range 300 {
		l.write()
		now := l.states[len(l.states)-1].state
		for _, body := range []string{
			`GetItem {"TableName":"Tab","Key":{"pk":{"S":"p0"},"sk":{"N":"1"}},"ConsistentRead":true}`,
			`Query {"TableName":"Tab","IndexName":"local","KeyConditionExpression":"pk = :p","ExpressionAttributeValues":{":p":{"S":"p0"}},"ConsistentRead":true}`,
			`Scan {"TableName":"Tab","ConsistentRead":true}`,
			`BatchGetItem {"RequestItems":{"Tab":{"ConsistentRead":true,"Keys":[{"pk":{"S":"p0"},"sk":{"N":"1"}}]}}}`,
			`TransactGetItems {"TransactItems":[{"Get":{"TableName":"Tab","Key":{"pk":{"S":"p0"},"sk":{"N":"1"}}}}]}`,
		} {
			operation, body, _ := strings.Cut(body, " ")
			c := engine.Call{Target: engine.Target(operation), Body: []byte(body)}
			got, tr := l.f.Observe(c)
			if want := now.Handle(c); !bytes.Equal(got.Body, want.Body) || tr.Age != 0 {
				t.Fatalf("%s %s, %s old\ngot  %s\nwant %s", operation, body, tr.Age, got.Body, want.Body)
			}
		}
	}
}

// TestAges: a third of reads goes to the leader, and the others are behind by
// all sorts of amounts.
func TestAges(t *testing.T) {
	f := enginetest.With(t, engine.Options{Settings: engine.Settings{ReadDelay: time.Second}})
	f.Must("CreateTable", indexed)
	leader, late := 0, 0
	const n = 3000
	for i := range n {
		_, tr := f.Observe(engine.Call{Target: engine.Target("GetItem"), Body: fmt.Appendf(nil, `{"TableName":"Tab","Key":{"pk":{"S":"%d"},"sk":{"N":"1"}}}`, i)})
		switch {
		case tr.Age == 0:
			leader++
		case tr.Age > time.Second/2:
			late++
		}
		f.Pass(time.Millisecond)
	}
	if leader < n/3-150 || leader > n/3+150 || late < n/3-150 || late > n/3+150 {
		t.Errorf("of %d reads %d see all and %d are more than half a second behind", n, leader, late)
	}
}

// TestArrival: after the delay a change is seen by every read.
func TestArrival(t *testing.T) {
	l := newLagging(t)
	for range 40 {
		l.write()
	}
	query := engine.Call{Target: engine.Target("Scan"), Body: []byte(`{"TableName":"Tab","IndexName":"byG"}`)}
	all := l.states[len(l.states)-1].state.Handle(query)
	if r := l.f.Handle(query); string(r.Body) != `{"Items":[],"Count":0,"ScannedCount":0}` {
		t.Errorf("before anything can have arrived, the index has %s", r.Body)
	}
	lags := l.f.IndexLags("", "Tab")
	if len(lags) != 2 || lags[0].Index != "byG" || lags[0].Delay != indexDelay || lags[0].Pending == 0 || lags[0].Oldest != 0 {
		t.Errorf("lags: %+v", lags)
	}
	l.f.Pass(indexDelay - 1)
	if after := l.f.IndexLags("", "Tab"); after[0].Pending != lags[0].Pending || after[0].Oldest != indexDelay-1 {
		t.Errorf("lags just before the delay is over: %+v", after)
	}
	l.f.Pass(1)
	if after := l.f.IndexLags("", "Tab"); after[0].Pending != 0 || after[0].Oldest != 0 {
		t.Errorf("lags when the delay is over: %+v", after)
	}
	l.f.Pass(readDelay - indexDelay)
	if r := l.f.Handle(query); !bytes.Equal(r.Body, all.Body) {
		t.Errorf("after the longest delay the index has %s, want %s", r.Body, all.Body)
	}
	if l.f.IndexLags("", "None") != nil {
		t.Error("a table that there is not has lags")
	}
}

// TestPendingCountsChangesOfTheIndex: a change that leaves an index as it is
// has nothing to bring to it.
func TestPendingCountsChangesOfTheIndex(t *testing.T) {
	f := enginetest.With(t, engine.Options{Settings: engine.Settings{IndexDelay: time.Second}})
	f.Must("CreateTable", indexed)
	put := func(more string) {
		f.Must("PutItem", `{"TableName":"Tab","Item":{"pk":{"S":"p"},"sk":{"N":"1"}`+more+`}}`)
	}
	put("")
	put(`,"r":{"N":"1"}`)
	put(`,"r":{"N":"1"},"x":{"S":"not in byR"}`)
	put(`,"r":{"N":"2"},"g":{"S":"g"}`)
	if lags := fmt.Sprint(f.IndexLags("", "Tab")); lags != "[{byG 1s 1 0s} {byR 1s 2 0s}]" {
		t.Errorf("lags: %s", lags)
	}
}

// TestLagIsState: forks, snapshots and replays lag alike, and go their own way
// from there.
func TestLagIsState(t *testing.T) {
	l := newLagging(t)
	for range 60 {
		l.write()
		l.f.Pass(time.Duration(l.random.Below(40)) * time.Millisecond)
	}
	restored, err := engine.Restore(l.f.AppendSnapshot(nil))
	if err != nil {
		t.Fatal(err)
	}
	fork := l.f.Fork()
	if restored.StateHash() != l.f.StateHash() || fork.StateHash() != l.f.StateHash() {
		t.Fatal("a restored engine or a fork has another state")
	}
	answers := func(e *engine.Engine) (s string) {
		for _, r := range reads {
			for i := range 3 {
				s += string(e.Handle(engine.Call{Target: engine.Target(r.operation), Body: fmt.Appendf(nil, r.body, i)}).Body)
			}
		}
		return s
	}
	want := answers(l.f.Engine)
	enginetest.Wrap(t, fork).Must("DeleteItem", `{"TableName":"Tab","Key":{"pk":{"S":"p0"},"sk":{"N":"1"}}}`)
	if answers(restored) != want || answers(l.f.Engine) != want {
		t.Error("a restored engine lags in another way, or a fork's writes are seen")
	}
	if fork.StateHash() == l.f.StateHash() {
		t.Error("the fork's change is not in its state")
	}
}

// TestDelayChanges: a shorter delay lets what it covers no more arrive at
// once; a longer one hides only what is written from then on.
func TestDelayChanges(t *testing.T) {
	f := enginetest.With(t, engine.Options{Settings: engine.Settings{IndexDelay: time.Second}})
	f.Must("CreateTable", indexed)
	count := func() (n int) {
		var p pageReply
		f.Into(&p, "Scan", `{"TableName":"Tab","IndexName":"byR"}`)
		return p.ScannedCount
	}
	set := func(value string) {
		t.Helper()
		if err := f.Configure("index-delay", value); err != nil {
			t.Fatal(err)
		}
	}
	put := func(sk int) {
		f.Must("PutItem", fmt.Sprintf(`{"TableName":"Tab","Item":{"pk":{"S":"p"},"sk":{"N":"%d"},"r":{"N":"1"}}}`, sk))
	}
	var got []int
	see := func() { got = append(got, count()) }
	put(1)
	see()
	f.Pass(600 * time.Millisecond)
	put(2)
	see()
	set("500ms")
	see() // the first is older than that
	set("1h")
	see() // and does not go away again
	put(3)
	see()
	set("0s")
	see()
	set("1h")
	see()
	if want := "[0 0 1 1 1 3 3]"; fmt.Sprint(got) != want {
		t.Errorf("entries seen: %v, want %s", got, want)
	}
}
