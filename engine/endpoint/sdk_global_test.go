package endpoint

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/sortkey/sortkey/engine"
)

// hurried is a host's clock on which every look costs a tenth of a second.
type hurried struct {
	mu  sync.Mutex
	now time.Time
}

func (c *hurried) look() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(100 * time.Millisecond)
	return c.now
}

// The SDK makes a table global, waits for its replicas, writes in one region and
// reads in another. Which region it asks is in the scope of its credentials:
// the address is the same.
func TestSDKGlobalTable(t *testing.T) {
	e := engine.New(engine.Options{Settings: engine.Settings{Transition: time.Second, ReplicationDelay: 400 * time.Millisecond}})
	clock := &hurried{now: e.Now()}
	client := newClient(&http.Client{Transport: New(Options{Engine: e, Now: clock.look})}, "https://dynamodb.invalid")
	in := func(region string) func(*dynamodb.Options) {
		return func(o *dynamodb.Options) { o.Region = region }
	}
	ctx := context.Background()
	_, err := client.CreateTable(ctx, &dynamodb.CreateTableInput{
		TableName: aws.String("Albums"), BillingMode: types.BillingModePayPerRequest,
		AttributeDefinitions: []types.AttributeDefinition{{AttributeName: aws.String("album"), AttributeType: types.ScalarAttributeTypeS}},
		KeySchema:            []types.KeySchemaElement{{AttributeName: aws.String("album"), KeyType: types.KeyTypeHash}},
	})
	if err != nil {
		t.Fatal(err)
	}
	described := &dynamodb.DescribeTableInput{TableName: aws.String("Albums")}
	quickly := func(o *dynamodb.TableExistsWaiterOptions) {
		o.MinDelay, o.MaxDelay = time.Millisecond, time.Millisecond
	}
	if err := dynamodb.NewTableExistsWaiter(client).Wait(ctx, described, time.Minute, quickly); err != nil {
		t.Fatal(err)
	}
	early := map[string]types.AttributeValue{"album": &types.AttributeValueMemberS{Value: "blue"}}
	if _, err := client.PutItem(ctx, &dynamodb.PutItemInput{TableName: aws.String("Albums"), Item: early}); err != nil {
		t.Fatal(err)
	}
	for _, region := range []string{"eu-west-1", "ap-south-1"} {
		out, err := client.UpdateTable(ctx, &dynamodb.UpdateTableInput{
			TableName:      aws.String("Albums"),
			ReplicaUpdates: []types.ReplicationGroupUpdate{{Create: &types.CreateReplicationGroupMemberAction{RegionName: aws.String(region)}}},
		})
		if err != nil || out.TableDescription.TableStatus != types.TableStatusUpdating {
			t.Fatalf("%v: %+v", err, out)
		}
		waitForReplicas(t, client)
		got, err := client.GetItem(ctx, &dynamodb.GetItemInput{TableName: aws.String("Albums"), Key: early}, in(region))
		if err != nil || len(got.Item) != 1 {
			t.Errorf("%s is ACTIVE without what the table had: %v %v", region, got, err)
		}
	}
	key := map[string]types.AttributeValue{"album": &types.AttributeValueMemberS{Value: "hejira"}}
	get := func(region string) int {
		out, err := client.GetItem(ctx, &dynamodb.GetItemInput{TableName: aws.String("Albums"), Key: key}, in(region))
		if err != nil {
			t.Fatal(err)
		}
		return len(out.Item)
	}
	if _, err := client.PutItem(ctx, &dynamodb.PutItemInput{TableName: aws.String("Albums"), Item: key}, in("eu-west-1")); err != nil {
		t.Fatal(err)
	}
	if get("us-east-1") != 0 {
		t.Error("the write is there before it has been sent over")
	}
	looks := 1
	for get("ap-south-1") == 0 && looks < 50 {
		looks++
	}
	if looks < 3 || looks > 4 || get("us-east-1") != 1 {
		t.Errorf("it is there after %d looks, want it after 400 ms", looks)
	}
	if err := e.SetRegion(engine.RegionStep{Region: "eu-west-1", What: "kill"}); err != nil {
		t.Fatal(err)
	}
	_, err = client.GetItem(ctx, &dynamodb.GetItemInput{TableName: aws.String("Albums"), Key: key}, in("eu-west-1"))
	var response interface{ HTTPStatusCode() int }
	if !errors.As(err, &response) || response.HTTPStatusCode() != 503 {
		t.Errorf("a region that is down: %v", err)
	}
}

