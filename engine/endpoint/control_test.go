package endpoint

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/smithy-go"
)

// clientOf is a client with an access key of its own.
func clientOf(p *Endpoint, key string) *dynamodb.Client {
	return dynamodb.New(dynamodb.Options{
		Region: "us-east-1", HTTPClient: &http.Client{Transport: p}, RetryMaxAttempts: 1,
		Credentials: credentials.NewStaticCredentialsProvider(key, "thing", ""),
	})
}

var orders = aws.String("Orders")

// ordersARN makes the table Orders and returns its ARN.
func ordersARN(t *testing.T, db *dynamodb.Client) *string {
	t.Helper()
	createOrders(t, db)
	out, err := db.DescribeTable(t.Context(), &dynamodb.DescribeTableInput{TableName: orders})
	if err != nil {
		t.Fatal(err)
	}
	return out.Table.TableArn
}

// TestSDKTimeToLive: an expired item goes, from the index too, when the clock
// gets there.
func TestSDKTimeToLive(t *testing.T) {
	p, ctx := fresh(t, Options{}), t.Context()
	db := clientOf(p, "alice")
	ordersARN(t, db)
	_, err := db.UpdateTimeToLive(ctx, &dynamodb.UpdateTimeToLiveInput{TableName: orders, TimeToLiveSpecification: &types.TimeToLiveSpecification{
		AttributeName: aws.String("until"), Enabled: aws.Bool(true),
	}})
	if err != nil {
		t.Fatal(err)
	}
	ttl, err := db.DescribeTimeToLive(ctx, &dynamodb.DescribeTimeToLiveInput{TableName: orders})
	if err != nil || ttl.TimeToLiveDescription.TimeToLiveStatus != types.TimeToLiveStatusEnabled || aws.ToString(ttl.TimeToLiveDescription.AttributeName) != "until" {
		t.Fatalf("got %+v, %v", ttl, err)
	}
	item := orderKey(1)
	item["state"], item["until"] = text("open"), number(int(p.engine.Now().Add(time.Hour).Unix()))
	if _, err := db.PutItem(ctx, &dynamodb.PutItemInput{TableName: orders, Item: item}); err != nil {
		t.Fatal(err)
	}
	advance(t, p, time.Hour)
	if got := count(t, db); got != 1 {
		t.Errorf("at the last second, %d items are in the index", got)
	}
	advance(t, p, time.Second)
	if got := count(t, db); got != 0 {
		t.Errorf("a second after it expired, %d items are in the index", got)
	}
}

func advance(t *testing.T, p *Endpoint, d time.Duration) {
	t.Helper()
	if err := p.engine.AdvanceTo(p.engine.Now().Add(d)); err != nil {
		t.Fatal(err)
	}
}

// count scans the index.
func count(t *testing.T, db *dynamodb.Client) int32 {
	t.Helper()
	out, err := db.Scan(t.Context(), &dynamodb.ScanInput{TableName: orders, IndexName: aws.String("ByState")})
	if err != nil {
		t.Fatal(err)
	}
	return out.Count
}

// TestSDKTags: tags come back, page by page.
func TestSDKTags(t *testing.T) {
	db, ctx := clientOf(fresh(t, Options{}), "alice"), t.Context()
	arn := ordersARN(t, db)
	var tags []types.Tag
	for i := range 40 {
		tags = append(tags, types.Tag{Key: aws.String(fmt.Sprint("k", i)), Value: aws.String("v")})
	}
	if _, err := db.TagResource(ctx, &dynamodb.TagResourceInput{ResourceArn: arn, Tags: tags}); err != nil {
		t.Fatal(err)
	}
	if _, err := db.UntagResource(ctx, &dynamodb.UntagResourceInput{ResourceArn: arn, TagKeys: []string{"k7", "k8"}}); err != nil {
		t.Fatal(err)
	}
	seen, pages := map[string]bool{}, 0
	for input := (&dynamodb.ListTagsOfResourceInput{ResourceArn: arn}); ; pages++ {
		out, err := db.ListTagsOfResource(ctx, input)
		if err != nil {
			t.Fatal(err)
		}
		for _, tag := range out.Tags {
			seen[*tag.Key] = true
		}
		if input.NextToken = out.NextToken; out.NextToken == nil {
			break
		}
	}
	if len(seen) != 38 || seen["k7"] || pages == 0 {
		t.Errorf("%d tags in %d pages: %v", len(seen), pages+1, seen)
	}
}

