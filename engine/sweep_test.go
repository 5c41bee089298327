package engine_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/sortkey/sortkey/engine"
	"github.com/sortkey/sortkey/engine/enginetest"
)

// expiring makes a table whose TTL attribute "t" is ENABLED, with n items that
// expire a second apart from now on.
func expiring(f *enginetest.Fixture, n int) {
	f.Must("CreateTable", indexed)
	f.Must("UpdateTimeToLive", `{"TableName":"Tab","TimeToLiveSpecification":{"Enabled":true,"AttributeName":"t"}}`)
	for i := range n {
		f.Must("PutItem", expiringItem(i, f.Now().Unix()+int64(i)))
	}
}

func expiringItem(i int, at int64) string {
	return fmt.Sprintf(`{"TableName":"Tab","Item":{"pk":{"S":"p%d"},"sk":{"N":"%d"},"g":{"S":"g"},"r":{"N":"1"},"t":{"N":"%d"}}}`, i%3, i, at)
}

// TestSweepIsFree: what the service deletes leaves table and indexes, in the
// second in which it is due, and no request is charged for it.
func TestSweepIsFree(t *testing.T) {
	f := enginetest.New(t)
	expiring(f, 10)
	f.Pass(5 * time.Second) // the items of seconds 0 to 4 are over
	info := f.Tables("")[0]
	if info.Items != 5 || info.Indexes[0].Items != 5 {
		t.Errorf("%d items, %d in the index, want 5", info.Items, info.Indexes[0].Items)
	}
	_, receipt := f.Meter(engine.Call{Target: engine.Target("DescribeTable"), Body: []byte(`{"TableName":"Tab"}`)})
	if receipt != nil {
		t.Errorf("after a sweep a request is charged %v", receipt)
	}
	if got := f.Due(); len(got) != 1 || got[0].What != "expired items are deleted" || !got[0].At.Equal(f.Now().Add(time.Second)) {
		t.Errorf("waiting: %+v", got)
	}
}

// TestSweepLag: each item has a lag of its own within the setting, which
// follows from the seed; a change of the setting counts for what is there.
func TestSweepLag(t *testing.T) {
	swept := func(seed uint64, configured bool) (times []string) {
		o := engine.Options{Seed: seed, Settings: engine.Settings{TTLLag: time.Hour}}
		if configured {
			o.TTLLag = 0
		}
		f := enginetest.With(t, o)
		expiring(f, 20)
		if configured {
			if err := f.Configure("ttl-lag", "1h"); err != nil {
				t.Fatal(err)
			}
		}
		late := map[time.Duration]bool{}
		for _, x := range f.Expiries("", "Tab", 100) {
			lag := x.Swept.Sub(x.Expires) - time.Second
			if lag < 0 || lag > time.Hour {
				t.Errorf("%s is swept %s late", x.Item.JSON(), lag)
			}
			late[lag] = true
			times = append(times, x.Swept.String())
		}
		if len(times) != 20 || len(late) < 15 {
			t.Errorf("%d items with %d lags", len(times), len(late))
		}
		f.Pass(2 * time.Hour)
		if n := f.Tables("")[0].Items; n != 0 {
			t.Errorf("%d items are left", n)
		}
		return times
	}
	one := strings.Join(swept(1, false), " ")
	if strings.Join(swept(1, true), " ") != one {
		t.Error("the lags depend on when the setting was made")
	}
	if strings.Join(swept(2, false), " ") == one {
		t.Error("the lags do not depend on the seed")
	}
}

// TestSweepSurvives: a fork and a restored snapshot sweep what the original
// does, in the same order.
func TestSweepSurvives(t *testing.T) {
	f := enginetest.With(t, engine.Options{Seed: 3, Settings: engine.Settings{TTLLag: 5 * time.Second}})
	expiring(f, 30)
	f.Pass(4 * time.Second)
	restored, err := engine.Restore(f.AppendSnapshot(nil))
	if err != nil {
		t.Fatal(err)
	}
	others := []*enginetest.Fixture{enginetest.Wrap(t, f.Fork()), enginetest.Wrap(t, restored)}
	for range 40 {
		f.Pass(time.Second)
		for _, o := range others {
			o.Pass(time.Second)
			if o.StateHash() != f.StateHash() || len(o.Due()) != len(f.Due()) {
				t.Fatalf("%s: another state: %v %v", f.Now(), o.Due(), f.Due())
			}
		}
	}
	if n := f.Tables("")[0].Items; n != 0 {
		t.Errorf("%d items are left", n)
	}
}

// TestExpiry: the countdown of an item, stored or not.
func TestExpiry(t *testing.T) {
	f := enginetest.New(t)
	expiring(f, 3)
	list := f.Expiries("", "Tab", 2)
	if len(list) != 2 || list[0].Expires.After(list[1].Expires) || !list[1].Swept.Equal(f.Now().Add(2*time.Second)) {
		t.Fatalf("got %+v", list)
	}
	if x, ok := f.Expiry("", "Tab", list[1].Item); !ok || x != list[1] {
		t.Errorf("got %+v, want %+v", x, list[1])
	}
	ttl := f.Tables("")[0].TTL
	if ttl.Status != "ENABLED" || ttl.Attribute != "t" || ttl.Items != 3 || !ttl.Next.Equal(f.Now().Add(time.Second)) {
		t.Errorf("got %+v", ttl)
	}
	f.Must("PutItem", expiringItem(50, f.Now().Unix()-6*365*24*60*60)) // too old to be swept
	f.Must("PutItem", expiringItem(51, 1<<62))                         // never
	f.Pass(time.Minute)
	if info := f.Tables("")[0]; info.Items != 2 || !info.TTL.Next.IsZero() || len(f.Due()) != 0 || len(f.Expiries("", "Tab", 9)) != 0 {
		t.Errorf("got %+v, waiting %v", info, f.Due())
	}
	if x, ok := f.Expiry("", "None", list[1].Item); ok {
		t.Errorf("without a table: %+v", x)
	}
}

// TestSweepOfDeletedTable: the events of a table that is going, or gone, do
// nothing to another of its name.
func TestSweepOfDeletedTable(t *testing.T) {
	f := enginetest.With(t, engine.Options{Settings: engine.Settings{Transition: 10 * time.Second}})
	f.Must("CreateTable", indexed)
	if got := f.Refused("UpdateTimeToLive", `{"TableName":"Tab","TimeToLiveSpecification":{"Enabled":true,"AttributeName":"t"}}`); got != "ResourceInUseException: Attempt to change a resource which is still in use: Table is being created: Tab" {
		t.Error(got)
	}
	f.Pass(10 * time.Second)
	f.Must("UpdateTimeToLive", `{"TableName":"Tab","TimeToLiveSpecification":{"Enabled":true,"AttributeName":"t"}}`)
	f.Must("PutItem", expiringItem(1, f.Now().Unix()+5))
	f.Must("PutItem", expiringItem(2, f.Now().Unix()+60))
	f.Must("DeleteTable", `{"TableName":"Tab"}`)
	f.Pass(8 * time.Second)
	if n := f.Tables("")[0].Items; n != 2 {
		t.Errorf("a table that is being deleted is swept: %d items", n)
	}
	f.Pass(2 * time.Second)
	f.Must("CreateTable", indexed)
	f.Pass(time.Hour)
	if got := f.Must("DescribeTimeToLive", `{"TableName":"Tab"}`); got != `{"TimeToLiveDescription":{"TimeToLiveStatus":"DISABLED"}}` {
		t.Error(got)
	}
}
