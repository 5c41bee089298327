package components

import (
	"strings"

	"github.com/a-h/templ"
)

// Head is what a page beside the desk says of itself.
type Head struct {
	// Assets maps the plain names of static files to their content-hashed
	// paths, relative to the page, as in Page. The document names theme.js and
	// the section's script and style sheet: capacity.js, capacity.css.
	Assets  map[string]string
	Section string // one of the site's: "capacity", "global"
	Page    string // a page of the section besides its first: "region"; its script and style sheet have this name
	Title   string // "Capacity"
	About   string // one sentence for search engines
}

// name is that of the page's own files.
func (h Head) name() string {
	if h.Page != "" {
		return h.Page
	}
	return h.Section
}

// assetOf is where a static file lies; one that is missing stands for itself.
func assetOf(assets map[string]string, name string) string {
	if path, ok := assets[name]; ok {
		return path
	}
	return name
}

// siteSections are the pages of the site, with their ways from its root.
var siteSections = []struct{ name, label, path, about string }{
	{"desk", "Desk", "", "Tables, requests, results"},
	{"global", "Regions", "global/", "Global tables: who wins, what is lost"},
	{"capacity", "Capacity", "capacity/", "What an item, a month and an hour of load cost"},
}

// here marks the page that one is on.
func here(yes bool) templ.Attributes {
	if yes {
		return templ.Attributes{"aria-current": "page"}
	}
	return nil
}

// Root is the way from a page to the site it is of, "./" or "../", told by where
// its files lie; a page that knows nothing of its files lies at the root.
func Root(assets map[string]string) string {
	if up, _, found := strings.Cut(assets["theme.js"], "assets/"); found && up != "" {
		return up
	}
	return "./"
}
