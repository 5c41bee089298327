//go:build !js

package page

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

// ServeHTTP is a page's Serve as an http.HandlerFunc. The pages' WebAssembly is
// built without it.
func ServeHTTP(serve func(method, target string, form []byte) Answer, w http.ResponseWriter, r *http.Request) {
	var form []byte
	if r.Method == http.MethodPost && r.Body != nil {
		var err error
		if form, err = io.ReadAll(io.LimitReader(r.Body, MaxForm+1)); err != nil {
			http.Error(w, "This request cannot be read: "+err.Error(), http.StatusBadRequest)
			return
		}
	}
	a := serve(r.Method, r.URL.RequestURI(), form)
	for _, line := range a.Header {
		w.Header().Set(line[0], line[1])
	}
	w.WriteHeader(a.Status)
	w.Write(a.Body)
}
