package engine

import "strconv"

// The wire texts of Application Auto Scaling. Those that AWS's documentation
// does not give, nor the reference, are marked as unverified in testdata/RULES.

const (
	textScalingUnsupported  = "Unsupported service namespace, resource type or scalable dimension"
	textScalingBounds       = "MinCapacity and MaxCapacity must be specified to register a new scalable target"
	textScalingOrder        = "Maximum capacity cannot be less than minimum capacity"
	textScalingLowest       = "Minimum capacity cannot be less than 1"
	textScalingDimension    = "ResourceId must be specified when ScalableDimension is specified"
	textScalingPending      = "You already have a pending update to an Application Auto Scaling resource."
	textPolicyType          = "PolicyType must be specified to create a scaling policy"
	textPolicyConfiguration = "TargetTrackingScalingPolicyConfiguration must be specified when PolicyType is TargetTrackingScaling"
	textPolicyMetric        = "Exactly one of PredefinedMetricSpecification and CustomizedMetricSpecification must be specified"
	textPolicyLabel         = "ResourceLabel must not be specified for this PredefinedMetricType"
	textPolicyTarget        = "TargetValue must be between 20.0 and 90.0 for service namespace dynamodb"
	textPolicyCooldown      = "ScaleOutCooldown and ScaleInCooldown must not be negative"
	textPolicySecond        = "Only one TargetTrackingScaling policy for a given metric specification is allowed."
	textNextTokenScaling    = "The NextToken is not valid."
	textNotScaled           = "Attempting to scale due to alarm triggered"
	textScalingTagged       = "Tags can be given when a scalable target is registered. To tag an existing scalable target, use TagResource"
	textScheduledName       = "ScheduledActionName must not contain : / | or control characters, nor begin or end with a space"
	textScheduledTimes      = "EndTime must be after StartTime"
	textScheduledAction     = "ScalableTargetAction must specify MinCapacity, MaxCapacity or both"
	textScheduledSchedule   = "Schedule must be specified to create a scheduled action"
	textScheduledNever      = "Schedule, StartTime and EndTime leave no time in the future"
	textBoundsSet           = "Successfully set "
	textBoundsFailed        = "Failed to set "
)

// errNoScalable refuses what wants a table or index to be there.
func errNoScalable(resource string, index bool) *Error {
	if index {
		return invalid("DynamoDB global secondary index does not exist: " + resource)
	}
	return invalid("DynamoDB table does not exist: " + resource)
}

func (k scalingKey) named() string {
	return "service namespace: dynamodb, resource ID: " + k.resource() + ", scalable dimension: " + k.dimension()
}

func errNoTarget(k scalingKey) *Error {
	return fail("ObjectNotFoundException", "No scalable target found for "+k.named())
}

func errNotRegistered(k scalingKey) *Error {
	return fail("ObjectNotFoundException", "No scalable target registered for "+k.named())
}

func errNoScalingPolicy(k scalingKey, name string) *Error {
	return fail("ObjectNotFoundException", "No scaling policy found for "+k.named()+", policy name: "+name)
}

func errPolicyKind(kind string) *Error {
	return invalid("PolicyType " + kind + " is not supported for service namespace dynamodb")
}

func errPolicyDimension(metric, dimension string) *Error {
	return invalid("PredefinedMetricType " + metric + " is not supported for scalable dimension " + dimension)
}

func errTooManyTargets() *Error {
	return fail("LimitExceededException", "The number of scalable targets for service namespace dynamodb exceeds the limit of "+strconv.Itoa(maxTargets))
}

func errPending() *Error { return fail("ConcurrentUpdateException", textScalingPending) }

func errScalingToken() *Error { return fail("InvalidNextTokenException", textNextTokenScaling) }

func errSchedule(text string) *Error {
	return invalid("Invalid schedule expression " + strconv.Quote(text) + ": at(yyyy-mm-ddThh:mm:ss), rate(value unit) or cron(fields) is expected")
}

func errNoScheduled(k scalingKey, name string) *Error {
	return fail("ObjectNotFoundException", "No scheduled action found for "+k.named()+", scheduled action name: "+name)
}

func errTooManyScheduled() *Error {
	return fail("LimitExceededException", "The number of scheduled actions of the scalable target exceeds the limit of "+strconv.Itoa(maxScheduled))
}

func errNoScalableARN(arn string) *Error {
	return fail("ResourceNotFoundException", "No scalable target found for resource ARN "+arn).named(arn)
}

func errTooManyScalingTags(arn string) *Error {
	return fail("TooManyTagsException", "The number of tags exceeds the limit of "+strconv.Itoa(maxTags)).named(arn)
}

// What activities say.

func (d direction) capacityUnits() string { return d.word() + " capacity units" }

