package components

import "strings"

// Simulator is an hour (or a day) of load that is run on a table: the section
// "One hour" of the page on capacity.
//
// Whatever is pressed asks for the address "hour" with the whole form: its
// fields are all the state there is, so that equal forms get equal answers.
//
//	GET hour  the knobs by their names, h-at, h-until, h-run, h-have, h-show; and
//	          one of step=-1 or 1, by=minutes (the clock runs), look=1 (the slider of
//	          minutes has moved), fresh=1, preset=name
//
// It is answered with [HourUpdate].
type Simulator struct {
	Time   Timeline // Now is the minute that is looked at
	At     int      // the same
	Until  int      // the minute up to which the run is to be drawn
	Have   int      // the minute up to which it is drawn
	Run    string   // which run that is of
	Said   string   // for the live region
	Link   string   // the address of all this
	Runs   bool     // the clock is running
	Speed  int      // of the clock: 60 or 600 times
	Shown  []SimulatorPick
	Why    []Words // what happens in the present minute, in sentences
	Story  []SimulatorPreset
	Knobs  []SimulatorKnob
	Chart  *ThroughputChart
	Burst  *BurstStrip // nil on demand
	Heat   *HeatMap
	Steps  []SimulatorStep
	Sent   []SimulatorSent
	Scaled bool   // the table is scaled
	Empty  string // why there are no steps
}

// SimulatorPick is one of several charts.
type SimulatorPick struct {
	Value, Word string
	On          bool
}

// SimulatorPreset is a run that is offered.
type SimulatorPreset struct {
	Name, Title, About string
	On                 bool
}

// SimulatorKnob is a control of the form: a number with a slider, or a choice.
type SimulatorKnob struct {
	Name, Label    string
	Value          int
	Min, Max, Step int
	Unit           string // what follows the number: "/s"
	Options        []SimulatorOption
	Idle           string // why it has no effect now; "" if it has one
}

// SimulatorOption is one of a choice.
type SimulatorOption struct {
	Value, Label string
	On           bool
}

// SimulatorStep is a scaling activity.
type SimulatorStep struct {
	At, What string
	From, To string
	Because  string
	Wire     string // what the service says to that, "" for nothing
	Not      bool   // nothing was done
}

// SimulatorSent is a request that the run was made by.
type SimulatorSent struct{ Operation, Body string }

func (k SimulatorKnob) id() string { return "hour-" + strings.TrimPrefix(k.Name, "h-") }

// output is the number as it stands beside the slider.
func (k SimulatorKnob) output() string { return Grouped(k.Value) + k.Unit }

// each is the smallest step of the run in minutes.
func (s *Simulator) each() int { return s.Time.each() }

// over tells that the present minute is the last.
func (s *Simulator) over() bool { return s.At >= s.Time.Minutes }

// unfinished tells that less is drawn than is wanted.
func (s *Simulator) unfinished() bool { return s.Have < s.Until }

func (s *Simulator) stepWord() string {
	if s.each() == 1 {
		return "a minute"
	}
	return itoa(s.each()) + " minutes"
}

// scrubText is the present minute for who hears the slider.
func (s *Simulator) scrubText() string { return s.Time.Clock(s.At) }

// span is the heading of the section.
func (s *Simulator) span() string {
	if s.Time.Minutes > 60 {
		return "One day"
	}
	return "One hour"
}

// HourPart names parts of the section in an update.
type HourPart uint

// The parts. A clock that runs leaves the knobs alone, and a slider that is held
// is left alone too: somebody has it in hand.
const (
	HourTransport HourPart = 1 << iota
	HourKnobs
	HourCharts

	HourAll = HourTransport | HourKnobs | HourCharts
)

func (p HourPart) has(one HourPart) bool { return p&one != 0 }
