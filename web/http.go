//go:build !js

package web

import (
	"io"
	"net/http"
)

// Secure sets the headers of everything that a browser shows.
func Secure(h http.Header) {
	for _, line := range SecureHeaders {
		h.Set(line[0], line[1])
	}
}

// ServeHTTP answers one request of the page. The page's own wasm is built
// without it: see Serve.
func (d *Desk) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var form []byte
	if r.Method == http.MethodPost && r.Body != nil {
		var err error
		if form, err = io.ReadAll(io.LimitReader(r.Body, maxForm+1)); err != nil {
			http.Error(w, "This request cannot be read: "+err.Error(), http.StatusBadRequest)
			return
		}
	}
	a := d.Serve(r.Method, r.URL.RequestURI(), form)
	for _, line := range a.Header {
		w.Header().Set(line[0], line[1])
	}
	w.WriteHeader(a.Status)
	w.Write(a.Body)
}
