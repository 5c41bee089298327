package engine_test

import (
	"bytes"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/sortkey/sortkey/engine"
	"github.com/sortkey/sortkey/engine/enginetest"
	"github.com/sortkey/sortkey/engine/meter"
)

// loaded starts a load given as text.
func loaded(t testing.TB, e interface{ StartLoad(engine.Load) error }, text string) {
	t.Helper()
	l, err := engine.ParseLoad(text)
	if err == nil {
		err = e.StartLoad(l)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// A load of 10 writes and 40 strongly consistent reads a second on a table of 50
// and 5 units: reads pass, writes live on the first second and 5 a second.
func TestLoad(t *testing.T) {
	f := throttled(t, engine.Settings{})
	provisionedTable(f, 50, 5)
	loaded(t, f, "shop table=Tab rate=50 for=3m reads=80 consistent=true")
	info := f.Loads("")
	if len(info) != 1 || info[0].Asked != 50 || info[0].Passed != 45 || info[0].Throttled != 5 || info[0].Rate != 50 {
		t.Fatalf("in the first second: %+v", info)
	}
	if want := f.Now().Add(3 * time.Minute); info[0].Ends != want || info[0].Began != f.Now() || info[0].Problem != "" {
		t.Errorf("%+v", info[0])
	}
	later(t, f, 3*time.Minute)
	if len(f.Loads("")) != 0 || len(f.Due()) != 0 {
		t.Errorf("it goes on: %+v, %v", f.Loads(""), f.Due())
	}
	list := f.Metrics("", "Tab", "")
	if len(list) != 3 {
		t.Fatalf("%d minutes", len(list))
	}
	for i, m := range list {
		if m.Read != 60*40*meter.Unit || m.ReadThrottled != 0 || m.Write != 60*5*meter.Unit || m.WriteThrottled != 300 {
			t.Errorf("minute %d: %+v", i, m)
		}
		if over := m.WriteOver[engine.LimitProvisioned]; over.Requests != 300 || over.Units != 300*meter.Unit || m.ReadOver != (engine.Over{}) {
			t.Errorf("minute %d: %+v", i, over)
		}
		// Reads leave 10 of 50 units in each second: the bucket began with 50.
		if want := meter.Units(50+10*60*(i+1)-50) * meter.Unit; m.ReadLeft != want || m.ReadRate != 50 || m.WriteLeft != 0 || m.WriteRate != 5 {
			t.Errorf("minute %d: %s of %d and %s of %d are left, want %s", i, m.ReadLeft, m.ReadRate, m.WriteLeft, m.WriteRate, want)
		}
	}
	if n := f.Tables("")[0].Items; n != 0 {
		t.Errorf("%d rows were written", n)
	}
}

// The text of a load is read back, and what is wrong is said.
func TestLoadText(t *testing.T) {
	for _, text := range []string{
		"a table=Tab rate=100 for=1d", "b table=Tab index=x rate=10s:5,1h1m:900,1d12h:0 for=31d reads=100 keys=hot hot=30 count=20 size=409600 region=eu-west-1",
		"c table=Tab rate=0,1h:10 for=3661s reads=50 consistent=true keys=ordered count=24", "d table=Tab rate=1 for=90s keys=zipf",
	} {
		l, err := engine.ParseLoad(text)
		if err != nil {
			t.Error(err)
			continue
		}
		want := strings.NewReplacer("3661s", "1h1m1s", "90s", "1m30s").Replace(text)
		if l.String() != want {
			t.Errorf("%s\nbecame %s", want, l)
		}
	}
	for text, why := range map[string]string{
		"":                                                   "a name is wanted",
		"a b":                                                `"b" is none of table, index, rate, for`,
		"no/name table=Tab":                                  "is no name",
		"a table=Tab rate=5":                                 "for is 0s",
		"a table=Tab for=5s":                                 "rate has 0 points",
		"a rate=5 for=5s":                                    "table=",
		"a table=Tab rate=5 for=1.5s":                        `for cannot be "1.5s"`,
		"a table=Tab rate=5 for=32d":                         "for cannot be",
		"a table=Tab rate=5 for=31d1s":                       "not whole seconds up to 31 days",
		"a table=Tab rate=5 for=s":                           "for cannot be",
		"a table=Tab rate=5 for=1m1h":                        "for cannot be",
		"a table=Tab rate=-5 for=1s":                         "rate is -5",
		"a table=Tab rate=100001 for=1s":                     "rate is 100001",
		"a table=Tab rate=5,6 for=1s":                        "rate cannot be",
		"a table=Tab rate=5,1s:6,1s:7 for=1s":                "not ascending",
		"a table=Tab rate= for=1s":                           "rate cannot be",
		"a table=Tab rate=5 for=1s reads=101":                "reads is 101",
		"a table=Tab rate=5 for=1s reads=x":                  "reads cannot be",
		"a table=Tab rate=5 for=1s keys=cold":                "not uniform, zipf, hot or ordered",
		"a table=Tab rate=5 for=1s hot=5":                    "hot is for keys=hot",
		"a table=Tab rate=5 for=1s keys=hot count=1":         "at least 2",
		"a table=Tab rate=5 for=1s count=100001":             "count is 100001",
		"a table=Tab rate=5 for=1s size=409601":              "size is 409601",
		"a table=Tab rate=5 for=1s index=x":                  "an index is for reads",
		"a table=Tab rate=5 for=1s consistent=perhaps":       "consistent cannot be",
		"a table=Tab rate=100000 for=2001s":                  "200100000 requests are too many",
		"a table=Tab rate=5 for=1s region=eu/west reads=100": "as names",
	} {
		if _, err := engine.ParseLoad(text); err == nil || !strings.Contains(err.Error(), why) {
			t.Errorf("%q: %v, want %s", text, err, why)
		}
	}
}

// The rate follows straight lines: in k seconds of a rise from 0 to 10 in 10
// seconds there are k²/2 requests, rounded down.
func TestLoadRate(t *testing.T) {
	f := throttled(t, engine.Settings{})
	onDemandTable(f)
	loaded(t, f, "ramp table=Tab rate=0,10s:10,20s:10,30s:0 for=40s")
	for second := int64(1); second <= 39; second++ {
		want := second * second / 2
		switch {
		case second > 30:
			want = 50 + 100 + 50
		case second > 20:
			left := 30 - second
			want = (400 - left*left) / 2 // half a request more or less
		case second > 10:
			want = 50 + (second-10)*10
		}
		got := f.Loads("")[0].Asked
		if got != want {
			t.Errorf("%d requests in %d seconds, want %d", got, second, want)
		}
		later(t, f, time.Second)
	}
	if l, _ := engine.ParseLoad("ramp table=Tab rate=0,10s:10,20s:10,30s:0 for=40s"); l.Requests() != 200 {
		t.Errorf("%d requests in all", l.Requests())
	}
}

// Loads are state: forks part, snapshots and histories keep them.
func TestLoadIsState(t *testing.T) {
	e := engine.New(engine.Options{Seed: 5, Settings: engine.Settings{Throttle: true, SplitHeat: time.Minute}})
	r := engine.NewRecorder(e, false)
	r.Handle(engine.Call{Target: engine.Target("CreateTable"), Body: []byte(`{"TableName":"Tab","BillingMode":"PAY_PER_REQUEST",` + sorted + `}`)})
	loaded(t, r, "hot table=Tab rate=0,2m:4000 for=4m reads=20 keys=zipf count=300")
	loaded(t, r, "more table=Tab rate=100 for=1h")
	pass := func(e interface{ AdvanceTo(time.Time) error }, now time.Time, d time.Duration) {
		t.Helper()
		if err := e.AdvanceTo(now.Add(d)); err != nil {
			t.Fatal(err)
		}
	}
	pass(r, e.Now(), 100*time.Second)
	fork, hash := e.Fork(), e.StateHash()
	restored, err := engine.Restore(e.AppendSnapshot(nil))
	if err != nil || restored.StateHash() != hash {
		t.Fatalf("a snapshot loses it: %v", err)
	}
	pass(fork, fork.Now(), 3*time.Minute)
	if e.StateHash() != hash {
		t.Fatal("a fork's loads are the engine's")
	}
	pass(restored, restored.Now(), 3*time.Minute)
	pass(r, e.Now(), 3*time.Minute)
	if e.StateHash() != fork.StateHash() || e.StateHash() != restored.StateHash() {
		t.Error("copies of a load go different ways")
	}
	h := e.Heat("", "Tab", "")
	if len(h.Splits) == 0 || len(h.Minutes) < 4 {
		t.Fatalf("a test of too little: %d splits, %d minutes", len(h.Splits), len(h.Minutes))
	}
	if err := r.StopLoad("", "more"); err != nil || len(e.Loads("")) != 0 || len(e.Due()) != 0 {
		t.Errorf("%v, %v, %v", err, e.Loads(""), e.Due())
	}
	if r.StopLoad("", "more") == nil {
		t.Error("it is stopped twice")
	}
	text := r.History().Append(nil)
	again, err := engine.ParseHistory(text)
	if err != nil {
		t.Fatal(err)
	}
	replayed, err := again.Replay(nil)
	if err != nil || replayed.StateHash() != e.StateHash() || string(again.Append(nil)) != string(text) {
		t.Errorf("the history leads elsewhere: %v\n%s", err, text)
	}
}

// What the minutes and the cells of the partitions tell is the same, and the
// partitions after each split are those that it says.
func TestHeat(t *testing.T) {
	f := throttled(t, engine.Settings{SplitHeat: 90 * time.Second})
	f.Must("CreateTable", `{"TableName":"Tab","BillingMode":"PAY_PER_REQUEST","AttributeDefinitions":[{"AttributeName":"pk","AttributeType":"S"},{"AttributeName":"g","AttributeType":"S"}],
		"KeySchema":[{"AttributeName":"pk","KeyType":"HASH"}],
		"GlobalSecondaryIndexes":[{"IndexName":"byG","KeySchema":[{"AttributeName":"g","KeyType":"HASH"}],"Projection":{"ProjectionType":"ALL"}}]}`)
	firsts := f.Heat("", "Tab", "").Partitions
	if firsts != nil || len(f.Heat("", "Tab", "none").Minutes)+len(f.Heat("", "None", "").Minutes) != 0 {
		t.Error("there is heat of nothing")
	}
	loaded(t, f, "a table=Tab index=byG rate=5000 for=5m reads=40 keys=zipf count=50 size=900")
	firsts = f.Heat("", "Tab", "").Partitions
	later(t, f, 200*time.Second)
	if err := f.Split(engine.Split{Table: "Tab"}); err != nil {
		t.Fatal(err)
	}
	later(t, f, 200*time.Second)
	for _, index := range []string{"", "byG"} {
		h, minutes := f.Heat("", "Tab", index), f.Metrics("", "Tab", index)
		if len(h.Minutes) != 5 || len(minutes) != 5 || len(h.Splits) < 2 {
			t.Fatalf("%q: %d and %d minutes, %d splits", index, len(h.Minutes), len(minutes), len(h.Splits))
		}
		for i, m := range h.Minutes {
			var sum engine.HeatCell
			for j, c := range m.Cells {
				sum.Read, sum.Write = sum.Read+c.Read, sum.Write+c.Write
				sum.ReadThrottled, sum.WriteThrottled = sum.ReadThrottled+c.ReadThrottled, sum.WriteThrottled+c.WriteThrottled
				if j > 0 && m.Cells[j-1].First > c.First || c.First > c.Last {
					t.Errorf("%q, minute %d: %x to %x", index, i, c.First, c.Last)
				}
			}
			want := minutes[i]
			if m.Start != want.Start() || sum.Read != want.Read || sum.Write != want.Write || sum.ReadThrottled != want.ReadThrottled || sum.WriteThrottled != want.WriteThrottled {
				t.Errorf("%q, minute %d: the partitions have %+v, all %+v", index, i, sum, want)
			}
			if over := want.WriteOver[engine.LimitKeyRange]; over.Requests != want.WriteThrottled {
				t.Errorf("%q, minute %d: %+v of %+v", index, i, over, want)
			}
		}
	}
	causes := map[engine.SplitCause]int{}
	for _, x := range f.Heat("", "Tab", "").Splits {
		causes[x.Cause]++
		i, found := slices.BinarySearch(firsts, x.First)
		if !found || x.Middle <= x.First || x.Last < x.Middle || i+1 < len(firsts) && x.Last != firsts[i+1]-1 {
			t.Fatalf("%x has no partition %x to %x to be split at %x", firsts, x.First, x.Last, x.Middle)
		}
		firsts = slices.Insert(firsts, i+1, x.Middle)
	}
	if got := f.Heat("", "Tab", "").Partitions; !slices.Equal(got, firsts) || causes[engine.SplitByHeat] == 0 || causes[engine.SplitByHost] != 1 {
		t.Errorf("%x by %v, want %x", firsts, causes, got)
	}
}

// The requests of a load, sent by somebody where its items are: the same
// minutes, partitions and buckets come of them.
func TestLoadRequests(t *testing.T) {
	long(t)
	const table = `{"TableName":"Tab",%s"AttributeDefinitions":[{"AttributeName":"pk","AttributeType":"S"},{"AttributeName":"sk","AttributeType":"N"},{"AttributeName":"g","AttributeType":"B"}],
		"KeySchema":[{"AttributeName":"pk","KeyType":"HASH"},{"AttributeName":"sk","KeyType":"RANGE"}],
		"LocalSecondaryIndexes":[{"IndexName":"loc","KeySchema":[{"AttributeName":"pk","KeyType":"HASH"},{"AttributeName":"g","KeyType":"RANGE"}],"Projection":{"ProjectionType":"INCLUDE","NonKeyAttributes":["a"]}}],
		"GlobalSecondaryIndexes":[{"IndexName":"byG","KeySchema":[{"AttributeName":"g","KeyType":"HASH"},{"AttributeName":"sk","KeyType":"RANGE"}],"Projection":{"ProjectionType":"ALL"}%[2]s},
			{"IndexName":"part","KeySchema":[{"AttributeName":"sk","KeyType":"HASH"},{"AttributeName":"g","KeyType":"HASH"}],"Projection":{"ProjectionType":"INCLUDE","NonKeyAttributes":["a","b"]}%[2]s},
			{"IndexName":"keys","KeySchema":[{"AttributeName":"g","KeyType":"HASH"}],"Projection":{"ProjectionType":"KEYS_ONLY"}%[2]s}]}`
	onDemand := fmt.Sprintf(table, `"BillingMode":"PAY_PER_REQUEST","OnDemandThroughput":{"MaxReadRequestUnits":60,"MaxWriteRequestUnits":4000},`, "")
	units := `"ProvisionedThroughput":{"ReadCapacityUnits":40,"WriteCapacityUnits":100}`
	provisioned := fmt.Sprintf(table, units+",", ","+units)
	for _, c := range []struct{ create, load string }{
		{onDemand, "rate=200 reads=70"}, {provisioned, "rate=60 reads=50 consistent=true size=5000 keys=zipf"},
		{provisioned, "rate=10,15s:90 reads=70 index=byG size=9000 keys=hot hot=50"}, {provisioned, "rate=60 reads=90 index=loc consistent=true size=20000"},
		{provisioned, "rate=60 reads=90 index=part size=40000"}, {provisioned, "rate=300 reads=90 index=keys keys=ordered size=200"},
		{onDemand, "rate=20 reads=10 size=200000 keys=hot hot=90"},
	} {
		made, sent := throttled(t, engine.Settings{}), enginetest.With(t, engine.Options{Seed: 7})
		made.Must("CreateTable", c.create)
		sent.Must("CreateTable", c.create)
		store := enginetest.Wrap(t, sent.Fork())
		loaded(t, store, "a table=Tab for=1h "+"rate=100 count=30 size="+size(c.load))
		for i := range int64(500) {
			request, err := store.LoadRequest("", "a", 100_000+i) // no write is to leave an item as it was
			if r := sent.Handle(request); err != nil || r.Status != 200 {
				t.Fatalf("%v, %s", err, r.Body)
			}
		}
		if err := sent.Configure("throttle", "true"); err != nil {
			t.Fatal(err)
		}
		later(t, made, 10*time.Second)
		later(t, sent, 10*time.Second)
		loaded(t, made, "a table=Tab for=60s count=30 "+c.load)
		passed, number := int64(0), int64(0)
		for second := range 20 {
			info := made.Loads("")[0]
			for ; number < info.Asked; number++ {
				request, err := made.LoadRequest("", "a", number)
				if err != nil {
					t.Fatal(err)
				}
				switch r := sent.Handle(request); {
				case r.Status == 200:
					passed++
				case !bytes.Contains(r.Body, []byte("hrottlingReasons")):
					t.Fatalf("%s\n%s", request.Body, r.Body)
				}
			}
			if info.Passed != passed {
				t.Fatalf("%s, second %d: %d of %d passed, sent %d", c.load, second, info.Passed, info.Asked, passed)
			}
			if second < 19 {
				later(t, made, time.Second)
				later(t, sent, time.Second)
			}
		}
		if passed == number || passed < 50 {
			t.Errorf("%s: %d of %d passed: a test of nothing", c.load, passed, number)
		}
		for _, index := range []string{"", "byG", "part", "keys"} {
			if a, b := made.Metrics("", "Tab", index), sent.Metrics("", "Tab", index); !reflect.DeepEqual(a, b) {
				t.Errorf("%s, %q: minutes\n%+v\nsent\n%+v", c.load, index, a, b)
			}
			if a, b := made.Heat("", "Tab", index), sent.Heat("", "Tab", index); !reflect.DeepEqual(a, b) {
				t.Errorf("%s, %q: heat\n%+v\nsent\n%+v", c.load, index, a, b)
			}
		}
		if a, b := made.Capacities("", "Tab"), sent.Capacities("", "Tab"); !reflect.DeepEqual(a, b) {
			t.Errorf("%s: left\n%+v\nsent\n%+v", c.load, a, b)
		}
	}
}

// size is the size in the text of a load.
func size(load string) string {
	_, size, ok := strings.Cut(load, "size=")
	if !ok {
		return "1000"
	}
	size, _, _ = strings.Cut(size, " ")
	return size
}

// BenchmarkLoadHour is an hour of 1,000 requests a second on a table with an
// index, of which some are throttled: 3.6 million.
func BenchmarkLoadHour(b *testing.B) {
	for _, keys := range []string{"uniform", "zipf", "hot hot=50"} {
		b.Run(strings.Fields(keys)[0], func(b *testing.B) {
			start := throttled(b, engine.Settings{})
			start.Must("CreateTable", `{"TableName":"Tab","BillingMode":"PAY_PER_REQUEST","AttributeDefinitions":[{"AttributeName":"pk","AttributeType":"S"},{"AttributeName":"g","AttributeType":"S"}],
				"KeySchema":[{"AttributeName":"pk","KeyType":"HASH"}],
				"GlobalSecondaryIndexes":[{"IndexName":"byG","KeySchema":[{"AttributeName":"g","KeyType":"HASH"}],"Projection":{"ProjectionType":"ALL"}}]}`)
			loaded(b, start, "hour table=Tab rate=1000 for=1h reads=50 count=10000 size=3000 keys="+keys)
			for b.Loop() {
				e := start.Fork()
				if err := e.AdvanceTo(e.Now().Add(time.Hour)); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
