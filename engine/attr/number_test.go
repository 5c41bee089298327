package attr

import (
	"cmp"
	"errors"
	"math"
	"math/big"
	"math/rand/v2"
	"strings"
	"testing"
)

func kindOfError(err error) ErrorKind {
	var e *Error
	if errors.As(err, &e) {
		return e.Kind
	}
	return 0
}

func mustNumber(t testing.TB, s string) Number {
	t.Helper()
	n, err := ParseNumber(s)
	if err != nil {
		t.Fatalf("ParseNumber(%q): %v", s, err)
	}
	return n
}

var nines38 = strings.Repeat("9", 38)

func TestParseNumber(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"0", "0"}, {"-0", "0"}, {"+0", "0"}, {"0.0", "0"}, {"-0.00e5", "0"}, {"000", "0"},
		{"1", "1"}, {"+5", "5"}, {"+1e2", "100"}, {"-42", "-42"}, {"007", "7"}, {"1.50", "1.5"}, {"-0.50", "-0.5"},
		{"1.5E2", "150"}, {"1e3", "1000"}, {"1000", "1000"}, {"1.5e-3", "0.0015"}, {"123.456e1", "1234.56"},
		{".5", "0.5"}, {"5.", "5"}, {"-.5e1", "-5"}, {"1e+5", "100000"}, {"1E05", "100000"},
		{"1E-130", "0." + strings.Repeat("0", 129) + "1"},
		{"1E125", "1" + strings.Repeat("0", 125)},
		{"9." + strings.Repeat("9", 37) + "E125", nines38 + strings.Repeat("0", 88)},
		{nines38, nines38}, {"-" + nines38, "-" + nines38},
		{"1" + strings.Repeat("0", 125), "1" + strings.Repeat("0", 125)},
		{"0" + nines38 + "000", nines38 + "000"},
		{"0.1000000000000000000000000000000000000000000000000", "0.1"},
		{strings.Repeat("0", 500) + "1", "1"},
		{"0." + strings.Repeat("0", 500) + "1e501", "1"},
		{"1" + strings.Repeat("0", 500) + "e-500", "1"},
		// Quirk (semantics §2): a zero is held to the range by its written exponent.
		{"0e125", "0"}, {"0.0e126", "0"}, {"0e-130", "0"},
		{"1.5E-130", "0." + strings.Repeat("0", 129) + "15"},
	} {
		n, err := ParseNumber(c.in)
		if err != nil || n.String() != c.want {
			t.Errorf("ParseNumber(%q) = %v, %v, want %s", c.in, n, err, c.want)
			continue
		}
		if again := mustNumber(t, c.want); again != n {
			t.Errorf("%q: canonical text reads as %#v, not %#v", c.in, again, n)
		}
	}
}

func TestParseNumberErrors(t *testing.T) {
	for _, c := range []struct {
		in   string
		want ErrorKind
	}{
		{"", NotNumeric}, {" ", NotNumeric}, {" 1", NotNumeric}, {"1 ", NotNumeric}, {"1\n", NotNumeric}, {"abc", NotNumeric},
		{"+", NotNumeric}, {"-", NotNumeric}, {".", NotNumeric}, {"+.", NotNumeric}, {"e2", NotNumeric}, {"+e2", NotNumeric},
		{"1+2", NotNumeric}, {"1.2.3", NotNumeric}, {"1e", NotNumeric}, {"1e+", NotNumeric}, {"1e1.5", NotNumeric}, {"--1", NotNumeric},
		{"+-1", NotNumeric}, {"NaN", NotNumeric}, {"Infinity", NotNumeric}, {"-Infinity", NotNumeric}, {"0x10", NotNumeric},
		{"1_000", NotNumeric}, {"1,000", NotNumeric}, {"1e5e5", NotNumeric}, {"٣", NotNumeric}, {"\x00", NotNumeric},
		{"1e126", Overflow}, {"-1e126", Overflow}, {"10e125", Overflow}, {"1e99999999999999999999999999", Overflow},
		{"1" + strings.Repeat("0", 126), Overflow}, {"0e126", Overflow}, {"0.0e127", Overflow}, {nines38 + "e88", 0},
		{nines38 + "e89", Overflow},
		{"1e-131", Underflow}, {"0.1e-130", Underflow}, {"1e-99999999999999999999999999", Underflow}, {"0e-131", Underflow},
		{"0.0e-130", Underflow}, {"0." + strings.Repeat("0", 130) + "1", Underflow},
		{nines38 + "9", TooManyDigits}, {"1." + nines38, TooManyDigits}, {"0." + nines38 + "1", TooManyDigits},
		{"1" + strings.Repeat("0", 37) + "1", TooManyDigits}, {"12345678901234567890.12345678901234567891", TooManyDigits},
		{nines38 + "0000", 0}, {"1." + nines38[1:], 0},
	} {
		n, err := ParseNumber(c.in)
		if got := kindOfError(err); got != c.want {
			t.Errorf("ParseNumber(%q) = %v, %v, want %v", c.in, n, err, c.want)
		}
		if c.want == NotNumeric && err.(*Error).Detail != c.in {
			t.Errorf("ParseNumber(%q): detail %q", c.in, err.(*Error).Detail)
		}
	}
}

