package engine_test

import (
	"bytes"
	"slices"
	"testing"

	"github.com/sortkey/sortkey/engine"
	"github.com/sortkey/sortkey/engine/enginetest"
)

const (
	tabARN  = "arn:aws:dynamodb:us-east-1:000000000000:table/Tab"
	denyBob = `"Policy":"{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Deny\",\"Principal\":{\"AWS\":\"arn:aws:iam::000000000000:user/bob\"},` +
		`\"Action\":\"dynamodb:*\",\"Resource\":\"*\"}]}"`
)

// unnamed are the operations that name no table and no stream, or one that is
// not there yet; and those of Application Auto Scaling, whose actions are not
// DynamoDB's.
var unnamed = []string{
	"CreateTable", "ListTables", "ListStreams", "DescribeLimits", "DescribeEndpoints",
	"CreateGlobalTable", "UpdateGlobalTable", "DescribeGlobalTable", "ListGlobalTables", "DescribeGlobalTableSettings", "UpdateGlobalTableSettings",
	"RegisterScalableTarget", "DeregisterScalableTarget", "DescribeScalableTargets", "PutScalingPolicy",
	"DeleteScalingPolicy", "DescribeScalingPolicies", "DescribeScalingActivities", "PutScheduledAction", "DeleteScheduledAction", "DescribeScheduledActions",
	"AnyScaleFrontendService.TagResource", "AnyScaleFrontendService.UntagResource", "ListTagsForResource",
}

// onTab has a request to Tab, or to its stream, for every other operation.
func onTab(iterator, shard string) map[string]string {
	const name, key, item = `"TableName":"Tab"`, `"Key":{"pk":{"S":"a"},"sk":{"N":"1"}}`, `"Item":{"pk":{"S":"a"},"sk":{"N":"1"}}`
	const table, stream = `"ResourceArn":"` + tabARN + `"`, `"StreamArn":"` + streamARN + `"`
	return map[string]string{
		"DescribeTable": `{` + name + `}`,
		"UpdateTable":   `{` + name + `,"TableClass":"STANDARD_INFREQUENT_ACCESS"}`,
		"DeleteTable":   `{` + name + `}`,

		"PutItem":    `{` + name + `,` + item + `}`,
		"GetItem":    `{` + name + `,` + key + `}`,
		"UpdateItem": `{` + name + `,` + key + `}`,
		"DeleteItem": `{` + name + `,` + key + `}`,
		"Query":      `{` + name + `,"KeyConditionExpression":"pk = :a","ExpressionAttributeValues":{":a":{"S":"a"}}}`,
		"Scan":       `{` + name + `}`,

		"BatchGetItem":       `{"RequestItems":{"Tab":{"Keys":[{"pk":{"S":"a"},"sk":{"N":"1"}}]}}}`,
		"BatchWriteItem":     `{"RequestItems":{"Tab":[{"PutRequest":{` + item + `}}]}}`,
		"TransactGetItems":   `{"TransactItems":[{"Get":{` + name + `,` + key + `}}]}`,
		"TransactWriteItems": `{"TransactItems":[{"Put":{` + name + `,` + item + `}}]}`,

		"UpdateTimeToLive":          `{` + name + `,"TimeToLiveSpecification":{"Enabled":true,"AttributeName":"ttl"}}`,
		"DescribeTimeToLive":        `{` + name + `}`,
		"DescribeContinuousBackups": `{` + name + `}`,

		"DescribeTableReplicaAutoScaling": `{` + name + `}`,
		"UpdateTableReplicaAutoScaling":   `{` + name + `}`,

		"TagResource":          `{` + table + `,"Tags":[{"Key":"k","Value":"v"}]}`,
		"UntagResource":        `{` + table + `,"TagKeys":["k"]}`,
		"ListTagsOfResource":   `{` + table + `}`,
		"PutResourcePolicy":    `{` + table + `,` + denyBob + `}`,
		"GetResourcePolicy":    `{` + table + `}`,
		"DeleteResourcePolicy": `{` + table + `}`,

		"DescribeStream":   `{` + stream + `}`,
		"GetShardIterator": `{` + stream + `,"ShardId":"` + shard + `","ShardIteratorType":"LATEST"}`,
		"GetRecords":       `{"ShardIterator":"` + iterator + `"}`,
	}
}

// TestDeniedEverywhere: whom the policies of a table and of its stream deny
// everything, no operation serves; and it serves everyone else the same.
func TestDeniedEverywhere(t *testing.T) {
	f := enginetest.New(t)
	f.Must("CreateTable", streamed(onDemand, "NEW_IMAGE"))
	shard := shards(t, f)[0].ID
	requests := onTab(iteratorOf(f, shard, `"TRIM_HORIZON"`), shard)
	for _, arn := range []string{tabARN, streamARN} {
		f.Must("PutResourcePolicy", `{"ResourceArn":"`+arn+`",`+denyBob+`}`)
	}
	as := func(caller engine.Caller, op, body string) engine.Reply {
		return f.Fork().Handle(engine.Call{Target: engine.Target(op), Body: []byte(body), Caller: caller})
	}
	for _, op := range engine.Operations() {
		body, ok := requests[op]
		if ok == slices.Contains(unnamed, op) {
			t.Errorf("%s: the test must either have a request or know that it names nothing", op)
			continue
		}
		if !ok {
			continue
		}
		if r := as("alice", op, body); r.Status != 200 {
			t.Errorf("%s: alice gets %s", op, r.Body)
		}
		r := as("bob", op, body)
		if !bytes.Contains(r.Body, []byte("AccessDenied")) || !bytes.Contains(r.Body, []byte("with an explicit deny in a resource-based policy")) {
			t.Errorf("%s: bob gets %d %s", op, r.Status, r.Body)
		}
	}
}

// TestStreamPolicyIsState: the policy of a stream is hashed, copied by a fork
// and kept in a snapshot, and it is gone when it was removed.
func TestStreamPolicyIsState(t *testing.T) {
	f := enginetest.New(t)
	f.Must("CreateTable", streamed(onDemand, "NEW_IMAGE"))
	before := f.StateHash()
	f.Must("PutResourcePolicy", `{"ResourceArn":"`+streamARN+`",`+denyBob+`}`)
	fork := f.Fork()
	back, err := engine.Restore(f.AppendSnapshot(nil))
	if err != nil {
		t.Fatal(err)
	}
	if f.StateHash() == before || fork.StateHash() != f.StateHash() || back.StateHash() != f.StateHash() {
		t.Error("the hashes do not have the policy")
	}
	f.Must("DeleteResourcePolicy", `{"ResourceArn":"`+streamARN+`"}`)
	describe := engine.Call{Target: engine.Target("DescribeStream"), Body: []byte(`{"StreamArn":"` + streamARN + `"}`), Caller: "bob"}
	if r := f.Handle(describe); r.Status != 200 {
		t.Errorf("after the removal: %s", r.Body)
	}
	for _, e := range []*engine.Engine{fork, back} {
		if r := e.Handle(describe); r.Status != 400 {
			t.Errorf("a copy from before the removal: %s", r.Body)
		}
	}
}
