package engine

import (
	"slices"
	"strconv"
)

// DescribeTableReplicaAutoScaling and UpdateTableReplicaAutoScaling: the auto
// scaling of all replicas of a global table (2019.11.21) at once. What they show
// and change are the targets and policies of Application Auto Scaling.

// scalingUpdate is an AutoScalingSettingsUpdate.
type scalingUpdate struct {
	set      bool
	min, max integer
	disabled flag
	role     text
	policed  bool // there is a ScalingPolicyUpdate
	tracking bool // with a configuration
	policy   text // its name
	noIn     flag
	in, out  integer
	target   integer
}

func (w wire) scalingUpdate(u *scalingUpdate) error {
	u.set = true
	return w.structure("AutoScalingSettingsUpdate", func(w wire, name string) error {
		switch name {
		case "MinimumUnits":
			return w.long(&u.min)
		case "MaximumUnits":
			return w.long(&u.max)
		case "AutoScalingDisabled":
			return w.flag(&u.disabled)
		case "AutoScalingRoleArn":
			return w.text(&u.role)
		case "ScalingPolicyUpdate":
			u.policed = true
			return w.structure("AutoScalingPolicyUpdate", u.policyMember)
		}
		return w.unknown()
	})
}

func (u *scalingUpdate) policyMember(w wire, name string) error {
	switch name {
	case "PolicyName":
		return w.text(&u.policy)
	case "TargetTrackingScalingPolicyConfiguration":
		u.tracking = true
		return w.structure("AutoScalingTargetTrackingScalingPolicyConfigurationUpdate", func(w wire, name string) error {
			switch name {
			case "DisableScaleIn":
				return w.flag(&u.noIn)
			case "ScaleInCooldown":
				return w.integer(&u.in)
			case "ScaleOutCooldown":
				return w.integer(&u.out)
			case "TargetValue":
				return w.double(&u.target)
			}
			return w.unknown()
		})
	}
	return w.unknown()
}

func (c *constraints) scalingUpdate(path string, u *scalingUpdate) {
	if !u.set {
		return
	}
	c.between(path+".minimumUnits", u.min, 1, 1<<62)
	c.between(path+".maximumUnits", u.max, 1, 1<<62)
	c.length(path+".autoScalingRoleArn", u.role, 1, 1600)
	if u.policed {
		path += ".scalingPolicyUpdate"
		c.length(path+".policyName", u.policy, 1, 256)
		path += ".targetTrackingScalingPolicyConfiguration"
		if c.required(path, u.tracking); u.tracking {
			c.required(path+".targetValue", u.target.set)
		}
	}
}

// indexScaling is what an update wants of one index.
type indexScaling struct {
	name text
	scalingUpdate
}

// indexScalings reads a list of indexes, each with an update that is called
// member.
func (w wire) indexScalings(list *[]indexScaling, structure, member string) error {
	*list = []indexScaling{}
	return w.array(func(w wire) error {
		var x indexScaling
		err := w.structure(structure, func(w wire, name string) error {
			switch name {
			case "IndexName":
				return w.text(&x.name)
			case member:
				return w.scalingUpdate(&x.scalingUpdate)
			}
			return w.unknown()
		})
		*list = append(*list, x)
		return err
	})
}

// indexScalings checks a list of indexes, which may not be empty if it has to be
// some.
func (c *constraints) indexScalings(path, member string, list []indexScaling, some bool) {
	if some && list != nil && len(list) == 0 {
		c.count(path, "[]", 0, 1, 1)
	}
	for i := range list {
		at := path + "." + strconv.Itoa(i+1) + ".member."
		c.name(at+"indexName", list[i].name)
		c.length(at+"indexName", list[i].name, 3, 255)
		c.scalingUpdate(at+member, &list[i].scalingUpdate)
	}
}

// replicaScaling is the request of UpdateTableReplicaAutoScaling.
type replicaScaling struct {
	table    text
	write    scalingUpdate
	indexes  []indexScaling // of writes
	replicas []replicaReads
}

// replicaReads is what it wants of the reads of one replica.
type replicaReads struct {
	region  text
	read    scalingUpdate
	indexes []indexScaling
}

func (in *replicaScaling) member(w wire, name string) error {
	switch name {
	case "TableName":
		return w.text(&in.table)
	case "ProvisionedWriteCapacityAutoScalingUpdate":
		return w.scalingUpdate(&in.write)
	case "GlobalSecondaryIndexUpdates":
		return w.indexScalings(&in.indexes, "GlobalSecondaryIndexAutoScalingUpdate", "ProvisionedWriteCapacityAutoScalingUpdate")
	case "ReplicaUpdates":
		in.replicas = []replicaReads{}
		return w.array(func(w wire) error {
			var r replicaReads
			err := w.structure("ReplicaAutoScalingUpdate", r.member)
			in.replicas = append(in.replicas, r)
			return err
		})
	}
	return w.unknown()
}

