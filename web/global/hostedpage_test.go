package global

import (
	"fmt"
	"strings"
	"testing"
)

const wantPut = `PutItem { TableName: "Albums", Item: { album: { S: "hejira" }, price: { N: "19" } } }`

// panel is the page's parts as they are now.
func (x *tab) panel() string {
	a := x.page.Serve("GET", "/panel", nil)
	if a.Status != 200 {
		x.group.t.Fatalf("the panel of %s: HTTP %d: %s", x.region, a.Status, a.Body)
	}
	return string(a.Body)
}

func (x *tab) shows(wants ...string) {
	x.group.t.Helper()
	have := x.panel()
	for _, want := range wants {
		if !strings.Contains(have, want) {
			x.group.t.Errorf("%s does not show %q", x.region, want)
		}
	}
}

// Two tabs find each other, take each other's writes in, and say so.
func TestHostedTwoTabs(t *testing.T) {
	w := newGroup(t, 1)
	us, eu := w.tabs[0], w.tabs[1]
	us.open()
	us.shows("in us-east-1, which is this tab", "No tab hosts it; 3 messages wait until one does", "original", `href="?host=eu-west-1&amp;group=albums"`)
	eu.open()
	w.beat()
	w.carry(100)
	us.shows("It has stored everything that was sent", "Last heard at", "HERE")
	if status := us.post("/write", wantPut); status != 200 {
		t.Fatalf("HTTP %d", status)
	}
	if strings.Contains(eu.panel(), ">19<") {
		t.Error("eu has a write that us was not done with")
	}
	us.settle()
	w.carry(100)
	eu.shows(">19<", " us</td>", "takes <code>hejira</code>")
	us.shows("own write", "writes <code>hejira</code>", "Writes of this tab have yet to reach ap-south-1.")
}

// With the link cut from one side both write the same item; healed, one is lost,
// whole, and both say which.
func TestHostedConflict(t *testing.T) {
	w := newGroup(t, 1)
	us, eu := w.tabs[0], w.tabs[1]
	us.open()
	eu.open()
	w.beat()
	w.carry(100)
	us.post("/cut/eu-west-1", "")
	us.settle()
	us.shows("LINK CUT", "link to eu cut from this side")
	for i, x := range []*tab{us, eu} {
		w.beat()
		x.post("/write", fmt.Sprintf(`PutItem { TableName: "Albums", Item: { album: { S: "hejira" }, price: { N: "%d" } } }`, 50+i))
		x.settle()
		w.carry(100)
	}
	us.shows(">50<", "1 message waits here, and nothing of its is taken in")
	eu.shows(">51<", "message on the way")
	for range 4 {
		w.beat()
		w.carry(100)
	}
	eu.shows("SILENT", "perhaps the link is cut from its side")
	us.post("/heal/eu-west-1", "")
	us.settle()
	w.carry(100)
	for _, x := range []*tab{us, eu} {
		x.shows(">51<", "1 write lost", "price 50", "eu had not seen that of us")
	}
	us.shows("<s>50</s>")
}

// A tab that is closed is a region that is lost: what others write waits for it.
func TestHostedClosed(t *testing.T) {
	w := newGroup(t, 1)
	us, eu := w.tabs[0], w.tabs[1]
	us.open()
	eu.open()
	w.beat()
	w.carry(100)
	eu.crash()
	us.shows("GONE")
	us.post("/write", wantPut)
	us.settle()
	us.shows("No tab hosts it; 1 message waits until one does")
	eu.open()
	w.beat()
	w.carry(100)
	eu.shows(">19<")
	us.shows("It has stored everything that was sent")
}

// A region whose storage was cleared has everything again, and what it writes is
// not taken for what it wrote in its life before.
func TestHostedForgotten(t *testing.T) {
	w := newGroup(t, 1)
	us, eu := w.tabs[0], w.tabs[1]
	us.open()
	eu.open()
	eu.post("/write", wantPut)
	eu.settle()
	w.beat()
	w.carry(100)
	eu.crash()
	eu.journal, eu.snapshot = nil, nil
	w.beat()
	eu.open()
	eu.post("/write", `PutItem { TableName: "Albums", Item: { album: { S: "blue" } } }`)
	eu.settle()
	w.rest()
	eu.shows(">19<")
	us.shows("blue")
	w.check()
}

// A region opened from a snapshot and the lines behind it is the one opened from
// the whole journal.
func TestHostedSnapshot(t *testing.T) {
	w := newGroup(t, 1)
	us := w.tabs[0]
	us.open()
	for n := range hostedSnapshotEvery {
		us.post("/write", fmt.Sprintf(`PutItem { TableName: "Albums", Item: { album: { S: "%d" } } }`, n%7))
		us.settle()
	}
	if us.snapshot == nil {
		t.Fatal("no snapshot was taken")
	}
	journal, snapshot := us.journal, us.snapshot
	us.crash()
	us.open()
	short := us.page.engine.StateHash()
	us.snapshot = nil
	us.open()
	if long := us.page.engine.StateHash(); short != long {
		t.Error("the snapshot is of another state than the journal")
	}
	us.journal, us.snapshot = journal[:len(journal)/2], snapshot
	us.open()
	if us.page.steps >= hostedSnapshotEvery {
		t.Error("a snapshot of steps that the journal does not have was taken")
	}
}

