package meter

import "testing"

// How many requests pass one after another is what passes if they are let pass
// one after another.
func TestBucketGrantsAtOnce(t *testing.T) {
	for _, rate := range []int64{0, 1, 3, 50, 1000} {
		for _, seconds := range []int64{1, 300} {
			for _, taken := range []Units{0, 1, 7, 100, 3000} {
				for _, passed := range []int64{0, 1, second / 7, second, 301 * second} {
					b := NewBucket(rate, seconds, 0)
					b.Take(taken)
					b.Fill(passed)
					for _, u := range []Units{1, 2, 3, 10, 801, 2000} {
						reads, writes := b, b
						n, m := int64(0), int64(0)
						for ; reads.Holds(); n++ {
							reads.Take(u)
						}
						for ; writes.Covers(u); m++ {
							writes.Take(u)
						}
						if b.Reads(u) != n || b.Writes(u) != m {
							t.Fatalf("rate %d, %d seconds, %s in it: %d reads and %d writes of %s pass, want %d and %d",
								rate, seconds, b.Units(), b.Reads(u), b.Writes(u), u, n, m)
						}
					}
				}
			}
		}
	}
}
