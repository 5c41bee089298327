package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// dist writes a site of a few files.
func dist(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for name, content := range map[string]string{
		"index.html":               "<!doctype html><title>the page</title>",
		"index.html.br":            "brotli of the page",
		"index.html.gz":            "gzip of the page",
		"assets/sortkey.1234.wasm": "\x00asm",
		"assets/desk.1234.js":      "desk()",
		"assets/desk.1234.js.br":   "brotli of desk",
	} {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func handler(t *testing.T, c config) http.Handler {
	t.Helper()
	if c.dist == "" {
		c.dist = dist(t)
	}
	if c.addr == "" {
		c.addr = "127.0.0.1:8000"
	}
	c.region = "us-east-1"
	return newHandler(c, slog.New(slog.DiscardHandler))
}

// request makes a request as a browser on localhost:8000 would; header is
// "Name: value" lines.
func request(method, target, body string, header ...string) *http.Request {
	r := httptest.NewRequest(method, target, strings.NewReader(body))
	r.Host = "localhost:8000"
	for _, line := range header {
		name, value, _ := strings.Cut(line, ": ")
		if name == "Host" {
			r.Host = value
		} else {
			r.Header.Add(name, value)
		}
	}
	return r
}

func do(h http.Handler, r *http.Request) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

var apiHeader = []string{
	"Content-Type: application/x-amz-json-1.0",
	"X-Amz-Target: DynamoDB_20120810.ListTables",
	"X-Amz-Date: 20260101T000000Z",
	"Authorization: AWS4-HMAC-SHA256 Credential=a/20260101/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=0",
}

const browser = "Accept: text/html,application/xhtml+xml,*/*;q=0.8"

// One port, three uses.
func TestRoutes(t *testing.T) {
	h := handler(t, config{})
	cases := []struct {
		name   string
		r      *http.Request
		status int
		want   string // part of the body
	}{
		{"page", request("GET", "/", "", browser), 200, "the page"},
		{"probe", request("GET", "/", ""), 200, "healthy: dynamodb.us-east-1.amazonaws.com "},
		{"probe that takes anything", request("GET", "/", "", "Accept: */*"), 200, "healthy"},
		{"api", request("POST", "/", "{}", apiHeader...), 200, `{"TableNames":[]}`},
		{"api without credentials", request("POST", "/", "{}", apiHeader[:3]...), 400, "MissingAuthenticationToken"},
		{"not the api", request("PUT", "/", ""), 404, "<UnknownOperationException/>"},
		{"asset", request("GET", "/assets/desk.1234.js", ""), 200, "desk()"},
		{"no asset", request("GET", "/assets/desk.9999.js", ""), 404, "nothing here"},
		{"folder", request("GET", "/assets/", ""), 404, "nothing here"},
		{"compressed form by name", request("GET", "/index.html.br", ""), 404, "nothing here"},
		{"outside", request("GET", "/../secret.txt", ""), 404, "nothing here"},
		{"engine", request("GET", "/desk/engine", ""), 200, `{"engine":"server","region":"us-east-1","keeps":false}`},
		{"desk", request("GET", "/desk", ""), 200, `id="desk"`},
		{"no such desk path", request("GET", "/desk/nowhere", ""), 404, ""},
	}
	for _, c := range cases {
		w := do(h, c.r)
		if w.Code != c.status || !strings.Contains(w.Body.String(), c.want) {
			t.Errorf("%s: got %d %.120s, want %d with %q", c.name, w.Code, w.Body, c.status, c.want)
		}
	}
}

// The page's traffic and the API meet in one engine.
func TestDeskShowsWhatTheAPIWrote(t *testing.T) {
	h := handler(t, config{})
	create := request("POST", "/", `{"TableName":"FromTheSDK","KeySchema":[{"AttributeName":"pk","KeyType":"HASH"}],`+
		`"AttributeDefinitions":[{"AttributeName":"pk","AttributeType":"S"}],"BillingMode":"PAY_PER_REQUEST"}`, apiHeader...)
	create.Header.Set("X-Amz-Target", "DynamoDB_20120810.CreateTable")
	if w := do(h, create); w.Code != 200 {
		t.Fatalf("CreateTable: %d %s", w.Code, w.Body)
	}
	if w := do(h, request("GET", "/desk", "")); !strings.Contains(w.Body.String(), "FromTheSDK") {
		t.Errorf("the desk does not show the table: %.300s", w.Body)
	}
}

func TestFiles(t *testing.T) {
	h := handler(t, config{})
	cases := []struct {
		path, accept       string
		body, coding, kind string
		caching            string
	}{
		{"/", "gzip, deflate, br, zstd", "brotli of the page", "br", "text/html; charset=utf-8", "no-cache"},
		{"/", "gzip", "gzip of the page", "gzip", "text/html; charset=utf-8", "no-cache"},
		{"/", "br;q=0, gzip;q=0.5", "gzip of the page", "gzip", "text/html; charset=utf-8", "no-cache"},
		{"/", "", "<!doctype html><title>the page</title>", "", "text/html; charset=utf-8", "no-cache"},
		{"/assets/desk.1234.js", "br", "brotli of desk", "br", "text/javascript; charset=utf-8", "public, max-age=31536000, immutable"},
		{"/assets/desk.1234.js", "gzip", "desk()", "", "text/javascript; charset=utf-8", "public, max-age=31536000, immutable"},
		{"/assets/sortkey.1234.wasm", "br", "\x00asm", "", "application/wasm", "public, max-age=31536000, immutable"},
	}
	for _, c := range cases {
		w := do(h, request("GET", c.path, "", browser, "Accept-Encoding: "+c.accept))
		got := []string{w.Body.String(), w.Header().Get("Content-Encoding"), w.Header().Get("Content-Type"), w.Header().Get("Cache-Control")}
		want := []string{c.body, c.coding, c.kind, c.caching}
		if w.Code != 200 || fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("%s accepting %q: got %d %q, want %q", c.path, c.accept, w.Code, got, want)
		}
		if !strings.Contains(w.Header().Get("Vary"), "Accept-Encoding") {
			t.Errorf("%s: Vary %q", c.path, w.Header().Get("Vary"))
		}
		again := do(h, request("GET", c.path, "", browser, "Accept-Encoding: "+c.accept, "If-None-Match: "+w.Header().Get("ETag")))
		if again.Code != http.StatusNotModified || again.Body.Len() > 0 {
			t.Errorf("%s with its ETag: got %d", c.path, again.Code)
		}
	}
}

// What compression a client gets must not share a tag with another.
func TestETagsDifferByEncoding(t *testing.T) {
	h := handler(t, config{})
	seen := map[string]bool{}
	for _, accept := range []string{"br", "gzip", ""} {
		seen[do(h, request("GET", "/", "", browser, "Accept-Encoding: "+accept)).Header().Get("ETag")] = true
	}
	if len(seen) != 3 {
		t.Errorf("tags %v", seen)
	}
}

func TestSecurityHeaders(t *testing.T) {
	h := handler(t, config{})
	for _, path := range []string{"/", "/assets/desk.1234.js", "/desk", "/nowhere.html"} {
		header := do(h, request("GET", path, "", browser)).Header()
		policy := header.Get("Content-Security-Policy")
		for _, want := range []string{"default-src 'none'", "script-src 'self' 'wasm-unsafe-eval'", "frame-ancestors 'none'"} {
			if !strings.Contains(policy, want) {
				t.Errorf("%s: policy %q lacks %s", path, policy, want)
			}
		}
		if strings.Contains(policy, "unsafe-inline") || strings.Contains(policy, "'unsafe-eval'") {
			t.Errorf("%s: policy %q", path, policy)
		}
		if header.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s: may be sniffed", path)
		}
	}
}

