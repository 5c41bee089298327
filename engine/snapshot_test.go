package engine

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"
)

// populated is an engine with two regions, a table still CREATING, indexes of
// both kinds and a few items.
func populated(t *testing.T) *Engine {
	t.Helper()
	e := New(Options{Seed: 9, Degree: 3, Settings: Settings{Transition: 5 * time.Second}})
	must := func(region, op, body string) {
		t.Helper()
		if r := e.Handle(Call{Target: Target(op), Region: region, Body: []byte(body)}); r.Status != 200 {
			t.Fatalf("%s: %s", op, r.Body)
		}
	}
	must("", "CreateTable", `{"TableName":"Shop","BillingMode":"PAY_PER_REQUEST","Tags":[{"Key":"a","Value":"b"}],
		"AttributeDefinitions":[{"AttributeName":"PK","AttributeType":"S"},{"AttributeName":"SK","AttributeType":"N"},{"AttributeName":"x","AttributeType":"B"}],
		"KeySchema":[{"AttributeName":"PK","KeyType":"HASH"},{"AttributeName":"SK","KeyType":"RANGE"}],
		"GlobalSecondaryIndexes":[{"IndexName":"byX","KeySchema":[{"AttributeName":"x","KeyType":"HASH"}],"Projection":{"ProjectionType":"INCLUDE","NonKeyAttributes":["note"]}}],
		"LocalSecondaryIndexes":[{"IndexName":"local","KeySchema":[{"AttributeName":"PK","KeyType":"HASH"},{"AttributeName":"x","KeyType":"RANGE"}],"Projection":{"ProjectionType":"KEYS_ONLY"}}]}`)
	must("eu-west-1", "CreateTable", `{"TableName":"Other","ProvisionedThroughput":{"ReadCapacityUnits":5,"WriteCapacityUnits":7},"DeletionProtectionEnabled":true,
		"TableClass":"STANDARD_INFREQUENT_ACCESS","AttributeDefinitions":[{"AttributeName":"id","AttributeType":"S"}],"KeySchema":[{"AttributeName":"id","KeyType":"HASH"}]}`)
	if err := e.AdvanceTo(e.Now().Add(10 * time.Second)); err != nil {
		t.Fatal(err)
	}
	for i := range 40 {
		must("", "PutItem", fmt.Sprintf(`{"TableName":"Shop","Item":{"PK":{"S":"p%d"},"SK":{"N":"%d"},"x":{"B":"AAA="},"note":{"S":"\u00fc\n%d"}}}`, i%7, i, i))
	}
	must("", "UpdateTimeToLive", `{"TableName":"Shop","TimeToLiveSpecification":{"Enabled":true,"AttributeName":"until"}}`)
	must("eu-west-1", "UpdateTimeToLive", `{"TableName":"Other","TimeToLiveSpecification":{"Enabled":true,"AttributeName":"until"}}`)
	for i := range 9 {
		must("", "PutItem", fmt.Sprintf(`{"TableName":"Shop","Item":{"PK":{"S":"until"},"SK":{"N":"%d"},"until":{"N":"%d"}}}`, i, e.Now().Unix()+int64(30*i)+120))
	}
	arn := `{"ResourceArn":"arn:aws:dynamodb:us-east-1:000000000000:table/Shop",`
	must("", "TagResource", arn+`"Tags":[{"Key":"team","Value":"x y"}]}`)
	must("", "PutResourcePolicy", arn+`"Policy":"{\"Statement\":{\"Effect\":\"Deny\",\"Principal\":\"*\",\"Action\":\"dynamodb:Scan\",\"Resource\":\"*\"}}"}`)
	must("", "TransactWriteItems", `{"ClientRequestToken":"once","TransactItems":[{"Put":{"TableName":"Shop","Item":{"PK":{"S":"t"},"SK":{"N":"1"}}}}]}`)
	must("", "CreateTable", `{"TableName":"Late","BillingMode":"PAY_PER_REQUEST","AttributeDefinitions":[{"AttributeName":"id","AttributeType":"S"}],"KeySchema":[{"AttributeName":"id","KeyType":"HASH"}]}`)
	return e
}

