package engine

// describeReplicas writes what a table's description tells of the global table
// that it is a replica of: the other replicas.
func (e *enc) describeReplicas(t *table, g *global) {
	if g == nil || g.meta.version != globalCurrent || len(g.meta.members) < 2 {
		return
	}
	e.str("GlobalTableVersion", g.meta.version)
	e.key("Replicas")
	e.list()
	for i := range g.meta.members {
		if m := &g.meta.members[i]; m.region != t.replica.region {
			e.describeReplica(m)
		}
	}
	e.unlist()
	if !g.meta.strong {
		return
	}
	if g.meta.witness != "" {
		e.key("GlobalTableWitnesses")
		e.list()
		e.open()
		e.str("RegionName", g.meta.witness)
		e.str("WitnessStatus", g.meta.status)
		e.close()
		e.unlist()
	}
	e.str("MultiRegionConsistency", "STRONG")
}

func (e *enc) describeReplica(m *seat) {
	e.open()
	e.str("RegionName", m.region)
	e.str("ReplicaStatus", m.status)
	e.overrides(m.terms.read, m.terms.most)
	if len(m.terms.indexes) > 0 {
		e.key("GlobalSecondaryIndexes")
		e.list()
		for _, x := range m.terms.indexes {
			e.open()
			e.str("IndexName", x.name)
			e.overrides(x.read, x.most)
			e.close()
		}
		e.unlist()
	}
	if m.terms.class != "" {
		e.key("ReplicaTableClassSummary")
		e.open()
		e.str("TableClass", m.terms.class)
		e.close()
	}
	e.close()
}

func (e *enc) overrides(read, most int64) {
	if read > 0 {
		e.key("ProvisionedThroughputOverride")
		e.open()
		e.int("ReadCapacityUnits", read)
		e.close()
	}
	if most > 0 {
		e.key("OnDemandThroughputOverride")
		e.open()
		e.int("MaxReadRequestUnits", most)
		e.close()
	}
}
