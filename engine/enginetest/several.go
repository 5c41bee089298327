package enginetest

import (
	"fmt"
	"strings"

	"github.com/sortkey/sortkey/engine"
)

// Requests on several items.

// each makes one entry for every key and joins them.
func each(keys []string, entry func(key string) string) string {
	list := make([]string, len(keys))
	for i, key := range keys {
		list[i] = entry(key)
	}
	return strings.Join(list, ",")
}

func (g *generator) batchGet() {
	t := g.table()
	projection := Pick(&g.random, []string{"", `,"ProjectionExpression":"g, n, l[0]"`, `,"ConsistentRead":true`})
	keys := each(t.shape.keys(&g.random, 1+g.random.Below(20)), func(key string) string { return "{" + key + "}" })
	g.call(t.region, "BatchGetItem", `{"RequestItems":{"%s":{"Keys":[%s]%s}}%s}`, t.name, keys, projection, g.returns())
}

func (g *generator) batchWrite() {
	t := g.table()
	requests := each(t.shape.keys(&g.random, 1+g.random.Below(25)), func(key string) string {
		if g.random.Below(4) == 0 {
			return `{"DeleteRequest":{"Key":{` + key + `}}}`
		}
		return `{"PutRequest":{"Item":{` + key + g.attributes() + `}}}`
	})
	g.call(t.region, "BatchWriteItem", `{"RequestItems":{"%s":[%s]}%s}`, t.name, requests, g.returns())
}

func (g *generator) transactGet() {
	t := g.table()
	gets := each(t.shape.keys(&g.random, 1+g.random.Below(10)), func(key string) string {
		return fmt.Sprintf(`{"Get":{"TableName":"%s","Key":{%s}}}`, t.name, key)
	})
	g.call(t.region, "TransactGetItems", `{"TransactItems":[%s]%s}`, gets, g.returns())
}

func (g *generator) transactWrite() {
	t := g.table()
	token := ""
	if g.random.Below(3) == 0 {
		token = fmt.Sprintf(`,"ClientRequestToken":"token-%d"`, len(g.steps))
	}
	g.call(t.region, "TransactWriteItems", `{"TransactItems":[%s]%s%s}`,
		each(t.shape.keys(&g.random, 1+g.random.Below(6)), func(key string) string { return g.action(t, key) }), token, g.returns())
}

// hold opens a transaction, as a rule.
func (g *generator) hold() {
	if len(g.open) == 3 {
		return
	}
	g.transactWrite()
	name := fmt.Sprintf("tx-%d", len(g.steps))
	g.steps[len(g.steps)-1].Call.Hold = name
	g.open = append(g.open, name)
}

// finish ends an open transaction, if it is one.
func (g *generator) finish() {
	if len(g.open) == 0 {
		return
	}
	s := engine.Step{Commit: g.open[0]}
	if g.random.Below(4) == 0 {
		s = engine.Step{Cancel: g.open[0]}
	}
	g.open, g.steps = g.open[1:], append(g.steps, s)
}

// action is one action of a transaction; some conditions fail.
func (g *generator) action(t *generated, key string) string {
	switch g.random.Below(5) {
	case 0:
		return fmt.Sprintf(`{"Delete":{"TableName":"%s","Key":{%s}}}`, t.name, key)
	case 1:
		text := Pick(&g.random, []string{"attribute_not_exists(zzz)", "attribute_not_exists(n) OR n > :zero"})
		return fmt.Sprintf(`{"ConditionCheck":{"TableName":"%s","Key":{%s},"ConditionExpression":"%s"%s}}`, t.name, key, text, g.values(text))
	case 2:
		text := Pick(&g.random, []string{"ADD n :n", "SET g = :g, r = :r", "SET x = :x REMOVE l"})
		return fmt.Sprintf(`{"Update":{"TableName":"%s","Key":{%s},"UpdateExpression":"%s"%s}}`, t.name, key, text, g.values(text))
	}
	return fmt.Sprintf(`{"Put":{"TableName":"%s","Item":{%s%s}}}`, t.name, key, g.attributes())
}
