package global

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/sortkey/sortkey/engine"
	"github.com/sortkey/sortkey/engine/attr"
)

// tab is a Hosted with the host that a browser tab is: a journal, and letters
// that go into the world's pipe.
type tab struct {
	group    *group
	region   string
	page     *Hosted // nil while the tab is closed
	journal  []byte
	snapshot []byte
	full     bool // nothing can be stored
}

// group is a group of tabs, a clock and a pipe that loses, doubles and reorders.
type group struct {
	t    *testing.T
	rand *rand.Rand
	now  time.Time
	tabs []*tab
	pipe []posted
	loss bool
	made map[write]made // every write that was acknowledged or may have been stored
}

type posted struct {
	from   *tab
	letter []byte
}

// write is one of an item: versions of different items can be equal.
type write struct {
	key string
	engine.Version
}

// made is what a write was made over, and whether its tab has acknowledged it.
type made struct {
	parent       engine.Version
	acknowledged bool
}

func newGroup(t *testing.T, seed uint64) *group {
	w := &group{t: t, rand: rand.New(rand.NewPCG(seed, 7)), now: time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC), made: map[write]made{}}
	for _, region := range HostedRegions() {
		w.tabs = append(w.tabs, &tab{group: w, region: region})
	}
	return w
}

func (w *group) clock() time.Time { return w.now }

// open begins the tab's life, from what is stored.
func (x *tab) open() {
	x.page = NewHosted(HostedConfig{Now: x.group.clock, Faults: func(problem any, stack []byte) {
		x.group.t.Errorf("%v\n%s", problem, stack)
	}})
	x.group.count()
	if err := x.page.Open("albums", x.region, x.journal, x.snapshot); err != nil {
		x.group.t.Fatal(err)
	}
	x.settle()
}

// crash ends it, perhaps in the middle of storing what nobody was told of.
func (x *tab) crash() {
	if lines, _ := x.page.Keep(); len(lines) > 0 {
		x.journal = append(x.journal, lines[:x.group.rand.IntN(len(lines))]...)
	}
	x.page = nil
	x.group.count()
}

// count tells the tabs which of them there are.
func (w *group) count() {
	var here []string
	for _, x := range w.tabs {
		if x.page != nil {
			here = append(here, x.region)
		}
	}
	for _, x := range w.tabs {
		if x.page != nil {
			x.page.Present(here, true)
		}
	}
}

// settle stores what has happened and posts letters; false where it cannot.
func (x *tab) settle() bool {
	lines, snapshot := x.page.Keep()
	if len(lines) > 0 && x.full {
		x.page.Revert()
		return false
	}
	x.journal = append(x.journal[:bytes.LastIndexByte(x.journal, '\n')+1], lines...)
	if snapshot != nil {
		x.snapshot = snapshot
	}
	for _, letter := range x.page.Say() {
		x.group.pipe = append(x.group.pipe, posted{x, letter})
	}
	return true
}

// carry takes the pipe's letters to the other tabs; with loss, some are lost, some
// come twice, and in any order.
func (w *group) carry(most int) {
	for ; most > 0 && len(w.pipe) > 0; most-- {
		i := 0
		if w.loss {
			i = w.rand.IntN(len(w.pipe))
		}
		l := w.pipe[i]
		keep := w.loss && w.rand.IntN(5) == 0
		if !keep {
			w.pipe = slices.Delete(w.pipe, i, i+1)
		}
		if w.loss && w.rand.IntN(4) == 0 {
			continue
		}
		w.now = w.now.Add(time.Millisecond)
		for _, x := range w.tabs {
			if x != l.from && x.page != nil {
				x.page.Hear(l.letter)
				x.settle()
			}
		}
	}
}

func (w *group) beat() {
	w.now = w.now.Add(time.Second)
	for _, x := range w.tabs {
		if x.page != nil {
			x.page.Beat()
			x.settle()
		}
	}
}

// post is a request of the page.
func (x *tab) post(target, text string) int {
	a := x.page.Serve("POST", target, []byte(url.Values{"text": {text}}.Encode()))
	if a.Status == 500 {
		x.group.t.Errorf("POST %s %s: %s", target, text, a.Body)
	}
	return a.Status
}

// write puts or deletes an item, and notes what was acknowledged.
func (w *group) write(x *tab) {
	key := string(rune('a' + w.rand.IntN(8)))
	before := x.version(key)
	text := fmt.Sprintf(`PutItem { TableName: "Albums", Item: { album: { S: %q }, n: { N: "%d" } } }`, key, w.rand.IntN(1000))
	if w.rand.IntN(4) == 0 {
		text = fmt.Sprintf(`DeleteItem { TableName: "Albums", Key: { album: { S: %q } } }`, key)
	}
	w.now = w.now.Add(time.Duration(w.rand.IntN(3)) * time.Millisecond)
	status := x.post("/write", text)
	after := x.version(key)
	if !x.settle() {
		if now := x.version(key); now != before {
			w.t.Errorf("%s: a write that was not stored is there: %v instead of %v", x.region, now, before)
		}
		return
	}
	if status != 200 || after == before {
		w.t.Fatalf("%s: %s: HTTP %d, version %v after %v", x.region, text, status, after, before)
	}
	w.made[write{key, after}] = made{before, true}
}

