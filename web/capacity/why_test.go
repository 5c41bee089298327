package capacity

import (
	"strings"
	"testing"
	"time"

	"github.com/sortkey/sortkey/engine"
)

// whyAt is what is said of a minute of a preset's run, in one text.
func whyAt(t *testing.T, s *simulator, k knobs, minute int, show string) string {
	t.Helper()
	v, err := s.view(&place{knobs: k, at: minute, until: minute, have: minute, show: show})
	if err != nil {
		t.Fatal(err)
	}
	var text []string
	for _, w := range v.Why {
		text = append(text, w.String())
	}
	return strings.ReplaceAll(strings.Join(text, " "), "\u00a0", " ")
}

// TestHourWhy: what is said of runs, and in the next test that it is so.
func TestHourWhy(t *testing.T) {
	s := &simulator{}
	for _, c := range []struct {
		preset string
		minute int
		want   []string
	}{
		{"partition", 0, []string{"It is 09:00, and nothing has been asked of the table yet."}},
		{"partition", 11, []string{"% of 400 WCU, above the target of 70 %. One such minute is not enough, scaling out wants two.", "Nothing has been throttled so far: in 1 minute more was used than provisioned"}},
		{"partition", 12, []string{": auto scaling has just gone from 400 to 1,043."}},
		{"partition", 47, []string{
			"At 09:47 use is at 18.2 % of 2,858 WCU, but scaling in waits for fifteen such minutes in a row; there have been nine.",
			"8,197 writes were throttled so far, all of them by partition p1 at its limit of 1,000 a second.",
			"Raising the table twice meanwhile changed nothing for it; the split at 09:34 ended it.",
		}},
		{"key", 47, []string{"helped a little", "one key is asked for 1,152 units a second"}},
		{"quiet", 10, []string{"use is at 20 % of 300 WCU, but scaling in waits for fifteen such minutes in a row; there have been ten."}},
		{"quiet", 15, []string{"auto scaling has just gone from 300 to 86."}},
		{"index", 40, []string{"all of them by the index byStatus, which keeps its 300 WCU"}},
		{"demand", 10, []string{"WCU a second of the 4,000 that it has grown to.", "Its peak since 09:01 is", "at 09:31 it may go to twice"}},
		{"demand", 28, []string{"because the table has not grown to more yet"}},
		{"time", 36, []string{"writes were throttled so far, all of them by the partitions p3, p4", "Raising the table once meanwhile changed nothing for it."}},
	} {
		got := whyAt(t, s, presetNamed(c.preset).knobs, c.minute, "")
		for _, want := range c.want {
			if !strings.Contains(got, want) {
				t.Errorf("%s, minute %d: %q is not in\n%s", c.preset, c.minute, want, got)
			}
		}
	}
}

// TestHourWhyIsSo: the claims of the sentences, from what the engine knows.
func TestHourWhyIsSo(t *testing.T) {
	k := presetNamed("partition").knobs
	r, err := newRun(k, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := r.reach(47); err != nil {
		t.Fatal(err)
	}
	e := r.at(47)
	throttled, byPartition, after := int64(0), int64(0), int64(0)
	splits := e.Heat("", runTable, "").Splits
	last := splits[len(splits)-1]
	for _, m := range e.Metrics("", runTable, "") {
		throttled += m.WriteThrottled
		byPartition += m.WriteOver[engine.LimitKeyRange].Requests
		if m.Start().After(last.At) {
			after += m.WriteThrottled
		}
	}
	if throttled == 0 || throttled != byPartition || after != 0 || last.Cause != engine.SplitByHeat {
		t.Errorf("%d throttled, %d by partitions, %d after the split for %v", throttled, byPartition, after, last.Cause)
	}
	raised := 0
	for _, a := range r.activities(47) {
		if a.To > a.From && a.Start.After(last.At.Add(-6*time.Minute)) && a.Start.Before(last.At.Add(time.Minute)) {
			raised++
		}
	}
	if raised < 2 {
		t.Errorf("raised %d times while it was hot", raised)
	}
	info := e.ScalingInfo("", runTable)[0]
	if info.Below != 9 || info.Capacity != 2858 {
		t.Errorf("%d minutes below, capacity %d", info.Below, info.Capacity)
	}
}

// TestLanes: reads and the index have their own charts, and reads their own
// sentences.
func TestLanes(t *testing.T) {
	s := &simulator{}
	k := small()
	k.Set("h-reads", "50")
	k.Set("h-index", "200")
	knobs, wrong := readKnobs(k, firstKnobs)
	if wrong != "" {
		t.Fatal(wrong)
	}
	for show, want := range map[string]string{"reads": "RCU", "index": "nothing scales the index", "writes": "WCU"} {
		if got := whyAt(t, s, knobs, 30, show); !strings.Contains(got, want) {
			t.Errorf("%s: %s", show, got)
		}
		v, _ := s.view(&place{knobs: knobs, at: 30, until: 30, have: 30, show: show})
		if len(v.Shown) != 3 || len(v.Chart.Columns) != 30 || v.Chart.Columns[29].Used == 0 || len(v.Heat.Rows) == 0 || len(v.Burst.Left) != 30 {
			t.Errorf("%s: %d lanes, %d columns, %d partitions", show, len(v.Shown), len(v.Chart.Columns), len(v.Heat.Rows))
		}
	}
}

// TestPartitionNames: a half is called after the whole, and only what was split
// later is news.
func TestPartitionNames(t *testing.T) {
	r := &run{start: shapes[0].start(), shape: shapes[0]}
	const q = uint64(1) << 62
	heat := engine.PartitionSplit{At: r.start.Add(5 * time.Minute), First: q, Middle: q + q/2, Last: 2*q - 1, Cause: engine.SplitByHeat}
	size := engine.PartitionSplit{At: r.start.Add(9 * time.Minute), First: q + q/2, Middle: q + q/2 + q/4, Last: 2*q - 1, Cause: engine.SplitBySize}
	first := engine.PartitionSplit{At: r.start, First: 0, Middle: 2 * q, Last: ^uint64(0), Cause: engine.SplitByGrowth}
	p := r.partitions(engine.Heat{
		Partitions: []uint64{0, q, q + q/2, q + q/2 + q/4, 2 * q}, Splits: []engine.PartitionSplit{first, heat, size},
	})
	var got []string
	for _, x := range p.rows {
		got = append(got, x.name+" "+x.cause)
	}
	if text := strings.Join(got, ", "); text != "p1 , p2a , p2ba heat, p2bb size, p3 " {
		t.Errorf("the partitions are %s", text)
	}
	if p.names[hashes{q, 2*q - 1}] != "p2" || p.names[hashes{q + q/2, 2*q - 1}] != "p2b" {
		t.Errorf("their names before: %v", p.names)
	}
}
