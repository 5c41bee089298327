package endpoint

import (
	"net/http"
	"reflect"
	"strconv"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/sortkey/sortkey/engine"
)

// The SDK's waiters see tables come and go in engine time, of which each call
// takes half a second, and an index that is made on a table with items.
func TestSDKOnlineIndex(t *testing.T) {
	e := engine.New(engine.Options{Settings: engine.Settings{Transition: 2 * time.Second, BackfillRate: 20}})
	now := e.Now()
	tick := func() time.Time { now = now.Add(time.Second / 2); return now }
	db := newClient(&http.Client{Transport: New(Options{Engine: e, Now: tick})}, "https://dynamodb.invalid")
	createOrders(t, db)
	for i := range 30 {
		item := orderKey(i)
		item["state"] = text("open")
		if _, err := db.PutItem(t.Context(), &dynamodb.PutItemInput{TableName: aws.String("Orders"), Item: item}); err != nil {
			t.Fatal(err)
		}
	}
	_, err := db.UpdateTable(t.Context(), &dynamodb.UpdateTableInput{
		TableName:            aws.String("Orders"),
		AttributeDefinitions: []types.AttributeDefinition{{AttributeName: aws.String("id"), AttributeType: "N"}},
		GlobalSecondaryIndexUpdates: []types.GlobalSecondaryIndexUpdate{{Create: &types.CreateGlobalSecondaryIndexAction{
			IndexName:  aws.String("ByID"),
			KeySchema:  []types.KeySchemaElement{{AttributeName: aws.String("id"), KeyType: types.KeyTypeHash}},
			Projection: &types.Projection{ProjectionType: types.ProjectionTypeAll},
		}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"UPDATING CREATING false", "ACTIVE CREATING true", "ACTIVE ACTIVE "}
	if got := statesOfIndex(t, db); !reflect.DeepEqual(got, want) {
		t.Errorf("the index went through %q, want %q", got, want)
	}
	page, err := db.Scan(t.Context(), &dynamodb.ScanInput{TableName: aws.String("Orders"), IndexName: aws.String("ByID")})
	if err != nil || page.Count != 30 {
		t.Errorf("a scan of the index: %v %+v", err, page)
	}
	if _, err := db.DeleteTable(t.Context(), &dynamodb.DeleteTableInput{TableName: aws.String("Orders")}); err != nil {
		t.Fatal(err)
	}
	gone := dynamodb.NewTableNotExistsWaiter(db, func(o *dynamodb.TableNotExistsWaiterOptions) {
		o.MinDelay, o.MaxDelay = time.Millisecond, time.Millisecond
	})
	if err := gone.Wait(t.Context(), &dynamodb.DescribeTableInput{TableName: aws.String("Orders")}, time.Minute); err != nil {
		t.Error(err)
	}
}

// statesOfIndex describes the table until the index ByID is ACTIVE, and lists the
// states seen: of the table, of the index, and whether it is backfilling.
func statesOfIndex(t *testing.T, db *dynamodb.Client) (seen []string) {
	t.Helper()
	for range 100 {
		d, err := db.DescribeTable(t.Context(), &dynamodb.DescribeTableInput{TableName: aws.String("Orders")})
		if err != nil {
			t.Fatal(err)
		}
		for _, x := range d.Table.GlobalSecondaryIndexes {
			if aws.ToString(x.IndexName) != "ByID" {
				continue
			}
			state := string(d.Table.TableStatus) + " " + string(x.IndexStatus) + " "
			if x.Backfilling != nil {
				state += strconv.FormatBool(*x.Backfilling)
			}
			if len(seen) == 0 || seen[len(seen)-1] != state {
				seen = append(seen, state)
			}
			if x.IndexStatus == types.IndexStatusActive {
				return seen
			}
		}
	}
	return seen
}
