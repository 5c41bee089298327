package engine_test

import (
	"strings"
	"testing"
	"time"

	"github.com/sortkey/sortkey/engine"
)

// another is a value of the setting that is not its zero.
func another(x engine.Setting) string {
	switch {
	case x.IsFlag():
		return "true"
	case x.IsNumber():
		return "1"
	}
	return "1.5s"
}

// Every setting is part of the state, survives history and snapshot, and
// refuses what is no value of it.
func TestSettingsAreState(t *testing.T) {
	for _, x := range engine.SettingList() {
		e := engine.New(engine.Options{})
		before := e.StateHash()
		if err := e.Configure(x.Name, another(x)); err != nil {
			t.Fatal(err)
		}
		o := e.Options()
		if x.IsZero(o.Settings) || e.StateHash() == before {
			t.Errorf("%s: set to %s, the state is the same", x.Name, another(x))
		}
		again, err := engine.Restore(e.AppendSnapshot(nil))
		if err != nil || again.StateHash() != e.StateHash() {
			t.Errorf("%s: a snapshot loses it: %v", x.Name, err)
		}
		h, err := engine.ParseHistory((&engine.History{Options: o}).Append(nil))
		if err != nil || h.Options.Settings != o.Settings {
			t.Errorf("%s: a history's header loses it: %v %+v", x.Name, err, h)
		}
		for _, bad := range []string{"", "x", "-1", "-1s", "99999999999h", "9223372036854775808"} {
			if err := e.Configure(x.Name, bad); err == nil || !strings.Contains(err.Error(), x.Name) {
				t.Errorf("%s: %q is taken: %v", x.Name, bad, err)
			}
		}
		if e.Options().Settings != o.Settings {
			t.Errorf("%s: a wrong value changed it", x.Name)
		}
	}
}

// A change of a setting is a step of the history.
func TestSettingIsAStep(t *testing.T) {
	r := engine.NewRecorder(engine.New(engine.Options{Seed: 5}), false)
	if err := r.Configure("transition", "1h0m0s"); err != nil {
		t.Fatal(err)
	}
	if err := r.Configure("no-such", "1"); err == nil {
		t.Error("a setting that does not exist is taken")
	}
	r.Handle(engine.Call{Target: engine.Target("CreateTable"), Body: []byte(`{"TableName":"T-1","AttributeDefinitions":[{"AttributeName":"a","AttributeType":"S"}],"KeySchema":[{"AttributeName":"a","KeyType":"HASH"}],"BillingMode":"PAY_PER_REQUEST"}`)})
	text := r.History().Append(nil)
	if want := `{"set":"transition","to":"1h0m0s"}`; !strings.Contains(string(text), want) {
		t.Fatalf("no line %s in\n%s", want, text)
	}
	h, err := engine.ParseHistory(text)
	if err != nil {
		t.Fatal(err)
	}
	e, err := h.Replay(nil)
	if err != nil {
		t.Fatal(err)
	}
	if e.Options().Transition != time.Hour || e.Tables("")[0].Status != "CREATING" {
		t.Errorf("replayed: %+v %+v", e.Options(), e.Tables(""))
	}
	for _, line := range []string{`{"set":"transition","to":"soon"}`, `{"set":"nothing","to":"1"}`} {
		if _, err := engine.ParseStep([]byte(line)); err == nil {
			t.Errorf("%s is read", line)
		}
	}
}