func TestHostedRefuses(t *testing.T) {
	w := newGroup(t, 1)
	us := w.tabs[0]
	us.page = NewHosted(HostedConfig{})
	us.shows("Every tab can be a region", "Host it in this tab", "kind-of-blue")
	for _, target := range []string{"/write", "/cut/eu-west-1", "/wait", "/unwait"} {
		if status := us.post(target, wantPut); status != 409 {
			t.Errorf("%s where nothing is hosted: HTTP %d", target, status)
		}
	}
	us.open()
	for _, c := range []struct {
		target, text string
		status       int
		want         string
	}{
		{"/write", "", 422, "There is no request in the box."},
		{"/write", "PutItem {", 422, "This is no request yet"},
		{"/write", `DeleteTable { TableName: "Albums" }`, 422, "DeleteTable is for the desk"},
		{"/cut/us-east-1", "", 404, "There is no region"},
		{"/write", `GetItem { TableName: "Albums", Key: { album: { S: "hejira" } } }`, 200, "&#34;22&#34;"},
		{"/write", `PutItem { TableName: "Albums", Item: { price: { N: "1" } } }`, 200, "ValidationException"},
	} {
		a := us.page.Serve("POST", c.target, []byte("text="+strings.ReplaceAll(c.text, " ", "+")))
		if a.Status != c.status || !strings.Contains(string(a.Body), c.want) {
			t.Errorf("%s %s: HTTP %d, want %d with %q:\n%s", c.target, c.text, a.Status, c.status, c.want, a.Body)
		}
	}
	if lines, _ := us.page.Keep(); strings.Contains(string(lines), "GetItem") {
		t.Error("a read is stored")
	}
}

// What stands in the way of hosting a region is said in words, and nothing of it
// is lost.
func TestHostedStandings(t *testing.T) {
	w := newGroup(t, 1)
	us := w.tabs[0]
	us.page = NewHosted(HostedConfig{Now: w.clock})
	us.page.Stand("albums", "us-east-1", "taken", "")
	us.shows("Another tab hosts us-east-1.", "Take over when it is closed")
	us.post("/wait", "")
	us.shows("This tab waits for us-east-1.")
	us.post("/unwait", "")
	us.shows("Another tab hosts us-east-1.")
	us.page.Stand("No Group", "moon-1", "taken", "")
	us.shows("Every tab can be a region", "group albums")
	us.page.Unkept("it is private")
	us.shows("This browser keeps nothing.", "it is private")
	us.open()
	whole := string(us.journal)
	for _, c := range [][2]string{
		{"{}\n", "this is no journal of a region"},
		{strings.Replace(whole, `"version":1`, `"version":9`, 1), "its version is 9"},
		{strings.Replace(whole, `"us-east-1"}`, `"eu-west-1"}`, 1), "it is the journal of eu-west-1"},
		{whole + "nonsense\n", "step 10 of its journal"},
	} {
		us.page = NewHosted(HostedConfig{Now: w.clock})
		if err := us.page.Open("albums", "us-east-1", []byte(c[0]), nil); err == nil || !strings.Contains(err.Error(), c[1]) {
			t.Errorf("got %v, want %s", err, c[1])
		}
		us.shows("The journal of us-east-1 cannot be read.", "Begin anew")
	}
}

// Letters that are none, of another version, or for somebody else are passed
// over; a message that is refused is told of.
func TestHostedStrangeLetters(t *testing.T) {
	w := newGroup(t, 1)
	us, eu := w.tabs[0], w.tabs[1]
	us.open()
	before := us.page.engine.StateHash()
	for _, letter := range []string{
		"", "{}", "nonsense", `{"letter":2,"from":"eu-west-1","to":"us-east-1"}`, `{"letter":1,"from":"moon-1"}`,
		`{"letter":1,"from":"us-east-1","to":"us-east-1"}`, `{"letter":1,"from":"eu-west-1","to":"ap-south-1"}`,
		`{"letter":1,"from":"eu-west-1","to":"us-east-1","at":"x","epoch":"y","heard":"z"}`,
	} {
		us.page.Hear([]byte(letter))
		if lines, _ := us.page.Keep(); len(lines) > 0 {
			t.Errorf("%s leaves something to store: %s", letter, lines)
		}
	}
	if us.page.engine.StateHash() != before {
		t.Error("a strange letter has changed something")
	}
	us.page.Hear([]byte(`{"letter":1,"from":"eu-west-1","at":"1","to":"us-east-1","epoch":"0","heard":"0"}` + "\n{}"))
	us.shows("A message of its was refused")
	eu.open()
	w.beat()
	w.carry(100)
	if strings.Contains(us.panel(), "refused") {
		t.Error("it is still told of after others were taken in")
	}
}
