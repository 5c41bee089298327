package enginetest

import (
	"encoding/json"
	"fmt"

	"github.com/sortkey/sortkey/engine"
)

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
	reply := g.add(engine.Step{Call: engine.Call{
		Target: engine.Target("RegisterScalableTarget"), Region: t.region,
		Body: fmt.Appendf(nil, `{%s,"MinCapacity":%d,"MaxCapacity":%d,"SuspendedState":{"DynamicScalingInSuspended":%t}}`,
			target, least, least+g.random.Below(20), g.random.Below(5) == 0),
	}})
	var made struct{ ScalableTargetARN string }
	if json.Unmarshal(reply.Body, &made) == nil && made.ScalableTargetARN != "" {
		g.target = registered{t.region, made.ScalableTargetARN, target}
	}
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

// registered is a target that was registered.
type registered struct{ region, arn, members string }

// tagTarget does something with the tags of the target that was registered last.
func (g *generator) tagTarget() {
	if r := g.target; r.arn != "" {
		const service = "AnyScaleFrontendService."
		g.call(r.region, service+"TagResource", `{"ResourceARN":"%s","Tags":{"k%d":"%d","team":"a/b"}}`, r.arn, g.random.Below(9), g.random.Below(1000))
		g.call(r.region, "ListTagsForResource", `{"ResourceARN":"%s"}`, r.arn)
		g.call(r.region, service+"UntagResource", `{"ResourceARN":"%s","TagKeys":["k%d"]}`, r.arn, g.random.Below(9))
	}
}

// schedule gives the target that was registered last an action to be done in the
// next minutes or again and again, and takes another away.
func (g *generator) schedule() {
	r := g.target
	if r.arn == "" {
		return
	}
	when := Pick(&g.random, []string{"rate(1 minute)", "rate(2 hours)", "cron(*/5 * * * ? *)", "cron(0 1-23 ? JAN-DEC MON-FRI *)"})
	if g.random.Below(3) == 0 {
		when = g.now.Add(1e11).Format("at(2006-01-02T15:04:05)")
	}
	least := 1 + g.random.Below(9)
	g.call(r.region, "PutScheduledAction", `{%s,"ScheduledActionName":"s%d","Schedule":"%s","ScalableTargetAction":{"MinCapacity":%d,"MaxCapacity":%d}}`,
		r.members, g.random.Below(3), when, least, least+g.random.Below(9))
	g.call(r.region, "DescribeScheduledActions", `{"ServiceNamespace":"dynamodb","MaxResults":%d}`, 1+g.random.Below(3))
	if g.random.Below(3) > 0 {
		g.call(r.region, "DeleteScheduledAction", `{%s,"ScheduledActionName":"s%d"}`, r.members, g.random.Below(3))
	}
}
