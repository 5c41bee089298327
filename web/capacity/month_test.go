package capacity

import (
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/sortkey/sortkey/components"
	"github.com/sortkey/sortkey/engine/meter"
	"github.com/sortkey/sortkey/web/page"
)

// monthOf reads the form with fields in pairs of name and value.
func monthOf(pairs ...string) monthInput {
	q := &page.Query{Values: url.Values{}}
	for i := 0; i < len(pairs); i += 2 {
		q.Add(monthPrefix+pairs[i], pairs[i+1])
	}
	return readMonthInput(q)
}

func billOf(t *testing.T, pairs ...string) components.MonthBill {
	t.Helper()
	in := monthOf(pairs...)
	if len(in.wrong) > 0 {
		t.Fatalf("%v: %v", pairs, in.wrong)
	}
	return in.bill()
}

// printed is a bill, a line each.
func printed(b components.MonthBill) string {
	var s strings.Builder
	for _, r := range b.Rows {
		s.WriteString(strings.Join([]string{r.What, r.Detail, r.Second, r.OnDemand, r.Capacity, r.CapacityOf}, " | ") + "\n")
	}
	return s.String() + b.OnDemand + " | " + b.Capacity
}

// The bill that the page begins with, worked out by hand: 20 million orders of
// 743 + 100 bytes are 15.7 GB, as many again in each index.
func TestFirstBill(t *testing.T) {
	got := printed(billOf(t))
	want := strings.Join([]string{
		"Writes | 1 WRU each, 1 for its local index | 240 | $394.20 | $150.89 | 343 WCU", // (343 − 25 free) × 730 × $0.00065
		"Writes | to the global index, 1 WRU each | 120 | $197.10 | $81.61 | 172 WCU",
		"Reads | 0.5 RRU each | 450 | $147.83 | $58.65 | 643 RCU", // (643 − 25 free) × 730 × $0.00013
		"Reads | of the global index: none here, but capacity has at least 1 | 0 | $0.00 | $0.09 | 1 RCU",
		"Storage | 47.11 GB, 25 free |  | $5.53 | $5.53 | ",
		"Point-in-time recovery | 31.4 GB |  | $6.28 | $6.28 | ",
		"Stream to Lambda | its reads are free |  | $0.00 | $0.00 | ",
		"$750.93 | $303.06",
	}, "\n")
	if got != want {
		t.Errorf("the bill:\n%s\nwant:\n%s", got, want)
	}
}

