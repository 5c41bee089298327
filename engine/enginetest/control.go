package enginetest

import (
	"fmt"
	"time"

	"github.com/sortkey/sortkey/engine"
)

// This file generates requests about tables: their time to live, tags and
// policies.

// updateTTL turns the time to live of a table on, or off.
func (g *generator) updateTTL() {
	t := g.table()
	g.call(t.region, "UpdateTimeToLive", `{"TableName":"%s","TimeToLiveSpecification":{"AttributeName":"until","Enabled":%t}}`,
		t.name, g.random.Below(4) > 0)
}

func (g *generator) describeTTL() {
	g.call(g.table().region, "DescribeTimeToLive", `{"TableName":"%s"}`, g.table().name)
}

// until is a time to live for an item, or nothing: some are over, most end
// within the next minutes, and some are not whole numbers.
func (g *generator) until() string {
	if g.random.Below(3) > 0 {
		return ""
	}
	at := g.now.Unix() + int64(g.random.Below(600)) - 30
	switch g.random.Below(20) {
	case 0:
		return fmt.Sprintf(`,"until":{"N":"%d.5"}`, at)
	case 1:
		return fmt.Sprintf(`,"until":{"S":"%d"}`, at)
	case 2:
		return fmt.Sprintf(`,"until":{"N":"%d"}`, at-int64(6*365*24*time.Hour/time.Second))
	}
	return fmt.Sprintf(`,"until":{"N":"%d"}`, at)
}

// arn is the ResourceArn of a table.
func (t *generated) arn() string {
	region := t.region
	if region == "" {
		region = engine.DefaultRegion
	}
	return "arn:aws:dynamodb:" + region + ":" + engine.DefaultAccount + ":table/" + t.name
}

func (g *generator) tag() {
	t := g.table()
	g.call(t.region, "TagResource", `{"ResourceArn":"%s","Tags":[{"Key":"k%d","Value":"%d"},{"Key":"team","Value":"a/b"}]}`,
		t.arn(), g.random.Below(40), g.random.Below(1000))
}

func (g *generator) untag() {
	t := g.table()
	g.call(t.region, "UntagResource", `{"ResourceArn":"%s","TagKeys":["k%d","team"]}`, t.arn(), g.random.Below(40))
}

func (g *generator) listTags() {
	t := g.table()
	g.call(t.region, "ListTagsOfResource", `{"ResourceArn":"%s"}`, t.arn())
}

// putPolicy denies somebody who calls now and then something.
func (g *generator) putPolicy() {
	t := g.table()
	action := Pick(&g.random, []string{"dynamodb:PutItem", "dynamodb:*", "dynamodb:Query"})
	policy := `{\"Statement\":{\"Effect\":\"Deny\",\"Principal\":{\"AWS\":\"arn:aws:iam::` + engine.DefaultAccount + `:user/mallory\"},` +
		`\"Action\":\"` + action + `\",\"Resource\":\"*\"}}`
	g.call(t.region, "PutResourcePolicy", `{"ResourceArn":"%s","Policy":"%s"}`, t.arn(), policy)
	g.put()
	g.steps[len(g.steps)-1].Call.Caller = Pick(&g.random, []engine.Caller{"mallory", "alice"})
}

func (g *generator) getPolicy() {
	t := g.table()
	g.call(t.region, "GetResourcePolicy", `{"ResourceArn":"%s"}`, t.arn())
}

func (g *generator) deletePolicy() {
	if g.random.Below(3) == 0 {
		t := g.table()
		g.call(t.region, "DeleteResourcePolicy", `{"ResourceArn":"%s"}`, t.arn())
	}
}

func (g *generator) describeElse() {
	g.call("", "DescribeLimits", "{}")
	g.call(Pick(&g.random, regions), "DescribeEndpoints", "{}")
	t := g.table()
	g.call(t.region, "DescribeContinuousBackups", `{"TableName":"%s"}`, t.name)
}
