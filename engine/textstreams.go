package engine

// The wire texts of streams. Those that AWS's documentation does not give, nor
// the reference, are marked as unverified in testdata/RULES.

const (
	textStreamDisabledView = "Table is being created with a stream disabled, UpdateViewType should not be specified"
	textStreamNoView       = "Table is being created with a stream enabled, StreamViewType must be specified"
	textStreamAlready      = "Table already has an enabled stream: TableName: "
	textStreamNone         = "Table has no stream to disable: TableName: "
	textShardFilter        = "ShardFilter must have both a Type and a ShardId"
)

func errNoStream(arn string) *Error {
	return fail("ResourceNotFoundException", "Requested resource not found: Stream: "+arn+" not found")
}

func errNoShard(id, arn string) *Error {
	return fail("ResourceNotFoundException", "Requested resource not found: Shard: "+id+" in Stream: "+arn+" not found")
}

func errBadStreamARN(arn string) *Error {
	return invalid("Invalid StreamArn: Invalid ResourceArn provided as input " + arn)
}

func errBadShardID(id string) *Error { return invalid("Invalid ShardId: " + id) }

func errBadIterator() *Error { return invalid("Invalid ShardIterator") }

func errIteratorWants(kind, member string) *Error {
	return invalid(member + " must be specified when ShardIteratorType is " + kind)
}

func errIteratorExcludes(kind, member string) *Error {
	return invalid(member + " must not be specified when ShardIteratorType is " + kind)
}

func errForeignSequence(number, shard string) *Error {
	return invalid("Invalid SequenceNumber: " + number + " is not of shard " + shard)
}

func errFutureTimestamp() *Error { return invalid("Invalid Timestamp: it is in the future") }

func errTrimmed() *Error {
	return fail("TrimmedDataAccessException", "The operation attempted to read past the oldest stream record in a shard.")
}

func errExpiredIterator() *Error {
	return fail("ExpiredIteratorException", "The shard iterator has expired and can no longer be used to retrieve stream records. "+
		"A shard iterator expires 15 minutes after it is retrieved using the GetShardIterator action.")
}
