package web

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/sortkey/sortkey/engine"
)

// stored is what a host has stored of a desk's workspaces.
type stored map[string]struct{ journal, snapshot []byte }

// store does what a host does after every request.
func (s stored) store(t *testing.T, d *Desk) (lines []byte) {
	t.Helper()
	for k := d.Keep(); len(k.Lines) > 0; k = d.Keep() {
		was, ok := s[k.Workspace]
		if k.Begins == ok {
			t.Fatalf("workspace %s begins: %v, and is stored: %v", k.Workspace, k.Begins, ok)
		}
		was.journal = append(was.journal, k.Lines...)
		if k.Snapshot != nil {
			was.snapshot = k.Snapshot
		}
		s[k.Workspace] = was
		lines = append(lines, k.Lines...)
	}
	return lines
}

func TestFollowerIsBroughtUpToDate(t *testing.T) {
	for seed := range uint64(12) {
		r := rand.New(rand.NewPCG(seed, 3))
		s, owner, follower := stored{}, New(Config{}), New(Config{})
		post(t, owner, "/desk/run", "text", put(1))
		s.store(t, owner)
		if err := follower.Load("w1", s["w1"].journal, nil); err != nil {
			t.Fatal(err)
		}
		follower.Follow(true)
		post(t, follower, "/desk/run", "text", `ListTables {}`)
		for range 20 {
			wander(t, owner, r, 1+r.IntN(4))
			if err := follower.Extend(s.store(t, owner)); err != nil {
				t.Fatalf("seed %d: %v", seed, err)
			}
			if follower.ws.engine.StateHash() != owner.ws.engine.StateHash() || follower.ws.at.id != owner.ws.at.id {
				t.Fatalf("seed %d: the follower is in another state", seed)
			}
			if follower.ws.title != owner.ws.title {
				t.Fatalf("seed %d: the follower is called %q, not %q", seed, follower.ws.title, owner.ws.title)
			}
		}
		if follower.ws.shown.req.Operation != "ListTables" {
			t.Errorf("seed %d: what the follower looked at is gone", seed)
		}
		if k := follower.Keep(); k.Lines != nil {
			t.Errorf("seed %d: the follower stores %q", seed, k.Lines)
		}
		follower.Follow(false)
		post(t, follower, "/desk/run", "text", put(7))
		s.store(t, follower)
		again := New(Config{})
		if err := again.Load("w1", s["w1"].journal, s["w1"].snapshot); err != nil {
			t.Fatalf("seed %d, after the follower took over: %v", seed, err)
		}
		if again.ws.engine.StateHash() != follower.ws.engine.StateHash() {
			t.Errorf("seed %d: after the follower took over another state is stored", seed)
		}
	}
}

func TestNonsenseLeavesTheFollowerAsItIs(t *testing.T) {
	s, d := stored{}, New(Config{})
	post(t, d, "/desk/run", "text", put(1))
	s.store(t, d)
	hash, moments := d.ws.engine.StateHash(), len(d.ws.moments)
	for _, lines := range []string{"{\"goto\":99}\n", "{\"title\":\"X\"}\n{\"target\":", "no line\n"} {
		if d.Extend([]byte(lines)) == nil {
			t.Errorf("%q is no error", lines)
		}
		if d.ws.engine.StateHash() != hash || len(d.ws.moments) != moments || d.ws.title != "Record shop" {
			t.Errorf("%q changed the workspace", lines)
		}
	}
}

func TestLoadShowsWhatWasThere(t *testing.T) {
	for _, c := range []struct {
		name  string
		texts []string
		wants []string
	}{
		{"a read", []string{put(1), `Scan { TableName: "Sessions" }`}, []string{"6</b> returned"}},
		{"a write", []string{put(1)}, []string{"Item added", "1.0"}},
		{"a write before a draft that is none", []string{put(1), "Put"}, []string{"Item added"}},
		{"a table", []string{`DeleteTable { TableName: "Music" }`}, []string{"DeleteTable"}},
	} {
		s, d := stored{}, New(Config{})
		for _, text := range c.texts {
			post(t, d, "/desk/run", "text", text)
			s.store(t, d)
		}
		back := New(Config{})
		if err := back.Load("w1", s["w1"].journal, nil); err != nil {
			t.Fatal(err)
		}
		page := get(t, back, "/desk")
		holds(t, page, c.wants...)
		if o := back.ws.shown; o == nil || o.after != back.ws.at && len(c.texts) == 1 {
			t.Errorf("%s: the request shown is not the one that led here", c.name)
		}
		if k := back.Keep(); k.Lines != nil {
			t.Errorf("%s: loading leaves %q to store", c.name, k.Lines)
		}
	}
}

func TestSnapshotsBoundTheReplay(t *testing.T) {
	s, d := stored{}, New(Config{})
	for i := range 2*snapshotEvery + 50 {
		d.Handle(engine.Call{Target: "DynamoDB_20120810.PutItem", Body: fmt.Appendf(nil, `{"TableName":"Sessions","Item":{"id":{"S":"n%d"}}}`, i)})
		s.store(t, d)
	}
	back := New(Config{})
	if err := back.Load("w1", s["w1"].journal, s["w1"].snapshot); err != nil {
		t.Fatal(err)
	}
	if back.ws.engine.StateHash() != d.ws.engine.StateHash() {
		t.Error("another state")
	}
	run := 0
	for _, m := range back.ws.moments {
		if m.engine != nil {
			run++
		}
	}
	if back.ws.snapped < 2*snapshotEvery || run > 4 {
		t.Errorf("snapshot at %d, %d states made: the replay was not cut short", back.ws.snapped, run)
	}
}

