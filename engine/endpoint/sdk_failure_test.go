package endpoint

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/smithy-go"
	"github.com/aws/smithy-go/logging"

	"github.com/sortkey/sortkey/engine"
)

// Failures reach the caller as the types that the SDK has for them.
func TestSDKFailures(t *testing.T) {
	bothWays(t, func(t *testing.T, db *dynamodb.Client) {
		createPlain(t, db, "Seats", "id", "")
		put(t, db, "Seats", map[string]any{"id": "1A", "taken": true, "by": "ada"})
		t.Run("condition", func(t *testing.T) { failedCondition(t, db) })
		t.Run("transaction", func(t *testing.T) { cancelledTransaction(t, db) })
		t.Run("token", func(t *testing.T) { mismatchedToken(t, db) })
		t.Run("tables", func(t *testing.T) { failuresOfTables(t, db) })
		t.Run("validation", func(t *testing.T) { failedValidation(t, db) })
	})
}

func seat(id string) map[string]types.AttributeValue {
	return map[string]types.AttributeValue{"id": text(id)}
}

func failedCondition(t *testing.T, db *dynamodb.Client) {
	in := &dynamodb.PutItemInput{
		TableName: aws.String("Seats"), Item: seat("1A"), ConditionExpression: aws.String("attribute_not_exists(id)"),
	}
	_, err := db.PutItem(t.Context(), in)
	var failed *types.ConditionalCheckFailedException
	if !errors.As(err, &failed) || failed.ErrorMessage() != "The conditional request failed" || failed.Item != nil {
		t.Fatalf("got %v with the item %v", err, failed.Item)
	}
	if failed.ErrorFault() != smithy.FaultClient {
		t.Errorf("the fault is %v's", failed.ErrorFault())
	}
	in.ReturnValuesOnConditionCheckFailure = types.ReturnValuesOnConditionCheckFailureAllOld
	_, err = db.PutItem(t.Context(), in)
	if !errors.As(err, &failed) {
		t.Fatal(err)
	}
	sameItem(t, failed.Item, marshal(t, map[string]any{"id": "1A", "taken": true, "by": "ada"}))
}

func cancelledTransaction(t *testing.T, db *dynamodb.Client) {
	table := aws.String("Seats")
	_, err := db.TransactWriteItems(t.Context(), &dynamodb.TransactWriteItemsInput{TransactItems: []types.TransactWriteItem{
		{Put: &types.Put{TableName: table, Item: seat("1B")}},
		{Update: &types.Update{
			TableName: table, Key: seat("1A"), UpdateExpression: aws.String("SET taken = :f"),
			ConditionExpression:                 aws.String("taken = :f"),
			ExpressionAttributeValues:           map[string]types.AttributeValue{":f": &types.AttributeValueMemberBOOL{}},
			ReturnValuesOnConditionCheckFailure: types.ReturnValuesOnConditionCheckFailureAllOld,
		}},
		{ConditionCheck: &types.ConditionCheck{
			TableName: table, Key: seat("1C"), ConditionExpression: aws.String("attribute_exists(id)"),
		}},
		{Delete: &types.Delete{TableName: table, Key: seat("1D")}},
	}})
	var cancelled *types.TransactionCanceledException
	if !errors.As(err, &cancelled) || len(cancelled.CancellationReasons) != 4 {
		t.Fatalf("got %v", err)
	}
	want := []string{"None", "ConditionalCheckFailed", "ConditionalCheckFailed", "None"}
	for i, r := range cancelled.CancellationReasons {
		if aws.ToString(r.Code) != want[i] || (r.Message != nil) != (want[i] != "None") {
			t.Errorf("reason %d: %s %s, want %s", i, aws.ToString(r.Code), aws.ToString(r.Message), want[i])
		}
	}
	sameItem(t, cancelled.CancellationReasons[1].Item, marshal(t, map[string]any{"id": "1A", "taken": true, "by": "ada"}))
	const message = "Transaction cancelled, please refer cancellation reasons for specific reasons " +
		"[None, ConditionalCheckFailed, ConditionalCheckFailed, None]"
	if cancelled.ErrorMessage() != message {
		t.Errorf("the message is %q", cancelled.ErrorMessage())
	}
	out, err := db.GetItem(t.Context(), &dynamodb.GetItemInput{TableName: table, Key: seat("1B")})
	if err != nil || out.Item != nil {
		t.Errorf("a part of the cancelled transaction: %v, %v", out.Item, err)
	}
}

func mismatchedToken(t *testing.T, db *dynamodb.Client) {
	write := func(id string) error {
		_, err := db.TransactWriteItems(t.Context(), &dynamodb.TransactWriteItemsInput{
			ClientRequestToken: aws.String("token"),
			TransactItems:      []types.TransactWriteItem{{Put: &types.Put{TableName: aws.String("Seats"), Item: seat(id)}}},
		})
		return err
	}
	if err := errors.Join(write("2A"), write("2A")); err != nil {
		t.Fatal(err)
	}
	var mismatch *types.IdempotentParameterMismatchException
	if err := write("2B"); !errors.As(err, &mismatch) {
		t.Errorf("another request with the same token: %v", err)
	}
}

