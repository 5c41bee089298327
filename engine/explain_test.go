package engine_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/sortkey/sortkey/engine"
	"github.com/sortkey/sortkey/engine/enginetest"
)

// explained is an engine with 25 items of 100 KB in one collection and some
// elsewhere.
func explained(t *testing.T) *enginetest.Fixture {
	f := enginetest.New(t)
	f.Must("CreateTable", indexed)
	for i := range 25 {
		f.Must("PutItem", fmt.Sprintf(`{"TableName":"Tab","Item":{"pk":{"S":"p"},"sk":{"N":"%d"},"g":{"S":"g"},"r":{"N":"%d"},"x":{"S":"%s"}}}`,
			i, i%2, strings.Repeat("x", 100_000)))
	}
	f.Must("PutItem", `{"TableName":"Tab","Item":{"pk":{"S":"q"},"sk":{"N":"1"}}}`)
	return f
}

func TestExplain(t *testing.T) {
	f := explained(t)
	const values = `"ExpressionAttributeValues":{":p":{"S":"p"}`
	for _, c := range []struct{ request, want string }{
		{`GetItem {"Key":{"pk":{"S":"q"},"sk":{"N":"1.0"}},"ConsistentRead":true}`,
			`table, key: pk = "q" AND sk = 1; 1 of 1 in 1 pages, 1.0 units`},
		{`GetItem {"Key":{"pk":{"S":"none"},"sk":{"N":"1"}}}`,
			`table, key: pk = "none" AND sk = 1; 0 of 0 in 1 pages, 0.5 units`},
		{`Query {"KeyConditionExpression":"pk = :p",` + values + `}}`,
			`table, partition: pk = "p"; 25 of 25 in 3 pages, 306.0 units`},
		{`Query {"KeyConditionExpression":"pk = :p","Limit":10,` + values + `}}`,
			`table, partition: pk = "p"; 25 of 25 in 3 pages, 306.5 units`},
		{`Query {"KeyConditionExpression":"pk = :p AND sk BETWEEN :a AND :b","FilterExpression":"r = :a",` + values + `,":a":{"N":"1"},":b":{"N":"4"}}}`,
			`table, partition: pk = "p" AND sk BETWEEN 1 AND 4 [1 4]; 2 of 4 in 1 pages, 49.0 units`},
		{`Query {"KeyConditionExpression":"pk = :p AND sk > :a","ScanIndexForward":false,` + values + `,":a":{"N":"22"}}}`,
			`table, partition: pk = "p" AND sk > 22 (22 ); 2 of 2 in 1 pages, 24.5 units`},
		{`Query {"KeyConditionExpression":"sk <= :a AND pk = :p",` + values + `,":a":{"N":"1"}}}`,
			`table, partition: pk = "p" AND sk <= 1 ( 1]; 2 of 2 in 1 pages, 24.5 units`},
		{`Query {"KeyConditionExpression":"pk = :p AND sk = :a","Limit":1,` + values + `,":a":{"N":"1"}}}`,
			`table, partition: pk = "p" AND sk = 1; 1 of 1 in 1 pages, 12.5 units`},
		{`Query {"IndexName":"byG","KeyConditionExpression":"g = :g AND r >= :r","Select":"COUNT","ExpressionAttributeValues":{":g":{"S":"g"},":r":{"N":"1"}}}`,
			`byG, partition: g = "g" AND r >= 1 [1 ); 12 of 12 in 2 pages, 147.0 units`},
		{`Query {"IndexName":"local","KeyConditionExpression":"pk = :p AND r < :a","ProjectionExpression":"g",` + values + `,":a":{"N":"1"}}}`,
			`local, partition: pk = "p" AND r < 1 ( 1); 13 of 13 in 1 pages, 163.0 units`},
		{`Scan {}`, `table, all: ; 26 of 26 in 3 pages, 306.0 units`},
		{`Scan {"IndexName":"byR","ConsistentRead":false}`, `byR, all: ; 25 of 25 in 1 pages, 2.0 units`},
		{`BatchGetItem {"RequestItems":{"Tab":{"Keys":[{"pk":{"S":"q"},"sk":{"N":"1"}},{"pk":{"S":"q"},"sk":{"N":"2"}}]}}}`,
			`table, key: ; 1 of 1 in 1 pages, 1.0 units`},
		{`TransactGetItems {"TransactItems":[{"Get":{"TableName":"Tab","Key":{"pk":{"S":"q"},"sk":{"N":"1"}}}}]}`,
			`table, key: ; 1 of 1 in 1 pages, 2.0 units`},
	} {
		operation, body, _ := strings.Cut(c.request, " ")
		if !strings.Contains(operation, "Items") && operation != "BatchGetItem" {
			body = strings.Replace(body, "{", `{"TableName":"Tab",`, 1)
			body = strings.Replace(body, ",}", "}", 1)
		}
		call := engine.Call{Target: engine.Target(operation), Body: []byte(body)}
		before := f.StateHash()
		x, err := f.Explain(call)
		if err != nil {
			t.Errorf("%s: %v", c.request, err)
			continue
		}
		if got := short(x); got != c.want {
			t.Errorf("%s\ngot  %s\nwant %s", c.request, got, c.want)
		}
		if _, tr := f.Observe(call); tr.Receipt.Total() != x.Receipt.Total() || x.Table != "Tab" {
			t.Errorf("%s: of %s, the first page costs %s, the request %s", c.request, x.Table, x.Receipt.Total(), tr.Receipt.Total())
		}
		if f.StateHash() != before {
			t.Errorf("%s: explaining changes the state", c.request)
		}
	}
}

