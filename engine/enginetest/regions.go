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
