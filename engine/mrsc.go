package engine

import (
	"slices"
	"strconv"
	"time"
)

// witnessConstraints are those of the list: exactly one update, of a region.
func (in *updateTableInput) witnessConstraints(c *constraints) {
	switch n := len(in.witnesses); {
	case in.witnessed && n == 0:
		c.add("'[]'", "globalTableWitnessUpdates", "Member must have length greater than or equal to 1")
	case n > 1:
		c.add("'["+strconv.Itoa(n)+" items]'", "globalTableWitnessUpdates", "Member must have length less than or equal to 1")
	}
	c.regionUpdates("globalTableWitnessUpdates", in.witnesses)
}

// A global table with MultiRegionConsistency STRONG has three replicas, or two
// and a witness, which keeps writes and is never asked for them. A write is
// acknowledged when one of the two others has it besides the region that takes
// it, a strongly consistent read when one of them has been asked: so both need
// two regions of three that hear each other in both directions, and take, beside
// their own time, the round trip to the nearest of the others (without jitter,
// Reply.Took has it). Any two of three have one in common: what has been
// acknowledged is seen. Without a quorum there is an error.
//
// Messages go to the other replicas as they do elsewhere, so that eventually
// consistent reads can be behind. A strongly consistent read sees what is on its
// way to its region too, and a write first takes in what is on its way to the
// item.
//
// Handling a request never moves time, so a write that takes a round trip is
// under way for that long after it: until then another region that writes the
// item gets a ReplicatedWriteConflictException. In a batch such writes come back
// unprocessed.

// sets are the sets of regions of which a strong table's are.
var sets = [...][]string{
	{"us-east-1", "us-east-2", "us-west-2"},
	{"eu-west-1", "eu-west-2", "eu-west-3", "eu-central-1"},
	{"ap-northeast-1", "ap-northeast-2", "ap-northeast-3"},
}

func oneSet(regions []string) bool {
	for _, set := range sets {
		if !slices.ContainsFunc(regions, func(r string) bool { return !slices.Contains(set, r) }) {
			return true
		}
	}
	return false
}

// updateStrong makes a table strongly consistent, with all its replicas at once,
// or a table of one region again.
func (s *state) updateStrong(r *region, t *table, in *updateTableInput) error {
	if g := s.globalOf(t); g != nil && len(g.meta.members) > 1 {
		return s.dissolve(g, r, t, in)
	}
	if err := s.mayBeStrong(r, t, in); err != nil {
		return err
	}
	for i := range in.replicas {
		if err := s.mayReplicate(r, t, &in.replicas[i]); err != nil {
			return err
		}
	}
	g := s.globalOf(t)
	if g == nil {
		g = s.found(r, t, globalCurrent)
	}
	if t.meta.streamView == "" {
		s.enableStream(r, t, "NEW_AND_OLD_IMAGES")
	}
	g.change(func(m *globalMeta) {
		m.strong = true
		if len(in.witnesses) > 0 {
			m.witness, m.status = in.witnesses[0].region.v, statusCreating
		}
	})
	s.updating(t)
	for i := range in.replicas {
		s.addReplica(g, r, t, &in.replicas[i])
		s.fillReplicaLater(g, r, t, in.replicas[i].region.v, s.opts.Transition)
	}
	return nil
}

// mayBeStrong holds what a table must be to become strongly consistent, and what
// the request must say.
func (s *state) mayBeStrong(r *region, t *table, in *updateTableInput) error {
	regions := []string{r.name}
	for _, u := range in.replicas {
		if u.kinds[0] != "Create" {
			return invalid(textStrongCreate)
		}
		regions = append(regions, u.region.v)
	}
	for _, u := range in.witnesses {
		if !u.create || u.remove {
			return invalid(textWitnessAlone)
		}
		regions = append(regions, u.region.v)
	}
	slices.Sort(regions)
	switch m := t.meta; {
	case in.consistency.v != "STRONG" || len(in.replicas) == 0:
		return invalid(textWitnessAlone)
	case len(slices.Compact(regions)) != 3 || len(regions) != 3:
		return invalid(textStrongCount)
	case !oneSet(regions):
		return invalid(textStrongRegions)
	case t.data.Rows().Len() > 0:
		return invalid(textStrongEmpty)
	case m.hasLocal():
		return invalid(textStrongLocal)
	case m.ttl.active():
		return invalid(textStrongTTL)
	}
	return nil
}

