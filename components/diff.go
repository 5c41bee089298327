package components

// Diff is what became of the tables between two states.
type Diff struct {
	Words  Words // "PutItem on Shop changed one item."
	Since  bool  // since the workspace began, not by the request alone
	Tables []DiffTable
}

// DiffTable is one table that differs.
type DiffTable struct {
	Name  string
	Words Words // "1 added, 2 changed", "made", "CREATING → ACTIVE"
	Items []DiffItem
	More  string // "12 more items differ"
}

// DiffItem is one item that differs.
type DiffItem struct {
	Mark    Mutation // Added, Removed or Changed
	Key     string
	Changes []AttributeChange // of a changed item: the attributes that differ
	Words   Words             // of an added or removed one: what it holds
}