func (a *activity) description() string {
	switch {
	case a.code != "":
		return textNotScaled
	case a.min+a.max > 0:
		return "Setting " + a.bounds()
	}
	return "Setting " + a.dir.capacityUnits() + " to " + strconv.FormatInt(a.to, 10) + "."
}

// bounds is "min capacity to 5 and max capacity to 10", or one of the two.
func (a *activity) bounds() string {
	least, most := "min capacity to "+strconv.FormatInt(a.min, 10), "max capacity to "+strconv.FormatInt(a.max, 10)
	switch {
	case a.max == 0:
		return least
	case a.min == 0:
		return most
	}
	return least + " and " + most
}

func (a *activity) fulfilled() string {
	return "Successfully set " + a.dir.capacityUnits() + " to " + strconv.FormatInt(a.to, 10) + ". Change successfully fulfilled by dynamodb."
}

func (a *activity) failed(why *Error) string {
	return "Failed to set " + a.dir.capacityUnits() + " to " + strconv.FormatInt(a.to, 10) + ". Reason: " + why.Message
}

func causeAlarm(alarm, policy string) string {
	return "monitor alarm " + alarm + " in state ALARM triggered policy " + policy
}

func causeScheduled(name string) string { return "scheduled action name " + name + " was triggered" }

func causeBound(which string, to int64) string {
	return which + " capacity was set to " + strconv.FormatInt(to, 10)
}

// Enum value sets as AWS prints them; their orders are unverified.
const (
	enumScalingNamespace = "ecs, elasticmapreduce, ec2, appstream, dynamodb, rds, sagemaker, custom-resource, comprehend, lambda, cassandra, " +
		"kafka, elasticache, neptune, workspaces"
	enumScalingDimension = "ecs:service:DesiredCount, ec2:spot-fleet-request:TargetCapacity, elasticmapreduce:instancegroup:InstanceCount, " +
		"appstream:fleet:DesiredCapacity, dynamodb:table:ReadCapacityUnits, dynamodb:table:WriteCapacityUnits, dynamodb:index:ReadCapacityUnits, " +
		"dynamodb:index:WriteCapacityUnits, rds:cluster:ReadReplicaCount, sagemaker:variant:DesiredInstanceCount, custom-resource:ResourceType:Property, " +
		"comprehend:document-classifier-endpoint:DesiredInferenceUnits, comprehend:entity-recognizer-endpoint:DesiredInferenceUnits, " +
		"lambda:function:ProvisionedConcurrency, cassandra:table:ReadCapacityUnits, cassandra:table:WriteCapacityUnits, kafka:broker-storage:VolumeSize, " +
		"elasticache:cache-cluster:Nodes, elasticache:replication-group:NodeGroups, elasticache:replication-group:Replicas, " +
		"neptune:cluster:ReadReplicaCount, sagemaker:variant:DesiredProvisionedConcurrency, sagemaker:inference-component:DesiredCopyCount, " +
		"workspaces:workspacespool:DesiredUserSessions"
	enumScalingPolicyType = "StepScaling, TargetTrackingScaling, PredictiveScaling"
	enumScalingMetric     = "DynamoDBReadCapacityUtilization, DynamoDBWriteCapacityUtilization, ALBRequestCountPerTarget, RDSReaderAverageCPUUtilization, " +
		"RDSReaderAverageDatabaseConnections, EC2SpotFleetRequestAverageCPUUtilization, EC2SpotFleetRequestAverageNetworkIn, " +
		"EC2SpotFleetRequestAverageNetworkOut, SageMakerVariantInvocationsPerInstance, ECSServiceAverageCPUUtilization, " +
		"ECSServiceAverageMemoryUtilization, AppStreamAverageCapacityUtilization, ComprehendInferenceUtilization, " +
		"LambdaProvisionedConcurrencyUtilization, CassandraReadCapacityUtilization, CassandraWriteCapacityUtilization, KafkaBrokerStorageUtilization, " +
		"ElastiCacheEngineCPUUtilization, ElastiCacheDatabaseMemoryUsagePercentage, ElastiCachePrimaryEngineCPUUtilization, " +
		"ElastiCacheReplicaEngineCPUUtilization, ElastiCacheDatabaseMemoryUsageCountedForEvictPercentage, NeptuneReaderAverageCPUUtilization, " +
		"SageMakerVariantProvisionedConcurrencyUtilization, ElastiCacheDatabaseCapacityUsageCountedForEvictPercentage, " +
		"SageMakerInferenceComponentInvocationsPerCopy, WorkSpacesAverageUserSessionsCapacityUtilization, " +
		"SageMakerInferenceComponentConcurrentRequestsPerCopyHighResolution, SageMakerVariantConcurrentRequestsPerModelHighResolution, " +
		"ECSServiceAverageCPUUtilizationHighResolution, ECSServiceAverageMemoryUtilizationHighResolution"
)
