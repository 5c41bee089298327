package global

import (
	"strings"
	"testing"
)

// The strong preset ends as its paragraph says: the second of two writes is
// refused, and so is one without a quorum; nothing is lost.
func TestStrongPreset(t *testing.T) {
	p := newTester(t)
	p.post("/preset", "name", strongPreset)
	p.end()
	want(t, "the log", p.log(),
		"01.035 east-2 refuses UpdateItem: ReplicatedWriteConflictException", "02.000 east-2 writes kind-of-blue, stock 3",
		"03.300 west-2 refuses UpdateItem", "04.500 west-2 writes kind-of-blue, price 22")
	for _, region := range []string{"us-east-1", "us-east-2", "us-west-2"} {
		want(t, region, p.rows(region), "kind-of-blue 22 3 04.500 west-2")
	}
	if v := p.view(); v.Ledger.Lost != 0 || !v.Agreed || !v.Strong || !v.Modes {
		t.Errorf("lost %d, agreed %v, strong %v, modes %v", v.Ledger.Lost, v.Agreed, v.Strong, v.Modes)
	}
}

// The same requests lose nothing where the table is strongly consistent, and a
// read elsewhere gives what was written.
func TestStrongModeLosesNothing(t *testing.T) {
	for _, name := range presetNames[:len(presetNames)-1] {
		p := newTester(t)
		p.post("/preset", "name", name)
		p.post("/mode", "mode", "strong")
		p.end()
		if v := p.view(); v.Ledger.Lost != 0 || !v.Agreed || len(v.Regions) != 3 {
			t.Errorf("%s: %d lost in %d regions, agreed %v", name, v.Ledger.Lost, len(v.Regions), v.Agreed)
		}
		if name == "read-your-write" {
			want(t, "the log", p.log(), `01.200 east-2 answers GetItem {"Item":{"album":{"S":"kind-of-blue"},"price":{"N":"24"}`)
		}
		if a := string(p.ask("GET", "/link").Body); !strings.Contains(a, "&mode=strong") || strings.Contains(a, "#") {
			t.Errorf("%s: the address is %s", name, a)
		}
	}
}
