package endpoint

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/applicationautoscaling"
	"github.com/aws/aws-sdk-go-v2/service/applicationautoscaling/types"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	dbtypes "github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/sortkey/sortkey/engine"
)

// TestSDKScaling lets the SDK's client of Application Auto Scaling speak to the
// port that DynamoDB's does: register, give a policy, write for two minutes,
// describe. 8 items of 300 KB in a minute are 293 units each and 39 a second,
// which are 70 % of 56.
func TestSDKScaling(t *testing.T) {
	e := engine.New(engine.Options{})
	server := httptest.NewServer(New(Options{Engine: e}))
	defer server.Close()
	db, scaling := newClient(server.Client(), server.URL), newScaling(server.Client(), server.URL)
	createProvisioned(t, db)
	registerProvisioned(t, scaling)
	writeTwoMinutes(t, e, db)
	describeProvisioned(t, scaling, db)
}

func writeTwoMinutes(t *testing.T, e *engine.Engine, db *dynamodb.Client) {
	t.Helper()
	for i := range 16 {
		item := map[string]dbtypes.AttributeValue{"pk": text("a"), "x": text(strings.Repeat("x", 300_000-4))}
		if _, err := db.PutItem(t.Context(), &dynamodb.PutItemInput{TableName: aws.String("Table"), Item: item}); err != nil {
			t.Fatal(err)
		}
		if i%8 == 7 {
			if err := e.AdvanceTo(e.Now().Add(time.Minute)); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// TestSDKReplicaScaling does the same with a replica in another region: writes in
// one raise the capacity of both, and one request sets the scaling of both.
func TestSDKReplicaScaling(t *testing.T) {
	e := engine.New(engine.Options{})
	server := httptest.NewServer(New(Options{Engine: e}))
	defer server.Close()
	db, scaling := newClient(server.Client(), server.URL), newScaling(server.Client(), server.URL)
	table := aws.String("Table")
	createProvisioned(t, db)
	registerProvisioned(t, scaling)
	if _, err := db.UpdateTable(t.Context(), &dynamodb.UpdateTableInput{TableName: table, ReplicaUpdates: []dbtypes.ReplicationGroupUpdate{
		{Create: &dbtypes.CreateReplicationGroupMemberAction{RegionName: aws.String("eu-west-1")}},
	}}); err != nil {
		t.Fatal(err)
	}
	if err := e.AdvanceTo(e.Now().Add(time.Minute)); err != nil {
		t.Fatal(err)
	}
	writeTwoMinutes(t, e, db)
	describeProvisioned(t, scaling, db)
	there, err := db.DescribeTable(t.Context(), &dynamodb.DescribeTableInput{TableName: table}, func(o *dynamodb.Options) { o.Region = "eu-west-1" })
	if err != nil || *there.Table.ProvisionedThroughput.WriteCapacityUnits != 56 {
		t.Error(there, err)
	}
	changed, err := db.UpdateTableReplicaAutoScaling(t.Context(), &dynamodb.UpdateTableReplicaAutoScalingInput{
		TableName: table,
		ProvisionedWriteCapacityAutoScalingUpdate: &dbtypes.AutoScalingSettingsUpdate{
			MaximumUnits: aws.Int64(60),
			ScalingPolicyUpdate: &dbtypes.AutoScalingPolicyUpdate{
				TargetTrackingScalingPolicyConfiguration: &dbtypes.AutoScalingTargetTrackingScalingPolicyConfigurationUpdate{TargetValue: aws.Float64(55.5)},
			},
		},
	})
	if err != nil || len(changed.TableAutoScalingDescription.Replicas) != 2 {
		t.Fatal(changed, err)
	}
	got, err := db.DescribeTableReplicaAutoScaling(t.Context(), &dynamodb.DescribeTableReplicaAutoScalingInput{TableName: table})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range got.TableAutoScalingDescription.Replicas {
		w := r.ReplicaProvisionedWriteCapacityAutoScalingSettings
		if *w.MinimumUnits != 5 || *w.MaximumUnits != 60 || len(w.ScalingPolicies) != 1 || *w.ScalingPolicies[0].TargetTrackingScalingPolicyConfiguration.TargetValue != 55.5 {
			t.Errorf("%s: %+v", *r.RegionName, w)
		}
		if r := r.ReplicaProvisionedReadCapacityAutoScalingSettings; !*r.AutoScalingDisabled {
			t.Errorf("reads: %+v", r)
		}
	}
}

func createProvisioned(t *testing.T, db *dynamodb.Client) {
	t.Helper()
	_, err := db.CreateTable(t.Context(), &dynamodb.CreateTableInput{
		TableName:             aws.String("Table"),
		KeySchema:             []dbtypes.KeySchemaElement{{AttributeName: aws.String("pk"), KeyType: dbtypes.KeyTypeHash}},
		AttributeDefinitions:  []dbtypes.AttributeDefinition{{AttributeName: aws.String("pk"), AttributeType: "S"}},
		ProvisionedThroughput: &dbtypes.ProvisionedThroughput{ReadCapacityUnits: aws.Int64(5), WriteCapacityUnits: aws.Int64(5)},
	})
	if err != nil {
		t.Fatal(err)
	}
}

// The target of the test.
var (
	scaledResource  = aws.String("table/Table")
	scaledDimension = types.ScalableDimensionDynamoDBTableWriteCapacityUnits
)

func registerProvisioned(t *testing.T, scaling *applicationautoscaling.Client) {
	t.Helper()
	policy := &applicationautoscaling.PutScalingPolicyInput{
		ServiceNamespace: types.ServiceNamespaceDynamodb, ResourceId: scaledResource, ScalableDimension: scaledDimension,
		PolicyName: aws.String("track"), PolicyType: types.PolicyTypeTargetTrackingScaling,
		TargetTrackingScalingPolicyConfiguration: &types.TargetTrackingScalingPolicyConfiguration{
			TargetValue: aws.Float64(70),
			PredefinedMetricSpecification: &types.PredefinedMetricSpecification{
				PredefinedMetricType: types.MetricTypeDynamoDBWriteCapacityUtilization,
			},
		},
	}
	_, err := scaling.PutScalingPolicy(t.Context(), policy)
	var missing *types.ObjectNotFoundException
	if !errors.As(err, &missing) || !strings.Contains(missing.ErrorMessage(), "No scalable target registered") {
		t.Fatalf("a policy without a target: %v", err)
	}
	if _, err := scaling.RegisterScalableTarget(t.Context(), &applicationautoscaling.RegisterScalableTargetInput{
		ServiceNamespace: types.ServiceNamespaceDynamodb, ResourceId: scaledResource, ScalableDimension: scaledDimension,
		MinCapacity: aws.Int32(5), MaxCapacity: aws.Int32(100),
	}); err != nil {
		t.Fatal(err)
	}
	out, err := scaling.PutScalingPolicy(t.Context(), policy)
	if err != nil || len(out.Alarms) != 2 {
		t.Fatal(out, err)
	}
}

func describeProvisioned(t *testing.T, scaling *applicationautoscaling.Client, db *dynamodb.Client) {
	t.Helper()
	namespace := types.ServiceNamespaceDynamodb
	targets, err := scaling.DescribeScalableTargets(t.Context(), &applicationautoscaling.DescribeScalableTargetsInput{ServiceNamespace: namespace})
	if err != nil || len(targets.ScalableTargets) != 1 || *targets.ScalableTargets[0].MaxCapacity != 100 {
		t.Fatal(targets, err)
	}
	policies, err := scaling.DescribeScalingPolicies(t.Context(), &applicationautoscaling.DescribeScalingPoliciesInput{ServiceNamespace: namespace})
	if err != nil || len(policies.ScalingPolicies) != 1 || *policies.ScalingPolicies[0].TargetTrackingScalingPolicyConfiguration.TargetValue != 70 {
		t.Fatal(policies, err)
	}
	done, err := scaling.DescribeScalingActivities(t.Context(), &applicationautoscaling.DescribeScalingActivitiesInput{ServiceNamespace: namespace})
	if err != nil || len(done.ScalingActivities) != 1 {
		t.Fatal(done, err)
	}
	if a := done.ScalingActivities[0]; a.StatusCode != types.ScalingActivityStatusCodeSuccessful || *a.Description != "Setting write capacity units to 56." {
		t.Errorf("%s %s", a.StatusCode, *a.Description)
	}
	table, err := db.DescribeTable(t.Context(), &dynamodb.DescribeTableInput{TableName: aws.String("Table")})
	if err != nil || *table.Table.ProvisionedThroughput.WriteCapacityUnits != 56 {
		t.Error(table, err)
	}
}

func newScaling(client *http.Client, url string) *applicationautoscaling.Client {
	return applicationautoscaling.New(applicationautoscaling.Options{
		Region: "us-east-1", BaseEndpoint: aws.String(url), HTTPClient: client, RetryMaxAttempts: 1,
		Credentials: credentials.NewStaticCredentialsProvider("any", "thing", ""),
	})
}

// TestSDKScheduled lets the SDK's client schedule a minimum, and tag the target.
func TestSDKScheduled(t *testing.T) {
	e := engine.New(engine.Options{})
	server := httptest.NewServer(New(Options{Engine: e}))
	defer server.Close()
	createProvisioned(t, newClient(server.Client(), server.URL))
	scaling := newScaling(server.Client(), server.URL)
	made, err := scaling.RegisterScalableTarget(t.Context(), &applicationautoscaling.RegisterScalableTargetInput{
		ServiceNamespace: types.ServiceNamespaceDynamodb, ResourceId: scaledResource, ScalableDimension: scaledDimension,
		MinCapacity: aws.Int32(1), MaxCapacity: aws.Int32(40), Tags: map[string]string{"team": "shop"},
	})
	if err != nil {
		t.Fatal(err)
	}
	tags, err := scaling.ListTagsForResource(t.Context(), &applicationautoscaling.ListTagsForResourceInput{ResourceARN: made.ScalableTargetARN})
	if err != nil || tags.Tags["team"] != "shop" {
		t.Errorf("%v, %v", tags, err)
	}
	_, err = scaling.ListTagsForResource(t.Context(), &applicationautoscaling.ListTagsForResourceInput{ResourceARN: aws.String(*made.ScalableTargetARN + "0")})
	var none *types.ResourceNotFoundException
	if !errors.As(err, &none) || aws.ToString(none.ResourceName) != *made.ScalableTargetARN+"0" {
		t.Errorf("tags of nothing: %v", err)
	}
	start := e.Now().Add(90 * time.Minute)
	if _, err := scaling.PutScheduledAction(t.Context(), &applicationautoscaling.PutScheduledActionInput{
		ServiceNamespace: types.ServiceNamespaceDynamodb, ResourceId: scaledResource, ScalableDimension: scaledDimension,
		ScheduledActionName: aws.String("up"), Schedule: aws.String("rate(1 hour)"), StartTime: aws.Time(start),
		ScalableTargetAction: &types.ScalableTargetAction{MinCapacity: aws.Int32(12)},
	}); err != nil {
		t.Fatal(err)
	}
	list, err := scaling.DescribeScheduledActions(t.Context(), &applicationautoscaling.DescribeScheduledActionsInput{ServiceNamespace: types.ServiceNamespaceDynamodb})
	if err != nil || len(list.ScheduledActions) != 1 || !list.ScheduledActions[0].StartTime.Equal(start) || *list.ScheduledActions[0].ScalableTargetAction.MinCapacity != 12 {
		t.Fatalf("%+v, %v", list, err)
	}
	if err := e.AdvanceTo(start); err != nil {
		t.Fatal(err)
	}
	if info := e.ScalingInfo("", "Table"); len(info) != 1 || info[0].Capacity != 12 || info[0].Min != 12 {
		t.Errorf("%+v", info)
	}
	if _, err := scaling.DeleteScheduledAction(t.Context(), &applicationautoscaling.DeleteScheduledActionInput{
		ServiceNamespace: types.ServiceNamespaceDynamodb, ResourceId: scaledResource, ScalableDimension: scaledDimension, ScheduledActionName: aws.String("up"),
	}); err != nil {
		t.Error(err)
	}
}
