package web

import (
	"fmt"
	"strings"
	"testing"
)

// The plan line and the receipt say what the engine explains, and what all
// pages would come to.
func TestReadsAreExplained(t *testing.T) {
	d := New(Config{})
	for i := range 5 {
		var list []string
		for j := range 25 {
			list = append(list, fmt.Sprintf(`{ PutRequest: { Item: { Artist: { S: "many" }, SongTitle: { S: "%d" } } } }`, 25*i+j))
		}
		post(t, d, "/desk/run", "text", "BatchWriteItem { RequestItems: { Music: ["+strings.Join(list, ", ")+"] } }")
	}
	for _, c := range []struct {
		run   string
		wants []string
	}{
		{`Query { TableName: "Shop", KeyConditionExpression: "PK = :p AND begins_with(SK, :s)", ExpressionAttributeValues: { ":p": { S: "CUSTOMER#c-1042" }, ":s": { S: "ORDER#" } }, Limit: 4 }`,
			[]string{"Query on Shop. The partition key has one value, and the sort key is restricted", "begins_with(SK, &#34;ORDER#&#34;)", "to read it all, 3 pages", "evaluated", "RRU"}},
		{`Scan { TableName: "Sessions" }`, []string{"Scan on Sessions. A Scan has no key condition", "evaluated 5 returned 5"}},
		{`GetItem { TableName: "Sessions", Key: { id: { S: "nobody" } } }`, []string{"The whole key is given: one item is looked up.", "id = &#34;nobody&#34;"}},
		{`Query { TableName: "Shop", IndexName: "byStatus", KeyConditionExpression: "#s = :s", ExpressionAttributeNames: { "#s": "status" }, ExpressionAttributeValues: { ":s": { S: "SHIPPED" } } }`,
			[]string{"IndexName asks for the global secondary index byStatus, which has capacity of its own."}},
		{`BatchGetItem { RequestItems: { Sessions: { Keys: [{ id: { S: "a" } }, { id: { S: "b" } }] } } }`, []string{"The whole key of each item is given: 2 items are looked up."}},
		{`Scan { TableName: "Music", Limit: 1 }`, []string{"to read the first 100 pages", "there are more"}},
	} {
		holds(t, post(t, d, "/desk/run", "text", c.run), c.wants...)
	}
}

// An earlier read is explained in the state that it saw, not in the present.
func TestEarlierReadsAreExplainedInTheirState(t *testing.T) {
	d := New(Config{})
	d.Handle(call("", mustParse(t, `Scan { TableName: "Sessions" }`)))
	post(t, d, "/desk/run", "text", `DeleteTable { TableName: "Sessions" }`)
	holds(t, get(t, d, "/desk/show/2"), "evaluated 5 returned 5")
}

// What a write of a global table uses in its other regions is told, and priced.
func TestReplicatedWritesAreTold(t *testing.T) {
	d := New(Config{})
	write := `{ RequestItems: { Sessions: [{ PutRequest: { Item: { id: { S: "a" } } } }, { PutRequest: { Item: { id: { S: "b" } } } }] } }`
	if page := post(t, d, "/desk/run", "text", "BatchWriteItem "+write); strings.Contains(page, "global table") {
		t.Error("a table of one region is called a global one")
	}
	post(t, d, "/desk/run", "text", `UpdateTable { TableName: "Sessions", ReplicaUpdates: [{ Create: { RegionName: "eu-west-1" } }] }`)
	post(t, d, "/desk/clock", "by", "60")
	holds(t, post(t, d, "/desk/run", "text", "BatchWriteItem "+write), "It is a global table: its replication uses <b>2.0</b> units more", "2.50")
}
