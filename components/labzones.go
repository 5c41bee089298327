package components

// LabZones is one item in one region, in the three copies that its partition
// has in three zones.
type LabZones struct {
	Regions []LabChoice
	Region  string
	Table   string
	Delay   int // read-delay, in milliseconds: how far a follower can be behind
	Key     string
	Zones   []LabZone // three, or none where there is no item
	Strong  Words     // what a strongly consistent read does and gets
	Any     Words     // what an eventually consistent one may get
	Loss    Words     // what the loss of a zone costs
	Blank   string    // instead of zones
}

// LabChoice is one of several, as a button.
type LabChoice struct {
	Name string
	On   bool
}

// LabZone is one copy of the partition.
type LabZone struct {
	Name   string // "us-east-1a"
	Leader bool
	Down   bool
	Has    string // the item, in words
	Behind string // "now", "up to 120 ms behind"
	Stale  bool   // it does not have the newest yet
}

func (z LabZone) role() string {
	switch {
	case z.Down:
		return "LOST"
	case z.Leader:
		return "LEADER"
	}
	return "FOLLOWER"
}
