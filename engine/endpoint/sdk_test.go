package endpoint

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// The AWS SDK for Go, unchanged.
func TestSDK(t *testing.T) { bothWays(t, dialogue) }

// bothWays runs a test with a client that needs no socket, and with one that
// speaks to a port.
func bothWays(t *testing.T, test func(*testing.T, *dynamodb.Client)) {
	t.Run("round trip", func(t *testing.T) {
		test(t, newClient(&http.Client{Transport: fresh(t, Options{})}, "https://dynamodb.invalid"))
	})
	t.Run("port", func(t *testing.T) {
		server := httptest.NewServer(fresh(t, Options{}))
		defer server.Close()
		test(t, newClient(server.Client(), server.URL))
	})
}

func newClient(client *http.Client, url string) *dynamodb.Client {
	return dynamodb.New(dynamodb.Options{
		Region:           "us-east-1",
		BaseEndpoint:     aws.String(url),
		HTTPClient:       inMemory{client},
		Credentials:      credentials.NewStaticCredentialsProvider("any", "thing", ""),
		RetryMaxAttempts: 1,
	})
}

// inMemory sends requests whose bodies net/http knows to be in memory, so that
// it sends them together with their headers.
//
// The SDK's own body makes requests fail at random. It is sent after the
// headers, and when the answer is there before net/http has looked for the
// body's end, the SDK has closed it, and its WriteTo then returns io.EOF, where
// nil would be the end (smithy-go, transport/http/internal/io/safe.go). To
// net/http the request is broken off: it closes the connection while the answer
// is being read. That happens with any server that is fast enough.
type inMemory struct{ client *http.Client }

func (c inMemory) Do(r *http.Request) (*http.Response, error) {
	if r.Body == nil {
		return c.client.Do(r)
	}
	b, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	r.Body.Close()
	r = r.Clone(r.Context())
	r.Body = io.NopCloser(bytes.NewReader(b))
	return c.client.Do(r)
}

// dialogue makes a table, writes, reads by index and page, fails, and deletes.
func dialogue(t *testing.T, db *dynamodb.Client) {
	ctx := t.Context()
	createOrders(t, db)
	putOrders(t, db)
	queryOrders(t, db)
	scanOrders(t, db)
	failOnCondition(t, db)
	concurrentAdds(t, db)
	if _, err := db.DeleteTable(ctx, &dynamodb.DeleteTableInput{TableName: aws.String("Orders")}); err != nil {
		t.Fatal(err)
	}
	_, err := db.DescribeTable(ctx, &dynamodb.DescribeTableInput{TableName: aws.String("Orders")})
	var missing *types.ResourceNotFoundException
	if !errors.As(err, &missing) {
		t.Errorf("DescribeTable after delete: %v", err)
	}
}

func createOrders(t *testing.T, db *dynamodb.Client) {
	t.Helper()
	key := func(name string, kind types.KeyType) types.KeySchemaElement {
		return types.KeySchemaElement{AttributeName: aws.String(name), KeyType: kind}
	}
	attr := func(name string, kind types.ScalarAttributeType) types.AttributeDefinition {
		return types.AttributeDefinition{AttributeName: aws.String(name), AttributeType: kind}
	}
	_, err := db.CreateTable(t.Context(), &dynamodb.CreateTableInput{
		TableName:            aws.String("Orders"),
		KeySchema:            []types.KeySchemaElement{key("customer", types.KeyTypeHash), key("id", types.KeyTypeRange)},
		AttributeDefinitions: []types.AttributeDefinition{attr("customer", "S"), attr("id", "N"), attr("state", "S")},
		GlobalSecondaryIndexes: []types.GlobalSecondaryIndex{{
			IndexName:  aws.String("ByState"),
			KeySchema:  []types.KeySchemaElement{key("state", types.KeyTypeHash), key("id", types.KeyTypeRange)},
			Projection: &types.Projection{ProjectionType: types.ProjectionTypeKeysOnly},
		}},
		BillingMode: types.BillingModePayPerRequest,
	})
	if err != nil {
		t.Fatal(err)
	}
	waiter := dynamodb.NewTableExistsWaiter(db, func(o *dynamodb.TableExistsWaiterOptions) {
		o.MinDelay, o.MaxDelay = time.Millisecond, time.Millisecond
	})
	if err := waiter.Wait(t.Context(), &dynamodb.DescribeTableInput{TableName: aws.String("Orders")}, time.Minute); err != nil {
		t.Fatal(err)
	}
}

func text(s string) types.AttributeValue   { return &types.AttributeValueMemberS{Value: s} }
func number(n int) types.AttributeValue    { return &types.AttributeValueMemberN{Value: strconv.Itoa(n)} }
func binary(b []byte) types.AttributeValue { return &types.AttributeValueMemberB{Value: b} }

func orderKey(id int) map[string]types.AttributeValue {
	return map[string]types.AttributeValue{"customer": text("ada"), "id": number(id)}
}