// waitForReplicas asks until the table and all its replicas are ACTIVE.
func waitForReplicas(t *testing.T, client *dynamodb.Client) {
	t.Helper()
	for range 100 {
		out, err := client.DescribeTable(context.Background(), &dynamodb.DescribeTableInput{TableName: aws.String("Albums")})
		if err != nil {
			t.Fatal(err)
		}
		ready := out.Table.TableStatus == types.TableStatusActive && aws.ToString(out.Table.GlobalTableVersion) == "2019.11.21"
		for _, r := range out.Table.Replicas {
			ready = ready && r.ReplicaStatus == types.ReplicaStatusActive
		}
		if ready {
			return
		}
	}
	t.Fatal("the replicas do not become ACTIVE")
}

// A write that another region is making too reaches the SDK as its type, and so
// do the legacy exceptions.
func TestSDKReplicatedWriteConflict(t *testing.T) {
	e := engine.New(engine.Options{Settings: engine.Settings{ReplicationDelay: 40 * time.Millisecond}})
	client := newClient(&http.Client{Transport: New(Options{Engine: e})}, "https://dynamodb.invalid")
	e.Handle(engine.Call{Target: engine.Target("CreateTable"), Body: []byte(createShop)})
	ctx := context.Background()
	_, err := client.UpdateTable(ctx, &dynamodb.UpdateTableInput{
		TableName: aws.String("Shop"), MultiRegionConsistency: types.MultiRegionConsistencyStrong,
		ReplicaUpdates: []types.ReplicationGroupUpdate{
			{Create: &types.CreateReplicationGroupMemberAction{RegionName: aws.String("us-east-2")}},
			{Create: &types.CreateReplicationGroupMemberAction{RegionName: aws.String("us-west-2")}},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	put := &dynamodb.PutItemInput{TableName: aws.String("Shop"), Item: map[string]types.AttributeValue{"pk": &types.AttributeValueMemberS{Value: "a"}}}
	if _, err := client.PutItem(ctx, put); err != nil {
		t.Fatal(err)
	}
	_, err = client.PutItem(ctx, put, func(o *dynamodb.Options) { o.Region = "us-west-2" })
	var conflict *types.ReplicatedWriteConflictException
	if !errors.As(err, &conflict) {
		t.Errorf("%v", err)
	}
	for _, other := range []string{"us-east-2", "us-west-2"} {
		if err := e.SetLink(engine.LinkStep{From: "us-east-1", To: other, Both: true, What: "cut"}); err != nil {
			t.Fatal(err)
		}
	}
	_, err = client.PutItem(ctx, put)
	var fault *types.InternalServerError
	if !errors.As(err, &fault) {
		t.Errorf("without a quorum: %v", err)
	}
}

// A global table of the old version shows the SDK when and where an item was
// last written.
func TestSDKLegacyGlobalTable(t *testing.T) {
	e := engine.New(engine.Options{})
	client := newClient(&http.Client{Transport: New(Options{Engine: e})}, "https://dynamodb.invalid")
	ctx := context.Background()
	group := []types.Replica{{RegionName: aws.String("us-east-1")}, {RegionName: aws.String("eu-west-1")}}
	for _, r := range group {
		_, err := client.CreateTable(ctx, &dynamodb.CreateTableInput{
			TableName: aws.String("Albums"), BillingMode: types.BillingModePayPerRequest,
			AttributeDefinitions: []types.AttributeDefinition{{AttributeName: aws.String("album"), AttributeType: types.ScalarAttributeTypeS}},
			KeySchema:            []types.KeySchemaElement{{AttributeName: aws.String("album"), KeyType: types.KeyTypeHash}},
			StreamSpecification:  &types.StreamSpecification{StreamEnabled: aws.Bool(true), StreamViewType: types.StreamViewTypeNewAndOldImages},
		}, func(o *dynamodb.Options) { o.Region = *r.RegionName })
		if err != nil {
			t.Fatal(err)
		}
	}
	if _, err := client.CreateGlobalTable(ctx, &dynamodb.CreateGlobalTableInput{GlobalTableName: aws.String("Albums"), ReplicationGroup: group}); err != nil {
		t.Fatal(err)
	}
	key := map[string]types.AttributeValue{"album": &types.AttributeValueMemberS{Value: "hejira"}}
	if _, err := client.PutItem(ctx, &dynamodb.PutItemInput{TableName: aws.String("Albums"), Item: key}); err != nil {
		t.Fatal(err)
	}
	out, err := client.GetItem(ctx, &dynamodb.GetItemInput{TableName: aws.String("Albums"), Key: key}, func(o *dynamodb.Options) { o.Region = "eu-west-1" })
	if err != nil {
		t.Fatal(err)
	}
	region, _ := out.Item["aws:rep:updateregion"].(*types.AttributeValueMemberS)
	at, _ := out.Item["aws:rep:updatetime"].(*types.AttributeValueMemberN)
	deleting, _ := out.Item["aws:rep:deleting"].(*types.AttributeValueMemberBOOL)
	if region == nil || region.Value != "us-east-1" || at == nil || at.Value == "" || deleting == nil || deleting.Value {
		t.Errorf("%v", out.Item)
	}
}
