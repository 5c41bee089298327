package web

import (
	_ "embed"
	"slices"
	"strconv"
	"strings"

	"github.com/sortkey/sortkey/components"
	"github.com/sortkey/sortkey/engine"
	"github.com/sortkey/sortkey/engine/attr"
	"github.com/sortkey/sortkey/engine/store"
)

// templateText has a request for each operation under the heading of its
// group, with $names for what the table decides.
//
//go:embed templates.txt
var templateText string

// templates are the blocks of templateText.
var templates = strings.Split(strings.TrimSpace(templateText), "\n\n")

func firstWord(text string) string {
	word, _, _ := strings.Cut(text, " ")
	return word
}

// template is a request of the operation to begin with, for the table named,
// the one on the desk, or the first there is.
func (ws *workspace) template(op, table string) (string, bool) {
	if runLabel(op) == "" {
		return "", false
	}
	for _, text := range templates {
		if firstWord(text) == op {
			return ws.templateWords(ws.subject(table)).Replace(text) + "\n", true
		}
	}
	return op + " {}\n", true // the reply tells what it lacks
}

// insertGroups are the operations served, in the groups of the templates.
func insertGroups() []components.InsertGroup {
	left := engine.Operations()
	var list []components.InsertGroup
	for _, text := range templates {
		op := firstWord(text)
		if op == "#" {
			list = append(list, components.InsertGroup{Name: text[2:]})
		} else if i := slices.Index(left, op); i >= 0 {
			g := &list[len(list)-1]
			g.Operations, left = append(g.Operations, op), slices.Delete(left, i, i+1)
		}
	}
	list = append(list, components.InsertGroup{Name: "More", Operations: left})
	return slices.DeleteFunc(list, func(g components.InsertGroup) bool { return len(g.Operations) == 0 })
}

// templateWords are what the names in a template stand for.
func (ws *workspace) templateWords(t *engine.TableInfo) *strings.Replacer {
	table := ws.described(t.Name)
	arn := table.Get("TableArn").Str
	if arn == "" {
		arn = "arn:aws:dynamodb:" + ws.region + ":" + ws.engine.Options().Account + ":table/" + t.Name
	}
	stream := table.Get("LatestStreamArn").Str
	if stream == "" {
		stream = arn + "/stream/2026-01-01T00:00:00.000"
	}
	hash := t.Key.Hash[0]
	expires, on := "expires", t.TTL.Attribute == ""
	if !on {
		expires = t.TTL.Attribute
	}
	return strings.NewReplacer(
		"$table", quote(t.Name), "$resource", quote("table/"+t.Name), "$copy", quote(clip(t.Name, 240)+"-restored"), "$key", sampleKey(t),
		"$hash", quote(hash.Name), "$value", sampleValue(hash), "$expires", quote(expires), "$ttl", strconv.FormatBool(on),
		"$unprotected", strconv.FormatBool(!table.Get("DeletionProtectionEnabled").Bool()),
		"$arn", quote(arn), "$stream", quote(stream), "$backup", quote(arn+"/backup/01700000000000-0123abcd"),
		"$select", quote(selectText(t.Name, hash)), "$policy", quote(policyText(arn)))
}

// selectText is a statement that reads one item collection.
func selectText(table string, hash store.KeyAttr) string {
	values := map[attr.Kind]string{attr.S: "'a'", attr.N: "1", attr.B: "'YQ=='"}
	name := func(s string) string { return `"` + strings.ReplaceAll(s, `"`, `""`) + `"` }
	return "SELECT * FROM " + name(table) + " WHERE " + name(hash.Name) + " = " + values[hash.Kind]
}

// policyText is a resource policy that keeps everyone from deleting the table.
func policyText(arn string) string {
	statement := object{}.text("Sid", "keep").text("Effect", "Deny").text("Principal", "*").
		text("Action", "dynamodb:DeleteTable").text("Resource", arn)
	return object{}.text("Version", "2012-10-17").with("Statement", array(statement.String())).String()
}

// subject is the table a template is for. A workspace without tables gets the
// one that CreateTable's template makes.
func (ws *workspace) subject(name string) *engine.TableInfo {
	if t := ws.table(name); t != nil {
		return t
	}
	if ws.shown != nil && ws.shown.wrong == nil {
		if t := ws.table(ws.shown.trace.Table); t != nil {
			return t
		}
	}
	if all := ws.engine.Tables(ws.region); len(all) > 0 {
		return &all[0]
	}
	text := func(name string) []store.KeyAttr { return []store.KeyAttr{{Name: name, Kind: attr.S}} }
	return &engine.TableInfo{Name: "Orders", Key: store.Key{Hash: text("customer"), Range: text("placedAt")}}
}

func sampleKey(t *engine.TableInfo) string {
	var parts []string
	for _, a := range t.Key.Attrs() {
		parts = append(parts, quote(a.Name)+": "+sampleValue(a))
	}
	return strings.Join(parts, ", ")
}

var samples = map[attr.Kind]string{attr.S: `{ S: "a" }`, attr.N: `{ N: "1" }`, attr.B: `{ B: "YQ==" }`}

func sampleValue(a store.KeyAttr) string { return samples[a.Kind] }
