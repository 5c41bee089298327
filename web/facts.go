package web

import (
	"strings"
	"time"

	"github.com/tidwall/gjson"

	"github.com/sortkey/sortkey/components"
	"github.com/sortkey/sortkey/engine"
	"github.com/sortkey/sortkey/engine/meter"
	"github.com/sortkey/sortkey/engine/store"
)

// factsOf are the key facts of a control-plane reply.
func factsOf(o *outcome) []components.Pair {
	if o.trace.Receipt != nil {
		return severalFacts(o)
	}
	reply := gjson.ParseBytes(o.reply.Body)
	switch {
	case reply.Get("TableNames").Exists():
		return namesOf(reply.Get("TableNames"))
	case describes(o) && o.table == nil:
		return []components.Pair{{Name: "Table", Value: components.Words{}.Code(o.trace.Table)}, {Name: "Status", Value: components.Say("removed")}}
	case describes(o):
		return tableFacts(o.table, described(o))
	}
	return replyFacts(o, reply)
}

// described is the table as the reply describes it.
func described(o *outcome) gjson.Result {
	reply := gjson.ParseBytes(o.reply.Body)
	if table := reply.Get("Table"); table.IsObject() {
		return table
	}
	return reply.Get("TableDescription")
}

// describes reports whether the reply is about a table as a whole.
func describes(o *outcome) bool { return described(o).IsObject() }

func namesOf(names gjson.Result) []components.Pair {
	pairs := []components.Pair{{Name: "Tables", Value: components.Say(components.Grouped(len(names.Array())))}}
	for _, n := range names.Array() {
		pairs = append(pairs, components.Pair{Name: "", Value: components.Words{}.Code(n.Str)})
	}
	return pairs
}

// tableFacts are what a table is now, and the states that the reply tells.
func tableFacts(t *engine.TableInfo, table gjson.Result) []components.Pair {
	pairs := []components.Pair{
		{Name: "Table", Value: components.Words{}.Code(t.Name)},
		{Name: "Status", Value: components.Say(t.Status)},
	}
	for _, a := range t.Key.Hash {
		pairs = append(pairs, components.Pair{Name: "Partition key", Value: components.Words{}.Code(a.Name).Say(" " + a.Kind.String())})
	}
	for _, a := range t.Key.Range {
		pairs = append(pairs, components.Pair{Name: "Sort key", Value: components.Words{}.Code(a.Name).Say(" " + a.Kind.String())})
	}
	bill := components.Say("on demand")
	if !t.OnDemand {
		bill = components.Say("provisioned, " + components.Grouped(int(t.Read)) + " RCU and " + components.Grouped(int(t.Write)) + " WCU")
	}
	pairs = append(pairs,
		components.Pair{Name: "Billing", Value: bill},
		components.Pair{Name: "Items", Value: components.Say(components.Grouped(t.Items) + ", " + components.Grouped(int(t.Bytes)) + " B")},
		components.Pair{Name: "Partitions", Value: components.Say(components.Grouped(t.Partitions))})
	for _, x := range t.Indexes {
		kind := "Global index"
		if x.Local {
			kind = "Local index"
		}
		pairs = append(pairs, components.Pair{Name: kind, Value: components.Words{}.Code(x.Name).Say(" on " + indexKey(x.Key) + indexState(table, x.Name))})
	}
	if stream := streamOf(table); stream != "off" {
		pairs = append(pairs, components.Pair{Name: "Stream", Value: components.Words{}.Code(stream)})
	}
	if table.Get("DeletionProtectionEnabled").Bool() {
		pairs = append(pairs, components.Pair{Name: "Deletion protection", Value: components.Say("on")})
	}
	return pairs
}

// severalFacts say what a batch or a transaction came to, table by table.
func severalFacts(o *outcome) []components.Pair {
	var pairs []components.Pair
	for _, a := range o.trace.Receipt.Arms {
		if a.Kind == meter.TableArm {
			pairs = append(pairs, components.Pair{Name: a.Name, Value: components.Say(components.Grouped(a.Bytes) + " B, " + a.Units.String() + " " + o.unit())})
		}
	}
	return pairs
}

func indexKey(k store.Key) string {
	s := ""
	for i, a := range k.Attrs() {
		if i > 0 {
			s += ", "
		}
		s += a.Name
	}
	return s
}

