package engine

import (
	"strconv"
	"time"

	"github.com/sortkey/sortkey/engine/store"
)

// replicaUpdate is one of the ReplicaUpdates of an UpdateTable.
type replicaUpdate struct {
	kinds      []string // of the members given; exactly one is right
	region     text
	key, class text
	read, most integer // of the overrides
	indexes    []replicaIndex
	indexesSet bool
}

// replicaIndex is what an update says of a global index of the replica.
type replicaIndex struct {
	name       text
	read, most integer
}

func (w wire) replicaUpdates(list *[]replicaUpdate) error {
	*list = nil
	return w.array(func(w wire) error {
		var u replicaUpdate
		err := w.structure("ReplicationGroupUpdate", u.member)
		*list = append(*list, u)
		return err
	})
}

func (u *replicaUpdate) member(w wire, kind string) error {
	structure := map[string]string{
		"Create": "CreateReplicationGroupMemberAction", "Update": "UpdateReplicationGroupMemberAction",
		"Delete": "DeleteReplicationGroupMemberAction", "Disassociate": "DisassociateReplicationGroupMemberAction",
	}[kind]
	if structure == "" {
		return w.unknown()
	}
	u.kinds = append(u.kinds, kind)
	return w.structure(structure, func(w wire, name string) error {
		switch {
		case name == "RegionName":
			return w.text(&u.region)
		case kind == "Delete" || kind == "Disassociate" && name != "DisassociationMode":
			return w.unknown()
		case kind == "Disassociate": // there is one mode
			return w.Skip()
		case name == "KMSMasterKeyId":
			return w.text(&u.key)
		case name == "TableClassOverride":
			return w.text(&u.class)
		case name == "GlobalSecondaryIndexes":
			u.indexesSet = true
			return w.array(func(w wire) error {
				var x replicaIndex
				err := w.structure("ReplicaGlobalSecondaryIndex", func(w wire, name string) error {
					if name == "IndexName" {
						return w.text(&x.name)
					}
					return w.overrides(name, &x.read, &x.most)
				})
				u.indexes = append(u.indexes, x)
				return err
			})
		}
		return w.overrides(name, &u.read, &u.most)
	})
}

// overrides reads the members that replace a replica's read throughput.
func (w wire) overrides(name string, read, most *integer) error {
	member, to := "ReadCapacityUnits", read
	switch name {
	case "ProvisionedThroughputOverride":
	case "OnDemandThroughputOverride":
		member, to = "MaxReadRequestUnits", most
	default:
		return w.unknown()
	}
	return w.structure(name, func(w wire, name string) error {
		if name != member {
			return w.unknown()
		}
		return w.long(to)
	})
}

func (u *replicaUpdate) constraints(c *constraints, i int) {
	for _, kind := range u.kinds {
		path := "replicaUpdates." + strconv.Itoa(i+1) + ".member." + map[string]string{
			"Create": "create", "Update": "update", "Delete": "delete", "Disassociate": "disassociate",
		}[kind] + "."
		c.required(path+"regionName", u.region.set)
		c.enum(path+"tableClassOverride", u.class, enumTableClass)
		c.between(path+"provisionedThroughputOverride.readCapacityUnits", u.read, 1, 1<<62)
		if u.indexesSet && len(u.indexes) == 0 {
			c.add("'[]'", path+"globalSecondaryIndexes", "Member must have length greater than or equal to 1")
		}
		for i, x := range u.indexes {
			at := path + "globalSecondaryIndexes." + strconv.Itoa(i+1) + ".member."
			c.indexName(at, x.name)
			c.between(at+"provisionedThroughputOverride.readCapacityUnits", x.read, 1, 1<<62)
		}
	}
}

// others reports whether an UpdateTable asks for anything but replicas.
func (in *updateTableInput) others() bool {
	return in.billing.set || in.throughput.set || in.most.set || in.warm.set || in.protected.set || in.class.set ||
		in.sse.set || in.stream.set || len(in.indexes) > 0
}

// updateReplicas plans and begins what an UpdateTable says of replicas.
func (s *state) updateReplicas(r *region, t *table, in *updateTableInput) error {
	if in.others() {
		return invalid(textReplicaAlone)
	}
	for i := range in.replicas {
		if len(in.replicas[i].kinds) != 1 {
			return invalidValue(textReplicaAction)
		}
	}
	if err := t.settled(); err != nil {
		return err
	}
	if err := s.mayChange(r); err != nil {
		return err
	}
	g := s.globalOf(t)
	switch {
	case g != nil && g.meta.version == globalLegacy:
		return invalid(textReplicaVersion)
	case in.consistency.v == "STRONG" || len(in.witnesses) > 0 || g != nil && g.meta.strong:
		return s.updateStrong(r, t, in)
	case len(in.replicas) != 1:
		return invalid(textReplicaSingle)
	case in.consistency.set && in.replicas[0].kinds[0] != "Create":
		return invalid(textStrongChange)
	}
	u := &in.replicas[0]
	switch u.kinds[0] {
	case "Create":
		return s.createReplica(r, t, u)
	case "Update":
		return s.updateReplica(r, t, u)
	case "Delete":
		return s.deleteReplica(r, t, u)
	}
	return s.disassociate(r, t, u)
}

