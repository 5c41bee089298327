package enginetest

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/sortkey/sortkey/engine"
)

// Generate makes a history of n steps out of a seed: requests of every
// operation to tables of several shapes in two regions, most of them such as
// succeed, splits of partitions, loads and clock steps. It looks at no reply but for
// the shards and iterators that streams are read by, so the same seed gives the
// same history on any machine.
func Generate(seed uint64, n int) *engine.History {
	g := &generator{random: Random{seed}}
	g.options = engine.Options{Seed: seed, Start: engine.DefaultStart, Degree: 4, Settings: engine.Settings{Transition: transition, BackfillRate: backfillRate}}
	g.now = g.options.Start
	g.engine = engine.New(g.options)
	for range 4 {
		g.createTable()
	}
	g.advance(transition)
	for len(g.steps) < n {
		g.step()
	}
	return &engine.History{Options: g.options, Steps: g.steps[:n]}
}

const transition = 2 * time.Second

var regions = []string{"", "eu-west-1"}

type generator struct {
	random  Random
	options engine.Options
	engine  *engine.Engine // has gone through the steps
	now     time.Time
	steps   []engine.Step
	tables  []*generated // that exist
	made    int
	open    []string // transactions that may be open
	loads   int      // that have been started
	target  registered
}

// generated is a table the history has made.
type generated struct {
	name, region string
	stream       string // its ARN, "" for none
	shape        *shape
	ready        time.Time
	extra        bool // the extra index has been asked for
}

// key are the key members of some item of the table.
func (t *generated) key(g *generator) string {
	members, _ := t.shape.key(&g.random)
	return members
}

// step adds one step, of a kind chosen by weight.
func (g *generator) step() {
	kinds := []struct {
		weight int
		add    func()
	}{
		{26, g.put}, {22, g.update}, {8, g.delete}, {12, g.get}, {14, g.query}, {6, g.scan}, {3, g.describe}, {2, g.list},
		{2, g.createTable}, {1, g.deleteTable}, {3, g.updateTable}, {4, g.clock}, {1, g.nonsense}, {2, g.set}, {2, g.hold}, {3, g.finish},
		{3, g.batchGet}, {4, g.batchWrite}, {4, g.transactGet}, {3, g.transactWrite},
		{2, g.updateTTL}, {2, g.describeTTL}, {1, g.tag}, {1, g.untag}, {1, g.listTags},
		{2, g.putPolicy}, {4, g.getPolicy}, {3, g.deletePolicy}, {1, g.describeElse},
		{2, g.oldPut}, {4, g.oldUpdate}, {3, g.oldQuery}, {1, g.oldScan},
		{6, g.readStream}, {1, g.split}, {3, g.load}, {1, g.stopLoad},
		{3, g.registerTarget}, {5, g.forgetTarget}, {4, g.describeScaling}, {3, g.schedule}, {4, g.tagTarget},
		{2, g.replicate}, {1, g.between}, {1, g.legacyGlobal}, {1, g.scaledGlobal},
	}
	total := 0
	for _, k := range kinds {
		total += k.weight
	}
	at := g.random.Below(total)
	for _, k := range kinds {
		if at -= k.weight; at < 0 {
			k.add()
			return
		}
	}
}

func (g *generator) call(region, operation, format string, args ...any) {
	g.add(engine.Step{Call: engine.Call{
		Target: engine.Target(operation), Region: region, Body: fmt.Appendf(nil, format, args...),
	}})
}

// add adds a step and returns the reply to it.
func (g *generator) add(s engine.Step) engine.Reply {
	g.steps = append(g.steps, s)
	reply, err := g.engine.Step(s)
	if err != nil {
		panic(err) // the generator's own fault
	}
	return reply
}

func (g *generator) advance(d time.Duration) {
	g.now = g.now.Add(d)
	g.add(engine.Step{Advance: g.now})
}

func (g *generator) clock() { g.advance(time.Duration(g.random.Below(3000)) * time.Millisecond) }

// set changes how far reads and indexes are behind, how much of a batch is done,
// and whether tables are throttled.
func (g *generator) set() {
	change := Pick(&g.random, []engine.Change{
		{Name: "read-delay", Value: "0s"}, {Name: "read-delay", Value: "500ms"}, {Name: "read-delay", Value: "2s"},
		{Name: "index-delay", Value: "0s"}, {Name: "index-delay", Value: "900ms"},
		{Name: "batch-limit", Value: "0"}, {Name: "batch-limit", Value: "5"},
		{Name: "throttle", Value: "true"}, {Name: "throttle", Value: "true"}, {Name: "throttle", Value: "false"},
		{Name: "split-size", Value: "0"}, {Name: "split-size", Value: "2000"},
	})
	g.steps = append(g.steps, engine.Step{Set: change})
}

// table picks a table, mostly one that is ready.
func (g *generator) table() *generated {
	for range 5 {
		t := g.tables[g.random.Below(len(g.tables))]
		if !t.ready.After(g.now) {
			return t
		}
	}
	return g.tables[0]
}

func (g *generator) createTable() {
	if len(g.tables) == 12 {
		return
	}
	t := &generated{region: Pick(&g.random, regions), shape: &shapes[g.made%len(shapes)], ready: g.now.Add(transition)}
	t.name = "Table" + strconv.Itoa(g.made)
	g.made++
	g.tables = append(g.tables, t)
	stream := ""
	if g.made%3 > 0 {
		region := t.region
		if region == "" {
			region = engine.DefaultRegion
		}
		t.stream = "arn:aws:dynamodb:" + region + ":" + engine.DefaultAccount + ":table/" + t.name + "/stream/" + g.now.Format("2006-01-02T15:04:05.000")
		stream = `,"StreamSpecification":{"StreamEnabled":true,"StreamViewType":"` + Pick(&g.random, views) + `"}`
	}
	g.call(t.region, "CreateTable", `{"TableName":"%s",%s%s}`, t.name, t.shape.definition, stream)
}

