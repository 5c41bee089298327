package engine_test

import (
	"strings"
	"testing"
	"time"

	"github.com/sortkey/sortkey/engine"
	"github.com/sortkey/sortkey/engine/enginetest"
)

// The service time of a reply follows from the operation, its bytes, the seed
// and the time.
func TestServiceTime(t *testing.T) {
	took := func(seed uint64, operation, body string) time.Duration {
		f := enginetest.With(t, engine.Options{Seed: seed})
		f.Must("CreateTable", plain)
		return f.Handle(engine.Call{Target: engine.Target(operation), Body: []byte(body)}).Took
	}
	const get = `{"TableName":"Tab","Key":{"pk":{"S":"a"},"sk":{"N":"1"}}}`
	put := func(n int) string {
		return `{"TableName":"Tab","Item":{"pk":{"S":"a"},"sk":{"N":"1"},"x":{"S":"` + strings.Repeat("x", n) + `"}}}`
	}
	if a, b := took(1, "GetItem", get), took(1, "GetItem", get); a != b {
		t.Errorf("twice the same takes %s and %s", a, b)
	}
	differ := false
	for seed := range uint64(5) {
		differ = differ || took(seed, "GetItem", get) != took(9, "GetItem", get)
	}
	if !differ {
		t.Error("six seeds give one time")
	}
	for _, c := range []struct {
		operation, body string
		least, most     time.Duration
	}{
		{"GetItem", get, 2080 * time.Microsecond, 3120 * time.Microsecond},
		{"PutItem", put(10), 4080 * time.Microsecond, 6120 * time.Microsecond},
		{"PutItem", put(400_000), 7960 * time.Microsecond, 11940 * time.Microsecond},
		{"TransactGetItems", `{"TransactItems":[{"Get":` + get + `}]}`, 6080 * time.Microsecond, 9120 * time.Microsecond},
		{"ListTables", "{}", 20080 * time.Microsecond, 30120 * time.Microsecond},
		{"GetItem", "{}", 1080 * time.Microsecond, 1620 * time.Microsecond},
		{"Nothing", "{}", 1080 * time.Microsecond, 1620 * time.Microsecond},
	} {
		if got := took(4, c.operation, c.body); got < c.least || got > c.most || got%time.Microsecond != 0 {
			t.Errorf("%s with %d bytes takes %s, want %s to %s", c.operation, len(c.body), got, c.least, c.most)
		}
	}
}
