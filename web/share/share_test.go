//go:build !js

package share

import (
	"context"
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/sortkey/sortkey/engine/scenario"
	"github.com/sortkey/sortkey/web"
	"github.com/sortkey/sortkey/web/page"
)

var site = map[string]string{"desk.css": "assets/desk.1.css", "desk.js": "assets/desk.2.js"}

// fixture is a handler over a folder of its own. Faults fail the test.
func fixture(t *testing.T) (*Handler, string) {
	t.Helper()
	dir := t.TempDir()
	return New(Config{
		Store:  Folder(dir),
		Assets: func(context.Context) (map[string]string, error) { return site, nil },
		Faults: func(problem any, stack []byte) { t.Errorf("fault: %v\n%s", problem, stack) },
	}), dir
}

const here = "https://sortkey.test"

func ask(h *Handler, r Request) page.Answer {
	r.Site = here
	if r.Method == "" {
		r.Method = "GET"
	}
	return h.Answer(context.Background(), r)
}

func header(w page.Answer, name string) string {
	for _, line := range w.Header {
		if line[0] == name {
			return line[1]
		}
	}
	return ""
}

// keep posts a document and gives its id.
func keep(t *testing.T, h *Handler, text string) string {
	t.Helper()
	w := ask(h, Request{Method: "POST", Path: "/api/scenarios", Body: []byte(text)})
	var made struct{ ID, Page string }
	if err := json.Unmarshal(w.Body, &made); err != nil || w.Status > 201 {
		t.Fatalf("POST: %d %s", w.Status, w.Body)
	}
	if made.Page != "s/"+made.ID || header(w, "Location") != "/s/"+made.ID {
		t.Errorf("the page is %q, Location %q", made.Page, header(w, "Location"))
	}
	return made.ID
}

const head = "---\nsortkey: 1\ntitle: Two items\nseed: 7\n---\n\n"

const twoItems = head + "# Two items\n\nA table with **two** items & a `Scan` of it.\n\n" +
	"```dynamodb\n" + createT + `
PutItem { TableName: "Tab", Item: { id: { S: "a<b>" } } }
PutItem { TableName: "Tab", Item: { id: { S: "</script>" } } }
` + "```\n\n```view\nScan { TableName: \"Tab\" }\n```\n"

const createT = `CreateTable {
  TableName: "Tab", BillingMode: "PAY_PER_REQUEST",
  AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
  KeySchema: [{ AttributeName: "id", KeyType: "HASH" }]
}`

