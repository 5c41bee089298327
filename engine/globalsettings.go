package engine

import (
	"slices"
	"strconv"
	"strings"
)

func (x *exchange) describeGlobalSettings() error {
	g, err := x.namedGlobal()
	if err == nil {
		x.out = x.encodeGlobalSettings(g)
	}
	return err
}

// encodeGlobalSettings writes what each replica has.
func (x *exchange) encodeGlobalSettings(g *global) []byte {
	e := x.enc()
	e.open()
	e.str("GlobalTableName", g.meta.name)
	e.key("ReplicaSettings")
	e.list()
	for _, m := range g.meta.members {
		e.open()
		e.str("RegionName", m.region)
		e.str("ReplicaStatus", m.status)
		if t := x.s.replicaIn(g, m.region); t != nil {
			x.replicaSettings(&e, x.s.regions[m.region], t.meta)
		}
		e.close()
	}
	e.unlist()
	e.close()
	return e.b
}

func (x *exchange) replicaSettings(e *enc, r *region, m *tableMeta) {
	if m.onDemand {
		e.key("ReplicaBillingModeSummary")
		e.open()
		e.str("BillingMode", "PAY_PER_REQUEST")
		e.time("LastUpdateToPayPerRequestDateTime", m.since)
		e.close()
	}
	e.int("ReplicaProvisionedReadCapacityUnits", m.throughput.read)
	x.scalingSettings(e, "ReplicaProvisionedReadCapacityAutoScalingSettings", r, scalingKey{m.name, "", reading})
	e.int("ReplicaProvisionedWriteCapacityUnits", m.throughput.write)
	x.scalingSettings(e, "ReplicaProvisionedWriteCapacityAutoScalingSettings", r, scalingKey{m.name, "", writing})
	var list []*indexMeta
	m.eachGlobal(func(x *indexMeta) { list = append(list, x) })
	if len(list) > 0 {
		e.key("ReplicaGlobalSecondaryIndexSettings")
		e.list()
		for _, i := range list {
			e.open()
			e.str("IndexName", i.spec.Name)
			e.str("IndexStatus", m.indexStatus(i))
			if !m.onDemand {
				e.int("ProvisionedReadCapacityUnits", i.throughput.read)
				e.int("ProvisionedWriteCapacityUnits", i.throughput.write)
			}
			x.scalingSettings(e, "ProvisionedReadCapacityAutoScalingSettings", r, scalingKey{m.name, i.spec.Name, reading})
			x.scalingSettings(e, "ProvisionedWriteCapacityAutoScalingSettings", r, scalingKey{m.name, i.spec.Name, writing})
			e.close()
		}
		e.unlist()
	}
	if m.class != "" {
		e.key("ReplicaTableClassSummary")
		e.open()
		e.str("TableClass", m.class)
		e.close()
	}
}

// globalSettingsInput is the request of UpdateGlobalTableSettings: what all
// replicas shall have, and what single ones.
type globalSettingsInput struct {
	name, billing text
	write         integer
	scaling       scalingUpdate
	indexes       []indexSettings // their write capacities
	indexesSet    bool
	replicas      []replicaSettings
	replicasSet   bool
}

type indexSettings struct {
	name    text
	units   integer
	scaling scalingUpdate
}

type replicaSettings struct {
	region, class text
	read          integer
	scaling       scalingUpdate
	indexes       []indexSettings // their read capacities
	indexesSet    bool
}

