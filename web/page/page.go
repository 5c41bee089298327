// Package page is what the pages of the site have in common: a request as a
// method, an address and a form, an answer as a status, headers and a body, and
// a table of routes between them. It does without net/http, which would make
// the pages' WebAssembly a quarter larger; routes are told apart by hand for the
// same reason.
package page

import (
	"bytes"
	"context"
	"fmt"
	"net/url"
	"strings"
	"sync"

	"github.com/a-h/templ"

	"github.com/sortkey/sortkey/components"
)

// SecureHeaders are what everything that a browser shows is sent with, as
// names and values.
var SecureHeaders = [][2]string{
	{"Content-Security-Policy", components.ContentPolicy + "; frame-ancestors 'none'"},
	{"X-Content-Type-Options", "nosniff"},
	{"Referrer-Policy", "no-referrer"},
	{"Cross-Origin-Opener-Policy", "same-origin"},
	{"Cross-Origin-Resource-Policy", "same-origin"},
	{"X-Frame-Options", "DENY"},
}

// The statuses used by pages, by their names in net/http.
const (
	StatusOK                    = 200
	StatusBadRequest            = 400
	StatusNotFound              = 404
	StatusConflict              = 409
	StatusRequestEntityTooLarge = 413
	StatusUnprocessableEntity   = 422
	StatusInternalServerError   = 500
)

// Config is what a host gives a page that keeps to itself.
type Config struct {
	// Assets maps plain names of static files to where they lie, relative to
	// the page; a missing one stands for itself.
	Assets map[string]string
	// Faults is told of every bug in an engine of the page.
	Faults func(problem any, stack []byte)
}

// Answer is what a page is sent: a status, headers and a body.
type Answer struct {
	Status int
	Header [][2]string
	Body   []byte
}

// Set adds a header.
func (w *Answer) Set(name, value string) { w.Header = append(w.Header, [2]string{name, value}) }

// Plain answers with a text.
func (w *Answer) Plain(text string) {
	w.Set("Content-Type", "text/plain; charset=utf-8")
	w.Set("Cache-Control", "no-store")
	w.Body = []byte(text)
}

// Fail answers with words instead, as a plain text.
func (w *Answer) Fail(words string, status int) {
	w.Status, w.Body = status, []byte(words+"\n")
	w.Header = [][2]string{{"Content-Type", "text/plain; charset=utf-8"}, {"X-Content-Type-Options", "nosniff"}}
}

// Render answers with one component. It is rendered first and sent then, so
// that a failure is an answer and not half a page.
func (w *Answer) Render(c templ.Component) {
	b := drafts.Get().(*bytes.Buffer)
	defer drafts.Put(b)
	b.Reset()
	if err := c.Render(context.Background(), b); err != nil {
		w.Fail(err.Error(), StatusInternalServerError)
		return
	}
	w.Set("Content-Type", "text/html; charset=utf-8")
	w.Set("Cache-Control", "no-store")
	w.Body = bytes.Clone(b.Bytes())
}

// drafts are where answers are rendered whose length is not known before.
var drafts = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// Query is what a request of a page carries: its path's last element where the
// route leaves it open, the address's query and the form, the form first.
type Query struct {
	Last string
	url.Values
}

// MaxForm bounds what a page may post: a request text of a megabyte, three
// bytes for each byte at worst, and the rest of the form.
const MaxForm = 4 << 20

// ReadQuery reads the query of an address and a form, both URL-encoded. A form
// over MaxForm is an error.
func ReadQuery(address string, form []byte) (*Query, error) {
	if len(form) > MaxForm {
		return nil, fmt.Errorf("it is larger than %d bytes", MaxForm)
	}
	values, err := url.ParseQuery(address)
	if err != nil {
		return nil, err
	}
	posted, err := url.ParseQuery(string(form))
	for name, list := range posted {
		values[name] = list
	}
	return &Query{Values: values}, err
}

// Route is one address of a page P, made by Get and Post.
type Route[P any] struct {
	method, path string
	serve        func(P, *Answer, *Query)
}

// Get is a route for reading. A path that ends in a slash takes one more
// element, which is Query.Last.
func Get[P any](path string, serve func(P, *Answer, *Query)) Route[P] {
	return Route[P]{"GET", path, serve}
}

// Post is a route for everything else; its path is like Get's.
func Post[P any](path string, serve func(P, *Answer, *Query)) Route[P] {
	return Route[P]{"POST", path, serve}
}

// Serve answers one request of page p: its method (HEAD is GET), its path with
// the query, and its form.
func Serve[P any](p P, routes []Route[P], method, target string, form []byte) Answer {
	w := Answer{Status: StatusOK}
	path, rest, _ := strings.Cut(target, "?")
	q, err := ReadQuery(rest, form)
	if err != nil {
		w.Fail("This request cannot be read: "+err.Error(), StatusBadRequest)
		return w
	}
	if method == "HEAD" {
		method = "GET"
	}
	r := find(routes, method, path, q)
	if r == nil {
		w.Fail("There is nothing at "+method+" "+path+".", StatusNotFound)
		return w
	}
	r.serve(p, &w, q)
	return w
}

func find[P any](routes []Route[P], method, path string, q *Query) *Route[P] {
	for i, r := range routes {
		if r.method != method {
			continue
		}
		if r.path == path {
			return &routes[i]
		}
		last, ok := strings.CutPrefix(path, r.path)
		if ok && strings.HasSuffix(r.path, "/") && len(r.path) > 1 && last != "" && !strings.Contains(last, "/") {
			q.Last = last
			return &routes[i]
		}
	}
	return nil
}
