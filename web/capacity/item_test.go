package capacity

import (
	"net/url"
	"os"
	"strings"
	"testing"

	"github.com/sortkey/sortkey/components"
	"github.com/sortkey/sortkey/engine"
	"github.com/sortkey/sortkey/engine/attr"
	"github.com/sortkey/sortkey/engine/scenario"
	"github.com/sortkey/sortkey/web/page"
)

func newPage(t *testing.T) *Page {
	t.Helper()
	return New(Config{Faults: func(problem any, stack []byte) { t.Errorf("a bug in the engine: %v\n%s", problem, stack) }})
}

func weighText(t *testing.T, text string) weighed {
	t.Helper()
	return newPage(t).weigh(itemInput{text: text})
}

// The page's tables and its first item are those of the Record shop.
func TestRecordShop(t *testing.T) {
	text, err := os.ReadFile("../scenarios/record-shop.md")
	if err != nil {
		t.Fatal(err)
	}
	doc, err := scenario.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	bodies := map[string]bool{}
	for _, b := range doc.Blocks {
		for _, r := range b.Requests {
			bodies[string(r.Body)] = true
		}
	}
	ours, err := scenario.ParseRequests(tablesText + `PutItem { TableName: "Shop", Item: ` + orderText + "}")
	if err != nil || len(ours) != 4 {
		t.Fatalf("%d requests, %v", len(ours), err)
	}
	for _, r := range ours {
		if !bodies[string(r.Body)] {
			t.Errorf("not in the Record shop: %s", r.Body)
		}
	}
}

func TestOrder(t *testing.T) {
	w := weighText(t, orderText)
	if w.size != orderSize || w.calc.Sizes.Bytes != orderSize {
		t.Errorf("the order has %d bytes", w.size)
	}
	if got := w.usage.String(); got != "743,1,1,743" {
		t.Errorf("the month is to take over %s", got)
	}
	var got []string
	for _, v := range w.calc.Sizes.Verdicts {
		got = append(got, v.What+" "+v.Figure+" "+v.Unit+" ("+v.Of+")")
	}
	want := []string{
		"Write it 1 WRU (743 B, up to 1 KB)", "with byStatus and byTotal 3 WRU (table 1, GSI 1, LSI 1)",
		"in a transaction 4 WRU (table 2, GSI 1, LSI 1)", "Read it 0.5 RRU (743 B, up to 4 KB, eventual × 0.5)",
		"strongly consistent 1 RRU (× 1)", "in a transaction 2 RRU (× 2)",
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("verdicts:\n%s", strings.Join(got, "\n"))
	}
	if w.calc.Form.Wrong != nil || w.calc.Form.WrongTable != nil || w.calc.Form.Own {
		t.Errorf("%+v", w.calc.Form)
	}
}

// The rows' bytes, and those inside lists and maps, add up to the engine's own
// size of the item, whatever it is.
func TestSizesAddUp(t *testing.T) {
	for _, text := range []string{
		orderText, `{}`, `{"id":"é€😀","n":-12.5,"deep":{"a":[1,[2,[3,{}]],{"b":{"c":null}}],"t":true},"empty":[]}`,
		`{ id: {B: "AAEC"}, ss: {SS: ["a","bb"]}, ns: {NS: ["1","22","-3"]}, bs: {BS: ["AA==","AAAA"]}, z: {N: "0"}, m: {M: {x: {SS: ["é"]}}} }`,
	} {
		w := weighText(t, text)
		if w.calc.Form.Wrong != nil {
			t.Fatalf("%s: %+v", text, w.calc.Form.Wrong)
		}
		sum, inside := 0, map[string]components.Inside{}
		for _, in := range w.calc.Sizes.Inside {
			inside[in.Name] = in
		}
		for _, r := range w.calc.Sizes.Rows {
			sum += r.NameBytes + r.ValueBytes
			if r.Type.Type != "L" && r.Type.Type != "M" {
				continue
			}
			own := 3
			for _, v := range inside[r.Name].Rows {
				own += 1 + v.NameBytes + v.ValueBytes
			}
			if own != r.ValueBytes || own != inside[r.Name].Bytes {
				t.Errorf("%s: inside %s there are %d bytes of %d", text, r.Name, own, r.ValueBytes)
			}
		}
		if sum != w.size {
			t.Errorf("%s: rows come to %d bytes of %d", text, sum, w.size)
		}
	}
}

