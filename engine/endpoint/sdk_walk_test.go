package endpoint

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// walked is how many items the paginators go over; a page has at most pageSize.
const (
	walked   = 10_000
	pageSize = 450
)

// walkInput is a table with an index of each kind: Trail has one partition,
// and so have ByRank (local) and ByGroup (global), both with many equal sort
// keys; ByShard has a thousand partitions without sort keys.
func walkInput() *dynamodb.CreateTableInput {
	key := func(hash, sort string) []types.KeySchemaElement {
		keys := []types.KeySchemaElement{{AttributeName: &hash, KeyType: types.KeyTypeHash}}
		if sort != "" {
			keys = append(keys, types.KeySchemaElement{AttributeName: &sort, KeyType: types.KeyTypeRange})
		}
		return keys
	}
	attr := func(name string, kind types.ScalarAttributeType) types.AttributeDefinition {
		return types.AttributeDefinition{AttributeName: &name, AttributeType: kind}
	}
	all, keys := &types.Projection{ProjectionType: types.ProjectionTypeAll}, &types.Projection{ProjectionType: types.ProjectionTypeKeysOnly}
	return &dynamodb.CreateTableInput{
		TableName: aws.String("Trail"), KeySchema: key("pk", "sk"), BillingMode: types.BillingModePayPerRequest,
		AttributeDefinitions: []types.AttributeDefinition{
			attr("pk", "S"), attr("sk", "N"), attr("rank", "N"), attr("group", "S"), attr("weight", "N"), attr("shard", "S"),
		},
		LocalSecondaryIndexes: []types.LocalSecondaryIndex{{IndexName: aws.String("ByRank"), KeySchema: key("pk", "rank"), Projection: keys}},
		GlobalSecondaryIndexes: []types.GlobalSecondaryIndex{
			{IndexName: aws.String("ByGroup"), KeySchema: key("group", "weight"), Projection: all},
			{IndexName: aws.String("ByShard"), KeySchema: key("shard", ""), Projection: all},
		},
	}
}

// trailItem is the item at a place of the trail. Places between whole numbers
// are those of other items, which come and go.
func trailItem(place int, half bool) map[string]types.AttributeValue {
	sk := strconv.Itoa(place)
	if half {
		sk += ".5"
	}
	return map[string]types.AttributeValue{
		"pk": text("walk"), "sk": &types.AttributeValueMemberN{Value: sk}, "rank": number(place * 7 % 500),
		"group": text("all"), "weight": number(place % 97), "shard": text(fmt.Sprint("s", place%1000)), "note": number(0),
	}
}

// Paginators find every item once and in order while others write.
func TestSDKPaginators(t *testing.T) { bothWays(t, walkAll) }

func walkAll(t *testing.T, db *dynamodb.Client) {
	if _, err := db.CreateTable(t.Context(), walkInput()); err != nil {
		t.Fatal(err)
	}
	fillTrail(t, db)
	wrote, stop := writeMeanwhile(t, db)
	defer stop()
	for _, c := range []struct{ index, hash, value, sort string }{
		{"", "pk", "walk", "sk"}, {"ByRank", "pk", "walk", "rank"}, {"ByGroup", "group", "all", "weight"},
	} {
		for _, forward := range []bool{true, false} {
			in := &dynamodb.QueryInput{
				TableName: aws.String("Trail"), Limit: aws.Int32(pageSize), ScanIndexForward: &forward,
				KeyConditionExpression:    aws.String("#h = :h"),
				ExpressionAttributeNames:  map[string]string{"#h": c.hash},
				ExpressionAttributeValues: map[string]types.AttributeValue{":h": text(c.value)},
			}
			if c.index != "" {
				in.IndexName = &c.index
			}
			w := walk{sort: c.sort, forward: forward}
			for pages := dynamodb.NewQueryPaginator(db, in); pages.HasMorePages(); <-wrote {
				page, err := pages.NextPage(t.Context())
				if err != nil {
					t.Fatal(err)
				}
				w.add(page.Items)
			}
			w.check(t, fmt.Sprintf("query of %q by %s, forward %v", c.index, c.sort, forward))
		}
	}
	scanAll(t, db, wrote, "", 1)
	scanAll(t, db, wrote, "ByRank", 1)
	scanAll(t, db, wrote, "ByGroup", 1)
	scanAll(t, db, wrote, "ByShard", 1)
	scanAll(t, db, wrote, "ByShard", 5)
}

