package components

import "strings"

// Strip is bytes laid over blocks: what was read or written as segments, end
// to end, with a rule at every block's edge.
type Strip struct {
	Caption  string // over the strip; "" where there is but one
	Label    string // the same in words, for those who do not see it
	Block    int    // bytes of a block: 4096 to read, 1024 to write
	Segments []Segment
}

// Segment is one item's share of a strip.
type Segment struct {
	Bytes  int
	Hollow bool // read and not returned, or replaced
}

// The drawing's size in its own units. Positions are computed in hundredths,
// with integers, so that they are equal everywhere.
const (
	stripWidth  = 316
	stripTop    = 6
	stripHeight = 16
	centi       = 100
)

// total is the bytes of all segments.
func (s Strip) total() int {
	n := 0
	for _, seg := range s.Segments {
		n += seg.Bytes
	}
	return n
}

// blocks is how many blocks the strip shows: those begun, at least one.
func (s Strip) blocks() int {
	return max(1, (s.total()+s.Block-1)/s.Block)
}

// at is where a byte lies, in hundredths of a unit.
func (s Strip) at(byte int) int {
	return byte * stripWidth * centi / (s.blocks() * s.Block)
}

// rect is one drawn rectangle.
type rect struct {
	x, width int // hundredths
	hollow   bool
}

// bars are the segments as rectangles, with a hair of space between; what is
// too narrow to be seen apart, and all of many, is drawn together with its
// like.
func (s Strip) bars() []rect {
	var bars []rect
	from, hollow, sum := 0, false, 0
	crowd := len(s.Segments) > 64
	flush := func() {
		if sum == from {
			return
		}
		x, end := s.at(from), s.at(sum)
		bars = append(bars, rect{x: x, width: max(end-x-centi, centi/2), hollow: hollow})
		from = sum
	}
	for _, seg := range s.Segments {
		if seg.Hollow != hollow || !crowd && s.at(sum)-s.at(from) >= 3*centi {
			flush()
			hollow = seg.Hollow
		}
		sum += seg.Bytes
	}
	flush()
	return bars
}

// edges are the bytes where blocks end, at most nine of them, evenly apart:
// the first and the last always.
func (s Strip) edges() []int {
	n := s.blocks()
	step := 1
	for n/step > 8 {
		step *= 2
	}
	var edges []int
	for b := 0; b < n; b += step {
		edges = append(edges, b*s.Block)
	}
	return append(edges, n*s.Block)
}

// labelled tells whether edge i of n has room for its figure: the ends do,
// others where they stand far enough from both and from each other.
func (s Strip) labelled(edges []int, i int) bool {
	if i == 0 || i == len(edges)-1 {
		return true
	}
	const room = 44 * centi
	x := s.at(edges[i])
	if x < room || stripWidth*centi-x < room {
		return false
	}
	gap := s.at(edges[1])
	every := 1
	for gap*every < room {
		every *= 2
	}
	return i%every == 0
}

// rules is the path of all edges.
func (s Strip) rules() string {
	var b strings.Builder
	for _, e := range s.edges() {
		x := min(max(s.at(e), centi/2), stripWidth*centi-centi/2)
		b.WriteString("M" + hundredths(x) + " 2v24")
	}
	return b.String()
}

// solid is where a filled bar's rectangle stands, frame where a hollow one's
// does: half a unit inside, so that its line covers the same ground.
func (b rect) frame() (x, y, width, height string) {
	if !b.hollow {
		return hundredths(b.x), itoa(stripTop), hundredths(b.width), itoa(stripHeight)
	}
	w := max(b.width-centi, centi/2)
	return hundredths(b.x + centi/2), hundredths(stripTop*centi + centi/2), hundredths(w), itoa(stripHeight - 1)
}
