package global

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/sortkey/sortkey/components"
	"github.com/sortkey/sortkey/web/page"
)

// tester is a page that must not go wrong.
type tester struct {
	*Page
	t *testing.T
}

func newTester(t *testing.T) tester {
	return tester{New(Config{Faults: func(problem any, stack []byte) { t.Errorf("a bug: %v\n%s", problem, stack) }}), t}
}

func (p tester) post(path string, fields ...string) string {
	p.t.Helper()
	a := p.ask("POST", path, fields...)
	if a.Status != page.StatusOK {
		p.t.Fatalf("POST %s %v: %d %s", path, fields, a.Status, a.Body)
	}
	return string(a.Body)
}

func (p tester) ask(method, path string, fields ...string) page.Answer {
	form := url.Values{}
	for i := 0; i < len(fields); i += 2 {
		form.Set(fields[i], fields[i+1])
	}
	return p.Serve(method, path, []byte(form.Encode()))
}

// end goes to the end of the recording.
func (p tester) end() {
	p.t.Helper()
	p.post("/seek", "at", "99999999")
}

// rows is what a region's tab shows: "kind-of-blue 29 3 04.155 eu, own write".
func (p tester) rows(region string) string {
	var out []string
	for _, r := range p.lab.view().Regions {
		if r.Name != region {
			continue
		}
		for _, row := range r.Rows {
			line := ""
			for _, c := range row.Cells {
				line += c.Text + " "
			}
			out = append(out, line+row.Version)
		}
	}
	return strings.Join(out, "\n")
}

func (p tester) reply(region string) string {
	for _, r := range p.lab.view().Regions {
		if r.Name == region && r.Reply != nil {
			return r.Reply.Name + " " + r.Reply.Text
		}
	}
	return ""
}

func (p tester) converge() string { return p.lab.view().Converge.String() }

func (p tester) log() string {
	var b strings.Builder
	for _, l := range p.lab.view().Time.Log {
		b.WriteString(p.lab.stamp(p.lab.run().zero.Add(time.Duration(l.At)*time.Millisecond)) + " " + l.Region + " " + l.Words.String() + "\n")
	}
	return b.String()
}

func want(t *testing.T, what, got string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(got, part) {
			t.Errorf("%s: no %q in\n%s", what, part, got)
		}
	}
}

// The page is there before anything is asked of it: the first preset at its
// instant, with messages on their way.
func TestFirstPage(t *testing.T) {
	p := newTester(t)
	a := p.ask("GET", "/")
	want(t, "the page", string(a.Body), "Two attributes, one is lost", "us-east-1", "04.600", "Not converged.", `class="msg"`)
}

// Every preset ends as its paragraph says.
func TestPresets(t *testing.T) {
	all := []struct {
		name    string
		lost    int
		rows    map[string]string // in every region; by region where they differ
		replies map[string]string
		log     []string
	}{
		{"lost-update", 1, map[string]string{"": "kind-of-blue 29 3 04.155 eu"}, map[string]string{"us-east-1": "200", "eu-west-1": "200"}, []string{"eu drops kind-of-blue 04.120 us, older than its own 04.155 eu"}},
		{"delete-update", 1, map[string]string{"": "hejira   01.650 ap"}, nil, []string{"eu is cut from ap", "ap drops hejira 01.200 eu, older than its own 01.650 ap"}},
		{"counter", 1, map[string]string{"": "kind-of-blue 11 01.350 eu"}, nil, []string{"us writes kind-of-blue, plays 11", "eu writes kind-of-blue, plays 11"}},
		{"condition", 1, map[string]string{"": "hejira ben 1 01.200 eu"}, map[string]string{"us-east-1": "200", "eu-west-1": "200", "ap-south-1": "ConditionalCheckFailedException The conditional request failed"}, nil},
		{"uniqueness", 1, map[string]string{"": "miles eu-0815 01.900 eu"}, map[string]string{"us-east-1": "200", "eu-west-1": "200"}, []string{"us keeps miles 00.900 us for eu until it can be sent"}},
		{"read-your-write", 0, map[string]string{"": "kind-of-blue 24 4 01.000 us"}, map[string]string{"eu-west-1": `200 {"Item":{"album":{"S":"kind-of-blue"},"price":{"N":"24"}`},
			[]string{`01.200 eu answers GetItem {"Item":{"album":{"S":"kind-of-blue"},"price":{"N":"29"}`}},
	}
	for _, x := range all {
		t.Run(x.name, func(t *testing.T) {
			p := newTester(t)
			p.post("/preset", "name", x.name)
			p.end()
			for _, region := range p.lab.regions {
				want(t, region, p.rows(region), x.rows[""])
				want(t, region+" answers", p.reply(region), x.replies[region])
			}
			want(t, "the log", p.log(), x.log...)
			want(t, "the line", p.converge(), "Converged.")
			if got := p.lab.view().Ledger.Lost; got != x.lost {
				t.Errorf("%d writes lost, want %d", got, x.lost)
			}
		})
	}
}

