package components

import (
	"strings"
	"testing"
)

func sampleHosted() Hosted {
	regions := sampleLabRegions()
	return Hosted{
		Group: "albums", Table: "Albums", Region: "us-east-1", Standing: HostedHere, Columns: regions[0].Columns, Rows: regions[0].Rows, More: 4,
		Ask: "PutItem {\n}", Reply: regions[1].Reply, Converge: Words{}.Strong("Not all sent.").Say(" Writes of this tab have yet to reach eu-west-1."),
		Peers: []HostedPeer{
			{Name: "eu-west-1", State: PeerSilent, Waiting: 1, Heard: "09:41:07.250", Trouble: "<b> is no item"},
			{Name: "ap-south-1", State: PeerGone, Waiting: 9999, Over: true},
		},
		Ledger: sampleLab().Ledger,
		Log:    []HostedLine{{At: "09:41:07.250", Words: Words{}.Say("writes ").Code("hejira")}},
	}
}

func TestHosted(t *testing.T) {
	here, choosing, taken := sampleHosted(), sampleHosted(), sampleHosted()
	choosing.Region, choosing.Standing, choosing.Reply = "", HostedChoosing, nil
	taken.Standing, taken.Unkept = HostedTaken, "it is private"
	for name, d := range map[string]Hosted{"hosted": here, "hosted-choosing": choosing, "hosted-taken": taken} {
		golden(t, name, pretty(render(t, HostedMain(d))))
	}
}

// Where a region is not hosted here nothing is said of what is in it, and there
// is nothing to write in.
func TestHostedStandings(t *testing.T) {
	for _, c := range []struct {
		name, want string
		table      bool
	}{
		{"choosing", "Every tab can be a region", true},
		{"taken", "Another tab hosts us-east-1.", false},
		{"waiting", "This tab waits for us-east-1.", false},
		{"broken", "What is wrong: line 7.", false},
	} {
		d := sampleHosted()
		d.Standing, d.Why = HostedStandingNamed(c.name), "line 7"
		html := render(t, HostedMain(d))
		if !strings.Contains(html, c.want) {
			t.Errorf("%s lacks %q", c.name, c.want)
		}
		if strings.Contains(html, "<textarea") || strings.Contains(html, "<table") != c.table || strings.Count(html, " hidden") != 2 {
			t.Errorf("%s shows what only a tab that hosts the region knows", c.name)
		}
	}
}

func TestPeerWords(t *testing.T) {
	for want, p := range map[string]HostedPeer{
		"No tab hosts it.": {},
		"No tab hosts it; more than 9,999 messages wait until one does.":                    {Waiting: 9999, Over: true},
		"It has stored everything that was sent.":                                           {State: PeerHere},
		"2 messages on the way. It does not answer: perhaps the link is cut from its side.": {State: PeerSilent, Waiting: 2},
		"Nothing is sent there, and nothing of its is taken in.":                            {State: PeerSilent, Cut: true},
		"1 message waits here, and nothing of its is taken in.":                             {Cut: true, Waiting: 1},
	} {
		if got := p.words(); got != want {
			t.Errorf("%+v: %q, want %q", p, got, want)
		}
	}
}

// Every id occurs once: morphing finds its places by them.
func TestHostedIDs(t *testing.T) {
	seen := map[string]bool{}
	for _, piece := range strings.Split(render(t, HostedMain(sampleHosted())), ` id="`)[1:] {
		id, _, _ := strings.Cut(piece, `"`)
		if seen[id] {
			t.Errorf("id %s occurs twice", id)
		}
		seen[id] = true
	}
}
