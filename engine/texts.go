package engine

import (
	"strconv"
	"strings"

	"github.com/sortkey/sortkey/engine/attr"
	"github.com/sortkey/sortkey/engine/store"
)

// The wire texts. They are DynamoDB's, to the letter, misspellings and double
// spaces included; each is evidenced in the reference that the project was
// built from. Texts with a variable part are functions below.
const (
	textPVI = "One or more parameter values were invalid: "

	textNamesWithoutExpression  = "ExpressionAttributeNames can only be specified when using expressions"
	textValuesWithoutExpression = "ExpressionAttributeValues can only be specified when using expressions: "
	textNamesEmpty              = "ExpressionAttributeNames must not be empty"
	textValuesEmpty             = "ExpressionAttributeValues must not be empty"
	textNamesUnused             = "Value provided in ExpressionAttributeNames unused in expressions: keys: "
	textValuesUnused            = "Value provided in ExpressionAttributeValues unused in expressions: keys: "

	textReturnValues    = "ReturnValues can only be ALL_OLD or NONE"
	textItemSize        = "Item size has exceeded the maximum allowed size"
	textUpdateSize      = "Item size to update has exceeded the maximum allowed size"
	textNesting         = "Nesting Levels have exceeded supported limits: Attributes in the item have nested levels beyond supported limit"
	textConditionFailed = "The conditional request failed"
	textHashKeySize     = "Size of hashkey has exceeded the maximum size limit of2048 bytes"
	textRangeKeySize    = "Aggregated size of all range keys has exceeded the size limit of 1024 bytes"

	textConflict = "Transaction is ongoing for the item"
	// As the API reference words it; not seen on the wire.
	textInProgress = "The transaction with the given request token is already in progress."

	textThroughputOnDemand = "Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST"
	textThroughputMissing  = "ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is PROVISIONED"
	textKeyUndefined       = "Invalid KeySchema: Some index key attribute have no definition"
	textSameKeyName        = "Both the Hash Key and the Range Key element in the KeySchema have the same name"
	textFirstNotHash       = "Invalid KeySchema: The first KeySchemaElement is not a HASH key type"
	textSecondNotRange     = "Invalid KeySchema: The second KeySchemaElement is not a RANGE key type"
	textDefinitionCount    = "Number of attributes in KeySchema does not exactly match number of attributes defined in AttributeDefinitions"
	textNoLSIs             = "List of LocalSecondaryIndexes is empty"
	textNoGSIs             = "List of GlobalSecondaryIndexes is empty"
	textLSIWithoutRange    = "Table KeySchema does not have a range key, which is required when specifying a LocalSecondaryIndex"
	textTooManyLSIs        = "Number of LocalSecondaryIndexes exceeds per-table limit of 5"
	textTooManyGSIs        = "GlobalSecondaryIndex count exceeds the per-table limit of 20"
	textNoProjectionType   = "Unknown ProjectionType: null"
	textIncludeTotal       = "Number of NonKeyAttributes over all indexes exceeds per-table limit of 100" // unverified
	textIncludeNothing     = "ProjectionType is INCLUDE, but NonKeyAttributes is not specified"

	textNoKeyCondition      = "Either the KeyConditions or KeyConditionExpression parameter must be specified in the request."
	textConsistentGSI       = "Consistent reads are not supported on global secondary indexes"
	textProjectedOnTable    = "ALL_PROJECTED_ATTRIBUTES can be used only when Querying using an IndexName"
	textSpecificNothing     = "Must specify the AttributesToGet or ProjectionExpression when choosing to get SPECIFIC_ATTRIBUTES"
	textKeyConditionType    = "Condition parameter type does not match schema type"
	textStartInvalid        = "The provided starting key is invalid"
	textStartSchema         = "The provided starting key is invalid: The provided key element does not match the schema"
	textStartOutside        = "The provided starting key is outside query boundaries based on provided conditions"
	textStartRange          = "The provided starting key does not match the range key predicate"
	textSegmentAlone        = "The TotalSegments parameter is required but was not present in the request when Segment parameter is present"
	textTotalSegmentsAlone  = "The Segment parameter is required but was not present in the request when parameter TotalSegments is present"
	textQueryLimit          = "1 validation error detected: Value at 'Limit' failed to satisfy constraint: Member must have value greater than or equal to 1"
	textOneRowNotRestarted  = "The query can return at most one row and cannot be restarted"
	textStartWithoutSortKey = "The provided exclusive start key is invalid" // how it goes on is unverified
	textTransactionSize     = "Transaction request size cannot exceed 4 MB" // but for "size cannot exceed" unverified
	textFilterOnPrimaryKey  = "Filter Expression can only contain non-primary key attributes: Primary key attribute: "
	textTTLEnabled          = "TimeToLive is already enabled"
	textTTLDisabled         = "TimeToLive is already disabled"
	textTTLOften            = "Time to live has been modified multiple times within a fixed interval"

	textNoTag          = "Atleast one Tag needs to be provided as Input."
	textNoTagKey       = "Atleast one Tag Key needs to be provided as Input."
	textNextToken      = "The provided NextToken is invalid"                                                                                                      // unverified
	textPolicyLocksOut = "The new resource policy will not allow you to change it in the future: set ConfirmRemoveSelfResourceAccess to confirm that you want it" // unverified

	textSelectNotProjection = "Cannot specify the ProjectionExpression when choosing to get "
)