func failuresOfTables(t *testing.T, db *dynamodb.Client) {
	var missing *types.ResourceNotFoundException
	_, err := db.GetItem(t.Context(), &dynamodb.GetItemInput{TableName: aws.String("Nowhere"), Key: seat("1A")})
	if !errors.As(err, &missing) || missing.ErrorMessage() != "Requested resource not found" {
		t.Errorf("GetItem without a table: %v", err)
	}
	_, err = db.DeleteTable(t.Context(), &dynamodb.DeleteTableInput{TableName: aws.String("Nowhere")})
	if !errors.As(err, &missing) || missing.ErrorMessage() != "Requested resource not found: Table: Nowhere not found" {
		t.Errorf("DeleteTable without a table: %v", err)
	}
	var inUse *types.ResourceInUseException
	_, err = db.CreateTable(t.Context(), &dynamodb.CreateTableInput{
		TableName:            aws.String("Seats"),
		KeySchema:            []types.KeySchemaElement{{AttributeName: aws.String("id"), KeyType: types.KeyTypeHash}},
		AttributeDefinitions: []types.AttributeDefinition{{AttributeName: aws.String("id"), AttributeType: types.ScalarAttributeTypeS}},
		BillingMode:          types.BillingModePayPerRequest,
	})
	if !errors.As(err, &inUse) || !strings.Contains(inUse.ErrorMessage(), "Seats") {
		t.Errorf("CreateTable twice: %v", err)
	}
}

// The service's model has no type for a ValidationException: it is known by its code.
func failedValidation(t *testing.T, db *dynamodb.Client) {
	_, err := db.PutItem(t.Context(), &dynamodb.PutItemInput{TableName: aws.String("Seats"), Item: map[string]types.AttributeValue{"id": number(1)}})
	var api smithy.APIError
	if !errors.As(err, &api) || api.ErrorCode() != "ValidationException" ||
		api.ErrorMessage() != "One or more parameter values were invalid: Type mismatch for key id expected: S actual: N" {
		t.Errorf("got %v", err)
	}
	var response *awshttp.ResponseError
	if !errors.As(err, &response) || response.HTTPStatusCode() != 400 || len(response.ServiceRequestID()) != 52 {
		t.Errorf("the HTTP part: %v", response)
	}
}

// unsteady passes requests on and spoils what spoil says, counting attempts.
type unsteady struct {
	to       http.RoundTripper
	attempts int
	spoil    func(attempt int, r *http.Response) (*http.Response, error)
}

func (u *unsteady) RoundTrip(r *http.Request) (*http.Response, error) {
	u.attempts++
	response, err := u.to.RoundTrip(r)
	if err != nil || u.spoil == nil {
		return response, err
	}
	return u.spoil(u.attempts, response)
}

// patient is a client with the SDK's own retries, but short waits.
func patient(u *unsteady) *dynamodb.Client {
	db := newClient(&http.Client{Transport: u}, "https://dynamodb.invalid")
	o := db.Options()
	o.RetryMaxAttempts = 0 // the retryer knows
	o.Retryer = retry.NewStandard(func(o *retry.StandardOptions) { o.MaxBackoff = time.Millisecond })
	return dynamodb.New(o)
}

// What the SDK retries and what it does not depends on status and type of a reply.
func TestSDKRetries(t *testing.T) {
	u := &unsteady{to: fresh(t, Options{})}
	db := patient(u)
	createPlain(t, db, "Counts", "id", "")

	u.attempts = 0
	for _, in := range []*dynamodb.PutItemInput{
		{TableName: aws.String("Counts"), Item: map[string]types.AttributeValue{"id": text("")}},
		{TableName: aws.String("Nowhere"), Item: seat("x")},
		{TableName: aws.String("Counts"), Item: seat("x"), ConditionExpression: aws.String("attribute_exists(id)")},
	} {
		if _, err := db.PutItem(t.Context(), in); err == nil {
			t.Error("a request that is in error succeeded")
		}
	}
	if u.attempts != 3 {
		t.Errorf("three errors of the caller took %d attempts", u.attempts)
	}

	// The engine works, but the first answer is lost on the way.
	u.spoil = func(attempt int, r *http.Response) (*http.Response, error) {
		if attempt == 1 {
			return nil, io.ErrUnexpectedEOF
		}
		return r, nil
	}
	u.attempts = 0
	add := types.Update{
		TableName: aws.String("Counts"), Key: seat("hits"), UpdateExpression: aws.String("ADD n :one"),
		ExpressionAttributeValues: map[string]types.AttributeValue{":one": number(1)},
	}
	// The SDK gives a transaction a token, so that trying again does it once.
	_, err := db.TransactWriteItems(t.Context(), &dynamodb.TransactWriteItemsInput{TransactItems: []types.TransactWriteItem{{Update: &add}}})
	if err != nil || u.attempts != 2 {
		t.Fatalf("got %v after %d attempts", err, u.attempts)
	}
	u.attempts = 0
	// A plain update has none: it is done twice, here as there.
	out, err := db.UpdateItem(t.Context(), &dynamodb.UpdateItemInput{
		TableName: add.TableName, Key: add.Key, UpdateExpression: add.UpdateExpression,
		ExpressionAttributeValues: add.ExpressionAttributeValues, ReturnValues: types.ReturnValueUpdatedNew,
	})
	if err != nil || u.attempts != 2 {
		t.Fatalf("got %v after %d attempts", err, u.attempts)
	}
	sameItem(t, out.Attributes, map[string]types.AttributeValue{"n": number(3)})
}

