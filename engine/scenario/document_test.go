package scenario

import (
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"
)

const small = "---\nsortkey: 1\ntitle: Small\nseed: 7\nstart: 2026-11-22T09:41:07Z\nregion: us-east-1\n---\n" + `
# Heading

Some *prose* & <script>alert(1)</script>.

` + "```dynamodb region=eu-west-1" + `
ListTables {} // all

Query { TableName: "T" }
` + "```" + `

` + "```clock" + `
advance 1h30m
2026-11-23T00:00:00Z
` + "```" + `

More prose, with code that is not ours:

` + "````markdown" + `
` + "```dynamodb" + `
Never { run: true }
` + "```" + `
` + "````" + `

` + "```view table=Shop dock=\"b tree\"" + `
Query {
` + "```" + `
`

func TestParse(t *testing.T) {
	d, err := Parse([]byte(small))
	if err != nil {
		t.Fatal(err)
	}
	if got := string(d.Text()); got != small {
		t.Errorf("the text changed:\n%s", got)
	}
	start := time.Date(2026, 11, 22, 9, 41, 7, 0, time.UTC)
	if d.Title != "Small" || d.Seed != 7 || !d.Start.Equal(start) || d.Region != "us-east-1" {
		t.Errorf("header: %+v", d)
	}
	var kinds []BlockKind
	for _, b := range d.Blocks {
		kinds = append(kinds, b.Kind)
		if got := strings.Split(small, "\n")[b.Line-1]; got != strings.SplitN(b.Text, "\n", 2)[0] {
			t.Errorf("a block of kind %d says line %d, which is %q", b.Kind, b.Line, got)
		}
	}
	if want := []BlockKind{Prose, Requests, Ticks, Prose, View}; !reflect.DeepEqual(kinds, want) {
		t.Fatalf("blocks %v", kinds)
	}
	steps := d.Steps()
	if len(steps) != 4 || steps[0].Region != "eu-west-1" || string(steps[1].Request.Body) != `{"TableName":"T"}` ||
		steps[2].Tick.Advance != 90*time.Minute || !steps[3].Tick.At.Equal(start.Add(14*time.Hour+18*time.Minute+53*time.Second)) {
		t.Errorf("steps: %+v", steps)
	}
	if pos, ok := steps[1].Request.Locate([]string{"TableName"}, 0); !ok || pos.Line != 16 {
		t.Errorf("places count in the document: %+v", pos)
	}
	view, ok := d.View()
	if !ok || view.Text != "Query {" || view.Attributes.Get("dock") != "b tree" || view.Attributes.Get("table") != "Shop" {
		t.Errorf("view: %+v", view)
	}
}

func head(lines ...string) string {
	return "---\nsortkey: 1\n" + strings.Join(lines, "\n") + "\n---\n"
}

