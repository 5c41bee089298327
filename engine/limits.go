package engine

var limitOperations = []operation{
	{"DescribeLimits", false, (*exchange).describeLimits},
	{"DescribeEndpoints", false, (*exchange).describeEndpoints},
	{"DescribeContinuousBackups", false, (*exchange).describeContinuousBackups},
}

// Throughput quotas of an account and of a table, in units a second.
const (
	accountUnits = 80_000
	tableUnits   = 40_000
)

// empty reads a request without members.
func (x *exchange) empty() error {
	return x.fields(func(w wire, _ string) error { return w.unknown() })
}

func (x *exchange) describeLimits() error {
	if err := x.empty(); err != nil {
		return err
	}
	e := x.enc()
	e.open()
	e.int("AccountMaxReadCapacityUnits", accountUnits)
	e.int("AccountMaxWriteCapacityUnits", accountUnits)
	e.int("TableMaxReadCapacityUnits", tableUnits)
	e.int("TableMaxWriteCapacityUnits", tableUnits)
	e.close()
	x.out = e.b
	return nil
}

// describeEndpoints answers with the service's own name in the region: a client
// in the same process reaches the engine by any name. Package endpoint puts the
// host that was asked in its place, so that a client of a port stays with it.
func (x *exchange) describeEndpoints() error {
	if err := x.empty(); err != nil {
		return err
	}
	x.out = AppendEndpoints(nil, "dynamodb."+x.region.name+".amazonaws.com")
	return nil
}

// AppendEndpoints appends the reply of DescribeEndpoints with that address.
func AppendEndpoints(dst []byte, address string) []byte {
	e := enc{b: dst}
	e.open()
	e.key("Endpoints")
	e.list()
	e.open()
	e.str("Address", valid(address))
	e.int("CachePeriodInMinutes", 1440)
	e.close()
	e.unlist()
	e.close()
	return e.b
}

// describeContinuousBackups tells the truth of an engine that keeps none: they
// are there by name, as in every table, and point-in-time recovery is off.
func (x *exchange) describeContinuousBackups() error {
	name, err := x.readTableName()
	if err != nil {
		return err
	}
	if x.region.tables[name] == nil {
		return errNoTableToBackUp(name)
	}
	if _, err := x.tableOf(name); err != nil {
		return err
	}
	e := x.enc()
	e.open()
	e.key("ContinuousBackupsDescription")
	e.open()
	e.str("ContinuousBackupsStatus", "ENABLED")
	e.key("PointInTimeRecoveryDescription")
	e.open()
	e.str("PointInTimeRecoveryStatus", "DISABLED")
	e.close()
	e.close()
	e.close()
	x.out = e.b
	return nil
}
