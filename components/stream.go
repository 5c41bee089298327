package components

// StreamSheet is the dock's tab on a stream: its shards as lanes with the
// records in them, one record in detail, and an iterator.
type StreamSheet struct {
	Streams  []TableChoice // where there are several
	Facts    []Fact
	Words    Words  // what there is to say instead of lanes
	Enable   string // the request that gives the table a stream; "" where it has one
	Table    string // that Enable is about
	Lanes    []Lane
	Record   *StreamRecord // nil for none
	Iterator *Iterator     // nil where none was placed
}

// Lane is a shard and its records, oldest first.
type Lane struct {
	Shard   string // its id
	Name    string // the end of it, which tells it from others
	Parent  string // the name of the shard before it; "" for none
	Depth   int    // how many shards came before it
	Range   string // of hashes: "0000 to 3fff"
	State   string // "open, partition 1", "closed 09:41:07"
	Open    bool
	Trimmed int // records that are over a day old and gone
	Earlier int // records that are there and not drawn
	Ticks   []StreamTick
	AtEnd   bool   // the iterator stands behind the last record
	Oldest  string // request that places the iterator at the beginning
	Latest  string // at the end
	Split   string // the address that splits its partition; "" where it cannot be
}

// StreamTick is a record in its lane.
type StreamTick struct {
	Event   string // "INSERT", "MODIFY", "REMOVE"
	Key     string // printed, for the reader of the page
	URL     string // shows it
	Shown   bool
	Service bool // DynamoDB deleted it
	Next    bool // the iterator stands before it
}

func (t StreamTick) letter() string {
	if t.Event == "" {
		return ""
	}
	return t.Event[:1]
}

func (t StreamTick) label() string {
	s := t.Event + " " + t.Key
	if t.Service {
		s += ", by time to live"
	}
	if t.Next {
		s += ", the iterator is here"
	}
	return s
}

// StreamRecord is one record in detail.
type StreamRecord struct {
	Event      string
	Service    bool
	Lines      []Detail // sequence number, time, size
	View       string   // what the view leaves out, in words; "" for nothing
	Attributes []AttributeChange
	Here       string // request that places the iterator at it
	Behind     string // behind it
}

// Iterator is where reading goes on.
type Iterator struct {
	Words Words  // "Reading shard a1b2 from the beginning."
	Step  string // request that reads one record; "" where there is no more
	All   string // request that reads what there is
}
