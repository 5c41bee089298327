package engine_test

import (
	"strings"
	"testing"
	"time"

	"github.com/sortkey/sortkey/engine"
	"github.com/sortkey/sortkey/engine/attr"
)

// What the loss of a zone costs: nothing. Which copies answer changes.
func TestZones(t *testing.T) {
	w := newWorld(t, engine.Options{Settings: engine.Settings{ReadDelay: time.Second}})
	w.put("", "hejira", "")
	key := attr.Map{{Name: "album", Value: attr.Text("hejira")}}
	zones := w.Zones("", "Albums", key)
	leader := ""
	for _, z := range zones {
		if z.Leader {
			leader = z.Name
		}
		if z.Leader != (z.Behind == 0) || z.Lost {
			t.Errorf("%+v", z)
		}
	}
	if len(zones) != 3 || zones[0].Name != "a" || leader == "" {
		t.Fatalf("%+v", zones)
	}
	lose := func(what, zone string) error {
		return w.SetRegion(engine.RegionStep{Region: "us-east-1", What: what, Zone: zone})
	}
	if err := lose("lose", leader); err != nil {
		t.Fatal(err)
	}
	w.put("", "blue", "")
	if got := w.must("", "GetItem", `{"TableName":"Albums","Key":{"album":{"S":"blue"}},"ConsistentRead":true}`); got == "{}" {
		t.Error("a strongly consistent read does not see the write")
	}
	leaders := 0
	for _, z := range w.Zones("", "Albums", key) {
		if z.Lost != (z.Name == leader) || z.Lost && z.Leader {
			t.Errorf("%+v", z)
		}
		if z.Leader {
			leaders++
		}
	}
	if leaders != 1 {
		t.Errorf("%d leaders", leaders)
	}
	for _, zone := range []string{"a", "b", "c"} {
		if zone != leader {
			if err := lose("lose", zone); err == nil || !strings.Contains(err.Error(), "kill") {
				t.Errorf("a second zone: %v", err)
			}
		}
	}
	if err := lose("restore", leader); err != nil {
		t.Fatal(err)
	}
	if now := w.Zones("", "Albums", key); now[0] != zones[0] && w.Now().IsZero() {
		t.Errorf("%+v", now)
	}
	if got := w.Zones("", "Nothing", nil); got != nil {
		t.Errorf("%+v", got)
	}
}

func TestRegionsAndLinks(t *testing.T) {
	w := newWorld(t, engine.Options{Settings: engine.Settings{ReplicationDelay: 300 * time.Millisecond}})
	w.link("us-east-1", "eu-west-1", "latency", "500ms")
	w.link("ap-south-1", "eu-west-1", "cut", "")
	if err := w.SetRegion(engine.RegionStep{Region: "ap-south-1", What: "kill"}); err != nil {
		t.Fatal(err)
	}
	w.Pass(time.Second)
	w.put("us-east-1", "hejira", "")
	regions := w.Regions()
	if len(regions) != 3 || regions[0].Name != "ap-south-1" || !regions[0].Down || !regions[0].Since.Equal(engine.DefaultStart) || regions[1].Down {
		t.Errorf("%+v", regions)
	}
	links := w.Links()
	if len(links) != 6 {
		t.Fatalf("%d links", len(links))
	}
	for _, l := range links {
		switch l.From + " " + l.To {
		case "us-east-1 eu-west-1":
			if len(l.InFlight) != 1 || l.Latency != 500*time.Millisecond || !l.Own || l.InFlight[0].Due.Sub(w.Now()) != 500*time.Millisecond || l.InFlight[0].Size < 100 {
				t.Errorf("%+v", l)
			}
		case "us-east-1 ap-south-1":
			if len(l.InFlight) != 1 || l.Latency != 300*time.Millisecond || l.Own || !l.InFlight[0].Due.IsZero() || !l.InFlight[0].Sent.IsZero() {
				t.Errorf("%+v", l)
			}
		default:
			if len(l.InFlight) != 0 || l.Cut != strings.Contains("ap-south-1 eu-west-1 ap-south-1", l.From+" "+l.To) {
				t.Errorf("%+v", l)
			}
		}
	}
	if c := w.Convergence("", "Albums"); c.Agreed || c.Waiting != 1 || c.InFlight != 1 || !c.At.IsZero() {
		t.Errorf("%+v", c)
	}
	// A message that is on its way when its link is cut departs when it is healed.
	w.Pass(100 * time.Millisecond)
	w.link("us-east-1", "eu-west-1", "cut", "")
	w.Pass(time.Minute)
	if got := w.get("eu-west-1", "hejira"); got != "{}" {
		t.Errorf("across a cut: %s", got)
	}
	w.link("us-east-1", "eu-west-1", "heal", "")
	w.Pass(500 * time.Millisecond)
	if got := w.get("eu-west-1", "hejira"); got == "{}" {
		t.Error("healed, it does not arrive")
	}
	if r := w.in("ap-south-1", "ListTables", "{}"); r.Status != 503 {
		t.Errorf("%d %s", r.Status, r.Body)
	}
}

func TestWrongSteps(t *testing.T) {
	w := newWorld(t, engine.Options{})
	before := w.StateHash()
	for _, s := range []engine.Step{
		{Link: engine.LinkStep{From: "us-east-1", To: "us-east-1", What: "cut"}},
		{Link: engine.LinkStep{From: "us-east-1", To: "eu-west-1", What: "bend"}},
		{Link: engine.LinkStep{From: "us-east-1", To: "eu-west-1", What: "latency", Value: "-1s"}},
		{Link: engine.LinkStep{From: "us-east-1", To: "eu-west-1", What: "loss", Value: "91"}},
		{Region: engine.RegionStep{Region: "US", What: "kill"}},
		{Region: engine.RegionStep{Region: "us-east-1", What: "kill", Zone: "a"}},
		{Region: engine.RegionStep{Region: "us-east-1", What: "lose", Zone: "d"}},
		{Peer: engine.PeerStep{What: "join", Table: "Nothing", Region: "us-east-1", Peer: "eu-west-3"}},
		{Peer: engine.PeerStep{What: "join", Table: "Albums", Region: "us-east-1", Peer: "eu-west-1"}},
		{Peer: engine.PeerStep{What: "acknowledge", Region: "us-east-1", Peer: "eu-west-3", Number: 1}},
		{Peer: engine.PeerStep{What: "deliver", Message: "{}"}},
		{Peer: engine.PeerStep{What: "listen"}},
	} {
		if _, err := w.Step(s); err == nil {
			t.Errorf("%+v is taken", s)
		}
		if w.StateHash() != before {
			t.Errorf("%+v changes the state", s)
		}
	}
}
