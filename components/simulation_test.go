package components

import "testing"

func sampleSimulation() *Simulation {
	return &Simulation{Now: "2026-11-22T09:41:07", More: 4,
		Due: []Due{{"Shop becomes ACTIVE", "in 00:05"}, {"byGenre of Music is backfilled", "in 00:42"}},
		Open: []HoldRow{
			{Name: "tx1", Since: "09:41:07", Items: []Words{Say("Put in ").Strong("Shop").Say(" ").Code("<b>, PROFILE"), Say("ConditionCheck in ").Strong("Music").Say(" ").Code("a")}},
			{Name: "tx2", Since: "09:41:08"},
		},
		Settings: []SettingRow{
			{Name: "transition", About: "how long tables take to be created and deleted", Value: "5s"},
			{Name: "envelope", About: "report malformed requests in the envelope of 2026", Value: "true", Flag: true, On: true},
			{Name: "batch-limit", About: "members of a batch that are processed", Value: "0", Plain: true},
		}}
}

func TestSimulation(t *testing.T) {
	golden(t, "simulation", pretty(render(t, simulation(sampleSimulation()))))
	fixed := sampleSimulation()
	fixed.Fixed, fixed.Due, fixed.More = true, nil, 0
	golden(t, "simulation-fixed", pretty(render(t, simulation(fixed))))
	fixed.Open = nil
	golden(t, "simulation-fixed-none", pretty(render(t, simulation(fixed))))
	none := sampleSimulation()
	none.Open = nil
	golden(t, "simulation-none", pretty(render(t, simulation(none))))
}