func errInternal() *Error {
	return &Error{Code: "InternalServerError", Message: "The request processing has failed because of an unknown error, exception or failure.", Status: 500}
}

// errUnknownOperation has no message on AWS; for an operation that AWS has and
// this version lacks, ours says so.
func errUnknownOperation(target string) *Error {
	e := fail("UnknownOperationException", "")
	if name, ok := strings.CutPrefix(target, serviceTables.target("")); ok && notServed[name] {
		e.Message = "Sortkey does not serve " + name + " yet"
	}
	return e
}

// errNotBuilt refuses what AWS accepts and this version would have to ignore.
func errNotBuilt(what string) *Error {
	return invalid("Sortkey does not serve " + what + " yet")
}

func errNoTable() *Error {
	return fail("ResourceNotFoundException", "Requested resource not found")
}

func errNoTableNamed(name string) *Error {
	return fail("ResourceNotFoundException", "Requested resource not found: Table: "+name+" not found")
}

func errTableExists(name string) *Error {
	return fail("ResourceInUseException", "Table already exists: "+name)
}

func errInUse(doing, name string) *Error {
	return fail("ResourceInUseException", "Attempt to change a resource which is still in use: Table is being "+doing+": "+name)
}

func errTTLOther(attribute string) *Error {
	return invalid("TimeToLive is active on a different AttributeName: current AttributeName is " + attribute)
}

func errProtected() *Error {
	return invalid("Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first.")
}

func errBadARN(arn string) *Error {
	return invalid("Invalid TableArn: Invalid ResourceArn provided as input " + arn)
}

func errNameRequired() *Error {
	return invalid("The parameter 'TableName' is required but was not present in the request")
}

// errOutOfBounds is for the table, or the index of that name; the words on an
// index are unverified.
func errOutOfBounds(what string, n int64, index string) *Error {
	s := "Given value " + strconv.FormatInt(n, 10) + " for " + what + " is out of bounds"
	if index != "" {
		s += " for index " + index
	}
	return invalid(s)
}

func errDuplicateDefinition(name string) *Error {
	return invalidValue("Duplicate AttributeName in AttributeDefinitions: " + name)
}

func errKeysUndefined(keys, definitions []string) *Error {
	return invalidValue("Some index key attributes are not defined in AttributeDefinitions. Keys: [" +
		strings.Join(keys, ", ") + "], AttributeDefinitions: [" + strings.Join(definitions, ", ") + "]")
}

func errDefinitionsUnused(definitions, used []string) *Error {
	return invalidValue("Some AttributeDefinitions are not used. AttributeDefinitions: [" +
		strings.Join(definitions, ", ") + "], keys used: [" + strings.Join(used, ", ") + "]")
}

func errIndexWithoutRange(index string) *Error {
	return invalidValue("Index KeySchema does not have a range key for index: " + index)
}

func errIndexOtherHash(index, hash, tableHash string) *Error {
	return invalidValue("Index KeySchema does not have the same leading hash key as table KeySchema for index: " +
		index + ". index hash key: " + hash + ", table hash key: " + tableHash)
}

func errNonKeyAttributes(projection string) *Error {
	return invalidValue("ProjectionType is " + projection + ", but NonKeyAttributes is specified")
}

func errIndexThroughput(index string) *Error {
	return invalidValue("ProvisionedThroughput should not be specified for index: " + index + " when BillingMode is PAY_PER_REQUEST")
}

func errIndexNoThroughput(index string) *Error {
	return invalidValue("ProvisionedThroughput must be specified for index: " + index)
}

func errDuplicateNonKey(index, name string) *Error {
	return invalidValue("Duplicate attribute name in NonKeyAttributes of index: " + index + ": " + name)
}

func errTooManyIndexKeys(index string) *Error {
	return invalid("Invalid KeySchema: index " + index + " may have 1 to 4 HASH and 0 to 4 RANGE key attributes")
}

func errDuplicateIndex(name string) *Error {
	return invalidValue("Duplicate index name: " + name)
}

func errPlaceholder(member, key string) *Error {
	return invalid(member + ` contains invalid key: Syntax error; key: "` + key + `"`)
}

// What follows is about placeholders that are too long, or stand for nothing;
// the words are unverified.

const textPlaceholdersSize = " exceeds max size"

