package engine

import "time"

// keyDraw chooses the keys of a load's requests. It is not changed: forks share
// it. Which key a request has depends on the load's seed and the request's
// number alone, so that nothing has to be kept.
type keyDraw struct {
	zipf, ordered bool
	seed          uint64
	keys          uint64
	hot           uint64   // per cent for the first key, 0 for as much as others
	others        uint64   // keys that are not hot
	upTo          []uint64 // of zipf: the sum of the weights up to each key
	guess         []uint32 // of zipf: the key of the first number in each of equal parts of them
	shift         uint
	seconds       int64 // of the load
}

// zipfOne is the weight of the first of Zipf's keys; the n-th weighs an n-th of
// it. All of a load's keys together weigh less than 2^32.
const zipfOne = 1 << 28

func newKeyDraw(l *Load, seed uint64) *keyDraw {
	d := &keyDraw{seed: seed, keys: uint64(l.Count), seconds: int64(l.For / time.Second)}
	d.zipf, d.ordered = l.Keys == KeysZipf, l.Keys == KeysOrdered
	if d.others = d.keys; l.Keys == KeysHot {
		d.hot, d.others = uint64(l.Hot), d.keys-1
	}
	if d.zipf {
		d.weigh()
	}
	return d
}

// weigh lays Zipf's weights side by side.
func (d *keyDraw) weigh() {
	sum := uint64(0)
	for n := uint64(1); n <= d.keys; n++ {
		sum += zipfOne / n
		d.upTo = append(d.upTo, sum)
	}
	for d.shift = 20; sum>>d.shift >= 1<<12; d.shift++ {
	}
	key := uint32(0)
	for at := uint64(0); at < sum; at += 1 << d.shift {
		for d.upTo[key] <= at {
			key++
		}
		d.guess = append(d.guess, key)
	}
}

// key is that of the request with a number, in a second since the beginning.
func (d *keyDraw) key(number, second int64) int {
	if d.ordered {
		return int(uint64(second) * d.keys / uint64(d.seconds))
	}
	r := mix(d.seed + uint64(number)*0x9e3779b97f4a7c15)
	high, low := r>>32, r&0xffffffff
	switch {
	case d.zipf:
		at := high * d.upTo[len(d.upTo)-1] >> 32
		return d.weighing(at, int(d.guess[at>>d.shift]))
	case d.hot > 0 && low*100>>32 < d.hot:
		return 0
	}
	return int(d.keys-d.others) + int(high*d.others>>32)
}

// weighing is the key whose weight has a number, which is not before a guess.
func (d *keyDraw) weighing(at uint64, low int) int {
	high := len(d.upTo) - 1
	if next := int(at>>d.shift) + 1; next < len(d.guess) {
		high = int(d.guess[next])
	}
	for low < high {
		if mid := int(uint(low+high) >> 1); d.upTo[mid] > at {
			high = mid
		} else {
			low = mid + 1
		}
	}
	return low
}
