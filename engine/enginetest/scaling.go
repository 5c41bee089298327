package enginetest

import "fmt"

// Requests to Application Auto Scaling: few tables are provisioned, so that most
// targets wait for nothing.

// scalable names a target of a table: one of its directions.
func (g *generator) scalable(t *generated) (members, direction string) {
	direction = Pick(&g.random, []string{"Read", "Write"})
	return fmt.Sprintf(`"ServiceNamespace":"dynamodb","ResourceId":"table/%s","ScalableDimension":"dynamodb:table:%sCapacityUnits"`, t.name, direction), direction
}

// registerTarget registers a target, and mostly gives it a policy.
func (g *generator) registerTarget() {
	t := g.table()
	target, direction := g.scalable(t)
	least := 1 + g.random.Below(3)
	g.call(t.region, "RegisterScalableTarget", `{%s,"MinCapacity":%d,"MaxCapacity":%d,"SuspendedState":{"DynamicScalingInSuspended":%t}}`,
		target, least, least+g.random.Below(20), g.random.Below(5) == 0)
	if g.random.Below(4) == 0 {
		return
	}
	g.call(t.region, "PutScalingPolicy", `{%s,"PolicyName":"p%d","PolicyType":"TargetTrackingScaling","TargetTrackingScalingPolicyConfiguration":`+
		`{"TargetValue":%d.5,"ScaleOutCooldown":%d,"PredefinedMetricSpecification":{"PredefinedMetricType":"DynamoDB%sCapacityUtilization"}}}`,
		target, g.random.Below(8)/7, 20+g.random.Below(70), 30*g.random.Below(4), direction)
}

func (g *generator) forgetTarget() {
	t := g.table()
	target, _ := g.scalable(t)
	if g.random.Below(3) > 0 {
		g.call(t.region, "DeleteScalingPolicy", `{%s,"PolicyName":"p0"}`, target)
		return
	}
	g.call(t.region, "DeregisterScalableTarget", `{%s}`, target)
}

func (g *generator) describeScaling() {
	operation := Pick(&g.random, []string{"DescribeScalableTargets", "DescribeScalingPolicies", "DescribeScalingActivities"})
	g.call(Pick(&g.random, regions), operation, `{"ServiceNamespace":"dynamodb","MaxResults":%d}`, 1+g.random.Below(6))
}
