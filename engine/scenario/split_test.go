package scenario_test

import (
	"strings"
	"testing"

	"github.com/sortkey/sortkey/engine"
	"github.com/sortkey/sortkey/engine/scenario"
)

// A split is a line of a clock block, and survives the way to a history and
// back.
func TestSplit(t *testing.T) {
	const table = `CreateTable {
  TableName: "Orders",
  BillingMode: "PAY_PER_REQUEST",
  AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
  KeySchema: [{ AttributeName: "id", KeyType: "HASH" }]
}`
	text := "```dynamodb\n" + table + "\n```\n\n```clock\nsplit Orders 3\nsplit Orders 0 us-east-1\n```\n"
	d, err := scenario.Parse([]byte("---\nsortkey: 1\n---\n\n" + text))
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(d.Text()), "split Orders 3\nsplit Orders 0 us-east-1\n") {
		t.Errorf("written again:\n%s", d.Text())
	}
	e := engine.New(d.Options())
	if _, err := d.Run(e); err != nil {
		t.Fatal(err)
	}
	if got := e.Tables("")[0].Partitions; got != 6 {
		t.Errorf("%d partitions", got)
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

func TestWrongSplits(t *testing.T) {
	for _, line := range []string{"split ", "split Orders", "split Orders x", "split Orders -1", "split Orders 1 a b"} {
		_, err := scenario.Parse([]byte("---\nsortkey: 1\n---\n\n```clock\n" + line + "\n```\n"))
		if err == nil {
			t.Errorf("%q is read", line)
		}
	}
	d, err := scenario.Parse([]byte("---\nsortkey: 1\n---\n\n```clock\nsplit Nothing 0\n```\n"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.Run(engine.New(d.Options())); err == nil {
		t.Error("a table that there is not is split")
	}
}
