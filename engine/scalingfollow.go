package engine

import "slices"

// The auto scaling of writes is that of all replicas of a global table
// (2019.11.21), like write capacity itself: where a target or a policy is set in
// one region, the others follow. Reads are a replica's own, but a new replica
// begins with those of the table it is made from. Scheduled actions stay where
// they were made.

// shareScaling lets the other replicas of a table follow what has been set of a
// target in one region.
func (s *state) shareScaling(r *region, k scalingKey) {
	t := r.tables[k.table]
	if t == nil || k.dir != writing {
		return
	}
	for _, o := range s.fellows(t) {
		if o.table != t {
			s.followScaling(o.region, k, r.scaling.target(k))
		}
	}
}

// followScaling gives a region the target that another one has; nil for none.
func (s *state) followScaling(r *region, k scalingKey, lead *scalable) {
	old := r.scaling.target(k)
	if lead == nil {
		if old != nil {
			s.deregister(r, k)
		}
		return
	}
	c := &scalable{scalingKey: k, created: s.now}
	if old != nil {
		*c = *old
	} else {
		c.arn = s.targetARN(r)
	}
	c.min, c.max = lead.min, lead.max
	c.inSuspended, c.outSuspended, c.timed = lead.inSuspended, lead.outSuspended, lead.timed
	c.policy = s.followPolicy(r, c, lead.policy)
	r.scaling.set(c)
	s.relink(r, k.table)
	if t := r.tables[k.table]; t != nil && c.policy != nil && t.load != nil && t.load.asked(s.now) {
		s.watch(t)
	}
}

// followPolicy is the policy of a target that follows another one's.
func (s *state) followPolicy(r *region, x *scalable, lead *scalingPolicy) *scalingPolicy {
	if lead == nil {
		return nil
	}
	p := &scalingPolicy{}
	if x.policy != nil && x.policy.name == lead.name {
		*p = *x.policy
	} else {
		p = s.newScalingPolicy(r, x.scalingKey, lead.name)
	}
	p.target, p.in, p.out, p.noIn, p.noInSet = lead.target, lead.in, lead.out, lead.noIn, lead.noInSet
	return p
}

// beginScaling gives the region of a new replica the auto scaling of the table
// that it is made from.
func (s *state) beginScaling(to, from *region, table string) {
	for _, lead := range slices.Clone(from.scaling.of(table)) {
		s.followScaling(to, lead.scalingKey, lead)
	}
}
