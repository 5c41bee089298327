package engine_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/sortkey/sortkey/engine"
	"github.com/sortkey/sortkey/engine/enginetest"
)

// onlineIndexes are the global indexes of the table "indexed", as UpdateTable
// makes them.
var onlineIndexes = map[string]string{
	"byG": `{"Create":{"IndexName":"byG","KeySchema":[{"AttributeName":"g","KeyType":"HASH"},{"AttributeName":"r","KeyType":"RANGE"}],"Projection":{"ProjectionType":"ALL"}}}`,
	"byR": `{"Create":{"IndexName":"byR","KeySchema":[{"AttributeName":"r","KeyType":"HASH"}],"Projection":{"ProjectionType":"KEYS_ONLY"}}}`,
}

func updateIndexes(update string) string {
	return `{"TableName":"Tab","AttributeDefinitions":[{"AttributeName":"g","AttributeType":"S"},{"AttributeName":"r","AttributeType":"N"}],
		"GlobalSecondaryIndexUpdates":[` + update + `]}`
}

// statusOf is the status of an index, "" where there is none, and how far it is.
func statusOf(f *enginetest.Fixture, index string) (status string, filled, total int) {
	table := f.Tables("")[0]
	for _, x := range table.Indexes {
		if x.Name == index {
			return x.Status, x.Filled, table.Items
		}
	}
	return "", 0, table.Items
}

// TestIndexAgainstModel makes and deletes the global indexes over and over,
// ready or not, while random writes go on: whenever one can be read it has to
// hold what the model says, and a snapshot and a fork in the midst of it go on
// as the engine does.
func TestIndexAgainstModel(t *testing.T) {
	long(t)
	for seed := range uint64(4) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			o := engine.Options{Degree: 3, Settings: engine.Settings{Transition: 2 * time.Second, BackfillRate: 10}}
			f := enginetest.With(t, o)
			f.Must("CreateTable", indexed)
			f.Pass(o.Transition)
			r := &enginetest.Random{State: seed}
			md := model{}
			read, midway := 0, 0
			for range 1500 {
				mutate(t, f, r, md)
				switch n := r.Below(60); {
				case n == 0:
					toggle(f, r)
				case n < 16:
					f.Pass(time.Duration(r.Below(1200)) * time.Millisecond)
				}
				if r.Below(15) > 0 {
					continue
				}
				if err := f.Check(); err != nil {
					t.Fatal(err)
				}
				for index := range onlineIndexes {
					switch status, filled, total := statusOf(f, index); {
					case status == "ACTIVE":
						compareIndex(t, f, md, index)
						read++
					case status == "CREATING" && filled > 0 && filled < total:
						sameLater(t, f)
						midway++
					}
				}
			}
			if read < 20 || midway < 5 {
				t.Errorf("an index was read %d times and seen half filled %d times", read, midway)
			}
		})
	}
}

// toggle asks for one of the indexes to be made or deleted; it may be refused.
func toggle(f *enginetest.Fixture, r *enginetest.Random) {
	index := enginetest.Pick(r, []string{"byG", "byR"})
	update := onlineIndexes[index]
	if status, _, _ := statusOf(f, index); status != "" {
		update = `{"Delete":{"IndexName":"` + index + `"}}`
	}
	f.Do("UpdateTable", updateIndexes(update))
}

// compareIndex reads the index whole.
func compareIndex(t *testing.T, f *enginetest.Fixture, md model, index string) {
	t.Helper()
	got := collect(t, f, "Scan", `{"TableName":"Tab","IndexName":"`+index+`"`, 7)
	want := map[string]bool{}
	for _, m := range md {
		if m.in(index) {
			want[m.entry(index)] = true
		}
	}
	if len(got) != len(want) {
		t.Fatalf("%s has %d entries, want %d", index, len(got), len(want))
	}
	for _, item := range got {
		if !want[item] {
			t.Fatalf("%s has %s", index, item)
		}
	}
}

