package engine

// notServed are the operations of the service that the operations table does
// not have yet; they are refused by name rather than as unknown.
var notServed = map[string]bool{}

func init() {
	for _, name := range []string{
		"BatchExecuteStatement", "CreateBackup", "DeleteBackup",
		"DescribeBackup", "DescribeContributorInsights",
		"DescribeExport", "DescribeImport",
		"DescribeKinesisStreamingDestination",
		"DisableKinesisStreamingDestination", "EnableKinesisStreamingDestination", "ExecuteStatement", "ExecuteTransaction",
		"ExportTableToPointInTime", "ImportTable", "ListBackups", "ListContributorInsights",
		"ListExports", "ListImports",
		"RestoreTableFromBackup", "RestoreTableToPointInTime",
		"UpdateContinuousBackups", "UpdateContributorInsights",
		"UpdateKinesisStreamingDestination",
	} {
		notServed[name] = true
	}
}