// TestSDKPolicy: two credentials, one of which a policy denies to write.
func TestSDKPolicy(t *testing.T) {
	p, ctx := fresh(t, Options{}), t.Context()
	alice, bob := clientOf(p, "alice"), clientOf(p, "bob")
	arn := ordersARN(t, alice)
	put, err := alice.PutResourcePolicy(ctx, &dynamodb.PutResourcePolicyInput{ResourceArn: arn, Policy: aws.String(`{
		"Version": "2012-10-17",
		"Statement": {"Effect": "Deny", "Principal": {"AWS": "arn:aws:iam::000000000000:user/bob"}, "Action": "dynamodb:Put*", "Resource": "` + *arn + `"}
	}`)})
	if err != nil {
		t.Fatal(err)
	}
	put1 := &dynamodb.PutItemInput{TableName: orders, Item: orderKey(1)}
	if _, err := alice.PutItem(ctx, put1); err != nil {
		t.Errorf("alice: %v", err)
	}
	_, err = bob.PutItem(ctx, put1)
	var api smithy.APIError
	want := "User: arn:aws:iam::000000000000:user/bob is not authorized to perform: dynamodb:PutItem on resource: " + *arn +
		" with an explicit deny in a resource-based policy"
	if !errors.As(err, &api) || api.ErrorCode() != "AccessDeniedException" || api.ErrorMessage() != want {
		t.Errorf("bob: %v", err)
	}
	_, err = bob.TransactWriteItems(ctx, &dynamodb.TransactWriteItemsInput{TransactItems: []types.TransactWriteItem{{
		Put: &types.Put{TableName: orders, Item: orderKey(2)},
	}}})
	var cancelled *types.TransactionCanceledException
	if !errors.As(err, &cancelled) || aws.ToString(cancelled.CancellationReasons[0].Code) != "AccessDenied" {
		t.Errorf("bob's transaction: %v", err)
	}
	got, err := bob.GetResourcePolicy(ctx, &dynamodb.GetResourcePolicyInput{ResourceArn: arn})
	if err != nil || aws.ToString(got.RevisionId) != aws.ToString(put.RevisionId) {
		t.Errorf("got %+v, %v", got, err)
	}
	if _, err := alice.DeleteResourcePolicy(ctx, &dynamodb.DeleteResourcePolicyInput{ResourceArn: arn, ExpectedRevisionId: put.RevisionId}); err != nil {
		t.Fatal(err)
	}
	if _, err := bob.PutItem(ctx, put1); err != nil {
		t.Errorf("bob, without the policy: %v", err)
	}
}

// TestSDKDescribe: what SDKs and Terraform ask on the way.
func TestSDKDescribe(t *testing.T) {
	server := httptest.NewServer(fresh(t, Options{}))
	defer server.Close()
	db, ctx := newClient(server.Client(), server.URL), t.Context()
	createOrders(t, db)
	endpoints, err := db.DescribeEndpoints(ctx, &dynamodb.DescribeEndpointsInput{})
	if err != nil || "http://"+*endpoints.Endpoints[0].Address != server.URL {
		t.Errorf("got %+v, %v, want %s", endpoints, err, server.URL)
	}
	limits, err := db.DescribeLimits(ctx, &dynamodb.DescribeLimitsInput{})
	if err != nil || *limits.TableMaxReadCapacityUnits != 40000 {
		t.Errorf("got %+v, %v", limits, err)
	}
	backups, err := db.DescribeContinuousBackups(ctx, &dynamodb.DescribeContinuousBackupsInput{TableName: orders})
	if err != nil || backups.ContinuousBackupsDescription.PointInTimeRecoveryDescription.PointInTimeRecoveryStatus != types.PointInTimeRecoveryStatusDisabled {
		t.Errorf("got %+v, %v", backups, err)
	}
	_, err = db.DescribeContinuousBackups(ctx, &dynamodb.DescribeContinuousBackupsInput{TableName: aws.String("Nowhere")})
	var missing *types.TableNotFoundException
	if !errors.As(err, &missing) {
		t.Errorf("of no table: %v", err)
	}
}

// TestSDKDiscovery: a client that discovers endpoints, in the same process,
// finds the engine.
func TestSDKDiscovery(t *testing.T) {
	p := fresh(t, Options{})
	var hosts []string
	db := dynamodb.New(dynamodb.Options{
		Region: "us-east-1", RetryMaxAttempts: 1, Credentials: credentials.NewStaticCredentialsProvider("any", "thing", ""),
		EndpointDiscovery: dynamodb.EndpointDiscoveryOptions{EnableEndpointDiscovery: aws.EndpointDiscoveryEnabled},
		HTTPClient: &http.Client{Transport: roundTrip(func(r *http.Request) (*http.Response, error) {
			if !strings.HasSuffix(r.Header.Get("X-Amz-Target"), ".DescribeEndpoints") { // which comes on its own time
				hosts = append(hosts, r.URL.Host)
			}
			return p.RoundTrip(r)
		})},
	})
	createOrders(t, db)
	for range 50 {
		if _, err := db.GetItem(t.Context(), &dynamodb.GetItemInput{TableName: orders, Key: orderKey(1)}); err != nil {
			t.Fatal(err)
		}
	}
	for _, host := range hosts {
		if !strings.HasSuffix(host, ".amazonaws.com") {
			t.Fatalf("asked %s", host)
		}
	}
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }
