package web

import (
	"github.com/sortkey/sortkey/components"
	"github.com/sortkey/sortkey/engine"
)

// explain is what the engine tells of a read in the state that it saw; nil for
// what is no read, was refused, or saw a state that has been let go of.
func (ws *workspace) explain(o *outcome) *engine.Explanation {
	if o.explained != nil || o.wrong != nil || o.trace.Err != nil || !explains(o.trace.Operation) {
		return o.explained
	}
	e := ws.engine
	if ws.base != nil {
		e = o.after.engine
	}
	if e == nil {
		return nil
	}
	c := call(ws.region, o.req)
	c.Region = o.trace.Region
	if ex, err := e.Explain(c); err == nil {
		o.explained = &ex
	}
	return o.explained
}

func explains(operation string) bool {
	switch operation {
	case "GetItem", "Query", "Scan", "BatchGetItem", "TransactGetItems":
		return true
	}
	return false
}

// wayOf is the explanation as the receipt prints it.
func (ws *workspace) wayOf(o *outcome) (w components.Way) {
	ex := ws.explain(o)
	if ex == nil {
		return w
	}
	for _, sentence := range ex.How {
		w.Words = append(w.Words, components.Say(sentence))
	}
	w.Range = clip(ex.Range.Text, 400)
	w.Lines = wayLines(o, ex)
	return w
}

// wayLines count what was evaluated: on the one page there is, or on all pages
// to come as well.
func wayLines(o *outcome, ex *engine.Explanation) []components.Line {
	count := components.Grouped(ex.Evaluated) + " evaluated, " + components.Grouped(ex.Returned) + " returned"
	units := ex.Units.String() + " " + o.unit()
	switch {
	case ex.Pages > 1 && ex.Complete:
		return []components.Line{{Label: "to read it all, " + components.Counted(ex.Pages, "page"), Figure: units}, {Label: count, Kind: components.Sub}}
	case ex.Pages > 1:
		return []components.Line{{Label: "to read the first " + components.Counted(ex.Pages, "page"), Figure: units}, {Label: count + "; there are more", Kind: components.Sub}}
	case ex.Access == engine.ByKey && ex.Keys == 1:
		return nil
	}
	return []components.Line{{Label: "evaluated", Figure: components.Grouped(ex.Evaluated)}, {Label: "returned", Figure: components.Grouped(ex.Returned)}}
}
