package share

import (
	_ "embed"
	"strings"
	"unicode/utf8"
)

// lettersText is an alphabet of pen strokes, for pictures of text where there
// is no font: our own, of lines and arcs, as a plotter would draw them. On each
// line a letter, how far it takes the pen, and its strokes: points of two
// hexadecimal digits, x from the left and y upwards, 4 being the baseline, b
// the height of x and e that of capitals. A stroke that begins with ~ is rounded, one
// that begins with @ rounded and closed.
//
//go:embed letters.txt
var lettersText string

// letter is one of the alphabet.
type letter struct {
	advance float32
	strokes [][]point
}

type point struct{ x, y float32 }

// capitals is the height of capital letters, in the units of the alphabet.
const capitals = 10

// alphabet is read once it is needed.
var alphabet map[rune]letter

func letterOf(r rune) letter {
	if alphabet == nil {
		alphabet = map[rune]letter{' ': {advance: 5}}
		for line := range strings.Lines(lettersText) {
			fields := strings.Fields(line)
			name, _ := utf8.DecodeRuneInString(fields[0])
			alphabet[name] = readLetter(fields[1], fields[2:])
		}
	}
	if l, ok := alphabet[r]; ok {
		return l
	}
	if plain := strings.IndexRune(accented, r); plain >= 0 {
		at := utf8.RuneCountInString(accented[:plain])
		return letterOf(rune(unaccented[at]))
	}
	return letter{8, [][]point{{{0, 0}, {6, 0}, {6, 10}, {0, 10}, {0, 0}}}}
}

// What has no letter of its own but one that looks like it.
const (
	accented   = "ÀÁÂÃÄÅÇÈÉÊËÌÍÎÏÑÒÓÔÕÖØÙÚÛÜÝàáâãäåçèéêëìíîïñòóôõöøùúûüýÿß‘’“”\u00a0\t"
	unaccented = "AAAAAACEEEEIIIINOOOOOOUUUUYaaaaaaceeeeiiiinoooooouuuuyys''\"\"  "
)

func readLetter(advance string, strokes []string) letter {
	l := letter{advance: decimal(advance)}
	for _, s := range strokes {
		shape := s[0]
		s = strings.TrimLeft(s, "~@")
		var line []point
		for i := 0; i+1 < len(s); i += 2 {
			line = append(line, point{hexDigit(s[i]), hexDigit(s[i+1]) - 4})
		}
		switch shape {
		case '~':
			line = rounded(line, false)
		case '@':
			line = rounded(line, true)
		}
		l.strokes = append(l.strokes, line)
	}
	return l
}

func decimal(s string) (n float32) {
	for i := range len(s) {
		n = n*10 + float32(s[i]-'0')
	}
	return n
}

func hexDigit(c byte) float32 { return float32(strings.IndexByte("0123456789abcdef", c)) }

// rounded follows the corners of a line as a quadratic B-spline does: it
// touches the middle of each side, and an open one keeps its ends.
func rounded(line []point, closed bool) []point {
	if len(line) < 3 {
		return line
	}
	middle := func(a, b point) point { return point{(a.x + b.x) / 2, (a.y + b.y) / 2} }
	var out []point
	arc := func(from, corner, to point) {
		for i := range arcSteps {
			t := float32(i) / arcSteps
			u := 1 - t
			out = append(out, point{u*u*from.x + 2*u*t*corner.x + t*t*to.x, u*u*from.y + 2*u*t*corner.y + t*t*to.y})
		}
	}
	n := len(line)
	if closed {
		for i := range n {
			arc(middle(line[i], line[(i+1)%n]), line[(i+1)%n], middle(line[(i+1)%n], line[(i+2)%n]))
		}
		return append(out, out[0])
	}
	from := line[0]
	for i := 1; i < n-1; i++ {
		to := middle(line[i], line[i+1])
		if i == n-2 {
			to = line[n-1]
		}
		arc(from, line[i], to)
		from = to
	}
	return append(out, from)
}

const arcSteps = 7
