package engine

import (
	"fmt"

	"github.com/sortkey/sortkey/engine/attr"
	"github.com/sortkey/sortkey/engine/meter"
)

// A snapshot has a line for each scope of a table's load: members with lists of
// whole numbers.

// series is one of these members.
type series struct {
	name string
	list []int64
}

// numbers is all of a scope but its index and what follows from the table.
func (sc *scope) numbers() []series {
	all := []series{{"born", []int64{sc.born}}, {"minutes", nil}, {"firsts", nil}}
	levels, over := series{name: "levels"}, series{name: "over"}
	for _, m := range append(sc.past[:len(sc.past):len(sc.past)], sc.minute) {
		all[1].list = append(all[1].list, m.numbers()...)
		levels.list = append(levels.list, m.levels()...)
		over.list = append(over.list, m.refusals()...)
	}
	for _, first := range sc.firsts {
		all[2].list = append(all[2].list, int64(first))
	}
	all = append(all, levels, over, series{"cells", sc.cellNumbers()}, series{"splits", sc.splitNumbers()})
	for d := range sc.lanes {
		l, name := &sc.lanes[d], direction(d).word()
		list := l.terms.numbers()
		for _, b := range []*meter.Bucket{&l.bucket, &l.most, &l.quota} {
			s := b.State()
			list = append(list, s[:]...)
		}
		all = append(all, series{name, append(list, l.peak, l.rising, l.since)}, series{name + "Parts", l.partNumbers()})
	}
	return all
}

// How many numbers each has.
const (
	minuteNumbers = 7
	levelNumbers  = 4
	overNumbers   = 5
	cellNumbers   = 7
	splitNumbers  = 5
	termNumbers   = 5
	bucketNumbers = 4
	laneNumbers   = termNumbers + 3*bucketNumbers + 3
	partNumbers   = 1 + bucketNumbers + 4
)

func (m *Minute) numbers() []int64 {
	return []int64{m.start, int64(m.Read), int64(m.Write), m.ReadThrottled, m.WriteThrottled, m.ProvisionedRead, m.ProvisionedWrite}
}

func (m *Minute) levels() []int64 {
	return []int64{m.ReadRate, m.WriteRate, int64(m.ReadLeft), int64(m.WriteLeft)}
}

// refusals are the limits that something was over, each with its minute.
func (m *Minute) refusals() (list []int64) {
	for _, d := range []direction{reading, writing} {
		for limit, r := range m.over(d) {
			if r != (Refused{}) {
				list = append(list, m.start, int64(d), int64(limit), r.Requests, int64(r.Units))
			}
		}
	}
	return list
}

func (t *laneTerms) numbers() []int64 {
	return []int64{number(t.onDemand), t.units, t.most, t.warm, t.quota}
}

