package web

import (
	"net/url"
	"strings"
	"time"

	"github.com/tidwall/gjson"

	"github.com/sortkey/sortkey/components"
	"github.com/sortkey/sortkey/engine"
	"github.com/sortkey/sortkey/web/page"
)

// tableSheet is the dock's tab on one table: the one asked for, that of the
// outcome shown, or the first.
func (ws *workspace) tableSheet(o *outcome, s settings) *components.TableSheet {
	v := &components.TableSheet{}
	all := ws.engine.Tables(ws.region)
	t := ws.tableChosen(all, o, s.table)
	for i := range all {
		v.Tables = append(v.Tables, components.TableChoice{
			Name: all[i].Name, URL: sheetURL(all[i].Name, ""), Shown: t != nil && t.Name == all[i].Name,
		})
	}
	var table gjson.Result
	if t != nil {
		table = ws.described(t.Name)
		ws.describe(v, t, table)
	}
	v.Forms, v.Form = forms(t, table, s)
	return v
}

func (ws *workspace) tableChosen(all []engine.TableInfo, o *outcome, name string) *engine.TableInfo {
	if name == "" && o != nil && o.wrong == nil {
		name = o.trace.Table
	}
	for i := range all {
		if all[i].Name == name {
			return &all[i]
		}
	}
	if len(all) > 0 {
		return &all[0]
	}
	return nil
}

func sheetURL(table, form string) string {
	q := url.Values{"table": {table}}
	if form != "" {
		q.Set("kind", form)
	}
	return "desk/dock/" + string(components.DockTable) + "?" + q.Encode()
}

// ask is a call of the page's own that only reads.
func (ws *workspace) ask(operation, body string) gjson.Result {
	r := ws.engine.Handle(engine.Call{Target: engine.Target(operation), Region: ws.region, Body: []byte(body)})
	if r.Status != page.StatusOK {
		return gjson.Result{}
	}
	return gjson.ParseBytes(r.Body)
}

// described is what DescribeTable says of a table, nothing where there is none.
func (ws *workspace) described(table string) gjson.Result {
	return ws.ask("DescribeTable", `{"TableName":`+quote(table)+`}`).Get("Table")
}

// describe fills the sheet with what the service itself says of the table.
func (ws *workspace) describe(v *components.TableSheet, t *engine.TableInfo, table gjson.Result) {
	v.Name, v.Keys = t.Name, keysOf(t.Key)
	v.Facts = append(v.Facts,
		components.Detail{Name: "Status", Value: table.Get("TableStatus").Str},
		components.Detail{Name: "Capacity", Value: capacityOf(table)},
		components.Detail{Name: "Items", Value: components.Counted(t.Items, "item") + ", " + components.Grouped(int(t.Bytes)) + " B"},
		components.Detail{Name: "Partitions", Value: components.Grouped(t.Partitions)},
		components.Detail{Name: "Created", Value: t.Created.Format("2 Jan 2006, 15:04:05") + " UTC"},
		components.Detail{Name: "Deletion protection", Value: onOff(table.Get("DeletionProtectionEnabled").Bool())},
		components.Detail{Name: "Stream", Value: streamOf(table)},
		components.Detail{Name: "ARN", Value: table.Get("TableArn").Str, Code: true},
	)
	v.TTL = ws.ttlTerms(t)
	v.Expiries, v.MoreExpire = ws.expiries(t), max(0, t.TTL.Items-maxExpiries)
	v.Tags = ws.tagTerms(table.Get("TableArn").Str)
	lags := ws.lags(t.Name)
	for i := range t.Indexes {
		x := ws.indexSheet(&t.Indexes[i], t.Items, table)
		x.Lag = lags[x.Name]
		v.Indexes = append(v.Indexes, x)
	}
}

func capacityOf(table gjson.Result) string {
	if table.Get("BillingModeSummary.BillingMode").Str == "PAY_PER_REQUEST" {
		return "on demand"
	}
	p := table.Get("ProvisionedThroughput")
	return p.Get("ReadCapacityUnits").Raw + " RCU, " + p.Get("WriteCapacityUnits").Raw + " WCU"
}

func streamOf(table gjson.Result) string {
	if !table.Get("StreamSpecification.StreamEnabled").Bool() {
		return "off"
	}
	return table.Get("StreamSpecification.StreamViewType").Str
}

func onOff(on bool) string {
	if on {
		return "on"
	}
	return "off"
}

// ttlTerms say which attribute ends an item's time.
func (ws *workspace) ttlTerms(t *engine.TableInfo) []components.Detail {
	if t.TTL.Attribute == "" {
		return []components.Detail{{Name: "Time to live", Value: "off"}}
	}
	return []components.Detail{{Name: "Time to live", Value: t.TTL.Attribute + ", " + t.TTL.Status}}
}

// maxExpiries is how many items are counted down.
const maxExpiries = 12

// expiries count down what the table will lose.
func (ws *workspace) expiries(t *engine.TableInfo) []components.Expiry {
	now := ws.engine.Now()
	var list []components.Expiry
	for _, x := range ws.engine.Expiries(ws.region, t.Name, maxExpiries) {
		v := components.Expiry{Key: clip(keyText(values(t.Key.Attrs(), x.Item)), 80), Swept: countdown(x.Swept.Sub(now))}
		if v.Expires = "expired, can still be read"; x.Expires.After(now) {
			v.Expires = "expires " + countdown(x.Expires.Sub(now))
		}
		list = append(list, v)
	}
	return list
}

func countdown(d time.Duration) string {
	if d <= 0 {
		return "at once"
	}
	return "in " + until(d)
}

func (ws *workspace) tagTerms(arn string) []components.Detail {
	var list []string
	for _, tag := range ws.ask("ListTagsOfResource", `{"ResourceArn":`+quote(arn)+`}`).Get("Tags").Array() {
		list = append(list, tag.Get("Key").Str+" = "+tag.Get("Value").Str)
	}
	if len(list) == 0 {
		return nil
	}
	return []components.Detail{{Name: "Tags", Value: strings.Join(list, ", ")}}
}

// indexSheet is one index: what the engine counts, and what DescribeTable
// says of its state.
func (ws *workspace) indexSheet(x *engine.IndexInfo, items int, table gjson.Result) components.IndexSheet {
	member, kind := "GlobalSecondaryIndexes", "GSI"
	if x.Local {
		member, kind = "LocalSecondaryIndexes", "LSI"
	}
	v := components.IndexSheet{
		Name: x.Name, Kind: kind, Keys: keysOf(x.Key), Entries: components.Grouped(x.Items), Size: components.Grouped(int(x.Bytes)) + " B",
	}
	if x.Backfilling {
		v.Backfill = &components.Progress{Done: x.Filled, Total: items, Words: components.Grouped(x.Filled) + " of " + components.Counted(items, "item")}
	}
	for _, d := range table.Get(member).Array() {
		if d.Get("IndexName").Str == x.Name {
			v.Status, v.Projection = d.Get("IndexStatus").Str, projectionOf(d.Get("Projection"))
		}
	}
	return v
}

func projectionOf(p gjson.Result) string {
	words := p.Get("ProjectionType").Str
	var names []string
	for _, n := range p.Get("NonKeyAttributes").Array() {
		names = append(names, n.Str)
	}
	if len(names) > 0 {
		words += " " + strings.Join(names, ", ")
	}
	return words
}
