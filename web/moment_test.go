package web

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/sortkey/sortkey/engine/scenario"
)

func put(n int) string {
	return fmt.Sprintf(`PutItem { TableName: "Sessions", Item: { id: { S: "n%d" } } }`, n)
}

func TestUndoAndRedo(t *testing.T) {
	d := New(Config{})
	var hashes [][32]byte
	note := func() { hashes = append(hashes, d.ws.engine.StateHash()) }
	note()
	for i := range 3 {
		post(t, d, "/desk/run", "text", put(i))
		note()
	}
	post(t, d, "/desk/clock", "by", "60")
	note()
	for i := 3; i >= 0; i-- {
		post(t, d, "/desk/undo")
		if d.ws.engine.StateHash() != hashes[i] {
			t.Fatalf("undo to %d gives another state", i)
		}
	}
	for i := 1; i <= 4; i++ {
		post(t, d, "/desk/redo")
		if d.ws.engine.StateHash() != hashes[i] {
			t.Fatalf("redo to %d gives another state", i)
		}
	}
	if code, _ := try(d, "/desk/redo"); code != 409 {
		t.Error("redo beyond the end")
	}
}

func TestEveryStateStaysReachable(t *testing.T) {
	d := New(Config{})
	post(t, d, "/desk/run", "text", put(1))
	left := d.ws.engine.StateHash()
	post(t, d, "/desk/undo")
	page := post(t, d, "/desk/run", "dock", "requests", "text", put(2))
	holds(t, page, "undone, go to")
	post(t, d, "/desk/goto/1")
	if d.ws.engine.StateHash() != left {
		t.Error("the state that was undone and left is another one now")
	}
}

func TestStatesLetGoOfAreMadeAgain(t *testing.T) {
	d := New(Config{})
	post(t, d, "/desk/run", "text", put(0))
	early := d.ws.engine.StateHash()
	for i := range maxForks + 20 {
		d.ws.run(put(i))
	}
	if d.ws.moments[1].engine != nil {
		t.Fatal("the oldest state was not let go of: this test proves nothing")
	}
	post(t, d, "/desk/goto/1")
	if d.ws.engine.StateHash() != early {
		t.Error("the state made again differs")
	}
}

// wander does n random things on the desk.
func wander(t *testing.T, d *Desk, r *rand.Rand, n int) {
	t.Helper()
	for range n {
		switch r.IntN(8) {
		case 0:
			try(d, "/desk/undo")
		case 1:
			try(d, "/desk/redo")
		case 2:
			try(d, "/desk/clock", "by", "60")
		case 3:
			try(d, fmt.Sprintf("/desk/goto/%d", r.IntN(len(d.ws.moments))))
		case 4:
			post(t, d, "/desk/run", "title", fmt.Sprintf("Title %d", r.IntN(3)), "text", `Scan { TableName: "Sessions" }`)
		case 5:
			post(t, d, "/desk/run", "text", fmt.Sprintf(`DeleteItem { TableName: "Sessions", Key: { id: { S: "n%d" } } }`, r.IntN(9)))
		default:
			post(t, d, "/desk/run", "text", put(r.IntN(9)))
		}
	}
}

func TestWhatIsKeptIsWhatIsLoaded(t *testing.T) {
	for seed := range uint64(20) {
		r := rand.New(rand.NewPCG(seed, 1))
		d := New(Config{})
		var journal, snapshot []byte
		for range 30 {
			wander(t, d, r, 1+r.IntN(8))
			k := d.Keep()
			if k.Begins {
				journal = nil
			}
			journal = append(journal, k.Lines...)
			if k.Snapshot != nil {
				snapshot = k.Snapshot
			}
		}
		for name, snap := range map[string][]byte{"snapshot": snapshot, "replay": nil, "damaged snapshot": []byte("{\"moment\":3}\njunk")} {
			back := New(Config{})
			if err := back.Load("x", append(journal, `{"target":"Dyn`...), snap); err != nil {
				t.Fatalf("seed %d, %s: %v", seed, name, err)
			}
			if back.ws.engine.StateHash() != d.ws.engine.StateHash() || back.ws.at.id != d.ws.at.id {
				t.Errorf("seed %d, %s: loaded another state", seed, name)
			}
			if back.ws.title != d.ws.title || back.ws.draft != d.ws.draft {
				t.Errorf("seed %d, %s: loaded title %q draft %q, not %q %q", seed, name, back.ws.title, back.ws.draft, d.ws.title, d.ws.draft)
			}
			if err := back.ws.goTo(back.ws.moments[len(back.ws.moments)/2]); err != nil {
				t.Errorf("seed %d, %s: %v", seed, name, err)
			}
		}
	}
}

func TestFirstVisitLeavesNoTrace(t *testing.T) {
	d := New(Config{})
	post(t, d, "/desk/run", "text", `Scan { TableName: "Shop" }`)
	if k := d.Keep(); k.Workspace != "" || k.Lines != nil {
		t.Errorf("nothing was changed, but %q is to be stored", k.Lines)
	}
}

