package engine

import (
	"sort"
	"time"
)

// keyDraw chooses the keys of a load's requests. It is not changed: forks share
// it. Which key a request has depends on the load's seed and the request's
// number alone, so that nothing has to be kept.
type keyDraw struct {
	pattern KeyPattern
	seed    uint64
	keys    uint64
	hot     uint64   // per cent
	upTo    []uint64 // of zipf: the sum of the weights up to each key
	seconds int64    // of the load
}

// zipfOne is the weight of the first of Zipf's keys; the n-th weighs an n-th of
// it. All of a load's keys together weigh less than 2^32.
const zipfOne = 1 << 28

func newKeyDraw(l *Load, seed uint64) *keyDraw {
	d := &keyDraw{pattern: l.Keys, seed: seed, keys: uint64(l.Count), hot: uint64(l.Hot), seconds: int64(l.For / time.Second)}
	if l.Keys == KeysZipf {
		sum := uint64(0)
		for n := uint64(1); n <= d.keys; n++ {
			sum += zipfOne / n
			d.upTo = append(d.upTo, sum)
		}
	}
	return d
}

// key is that of the request with a number, in a second since the beginning.
func (d *keyDraw) key(number, second int64) int {
	if d.pattern == KeysOrdered {
		return int(uint64(second) * d.keys / uint64(d.seconds))
	}
	r := mix(d.seed + uint64(number)*0x9e3779b97f4a7c15)
	high, low := r>>32, r&0xffffffff
	switch d.pattern {
	case KeysZipf:
		at := high * d.upTo[len(d.upTo)-1] >> 32
		return sort.Search(len(d.upTo), func(i int) bool { return d.upTo[i] > at })
	case KeysHot:
		if low*100>>32 < d.hot {
			return 0
		}
		return 1 + int(high*(d.keys-1)>>32)
	}
	return int(high * d.keys >> 32)
}