func TestBillOf(t *testing.T) {
	all := []string{"free", "off", "pitr", "off", "items", "0", "gsi", "0", "lsi", "0"}
	for _, c := range []struct {
		name  string
		pairs []string
		want  string // a part of what is printed
	}{
		{"transactions", []string{"writes", "10", "writetx", "50", "reads", "0"}, "Writes | 1 WRU each, double in transactions | 15 | $24.64 | $10.44 | 22 WCU"},
		{"decimals", []string{"writes", "0.25", "reads", "0"}, "Writes | 1 WRU each | 0.25 | $0.41 | $0.47 | 1 WCU"},
		{"reads of every kind", []string{"writes", "0", "reads", "100", "strong", "20", "readtx", "10", "size", "4097"}, "Reads | 1 RRU each, 2 strongly consistent, 4 in a transaction | 150 |"},
		{"a query", []string{"writes", "0", "reads", "1", "size", "1000", "page", "10"}, "Reads | 1.5 RRU each | 1.5 |"},
		{"regions", []string{"writes", "10", "reads", "0", "regions", "3"}, "Writes | 1 WRU each, in 3 regions | 30 | $49.28 | $21.35 | 45 WCU"},
		{"indexes", []string{"writes", "10", "reads", "0", "gsi", "2", "lsi", "1", "entry", "1025", "touch", "50"}, "Writes | 1 WRU each, 2 for its local index | 20 |"},
		{"global indexes", []string{"writes", "10", "reads", "0", "gsi", "2", "entry", "1025", "touch", "50"}, "Writes | to 2 global indexes, 2 WRU each | 20 |"},
		{"Kinesis", []string{"writes", "10", "reads", "0", "kinesis", "on"}, "Changes to Kinesis | 26.28 million change data capture units |  | $2.63 | $2.63 | "},
		{"stream reads", []string{"getrecords", "5000000", "free", "on"}, "Stream reads | 5,000,000 GetRecords calls, 2,500,000 free |  | $0.50 | $0.50 | "},
		{"before the cut", []string{"writes", "10", "reads", "0", "prices", "before"}, "Writes | 1 WRU each | 10 | $32.85 |"},
		{"Standard-IA", []string{"writes", "10", "reads", "0", "class", "ia"}, "Writes | 1 WRU each | 10 | $20.50 |"},
		{"reserved", []string{"writes", "70", "reads", "0", "reserved", "1y"}, "Reserved capacity | a twelfth of the year’s |  |  | $21.84 | "},
		{"some hours", []string{"writes", "10", "reads", "0", "hours", "73"}, "Writes | 1 WRU each | 10 | $1.64 | $0.71 | 15 WCU"},
	} {
		pairs := append([]string(nil), c.pairs...)
		for i := 0; i < len(all); i += 2 {
			if !slices.Contains(c.pairs, all[i]) {
				pairs = append(pairs, all[i], all[i+1])
			}
		}
		in := monthOf(pairs...)
		if len(in.wrong) > 0 {
			t.Errorf("%s: %v", c.name, in.wrong)
			continue
		}
		if got := printed(in.bill()); !strings.Contains(got, c.want) {
			t.Errorf("%s:\n%s\nlacks %s", c.name, got, c.want)
		}
	}
}

func TestWrongFields(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"writes", "", "A number is missing here: from 0 to 200,000."},
		{"writes", "twelve", "“twelve” is no number from 0 to 200,000."},
		{"writes", "-1", "“-1” is not from 0 to 200,000."},
		{"writes", "200001", "“200001” is not from 0 to 200,000."},
		{"writes", "200000.01", "“200000.01” is not from 0 to 200,000."},
		{"writes", "1.234", "At most two decimals count here."},
		{"writes", "99999999999999999999", "“99999999999999999999” is not from 0 to 200,000."},
		{"size", "0", "“0” is not from 1 to 409,600."},
		{"size", "1.5", "A whole number is asked for, from 1 to 409,600."},
		{"hours", "731", "“731” is not from 1 to 730."},
		{"strong", "101", "“101” is not from 0 to 100."},
		{"writes", "1e5", "“1e5” is no number from 0 to 200,000."},
	} {
		in := monthOf(c.name, c.text)
		if got := in.wrong[c.name]; got != c.want || len(in.wrong) != 1 || in.text[c.name] != c.text {
			t.Errorf("%s %q: %v, want %q", c.name, c.text, in.wrong, c.want)
		}
		if b := in.repaired(); len(b.wrong) > 0 {
			t.Errorf("%s %q is not repaired: %v", c.name, c.text, b.wrong)
		}
	}
	for text, want := range map[string]int64{"120": 12_000, "1,500.5": 150_050, " 7 ": 700, "0.05": 5, "3.00": 300, "2.50000": 250} {
		if in := monthOf("writes", text); in.number["writes"] != want || len(in.wrong) > 0 {
			t.Errorf("%q is %d, %v", text, in.number["writes"], in.wrong)
		}
	}
	in := monthOf("strong", "60", "readtx", "50")
	if in.wrong["readtx"] == "" || len(in.repaired().wrong) > 0 {
		t.Errorf("110 %%: %v", in.wrong)
	}
	if in := monthOf("size", "409600", "page", "3"); !strings.Contains(in.wrong["page"], "2 items of this size") || len(in.repaired().wrong) > 0 {
		t.Errorf("a page of more than a megabyte: %v", in.wrong)
	}
	if in := monthOf("readtx", "1", "page", "101"); !strings.Contains(in.wrong["page"], "at most 100 items") || len(in.repaired().wrong) > 0 {
		t.Errorf("a transaction of 101 items: %v", in.wrong)
	}
	if in := monthOf("size", "1", "page", "1048576", "reads", "200000", "strong", "100"); len(in.wrong) > 0 || in.usage().OnDemand().Total < 1_000_000 {
		t.Errorf("pages of a million items: %v", in.wrong)
	}
	if in := monthOf("class", "gold", "free", "maybe"); in.text["class"] != "standard" || in.text["free"] != "on" {
		t.Errorf("unknown choices: %v", in.text)
	}
}

