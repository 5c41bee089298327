package endpoint

import (
	"context"
	"errors"
	"net/http"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/sortkey/sortkey/engine"
)

// The exceptions of a transaction that is under way reach the SDK as its
// types.
func TestSDKConflicts(t *testing.T) {
	p := fresh(t, Options{})
	e := p.engine
	client := newClient(&http.Client{Transport: p}, "https://dynamodb.invalid")
	e.Handle(engine.Call{Target: engine.Target("CreateTable"), Body: []byte(createShop)})
	const body = `{"ClientRequestToken":"once","TransactItems":[{"Put":{"TableName":"Shop","Item":{"pk":{"S":"a"}}}}]}`
	if r := e.Begin("open", engine.Call{Target: engine.Target("TransactWriteItems"), Body: []byte(body)}); r.Status != 200 {
		t.Fatal(string(r.Body))
	}
	ctx := context.Background()
	key := map[string]types.AttributeValue{"pk": &types.AttributeValueMemberS{Value: "a"}}
	put := types.TransactWriteItem{Put: &types.Put{TableName: aws.String("Shop"), Item: key}}

	_, err := client.PutItem(ctx, &dynamodb.PutItemInput{TableName: aws.String("Shop"), Item: key})
	var conflict *types.TransactionConflictException
	if !errors.As(err, &conflict) || conflict.ErrorMessage() != "Transaction is ongoing for the item" {
		t.Errorf("PutItem: %v", err)
	}
	_, err = client.TransactWriteItems(ctx, &dynamodb.TransactWriteItemsInput{TransactItems: []types.TransactWriteItem{put}})
	var cancelled *types.TransactionCanceledException
	if !errors.As(err, &cancelled) || aws.ToString(cancelled.CancellationReasons[0].Code) != "TransactionConflict" {
		t.Errorf("TransactWriteItems: %v", err)
	}
	_, err = client.TransactGetItems(ctx, &dynamodb.TransactGetItemsInput{TransactItems: []types.TransactGetItem{{Get: &types.Get{TableName: aws.String("Shop"), Key: key}}}})
	if !errors.As(err, &cancelled) || aws.ToString(cancelled.CancellationReasons[0].Message) != "Transaction is ongoing for the item" {
		t.Errorf("TransactGetItems: %v", err)
	}
	_, err = client.TransactWriteItems(ctx, &dynamodb.TransactWriteItemsInput{ClientRequestToken: aws.String("once"), TransactItems: []types.TransactWriteItem{put}},
		func(o *dynamodb.Options) { o.RetryMaxAttempts = 1 })
	var progress *types.TransactionInProgressException
	if !errors.As(err, &progress) {
		t.Errorf("the same token: %v", err)
	}
	batch, err := client.BatchWriteItem(ctx, &dynamodb.BatchWriteItemInput{RequestItems: map[string][]types.WriteRequest{
		"Shop": {{DeleteRequest: &types.DeleteRequest{Key: key}}},
	}})
	if err != nil || len(batch.UnprocessedItems["Shop"]) != 1 {
		t.Errorf("BatchWriteItem: %v %+v", err, batch)
	}
	if r := e.Commit("open"); r.Status != 200 {
		t.Fatal(string(r.Body))
	}
	if _, err = client.PutItem(ctx, &dynamodb.PutItemInput{TableName: aws.String("Shop"), Item: key}); err != nil {
		t.Errorf("afterwards: %v", err)
	}
}
