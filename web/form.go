package web

import (
	"slices"
	"strconv"
	"strings"

	"github.com/tidwall/gjson"

	"github.com/sortkey/sortkey/components"
	"github.com/sortkey/sortkey/engine"
	"github.com/sortkey/sortkey/engine/scenario"
)

// formKind is a form of the table's sheet: its fields, and the request that
// they make.
type formKind struct {
	kind, label string // of the button that opens it
	run         string // of the button that runs what it makes
	table       bool   // it changes a table: there has to be one
	fields      func(t *engine.TableInfo, table gjson.Result) []components.Field
	make        func(t *engine.TableInfo, f fields) (operation string, body object, problem string)
}

// fields are the values of a form by name.
type fields map[string]string

var types = []string{"S", "N", "B"}

var formKinds = []formKind{
	{"create", "New table", "Create the table", false, createFields, makeCreate},
	{"index", "Add an index", "Add the index", true, indexFields, makeIndex},
	{"drop-index", "Remove an index", "Remove the index", true, dropFields, makeDrop},
	{"ttl", "Time to live", "Change time to live", true, ttlFields, makeTTL},
	{"capacity", "Capacity", "Change the capacity", true, capacityFields, makeCapacity},
	{"stream", "Stream", "Change the stream", true, streamFields, makeStream},
	{"tag", "Tags", "Set the tag", true, tagFields, makeTag},
	{"protection", "Protection", "Change the protection", true, protectionFields, makeProtection},
	{"delete", "Delete", "Delete the table", true, noFields, makeDelete},
}

// forms lists the forms for a table, nil for none, and fills the one asked for;
// table is what DescribeTable says of it.
func forms(t *engine.TableInfo, table gjson.Result, s settings) ([]components.FormChoice, *components.Form) {
	name, open := "", s.form
	if t != nil {
		name = t.Name
	} else {
		open = "create"
	}
	var list []components.FormChoice
	var form *components.Form
	for i := range formKinds {
		k := &formKinds[i]
		if k.table && t == nil {
			continue
		}
		list = append(list, components.FormChoice{Label: k.label, URL: sheetURL(name, k.kind), Open: k.kind == open})
		if k.kind == open {
			form = fill(k, t, table, s)
		}
	}
	return list, form
}

// fill puts the values sent into the form, and makes its request.
func fill(k *formKind, t *engine.TableInfo, table gjson.Result, s settings) *components.Form {
	f := &components.Form{Kind: k.kind, Label: k.run}
	if t != nil {
		f.Table = t.Name
	}
	values := fields{"arn": table.Get("TableArn").Str}
	f.Fields = k.fields(t, table)
	for i := range f.Fields {
		x := &f.Fields[i]
		if sent, ok := s.fields[x.Name]; ok {
			x.Value = sent
		}
		values[x.Name] = strings.TrimSpace(x.Value)
	}
	operation, body, problem := k.make(t, values)
	if problem != "" {
		f.Problem = problem
		return f
	}
	text, err := scenario.Format(operation, []byte(body.String()))
	if err != nil {
		f.Problem = "These fields make no request: " + err.Error() + "."
		return f
	}
	f.Text, f.Runs = text, request(text, 0).Runs
	return f
}

// object is a JSON object whose members keep the order in which they came.
type object []string

func (o object) with(name, value string) object { return append(o, quote(name)+":"+value) }
func (o object) text(name, value string) object { return o.with(name, quote(value)) }
func (o object) String() string                 { return "{" + strings.Join(o, ",") + "}" }

func array(elements ...string) string { return "[" + strings.Join(elements, ",") + "]" }

// key is the members KeySchema and AttributeDefinitions of a partition key and
// a sort key, the latter "" for none.
type keyFields struct{ hash, hashType, sort, sortType string }

func (k keyFields) schema() string {
	list := []string{object{}.text("AttributeName", k.hash).text("KeyType", "HASH").String()}
	if k.sort != "" {
		list = append(list, object{}.text("AttributeName", k.sort).text("KeyType", "RANGE").String())
	}
	return array(list...)
}

func (k keyFields) definitions() string {
	list := []string{object{}.text("AttributeName", k.hash).text("AttributeType", k.hashType).String()}
	if k.sort != "" && k.sort != k.hash {
		list = append(list, object{}.text("AttributeName", k.sort).text("AttributeType", k.sortType).String())
	}
	return array(list...)
}

func keyFieldsOf(hash, sort string) []components.Field {
	return []components.Field{
		{Name: "hash", Label: "Partition key", Value: hash}, {Name: "hash-type", Label: "Type", Value: "S", Options: types, Narrow: true},
		{Name: "sort", Label: "Sort key", Value: sort, Hint: "none"}, {Name: "sort-type", Label: "Type", Value: "S", Options: types, Narrow: true},
	}
}

