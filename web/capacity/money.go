package capacity

import (
	"strconv"
	"strings"

	"github.com/sortkey/sortkey/components"
)

// decimal prints hundredths: 12050 is "120.5".
func decimal(n int64) string {
	s := components.Grouped(int(n / 100))
	if part := n % 100; part != 0 {
		s += "." + strings.TrimRight(strconv.FormatInt(100+part, 10)[1:], "0")
	}
	return s
}

// millions prints a quantity in hundredths, large ones in millions to the
// nearest hundredth.
func millions[Q ~int64](q Q) string {
	n := int64(q)
	if n < 100*1_000_000 {
		return decimal(n)
	}
	return decimal((n+500_000)/1_000_000) + " million"
}

// dollars prints microdollars with as many decimals as it takes, two at least.
func dollars(micro int64) string {
	digits := strconv.FormatInt(1_000_000+micro%1_000_000, 10)[1:]
	keep := 2
	for keep < 6 && strings.Trim(digits[keep:], "0") != "" {
		keep++
	}
	return "$" + components.Grouped(int(micro/1_000_000)) + "." + digits[:keep]
}

// cents prints microdollars to the cent, rounded to nearest; less than half a
// cent prints as "under $0.01".
func cents(micro int64) string {
	c := (micro + 5_000) / 10_000
	if c == 0 && micro > 0 {
		return "under $0.01"
	}
	return "$" + components.Grouped(int(c/100)) + "." + strconv.FormatInt(100+c%100, 10)[1:]
}

// percent prints thousandths: 289 is "28.9 %".
func percent(perMille int64) string {
	s := components.Grouped(int(perMille / 10))
	if part := perMille % 10; part != 0 {
		s += "." + strconv.FormatInt(part, 10)
	}
	return s + " %"
}
