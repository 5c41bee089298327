package attr

import (
	"encoding/binary"
	"math/bits"
)

// plain marks the bytes that stand for themselves in a JSON string.
var plain = func() (t [256]bool) {
	for c := 0x20; c < len(t); c++ {
		t[c] = c != '"' && c != '\\'
	}
	return t
}()

// Eight bytes of the same value, as one word.
const (
	ones    = 0x0101010101010101
	tops    = 0x80 * ones
	spaces  = ' ' * ones
	quotes  = '"' * ones
	slashes = '\\' * ones
)

// plainTo is the offset of the next byte, from i on, that does not stand for itself in a JSON string, or the length of s.
func plainTo(s string, i int) int {
	if len(s) < 8 {
		for i < len(s) && plain[s[i]] {
			i++
		}
		return i
	}
	for ; i+8 <= len(s); i += 8 {
		if found := special(word(s, i)); found != 0 {
			return i + bits.TrailingZeros64(found)/8
		}
	}
	last := len(s) - 8 // its bytes from i on; the zeros that come in behind them end the search
	return i + bits.TrailingZeros64(special(word(s, last)>>(8*(i-last))))/8
}

// word is the eight bytes of s from i on.
func word(s string, i int) uint64 { return binary.LittleEndian.Uint64([]byte(s[i : i+8])) }

// special has the top bit set of the first byte in w that is no plain one, and perhaps of others behind it: a byte below
// n gets a top bit when n is taken from it, if it had none itself, and what it borrows spoils only the bytes above.
func special(w uint64) uint64 {
	quote, slash := w^quotes, w^slashes
	return ((w-spaces)&^w | (quote-ones)&^quote | (slash-ones)&^slash) & tops
}