func (in *globalSettingsInput) member(w wire, name string) error {
	switch name {
	case "GlobalTableName":
		return w.text(&in.name)
	case "GlobalTableBillingMode":
		return w.text(&in.billing)
	case "GlobalTableProvisionedWriteCapacityUnits":
		return w.long(&in.write)
	case "GlobalTableProvisionedWriteCapacityAutoScalingSettingsUpdate":
		return w.scalingUpdate(&in.scaling)
	case "GlobalTableGlobalSecondaryIndexSettingsUpdate":
		in.indexesSet = true
		return w.indexSettings(&in.indexes, "GlobalTableGlobalSecondaryIndexSettingsUpdate", "ProvisionedWriteCapacityUnits")
	case "ReplicaSettingsUpdate":
		in.replicasSet, in.replicas = true, nil
		return w.array(func(w wire) error {
			var r replicaSettings
			err := w.structure("ReplicaSettingsUpdate", r.member)
			in.replicas = append(in.replicas, r)
			return err
		})
	}
	return w.unknown()
}

func (r *replicaSettings) member(w wire, name string) error {
	switch name {
	case "RegionName":
		return w.text(&r.region)
	case "ReplicaProvisionedReadCapacityUnits":
		return w.long(&r.read)
	case "ReplicaTableClass":
		return w.text(&r.class)
	case "ReplicaGlobalSecondaryIndexSettingsUpdate":
		r.indexesSet = true
		return w.indexSettings(&r.indexes, "ReplicaGlobalSecondaryIndexSettingsUpdate", "ProvisionedReadCapacityUnits")
	case "ReplicaProvisionedReadCapacityAutoScalingSettingsUpdate":
		return w.scalingUpdate(&r.scaling)
	}
	return w.unknown()
}

// indexSettings reads a list of indexes with a capacity each, or what is to scale
// it.
func (w wire) indexSettings(list *[]indexSettings, structure, units string) error {
	*list = nil
	return w.array(func(w wire) error {
		var x indexSettings
		err := w.structure(structure, func(w wire, name string) error {
			switch name {
			case "IndexName":
				return w.text(&x.name)
			case units:
				return w.long(&x.units)
			case units[:len(units)-len("Units")] + "AutoScalingSettingsUpdate":
				return w.scalingUpdate(&x.scaling)
			}
			return w.unknown()
		})
		*list = append(*list, x)
		return err
	})
}

func (in *globalSettingsInput) validate() error {
	var c constraints
	c.globalName(in.name)
	c.enum("globalTableBillingMode", in.billing, enumBillingMode)
	c.between("globalTableProvisionedWriteCapacityUnits", in.write, 1, 1<<62)
	c.scalingUpdate("globalTableProvisionedWriteCapacityAutoScalingSettingsUpdate", &in.scaling)
	c.settings("globalTableGlobalSecondaryIndexSettingsUpdate", "provisionedWriteCapacityUnits", in.indexes, in.indexesSet)
	if n := len(in.replicas); in.replicasSet {
		c.count("replicaSettingsUpdate", "["+strconv.Itoa(n)+" items]", n, 1, 50)
	}
	for i := range in.replicas {
		r, path := &in.replicas[i], "replicaSettingsUpdate."+strconv.Itoa(i+1)+".member."
		c.required(path+"regionName", r.region.set)
		c.between(path+"replicaProvisionedReadCapacityUnits", r.read, 1, 1<<62)
		c.scalingUpdate(path+"replicaProvisionedReadCapacityAutoScalingSettingsUpdate", &r.scaling)
		c.settings(path+"replicaGlobalSecondaryIndexSettingsUpdate", "provisionedReadCapacityUnits", r.indexes, r.indexesSet)
		c.enum(path+"replicaTableClass", r.class, enumTableClass)
	}
	return c.err()
}

func (c *constraints) settings(path, units string, list []indexSettings, set bool) {
	if set {
		c.count(path, "["+strconv.Itoa(len(list))+" items]", len(list), 1, 20)
	}
	for i := range list {
		x, at := &list[i], path+"."+strconv.Itoa(i+1)+".member."
		c.indexName(at, x.name)
		c.between(at+units, x.units, 1, 1<<62)
		c.scalingUpdate(at+strings.TrimSuffix(units, "Units")+"AutoScalingSettingsUpdate", &x.scaling)
	}
}

