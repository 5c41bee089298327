package global

import (
	"strings"
	"testing"

	"github.com/sortkey/sortkey/components"
)

const putBlue = `PutItem { TableName: "Albums", Item: { album: { S: "blue" }, price: { N: "30" } } }`

func TestWriteTravels(t *testing.T) {
	p := newTester(t)
	p.end()
	p.post("/write/eu-west-1", "text", putBlue)
	want(t, "eu", p.rows("eu-west-1"), "blue 30 ")
	want(t, "the line", p.converge(), "2 messages in flight")
	if strings.Contains(p.rows("us-east-1"), "blue 30") {
		t.Error("it is in us before its message")
	}
	p.end()
	want(t, "us", p.rows("us-east-1"), "blue 30 ")
	want(t, "the line", p.converge(), "Converged.")
}

// What a request's error says is AWS's, and the region's.
func TestErrorsOfRequests(t *testing.T) {
	p := newTester(t)
	p.post("/write/us-east-1", "text", `GetItem { TableName: "Nothing", Key: { a: { S: "b" } } }`)
	want(t, "us", p.reply("us-east-1"), "ResourceNotFoundException", "Requested resource not found")
	p.post("/write/us-east-1", "text", putBlue+"\n"+`DeleteItem { TableName: "Albums" }`+"\n"+strings.ReplaceAll(putBlue, "blue", "never"))
	want(t, "us", p.reply("us-east-1"), "ValidationException")
	want(t, "us", p.rows("us-east-1"), "blue 30")
	if strings.Contains(p.rows("us-east-1"), "never") {
		t.Error("what follows an error was run")
	}
}

// Bad input is refused in words, and everything is as it was.
func TestBadInput(t *testing.T) {
	p := newTester(t)
	before := p.lab.view()
	for _, x := range [][]string{
		{"/write/us-east-1", "text", "PutItem {"}, {"/write/us-east-1", "text", " // nothing"}, {"/write/mars-1", "text", putBlue},
		{"/preset", "name", "no such"}, {"/kill/mars-1"}, {"/revive/"}, {"/cut/us-east-1"}, {"/cut/us-east-1.us-east-1"}, {"/heal/a.b"},
		{"/latency/us-east-1.eu-west-1", "ms", "soon"}, {"/latency/us-east-1.eu-west-1", "ms", "3001"}, {"/seek", "at", "now"}, {"/tick", "by", "-1"},
		{"/speed", "speed", "7"}, {"/way", "way", "2"}, {"/way", "way", "0"}, {"/zones", "region", "mars-1"}, {"/zone-lose", "zone", ""}, {"/zone-lag", "ms", "x"},
		{"/traffic", "seconds", "0"}, {"/traffic", "seconds", "4000"}, {"/nothing"},
	} {
		a := p.ask("POST", x[0], x[1:]...)
		if a.Status < 400 || a.Status >= 500 || len(a.Body) < 10 {
			t.Errorf("%v: %d %s", x, a.Status, a.Body)
		}
	}
	after := p.lab.view()
	if before.Converge.String() != after.Converge.String() || before.Time.Now != after.Time.Now || len(after.Time.Ways) != 1 || len(p.lab.run().steps) == 0 {
		t.Error("what was refused has changed something")
	}
}

// A link that is cut keeps messages until it is healed; one region of three is
// reached all the same.
func TestCutAndHeal(t *testing.T) {
	p := newTester(t)
	p.end()
	p.post("/cut/us-east-1.eu-west-1")
	p.post("/write/us-east-1", "text", putBlue)
	p.end()
	want(t, "the line", p.converge(), "1 message waiting")
	want(t, "ap", p.rows("ap-south-1"), "blue 30")
	v := p.lab.view()
	if l := v.Links[0]; !l.CutForth || !l.CutBack || l.Waiting != 1 {
		t.Errorf("%+v", l)
	}
	if cuts := v.Time.Diagram.Cuts; len(cuts) != 1 || cuts[0].To != components.SpaceOpen || cuts[0].Words != "us and eu cut" {
		t.Errorf("%+v", cuts)
	}
	p.post("/heal/us-east-1.eu-west-1")
	p.end()
	want(t, "the line", p.converge(), "Converged.")
	d := p.lab.view().Time.Diagram
	if d.Cuts[0].To == components.SpaceOpen {
		t.Error("the cut has no end")
	}
	held := false
	for _, m := range d.Messages {
		held = held || m.Left != m.Sent && m.Left == d.Cuts[0].To && m.Fate == components.SpaceReplaces
	}
	if !held {
		t.Errorf("no message that waited for the healing in %+v", d.Messages)
	}
}