func TestRevertOfAReadTakesNothingBack(t *testing.T) {
	s, d := stored{}, New(Config{})
	post(t, d, "/desk/run", "text", put(1))
	s.store(t, d)
	hash := d.ws.engine.StateHash()
	d.Revert() // of nothing: all is stored
	get(t, d, "/desk/show/1")
	d.Revert()
	if d.ws.engine.StateHash() != hash {
		t.Error("a write that was acknowledged is gone")
	}
}

func TestWhatIsOwedComesWithTheNextLines(t *testing.T) {
	s, d := stored{}, New(Config{})
	post(t, d, "/desk/run", "text", put(1))
	s.store(t, d)
	post(t, d, "/desk/run", "title", "Mine", "text", `ListTables {}`)
	k := d.Keep()
	if !k.Light || !strings.Contains(string(k.Lines), `{"title":"Mine"}`) {
		t.Fatalf("%+v", k)
	}
	d.Owe(k)
	post(t, d, "/desk/run", "text", put(2))
	k = d.Keep()
	if k.Light || !strings.HasPrefix(string(k.Lines), `{"title":"Mine"}`) || !strings.Contains(string(k.Lines), "n2") {
		t.Errorf("%s", k.Lines)
	}
}

func TestTitleOfAWorkspaceThatIsLeftIsStored(t *testing.T) {
	s, d := stored{}, New(Config{})
	post(t, d, "/desk/run", "text", put(1))
	s.store(t, d)
	post(t, d, "/desk/new", "title", "Left behind")
	if k := d.Keep(); k.Workspace != "w1" || !k.Light || string(k.Lines) != "{\"title\":\"Left behind\"}\n" || k.Here != "" || k.Back != "w1" {
		t.Errorf("%+v %s", k, k.Lines)
	}
}

func TestFollowerRefusesWritesOfTheAPI(t *testing.T) {
	d := New(Config{})
	post(t, d, "/desk/run", "text", put(1))
	d.Follow(true)
	hash := d.ws.engine.StateHash()
	reply := d.Handle(engine.Call{Target: "DynamoDB_20120810.PutItem", Body: []byte(`{"TableName":"Sessions","Item":{"id":{"S":"x"}}}`)})
	if reply.Status != 400 || !strings.Contains(string(reply.Body), "AccessDenied") || d.ws.engine.StateHash() != hash {
		t.Errorf("%d %s", reply.Status, reply.Body)
	}
	if reply = d.Handle(engine.Call{Target: "DynamoDB_20120810.ListTables", Body: []byte(`{}`)}); reply.Status != 200 {
		t.Errorf("a read: %d %s", reply.Status, reply.Body)
	}
}

func TestShelf(t *testing.T) {
	s, d := stored{}, New(Config{})
	post(t, d, "/desk/run", "title", "First", "text", put(1))
	s.store(t, d)
	post(t, d, "/desk/example", "name", "record-shop")
	post(t, d, "/desk/run", "title", "Second", "text", put(2))
	s.store(t, d)
	d.Shelf([]Shelved{{"w2", "Second", "22 Nov, 09:41"}, {"w1", "First", "21 Nov, 18:00"}})
	holds(t, get(t, d, "/desk/shelf"), "Second", "On the desk · 22 Nov, 09:41", "Delete “First” for good")

	if code, _ := try(d, "/desk/workspace/w9"); code != 404 {
		t.Error("one that is not stored was opened")
	}
	if err := d.Bring("w1", s["w1"].journal[:9], nil, false); err == nil {
		t.Error("a damaged journal was brought")
	}
	if err := d.Bring("w1", s["w1"].journal, nil, true); err != nil {
		t.Fatal(err)
	}
	page := post(t, d, "/desk/workspace/w1")
	holds(t, page, `value="First"`, "Take over", "Go back to Second")
	if k := d.Keep(); k.Here != "w1" || k.Back != "w2" || k.Lines != nil {
		t.Errorf("%+v", k)
	}
	if code, _ := try(d, "/desk/take-over"); code != 409 {
		t.Error("taken over without the host")
	}
	d.Follow(false)
	if strings.Contains(post(t, d, "/desk/take-over"), "Take over") {
		t.Error("the banner stays")
	}
	post(t, d, "/desk/workspace/w2") // the one before: the host says nobody has changed it
	if d.ws.title != "Second" || len(d.ws.outcomes) < 2 {
		t.Error("the workspace before came back poorer than it was")
	}
	page = post(t, d, "/desk/delete/w1")
	if strings.Contains(text(page), "First") && !strings.Contains(text(page), "Workspace First deleted.") || d.ws.title != "Second" {
		t.Errorf("after deleting another:\n%s", text(page))
	}
	page = post(t, d, "/desk/delete/w2")
	holds(t, page, "Nothing is stored yet", "Workspace Second deleted.", `value="Record shop"`)
	if k := d.Keep(); k.Here != "" || k.Lines != nil {
		t.Errorf("%+v", k)
	}
}
