package attr

import (
	"strings"
	"testing"
)

// plainSlowly is plainTo a byte at a time.
func plainSlowly(s string, i int) int {
	for i < len(s) && s[i] >= 0x20 && s[i] != '"' && s[i] != '\\' {
		i++
	}
	return i
}

// TestPlainTo puts every byte, and every pair of bytes that matter, at every
// place of texts of all lengths up to three words.
func TestPlainTo(t *testing.T) {
	check := func(s string) {
		for from := range len(s) + 1 {
			if got, want := plainTo(s, from), plainSlowly(s, from); got != want {
				t.Fatalf("%q from %d: %d, want %d", s, from, got, want)
			}
		}
	}
	for size := range 25 {
		for at := range size {
			for c := range 256 {
				b := []byte(strings.Repeat("x", size))
				b[at] = byte(c)
				check(string(b))
			}
		}
	}
	edges := "\x00\x01\x1f !\"#[\\]\x7f\x80\x81\x9f\xa0\xa2\xdc\xff"
	for i := range edges {
		for k := range edges {
			check("12" + edges[i:i+1] + edges[k:k+1] + "45678")
			check("1234567" + edges[i:i+1] + edges[k:k+1])
		}
	}
}