func scanAll(t *testing.T, db *dynamodb.Client, wrote <-chan int, index string, segments int32) {
	t.Helper()
	var w walk
	for segment := range segments {
		in := &dynamodb.ScanInput{TableName: aws.String("Trail"), Limit: aws.Int32(pageSize), Segment: &segment, TotalSegments: &segments}
		if index != "" {
			in.IndexName = &index
		}
		for pages := dynamodb.NewScanPaginator(db, in); pages.HasMorePages(); <-wrote {
			page, err := pages.NextPage(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			w.add(page.Items)
		}
	}
	w.check(t, fmt.Sprintf("scan of %q in %d", index, segments))
}

// fillTrail puts the items that are walked, 25 at a time.
func fillTrail(t *testing.T, db *dynamodb.Client) {
	t.Helper()
	for from := 0; from < walked; from += 25 {
		var puts []types.WriteRequest
		for place := from; place < from+25; place++ {
			puts = append(puts, types.WriteRequest{PutRequest: &types.PutRequest{Item: trailItem(place, false)}})
		}
		out, err := db.BatchWriteItem(t.Context(), &dynamodb.BatchWriteItemInput{RequestItems: map[string][]types.WriteRequest{"Trail": puts}})
		if err != nil || len(out.UnprocessedItems) != 0 {
			t.Fatal(err, out)
		}
	}
}

// writeMeanwhile starts two writers, each of which is at most a few steps ahead
// of those who receive from the channel, until they are stopped.
func writeMeanwhile(t *testing.T, db *dynamodb.Client) (wrote chan int, stop func()) {
	wrote = make(chan int, 4)
	done := make(chan struct{})
	var writers sync.WaitGroup
	for first := range 2 {
		writers.Go(func() {
			for step := first; ; step += 2 {
				if err := disturb(t, db, step); err != nil {
					t.Error(err)
				}
				select {
				case wrote <- step:
				case <-done:
					return
				}
			}
		})
	}
	return wrote, func() {
		close(done)
		writers.Wait()
	}
}

// disturb puts another item between those that are walked, removes one that was
// put ten steps ago, and changes a walked one outside its keys.
func disturb(t *testing.T, db *dynamodb.Client, step int) error {
	ctx := t.Context()
	table := aws.String("Trail")
	_, err := db.PutItem(ctx, &dynamodb.PutItemInput{TableName: table, Item: trailItem(step*37%walked, true)})
	if err != nil {
		return err
	}
	old := trailItem((step+walked-10)*37%walked, true)
	if _, err := db.DeleteItem(ctx, &dynamodb.DeleteItemInput{
		TableName: table, Key: map[string]types.AttributeValue{"pk": old["pk"], "sk": old["sk"]},
	}); err != nil {
		return err
	}
	_, err = db.UpdateItem(ctx, &dynamodb.UpdateItemInput{
		TableName: table, Key: map[string]types.AttributeValue{"pk": text("walk"), "sk": number(step * 7919 % walked)},
		UpdateExpression:          aws.String("SET note = note + :one, extra = :long"),
		ConditionExpression:       aws.String("attribute_exists(pk)"),
		ExpressionAttributeValues: map[string]types.AttributeValue{":one": number(1), ":long": text(strings.Repeat("x", step%500))},
	})
	return err
}

// walk is what a paginator found.
type walk struct {
	sort    string // the attribute whose order is looked at, "" for none
	forward bool
	places  []float64
	sorts   []float64
	pages   int
}

func (w *walk) add(items []map[string]types.AttributeValue) {
	w.pages++
	for _, item := range items {
		w.places = append(w.places, numberIn(item, "sk"))
		if w.sort != "" {
			w.sorts = append(w.sorts, numberIn(item, w.sort))
		}
	}
}

// numberIn reads a small number, -1 where there is none.
func numberIn(item map[string]types.AttributeValue, name string) float64 {
	if n, ok := item[name].(*types.AttributeValueMemberN); ok {
		if f, err := strconv.ParseFloat(n.Value, 64); err == nil {
			return f
		}
	}
	return -1
}

// check holds the walk against what was there all the time.
func (w *walk) check(t *testing.T, what string) {
	t.Helper()
	times := map[float64]int{}
	for _, place := range w.places {
		times[place]++
	}
	for place := range walked {
		if n := times[float64(place)]; n != 1 {
			t.Fatalf("%s: item %d was found %d times", what, place, n)
		}
	}
	if w.pages < walked/pageSize {
		t.Errorf("%s: only %d pages", what, w.pages)
	}
	order := cmp.Compare[float64]
	if !w.forward {
		order = func(a, b float64) int { return cmp.Compare(b, a) }
	}
	if !slices.IsSortedFunc(w.sorts, order) {
		t.Errorf("%s: out of order", what)
	}
}