func TestNumberSize(t *testing.T) {
	for _, c := range []struct {
		in   string
		want int
	}{
		// Measured (semantics §1).
		{"0", 1}, {"-0", 1}, {"1", 2}, {"12", 2}, {"123", 3}, {"1234", 3}, {"12345", 4}, {"100", 2}, {"1010", 3}, {"1.5", 3},
		{"0.15", 2}, {"1.234", 4}, {"3.14159", 5}, {"100.5", 4}, {"0.0000001", 2}, {"1E125", 2}, {"-42", 3}, {"-12345", 5},
		{nines38, 20},
		// By pairs aligned on the decimal point.
		{"150", 3}, {"0.015", 3}, {"1E100", 2}, {"1e-130", 2}, {"0.01", 2}, {"0.001", 2}, {"10", 2}, {"-1", 3},
		{"-" + nines38, 21}, {nines38 + "0", 21}, {"-" + nines38 + "0", 21},
	} {
		if got := mustNumber(t, c.in).Size(); got != c.want {
			t.Errorf("size of %s = %d, want %d", c.in, got, c.want)
		}
		if got := Num(mustNumber(t, c.in)).Size(); got != c.want {
			t.Errorf("size of the value %s = %d, want %d", c.in, got, c.want)
		}
	}
}

func TestNumberCmp(t *testing.T) {
	ascending := []string{
		"-9.9e125", "-1e125", "-100", "-99.5", "-99", "-1.1", "-1", "-0.1", "-1e-130", "0", "1e-130", "1.1e-130", "0.01", "0.1",
		"0.12", "0.123", "0.2", "1", "1.01", "9", "10", "12", "100", "1e125", "9.9e125",
	}
	for i, a := range ascending {
		for j, b := range ascending {
			got, want := mustNumber(t, a).Cmp(mustNumber(t, b)), i-j
			if (got < 0) != (want < 0) || (got > 0) != (want > 0) {
				t.Errorf("%s against %s: %d", a, b, got)
			}
		}
		if got, want := mustNumber(t, a).Sign(), i-9; (got < 0) != (want < 0) || (got > 0) != (want > 0) {
			t.Errorf("sign of %s: %d", a, got)
		}
	}
}

func TestAdd(t *testing.T) {
	for _, c := range []struct{ a, b, want string }{
		{"1", "2", "3"}, {"0", "5", "5"}, {"5", "0", "5"}, {"1", "-1", "0"}, {"0.1", "0.2", "0.3"}, {"-5", "3", "-2"}, {"3", "-5", "-2"},
		{"999", "1", "1000"}, {"1000", "-1", "999"}, {"1e20", "1", "100000000000000000001"}, {"-0.5", "-0.5", "-1"},
		{"1" + strings.Repeat("0", 38), "-1", nines38},
		{"1e37", "1e-37", "!Overflow"}, {"1e37", "1", "10000000000000000000000000000000000001"},
		{"1e38", "1", "!Overflow"}, {"1e39", "-1", "!Overflow"}, {nines38, "1", "1" + strings.Repeat("0", 38)},
		{nines38, "0.1", "!Overflow"}, {"1e125", "1e-130", "!Overflow"}, {"-1e125", "1e-130", "!Overflow"},
		{"9.9e125", "1e125", "!Overflow"}, {"9e125", "9e124", "99" + strings.Repeat("0", 124)},
		{"1.5e-130", "-1.4e-130", "!Underflow"}, {"1.5e-130", "-5e-131", "?"},
		{"10000000000000000000000000000000000000", "-9999999999999999999999999999999999999.9", "0.1"},
	} {
		b, err := ParseNumber(c.b)
		if c.want == "?" {
			if kindOfError(err) != Underflow {
				t.Errorf("%s: %v", c.b, err)
			}
			continue
		}
		got, err := mustNumber(t, c.a).Add(b)
		text := got.String()
		switch kindOfError(err) {
		case Overflow:
			text = "!Overflow"
		case Underflow:
			text = "!Underflow"
		}
		if text != c.want {
			t.Errorf("%s + %s = %s, want %s", c.a, c.b, text, c.want)
		}
	}
}

// randomNumber gives numbers of all shapes, many of them close to each other.
func randomNumber(r *rand.Rand) Number {
	digits := make([]byte, 1+r.IntN(Digits))
	if r.IntN(2) == 0 {
		digits = digits[:1+r.IntN(min(3, len(digits)))]
	}
	for i := range digits {
		digits[i] = '0' + byte(r.IntN(10))
		if r.IntN(3) == 0 {
			digits[i] = "09"[r.IntN(2)]
		}
	}
	span := []int{4, 45, 250}[r.IntN(3)]
	text := string(digits) + "e" + IntNumber(int64(r.IntN(span)-span/2)).String()
	if r.IntN(2) == 0 {
		text = "-" + text
	}
	n, err := ParseNumber(text)
	if err != nil {
		return randomNumber(r)
	}
	return n
}

