package global

import (
	"slices"
	"sort"
	"time"

	"github.com/sortkey/sortkey/components"
	"github.com/sortkey/sortkey/engine"
	"github.com/sortkey/sortkey/engine/attr"
)

// find looks up which table is shown, and the regions that have it: the first
// global table there is at the end of the run.
func (l *lab) find() {
	e := l.run().head
	all := e.GlobalTables()
	if i := slices.IndexFunc(all, func(g engine.GlobalTable) bool { return g.Name == l.table }); i > 0 {
		all = all[i:]
	}
	if len(all) == 0 {
		l.table, l.regions = "", nil
		return
	}
	l.table, l.strong = all[0].Name, all[0].Strong
	l.regions = l.regions[:0:0]
	for _, r := range all[0].Replicas {
		l.regions = append(l.regions, r.Region)
	}
	l.sortRegions()
}

// sortRegions puts the regions into the order in which the run mentions them:
// a preset's first is on the left.
func (l *lab) sortRegions() {
	order := []string{l.run().head.Options().Region}
	mention := func(region string) {
		if !slices.Contains(order, region) {
			order = append(order, region)
		}
	}
	steps := l.run().steps
	for i := range steps {
		if s := &steps[i]; s.deed != nil {
			mention(s.deed.do.Link.From)
			mention(s.deed.do.Link.To)
		}
		mention(steps[i].region())
	}
	place := func(region string) int {
		if i := slices.Index(order, region); i >= 0 {
			return i
		}
		return len(order)
	}
	sort.SliceStable(l.regions, func(i, j int) bool { return place(l.regions[i]) < place(l.regions[j]) })
}

// world is what the engine tells of one instant, asked once.
type world struct {
	engine  *engine.Engine
	past    []engine.Happening // as far as it is shown, the newest first
	lines   int                // that the log would have, were all of it shown
	links   []engine.LinkInfo
	ledger  engine.Ledger
	global  engine.GlobalTable
	items   []engine.ItemVersions
	more    int
	columns []components.Column
	lost    map[string][]engine.Conflict // by key
	all     engine.Convergence
}

func (l *lab) world(e *engine.Engine) *world {
	w := &world{engine: e, links: e.Links(), lost: map[string][]engine.Conflict{}}
	l.recall(w)
	if len(l.regions) == 0 {
		return w
	}
	home := l.regions[0]
	for _, g := range e.GlobalTables() {
		if g.Name == l.table {
			w.global = g
		}
	}
	w.items = e.ItemVersions(home, l.table, 0, mostRows)
	for _, r := range w.global.Replicas {
		w.more = max(w.more, r.Items-len(w.items))
	}
	shown := w.shown()
	w.ledger = e.LedgerOf(home, l.table, func(n int, winner, loser engine.Version) bool {
		if n < mostRows {
			return true
		}
		_, found := slices.BinarySearch(shown, winner.At.UnixNano())
		return found && w.shows(winner, loser.Region)
	})
	for _, c := range w.ledger.Conflicts {
		w.lost[keyText(c.Key)] = append(w.lost[keyText(c.Key)], c)
	}
	w.all = e.Convergence(home, l.table)
	w.columns = columnsOf(e, home, l.table, w.items, mostColumns)
	return w
}

// shown is when the versions were written that regions have now, in order.
func (w *world) shown() []int64 {
	list := make([]int64, 0, len(w.items)*len(w.global.Replicas))
	for i := range w.items {
		for _, r := range w.items[i].Replicas {
			list = append(list, r.Version.At.UnixNano())
		}
	}
	slices.Sort(list)
	return list
}

// shows reports whether a region has a version of one of the items now.
func (w *world) shows(v engine.Version, region string) bool {
	for i := range w.items {
		if r := replicaIn(w.items[i].Replicas, region); r != nil && r.Version == v {
			return true
		}
	}
	return false
}