func TestParseErrors(t *testing.T) {
	code := func(lines ...string) string {
		return head0 + "```" + strings.Join(lines, "\n") + "\n```\n"
	}
	for _, c := range []struct {
		name, text string
		kind       ErrorKind
		line       int
		words      string
	}{
		{"empty", "", Header, 1, "begins with the line ---"},
		{"no header", "# Title\n", Header, 1, "begins with the line ---"},
		{"header never closed", "---\nsortkey: 1\n", Header, 1, "never closed"},
		{"no version", "---\ntitle: x\n---\n", Version, 2, "expected sortkey: 1 as the first line"},
		{"empty header", "---\n---\n", Version, 1, "expected sortkey: 1"},
		{"wrong version", "---\nsortkey: 2\nfuture: yes\n---\n", Version, 2, "version 2 of the format, here version 1 is read"},
		{"version is no number", "---\nsortkey: one\n---\n", Version, 2, "expected sortkey: 1"},
		{"unknown field", head("seeds: 1"), Header, 3, "no header line is called seeds: there are sortkey, title"},
		{"field twice", head("seed: 1", "seed: 1"), Header, 4, "stands twice"},
		{"no colon", head("seed"), Header, 3, "expected a name, a colon and a value"},
		{"seed", head("seed: -1"), Header, 3, "whole number"},
		{"start", head("start: yesterday"), Header, 3, "expected a time such as"},
		{"start not UTC", head("start: 2026-11-22T09:41:07+01:00"), Header, 3, "UTC"},
		{"start long ago", head("start: 0001-01-01T00:00:00Z"), Header, 3, "2012"},
		{"region", head("region: Frankfurt!"), Header, 3, "a name such as"},
		{"account", head("account: 12"), Header, 3, "12 digits"},
		{"degree", head("degree: 1"), Header, 3, "2 to 1024"},
		{"transition", head("transition: soon"), Header, 3, "duration"},
		{"title", head("title: " + strings.Repeat("x", 301)), Header, 3, "300"},
		{"title with a line end", head(`title: "a\nb"`), Header, 3, "one line"},
		{"bad string", head(`title: "a`), Header, 3, "expected a name"},
		{"many fields", head(strings.Repeat("\nx-a: 1", 70)), Header, 67, "too long"},
		{"not UTF-8", head0 + "a\n\xff", Syntax, 5, "UTF-8"},
		{"block never closed", head0 + "```dynamodb\nA {}\n", Syntax, 4, "never closed"},
		{"indented block", head0 + " ```clock\n```\n", Syntax, 4, "left edge"},
		{"unknown attribute", code("dynamodb regoin=x"), Syntax, 4, "no attribute regoin"},
		{"attribute twice", code("view a=1 a=2"), Syntax, 4, "different names"},
		{"attribute without value", code("view a"), Syntax, 4, "expected attributes such as"},
		{"bad region", code("dynamodb region=Mars!"), Syntax, 4, "a name such as"},
		{"bad encoding", code("dynamodb encoding=rot13"), Syntax, 4, "base64"},
		{"bad base64", code("dynamodb encoding=base64", "Query !"), Syntax, 5, "base64"},
		{"error in a request", code("dynamodb", "A {", "  b 1", "}"), Syntax, 6, "expected : after the member name"},
		{"request ends with its block", code("dynamodb", "A {"), Syntax, 5, "found the end of the text"},
		{"bad tick", code("clock", "wait 1h"), Syntax, 5, "or advance and a duration"},
		{"bad duration", code("clock", "advance 1m1h"), Syntax, 5, "expected a duration"},
		{"too far", code("clock", "advance 4000d"), Syntax, 5, "ten years"},
		{"too far in sum", head("start: 2026-01-01T00:00:00Z") + "```clock\n" + strings.Repeat("advance 3000d\n", 2) + "```\n", Clock, 7, "ten years"},
		{"backwards", head("start: 2026-01-02T00:00:00Z") + "```clock\n2026-01-01T00:00:00Z\n```\n", Clock, 6, "cannot go back: it stands at 2026-01-02T00:00:00Z"},
		{"too many steps", code("clock", strings.Repeat("advance 1s\n", MaxSteps+1)), TooMany, 5, "too many steps"},
		{"too many requests", code("dynamodb", strings.Repeat("A{} ", MaxSteps+1)), TooMany, 5, "too many requests"},
		{"too large", head0 + strings.Repeat("x", MaxText), TooLarge, 0, "too large"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := Parse([]byte(c.text))
			var e *Error
			if !errors.As(err, &e) {
				t.Fatalf("no *Error: %v", err)
			}
			if e.Kind != c.kind || e.At.Line != c.line || !strings.Contains(e.Message, c.words) {
				t.Errorf("got kind %d, %v\nwant kind %d, line %d, %s", e.Kind, e, c.kind, c.line, c.words)
			}
		})
	}
}

// TestCanonical gives texts and the form in which Text writes them again.
func TestCanonical(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"carriage returns", "---\r\nsortkey: 1\r\n---\r\nProse\r\n", head0 + "\nProse\n"},
		{"byte order mark", "\ufeff" + head0, head0},
		{"field order", head("region: eu-west-1", "x-b: ' y", "seed: 1", "x-a: 1", `title: "A: b"`),
			"---\nsortkey: 1\ntitle: \"A: b\"\nseed: 1\nregion: eu-west-1\nx-b: \"' y\"\nx-a: 1\n---\n"},
		{"all fields", head("degree: 4", "account: 123456789012", "transition: 1w90s"),
			"---\nsortkey: 1\naccount: 123456789012\ndegree: 4\ntransition: 7d90s\n---\n"},
		{"blank lines", head0 + "\n\n \n  a\n\nb\n\n\n```clock\n```\n\n\n", head0 + "\n  a\n\nb\n\n```clock\n```\n"},
		{"tilde fences", head0 + "~~~~view a=b`c\nx\n~~~\n~~~~~ \n", head0 + "\n```view a=\"b\\u0060c\"\nx\n~~~\n```\n"},
		{"fences in a draft", head0 + "````view\n```dynamodb\nA {}\n```\n````\n", head0 + "\n````view\n```dynamodb\nA {}\n```\n````\n"},
		{"an open fence of others", head0 + "```go\n```dynamodb\nA {\n", head0 + "\n```go\n```dynamodb\nA {\n"},
		{"last line without end", head0 + "```view\nx\n```", head0 + "\n```view\nx\n```\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			d, err := Parse([]byte(c.text))
			if err != nil {
				t.Fatal(err)
			}
			want := strings.ReplaceAll(c.want, "7d90s", "7d1m30s")
			if got := string(d.Text()); got != want {
				t.Errorf("got\n%q\nwant\n%q", got, want)
			}
		})
	}
}

