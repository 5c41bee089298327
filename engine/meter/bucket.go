package meter

import "math"

// Bucket is a token bucket in fixed point. It fills at a steady rate up to a
// number of seconds' worth and is drawn on by requests. Amounts are kept in
// half units × nanoseconds, so that filling loses nothing however often and at
// whatever moments it happens: a bucket that is looked at a thousand times in a
// second holds exactly what one holds that was left alone.
//
// Over any window it grants no more than rate × window + depth, and where the
// last request went into debt, what that request was over.
type Bucket struct {
	rate  int64 // half units a second
	depth int64 // of a full bucket, in half units × nanoseconds
	level int64 // likewise; below zero is debt
	at    int64 // when level was that, in nanoseconds
}

// second is a second in nanoseconds.
const second = 1_000_000_000

// Bounds of a bucket: at these a full one still fits into 64 bits. More is as
// good as these.
const (
	MaxBucketRate    = 5_000_000 // units a second
	MaxBucketSeconds = 300
)

// NewBucket is a bucket that fills at rate units a second, to what seconds give,
// and has held one second's worth at that time (nanoseconds).
func NewBucket(rate, seconds, at int64) Bucket {
	b := Bucket{at: at}
	b.shape(rate, seconds)
	b.level = b.rate * second
	return b
}

func (b *Bucket) shape(rate, seconds int64) {
	b.rate = 2 * min(max(rate, 0), MaxBucketRate)
	b.depth = b.rate * min(max(seconds, 1), MaxBucketSeconds) * second
}

// Rate is how many whole units a second the bucket is filled with.
func (b *Bucket) Rate() int64 { return b.rate / 2 }

// SetRate changes the rate and the depth from now on. What is in the bucket
// stays, as far as it fits.
func (b *Bucket) SetRate(rate, seconds, now int64) {
	b.Fill(now)
	b.shape(rate, seconds)
	b.level = min(b.level, b.depth)
}

// Fill brings the bucket up to now. A time before the last one changes nothing.
func (b *Bucket) Fill(now int64) {
	if now <= b.at {
		return
	}
	passed, missing := now-b.at, b.depth-b.level
	b.at = now
	if b.rate == 0 || missing <= 0 {
		return
	}
	if passed > missing/b.rate {
		b.level = b.depth
		return
	}
	b.level += passed * b.rate
}

// Covers reports whether the bucket holds that many units. What is more than
// fits into it is covered when it is full: it will never hold more.
func (b *Bucket) Covers(u Units) bool {
	return b.level >= min(int64(u)*second, b.depth) && (b.level > 0 || u == 0)
}

// Holds reports whether there is anything in the bucket: enough for a read,
// whose size is known when it is done.
func (b *Bucket) Holds() bool { return b.level > 0 }

// Reads is how many requests of that many units, more than 0, pass one after
// another while the bucket holds anything, and take what they ask for.
func (b *Bucket) Reads(u Units) int64 {
	if b.level <= 0 {
		return 0
	}
	return (b.level-1)/(int64(u)*second) + 1
}

// Writes is how many requests of that many units, more than 0, pass one after
// another while the bucket covers them, and take what they ask for.
func (b *Bucket) Writes(u Units) int64 {
	if !b.Covers(u) {
		return 0
	}
	return max(b.level/(int64(u)*second), 1)
}

// Take takes that many units, into debt if need be.
func (b *Bucket) Take(u Units) { b.level -= int64(u) * second }

// Units is what the bucket holds, rounded down to halves; below zero is debt.
func (b *Bucket) Units() Units {
	n := b.level / second
	if b.level%second < 0 {
		n--
	}
	return Units(n)
}

// Wait is how many nanoseconds after now the bucket covers that many units, or
// with 0 holds anything: math.MaxInt64 for never.
func (b *Bucket) Wait(u Units, now int64) int64 {
	c := *b
	c.Fill(now)
	want := max(min(int64(u)*second, c.depth), 1)
	switch {
	case c.level >= want:
		return 0
	case c.rate == 0:
		return math.MaxInt64
	}
	return (want - c.level + c.rate - 1) / c.rate
}

// State is the bucket as four numbers, which RestoreBucket reads.
func (b *Bucket) State() [4]int64 { return [4]int64{b.rate, b.depth, b.level, b.at} }

// RestoreBucket is the bucket of a State; ok is false where no bucket can have
// that.
func RestoreBucket(s [4]int64) (b Bucket, ok bool) {
	b = Bucket{s[0], s[1], s[2], s[3]}
	return b, b.rate >= 0 && b.rate <= 2*MaxBucketRate && b.depth >= b.rate*second && b.depth <= b.rate*MaxBucketSeconds*second &&
		b.level <= b.depth && b.level > -math.MaxInt64/2 && b.at >= 0
}

// Depth is what a full bucket holds.
func (b *Bucket) Depth() Units { return Units(b.depth / second) }
