package endpoint

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"hash/crc32"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/sortkey/sortkey/engine"
)

const signed = "AWS4-HMAC-SHA256 Credential=AKID/20260101/us-east-1/dynamodb/aws4_request, SignedHeaders=host;x-amz-date, Signature=00"

// post is a well-formed API request that tests then spoil.
func post(operation, body string) *http.Request {
	r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(body))
	r.Header.Set("Content-Type", "application/x-amz-json-1.0")
	r.Header.Set("X-Amz-Target", "DynamoDB_20120810."+operation)
	r.Header.Set("X-Amz-Date", "20260101T000000Z")
	r.Header.Set("Authorization", signed)
	return r
}

func inRegion(r *http.Request, region string) *http.Request {
	r.Header.Set("Authorization", strings.Replace(signed, "us-east-1", region, 1))
	return r
}

func serve(p *Endpoint, r *http.Request) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	p.ServeHTTP(w, r)
	return w
}

func fresh(t *testing.T, o Options) *Endpoint {
	t.Helper()
	o.Engine = engine.New(engine.Options{Seed: 1})
	t.Cleanup(func() {
		if err := o.Engine.Check(); err != nil {
			t.Error(err)
		}
	})
	return New(o)
}

const createShop = `{"TableName":"Shop","KeySchema":[{"AttributeName":"pk","KeyType":"HASH"}],` +
	`"AttributeDefinitions":[{"AttributeName":"pk","AttributeType":"S"}],"BillingMode":"PAY_PER_REQUEST"}`

// Every answer carries a request id, and the checksum that SDKs compare; those
// to calls are of the type that the request had.
func TestAnswerHeaders(t *testing.T) {
	p := fresh(t, Options{})
	typed := func(contentType string, r *http.Request) *http.Request {
		r.Header.Set("Content-Type", contentType)
		return r
	}
	unsigned := post("ListTables", "{}")
	unsigned.Header.Del("Authorization")
	for _, c := range []struct {
		r      *http.Request
		status int
		want   string // content type
	}{
		{post("ListTables", "{}"), 200, "application/x-amz-json-1.0"},
		{typed("application/x-amz-json-1.1", post("ListTables", "{}")), 200, "application/x-amz-json-1.1"},
		{typed("Application/X-Amz-JSON-1.1; charset=utf-8", post("ListTables", "{}")), 200, "application/x-amz-json-1.1"},
		{typed("application/x-amz-json-1.1", post("DeleteTable", "{}")), 400, "application/x-amz-json-1.1"},
		{unsigned, 400, "application/x-amz-json-1.0"},
		{post("ListTables", strings.Repeat(" ", MaxBody+1)), 413, "application/x-amz-json-1.0"},
		{typed("text/html", post("ListTables", "{}")), 404, ""},
		{httptest.NewRequest(http.MethodGet, "/", nil), 200, "text/plain; charset=utf-8"},
	} {
		w := serve(p, c.r)
		if w.Code != c.status {
			t.Fatalf("got %d %s, want %d", w.Code, w.Body, c.status)
		}
		if got := w.Header().Get("Content-Type"); got != c.want {
			t.Errorf("Content-Type %q, want %q", got, c.want)
		}
		if got := w.Header().Get("Content-Length"); got != fmt.Sprint(w.Body.Len()) {
			t.Errorf("Content-Length %s of %d bytes", got, w.Body.Len())
		}
		if id := w.Header().Get("x-amzn-RequestId"); !regexp.MustCompile(`^[A-Z0-9]{52}$`).MatchString(id) {
			t.Errorf("request id %q", id)
		}
		if got, want := w.Header().Get("x-amz-crc32"), fmt.Sprint(crc32.ChecksumIEEE(w.Body.Bytes())); got != want {
			t.Errorf("x-amz-crc32 %s, want %s", got, want)
		}
	}
}

func TestRequestIDsDiffer(t *testing.T) {
	p := fresh(t, Options{})
	one, two := serve(p, post("ListTables", "{}")), serve(p, post("ListTables", "{}"))
	if one.Header().Get("x-amzn-RequestId") == two.Header().Get("x-amzn-RequestId") {
		t.Error("two answers with one request id")
	}
}

