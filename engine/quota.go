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
