package components

// Dock is the row below: tabs of which one is open.
type Dock struct {
	Tab     DockTab
	Outcome int          // whose tree and wire are shown
	Tree    *Tree        // tab "btree"
	Changes *Diff        // tab "changes"
	Entries []Entry      // tab "requests": newest first
	Wire    *Wire        // tab "wire"; nil where nothing was run
	Table   *TableSheet  // tab "table"
	Stream  *StreamSheet // tab "stream"
	Sim     *Simulation  // tab "simulation"
	Facts   []Fact       // at the far end of the tabs
}

// DockTab names a tab of the dock, as in desk/dock/{tab}.
type DockTab string

// The tabs.
const (
	DockTree     DockTab = "btree"
	DockTable    DockTab = "table"
	DockChanges  DockTab = "changes"
	DockStream   DockTab = "stream"
	DockRequests DockTab = "requests"
	DockWire     DockTab = "wire"
	DockSim      DockTab = "simulation"
)

// dockTabs are the tabs of the dock in order. A tab is its name, its label and
// its sheet (dock.templ): that is all a new one needs.
var dockTabs = []struct {
	tab   DockTab
	label string
}{
	{DockTree, "B-tree"},
	{DockTable, "Table"},
	{DockChanges, "Changes"},
	{DockStream, "Stream"},
	{DockRequests, "Requests"},
	{DockWire, "Wire"},
	{DockSim, "Simulation"},
}

// tab is the tab shown: the first unless another one is named.
func (d Dock) tab() DockTab {
	for _, t := range dockTabs {
		if t.tab == d.Tab {
			return t.tab
		}
	}
	return dockTabs[0].tab
}

// Entry is a request in the list of those run in this session, or a step of
// the clock between them.
type Entry struct {
	ID        int // 0 for a step of the clock, which has no outcome
	Operation string
	Target    string // table, or table and index: "Shop, byStatus"
	Came      string // "5 returned, 7 read", "ValidationException", "replaced"
	Failed    bool
	Status    string // "200", "400"
	Units     string // "1.0 RRU"
	Time      string // engine clock: "09:41:07"
	Shown     bool   // this one is on the desk now
	Moment    int    // the state it led to or was run in
	Left      bool   // that state was undone: it is not part of the present one
	Present   bool   // the state is the present one
}

// Wire is the exchange itself.
type Wire struct {
	Target  string // X-Amz-Target: "DynamoDB_20120810.Query"
	Region  string // "us-east-1"
	Request string // body, printed over lines
	Sent    string // its size, printed: "412 B"
	Status  string // "200 OK", "400 Bad Request"
	Reply   string // body, printed over lines
	Got     string
}
