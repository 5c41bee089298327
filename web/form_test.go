package web

import (
	"html"
	"regexp"
	"strings"
	"testing"
)

var runValue = regexp.MustCompile(`id="form-run"[^>]* value="([^"]*)"`)

// formText is the request that a page's form makes.
func formText(t *testing.T, page string) string {
	t.Helper()
	m := runValue.FindStringSubmatch(page)
	if m == nil {
		t.Fatalf("no request in the form:\n%s", page)
	}
	return html.UnescapeString(m[1])
}

// The form shows the request that its fields make, and that is what runs.
func TestFormCreatesATable(t *testing.T) {
	d := New(Config{})
	page := post(t, d, "/desk/form", "kind", "create", "name", "Invoices", "hash", "customer", "hash-type", "S",
		"sort", "number", "sort-type", "N", "billing", "provisioned", "read", "3", "write", "2")
	text := formText(t, page)
	post(t, d, "/desk/run", "text", text)
	table := d.ws.table("Invoices")
	if table == nil || table.Read != 3 || table.Write != 2 || table.Key.Range[0].Name != "number" {
		t.Errorf("%s\nmakes %+v", text, table)
	}
	holds(t, get(t, d, "/desk/dock/table?table=Invoices"), "3 RCU, 2 WCU", `aria-pressed="true">Invoices`)
}

func TestFormsSayWhatIsMissing(t *testing.T) {
	d := New(Config{})
	for _, c := range []struct {
		why    string
		fields []string
	}{
		{"A table needs a name", []string{"kind", "create", "name", ""}},
		{"whole numbers", []string{"kind", "create", "billing", "provisioned", "read", "five"}},
		{"An index needs a name", []string{"kind", "index", "hash", ""}},
		{"no global secondary index", []string{"kind", "drop-index", "table", "Sessions"}},
	} {
		page := post(t, d, "/desk/form", c.fields...)
		holds(t, page, c.why)
		if strings.Contains(page, "form-run") {
			t.Errorf("%v: there is something to run all the same", c.fields)
		}
	}
}

// What is typed is data: quotes and markup stay what they are.
func TestFormQuotesWhatIsTyped(t *testing.T) {
	d := New(Config{})
	page := post(t, d, "/desk/form", "kind", "create", "name", `a"<b>`, "hash", "k\n`")
	if strings.Contains(page, "<b>&#34;") || strings.Contains(page, `a"<b>`) {
		t.Error("markup in the page")
	}
	text := formText(t, page)
	post(t, d, "/desk/run", "text", text)
	if got := d.ws.shown.trace.Err; got == nil || got.Code != "ValidationException" {
		t.Errorf("%s\n%v", text, got)
	}
}

// Every form of a table makes a request that can be read.
func TestEveryFormMakesARequest(t *testing.T) {
	d := New(Config{})
	for _, k := range formKinds {
		text := formText(t, get(t, d, "/desk/dock/table?table=Shop&kind="+k.kind))
		post(t, d, "/desk/run", "text", text)
		if d.ws.shown.wrong != nil {
			t.Errorf("%s: %s\n%v", k.kind, text, d.ws.shown.wrong)
		}
	}
}

func TestTableSheet(t *testing.T) {
	d := New(Config{})
	holds(t, get(t, d, "/desk/dock/table"), "byStatus", "7,183 B", "arn:aws:dynamodb:us-east-1:000000000000:table/Shop", "34 items")
	post(t, d, "/desk/new")
	holds(t, get(t, d, "/desk/dock/table"), "No table yet", "Create the table")
}

// The index that the form suggests is one that the table does not have.
func TestFormSuggestsAFreeIndex(t *testing.T) {
	d := New(Config{})
	for _, want := range []string{"byCustomer", "byDate"} {
		post(t, d, "/desk/run", "text", formText(t, get(t, d, "/desk/dock/table?table=Shop&kind=index")))
		found := false
		for _, x := range d.ws.table("Shop").Indexes {
			found = found || x.Name == want
		}
		if !found {
			t.Fatalf("what the form suggests does not make %s", want)
		}
		post(t, d, "/desk/clock", "by", "86400")
	}
	if page := get(t, d, "/desk/dock/table?table=Shop&kind=index"); strings.Contains(page, "form-run") {
		t.Error("every suggestion is taken, yet something is ready to run")
	}
}
