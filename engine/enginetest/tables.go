package enginetest

import (
	"fmt"
	"strings"
)

// Changes of tables. At this pace an index of the larger tables is being
// filled for some steps of the clock.
const backfillRate = 20

// extra is a global index that comes and goes; x is a string where an item has
// it.
const extra = `"IndexName":"extra",`

func (g *generator) updateTable() {
	t := g.table()
	var change string
	switch g.random.Below(9) {
	case 0, 1, 2:
		change = g.extraIndex(t)
	case 3:
		change = fmt.Sprintf(`"DeletionProtectionEnabled":%v`, g.random.Below(4) == 0)
	case 4:
		change = fmt.Sprintf(`"TableClass":"%s"`, Pick(&g.random, []string{"STANDARD", "STANDARD_INFREQUENT_ACCESS"}))
	case 5:
		change = fmt.Sprintf(`"WarmThroughput":{"ReadUnitsPerSecond":%d}`, 12000+g.random.Below(9000))
	case 6:
		change = fmt.Sprintf(`"SSESpecification":{"Enabled":%v}`, g.random.Below(2) == 0)
	default:
		change = g.throughput(t)
	}
	g.call(t.region, "UpdateTable", `{"TableName":"%s",%s}`, t.name, change)
}

// extraIndex makes the extra index, or deletes it, ready or not.
func (g *generator) extraIndex(t *generated) string {
	t.extra = !t.extra
	if !t.extra {
		return `"GlobalSecondaryIndexUpdates":[{"Delete":{"IndexName":"extra"}}]`
	}
	create := extra + schema("KeySchema", "x", "") + `,"Projection":{"ProjectionType":"` + Pick(&g.random, []string{"ALL", "KEYS_ONLY"}) + `"}`
	if t.onDemand() {
		create += `,"OnDemandThroughput":{"MaxWriteRequestUnits":1000}`
	} else {
		create += "," + provisioned
	}
	return `"AttributeDefinitions":[` + definitions("x:S") + `],"GlobalSecondaryIndexUpdates":[{"Create":{` + create + `}}]`
}

func (t *generated) onDemand() bool { return strings.Contains(t.shape.definition, "PAY_PER_REQUEST") }

func (g *generator) throughput(t *generated) string {
	if t.onDemand() {
		return fmt.Sprintf(`"OnDemandThroughput":{"MaxReadRequestUnits":%d}`, Pick(&g.random, []int{-1, 100, 5000}))
	}
	return fmt.Sprintf(`"ProvisionedThroughput":{"ReadCapacityUnits":%d,"WriteCapacityUnits":%d}`, 1+g.random.Below(20), 1+g.random.Below(20))
}

// read picks a tree of the table, now and then the extra index.
func (g *generator) read(t *generated) shapeRead {
	if t.extra && g.random.Below(4) == 0 {
		return shapeRead{index: "," + strings.TrimSuffix(extra, ","), condition: "x = :x"}
	}
	return Pick(&g.random, t.shape.reads)
}
