package enginetest

import (
	"fmt"
	"time"
)

// This file generates requests about tables: their time to live.

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
