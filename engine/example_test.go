package engine_test

import (
	"fmt"
	"time"

	"github.com/sortkey/sortkey/engine"
)

// ask sends a request and prints the reply.
func ask(e *engine.Engine, operation, body string) {
	r := e.Handle(engine.Call{Target: engine.Target(operation), Body: []byte(body)})
	fmt.Println(r.Status, string(r.Body))
}

// accounts is an engine with one account in it.
func accounts() *engine.Engine {
	e := engine.New(engine.Options{})
	for _, c := range [][2]string{
		{"CreateTable", `{"TableName":"Accounts","BillingMode":"PAY_PER_REQUEST",
			"AttributeDefinitions":[{"AttributeName":"id","AttributeType":"S"}],"KeySchema":[{"AttributeName":"id","KeyType":"HASH"}]}`},
		{"PutItem", `{"TableName":"Accounts","Item":{"id":{"S":"a"},"cents":{"N":"100"}}}`},
	} {
		e.Handle(engine.Call{Target: engine.Target(c[0]), Body: []byte(c[1])})
	}
	return e
}

// A test can see what its code does when it meets a transaction that is under
// way: the transaction stays open until the test says so.
func ExampleEngine_Begin() {
	e := accounts()
	withdraw := engine.Call{Target: engine.Target("TransactWriteItems"), Body: []byte(`{"TransactItems":[{"Update":{
		"TableName":"Accounts","Key":{"id":{"S":"a"}},"UpdateExpression":"SET cents = cents - :c",
		"ConditionExpression":"cents >= :c","ExpressionAttributeValues":{":c":{"N":"30"}}}}]}`)}
	fmt.Println(e.Begin("withdrawal", withdraw).Status)

	ask(e, "DeleteItem", `{"TableName":"Accounts","Key":{"id":{"S":"a"}}}`)
	ask(e, "GetItem", `{"TableName":"Accounts","Key":{"id":{"S":"a"}},"ConsistentRead":true}`)

	fmt.Println(e.Commit("withdrawal").Status)
	ask(e, "GetItem", `{"TableName":"Accounts","Key":{"id":{"S":"a"}}}`)
	// Output:
	// 200
	// 400 {"__type":"com.amazonaws.dynamodb.v20120810#TransactionConflictException","message":"Transaction is ongoing for the item"}
	// 200 {"Item":{"cents":{"N":"100"},"id":{"S":"a"}}}
	// 200
	// 200 {"Item":{"cents":{"N":"70"},"id":{"S":"a"}}}
}

// A test can let reads lag: what they see is behind until time has passed.
func ExampleEngine_Configure() {
	e := accounts()
	if err := e.Configure("read-delay", "1s"); err != nil {
		fmt.Println(err)
	}
	e.Handle(engine.Call{Target: engine.Target("DeleteItem"), Body: []byte(`{"TableName":"Accounts","Key":{"id":{"S":"a"}}}`)})
	get := engine.Call{Target: engine.Target("GetItem"), Body: []byte(`{"TableName":"Accounts","Key":{"id":{"S":"a"}}}`)}
	stale := 0
	for range 30 { // each a millisecond later: it goes to one of three copies
		if reply := e.Handle(get); len(reply.Body) > 2 {
			stale++
		}
		if err := e.AdvanceTo(e.Now().Add(time.Millisecond)); err != nil {
			fmt.Println(err)
		}
	}
	fmt.Println("some are stale:", stale > 10, "not all:", stale < 30)
	if err := e.AdvanceTo(e.Now().Add(time.Second)); err != nil {
		fmt.Println(err)
	}
	ask(e, "GetItem", string(get.Body))
	// Output:
	// some are stale: true not all: true
	// 200 {}
}
