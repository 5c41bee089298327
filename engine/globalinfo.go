package engine

import (
	"slices"
	"sort"
	"time"

	"github.com/sortkey/sortkey/engine/attr"
	"github.com/sortkey/sortkey/engine/store"
)

// RegionInfo is a region as a page shows it.
type RegionInfo struct {
	Name     string
	Tables   int
	Down     bool      // killed
	Since    time.Time // of that
	LostZone string    // "a", "b" or "c", "" for none
	Hosted   bool      // by another engine, which peer.go sends to
}

// Regions lists the regions that have anything, that are down, have a link with
// terms of its own, or are replicas' that other engines host; by name. The
// default region is always among them.
func (e *Engine) Regions() []RegionInfo {
	e.mu.Lock()
	defer e.mu.Unlock()
	names := []string{e.s.opts.Region}
	for _, r := range e.s.regionList() {
		names = append(names, r.name)
	}
	for _, l := range e.s.links {
		names = append(names, l.from, l.to)
	}
	for _, o := range e.s.outages {
		names = append(names, o.region)
	}
	for _, g := range e.s.globalList() {
		for _, m := range g.meta.members {
			names = append(names, m.region)
		}
	}
	slices.Sort(names)
	var list []RegionInfo
	for _, name := range slices.Compact(names) {
		list = append(list, e.s.regionInfo(name))
	}
	return list
}

func (s *state) regionInfo(name string) RegionInfo {
	x := RegionInfo{Name: name, Tables: len(s.region(name).tables), LostZone: s.lostZone(name)}
	if i := s.outageOf(name, ""); i >= 0 {
		x.Down, x.Since = true, time.Unix(0, s.outages[i].since).UTC()
	}
	x.Hosted = slices.ContainsFunc(s.hosts, func(h hosted) bool { return h.peer == name })
	return x
}

// LinkInfo is a link from one region to another, with what it carries.
type LinkInfo struct {
	From, To        string
	Latency, Jitter time.Duration
	Loss            int  // percent of transmissions
	Own             bool // terms of its own, else those of the settings
	Cut             bool
	Since           time.Time  // when it was cut
	InFlight        []InFlight // the first sent first; what waits comes last
	More            int        // messages beyond the first MaxInFlight
}

// MaxInFlight is how many messages of a link are listed.
const MaxInFlight = 100

// Links lists the links in both directions between the regions of global
// tables, and those that have terms of their own or are cut, by their ends.
func (e *Engine) Links() []LinkInfo {
	e.mu.Lock()
	defer e.mu.Unlock()
	var ends [][2]string
	for _, l := range e.s.links {
		ends = append(ends, [2]string{l.from, l.to})
	}
	for _, g := range e.s.globalList() {
		for _, a := range g.meta.members {
			for _, b := range g.meta.members {
				if a.region != b.region {
					ends = append(ends, [2]string{a.region, b.region})
				}
			}
		}
	}
	sort.Slice(ends, func(i, j int) bool { return ends[i][0]+" "+ends[i][1] < ends[j][0]+" "+ends[j][1] })
	var list []LinkInfo
	for _, x := range slices.Compact(ends) {
		list = append(list, e.s.linkInfo(x[0], x[1]))
	}
	return list
}

func (s *state) linkInfo(from, to string) LinkInfo {
	l := s.linkOf(from, to)
	x := LinkInfo{From: from, To: to, Latency: l.latency, Jitter: l.jitter, Loss: int(l.loss), Own: l.own, Cut: l.cut}
	if l.cut {
		x.Since = time.Unix(0, l.since).UTC()
	}
	var waiting []InFlight
	s.mail.Scan(func(m message) bool {
		switch {
		case m.from != from || m.to != to:
		case len(x.InFlight)+len(waiting) == MaxInFlight:
			x.More++
		case m.due == 0:
			waiting = append(waiting, s.inFlight(&m))
		default:
			x.InFlight = append(x.InFlight, s.inFlight(&m))
		}
		return true
	})
	x.InFlight = append(x.InFlight, waiting...)
	return x
}

// GlobalTable is a global table as a page shows it.
type GlobalTable struct {
	Name     string
	Version  string // "2019.11.21" or "2017.11.29"
	Strong   bool   // MultiRegionConsistency STRONG
	Witness  string // region of a strong table's witness, "" for none
	Replicas []ReplicaInfo
}

// ReplicaInfo is a replica of a global table.
type ReplicaInfo struct {
	Region string
	Status string // as DescribeTable has it
	Items  int
	Down   bool
	Hosted bool // by another engine: nothing is known of its items
}

// GlobalTables lists the global tables by name.
func (e *Engine) GlobalTables() []GlobalTable {
	e.mu.Lock()
	defer e.mu.Unlock()
	var list []GlobalTable
	for _, g := range e.s.globalList() {
		x := GlobalTable{Name: g.meta.name, Version: g.meta.version, Strong: g.meta.strong, Witness: g.meta.witness}
		for _, m := range g.meta.members {
			r := ReplicaInfo{Region: m.region, Status: m.status, Down: e.s.isDown(m.region), Hosted: true}
			if t := e.s.replicaIn(g, m.region); t != nil {
				r.Items, r.Hosted = t.data.Rows().Len(), false
			}
			x.Replicas = append(x.Replicas, r)
		}
		list = append(list, x)
	}
	return list
}