func TestRevertForgetsTheLastRequest(t *testing.T) {
	d := New(Config{})
	post(t, d, "/desk/run", "text", put(1))
	d.Keep()
	hash, moments, entries := d.ws.engine.StateHash(), len(d.ws.moments), len(d.ws.entries)
	for _, c := range [][]string{{"/desk/run", "text", put(2)}, {"/desk/undo"}, {"/desk/clock", "by", "1"}, {"/desk/new"}} {
		post(t, d, c[0], c[1:]...)
		d.Revert()
		if d.ws.engine.StateHash() != hash || len(d.ws.moments) != moments || len(d.ws.entries) != entries || d.ws.title != "Record shop" {
			t.Errorf("%q was not forgotten", c)
		}
		if len(d.Keep().Lines) != 0 {
			t.Errorf("%q is still to be stored", c)
		}
	}
}

func TestLinkCarriesTheWorkspace(t *testing.T) {
	for seed := range uint64(12) {
		d := New(Config{})
		wander(t, d, rand.New(rand.NewPCG(seed, 2)), 40)
		mine := d.ws
		link := post(t, d, "/desk/link", "text", "ListTables {}")
		other := New(Config{})
		post(t, other, "/desk/run", "text", put(99))
		other.Keep()
		visitor := other.ws
		page := post(t, other, "/desk/open", "link", link)
		if other.ws.engine.StateHash() != mine.engine.StateHash() {
			t.Errorf("seed %d: the link opens another state", seed)
		}
		holds(t, page, "Opened from a link or file", "Go back to "+visitor.title)
		if other.ws.draft != "ListTables {}" || other.ws.title != mine.title {
			t.Errorf("seed %d: draft %q title %q", seed, other.ws.draft, other.ws.title)
		}
		if again := post(t, other, "/desk/link", "text", "ListTables {}"); again != link {
			t.Errorf("seed %d: workspace → link → workspace → link differs", seed)
		}
		if k := other.Keep(); k.Lines != nil {
			t.Errorf("seed %d: what was only opened is to be stored: %q", seed, k.Lines)
		}
		post(t, other, "/desk/undo-new")
		if other.ws != visitor {
			t.Error("the visitor's own work is gone")
		}
		file := post(t, d, "/desk/file")
		post(t, other, "/desk/open", "file", file)
		if other.ws.engine.StateHash() != mine.engine.StateHash() {
			t.Errorf("seed %d: the file opens another state", seed)
		}
	}
}

func TestHostileLinkIsInert(t *testing.T) {
	bad := `<script>alert(1)</script><img src=x onerror=alert(2)>"'`
	doc := &scenario.Document{Title: bad}
	doc.Blocks = append(doc.Blocks, scenario.Block{Kind: scenario.Prose, Text: bad})
	requests, err := scenario.ParseRequests(`CreateTable { TableName: "Abc", BillingMode: "PAY_PER_REQUEST", AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }], KeySchema: [{ AttributeName: "id", KeyType: "HASH" }] }
PutItem { TableName: "Abc", Item: { id: { S: "<script>alert(3)</script>" }, "<b onclick=alert(4)>": { S: "<svg onload=alert(5)>" } } }`)
	if err != nil {
		t.Fatal(err)
	}
	block, err := scenario.NewRequests("", requests...)
	if err != nil {
		t.Fatal(err)
	}
	doc.Blocks = append(doc.Blocks, block, scenario.NewView(`Scan { TableName: "Abc" } // `+bad, nil))
	link, err := scenario.EncodeLink(doc)
	if err != nil {
		t.Fatal(err)
	}
	d := New(Config{})
	page := post(t, d, "/desk/open", "link", link) + post(t, d, "/desk/run", "text", `Scan { TableName: "Abc" }`) + get(t, d, "/")
	for _, live := range []string{"<script>alert", "<img", "<svg onload", "<b onclick"} {
		if strings.Contains(page, live) {
			t.Errorf("the page holds live markup: %s", live)
		}
	}
}

func TestFollowerCannotChange(t *testing.T) {
	d := New(Config{})
	post(t, d, "/desk/run", "text", put(1))
	d.Follow(true)
	for _, c := range [][]string{{"/desk/run", "text", put(2)}, {"/desk/undo"}, {"/desk/clock", "by", "1"}} {
		if code, _ := try(d, c[0], c[1:]...); code != 409 {
			t.Errorf("%q: %d", c, code)
		}
	}
	holds(t, post(t, d, "/desk/run", "text", `Scan { TableName: "Sessions" }`), "returned", "Take over")
	d.Follow(false)
	post(t, d, "/desk/run", "text", put(2))
}

func TestChangesAreShown(t *testing.T) {
	d := New(Config{})
	page := post(t, d, "/desk/run", "dock", "changes", "text", put(1))
	holds(t, page, "1 table differs.", "Sessions", "1 added", "n1")
	page = post(t, d, "/desk/run", "dock", "changes", "text", `UpdateItem { TableName: "Sessions", Key: { id: { S: "n1" } }, UpdateExpression: "SET device = :d", ExpressionAttributeValues: { ":d": { S: "phone" } } }`)
	holds(t, page, "1 changed", "device", "phone")
	page = post(t, d, "/desk/run", "dock", "changes", "text", `Scan { TableName: "Sessions" }`)
	holds(t, page, "This request changed nothing.")
	holds(t, get(t, d, "/desk/dock/changes?since=1"), "1 table differs.", "1 added")
}