func TestRules(t *testing.T) {
	w := weighText(t, `{ id: {S: "a"}, accent: {S: "né"}, n: {N: "77.90"}, neg: {N: "-5"}, zero: {N: "-0"}, b: {B: "AAEC"},
	  ss: {SS: ["a", "bb"]}, l: {L: []}, m: {M: {x: {NULL: true}}}, ok: {BOOL: false}, many: {NS: ["1","2","3","4","5","6","7"]} }`)
	want := map[string]string{
		"id": "1 UTF-8 byte", "accent": "2 characters, 3 UTF-8 bytes", "n": "77.9: 2 pairs of digits, plus 1",
		"neg": "-5: 1 pair of digits, plus 1, 1 for the sign", "zero": "0 is 1 byte", "b": "3 raw bytes, not their base64",
		"ss": "1 + 2, no overhead", "l": "3 + 0 elements, 1 each for type", "m": "3 + 1 entry, 1 for its type", "ok": "always 1",
		"many": "7 elements, no overhead",
	}
	for _, r := range w.calc.Sizes.Rows {
		if r.Rule != want[r.Name] {
			t.Errorf("%s: %q, want %q", r.Name, r.Rule, want[r.Name])
		}
		delete(want, r.Name)
	}
	if len(want) > 0 {
		t.Errorf("without a row: %v", want)
	}
}

func TestTakenFor(t *testing.T) {
	for text, want := range map[string]string{
		`{"a": 1, "b": {"c": "x"}}`:                             "Taken for plain JSON",
		`{"a": {"N": "1"}}`:                                     "Taken for DynamoDB JSON",
		`{a: {N: "1"}, /* forgiven */ }`:                        "Taken for DynamoDB JSON",
		`{"a": {"S": "1"}, "b": 2, "c": 3}`:                     "most values have no type",
		`PutItem { TableName: "T", Item: { id: { S: "x" } } }`:  "Its member Item was weighed",
		`{"TableName": "T", "Item": {"id": {"S": "x"}}}`:        "Its member Item was weighed",
		`{"Item": {"id": "x"}}`:                                 "Taken for plain JSON",
		`{"Item": {"S": "x"}}`:                                  "every value has its type",
		`{"id": {"S": "x"}, "Item": {"M": {"id": {"S": "y"}}}}`: "every value has its type",
	} {
		w := weighText(t, text)
		if got := w.calc.Form.TakenFor.String(); w.calc.Form.Wrong != nil || !strings.Contains(got, want) {
			t.Errorf("%s: %q %+v, want %q", text, got, w.calc.Form.Wrong, want)
		}
	}
	p := newPage(t)
	if w := p.weigh(itemInput{text: `{"a": {"S": "x"}}`, as: plain}); w.size != 1+3+1+1+1 { // a map with the member S
		t.Errorf("as plain JSON it has %d bytes", w.size)
	}
	if w := p.weigh(itemInput{text: `{"a": 1}`, as: typed}); w.calc.Form.Wrong == nil {
		t.Error("as DynamoDB JSON a bare number passes")
	}
}

