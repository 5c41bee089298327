package web

import (
	"github.com/tidwall/gjson"

	"github.com/sortkey/sortkey/components"
	"github.com/sortkey/sortkey/engine/attr"
	"github.com/sortkey/sortkey/engine/scenario"
)

// moreOf offers the next page of a Query or Scan: the same request with the
// cursor as its ExclusiveStartKey.
func moreOf(o *outcome) *components.More {
	read := o.trace.Read
	if !read.More {
		return nil
	}
	w := components.Say("More pages: LastEvaluatedKey is ")
	for i, m := range read.Cursor {
		if i > 0 {
			w = w.Say(", ")
		}
		w = w.Say(m.Name + " ").Code(clip(compact(m.Value), 80))
	}
	text, ok := nextPage(o)
	if !ok {
		return nil
	}
	return &components.More{Words: w.Say("."), Text: text}
}

// nextPage writes the cursor into the request: in the place of the one it has,
// or as a last member.
func nextPage(o *outcome) (string, bool) {
	body := string(o.req.Body)
	cursor := `"ExclusiveStartKey":` + string(attr.AppendMap(nil, o.trace.Read.Cursor))
	if old := gjson.Get(body, "ExclusiveStartKey"); old.Index > 0 {
		from := old.Index - len(`"ExclusiveStartKey":`)
		body = body[:from] + cursor + body[old.Index+len(old.Raw):]
	} else {
		body = body[:len(body)-1] + "," + cursor + "}"
	}
	text, err := scenario.Format(o.req.Operation, []byte(body))
	return text, err == nil
}
