package web

import (
	"strconv"

	"github.com/tidwall/gjson"

	"github.com/sortkey/sortkey/engine"
	"github.com/sortkey/sortkey/engine/attr"
)

// quote writes s as a string of the notation.
func quote(s string) string { return string(attr.AppendString(nil, s)) }

// placeholders reads the request's ExpressionAttributeNames.
func placeholders(o *outcome) map[string]string {
	names := map[string]string{}
	gjson.GetBytes(o.req.Body, "ExpressionAttributeNames").ForEach(func(k, v gjson.Result) bool {
		names[k.Str] = v.Str
		return true
	})
	return names
}

// freePlaceholder is the name placeholder to use for a word: one that stands
// for it already, else a new one.
func freePlaceholder(o *outcome, word string) (name string, add bool) {
	names := placeholders(o)
	for i := 1; ; i++ {
		name = "#" + word
		if i > 1 {
			name += strconv.Itoa(i)
		}
		stands, taken := names[name]
		if !taken {
			return name, true
		}
		if stands == word {
			return name, false
		}
	}
}

// withPlaceholder writes the placeholder for the word at fault into the
// editor's text, and its meaning into ExpressionAttributeNames. Everything
// else of the text stays as the visitor wrote it.
func withPlaceholder(o *outcome, f *engine.Fault, name string, add bool) (string, bool) {
	from, ok := o.req.Locate([]string{f.Member}, f.Offset)
	to, ok2 := o.req.Locate([]string{f.Member}, f.End)
	end, ok3 := o.req.Locate([]string{f.Member}, len(f.Source))
	if !ok || !ok2 || !ok3 {
		return "", false
	}
	edits := []edit{{from.Offset, to.Offset, name}}
	if add {
		pair := quote(name) + ": " + quote(f.Word)
		if at, ok := o.req.Locate([]string{"ExpressionAttributeNames"}, 0); ok {
			if len(placeholders(o)) > 0 {
				pair += ","
			}
			edits = append(edits, edit{at.Offset + 1, at.Offset + 1, " " + pair})
		} else {
			at := end.Offset + 1 // behind the closing quote
			edits = append(edits, edit{at, at, ",\n  ExpressionAttributeNames: { " + pair + " }"})
		}
	}
	return apply(o.text, edits), true
}

// edit replaces text[from:to].
type edit struct {
	from, to int
	with     string
}

// apply performs edits that do not overlap, from the last to the first.
func apply(text string, edits []edit) string {
	for len(edits) > 0 {
		at := 0
		for i, e := range edits {
			if e.from > edits[at].from {
				at = i
			}
		}
		e := edits[at]
		text = text[:e.from] + e.with + text[e.to:]
		edits = append(edits[:at:at], edits[at+1:]...)
	}
	return text
}