// Every field at its least and its most gives a bill that adds up.
func TestBounds(t *testing.T) {
	for _, most := range []bool{false, true} {
		var pairs []string
		for _, g := range monthGroups {
			for _, f := range g.numbers {
				n := f.least
				if most && f.name != "strong" && f.name != "page" && f.name != "target" {
					n = f.most
				}
				pairs = append(pairs, f.name, numberText(n))
			}
		}
		in := monthOf(append(pairs, "kinesis", "on", "reserved", "1y", "prices", "before")...)
		if len(in.wrong) > 0 {
			t.Fatal(in.wrong)
		}
		u := in.usage()
		for _, b := range []meter.Bill{u.OnDemand(), u.Provisioned()} {
			var sum int64
			for _, l := range b.Lines {
				if l.Amount < 0 || l.Quantity < 0 {
					t.Errorf("%+v", l)
				}
				sum += l.Amount
			}
			if sum != b.Total || most && sum < 1_000_000_000_000 {
				t.Errorf("%d, not %d", b.Total, sum)
			}
		}
		in.bill()
	}
}

func numberText(n int64) string { return strings.ReplaceAll(components.Grouped(int(n)), ",", "") }

func TestWhy(t *testing.T) {
	for _, c := range []struct {
		pairs []string
		want  []string
	}{
		{nil, []string{
			"28.9 %. An RCU costs $0.00013 an hour and can serve 3,600 strongly consistent reads in it: $0.0361 a million when never idle, against $0.125 on demand. The ratio, 13/45, is the break-even, and it is the same for writes. Below it, pay per request.",
			"In Standard-IA the same month is $932.24 on demand and $390.73 provisioned.", "41.1 % of the requests, here from 1,214.14 GB on.",
		}},
		{[]string{"class", "ia"}, []string{"28.7 %.", "80/279, is the break-even; for writes it is 28.8 %, 15/52.", "With these reads and writes together it is 28.8 %", "In Standard the same month"}},
		{[]string{"prices", "before"}, []string{"14.4 %.", "against $0.25 on demand. The ratio, 13/90"}},
	} {
		var got string
		for _, w := range billOf(t, c.pairs...).Why {
			got += w.String() + "\n"
		}
		for _, want := range c.want {
			if !strings.Contains(got, want) {
				t.Errorf("%v:\n%s\nlacks %s", c.pairs, got, want)
			}
		}
	}
	if b := billOf(t, "writes", "0", "reads", "0"); b.Chart != nil {
		t.Error("a chart of nothing")
	}
}

// The arithmetic names every line of both bills, with its price and its date.
func TestSums(t *testing.T) {
	b := billOf(t, "gsi", "3", "regions", "2", "backups", "2", "restores", "1", "exports", "1", "kinesis", "on", "getrecords", "3000000")
	var all []string
	for _, l := range b.Lines {
		if l.What == "" || l.Sum == "" || l.Price == "" || l.Since == "" || l.Amount == "" || l.Mode == "" {
			t.Errorf("%+v", l)
		}
		all = append(all, strings.Join([]string{l.Mode, l.What, l.Sum, l.Free, l.Price, l.Since, l.Amount}, " | "))
	}
	got := strings.Join(all, "\n")
	for _, want := range []string{
		"on demand | Replicated writes on demand, table | 240 units a second × 2,628,000 seconds × 2 regions = 1,261.44 million replicated write request units |  | $0.625 per million | since 1 November 2024 | $788.40",
		"on demand | Writes on demand, global index | 120 units a second × 2,628,000 seconds × 2 regions × 3 indexes = 1,892.16 million write request units |  | $0.625 per million | since 1 November 2024 | $1,182.60",
		"provisioned | Write capacity, global index | 172 units × 730 hours × 2 regions × 3 indexes = 753,360 WCU-hours | 18,250 free | $0.00065 per WCU-hour | unchanged | $477.82",
		"both ways | Exports to S3 | 32.3 GB × 1 export = 32.3 GB |  | $0.10 per GB | unchanged, unverified | $3.23",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("no %s in\n%s", want, got)
		}
	}
	if len(b.Prices) != len(meter.Prices(meter.Current)) {
		t.Errorf("%d prices", len(b.Prices))
	}
}

