package scenario_test

import (
	"strings"
	"testing"

	"github.com/sortkey/sortkey/engine"
	"github.com/sortkey/sortkey/engine/scenario"
)

const loadDocument = "---\nsortkey: 1\nthrottle: true\n---\n\n```dynamodb\n" + `CreateTable {
  TableName: "Orders",
  BillingMode: "PAY_PER_REQUEST",
  AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
  KeySchema: [{ AttributeName: "id", KeyType: "HASH" }]
}` + "\n```\n\n```clock\n"

// A load is a line of a clock block, and survives the way to a history and
// back.
func TestLoad(t *testing.T) {
	const lines = "load morning table=Orders rate=100,1m:900 for=2m reads=80 keys=zipf\nload more table=Orders rate=5 for=1d region=us-east-1\n" +
		"advance 90s\nstop more us-east-1\n"
	d, err := scenario.Parse([]byte(loadDocument + lines + "```\n"))
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(d.Text()), lines) {
		t.Errorf("written again:\n%s", d.Text())
	}
	e := engine.New(d.Options())
	if _, err := d.Run(e); err != nil {
		t.Fatal(err)
	}
	if list := e.Loads(""); len(list) != 1 || list[0].Name != "morning" || list[0].Asked != 30_000+31*900 {
		t.Errorf("%+v", list)
	}
	again, err := scenario.FromHistory("", d.History())
	if err != nil {
		t.Fatal(err)
	}
	other := engine.New(again.Options())
	if _, err := again.Run(other); err != nil || other.StateHash() != e.StateHash() {
		t.Errorf("by way of its history it leads elsewhere: %v", err)
	}
}

func TestWrongLoads(t *testing.T) {
	for _, line := range []string{"load ", "load a", "load a table=Orders", "load a table=Orders rate=5 for=1s colour=red", "stop ", "stop a b c", "stop a/b"} {
		if _, err := scenario.Parse([]byte(loadDocument + line + "\n```\n")); err == nil {
			t.Errorf("%q is read", line)
		}
	}
	const huge = " table=Orders rate=100000 for=1000s\n"
	if _, err := scenario.Parse([]byte(loadDocument + "load a" + huge + "load b" + huge + "load c" + huge + "```\n")); err == nil || !strings.Contains(err.Error(), "200000000") {
		t.Errorf("300 million requests: %v", err)
	}
	for _, line := range []string{"load a table=Nothing rate=5 for=1s", "stop a", "load a table=Orders rate=5 for=1m\nload a table=Orders rate=5 for=1m"} {
		d, err := scenario.Parse([]byte(loadDocument + line + "\n```\n"))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := d.Run(engine.New(d.Options())); err == nil {
			t.Errorf("%q is done", line)
		}
	}
}

// What a load is going to ask counts as work before it begins.
func TestLoadIsWork(t *testing.T) {
	d, err := scenario.Parse([]byte(loadDocument + "load a table=Orders rate=1000 for=1h\n```\n"))
	if err != nil {
		t.Fatal(err)
	}
	e := engine.New(d.Options())
	err = d.RunWithin(e, &scenario.Budget{Limits: scenario.Limits{Work: 3_600_000}}, 0, func(scenario.Outcome) {})
	if err == nil || len(e.Loads("")) != 0 {
		t.Errorf("%v; it was started", err)
	}
	if err := d.RunWithin(engine.New(d.Options()), &scenario.Budget{Limits: scenario.Limits{Work: 4_000_000}}, 0, func(scenario.Outcome) {}); err != nil {
		t.Error(err)
	}
}
