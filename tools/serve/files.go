package main

import (
	"context"
	"fmt"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/sortkey/sortkey/web/share"
)

// files serves the folder that tools/site built. It looks at the disk for each
// request, so a rebuild shows at once and starting costs nothing.
type files struct{ dir string }

// contentTypes are the kinds of files a site has. The system's own table is not
// asked: it differs between machines.
var contentTypes = map[string]string{
	".html": "text/html; charset=utf-8",
	".js":   "text/javascript; charset=utf-8",
	".css":  "text/css; charset=utf-8",
	".json": "application/json",
	".wasm": "application/wasm",
	".svg":  "image/svg+xml",
	".png":  "image/png",
	".ico":  "image/x-icon",
	".txt":  "text/plain; charset=utf-8",
}

func hasPage(dir string) bool {
	_, err := os.Stat(filepath.Join(dir, "index.html"))
	return err == nil
}

func (f files) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	name := strings.TrimPrefix(path.Clean(r.URL.Path), "/")
	if name == "" {
		name = "index.html"
	} else if f.isPage(name) {
		if !strings.HasSuffix(r.URL.Path, "/") {
			http.Redirect(w, r, (&url.URL{Path: "/" + name + "/", RawQuery: r.URL.RawQuery}).String(), http.StatusMovedPermanently)
			return
		}
		name = path.Join(name, "index.html")
	}
	kind, known := contentTypes[path.Ext(name)]
	if !known || !fs.ValidPath(name) {
		f.missing(w, name)
		return
	}
	file, encoding := f.open(name, r.Header.Get("Accept-Encoding"))
	if file == nil {
		f.missing(w, name)
		return
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil || info.IsDir() {
		f.missing(w, name)
		return
	}
	h := w.Header()
	h.Set("Content-Type", kind)
	h.Set("Cache-Control", caching(name))
	h.Set("Vary", "Accept-Encoding, Accept")
	h.Set("ETag", etag(info, encoding))
	if encoding != "" {
		r.Header.Del("Range") // ServeContent leaves the length of encoded content to us
		h.Set("Content-Encoding", encoding)
		h.Set("Content-Length", strconv.FormatInt(info.Size(), 10))
	}
	http.ServeContent(w, r, "", info.ModTime(), file)
}

// open returns the smallest form of a file that the client takes, and its
// Content-Encoding; a nil file when there is none at all.
func (f files) open(name, accept string) (*os.File, string) {
	full := filepath.Join(f.dir, filepath.FromSlash(name))
	for _, form := range []struct{ coding, ext string }{{"br", ".br"}, {"gzip", ".gz"}, {"", ""}} {
		if form.coding != "" && !accepts(accept, form.coding) {
			continue
		}
		if file, err := os.Open(full + form.ext); err == nil {
			return file, form.coding
		}
	}
	return nil, ""
}

// isPage reports whether a folder of the site is a page: its files are named
// relative to it, so its address ends in a slash.
func (f files) isPage(name string) bool {
	return fs.ValidPath(name) && hasPage(filepath.Join(f.dir, filepath.FromSlash(name)))
}

func (f files) missing(w http.ResponseWriter, name string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	if name == "index.html" {
		w.WriteHeader(http.StatusServiceUnavailable)
		fmt.Fprintf(w, "There is no page in %s yet: run `make site`, then reload.\nThe DynamoDB API on this port works all the same.\n", f.dir)
		return
	}
	w.WriteHeader(http.StatusNotFound)
	fmt.Fprintln(w, "There is nothing here.")
}

// accepts reads one content coding out of an Accept-Encoding header.
func accepts(header, coding string) bool {
	for part := range strings.SplitSeq(header, ",") {
		name, params, _ := strings.Cut(part, ";")
		if !strings.EqualFold(strings.TrimSpace(name), coding) {
			continue
		}
		_, weight, weighted := strings.Cut(params, "q=")
		if !weighted {
			return true
		}
		q, err := strconv.ParseFloat(strings.TrimSpace(weight), 64)
		return err == nil && q > 0
	}
	return false
}

// caching: names under assets/ change with their content, others do not.
func caching(name string) string {
	if strings.HasPrefix(name, "assets/") {
		return "public, max-age=31536000, immutable"
	}
	return "no-cache"
}

func etag(info fs.FileInfo, encoding string) string {
	return fmt.Sprintf(`"%x-%x%s"`, info.ModTime().UnixNano(), info.Size(), encoding)
}

// assets reads the list of files that the site was built with; it looks each
// time, for a rebuild changes it.
func (f files) assets(context.Context) (map[string]string, error) {
	list, err := os.ReadFile(filepath.Join(f.dir, share.AssetsFile))
	if err != nil {
		return nil, err
	}
	return share.ReadAssets(list)
}
