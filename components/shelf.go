package components

// Workspace is one that is stored in this browser.
type Workspace struct {
	ID      string // as posted to desk/workspace/ and desk/delete/
	Title   string
	When    string // it was changed last: "22 Nov, 09:41"
	Current bool   // it is on the desk
}