func (r *replicaReads) member(w wire, name string) error {
	switch name {
	case "RegionName":
		return w.text(&r.region)
	case "ReplicaProvisionedReadCapacityAutoScalingUpdate":
		return w.scalingUpdate(&r.read)
	case "ReplicaGlobalSecondaryIndexUpdates":
		return w.indexScalings(&r.indexes, "ReplicaGlobalSecondaryIndexAutoScalingUpdate", "ProvisionedReadCapacityAutoScalingUpdate")
	}
	return w.unknown()
}

func (in *replicaScaling) validate() error {
	if err := validateControlName(in.table); err != nil {
		return err
	}
	var c constraints
	c.scalingUpdate("provisionedWriteCapacityAutoScalingUpdate", &in.write)
	c.indexScalings("globalSecondaryIndexUpdates", "provisionedWriteCapacityAutoScalingUpdate", in.indexes, true)
	if in.replicas != nil && len(in.replicas) == 0 {
		c.count("replicaUpdates", "[]", 0, 1, 1)
	}
	for i := range in.replicas {
		r, path := &in.replicas[i], "replicaUpdates."+strconv.Itoa(i+1)+".member."
		c.required(path+"regionName", r.region.set)
		c.scalingUpdate(path+"replicaProvisionedReadCapacityAutoScalingUpdate", &r.read)
		c.indexScalings(path+"replicaGlobalSecondaryIndexUpdates", "provisionedReadCapacityAutoScalingUpdate", r.indexes, false)
	}
	return c.err()
}

// scalingChange is one update of one target, that can be made.
type scalingChange struct {
	region *region
	table  *table
	key    scalingKey
	update *scalingUpdate
}

func (x *exchange) updateReplicaScaling() error {
	in := &replicaScaling{}
	if err := x.fields(in.member); err != nil {
		return err
	}
	if err := in.validate(); err != nil {
		return err
	}
	t, err := x.controlTable(in.table)
	if err != nil {
		return err
	}
	if g := x.s.globalOf(t); g != nil && g.meta.version != globalCurrent {
		return invalid(textReplicaVersion)
	}
	p := in.plan(x, t)
	if p.err != nil {
		return p.err
	}
	p.make(x.s)
	x.out = x.encodeReplicaScaling(t)
	return nil
}

// scalingPlan is a list of changes all of which can be made, unless there is an
// error.
type scalingPlan struct {
	list []scalingChange
	err  error
}

// add adds what an update wants of a table or an index, if it wants something.
func (p *scalingPlan) add(r *region, t *table, index string, dir direction, u *scalingUpdate) {
	if !u.set || p.err != nil {
		return
	}
	c := scalingChange{r, t, scalingKey{t.meta.name, index, dir}, u}
	p.err = c.check()
	p.list = append(p.list, c)
}

func (p *scalingPlan) make(s *state) {
	for _, c := range p.list {
		c.make(s)
	}
}

// plan is what the request asks for.
func (in *replicaScaling) plan(x *exchange, t *table) (p scalingPlan) {
	p.add(x.region, t, "", writing, &in.write)
	for i := range in.indexes {
		p.add(x.region, t, in.indexes[i].name.v, writing, &in.indexes[i].scalingUpdate)
	}
	all := x.scaledReplicas(t)
	for i := range in.replicas {
		r := &in.replicas[i]
		at := slices.IndexFunc(all, func(o fellow) bool { return o.region.name == r.region.v })
		if at < 0 {
			return scalingPlan{err: errNoReplica(t.meta.name, r.region.v)}
		}
		o := all[at]
		p.add(o.region, o.table, "", reading, &r.read)
		for i := range r.indexes {
			p.add(o.region, o.table, r.indexes[i].name.v, reading, &r.indexes[i].scalingUpdate)
		}
	}
	return p
}

// scaledReplicas lists the replicas of a table, or the table alone where it has
// none.
func (x *exchange) scaledReplicas(t *table) []fellow {
	if all := x.s.fellows(t); len(all) > 0 {
		return all
	}
	return []fellow{{x.region, t, seat{status: t.meta.status}}}
}

// check holds what a change must keep.
func (c *scalingChange) check() error {
	k, u, old := c.key, c.update, c.region.scaling.target(c.key)
	if err := c.table.settled(); err != nil {
		return err
	}
	if _, err := c.table.meta.global(k.index); k.index != "" && err != nil {
		return errReplicaIndex(k.index)
	}
	low, high := u.bounds(old)
	switch {
	case c.region.scaling.pending(k):
		return errReplicaBusy(k.table, c.region.name)
	case u.disabled.v:
		return nil
	case low == 0 || high == 0:
		return invalidValue(textUnitsWanted)
	case low > high:
		return invalidValue(textUnitsOrder)
	case u.policed && (u.target.v < lowestTarget || u.target.v > highestTarget):
		return invalidValue(textUnitsTarget)
	case u.in.v < 0 || u.out.v < 0:
		return invalidValue(textPolicyCooldown)
	case old == nil && len(c.region.scaling.targets) >= maxTargets:
		return errTooManyTargets()
	}
	return nil
}

