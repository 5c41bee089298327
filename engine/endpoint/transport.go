package endpoint

import (
	"bytes"
	"io"
	"net/http"
)

// RoundTrip answers a client's request in the same goroutine, without a socket.
// It is the [net/http.RoundTripper] for an SDK's HTTP client. The request's
// host does not matter. A request whose context is done is not carried out.
func (p *Endpoint) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Body != nil {
		defer r.Body.Close()
	}
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	rec := &recorder{header: http.Header{}}
	p.ServeHTTP(rec, r)
	if r.Method == http.MethodHead {
		rec.body.Reset()
	}
	return rec.response(r), nil
}

// recorder is the ResponseWriter of a round trip.
type recorder struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (rec *recorder) Header() http.Header         { return rec.header }
func (rec *recorder) WriteHeader(status int)      { rec.status = status }
func (rec *recorder) Write(b []byte) (int, error) { return rec.body.Write(b) }

func (rec *recorder) response(r *http.Request) *http.Response {
	return &http.Response{
		Status:        http.StatusText(rec.status),
		StatusCode:    rec.status,
		Proto:         "HTTP/1.1",
		ProtoMajor:    1,
		ProtoMinor:    1,
		Header:        rec.header,
		Body:          io.NopCloser(bytes.NewReader(rec.body.Bytes())),
		ContentLength: int64(rec.body.Len()),
		Request:       r,
	}
}
