package components

// Grid is items as a table: keys first, in the order they were read.
type Grid struct {
	Caption string // for those who do not see it: "Items read by Query on Shop"
	Columns []Column
	Rows    []Row // as many as are worth drawing
}

// Column is one attribute.
type Column struct {
	Name string
	Type string // "S"; "" where its type differs from item to item
	Role Role
}

// Row is an item or a line between items.
type Row struct {
	Kind  RowKind
	Cells []Cell // of an item: one for each column
	Bytes string // of an item: its size, printed
	Words Words  // of a band or an aside
}

// RowKind is what a row stands for.
type RowKind uint8

// The kinds of rows.
const (
	Returned RowKind = iota
	Filtered         // read and paid for, dropped by the filter
	Band             // an item collection begins: key, counts, hash, partition
	Aside            // neighbours that were not read: "3 items before the range, not read: a … b"
)

// Cell is one attribute of one item.
type Cell struct {
	Text   string // printed compactly on one line: "[2] Kind of Blue", "{8}", "jazz, vinyl"
	Type   string // set only where it is not the column's
	Absent bool   // the item does not have the attribute
}

// numeric tells whether the column is set to the right.
func (c Column) numeric() bool { return c.Type == "N" }

// hasRange tells whether a sort key is among the columns, so that a phone may
// leave out the partition key: the bands say it.
func (g Grid) hasRange() bool {
	banded := false
	for _, r := range g.Rows {
		banded = banded || r.Kind == Band
	}
	for _, c := range g.Columns {
		if c.Role == RangeKey {
			return banded
		}
	}
	return false
}

// width is how many columns the grid has, the bytes included.
func (g Grid) width() int { return len(g.Columns) + 1 }

// cellClass is how a column's cells are set. The last key carries the rule
// between keys and attributes.
func (g Grid) cellClass(i int) string {
	class := ""
	switch g.Columns[i].Role {
	case HashKey:
		class = "pk"
	case RangeKey:
		class = "sk"
	}
	if g.Columns[i].Role != NoKey && (i+1 == len(g.Columns) || g.Columns[i+1].Role == NoKey) {
		class = join(class, "edge")
	}
	if g.Columns[i].numeric() {
		class = join(class, "num")
	}
	return class
}

const cellRunes = 96

func (c Cell) shown() string { return clip(c.Text, cellRunes) }

// whole is the text of a cell too long for its column, for the title.
func (c Cell) whole() string {
	if len(c.Text) <= 24 {
		return ""
	}
	return clip(c.Text, 600)
}