// indexState is what a reply says of an index that is not simply there.
func indexState(table gjson.Result, name string) string {
	for _, x := range table.Get("GlobalSecondaryIndexes").Array() {
		if state := x.Get("IndexStatus").Str; x.Get("IndexName").Str == name && status(state) != "" {
			return ", " + state
		}
	}
	return ""
}

// replyFacts print the members of any other reply, and of an empty one those of
// the request: they are what it has done.
func replyFacts(o *outcome, reply gjson.Result) []components.Pair {
	var pairs []components.Pair
	if len(reply.Map()) == 0 {
		pairs = append(pairs, components.Pair{Name: "Done", Value: components.Say("the reply is empty")})
		reply = gjson.ParseBytes(o.req.Body)
	}
	pairs = appendFacts(pairs, reply)
	if len(pairs) > maxFacts {
		pairs = append(pairs[:maxFacts], components.Pair{Value: components.Words{}.Faint("and more, in the JSON")})
	}
	return pairs
}

// maxFacts is how many lines of facts are drawn.
const maxFacts = 60

// appendFacts prints the members of an object, each under its own name: those
// of the service say what they are without the structure they are in.
func appendFacts(pairs []components.Pair, object gjson.Result) []components.Pair {
	object.ForEach(func(name, v gjson.Result) bool {
		switch {
		case v.IsObject():
			pairs = appendFacts(pairs, v)
		case v.IsArray():
			for i, x := range v.Array() {
				label := memberWords(name.Str)
				if i > 0 {
					label = ""
				}
				pairs = append(pairs, components.Pair{Name: label, Value: elementFact(x)})
			}
			if len(v.Array()) == 0 {
				pairs = append(pairs, components.Pair{Name: memberWords(name.Str), Value: components.Say("none")})
			}
		default:
			pairs = append(pairs, components.Pair{Name: memberWords(name.Str), Value: scalarFact(name.Str, v)})
		}
		return len(pairs) <= maxFacts
	})
	return pairs
}

// elementFact is one element of a list in a line: a tag as key = value, any
// other object by its members.
func elementFact(v gjson.Result) components.Words {
	if !v.IsObject() {
		return scalarFact("", v)
	}
	if v.Get("Key").Type == gjson.String && v.Get("Value").Exists() {
		return components.Words{}.Code(clip(v.Get("Key").Str, 200) + " = " + clip(v.Get("Value").Str, 400))
	}
	var w components.Words
	for i, p := range appendFacts(nil, v) {
		if i > 0 {
			w = w.Say(", ")
		}
		w = append(w.Say(p.Name+" "), p.Value...)
	}
	return w
}

func scalarFact(name string, v gjson.Result) components.Words {
	switch {
	case v.IsBool():
		return components.Say(onOff(v.Bool()))
	case v.Type == gjson.Number && strings.HasSuffix(name, "DateTime"):
		return components.Say(time.Unix(int64(v.Num), 0).UTC().Format("2 January 2006, 15:04:05") + " UTC")
	case v.Type == gjson.Number && v.Num == float64(int(v.Num)):
		return components.Say(components.Grouped(int(v.Num)))
	case v.Type == gjson.String:
		return components.Words{}.Code(clip(v.Str, 600))
	}
	return components.Say(clip(v.Raw, 600))
}

// memberWords spells a member's name out: TimeToLiveStatus is "Time to live
// status", ResourceArn "Resource ARN".
func memberWords(name string) string {
	var list []string
	from := 0
	for i := 1; i <= len(name); i++ {
		if i < len(name) && !wordBegins(name, i) {
			continue
		}
		word := name[from:i]
		switch {
		case word == "Arn" || word == "Id":
			word = strings.ToUpper(word)
		case from > 0 && strings.ToUpper(word) != word:
			word = strings.ToLower(word)
		}
		list, from = append(list, word), i
	}
	return strings.Join(list, " ")
}

// wordBegins reports whether a word of a CamelCase name begins at i.
func wordBegins(name string, i int) bool {
	upper := func(i int) bool { return i < len(name) && name[i] >= 'A' && name[i] <= 'Z' }
	return upper(i) && (!upper(i-1) || i+1 < len(name) && !upper(i+1))
}
