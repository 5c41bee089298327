package engine_test

import (
	"strings"
	"testing"
	"time"

	"github.com/sortkey/sortkey/engine"
	"github.com/sortkey/sortkey/engine/enginetest"
)

var america = []string{"us-east-1", "us-east-2", "us-west-2"}

// newStrong is a world whose table is strongly consistent: with three replicas,
// or with two and a witness in us-west-2.
func newStrong(t testing.TB, witness bool, o engine.Options) *world {
	w := &world{enginetest.With(t, o), t}
	w.Must("CreateTable", `{"TableName":"Albums","AttributeDefinitions":[{"AttributeName":"album","AttributeType":"S"}],
		"KeySchema":[{"AttributeName":"album","KeyType":"HASH"}],"BillingMode":"PAY_PER_REQUEST"}`)
	more := `{"Create":{"RegionName":"us-east-2"}},{"Create":{"RegionName":"us-west-2"}}]`
	if witness {
		more = `{"Create":{"RegionName":"us-east-2"}}],"GlobalTableWitnessUpdates":[{"Create":{"RegionName":"us-west-2"}}]`
	}
	w.Must("UpdateTable", `{"TableName":"Albums","MultiRegionConsistency":"STRONG","ReplicaUpdates":[`+more+`}`)
	for i, from := range america {
		for _, to := range america[i+1:] {
			w.link(from, to, "latency", "40ms")
		}
	}
	return w
}

func (w *world) strongly(region, album string) engine.Reply {
	return w.in(region, "GetItem", `{"TableName":"Albums","Key":{"album":{"S":"`+album+`"}},"ConsistentRead":true}`)
}

func TestStrongReadsSeeEveryWrite(t *testing.T) {
	for _, witness := range []bool{false, true} {
		w := newStrong(t, witness, engine.Options{})
		r := w.in("us-east-1", "PutItem", `{"TableName":"Albums","Item":{"album":{"S":"hejira"},"n":{"N":"1"}}}`)
		if r.Status != 200 || r.Took < 84*time.Millisecond || r.Took > 100*time.Millisecond {
			t.Errorf("%d %s took %s, want a round trip of 80 ms besides", r.Status, r.Body, r.Took)
		}
		if got := w.get("us-east-2", "hejira"); got != "{}" {
			t.Errorf("an eventually consistent read is ahead of the message: %s", got)
		}
		before := w.StateHash()
		if got := w.strongly("us-east-2", "hejira"); string(got.Body) != `{"Item":{"album":{"S":"hejira"},"n":{"N":"1"}}}` || got.Took < 80*time.Millisecond {
			t.Errorf("%s after %s", got.Body, got.Took)
		}
		if got := w.must("us-east-2", "Scan", `{"TableName":"Albums","ConsistentRead":true}`); !strings.Contains(got, `"Count":1`) {
			t.Errorf("%s", got)
		}
		if w.StateHash() != before {
			t.Error("a read changes the state")
		}
		w.Pass(80 * time.Millisecond)
		got := w.must("us-east-2", "UpdateItem", `{"TableName":"Albums","Key":{"album":{"S":"hejira"}},"UpdateExpression":"ADD n :n","ExpressionAttributeValues":{":n":{"N":"1"}},"ReturnValues":"UPDATED_NEW"}`)
		if got != `{"Attributes":{"n":{"N":"2"}}}` {
			t.Errorf("a write does not see the one before: %s", got)
		}
		w.Pass(time.Second)
		if c := w.Ledger("", "Albums"); len(c.Conflicts) != 0 {
			t.Errorf("%+v", c)
		}
	}
}