// sameLater lets copies of the engine go on and compares them.
func sameLater(t *testing.T, f *enginetest.Fixture) {
	t.Helper()
	restored, err := engine.Restore(f.AppendSnapshot(nil))
	if err != nil {
		t.Fatal(err)
	}
	if restored.StateHash() != f.StateHash() {
		t.Fatalf("a snapshot loses something of a half filled index:\n%s", f.AppendSnapshot(nil))
	}
	fork := f.Fork()
	for _, e := range []*engine.Engine{fork, restored} {
		e.Handle(engine.Call{Target: engine.Target("PutItem"), Body: []byte(`{"TableName":"Tab","Item":{"pk":{"S":"p1"},"sk":{"N":"99"},"g":{"S":"A"},"r":{"N":"1"}}}`)})
		if err := e.AdvanceTo(e.Now().Add(time.Minute)); err != nil {
			t.Fatal(err)
		}
		if err := e.Check(); err != nil {
			t.Fatal(err)
		}
	}
	if fork.StateHash() != restored.StateHash() {
		t.Fatal("a fork and a snapshot of a half filled index go on differently")
	}
	if fork.StateHash() == f.StateHash() {
		t.Fatal("the fork has not gone on")
	}
}

// Without a delay an index is ready with the next request; with one and no rate
// it is filled at one stroke, a transition after it got its room.
func TestIndexAtOnce(t *testing.T) {
	for _, transition := range []time.Duration{0, 3 * time.Second} {
		f := enginetest.With(t, engine.Options{Settings: engine.Settings{Transition: transition}})
		f.Must("CreateTable", plain)
		f.Pass(transition)
		for i := range 50 {
			f.Must("PutItem", fmt.Sprintf(`{"TableName":"Tab","Item":{"pk":{"S":"p%d"},"sk":{"N":"1"},"r":{"N":"%d"}}}`, i, i%3))
		}
		f.Must("UpdateTable", updateIndexes(onlineIndexes["byR"]))
		if transition > 0 {
			if status, filled, total := statusOf(f, "byR"); status != "CREATING" || filled != 0 || total != 50 {
				t.Errorf("got %s, %d of %d", status, filled, total)
			}
			f.Pass(2*transition - 1)
			if status, filled, _ := statusOf(f, "byR"); status != "CREATING" || filled != 0 {
				t.Errorf("just before: %s, %d filled", status, filled)
			}
			f.Pass(1)
		}
		if status, filled, _ := statusOf(f, "byR"); status != "ACTIVE" || filled != 50 {
			t.Errorf("transition %s: %s, %d filled", transition, status, filled)
		}
	}
}

// At a rate the items come in step by step.
func TestBackfillRate(t *testing.T) {
	f := enginetest.With(t, engine.Options{Settings: engine.Settings{BackfillRate: 100}})
	f.Must("CreateTable", plain)
	for i := range 250 {
		f.Must("PutItem", fmt.Sprintf(`{"TableName":"Tab","Item":{"pk":{"S":"p%d"},"sk":{"N":"1"},"r":{"N":"1"}}}`, i))
	}
	f.Must("UpdateTable", updateIndexes(onlineIndexes["byR"]))
	for _, want := range []int{100, 200} {
		f.Pass(time.Second)
		if status, filled, _ := statusOf(f, "byR"); status != "CREATING" || filled != want {
			t.Errorf("%s with %d filled, want %d", status, filled, want)
		}
	}
	if err := f.Configure("backfill-rate", "0"); err != nil { // the rest at the next step
		t.Fatal(err)
	}
	f.Pass(100 * time.Millisecond)
	if status, filled, _ := statusOf(f, "byR"); status != "ACTIVE" || filled != 250 {
		t.Errorf("%s with %d filled at the end", status, filled)
	}
}

// An index that is deleted half filled and made again is another one: the steps
// of the first do not hurry it.
func TestIndexMadeAgain(t *testing.T) {
	f := enginetest.With(t, engine.Options{Settings: engine.Settings{BackfillRate: 1}})
	f.Must("CreateTable", plain)
	for i := range 5 {
		f.Must("PutItem", fmt.Sprintf(`{"TableName":"Tab","Item":{"pk":{"S":"p%d"},"sk":{"N":"1"},"r":{"N":"1"}}}`, i))
	}
	f.Must("UpdateTable", updateIndexes(onlineIndexes["byR"]))
	f.Pass(2500 * time.Millisecond)
	f.Must("UpdateTable", updateIndexes(`{"Delete":{"IndexName":"byR"}}`))
	f.Must("UpdateTable", updateIndexes(onlineIndexes["byR"]))
	f.Pass(600 * time.Millisecond)
	if _, filled, _ := statusOf(f, "byR"); filled != 0 {
		t.Errorf("%d items after 0.6 seconds at one a second", filled)
	}
	f.Pass(5 * time.Second)
	if status, _, _ := statusOf(f, "byR"); status != "ACTIVE" {
		t.Errorf("it is %s at the end", status)
	}
}
