package engine

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// This file holds the names that streams have on the wire: ARNs, shard ids,
// sequence numbers, event ids and iterators. Each can be read back, or follows
// from the place it names, so that none is kept.

// streamARN is the ARN of the table's latest stream.
func (m *tableMeta) streamARN() string { return m.arn + "/stream/" + m.streamLabel }

// parseStreamARN takes the ARN of a stream apart; ok is false for what is none.
func parseStreamARN(arn string) (region, account string, ok bool) {
	parts := strings.SplitN(arn, ":", 6) // arn aws dynamodb region account table/name/stream/label
	if len(parts) != 6 || parts[0] != "arn" || parts[2] != "dynamodb" {
		return "", "", false
	}
	path := strings.Split(parts[5], "/")
	ok = len(path) == 4 && path[0] == "table" && validName(path[1]) && path[2] == "stream" && path[3] != ""
	return parts[3], parts[4], ok
}

// shardID is a shard's id: 20 digits, which put shards into the order in which
// they were opened, and 8 hexadecimal ones.
func (m *streamMeta) shardID(number uint64) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s %d", m.arn, number))
	return fmt.Sprintf("shardId-%020d-%x", number, sum[:4])
}

// shardNumber reads the number out of what has the form of a shard id, however
// it ends.
func shardNumber(id string) (uint64, bool) {
	digits, ok := strings.CutPrefix(id, "shardId-")
	if !ok || len(digits) < 20 {
		return 0, false
	}
	n, err := strconv.ParseUint(digits[:20], 10, 64)
	return n, err == nil
}

// shardNamed finds a shard by its id.
func (st *stream) shardNamed(id string) (shard, bool) {
	n, ok := shardNumber(id)
	if !ok || st.meta.shardID(n) != id {
		return shard{}, false
	}
	return st.shards.Get(shard{number: n})
}

// sequence takes the next sequence number.
func (s *state) sequence() uint64 {
	s.counters[idSequence]++
	return s.counters[idSequence]
}

// A sequence number on the wire has 28 digits: a 1 and the time in milliseconds,
// 14 digits; and the number, 14 more. So they have one length and one order,
// as text and as numbers.
const sequenceDigits = 28

// sequenceText is a sequence number, taken at a time, as it is on the wire.
func sequenceText(at int64, seq uint64) string {
	return fmt.Sprintf("1%013d%014d", at/int64(time.Millisecond), seq)
}

// parseSequence reads a sequence number; ok is false for what cannot be one of
// this engine's. They are compared by the number alone, which orders them.
func parseSequence(text string) (seq uint64, ok bool) {
	if len(text) != sequenceDigits || text[0] != '1' || strings.Trim(text, "0123456789") != "" {
		return 0, false
	}
	seq, err := strconv.ParseUint(text[14:], 10, 64)
	return seq, err == nil
}

// range of a shard on the wire; end is "" while it is open.
func (sh *shard) sequences() (start, end string) {
	start = sequenceText(sh.opened, sh.first)
	if sh.closed != 0 {
		end = sequenceText(sh.closed, sh.last)
	}
	return start, end
}

// eventID is the id of the event with a sequence number.
func (s *state) eventID(seq uint64) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "event %d %d", s.opts.Seed, seq))
	return hex.EncodeToString(sum[:16])
}

// iterator is a place in a shard: the sequence number to read from. It is not
// kept anywhere: the text carries it.
type iterator struct {
	arn    string
	shard  uint64
	from   uint64
	issued int64
}

// iteratorLife is how long an iterator can be used, in engine time.
const iteratorLife = 15 * time.Minute

// text is the iterator on the wire: the ARN, a 1, and the place with a hash
// over all of it, so that nothing else is taken for one.
func (s *state) iteratorText(it iterator) string {
	b := make([]byte, 0, 40)
	b = binary.BigEndian.AppendUint64(b, it.shard)
	b = binary.BigEndian.AppendUint64(b, it.from)
	b = binary.BigEndian.AppendUint64(b, uint64(it.issued))
	b = append(b, s.iteratorSum(it.arn, b)...)
	return it.arn + "|1|" + base64.StdEncoding.EncodeToString(b)
}

func (s *state) iteratorSum(arn string, place []byte) []byte {
	sum := sha256.Sum256(fmt.Appendf(nil, "iterator %d %s %x", s.opts.Seed, arn, place))
	return sum[:16]
}

// parseIterator reads an iterator that this engine has issued.
func (s *state) parseIterator(text string) (iterator, bool) {
	arn, rest, ok := strings.Cut(text, "|1|")
	b, err := base64.StdEncoding.Strict().DecodeString(rest)
	if !ok || err != nil || len(b) != 40 || string(b[24:]) != string(s.iteratorSum(arn, b[:24])) {
		return iterator{}, false
	}
	it := iterator{
		arn: arn, shard: binary.BigEndian.Uint64(b), from: binary.BigEndian.Uint64(b[8:]), issued: int64(binary.BigEndian.Uint64(b[16:])),
	}
	return it, it.issued <= s.now
}
