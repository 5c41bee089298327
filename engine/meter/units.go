// Package meter does the arithmetic of capacity: bytes to units, units to
// receipts, receipts to prices. Everything is integer; a unit is counted in
// halves, because an eventually consistent read costs half a read unit.
package meter

import "strconv"

// Units counts read or write units in halves: Units(1) is 0.5 of a unit.
type Units int64

// Unit is one whole unit.
const Unit Units = 2

// String prints the units with one decimal: "0.5", "1.0".
func (u Units) String() string { return string(u.Append(nil)) }

// Append appends the units as the JSON number that DynamoDB sends.
func (u Units) Append(dst []byte) []byte {
	dst = strconv.AppendInt(dst, int64(u/2), 10)
	if u%2 != 0 {
		return append(dst, ".5"...)
	}
	return append(dst, ".0"...)
}

// Block sizes in bytes: a read unit covers 4 KB, a write unit 1 KB.
const (
	ReadBlock  = 4096
	WriteBlock = 1024
)

// Blocks is the number of blocks that size bytes fill; an empty answer still
// takes one.
func Blocks(size, block int) int { return max(1, (size+block-1)/block) }

// Rate is what one block costs, in halves of a unit.
type Rate int64

// The rates of DynamoDB: eventually consistent, strongly consistent and
// standard writes, transactional.
const (
	Eventual      Rate = 1
	Strong        Rate = 2
	Standard      Rate = 2
	Transactional Rate = 4
)

// ReadUnits is the cost of reading size bytes in one go.
func ReadUnits(size int, r Rate) Units { return Units(Blocks(size, ReadBlock)) * Units(r) }

// WriteUnits is the cost of writing an item of size bytes.
func WriteUnits(size int, r Rate) Units { return Units(Blocks(size, WriteBlock)) * Units(r) }
