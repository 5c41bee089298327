package scenario_test

import (
	"strings"
	"testing"

	"github.com/sortkey/sortkey/engine"
	"github.com/sortkey/sortkey/engine/scenario"
)

const openDocument = `---
sortkey: 1
---

` + "```dynamodb" + `
CreateTable {
  TableName: "Tab",
  BillingMode: "PAY_PER_REQUEST",
  KeySchema: [{ AttributeName: "pk", KeyType: "HASH" }],
  AttributeDefinitions: [{ AttributeName: "pk", AttributeType: "S" }],
}
` + "```" + `

` + "```dynamodb hold=transfer" + `
TransactWriteItems { TransactItems: [{ Put: { TableName: "Tab", Item: { pk: { S: "a" } } } }] }
` + "```" + `

` + "```dynamodb hold=other" + `
TransactWriteItems { TransactItems: [{ Put: { TableName: "Tab", Item: { pk: { S: "b" } } } }] }
` + "```" + `

` + "```dynamodb" + `
PutItem { TableName: "Tab", Item: { pk: { S: "a" } } }
` + "```" + `

` + "```clock" + `
advance 1s
commit transfer
cancel other
commit other
` + "```" + `
`

// A document can leave transactions open and end them; so can its history, and
// a document made of that.
func TestHold(t *testing.T) {
	d, err := scenario.Parse([]byte(openDocument))
	if err != nil {
		t.Fatal(err)
	}
	if got := string(d.Text()); got != openDocument {
		t.Errorf("written again:\n%s", got)
	}
	e := engine.New(d.Options())
	outcomes, err := d.Run(e)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, o := range outcomes[1:] {
		body := string(o.Reply.Body)
		if _, words, ok := strings.Cut(body, "essage\":"); ok {
			body = words
		}
		got = append(got, body)
	}
	want := []string{
		"{}", "{}", `"Transaction is ongoing for the item"}`,
		"", "{}", "{}", `"There is no open transaction called \"other\""}`,
	}
	if strings.Join(got, "|") != strings.Join(want, "|") {
		t.Errorf("replies are %q", got)
	}
	if tr := outcomes[5].Trace; tr == nil || tr.Operation != "TransactWriteItems" {
		t.Errorf("the commit's trace is %+v", tr)
	}
	again, err := scenario.FromHistory("", d.History())
	if err != nil {
		t.Fatal(err)
	}
	for name, doc := range map[string]*scenario.Document{"its history": d, "a document of its history": again} {
		replayed, err := doc.History().Replay(nil)
		if err != nil || replayed.StateHash() != e.StateHash() || e.Tables("")[0].Items != 1 {
			t.Errorf("%s leads elsewhere: %v\n%s", name, err, doc.Text())
		}
	}
}

// A held call that was refused for what it is does not stand in the way of a
// document.
func TestHoldOfSomethingElse(t *testing.T) {
	h := &engine.History{Options: engine.New(engine.Options{}).Options(), Steps: []engine.Step{
		{Call: engine.Call{Target: engine.Target("ListTables"), Body: []byte("{}"), Hold: "x"}},
		{Call: engine.Call{Target: engine.Target("TransactWriteItems"), Body: []byte("{}"), Hold: "a b"}},
		{Call: engine.Call{Target: engine.Target("TransactWriteItems"), Body: []byte("["), Hold: "x"}},
		{Call: engine.Call{Target: engine.Target("ListTables"), Body: []byte("{}")}},
	}}
	d, err := scenario.FromHistory("", h)
	if err != nil || len(d.Steps()) != 2 || d.Steps()[0].Hold != "x" {
		t.Errorf("%v %+v", err, d)
	}
}

func TestWrongHold(t *testing.T) {
	for text, why := range map[string]string{
		"```clock\ncommit\n```":                                                       "expected a time",
		"```clock\ncommit a b\n```":                                                   "1 to 40 letters",
		"```clock\ncancel \"a\"\n```":                                                 "1 to 40 letters",
		"```dynamodb hold=\"a b\"\nTransactWriteItems {}\n```":                        "1 to 40 letters",
		"```dynamodb hold=a\nPutItem {}\n```":                                         "one request, a TransactWriteItems",
		"```dynamodb hold=a\n```":                                                     "one request, a TransactWriteItems",
		"```dynamodb hold=a\n" + strings.Repeat("TransactWriteItems {}\n", 2) + "```": "one request, a TransactWriteItems",
	} {
		_, err := scenario.Parse([]byte("---\nsortkey: 1\n---\n\n" + text + "\n"))
		if err == nil || !strings.Contains(err.Error(), why) {
			t.Errorf("%s: %v", text, err)
		}
	}
}
