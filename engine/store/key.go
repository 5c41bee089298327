package store

import (
	"encoding/binary"
	"iter"
	"math/bits"

	"github.com/sortkey/sortkey/engine/attr"
)

// KeyAttr names one key attribute and its scalar type (S, N or B).
type KeyAttr struct {
	Name string
	Kind attr.Kind
}

// Key is a key schema: the partition key attributes, then the sort key
// attributes. Tables and local indexes have 1 + 0..1 of them, global
// secondary indexes up to 4 + 4.
type Key struct {
	Hash  []KeyAttr
	Range []KeyAttr
}

// Attrs lists all key attributes, partition key first.
func (k Key) Attrs() []KeyAttr {
	return append(append(make([]KeyAttr, 0, len(k.Hash)+len(k.Range)), k.Hash...), k.Range...)
}

// All visits the key attributes, partition key first.
func (k Key) All() iter.Seq[KeyAttr] {
	return func(yield func(KeyAttr) bool) {
		for _, a := range k.Hash {
			if !yield(a) {
				return
			}
		}
		for _, a := range k.Range {
			if !yield(a) {
				return
			}
		}
	}
}

// Has reports whether name is one of the key attributes.
func (k Key) Has(name string) bool {
	for _, a := range k.Hash {
		if a.Name == name {
			return true
		}
	}
	for _, a := range k.Range {
		if a.Name == name {
			return true
		}
	}
	return false
}

// HashBytes is the length of the partition hash that opens every row key.
const HashBytes = 8

// PartitionPrefix returns the opening of every row key of one item collection:
// the 64-bit hash of the partition key values (big-endian), then the values
// themselves in order-preserving form.
func PartitionPrefix(values ...attr.Value) string {
	return string(appendRowKey(make([]byte, 0, usualKey), values, nil))
}

// usualKey is the room that most row keys fit in.
const usualKey = 96

// MaxKeyAttrs is how many attributes a key has at most.
const MaxKeyAttrs = 8

// RowKey is the row key of an item, or of a key alone, that has all attributes
// of the key schema with their types.
func (k Key) RowKey(m attr.Map) string {
	values := make([]attr.Value, 0, MaxKeyAttrs)
	for a := range k.All() {
		v, _ := m.Get(a.Name)
		values = append(values, v)
	}
	return k.RowKeyOf(values)
}

// RowKeyOf is the row key of the values of all key attributes, partition key
// first.
func (k Key) RowKeyOf(values []attr.Value) string {
	n := len(k.Hash)
	return string(appendRowKey(make([]byte, 0, usualKey), values[:n], values[n:]))
}

// appendRowKey appends the hash, the partition key and the sort key.
func appendRowKey(dst []byte, hashed, sorted []attr.Value) []byte {
	dst = append(dst, make([]byte, HashBytes)...)
	for _, v := range hashed {
		dst = attr.AppendKey(dst, v)
	}
	binary.BigEndian.PutUint64(dst, hash(dst[HashBytes:]))
	for _, v := range sorted {
		dst = attr.AppendKey(dst, v)
	}
	return dst
}

// HashOf reads the partition hash out of a row key or prefix.
func HashOf(key string) uint64 {
	return binary.BigEndian.Uint64([]byte(key[:HashBytes]))
}

// hash spreads partition keys over the 64-bit hash space: FNV-1a with the
// finaliser of MurmurHash3, whose high bits are evenly spread. It has no seed:
// the same key lies in the same place on every machine.
func hash(b []byte) uint64 {
	h := uint64(14695981039346656037)
	for _, c := range b {
		h = (h ^ uint64(c)) * 1099511628211
	}
	h = (h ^ h>>33) * 0xff51afd7ed558ccd
	h = (h ^ h>>33) * 0xc4ceb9fe1a85ec53
	return h ^ h>>33
}

// After returns the smallest key greater than every key that begins with
// prefix, or "" when there is none.
func After(prefix string) string {
	b := []byte(prefix)
	for i := len(b) - 1; i >= 0; i-- {
		if b[i] != 0xff {
			b[i]++
			return string(b[:i+1])
		}
	}
	return ""
}

// Segment returns the hash range [from, to) of segment i of n of a parallel
// scan as row-key bounds; "" as to means the end. The segments of one n
// partition the hash space exactly.
func Segment(i, n uint64) (from, to string) {
	if i > 0 {
		from = hashKey(edge(i, n))
	}
	if i+1 < n {
		to = hashKey(edge(i+1, n))
	}
	return from, to
}

// edge is floor(i × 2^64 / n), for i < n.
func edge(i, n uint64) uint64 {
	q, _ := bits.Div64(i, 0, n)
	return q
}

func hashKey(h uint64) string {
	var b [HashBytes]byte
	binary.BigEndian.PutUint64(b[:], h)
	return string(b[:])
}
