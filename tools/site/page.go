package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/sortkey/sortkey/web"
	"github.com/sortkey/sortkey/web/capacity"
	"github.com/sortkey/sortkey/web/global"
	"github.com/sortkey/sortkey/web/page"
	"github.com/sortkey/sortkey/web/share"
)

// sitePages are the site's pages: the folder of each, with a slash, and its
// document, given where the site's files lie as seen from there.
var sitePages = []struct {
	folder   string
	document func(m manifest) page.Answer
}{
	{"", func(m manifest) page.Answer { return web.New(web.Config{Assets: m}).Serve("GET", "/", nil) }},
	{"capacity/", func(m manifest) page.Answer { return capacity.New(capacity.Config{Assets: m}).Serve("GET", "/", nil) }},
	{"global/", func(m manifest) page.Answer { return global.New(global.Config{Assets: m}).Serve("GET", "/", nil) }},
	{"global/region/", func(m manifest) page.Answer {
		return global.NewHosted(global.HostedConfig{Assets: m}).Serve("GET", "/", nil)
	}},
}

// pages renders each page by the handler that will go on answering it in the
// worker, from the same preset: equal bytes, so nothing moves when the engine
// takes over.
func (b *build) pages(m manifest) error {
	for _, p := range sitePages {
		if err := b.page(p.folder, p.document(m.from(strings.Repeat("../", strings.Count(p.folder, "/"))))); err != nil {
			return err
		}
	}
	return errors.Join(b.noServer(), b.list(m))
}

// page writes the document of one folder.
func (b *build) page(folder string, a page.Answer) error {
	if a.Status != page.StatusOK {
		return fmt.Errorf("rendering the page %q: HTTP %d: %s", folder, a.Status, a.Body)
	}
	dir := filepath.Join(b.tmp, folder)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, "index.html"), a.Body, 0o644)
}

// from is the manifest as seen from a page elsewhere; way leads to the site.
func (m manifest) from(way string) manifest {
	moved := manifest{}
	for name, path := range m {
		moved[name] = way + path
	}
	return moved
}

// list leaves the names of the site's files to hosts that render pages of
// their own.
func (b *build) list(m manifest) error {
	content, err := json.Marshal(m)
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(b.tmp, share.AssetsFile), content, 0o644)
}

// noServer leaves the answer to the page's question whether there is an engine
// on the server: on a static host there is none, and a 404 would stand in the
// visitor's console as an error. tools/serve answers for itself.
func (b *build) noServer() error {
	if err := os.MkdirAll(filepath.Join(b.tmp, "desk"), 0o755); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(b.tmp, "desk", "engine"), []byte(`{"engine":"none"}`+"\n"), 0o644)
}
