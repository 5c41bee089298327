package engine

import (
	"slices"
	"time"

	"github.com/sortkey/sortkey/engine/store"
)

// updateTable changes a table. Whatever takes time on the service does so
// here: the table is UPDATING until the clock gets to the end of it.
func (x *exchange) updateTable() error {
	in, err := x.readUpdateTable()
	if err != nil {
		return err
	}
	if err := in.validate(); err != nil {
		return err
	}
	t, err := x.controlTable(in.table)
	if err != nil {
		return err
	}
	if in.consistency.set && len(in.replicas) == 0 {
		return invalid(textStrongCreate)
	}
	if len(in.replicas) > 0 || len(in.witnesses) > 0 {
		if err := x.s.updateReplicas(x.region, t, in); err != nil {
			return err
		}
		x.description("TableDescription", t)
		return nil
	}
	if g := x.s.globalOf(t); g != nil && len(g.meta.members) > 1 && in.stream.set && !in.stream.enabled.v {
		return invalidValue(textReplicaStream)
	}
	if err := x.s.update(x.region, t, in); err != nil {
		return err
	}
	switch {
	case in.stream.enabled.v:
		x.s.enableStream(x.region, t, in.stream.view.v)
	case in.stream.set:
		x.s.disableStream(x.region, t)
	}
	x.description("TableDescription", t)
	return nil
}

// update plans and begins a valid UpdateTable, of a request or of auto scaling.
func (s *state) update(r *region, t *table, in *updateTableInput) error {
	p, err := s.planUpdate(r, t, in)
	if err != nil {
		return err
	}
	others, err := s.followers(t, in)
	if err != nil {
		return err
	}
	for _, p := range append([]plannedUpdate{p}, others...) {
		s.begin(p.region, p.table, p.meta)
	}
	return nil
}

func (s *state) planUpdate(r *region, t *table, in *updateTableInput) (plannedUpdate, error) {
	if err := t.settled(); err != nil {
		return plannedUpdate{}, err
	}
	if err := s.mayChange(r); err != nil {
		return plannedUpdate{}, err
	}
	u := &tableUpdate{in: in, s: s, region: r.name, m: t.meta.clone()}
	if err := u.plan(); err != nil {
		return plannedUpdate{}, err
	}
	return plannedUpdate{r, t, u.m}, r.mayProvision(t.meta, u.m.provisioned())
}

// tableUpdate is an UpdateTable being planned: m becomes the description that
// the table has while it is UPDATING.
type tableUpdate struct {
	in     *updateTableInput
	s      *state
	region string
	m      *tableMeta
}

func (u *tableUpdate) plan() error {
	for _, step := range []func() error{u.billing, u.throughput, u.most, u.warm, u.class, u.key, u.stream, u.indexes} {
		if err := step(); err != nil {
			return err
		}
	}
	m := u.m
	if u.in.protected.set { // takes effect at once
		m.protected = u.in.protected.v
	}
	busy := m.next != m.terms || u.in.stream.set
	for i := range m.indexes {
		x := &m.indexes[i]
		busy = busy || x.next != x.indexTerms || x.status == statusUpdating || x.status == statusDeleting ||
			x.status == statusCreating && !x.backfilling
	}
	if busy {
		m.status = statusUpdating
	}
	m.byName = byName(m.indexes)
	return nil
}

// stream sees that a stream is enabled where there is none, and disabled where
// there is one; its view cannot be changed.
func (u *tableUpdate) stream() error {
	switch enabled := u.m.streamView != ""; {
	case u.in.stream.enabled.v && enabled:
		return invalid(textStreamAlready + u.m.name)
	case u.in.stream.set && !u.in.stream.enabled.v && !enabled:
		return invalid(textStreamNone + u.m.name)
	}
	return nil
}

// billing switches the billing mode: to on demand four times in 24 hours, back
// at any time, with a throughput for the table and every global index.
func (u *tableUpdate) billing() error {
	m := u.m
	switch mode := u.in.billing.v; {
	case mode == "PAY_PER_REQUEST" && !m.onDemand:
		times := recent(m.switched, u.s.now, 24*time.Hour)
		if len(times) >= 4 {
			return errTooOften("Update to PayPerRequest mode", 4, "1 day(s)", times[0]+day)
		}
		m.switched = append(slices.Clone(times), u.s.now)
		m.next.onDemand, m.next.throughput = true, throughput{}
		m.eachGlobal(func(x *indexMeta) { x.next.throughput = throughput{} })
	case mode == "PROVISIONED" && m.onDemand:
		if err := u.allIndexes(); err != nil {
			return err
		}
		m.next.onDemand, m.next.throughput, m.next.most = false, u.in.throughput.value(), throughput{}
		m.eachGlobal(func(x *indexMeta) { x.next.most = throughput{} })
	default:
		return nil
	}
	m.next.warm = m.warm.over(warmth(m.next.onDemand, m.next.throughput))
	m.eachGlobal(func(x *indexMeta) {
		x.next.warm = x.warm.over(warmth(m.next.onDemand, x.next.throughput))
		if x.status == statusActive {
			x.status = statusUpdating
		}
	})
	return nil
}