// reach sees that a replica can be created, updated or deleted from a region.
func (s *state) reach(r *region, u *replicaUpdate) error {
	switch to := u.region.v; {
	case to == r.name:
		return invalid(textReplicaLocal)
	case !ValidRegion(to):
		return errReplicaRegion(to)
	case s.isDown(to):
		return errRegionDown(to)
	}
	return nil
}

// createReplica adds a replica, which is CREATING until it has what the table
// has; the table is UPDATING for as long.
func (s *state) createReplica(r *region, t *table, u *replicaUpdate) error {
	if err := s.mayReplicate(r, t, u); err != nil {
		return err
	}
	g := s.globalOf(t)
	if g == nil {
		g = s.found(r, t, globalCurrent)
	}
	if t.meta.streamView == "" {
		s.enableStream(r, t, "NEW_AND_OLD_IMAGES")
	}
	s.addReplica(g, r, t, u)
	s.updating(t)
	s.fillReplicaLater(g, r, t, u.region.v, s.opts.Transition)
	return nil
}

func (s *state) updating(t *table) {
	m := *t.meta
	m.status = statusUpdating
	t.meta = &m
}

// mayReplicate holds what a table must be for a new replica.
func (s *state) mayReplicate(r *region, t *table, u *replicaUpdate) error {
	if err := s.reach(r, u); err != nil {
		return err
	}
	m, to := t.meta, s.region(u.region.v)
	g := s.globalOf(t)
	switch {
	case to.tables[m.name] != nil || g != nil && g.meta.member(to.name) != nil:
		return errReplicaExists(m.name)
	case !r.writesScale(m):
		return invalid(textReplicaCapacity)
	case m.streamView != "" && m.streamView != "NEW_AND_OLD_IMAGES":
		return invalid(textReplicaView)
	case u.read.set && m.onDemand:
		return invalidValue(textReplicaOnDemand)
	case m.customKey(s, r.name) && !u.key.set:
		return invalidValue(textReplicaKey)
	}
	for i := range m.indexes {
		if st := m.indexes[i].status; st == statusCreating || st == statusDeleting {
			return errLimit(textOneOnlineIndex)
		}
	}
	for _, x := range u.indexes {
		if i := m.index(x.name.v); i == nil || i.spec.Local {
			return errReplicaIndex(x.name.v)
		}
	}
	if err := s.mayCreate(to, len(m.indexes) > 0); err != nil {
		return err
	}
	return to.mayProvision(nil, m.provisioned())
}

// writesScale reports whether the write capacity of a table and its global
// indexes is on demand or scaled: what replicas write comes from elsewhere.
func (r *region) writesScale(m *tableMeta) bool {
	if m.onDemand {
		return true
	}
	scaled := r.scaling.target(scalingKey{m.name, "", writing}) != nil
	m.eachGlobal(func(x *indexMeta) {
		scaled = scaled && r.scaling.target(scalingKey{m.name, x.spec.Name, writing}) != nil
	})
	return scaled
}

// customKey reports whether a table is encrypted with a key of its owner's.
func (m *tableMeta) customKey(s *state, region string) bool {
	return m.key != "" && m.key != s.keyARN(&sseInput{enabled: flag{true, true}}, region)
}

// addReplica makes the table of a new replica, and lets what is on its way to
// the source go there too: the source does not have it yet.
func (s *state) addReplica(g *global, r *region, t *table, u *replicaUpdate) {
	to := s.region(u.region.v)
	s.regions[to.name] = to
	terms := override{read: u.read.v, most: u.most.v, class: u.class.v}
	for _, x := range u.indexes {
		terms.indexes = append(terms.indexes, indexOverride{x.name.v, x.read.v, x.most.v})
	}
	s.beginScaling(to, r, t.meta.name)
	nt := s.newReplica(g, to, t, u, terms)
	to.tables[nt.meta.name] = nt
	s.enableStream(to, nt, "NEW_AND_OLD_IMAGES")
	g.change(func(m *globalMeta) {
		m.member(r.name).sourced = s.now
		m.members = append(m.members, seat{region: to.name, status: statusCreating, source: r.name, terms: terms})
	})
	for _, m := range s.coming(g, r.name, func(m *message) bool { return m.from != to.name }) {
		s.post(g, message{
			global: m.global, table: m.table, from: m.from, to: to.name, key: m.key, keys: m.keys,
			version: m.version, parent: m.parent, item: m.item, service: m.service, initial: m.initial,
		})
	}
}