func TestSnapshotRestoresTheState(t *testing.T) {
	e := populated(t)
	text := e.AppendSnapshot(nil)
	if after := e.AppendSnapshot([]byte("before\n")); string(after) != "before\n"+string(text) {
		t.Errorf("appended to other text, the snapshot differs: %.80s", after)
	}
	back, err := Restore(text)
	if err != nil {
		t.Fatal(err)
	}
	if back.StateHash() != e.StateHash() {
		t.Errorf("the restored engine differs:\n%s\n%s", text, back.AppendSnapshot(nil))
	}
	for _, x := range []*Engine{back, e.Fork()} {
		if r := x.Handle(Call{Target: Target("Scan"), Body: []byte(`{"TableName":"Shop"}`)}); r.Status != 400 {
			t.Errorf("the policy is gone: %s", r.Body)
		}
	}
	if err := back.Check(); err != nil {
		t.Error(err)
	}
	if again := back.AppendSnapshot(nil); !bytes.Equal(again, text) {
		t.Error("a snapshot of the restored engine has other bytes")
	}
	for _, x := range []*Engine{e, back} {
		if err := x.AdvanceTo(x.Now().Add(time.Minute)); err != nil {
			t.Fatal(err)
		}
		x.Handle(Call{Target: Target("CreateTable"), Body: []byte(`{"TableName":"Next","BillingMode":"PAY_PER_REQUEST","AttributeDefinitions":[{"AttributeName":"id","AttributeType":"S"}],"KeySchema":[{"AttributeName":"id","KeyType":"HASH"}]}`)})
	}
	if back.StateHash() != e.StateHash() {
		t.Error("after the same steps the two differ")
	}
}

// A region whose last table is gone leaves nothing behind: it is as one that was
// never used.
func TestARegionThatHasLostItsTablesIsNoState(t *testing.T) {
	e, never := New(Options{}), New(Options{})
	create := `{"TableName":"Shop","BillingMode":"PAY_PER_REQUEST","AttributeDefinitions":[{"AttributeName":"id","AttributeType":"S"}],
		"KeySchema":[{"AttributeName":"id","KeyType":"HASH"}]}`
	for _, step := range []struct {
		e                    *Engine
		region, target, body string
	}{
		{e, "eu-west-1", "CreateTable", create}, {e, "eu-west-1", "DeleteTable", `{"TableName":"Shop"}`},
		{never, "", "CreateTable", create}, {never, "", "DeleteTable", `{"TableName":"Shop"}`},
	} {
		if r := step.e.Handle(Call{Target: Target(step.target), Region: step.region, Body: []byte(step.body)}); r.Status != 200 {
			t.Fatalf("%s: %s", step.target, r.Body)
		}
	}
	back, err := Restore(e.AppendSnapshot(nil))
	if err != nil {
		t.Fatal(err)
	}
	if back.StateHash() != e.StateHash() {
		t.Error("the restored engine differs")
	}
	if never.StateHash() != e.StateHash() {
		t.Error("it matters in which region the table was")
	}
}

func TestRestoreRefusesWhatItCannotRead(t *testing.T) {
	text := string(populated(t).AppendSnapshot(nil))
	lines := strings.SplitAfter(text, "\n")
	for name, bad := range map[string]string{
		"nothing":        "",
		"cut":            text[:len(text)-3],
		"other version":  strings.Replace(text, `"version":1`, `"version":99`, 1),
		"not a snapshot": strings.Replace(text, "snapshot", "history", 1),
		"orphan item":    lines[0] + `{"item":{"a":{"S":"x"}}}` + "\n",
		"junk":           lines[0] + "{}\n",
		"bad item":       strings.Replace(text, `"SK":{"N":"3"}`, `"SK":{"N":"three"}`, 1),
	} {
		if _, err := Restore([]byte(bad)); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func TestDiffTellsWhatChanged(t *testing.T) {
	e := populated(t)
	before := e.Fork()
	if d := e.Diff(before, "", 10); len(d) != 0 {
		t.Fatalf("equal states differ: %+v", d)
	}
	e.Handle(Call{Target: Target("PutItem"), Body: []byte(`{"TableName":"Shop","Item":{"PK":{"S":"new"},"SK":{"N":"1"}}}`)})
	e.Handle(Call{Target: Target("DeleteItem"), Body: []byte(`{"TableName":"Shop","Key":{"PK":{"S":"p0"},"SK":{"N":"0"}}}`)})
	e.Handle(Call{Target: Target("PutItem"), Body: []byte(`{"TableName":"Shop","Item":{"PK":{"S":"p1"},"SK":{"N":"1"},"note":{"S":"other"}}}`)})
	if err := e.AdvanceTo(e.Now().Add(time.Minute)); err != nil {
		t.Fatal(err)
	}
	d := e.Diff(before, "", 2)
	if len(d) != 2 || d[0].Table != "Late" || d[0].Was != "CREATING" || d[0].Is != "ACTIVE" {
		t.Fatalf("got %+v", d)
	}
	if s := d[1]; s.Table != "Shop" || s.Added != 1 || s.Removed != 1 || s.Changed != 1 || len(s.Items) != 2 {
		t.Errorf("got %+v", s)
	}
}
