package web

import (
	"strings"
	"testing"
)

func TestMemberWords(t *testing.T) {
	for name, want := range map[string]string{
		"TimeToLiveStatus": "Time to live status", "ResourceArn": "Resource ARN", "SSEDescription": "SSE description", "Tags": "Tags",
		"PointInTimeRecoveryEnabled": "Point in time recovery enabled", "": "", "TableId": "Table ID", "AccountMaxReadCapacityUnits": "Account max read capacity units",
	} {
		if got := memberWords(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
}

// Replies about other things than a table are printed member by member.
func TestControlPlaneFacts(t *testing.T) {
	d := New(Config{})
	arn := d.ws.ask("DescribeTable", `{"TableName":"Music"}`).Get("Table.TableArn").Str
	for _, c := range []struct {
		run   string
		wants []string
	}{
		{`UpdateTimeToLive { TableName: "Music", TimeToLiveSpecification: { Enabled: true, AttributeName: "gone" } }`, []string{"Enabled on", "Attribute name gone"}},
		{`DescribeTimeToLive { TableName: "Music" }`, []string{"Time to live status ENABLED", "Attribute name gone"}},
		{`TagResource { ResourceArn: "` + arn + `", Tags: [{ Key: "team", Value: "shop" }, { Key: "b", Value: "2" }] }`, []string{"Done the reply is empty", "Resource ARN " + arn, "Tags team = shop b = 2"}},
		{`ListTagsOfResource { ResourceArn: "` + arn + `" }`, []string{"Tags b = 2 team = shop"}},
		{`UntagResource { ResourceArn: "` + arn + `", TagKeys: ["b"] }`, []string{"Tag keys b"}},
		{`DescribeLimits {}`, []string{"Account max read capacity units 80,000"}},
		{`DeleteTable { TableName: "Music" }`, []string{"Table Music Status removed"}},
	} {
		page := post(t, d, "/desk/run", "text", c.run)
		holds(t, page, c.wants...)
		if !strings.Contains(c.run, "DeleteTable") && strings.Contains(text(page), "Status removed") {
			t.Errorf("%s says that something was removed", c.run)
		}
	}
}
