package engine

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"math"
	"time"

	"github.com/sortkey/sortkey/engine/attr"
	"github.com/sortkey/sortkey/engine/meter"
	"github.com/sortkey/sortkey/engine/store"
)

// This file deletes expired items. An item expires with the first whole second
// after the number in its table's TTL attribute: when that number is less than
// the time. It is due to be swept then, and by the setting ttl-lag up to that
// much later, each item by a lag of its own that follows from the seed; until
// it is swept it is read and written like any other. What is due already when
// it is written, or when TTL becomes ENABLED, is swept with the next second.
//
// While TTL is ENABLED, a table keeps its rows that will expire in the order in
// which they are due. One event of the clock stands for the first of them: so a
// step over years costs what it deletes and looks at no other row.

const (
	// lastSecond is the last whole second that the clock can show.
	lastSecond = math.MaxInt64 / int64(time.Second)
	// tooOld is the age at which an expired item is no longer swept, in
	// seconds: five years, counted from when it was due.
	tooOld = 5 * 365 * 24 * 60 * 60
)

// expiry is a row that will be swept: when it is due, in seconds, and where it
// is.
type expiry struct {
	due int64
	key string
}

// expiries are the rows of a table that will expire, as they fall due, and the
// event that waits for the first of them; the event's sequence is 0 where none
// waits. The rows follow from the items, the event from both and the clock.
type expiries struct {
	tree  *ordered[expiry]
	event event
}

func newExpiries() *expiries {
	less := func(a, b *expiry) bool {
		if a.due != b.due {
			return a.due < b.due
		}
		return a.key < b.key
	}
	return &expiries{tree: newOrdered(less)}
}

func (x *expiries) copy() *expiries {
	if x == nil {
		return nil
	}
	return &expiries{tree: x.tree.Copy(), event: x.event}
}

// expires is the number in an item's TTL attribute, if that makes it expire
// within the time that the clock can show: only whole numbers of type N count.
func (m *ttlMeta) expires(item *attr.Item) (at int64, ok bool) {
	if item == nil {
		return 0, false
	}
	v, ok := item.Get(m.attribute)
	if !ok || v.Kind() != attr.N {
		return 0, false
	}
	at, ok = v.Number().Int64()
	return at, ok && at >= 0 && at < lastSecond
}

// expiry is when the row is due, if ever.
func (s *state) expiry(t *table, key string, item *attr.Item) (x expiry, ok bool) {
	at, ok := t.meta.ttl.expires(item)
	if !ok {
		return x, false
	}
	x = expiry{due: at + 1 + s.sweepLag(t.meta.id, key), key: key}
	return x, x.due <= lastSecond && s.sweeps(t, key)
}

// sweepLag is how many whole seconds late a row is swept: between 0 and the
// setting, by a hash of the seed and its place.
func (s *state) sweepLag(id, key string) int64 {
	most := uint64(s.opts.TTLLag / time.Second)
	if most == 0 {
		return 0
	}
	b := binary.BigEndian.AppendUint64(nil, s.opts.Seed)
	d := sha256.Sum256(append(append(b, id...), key...))
	return int64(binary.BigEndian.Uint64(d[:]) % (most + 1))
}

// startSweeping lists the rows of a table whose TTL is ENABLED.
func (s *state) startSweeping(t *table) {
	if t.meta.ttl.status != ttlEnabled {
		return
	}
	t.expiries = s.listExpiries(t)
	s.scheduleSweep(t)
}

func (s *state) listExpiries(t *table) *expiries {
	x := newExpiries()
	t.data.Rows().Ascend(store.Span{}, func(r store.Row) bool {
		if e, ok := s.expiry(t, r.Key, r.Item); ok {
			x.tree.Set(e)
		}
		return true
	})
	return x
}

// stopSweeping forgets the list and its event.
func (s *state) stopSweeping(t *table) {
	if t.expiries == nil {
		return
	}
	s.events.tree.Delete(t.expiries.event)
	t.expiries = nil
}

// relistExpiries makes the lists of all tables anew, after a change of the lag.
func (s *state) relistExpiries() {
	for _, r := range s.regionList() {
		for _, t := range r.tableList() {
			s.stopSweeping(t)
			s.startSweeping(t)
		}
	}
}

// restoreSweeps makes the lists of a state whose tables and events are there.
func (s *state) restoreSweeps() {
	waiting := map[string]event{}
	s.events.tree.Scan(func(ev event) bool {
		if ev.kind == ttlSweep {
			waiting[ev.id] = ev
		}
		return true
	})
	for _, r := range s.regionList() {
		for _, t := range r.tableList() {
			if t.meta.ttl.status == ttlEnabled {
				t.expiries = s.listExpiries(t)
				t.expiries.event = waiting[t.meta.id]
			}
		}
	}
}

// noteExpiry keeps the list in step with a write.
func (s *state) noteExpiry(w *write) {
	x := w.table.expiries
	if x == nil {
		return
	}
	before, was := s.expiry(w.table, w.change.Key, w.change.Before)
	after, is := s.expiry(w.table, w.change.Key, w.change.After)
	if was == is && before == after && w.table.replica == nil {
		return
	}
	if before.key != "" { // another replica may have had to sweep it
		x.tree.Delete(before)
	}
	if is {
		x.tree.Set(after)
	}
	if !w.service {
		s.scheduleSweep(w.table)
	}
}