// allIndexes sees that a table that is to be provisioned gets a throughput for
// each global index that it keeps.
func (u *tableUpdate) allIndexes() error {
	for _, i := range byName(u.m.indexes) {
		x := &u.m.indexes[i]
		given := slices.ContainsFunc(u.in.indexes, func(iu indexUpdate) bool {
			return iu.name.v == x.spec.Name && (iu.throughput.set || iu.remove)
		})
		if !x.spec.Local && !given {
			return errIndexNoThroughput(x.spec.Name)
		}
	}
	return nil
}

func (m *tableMeta) eachGlobal(each func(*indexMeta)) {
	for i := range m.indexes {
		if !m.indexes[i].spec.Local {
			each(&m.indexes[i])
		}
	}
}

func (u *tableUpdate) throughput() error {
	m, in := u.m, u.in.throughput
	switch {
	case !in.set:
		return nil
	case m.next.onDemand:
		return invalidValue(textThroughputOnDemand)
	case m.onDemand: // billing has taken it
		return nil
	}
	if err := mayChangeTo("", m.throughput, in.value(), &m.changes, u.s.now); err != nil {
		return err
	}
	m.next.throughput = in.value()
	m.next.warm = m.warm.over(m.next.throughput)
	return nil
}

// mayChangeTo holds what a new provisioned throughput must keep, of the table or
// of the index of that name.
func mayChangeTo(index string, was, is throughput, c *changes, now int64) error {
	if was == is {
		return errSameThroughput(index, is)
	}
	if is.read < was.read || is.write < was.write {
		return c.mayDecrease(now)
	}
	return nil
}

func (u *tableUpdate) most() error {
	if member := u.in.most.member(); member != "" && !u.m.next.onDemand {
		return errMostProvisioned(member, true)
	}
	u.in.most.merge(&u.m.next.most)
	return nil
}

// merge takes over the bounds that are given; -1 takes one away.
func (p throughputInput) merge(most *throughput) {
	if p.read.set {
		most.read = max(p.read.v, 0)
	}
	if p.write.set {
		most.write = max(p.write.v, 0)
	}
}

func (u *tableUpdate) warm() error {
	if err := u.in.warm.checkWarm("table", u.m.next.warm); err != nil {
		return err
	}
	u.m.next.warm = u.m.next.warm.over(u.in.warm.value())
	return nil
}

// class changes the table class, twice in 30 days.
func (u *tableUpdate) class() error {
	m, class := u.m, u.in.class.v
	if class == "" || class == m.class || class == "STANDARD" && m.class == "" {
		return nil
	}
	times := recent(m.classed, u.s.now, 30*24*time.Hour)
	if len(times) >= 2 {
		return errTooOften("Update to the table class", 2, "30 day(s)", times[0]+30*day)
	}
	m.classed = append(slices.Clone(times), u.s.now)
	m.next.class = class
	return nil
}

// key changes the encryption: four times in 24 hours, and six hours after the
// last time.
func (u *tableUpdate) key() error {
	if !u.in.sse.set {
		return nil
	}
	m, key := u.m, u.s.keyARN(&u.in.sse, u.region)
	if key == m.key {
		if key != "" {
			return invalidValue(textSSESame)
		}
		return nil
	}
	times := recent(m.rekeyed, u.s.now, 24*time.Hour)
	if n := len(times); n >= 4 {
		if next := min(times[n-4]+day, times[n-1]+day/4); next > u.s.now {
			return errTooOften("Update to the encryption of a table", 4, "1 day(s)", next)
		}
	}
	m.rekeyed = append(slices.Clone(times), u.s.now)
	m.next.key = key
	return nil
}

