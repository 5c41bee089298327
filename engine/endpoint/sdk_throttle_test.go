package endpoint

import (
	"errors"
	"net/http"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/sortkey/sortkey/engine"
)

const tableARN = "arn:aws:dynamodb:us-east-1:000000000000:table/"

// throttledClient is a client of an engine whose tables do no more than their
// throughput: Slow one unit a second, Bound one on demand.
func throttledClient(t *testing.T) (*engine.Engine, *dynamodb.Client) {
	p := fresh(t, Options{})
	if err := p.engine.Configure("throttle", "true"); err != nil {
		t.Fatal(err)
	}
	client := newClient(&http.Client{Transport: p}, "https://dynamodb.invalid")
	for _, in := range []*dynamodb.CreateTableInput{
		{TableName: aws.String("Slow"), ProvisionedThroughput: &types.ProvisionedThroughput{ReadCapacityUnits: aws.Int64(1), WriteCapacityUnits: aws.Int64(1)}},
		{TableName: aws.String("Bound"), BillingMode: types.BillingModePayPerRequest, OnDemandThroughput: &types.OnDemandThroughput{MaxWriteRequestUnits: aws.Int64(1)}},
	} {
		in.KeySchema = []types.KeySchemaElement{{AttributeName: aws.String("id"), KeyType: types.KeyTypeHash}}
		in.AttributeDefinitions = []types.AttributeDefinition{{AttributeName: aws.String("id"), AttributeType: types.ScalarAttributeTypeS}}
		if _, err := client.CreateTable(t.Context(), in); err != nil {
			t.Fatal(err)
		}
	}
	return p.engine, client
}

func sameReasons(t *testing.T, got []types.ThrottlingReason, reason, table string) {
	t.Helper()
	if len(got) != 1 || aws.ToString(got[0].Reason) != reason || aws.ToString(got[0].Resource) != tableARN+table {
		t.Errorf("the reasons are %+v, want %s of %s", got, reason, table)
	}
}

// What throttles a request reaches the SDK as its types, with the reasons.
func TestSDKThrottling(t *testing.T) {
	e, client := throttledClient(t)
	put := func(table string) error {
		_, err := client.PutItem(t.Context(), &dynamodb.PutItemInput{TableName: aws.String(table), Item: seat("a")})
		return err
	}
	for _, table := range []string{"Slow", "Bound"} {
		if err := put(table); err != nil {
			t.Fatal(err)
		}
	}
	err := put("Slow")
	var exceeded *types.ProvisionedThroughputExceededException
	if !errors.As(err, &exceeded) {
		t.Fatalf("got %v", err)
	}
	sameReasons(t, exceeded.ThrottlingReasons, "TableWriteProvisionedThroughputExceeded", "Slow")
	err = put("Bound")
	var throttling *types.ThrottlingException
	if !errors.As(err, &throttling) {
		t.Fatalf("got %v", err)
	}
	sameReasons(t, throttling.ThrottlingReasons, "TableWriteMaxOnDemandThroughputExceeded", "Bound")
	if err := e.Configure("throughput-quota", "1"); err != nil {
		t.Fatal(err)
	}
	createPlain(t, client, "Account", "id", "")
	if err := put("Account"); err != nil {
		t.Fatal(err)
	}
	err = put("Account")
	var over *types.RequestLimitExceeded
	if !errors.As(err, &over) {
		t.Fatalf("got %v", err)
	}
	sameReasons(t, over.ThrottlingReasons, "TableWriteAccountLimitExceeded", "Account")
	_, err = client.BatchWriteItem(t.Context(), &dynamodb.BatchWriteItemInput{RequestItems: map[string][]types.WriteRequest{
		"Slow": {{DeleteRequest: &types.DeleteRequest{Key: seat("a")}}},
	}})
	if !errors.As(err, &exceeded) {
		t.Errorf("a batch of which nothing is done: %v", err)
	}
}

// The SDK takes a throttled request for one to repeat: here the wait moves the
// engine's clock.
func TestSDKRetriesThrottled(t *testing.T) {
	e, client := throttledClient(t)
	waits := 0
	backoff := retry.BackoffDelayerFunc(func(int, error) (time.Duration, error) {
		waits++
		return 0, e.AdvanceTo(e.Now().Add(400 * time.Millisecond))
	})
	for range 2 {
		_, err := client.PutItem(t.Context(), &dynamodb.PutItemInput{TableName: aws.String("Slow"), Item: seat("a")}, func(o *dynamodb.Options) {
			o.Retryer = retry.NewStandard(func(o *retry.StandardOptions) { o.MaxAttempts, o.Backoff = 5, backoff })
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if waits != 3 {
		t.Errorf("%d waits of 400 ms for a unit", waits)
	}
}
