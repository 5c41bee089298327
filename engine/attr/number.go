package attr

import "strings"

// Digits is how many significant digits a number may have.
const Digits = 38

// A number's exponent, in the form 0.digits × 10^exp: 1E-130 is 0.1 × 10^-129, 9.99E125 is 0.999 × 10^126.
const (
	minExp = -129
	maxExp = 126
)

// Number is an exact decimal: up to 38 significant digits, magnitude 1E-130 to 9.99…E125, or zero. Equal numbers are ==.
// The zero Number is 0.
type Number struct {
	neg    bool
	exp    int16  // the value is 0.digits × 10^exp
	digits string // without leading or trailing zeros; "" for zero
}

// ParseNumber reads a number: an optional sign, digits with an optional point, an optional exponent, and nothing else
// (semantics §2). Errors: NotNumeric, Overflow, Underflow, TooManyDigits.
//
// A zero is held to the range by its exponent less its digits after the point, so 0e126 overflows and 0.0e126 does not.
func ParseNumber(s string) (Number, error) {
	m, ok := scanMantissa(s)
	exp10, ok2 := scanExponent(s[m.end:])
	if !ok || !ok2 {
		return Number{}, &Error{Kind: NotNumeric, Detail: s}
	}
	if m.first < 0 {
		return Number{}, rangeError(exp10 - int64(m.end-m.fraction) + 1)
	}
	exp := exp10 + m.exponent()
	if err := rangeError(exp); err != nil {
		return Number{}, err
	}
	digits := m.digits(s)
	if len(digits) > Digits {
		return Number{}, &Error{Kind: TooManyDigits}
	}
	return Number{neg: s[0] == '-', exp: int16(exp), digits: digits}, nil
}

// rangeError is the error, or nil, of a number 0.d × 10^exp.
func rangeError(exp int64) error {
	switch {
	case exp > maxExp:
		return &Error{Kind: Overflow}
	case exp < minExp:
		return &Error{Kind: Underflow}
	}
	return nil
}

// mantissa is where the parts of a number stand in its text.
type mantissa struct {
	first, last int // the first and last digits that are not zero, -1 if there are none
	point       int // the point, or the end if there is none
	fraction    int // the first digit after the point, or the end
	end         int
}

func scanMantissa(s string) (mantissa, bool) {
	m := mantissa{first: -1, last: -1, point: -1}
	i, digits := 0, 0
	if s != "" && (s[0] == '+' || s[0] == '-') {
		i = 1
	}
scan:
	for ; i < len(s); i++ {
		switch c := s[i]; {
		case c == '0':
			digits++
		case '1' <= c && c <= '9':
			digits++
			if m.first < 0 {
				m.first = i
			}
			m.last = i
		case c == '.' && m.point < 0:
			m.point = i
		default:
			break scan
		}
	}
	m.end, m.fraction = i, m.point+1
	if m.point < 0 {
		m.point, m.fraction = i, i
	}
	return m, digits > 0
}

// exponent is the exponent of the mantissa alone, as 0.digits × 10^exponent.
func (m mantissa) exponent() int64 {
	if m.first < m.point {
		return int64(m.point - m.first)
	}
	return int64(m.fraction - m.first)
}

// digits are the significant digits: a piece of s, unless the point stands among them.
func (m mantissa) digits(s string) string {
	if m.first < m.point && m.point < m.last {
		if m.last-m.first > Digits {
			return s[m.first : m.last+1] // too long either way: spare the copy
		}
		return s[m.first:m.point] + s[m.fraction:m.last+1]
	}
	return s[m.first : m.last+1]
}

// canonicalSize is the Size of the number that s is, if s is what append writes for it: no plus, no exponent, no minus
// before zero, no zeros that say nothing. Very long texts, which might be out of range, are none of its business.
func canonicalSize(s string) (size int, ok bool) {
	m, ok := scanCanonical(s)
	if !ok || m.first < 0 {
		return 1, ok
	}
	count := m.last - m.first + 1
	if m.first < m.point && m.point < m.last {
		count--
	}
	return sizeOf(s[0] == '-', int(m.exponent()), count), true
}

