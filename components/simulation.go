package components

import "strconv"

// Simulation is the dock's tab on time and on what the simulation lets a
// visitor choose.
type Simulation struct {
	Fixed    bool   // a host's engine: its clock and settings are its own
	Now      string // of the clock, as the field of a jump takes it: "2026-11-22T09:41:07"
	Due      []Due  // the whole queue
	More     int    // entries of the queue that are not listed
	Open     []HoldRow
	Settings []SettingRow
}

// HoldRow is an open transaction.
type HoldRow struct {
	Name  string  // "tx1"
	Since string  // of the clock: "09:41:07"
	Items []Words // "Put in Shop CUSTOMER#c-1042, PROFILE"
}

// SettingRow is one setting of the engine.
type SettingRow struct {
	Name  string // "read-delay"
	About string // what it does, in one line
	Value string // "120ms", "true", "25"
	Flag  bool   // true or false: a switch
	On    bool   // of a flag
	Plain bool   // as in the plain service
}

func (r SettingRow) field() string { return "set-" + r.Name }

// opposite is what the switch of a flag sets.
func (r SettingRow) opposite() string { return strconv.FormatBool(!r.On) }
