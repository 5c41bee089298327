package web

import (
	"strconv"
	"strings"

	"github.com/sortkey/sortkey/components"
	"github.com/sortkey/sortkey/engine"
)

// planOf says in a line what the request on the desk does, or where it is
// wrong.
func planOf(ws *workspace, o *outcome) components.Plan {
	if o == nil {
		return components.Plan{Words: components.Say("PutItem, Query, CreateTable: the first word decides.")}
	}
	p := components.Plan{Text: o.text, Note: "ran at " + clockTime(o.now)}
	if o.wrong != nil {
		p.Subject = "Not a request."
		p.Words = components.Say("One problem, line " + strconv.Itoa(o.wrong.At.Line) + ".")
		p.Note = "not sent"
		p.Mark = &components.Mark{From: o.wrong.At.Offset, To: max(o.wrong.End, o.wrong.At.Offset)}
		return p
	}
	p.Subject = o.req.Operation + "."
	if o.trace.Table != "" {
		p.Subject = o.req.Operation + " on " + target(o) + "."
	}
	if o.trace.Err != nil {
		p.Note = "last run rejected"
		p.Words, p.Mark = problem(o)
		return p
	}
	p.Words = components.Say(ws.planWords(o)).Say(ageWords(o.trace)).Say(ignored(o.trace))
	p.Caution = o.trace.Operation == "Scan"
	return p
}

// problem says where in the text an error lies, as far as it is known.
func problem(o *outcome) (components.Words, *components.Mark) {
	f := o.trace.Err.Fault
	if f == nil {
		return components.Say("Rejected: see below."), nil
	}
	from, ok := o.req.Locate([]string{f.Member}, f.Offset)
	to, ok2 := o.req.Locate([]string{f.Member}, f.End)
	if !ok || !ok2 {
		return components.Say("Rejected: see below."), nil
	}
	return components.Say("One problem, line " + strconv.Itoa(from.Line) + "."), &components.Mark{From: from.Offset, To: to.Offset}
}

var plans = map[string]string{
	"PutItem":            "A whole item is written; whatever had its key is replaced.",
	"UpdateItem":         "One item, found by its whole key, is read, changed and written.",
	"DeleteItem":         "One item, found by its whole key, is removed.",
	"BatchWriteItem":     "Items put and deleted, each on its own: no conditions, and not all or nothing.",
	"TransactWriteItems": "All of it or none of it, at twice the write units.",
	"CreateTable":        "A table is made: key schema, indexes, billing.",
	"DescribeTable":      "What the table is: keys, indexes, sizes.",
	"ListTables":         "The names of the tables of this region, in order.",
	"DeleteTable":        "The table goes, with its indexes and all items.",
	"UpdateTable":        "The table is changed: capacity, indexes, stream, protection.",

	"UpdateTimeToLive":          "An attribute with seconds since 1970 says when an item expires, or no longer does.",
	"DescribeTimeToLive":        "Which attribute says when an item expires.",
	"TagResource":               "Tags are added; one with the same key is replaced.",
	"UntagResource":             "The tags with these keys go.",
	"ListTagsOfResource":        "The tags of a table.",
	"PutResourcePolicy":         "The policy says who may do what with the table; one before it is replaced.",
	"GetResourcePolicy":         "The policy of the table.",
	"DeleteResourcePolicy":      "The policy goes; the table is open to its account as before.",
	"DescribeLimits":            "What the account may provision in this region.",
	"DescribeEndpoints":         "Where the service is reached.",
	"ListStreams":               "The streams of this region, those of deleted tables too, for a day.",
	"DescribeStream":            "What the stream is: its shards, and which came from which.",
	"GetShardIterator":          "A place in a shard to read from, good for 15 minutes.",
	"GetRecords":                "The records from the iterator on, and an iterator for what follows.",
	"DescribeContinuousBackups": "Whether the table can be restored to a point in time.",
}

// planWords are what the engine explains of a read, and words of ours for the
// rest.
func (ws *workspace) planWords(o *outcome) string {
	if ex := ws.explain(o); ex != nil {
		return ex.How[0]
	}
	if words := holdPlan(o); words != "" {
		return words
	}
	return plans[o.trace.Operation]
}

// ignored names the members of a request that DynamoDB does not know: it says
// nothing of them, so we do.
func ignored(tr *engine.Trace) string {
	names := make([]string, len(tr.Unknown))
	for i, u := range tr.Unknown {
		names[i] = clip(u.Path, 80)
	}
	if len(names) == 0 {
		return ""
	}
	return " Not known to " + tr.Operation + " and ignored: " + strings.Join(names, ", ") + "."
}