func TestHealth(t *testing.T) {
	p := fresh(t, Options{Region: "eu-west-3"})
	w := serve(p, httptest.NewRequest(http.MethodGet, "/", nil))
	if w.Code != 200 || w.Body.String() != "healthy: dynamodb.eu-west-3.amazonaws.com " {
		t.Errorf("got %d %q", w.Code, w.Body)
	}
}

// What is no API call at all is answered in XML, as AWS does.
func TestNotTheAPI(t *testing.T) {
	p := fresh(t, Options{})
	form := post("ListTables", "{}")
	form.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	untyped := post("ListTables", "{}")
	untyped.Header.Del("Content-Type")
	for name, r := range map[string]*http.Request{
		"PUT":    httptest.NewRequest(http.MethodPut, "/", nil),
		"DELETE": httptest.NewRequest(http.MethodDelete, "/", nil),
		"HEAD":   httptest.NewRequest(http.MethodHead, "/", nil),
		"path":   httptest.NewRequest(http.MethodGet, "/favicon.ico", nil),
		"path of a call": func() *http.Request {
			r := post("ListTables", "{}")
			r.URL.Path = "/dynamodb"
			return r
		}(),
		"form":    form,
		"no type": untyped,
		"wrong json": func() *http.Request {
			r := post("ListTables", "{}")
			r.Header.Set("Content-Type", "text/json")
			return r
		}(),
	} {
		w := serve(p, r)
		if w.Code != 404 || w.Body.String() != "<UnknownOperationException/>\n" {
			t.Errorf("%s: got %d %q", name, w.Code, w.Body)
		}
	}
}

func TestAuthentication(t *testing.T) {
	const incomplete = `{"__type":"com.amazon.coral.service#IncompleteSignatureException","message":"`
	cases := []struct {
		name  string
		spoil func(*http.Request)
		want  string
	}{
		{"none", func(r *http.Request) { r.Header.Del("Authorization") },
			`{"__type":"com.amazon.coral.service#MissingAuthenticationTokenException","message":"Request is missing Authentication Token"}`},
		{"basic", func(r *http.Request) { r.Header.Set("Authorization", "Basic dTpw") },
			`{"__type":"com.amazon.coral.service#MissingAuthenticationTokenException","message":"Request is missing Authentication Token"}`},
		{"algorithm only", func(r *http.Request) { r.Header.Set("Authorization", "AWS4-HMAC-SHA256") },
			incomplete + `Authorization header requires 'Credential' parameter. Authorization header requires 'Signature' parameter. Authorization header requires 'SignedHeaders' parameter. Authorization=AWS4-HMAC-SHA256"}`},
		{"no signature", func(r *http.Request) {
			r.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential=a/b/c/d/e, SignedHeaders=host")
		}, incomplete + `Authorization header requires 'Signature' parameter. Authorization=AWS4-HMAC-SHA256 Credential=a/b/c/d/e, SignedHeaders=host"}`},
		{"no date", func(r *http.Request) { r.Header.Del("X-Amz-Date") },
			incomplete + `Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. Authorization=` + signed + `"}`},
		{"short scope", func(r *http.Request) {
			r.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential=AKID/us-east-1, SignedHeaders=host, Signature=0")
		}, incomplete + `Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got 'AKID/us-east-1'"}`},
		{"two at once", func(r *http.Request) { r.URL.RawQuery = "X-Amz-Algorithm=AWS4-HMAC-SHA256" },
			`{"__type":"com.amazon.coral.service#InvalidSignatureException","message":"Found both 'X-Amz-Algorithm' as a query-string param and 'Authorization' as HTTP header."}`},
		{"half presigned", func(r *http.Request) {
			r.Header.Del("Authorization")
			r.URL.RawQuery = "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=a/b/c/d/e&X-Amz-Signature=0"
		}, incomplete + `AWS query-string parameters must include 'X-Amz-SignedHeaders'. AWS query-string parameters must include 'X-Amz-Date'. Re-examine the query-string parameters."}`},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			r := post("ListTables", "{}")
			c.spoil(r)
			w := serve(fresh(t, Options{}), r)
			if w.Code != 400 || w.Body.String() != c.want {
				t.Errorf("got %d %s\nwant    %s", w.Code, w.Body, c.want)
			}
		})
	}
}