// mostColumns is how many attributes a region's tab has room for besides the
// key.
const mostColumns = 2

// columnsOf are the table's key and the first attributes of its items, at most
// most of them.
func columnsOf(e *engine.Engine, region, table string, items []engine.ItemVersions, most int) (list []components.Column) {
	for _, t := range e.Tables(region) {
		if t.Name != table {
			continue
		}
		for _, a := range t.Key.Hash {
			list = append(list, components.Column{Name: a.Name, Type: a.Kind.String(), Role: components.HashKey})
		}
		for _, a := range t.Key.Range {
			list = append(list, components.Column{Name: a.Name, Type: a.Kind.String(), Role: components.RangeKey})
		}
	}
	keys := len(list)
	for _, x := range items {
		for _, r := range x.Replicas {
			if len(list) == keys+most {
				return list
			}
			for _, m := range r.Item.Map() {
				if len(list) < keys+most && !slices.ContainsFunc(list, func(c components.Column) bool { return c.Name == m.Name }) {
					list = append(list, components.Column{Name: m.Name, Type: m.Value.Kind().String()})
				}
			}
		}
	}
	return list
}

// regionView is one region's tab.
func (l *lab) regionView(w *world, region string) components.LabRegion {
	v := components.LabRegion{
		Name: region, Columns: w.columns, Ask: l.asks[region], Edition: l.edition, More: w.more,
	}
	if a := l.run().last(region, l.now); a != nil {
		v.Reply = a.view()
	}
	v.Status = "NO REPLICA"
	for _, r := range w.global.Replicas {
		if r.Region == region {
			v.Status, v.Down = r.Status, r.Down
		}
	}
	if v.Down {
		v.Status = "DOWN"
	}
	for _, x := range w.items {
		if row, ok := l.row(w, x, region); ok {
			v.Rows = append(v.Rows, row)
		}
	}
	if len(v.Rows) == 0 {
		v.Blank = "No item here."
	}
	return v
}

// row is an item as a region has it; false where it has never had it.
func (l *lab) row(w *world, x engine.ItemVersions, region string) (row components.LabRow, ok bool) {
	r := replicaIn(x.Replicas, region)
	if r == nil || r.Item == nil && !r.Deleted {
		return row, false
	}
	row = components.LabRow{Cells: cells(w.columns, x.Key, r.Item), Version: l.version(r.Version)}
	switch was, lost := l.lostHere(w, x, r); {
	case r.Behind:
		row.State = components.LabBehind
	case r.Deleted:
		row.State = components.LabGone
	case lost:
		row.State, row.Was = components.LabLost, was
	case r.Own && !r.Version.At.Before(l.run().zero):
		row.State = components.LabOwn
	}
	return row, true
}

// lostHere reports whether what a region has now is what a write of its own lost
// against, and the values that are gone.
func (l *lab) lostHere(w *world, x engine.ItemVersions, r *engine.ReplicaVersion) (was string, lost bool) {
	for _, c := range w.lost[keyText(x.Key)] {
		if c.Loser.Region != r.Region || c.Winner != r.Version {
			continue
		}
		if c.Lost == nil {
			return "delete", true
		}
		return gone(c.Lost, r.Item), true
	}
	return "", false
}

// gone is the first value of a lost item that the item now has otherwise.
func gone(lost, now *attr.Item) string {
	for _, m := range lost.Map() {
		if is, ok := now.Get(m.Name); !ok || compact(is) != compact(m.Value) {
			return clip(compact(m.Value), 12)
		}
	}
	return ""
}

// agreeView is who has what.
func (l *lab) agreeView(w *world) components.LabAgreement {
	v := components.LabAgreement{Regions: l.shorts(), More: w.more}
	for _, x := range w.items {
		row := components.LabAgreed{Key: clip(keyText(x.Key), 40), When: "a link is down"}
		switch {
		case x.Agreed:
			row.When = "agreed"
		case !x.At.IsZero():
			row.When = l.stamp(x.At)
		}
		for _, region := range l.regions {
			r := replicaIn(x.Replicas, region)
			row.Has = append(row.Has, r != nil && !r.Behind)
		}
		v.Items = append(v.Items, row)
	}
	return v
}

