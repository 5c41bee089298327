package engine

import (
	"strconv"
	"time"

	"github.com/sortkey/sortkey/engine/attr"
)

// Global tables of Version 2017.11.29 are made of tables that exist, are empty,
// have the same keys and a stream of both images. They replicate as those of
// 2019.11.21 do, but their items show when and where they were last written: a
// write that leaves an item is followed by a second one, paid for like the first,
// that sets the attributes aws:rep:deleting, aws:rep:updatetime and
// aws:rep:updateregion. It is what the other regions get. Here it follows at once,
// and a delete, which leaves nothing to set them on, has none; what the service
// does is not documented that far. Indexes, time to live and settings do not
// follow.

var globalOperations = []operation{
	{"CreateGlobalTable", true, (*exchange).createGlobal},
	{"UpdateGlobalTable", true, (*exchange).updateGlobal},
	{"DescribeGlobalTable", false, (*exchange).describeGlobal},
	{"ListGlobalTables", false, (*exchange).listGlobals},
	{"DescribeGlobalTableSettings", false, (*exchange).describeGlobalSettings},
	{"UpdateGlobalTableSettings", true, (*exchange).updateGlobalSettings},
	{"DescribeTableReplicaAutoScaling", false, (*exchange).describeReplicaScaling},
	{"UpdateTableReplicaAutoScaling", true, (*exchange).updateReplicaScaling},
}

// mark is the second write that a write of a legacy global table is followed by,
// planned over it; nil where it is followed by none.
func (s *state) mark(w *write) *write {
	t := w.table
	g := s.globalOf(t)
	if g == nil || g.meta.version != globalLegacy || w.marks || w.arrived != nil || w.change.After == nil {
		return nil
	}
	at := w.replaces.after(s.now, t.replica.region).at / int64(time.Microsecond)
	fraction := strconv.FormatInt(1_000_000+at%1_000_000, 10)[1:]
	second, _ := attr.ParseNumber(strconv.FormatInt(at/1_000_000, 10) + "." + fraction)
	m := w.change.After.Map()
	for _, a := range []attr.Member{
		{Name: "aws:rep:deleting", Value: attr.Bool(false)},
		{Name: "aws:rep:updateregion", Value: attr.Text(t.replica.region)},
		{Name: "aws:rep:updatetime", Value: attr.Num(second)},
	} {
		if !t.meta.keys.Has(a.Name) {
			m = m.With(a.Name, a.Value)
		}
	}
	mark := t.plan(w.change.Key, w.change.After, attr.NewItem(m), nil).of(m)
	mark.marks, mark.replaces = true, w.replaces
	if s.measures(t) {
		s.chargeArrival(mark)
	}
	return mark
}

// globalInput is the request of CreateGlobalTable and UpdateGlobalTable.
type globalInput struct {
	name    text
	set     bool
	regions []text // of a ReplicationGroup
	updates []regionUpdate
}

// regionUpdate is one of the ReplicaUpdates of an UpdateGlobalTable, or of the
// GlobalTableWitnessUpdates of an UpdateTable.
type regionUpdate struct {
	create, remove bool
	region         text
}

func (x *exchange) readGlobal(list string) (*globalInput, error) {
	in := &globalInput{}
	return in, x.fields(func(w wire, name string) error {
		switch {
		case name == "GlobalTableName":
			return w.text(&in.name)
		case name != list:
			return w.unknown()
		case name == "ReplicationGroup":
			in.set, in.regions = true, nil
			return w.array(func(w wire) error {
				var region text
				err := w.structure("Replica", regionMember(&region))
				in.regions = append(in.regions, region)
				return err
			})
		}
		in.set = true
		return w.regionUpdates(&in.updates, "ReplicaUpdate", "ReplicaAction")
	})
}

// regionMember reads a structure with a RegionName and nothing else.
func regionMember(region *text) func(w wire, name string) error {
	return func(w wire, name string) error {
		if name != "RegionName" {
			return w.unknown()
		}
		return w.text(region)
	}
}

// regionUpdates reads a list of such updates; action is what their members are
// called after "Create" and "Delete".
func (w wire) regionUpdates(list *[]regionUpdate, structure, action string) error {
	*list = nil
	return w.array(func(w wire) error {
		var u regionUpdate
		err := w.structure(structure, func(w wire, kind string) error {
			switch kind {
			case "Create":
				u.create = true
			case "Delete":
				u.remove = true
			default:
				return w.unknown()
			}
			return w.structure(kind+action, regionMember(&u.region))
		})
		*list = append(*list, u)
		return err
	})
}