// A message whose link is cut under way stops there, and is sent again.
func TestCutUnderWay(t *testing.T) {
	p := newTester(t)
	p.end()
	p.post("/write/us-east-1", "text", putBlue)
	p.post("/tick", "by", "100")
	p.post("/cut/us-east-1.eu-west-1")
	p.end()
	p.post("/heal/us-east-1.eu-west-1")
	p.end()
	stopped, sent := 0, 0
	for _, m := range p.lab.view().Time.Diagram.Messages {
		if m.Stop > 0 {
			stopped++
		} else if m.Left != m.Sent && m.Fate == components.SpaceReplaces {
			sent++
		}
	}
	if stopped != 1 || sent != 1 {
		t.Errorf("%d stopped, %d sent again", stopped, sent)
	}
	want(t, "the line", p.converge(), "Converged.")
}

func TestKillAndRevive(t *testing.T) {
	p := newTester(t)
	p.end()
	p.post("/kill/ap-south-1")
	p.post("/write/ap-south-1", "text", putBlue)
	want(t, "ap", p.reply("ap-south-1"), "ServiceUnavailable", "ap-south-1 is down")
	p.post("/write/us-east-1", "text", putBlue)
	p.end()
	want(t, "the line", p.converge(), "Not converged.", "waiting")
	p.post("/revive/ap-south-1")
	p.end()
	want(t, "ap", p.rows("ap-south-1"), "blue 30")
	if downs := p.lab.view().Time.Diagram.Downs; len(downs) != 1 || downs[0].To <= downs[0].From {
		t.Errorf("%+v", downs)
	}
}

func TestLatency(t *testing.T) {
	p := newTester(t)
	p.end()
	p.post("/latency/us-east-1.eu-west-1", "ms", "2000")
	p.post("/write/us-east-1", "text", putBlue)
	l := p.lab.view().Links[0]
	if l.Delay != 2000 || len(l.Forth) != 1 || l.Forth[0].Due-l.Forth[0].Sent < 1980 {
		t.Errorf("%+v", l)
	}
}

// A write in the past leaves what followed as another way, which is as it was.
func TestFork(t *testing.T) {
	p := newTester(t)
	p.end()
	was := p.rows("us-east-1")
	p.post("/seek", "at", "2000")
	p.post("/write/us-east-1", "text", putBlue)
	if n := len(p.lab.ways); n != 2 || p.lab.way != 1 {
		t.Fatalf("%d ways, on %d", n, p.lab.way)
	}
	p.end()
	if got := p.rows("us-east-1"); strings.Contains(got, "04.155") || !strings.Contains(got, "blue 30  02.000 us") {
		t.Errorf("the future came along:\n%s", got)
	}
	p.post("/way", "way", "1")
	p.end()
	if got := p.rows("us-east-1"); got != was {
		t.Errorf("the first way is another now:\n%s\nnot\n%s", got, was)
	}
	p.post("/fork")
	if len(p.lab.ways) != 3 {
		t.Error("no fork was made")
	}
	for range mostWays {
		p.ask("POST", "/fork")
	}
	if len(p.lab.ways) != mostWays {
		t.Errorf("%d ways", len(p.lab.ways))
	}
}

