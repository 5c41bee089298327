package engine

import (
	"strconv"
	"strings"
	"time"

	"github.com/sortkey/sortkey/engine/store"
)

// The wire texts of what changes tables and indexes. Where the reference has
// none, or only a part, RULES says so.
const (
	textNothingToUpdate  = "At least one of ProvisionedThroughput, BillingMode, UpdateStreamEnabled, GlobalSecondaryIndexUpdates or SSESpecification or ReplicaUpdates is required"
	textIndexUpdateNone  = "One of GlobalSecondaryIndexUpdate.Update, GlobalSecondaryIndexUpdate.Create, GlobalSecondaryIndexUpdate.Delete must not be null"
	textIndexUpdateMany  = "Only one of GlobalSecondaryIndexUpdate.Update, GlobalSecondaryIndexUpdate.Create, GlobalSecondaryIndexUpdate.Delete may be specified"
	textOneOnlineIndex   = "Only 1 online index can be created or deleted simultaneously per table"
	textIndexUpdateEmpty = "ProvisionedThroughput, OnDemandThroughput or WarmThroughput must be specified for index: "
	textSSEType          = "SSEType AES256 is not supported"
	textSSEKey           = "KMSMasterKeyId cannot be specified when server-side encryption with KMS is not enabled"
	textSSESame          = "Table is already encrypted by given KMSMasterKeyId"
	textSSENoKey         = "KMSMasterKeyId must not be empty"
	textIndexedTables    = "You have exceeded the maximum number of indexed tables that can be created simultaneously"
	textCollectionSize   = "Collection size exceeded."
)

// errLimit is a quota of the account.
func errLimit(text string) *Error {
	return fail("LimitExceededException", "Subscriber limit exceeded: "+text)
}

func errTableQuota(quota int64) *Error {
	return errLimit("There is a limit of " + strconv.FormatInt(quota, 10) + " tables per subscriber")
}

func errBusyTables(quota int64) *Error {
	return errLimit("Only " + strconv.FormatInt(quota, 10) + " tables can be created, updated, or deleted simultaneously")
}

// errThroughputQuota refuses to provision more than a table or the account may
// have. The words are ours: unverified.
func errThroughputQuota(member string, units, quota int64, of string) *Error {
	return errLimit(member + " of " + strconv.FormatInt(units, 10) + " would exceed the limit of " + strconv.FormatInt(quota, 10) +
		" per " + of + ", global secondary indexes included")
}

// errSameThroughput refuses a throughput that is the present one, of the table
// or of the index of that name.
func errSameThroughput(index string, is throughput) *Error {
	of := "table"
	if index != "" {
		of = "index " + index
	}
	read, write := strconv.FormatInt(is.read, 10), strconv.FormatInt(is.write, 10)
	return invalid("The provisioned throughput for the " + of + " will not change. The requested value equals the current value. " +
		"Current ReadCapacityUnits provisioned for the table: " + read + ". Requested ReadCapacityUnits: " + read + ". " +
		"Current WriteCapacityUnits provisioned for the table: " + write + ". Requested WriteCapacityUnits: " + write + ". " +
		"Refer to the Amazon DynamoDB Developer Guide for current limits and how to request higher limits.")
}

// longTime is how the service writes a time inside a text.
const longTime = "Monday, January 2, 2006 at 3:04:05 PM"

func longUTC(nanos int64) string {
	return time.Unix(0, nanos).UTC().Format(longTime) + " Coordinated Universal Time"
}

func errDecreases(count int, last int64) *Error {
	return errLimit("Provisioned throughput decreases are limited within a given UTC day. " +
		"After the first 4 decreases, each subsequent decrease in the same UTC day can be performed at most once every 3600 seconds. " +
		"Number of decreases today: " + strconv.Itoa(count) + ". Last decrease at " + longUTC(last) +
		". Next decrease can be made at " + longUTC(last+int64(time.Hour)))
}

// errTooOften refuses what may be done only so often within a time.
func errTooOften(what string, times int, window string, next int64) *Error {
	return errLimit(what + " is limited to " + strconv.Itoa(times) + " times in " + window + ". Next update can be made at " + longUTC(next))
}

func errIndexTwice(index string) *Error {
	return invalidValue("Only one global secondary index update per index is allowed simultaneously. Index: " + index)
}

func errIndexExists(index string) *Error {
	return invalidValue("Attempting to create an index which already exists: " + index)
}

func errIndexInUse(doing, table, index string) *Error {
	return fail("ResourceInUseException", "Attempt to change a resource which is still in use: Index is being "+doing+".  Table: "+table+" Index: "+index)
}

func errBackfilling(index string) *Error {
	return invalid("Cannot read from backfilling global secondary index: " + index)
}

func errRedefined(existing, requested string) *Error {
	return invalidValue("Attributes cannot be redefined. Please check that your attribute has the same type as previously defined. " +
		"Existing schema: " + existing + " New schema: " + requested)
}

// schemaText is a key schema as the text about redefined attributes has it.
func schemaText(k store.Key) string {
	var list []string
	for i, a := range k.Attrs() {
		role := "RANGE"
		if i < len(k.Hash) {
			role = "HASH"
		}
		list = append(list, "SchemaElement: key{"+a.Name+":"+a.Kind.String()+":"+role+"}")
	}
	return "Schema:[" + strings.Join(list, ", ") + "]"
}

// errMostProvisioned refuses a bound for tables on demand; CreateTable and
// UpdateTable have each their own words.
func errMostProvisioned(member string, update bool) *Error {
	if update {
		return invalidValue(member + " for OnDemandThroughput cannot be specified when the table BillingMode is PROVISIONED")
	}
	return invalidValue(member + " for OnDemandThroughput cannot be specified when table BillingMode is PROVISIONED.")
}

func errMostRange(member, of string) *Error {
	return invalidValue("Requested " + member + " for OnDemandThroughput for " + of + " is outside of valid range")
}

func errWarmLower(member, of string) *Error {
	return invalidValue("Requested " + member + " for WarmThroughput for " + of + " is lower than current WarmThroughput, decreasing WarmThroughput is not supported")
}

func errCollectionSize() *Error {
	return fail("ItemCollectionSizeLimitExceededException", textCollectionSize)
}