func (f fields) key() keyFields {
	return keyFields{f["hash"], f["hash-type"], f["sort"], f["sort-type"]}
}

func createFields(*engine.TableInfo, gjson.Result) []components.Field {
	list := []components.Field{{Name: "name", Label: "Name", Value: "Orders"}}
	list = append(list, keyFieldsOf("customer", "placedAt")...)
	return append(list, unitFields("on demand", "5", "5")...)
}

// unitFields choose the billing mode.
func unitFields(mode, read, write string) []components.Field {
	return []components.Field{
		{Name: "billing", Label: "Capacity", Value: mode, Options: []string{"on demand", "provisioned"}},
		{Name: "read", Label: "RCU", Value: read, Narrow: true}, {Name: "write", Label: "WCU", Value: write, Narrow: true},
	}
}

func (f fields) units() (string, string) {
	for _, name := range []string{"read", "write"} {
		if !isNumber(f[name]) {
			return "", "RCU and WCU are whole numbers."
		}
	}
	return object{}.with("ReadCapacityUnits", f["read"]).with("WriteCapacityUnits", f["write"]).String(), ""
}

func isNumber(s string) bool {
	return s != "" && len(s) <= 18 && strings.Trim(s, "0123456789") == "" && (s == "0" || s[0] != '0')
}

func (f fields) billing(o object) (object, string) {
	if f["billing"] == "on demand" {
		return o.text("BillingMode", "PAY_PER_REQUEST"), ""
	}
	units, problem := f.units()
	return o.text("BillingMode", "PROVISIONED").with("ProvisionedThroughput", units), problem
}

func makeCreate(_ *engine.TableInfo, f fields) (string, object, string) {
	k := f.key()
	if f["name"] == "" || k.hash == "" {
		return "", nil, "A table needs a name and a partition key."
	}
	o := object{}.text("TableName", f["name"]).with("AttributeDefinitions", k.definitions()).with("KeySchema", k.schema())
	o, problem := f.billing(o)
	return "CreateTable", o, problem
}

func indexFields(t *engine.TableInfo, _ gjson.Result) []components.Field {
	name, hash := freeIndex(t)
	list := []components.Field{{Name: "name", Label: "Index", Value: name}}
	list = append(list, keyFieldsOf(hash, "")...)
	list = append(list, components.Field{Name: "projection", Label: "Projection", Value: "ALL", Options: []string{"ALL", "KEYS_ONLY", "INCLUDE"}},
		components.Field{Name: "include", Label: "Attributes to include", Hint: "for INCLUDE: total, items"})
	if !t.OnDemand {
		list = append(list, unitFields("", "5", "5")[1:]...)
	}
	return list
}

// freeIndex suggests an index that the table does not have yet: what is
// suggested should run.
func freeIndex(t *engine.TableInfo) (name, hash string) {
	for _, hash := range []string{"status", "customer", "date"} {
		name := "by" + strings.ToUpper(hash[:1]) + hash[1:]
		if !slices.ContainsFunc(t.Indexes, func(x engine.IndexInfo) bool { return x.Name == name }) {
			return name, hash
		}
	}
	return "", ""
}

func makeIndex(t *engine.TableInfo, f fields) (string, object, string) {
	k := f.key()
	if f["name"] == "" || k.hash == "" {
		return "", nil, "An index needs a name and a partition key."
	}
	p := object{}.text("ProjectionType", f["projection"])
	if f["projection"] == "INCLUDE" {
		var names []string
		for _, name := range strings.Split(f["include"], ",") {
			if name = strings.TrimSpace(name); name != "" {
				names = append(names, quote(name))
			}
		}
		p = p.with("NonKeyAttributes", array(names...))
	}
	x := object{}.text("IndexName", f["name"]).with("KeySchema", k.schema()).with("Projection", p.String())
	if !t.OnDemand {
		units, problem := f.units()
		if problem != "" {
			return "", nil, problem
		}
		x = x.with("ProvisionedThroughput", units)
	}
	o := update(t).with("AttributeDefinitions", k.definitions()).
		with("GlobalSecondaryIndexUpdates", array(object{}.with("Create", x.String()).String()))
	return "UpdateTable", o, ""
}

func update(t *engine.TableInfo) object { return object{}.text("TableName", t.Name) }

func dropFields(t *engine.TableInfo, _ gjson.Result) []components.Field {
	var names []string
	for _, x := range t.Indexes {
		if !x.Local {
			names = append(names, x.Name)
		}
	}
	if len(names) == 0 {
		return nil
	}
	return []components.Field{{Name: "name", Label: "Index", Value: names[0], Options: names}}
}