// canonicalNumber is the number that s is, under the same conditions.
func canonicalNumber(s string) (Number, bool) {
	m, ok := scanCanonical(s)
	if !ok || m.first < 0 {
		return Number{}, ok
	}
	return Number{neg: s[0] == '-', exp: int16(m.exponent()), digits: m.digits(s)}, true
}

// scanCanonical finds the parts of a number that is written as append writes it.
func scanCanonical(s string) (mantissa, bool) {
	m, ok := scanMantissa(s)
	if !ok || m.end < len(s) || len(s) > Digits || m.first < 0 {
		return m, s == "0"
	}
	first := 0
	if s[0] == '-' {
		first = 1
	}
	if m.first > first && (s[first] != '0' || m.point != first+1) {
		return m, false
	}
	return m, m.point == m.end || m.last == m.end-1 && m.last >= m.point
}

// scanExponent reads the rest of a number: nothing, or "e", an optional sign and digits. Huge exponents are cut to a
// size that no mantissa can make up for.
func scanExponent(s string) (exp int64, ok bool) {
	if s == "" {
		return 0, true
	}
	if s[0] != 'e' && s[0] != 'E' {
		return 0, false
	}
	s = s[1:]
	neg := s != "" && s[0] == '-'
	if neg || s != "" && s[0] == '+' {
		s = s[1:]
	}
	if s == "" {
		return 0, false
	}
	for i := 0; i < len(s); i++ {
		if s[i] < '0' || s[i] > '9' {
			return 0, false
		}
		exp = min(exp*10+int64(s[i]-'0'), 1<<50)
	}
	if neg {
		exp = -exp
	}
	return exp, true
}

const zeros = "00000000000000000000000000000000000000000000000000000000000000000000000000000000" +
	"00000000000000000000000000000000000000000000000000000000000000000000000000000000"

// append appends the canonical text.
func (n Number) append(dst []byte) []byte {
	if n.digits == "" {
		return append(dst, '0')
	}
	if n.neg {
		dst = append(dst, '-')
	}
	exp, digits := int(n.exp), n.digits
	switch {
	case exp >= len(digits):
		dst = append(dst, digits...)
		return append(dst, zeros[:exp-len(digits)]...)
	case exp > 0:
		dst = append(dst, digits[:exp]...)
		dst = append(dst, '.')
		return append(dst, digits[exp:]...)
	}
	dst = append(dst, "0."...)
	dst = append(dst, zeros[:-exp]...)
	return append(dst, digits...)
}

// String is the canonical text: no exponent, no sign on zero, no zeros that say nothing.
func (n Number) String() string {
	if !n.neg && int(n.exp) == len(n.digits) && n.digits != "" {
		return n.digits
	}
	return string(n.append(nil))
}

// Sign is -1, 0 or 1.
func (n Number) Sign() int {
	switch {
	case n.digits == "":
		return 0
	case n.neg:
		return -1
	}
	return 1
}

// Cmp orders by value: negative, zero or positive as n is less than, equal to or greater than m.
func (n Number) Cmp(m Number) int {
	sign := n.Sign()
	if other := m.Sign(); sign != other {
		return sign - other
	}
	return sign * n.cmpMagnitude(m)
}

// cmpMagnitude compares two numbers that are not zero, without their signs.
func (n Number) cmpMagnitude(m Number) int {
	if n.exp != m.exp {
		return int(n.exp) - int(m.exp)
	}
	return strings.Compare(n.digits, m.digits)
}

// Size is the number's contribution to the item size in bytes (semantics §1): 1, and 1 for every pair of digits between
// the first and the last that count, pairs lying on even powers of ten, and 1 for a minus sign. Zero is 1. At twenty
// pairs, the most there can be, the sign has no byte of its own.
func (n Number) Size() int {
	if n.digits == "" {
		return 1
	}
	return sizeOf(n.neg, int(n.exp), len(n.digits))
}

// sizeOf is the size of a number 0.d × 10^exp of so many digits.
func sizeOf(neg bool, exp, digits int) int {
	top, bottom := exp-1, exp-digits
	pairs := top>>1 - bottom>>1 + 1
	if neg && pairs < 20 {
		return 2 + pairs
	}
	return 1 + pairs
}
