package engine

import (
	"fmt"
	"io"
	"slices"
	"sort"

	"github.com/sortkey/sortkey/engine/attr"
)

// A global table is one table in several regions: every replica is a table of
// its own, with its own indexes, stream and throughput, and takes reads and
// writes. What is written in one is sent to all others as it then is, whole
// items one by one (mail.go), and the later write of an item wins there
// (version.go). So conditions are judged by what the replica has, transactions
// are atomic only where they are made, and of two concurrent writes one is lost
// without an error: the ledger has it (ledger.go).

// The versions of global tables, as DescribeTable names them.
const (
	globalCurrent = "2019.11.21"
	globalLegacy  = "2017.11.29"
)

// global is what the replicas of a global table share.
type global struct {
	meta *globalMeta // never changed in place: forks share it
	// open counts the messages of each key that are on their way or wait.
	open *ordered[openKey]
	// lines are the writes of keys with open messages, and what each replaced.
	lines *ordered[line]
	// conflicts is the ledger, by the order in which they were found; lost finds
	// those of a write.
	conflicts *ordered[conflict]
	lost      *ordered[lostWrite]
	forgotten uint64   // conflicts that the ledger had no room for any more
	agreed    int64    // since when no message is open
	graves    []string // keys of tombstones that are no longer needed; never changed in place
}

// globalMeta is what is known of a global table besides its data.
type globalMeta struct {
	id, name string
	version  string // globalCurrent or globalLegacy
	created  int64
	base     version // of what its first replica had before
	strong   bool    // MultiRegionConsistency STRONG
	witness  string  // region of a strong table's witness, "" for none
	status   string  // of the witness
	members  []seat  // by region
}

// seat is one replica, as the others know of it.
type seat struct {
	region  string
	status  string
	sourced int64  // when it was last the source of a new replica, 0 for never
	source  string // while it is CREATING: the region that it is filled from
	step    uint64 // the event that goes on with that
	cursor  string // up to which row key it has been sent what that has
	sent    bool   // all of it
	terms   override
}

// override is where a replica's terms differ from those of the others, 0 and ""
// where they do not.
type override struct {
	read, most int64 // units of ProvisionedThroughputOverride and OnDemandThroughputOverride
	class      string
	indexes    []indexOverride
}

type indexOverride struct {
	name       string
	read, most int64
}

type openKey struct {
	key string
	n   int
}

func newGlobal(m *globalMeta) *global {
	return &global{
		meta:      m,
		open:      newOrdered(func(a, b *openKey) bool { return a.key < b.key }),
		lines:     newOrdered((*line).less),
		conflicts: newOrdered(func(a, b *conflict) bool { return a.seq < b.seq }),
		lost:      newOrdered((*lostWrite).less),
	}
}

func (g *global) copy() *global {
	c := *g
	c.open, c.lines, c.conflicts, c.lost = g.open.Copy(), g.lines.Copy(), g.conflicts.Copy(), g.lost.Copy()
	return &c
}

// change replaces the description by one that with has altered.
func (g *global) change(with func(m *globalMeta)) {
	m := *g.meta
	m.members = slices.Clone(m.members)
	with(&m)
	sort.Slice(m.members, func(i, j int) bool { return m.members[i].region < m.members[j].region })
	g.meta = &m
}

// member is the replica in a region, nil if there is none. It is not to be
// changed but in what change hands out.
func (m *globalMeta) member(region string) *seat {
	for i := range m.members {
		if m.members[i].region == region {
			return &m.members[i]
		}
	}
	return nil
}

// count notes that there are n more open messages of a key.
func (g *global) count(key string, n int) {
	x, _ := g.open.Get(openKey{key: key})
	if n += x.n; n > 0 {
		g.open.Set(openKey{key, n})
	} else {
		g.open.Delete(openKey{key: key})
	}
}

// globalOf is the global table of a replica; nil for any other table.
func (s *state) globalOf(t *table) *global {
	if t.replica == nil {
		return nil
	}
	return s.globals[t.replica.global]
}

// replicaIn is the table that is a global table's replica in a region; nil if
// there is none here.
func (s *state) replicaIn(g *global, region string) *table {
	r := s.regions[region]
	if r == nil {
		return nil
	}
	if t := r.tables[g.meta.name]; t != nil && t.replica != nil && t.replica.global == g.meta.id {
		return t
	}
	return nil
}

// globalList lists the global tables by name and id.
func (s *state) globalList() []*global {
	list := make([]*global, 0, len(s.globals))
	for _, g := range s.globals {
		list = append(list, g)
	}
	sort.Slice(list, func(i, j int) bool {
		a, b := list[i].meta, list[j].meta
		return a.name < b.name || a.name == b.name && a.id < b.id
	})
	return list
}