func TestKeepAndShow(t *testing.T) {
	h, _ := fixture(t)
	id := keep(t, h, twoItems)
	doc := ask(h, Request{Path: "/api/scenarios/" + id})
	if doc.Status != 200 || header(doc, "Cache-Control") != forever || header(doc, "ETag") != `"`+id+`"` {
		t.Errorf("the document: %d %v", doc.Status, doc.Header)
	}
	kept, err := scenario.Parse(doc.Body)
	if err != nil || string(kept.Text()) != string(doc.Body) {
		t.Errorf("what is kept is not canonical: %v\n%s", err, doc.Body)
	}
	page := ask(h, Request{Path: "/s/" + id})
	if page.Status != 200 || header(page, "Cache-Control") != recheck {
		t.Fatalf("the page: %d %v %s", page.Status, page.Header, page.Body)
	}
	for _, want := range []string{
		"<title>Two items · Sortkey</title>",
		`<meta property="og:title" content="Two items">`,
		`content="A table with two items &amp; a Scan of it. 1 table, 2 items. Scan on Tab: 2 returned, 2 read, 2.0 units."`,
		`<meta property="og:url" content="https://sortkey.test/s/` + id + `">`,
		`<meta property="og:image" content="https://sortkey.test/s/` + id + `.png">`,
		`href="../assets/desk.1.css"`, `src="../assets/desk.2.js"`,
		"a&lt;b&gt;", "Opened from a link or file", "CreateTable", `<meta name="robots" content="noindex">`,
	} {
		if !strings.Contains(string(page.Body), want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	if strings.Count(string(page.Body), "</script>") != strings.Count(string(page.Body), "<script") {
		t.Error("text of the document has become markup")
	}
	if header(page, "Content-Security-Policy") == "" || header(page, "X-Content-Type-Options") != "nosniff" {
		t.Errorf("headers of the page: %v", page.Header)
	}
}

// The page's engine opens the text in the page, and must come to what is
// painted.
func TestTakeover(t *testing.T) {
	h, _ := fixture(t)
	shop, err := os.ReadFile("../scenarios/record-shop.md")
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{"two items": twoItems, "record shop": string(shop), "no view": noView(twoItems), "empty": head} {
		page := string(ask(h, Request{Path: "/s/" + keep(t, h, text)}).Body)
		_, script, _ := strings.Cut(page, `<script id="scenario" type="application/json">`)
		script, _, _ = strings.Cut(script, "</script>")
		var opened string
		if err := json.Unmarshal([]byte(script), &opened); err != nil {
			t.Fatalf("%s: %v in %.100q", name, err, script)
		}
		doc, err := scenario.Parse([]byte(opened))
		if err != nil {
			t.Fatal(err)
		}
		desk, err := web.Opened(web.Config{Assets: site}, doc, scenario.Limits{})
		if err != nil {
			t.Fatal(err)
		}
		body := string(desk.Serve("GET", "/desk?dock=requests", nil).Body)
		if !strings.Contains(page, body) {
			t.Errorf("%s: what the engine renders is not what was painted", name)
		}
	}
}

func noView(text string) string {
	before, _, _ := strings.Cut(text, "```view")
	return before
}

// Without a request to look at, the page shows the document's last one.
func TestShowsTheLastRequest(t *testing.T) {
	h, _ := fixture(t)
	page := string(ask(h, Request{Path: "/s/" + keep(t, h, noView(twoItems))}).Body)
	for _, want := range []string{"PutItem on Tab", "1.0 WRU"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
}

func TestSameDocumentSameID(t *testing.T) {
	h, dir := fixture(t)
	id := keep(t, h, twoItems)
	for name, other := range map[string]string{
		"line ends":   strings.ReplaceAll(twoItems, "\n", "\r\n"),
		"a mark":      "\ufeff" + twoItems,
		"blank lines": strings.ReplaceAll(twoItems, "\n\n```", "\n\n\n\n```"),
	} {
		if got := keep(t, h, other); got != id {
			t.Errorf("%s: %s, want %s", name, got, id)
		}
	}
	if got := keep(t, h, strings.Replace(twoItems, "Two items", "Three items", 1)); got == id {
		t.Error("another document has the same id")
	}
	if n := files(t, dir); n != 2 {
		t.Errorf("%d files are kept, want 2", n)
	}
}

func files(t *testing.T, dir string) (n int) {
	t.Helper()
	err := filepath.WalkDir(dir, func(_ string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			n++
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// What is under an id stays; a document whose id is taken gets a longer one.
func TestNothingIsOverwritten(t *testing.T) {
	h, dir := fixture(t)
	doc, err := scenario.Parse([]byte(twoItems))
	if err != nil {
		t.Fatal(err)
	}
	sum := digest(string(doc.Text()))
	if err := Folder(dir).Put(t.Context(), sum[:16], "something else"); err != nil {
		t.Fatal(err)
	}
	if id := keep(t, h, twoItems); id != sum[:24] {
		t.Errorf("got %s, want %s", id, sum[:24])
	}
	if err := Folder(dir).Put(t.Context(), sum[:16], "again"); err != nil {
		t.Fatal(err)
	}
	if text, ok, err := Folder(dir).Get(t.Context(), sum[:16]); text != "something else" || !ok || err != nil {
		t.Errorf("got %q %v %v", text, ok, err)
	}
}

func TestMany(t *testing.T) {
	h, dir := fixture(t)
	var all sync.WaitGroup
	for i := range 64 {
		all.Go(func() {
			text := strings.Replace(twoItems, "Two items", "Number "+strconv.Itoa(i%8), 1)
			ask(h, Request{Method: "POST", Path: "/api/scenarios", Body: []byte(text)})
		})
	}
	all.Wait()
	if n := files(t, dir); n != 8 {
		t.Errorf("%d files, want 8", n)
	}
}

func TestConditional(t *testing.T) {
	h, _ := fixture(t)
	id := keep(t, h, twoItems)
	for _, path := range []string{"/api/scenarios/" + id, "/s/" + id, "/s/" + id + ".png"} {
		w := ask(h, Request{Path: path})
		tag := header(w, "ETag")
		for _, known := range []string{tag, "W/" + tag, `"x", ` + tag} {
			if again := ask(h, Request{Path: path, IfMatch: known}); again.Status != 304 || len(again.Body) > 0 || header(again, "ETag") != tag {
				t.Errorf("%s with %s: %d, %d bytes", path, known, again.Status, len(again.Body))
			}
		}
		if again := ask(h, Request{Path: path, IfMatch: `"other"`}); again.Status != 200 {
			t.Errorf("%s with another tag: %d", path, again.Status)
		}
	}
}

func TestRefusals(t *testing.T) {
	h, dir := fixture(t)
	id := keep(t, h, twoItems)
	long := twoItems + "\n" + strings.Repeat("words and ", MaxText/10)
	for _, c := range []struct {
		name   string
		r      Request
		status int
		want   string
	}{
		{"no id", Request{Path: "/api/scenarios/"}, 404, "no scenario"},
		{"unknown", Request{Path: "/api/scenarios/0000000000000000"}, 404, "no scenario"},
		{"unknown page", Request{Path: "/s/0000000000000000"}, 404, "<h1>There is no scenario at this address.</h1>"},
		{"unknown picture", Request{Path: "/s/0000000000000000.png"}, 404, "no scenario"},
		{"another case", Request{Path: "/s/" + strings.ToUpper(id)}, 404, "no scenario"},
		{"a path", Request{Path: "/api/scenarios/../../../etc/passwd"}, 404, "no scenario"},
		{"short", Request{Path: "/s/" + id[:8]}, 404, "no scenario"},
		{"reading where one posts", Request{Path: "/api/scenarios"}, 405, "posted"},
		{"posting where one reads", Request{Method: "POST", Path: "/s/" + id, Body: []byte("x")}, 405, "reading"},
		{"deleting", Request{Method: "DELETE", Path: "/api/scenarios/" + id}, 405, "reading"},
		{"from elsewhere", Request{Method: "POST", Path: "/api/scenarios", Origin: "https://evil.test", Body: []byte(twoItems)}, 403, "own page"},
		{"from a file", Request{Method: "POST", Path: "/api/scenarios", Origin: "null", Body: []byte(twoItems)}, 403, "own page"},
		{"empty", Request{Method: "POST", Path: "/api/scenarios"}, 422, "line 1"},
		{"prose", Request{Method: "POST", Path: "/api/scenarios", Body: []byte("hello")}, 422, "expected a scenario"},
		{"not text", Request{Method: "POST", Path: "/api/scenarios", Body: []byte("---\nsortkey: 1\n---\n\xff\xfe")}, 422, "UTF-8"},
		{"a later version", Request{Method: "POST", Path: "/api/scenarios", Body: []byte("---\nsortkey: 9\n---\n")}, 422, "version"},
		{"half a request", Request{Method: "POST", Path: "/api/scenarios", Body: []byte(head + "```dynamodb\nQuery {\n```\n")}, 422, "line"},
		{"deep", Request{Method: "POST", Path: "/api/scenarios", Body: []byte(head + "```dynamodb\nQuery " + strings.Repeat("{a:", 20_000) + "\n```\n")}, 422, "line"},
		{"too long", Request{Method: "POST", Path: "/api/scenarios", Body: []byte(long)}, 413, "65536"},
	} {
		w := ask(h, c.r)
		if w.Status != c.status || !strings.Contains(string(w.Body), c.want) {
			t.Errorf("%s: %d %.200s, want %d with %q", c.name, w.Status, w.Body, c.status, c.want)
		}
		if header(w, "Cache-Control") != "no-store" || header(w, "X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s: headers %v", c.name, w.Header)
		}
	}
	if n := files(t, dir); n != 1 {
		t.Errorf("%d files are kept, want 1", n)
	}
}

// What is damaged in the store is not shown as if it were what was kept.
func TestDamaged(t *testing.T) {
	h, dir := fixture(t)
	var faults int
	h.config.Faults = func(any, []byte) { faults++ }
	id := keep(t, h, twoItems)
	if err := os.WriteFile(Folder(dir).file(id), []byte(head), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"/s/" + id, "/api/scenarios/" + id} {
		if w := ask(h, Request{Path: path}); w.Status != 500 {
			t.Errorf("%s: %d %s", path, w.Status, w.Body)
		}
	}
	if faults != 2 {
		t.Errorf("%d faults were told, want 2", faults)
	}
}
