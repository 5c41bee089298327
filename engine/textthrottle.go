package engine

import "slices"

// What throttled requests are told (semantics §10).
const (
	textOverProvisioned = "The level of configured provisioned throughput for the table was exceeded. Consider increasing your provisioning level with the UpdateTable API."
	textOverIndex       = "The level of configured provisioned throughput for one or more global secondary indexes of the table was exceeded. Consider increasing your provisioning level for the under-provisioned global secondary indexes with the UpdateTable API."
	// Seen on the wire without the full stop that the documentation sets.
	textOverCapacity      = "Throughput exceeds the current capacity of your table or index. DynamoDB is automatically scaling your table or index so please try again shortly. If exceptions persist, check if you have a hot key: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/bp-partition-key-design.html"
	textOverIndexCapacity = "Throughput exceeds the current capacity for one or more global secondary indexes. DynamoDB is automatically scaling your index so please try again shortly."
	textOverMost          = "Throughput exceeds the maximum OnDemandThroughput configured on table or index"
	textOverAccount       = "Throughput exceeds the current throughput limit for your account. Please contact AWS Support at https://aws.amazon.com/support request a limit increase." // unverified
)

// ThrottlingReason says which limit of which table or index a request was over.
type ThrottlingReason struct {
	Reason   string // "TableWriteProvisionedThroughputExceeded"
	Resource string // the ARN
}

var limitNames = [limits]string{
	LimitProvisioned: "ProvisionedThroughputExceeded", LimitKeyRange: "KeyRangeThroughputExceeded",
	LimitAccount: "AccountLimitExceeded", LimitOnDemand: "MaxOnDemandThroughputExceeded",
}

// reason names an excess as AWS does.
func (ex *excess) reason() ThrottlingReason {
	r := ThrottlingReason{Reason: "Table", Resource: ex.table.meta.arn}
	if ex.scope.index != "" {
		r.Reason, r.Resource = "Index", ex.table.meta.index(ex.scope.index).arn
	}
	if ex.dir == reading {
		r.Reason += "Read"
	} else {
		r.Reason += "Write"
	}
	r.Reason += limitNames[ex.limit]
	return r
}

// errThrottled is the exception of what was over these limits, of one table.
func errThrottled(over []excess) *Error {
	e := fail(throttledCode(over))
	for i := range over {
		if r := over[i].reason(); !slices.Contains(e.Throttled, r) {
			e.Throttled = append(e.Throttled, r)
		}
	}
	return e
}

// throttledCode is the name and the message of that exception.
func throttledCode(over []excess) (code, message string) {
	var is [len(limitNames)]bool
	indexes := true
	for _, ex := range over {
		is[ex.limit] = true
		indexes = indexes && ex.scope.index != ""
	}
	switch onDemand := over[0].table.meta.onDemand; {
	case is[LimitAccount]:
		return "RequestLimitExceeded", textOverAccount
	case is[LimitOnDemand]:
		return "ThrottlingException", textOverMost
	case onDemand && indexes:
		return "ThrottlingException", textOverIndexCapacity
	case onDemand:
		return "ThrottlingException", textOverCapacity
	case indexes:
		return "ProvisionedThroughputExceededException", textOverIndex
	}
	return "ProvisionedThroughputExceededException", textOverProvisioned
}

// throttleReason is why an action cancelled its transaction by that.
func throttleReason(over []excess) Reason {
	code, message := throttledCode(over)
	if code == "ProvisionedThroughputExceededException" {
		return Reason{Code: "ProvisionedThroughputExceeded", Message: message}
	}
	return Reason{Code: "ThrottlingError", Message: message}
}