// Convergence tells how far the replicas of a global table agree.
type Convergence struct {
	Agreed   bool      // every write has arrived everywhere
	Since    time.Time // of that
	InFlight int       // messages on their way
	Waiting  int       // messages that wait for a link, a region or a peer
	// At is when all will agree if nobody writes and no step of the host changes
	// a link or a region; zero where something waits.
	At time.Time
}

// Convergence tells how far the replicas of the global table agree that a
// region's table belongs to. A table that is none agrees with itself.
func (e *Engine) Convergence(region, table string) Convergence {
	e.mu.Lock()
	defer e.mu.Unlock()
	g, _ := e.s.globalNamed(region, table)
	if g == nil {
		return Convergence{Agreed: true}
	}
	var c Convergence
	last := int64(0)
	e.s.mail.Scan(func(m message) bool {
		if m.global != g.meta.id {
			return true
		}
		if at, ok := e.s.arrival(m); ok {
			c.InFlight++
			last = max(last, at)
		} else {
			c.Waiting++
		}
		return true
	})
	switch {
	case c.InFlight+c.Waiting == 0:
		c.Agreed, c.Since = true, time.Unix(0, g.agreed).UTC()
	case c.Waiting == 0:
		c.At = time.Unix(0, last).UTC()
	}
	return c
}

// ItemVersions is what the replicas of a global table have of an item.
type ItemVersions struct {
	Key      attr.Map
	Newest   Version          // that any replica here has
	Replicas []ReplicaVersion // by region; only those of this engine
	Agreed   bool             // all have the newest
	Since    time.Time        // when the last of them took it
	At       time.Time        // when all will have it if nobody writes; zero where that is not known, or is over
}

// ReplicaVersion is what one replica has of an item.
type ReplicaVersion struct {
	Region  string
	Version Version    // zero where it never had the item
	Item    *attr.Item // nil where there is none
	Deleted bool       // there is none because it was deleted: the version is that of the delete
	Since   time.Time  // when the replica took the version
	Own     bool       // it was written here
	Behind  bool       // another replica has a newer one
}

// ItemVersions lists the items of the global table that a region's table
// belongs to, deleted ones that are remembered among them, in the order of the
// tree: at most most, after the first skip.
func (e *Engine) ItemVersions(region, table string, skip, most int) []ItemVersions {
	e.mu.Lock()
	defer e.mu.Unlock()
	g, _ := e.s.globalNamed(region, table)
	if g == nil {
		return nil
	}
	keys := e.s.keysIn(g)
	keys = keys[min(skip, len(keys)):]
	keys = keys[:min(most, len(keys))]
	list := make([]ItemVersions, 0, len(keys))
	for _, key := range keys {
		list = append(list, e.s.itemVersions(g, key))
	}
	return list
}

// VersionsOf is what the replicas have of the item with a key; false where none
// has or remembers it.
func (e *Engine) VersionsOf(region, table string, key attr.Map) (ItemVersions, bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	g, t := e.s.globalNamed(region, table)
	if g == nil {
		return ItemVersions{}, false
	}
	row, err := t.requestKey(key)
	if err != nil {
		return ItemVersions{}, false
	}
	x := e.s.itemVersions(g, row)
	return x, x.Key != nil
}

// keysIn lists the rows of all replicas, and of tombstones, in order.
func (s *state) keysIn(g *global) []string {
	var keys []string
	for _, m := range g.meta.members {
		if t := s.replicaIn(g, m.region); t != nil {
			t.data.Rows().Ascend(store.Span{}, func(r store.Row) bool {
				keys = append(keys, r.Key)
				return true
			})
			t.replica.stamps.Scan(func(x stamp) bool {
				if x.deleted {
					keys = append(keys, x.key)
				}
				return true
			})
		}
	}
	slices.Sort(keys)
	return slices.Compact(keys)
}

func (s *state) itemVersions(g *global, key string) ItemVersions {
	x := ItemVersions{Replicas: make([]ReplicaVersion, 0, len(g.meta.members))}
	var newest version
	last, expected, known := int64(0), int64(0), true
	for _, m := range g.meta.members {
		if t := s.replicaIn(g, m.region); t != nil {
			v := t.stampOf(g, key).version
			if newest.before(v) {
				newest = v
			}
		}
	}
	for _, m := range g.meta.members {
		t := s.replicaIn(g, m.region)
		if t == nil {
			continue
		}
		at, item := t.stampOf(g, key), t.data.Rows().Get(key)
		r := ReplicaVersion{
			Region: m.region, Version: at.version.export(), Item: item, Deleted: at.deleted, Own: at.region == m.region, Behind: at.version != newest,
		}
		if at.version != (version{}) {
			r.Since = time.Unix(0, at.since).UTC()
		}
		if at.keys != nil {
			x.Key = at.keys
		} else if item != nil {
			x.Key = t.keysOf(item.Map())
		}
		last = max(last, at.since)
		if r.Behind {
			due, ok := s.expected(g, m.region, key, newest)
			expected, known = max(expected, due), known && ok
		}
		x.Replicas = append(x.Replicas, r)
	}
	x.Newest = newest.export()
	x.Agreed = !slices.ContainsFunc(x.Replicas, func(r ReplicaVersion) bool { return r.Behind })
	if x.Agreed {
		x.Since = time.Unix(0, last).UTC()
	} else if known {
		x.At = time.Unix(0, expected).UTC()
	}
	return x
}