func errPlaceholderSize(member, key string) *Error {
	return invalid(member + ` contains invalid key: The key size exceeds the limit of 255 bytes; key: "` + key + `"`)
}

func errPlaceholderName(text, key string) *Error {
	return invalid("ExpressionAttributeNames contains invalid value: " + text + " for key " + key)
}

func errMissingKey(name string) *Error {
	return invalidValue("Missing the key " + name + " in the item")
}

func errKeyType(name string, want, got attr.Kind) *Error {
	return invalidValue("Type mismatch for key " + name + " expected: " + want.String() + " actual: " + got.String())
}

func errKeySchema() *Error {
	return invalid("The provided key element does not match the schema")
}

func errEmptyKey(name string, kind attr.Kind) *Error {
	return errEmpty("The AttributeValue for a key attribute cannot contain an empty " + emptyKinds[kind] + " value. Key: " + name)
}

// errEmpty refuses an empty value of a key attribute, of the table or of an
// index. In a transaction it is no reason but fails the whole.
func errEmpty(text string) *Error {
	e := invalid("One or more parameter values are not valid. " + text)
	e.whole = true
	return e
}

var emptyKinds = map[attr.Kind]string{attr.S: "string", attr.B: "binary"}

// errIndexKey is what a put is told of an index key that cannot be stored.
func errIndexKey(trouble keyTrouble, index string, a store.KeyAttr, got attr.Kind) *Error {
	switch trouble {
	case wrongType:
		return invalidValue("Type mismatch for Index Key " + a.Name + " Expected: " + a.Kind.String() +
			" Actual: " + got.String() + " IndexName: " + index)
	case emptyValue:
		return errEmpty("A value specified for a secondary index key is not supported. " +
			"The AttributeValue for a key attribute cannot contain an empty " + emptyKinds[a.Kind] +
			" value. IndexName: " + index + ", IndexKey: " + a.Name)
	case hashTooLong:
		return invalidValue(textHashKeySize)
	}
	return invalidValue(textRangeKeySize)
}

// errIndexKeyUpdate is what an update is told of an index key that it made
// unfit to be stored.
func errIndexKeyUpdate(trouble keyTrouble, index string, a store.KeyAttr, got attr.Kind, computed bool) *Error {
	switch {
	case trouble == emptyValue:
		return errEmpty("The update expression attempted to update a secondary index key " +
			"to a value that is not supported. The AttributeValue for a key attribute cannot contain an empty " + emptyKinds[a.Kind] + " value.")
	case trouble == wrongType && computed:
		return invalid("The update expression attempted to update the secondary index key to unsupported type")
	case trouble == wrongType:
		return errIndexKey(trouble, index, a, got)
	}
	return invalid("The update expression attempted to update the secondary index key beyond allowed size limits")
}

// errKeyPath refuses a path into a key attribute; role is Key or IndexKey.
func errKeyPath(role, name string) *Error {
	return invalid("Key attributes must be scalars; list random access '[]' and map lookup '.' are not allowed: " + role + ": " + name)
}

func errUpdateKey(name string) *Error {
	return invalidValue("Cannot update attribute " + name + ". This attribute is part of the key")
}

func errNoIndex(name string) *Error {
	return invalid("The table does not have the specified index: " + name)
}

func errSelectAllOnGSI(index string) *Error {
	return invalidValue("Select type ALL_ATTRIBUTES is not supported for global secondary index " + index +
		" because its projection type is not ALL")
}

func errNotProjected(index string, names []string) *Error {
	return invalidValue("Global secondary index " + index + " does not project [" + strings.Join(names, ", ") + "]")
}

func errFilterNotProjected(index string, names []string) *Error {
	return invalidValue("Secondary index " + index + " does not project one or more filter attributes: [" +
		strings.Join(names, ", ") + "]")
}

// errSelectProjects: AttributesToGet or a ProjectionExpression, and a Select
// that wants something else.
func errSelectProjects(names bool, selects string) *Error {
	text := textSelectNotProjection
	if names {
		text = textSelectNotNames
	}
	if selects == "COUNT" {
		selects = "only the Count"
	}
	return invalid(text + selects).shaped(selectedShape)
}

func errFilterOnKey(expression bool, name string) *Error {
	if expression {
		return invalid(textFilterOnPrimaryKey + name)
	}
	return invalid(textLegacyFilterOnKey + name)
}

func errSegmentRange(segment, total int64) *Error {
	return invalid("The Segment parameter is zero-based and must be less than parameter TotalSegments: Segment: " +
		strconv.FormatInt(segment, 10) + " is not less than TotalSegments: " + strconv.FormatInt(total, 10))
}

func errStartSegment(segment, total int64) *Error {
	return invalid("The provided starting key is invalid: Invalid ExclusiveStartKey. Please use ExclusiveStartKey with correct Segment. TotalSegments: " +
		strconv.FormatInt(total, 10) + " Segment: " + strconv.FormatInt(segment, 10))
}