// Playing goes to the end of the recording and stops; from there it goes on.
func TestPlay(t *testing.T) {
	p := newTester(t)
	p.post("/play")
	p.post("/tick", "by", "200")
	if got := p.lab.view().Time; got.Now != 4800 || !got.Playing {
		t.Errorf("now %d, playing %v", got.Now, got.Playing)
	}
	p.post("/tick", "by", "60000")
	if got := p.lab.view().Time; got.Now != got.End || got.Playing {
		t.Errorf("at the end %d of %d, playing %v", got.Now, got.End, got.Playing)
	}
	end := p.lab.view().Time.End
	p.post("/play")
	p.post("/tick", "by", "500")
	if got := p.lab.view().Time; got.Now != end+500 || got.End != end+500 || !got.Playing {
		t.Errorf("beyond the end: %d of %d", got.Now, got.End)
	}
	p.post("/pause")
	if p.lab.view().Time.Playing {
		t.Error("it plays on")
	}
}

// Steps and steps back stop at the same instants.
func TestSteps(t *testing.T) {
	p := newTester(t)
	p.post("/seek", "at", "0")
	var there, back []int
	for at := -1; at != p.lab.view().Time.Now; {
		at = p.lab.view().Time.Now
		there = append(there, at)
		p.post("/step")
	}
	for range there[1:] {
		p.post("/back")
		back = append([]int{p.lab.view().Time.Now}, back...)
	}
	if len(there) < 10 || len(back) == 0 || back[0] != 0 || there[1] != 1200 || back[1] != 1200 {
		t.Errorf("there %v\nback %v", there, back)
	}
}

// The address of a preset is short; what was done besides makes it a scenario.
// Either way another page shows the same.
func TestAddress(t *testing.T) {
	p := newTester(t)
	p.post("/seek", "at", "4600")
	if a := string(p.ask("GET", "/link").Body); a != "?preset=lost-update&seed=4f1a&at=4600" {
		t.Error(a)
	}
	p.end()
	p.post("/kill/ap-south-1")
	p.post("/write/us-east-1", "text", putBlue)
	p.post("/cut/us-east-1.eu-west-1")
	p.post("/latency/eu-west-1.ap-south-1", "ms", "50")
	p.post("/zone-lose", "zone", "us-east-1b")
	p.end()
	p.post("/seek", "at", "5900")
	query, link, _ := strings.Cut(string(p.ask("GET", "/link").Body), "#")
	q := newTester(t)
	q.post("/open", "link", link, "at", strings.TrimPrefix(query, "?at="))
	if q.lab.trouble != "" {
		t.Fatal(q.lab.trouble)
	}
	a, b := p.lab.view(), q.lab.view()
	if a.Time.Now != b.Time.Now || p.rows("us-east-1") != q.rows("us-east-1") || p.converge() != q.converge() || p.log() != q.log() {
		t.Errorf("another page shows something else:\n%s\n%s", p.log(), q.log())
	}
	if a.Regions[0].Ask != b.Regions[0].Ask {
		t.Error("what was typed is not in the link")
	}
}

func TestAddressThatIsNone(t *testing.T) {
	p := newTester(t)
	for _, fields := range [][]string{{"link", "1.nonsense"}, {"preset", "nonsense"}, {"preset", "counter", "seed", "xyz"}} {
		p.post("/open", fields...)
		if p.lab.trouble == "" || p.lab.preset.name != "lost-update" {
			t.Errorf("%v: trouble %q, shown %q", fields, p.lab.trouble, p.lab.preset.name)
		}
	}
}

