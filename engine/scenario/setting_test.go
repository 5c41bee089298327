package scenario_test

import (
	"strings"
	"testing"
	"time"

	"github.com/sortkey/sortkey/engine"
	"github.com/sortkey/sortkey/engine/scenario"
)

// A document's settings: in the header for the beginning, in a clock block
// from there on; both written as the engine's history has them.
func TestSettings(t *testing.T) {
	const text = "---\nsortkey: 1\ntransition: 2s\nenvelope: true\n---\n\n```clock\nset transition 1m30s\nadvance 5s\nset envelope false\n```\n"
	d, err := scenario.Parse([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	if got := string(d.Text()); got != text {
		t.Errorf("written again:\n%s", got)
	}
	e := engine.New(d.Options())
	if o := e.Options(); o.Transition != 2*time.Second || !o.Envelope {
		t.Errorf("the header sets %+v", o.Settings)
	}
	if _, err := d.Run(e); err != nil {
		t.Fatal(err)
	}
	if o := e.Options(); o.Transition != 90*time.Second || o.Envelope {
		t.Errorf("the block sets %+v", o.Settings)
	}
	replayed, err := d.History().Replay(nil)
	if err != nil || replayed.StateHash() != e.StateHash() {
		t.Errorf("its history leads elsewhere: %v", err)
	}
	again, err := scenario.FromHistory("", d.History())
	if err != nil || !strings.Contains(string(again.Text()), "set transition 1m30s\n") {
		t.Errorf("a document of its history: %v\n%s", err, again.Text())
	}
}

func TestWrongSettings(t *testing.T) {
	for line, why := range map[string]string{
		"set speed 5":             "transition, envelope",
		"set transition":          "expected a duration",
		"set transition 90 years": "expected a duration",
		"set transition 500d":     "not between",
		"set envelope maybe":      "neither true nor false",
	} {
		_, err := scenario.Parse([]byte("---\nsortkey: 1\n---\n\n```clock\nadvance 1s\n" + line + "\n```\n"))
		if err == nil || !strings.Contains(err.Error(), why) {
			t.Errorf("%s: %v", line, err)
			continue
		}
		if e := err.(*scenario.Error); e.At.Line != 7 {
			t.Errorf("%s: placed in line %d", line, e.At.Line)
		}
	}
	_, err := scenario.Parse([]byte("---\nsortkey: 1\nenvelope: 5\n---\n"))
	if err == nil || !strings.Contains(err.Error(), "neither true nor false") {
		t.Errorf("in the header: %v", err)
	}
}
