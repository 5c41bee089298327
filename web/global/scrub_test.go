package global

import (
	"runtime"
	"testing"
	"time"

	"github.com/sortkey/sortkey/components"
)

// recorded is a page with so much traffic.
func recorded(t testing.TB, span time.Duration) tester {
	p := tester{New(Config{Faults: func(problem any, stack []byte) { t.Errorf("a bug: %v\n%s", problem, stack) }}), nil}
	p.lab.traffic = span
	for p.lab.traffic > 0 {
		if _, err := p.lab.recordTraffic(min(p.lab.traffic, trafficChunk)); err != nil {
			t.Fatal(err)
		}
	}
	return p
}

// anyInstant is one of the recording, in milliseconds, drawn by a number.
func (p tester) anyInstant(n int) int {
	return int(mix(uint64(n)) % uint64(p.lab.run().instant(p.lab.run().end)))
}

// What is shown of an instant is what a run shows that is made again from its
// beginning, whatever was looked at before.
func TestSeekIsAFreshRun(t *testing.T) {
	p, fresh := recorded(t, 40*time.Second), recorded(t, 40*time.Second)
	p.t, fresh.t = t, t
	r := fresh.lab.run()
	r.marks = r.marks[:1]
	for n := range 25 {
		at := itoa(p.anyInstant(n))
		r.here = nil
		if got := p.post("/seek", "at", at); got != fresh.post("/seek", "at", at) {
			t.Fatalf("at %s there is something else", at)
		}
	}
}

// A step of traffic is remembered as little more than its number: what is drawn
// from that is what was done, and what is not as expected is kept whole.
func TestStepsOfTraffic(t *testing.T) {
	p := newTester(t)
	p.post("/kill/eu-west-1")
	p.post("/traffic", "seconds", "20")
	r := p.lab.run()
	small, whole, silent := 0, 0, 0
	for i := range r.steps {
		switch s := &r.steps[i]; {
		case s.deed == nil:
			small++
			if c := s.do().Call; c.Region != s.region() || s.reply().wrote != s.wrote() || s.wrote() == "" || s.bad() {
				t.Errorf("step %d: %+v %+v", i, c, s.reply())
			}
		case s.at.After(r.zero) && s.bad():
			whole++
			if s.region() != "eu-west-1" || s.reply().name == "200" || s.wrote() != "" {
				t.Errorf("step %d: %+v", i, s.reply())
			}
		}
		if s := &r.steps[i]; s.do().IsCall() && s.wrote() == "" {
			silent++
		}
	}
	if small == 0 || whole == 0 || silent != len(r.silent) {
		t.Errorf("%d steps by number, %d whole; %d silent, %d listed", small, whole, silent, len(r.silent))
	}
	cut, err := r.until(r.time(r.instant(r.end) - 9000))
	if err != nil || len(cut.silent) == 0 || len(cut.silent) >= silent || cut.silent[len(cut.silent)-1] >= len(cut.steps) {
		t.Errorf("cut: %v, %d of %d steps, silent %v", err, len(cut.steps), len(r.steps), cut.silent)
	}
	p.end()
	if log := p.lab.view().Time.Log; !hasLine(log, "refuses UpdateItem") || !hasLine(log, "writes item-") {
		t.Errorf("%v", log)
	}
}

func hasLine(log []components.LabLine, start string) bool {
	for _, l := range log {
		if text := l.Words.String(); len(text) > len(start) && text[:len(start)] == start {
			return true
		}
	}
	return false
}

// The diagram of a long run has what lies in its window, and no more; the log has
// its last lines, newest first.
func TestWindowOfALongRun(t *testing.T) {
	p := recorded(t, 60*time.Second)
	p.lab.goTo(40_000)
	v := p.lab.view().Time
	d := v.Diagram
	if len(d.Writes) < 40 || len(d.Writes) > 50 || len(d.Messages) < 80 || len(d.Messages) > 120 {
		t.Errorf("%d writes and %d messages in %d to %d", len(d.Writes), len(d.Messages), d.From, d.To)
	}
	for _, w := range d.Writes {
		if w.At < d.From || w.At > d.Now {
			t.Errorf("%+v", w)
		}
	}
	for _, m := range d.Messages {
		if m.Due <= d.From && m.Left != components.SpaceOpen {
			t.Errorf("%+v", m)
		}
	}
	if len(v.Log) != logLines || v.Earlier == 0 {
		t.Errorf("%d lines, %d earlier", len(v.Log), v.Earlier)
	}
	for i, l := range v.Log[1:] {
		if l.At > v.Log[i].At {
			t.Errorf("line %d is newer than the one above", i+1)
		}
	}
}

// BenchmarkRecord is an hour of ten writes a second being recorded.
func BenchmarkRecord(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		recorded(b, mostTraffic)
	}
}

// BenchmarkSeek is the page's answer for any instant of that hour; collect is how
// long the garbage collector takes with it.
func BenchmarkSeek(b *testing.B) {
	p := recorded(b, mostTraffic)
	began := time.Now()
	runtime.GC()
	collect := time.Since(began)
	slowest, size, n := time.Duration(0), 0, 0
	b.ReportAllocs()
	for b.Loop() {
		n++
		form := []byte("at=" + itoa(p.anyInstant(n)))
		began := time.Now()
		a := p.Serve("POST", "/seek", form)
		slowest = max(slowest, time.Since(began))
		size += len(a.Body)
	}
	b.ReportMetric(float64(slowest.Microseconds())/1000, "slowest-ms")
	b.ReportMetric(float64(collect.Microseconds())/1000, "collect-ms")
	b.ReportMetric(float64(size)/float64(n), "answerB/op")
	b.ReportMetric(float64(len(p.lab.run().steps)), "steps")
}
