package components

// Table is a table in the list at the left, with its indexes.
type Table struct {
	Name    string
	Items   string // how many, printed: "148"
	Keys    []Key  // partition key first
	Billing string // "ON-DEMAND" or "PROVISIONED"
	Status  string // "" when ACTIVE, else "CREATING", "DELETING", "UPDATING"
	Touched bool   // the shown request went to the table itself
	// Look is the request that shows what is in it, as the editor's text. The
	// table's row runs it.
	Look    string
	Indexes []Index // by name, global before local
}

// Index is a secondary index in the list.
type Index struct {
	Name    string
	Items   string // entries, printed
	Kind    string // "GSI" or "LSI"
	Keys    []Key
	Status  string // "" when ACTIVE
	Lag     string // "3 changes on their way", "" for none
	Touched bool   // the shown request read it
	Look    string
}

// Key is one attribute of a key.
type Key struct {
	Name string
	Type string // "S", "N" or "B"
	Role Role
}

// Role is the part an attribute plays in the keys of what was read.
type Role uint8

// The roles of an attribute.
const (
	NoKey    Role = iota
	HashKey       // partition key of the table or index that was read
	RangeKey      // its sort key
	TableKey      // a key of the table, seen through an index
)

// Clock is the engine's clock.
type Clock struct {
	Mode  string // "FROZEN", "RUNNING", or "REAL TIME" where the host moves it
	Speed int    // engine seconds for a second, while it runs or for when it will
	Runs  bool   // a script advances it
	Time  string // "09:41:07"
	Date  string // "Sunday 22 November 2026, UTC"
	// Due are the events on the queue, soonest first; none prints as
	// "Nothing scheduled".
	Due []Due
}

// Due is an event that the clock will run.
type Due struct {
	What string // "Shop becomes ACTIVE"
	In   string // "in 00:42"
}

// clockStep is a button below the clock.
type clockStep struct{ by, label, says string }

var clockSteps = []clockStep{
	{"1", "+1 s", "Advance one second"},
	{"60", "+1 m", "Advance one minute"},
	{"3600", "+1 h", "Advance one hour"},
	{"86400", "+1 d", "Advance one day"},
}

// Speeds are the speeds at which the clock can run, in engine seconds for a
// second, as the page names them.
var Speeds = []struct {
	Factor int
	Label  string
}{
	{1, "×1"}, {60, "1 min/s"}, {3600, "1 h/s"}, {86400, "1 d/s"},
}

func (c Clock) speed() int {
	for _, s := range Speeds {
		if s.Factor == c.Speed {
			return c.Speed
		}
	}
	return Speeds[0].Factor
}

// roleTitle is the tag of a key in words.
func (k Key) title() string {
	switch k.Role {
	case HashKey:
		return "partition key, " + typeName(k.Type)
	case RangeKey:
		return "sort key, " + typeName(k.Type)
	case TableKey:
		return "key of the table, " + typeName(k.Type)
	}
	return typeName(k.Type)
}

var typeNames = map[string]string{
	"S": "String", "N": "Number", "B": "Binary", "BOOL": "Boolean", "NULL": "Null", "M": "Map", "L": "List",
	"SS": "String set", "NS": "Number set", "BS": "Binary set",
}

func typeName(t string) string {
	if name, ok := typeNames[t]; ok {
		return name
	}
	return t
}