// DNS rebinding: a foreign name that resolves to this machine.
func TestHosts(t *testing.T) {
	cases := []struct {
		host    string
		allowed list
		addr    string
		want    int
	}{
		{"localhost:8000", nil, "", 200},
		{"LOCALHOST", nil, "", 200},
		{"127.0.0.1:8000", nil, "", 200},
		{"[::1]:8000", nil, "", 200},
		{"localhost.:8000", nil, "", 200},
		{"evil.example:8000", nil, "", 403},
		{"localhost.evil.example", nil, "", 403},
		{"127.0.0.1.evil.example:8000", nil, "", 403},
		{"192.168.1.5:8000", nil, "", 403},
		{"192.168.1.5:8000", nil, "192.168.1.5:8000", 200},
		{"dynamodb:8000", list{"dynamodb"}, "", 200},
		{"other:8000", list{"dynamodb"}, "", 403},
		{"anything", list{"*"}, "", 200},
		{"", nil, "", 403},
	}
	for _, c := range cases {
		h := handler(t, config{hosts: c.allowed, addr: c.addr})
		for name, r := range map[string]*http.Request{
			"page": request("GET", "/", "", browser, "Host: "+c.host),
			"api":  request("POST", "/", "{}", append([]string{"Host: " + c.host}, apiHeader...)...),
			"desk": request("GET", "/desk", "", "Host: "+c.host),
		} {
			if w := do(h, r); w.Code != c.want {
				t.Errorf("host %q, allowed %v, %s: got %d, want %d", c.host, c.allowed, name, w.Code, c.want)
			}
		}
	}
}

