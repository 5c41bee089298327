package components

// Receipt is what a request cost, and why. All figures come printed.
type Receipt struct {
	Subject string // "Query, Shop"; "" where nothing was run yet
	Figure  string // "1.0"
	Unit    string // "read request units"
	Price   string // "$0.125"
	Per     string // "per million requests"
	Strips  []Strip
	Sum     []Line // bytes, rounding, factor, units
	Arms    []Line // by table and index
	Way     Way    // of a read
	Why     []Words
	Same    []Line // the same request otherwise: strongly consistent, once a second
	Earlier []Line // what ran before, where this request cost nothing
	Took    string // simulated service time, "4.2 ms"; "" where nothing was sent
	Prices  string // "us-east-1 prices since 1 November 2024"
}

// Way is how a read finds its items, and what all of it comes to.
type Way struct {
	Words []Words // a paragraph each
	Range string  // `PK = "a" AND SK > 5`; "" for none
	Lines []Line  // evaluated, returned, all pages
}

// Line is a line of a sum.
type Line struct {
	Label  string
	Figure string
	Kind   LineKind
}

// LineKind is how a line is set.
type LineKind uint8

// The kinds of lines.
const (
	Term LineKind = iota // a line of the sum
	Sub                  // part of the line above
	Sum                  // the sum: ruled off
)

var lineClasses = [...]string{Term: "", Sub: "sub", Sum: "eq"}

func (k LineKind) class() string { return lineClasses[k] }