// globalNamed is the global table of which a region's table of that name is a
// replica.
func (s *state) globalNamed(region, table string) (*global, *table) {
	t := s.region(region).tables[table]
	if t == nil {
		return nil, nil
	}
	return s.globalOf(t), t
}

// found makes a table the first replica of a global table, whose items from
// before have a version of now.
func (s *state) found(r *region, t *table, kind string) *global {
	g := newGlobal(&globalMeta{
		id: s.uuid(idGlobal), name: t.meta.name, version: kind, created: s.now,
		base: version{s.now, r.name}, members: []seat{{region: r.name, status: statusActive}},
	})
	g.agreed = s.now
	s.globals[g.meta.id] = g
	t.replica = &replica{g.meta.id, r.name, newStamps()}
	return g
}

// leave makes a table no replica any more. The last one takes the global table
// with it.
func (s *state) leave(g *global, region string) {
	g.change(func(m *globalMeta) {
		m.members = slices.DeleteFunc(m.members, func(x seat) bool { return x.region == region })
	})
	if t := s.replicaIn(g, region); t != nil {
		t.replica = nil
		s.stopSweeping(t)
		s.startSweeping(t)
	}
	s.discard(g, region)
	if len(g.meta.members) == 0 {
		s.abandon(g)
	}
	s.relistGlobal()
}

// abandon forgets a global table, and what of it is on its way to nobody.
func (s *state) abandon(g *global) {
	delete(s.globals, g.meta.id)
	s.drop(func(m *message) bool { return m.global == g.meta.id })
}

// prune forgets what is needed only while messages of a key are open: the
// writes that led to its versions, and a tombstone that all replicas have. A
// region that another engine hosts may be behind for all that is known here:
// then tombstones stay, and as many writes as there is room for.
func (s *state) prune(g *global, key string) {
	if _, open := g.open.Get(openKey{key: key}); open {
		return
	}
	if g.open.Len() == 0 {
		g.agreed = s.now
	}
	if len(s.hosts) > 0 {
		g.trimLines(key, keptLines)
		return
	}
	var last stamp
	for i, m := range g.meta.members {
		t := s.replicaIn(g, m.region)
		if t == nil {
			continue
		}
		x := t.stampOf(g, key)
		if i > 0 && x.version != last.version { // one that has just been made lacks it
			return
		}
		last = x
	}
	g.trimLines(key, 0)
	g.close(key)
	if last.deleted {
		s.bury(g, key)
	}
}

// keptGraves is how many tombstones of a global table are kept that nothing
// needs.
const keptGraves = 100

// bury counts a tombstone among those that may go, and lets the oldest go.
func (s *state) bury(g *global, key string) {
	g.graves = append(slices.DeleteFunc(slices.Clone(g.graves), func(k string) bool { return k == key }), key)
	if len(g.graves) <= keptGraves {
		return
	}
	oldest := g.graves[0]
	g.graves = g.graves[1:]
	if _, open := g.open.Get(openKey{key: oldest}); open {
		return // it will be buried again
	}
	for _, m := range g.meta.members {
		if t := s.replicaIn(g, m.region); t != nil {
			if x, ok := t.replica.stamps.Get(stamp{key: oldest}); ok && x.deleted {
				t.replica.stamps.Delete(x)
			}
		}
	}
}

func (g *global) digest(w io.Writer) {
	fmt.Fprintf(w, "global %+v %d %d %q\n", *g.meta, g.forgotten, g.agreed, g.graves)
	g.lines.Scan(func(l line) bool {
		fmt.Fprintf(w, "line %x %v %v %s %v\n", l.key, l.version, l.parent, l.item.JSON(), l.run)
		return true
	})
	g.conflicts.Scan(func(c conflict) bool {
		fmt.Fprintf(w, "conflict %d %x %v %v %s %s %d %q %v %v\n", c.seq, c.key, c.loser, c.winner,
			c.lost.JSON(), c.kept.JSON(), c.at, c.region, c.settled, c.withdrawn)
		return true
	})
}

// keysOf are the key attributes of an item, or of the key of a request.
func (t *table) keysOf(m attr.Map) attr.Map {
	var keys attr.Map
	for a := range t.meta.keys.All() {
		v, _ := m.Get(a.Name)
		keys = append(keys, attr.Member{Name: a.Name, Value: v})
	}
	return attr.NewItem(keys).Map()
}