func TestOrigins(t *testing.T) {
	api := func(origin string) *http.Request {
		return request("POST", "/", "{}", append([]string{"Origin: " + origin}, apiHeader...)...)
	}
	preflight := func(origin string) *http.Request {
		return request("OPTIONS", "/", "", "Origin: "+origin, "Access-Control-Request-Method: POST")
	}
	cases := []struct {
		origin  string
		allowed list
		want    int
	}{
		{"http://localhost:8000", nil, 200},
		{"http://localhost:3000", nil, 403},
		{"http://evil.example", nil, 403},
		{"null", nil, 403},
		{"http://localhost:3000", list{"http://localhost:3000/"}, 200},
		{"http://evil.example", list{"http://localhost:3000"}, 403},
		{"http://evil.example", list{"*"}, 200},
	}
	for _, c := range cases {
		h := handler(t, config{origins: c.allowed})
		for name, r := range map[string]*http.Request{"POST": api(c.origin), "OPTIONS": preflight(c.origin)} {
			w := do(h, r)
			granted := w.Header().Get("Access-Control-Allow-Origin")
			if w.Code != c.want || (granted != "" && c.want == 403) || (granted == "" && len(c.allowed) > 0 && c.want == 200) {
				t.Errorf("%s from %s, allowed %v: got %d, granted %q, want %d", name, c.origin, c.allowed, w.Code, granted, c.want)
			}
		}
	}
}

// The page's own traffic is nobody else's business, whatever origins may call
// the API.
func TestDeskIsForThePageOnly(t *testing.T) {
	h := handler(t, config{origins: list{"*"}})
	form := "Content-Type: application/x-www-form-urlencoded"
	cases := []struct {
		name   string
		header []string
		want   bool // served
	}{
		{"own page", []string{"Origin: http://localhost:8000", "Sec-Fetch-Site: same-origin"}, true},
		{"typed in", []string{"Sec-Fetch-Site: none"}, true},
		{"no browser", nil, true},
		{"another site", []string{"Origin: http://evil.example", "Sec-Fetch-Site: cross-site"}, false},
		{"another port", []string{"Origin: http://localhost:3000", "Sec-Fetch-Site: same-site"}, false},
		{"an old browser elsewhere", []string{"Origin: http://evil.example"}, false},
		{"a form without an origin", []string{"Sec-Fetch-Site: cross-site"}, false},
	}
	for _, c := range cases {
		for _, method := range []string{"POST", "GET"} {
			path := map[string]string{"POST": "/desk/run", "GET": "/desk"}[method]
			w := do(h, request(method, path, "text=ListTables+%7B%7D", append(c.header, form)...))
			if served := w.Code == 200; served != c.want {
				t.Errorf("%s of %s: got %d %.200s", method, c.name, w.Code, w.Body)
			}
		}
	}
}

func TestMissingPage(t *testing.T) {
	h := handler(t, config{dist: filepath.Join(t.TempDir(), "dist")})
	if w := do(h, request("GET", "/", "", browser)); w.Code != 503 || !strings.Contains(w.Body.String(), "make site") {
		t.Errorf("got %d %s, want to be told how to build it", w.Code, w.Body)
	}
	if w := do(h, request("POST", "/", "{}", apiHeader...)); w.Code != 200 {
		t.Errorf("the API without a page: %d %s", w.Code, w.Body)
	}
}

func TestFlags(t *testing.T) {
	c, err := parseFlags([]string{"-allow-origin", "http://a, http://b", "-allow-origin=http://c", "-allow-host", "x"}, io.Discard)
	if err != nil || c.addr != "127.0.0.1:8000" || c.region != "us-east-1" ||
		c.origins.String() != "http://a,http://b,http://c" || c.hosts.String() != "x" {
		t.Errorf("got %+v, %v", c, err)
	}
	if _, err := parseFlags([]string{"8001"}, io.Discard); err == nil {
		t.Error("a stray argument was accepted")
	}
}

