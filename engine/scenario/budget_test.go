package scenario

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/sortkey/sortkey/engine"
)

const budgetTable = "```dynamodb\n" + `CreateTable {
  TableName: "Things", BillingMode: "PAY_PER_REQUEST",
  AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
  KeySchema: [{ AttributeName: "id", KeyType: "HASH" }]
}
PutItem { TableName: "Things", Item: { id: { S: "a" }, text: { S: "0123456789012345678901234567890123456789" } } }
PutItem { TableName: "Things", Item: { id: { S: "b" } } }
Scan { TableName: "Things", FilterExpression: "contains(#t, :t)", ExpressionAttributeNames: { "#t": "text" }, ExpressionAttributeValues: { ":t": { S: "9" } } }
` + "```\n\n```clock\nadvance 1h\nadvance 2h\n```\n"

// within runs a document and gives how many outcomes there were, and how the
// run ended.
func within(t *testing.T, blocks string, b *Budget) (outcomes int, traced int, err error) {
	t.Helper()
	d, err := Parse([]byte("---\nsortkey: 1\n---\n\n" + blocks))
	if err != nil {
		t.Fatal(err)
	}
	err = d.RunWithin(engine.New(d.Options()), b, 3, func(o Outcome) {
		outcomes++
		if o.Trace != nil {
			traced++
		}
	})
	return outcomes, traced, err
}

func TestBudget(t *testing.T) {
	asked := 0
	for _, c := range []struct {
		name   string
		limits Limits
		want   int    // outcomes
		err    string // "" for none
	}{
		{"no limits", Limits{}, 6, ""},
		{"just enough", Limits{Steps: 6, Span: 3 * time.Hour, Replies: 1 << 20, Work: 1 << 20}, 6, ""},
		{"steps", Limits{Steps: 4}, 4, "too many steps: more than 4"},
		{"span", Limits{Span: 2 * time.Hour}, 5, "goes too far: more than 2h"},
		{"replies", Limits{Replies: 100}, 0, "more than 100 bytes of replies"},
		{"work", Limits{Work: 1500}, 3, "does too much"},
		{"patience", Limits{Stop: func() bool { asked++; return asked == 3 }}, 2, "takes too long"},
	} {
		n, traced, err := within(t, budgetTable, &Budget{Limits: c.limits})
		if n != c.want || (err == nil) != (c.err == "") || err != nil && !strings.Contains(err.Error(), c.err) {
			t.Errorf("%s: %d outcomes and %v, want %d and %q", c.name, n, err, c.want, c.err)
		}
		var problem *Error
		if err != nil && (!errors.As(err, &problem) || problem.Kind != TooMany) {
			t.Errorf("%s: %#v is not a TooMany", c.name, err)
		}
		if err == nil && traced != 1 { // of the last three steps one is a request
			t.Errorf("%s: %d outcomes have a trace, want 1", c.name, traced)
		}
	}
}

// A request that could do too much is not run: one alone may take seconds.
func TestBudgetAllows(t *testing.T) {
	b := &Budget{Limits: Limits{Work: 100_000}, held: 10_000}
	filter := func(n int) engine.Call {
		return engine.Call{Body: []byte(`{"FilterExpression":"` + strings.Repeat("contains(a,:b) OR ", n) + `"}`)}
	}
	if err := b.Allows(filter(1)); err != nil {
		t.Errorf("one look: %v", err)
	}
	if err := b.Allows(filter(10)); err == nil {
		t.Error("ten looks at all there is were allowed")
	}
	if err := b.Allows(engine.Call{Body: []byte(`{"Item":{"a":{"S":"` + strings.Repeat("(,", 5000) + `"}}}`)}); err != nil {
		t.Errorf("data without an expression: %v", err)
	}
	if err := b.Allows(engine.Call{Body: []byte(`{"\u0046ilterExpressio\u006e":"` + strings.Repeat("contains(a,:b) OR ", 10) + `"}`)}); err == nil {
		t.Error("an expression under a name in escapes was allowed")
	}
	if err := (&Budget{held: 1 << 40}).Allows(filter(200)); err != nil {
		t.Errorf("without a limit: %v", err)
	}
}

// The same document costs the same, however it is run.
func TestBudgetIsDeterministic(t *testing.T) {
	var first Budget
	for i := range 3 {
		b := &Budget{}
		if _, _, err := within(t, budgetTable, b); err != nil {
			t.Fatal(err)
		}
		b.Stop = nil
		if i == 0 {
			first = *b
		}
		if b.work != first.work || b.held != first.held || b.work == 0 || b.held < 40 {
			t.Errorf("run %d: work %d, held %d; the first run: %d and %d", i, b.work, b.held, first.work, first.held)
		}
	}
}
