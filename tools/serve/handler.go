package main

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/sortkey/sortkey/engine"
	"github.com/sortkey/sortkey/engine/endpoint"
	"github.com/sortkey/sortkey/web"
	"github.com/sortkey/sortkey/web/page"
	"github.com/sortkey/sortkey/web/share"
)

// newHandler puts the page, its traffic and the API on one port, over one
// engine that lives in real time.
func newHandler(c config, log *slog.Logger) http.Handler {
	e := engine.New(engine.Options{Seed: 1, Start: time.Now(), Region: c.region, Settings: c.settings})
	e.Faults = func(problem any, stack []byte) {
		log.Error("a bug was answered as InternalServerError", "problem", fmt.Sprint(problem), "stack", string(stack))
	}
	api := endpoint.New(endpoint.Options{
		Engine: e, Region: c.region, AllowOrigins: c.origins, Signers: c.keys.signers(), Now: time.Now, Log: log,
	})
	s := &server{
		api:    api,
		desk:   sameOriginOnly(ticking(api, web.New(web.Config{Engine: e}))),
		files:  files{dir: c.dist},
		region: c.region,
	}
	if c.share != "" {
		s.share = share.New(share.Config{Store: share.Folder(c.share), Assets: s.files.assets, Faults: e.Faults})
	}
	return newGuard(c, s)
}

// server tells the port's uses apart.
type server struct {
	api    *endpoint.Endpoint
	desk   http.Handler
	files  files
	share  http.Handler // nil where nothing is kept
	region string
}

func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	reading := r.Method == http.MethodGet || r.Method == http.MethodHead
	switch {
	case r.URL.Path == "/desk", strings.HasPrefix(r.URL.Path, "/desk/"):
		page.Secure(w.Header())
		if reading && r.URL.Path == "/desk/engine" {
			s.describe(w)
			return
		}
		s.desk.ServeHTTP(w, r)
	case s.share != nil && share.Serves(r.URL.Path):
		s.share.ServeHTTP(w, r)
	case reading && !isProbe(r):
		page.Secure(w.Header())
		s.files.ServeHTTP(w, r)
	default:
		s.api.ServeHTTP(w, r)
	}
}

// isProbe reports whether GET / comes from a client library or a health check
// and not from a browser.
func isProbe(r *http.Request) bool {
	return r.URL.Path == "/" && !strings.Contains(r.Header.Get("Accept"), "text/html")
}

// describe tells the page that there is an engine here to switch to.
func (s *server) describe(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	json.NewEncoder(w).Encode(struct {
		Engine string `json:"engine"`
		Region string `json:"region"`
		Keeps  bool   `json:"keeps"` // scenarios, under short links
	}{"server", s.region, s.share != nil})
}

// ticking moves the engine's clock before each request of the page, as the
// endpoint does before each API call.
func ticking(api *endpoint.Endpoint, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		api.Tick()
		next.ServeHTTP(w, r)
	})
}
