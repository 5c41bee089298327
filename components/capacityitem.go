package components

// ItemCalc is the calculator of one item: what it weighs, and what writing and
// reading it costs. All figures are the engine's.
type ItemCalc struct {
	Form  ItemForm
	Sizes ItemSizes
}

// ItemForm is the item as it was given, and the table it is for.
type ItemForm struct {
	Text       string
	As         []Choice // the notations
	Tables     []Choice
	Own        bool     // it gets a table of its own, with these keys
	HashKeys   []Choice // the attributes that can be its partition key
	RangeKeys  []Choice // its sort key; the first is none
	TakenFor   Words    // what the text was taken for
	Wrong      *Oops    // why it is no item
	Shown      string   // what the sizes are of, if it is none
	WrongTable *Oops    // why it cannot be in the table
}

// Choice is one of a select or of radio buttons.
type Choice struct {
	Value, Label string
	Chosen       bool
}

// ItemSizes are an item's attributes and their bytes, and what it costs.
type ItemSizes struct {
	Rows     []SizeRow
	More     string // "and 40 more attributes, 1,200 bytes"; "" for none
	Bytes    int
	Left     string // "281 bytes left in its first write unit"
	Inside   []Inside
	Strip    Strip
	Verdicts []Verdict
	Note     Words  // on the indexes that it is not in
	Take     string // what the month's form is to take over: "743,1,1,743"; "" for nothing
}

// SizeRow is one attribute.
type SizeRow struct {
	Name       string
	Type       Key
	NameBytes  int
	ValueBytes int
	Rule       string // how the value's bytes come about
}

func (r SizeRow) bytes() int { return r.NameBytes + r.ValueBytes }

// Inside is what a list or map of the item holds.
type Inside struct {
	Name  string
	Bytes int
	Rows  []InsideRow
	More  int // rows that are left out
}

// InsideRow is one value inside: its name, the byte for its type, its own
// bytes. A list or map is there with the 3 it costs itself.
type InsideRow struct {
	Path       string
	Type       string
	NameBytes  int
	ValueBytes int
	Rule       string
}

func (r InsideRow) bytes() int { return 1 + r.NameBytes + r.ValueBytes }

// Verdict is what one way of writing or reading the item costs.
type Verdict struct {
	What   string // "Write it"
	Figure string // "0.5"
	Unit   string // "RRU"
	Of     string // "743 B, up to 4 KB"
}

// widest is the most bytes that an attribute has.
func (s ItemSizes) widest() int {
	most := 1
	for _, r := range s.Rows {
		most = max(most, r.bytes())
	}
	return most
}

// gaugeWidth is the width of a row's bar in its own units.
const gaugeWidth = 120

// gauge is where an attribute's bar has its two parts, in hundredths: the
// name's bytes, then the value's.
func (s ItemSizes) gauge(r SizeRow) (name, value string) {
	at := func(bytes int) int { return bytes * gaugeWidth * centi / s.widest() }
	split := at(r.NameBytes)
	return hundredths(split), hundredths(max(at(r.bytes())-split, centi/2))
}