func (x *exchange) updateGlobalSettings() error {
	in := &globalSettingsInput{}
	if err := x.fields(in.member); err != nil {
		return err
	}
	if err := in.validate(); err != nil {
		return err
	}
	g, err := x.s.legacy(in.name.v)
	if err != nil {
		return err
	}
	for _, r := range in.replicas {
		if g.meta.member(r.region.v) == nil {
			return fail("ReplicaNotFoundException", "Replica not found: "+r.region.v)
		}
	}
	var list []plannedUpdate
	var scaling scalingPlan
	for _, m := range g.meta.members {
		t := x.s.replicaIn(g, m.region)
		if t == nil {
			continue
		}
		u, err := in.of(t)
		if err != nil {
			return err
		}
		if in.scale(&scaling, x.s.regions[m.region], t); scaling.err != nil {
			return scaling.err
		}
		if !u.others() {
			continue
		}
		p, err := x.s.planUpdate(x.s.regions[m.region], t, u)
		if err != nil {
			return err
		}
		list = append(list, p)
	}
	for _, p := range list {
		x.s.begin(p.region, p.table, p.meta)
	}
	scaling.make(x.s)
	x.out = x.encodeGlobalSettings(g)
	return nil
}

// own is what the request says of one replica alone.
func (in *globalSettingsInput) own(t *table) replicaSettings {
	if i := slices.IndexFunc(in.replicas, func(r replicaSettings) bool { return r.region.v == t.replica.region }); i >= 0 {
		return in.replicas[i]
	}
	return replicaSettings{}
}

// scale adds what the request asks for the auto scaling of one replica.
func (in *globalSettingsInput) scale(p *scalingPlan, r *region, t *table) {
	own := in.own(t)
	p.add(r, t, "", writing, &in.scaling)
	p.add(r, t, "", reading, &own.scaling)
	for i := range in.indexes {
		p.add(r, t, in.indexes[i].name.v, writing, &in.indexes[i].scaling)
	}
	for i := range own.indexes {
		p.add(r, t, own.indexes[i].name.v, reading, &own.indexes[i].scaling)
	}
}

// of is what the request asks of one replica, as an UpdateTable would.
func (in *globalSettingsInput) of(t *table) (*updateTableInput, error) {
	m, u, own := t.meta, &updateTableInput{}, in.own(t)
	onDemand := m.onDemand
	if in.billing.set && (in.billing.v == "PAY_PER_REQUEST") != m.onDemand {
		u.billing, onDemand = in.billing, !onDemand
	}
	want := m.throughput.with(own.read, in.write)
	if want != m.throughput && !onDemand {
		u.throughput = want.input()
	}
	if own.class.v != m.class {
		u.class = own.class
	}
	for _, list := range [][]indexSettings{in.indexes, own.indexes} {
		for _, x := range list {
			if i := m.index(x.name.v); i == nil || i.spec.Local {
				return nil, fail("IndexNotFoundException", "Index not found: "+x.name.v)
			}
		}
	}
	m.eachGlobal(func(x *indexMeta) {
		want := x.throughput.with(unitsOf(own.indexes, x.spec.Name), unitsOf(in.indexes, x.spec.Name))
		if want != x.throughput && !onDemand {
			iu := indexUpdate{update: true}
			iu.name, iu.throughput = text{true, x.spec.Name}, want.input()
			u.indexes = append(u.indexes, iu)
		}
	})
	return u, nil
}

func unitsOf(list []indexSettings, name string) integer {
	for _, x := range list {
		if x.name.v == name {
			return x.units
		}
	}
	return integer{}
}

// with is a throughput in which what is given takes the place of what was.
func (p throughput) with(read, write integer) throughput {
	if read.set {
		p.read = read.v
	}
	if write.set {
		p.write = write.v
	}
	return p
}

func (p throughput) input() throughputInput {
	return throughputInput{true, integer{true, p.read}, integer{true, p.write}}
}
