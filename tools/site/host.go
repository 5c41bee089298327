package main

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"io"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/evanw/esbuild/pkg/api"

	"github.com/sortkey/sortkey/components"
	"github.com/sortkey/sortkey/web/page"
)

// host adds what static hosts want beside the page: the headers to send, a
// page for what is not there, and the service worker that keeps the site.
func (b *build) host(m manifest) error {
	return errors.Join(b.headers(), b.missing(m), b.serviceWorker())
}

// headers writes _headers, in the form that Cloudflare Pages and Netlify read.
// Other hosts need not read it: the page carries its policy itself.
func (b *build) headers() error {
	h := http.Header{}
	page.Secure(h)
	var text strings.Builder
	text.WriteString("/*\n")
	for _, name := range slices.Sorted(maps.Keys(h)) {
		fmt.Fprintf(&text, "  %s: %s\n", name, h.Get(name))
	}
	text.WriteString("/assets/*\n  Cache-Control: public, max-age=31536000, immutable\n")
	text.WriteString("/*.wasm\n  Content-Type: application/wasm\n")
	return b.write("_headers", text.String())
}

// missing writes 404.html. It is shown at any depth below the site, so it
// names its files and the way home from the base path.
func (b *build) missing(m manifest) error {
	css, theme := html.EscapeString(b.base+m["desk.css"]), html.EscapeString(b.base+m["theme.js"])
	return b.write("404.html", `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="`+html.EscapeString(components.ContentPolicy)+`">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>Nothing here · Sortkey</title>
<meta name="color-scheme" content="light dark"><meta name="robots" content="noindex">
<link rel="stylesheet" href="`+css+`"><script src="`+theme+`"></script></head>
<body class="missing"><main><h1>There is nothing at this address.</h1>
<p>A workspace in a link stands behind its #. Perhaps the address was cut when it was copied.</p>
<p><a href="`+html.EscapeString(b.base)+`">Open Sortkey</a></p></main></body></html>
`)
}

// serviceWorker writes sw.js, which has to lie beside the page to answer for
// it. It knows every file by name, and their contents by the version.
func (b *build) serviceWorker() error {
	files := []string{"desk/engine"}
	entries, err := os.ReadDir(filepath.Join(b.tmp, "assets"))
	if err != nil {
		return err
	}
	for _, e := range entries {
		files = append(files, "assets/"+e.Name())
	}
	sum := sha256.New()
	var pages []string
	for _, p := range sitePages {
		text, err := os.ReadFile(filepath.Join(b.tmp, p.folder, "index.html"))
		if err != nil {
			return err
		}
		sum.Write(text)
		pages = append(pages, p.folder)
	}
	io.WriteString(sum, strings.Join(files, "\n"))
	site, err := json.Marshal(map[string]any{"version": hex.EncodeToString(sum.Sum(nil)[:6]), "files": files, "pages": pages})
	if err != nil {
		return err
	}
	result := api.Build(api.BuildOptions{
		AbsWorkingDir: mustAbs(b.root), EntryPoints: []string{"static/sw.js"}, Outfile: mustAbs(filepath.Join(b.tmp, "sw.js")),
		Write: true, Bundle: true, Format: api.FormatIIFE, Target: api.ES2022,
		MinifyWhitespace: true, MinifyIdentifiers: true, MinifySyntax: true, LogLevel: api.LogLevelSilent,
		Define: map[string]string{"SORTKEY_SITE": string(site)},
	})
	if len(result.Errors) > 0 {
		return errors.New(strings.Join(api.FormatMessages(result.Errors, api.FormatMessagesOptions{Kind: api.ErrorMessage}), "\n"))
	}
	return nil
}

func (b *build) write(name, text string) error {
	return os.WriteFile(filepath.Join(b.tmp, name), []byte(text), 0o644)
}