// dissolve makes a strong table one of a single region: all other replicas, and
// the witness, are deleted in one request.
func (s *state) dissolve(g *global, r *region, t *table, in *updateTableInput) error {
	whole := g.meta.strong && len(in.replicas) == len(g.meta.members)-1 && (g.meta.witness != "") == (len(in.witnesses) == 1)
	for i := range in.replicas {
		whole = whole && in.replicas[i].kinds[0] == "Delete"
	}
	for _, u := range in.witnesses {
		whole = whole && u.remove && u.region.v == g.meta.witness
	}
	if !whole {
		return invalid(textStrongChange)
	}
	for i := range in.replicas {
		if _, other, err := s.existing(r, t, &in.replicas[i]); err != nil {
			return err
		} else if other.meta.protected {
			return errProtected()
		}
	}
	g.change(func(m *globalMeta) { m.strong, m.witness, m.status = false, "", "" })
	for _, u := range in.replicas {
		s.remove(s.regions[u.region.v], s.replicaIn(g, u.region.v))
	}
	s.updating(t)
	s.after(s.opts.Transition, tableActive, r, t)
	return nil
}

// strong is the strongly consistent global table of a replica, nil of any other
// table, and of one whose replicas are still being made.
func (s *state) strong(t *table) *global {
	g := s.globalOf(t)
	if g == nil || !g.meta.strong || slices.ContainsFunc(g.meta.members, func(m seat) bool { return m.status == statusCreating }) {
		return nil
	}
	return g
}

// quorum is the round trip from a region to the nearest of the other replicas and
// the witness that it hears and that hear it; ok is false where there is none.
func (s *state) quorum(g *global, region string) (trip time.Duration, ok bool) {
	look := func(other string) {
		if other == "" || other == region || !s.carries(region, other) || !s.carries(other, region) {
			return
		}
		if d := s.linkOf(region, other).latency + s.linkOf(other, region).latency; !ok || d < trip {
			trip, ok = d, true
		}
	}
	for _, m := range g.meta.members {
		look(m.region)
	}
	look(g.meta.witness)
	return trip, ok
}

// latest is a table as its region has it together with what is on its way there:
// what a strongly consistent read and a write see of a strong table. Of any other
// it is the table itself.
func (x *exchange) latest(t *table) (*table, error) {
	g := x.s.strong(t)
	if g == nil {
		return t, nil
	}
	trip, ok := x.s.quorum(g, t.replica.region)
	if !ok {
		return nil, errNoQuorum(t.replica.region)
	}
	x.trip = max(x.trip, trip)
	list := x.s.coming(g, t.replica.region, func(*message) bool { return true })
	if len(list) == 0 {
		return t, nil
	}
	data, newest := t.data.Copy(), map[string]version{}
	for _, m := range list {
		was, seen := newest[m.key]
		if !seen {
			was = t.stampOf(g, m.key).version
		}
		if was.before(m.version) {
			c := data.Plan(m.key, data.Rows().Get(m.key), m.item)
			data.Apply(&c)
			newest[m.key] = m.version
		}
	}
	return &table{meta: t.meta, data: data}, nil
}

// coming lists the messages to a replica.
func (s *state) coming(g *global, region string, which func(*message) bool) []message {
	var list []message
	s.mail.Scan(func(m message) bool {
		if m.global == g.meta.id && m.to == region && which(&m) {
			list = append(list, m)
		}
		return true
	})
	return list
}

// underWay reports whether another region is still writing an item of a strong
// table: the round trip of its last write is not over.
func (s *state) underWay(t *table, key string) bool {
	g := s.strong(t)
	if g == nil {
		return false
	}
	var last stamp
	for _, m := range g.meta.members {
		if other := s.replicaIn(g, m.region); other != nil {
			if x, ok := other.replica.stamps.Get(stamp{key: key}); ok && (last.version.before(x.version) || last.version == x.version && x.since < last.since) {
				last = x
			}
		}
	}
	if last.region == t.replica.region || last.region == "" {
		return false
	}
	trip, _ := s.quorum(g, last.region)
	return last.since+int64(trip) > s.now
}

// takeIn lets a replica of a strong table have what is on its way to an item,
// which is about to be written, and plans the write over that.
func (s *state) takeIn(w *write) {
	g := s.strong(w.table)
	if g == nil || w.arrived != nil {
		return
	}
	list := s.coming(g, w.table.replica.region, func(m *message) bool { return m.key == w.change.Key })
	for _, m := range list {
		s.events.tree.Delete(event{at: m.due, seq: m.event})
		s.mail.Delete(m)
		s.take(g, &m)
		g.count(m.key, -1)
	}
	if len(list) > 0 {
		w.change = w.table.data.Plan(w.change.Key, w.table.data.Rows().Get(w.change.Key), w.change.After)
	}
}