// The copies in a region's zones lag as the engine's reads do, and the loss of
// one costs nothing.
func TestZones(t *testing.T) {
	p := newTester(t)
	p.end()
	p.post("/zone-lag", "ms", "500")
	p.post("/write/us-east-1", "text", strings.ReplaceAll(putBlue, "30", "31"))
	p.post("/tick", "by", "1")
	z := p.lab.view().Zones
	stale := 0
	for _, c := range z.Zones {
		if c.Stale && c.Has != "price 31" {
			stale++
		}
	}
	if len(z.Zones) != 3 || stale == 0 {
		t.Errorf("%+v", z)
	}
	want(t, "a strong read", z.Strong.String(), "price 31")
	want(t, "an eventual read", z.Any.String(), "It may still get")
	leader := ""
	for _, c := range z.Zones {
		if c.Leader {
			leader = c.Name
		}
	}
	p.post("/zone-lose", "zone", leader)
	want(t, "the loss", p.lab.view().Zones.Loss.String(), leader+" is lost, and nothing with it")
	p.post("/write/us-east-1", "text", putBlue)
	want(t, "us", p.reply("us-east-1"), "200")
	p.post("/zone-back", "zone", leader)
}

// An hour of ten writes a second is recorded in pieces; every instant of it is
// a few steps from a mark.
func TestTraffic(t *testing.T) {
	p := newTester(t)
	p.post("/traffic", "seconds", "130")
	for i := 0; p.lab.traffic > 0; i++ {
		p.post("/traffic-more")
		if i > 5 {
			t.Fatal("it does not end")
		}
	}
	r := p.lab.run()
	if n := len(r.steps); n < 1300 {
		t.Errorf("%d steps", n)
	}
	for i, m := range r.marks[1:] {
		if m.next-r.marks[i].next > markEvery {
			t.Errorf("mark %d is %d steps after the one before", i+1, m.next-r.marks[i].next)
		}
	}
	p.post("/seek", "at", itoa(60_000))
	want(t, "the page", p.converge(), "Not converged.")
	p.post("/traffic", "seconds", "3600")
	p.post("/traffic-stop")
	if p.lab.traffic != 0 {
		t.Error("traffic goes on")
	}
}

// A link can be cut in one direction only, and be opened again from either
// button.
func TestOneWayCut(t *testing.T) {
	p := newTester(t)
	p.end()
	p.post("/oneway/us-east-1.eu-west-1")
	p.post("/write/us-east-1", "text", putBlue)
	p.end()
	want(t, "the line", p.converge(), "1 message waiting")
	v := p.lab.view()
	if l := v.Links[0]; !l.CutForth || l.CutBack || l.Waiting != 1 {
		t.Errorf("%+v", l)
	}
	if cuts := v.Time.Diagram.Cuts; len(cuts) != 1 || cuts[0].Words != "us to eu cut" {
		t.Errorf("%+v", cuts)
	}
	p.post("/oneway/us-east-1.eu-west-1")
	p.post("/oneway/eu-west-1.us-east-1")
	p.end()
	want(t, "the line", p.converge(), "Converged.")
	p.post("/heal/us-east-1.eu-west-1")
	if l := p.lab.view().Links[0]; l.CutForth || l.CutBack {
		t.Errorf("%+v", l)
	}
	refused(p, "/oneway/us-east-1.nowhere", "There is no link")
}

// Jitter and loss are a link's too, within bounds.
func TestJitterAndLoss(t *testing.T) {
	p := newTester(t)
	p.end()
	p.post("/jitter/us-east-1.eu-west-1", "value", "70")
	p.post("/loss/us-east-1.eu-west-1", "value", "20")
	if l := p.lab.view().Links[0]; l.Jitter != 70 || l.Loss != 20 {
		t.Errorf("%+v", l)
	}
	refused(p, "/jitter/us-east-1.eu-west-1", "0 to 1,000 ms", "value", "1001")
	refused(p, "/loss/us-east-1.eu-west-1", "0 to 90 %", "value", "91")
	refused(p, "/loss/us-east-1.eu-west-1", "0 to 90 %", "value", "")
}

func refused(p tester, path, words string, fields ...string) {
	p.t.Helper()
	if a := p.ask("POST", path, fields...); a.Status < 400 || !strings.Contains(string(a.Body), words) {
		p.t.Errorf("POST %s %v: %d %s, want %q", path, fields, a.Status, a.Body, words)
	}
}
