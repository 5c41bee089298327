package components

// Outcome is what a request came to. Exactly one of Grid, Change, Facts and
// Oops says it; Blank stands in an empty workspace, where nothing was run.
type Outcome struct {
	ID        int    // its number in the session, from 1; 0 where nothing was run
	Operation string // "Query"
	Table     string // "" where the operation has none
	View      View
	Summary   []Fact // in the head: "5 returned", "7 read", …

	Grid   *Grid   // Query, Scan, GetItem
	Items  []Item  // the same items, attribute by attribute (view "items")
	Change *Change // PutItem, UpdateItem, DeleteItem
	Facts  []Pair  // CreateTable, DescribeTable, ListTables, DeleteTable
	Oops   *Oops
	Blank  *Blank

	JSON string // the reply's body, printed over lines (view "json")
	More *More  // there is a next page
	Turn *Turn  // there are more rows in this one than are drawn at a time
	Hold *Hold  // of a transaction, where it can be held open or is
}

// Hold offers to hold a transaction open, or to end one that is.
type Hold struct {
	Name string // of the open one; "" for one that is not held
	Text string // the request to hold
}

// Turn leads through the rows of a page that has more than are drawn at once.
type Turn struct {
	Words    string // "Rows 501 to 1,000 of 2,400"
	Previous string // address of the rows before; "" at the beginning
	Next     string
}

// View is one way to look at an outcome.
type View string

// The views, as in the query of desk/outcome/{id}. The first one is what an
// outcome opens with, whatever it is called then: Table, Change or Facts.
const (
	ViewTable View = "table"
	ViewItems View = "items"
	ViewJSON  View = "json"
)

// viewTab is a tab above the result.
type viewTab struct {
	view  View
	label string
}

// tabs are the views that this outcome has.
func (o Outcome) tabs() []viewTab {
	switch {
	case o.Grid != nil:
		return []viewTab{{ViewTable, "Table"}, {ViewItems, "Items"}, {ViewJSON, "JSON"}}
	case o.Change != nil:
		return []viewTab{{ViewTable, "Change"}, {ViewJSON, "JSON"}}
	case o.Facts != nil:
		return []viewTab{{ViewTable, "Facts"}, {ViewJSON, "JSON"}}
	}
	return nil
}

// view is the view shown: the wanted one, or the first where this outcome
// does not have it.
func (o Outcome) view() View {
	for _, t := range o.tabs() {
		if t.view == o.View {
			return o.View
		}
	}
	return ViewTable
}

// Pair is a line of facts about a table.
type Pair struct {
	Name  string // "Partition key"
	Value Words
}

// More tells of a next page and how to get it.
type More struct {
	Words Words  // "More pages: LastEvaluatedKey is PK …, SK …"
	Text  string // the request with ExclusiveStartKey, as the editor's text
}

// Item is one item in full.
type Item struct {
	Key        Words // its key, to head it with
	Bytes      string
	Filtered   bool // read, not returned
	Attributes []Attribute
}

// Attribute is one attribute of an item.
type Attribute struct {
	Name  string
	Type  string // "S"
	Role  Role
	Value string // printed; documents over several lines
}

// Change is an item before and after a write.
type Change struct {
	Words      Words  // "Item replaced." "No item had this key: one was created."
	Before     string // size, printed: "545 B"; "" where there was no item
	After      string // "" where there is none now
	Attributes []AttributeChange
	Fanout     []Fanout
	Returned   []Attribute // what ReturnValues asked for
}

// AttributeChange is one attribute before and after.
type AttributeChange struct {
	Name   string
	Type   string // after, or before where it is gone
	Role   Role
	Before string // printed; meaningless when Mark is Added
	After  string // meaningless when Mark is Removed
	Mark   Mutation
}

// Mutation is what became of an attribute or an index entry.
type Mutation uint8

// What can become of an attribute (the first four) or an index entry (any).
const (
	Same Mutation = iota
	Added
	Changed
	Removed
	Moved    // to another place in the index
	NotThere // the item is not in this index: a key attribute is missing
)

var mutationWords = [...]string{
	Same: "unchanged", Added: "added", Changed: "changed", Removed: "removed", Moved: "moved", NotThere: "not in this index",
}

func (m Mutation) String() string { return mutationWords[m] }

var mutationClasses = [...]string{Same: "same", Added: "added", Changed: "changed", Removed: "removed", Moved: "moved", NotThere: "same"}

func (m Mutation) class() string { return mutationClasses[m] }

// Fanout is what a write did to one secondary index.
type Fanout struct {
	Index string
	Kind  string // "GSI" or "LSI"
	Mark  Mutation
	Words Words  // "SHIPPED, 2026-11-20 → DELIVERED, 2026-11-20"
	Units string // "2 WRU", "free"
}

// Blank is the result of an empty workspace: where to begin. The actions come
// from the desk: its examples, and the way back.
type Blank struct{}
