package engine_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/sortkey/sortkey/engine"
	"github.com/sortkey/sortkey/engine/enginetest"
)

// named is a CreateTable request for a small table.
func named(name string) string {
	return `{"TableName":"` + name + `","BillingMode":"PAY_PER_REQUEST","AttributeDefinitions":[{"AttributeName":"pk","AttributeType":"S"}],
		"KeySchema":[{"AttributeName":"pk","KeyType":"HASH"}]}`
}

// indexedNamed is one with an index.
func indexedNamed(name string) string {
	return strings.TrimSuffix(named(name), "}") + `,"GlobalSecondaryIndexes":[{"IndexName":"index","KeySchema":[{"AttributeName":"pk","KeyType":"HASH"}],"Projection":{"ProjectionType":"ALL"}}]}`
}

// A region takes 2,500 tables and not one more; they are listed page by page,
// each once, by name.
func TestManyTables(t *testing.T) {
	f := enginetest.New(t)
	for i := range 2500 {
		f.Must("CreateTable", named(fmt.Sprintf("table-%d", i*7919%2500)))
	}
	const want = "LimitExceededException: Subscriber limit exceeded: There is a limit of 2500 tables per subscriber"
	if got := f.Refused("CreateTable", named("one-more")); got != want {
		t.Errorf("got %s", got)
	}
	if got := f.Refused("CreateTable", named("table-7")); got != "ResourceInUseException: Table already exists: table-7" {
		t.Errorf("got %s", got)
	}
	var names []string
	start, pages := "", 0
	for {
		var p struct {
			TableNames             []string
			LastEvaluatedTableName string
		}
		f.Into(&p, "ListTables", "{"+start+"}")
		names, pages = append(names, p.TableNames...), pages+1
		if p.LastEvaluatedTableName == "" {
			break
		}
		start = `"ExclusiveStartTableName":"` + p.LastEvaluatedTableName + `"`
	}
	if len(names) != 2500 || pages != 25 || !slices.IsSorted(names) || len(slices.Compact(names)) != 2500 {
		t.Errorf("%d names on %d pages", len(names), pages)
	}
	if r := f.Handle(engine.Call{Target: engine.Target("CreateTable"), Region: "eu-west-1", Body: []byte(named("elsewhere"))}); r.Status != 200 {
		t.Errorf("another region: %s", r.Body)
	}
	f.Must("DeleteTable", `{"TableName":"table-7"}`)
	f.Must("CreateTable", named("one-more"))
}

// So many tables can be changed at once, half of them CREATING with indexes.
func TestOperationsAtOnce(t *testing.T) {
	f := enginetest.With(t, engine.Options{Settings: engine.Settings{Transition: time.Minute, OperationQuota: 4}})
	for i := range 2 {
		f.Must("CreateTable", indexedNamed(fmt.Sprintf("indexed-%d", i)))
	}
	const indexes = "LimitExceededException: Subscriber limit exceeded: You have exceeded the maximum number of indexed tables that can be created simultaneously"
	if got := f.Refused("CreateTable", indexedNamed("indexed-2")); got != indexes {
		t.Errorf("got %s", got)
	}
	for i := range 2 {
		f.Must("CreateTable", named(fmt.Sprintf("plain-%d", i)))
	}
	const busy = "LimitExceededException: Subscriber limit exceeded: Only 4 tables can be created, updated, or deleted simultaneously"
	if got := f.Refused("CreateTable", named("plain-2")); got != busy {
		t.Errorf("got %s", got)
	}
	f.Pass(time.Minute)
	for i := range 2 {
		f.Must("DeleteTable", fmt.Sprintf(`{"TableName":"plain-%d"}`, i))
		f.Must("UpdateTable", fmt.Sprintf(`{"TableName":"indexed-%d","TableClass":"STANDARD_INFREQUENT_ACCESS"}`, i))
	}
	if got := f.Refused("CreateTable", named("last")); got != busy {
		t.Errorf("got %s", got)
	}
}
