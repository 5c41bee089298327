package global

import (
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/sortkey/sortkey/engine"
)

// Of the past so much is taken down that nothing more of it would be shown.
func TestRecallIsEnough(t *testing.T) {
	p := recorded(t, 90*time.Second)
	p.t = t
	short := 0
	compare := func() {
		t.Helper()
		e, err := p.lab.state()
		if err != nil {
			t.Fatal(err)
		}
		w := p.lab.world(e)
		got, n := p.lab.timeView(w), len(w.past)
		newest, _ := p.lab.newest(w)
		w.past = nil
		e.Happenings(func(h *engine.Happening) bool {
			w.past = append(w.past, *h)
			return true
		})
		if n < len(w.past) {
			short++
		}
		if want := p.lab.timeView(w); !reflect.DeepEqual(got, want) {
			t.Errorf("at %d of %d happenings are not enough of %d:\n%+v\n%+v", got.Now, n, len(w.past), got, want)
		}
		if want, _ := p.lab.newest(w); !reflect.DeepEqual(newest, want) {
			t.Errorf("at %d the last write is of %v, not %v", got.Now, newest.Key, want.Key)
		}
	}
	for n := range 60 {
		p.lab.goTo(p.anyInstant(n))
		compare()
	}
	if short < 20 { // the log has the preset's cut for half a minute
		t.Errorf("all that is known was taken down %d times of 60", 60-short)
	}
	// A link that is slow reaches far back; one that was cut is drawn for good.
	p.post("/latency/us-east-1.eu-west-1", "ms", "3000")
	p.post("/traffic", "seconds", "30")
	for n := range 30 {
		p.lab.goTo(p.lab.run().instant(p.lab.run().end) - n*997)
		compare()
	}
	p.end()
	p.post("/cut/us-east-1.eu-west-1")
	p.post("/traffic", "seconds", "15")
	p.lab.goTo(p.lab.run().instant(p.lab.run().end) - 8000)
	compare()
	if d := p.lab.view().Time.Diagram; len(d.Cuts) == 0 {
		t.Error("the cut is not drawn")
	}
}

// Of the ledger everything is there that a region's tab marks: a conflict that
// the region's own write has lost against what it shows.
func TestLedgerHasWhatIsShown(t *testing.T) {
	p := recorded(t, 60*time.Second)
	found := 0
	for n := range 60 {
		p.lab.goTo(n * 997)
		e, err := p.lab.state()
		if err != nil {
			t.Fatal(err)
		}
		w := p.lab.world(e)
		for _, c := range e.Ledger(p.lab.regions[0], p.lab.table).Conflicts {
			if !w.shows(c.Winner, c.Loser.Region) {
				continue
			}
			found++
			if !slices.ContainsFunc(w.ledger.Conflicts, func(x engine.Conflict) bool { return reflect.DeepEqual(x, c) }) {
				t.Errorf("at %d the conflict of %v and %v is missing", n*997, c.Winner, c.Loser)
			}
		}
	}
	if found < 60 {
		t.Errorf("%d conflicts found", found)
	}
}
