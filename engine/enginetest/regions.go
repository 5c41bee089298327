package enginetest

import (
	"fmt"

	"github.com/sortkey/sortkey/engine"
)

// What lies between regions.

// replicate adds a replica in the other region, deletes or changes it.
func (g *generator) replicate() {
	t := g.table()
	other := "eu-west-1"
	if t.region != "" {
		other = engine.DefaultRegion
	}
	action := Pick(&g.random, []string{
		`{"Create":{"RegionName":"%s"}}`, `{"Create":{"RegionName":"%s"}}`, `{"Create":{"RegionName":"%s","TableClassOverride":"STANDARD_INFREQUENT_ACCESS"}}`,
		`{"Update":{"RegionName":"%s","TableClassOverride":"STANDARD"}}`, `{"Delete":{"RegionName":"%s"}}`,
	})
	g.call(t.region, "UpdateTable", `{"TableName":"%s","ReplicaUpdates":[%s]}`, t.name, fmt.Sprintf(action, other))
}

// between changes the link between the two regions, or takes one of them, or a
// zone, away for a while.
func (g *generator) between() {
	link := Pick(&g.random, []engine.LinkStep{
		{What: "latency", Value: "300ms"}, {What: "jitter", Value: "100ms"}, {What: "loss", Value: "30"}, {What: "cut"}, {What: "heal"}, {What: "heal"}, {What: "default"},
	})
	link.From, link.To, link.Both = engine.DefaultRegion, "eu-west-1", g.random.Below(3) > 0
	switch g.random.Below(4) {
	case 0:
		g.add(engine.Step{Region: engine.RegionStep{Region: "eu-west-1", What: "kill"}})
		g.put()
		g.clock()
		g.add(engine.Step{Region: engine.RegionStep{Region: "eu-west-1", What: "revive"}})
	case 1:
		what := Pick(&g.random, []string{"lose", "restore"})
		g.add(engine.Step{Region: engine.RegionStep{Region: engine.DefaultRegion, What: what, Zone: "b"}})
	default:
		g.add(engine.Step{Link: link})
	}
}

// legacyGlobal makes a global table of the old version out of two tables, uses it
// and takes it apart.
func (g *generator) legacyGlobal() {
	name := fmt.Sprintf("Legacy%d", len(g.steps))
	for _, region := range regions {
		g.call(region, "CreateTable", `{"TableName":"%s",%s,"AttributeDefinitions":[%s],%s,"StreamSpecification":{"StreamEnabled":true,"StreamViewType":"NEW_AND_OLD_IMAGES"}}`,
			name, schema("KeySchema", "k", ""), definitions("k:S"), provisioned)
	}
	g.advance(transition)
	g.call("", "CreateGlobalTable", `{"GlobalTableName":"%s","ReplicationGroup":[{"RegionName":"us-east-1"},{"RegionName":"eu-west-1"}]}`, name)
	g.call(Pick(&g.random, regions), "PutItem", `{"TableName":"%s","Item":{"k":{"S":"%d"}}}`, name, g.random.Below(3))
	g.call("", "UpdateGlobalTableSettings", `{"GlobalTableName":"%s","GlobalTableProvisionedWriteCapacityUnits":%d}`, name, 1+g.random.Below(5))
	g.call("", "DescribeGlobalTable", `{"GlobalTableName":"%s"}`, name)
	g.call("eu-west-1", "DescribeGlobalTableSettings", `{"GlobalTableName":"%s"}`, name)
	g.call("", "ListGlobalTables", `{"Limit":%d}`, 1+g.random.Below(3))
	g.call("", "UpdateGlobalTable", `{"GlobalTableName":"%s","ReplicaUpdates":[{"Delete":{"RegionName":"eu-west-1"}}]}`, name)
	g.advance(transition)
	for _, region := range regions {
		g.call(region, "DeleteTable", `{"TableName":"%s"}`, name)
	}
}

// scaledGlobal makes a global table of a table whose writes scale, changes that in
// several ways and takes it apart.
func (g *generator) scaledGlobal() {
	name := fmt.Sprintf("Scaled%d", len(g.steps))
	g.call("", "CreateTable", `{"TableName":"%s",%s,"AttributeDefinitions":[%s],%s}`, name, schema("KeySchema", "k", ""), definitions("k:S"), provisioned)
	g.advance(transition)
	g.call("", "AnyScaleFrontendService.RegisterScalableTarget", `{"ServiceNamespace":"dynamodb","ResourceId":"table/%s","ScalableDimension":"dynamodb:table:WriteCapacityUnits","MinCapacity":1,"MaxCapacity":%d}`,
		name, 1+g.random.Below(5))
	g.call("", "UpdateTable", `{"TableName":"%s","ReplicaUpdates":[{"Create":{"RegionName":"eu-west-1"}}]}`, name)
	g.advance(2 * transition)
	g.call(Pick(&g.random, regions), "UpdateTableReplicaAutoScaling", `{"TableName":"%s","ProvisionedWriteCapacityAutoScalingUpdate":{"MinimumUnits":%d,"MaximumUnits":5,
		"ScalingPolicyUpdate":{"TargetTrackingScalingPolicyConfiguration":{"TargetValue":%d}}},
		"ReplicaUpdates":[{"RegionName":"eu-west-1","ReplicaProvisionedReadCapacityAutoScalingUpdate":{"MinimumUnits":1,"MaximumUnits":3}}]}`, name, 1+g.random.Below(4), 20+g.random.Below(70))
	g.advance(2 * transition)
	g.call("eu-west-1", "UpdateTableReplicaAutoScaling", `{"TableName":"%s","ProvisionedWriteCapacityAutoScalingUpdate":{"AutoScalingDisabled":%s}}`, name, Pick(&g.random, []string{"true", "false"}))
	g.call("", "DescribeTableReplicaAutoScaling", `{"TableName":"%s"}`, name)
	g.call("", "UpdateTable", `{"TableName":"%s","ReplicaUpdates":[{"Delete":{"RegionName":"eu-west-1"}}]}`, name)
	g.advance(2 * transition)
	g.call("", "DeleteTable", `{"TableName":"%s"}`, name)
}