func TestPresigned(t *testing.T) {
	r := post("ListTables", "{}")
	r.Header.Del("Authorization")
	r.URL.RawQuery = "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=k/20260101/us-east-1/dynamodb/aws4_request" +
		"&X-Amz-Signature=0&X-Amz-SignedHeaders=host&X-Amz-Date=20260101T000000Z"
	if w := serve(fresh(t, Options{}), r); w.Code != 200 {
		t.Errorf("got %d %s", w.Code, w.Body)
	}
	// Presigning may move the target into the query.
	r = httptest.NewRequest(http.MethodPost, "/?"+r.URL.RawQuery+"&X-Amz-Target=DynamoDB_20120810.ListTables", strings.NewReader("{}"))
	r.Header.Set("Content-Type", "application/x-amz-json-1.0")
	if w := serve(fresh(t, Options{}), r); w.Code != 200 {
		t.Errorf("with the target in the query: got %d %s", w.Code, w.Body)
	}
}

// What cannot be a call at all is told first; whether a body suits the
// operation only those learn who are signed.
func TestOrderOfAuthentication(t *testing.T) {
	for _, c := range []struct{ target, encoding, body, want string }{
		{"DynamoDB_20120810.ListTables", "", `{`, "SerializationException"},
		{"DynamoDB_20120810.Nothing", "", `{`, "SerializationException"},
		{"DynamoDB_20120810.ListTables", "gzip", `{}`, "SerializationException"},
		{"DynamoDB_20120810.Nothing", "", `{}`, "UnknownOperationException"},
		{"", "", ``, "UnknownOperationException"},
		{"DynamoDB_20120810.ListTables", "", ``, "MissingAuthenticationTokenException"},
		{"DynamoDB_20120810.ListTables", "", `{"Limit":"x"}`, "MissingAuthenticationTokenException"},
		{"DynamoDB_20120810.ListTables", "", `{"Limit":0}`, "MissingAuthenticationTokenException"},
	} {
		r := post("ListTables", c.body)
		r.Header.Del("Authorization")
		r.Header.Set("X-Amz-Target", c.target)
		r.Header.Set("Content-Encoding", c.encoding)
		if w := serve(fresh(t, Options{}), r); w.Code != 400 || !strings.Contains(w.Body.String(), "#"+c.want) {
			t.Errorf("%q with %q: got %d %s, want %s", c.target, c.body, w.Code, w.Body, c.want)
		}
	}
}

// The credential's scope picks the region; keys separate nothing; the log
// explains a table that is missed in one region and present in another.
func TestRegions(t *testing.T) {
	var log bytes.Buffer
	p := fresh(t, Options{Log: slog.New(slog.NewTextHandler(&log, nil))})
	if w := serve(p, inRegion(post("CreateTable", createShop), "eu-west-3")); w.Code != 200 {
		t.Fatalf("CreateTable: %d %s", w.Code, w.Body)
	}
	describe := func(region, key string) int {
		r := inRegion(post("DescribeTable", `{"TableName":"Shop"}`), region)
		r.Header.Set("Authorization", strings.Replace(r.Header.Get("Authorization"), "AKID", key, 1))
		return serve(p, r).Code
	}
	if got := describe("eu-west-3", "OTHER"); got != 200 {
		t.Errorf("another key in the same region: %d, want 200", got)
	}
	if log.Len() > 0 {
		t.Errorf("log before any miss: %s", &log)
	}
	if got := describe("us-east-1", "AKID"); got != 400 {
		t.Errorf("the other region: %d, want 400", got)
	}
	for _, want := range []string{"table=Shop", "asked=us-east-1", "found=eu-west-3"} {
		if !strings.Contains(log.String(), want) {
			t.Errorf("log lacks %s: %s", want, &log)
		}
	}
	log.Reset()
	serve(p, post("DescribeTable", `{"TableName":"Nowhere"}`))
	if log.Len() > 0 {
		t.Errorf("log for a table that is nowhere: %s", &log)
	}
}

func gzipped(s string) *bytes.Buffer {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	io.WriteString(z, s)
	z.Close()
	return &b
}