func (u *tableUpdate) indexes() error {
	for i := range u.in.indexes {
		iu := &u.in.indexes[i]
		var err error
		switch {
		case iu.create:
			err = u.createIndex(iu)
		case iu.remove:
			err = u.deleteIndex(iu.name.v)
		default:
			err = u.updateIndex(iu)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// online refuses to make or delete an index beside another one, which may be
// the one that is called except.
func (u *tableUpdate) online(except string) error {
	for i := range u.m.indexes {
		x := &u.m.indexes[i]
		if (x.status == statusCreating || x.status == statusDeleting) && x.spec.Name != except {
			return errLimit(textOneOnlineIndex)
		}
	}
	return nil
}

func (u *tableUpdate) createIndex(iu *indexUpdate) error {
	m := u.m
	billing := text{true, "PROVISIONED"}
	if m.next.onDemand {
		billing.v = "PAY_PER_REQUEST"
	}
	if err := u.in.defs.checkKeys(iu.keys); err != nil {
		return err
	}
	if err := iu.indexInput.check(billing); err != nil {
		return err
	}
	if err := iu.indexInput.checkTerms(m.next.onDemand); err != nil {
		return err
	}
	if m.index(iu.name.v) != nil {
		return errIndexExists(iu.name.v)
	}
	spec := u.in.defs.spec(&iu.indexInput)
	if err := m.checkRedefined(spec.Key); err != nil {
		return err
	}
	if err := m.checkRoom(spec); err != nil {
		return err
	}
	if err := u.online(""); err != nil {
		return err
	}
	m.addIndex(m.newIndex(&iu.indexInput, spec))
	return nil
}

// checkRedefined sees that the keys of a new index have the types that the
// table's attributes have.
func (m *tableMeta) checkRedefined(k store.Key) error {
	for a := range k.All() {
		for _, d := range m.definitions {
			if d.name == a.Name && d.kind != a.Kind {
				return errRedefined(m.schemaText(a.Name), schemaText(k))
			}
		}
	}
	return nil
}

// schemaText writes the first key schema of the table or its indexes that has
// the attribute.
func (m *tableMeta) schemaText(name string) string {
	if m.keys.Has(name) {
		return schemaText(m.keys)
	}
	i := slices.IndexFunc(m.indexes, func(x indexMeta) bool { return x.spec.Key.Has(name) })
	return schemaText(m.indexes[i].spec.Key)
}

// checkRoom holds the limits on the number of indexes and what they project.
func (m *tableMeta) checkRoom(spec store.IndexSpec) error {
	global, included := 0, len(spec.Include)
	for i := range m.indexes {
		included += len(m.indexes[i].spec.Include)
		if !m.indexes[i].spec.Local {
			global++
		}
	}
	switch {
	case global >= maxGlobal:
		return invalidValue(textTooManyGSIs)
	case included > maxIncluded:
		return invalidValue(textIncludeTotal)
	}
	return nil
}

// addIndex puts a global index behind the others, before the local ones, and
// defines its attributes.
func (m *tableMeta) addIndex(x indexMeta) {
	at := len(m.indexes)
	if i := slices.IndexFunc(m.indexes, func(x indexMeta) bool { return x.spec.Local }); i >= 0 {
		at = i
	}
	m.indexes = slices.Insert(m.indexes, at, x)
	m.definitions = slices.Clone(m.definitions)
	for a := range x.spec.Key.All() {
		if !slices.ContainsFunc(m.definitions, func(d definition) bool { return d.name == a.Name }) {
			m.definitions = append(m.definitions, definition{a.Name, a.Kind})
		}
	}
}

// global is the global index of that name; there has to be one.
func (m *tableMeta) global(name string) (*indexMeta, error) {
	x := m.index(name)
	if x == nil || x.spec.Local {
		return nil, errNoTable()
	}
	return x, nil
}

func (u *tableUpdate) deleteIndex(name string) error {
	x, err := u.m.global(name)
	if err != nil {
		return err
	}
	if err := u.online(name); err != nil {
		return err
	}
	x.status, x.backfilling, x.step = statusDeleting, false, 0
	return nil
}

func (u *tableUpdate) updateIndex(iu *indexUpdate) error {
	m, name := u.m, iu.name.v
	x, err := m.global(name)
	switch {
	case err != nil:
		return err
	case x.status == statusCreating:
		return errIndexInUse("created", m.name, name)
	case iu.throughput.set && m.next.onDemand:
		return errIndexThroughput(name)
	case iu.throughput.set && !m.onDemand:
		if err := mayChangeTo(name, x.throughput, iu.throughput.value(), &x.changes, u.s.now); err != nil {
			return err
		}
	}
	if iu.throughput.set {
		x.next.throughput = iu.throughput.value()
	}
	if member := iu.indexInput.most.member(); member != "" && !m.next.onDemand {
		return errMostProvisioned(member, true)
	}
	iu.indexInput.most.merge(&x.next.most)
	x.next.warm = x.warm.over(warmth(m.next.onDemand, x.next.throughput))
	if err := iu.indexInput.warm.checkWarm("index "+name, x.next.warm); err != nil {
		return err
	}
	x.next.warm = x.next.warm.over(iu.indexInput.warm.value())
	x.status = statusUpdating
	return nil
}
