package global

import (
	"sort"
	"strconv"
	"strings"
	"time"

	"github.com/sortkey/sortkey/components"
	"github.com/sortkey/sortkey/engine"
	"github.com/sortkey/sortkey/engine/attr"
	"github.com/sortkey/sortkey/engine/store"
)

// answer is what became of a step, as the page tells it.
type answer struct {
	operation string // "UpdateItem"; "" of a step that is no request
	name      string // "200", or the code of an error
	text      string // the body, or AWS's message
	took      time.Duration
	bad       bool
	wrote     string // "price 24", "delete"; "" where nothing was written
}

// take takes one step in an engine.
func take(e *engine.Engine, s engine.Step) (answer, error) {
	if !s.IsCall() {
		_, err := e.Step(s)
		return answer{}, err
	}
	reply, trace := e.Observe(s.Call)
	a := answer{operation: engine.Operation(s.Call.Target), name: strconv.Itoa(reply.Status), text: string(reply.Body), took: reply.Took}
	if err := trace.Err; err != nil {
		a.bad, a.name, a.text = true, err.Code, err.Message
	} else if w := trace.Write; w != nil {
		a.wrote = changeWords(e, s.Call.Region, trace.Table, &w.Change)
	} else if s.Call.Writes() {
		a.wrote = a.operation
	}
	return a, nil
}

// changeWords says what a write changed: "price 24, stock 3", "delete".
func changeWords(e *engine.Engine, region, table string, c *store.Change) string {
	switch {
	case c.After == nil:
		return "delete"
	case c.Before != nil:
		return differenceWords(c.Before, c.After)
	}
	var key attr.Map
	for _, t := range e.Tables(region) {
		for _, a := range t.Key.Attrs() {
			if v, ok := c.After.Get(a.Name); ok && t.Name == table {
				key = key.With(a.Name, v)
			}
		}
	}
	return itemWords(c.After, key)
}

// differenceWords lists the attributes of an item that another does not have
// like this.
func differenceWords(before, after *attr.Item) string {
	var parts []string
	old := before.Map()
	for _, m := range after.Map() {
		if was, ok := old.Get(m.Name); !ok || compact(was) != compact(m.Value) {
			parts = append(parts, m.Name+" "+compact(m.Value))
		}
	}
	for _, m := range old {
		if _, ok := after.Get(m.Name); !ok {
			parts = append(parts, "no "+m.Name)
		}
	}
	if len(parts) == 0 {
		return "unchanged"
	}
	return strings.Join(parts, ", ")
}

// itemWords is an item without its key, "delete" for none.
func itemWords(item *attr.Item, key attr.Map) string {
	if item == nil {
		return "delete"
	}
	var parts []string
	for _, m := range item.Map() {
		if _, ok := key.Get(m.Name); !ok {
			parts = append(parts, m.Name+" "+compact(m.Value))
		}
	}
	if len(parts) == 0 {
		return "no attributes"
	}
	return strings.Join(parts, ", ")
}

// keyText prints a key on one line.
func keyText(key attr.Map) string {
	if len(key) == 1 {
		return compact(key[0].Value)
	}
	parts := make([]string, 0, len(key))
	for _, m := range key {
		parts = append(parts, compact(m.Value))
	}
	return strings.Join(parts, ", ")
}

// compact prints a value on one line: texts and numbers as they are, documents
// by what they hold.
func compact(v attr.Value) string {
	switch v.Kind() {
	case attr.S:
		return v.Str()
	case attr.N:
		return v.Number().String()
	case attr.BOOL:
		return strconv.FormatBool(v.Bool())
	case attr.B:
		return strconv.Itoa(len(v.Str())) + " B"
	case attr.M:
		return "{" + strconv.Itoa(len(v.Map())) + "}"
	case attr.L, attr.SS, attr.NS, attr.BS:
		return "[" + strconv.Itoa(len(v.Elems())) + "]"
	}
	return "null"
}

// short is an answer's name where there is little room.
func (a *answer) short() string { return strings.TrimSuffix(a.name, "Exception") }

// view is an answer in a region's tab.
func (a *answer) view() *components.LabReply {
	v := &components.LabReply{Error: a.bad, Name: a.name, Text: clip(a.text, 600)}
	if ms := a.took / time.Millisecond; ms >= 1 {
		v.Took = strconv.Itoa(int(ms)) + " ms"
	}
	return v
}

// clip is the beginning of s, at most n bytes of it.
func clip(s string, n int) string {
	if len(s) <= n {
		return s
	}
	return strings.ToValidUTF8(s[:n-1], "") + "…"
}

// wordsOf says of a write what it changed, by the request that made it.
func (r *run) wordsOf(h *engine.Happening) string {
	if h.Expired {
		return "expired"
	}
	if words := r.wroteAt(h.At, h.Region); words != "" {
		return words
	}
	if h.Deleted {
		return "delete"
	}
	return "write"
}

// wroteAt is what a region was asked to write at an instant, "" where that is
// not known.
func (r *run) wroteAt(at time.Time, region string) string {
	i := sort.Search(len(r.steps), func(i int) bool { return !r.steps[i].at.Before(at) })
	for ; i < len(r.steps) && r.steps[i].at.Equal(at); i++ {
		if s := &r.steps[i]; s.region() == region && s.wrote() != "" {
			return s.wrote()
		}
	}
	return ""
}
