package components

import (
	"strconv"
	"strings"
)

func itoa(n int) string { return strconv.Itoa(n) }

// hundredths prints n/100 without trailing zeros: 1250 is "12.5".
func hundredths(n int) string {
	var room [24]byte
	return string(appendHundredths(room[:0], n))
}

func appendHundredths(dst []byte, n int) []byte {
	if n < 0 {
		dst, n = append(dst, '-'), -n
	}
	dst = strconv.AppendInt(dst, int64(n/100), 10)
	part := n % 100
	if part == 0 {
		return dst
	}
	dst = append(dst, '.', byte('0'+part/10))
	if part%10 == 0 {
		return dst
	}
	return append(dst, byte('0'+part%10))
}

// Grouped prints n with commas between thousands.
func Grouped(n int) string {
	s := itoa(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// two prints n with two digits at least.
func two(n int) string {
	if n < 10 {
		return "0" + itoa(n)
	}
	return itoa(n)
}

// Counted is a number of things: "1 item", "7 items".
func Counted(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return Grouped(n) + " " + what + "s"
}

// Listed is "a", "a and b", "a, b and c".
func Listed(names []string) string {
	if len(names) < 2 {
		return strings.Join(names, "")
	}
	return strings.Join(names[:len(names)-1], ", ") + " and " + names[len(names)-1]
}

func join(a, b string) string {
	if a == "" {
		return b
	}
	return a + " " + b
}
