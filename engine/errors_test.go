package engine_test

import (
	"testing"

	"github.com/sortkey/sortkey/engine/enginetest"
)

// The forms of errors, whole: dialogues write them in short.
func TestErrorBodies(t *testing.T) {
	f := enginetest.New(t)
	f.Must("CreateTable", plain)
	f.Must("PutItem", `{"TableName":"Tab","Item":{"pk":{"S":"a"},"sk":{"N":"1"}}}`)
	const (
		coral  = `{"__type":"com.amazon.coral.`
		own    = `{"__type":"com.amazonaws.dynamodb.v20120810#`
		delete = `{"TableName":"Tab","Key":{"pk":{"S":"a"},"sk":{"N":"1"}},"ConditionExpression":"attribute_not_exists(pk)"`
	)
	transact := func(token, pk string) string {
		return `{"ClientRequestToken":"` + token + `","TransactItems":[{"Put":{"TableName":"Tab","Item":{"pk":{"S":"` + pk + `"},"sk":{"N":"1"}},"ConditionExpression":"attribute_not_exists(pk)"}}]}`
	}
	f.Must("TransactWriteItems", transact("t", "b"))
	for _, c := range []struct{ operation, body, want string }{
		{"PutItem", `{`, coral + `service#SerializationException"}`},
		{"PutItem", `{"TableName":5}`, coral + `service#SerializationException","Message":"NUMBER_VALUE cannot be converted to String"}`},
		{"PutThing", `{}`, coral + `service#UnknownOperationException"}`},
		{"PutItem", `{"TableName":"Tab","Item":{}}`, coral + `validate#ValidationException","message":"One or more parameter values were invalid: Missing the key pk in the item"}`},
		{"PutItem", `{"TableName":"Nowhere","Item":{}}`, own + `ResourceNotFoundException","message":"Requested resource not found"}`},
		{"CreateTable", plain, own + `ResourceInUseException","message":"Table already exists: Tab"}`},
		{"DeleteItem", delete + `}`, own + `ConditionalCheckFailedException","message":"The conditional request failed"}`},
		{"DeleteItem", delete + `,"ReturnValuesOnConditionCheckFailure":"ALL_OLD"}`,
			own + `ConditionalCheckFailedException","message":"The conditional request failed","Item":{"pk":{"S":"a"},"sk":{"N":"1"}}}`},
		{"TransactWriteItems", transact("u", "b"),
			own + `TransactionCanceledException","Message":"Transaction cancelled, please refer cancellation reasons for specific reasons [ConditionalCheckFailed]",` +
				`"CancellationReasons":[{"Code":"ConditionalCheckFailed","Message":"The conditional request failed"}]}`},
		{"TransactWriteItems", transact("t", "c"),
			own + `IdempotentParameterMismatchException","Message":"DynamoDB rejected the request because you retried a request with a different payload but with an idempotent token that was already used."}`},
	} {
		if r := f.Do(c.operation, c.body); r.Status != 400 || string(r.Body) != c.want {
			t.Errorf("%s %s\ngot  %d %s\nwant %s", c.operation, c.body, r.Status, r.Body, c.want)
		}
	}
}
