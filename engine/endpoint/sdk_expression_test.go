package endpoint

import (
	"errors"
	"fmt"
	"maps"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/attributevalue"
	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/expression"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// What package expression builds, the engine reads as it was meant.
func TestSDKExpressions(t *testing.T) {
	bothWays(t, func(t *testing.T, db *dynamodb.Client) {
		t.Run("conditions", func(t *testing.T) { builtConditions(t, db) })
		t.Run("updates", func(t *testing.T) { builtUpdates(t, db) })
		t.Run("projections", func(t *testing.T) { builtProjections(t, db) })
		t.Run("key conditions", func(t *testing.T) { builtKeyConditions(t, db) })
	})
}

// film is the item that conditions and projections look at.
var film = map[string]any{
	"id": "f", "title": "Stalker", "year": 1979, "runtime": 161.5,
	"tags": stringSet{"zone", "slow"},
	"cast": []any{map[string]any{"name": "Kaidanovsky", "as": "Stalker"}, map[string]any{"name": "Solonitsyn"}},
	"a.b":  "dotted", "a": map[string]any{"b": "nested", "c": 3},
	"still": []byte{1, 2, 3}, "lost": nil, "seen": true,
}

// Sets outside of structs: attributevalue goes by tags, or by this method.
type (
	stringSet []string
	numberSet []string
)

func (s stringSet) MarshalDynamoDBAttributeValue() (types.AttributeValue, error) {
	return &types.AttributeValueMemberSS{Value: s}, nil
}

func (s numberSet) MarshalDynamoDBAttributeValue() (types.AttributeValue, error) {
	return &types.AttributeValueMemberNS{Value: s}, nil
}

func marshal(t *testing.T, from any) map[string]types.AttributeValue {
	t.Helper()
	item, err := attributevalue.MarshalMap(from)
	if err != nil {
		t.Fatal(err)
	}
	return item
}

func build(t *testing.T, b expression.Builder) expression.Expression {
	t.Helper()
	e, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func builtConditions(t *testing.T, db *dynamodb.Client) {
	createPlain(t, db, "Films", "id", "")
	put(t, db, "Films", film)
	name, value := expression.Name, expression.Value
	for i, c := range []struct {
		condition expression.ConditionBuilder
		holds     bool
	}{
		{name("title").Equal(value("Stalker")), true},
		{name("title").NotEqual(value("Stalker")), false},
		{name("year").GreaterThan(value(1978)).And(name("year").LessThan(value(1980))), true},
		{name("year").GreaterThanEqual(value(1980)).Or(name("runtime").LessThanEqual(value(161.5))), true},
		{name("year").Between(value(1979), value(1990)), true},
		{name("year").In(value(1), value(2), value(1979)), true},
		{name("year").In(value("1979")), false},
		{name("tags").Contains("slow"), true},
		{expression.Contains(name("tags"), "fast"), false},
		{name("title").BeginsWith("Stal"), true},
		{name("title").BeginsWith("stal"), false},
		{name("cast[1].name").Equal(value("Solonitsyn")), true},
		{name("cast[1].as").AttributeExists(), false},
		{name("cast[0].as").Equal(name("title")), true},
		{name("a.b").Equal(value("nested")), true},
		{expression.NameNoDotSplit("a.b").Equal(value("dotted")), true},
		{name("lost").AttributeType(expression.Null), true},
		{name("still").AttributeType(expression.Binary).And(name("still").Equal(value([]byte{1, 2, 3}))), true},
		{name("tags").AttributeType(expression.StringSet), true},
		{name("cast").Size().Equal(value(2)).And(name("still").Size().LessThan(name("year"))), true},
		{name("missing").AttributeNotExists().And(name("missing").NotEqual(value(1))), true},
		{expression.Not(name("seen").Equal(value(true))), false},
		{expression.Not(name("missing").LessThan(value(1))), true},
	} {
		e := build(t, expression.NewBuilder().WithCondition(c.condition))
		_, err := db.DeleteItem(t.Context(), &dynamodb.DeleteItemInput{
			TableName: aws.String("Films"), Key: marshal(t, map[string]any{"id": "f"}),
			ConditionExpression:      e.Condition(),
			ExpressionAttributeNames: e.Names(), ExpressionAttributeValues: e.Values(),
		})
		var failed *types.ConditionalCheckFailedException
		if (err == nil) != c.holds || err != nil && !errors.As(err, &failed) {
			t.Errorf("condition %d, %s: got %v, want it to hold: %v", i, *e.Condition(), err, c.holds)
		}
		put(t, db, "Films", film)

		e = build(t, expression.NewBuilder().WithFilter(c.condition))
		out, err := db.Scan(t.Context(), &dynamodb.ScanInput{
			TableName: aws.String("Films"), FilterExpression: e.Filter(),
			ExpressionAttributeNames: e.Names(), ExpressionAttributeValues: e.Values(),
		})
		if err != nil || out.ScannedCount != 1 || (out.Count == 1) != c.holds {
			t.Errorf("filter %d, %s: got %+v, %v, want it to hold: %v", i, *e.Filter(), out, err, c.holds)
		}
	}
}

func put(t *testing.T, db *dynamodb.Client, table string, item any) {
	t.Helper()
	_, err := db.PutItem(t.Context(), &dynamodb.PutItemInput{TableName: &table, Item: marshal(t, item)})
	if err != nil {
		t.Fatal(err)
	}
}

// builtUpdates makes one update of all four clauses and asks for what came of
// it in every way.
func builtUpdates(t *testing.T, db *dynamodb.Client) {
	createPlain(t, db, "Counts", "id", "")
	before := map[string]any{
		"id": "c", "n": 10, "m": 3, "old": "x", "list": []any{"a", "b"}, "still": "same",
		"set":  numberSet{"1", "2"},
		"tags": stringSet{"p", "q"},
	}
	name, value := expression.Name, expression.Value
	update := expression.Set(name("n"), name("n").Plus(value(5))).
		Set(name("diff"), name("n").Minus(name("m"))).
		Set(name("once"), name("once").IfNotExists(value("first"))).
		Set(name("list"), name("list").ListAppend(value([]any{"c", 4}))).
		Remove(name("old")).
		Add(name("m"), value(-4)).
		Add(name("set"), value(numberSet{"2.0", "3"})).
		Delete(name("tags"), value(stringSet{"q", "z"}))
	e := build(t, expression.NewBuilder().WithUpdate(update).WithCondition(name("n").Equal(value(10))))

	changed := map[string]any{
		"n": 15, "diff": 7, "once": "first", "list": []any{"a", "b", "c", 4}, "m": -1,
		"set":  numberSet{"1", "2", "3"},
		"tags": stringSet{"p"},
	}
	after := maps.Clone(changed)
	after["id"], after["still"] = "c", "same"
	updatedOld := maps.Clone(before)
	delete(updatedOld, "id")
	delete(updatedOld, "still")
	for mode, want := range map[types.ReturnValue]map[string]any{
		types.ReturnValueNone:       nil,
		types.ReturnValueAllOld:     before,
		types.ReturnValueAllNew:     after,
		types.ReturnValueUpdatedNew: changed,
		types.ReturnValueUpdatedOld: updatedOld,
	} {
		put(t, db, "Counts", before)
		out, err := db.UpdateItem(t.Context(), &dynamodb.UpdateItemInput{
			TableName: aws.String("Counts"), Key: marshal(t, map[string]any{"id": "c"}),
			UpdateExpression: e.Update(), ConditionExpression: e.Condition(), ReturnValues: mode,
			ExpressionAttributeNames: e.Names(), ExpressionAttributeValues: e.Values(),
		})
		if err != nil {
			t.Fatalf("%s: %v", mode, err)
		}
		t.Run(string(mode), func(t *testing.T) { sameItem(t, out.Attributes, marshal(t, want)) })
	}
}

func builtProjections(t *testing.T, db *dynamodb.Client) {
	createPlain(t, db, "Stills", "id", "")
	put(t, db, "Stills", film)
	name := expression.Name
	e := build(t, expression.NewBuilder().WithProjection(expression.NamesList(
		name("year"), name("cast[1].name"), name("a.c"), expression.NameNoDotSplit("a.b"), name("missing"))))
	want := map[string]any{
		"year": 1979, "cast": []any{map[string]any{"name": "Solonitsyn"}}, "a": map[string]any{"c": 3}, "a.b": "dotted",
	}
	key := marshal(t, map[string]any{"id": "f"})
	got, err := db.GetItem(t.Context(), &dynamodb.GetItemInput{
		TableName: aws.String("Stills"), Key: key, ProjectionExpression: e.Projection(), ExpressionAttributeNames: e.Names(),
	})
	if err != nil {
		t.Fatal(err)
	}
	sameItem(t, got.Item, marshal(t, want))

	batch, err := db.BatchGetItem(t.Context(), &dynamodb.BatchGetItemInput{RequestItems: map[string]types.KeysAndAttributes{
		"Stills": {Keys: []map[string]types.AttributeValue{key}, ProjectionExpression: e.Projection(), ExpressionAttributeNames: e.Names()},
	}})
	if err != nil || len(batch.Responses["Stills"]) != 1 || len(batch.UnprocessedKeys) != 0 {
		t.Fatalf("got %+v, %v", batch, err)
	}
	sameItem(t, batch.Responses["Stills"][0], marshal(t, want))

	// Nothing of what is asked for: an item without attributes, which is not a missing item.
	e = build(t, expression.NewBuilder().WithProjection(expression.NamesList(name("missing"))))
	got, err = db.GetItem(t.Context(), &dynamodb.GetItemInput{
		TableName: aws.String("Stills"), Key: key, ProjectionExpression: e.Projection(), ExpressionAttributeNames: e.Names(),
	})
	if err != nil || got.Item == nil || len(got.Item) != 0 {
		t.Errorf("a projection on nothing: %v, %v", got.Item, err)
	}
}

// builtKeyConditions queries the table of orders and its index with a filter
// and a projection besides.
func builtKeyConditions(t *testing.T, db *dynamodb.Client) {
	createOrders(t, db)
	putOrders(t, db)
	key, value := expression.Key, expression.Value
	ada, paid := key("customer").Equal(value("ada")), key("state").Equal(value("paid"))
	for i, c := range []struct {
		index string
		key   expression.KeyConditionBuilder
		want  string
	}{
		{"", ada.And(key("id").Equal(value(4))), "4"},
		{"", ada.And(key("id").LessThan(value(3))), "0 1 2"},
		{"", ada.And(key("id").LessThanEqual(value(3))), "0 1 2 3"},
		{"", ada.And(key("id").GreaterThan(value(17))), "18 19"},
		{"", ada.And(key("id").GreaterThanEqual(value(17))), "17 18 19"},
		{"", ada.And(key("id").Between(value(8.5), value(11))), "9 10 11"},
		{"", key("customer").Equal(value("nobody")), ""},
		{"ByState", paid, "1 3 5 7 9 11 13 15 17 19"},
		{"ByState", paid.And(key("id").Between(value(4), value(8))), "5 7"},
	} {
		e := build(t, expression.NewBuilder().WithKeyCondition(c.key).WithProjection(expression.NamesList(expression.Name("id"))))
		in := &dynamodb.QueryInput{
			TableName: aws.String("Orders"), KeyConditionExpression: e.KeyCondition(), ProjectionExpression: e.Projection(),
			ExpressionAttributeNames: e.Names(), ExpressionAttributeValues: e.Values(),
		}
		if c.index != "" {
			in.IndexName = &c.index
		}
		if got := queriedIDs(t, db, in); got != c.want {
			t.Errorf("key condition %d: got %s, want %s", i, got, c.want)
		}
	}
	e := build(t, expression.NewBuilder().WithKeyCondition(ada).
		WithFilter(expression.Name("state").Equal(value("open")).And(expression.Name("blob").Contains([]byte{6}))))
	in := &dynamodb.QueryInput{
		TableName: aws.String("Orders"), KeyConditionExpression: e.KeyCondition(), FilterExpression: e.Filter(),
		ExpressionAttributeNames: e.Names(), ExpressionAttributeValues: e.Values(),
	}
	if got := queriedIDs(t, db, in); got != "6" {
		t.Errorf("key condition and filter: got %s, want 6", got)
	}
	createPlain(t, db, "Words", "id", "")
	e = build(t, expression.NewBuilder().WithKeyCondition(key("id").Equal(value("x")).And(key("word").BeginsWith("y"))))
	if _, err := db.Query(t.Context(), &dynamodb.QueryInput{
		TableName: aws.String("Words"), KeyConditionExpression: e.KeyCondition(),
		ExpressionAttributeNames: e.Names(), ExpressionAttributeValues: e.Values(),
	}); err == nil || !strings.Contains(err.Error(), "ValidationException: ") {
		t.Errorf("a condition on what is no key: got %v", err)
	}
}

// queriedIDs is what a query finds, as the numbers of the orders; Count has to
// agree with the items.
func queriedIDs(t *testing.T, db *dynamodb.Client, in *dynamodb.QueryInput) string {
	t.Helper()
	out, err := db.Query(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	var found []struct {
		ID int `dynamodbav:"id"`
	}
	if err := attributevalue.UnmarshalListOfMaps(out.Items, &found); err != nil {
		t.Fatal(err)
	}
	if int(out.Count) != len(found) || out.ScannedCount < out.Count {
		t.Errorf("%d items with a count of %d, scanned %d", len(found), out.Count, out.ScannedCount)
	}
	ids := []string{}
	for _, f := range found {
		ids = append(ids, fmt.Sprint(f.ID))
	}
	return strings.Join(ids, " ")
}
