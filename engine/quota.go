package engine

// The quotas on tables (semantics §1), each of a region.
const (
	tableQuota     = 2500
	operationQuota = 500 // tables CREATING, UPDATING and DELETING; half of that where CREATING have indexes
)

// orElse is a setting's value, or what the service has where it is not set.
func orElse(set, plain int64) int64 {
	if set != 0 {
		return set
	}
	return plain
}

// mayCreate holds the quotas that CreateTable meets.
func (s *state) mayCreate(r *region, indexed bool) error {
	if quota := orElse(s.opts.TableQuota, tableQuota); int64(len(r.tables)) >= quota {
		return errTableQuota(quota)
	}
	if err := s.mayChange(r); err != nil || !indexed {
		return err
	}
	quota := max(orElse(s.opts.OperationQuota, operationQuota)/2, 1)
	if r.count(func(m *tableMeta) bool { return m.status == statusCreating && len(m.indexes) > 0 }) >= quota {
		return errLimit(textIndexedTables)
	}
	return nil
}

// mayChange holds the quota on tables that are being changed at once.
func (s *state) mayChange(r *region) error {
	quota := orElse(s.opts.OperationQuota, operationQuota)
	if r.count(func(m *tableMeta) bool { return m.status != statusActive }) >= quota {
		return errBusyTables(quota)
	}
	return nil
}

func (r *region) count(which func(*tableMeta) bool) (n int64) {
	for _, t := range r.tables {
		if which(t.meta) {
			n++
		}
	}
	return n
}

// provisioned is what a table will have together with its global indexes, as
// the quotas count it: nothing on demand.
func (m *tableMeta) provisioned() throughput {
	sum := m.next.throughput
	m.eachGlobal(func(x *indexMeta) { sum = sum.plus(x.next.throughput) })
	return sum
}

func (in *createTableInput) provisioned() throughput {
	sum := in.throughput.value()
	for i := range in.gsis {
		sum = sum.plus(in.gsis[i].throughput.value())
	}
	return sum
}

func (p throughput) plus(q throughput) throughput {
	return throughput{p.read + q.read, p.write + q.write}
}

// mayProvision holds the quotas on throughput: of a table with its global
// indexes, and of all the tables of the region. The table had was's and shall
// have as much as is; nil stands for a new one. What does not grow is not
// refused: a table may come from a snapshot with more.
func (r *region) mayProvision(was *tableMeta, is throughput) error {
	var had, others throughput
	if was != nil {
		had = was.provisioned()
	}
	for _, t := range r.tables {
		if was == nil || t.meta.name != was.name {
			others = others.plus(t.meta.provisioned())
		}
	}
	all := others.plus(is)
	switch {
	case is.read > had.read && is.read > tableUnits:
		return errThroughputQuota("ReadCapacityUnits", is.read, tableUnits, "table")
	case is.write > had.write && is.write > tableUnits:
		return errThroughputQuota("WriteCapacityUnits", is.write, tableUnits, "table")
	case is.read > had.read && all.read > accountUnits:
		return errThroughputQuota("ReadCapacityUnits", all.read, accountUnits, "account")
	case is.write > had.write && all.write > accountUnits:
		return errThroughputQuota("WriteCapacityUnits", all.write, accountUnits, "account")
	}
	return nil
}
