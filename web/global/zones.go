package global

import (
	"strconv"
	"strings"
	"time"

	"github.com/sortkey/sortkey/components"
	"github.com/sortkey/sortkey/engine"
	"github.com/sortkey/sortkey/engine/attr"
	"github.com/sortkey/sortkey/web/page"
)

// zones chooses the region whose zones are shown.
func (p *Page) zones(w *page.Answer, q *page.Query) {
	if !p.lab.has(q.Get("region")) {
		w.Fail("There is no region "+strconv.Quote(q.Get("region"))+" here.", page.StatusNotFound)
		return
	}
	p.lab.zone = q.Get("region")
	p.update(w, components.LabZonesPart, "")
}

func (p *Page) loseZone(w *page.Answer, q *page.Query) {
	p.zoneLife(w, q.Get("zone"), "lose", "has lost zone ", ".")
}

func (p *Page) restoreZone(w *page.Answer, q *page.Query) {
	p.zoneLife(w, q.Get("zone"), "restore", "has zone ", " again.")
}

func (p *Page) zoneLife(w *page.Answer, name, what, before, after string) {
	region, zone := p.lab.zoneRegion(), name[max(len(name)-1, 0):]
	p.act(w, engine.Step{Region: engine.RegionStep{Region: region, What: what, Zone: zone}}, region+" "+before+zone+after)
}

// zoneLag sets how far the copies that follow can be behind.
func (p *Page) zoneLag(w *page.Answer, q *page.Query) {
	if ms, ok := setting(w, q, "ms", 60_000, "Followers lag by", " ms"); ok {
		p.act(w, engine.Step{Set: engine.Change{Name: "read-delay", Value: milliseconds(ms)}}, "Followers lag by up to "+strconv.Itoa(ms)+" ms.")
	}
}

// zoneRegion is the region whose zones are shown.
func (l *lab) zoneRegion() string {
	if l.has(l.zone) {
		return l.zone
	}
	if len(l.regions) == 0 {
		return ""
	}
	return l.regions[0]
}

// zonesView are the three copies that one item has in a region.
func (l *lab) zonesView(w *world) components.LabZones {
	e := w.engine
	region := l.zoneRegion()
	v := components.LabZones{Region: region, Table: l.table, Delay: int(e.Options().ReadDelay / time.Millisecond)}
	for _, r := range l.regions {
		v.Regions = append(v.Regions, components.LabChoice{Name: r, On: r == region})
	}
	if region == "" {
		v.Region, v.Blank = "a region", "There is no global table here."
		return v
	}
	items := e.ItemVersions(region, l.table, 0, 1)
	if x, ok := l.newest(w); ok {
		items = []engine.ItemVersions{x}
	}
	if len(items) == 0 {
		v.Blank = "There is no item to look at."
		return v
	}
	v.Key = keyText(items[0].Key)
	l.copies(e, &v, items[0].Key)
	return v
}

// newest is the item that was written last.
func (l *lab) newest(w *world) (engine.ItemVersions, bool) {
	for i := range w.past {
		if h := &w.past[i]; h.Kind == engine.ReplicaWritten && h.Table == l.table {
			return w.engine.VersionsOf(l.regions[0], l.table, h.Key)
		}
	}
	return engine.ItemVersions{}, false
}

// copies fills in the zones and what a read asks of them.
func (l *lab) copies(e *engine.Engine, v *components.LabZones, key attr.Map) {
	leader, lost, others := components.LabZone{}, "", []string{}
	stale := ""
	for _, z := range e.Zones(v.Region, l.table, key) {
		item := l.itemBehind(e, v.Region, key, z.Behind)
		c := components.LabZone{Name: v.Region + z.Name, Leader: z.Leader, Down: z.Lost, Has: copyWords(item, key)}
		switch {
		case z.Lost:
			c.Behind, lost = "cannot be asked", c.Name
		case z.Leader:
			c.Behind, leader = "has every write", c
		case z.Behind == 0:
			c.Behind = "follows at once"
		default:
			c.Behind, c.Stale = strconv.Itoa(int((z.Behind+time.Millisecond-1)/time.Millisecond))+" ms behind", true
		}
		if !z.Lost && !z.Leader {
			others = append(others, c.Name)
			if c.Has != leaderHas(e, v.Region, l.table, key) {
				stale = c.Has
			}
		}
		v.Zones = append(v.Zones, c)
	}
	v.Strong = components.Say("asks the leader, " + leader.Name + ", and gets ").Code(leader.Has).Say(". It costs twice the units.")
	v.Any = components.Say("asks any copy: " + strings.Join(append([]string{leader.Name}, others...), " or ") + ". ")
	if stale == "" {
		v.Any = v.Any.Say("Now all give the same.")
	} else {
		v.Any = v.Any.Say("It may still get ").Code(stale).Say(".")
	}
	v.Loss = components.Say("costs nothing: a write needs two copies of three, and one of those left leads on.")
	if lost != "" {
		v.Loss = components.Say(lost + " is lost, and nothing with it: " + leader.Name + " leads, two copies are left, reads and writes go on.")
	}
}

// leaderHas is the item as the region's leader has it, in words.
func leaderHas(e *engine.Engine, region, table string, key attr.Map) string {
	x, _ := e.VersionsOf(region, table, key)
	return copyWords(itemIn(x, region), key)
}

// copyWords is what a copy has of an item.
func copyWords(item *attr.Item, key attr.Map) string {
	if item == nil {
		return "no such item"
	}
	return itemWords(item, key)
}

// itemBehind is an item as a copy has it that is so far behind.
func (l *lab) itemBehind(e *engine.Engine, region string, key attr.Map, behind time.Duration) *attr.Item {
	if behind > 0 {
		before, err := l.run().peek(l.now.Add(-behind))
		if err != nil {
			return nil // before the beginning
		}
		e = before
	}
	x, _ := e.VersionsOf(region, l.table, key)
	return itemIn(x, region)
}

func itemIn(x engine.ItemVersions, region string) *attr.Item {
	if r := replicaIn(x.Replicas, region); r != nil {
		return r.Item
	}
	return nil
}

// replicaIn is what a region has of an item, nil where it has no replica.
func replicaIn(all []engine.ReplicaVersion, region string) *engine.ReplicaVersion {
	for i := range all {
		if all[i].Region == region {
			return &all[i]
		}
	}
	return nil
}