// Every setting of the engine is a flag.
func TestSettingFlags(t *testing.T) {
	c, err := parseFlags([]string{"-transition", "2s", "-envelope"}, io.Discard)
	if err != nil || c.settings.Transition != 2*time.Second || !c.settings.Envelope {
		t.Errorf("%+v, %v", c.settings, err)
	}
	if _, err := parseFlags([]string{"-transition", "soon"}, io.Discard); err == nil || !strings.Contains(err.Error(), "not a duration") {
		t.Errorf("a wrong value: %v", err)
	}
}

func TestTakenPort(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	err = run(t.Context(), []string{"-addr", taken.Addr().String()}, io.Discard, io.Discard)
	if err == nil || !strings.Contains(err.Error(), "is taken") || !strings.Contains(err.Error(), "-addr") {
		t.Errorf("got %v, want to be told that the port is taken and how to choose another", err)
	}
}

// TestRun starts on a free port, answers within the promised time, lets a
// request under way finish after the signal, and frees the port.
func TestRun(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	out, in := io.Pipe()
	ended := make(chan error, 1)
	start := time.Now()
	go func() {
		ended <- run(ctx, []string{"-addr", "127.0.0.1:0", "-dist", dist(t)}, in, io.Discard)
	}()
	line := make([]byte, 200)
	n, err := out.Read(line)
	if err != nil {
		t.Fatal(err)
	}
	_, url, _ := strings.Cut(string(line[:n]), "ready: ")
	url, _, _ = strings.Cut(url, " ")
	response, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	text, _ := io.ReadAll(response.Body)
	t.Logf("first answer after %s", time.Since(start))
	if !bytes.HasPrefix(text, []byte("healthy")) {
		t.Errorf("got %s", text)
	}
	stop()
	select {
	case err := <-ended:
		if err != nil {
			t.Error(err)
		}
	case <-time.After(graceful + time.Second):
		t.Fatal("did not stop")
	}
	if _, err := http.Get(url); err == nil {
		t.Error("still answering after the stop")
	}
}

// Scenarios are kept in a folder and shown by the site's own files.
func TestShare(t *testing.T) {
	site := dist(t)
	if err := os.WriteFile(filepath.Join(site, "assets.json"), []byte(`{"desk.css":"assets/desk.1234.css"}`), 0o644); err != nil {
		t.Fatal(err)
	}
	folder := filepath.Join(t.TempDir(), "shared")
	h := handler(t, config{dist: site, share: folder})
	const document = "---\nsortkey: 1\ntitle: Mine\nseed: 1\n---\n"
	w := do(h, request("POST", "/api/scenarios", document, "Origin: http://localhost:8000"))
	if w.Code != 201 {
		t.Fatalf("POST: %d %s", w.Code, w.Body)
	}
	at := w.Header().Get("Location")
	if again := do(h, request("POST", "/api/scenarios", document)); again.Code != 200 || again.Header().Get("Location") != at {
		t.Errorf("again: %d %s, want %s", again.Code, again.Header().Get("Location"), at)
	}
	page := do(h, request("GET", at, "", browser))
	for _, want := range []string{"<title>Mine", "../assets/desk.1234.css", `content="http://localhost:8000` + at + `"`} {
		if !strings.Contains(page.Body.String(), want) {
			t.Errorf("the page (%d) lacks %q", page.Code, want)
		}
	}
	if w := do(h, request("GET", at, "", "If-None-Match: "+page.Header().Get("ETag"))); w.Code != 304 {
		t.Errorf("the page that is known: %d", w.Code)
	}
	if w := do(h, request("GET", "/desk/engine", "")); !strings.Contains(w.Body.String(), `"keeps":true`) {
		t.Errorf("the page is not told: %s", w.Body)
	}
	for _, r := range []*http.Request{
		request("POST", "/api/scenarios", document, "Origin: https://evil.example"),
		request("POST", "/api/scenarios", document, "Host: evil.example"),
	} {
		if w := do(h, r); w.Code != 403 {
			t.Errorf("from elsewhere: %d %s", w.Code, w.Body)
		}
	}
	// Another start of the server finds what was kept.
	if w := do(handler(t, config{dist: site, share: folder}), request("GET", at, "")); w.Code != 200 {
		t.Errorf("after a restart: %d %s", w.Code, w.Body)
	}
	if w := do(handler(t, config{dist: site}), request("GET", at, "")); w.Code != 404 {
		t.Errorf("where nothing is kept: %d", w.Code)
	}
}
