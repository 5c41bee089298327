package components

import "testing"

func sampleTableSheet() *TableSheet {
	key := []Key{{"PK", "S", HashKey}, {"SK", "S", RangeKey}}
	return &TableSheet{
		Tables: []TableChoice{{"Music", "desk/dock/table?table=Music", false}, {"Shop", "desk/dock/table?table=Shop", true}},
		Name:   "Shop", Keys: key,
		Facts:    []Detail{{Name: "Status", Value: "UPDATING"}, {Name: "ARN", Value: "arn:aws:dynamodb:us-east-1:000000000000:table/Shop", Code: true}},
		TTL:      []Detail{{Name: "Time to live", Value: "expires, ENABLED"}},
		Expiries: []Expiry{{"a#1", "expired, can still be read", "at once"}, {"a#2", "expires in 01:00", "in 01:01"}}, MoreExpire: 3,
		Tags: []Detail{{Name: "Tags", Value: "team = <shop>"}},
		Indexes: []IndexSheet{
			{Name: "byStatus", Kind: "GSI", Keys: key[:1], Projection: "ALL", Status: "CREATING", Entries: "12", Size: "700 B",
				Backfill: &Progress{12, 34, "12 of 34 items"}},
			{Name: "byGenre", Kind: "GSI", Keys: key[:1], Projection: "KEYS_ONLY", Status: "ACTIVE", Entries: "34", Size: "1,700 B", Lag: "3 changes on their way"},
			{Name: "byTotal", Kind: "LSI", Keys: key, Projection: "INCLUDE total", Entries: "34", Size: "2,100 B"},
		},
		Forms: []FormChoice{{"New table", "desk/dock/table?kind=create&table=Shop", false}, {"Tags", "desk/dock/table?kind=tag&table=Shop", true}},
		Form: &Form{Kind: "tag", Label: "Set the tag", Table: "Shop", Text: `TagResource { a: "<b>" }`,
			Runs:   []Run{{"operation", "TagResource"}, {"", " { a: "}, {"string", `"<b>"`}, {"", " }"}},
			Fields: []Field{{Name: "key", Label: "Tag", Value: "team"}, {Name: "what", Label: "Do", Value: "remove", Options: []string{"set", "remove"}, Narrow: true}}},
	}
}

func TestTableSheet(t *testing.T) {
	golden(t, "table", pretty(render(t, tableSheet(sampleTableSheet()))))
	golden(t, "table-none", pretty(render(t, tableSheet(&TableSheet{Form: &Form{Kind: "create", Problem: "A table needs a name."}}))))
}