func (c *constraints) regionUpdates(member string, list []regionUpdate) {
	for i, u := range list {
		path := member + "." + strconv.Itoa(i+1) + ".member."
		if u.create {
			c.required(path+"create.regionName", u.region.set)
		}
		if u.remove {
			c.required(path+"delete.regionName", u.region.set)
		}
	}
}

func (c *constraints) globalName(name text) {
	c.required("globalTableName", name.set)
	c.name("globalTableName", name)
	c.length("globalTableName", name, 3, 255)
}

func (x *exchange) createGlobal() error {
	in, err := x.readGlobal("ReplicationGroup")
	if err != nil {
		return err
	}
	var c constraints
	c.globalName(in.name)
	c.required("replicationGroup", in.set)
	if err := c.err(); err != nil {
		return err
	}
	if err := x.s.mayFound(in); err != nil {
		return err
	}
	r := x.s.region(in.regions[0].v)
	g := x.s.found(r, r.tables[in.name.v], globalLegacy)
	for _, region := range in.regions[1:] {
		x.s.enter(g, region.v)
	}
	x.describeGlobalAs("CREATING", g)
	return nil
}

// mayFound holds what the tables of a new legacy global table must be.
func (s *state) mayFound(in *globalInput) error {
	seen := map[string]bool{}
	if len(in.regions) == 0 {
		return invalidValue(textLegacyRegions)
	}
	for _, region := range in.regions {
		if seen[region.v] {
			return invalidValue(textLegacyTwice + region.v)
		}
		seen[region.v] = true
		if t := s.region(region.v).tables[in.name.v]; t != nil && t.replica != nil {
			return errGlobalExists(in.name.v)
		}
	}
	first, err := s.joinable(in.name.v, in.regions[0].v, nil)
	for _, region := range in.regions[1:] {
		if err == nil {
			_, err = s.joinable(in.name.v, region.v, first)
		}
	}
	return err
}

// joinable is the table of a region, if it can be a replica beside another.
func (s *state) joinable(name, region string, like *table) (*table, error) {
	r := s.region(region)
	t := r.tables[name]
	switch {
	case !ValidRegion(region) || t == nil:
		return nil, errNoTableIn(name, region)
	case s.isDown(region):
		return nil, errRegionDown(region)
	case t.meta.status != statusActive:
		return nil, errInUse("updated", name)
	case t.meta.streamView != "NEW_AND_OLD_IMAGES":
		return nil, invalidValue(textLegacyStream + region)
	case t.data.Rows().Len() > 0:
		return nil, invalidValue(textLegacyEmpty + region)
	case like != nil && schemaText(like.meta.keys) != schemaText(t.meta.keys):
		return nil, invalidValue(textLegacyKeys + region)
	}
	return t, nil
}

// enter makes a table a replica of a legacy global table.
func (s *state) enter(g *global, region string) {
	t := s.region(region).tables[g.meta.name]
	t.replica = &replica{g.meta.id, region, newStamps()}
	g.change(func(m *globalMeta) { m.members = append(m.members, seat{region: region, status: statusActive}) })
	s.relistGlobal()
}

// legacy is the legacy global table of a name.
func (s *state) legacy(name string) (*global, error) {
	for _, g := range s.globalList() {
		if g.meta.name == name && g.meta.version == globalLegacy {
			return g, nil
		}
	}
	return nil, errNoGlobal(name)
}

func (x *exchange) updateGlobal() error {
	in, err := x.readGlobal("ReplicaUpdates")
	if err != nil {
		return err
	}
	var c constraints
	c.globalName(in.name)
	c.required("replicaUpdates", in.set)
	c.regionUpdates("replicaUpdates", in.updates)
	if err := c.err(); err != nil {
		return err
	}
	g, err := x.s.legacy(in.name.v)
	if err != nil {
		return err
	}
	if err := x.s.mayUpdateGlobal(g, in); err != nil {
		return err
	}
	for _, u := range in.updates {
		if u.create {
			x.s.enter(g, u.region.v)
		} else {
			x.s.happened(happening{kind: ReplicaLeaves, region: u.region.v, table: g.meta.name})
			x.s.leave(g, u.region.v)
		}
	}
	x.describeGlobalAs("UPDATING", g)
	return nil
}