// The presets that lose a write say which, and what came with the one kept.
func TestLedgerWords(t *testing.T) {
	for name, words := range map[string]string{
		"lost-update":   "The later write wins, whole: eu had not seen that of us. So price 29 came with it. Settled everywhere.",
		"delete-update": "A delete is a write with a version of its own, and here the later one: price 22 of eu is gone with the item. Settled everywhere.",
		"counter":       "Both regions wrote plays 11, each from what it had. The later item stands for both: one change is gone. Settled everywhere.",
	} {
		p := newTester(t)
		p.post("/preset", "name", name)
		p.end()
		if got := p.lab.view().Ledger.Conflicts[0].Words; got != words {
			t.Errorf("%s: %s", name, got)
		}
	}
}

// Equal seeds give equal bytes; another seed gives another run.
func TestSameSeedSameBytes(t *testing.T) {
	story := func(seed string) string {
		p := newTester(t)
		out := p.post("/open", "preset", "lost-update", "seed", seed)
		for range 40 {
			out += p.post("/step")
		}
		out += p.post("/cut/us-east-1.eu-west-1")
		out += p.post("/write/us-east-1", "text", `PutItem { TableName: "Albums", Item: { album: { S: "x" } } }`)
		return out + p.post("/heal/us-east-1.eu-west-1")
	}
	if a, b := story("4f1a"), story("4f1a"); a != b {
		t.Error("equal seeds give other bytes")
	}
	if story("4f1a") == story("4f1b") {
		t.Error("the seed changes nothing")
	}
}

// Whatever was seen the first time is seen again, whichever way one comes back.
func TestScrubBack(t *testing.T) {
	p := newTester(t)
	p.post("/preset", "name", "delete-update")
	p.post("/pause")
	seen := map[int]string{}
	for at := 0; at <= 3600; at += 90 {
		seen[at] = p.post("/seek", "at", itoa(at))
	}
	for i := range 40 {
		at := i * 17 % 41 * 90
		if got := p.post("/seek", "at", itoa(at)); got != seen[at] {
			t.Fatalf("at %d something else is shown the second time", at)
		}
	}
}

// A state gone back to is, to the last byte, the one that was recorded.
func TestStatesAreEqual(t *testing.T) {
	p := newTester(t)
	p.post("/traffic", "seconds", "30")
	r := p.lab.run()
	for _, m := range r.marks[1:] {
		e, err := r.at(m.engine.Now())
		if err != nil {
			t.Fatal(err)
		}
		if e.StateHash() != r.replay(t, m.engine.Now()) {
			t.Fatalf("the state at %s is another", m.engine.Now())
		}
	}
}

// replay is the hash of the state at an instant, made from the beginning.
func (r *run) replay(t *testing.T, at time.Time) [32]byte {
	e := r.marks[0].engine.Fork()
	for _, s := range r.steps {
		if s.at.After(at) {
			break
		}
		if err := e.AdvanceTo(s.at); err != nil {
			t.Fatal(err)
		}
		if _, err := e.Step(s.do()); err != nil {
			t.Fatal(err)
		}
	}
	if err := e.AdvanceTo(at); err != nil {
		t.Fatal(err)
	}
	return e.StateHash()
}

func itoa(n int) string { return strings.ReplaceAll(components.Grouped(n), ",", "") }
