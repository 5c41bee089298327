package engine

// notServed are the operations of the service that the operations table does
// not have yet; they are refused by name rather than as unknown.
var notServed = map[string]bool{}

func init() {
	for _, name := range []string{
		"BatchExecuteStatement", "CreateBackup", "CreateGlobalTable", "DeleteBackup",
		"DeleteResourcePolicy", "DescribeBackup", "DescribeContinuousBackups", "DescribeContributorInsights",
		"DescribeEndpoints", "DescribeExport", "DescribeGlobalTable", "DescribeGlobalTableSettings", "DescribeImport",
		"DescribeKinesisStreamingDestination", "DescribeLimits", "DescribeTableReplicaAutoScaling",
		"DisableKinesisStreamingDestination", "EnableKinesisStreamingDestination", "ExecuteStatement", "ExecuteTransaction",
		"ExportTableToPointInTime", "GetResourcePolicy", "ImportTable", "ListBackups", "ListContributorInsights",
		"ListExports", "ListGlobalTables", "ListImports", "ListTagsOfResource", "PutResourcePolicy",
		"RestoreTableFromBackup", "RestoreTableToPointInTime", "TagResource",
		"UntagResource", "UpdateContinuousBackups", "UpdateContributorInsights", "UpdateGlobalTable",
		"UpdateGlobalTableSettings", "UpdateKinesisStreamingDestination", "UpdateTable", "UpdateTableReplicaAutoScaling",
	} {
		notServed[name] = true
	}
}