// mayUpdateGlobal holds what replicas that come and go must be.
func (s *state) mayUpdateGlobal(g *global, in *globalInput) error {
	seen := map[string]bool{}
	for _, u := range in.updates {
		if seen[u.region.v] {
			return invalidValue(textLegacyTwice + u.region.v)
		}
		seen[u.region.v] = true
		switch member := g.meta.member(u.region.v); {
		case u.create == u.remove:
			return invalidValue(textLegacyAction)
		case u.remove && member == nil:
			return fail("ReplicaNotFoundException", "Replica not found: "+u.region.v)
		case u.create && member != nil:
			return fail("ReplicaAlreadyExistsException", "Replica already exists: "+u.region.v)
		case u.create:
			first := s.replicaIn(g, g.meta.members[0].region)
			if first != nil && first.data.Rows().Len() > 0 {
				return invalidValue(textLegacyEmpty + g.meta.members[0].region)
			}
			if t := s.region(u.region.v).tables[in.name.v]; t != nil && t.replica != nil {
				return errGlobalExists(in.name.v)
			}
			if _, err := s.joinable(in.name.v, u.region.v, first); err != nil {
				return err
			}
		}
	}
	return nil
}

// namedGlobal is the legacy global table that a request without other members
// names.
func (x *exchange) namedGlobal() (*global, error) {
	var name text
	err := x.fields(func(w wire, member string) error {
		if member != "GlobalTableName" {
			return w.unknown()
		}
		return w.text(&name)
	})
	if err != nil {
		return nil, err
	}
	var c constraints
	c.globalName(name)
	if err := c.err(); err != nil {
		return nil, err
	}
	return x.s.legacy(name.v)
}

func (x *exchange) describeGlobal() error {
	g, err := x.namedGlobal()
	if err == nil {
		x.describeGlobalAs("ACTIVE", g)
	}
	return err
}

func (x *exchange) describeGlobalAs(status string, g *global) {
	e := x.enc()
	e.open()
	e.key("GlobalTableDescription")
	e.open()
	e.key("ReplicationGroup")
	e.list()
	for i := range g.meta.members {
		e.describeReplica(&g.meta.members[i])
	}
	e.unlist()
	e.str("GlobalTableArn", "arn:aws:dynamodb::"+x.s.opts.Account+":global-table/"+g.meta.name)
	e.time("CreationDateTime", g.meta.created)
	e.str("GlobalTableStatus", status)
	e.str("GlobalTableName", g.meta.name)
	e.close()
	e.close()
	x.out = e.b
}

func (x *exchange) listGlobals() error {
	var start, region text
	limit := integer{v: 100}
	err := x.fields(func(w wire, member string) error {
		switch member {
		case "ExclusiveStartGlobalTableName":
			return w.text(&start)
		case "RegionName":
			return w.text(&region)
		case "Limit":
			return w.integer(&limit)
		}
		return w.unknown()
	})
	if err != nil {
		return err
	}
	var c constraints
	c.name("exclusiveStartGlobalTableName", start)
	c.length("exclusiveStartGlobalTableName", start, 3, 255)
	c.between("limit", limit, 1, 1<<31-1)
	if err := c.err(); err != nil {
		return err
	}
	var list []*global
	for _, g := range x.s.globalList() {
		if g.meta.version == globalLegacy && g.meta.name > start.v && (!region.set || g.meta.member(region.v) != nil) {
			list = append(list, g)
		}
	}
	x.out = x.encodeGlobals(list, int(limit.v))
	return nil
}

func (x *exchange) encodeGlobals(list []*global, limit int) []byte {
	e := x.enc()
	e.open()
	e.key("GlobalTables")
	e.list()
	for _, g := range list[:min(limit, len(list))] {
		e.open()
		e.str("GlobalTableName", g.meta.name)
		e.key("ReplicationGroup")
		e.list()
		for _, m := range g.meta.members {
			e.open()
			e.str("RegionName", m.region)
			e.close()
		}
		e.unlist()
		e.close()
	}
	e.unlist()
	if len(list) > limit {
		e.str("LastEvaluatedGlobalTableName", list[limit-1].meta.name)
	}
	e.close()
	return e.b
}