// short is an explanation in one line.
func short(x engine.Explanation) string {
	index := x.Index
	if index == "" {
		index = "table"
	}
	access := map[engine.Access]string{engine.ByKey: "key", engine.ByPartition: "partition", engine.ByAll: "all"}[x.Access]
	s := index + ", " + access + ": " + x.Range.Text
	if x.Range.Sort != "" {
		from, to, open, shut := "", "", "(", ")"
		if b := x.Range.From; b != nil {
			from = b.Value.Number().String()
			if b.Inclusive {
				open = "["
			}
		}
		if b := x.Range.To; b != nil {
			to = b.Value.Number().String()
			if b.Inclusive {
				shut = "]"
			}
		}
		s += " " + open + from + " " + to + shut
	}
	return fmt.Sprintf("%s; %d of %d in %d pages, %s units", s, x.Returned, x.Evaluated, x.Pages, x.Units)
}

// TestExplainWhy: the words follow from what was found.
func TestExplainWhy(t *testing.T) {
	f := explained(t)
	if err := f.Configure("index-delay", "1s"); err != nil {
		t.Fatal(err)
	}
	for body, want := range map[string][]string{
		`Scan {"TableName":"Tab","FilterExpression":"attribute_exists(g)"}`:                                                                                        {"no key condition", "drops 1 item, which is paid", "takes 3 requests", "could be a little old"},
		`Scan {"TableName":"Tab","Limit":1,"ConsistentRead":true}`:                                                                                                 {"Strongly consistent", "takes 27 requests"},
		`Query {"TableName":"Tab","IndexName":"byR","KeyConditionExpression":"r = :r","ExpressionAttributeValues":{":r":{"N":"1"}}}`:                               {"global secondary index byR", "1s old", "all of it"},
		`Query {"TableName":"Tab","IndexName":"local","KeyConditionExpression":"pk = :p","ProjectionExpression":"g","ExpressionAttributeValues":{":p":{"S":"p"}}}`: {"local secondary index local", "fetched from the table"},
		`TransactGetItems {"TransactItems":[{"Get":{"TableName":"Tab","Key":{"pk":{"S":"q"},"sk":{"N":"1"}}}}]}`:                                                   {"one item is looked up", "Transactional"},
	} {
		operation, body, _ := strings.Cut(body, " ")
		x, err := f.Explain(engine.Call{Target: engine.Target(operation), Body: []byte(body)})
		why := strings.Join(x.Why, " ")
		for _, words := range want {
			if err != nil || !strings.Contains(why, words) {
				t.Errorf("%s: %v, no %q in %q", body, err, words, why)
			}
		}
	}
	x, err := f.Explain(engine.Call{Target: engine.Target("Query"), Body: []byte(`{"TableName":"Tab","IndexName":"byG","KeyConditionExpression":"g = :g","ExpressionAttributeValues":{":g":{"S":"g"}}}`)})
	if err != nil || x.Age != time.Second || x.IndexLag != time.Second {
		t.Errorf("%v: age %s, index lag %s", err, x.Age, x.IndexLag)
	}
}

// TestExplainBounds: an endless read is counted up to a bound, and a batch
// tells what it left.
func TestExplainBounds(t *testing.T) {
	f := enginetest.New(t)
	f.Must("CreateTable", plain)
	for i := range engine.MaxExplainedPages + 5 {
		f.Must("PutItem", fmt.Sprintf(`{"TableName":"Tab","Item":{"pk":{"S":"p"},"sk":{"N":"%d"}}}`, i))
	}
	x, err := f.Explain(engine.Call{Target: engine.Target("Scan"), Body: []byte(`{"TableName":"Tab","Limit":1}`)})
	if err != nil || x.Complete || x.Pages != engine.MaxExplainedPages || x.Evaluated != engine.MaxExplainedPages {
		t.Errorf("%v: complete %v, %d pages, %d items", err, x.Complete, x.Pages, x.Evaluated)
	}
	if err := f.Configure("batch-limit", "1"); err != nil {
		t.Fatal(err)
	}
	x, err = f.Explain(engine.Call{Target: engine.Target("BatchGetItem"), Body: []byte(
		`{"RequestItems":{"Tab":{"Keys":[{"pk":{"S":"p"},"sk":{"N":"1"}},{"pk":{"S":"p"},"sk":{"N":"2"}},{"pk":{"S":"p"},"sk":{"N":"3"}}]}}}`)})
	if err != nil || x.Keys != 3 || x.Left != 2 || x.Evaluated != 1 || !strings.Contains(x.Why[1], "2 keys came back") {
		t.Errorf("%v: %+v", err, x)
	}
}

// TestExplainRefuses: what the service refuses is not explained, nor a write.
func TestExplainRefuses(t *testing.T) {
	f := explained(t)
	var service *engine.Error
	_, err := f.Explain(engine.Call{Target: engine.Target("Query"), Body: []byte(`{"TableName":"Tab"}`)})
	if !errors.As(err, &service) || service.Code != "ValidationException" {
		t.Errorf("got %v", err)
	}
	before := f.StateHash()
	_, err = f.Explain(engine.Call{Target: engine.Target("DeleteItem"), Body: []byte(`{"TableName":"Tab","Key":{"pk":{"S":"q"},"sk":{"N":"1"}}}`)})
	if err == nil || !strings.Contains(err.Error(), "only reads") || f.StateHash() != before {
		t.Errorf("a write is explained, or done: %v", err)
	}
}