func makeDrop(t *engine.TableInfo, f fields) (string, object, string) {
	if f["name"] == "" {
		return "", nil, "This table has no global secondary index. Local ones stay as long as their table."
	}
	x := object{}.with("Delete", object{}.text("IndexName", f["name"]).String())
	return "UpdateTable", update(t).with("GlobalSecondaryIndexUpdates", array(x.String())), ""
}

func ttlFields(t *engine.TableInfo, _ gjson.Result) []components.Field {
	name, state := t.TTL.Attribute, "off"
	if name == "" {
		name, state = "expiresAt", "on"
	}
	return []components.Field{
		{Name: "attribute", Label: "Attribute, epoch seconds", Value: name},
		{Name: "state", Label: "State", Value: state, Options: []string{"on", "off"}, Narrow: true},
	}
}

func makeTTL(t *engine.TableInfo, f fields) (string, object, string) {
	spec := object{}.with("Enabled", strconv.FormatBool(f["state"] == "on")).text("AttributeName", f["attribute"])
	return "UpdateTimeToLive", update(t).with("TimeToLiveSpecification", spec.String()), ""
}

func capacityFields(t *engine.TableInfo, table gjson.Result) []components.Field {
	if t.OnDemand {
		return unitFields("provisioned", "5", "5")
	}
	p := table.Get("ProvisionedThroughput")
	return unitFields("on demand", p.Get("ReadCapacityUnits").Raw, p.Get("WriteCapacityUnits").Raw)
}

func makeCapacity(t *engine.TableInfo, f fields) (string, object, string) {
	o, problem := f.billing(update(t))
	if f["billing"] == "provisioned" && t.OnDemand && problem == "" {
		o = withIndexUnits(o, t, f)
	}
	return "UpdateTable", o, problem
}

// withIndexUnits gives every global index the units that it needs when its
// table leaves on-demand.
func withIndexUnits(o object, t *engine.TableInfo, f fields) object {
	var list []string
	units, _ := f.units()
	for _, x := range t.Indexes {
		if !x.Local {
			change := object{}.text("IndexName", x.Name).with("ProvisionedThroughput", units)
			list = append(list, object{}.with("Update", change.String()).String())
		}
	}
	if len(list) == 0 {
		return o
	}
	return o.with("GlobalSecondaryIndexUpdates", array(list...))
}

var streamViews = []string{"off", "NEW_AND_OLD_IMAGES", "NEW_IMAGE", "OLD_IMAGE", "KEYS_ONLY"}

func streamFields(_ *engine.TableInfo, table gjson.Result) []components.Field {
	view := streamViews[1]
	if streamOf(table) != "off" {
		view = "off"
	}
	return []components.Field{{Name: "images", Label: "Records hold", Value: view, Options: streamViews}}
}

func makeStream(t *engine.TableInfo, f fields) (string, object, string) {
	spec := object{}.with("StreamEnabled", strconv.FormatBool(f["images"] != "off"))
	if f["images"] != "off" {
		spec = spec.text("StreamViewType", f["images"])
	}
	return "UpdateTable", update(t).with("StreamSpecification", spec.String()), ""
}

func tagFields(*engine.TableInfo, gjson.Result) []components.Field {
	return []components.Field{
		{Name: "key", Label: "Tag", Value: "team"}, {Name: "value", Label: "Value", Value: "shop"},
		{Name: "what", Label: "Do", Value: "set", Options: []string{"set", "remove"}, Narrow: true},
	}
}

func makeTag(t *engine.TableInfo, f fields) (string, object, string) {
	o := object{}.text("ResourceArn", f["arn"])
	if f["what"] == "remove" {
		return "UntagResource", o.with("TagKeys", array(quote(f["key"]))), ""
	}
	tag := object{}.text("Key", f["key"]).text("Value", f["value"])
	return "TagResource", o.with("Tags", array(tag.String())), ""
}

func protectionFields(_ *engine.TableInfo, table gjson.Result) []components.Field {
	now := table.Get("DeletionProtectionEnabled").Bool()
	return []components.Field{{Name: "state", Label: "Deletion protection", Value: onOff(!now), Options: []string{"on", "off"}}}
}

func makeProtection(t *engine.TableInfo, f fields) (string, object, string) {
	return "UpdateTable", update(t).with("DeletionProtectionEnabled", strconv.FormatBool(f["state"] == "on")), ""
}

func noFields(*engine.TableInfo, gjson.Result) []components.Field { return nil }

func makeDelete(t *engine.TableInfo, _ fields) (string, object, string) {
	return "DeleteTable", update(t), ""
}
