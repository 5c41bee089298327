package endpoint

import (
	"encoding/json"
	"log/slog"
	"net/http"
	"strings"
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

	// Signers, when set, verify the signatures of requests. When nil, any key
	// and any signature of the right form will do.
	Signers *Signers

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
	signers *Signers
	now     func() time.Time
	log     *slog.Logger
}

// New returns an endpoint over o.Engine.
func New(o Options) *Endpoint {
	p := &Endpoint{engine: o.Engine, region: o.Region, signers: o.Signers, now: o.Now, log: o.Log, origins: map[string]bool{}}
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
// There is one address, "/".
func (p *Endpoint) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	d := desks.Get().(*desk)
	defer d.leave()
	p.allowOrigin(w, r)
	switch {
	case r.Method == http.MethodOptions:
		d.servePreflight(w, r)
	case r.URL.Path != "/" && r.URL.Path != "":
		d.writeUnknown(w)
	case r.Method == http.MethodPost:
		p.serveCall(d, w, r)
	case r.Method == http.MethodGet:
		d.write(w, http.StatusOK, "text/plain; charset=utf-8", []byte(p.Health()))
	default:
		d.writeUnknown(w)
	}
}

// Health is the text that answers GET /, which client libraries and container
// health checks probe for. It ends in a space, as DynamoDB's does.
func (p *Endpoint) Health() string {
	return "healthy: dynamodb." + p.region + ".amazonaws.com "
}

func (p *Endpoint) serveCall(d *desk, w http.ResponseWriter, r *http.Request) {
	contentType, ok := apiContentType(header(r, "Content-Type"))
	if !ok {
		d.writeUnknown(w)
		return
	}
	body, fault := readBody(r, &d.body)
	if fault != nil {
		d.writeFault(w, contentType, fault)
		return
	}
	d.signer = signature{}
	if fault = p.authenticate(&d.signer, r, body); fault == nil {
		body, fault = unpack(r, body)
	}
	if fault != nil {
		d.writeFault(w, contentType, fault)
		return
	}
	reply := p.Handle(engine.Call{
		Target: target(r),
		Region: p.regionOf(&d.signer),
		Body:   body,
		Caller: engine.Caller(d.signer.key),
		Room:   d.reply,
	})
	if reply.Status == http.StatusOK && target(r) == describeEndpoints && r.Host != "" {
		// The host that was asked: a client that discovers endpoints stays here.
		reply.Body = engine.AppendEndpoints(nil, r.Host)
	}
	d.write(w, reply.Status, contentType, reply.Body)
	if cap(reply.Body) > cap(d.reply) {
		d.reply = reply.Body[:0]
	}
}

var describeEndpoints = engine.Target("DescribeEndpoints")

// authenticate finds who signed a request with that body. What cannot be a
// call at all is told before what is wrong with its signature.
func (p *Endpoint) authenticate(s *signature, r *http.Request, body []byte) *fault {
	f := s.read(r)
	if f == nil && p.signers != nil {
		f = p.signers.verify(r, s, body)
	}
	if f == nil {
		return nil
	}
	if text, unreadable := unpack(r, body); unreadable != nil {
		return unreadable
	} else if len(text) > 0 && !json.Valid(text) {
		return faultUnreadable
	}
	if !engine.Serves(target(r)) {
		return faultUnknownOperation
	}
	return f
}

// Handle passes one call to the engine as the HTTP handler does: the clock is
// moved to real time first where the endpoint has one, and a table that is
// missing in the call's region but present in another is logged. The body is
// the caller's own again afterwards.
func (p *Endpoint) Handle(call engine.Call) engine.Reply {
	var reply engine.Reply
	if p.now == nil {
		reply = p.engine.Handle(call)
	} else {
		reply = p.engine.HandleAt(p.now(), call)
	}
	if reply.Status != http.StatusOK {
		p.explainMissing(call, reply)
	}
	return reply
}

// Tick moves the engine's clock to real time. Without Options.Now it does
// nothing. Time that stands still or runs backwards on the host is ignored.
func (p *Endpoint) Tick() {
	if p.now != nil {
		p.engine.Tick(p.now())
	}
}

func (p *Endpoint) regionOf(s *signature) string {
	if s.region == "" {
		return p.region
	}
	return s.region
}

// allowOrigin adds the headers that let a browser hand the answer to a page of
// another, allowed origin.
func (p *Endpoint) allowOrigin(w http.ResponseWriter, r *http.Request) {
	origin := header(r, "Origin")
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
func (d *desk) servePreflight(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	if h.Get("Access-Control-Allow-Origin") != "" {
		echo(h, "Access-Control-Allow-Headers", r.Header.Get("Access-Control-Request-Headers"))
		echo(h, "Access-Control-Allow-Methods", r.Header.Get("Access-Control-Request-Method"))
		h.Set("Access-Control-Max-Age", "172800")
	}
	h.Set("x-amzn-RequestId", d.requestID())
	h.Set("Content-Length", "0")
	w.WriteHeader(http.StatusOK)
}

func echo(h http.Header, name, value string) {
	if value != "" {
		h.Set(name, value)
	}
}

func (d *desk) writeFault(w http.ResponseWriter, contentType string, f *fault) {
	d.write(w, f.status, contentType, f.body())
}

// writeUnknown answers what is no API call: other methods, other content types.
func (d *desk) writeUnknown(w http.ResponseWriter) {
	d.write(w, http.StatusNotFound, "", []byte("<UnknownOperationException/>\n"))
}

// sender is a ResponseWriter that takes an answer in one piece: tools/port has it.
type sender interface {
	// Send answers with headers by their canonical names, besides those that are
	// set, and a body. It keeps neither.
	Send(status int, fields [][2]string, body []byte)
}

// write answers with a body and the headers that go with every one.
func (d *desk) write(w http.ResponseWriter, status int, contentType string, body []byte) {
	length, sum := d.numbers(body)
	d.fields = append(d.fields[:0], [2]string{"Content-Length", length}, [2]string{"X-Amz-Crc32", sum}, [2]string{"X-Amzn-Requestid", d.requestID()})
	if contentType != "" {
		d.fields = append(d.fields, [2]string{"Content-Type", contentType})
	}
	if s, ok := w.(sender); ok {
		s.Send(status, d.fields, body)
		return
	}
	h := w.Header()
	h["Content-Type"] = nil // no sniffing
	values := make([]string, len(d.fields))
	for i, f := range d.fields {
		values[i] = f[1]
		h[f[0]] = values[i : i+1 : i+1]
	}
	w.WriteHeader(status)
	w.Write(body)
}