const head0 = "---\nsortkey: 1\n---\n"

func TestEncodedRequests(t *testing.T) {
	body := []byte("{\"a\":\"\xff\n")
	d := &Document{Blocks: []Block{newEncoded("eu-west-1", Request{Operation: "PutItem", Body: body})}}
	again, err := Parse(d.Text())
	if err != nil {
		t.Fatal(err)
	}
	steps := again.Steps()
	if len(steps) != 1 || string(steps[0].Request.Body) != string(body) || steps[0].Region != "eu-west-1" || !again.Equal(d) {
		t.Errorf("%+v", steps)
	}
}

func TestBuildDocument(t *testing.T) {
	requests, err := NewRequests("eu-west-1", Request{Operation: "Query", Body: []byte(`{"TableName":"T","Limit":1}`)}, Request{Operation: "ListTables", Body: []byte("{}")})
	if err != nil {
		t.Fatal(err)
	}
	d := &Document{
		Title: "# \"Título\": ```\u2028 😀",
		Start: time.Date(2026, 1, 1, 0, 0, 0, 5, time.UTC),
		Blocks: []Block{requests, NewTicks(Tick{Advance: 36*time.Hour + time.Millisecond}, Tick{At: time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC)}),
			NewView("```\nQuery {\n\n", Attributes{{"index", "by`Status"}, {"table", "a b\"c"}})},
	}
	again, err := Parse([]byte(strings.ReplaceAll(string(d.Text()), `\u2028`, " ")))
	if err != nil {
		t.Fatalf("%v\n%s", err, d.Text())
	}
	again.Title = d.Title
	if !again.Equal(d) {
		t.Errorf("got\n%s\nwant\n%s", again.Text(), d.Text())
	}
	steps := again.Steps()
	if len(steps) != 4 || steps[0].Request.Operation != "Query" || !steps[2].IsTick() || steps[2].Tick.Advance != 36*time.Hour+time.Millisecond {
		t.Errorf("%+v", steps)
	}
	if _, err := NewRequests("", Request{Operation: "Query", Body: []byte("[")}); err == nil {
		t.Error("a body that is no object cannot be a request in the notation")
	}
}

func TestDurations(t *testing.T) {
	for text, want := range map[string]string{
		"1h": "1h", "90s": "1m30s", "1w": "7d", "1d12h": "1d12h", "1500ms": "1s500ms", "1us1ns": "1us1ns", "0s": "0s", "3660d": "3660d",
		"": "", "1": "", "h": "", "1.5h": "", "-1h": "", "1h1h": "", "1s1m": "", "3661d": "", "99999999999999999999s": "", "1y": "", "1h ": "",
	} {
		d, problem := parseDuration(text)
		if got := formatDuration(d); (problem == "") != (want != "") || problem == "" && got != want {
			t.Errorf("%q gives %s %q, want %q", text, got, problem, want)
		}
	}
}

func FuzzDocument(f *testing.F) {
	f.Add(small)
	f.Add(head("x-a: \"`\"") + "a\n\n~~~ dynamodb\nA{}\n~~~\n```go\n")
	f.Add(head("start: 2026-01-01T00:00:00Z") + "```clock\nadvance 1w # x\n```\n````view a=\"\\u0060\"\n```\n````")
	f.Add(head() + "```dynamodb encoding=base64\nA AAAA\n```")
	f.Fuzz(func(t *testing.T, text string) {
		d, err := Parse([]byte(text))
		if err != nil {
			_ = err.(*Error)
			return
		}
		again, err := Parse(d.Text())
		if err != nil {
			t.Fatalf("%v in the text of %q:\n%q", err, text, d.Text())
		}
		if !again.Equal(d) {
			t.Fatalf("not stable:\n%q\n%q", d.Text(), again.Text())
		}
		a, b := d.Steps(), again.Steps()
		if len(a) != len(b) {
			t.Fatalf("%d steps became %d", len(a), len(b))
		}
		for i := range a {
			if a[i].Region != b[i].Region || a[i].Request.Operation != b[i].Request.Operation ||
				string(a[i].Request.Body) != string(b[i].Request.Body) || a[i].Tick.String() != b[i].Tick.String() {
				t.Fatalf("step %d: %+v became %+v", i, a[i], b[i])
			}
			if r := a[i].Request; a[i].Region != "" && !isRegion(a[i].Region) || r.Operation != "" && !json.Valid(r.Body) && r.Source()[0] == '{' {
				t.Fatalf("step %d: %+v", i, a[i])
			}
		}
	})
}
