package engine

import "strconv"

// The wire texts of global tables. Those on the local region, on write capacity,
// on the source region, on streams, on keys and on legacy tables that are not
// there have been seen on the wire; the one on tables that exist is remembered;
// the rest is ours where RULES says so.
const (
	textReplicaLocal    = "Cannot add, delete, or update the local region through ReplicaUpdates. Use CreateTable, DeleteTable, or UpdateTable as required."
	textReplicaCapacity = "Table write capacity should either be Pay-Per-Request or AutoScaled."
	textReplicaSource   = "Replica cannot be deleted because it has acted as a source region for new replica(s) being added to the table in the last 24 hours."
	textReplicaStream   = "Disabling Stream is not allowed for a Global Table replica."
	textReplicaKey      = "KMSMasterKeyId must be specified for each replica."

	textReplicaAction   = "ReplicationGroupUpdate must have exactly one action"
	textReplicaSingle   = "Only one replica can be created, updated, deleted or disassociated at a time"
	textReplicaAlone    = "ReplicaUpdates cannot be combined with other updates of the table"
	textReplicaView     = "Table must have a stream with the view type NEW_AND_OLD_IMAGES, or none, to become a global table"
	textReplicaOnDemand = "ProvisionedThroughputOverride cannot be specified when BillingMode is PAY_PER_REQUEST"
	textReplicaOwn      = "A replica is disassociated by a request to its own region"
	textReplicaVersion  = "Replicas of global tables of Version 2017.11.29 are managed with UpdateGlobalTable"

	textUnitsWanted = "MinimumUnits and MaximumUnits must be specified where auto scaling is not enabled yet"
	textUnitsOrder  = "MaximumUnits cannot be less than MinimumUnits"
	textUnitsTarget = "TargetValue must be between 20.0 and 90.0"

	textStrongCreate  = "MultiRegionConsistency can only be specified when replicas are created"
	textStrongEmpty   = "MultiRegionConsistency STRONG can only be specified for an empty table"
	textStrongCount   = "A global table with MultiRegionConsistency STRONG has exactly three replicas, or two replicas and a witness"
	textStrongRegions = "The regions of a global table with MultiRegionConsistency STRONG must be of one set of regions"
	textStrongChange  = "Replicas of a global table with MultiRegionConsistency STRONG can only be deleted all at once, together with its witness"
	textStrongLocal   = "Local secondary indexes are not supported with MultiRegionConsistency STRONG"
	textStrongTTL     = "Time to live is not supported with MultiRegionConsistency STRONG"
	textStrongTx      = "Transactions are not supported on global tables with MultiRegionConsistency STRONG"
	textWitnessAlone  = "GlobalTableWitnessUpdates can only be specified with replicas that are created with MultiRegionConsistency STRONG"

	textReplicatedConflict = "The request was rejected because one or more items in the request are being modified by a request in another Region."
)

// errRegionDown answers calls to a region that the host has killed. The error
// is ours, of the shape of the service's own.
func errRegionDown(region string) *Error {
	return &Error{Code: "ServiceUnavailable", Message: "The region " + region + " is down.", Status: 503}
}

// errNoQuorum answers what needs two of three regions that hear each other. No
// document says what the service answers. Of the errors that its model has for
// reads and writes InternalServerError is the only one that is neither about the
// request, the table nor a limit, and clients send such a request again; so that,
// with words of ours.
func errNoQuorum(region string) *Error {
	return &Error{
		Code: "InternalServerError", Status: 500,
		Message: "The region " + region + " reaches no other replica or witness of the table: two of three are needed.",
	}
}

func errReplicaExists(table string) *Error {
	return invalid("Failed to create a the new replica of table with name: '" + table + "' because one or more replicas already existed as tables.")
}

func errNoReplica(table, region string) *Error {
	return invalid("Table " + table + " has no replica in region " + region)
}

func errReplicaRegion(region string) *Error {
	return invalidValue("Invalid region: " + strconv.Quote(region))
}

func errReplicaBusy(table, region string) *Error {
	return fail("ResourceInUseException", "Attempt to change a resource which is still in use: Replica is being changed: "+table+" in region "+region)
}

func errReplicaIndex(index string) *Error {
	return invalidValue("The table does not have the specified index: " + index)
}

// The words about legacy global tables; only those on a table that is not there
// have been seen.
const (
	textLegacyRegions = "ReplicationGroup must have at least one region"
	textLegacyTwice   = "A region can be given only once: "
	textLegacyAction  = "ReplicaUpdate must have exactly one action"
	textLegacyStream  = "Table must have a stream with the view type NEW_AND_OLD_IMAGES in region: "
	textLegacyEmpty   = "Table must be empty in region: "
	textLegacyKeys    = "Table must have the key schema of the other replicas in region: "
)

func errNoTableIn(table, region string) *Error {
	return fail("TableNotFoundException", "Table not found: Table: '"+table+"' not found in region: '"+region+"'.")
}

func errGlobalExists(name string) *Error {
	return fail("GlobalTableAlreadyExistsException", "Global table already exists: "+name)
}

func errNoGlobal(name string) *Error {
	return fail("GlobalTableNotFoundException", "Global table not found: Global table with name: '"+name+"' does not exist.")
}