// Each text has its mistake between two bars.
func TestWrongItems(t *testing.T) {
	for _, c := range []struct{ text, words, service string }{
		{`{ id: {S: "x"}, n: {N: |5|} }`, "digits of a number go in quotes", "NUMBER_VALUE cannot be converted to String"},
		{"{\n  \"a\": 1,\n  \"n\": |1e400|\n}", "too large", ""},
		{`{ "a": 1, "n": |123456789012345678901234567890123456789| }`, "at most 38", ""},
		{`{ a: {S: "x"}, l: {L: [{S: "y"}, {NULL: |false|}]} }`, "NULL is always true", "Null attribute value types must have the value of true"},
		{`{ a: {SS: |[|"x", "x"]} }`, "each element once", "contains duplicates"},
		{`{ a: {SS: |[|]} }`, "at least one element", "An string set  may not be empty"},
		{`{ a: {S: "x"}, |""|: {S: "y"} }`, "at least one character", "Empty attribute name"},
		{`{ a: {S: "x"}, b: {B: |"AAA"|} }`, "groups of four", "expected a multiple of 4 bytes"},
		{`{ a: {S: "x"}, b: |{|X: "y"} }`, "no type", "Supplied AttributeValue is empty"},
		{`{ a: {S: "x"}, b: |{|S: "y", N: "1"} }`, "more than one type", "more than one datatypes set"},
		{`{ a: {S: "x"}, b: {N: |"twelve"|} }`, "no number", "cannot be converted to a numeric value"},
		{`{"a": "x", "": 1}`, "at least one character", ""},
		{`{"a": 1, "b": [1, 2||`, "to close the [", ""},
		{`|[|1]`, "begins with {", ""},
		{`|hello|`, "begins with {", ""},
		{`{"a": 1} |{|}`, "One item is weighed at a time", ""},
		{` `, "nothing here", ""},
		{`PutItem { TableName: "T", Item: { id: { N: |7| } } }`, "in quotes", "NUMBER_VALUE"},
	} {
		parts := strings.Split(c.text, "|")
		text := strings.Join(parts, "")
		w := weighText(t, text)
		wrong := w.calc.Form.Wrong
		if wrong == nil {
			t.Errorf("%s: nothing wrong", text)
			continue
		}
		if !strings.Contains(wrong.Name, c.words) || !strings.Contains(wrong.Message, c.service) || c.service == "" && wrong.Message != "" {
			t.Errorf("%s: %q, %q", text, wrong.Name, wrong.Message)
		}
		if w.calc.Form.Text != text {
			t.Errorf("%s became %s", text, w.calc.Form.Text)
		}
		if len(parts) == 3 {
			s, before := wrong.Spots[0], parts[0][strings.LastIndex(parts[0], "\n")+1:]
			after, _, _ := strings.Cut(parts[2], "\n")
			if s.Before != before || s.Bad != parts[1] || s.After != after {
				t.Errorf("%s: the place is %q, %q, %q", text, s.Before, s.Bad, s.After)
			}
		}
	}
}

func TestDeepItem(t *testing.T) {
	if w := weighText(t, `{"a":`+strings.Repeat("[", 32)+strings.Repeat("]", 32)+`}`); w.calc.Form.Wrong != nil {
		t.Errorf("32 levels: %+v", w.calc.Form.Wrong)
	}
	if w := weighText(t, `{"a":`+strings.Repeat("[", 33)+strings.Repeat("]", 33)+`}`); w.calc.Form.Wrong == nil {
		t.Error("33 levels pass")
	}
	if w := weighText(t, strings.Repeat(`{"a":`, 200)+"1"+strings.Repeat("}", 200)); w.calc.Form.Wrong == nil {
		t.Error("200 levels pass")
	}
}

func TestTables(t *testing.T) {
	for text, want := range map[string]string{
		`{"PK": "a", "SK": "b"}`:                                 "Shop",
		`{"Artist": "a", "SongTitle": "b", "Year": 1, "x": "y"}`: "Music",
		`{"id": "a"}`:                 "Sessions",
		`{"id": 5}`:                   "its own",
		`{"flag": true, "name": "x"}`: "its own",
	} {
		form := weighText(t, text).calc.Form
		label := form.Tables[0].Label
		if !strings.Contains(label, want) || form.WrongTable != nil || form.Own != (want == "its own") {
			t.Errorf("%s: %q, %+v", text, label, form.WrongTable)
		}
	}
	form := weighText(t, `{"flag": true, "name": "x", "no": 4}`).calc.Form
	if len(form.HashKeys) != 2 || form.HashKeys[0].Value != "name" || len(form.RangeKeys) != 2 || form.RangeKeys[1].Value != "no" {
		t.Errorf("keys to choose from: %+v %+v", form.HashKeys, form.RangeKeys)
	}
	p := newPage(t)
	w := p.weigh(itemInput{text: `{"a": "x", "b": 4}`, table: ownTable, hash: "b", sort: "a"})
	if len(w.calc.Sizes.Verdicts) != 5 || w.calc.Sizes.Rows[0].Name != "b" {
		t.Errorf("keys of its own: %+v", w.calc.Sizes)
	}
	w = p.weigh(itemInput{text: `{"a": "x"}`, table: "Shop"})
	if x := w.calc.Form.WrongTable; x == nil || x.Name != "ValidationException" || len(w.calc.Sizes.Rows) != 1 {
		t.Errorf("without the table's keys: %+v", x)
	}
	w = p.weigh(itemInput{text: `{"flag": true}`})
	if w.calc.Form.WrongTable == nil || len(w.calc.Sizes.Verdicts) != 0 {
		t.Errorf("no attribute can be a key, but %+v", w.calc.Sizes.Verdicts)
	}
	if note := p.weigh(itemInput{text: `{"PK": "a", "SK": "b", "total": 3}`}).calc.Sizes.Note.String(); !strings.Contains(note, "Not in byStatus") || !strings.Contains(note, "status and placedAt") {
		t.Errorf("note: %q", note)
	}
}