// newReplica is an empty table like another one: with its schema, terms and
// time to live, but not its tags, policy and protection.
func (s *state) newReplica(g *global, to *region, t *table, u *replicaUpdate, o override) *table {
	m := t.meta.clone()
	m.arn, m.id, m.status, m.created = s.tableARN(to.name, m.name), s.uuid(idTable), statusCreating, s.now
	m.tags, m.protected, m.streamLabel, m.streamView = nil, false, "", ""
	m.changes, m.switched, m.classed, m.rekeyed = changes{}, nil, nil, nil
	if m.onDemand {
		m.since = s.now
	}
	if m.ttl.status != "" {
		m.ttl.region = to.name
	}
	if m.ttl.status == ttlEnabling {
		m.ttl.status = ttlEnabled
	}
	m.next.key = ""
	if m.key != "" {
		m.next.key = s.keyARN(&sseInput{enabled: flag{true, true}, key: u.key}, to.name)
	}
	o.over(m)
	m.terms = m.next
	specs := make([]store.IndexSpec, len(m.indexes))
	for i := range m.indexes {
		x := &m.indexes[i]
		x.arn, x.status, x.backfilling, x.step, x.changes = m.arn+"/index/"+x.spec.Name, statusActive, false, 0, changes{}
		x.indexTerms = x.next
		specs[i] = x.spec
	}
	m.byName = byName(m.indexes)
	nt := &table{
		meta: m, data: store.New(m.keys, specs, store.Options{Degree: s.opts.Degree, Partitions: m.partitions()}),
		scaled: len(to.scaling.of(m.name)) > 0, replica: &replica{g.meta.id, to.name, newStamps()},
	}
	s.startSweeping(nt)
	return nt
}

// over puts what a replica has of its own in the place of what it would share.
func (o *override) over(m *tableMeta) {
	if o.read > 0 && !m.next.onDemand {
		m.next.throughput.read = o.read
	}
	if o.most > 0 && m.next.onDemand {
		m.next.most.read = o.most
	}
	if o.class != "" {
		m.next.class = o.class
	}
	for _, x := range o.indexes {
		if i := m.index(x.name); i != nil {
			if x.read > 0 && !m.next.onDemand {
				i.next.throughput.read = x.read
			}
			if x.most > 0 && m.next.onDemand {
				i.next.most.read = x.most
			}
		}
	}
}

// fillReplicaLater schedules the next step of filling a new replica.
func (s *state) fillReplicaLater(g *global, r *region, t *table, to string, after time.Duration) {
	s.after(after, replicaFills, r, t)
	g.change(func(m *globalMeta) { m.member(to).step = s.counters[idEvent] })
}

// fillReplica is a step of filling a new replica: what the table has is sent, and
// when it has arrived the replica is ACTIVE. While the two regions do not hear each
// other it is tried again every second.
func (s *state) fillReplica(r *region, t *table, step uint64) {
	g := s.globalOf(t)
	if g == nil {
		return
	}
	for _, m := range g.meta.members {
		if m.step != step || m.source != r.name {
			continue
		}
		nt := s.replicaIn(g, m.region)
		if nt == nil {
			return
		}
		if !s.carries(r.name, m.region) {
			s.fillReplicaLater(g, r, t, m.region, time.Second)
			return
		}
		after, more := s.sendRows(g, t, &m)
		if !more {
			after, more = s.copying(g, m.region)
		}
		if more {
			s.fillReplicaLater(g, r, t, m.region, after)
			return
		}
		s.replicaMade(g, r, t, nt)
		return
	}
}

// sendRows sends a new replica the next rows, and tells after how long there are
// more to be sent.
func (s *state) sendRows(g *global, t *table, to *seat) (after time.Duration, more bool) {
	if to.sent {
		return 0, false
	}
	items, takes := s.pace()
	cursor, done := s.copyRows(g, t, to.region, to.cursor, items)
	g.change(func(m *globalMeta) {
		x := m.member(to.region)
		x.cursor, x.sent = cursor, done
	})
	return takes, !done
}

// replicaMade ends the making of a replica.
func (s *state) replicaMade(g *global, r *region, t, nt *table) {
	region := nt.replica.region
	g.change(func(m *globalMeta) {
		x := m.member(region)
		x.status, x.source, x.cursor, x.step, x.sent = statusActive, "", "", 0, false
	})
	s.happened(happening{kind: ReplicaMade, region: region, from: r.name, table: g.meta.name})
	s.activate(s.regions[region], nt)
	s.relistGlobal()
	for _, m := range g.meta.members {
		if m.status == statusCreating && m.source == r.name {
			return // the table stays UPDATING
		}
	}
	if g.meta.witness != "" {
		g.change(func(m *globalMeta) { m.status = statusActive })
	}
	s.activate(r, t)
}

