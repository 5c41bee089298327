package engine

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
)

// idKind separates the counters from which ids are derived.
type idKind uint8

const (
	idEvent idKind = iota // the order of events due at one instant; never shown
	idTable
	idPolicy
	idSequence // the sequence numbers of streams
	idScaling
	idLoad
	idGlobal
	idMail
	idConflict
	idHappening
	idKinds
)

// digestID is the hash of (seed, kind, sequence): the root of every id the
// engine makes. There is no shared generator, so an id depends on nothing but
// how many of its kind came before.
func (s *state) digestID(kind idKind) [sha256.Size]byte {
	s.counters[kind]++
	var b [17]byte
	binary.BigEndian.PutUint64(b[0:], s.opts.Seed)
	b[8] = byte(kind)
	binary.BigEndian.PutUint64(b[9:], s.counters[kind])
	return sha256.Sum256(b[:])
}

// uuid is the next id of a kind as a UUID of version 4 form.
func (s *state) uuid(kind idKind) string {
	return uuid(s.digestID(kind))
}

// uuid writes a hash as a UUID of version 4 form.
func uuid(d [sha256.Size]byte) string {
	d[6] = d[6]&0x0f | 0x40
	d[8] = d[8]&0x3f | 0x80
	x := hex.EncodeToString(d[:16])
	return x[:8] + "-" + x[8:12] + "-" + x[12:16] + "-" + x[16:20] + "-" + x[20:]
}

// tableARN is the ARN of a table of this account.
func (s *state) tableARN(region, name string) string {
	return "arn:aws:dynamodb:" + region + ":" + s.opts.Account + ":table/" + name
}