func TestBodies(t *testing.T) {
	huge := strings.Repeat(" ", MaxBody+1)
	cases := []struct {
		name     string
		body     io.Reader
		encoding string
		status   int
		want     string // part of the answer
	}{
		{"gzip", gzipped(`{"Limit":3}`), "gzip", 200, `{"TableNames":[]}`},
		{"not gzip", strings.NewReader("{}"), "gzip", 400, "SerializationException"},
		{"empty", strings.NewReader(""), "", 400, "SerializationException"},
		{"too large", strings.NewReader(huge), "", 413, "larger than 16 MB"},
		{"too large, length unknown", io.MultiReader(strings.NewReader(huge)), "", 413, "larger than 16 MB"},
		{"too large once unpacked", gzipped(huge), "gzip", 413, "larger than 16 MB"},
		{"as large as can be", strings.NewReader("{}" + huge[3:]), "", 200, `{"TableNames":[]}`},
		{"8 MB of [", strings.NewReader(strings.Repeat("[", 8<<20)), "", 400, "SerializationException"},
		{"invalid UTF-8", strings.NewReader("{\"TableName\":\"\xff\xfe\"}"), "", 400, "__type"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			r := post("ListTables", "")
			r.Body, r.ContentLength = io.NopCloser(c.body), -1
			if s, ok := c.body.(*strings.Reader); ok {
				r.ContentLength = s.Size()
			}
			if c.encoding != "" {
				r.Header.Set("Content-Encoding", c.encoding)
			}
			w := serve(fresh(t, Options{}), r)
			if w.Code != c.status || !strings.Contains(w.Body.String(), c.want) {
				t.Errorf("got %d %.200s, want %d with %q", w.Code, w.Body, c.status, c.want)
			}
		})
	}
}

func TestOrigins(t *testing.T) {
	p := fresh(t, Options{AllowOrigins: []string{"http://localhost:3000"}})
	preflight := func(origin string) http.Header {
		r := httptest.NewRequest(http.MethodOptions, "/", nil)
		r.Header.Set("Origin", origin)
		r.Header.Set("Access-Control-Request-Method", "POST")
		r.Header.Set("Access-Control-Request-Headers", "authorization,x-amz-target")
		return serve(p, r).Header()
	}
	h := preflight("http://localhost:3000")
	for name, want := range map[string]string{
		"Access-Control-Allow-Origin":  "http://localhost:3000",
		"Access-Control-Allow-Headers": "authorization,x-amz-target",
		"Access-Control-Allow-Methods": "POST",
		"Access-Control-Max-Age":       "172800",
	} {
		if got := h.Get(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	for name := range preflight("http://evil.example") {
		if strings.HasPrefix(name, "Access-Control-") {
			t.Errorf("a foreign origin was granted %s", name)
		}
	}
	for _, operation := range []string{"ListTables", "Nothing"} { // pages may see their failures too
		r := post(operation, "{}")
		r.Header.Set("Origin", "http://localhost:3000")
		h := serve(p, r).Header()
		if got := h.Get("Access-Control-Allow-Origin"); got != "http://localhost:3000" {
			t.Errorf("answer to an allowed origin: Access-Control-Allow-Origin %q", got)
		}
		if got := h.Get("Access-Control-Expose-Headers"); !strings.Contains(got, "x-amzn-RequestId") || !strings.Contains(got, "x-amz-crc32") {
			t.Errorf("exposed headers: %q", got)
		}
	}
}

// Real time drives the engine's clock, and never backwards.
func TestClock(t *testing.T) {
	now := engine.DefaultStart.Add(time.Hour)
	p := fresh(t, Options{Now: func() time.Time { return now }})
	serve(p, post("ListTables", "{}"))
	if got := p.engine.Now(); !got.Equal(now) {
		t.Errorf("clock at %s, want %s", got, now)
	}
	before := now
	now = now.Add(-time.Minute)
	if w := serve(p, post("ListTables", "{}")); w.Code != 200 {
		t.Errorf("after the host's clock was set back: %d %s", w.Code, w.Body)
	}
	if got := p.engine.Now(); !got.Equal(before) {
		t.Errorf("clock at %s, want it to stay at %s", got, before)
	}
}