func number(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

func (l *lane) partNumbers() []int64 {
	var list []int64
	for _, p := range l.parts {
		s, h := p.bucket.State(), &p.heat
		list = append(append(list, int64(p.first)), s[:]...)
		list = append(list, h.since, h.last, int64(h.hash), number(h.many))
	}
	return list
}

// load writes the lines of a table's load.
func (e *enc) load(l *load) {
	if l == nil {
		return
	}
	for _, sc := range l.scopes {
		e.begin()
		if sc.index == "" {
			e.str("load", "table")
		} else {
			e.str("load", "index")
			e.str("index", sc.index)
		}
		for _, k := range sc.numbers() {
			e.key(k.name)
			e.list()
			for _, n := range k.list {
				e.comma()
				e.number(n)
			}
			e.unlist()
		}
		e.line()
	}
}

// load reads one of these lines, of the last table.
func (r *restorer) load(m map[string]string) error {
	if r.table == nil || !r.s.measures(r.table) {
		return fmt.Errorf("load: no table that is throttled or scaled")
	}
	sc := &scope{index: m["index"]}
	if (m["load"] == "table") != (sc.index == "") || sc.index != "" && r.table.meta.index(sc.index) == nil {
		return fmt.Errorf("load: of no index of the table")
	}
	if r.table.load == nil {
		r.table.load = &load{}
	}
	if r.table.load.scope(sc.index) != nil || len(r.table.load.scopes) == 0 && sc.index != "" {
		return fmt.Errorf("load: not the table's first, or one of it twice")
	}
	r.table.load.scopes = append(r.table.load.scopes, sc)
	lists := map[string][]int64{}
	for _, k := range sc.numbers() {
		list, err := readNumbers(m[k.name])
		if err != nil {
			return fmt.Errorf("load: %s: %w", k.name, err)
		}
		lists[k.name] = list
	}
	if !sc.restore(lists) {
		return fmt.Errorf("load: numbers that no table can have")
	}
	return nil
}

func readNumbers(text string) ([]int64, error) {
	var list []int64
	w := wire{Scanner: attr.NewScanner([]byte(text), 2)}
	err := w.array(func(w wire) error {
		var n integer
		err := w.integer(&n)
		list = append(list, n.v)
		return err
	})
	return list, err
}

// restore takes numbers over; false where they are not those of a scope.
func (sc *scope) restore(m map[string][]int64) bool {
	minutes, firsts := m["minutes"], m["firsts"]
	if len(m["born"]) != 1 || len(minutes) == 0 || len(minutes)%minuteNumbers != 0 || (len(firsts) > 0) != (sc.index != "") {
		return false
	}
	sc.born = m["born"][0]
	if !sc.restoreMinutes(minutes, m["levels"], m["over"]) || !sc.restoreHeat(m["cells"], m["splits"]) {
		return false
	}
	for i, first := range firsts {
		if (i == 0) != (first == 0) || i > 0 && uint64(first) <= sc.firsts[i-1] {
			return false
		}
		sc.firsts = append(sc.firsts, uint64(first))
	}
	for d := range sc.lanes {
		if name := direction(d).word(); !sc.lanes[d].restore(m[name], m[name+"Parts"]) {
			return false
		}
	}
	return true
}

// restoreMinutes takes minutes over. Older snapshots have no levels and no
// refusals.
func (sc *scope) restoreMinutes(minutes, levels, over []int64) bool {
	if len(levels) > 0 && len(levels)/levelNumbers*minuteNumbers != len(minutes) || len(over)%overNumbers != 0 {
		return false
	}
	for i := 0; len(minutes) > 0; minutes = minutes[minuteNumbers:] {
		n := minutes
		next := Minute{
			start: n[0], Read: meter.Units(n[1]), Write: meter.Units(n[2]), ReadThrottled: n[3], WriteThrottled: n[4],
			ProvisionedRead: n[5], ProvisionedWrite: n[6],
		}
		if len(levels) > 0 {
			v := levels[i*levelNumbers:]
			next.ReadRate, next.WriteRate, next.ReadLeft, next.WriteLeft = v[0], v[1], meter.Units(v[2]), meter.Units(v[3])
		}
		for ; len(over) > 0 && over[0] == next.start; over = over[overNumbers:] {
			if over[1] < 0 || over[1] > 1 || over[2] < 0 || over[2] >= int64(limits) {
				return false
			}
			next.over(direction(over[1]))[over[2]] = Refused{over[3], meter.Units(over[4])}
		}
		if len(minutes) == minuteNumbers {
			sc.minute = next
		} else {
			sc.past = append(sc.past, next)
		}
		i++
	}
	return len(over) == 0
}

func (l *lane) restore(n, parts []int64) bool {
	if len(n) != laneNumbers || len(parts)%partNumbers != 0 {
		return false
	}
	l.terms = laneTerms{onDemand: n[0] != 0, units: n[1], most: n[2], warm: n[3], quota: n[4]}
	ok := true
	for i, b := range []*meter.Bucket{&l.bucket, &l.most, &l.quota} {
		restored := false
		*b, restored = meter.RestoreBucket([4]int64(n[termNumbers+i*bucketNumbers:]))
		ok = ok && restored
	}
	n = n[laneNumbers-3:]
	l.peak, l.rising, l.since = n[0], n[1], n[2]
	for ; len(parts) > 0; parts = parts[partNumbers:] {
		p := &part{first: uint64(parts[0])}
		restored := false
		p.bucket, restored = meter.RestoreBucket([4]int64(parts[1:]))
		h := parts[1+bucketNumbers:]
		p.heat = heat{since: h[0], last: h[1], hash: uint64(h[2]), many: h[3] != 0}
		ok = ok && restored && (len(l.parts) == 0 || l.parts[len(l.parts)-1].first < p.first)
		l.parts = append(l.parts, p)
	}
	return ok
}
