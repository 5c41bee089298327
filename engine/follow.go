package engine

import "slices"

// What is changed of one replica of a global table (2019.11.21) changes in all:
// the billing mode, write capacity, warm and on-demand throughput, global
// indexes, the kind of encryption, time to live. A replica's own are its read
// capacity, the bound of reads on demand, and the table class, where an update of
// the replica has said so, and always tags, policy and deletion protection.

// plannedUpdate is a change of a table that has been planned.
type plannedUpdate struct {
	region *region
	table  *table
	meta   *tableMeta
}

// fellow is a replica of a global table (2019.11.21) in this engine.
type fellow struct {
	region *region
	table  *table
	seat   seat
}

// fellows lists the replicas of the global table that a table is one of, itself
// among them; none for other tables.
func (s *state) fellows(t *table) (list []fellow) {
	g := s.globalOf(t)
	if g == nil || g.meta.version != globalCurrent {
		return nil
	}
	for _, m := range g.meta.members {
		if other := s.replicaIn(g, m.region); other != nil {
			list = append(list, fellow{s.regions[m.region], other, m})
		}
	}
	return list
}

// followers plans for all other replicas what an update of one means to them.
func (s *state) followers(t *table, in *updateTableInput) ([]plannedUpdate, error) {
	var list []plannedUpdate
	for _, o := range s.fellows(t) {
		if o.table == t {
			continue
		}
		f := in.following(s, o.table, o.seat.terms)
		if f == nil {
			continue
		}
		p, err := s.planUpdate(o.region, o.table, f)
		if err != nil {
			return nil, err
		}
		list = append(list, p)
	}
	return list, nil
}

// following is the part of an update that another replica follows; nil for
// nothing.
func (in *updateTableInput) following(s *state, other *table, own override) *updateTableInput {
	f, m := *in, other.meta
	f.stream, f.protected = streamInput{}, flag{}
	if own.class != "" {
		f.class = text{}
	}
	if own.most > 0 {
		f.most.read = integer{}
	}
	if f.throughput.set && !m.onDemand {
		f.throughput = f.throughput.writes(m.throughput)
	}
	if f.sse.set {
		f.sse.key = text{}
		f.sse.set = s.keyARN(&f.sse, other.replica.region) != m.key
	}
	f.indexes = slices.Clone(in.indexes)
	for i := range f.indexes {
		u := &f.indexes[i]
		if x := m.index(u.name.v); u.update && x != nil && u.throughput.set && !m.onDemand {
			u.throughput = u.throughput.writes(x.throughput)
		}
	}
	f.indexes = slices.DeleteFunc(f.indexes, func(u indexUpdate) bool {
		return u.update && !u.throughput.set && !u.indexInput.most.set && !u.indexInput.warm.set
	})
	if !f.others() {
		return nil
	}
	return &f
}

// writes is the part of a throughput that others follow: not at all where it is
// what they have.
func (p throughputInput) writes(has throughput) throughputInput {
	p.read = integer{true, has.read}
	p.set = p.write.v != has.write
	return p
}
