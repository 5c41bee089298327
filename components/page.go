package components

import "strings"

// ContentPolicy is the page's content-security policy: its own files and
// nothing else. A host that can send headers adds who may frame the page, which
// a document cannot say of itself.
const ContentPolicy = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; " +
	"img-src 'self' data:; connect-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'"

// Page is a whole document.
type Page struct {
	// Assets maps the plain names of static files to their content-hashed
	// paths, relative to the page: "desk.css" to "assets/desk.1a2b3c.css". A
	// name that is missing stands for itself. The document names theme.js,
	// boot.js, desk.js and desk.css.
	Assets map[string]string
	Desk   Desk
	// Shared is set on the page of a scenario that a server keeps.
	Shared *Shared
}

// Shared is what the page of a kept scenario says beside the desk: to the
// engine in the tab, and to whoever shows a preview of a link to it.
type Shared struct {
	Text        string // the document, which the engine opens
	Source      string // where the document is, relative to the page
	Description string // a sentence or two, plain text
	Address     string // of the page, absolute
	Image       string // of its preview picture, absolute
}

// scenarioScript is the document as a JSON text in an element of its own: data,
// whatever it contains. templ has a component for that, which brings
// encoding/json along.
func (s *Shared) scenarioScript() string {
	return `<script id="scenario" type="application/json">` + jsonString(s.Text) + "</script>"
}

// jsonString is a JSON string that ends no element and no line of a script.
func jsonString(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r < 0x20 || r == '<' || r == '>' || r == '&' || r == 0x2028 || r == 0x2029:
			const hex = "0123456789abcdef"
			b.WriteString(`\u`)
			for shift := 12; shift >= 0; shift -= 4 {
				b.WriteByte(hex[r>>shift&15])
			}
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
	return b.String()
}

// PreviewWidth and PreviewHeight are the pixels of a preview picture, in the
// proportion that link previews have.
const (
	PreviewWidth  = 1200
	PreviewHeight = 630
)

// Desk is everything in the page's body: one workspace, the last request run
// in it, and its outcome.
type Desk struct {
	Root     string    // the way from the page to the site: func Root gives it
	Title    string    // of the workspace; the visitor may edit it
	Examples []Example // data sets to begin from
	Back     string    // title of the workspace before the last New or example; "" where there is none
	Tables   []Table
	Clock    Clock
	Request  Request
	Plan     Plan
	Outcome  Outcome
	Receipt  Receipt
	Dock     Dock
	Undo     string // what undo takes back: "PutItem"; "" where there is nothing
	Redo     string // what redo does again
	// Workspaces are those stored in this browser, newest first.
	Workspaces []Workspace
	// Linked: opened from a link or a file, and stored nowhere yet. Follows:
	// another tab owns the workspace.
	Linked, Follows bool
	// Fixed: the engine belongs to the host. There is no New, no example and no
	// clock to move.
	Fixed bool
	// Said is what the live region announces after an update, one sentence:
	// "Request 7, Query on Shop: 5 items returned, 7 read, 1.0 units." It is
	// drawn in updates only.
	Said string
}

// Example is a data set that a workspace can begin with.
type Example struct {
	Name  string // as posted to desk/example: "record-shop"
	Title string // as shown: "Record shop"
	About string // one line: "Orders of a record shop, one table, two indexes"
}