// converge is the line on whether all agree.
func (l *lab) converge(w *world) (bool, components.Words) {
	c := w.all
	flying := components.Counted(c.InFlight, "message") + " in flight"
	switch {
	case len(l.regions) == 0:
		return true, components.Say("There is no global table here.")
	case c.Agreed && c.Since.Before(l.run().zero):
		return true, components.Words{}.Strong("Converged.").Say(" All regions have had the same from the start.")
	case c.Agreed:
		return true, components.Words{}.Strong("Converged.").Say(" All regions have had the same since ").Code(l.stamp(c.Since)).Say(".")
	case c.Waiting > 0:
		words := components.Counted(c.Waiting, "message") + " waiting for a link or a region"
		if c.InFlight > 0 {
			words += ", " + flying
		}
		return false, components.Words{}.Strong("Not converged.").Say(" " + words + ".")
	}
	return false, components.Words{}.Strong("Not converged.").Say(" " + flying + "; all agree at ").Code(l.stamp(c.At)).Say(" if nobody writes.")
}

// linksView are the links, each with both of its directions.
func (l *lab) linksView(w *world) (list []components.LabLink) {
	all := w.links
	find := func(from, to string) *engine.LinkInfo {
		i := slices.IndexFunc(all, func(x engine.LinkInfo) bool { return x.From == from && x.To == to })
		if i < 0 {
			return &engine.LinkInfo{From: from, To: to}
		}
		return &all[i]
	}
	for _, pair := range pairs(l.regions) {
		forth, back := find(pair[0], pair[1]), find(pair[1], pair[0])
		v := components.LabLink{
			ID: pair[0] + "." + pair[1], A: l.short(pair[0]), B: l.short(pair[1]), From: pair[0], To: pair[1],
			Delay: int(forth.Latency / time.Millisecond), Jitter: int(forth.Jitter / time.Millisecond), Loss: forth.Loss,
			CutForth: forth.Cut, CutBack: back.Cut,
		}
		v.Forth = l.flying(forth, &v.Waiting)
		v.Back = l.flying(back, &v.Waiting)
		list = append(list, v)
	}
	return list
}

// pairs are all pairs of regions: neighbours first, so that the last one is that
// of the outer two.
func pairs(regions []string) (list [][2]string) {
	for apart := 1; apart < len(regions); apart++ {
		for i := 0; i+apart < len(regions); i++ {
			list = append(list, [2]string{regions[i], regions[i+apart]})
		}
	}
	return list
}

// flying are a direction's messages; those that wait are counted.
func (l *lab) flying(x *engine.LinkInfo, waiting *int) (list []components.LabMessage) {
	r := l.run()
	for _, m := range x.InFlight {
		if m.Due.IsZero() {
			*waiting++
			continue
		}
		list = append(list, components.LabMessage{Stamp: l.stamp(m.Version.At), Key: keyText(m.Key), Sent: r.instant(m.Sent), Due: r.instant(m.Due)})
	}
	return list
}

// lastDue is when the last message now on its way arrives, zero for none.
func lastDue(e *engine.Engine, regions []string) (last time.Time) {
	for _, x := range e.Links() {
		for _, m := range x.InFlight {
			if slices.Contains(regions, x.To) && m.Due.After(last) {
				last = m.Due
			}
		}
	}
	return last
}

// firstDue is when the first message arrives after an instant, zero for none.
func firstDue(e *engine.Engine, now time.Time) (first time.Time) {
	for _, x := range e.Links() {
		for _, m := range x.InFlight {
			if m.Due.After(now) && (first.IsZero() || m.Due.Before(first)) {
				first = m.Due
			}
		}
	}
	return first
}
