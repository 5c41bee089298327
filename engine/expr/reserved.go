package expr

import (
	_ "embed"
	"strings"
)

// reservedText is the service's list of reserved words, one to a line in upper
// case: AWS documentation, Amazon DynamoDB Developer Guide, appendix "Reserved
// words in DynamoDB", 573 words.
//
//go:embed reserved.txt
var reservedText string

const longestReserved = 14

var reserved = func() map[string]bool {
	words := map[string]bool{}
	for _, w := range strings.Fields(reservedText) {
		words[w] = true
	}
	return words
}()

// IsReserved tells whether word may stand in an expression only behind a #name,
// in whatever case it is written.
func IsReserved(word string) bool {
	if len(word) > longestReserved {
		return false
	}
	var upper [longestReserved]byte
	for i := range len(word) {
		c := word[i]
		if 'a' <= c && c <= 'z' {
			c -= 'a' - 'A'
		}
		upper[i] = c
	}
	return reserved[string(upper[:len(word)])]
}