// A reply that was changed on the way does not match its checksum any more. The
// SDK for Go only complains of that to its log; others refuse the reply.
func TestSDKChecksum(t *testing.T) {
	u := &unsteady{to: fresh(t, Options{})}
	var complaints int
	o := newClient(&http.Client{Transport: u}, "https://dynamodb.invalid").Options()
	o.Logger = logging.LoggerFunc(func(logging.Classification, string, ...any) { complaints++ })
	db := dynamodb.New(o)
	createPlain(t, db, "Notes", "id", "")
	put(t, db, "Notes", map[string]any{"id": "n", "text": "the quick brown fox"})
	get := &dynamodb.GetItemInput{TableName: aws.String("Notes"), Key: seat("n")}
	if _, err := db.GetItem(t.Context(), get); err != nil || complaints != 0 {
		t.Errorf("%d complaints about replies that are whole, %v", complaints, err)
	}
	u.spoil = func(_ int, r *http.Response) (*http.Response, error) {
		body, err := io.ReadAll(r.Body)
		r.Body = io.NopCloser(bytes.NewReader(bytes.Replace(body, []byte("quick"), []byte("quack"), 1)))
		return r, err
	}
	if _, err := db.GetItem(t.Context(), get); err == nil && complaints == 0 {
		t.Error("a spoiled reply was taken without a word")
	}
}

// slow is the endpoint of an engine whose tables take three seconds to come and
// to go, on a clock that moves a second with each request.
func slow(t *testing.T) *Endpoint {
	e := engine.New(engine.Options{Seed: 1, Settings: engine.Settings{Transition: 3 * time.Second}})
	var mu sync.Mutex
	now := e.Now()
	return New(Options{Engine: e, Now: func() time.Time {
		mu.Lock()
		defer mu.Unlock()
		now = now.Add(time.Second)
		return now
	}})
}

// Waiters see a table that is not there yet, one that is being made, and one
// that is gone.
func TestSDKWaiters(t *testing.T) {
	u := &unsteady{to: slow(t)}
	db := newClient(&http.Client{Transport: u}, "https://dynamodb.invalid")
	describe := &dynamodb.DescribeTableInput{TableName: aws.String("Late")}
	gone := dynamodb.NewTableNotExistsWaiter(db, func(o *dynamodb.TableNotExistsWaiterOptions) {
		o.MinDelay, o.MaxDelay = time.Millisecond, 2*time.Millisecond
	})
	exists := dynamodb.NewTableExistsWaiter(db, func(o *dynamodb.TableExistsWaiterOptions) {
		o.MinDelay, o.MaxDelay = time.Millisecond, 2*time.Millisecond
	})
	if err := gone.Wait(t.Context(), describe, time.Minute); err != nil || u.attempts != 1 {
		t.Fatalf("got %v after %d attempts for a table that never was", err, u.attempts)
	}
	createPlain(t, db, "Late", "id", "")
	u.attempts = 0
	out, err := exists.WaitForOutput(t.Context(), describe, time.Minute)
	if err != nil || out.Table.TableStatus != types.TableStatusActive || u.attempts != 3 {
		t.Fatalf("got %v, %v after %d attempts, want an active table after 3", out, err, u.attempts)
	}
	deleted, err := db.DeleteTable(t.Context(), &dynamodb.DeleteTableInput{TableName: aws.String("Late")})
	if err != nil || deleted.TableDescription.TableStatus != types.TableStatusDeleting {
		t.Fatalf("got %+v, %v", deleted, err)
	}
	u.attempts = 0
	if err := gone.Wait(t.Context(), describe, time.Minute); err != nil || u.attempts != 3 {
		t.Errorf("got %v after %d attempts, want 3", err, u.attempts)
	}
	// The waiter goes on over a table that is not there until someone makes it.
	u.attempts = 0
	u.spoil = func(attempt int, r *http.Response) (*http.Response, error) {
		if attempt == 2 {
			u.spoil = nil
			createPlain(t, db, "Late", "id", "")
		}
		return r, nil
	}
	if err := exists.Wait(t.Context(), describe, time.Minute); err != nil || u.attempts < 5 {
		t.Errorf("got %v after %d attempts", err, u.attempts)
	}
}
