package engine

import (
	"strconv"
	"strings"
)

// updateTableInput is the request of UpdateTable as read.
type updateTableInput struct {
	table      text
	defs       definitionInputs
	billing    text
	throughput throughputInput
	most, warm throughputInput // OnDemandThroughput, WarmThroughput
	protected  flag
	class      text
	sse        sseInput
	stream     streamInput
	indexes    []indexUpdate
	replicas   []replicaUpdate
	// replicasSet tells an empty list from none.
	replicasSet bool
	// Of a strongly consistent global table:
	consistency text
	witnesses   []regionUpdate
	witnessed   bool
	foreign     string // a member that this version cannot honour
}

// indexUpdate is one of the GlobalSecondaryIndexUpdates.
type indexUpdate struct {
	update, create, remove bool // which of the three members there are
	indexInput                  // of an Update and Delete the name and throughputs only
}

func (x *exchange) readUpdateTable() (*updateTableInput, error) {
	in := &updateTableInput{}
	return in, x.fields(in.member)
}

func (in *updateTableInput) member(w wire, name string) error {
	switch name {
	case "TableName":
		return w.text(&in.table)
	case "AttributeDefinitions":
		return in.defs.read(w)
	case "BillingMode":
		return w.text(&in.billing)
	case "ProvisionedThroughput":
		return w.throughput(&in.throughput)
	case "OnDemandThroughput":
		return w.most(&in.most)
	case "WarmThroughput":
		return w.warm(&in.warm)
	case "DeletionProtectionEnabled":
		return w.flag(&in.protected)
	case "TableClass":
		return w.text(&in.class)
	case "SSESpecification":
		return in.sse.read(w)
	case "StreamSpecification":
		return in.stream.read(w)
	case "GlobalSecondaryIndexUpdates":
		return w.indexUpdates(&in.indexes)
	case "ReplicaUpdates":
		in.replicasSet = true
		return w.replicaUpdates(&in.replicas)
	case "MultiRegionConsistency":
		return w.text(&in.consistency)
	case "GlobalTableWitnessUpdates":
		in.witnessed = true
		return w.regionUpdates(&in.witnesses, "GlobalTableWitnessGroupUpdate", "GlobalTableWitnessGroupMemberAction")
	case "GlobalTableSettingsReplicationMode", "VectorIndexUpdates":
		in.foreign = name
		return w.Skip()
	}
	return w.unknown()
}

func (w wire) indexUpdates(list *[]indexUpdate) error {
	*list = nil
	return w.array(func(w wire) error {
		var u indexUpdate
		err := w.structure("GlobalSecondaryIndexUpdate", u.member)
		*list = append(*list, u)
		return err
	})
}

func (u *indexUpdate) member(w wire, name string) error {
	switch name {
	case "Create":
		u.create = true
		return w.structure("CreateGlobalSecondaryIndexAction", u.indexInput.member)
	case "Update":
		u.update = true
		return w.structure("UpdateGlobalSecondaryIndexAction", func(w wire, name string) error {
			if name == "KeySchema" || name == "Projection" {
				return w.unknown()
			}
			return u.indexInput.member(w, name)
		})
	case "Delete":
		u.remove = true
		return w.structure("DeleteGlobalSecondaryIndexAction", func(w wire, name string) error {
			if name != "IndexName" {
				return w.unknown()
			}
			return w.text(&u.name)
		})
	}
	return w.unknown()
}

// validate makes the checks that need no table, in the service's order.
func (in *updateTableInput) validate() error {
	if !in.table.set {
		return errNameRequired()
	}
	for _, check := range []func() error{
		in.constraints, in.checkForeign, in.stream.check, in.checkNothing, in.checkBilling, in.defs.checkTwice, in.checkIndexes,
	} {
		if err := check(); err != nil {
			return err
		}
	}
	return nil
}

func (in *updateTableInput) constraints() error {
	var c constraints
	if !strings.HasPrefix(in.table.v, "arn:") {
		c.name("tableName", in.table)
		c.length("tableName", in.table, 3, 255)
	}
	in.defs.constraints(&c)
	c.enum("billingMode", in.billing, enumBillingMode)
	c.throughput("provisionedThroughput", in.throughput)
	c.enum("tableClass", in.class, enumTableClass)
	c.enum("sSESpecification.sSEType", in.sse.kind, enumSSEType)
	if in.stream.set {
		c.required("streamSpecification.streamEnabled", in.stream.enabled.set)
		c.enum("streamSpecification.streamViewType", in.stream.view, enumStreamViewType)
	}
	for i := range in.indexes {
		in.indexes[i].constraints(&c, i)
	}
	c.enum("multiRegionConsistency", in.consistency, enumConsistency)
	if in.replicasSet && len(in.replicas) == 0 {
		c.add("'[]'", "replicaUpdates", "Member must have length greater than or equal to 1")
	}
	for i := range in.replicas {
		in.replicas[i].constraints(&c, i)
	}
	in.witnessConstraints(&c)
	return c.err()
}

func (u *indexUpdate) constraints(c *constraints, i int) {
	path := "globalSecondaryIndexUpdates." + strconv.Itoa(i+1) + ".member."
	switch {
	case u.create:
		c.indexAt(path+"create.", &u.indexInput, 8)
	case u.update:
		c.indexName(path+"update.", u.name)
		c.throughput(path+"update.provisionedThroughput", u.throughput)
	case u.remove:
		c.indexName(path+"delete.", u.name)
	}
}

func (in *updateTableInput) checkForeign() error {
	if in.foreign != "" {
		return errNotBuilt("UpdateTable with " + in.foreign)
	}
	return nil
}

// checkNothing wants something to do; definitions alone are nothing.
func (in *updateTableInput) checkNothing() error {
	if in.others() || len(in.replicas) > 0 || len(in.witnesses) > 0 {
		return nil
	}
	return invalid(textNothingToUpdate)
}

func (in *updateTableInput) checkBilling() error {
	switch {
	case in.billing.v == "PAY_PER_REQUEST" && in.throughput.set:
		return invalidValue(textThroughputOnDemand)
	case in.billing.v == "PROVISIONED" && !in.throughput.set:
		return invalidValue(textThroughputMissing)
	}
	if err := in.throughput.checkBounds(""); err != nil {
		return err
	}
	if err := in.most.checkMost("table", -1); err != nil {
		return err
	}
	return in.sse.check()
}

// checkIndexes checks the updates among each other: several indexes may be
// updated at once, one can be made or deleted.
func (in *updateTableInput) checkIndexes() error {
	online := 0
	seen := map[string]bool{}
	for i := range in.indexes {
		u := &in.indexes[i]
		if err := u.check(); err != nil {
			return err
		}
		if seen[u.name.v] {
			return errIndexTwice(u.name.v)
		}
		seen[u.name.v] = true
		if !u.update {
			online++
		}
	}
	if online > 1 {
		return errLimit(textOneOnlineIndex)
	}
	return nil
}

func (u *indexUpdate) check() error {
	n := 0
	for _, is := range []bool{u.update, u.create, u.remove} {
		if is {
			n++
		}
	}
	switch {
	case n == 0:
		return invalidValue(textIndexUpdateNone)
	case n > 1:
		return invalidValue(textIndexUpdateMany)
	case u.update && !u.throughput.set && !u.most.set && !u.warm.set:
		return invalidValue(textIndexUpdateEmpty + u.name.v)
	}
	if err := u.throughput.checkBounds(u.name.v); err != nil {
		return err
	}
	low := int64(-1)
	if u.create {
		low = 1
	}
	return u.most.checkMost("index "+u.name.v, low)
}