func (g *generator) deleteTable() {
	if len(g.tables) < 5 {
		return
	}
	i := g.random.Below(len(g.tables))
	t := g.tables[i]
	g.call(t.region, "DeleteTable", `{"TableName":"%s"}`, t.name)
	if !t.ready.After(g.now) {
		g.tables = append(g.tables[:i:i], g.tables[i+1:]...)
	}
}

func (g *generator) describe() {
	t := g.table()
	g.call(t.region, "DescribeTable", `{"TableName":"%s"}`, t.name)
}

func (g *generator) list() {
	g.call(Pick(&g.random, regions), "ListTables", `{"Limit":%d}`, 1+g.random.Below(5))
}

func (g *generator) put() {
	t := g.table()
	item := t.key(g) + g.attributes() + g.until()
	g.call(t.region, "PutItem", `{"TableName":"%s","Item":{%s}%s%s}`, t.name, item, g.condition(), g.returns("ALL_OLD"))
}

func (g *generator) get() {
	t := g.table()
	projection := Pick(&g.random, []string{"", "", `,"ProjectionExpression":"n, l[1], l[0], m.x, g"`, `,"ConsistentRead":true`})
	g.call(t.region, "GetItem", `{"TableName":"%s","Key":{%s}%s%s}`, t.name, t.key(g), projection, g.returns())
}

func (g *generator) delete() {
	t := g.table()
	g.call(t.region, "DeleteItem", `{"TableName":"%s","Key":{%s}%s%s}`, t.name, t.key(g), g.condition(), g.returns("ALL_OLD"))
}

func (g *generator) update() {
	t := g.table()
	text := Pick(&g.random, updates)
	values := g.values(text)
	g.call(t.region, "UpdateItem", `{"TableName":"%s","Key":{%s},"UpdateExpression":"%s"%s%s}`, t.name, t.key(g), text, values,
		g.returns("ALL_OLD", "ALL_NEW", "UPDATED_OLD", "UPDATED_NEW"))
}

// condition is a ConditionExpression, or more often nothing.
func (g *generator) condition() string {
	if g.random.Below(4) > 0 {
		return ""
	}
	text := Pick(&g.random, conditions)
	return `,"ConditionExpression":"` + text + `"` + g.values(text)
}

// returns are members that ask for more in the reply.
func (g *generator) returns(modes ...string) string {
	var s strings.Builder
	if len(modes) > 0 && g.random.Below(2) == 0 {
		fmt.Fprintf(&s, `,"ReturnValues":"%s"`, Pick(&g.random, modes))
	}
	if len(modes) > 0 && g.random.Below(4) == 0 {
		s.WriteString(`,"ReturnValuesOnConditionCheckFailure":"ALL_OLD","ReturnItemCollectionMetrics":"SIZE"`)
	}
	if g.random.Below(2) == 0 {
		fmt.Fprintf(&s, `,"ReturnConsumedCapacity":"%s"`, Pick(&g.random, []string{"TOTAL", "INDEXES"}))
	}
	return s.String()
}

func (g *generator) query() {
	t := g.table()
	r := g.read(t)
	cond, filter := r.condition, ""
	if r.rangeKey != "" && g.random.Below(2) == 0 {
		cond += " AND " + strings.ReplaceAll(Pick(&g.random, rangeConditions), "@", r.rangeKey)
	}
	if g.random.Below(3) == 0 {
		filter = Pick(&g.random, filters)
	}
	g.call(t.region, "Query", `{"TableName":"%s"%s,"KeyConditionExpression":"%s"%s%s%s%s}`,
		t.name, r.index, cond, quotedMember("FilterExpression", filter), g.values(cond+" "+filter), g.page(), g.returns())
}

func (g *generator) scan() {
	t := g.table()
	r := g.read(t)
	segment, filter := "", ""
	if g.random.Below(2) == 0 {
		n := 1 + g.random.Below(6)
		segment = fmt.Sprintf(`,"TotalSegments":%d,"Segment":%d`, n, g.random.Below(n))
	}
	if g.random.Below(3) == 0 {
		filter = Pick(&g.random, filters)
	}
	g.call(t.region, "Scan", `{"TableName":"%s"%s%s%s%s%s%s}`,
		t.name, r.index, segment, quotedMember("FilterExpression", filter), g.values(filter), g.page(), g.returns())
}

func quotedMember(name, value string) string {
	if value == "" {
		return ""
	}
	return `,"` + name + `":"` + value + `"`
}

// page are the members that say how much, in which order, and what of it.
func (g *generator) page() string {
	var s strings.Builder
	if g.random.Below(2) == 0 {
		fmt.Fprintf(&s, `,"Limit":%d`, 1+g.random.Below(20))
	}
	if g.random.Below(3) == 0 {
		s.WriteString(`,"ScanIndexForward":false`)
	}
	if g.random.Below(5) == 0 {
		s.WriteString(`,"Select":"COUNT"`)
	}
	return s.String()
}

// nonsense is a request that fails early.
func (g *generator) nonsense() {
	op := Pick(&g.random, []string{"PutItem", "GetItem", "Query", "Scan", "UpdateItem", "CreateTable", "ListTables", "Nothing", ""})
	body := Pick(&g.random, []string{"", "{", "[]", `{"TableName":5}`, `{"TableName":"x"}`, `{"TableName":"Table0","Key":{}}`, "\xff", `{"a":"` + "\x00" + `"}`})
	g.call("", op, "%s", body)
}