// existing is the replica that an update means, with the table of it; the table
// is nil where a peer hosts the region.
func (s *state) existing(r *region, t *table, u *replicaUpdate) (*global, *table, error) {
	if err := s.reach(r, u); err != nil {
		return nil, nil, err
	}
	g := s.globalOf(t)
	if g == nil || g.meta.member(u.region.v) == nil {
		return nil, nil, errNoReplica(t.meta.name, u.region.v)
	}
	other := s.replicaIn(g, u.region.v)
	if g.meta.member(u.region.v).status != statusActive || other != nil && other.meta.status != statusActive {
		return nil, nil, errReplicaBusy(t.meta.name, u.region.v)
	}
	return g, other, nil
}

// updateReplica changes what a replica has of its own.
func (s *state) updateReplica(r *region, t *table, u *replicaUpdate) error {
	g, other, err := s.existing(r, t, u)
	switch {
	case err != nil:
		return err
	case other == nil || u.key.set || !u.read.set && !u.most.set && !u.class.set && len(u.indexes) == 0:
		return invalidValue(textReplicaKey) // what is known of it: semantics of nothing to do
	case u.read.set && t.meta.onDemand:
		return invalidValue(textReplicaOnDemand)
	}
	o := g.meta.member(u.region.v).terms
	o.merge(u)
	m := other.meta.clone()
	for _, x := range u.indexes {
		if i := m.index(x.name.v); i == nil || i.spec.Local {
			return errReplicaIndex(x.name.v)
		}
	}
	o.over(m)
	m.status = statusUpdating
	s.begin(s.regions[u.region.v], other, m)
	g.change(func(m *globalMeta) {
		x := m.member(u.region.v)
		x.status, x.terms = statusUpdating, o
	})
	s.updating(t)
	s.after(s.opts.Transition, tableActive, r, t)
	return nil
}

// merge puts what an update says over what there was.
func (o *override) merge(u *replicaUpdate) {
	if u.read.set {
		o.read = u.read.v
	}
	if u.most.set {
		o.most = max(u.most.v, 0)
	}
	if u.class.set {
		o.class = u.class.v
	}
	list := append([]indexOverride(nil), o.indexes...)
	for _, x := range u.indexes {
		list = append(list, indexOverride{x.name.v, x.read.v, max(x.most.v, 0)})
	}
	o.indexes = list
}

// deleteReplica removes a replica and its table.
func (s *state) deleteReplica(r *region, t *table, u *replicaUpdate) error {
	g, other, err := s.existing(r, t, u)
	if err != nil {
		return err
	}
	if other == nil {
		s.leave(g, u.region.v)
		return nil
	}
	if other.meta.protected {
		return errProtected()
	}
	if err := s.mayLeave(g, u.region.v); err != nil {
		return err
	}
	s.remove(s.regions[u.region.v], other)
	s.updating(t)
	s.after(s.opts.Transition, tableActive, r, t)
	return nil
}

// mayLeave refuses to delete the source of a new replica within a day.
func (s *state) mayLeave(g *global, region string) error {
	m := g.meta.member(region)
	if g.meta.strong && len(g.meta.members) > 1 {
		return invalid(textStrongChange)
	}
	if len(g.meta.members) > 1 && m.sourced != 0 && s.now-m.sourced < day {
		return invalid(textReplicaSource)
	}
	return nil
}

// disassociate makes the replica of the region that is asked a table of its own,
// with all it has. What is on its way from it still arrives elsewhere.
func (s *state) disassociate(r *region, t *table, u *replicaUpdate) error {
	g := s.globalOf(t)
	switch {
	case u.region.v != r.name:
		return invalid(textReplicaOwn)
	case g == nil || len(g.meta.members) < 2:
		return errNoReplica(t.meta.name, r.name)
	}
	if err := s.mayLeave(g, r.name); err != nil {
		return err
	}
	s.happened(happening{kind: ReplicaLeaves, region: r.name, table: g.meta.name})
	s.leave(g, r.name)
	return nil
}

// gone ends what a replica was to others when its table is gone.
func (s *state) gone(r *region, t *table) {
	if g := s.globalOf(t); g != nil {
		s.happened(happening{kind: ReplicaLeaves, region: r.name, table: g.meta.name})
		s.leave(g, r.name)
	}
}

// replicaUpdated ends the UPDATING of a replica.
func (s *state) replicaUpdated(t *table) {
	g := s.globalOf(t)
	if g == nil {
		return
	}
	if m := g.meta.member(t.replica.region); m != nil && m.status == statusUpdating {
		g.change(func(x *globalMeta) { x.member(m.region).status = statusActive })
	}
}
