package port

import (
	"bytes"
	"io"
	"net/http"
	"net/url"

	"github.com/valyala/fasthttp"
)

// question is a request in the form that net/http gives it.
type question struct {
	request http.Request
	url     url.URL
	header  http.Header // the fields by name
	fields  []field     // in the order of the request
	body    body
}

// body is what a handler reads the body from. fasthttp closes it.
type body struct{ io.Reader }

func (*body) Close() error { return nil }

// field is a header of a request. Clients mostly send what they sent before.
type field struct {
	name  string
	value [1]string
}

// read takes a request over, and reports whether it is one.
func (q *question) read(ctx *fasthttp.RequestCtx) bool {
	h := &ctx.Request.Header
	old := &q.request
	q.request = http.Request{
		Method: again(old.Method, h.Method()), RequestURI: again(old.RequestURI, h.RequestURI()), URL: &q.url,
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Header: q.header, Host: again(old.Host, h.Host()),
		Body: http.NoBody,
	}
	if !h.IsHTTP11() {
		q.request.Proto, q.request.ProtoMinor = "HTTP/1.0", 0
	}
	stream := ctx.RequestBodyStream()
	if stream != nil {
		q.body.Reader, q.request.Body = stream, &q.body
		q.request.ContentLength = int64(h.ContentLength())
	}
	return q.readFields(h, stream != nil) && q.readURL()
}

// again is the text in b, without a copy if that is the one from before.
func again(before string, b []byte) string {
	if before == string(b) {
		return before
	}
	return string(b)
}

// readURL reads the address. Nearly all calls go to "/".
func (q *question) readURL() bool {
	if q.request.RequestURI == "/" {
		q.url = url.URL{Path: "/"}
		return true
	}
	u, err := url.ParseRequestURI(q.request.RequestURI)
	if err != nil {
		return false
	}
	q.url = *u
	return true
}

// readFields takes the headers over, and reports whether all names are names.
func (q *question) readFields(h *fasthttp.RequestHeader, hasBody bool) bool {
	n := 0
	for name, value := range h.All() {
		switch string(name) {
		case "Host", "Transfer-Encoding", "Trailer": // net/http has them elsewhere
			continue
		case "Content-Length":
			if !hasBody {
				continue // the 0 is fasthttp's
			}
		}
		if bytes.IndexByte(name, ' ') >= 0 {
			return false
		}
		if n == len(q.fields) {
			q.fields = append(q.fields, field{})
		}
		f := &q.fields[n]
		f.name, f.value[0] = again(f.name, name), again(f.value[0], value)
		n++
	}
	q.fields = q.fields[:n]
	clear(q.header)
	for i := range q.fields {
		f := &q.fields[i]
		if same := q.header[f.name]; same != nil {
			q.header[f.name] = append(same, f.value[0])
		} else {
			q.header[f.name] = f.value[:1:1]
		}
	}
	return true
}