func TestMonthFragment(t *testing.T) {
	p := newPage(t)
	html := post(t, p, "/month", url.Values{"m-writes": {"10"}, "m-free": {"off"}, "m-pitr": {"off", "on"}})
	for _, want := range []string{`hx-target="#month-form"`, `hx-target="#month-bill"`, "10 writes and 900 reads a second", `href="./?m-free=off&amp;m-writes=10"`, "A month: $"} {
		if !strings.Contains(html, want) {
			t.Errorf("no %s in\n%s", want, html)
		}
	}
	html = post(t, p, "/month", url.Values{"m-writes": {"ten"}})
	if strings.Contains(html, `hx-target="#month-bill"`) || !strings.Contains(html, "“ten” is no number") || !strings.Contains(html, `value="ten"`) || !strings.Contains(html, "is of the figures before") {
		t.Errorf("a faulty form:\n%s", html)
	}
	html = post(t, p, "/month", url.Values{"take": {"2000,2,0,1500"}, "m-size": {"743"}})
	for _, want := range []string{"2 WRU each", "to 2 global indexes, 2 WRU each", "m-size=2000"} {
		if !strings.Contains(html, want) {
			t.Errorf("taken over, no %s in\n%s", want, html)
		}
	}
}

// A link leads to what it was made of.
func TestLink(t *testing.T) {
	p := newPage(t)
	sent := url.Values{"item": {`{"id": "x&y", "n": 5}`}, "as": {"json"}, "table": {"-"}, "hash": {"n"}, "m-writes": {"77.5"}, "m-class": {"ia"}, "m-free": {"off"}, "m-gsi": {"2"}}
	html := post(t, p, "/month", sent)
	_, rest, _ := strings.Cut(html, `id="state-link" href="./`)
	href, _, _ := strings.Cut(rest, `"`)
	href = strings.ReplaceAll(href, "&amp;", "&")
	back, err := url.ParseQuery(strings.TrimPrefix(href, "?"))
	if err != nil || back.Encode() != sent.Encode() {
		t.Fatalf("%s: %v", href, err)
	}
	a := p.Serve("GET", "/"+href, nil)
	doc := string(a.Body)
	for _, want := range []string{"<!doctype html>", "77.5 writes and 900 reads", `value="77.5"`, "x&amp;y", `<option value="n" selected>n</option>`, "Standard-IA"} {
		if !strings.Contains(doc, want) {
			t.Errorf("no %s", want)
		}
	}
	if a := p.Serve("GET", "/", nil); !strings.Contains(string(a.Body), `id="state-link" href="./"`) {
		t.Error("the first link says something")
	}
	if long := state(itemInput{text: strings.Repeat("x", maxItemState+1)}, monthOf()); long != "./" {
		t.Errorf("a long item stands in the link: %d bytes", len(long))
	}
}

// What a link has wrong stands in its form, beside figures of what the page
// begins with.
func TestWrongLink(t *testing.T) {
	a := newPage(t).Serve("GET", "/?item="+url.QueryEscape(`{"id": `)+"&m-writes=ten&m-reads=5", nil)
	doc := string(a.Body)
	for _, want := range []string{"those of an order of the Record shop", "“ten” is no number", "what the page begins with", "120 writes and 5 reads", ">743<"} {
		if !strings.Contains(doc, want) {
			t.Errorf("no %s", want)
		}
	}
}
