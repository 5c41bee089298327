package components

import (
	"strings"
	"testing"
)

// sampleSimulator is the section as the page might show it.
func sampleSimulator() *Simulator {
	c, b, m := sampleHour(60)
	return &Simulator{
		Time: c.Time, At: 47, Until: 60, Have: 60, Run: "rush.a=1", Link: "./?h-at=47#hour", Speed: 600, Scaled: true,
		Shown: []SimulatorPick{{"writes", "Writes", true}, {"reads", "Reads", false}},
		Why:   []Words{Say("At 09:47 use is at 18 %."), Say("Nothing has been throttled so far.")},
		Story: []SimulatorPreset{{"partition", "A hot partition", "One key gets it all.", true}, {"quiet", "A quiet hour", "Nothing happens.", false}},
		Knobs: []SimulatorKnob{
			{Name: "h-keys", Label: "Key distribution", Options: []SimulatorOption{{"uniform", "Uniform", false}, {"hot", "One hot key", true}}},
			{Name: "h-writes", Label: "Writes at peak", Value: 1600, Max: 4000, Step: 1, Unit: "/s"},
			{Name: "h-target", Label: "Target utilisation", Value: 70, Min: 20, Max: 90, Step: 1, Unit: " %", Idle: "of no effect on demand"},
		},
		Chart: c, Burst: b, Heat: m,
		Steps: []SimulatorStep{
			{At: "09:12", What: "Writes", From: "300", To: "1,080", Because: "two minutes above 70 %"},
			{At: "09:54", What: "Writes", From: "2,273", To: "583", Because: "refused:", Wire: "Subscriber limit exceeded", Not: true},
		},
		Sent: []SimulatorSent{{"CreateTable", `{"TableName":"Orders"}`}},
	}
}

func TestSimulatorGoldens(t *testing.T) {
	golden(t, "simulator", pretty(render(t, Hour(sampleSimulator()))))
	s := sampleSimulator()
	s.Chart, s.Burst, s.Heat = sampleHour(0)
	s.At, s.Have, s.Steps, s.Empty, s.Runs, s.Said, s.Shown = 0, 0, nil, "None yet.", true, "It is 09:00.", s.Shown[:1]
	golden(t, "simulator-start", pretty(render(t, HourUpdate(s, HourAll))))
}

// TestSimulatorParts: a clock that runs leaves the knobs alone, a slider that is
// held the slider too.
func TestSimulatorParts(t *testing.T) {
	for parts, want := range map[HourPart][3]bool{
		HourAll: {true, true, true}, HourTransport | HourCharts: {true, false, true}, HourCharts: {false, false, true},
	} {
		html := render(t, HourUpdate(sampleSimulator(), parts))
		for i, id := range []string{`hx-target="#hour-transport"`, `hx-target="#hour-knobs"`, `hx-target="#hour-charts"`} {
			if strings.Contains(html, id) != want[i] {
				t.Errorf("parts %b: %s is sent: %v", parts, id, !want[i])
			}
		}
	}
}

// TestSimulatorText: nothing that is shown gets out of its element.
func TestSimulatorText(t *testing.T) {
	const evil = `"><script>alert(1)</script>`
	s := sampleSimulator()
	s.Run, s.Said, s.Why[0] = evil, evil, Say(evil)
	s.Knobs[0].Options[0].Label, s.Knobs[1].Label, s.Knobs[1].Unit = evil, evil, evil
	s.Story[0].About, s.Steps[0].Because, s.Steps[1].Wire, s.Sent[0].Body, s.Shown[0].Word = evil, evil, evil, evil, evil
	if html := render(t, Hour(s)) + render(t, HourUpdate(s, HourAll)); strings.Contains(html, "<script") {
		t.Error("a text got out of its element")
	}
}
