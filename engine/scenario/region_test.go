package scenario_test

import (
	"strings"
	"testing"

	"github.com/sortkey/sortkey/engine"
	"github.com/sortkey/sortkey/engine/scenario"
)

const regionLines = `link us-east-1 and eu-west-1 latency 420ms
link us-east-1 to eu-west-1 jitter 40ms
link eu-west-1 to us-east-1 loss 5
link us-east-1 to eu-west-1 cut
link us-east-1 to eu-west-1 heal
link us-east-1 and eu-west-1 default
kill eu-west-1
revive eu-west-1
lose eu-west-1 a
restore eu-west-1 a
`

// What befalls links and regions are lines of a clock block, and survive the way
// to a history and back.
func TestRegionLines(t *testing.T) {
	d, err := scenario.Parse([]byte("---\nsortkey: 1\nreplication-delay: 300ms\n---\n\n```clock\n" + regionLines + "kill us-east-1\n```\n"))
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(d.Text()), regionLines) {
		t.Errorf("written again:\n%s", d.Text())
	}
	e := engine.New(d.Options())
	if _, err := d.Run(e); err != nil {
		t.Fatal(err)
	}
	if r := e.Handle(engine.Call{Target: engine.Target("ListTables"), Body: []byte("{}")}); r.Status != 503 {
		t.Errorf("a region that is down answers %d %s", r.Status, r.Body)
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

// Two documents that each host a region replicate by their messages.
func TestPeerLines(t *testing.T) {
	const table = "```dynamodb\n" + `CreateTable {
  TableName: "Orders",
  BillingMode: "PAY_PER_REQUEST",
  AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
  KeySchema: [{ AttributeName: "id", KeyType: "HASH" }]
}` + "\n```\n\n"
	run := func(region, text string) *engine.Engine {
		d, err := scenario.Parse([]byte("---\nsortkey: 1\nregion: " + region + "\n---\n\n" + table + text))
		if err != nil {
			t.Fatal(err)
		}
		e := engine.New(d.Options())
		if _, err := d.Run(e); err != nil {
			t.Fatal(err)
		}
		again, err := scenario.FromHistory("", d.History())
		if err != nil {
			t.Fatal(err)
		}
		other := engine.New(again.Options())
		if _, err := again.Run(other); err != nil || other.StateHash() != e.StateHash() {
			t.Errorf("by way of its history it leads elsewhere: %v", err)
		}
		return e
	}
	here := "```clock\njoin Orders us-east-1 eu-west-1\n```\n\n```dynamodb\nPutItem { TableName: \"Orders\", Item: { id: {S: \"one\"} } }\n```\n"
	out := run("us-east-1", here).Outbox("us-east-1", "eu-west-1", 0, 10)
	if len(out) != 1 {
		t.Fatalf("%d messages", len(out))
	}
	line := engine.PeerStep{What: "deliver", Message: string(out[0].Append(nil))}.String()
	there := run("eu-west-1", "```clock\njoin Orders eu-west-1 us-east-1\n"+line+"\n```\n")
	r := there.Handle(engine.Call{Target: engine.Target("GetItem"), Body: []byte(`{"TableName":"Orders","Key":{"id":{"S":"one"}}}`)})
	if string(r.Body) != `{"Item":{"id":{"S":"one"}}}` {
		t.Errorf("%s", r.Body)
	}
	run("us-east-1", here+"```clock\nacknowledge us-east-1 eu-west-1 "+"1767225600000000000 1\n```\n")
}

func TestWrongRegionLines(t *testing.T) {
	for _, line := range []string{
		"link", "link us-east-1 eu-west-1 cut", "link us-east-1 to us-east-1 cut", "link us-east-1 to eu-west-1 latency", "link us-east-1 to eu-west-1 latency 2h",
		"link us-east-1 to eu-west-1 loss 100", "link us-east-1 to eu-west-1 cut 5", "link us-east-1 to eu-west-1 bend", "link US to eu cut",
		"kill", "kill a b", "kill A", "lose eu-west-1", "lose eu-west-1 d", "restore eu-west-1 a b",
		"join Orders", "join Orders us us", "deliver x", "deliver !", "acknowledge us eu 1", "acknowledge us eu 1 x",
	} {
		_, err := scenario.Parse([]byte("---\nsortkey: 1\n---\n\n```clock\n" + line + "\n```\n"))
		if err == nil {
			t.Errorf("%q is read", line)
		}
	}
}