// What an engine with that table charges is what the page says.
func TestVerdictsAreTheEngines(t *testing.T) {
	text := `{"PK": "a", "SK": "b", "status": "NEW", "placedAt": "now", "note": "` + strings.Repeat("x", 5000) + `"}`
	w := weighText(t, text)
	item, _ := read(text, anyNotation)
	e := newBench(nil)
	_, receipt := e.Meter(engine.Call{Target: engine.Target("PutItem"), Body: append(append([]byte(`{"TableName":"Shop","Item":`), item.raw...), '}')})
	if receipt == nil || figure(receipt.Total()) != w.calc.Sizes.Verdicts[1].Figure || w.calc.Sizes.Verdicts[1].What != "with byStatus" {
		t.Errorf("%+v, %+v", receipt, w.calc.Sizes.Verdicts)
	}
}

func TestTooLarge(t *testing.T) {
	w := weighText(t, `{"id": "x", "text": "`+strings.Repeat("x", 409_600)+`"}`)
	if x := w.calc.Form.WrongTable; x == nil || !strings.Contains(x.Message, "Item size has exceeded the maximum allowed size") || w.size != 409_607 {
		t.Errorf("%d bytes: %+v", w.size, x)
	}
	w = weighText(t, `{"id": "`+strings.Repeat("x", 1<<20)+`"}`)
	if x := w.calc.Form.Wrong; x == nil || !strings.Contains(x.Name, "larger than a megabyte") {
		t.Errorf("%+v", x)
	}
	var many []string
	for i := range 300 {
		many = append(many, `"a`+components.Grouped(i)+`":[1]`)
	}
	s := weighText(t, "{"+strings.Join(many, ",")+"}").calc.Sizes
	if len(s.Rows) != maxRows || s.More != "and 100 more attributes, in the sum below" || len(s.Inside) != maxRows {
		t.Errorf("%d rows, %q, %d insides", len(s.Rows), s.More, len(s.Inside))
	}
}

func post(t *testing.T, p *Page, path string, v url.Values) string {
	t.Helper()
	a := p.Serve("POST", path, []byte(v.Encode()))
	if a.Status != page.StatusOK {
		t.Fatalf("%s: %d %s", path, a.Status, a.Body)
	}
	return string(a.Body)
}

func TestItemFragment(t *testing.T) {
	p := newPage(t)
	html := post(t, p, "/item", url.Values{"item": {"{\r\n  \"id\": \"<b>\"\r\n}"}})
	for _, want := range []string{`hx-target="#item-sizes"`, `hx-target="#item-form"`, "Taken for <b>plain JSON</b>", "The item has 5 bytes.", "{\n  &#34;id&#34;: &#34;&lt;b&gt;&#34;\n}", `href="./?item=`} {
		if !strings.Contains(html, want) {
			t.Errorf("no %s in\n%s", want, html)
		}
	}
	html = post(t, p, "/item", url.Values{"item": {`{"id": `}})
	if strings.Contains(html, `hx-target="#item-sizes"`) || !strings.Contains(html, `aria-invalid="true"`) || !strings.Contains(html, "those of the item before") {
		t.Errorf("a faulty item:\n%s", html)
	}
}

func FuzzRead(f *testing.F) {
	for _, text := range []string{orderText, `{"a":1}`, `PutItem {Item:{a:{N:"1"}}}`, `{a:{L:[{M:{"":{S:"x"}}}]}}`, "{'a\\'b': {S: 'é'}}", `{"a":[1,{"b":1e999}]}`} {
		f.Add(text, byte(0))
	}
	f.Fuzz(func(t *testing.T, text string, as byte) {
		p, wrong := read(text, []notation{anyNotation, typed, plain}[as%3])
		if wrong != nil {
			if wrong.from < 0 || wrong.to < wrong.from || wrong.to > len(text) {
				t.Fatalf("%q: the place is %d to %d", text, wrong.from, wrong.to)
			}
			wrong.oops(text)
			return
		}
		if got := attr.NewItem(p.item); got.Size() != p.item.Size() || got.JSON() != string(p.raw) {
			t.Fatalf("%q: %s", text, got.JSON())
		}
		weigh(t, text)
	})
}

func weigh(t *testing.T, text string) {
	New(Config{Faults: func(problem any, _ []byte) { t.Fatalf("%q: %v", text, problem) }}).weigh(itemInput{text: text})
}
