package enginetest

import (
	"fmt"
	"strings"
)

// Requests with the legacy parameters.

// oldCondition is an entry of an Expected, a QueryFilter or a ScanFilter.
func (g *generator) oldCondition() string {
	c := Pick(&g.random, []struct{ name, operator, value string }{
		{"n", "GT", "n"}, {"n", "NE", "n"}, {"g", "EQ", "g"}, {"x", "NULL", ""}, {"m", "NOT_NULL", ""}, {"ss", "NOT_CONTAINS", "x"},
		{"x", "BEGINS_WITH", "x"}, {"l", "EQ", "l"},
	})
	if c.value != "" {
		c.value = g.value(c.value)
	}
	return fmt.Sprintf(`{"%s":{"ComparisonOperator":"%s","AttributeValueList":[%s]}}`, c.name, c.operator, c.value)
}

func (g *generator) oldPut() {
	t := g.table()
	expected := Pick(&g.random, []string{g.oldCondition(), `{"zzz":{"Exists":false}}`, `{"pk":{"Exists":false}}`})
	g.call(t.region, "PutItem", `{"TableName":"%s","Item":{%s%s},"Expected":%s%s}`, t.name, t.key(g), g.attributes(), expected, g.returns("ALL_OLD"))
}

func (g *generator) oldUpdate() {
	t := g.table()
	changes := []string{
		`"n":{"Action":"ADD","Value":` + g.value("n") + `}`, `"ss":{"Action":"ADD","Value":` + g.value("ss") + `}`,
		`"l":{"Action":"ADD","Value":` + g.value("l") + `}`, `"g":{"Value":` + g.value("g") + `}`, `"x":{"Action":"DELETE"}`,
		`"m":{"Action":"PUT","Value":` + g.value("m") + `}`,
	}
	from := g.random.Below(len(changes))
	changes = changes[from:min(from+3, len(changes))]
	g.call(t.region, "UpdateItem", `{"TableName":"%s","Key":{%s},"AttributeUpdates":{%s}%s}`, t.name, t.key(g), strings.Join(changes, ","),
		g.returns("ALL_OLD", "ALL_NEW", "UPDATED_OLD", "UPDATED_NEW"))
}

func (g *generator) oldQuery() {
	t := g.table()
	r := Pick(&g.random, t.shape.reads)
	key, _, _ := strings.Cut(r.condition, " ")
	conditions := fmt.Sprintf(`"%s":{"ComparisonOperator":"EQ","AttributeValueList":[%s]}`, key, g.value(key))
	if r.rangeKey != "" && g.random.Below(2) == 0 {
		operator := Pick(&g.random, []string{"GE", "LT", "EQ"})
		conditions += fmt.Sprintf(`,"%s":{"ComparisonOperator":"%s","AttributeValueList":[%s]}`, r.rangeKey, operator, g.value("n"))
	}
	more := Pick(&g.random, []string{"", `,"AttributesToGet":["pk","sk"]`, `,"QueryFilter":{"zzz":{"ComparisonOperator":"NULL"}}`})
	g.call(t.region, "Query", `{"TableName":"%s"%s,"KeyConditions":{%s}%s%s}`, t.name, r.index, conditions, more, g.returns())
}

func (g *generator) oldScan() {
	t := g.table()
	g.call(t.region, "Scan", `{"TableName":"%s","ScanFilter":%s%s}`, t.name, g.oldCondition(), g.returns())
}
