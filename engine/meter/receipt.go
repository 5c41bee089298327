package meter

import "time"

// ArmKind tells whose capacity an arm of a receipt uses.
type ArmKind uint8

// The three kinds of arms.
const (
	TableArm ArmKind = iota
	GSIArm
	LSIArm
)

// Reason says which rule made an arm cost what it costs.
type Reason uint8

// The rules, in the order the words of a receipt follow them.
const (
	ReadItem       Reason = iota // one item, rounded up to 4 KB
	ReadMissing                  // no such item: still one block
	ReadPage                     // everything evaluated, rounded once for the page
	ReadPartitions               // a scan: at least one block for each partition it walked
	FetchItems                   // items fetched from the table for an LSI, each rounded
	WriteItem                    // the larger of the item before and after, rounded up to 1 KB
	WriteMissing                 // deleting or testing nothing: still one block
	WriteRefused                 // the condition failed: charged all the same
	IndexAdded                   // a new entry
	IndexRemoved                 // an entry deleted
	IndexMoved                   // the index key changed: delete and insert
	IndexReplaced                // the same entry with other attributes: the larger of the two
	IndexUnchanged               // the stored view did not change: free
	IndexAbsent                  // the item is not in this index: free
	ReadNothing                  // the read used another tree
	WriteNothing                 // every write of a batch was handed back: free
)

// Arm is the share of one table or index in a receipt. Bytes are the bytes
// that were rounded; for a write Before and After are the two image sizes.
type Arm struct {
	Kind          ArmKind
	Name          string
	Reason        Reason
	Bytes         int
	Before, After int
	Blocks        int
	Units         Units
}

// Receipt tells what a request cost and why.
type Receipt struct {
	Write        bool
	Rate         Rate
	Items        int           // items evaluated by a read
	Age          time.Duration // of what an eventually consistent read saw; batches: of the oldest
	Dropped      int           // of these: read but filtered out
	DroppedBytes int
	// Replicated are the units that a write of a global table uses besides its own:
	// in every further region those of a replicated write, whose price is the same.
	// The reply's ConsumedCapacity is that of the region that was asked.
	Replicated Units
	Sizes      []Segment // each evaluated item, in order, for at most MaxSegments
	Arms       []Arm     // the table first, then indexes in name order by kind
}

// Segment is one evaluated item of a read.
type Segment struct {
	Bytes   int
	Dropped bool
}

// MaxSegments bounds Receipt.Sizes.
const MaxSegments = 512

// Add appends an arm and returns it for further filling.
func (r *Receipt) Add(a Arm) { r.Arms = append(r.Arms, a) }

// Total is the sum over all arms: the CapacityUnits of the reply.
func (r *Receipt) Total() Units {
	var u Units
	for _, a := range r.Arms {
		u += a.Units
	}
	return u
}

// Single is what the writes of the receipt cost outside of transactions: as which
// they arrive in the other regions of a global table.
func (r *Receipt) Single() Units {
	var u Units
	for _, a := range r.Arms {
		u += Units(a.Blocks) * Units(Standard)
	}
	return u
}

// Of is the sum of the arms of one kind.
func (r *Receipt) Of(kind ArmKind) Units {
	var u Units
	for _, a := range r.Arms {
		if a.Kind == kind {
			u += a.Units
		}
	}
	return u
}

// Block is the block size of the receipt in bytes.
func (r *Receipt) Block() int {
	if r.Write {
		return WriteBlock
	}
	return ReadBlock
}

// Read is the receipt of a read of one tree: bytes rounded once.
func Read(name string, kind ArmKind, reason Reason, bytes int, rate Rate) *Receipt {
	blocks := Blocks(bytes, ReadBlock)
	return &Receipt{Rate: rate, Arms: []Arm{{
		Kind: kind, Name: name, Reason: reason, Bytes: bytes, Blocks: blocks, Units: Units(blocks) * Units(rate),
	}}}
}

// Evaluated notes one item that a read looked at.
func (r *Receipt) Evaluated(bytes int, dropped bool) {
	r.Items++
	if dropped {
		r.Dropped++
		r.DroppedBytes += bytes
	}
	if len(r.Sizes) < MaxSegments {
		r.Sizes = append(r.Sizes, Segment{Bytes: bytes, Dropped: dropped})
	}
}

// Write is the table arm of a write: the larger image, rounded up.
func Write(name string, before, after int, rate Rate) Arm {
	a := Arm{Kind: TableArm, Name: name, Reason: WriteItem, Before: before, After: after, Bytes: max(before, after)}
	if a.Bytes == 0 {
		a.Reason = WriteMissing
	}
	a.Blocks = Blocks(a.Bytes, WriteBlock)
	a.Units = Units(a.Blocks) * Units(rate)
	return a
}

// IndexWrite is the arm of one index: before and after are the entry sizes, 0
// where there is none. Index arms are never doubled, not even in transactions.
func IndexWrite(kind ArmKind, name string, reason Reason, before, after int) Arm {
	a := Arm{Kind: kind, Name: name, Reason: reason, Before: before, After: after}
	switch reason {
	case IndexAdded:
		a.Bytes, a.Blocks = after, Blocks(after, WriteBlock)
	case IndexRemoved:
		a.Bytes, a.Blocks = before, Blocks(before, WriteBlock)
	case IndexMoved:
		a.Bytes, a.Blocks = before+after, Blocks(before, WriteBlock)+Blocks(after, WriteBlock)
	case IndexReplaced:
		a.Bytes = max(before, after)
		a.Blocks = Blocks(a.Bytes, WriteBlock)
	}
	a.Units = Units(a.Blocks) * Units(Standard)
	return a
}
