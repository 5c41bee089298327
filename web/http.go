//go:build !js

package web

import (
	"net/http"

	"github.com/sortkey/sortkey/web/page"
)

// ServeHTTP answers one request of the page. The page's own wasm is built
// without it: see Serve.
func (d *Desk) ServeHTTP(w http.ResponseWriter, r *http.Request) { page.ServeHTTP(d.Serve, w, r) }
