package attr

import (
	"strconv"
	"strings"
)

// IntNumber is i as a number.
func IntNumber(i int64) Number {
	if i == 0 {
		return Number{}
	}
	text, neg := strconv.FormatInt(i, 10), i < 0
	if neg {
		text = text[1:]
	}
	return Number{neg: neg, exp: int16(len(text)), digits: strings.TrimRight(text, "0")}
}

// Int64 is the number as an integer; ok is false if it has a fraction or does not fit.
func (n Number) Int64() (i int64, ok bool) {
	exp := int(n.exp)
	if exp < len(n.digits) || exp > 19 {
		return 0, false
	}
	// Counted downwards, because the least integer has no positive counterpart.
	for k := range exp {
		d := int64(0)
		if k < len(n.digits) {
			d = int64(n.digits[k] - '0')
		}
		if i < (-1<<63+d)/10 {
			return 0, false
		}
		i = i*10 - d
	}
	if n.neg {
		return i, true
	}
	return -i, i != -1<<63
}

func (n Number) negated() Number {
	n.neg = !n.neg && n.digits != ""
	return n
}

// Sub is n - m, with the errors of Add.
func (n Number) Sub(m Number) (Number, error) { return n.Add(m.negated()) }

// Add is the exact sum. Errors: Overflow, also when the sum needs more than 38 digits (semantics §2), and Underflow.
func (n Number) Add(m Number) (Number, error) {
	if n.digits == "" {
		return m, nil
	}
	if m.digits == "" {
		return n, nil
	}
	if n.cmpMagnitude(m) < 0 {
		n, m = m, n
	}
	var w columns
	if !w.place(n, m) {
		return Number{}, &Error{Kind: Overflow}
	}
	if n.neg == m.neg {
		w.add(m)
	} else {
		w.subtract(m)
	}
	return w.number(n.neg)
}

// columns is the paper on which two numbers are added: one digit in a column, column 0 for the carry.
type columns struct {
	exp   int // column c stands for 10^(exp-c)
	width int
	digit [Digits + 2]int8
}

// place writes n, the greater of the two, and says whether there is room for the digits of both. Where there is not,
// the result has more than 38 digits: its last digit is the lower of the two last digits, and its first can fall at
// most one column below n's first unless the two numbers begin in the same or the next column.
func (w *columns) place(n, m Number) bool {
	w.exp = int(n.exp)
	w.width = 1 + max(len(n.digits), len(m.digits)+w.exp-int(m.exp))
	if w.width > len(w.digit) {
		return false
	}
	for i := range n.digits {
		w.digit[1+i] = int8(n.digits[i] - '0')
	}
	return true
}

func (w *columns) add(m Number) {
	carry := int8(0)
	for c, i := w.width-1, w.last(m); c >= 0; c, i = c-1, i-1 {
		d := w.digit[c] + digitAt(m.digits, i) + carry
		carry = d / 10
		w.digit[c] = d % 10
	}
}

func (w *columns) subtract(m Number) {
	borrow := int8(0)
	for c, i := w.width-1, w.last(m); c >= 0; c, i = c-1, i-1 {
		d := w.digit[c] - digitAt(m.digits, i) - borrow
		borrow = 0
		if d < 0 {
			d, borrow = d+10, 1
		}
		w.digit[c] = d
	}
}

// last is the index of m's digit that belongs in the last column.
func (w *columns) last(m Number) int { return w.width - 2 - (w.exp - int(m.exp)) }

// digitAt is digit i, or 0 beyond either end.
func digitAt(digits string, i int) int8 {
	if i < 0 || i >= len(digits) {
		return 0
	}
	return int8(digits[i] - '0')
}

func (w *columns) number(neg bool) (Number, error) {
	from, to := 0, w.width
	for from < to && w.digit[from] == 0 {
		from++
	}
	for from < to && w.digit[to-1] == 0 {
		to--
	}
	if from == to {
		return Number{}, nil
	}
	if to-from > Digits {
		return Number{}, &Error{Kind: Overflow}
	}
	exp := w.exp + 1 - from
	if err := rangeError(int64(exp)); err != nil {
		return Number{}, err
	}
	var text [Digits]byte
	for i := from; i < to; i++ {
		text[i-from] = '0' + byte(w.digit[i])
	}
	return Number{neg: neg, exp: int16(exp), digits: string(text[:to-from])}, nil
}
