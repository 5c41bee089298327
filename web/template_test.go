package web

import (
	"strings"
	"testing"

	"github.com/tidwall/gjson"

	"github.com/sortkey/sortkey/engine"
	"github.com/sortkey/sortkey/engine/scenario"
)

func mustParse(t *testing.T, text string) scenario.Request {
	t.Helper()
	req, err := scenario.ParseRequest(text)
	if err != nil {
		t.Fatalf("%v in %s", err, text)
	}
	return req
}

// Every operation has a template that the engine understands, for every table
// of the example and for a workspace without any.
func TestEveryTemplateRuns(t *testing.T) {
	for _, op := range engine.Operations() {
		for _, table := range []string{"Shop", "Music", "Sessions", ""} {
			d := New(Config{})
			if table == "" {
				post(t, d, "/desk/new")
			}
			req := mustParse(t, get(t, d, "/desk/template?op="+op+"&table="+table))
			reply := d.ws.engine.Handle(call("", req))
			code := gjson.GetBytes(reply.Body, "__type").Str
			if strings.HasSuffix(code, "ValidationException") || strings.HasSuffix(code, "SerializationException") {
				// Only a reply knows the iterator that this one continues, a target that is
				// registered has to be there, and a legacy global table is of tables with
				// streams.
				if op != "GetRecords" && op != "CreateGlobalTable" && (op != "RegisterScalableTarget" || table != "") {
					t.Errorf("%s for %q: %s", op, table, reply.Body)
				}
			}
		}
	}
}

// All templates are well-formed, those of operations to come too, and the menu
// has each that is served once.
func TestTemplateText(t *testing.T) {
	d := New(Config{})
	words := d.ws.templateWords(d.ws.subject("Shop"))
	seen := map[string]bool{}
	for _, text := range templates {
		if strings.HasPrefix(text, "# ") {
			continue
		}
		text = words.Replace(text)
		req := mustParse(t, text)
		if seen[req.Operation] || strings.Contains(text, "$") {
			t.Errorf("%s: a second one, or a name that stands for nothing:\n%s", req.Operation, text)
		}
		seen[req.Operation] = true
		if formatted, err := scenario.Reformat(text); err != nil {
			t.Errorf("%s: %v %s", req.Operation, err, formatted)
		}
	}
	offered := map[string]int{}
	for _, g := range insertGroups() {
		for _, op := range g.Operations {
			offered[op]++
			if g.Name == "More" {
				t.Errorf("%s has no template", op)
			}
		}
	}
	for _, op := range engine.Operations() {
		if offered[op] != 1 {
			t.Errorf("the menu offers %s %d times", op, offered[op])
		}
	}
}

// A table whose items expire has a template that switches that off.
func TestTemplateOfTimeToLiveTurns(t *testing.T) {
	d := New(Config{})
	for _, want := range []string{"Enabled: true", "Enabled: false"} {
		text := get(t, d, "/desk/template?op=UpdateTimeToLive&table=Music")
		if !strings.Contains(text, want) {
			t.Errorf("%s lacks %s", text, want)
		}
		holds(t, post(t, d, "/desk/run", "text", text), "Attribute name", "expires")
		post(t, d, "/desk/clock", "by", "7200") // it can be changed once an hour
	}
}
