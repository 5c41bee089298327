package web

import (
	"strings"
	"testing"
	"time"

	"github.com/sortkey/sortkey/engine"
)

func TestClockJumps(t *testing.T) {
	d := New(Config{})
	post(t, d, "/desk/clock", "to", "2026-11-23T00:00:00")
	if got := d.ws.engine.Now().Format(time.DateTime); got != "2026-11-23 00:00:00" {
		t.Errorf("the clock shows %s", got)
	}
	for _, bad := range []string{"2026-11-22T00:00:00", "2026-11-23T00:00:00", "9999-01-01T00:00:00", "tomorrow"} {
		if code, body := try(d, "/desk/clock", "to", bad); code != 400 || body == "" {
			t.Errorf("to %s: %d %s", bad, code, body)
		}
	}
	if code, _ := try(d, "/desk/clock", "next", "1"); code != 400 {
		t.Errorf("next with nothing scheduled: %d", code)
	}
}

// A table that takes its time is CREATING until the clock gets there.
func TestClockGoesToTheNextEvent(t *testing.T) {
	d := New(Config{})
	page := post(t, d, "/desk/set/transition", "value", "5s", "dock", "simulation")
	holds(t, page, `value="5s"`)
	page = post(t, d, "/desk/run", "text", `CreateTable { TableName: "Slow", BillingMode: "PAY_PER_REQUEST",
		AttributeDefinitions: [{ AttributeName: "a", AttributeType: "S" }], KeySchema: [{ AttributeName: "a", KeyType: "HASH" }] }`, "dock", "simulation")
	holds(t, page, "Slow becomes ACTIVE")
	page = post(t, d, "/desk/clock", "next", "1")
	holds(t, page, "Nothing scheduled")
	if table := d.ws.table("Slow"); table.Status != "ACTIVE" {
		t.Errorf("the table is %s", table.Status)
	}
	page = post(t, d, "/desk/undo", "dock", "requests")
	page += post(t, d, "/desk/undo", "dock", "requests") + post(t, d, "/desk/undo", "dock", "requests")
	holds(t, page, "Set transition to 5s")
	if d.ws.engine.Options().Transition != 0 {
		t.Error("the change of a setting is not undone")
	}
}

func TestSettingsAreRefusedInWords(t *testing.T) {
	d := New(Config{})
	for _, c := range [][]string{{"/desk/set/transition", "value", "soon"}, {"/desk/set/speed", "value", "1"}, {"/desk/set/envelope", "value", ""}} {
		before := d.ws.engine.StateHash()
		if code, body := try(d, c[0], c[1:]...); code != 422 || !strings.HasPrefix(body, "Not set: ") {
			t.Errorf("%v: %d %s", c, code, body)
		}
		if d.ws.engine.StateHash() != before {
			t.Errorf("%v changed the state", c)
		}
	}
	host := New(Config{Engine: engine.New(engine.Options{})})
	if code, _ := try(host, "/desk/set/transition", "value", "1s"); code != 409 {
		t.Error("the page changed a host's engine")
	}
	if page := get(t, host, "/desk/dock/simulation"); strings.Contains(page, "hx-post=\"desk/set") {
		t.Error("a host's settings look as if they could be changed")
	}
}

// Ticks of a clock that runs are one thing to undo, live and from the journal;
// what happens in between parts them.
func TestTicksAreOneStep(t *testing.T) {
	d := New(Config{})
	start := d.ws.engine.Now()
	tick := func() { post(t, d, "/desk/clock", "by", "60", "tick", "1") }
	for range 5 {
		tick()
	}
	post(t, d, "/desk/run", "text", put(1))
	tick()
	tick()
	page := post(t, d, "/desk/clock", "by", "1", "dock", "requests")
	holds(t, page, "Clock advanced by 5 minutes", "Clock advanced by 2 minutes", "Clock advanced by 1 second")
	if n := len(d.ws.moments); n != 5 {
		t.Errorf("%d moments, want the beginning, ticks, a write, ticks, a step", n)
	}
	hash := d.ws.engine.StateHash()

	k := d.Keep()
	again, err := loadWorkspace(k.Lines, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	if len(again.moments) != len(d.ws.moments) || again.engine.StateHash() != hash {
		t.Errorf("stored and loaded: %d moments of %d", len(again.moments), len(d.ws.moments))
	}
	for range 4 {
		post(t, d, "/desk/undo")
	}
	if !d.ws.engine.Now().Equal(start) {
		t.Errorf("undone to %s", d.ws.engine.Now())
	}
}

// A tick that cannot be stored is taken back like any other step.
func TestTickIsReverted(t *testing.T) {
	d := New(Config{})
	post(t, d, "/desk/clock", "by", "60", "tick", "1")
	d.Keep()
	hash, step := d.ws.engine.StateHash(), d.ws.entries[len(d.ws.entries)-1].step
	post(t, d, "/desk/clock", "by", "60", "tick", "1")
	d.Revert()
	if d.ws.engine.StateHash() != hash || d.ws.at.step.Advance != d.ws.engine.Now() {
		t.Error("the tick is still there")
	}
	if got := d.ws.entries[len(d.ws.entries)-1].step; got != step {
		t.Errorf("the list says %s", got)
	}
}

func TestRunningClockIsDrawn(t *testing.T) {
	d := New(Config{})
	page := post(t, d, "/desk/clock", "by", "60", "tick", "1", "runs", "true", "speed", "60")
	holds(t, page, "RUNNING", `name="runs" value="true"`, `<option value="60" selected>`)
	if strings.Contains(page, `id="said"`) {
		t.Error("every tick is announced")
	}
	page = post(t, d, "/desk/clock", "by", "60", "speed", "junk")
	holds(t, page, "FROZEN", `<option value="1" selected>`)
}