// first is the entry that is swept first by a sweep at that second.
func (x *expiries) first(at int64) (first expiry, ok bool) {
	x.tree.Ascend(expiry{due: at - tooOld + 1}, func(e expiry) bool {
		first, ok = e, true
		return false
	})
	return first, ok
}

// scheduleSweep sees that the table's one event is at the time of its first
// entry.
func (s *state) scheduleSweep(t *table) {
	x := t.expiries
	soon := s.now/int64(time.Second) + 1
	first, ok := x.first(soon)
	at := max(first.due, soon)
	ok = ok && at <= lastSecond
	if ok && x.event.seq != 0 && x.event.at == at*int64(time.Second) {
		return
	}
	s.events.tree.Delete(x.event)
	x.event = event{}
	if ok {
		x.event = s.at(at*int64(time.Second), ttlSweep, t.meta.ttl.region, t)
	}
}

// sweep deletes what is due and waits for what is next. It is the service that
// deletes: nobody is charged.
func (s *state) sweep(t *table) {
	x := t.expiries
	if x == nil {
		return
	}
	x.event = event{}
	if t.meta.status == statusDeleting {
		return
	}
	now := s.now / int64(time.Second)
	for {
		e, ok := x.first(now)
		if !ok || e.due > now {
			break
		}
		item := t.data.Rows().Get(e.key)
		w := t.plan(e.key, item, nil, nil).of(item.Map())
		w.service, w.receipt = true, &meter.Receipt{Write: true, Rate: meter.Standard}
		s.commit(w)
	}
	s.scheduleSweep(t)
}

// checkExpiries verifies that the list is what the rows give.
func (s *state) checkExpiries(t *table) error {
	if (t.expiries != nil) != (t.meta.ttl.status == ttlEnabled) {
		return fmt.Errorf("TTL is %q, and there is a list: %v", t.meta.ttl.status, t.expiries != nil)
	}
	if t.expiries == nil {
		return nil
	}
	if want, got := s.listExpiries(t).tree.Items(), t.expiries.tree.Items(); fmt.Sprint(got) != fmt.Sprint(want) {
		return fmt.Errorf("the rows expire %v, listed are %v", want, got)
	}
	if ev, ok := s.events.tree.Get(t.expiries.event); t.expiries.event.seq != 0 && (!ok || ev != t.expiries.event) {
		return fmt.Errorf("the event of the next sweep is not in the queue: %+v", t.expiries.event)
	}
	return nil
}

// Expiry is an item with a time to live: the time in its TTL attribute, after
// which it is expired, and when it will be swept.
type Expiry struct {
	Item           *attr.Item
	Expires, Swept time.Time
}

// Expiries lists the items of a table that will be swept, soonest first, at
// most most of them. It is empty where TTL is not ENABLED.
func (e *Engine) Expiries(region, table string, most int) []Expiry {
	e.mu.Lock()
	defer e.mu.Unlock()
	t := e.s.region(region).tables[table]
	if t == nil || t.expiries == nil {
		return nil
	}
	var list []Expiry
	soon := e.s.now/int64(time.Second) + 1
	t.expiries.tree.Ascend(expiry{due: soon - tooOld + 1}, func(x expiry) bool {
		if len(list) < most {
			list = append(list, e.s.countdown(t, x, t.data.Rows().Get(x.key), soon))
		}
		return len(list) < most
	})
	return list
}

// Expiry tells when an item of a table will be swept, as things are; false
// where it will not be. The item need not be stored.
func (e *Engine) Expiry(region, table string, item *attr.Item) (Expiry, bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	t := e.s.region(region).tables[table]
	if t == nil || t.expiries == nil || item == nil {
		return Expiry{}, false
	}
	key, ok := t.data.RowKey(item)
	if !ok {
		return Expiry{}, false
	}
	x, ok := e.s.expiry(t, key, item)
	soon := e.s.now/int64(time.Second) + 1
	if !ok || x.due <= soon-tooOld {
		return Expiry{}, false
	}
	return e.s.countdown(t, x, item, soon), true
}

func (s *state) countdown(t *table, x expiry, item *attr.Item, soon int64) Expiry {
	at, _ := t.meta.ttl.expires(item)
	return Expiry{Item: item, Expires: time.Unix(at, 0).UTC(), Swept: time.Unix(max(x.due, soon), 0).UTC()}
}

// TTLInfo is a table's time to live as a page shows it.
type TTLInfo struct {
	Status    string // as DescribeTimeToLive has it
	Attribute string
	Items     int       // that will be swept, or are too old for it
	Next      time.Time // when the next is swept; zero for never
}

func (t *table) ttlInfo() TTLInfo {
	m := &t.meta.ttl
	info := TTLInfo{Status: m.status, Attribute: m.attribute}
	if m.status == "" {
		info.Status = ttlDisabled
	}
	if x := t.expiries; x != nil {
		info.Items = x.tree.Len()
		if x.event.seq != 0 {
			info.Next = time.Unix(0, x.event.at).UTC()
		}
	}
	return info
}
