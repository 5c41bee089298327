package engine

import (
	"fmt"
	"io"
	"slices"
	"sort"
	"time"

	"github.com/sortkey/sortkey/engine/attr"
)

// Regions live on one clock and know of each other only by links. A region
// that is killed keeps all it has, answers no call (503 ServiceUnavailable, an
// error of ours) and takes nothing in until it is revived; what it sent before is
// on its way, what was begun there (a table that becomes ACTIVE) goes on, and
// expired items of global tables are deleted elsewhere meanwhile.
//
// Each region has three zones, a, b and c. A partition has a copy in every one
// of them (lag.go) and its leader in one. A zone can be lost: reads and writes
// go on with the two others, since a write needs two of three; leaders move, and
// eventually consistent reads ask the copies that are left.

// RegionStep is what befalls a region: a step of the history.
type RegionStep struct {
	Region string
	What   string // "kill", "revive", "lose" or "restore"
	Zone   string // "a", "b" or "c" of the last two
}

// outage is a region that is down or, with a zone, one of its zones.
type outage struct {
	region, zone string
	since        int64
}

const maxOutages = 100

// zones are the names of a region's zones.
var zones = [copies]string{"a", "b", "c"}

// SetRegion kills or revives a region, or takes or gives it back a zone. It is
// a step of the history.
func (e *Engine) SetRegion(c RegionStep) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	if err := c.check(); err != nil {
		return err
	}
	i := e.s.outageOf(c.Region, c.Zone)
	ends := c.What == "revive" || c.What == "restore"
	switch {
	case ends && i < 0 || !ends && i >= 0:
		return nil
	case !ends && len(e.s.outages) >= maxOutages:
		return fmt.Errorf("region: %d regions and zones are down already", maxOutages)
	case c.What == "lose" && e.s.lostZone(c.Region) != "":
		return fmt.Errorf("region: %s has lost zone %s already; without a second one it is down: kill it", c.Region, e.s.lostZone(c.Region))
	}
	e.s.strike(c, i)
	e.s.runDue()
	return nil
}

func (c RegionStep) check() error {
	zoned := c.What == "lose" || c.What == "restore"
	switch {
	case !ValidRegion(c.Region):
		return fmt.Errorf("region: a name such as eu-west-1 is wanted")
	case !zoned && c.What != "kill" && c.What != "revive":
		return fmt.Errorf("region: kill, revive, lose or restore is wanted, not %q", c.What)
	case zoned != slices.Contains(zones[:], c.Zone):
		return fmt.Errorf("region: lose and restore want one of the zones a, b and c, the others none")
	}
	return nil
}

// strike carries a step out; i is the place of the outage that ends.
func (s *state) strike(c RegionStep, i int) {
	kind := map[string]HappeningKind{"kill": RegionKilled, "revive": RegionRevived, "lose": ZoneLost, "restore": ZoneRestored}[c.What]
	s.happened(happening{kind: kind, region: c.Region, from: c.Zone})
	list := slices.Clone(s.outages)
	if i >= 0 {
		s.outages = slices.Delete(list, i, i+1)
	} else {
		list = append(list, outage{c.Region, c.Zone, s.now})
		s.outages = list
		sort.Slice(list, func(i, j int) bool { return list[i].region+" "+list[i].zone < list[j].region+" "+list[j].zone })
	}
	switch c.What {
	case "kill":
		s.hold(func(m *message) bool { return m.to == c.Region })
		s.relistGlobal()
	case "revive":
		s.depart()
		s.relistGlobal()
	}
}

func (s *state) outageOf(region, zone string) int {
	return slices.IndexFunc(s.outages, func(o outage) bool { return o.region == region && o.zone == zone })
}

// isDown reports whether a region is killed.
func (s *state) isDown(region string) bool { return len(s.outages) > 0 && s.outageOf(region, "") >= 0 }

// lostZone is the zone that a region has lost, "" for none.
func (s *state) lostZone(region string) string {
	for _, o := range s.outages {
		if o.region == region && o.zone != "" {
			return o.zone
		}
	}
	return ""
}

func (o *outage) digest(w io.Writer) { fmt.Fprintf(w, "outage %q %q %d\n", o.region, o.zone, o.since) }

// append appends the line of the step in a history.
func (c RegionStep) append(dst []byte) []byte {
	dst = append(attr.AppendString(append(dst, '{'), valid(c.What)), ':')
	dst = attr.AppendString(dst, valid(c.Region))
	if c.Zone != "" {
		dst = attr.AppendString(append(dst, `,"zone":`...), valid(c.Zone))
	}
	return append(dst, "}\n"...)
}

// readRegion reads what append wrote.
func readRegion(m map[string]string) (c RegionStep, ok bool, err error) {
	for _, what := range [...]string{"kill", "revive", "lose", "restore"} {
		if region, ok := m[what]; ok {
			c = RegionStep{Region: region, What: what, Zone: m["zone"]}
			return c, true, c.check()
		}
	}
	return c, false, nil
}

// order is the zones in the order in which they lead a partition of a table: the
// first that is not lost does.
func (s *state) order(t *table, partition int) [copies]int {
	at := mix(mix(s.opts.Seed^uint64(partition)) ^ fnv(t.meta.id))
	var list [copies]int
	for i := range list {
		list[i] = int((at + uint64(i)) % copies)
	}
	return list
}

// asked are the copies of a partition that a read can ask, the leader first: as
// numbers of lag.go's copies, without that in the zone that is lost.
func (s *state) asked(region string, t *table, partition int) []int {
	lost := s.lostZone(region)
	var list []int
	for n, z := range s.order(t, partition) {
		if zones[z] != lost {
			list = append(list, n)
		}
	}
	return list
}

// fnv is a hash of a text (FNV-1a).
func fnv(text string) uint64 {
	h := uint64(14695981039346656037)
	for i := range len(text) {
		h = (h ^ uint64(text[i])) * 1099511628211
	}
	return h
}

// Zone is one zone of a region, with the copy of a partition that is in it.
type Zone struct {
	Name   string // "a", "b" or "c"
	Lost   bool
	Since  time.Time // of the loss
	Leader bool      // has every change at once, and answers strongly consistent reads
	// Behind is how far an eventually consistent read of this copy would be
	// behind now: 0 of the leader and where the setting read-delay is 0. A
	// zone that is lost is asked nothing.
	Behind time.Duration
}

// Zones tells of the three copies of the partition that holds a key of a table,
// in the order of the zones. The key has the table's key attributes; without one
// it is the first partition's copies. Without such a table there are none.
func (e *Engine) Zones(region, table string, key attr.Map) []Zone {
	e.mu.Lock()
	defer e.mu.Unlock()
	r := e.s.region(region)
	t := r.tables[table]
	if t == nil {
		return nil
	}
	row := ""
	if key != nil {
		row, _ = t.requestKey(key)
	}
	partition := t.partitionOf(row)
	list := make([]Zone, copies)
	for n, z := range e.s.order(t, partition) {
		list[z] = Zone{Name: zones[z], Behind: e.s.behind(t, n)}
		if i := e.s.outageOf(r.name, zones[z]); i >= 0 {
			list[z].Lost, list[z].Since = true, time.Unix(0, e.s.outages[i].since).UTC()
		}
	}
	leader := e.s.asked(r.name, t, partition)[0]
	z := e.s.order(t, partition)[leader]
	list[z].Leader, list[z].Behind = true, 0
	return list
}

// String is the step as a line of a scenario's clock has it.
func (c RegionStep) String() string {
	if c.Zone != "" {
		return c.What + " " + c.Region + " " + c.Zone
	}
	return c.What + " " + c.Region
}
