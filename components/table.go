package components

// TableSheet is the dock's tab on one table: what it is, and the forms that
// change it.
type TableSheet struct {
	Tables []TableChoice // all tables of the region
	Name   string        // "" where there is none
	Facts  []Detail      // what DescribeTable says, in a few words
	Keys   []Key
	// Indexes are those of the table, global before local.
	Indexes []IndexSheet
	TTL     []Detail
	// Expiries are the items that time to live will delete, soonest first, and
	// MoreExpire how many more there are.
	Expiries   []Expiry
	MoreExpire int
	Tags       []Detail
	Forms      []FormChoice
	Form       *Form // the one that is open; nil for none
}

// TableChoice is a tab of the sheet.
type TableChoice struct {
	Name  string
	URL   string // of the sheet with that table
	Shown bool
}

// Detail is a fact with its name.
type Detail struct {
	Name, Value string
	Code        bool // the value is DynamoDB's own: an ARN, a name
}

// IndexSheet is a secondary index in detail.
type IndexSheet struct {
	Name, Kind string // Kind: "GSI", "LSI"
	Keys       []Key
	Projection string // "ALL", "KEYS_ONLY", "INCLUDE total, status"
	Status     string // "ACTIVE", "CREATING", …; "" for a local index
	Entries    string // printed
	Size       string
	Backfill   *Progress // while items of before are taken in
	Lag        string    // "3 changes on their way", "" for none
}

// Expiry counts one item down.
type Expiry struct{ Key, Expires, Swept string }

// Progress is how far something has come.
type Progress struct {
	Done, Total int
	Words       string // "12 of 34 items"
}

// FormChoice opens a form.
type FormChoice struct {
	Label, URL string
	Open       bool
}

// Form makes a request of fields. What it makes is shown, and is what runs.
type Form struct {
	Kind    string
	Label   string // of the button that runs it: "Create the table"
	Table   string
	Fields  []Field
	Text    string // the request
	Runs    []Run
	Problem string // why there is no request yet
}

// Field is one field of a form.
type Field struct {
	Name, Label string
	Value       string
	Options     []string // a choice of these; none for a text
	Narrow      bool     // a type, a number
	Hint        string   // what an empty one means
}

func (f Field) id() string { return "form-" + f.Name }
