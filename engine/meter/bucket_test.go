package meter

import (
	"math"
	"math/bits"
	"testing"
)

const ms = second / 1000

func TestBucketFills(t *testing.T) {
	b := NewBucket(10, 300, 5*second)
	if b.Units() != 10*Unit {
		t.Fatalf("a new bucket holds %s", b.Units())
	}
	b.Take(10 * Unit)
	if b.Holds() || b.Covers(1) || !b.Covers(0) {
		t.Error("an empty bucket gives something")
	}
	b.Fill(5*second + 50*ms)
	if b.Units() != 1 || !b.Holds() || !b.Covers(1) || b.Covers(2) {
		t.Errorf("after 50 ms it holds %s, want 0.5", b.Units())
	}
	b.Fill(5*second + 10*ms) // the past
	if b.Units() != 1 {
		t.Errorf("going back changes it to %s", b.Units())
	}
	b.Fill(5*second + 300*second)
	if b.Units() != 3000*Unit {
		t.Errorf("full it holds %s", b.Units())
	}
	b.Fill(math.MaxInt64)
	if b.Units() != 3000*Unit {
		t.Errorf("at the end of time it holds %s", b.Units())
	}
}

// What has been filled in a thousand steps is to the half unit × nanosecond
// what was filled in one.
func TestBucketIsExact(t *testing.T) {
	for _, rate := range []int64{1, 3, 7, 1000, 12_345, MaxBucketRate} {
		steps, once := NewBucket(rate, 300, 0), NewBucket(rate, 300, 0)
		steps.Take(1000 * Unit)
		once.Take(1000 * Unit)
		at := int64(0)
		for i := range int64(1000) {
			at += 1 + i*i*7919
			steps.Fill(at)
		}
		once.Fill(at)
		if steps != once {
			t.Errorf("rate %d: %v and %v", rate, steps, once)
		}
	}
}

func TestBucketDebt(t *testing.T) {
	b := NewBucket(1, 300, 0)
	b.Take(400 * Unit)
	if b.Units() != -399*Unit || b.Holds() {
		t.Errorf("it holds %s", b.Units())
	}
	if got := b.Wait(0, 0); got != 399*second+1 {
		t.Errorf("it holds something after %d ns", got)
	}
	if got := b.Wait(Unit, 0); got != 400*second {
		t.Errorf("it covers a unit after %d ns", got)
	}
	b.Fill(399*second + 1)
	if !b.Holds() {
		t.Error("it does not hold anything then")
	}
	if got := b.Wait(400*Unit, 399*second+1); got != 300*second-1 {
		t.Errorf("what it never holds is covered after %d ns", got)
	}
	b.Fill(699*second - 1)
	if b.Covers(400 * Unit) {
		t.Error("it covers more than it can hold before it is full")
	}
	b.Fill(699 * second)
	if !b.Covers(400*Unit) || b.Wait(400*Unit, 699*second) != 0 {
		t.Error("full it does not cover what is more than it can hold")
	}
}

func TestBucketRates(t *testing.T) {
	b := NewBucket(100, 300, 0)
	b.SetRate(10, 300, 20*second)
	if b.Units() != 2100*Unit || b.Rate() != 10 {
		t.Errorf("%s at %d a second: what was saved at the old rate stays", b.Units(), b.Rate())
	}
	b.SetRate(2, 300, 20*second)
	if b.Units() != 600*Unit {
		t.Errorf("%s: more than fits stays", b.Units())
	}
	none := NewBucket(0, 300, 0)
	none.Fill(math.MaxInt64)
	if none.Holds() || none.Wait(1, 0) != math.MaxInt64 {
		t.Error("a bucket that nothing fills gives something")
	}
	huge := NewBucket(1_000_000_000_000, 1000, 0)
	huge.Fill(math.MaxInt64)
	if huge.Units() != MaxBucketRate*MaxBucketSeconds*Unit {
		t.Errorf("%s in a bucket without bounds", huge.Units())
	}
}

// Over any window the units granted are at most those of the rate and the
// burst; a read may be over by its own size, and no more.
func TestBucketGrants(t *testing.T) {
	type grant struct {
		at    int64
		units Units
		read  bool
	}
	random := uint64(20260101)
	below := func(n uint64) int64 {
		random += 0x9e3779b97f4a7c15
		hi, _ := bits.Mul64(random*0xbf58476d1ce4e5b9^random>>31, n)
		return int64(hi)
	}
	for _, c := range []struct{ rate, seconds int64 }{{1, 300}, {5, 300}, {1000, 1}, {40, 30}} {
		b := NewBucket(c.rate, c.seconds, 0)
		var granted []grant
		at, refused := int64(0), 0
		for range 3000 {
			at += below(2) * below(300*ms) // often at one instant
			if below(500) == 0 {
				at += 60 * second // long enough to save something
			}
			g := grant{at, Units(1 + below(uint64(c.rate))), below(2) == 0}
			b.Fill(at)
			if g.read && b.Holds() || !g.read && b.Covers(g.units) {
				b.Take(g.units)
				granted = append(granted, g)
			} else {
				refused++
			}
		}
		if refused < 30 || len(granted) < 300 {
			t.Fatalf("rate %d: %d granted, %d refused: a test of nothing", c.rate, len(granted), refused)
		}
		for i := range granted {
			sum, over := int64(0), int64(0)
			for _, g := range granted[i:] {
				sum += int64(g.units)
				if g.read {
					over = max(over, int64(g.units))
				}
				if most := 2*c.rate*(g.at-granted[i].at)/second + 2*c.rate*c.seconds + over + 1; sum > most {
					t.Fatalf("rate %d: %d halves in %d ns, want at most %d", c.rate, sum, g.at-granted[i].at, most)
				}
			}
		}
	}
}

func TestBucketState(t *testing.T) {
	b := NewBucket(7, 300, 11)
	b.Take(5)
	b.Fill(1234567)
	if again, ok := RestoreBucket(b.State()); !ok || again != b {
		t.Errorf("%v comes back as %v", b, again)
	}
	for _, s := range [][4]int64{
		{-1, 0, 0, 0}, {2, second, 0, 0}, {2, 700 * second, 0, 0}, {2, 2 * second, 3 * second, 0}, {2, 2 * second, math.MinInt64, 0},
		{2, 2 * second, 0, -1}, {1 << 60, 1 << 62, 0, 0},
	} {
		if b, ok := RestoreBucket(s); ok {
			t.Errorf("%v is read as %v", s, b)
		}
	}
}
