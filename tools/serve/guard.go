package main

import (
	"encoding/json"
	"net"
	"net/http"
	"strings"
)

// guard refuses what a web page of someone else's could send to this port:
// requests under a foreign host name (DNS rebinding makes such a name resolve
// to loopback) and requests with a foreign Origin.
type guard struct {
	hosts   map[string]bool
	origins map[string]bool
	next    http.Handler
}

func newGuard(c config, next http.Handler) *guard {
	g := &guard{hosts: map[string]bool{}, origins: map[string]bool{}, next: next}
	bound, _, _ := net.SplitHostPort(c.addr) // listen has seen it to be valid
	for _, host := range append([]string{"localhost", "127.0.0.1", "::1", bound}, c.hosts...) {
		g.hosts[normalHost(host)] = true
	}
	delete(g.hosts, "")
	for _, origin := range c.origins {
		g.origins[strings.ToLower(strings.TrimSuffix(origin, "/"))] = true
	}
	return g
}

func (g *guard) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !g.hosts["*"] && !g.hosts[normalHost(r.Host)] {
		refuse(w, "Sortkey does not answer to the host name "+quote(r.Host)+". Start it with -allow-host to permit it.")
		return
	}
	if !g.permitsOrigin(r) {
		refuse(w, "Sortkey does not take requests from pages of "+quote(r.Header.Get("Origin"))+". Start it with -allow-origin to permit them.")
		return
	}
	g.next.ServeHTTP(w, r)
}

func (g *guard) permitsOrigin(r *http.Request) bool {
	origin := strings.ToLower(r.Header.Get("Origin"))
	return origin == "" || sameOrigin(r, origin) || g.origins["*"] || g.origins[origin]
}

// sameOrigin compares an Origin header with the host asked for. The port is
// plain HTTP, but a proxy in front may speak HTTPS.
func sameOrigin(r *http.Request, origin string) bool {
	_, host, ok := strings.Cut(origin, "://")
	return ok && host == strings.ToLower(r.Host)
}

// sameOriginOnly protects the page's own traffic, which no other page has any
// business with: browsers say where a request comes from.
func sameOriginOnly(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		site := r.Header.Get("Sec-Fetch-Site")
		origin := strings.ToLower(r.Header.Get("Origin"))
		if (site != "" && site != "same-origin" && site != "none") || (origin != "" && !sameOrigin(r, origin)) {
			refuse(w, "This address is for Sortkey's own page.")
			return
		}
		next.ServeHTTP(w, r)
	})
}

// refuse answers in the form of an API error: clients show the message.
func refuse(w http.ResponseWriter, message string) {
	w.Header().Set("Content-Type", "application/x-amz-json-1.0")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(http.StatusForbidden)
	json.NewEncoder(w).Encode(struct {
		Type    string `json:"__type"`
		Message string `json:"Message"`
	}{"com.amazon.coral.service#AccessDeniedException", message})
}

// normalHost strips port, brackets and the root's dot from a Host header.
func normalHost(hostport string) string {
	host := hostport
	if h, _, err := net.SplitHostPort(hostport); err == nil {
		host = h
	}
	host = strings.TrimSuffix(strings.TrimPrefix(host, "["), "]")
	return strings.ToLower(strings.TrimSuffix(host, "."))
}

func quote(s string) string {
	if len(s) > 100 {
		s = s[:100] + "…"
	}
	return `"` + s + `"`
}
