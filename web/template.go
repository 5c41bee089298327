package web

import (
	"strings"

	"github.com/sortkey/sortkey/engine"
	"github.com/sortkey/sortkey/engine/attr"
	"github.com/sortkey/sortkey/engine/store"
)

// template is a request of the operation to begin with, for the table named,
// the one on the desk, or the first there is.
func (ws *workspace) template(op, table string) (string, bool) {
	if runLabel(op) == "" {
		return "", false
	}
	t := ws.subject(table)
	switch op {
	case "CreateTable":
		return createTemplate, true
	case "ListTables":
		return "ListTables {}\n", true
	case "DescribeTable", "DeleteTable", "Scan":
		return op + " {\n  TableName: " + quote(t.Name) + "\n}\n", true
	}
	if strings.HasPrefix(op, "Batch") || strings.HasPrefix(op, "Transact") {
		return severalTemplate(op, t), true
	}
	return keyedTemplate(op, t), true
}

const createTemplate = `CreateTable {
  TableName: "Orders",
  BillingMode: "PAY_PER_REQUEST",
  AttributeDefinitions: [
    { AttributeName: "customer", AttributeType: "S" },
    { AttributeName: "placedAt", AttributeType: "S" }
  ],
  KeySchema: [
    { AttributeName: "customer", KeyType: "HASH" },
    { AttributeName: "placedAt", KeyType: "RANGE" }
  ]
}
`

// subject is the table a template is for. A workspace without tables gets the
// one that CreateTable's template makes.
func (ws *workspace) subject(name string) *engine.TableInfo {
	if t := ws.table(name); t != nil {
		return t
	}
	if ws.shown != nil && ws.shown.wrong == nil {
		if t := ws.table(ws.shown.trace.Table); t != nil {
			return t
		}
	}
	if all := ws.engine.Tables(ws.region); len(all) > 0 {
		return &all[0]
	}
	text := func(name string) []store.KeyAttr { return []store.KeyAttr{{Name: name, Kind: attr.S}} }
	return &engine.TableInfo{Name: "Orders", Key: store.Key{Hash: text("customer"), Range: text("placedAt")}}
}

func keyedTemplate(op string, t *engine.TableInfo) string {
	head := op + " {\n  TableName: " + quote(t.Name) + ",\n"
	switch op {
	case "PutItem":
		return head + "  Item: { " + sampleKey(t) + `, note: { S: "new" } }` + "\n}\n"
	case "UpdateItem":
		return head + "  Key: { " + sampleKey(t) + " },\n" +
			"  UpdateExpression: \"SET note = :note\",\n" +
			"  ExpressionAttributeValues: { \":note\": { S: \"changed\" } },\n  ReturnValues: \"ALL_NEW\"\n}\n"
	case "Query":
		a := t.Key.Hash[0]
		return head + "  KeyConditionExpression: \"#key = :value\",\n" +
			"  ExpressionAttributeNames: { \"#key\": " + quote(a.Name) + " },\n" +
			"  ExpressionAttributeValues: { \":value\": " + sampleValue(a) + " }\n}\n"
	}
	return head + "  Key: { " + sampleKey(t) + " }\n}\n"
}

// severalTemplate is a batch or a transaction of one table.
func severalTemplate(op string, t *engine.TableInfo) string {
	name, key := quote(t.Name), "{ "+sampleKey(t)+" }"
	item := "{ " + sampleKey(t) + `, note: { S: "new" } }`
	switch op {
	case "BatchGetItem":
		return "BatchGetItem {\n  RequestItems: {\n    " + name + ": { Keys: [" + key + "] }\n  }\n}\n"
	case "BatchWriteItem":
		return "BatchWriteItem {\n  RequestItems: {\n    " + name + ": [{ PutRequest: { Item: " + item + " } }]\n  }\n}\n"
	case "TransactGetItems":
		return "TransactGetItems {\n  TransactItems: [\n    { Get: { TableName: " + name + ", Key: " + key + " } }\n  ]\n}\n"
	}
	return "TransactWriteItems {\n  TransactItems: [\n    { Put: { TableName: " + name + ", Item: " + item + " } }\n  ]\n}\n"
}

func sampleKey(t *engine.TableInfo) string {
	var parts []string
	for _, a := range t.Key.Attrs() {
		parts = append(parts, quote(a.Name)+": "+sampleValue(a))
	}
	return strings.Join(parts, ", ")
}

var samples = map[attr.Kind]string{attr.S: `{ S: "a" }`, attr.N: `{ N: "1" }`, attr.B: `{ B: "YQ==" }`}

func sampleValue(a store.KeyAttr) string { return samples[a.Kind] }
