package engine

import "time"

// Every reply has a simulated service time: what the service itself would have
// taken for it, without the network. It follows from the operation, the bytes
// that went in and out, the seed and the time, and is the same in every run:
//
//	base of the operation + 40 µs for each 4 KB of request and reply, both rounded up
//	+ up to half of that, drawn from (seed, time, operation, bytes)
//
// The bases are the author's, in the order of what the service is known for:
// reads and writes of one item take a few milliseconds, writes more than reads
// since two copies of three have to have them, transactions twice as long since
// they go to every item twice; whatever is refused takes one.
// Measured figures of AWS are not behind it.

// serviceBases are the bases of operations that read or write items; any other
// takes baseControl.
var serviceBases = map[string]time.Duration{
	"GetItem": 2 * time.Millisecond, "PutItem": 4 * time.Millisecond, "UpdateItem": 4 * time.Millisecond, "DeleteItem": 4 * time.Millisecond,
	"Query": 3 * time.Millisecond, "Scan": 5 * time.Millisecond, "BatchGetItem": 5 * time.Millisecond, "BatchWriteItem": 8 * time.Millisecond,
	"TransactGetItems": 6 * time.Millisecond, "TransactWriteItems": 12 * time.Millisecond,
}

const (
	baseControl  = 20 * time.Millisecond
	baseRefused  = time.Millisecond
	perBlock     = 40 * time.Microsecond
	serviceBlock = 4096
)

// took is the service time of a reply, to the microsecond. op is nil where the
// request named none.
func (s *state) took(op *listed, request, reply int, ok bool) time.Duration {
	base := baseRefused
	if ok {
		base = op.base
	}
	blocks := (request+serviceBlock-1)/serviceBlock + (reply+serviceBlock-1)/serviceBlock
	t := base + time.Duration(blocks)*perBlock
	mixed := mix(mix(mix(s.opts.Seed^uint64(s.now))^uint64(base)) ^ uint64(request)<<32 ^ uint64(reply))
	return (t + time.Duration(mixed%uint64(t/2+1))).Truncate(time.Microsecond)
}

// mix spreads the bits of a number (the finaliser of SplitMix64).
func mix(z uint64) uint64 {
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}
