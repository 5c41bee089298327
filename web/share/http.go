//go:build !js

package share

import (
	"io"
	"net/http"
	"strings"
)

// ServeHTTP answers one request.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(io.LimitReader(r.Body, MaxText+1))
	if err != nil {
		http.Error(w, "The document did not arrive.", http.StatusBadRequest)
		return
	}
	scheme := "http"
	if r.TLS != nil {
		scheme = "https"
	}
	a := h.Answer(r.Context(), Request{
		Method: r.Method, Path: r.URL.Path, Site: scheme + "://" + r.Host, Origin: r.Header.Get("Origin"),
		IfMatch: strings.Join(r.Header.Values("If-None-Match"), ","), Body: body,
	})
	for _, line := range a.Header {
		w.Header().Set(line[0], line[1])
	}
	w.WriteHeader(a.Status)
	w.Write(a.Body)
}