func rat(t testing.TB, n Number) *big.Rat {
	t.Helper()
	out, ok := new(big.Rat).SetString(n.String())
	if !ok {
		t.Fatalf("no rational: %s", n)
	}
	return out
}

// significant is how many digits an exact decimal needs.
func significant(r *big.Rat) int {
	text := strings.Replace(strings.TrimLeft(r.FloatString(400), "-"), ".", "", 1)
	return len(strings.Trim(text, "0"))
}

func TestArithmeticAgainstRationals(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	fails := map[ErrorKind]int{}
	for range 20000 {
		a, b := randomNumber(r), randomNumber(r)
		if got, want := a.Cmp(b), rat(t, a).Cmp(rat(t, b)); (got < 0) != (want < 0) || (got > 0) != (want > 0) {
			t.Fatalf("%s against %s: %d, want %d", a, b, got, want)
		}
		sum, err := a.Add(b)
		want := new(big.Rat).Add(rat(t, a), rat(t, b))
		if r.IntN(2) == 0 {
			sum, err = a.Sub(b)
			want.Sub(rat(t, a), rat(t, b))
		}
		fails[kindOfError(err)]++
		switch {
		case err == nil && rat(t, sum).Cmp(want) != 0:
			t.Fatalf("%s and %s: %s, want %s", a, b, sum, want.FloatString(140))
		case err == nil && mustNumber(t, sum.String()) != sum:
			t.Fatalf("%s and %s: result %#v is not canonical", a, b, sum)
		case kindOfError(err) == Overflow && significant(want) <= Digits && new(big.Rat).Abs(want).Cmp(rat(t, Number{exp: 126, digits: nines38})) <= 0:
			t.Fatalf("%s and %s: overflow, want %s", a, b, want.FloatString(140))
		}
	}
	if fails[0] < 5000 || fails[Overflow] < 1000 {
		t.Errorf("one-sided test: %v", fails)
	}
}

func TestInt64(t *testing.T) {
	for _, i := range []int64{0, 1, -1, 10, -10, 100, 12345, math.MaxInt64, math.MinInt64, math.MaxInt64 - 1, math.MinInt64 + 1, 9e18, -9e18} {
		n := IntNumber(i)
		if got, ok := n.Int64(); !ok || got != i {
			t.Errorf("%d comes back as %d, %v", i, got, ok)
		}
		if n.String() != big.NewInt(i).String() || mustNumber(t, n.String()) != n {
			t.Errorf("%d prints as %s", i, n)
		}
	}
	for _, s := range []string{"0.5", "1.5", "9223372036854775808", "-9223372036854775809", "1e19", "1e125", "1e-130", nines38, "9999999999999999999"} {
		if got, ok := mustNumber(t, s).Int64(); ok {
			t.Errorf("%s fits as %d", s, got)
		}
	}
}

func FuzzNumber(f *testing.F) {
	for _, s := range []string{"0", "-0", "1.5E2", "+5", "0e126", "0.0e126", "1e-130", nines38, "1..2", "1e", ".5", "5.", "0.00100e-3", "-" + nines38 + "e50"} {
		f.Add(s, "1")
	}
	f.Fuzz(func(t *testing.T, s, s2 string) {
		n, err := ParseNumber(s)
		if err != nil {
			if e, ok := err.(*Error); !ok || e.Kind < NotNumeric || e.Kind > TooManyDigits {
				t.Fatalf("error %v", err)
			}
			return
		}
		if want, ok := new(big.Rat).SetString(s); !ok || rat(t, n).Cmp(want) != 0 {
			t.Fatalf("%q reads as %s", s, n)
		}
		if again := mustNumber(t, n.String()); again != n {
			t.Fatalf("%q: %#v prints as %s, which reads as %#v", s, n, n, again)
		}
		if size := n.Size(); size < 1 || size > 21 {
			t.Fatalf("%q: size %d", s, size)
		}
		m, err := ParseNumber(s2)
		if err != nil {
			return
		}
		keys := strings.Compare(string(AppendKey(nil, Num(n))), string(AppendKey(nil, Num(m))))
		if c := rat(t, n).Cmp(rat(t, m)); keys != c || cmp.Compare(n.Cmp(m), 0) != c {
			t.Fatalf("%s and %s: the keys compare as %d, the numbers as %d", n, m, keys, n.Cmp(m))
		}
		sum, err := n.Add(m)
		if err == nil && rat(t, sum).Cmp(new(big.Rat).Add(rat(t, n), rat(t, m))) != 0 {
			t.Fatalf("%s + %s = %s", n, m, sum)
		}
	})
}