func putOrders(t *testing.T, db *dynamodb.Client) {
	t.Helper()
	for i := range 20 {
		item := orderKey(i)
		item["state"] = text([]string{"open", "paid"}[i%2])
		item["blob"] = binary([]byte{0, byte(i), 255})
		out, err := db.PutItem(t.Context(), &dynamodb.PutItemInput{
			TableName: aws.String("Orders"), Item: item, ReturnConsumedCapacity: types.ReturnConsumedCapacityIndexes,
		})
		if err != nil {
			t.Fatal(err)
		}
		if got := aws.ToFloat64(out.ConsumedCapacity.CapacityUnits); got != 2 {
			t.Errorf("a put with one index entry cost %v, want 2", got)
		}
	}
	out, err := db.GetItem(t.Context(), &dynamodb.GetItemInput{TableName: aws.String("Orders"), Key: orderKey(7)})
	if err != nil {
		t.Fatal(err)
	}
	if b, ok := out.Item["blob"].(*types.AttributeValueMemberB); !ok || string(b.Value) != "\x00\x07\xff" {
		t.Errorf("blob came back as %v", out.Item["blob"])
	}
}

func queryOrders(t *testing.T, db *dynamodb.Client) {
	t.Helper()
	out, err := db.Query(t.Context(), &dynamodb.QueryInput{
		TableName:                 aws.String("Orders"),
		IndexName:                 aws.String("ByState"),
		KeyConditionExpression:    aws.String("#s = :paid AND id > :after"),
		ExpressionAttributeNames:  map[string]string{"#s": "state"},
		ExpressionAttributeValues: map[string]types.AttributeValue{":paid": text("paid"), ":after": number(12)},
		ScanIndexForward:          aws.Bool(false),
	})
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, item := range out.Items {
		ids = append(ids, item["id"].(*types.AttributeValueMemberN).Value)
	}
	if got := strings.Join(ids, " "); got != "19 17 15 13" {
		t.Errorf("paid orders after 12, newest first: %s", got)
	}
}

func scanOrders(t *testing.T, db *dynamodb.Client) {
	t.Helper()
	pages := dynamodb.NewScanPaginator(db, &dynamodb.ScanInput{TableName: aws.String("Orders"), Limit: aws.Int32(6)})
	items, calls := 0, 0
	for pages.HasMorePages() {
		page, err := pages.NextPage(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		items += len(page.Items)
		calls++
	}
	if items != 20 || calls != 4 {
		t.Errorf("a scan by 6 found %d items in %d pages, want 20 in 4", items, calls)
	}
}

func failOnCondition(t *testing.T, db *dynamodb.Client) {
	t.Helper()
	_, err := db.UpdateItem(t.Context(), &dynamodb.UpdateItemInput{
		TableName:                           aws.String("Orders"),
		Key:                                 orderKey(3),
		UpdateExpression:                    aws.String("SET note = :n"),
		ConditionExpression:                 aws.String("#s = :open"),
		ExpressionAttributeNames:            map[string]string{"#s": "state"},
		ExpressionAttributeValues:           map[string]types.AttributeValue{":open": text("open"), ":n": text("x")},
		ReturnValuesOnConditionCheckFailure: types.ReturnValuesOnConditionCheckFailureAllOld,
	})
	var failed *types.ConditionalCheckFailedException
	if !errors.As(err, &failed) {
		t.Fatalf("got %v, want a failed condition", err)
	}
	if state, ok := failed.Item["state"].(*types.AttributeValueMemberS); !ok || state.Value != "paid" {
		t.Errorf("the exception carries %v", failed.Item)
	}
}

// concurrentAdds shows that no update is lost between parallel clients.
func concurrentAdds(t *testing.T, db *dynamodb.Client) {
	t.Helper()
	const clients, adds = 8, 25
	var wg sync.WaitGroup
	for range clients {
		wg.Go(func() {
			for range adds {
				_, err := db.UpdateItem(context.Background(), &dynamodb.UpdateItemInput{
					TableName:                 aws.String("Orders"),
					Key:                       orderKey(1000),
					UpdateExpression:          aws.String("ADD hits :one"),
					ExpressionAttributeValues: map[string]types.AttributeValue{":one": number(1)},
				})
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	out, err := db.GetItem(t.Context(), &dynamodb.GetItemInput{TableName: aws.String("Orders"), Key: orderKey(1000)})
	if err != nil {
		t.Fatal(err)
	}
	if hits, ok := out.Item["hits"].(*types.AttributeValueMemberN); !ok || hits.Value != strconv.Itoa(clients*adds) {
		t.Errorf("hits is %v, want %d", out.Item["hits"], clients*adds)
	}
}

// A request whose context is done is not carried out.
func TestRoundTripCancelled(t *testing.T) {
	p := fresh(t, Options{})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	r := post("CreateTable", createShop).WithContext(ctx)
	if _, err := p.RoundTrip(r); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want context.Canceled", err)
	}
	if w := serve(p, post("ListTables", "{}")); w.Body.String() != `{"TableNames":[]}` {
		t.Errorf("the cancelled request took effect: %s", w.Body)
	}
}
