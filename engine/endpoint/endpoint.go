package endpoint

import (
	"log/slog"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/sortkey/sortkey/engine"
)

// MaxBody is the largest request body in bytes, before and after decompression.
const MaxBody = 16 << 20

// DefaultRegion is the region of requests whose credentials name none.
const DefaultRegion = "us-east-1"

// Options configures an [Endpoint]. Engine is required.
type Options struct {
	Engine *engine.Engine

	// Region answers the health probe and requests that name no region.
	// Empty means DefaultRegion.
	Region string

	// AllowOrigins lists the origins ("https://example.com") whose pages may
	// call the endpoint from a browser; "*" stands for all of them. Requests
	// without an Origin header are not concerned.
	AllowOrigins []string

	// Now, when set, is the host's real time: the engine's clock is moved to it
	// before each call. When nil the engine's clock stays the host's business.
	Now func() time.Time

	// Log receives a line when a request asks one region for a table that
	// exists in another. Nil is silent.
	Log *slog.Logger
}

// Endpoint serves one engine over HTTP. It is safe for concurrent use.
type Endpoint struct {
	engine  *engine.Engine
	region  string
	origins map[string]bool
	now     func() time.Time
	log     *slog.Logger
	clock   sync.Mutex // orders readings of now with the clock steps they cause
}

// New returns an endpoint over o.Engine.
func New(o Options) *Endpoint {
	p := &Endpoint{engine: o.Engine, region: o.Region, now: o.Now, log: o.Log, origins: map[string]bool{}}
	if p.region == "" {
		p.region = DefaultRegion
	}
	if p.log == nil {
		p.log = slog.New(slog.DiscardHandler)
	}
	for _, origin := range o.AllowOrigins {
		p.origins[strings.ToLower(strings.TrimSuffix(origin, "/"))] = true
	}
	return p
}

// ServeHTTP answers one request: an API call, a health probe, or a preflight.
func (p *Endpoint) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	p.allowOrigin(w, r)
	switch r.Method {
	case http.MethodPost:
		p.serveCall(w, r)
	case http.MethodGet:
		p.write(w, http.StatusOK, "text/plain; charset=utf-8", []byte(p.Health()))
	case http.MethodOptions:
		p.servePreflight(w, r)
	default:
		p.writeUnknown(w)
	}
}

// Health is the text that answers GET /, which client libraries and container
// health checks probe for. It ends in a space, as DynamoDB's does.
func (p *Endpoint) Health() string {
	return "healthy: dynamodb." + p.region + ".amazonaws.com "
}

func (p *Endpoint) serveCall(w http.ResponseWriter, r *http.Request) {
	contentType, ok := apiContentType(r.Header.Get("Content-Type"))
	if !ok {
		p.writeUnknown(w)
		return
	}
	body, fault := readBody(w, r)
	if fault != nil {
		p.writeFault(w, contentType, fault)
		return
	}
	cred, fault := authenticate(r)
	if fault != nil {
		p.writeFault(w, contentType, fault)
		return
	}
	call := engine.Call{
		Target: r.Header.Get("X-Amz-Target"),
		Region: p.regionOf(cred),
		Body:   body,
		Caller: engine.Caller(cred.key),
	}
	reply := p.Handle(call)
	p.write(w, reply.Status, contentType, reply.Body)
}

// Handle passes one call to the engine as the HTTP handler does: the clock is
// moved to real time first where the endpoint has one, and a table that is
// missing in the call's region but present in another is logged.
func (p *Endpoint) Handle(call engine.Call) engine.Reply {
	p.Tick()
	reply := p.engine.Handle(call)
	if reply.Status != http.StatusOK {
		p.explainMissing(call, reply)
	}
	return reply
}

// Tick moves the engine's clock to real time. Without Options.Now it does
// nothing. Time that stands still or runs backwards on the host is ignored.
func (p *Endpoint) Tick() {
	if p.now == nil {
		return
	}
	p.clock.Lock()
	defer p.clock.Unlock()
	if t := p.now(); t.After(p.engine.Now()) {
		// The only error is a time before the engine's, excluded just above.
		_ = p.engine.AdvanceTo(t)
	}
}

func (p *Endpoint) regionOf(cred credential) string {
	if cred.region == "" {
		return p.region
	}
	return cred.region
}

// allowOrigin adds the headers that let a browser hand the answer to a page of
// another, allowed origin.
func (p *Endpoint) allowOrigin(w http.ResponseWriter, r *http.Request) {
	origin := r.Header.Get("Origin")
	if origin == "" || !(p.origins["*"] || p.origins[strings.ToLower(origin)]) {
		return
	}
	h := w.Header()
	h.Set("Access-Control-Allow-Origin", origin)
	h.Add("Vary", "Origin")
	h.Set("Access-Control-Expose-Headers", "x-amzn-RequestId, x-amz-crc32, Date")
}

// servePreflight answers OPTIONS: for an allowed origin it grants whatever the
// browser asks for, for two days; for others it grants nothing.
func (p *Endpoint) servePreflight(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	if h.Get("Access-Control-Allow-Origin") != "" {
		echo(h, "Access-Control-Allow-Headers", r.Header.Get("Access-Control-Request-Headers"))
		echo(h, "Access-Control-Allow-Methods", r.Header.Get("Access-Control-Request-Method"))
		h.Set("Access-Control-Max-Age", "172800")
	}
	h.Set("x-amzn-RequestId", requestID())
	h.Set("Content-Length", "0")
	w.WriteHeader(http.StatusOK)
}

func echo(h http.Header, name, value string) {
	if value != "" {
		h.Set(name, value)
	}
}

func (p *Endpoint) writeFault(w http.ResponseWriter, contentType string, f *fault) {
	p.write(w, f.status, contentType, f.body())
}

// writeUnknown answers what is no API call: other methods, other content types.
func (p *Endpoint) writeUnknown(w http.ResponseWriter) {
	p.write(w, http.StatusNotFound, "", []byte("<UnknownOperationException/>\n"))
}

func (p *Endpoint) write(w http.ResponseWriter, status int, contentType string, body []byte) {
	h := w.Header()
	h["Content-Type"] = nil // no sniffing
	if contentType != "" {
		h.Set("Content-Type", contentType)
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	h.Set("x-amzn-RequestId", requestID())
	h.Set("x-amz-crc32", checksum(body))
	w.WriteHeader(status)
	w.Write(body)
}