func keyOf(key string) attr.Map {
	return attr.Map{{Name: "album", Value: attr.Text(key)}}
}

func (x *tab) version(key string) engine.Version {
	v, _ := x.page.engine.VersionsOf(x.region, hostedTable, keyOf(key))
	return v.Newest
}

// rest heals everything, opens every tab and lets letters go until none is left
// to send.
func (w *group) rest() {
	w.loss = false
	for _, x := range w.tabs {
		if x.full = false; x.page == nil {
			x.open()
		}
		for _, p := range HostedRegions() {
			if p != x.region {
				x.post("/heal/"+p, "")
				x.settle()
			}
		}
	}
	for range 40 {
		w.beat()
		w.carry(1 << 20)
	}
	for _, x := range w.tabs {
		for _, p := range x.page.peers {
			if n := x.page.waiting(p); n > 0 {
				w.t.Errorf("%s still has %d messages for %s: %s", x.region, n, p.region, p.trouble)
			}
		}
	}
}

// content is what a tab has, as text.
func (x *tab) content() string {
	var b strings.Builder
	for _, v := range x.page.engine.ItemVersions(x.region, hostedTable, 0, 1000) {
		r := v.Replicas[0]
		fmt.Fprintf(&b, "%s %v %v %s\n", keyText(v.Key), r.Version.At.UnixNano(), r.Version.Region, r.Item.JSON())
	}
	return b.String()
}

// check sees that all tabs are equal, that a tab opened from its journal is the
// one that was closed, and that every write that was acknowledged has led to what
// there is or is in a ledger.
func (w *group) check() {
	for _, x := range w.tabs[1:] {
		if a, b := w.tabs[0].content(), x.content(); a != b {
			w.t.Fatalf("%s and %s differ:\n%s\n%s", w.tabs[0].region, x.region, a, b)
		}
	}
	explained := map[write]bool{}
	for _, x := range w.tabs {
		for _, c := range x.page.engine.Ledger(x.region, hostedTable).Conflicts {
			explained[write{keyText(c.Key), c.Loser}] = true
		}
	}
	for _, letter := range "abcdefgh" {
		key := string(letter)
		for v, ok := w.tabs[0].version(key), true; ok; {
			var m made
			m, ok = w.made[write{key, v}]
			explained[write{key, v}] = true
			v = m.parent
		}
	}
	for v, m := range w.made {
		if m.acknowledged && !explained[v] {
			w.t.Errorf("the write of %s at %s in %s was acknowledged, and is neither in the tables nor in a ledger", v.key, v.At.Format("05.000000000"), v.Region)
		}
	}
}

// A history of writes in three tabs, which are closed and crash, with links that
// are cut, disks that are full and letters that are lost, doubled and late.
func TestHostedRegionsAgree(t *testing.T) {
	seeds := uint64(60)
	if testing.Short() {
		seeds = 15
	}
	conflicts := 0
	for seed := range seeds {
		w := newGroup(t, seed)
		w.loss = seed%3 > 0
		for _, x := range w.tabs[:2] {
			x.open()
		}
		for range 120 {
			w.act(w.tabs[w.rand.IntN(len(w.tabs))])
			w.carry(w.rand.IntN(4))
		}
		w.rest()
		w.check()
		conflicts += len(w.tabs[0].page.engine.Ledger(w.tabs[0].region, hostedTable).Conflicts)
		if t.Failed() {
			t.Fatalf("seed %d", seed)
		}
	}
	if conflicts == 0 {
		t.Error("nothing has ever collided")
	}
}

// What waits for a region that no tab hosts does not grow with every write, and is
// enough for it to catch up. Writes that it lost against, after it was cut off, are
// told by the ledgers as ever.
func TestHostedRegionThatNobodyHosts(t *testing.T) {
	w := newGroup(t, 5)
	for _, x := range w.tabs[:2] {
		x.open()
	}
	for i := range 800 {
		w.write(w.tabs[i/100%2])
		w.carry(8)
	}
	for _, x := range w.tabs[:2] {
		if n := x.page.waiting(x.page.peer(w.tabs[2].region)); n < 100 || n > 8*16+3 {
			t.Errorf("%d messages of %s wait for nobody", n, x.region)
		}
	}
	w.rest()
	w.check()
}

// act does one thing with a tab.
func (w *group) act(x *tab) {
	if x.page == nil {
		if w.rand.IntN(3) == 0 {
			x.open()
		}
		return
	}
	peer := x.page.peers[w.rand.IntN(2)].region
	switch n := w.rand.IntN(20); {
	case n < 12:
		w.write(x)
	case n < 14:
		w.beat()
	case n == 14:
		x.post("/cut/"+peer, "")
		x.settle()
	case n < 17:
		x.post("/heal/"+peer, "")
		x.settle()
	case n == 17:
		x.full = !x.full
	case n == 18:
		x.crash()
	default:
		before := x.version("a")
		x.post("/write", fmt.Sprintf(`PutItem { TableName: "Albums", Item: { album: { S: "a" }, lost: { N: "%d" } } }`, n))
		w.made[write{"a", x.version("a")}] = made{before, false}
		x.crash()
	}
}