// bounds are those that a target has after the update, 0 for none.
func (u *scalingUpdate) bounds(old *scalable) (low, high int64) {
	if old != nil {
		low, high = old.min, old.max
	}
	if u.min.set {
		low = u.min.v
	}
	if u.max.set {
		high = u.max.v
	}
	return low, high
}

// make makes a change that has been checked.
func (c *scalingChange) make(s *state) {
	old := c.region.scaling.target(c.key)
	if c.update.disabled.v {
		if old != nil {
			s.deregister(c.region, c.key)
			s.shareScaling(c.region, c.key)
		}
		return
	}
	target := &scalable{scalingKey: c.key}
	if old != nil {
		*target = *old
	}
	target.min, target.max = c.update.bounds(old)
	if c.update.policed {
		target.policy = c.update.policyOf(s, c.region, target)
	}
	s.register(c.region, c.table, target)
}

// policyOf is the policy of a target as the update leaves it. One of another name
// takes its place.
func (u *scalingUpdate) policyOf(s *state, r *region, target *scalable) *scalingPolicy {
	name := u.policy.v
	if !u.policy.set {
		name = "DynamoDB" + target.dir.metric() + "CapacityUtilization:" + target.resource()
		if target.policy != nil {
			name = target.policy.name
		}
	}
	p := &scalingPolicy{}
	if target.policy != nil && target.policy.name == name {
		*p = *target.policy
	} else {
		p = s.newScalingPolicy(r, target.scalingKey, name)
	}
	p.configure(u.target, u.in, u.out, u.noIn)
	return p
}

func (x *exchange) describeReplicaScaling() error {
	t, err := x.namedTable()
	if err == nil {
		x.out = x.encodeReplicaScaling(t)
	}
	return err
}

// encodeReplicaScaling writes the auto scaling of a table's replicas.
func (x *exchange) encodeReplicaScaling(t *table) []byte {
	e := x.enc()
	e.open()
	e.key("TableAutoScalingDescription")
	e.open()
	e.str("TableName", t.meta.name)
	e.str("TableStatus", t.meta.status)
	e.key("Replicas")
	e.list()
	for _, o := range x.scaledReplicas(t) {
		x.replicaScaling(&e, o)
	}
	e.unlist()
	e.close()
	e.close()
	return e.b
}

func (x *exchange) replicaScaling(e *enc, o fellow) {
	r, t := o.region, o.table
	e.open()
	e.str("RegionName", r.name)
	e.key("GlobalSecondaryIndexes")
	e.list()
	t.meta.eachGlobal(func(i *indexMeta) {
		e.open()
		e.str("IndexName", i.spec.Name)
		e.str("IndexStatus", t.meta.indexStatus(i))
		x.scalingSettings(e, "ProvisionedReadCapacityAutoScalingSettings", r, scalingKey{t.meta.name, i.spec.Name, reading})
		x.scalingSettings(e, "ProvisionedWriteCapacityAutoScalingSettings", r, scalingKey{t.meta.name, i.spec.Name, writing})
		e.close()
	})
	e.unlist()
	x.scalingSettings(e, "ReplicaProvisionedReadCapacityAutoScalingSettings", r, scalingKey{t.meta.name, "", reading})
	x.scalingSettings(e, "ReplicaProvisionedWriteCapacityAutoScalingSettings", r, scalingKey{t.meta.name, "", writing})
	e.str("ReplicaStatus", o.seat.status)
	e.close()
}

// scalingSettings writes an AutoScalingSettingsDescription.
func (x *exchange) scalingSettings(e *enc, member string, r *region, k scalingKey) {
	e.key(member)
	e.open()
	switch t := r.scaling.target(k); {
	case t == nil && !r.tables[k.table].meta.onDemand:
		e.bool("AutoScalingDisabled", true)
	case t != nil:
		e.int("MinimumUnits", t.min)
		e.int("MaximumUnits", t.max)
		e.str("AutoScalingRoleArn", x.s.scalingRole())
		e.key("ScalingPolicies")
		e.list()
		if p := t.policy; p != nil {
			e.open()
			e.str("PolicyName", p.name)
			e.key("TargetTrackingScalingPolicyConfiguration")
			e.open()
			e.adjustments(p)
			e.raw("TargetValue", p.targetText())
			e.close()
			e.close()
		}
		e.unlist()
	}
	e.close()
}
