package web

import (
	"strings"

	"github.com/sortkey/sortkey/components"
	"github.com/sortkey/sortkey/engine"
	"github.com/sortkey/sortkey/engine/scenario"
)

// unreadable is a text that is no request: where it goes wrong, in our words.
func unreadable(o *outcome) *components.Oops {
	v := &components.Oops{Name: "This is no request yet", Message: o.wrong.Message}
	v.Spots = []components.Spot{spotIn(o.text, o.wrong)}
	v.Reading = []components.Words{
		components.Say("A request is an operation and its members: ").Code(`GetItem { TableName: "Shop", Key: { … } }`).
			Say(". Names need no quotes, commas may trail, and // begins a comment."),
		components.Say("Nothing was sent, so nothing was read and nothing is charged."),
	}
	return v
}

// spotIn is the line of a text with the problem in it.
func spotIn(text string, e *scenario.Error) components.Spot {
	from, to := e.At.Offset, max(e.End, e.At.Offset)
	from, to = min(from, len(text)), min(to, len(text))
	start := strings.LastIndexByte(text[:from], '\n') + 1
	end := len(text)
	if i := strings.IndexByte(text[from:], '\n'); i >= 0 {
		end = from + i
	}
	to = min(to, end)
	return components.Spot{
		Member: "line " + components.Grouped(e.At.Line), Before: last(text[start:from], 120), Bad: clip(text[from:to], 80), After: clip(text[to:end], 120),
	}
}

// last is the end of s, at most n bytes of it.
func last(s string, n int) string {
	if len(s) <= n {
		return s
	}
	s = s[len(s)-n:]
	return strings.ToValidUTF8(s, "")
}

// oopsOf is an error reply: AWS's text, the place, a fix where one is certain.
func oopsOf(o *outcome) *components.Oops {
	e := o.trace.Err
	v := &components.Oops{Name: e.Code, Message: e.Message}
	if f := e.Fault; f != nil {
		v.Spots = []components.Spot{spotOf(f)}
		v.Fix = fixOf(o, f)
	}
	v.Reading = reading(o)
	return v
}

func spotOf(f *engine.Fault) components.Spot {
	from := min(f.Offset, len(f.Source))
	to := min(max(f.End, from), len(f.Source))
	return components.Spot{
		Member: f.Member, Before: `"` + last(f.Source[:from], 120), Bad: clip(f.Source[from:to], 80), After: clip(f.Source[to:], 120) + `"`,
	}
}

// reading explains the rules that learners meet first.
func reading(o *outcome) []components.Words {
	e := o.trace.Err
	free := components.Say("Requests that fail validation read nothing and cost nothing.")
	switch {
	case o.trace.Holders != nil:
		return conflictReading(o)
	case e.Fault != nil && e.Fault.Word != "":
		w := e.Fault.Word
		return []components.Words{
			components.Words{}.Code(w).Say(" is one of the 573 words DynamoDB keeps for itself in expressions. An attribute may still be called ").
				Code(w).Say("; only the expression has to reach it through a name placeholder."), free}
	case e.Code == "ConditionalCheckFailedException":
		return []components.Words{components.Say("The ConditionExpression was evaluated against the item as it is now and was false, so nothing was written. The attempt is paid for: see the receipt.")}
	case e.Code == "ResourceNotFoundException" && o.trace.Table != "":
		return []components.Words{components.Say("There is no table ").Code(clip(o.trace.Table, 255)).Say(" in region " + o.trace.Region + ". Table names are case-sensitive.")}
	case e.Code == "SerializationException":
		return []components.Words{components.Say("The body is JSON, but a member has a type that the API does not know there. Numbers of attribute values are strings: ").Code(`{ N: "42" }`).Say(".")}
	case e.Code == "UnknownOperationException":
		return []components.Words{components.Say("Served here: " + strings.Join(engine.Operations(), ", ") + ".")}
	case e.Code == "ValidationException":
		return []components.Words{free}
	}
	return nil
}

// fixOf offers a name placeholder for a reserved word.
func fixOf(o *outcome, f *engine.Fault) *components.Fix {
	if f.Word == "" {
		return nil
	}
	name, add := freePlaceholder(o, f.Word)
	text, ok := withPlaceholder(o, f, name, add)
	if !ok {
		return nil
	}
	words := components.Say("Writes ").Code(name).Say(" in the expression")
	if add {
		words = words.Say(" and adds ").Code(quote(name) + ": " + quote(f.Word)).Say(" to ExpressionAttributeNames")
	}
	return &components.Fix{Label: "Use " + name, Explains: words.Say(". Nothing else changes."), Text: text}
}