// Two writes of an item within a round trip.
func TestReplicatedWriteConflict(t *testing.T) {
	w := newStrong(t, false, engine.Options{})
	w.put("us-east-1", "hejira", "")
	before := w.StateHash()
	put := `{"TableName":"Albums","Item":{"album":{"S":"hejira"}}}`
	r := w.in("us-west-2", "PutItem", put)
	if !strings.Contains(string(r.Body), "#ReplicatedWriteConflictException") || w.StateHash() != before {
		t.Errorf("%s", r.Body)
	}
	batch := w.must("us-west-2", "BatchWriteItem", `{"RequestItems":{"Albums":[{"PutRequest":{"Item":{"album":{"S":"hejira"}}}},{"PutRequest":{"Item":{"album":{"S":"blue"}}}}]}}`)
	if batch != `{"UnprocessedItems":{"Albums":[{"PutRequest":{"Item":{"album":{"S":"hejira"}}}}]}}` {
		t.Errorf("%s", batch)
	}
	w.must("us-east-1", "PutItem", put) // its own writes are in order
	w.Pass(79 * time.Millisecond)
	if r := w.in("us-west-2", "PutItem", put); r.Status != 400 {
		t.Errorf("within the round trip: %d %s", r.Status, r.Body)
	}
	w.Pass(time.Millisecond)
	w.must("us-west-2", "PutItem", put)
}

// A region that hears none of the two others takes no write and answers no
// strong read; a region that is lost costs the others nothing.
func TestQuorum(t *testing.T) {
	for _, witness := range []bool{false, true} {
		w := newStrong(t, witness, engine.Options{})
		w.put("us-east-1", "blue", "")
		w.Pass(time.Second)
		w.link("us-east-1", "us-east-2", "cut", "")
		w.put("us-east-1", "hejira", `,"n":{"N":"1"}`)
		w.Pass(time.Second)
		if got := w.strongly("us-east-2", "hejira"); string(got.Body) != `{"Item":{"album":{"S":"hejira"},"n":{"N":"1"}}}` {
			t.Errorf("by way of the third region: %s", got.Body)
		}
		w.link("us-east-1", "us-west-2", "cut", "")
		put := `{"TableName":"Albums","Item":{"album":{"S":"hejira"}}}`
		before := w.StateHash()
		for _, r := range []engine.Reply{
			w.in("us-east-1", "PutItem", put), w.strongly("us-east-1", "blue"),
			w.in("us-east-1", "BatchWriteItem", `{"RequestItems":{"Albums":[{"PutRequest":{"Item":{"album":{"S":"a"}}}}]}}`),
			w.in("us-east-1", "BatchGetItem", `{"RequestItems":{"Albums":{"Keys":[{"album":{"S":"blue"}}],"ConsistentRead":true}}}`),
			w.in("us-east-1", "Scan", `{"TableName":"Albums","ConsistentRead":true}`),
			w.in("us-east-1", "DeleteItem", `{"TableName":"Albums","Key":{"album":{"S":"blue"}}}`),
			w.in("us-east-1", "UpdateItem", `{"TableName":"Albums","Key":{"album":{"S":"blue"}},"UpdateExpression":"REMOVE n"}`),
			w.in("us-east-1", "Query", `{"TableName":"Albums","ConsistentRead":true,"KeyConditionExpression":"album=:a","ExpressionAttributeValues":{":a":{"S":"blue"}}}`),
		} {
			if r.Status != 500 || !strings.Contains(string(r.Body), "#InternalServerError") || !strings.Contains(string(r.Body), "two of three") {
				t.Errorf("without a quorum: %d %s", r.Status, r.Body)
			}
		}
		if w.StateHash() != before {
			t.Error("what is refused changes the state")
		}
		if got := w.get("us-east-1", "blue"); got == "{}" {
			t.Error("an eventually consistent read needs no quorum")
		}
		w.must("us-east-2", "PutItem", put)
		for _, other := range america[1:] {
			w.link("us-east-1", other, "heal", "")
		}
		w.Pass(time.Second)
		if got := w.get("us-east-1", "hejira"); got != `{"Item":{"album":{"S":"hejira"}}}` {
			t.Errorf("healed: %s", got)
		}
		if err := w.SetRegion(engine.RegionStep{Region: "us-west-2", What: "kill"}); err != nil {
			t.Fatal(err)
		}
		w.must("us-east-1", "PutItem", put)
		w.Pass(time.Second)
		if c := w.Ledger("", "Albums"); len(c.Conflicts) != 0 {
			t.Errorf("%+v", c)
		}
	}
}
