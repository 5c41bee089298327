//go:build js && wasm

package main

import (
	"bytes"
	"fmt"
	"maps"
	"net/http"
	"runtime/debug"
	"slices"
	"syscall/js"

	"github.com/sortkey/sortkey/engine"
	"github.com/sortkey/sortkey/web"
)

// bridge answers the worker's requests. Both its functions run to their end
// inside the JavaScript call: nothing in the handler or the engine waits.
type bridge struct {
	desk *web.Desk
	bug  func(message string) // tells the page of a panic that became a 500
}

// serve is the JavaScript function serve(method, url, headers, body): one
// request to the page's handler. headers is flat (name, value, …); body is a
// Uint8Array or null. It returns {status, headers, body}.
func (b *bridge) serve(_ js.Value, args []js.Value) (answer any) {
	defer b.recover(&answer)
	r, err := newRequest(args[0].String(), args[1].String(), args[2], args[3])
	if err != nil {
		return newAnswer(http.StatusBadRequest, plainText(), []byte(err.Error()))
	}
	rec := &recorder{header: http.Header{}}
	b.desk.ServeHTTP(rec, r)
	rec.WriteHeader(http.StatusOK) // unless the handler has set another
	return newAnswer(rec.status, rec.header, rec.body.Bytes())
}

// api is the JavaScript function api(target, region, body): one call to the
// engine, with no HTTP and no page between. It returns the same shape as serve.
func (b *bridge) api(_ js.Value, args []js.Value) (answer any) {
	defer b.recover(&answer)
	reply := b.desk.Handle(engine.Call{
		Target: args[0].String(),
		Region: args[1].String(),
		Body:   bytesOf(args[2]),
	})
	return newAnswer(reply.Status, nil, reply.Body)
}

// recover turns a panic into an answer and a report; the engine has kept its
// state by its own means.
func (b *bridge) recover(answer *any) {
	problem := recover()
	if problem == nil {
		return
	}
	b.bug(fmt.Sprintf("%v\n%s", problem, debug.Stack()))
	*answer = newAnswer(http.StatusInternalServerError, plainText(),
		[]byte("A bug in Sortkey stopped this request. Its data is as it was before."))
}

func plainText() http.Header {
	return http.Header{"Content-Type": {"text/plain; charset=utf-8"}}
}

func newRequest(method, url string, headers, body js.Value) (*http.Request, error) {
	r, err := http.NewRequest(method, url, bytes.NewReader(bytesOf(body)))
	if err != nil {
		return nil, err
	}
	r.Host, r.RequestURI = "tab", url
	for i := 0; i+1 < headers.Length(); i += 2 {
		r.Header.Add(headers.Index(i).String(), headers.Index(i+1).String())
	}
	return r, nil
}

// newAnswer builds the JavaScript object {status, headers, body}.
func newAnswer(status int, header http.Header, body []byte) js.Value {
	flat := []any{}
	for _, name := range slices.Sorted(maps.Keys(header)) {
		for _, value := range header[name] {
			flat = append(flat, name, value)
		}
	}
	array := js.Global().Get("Uint8Array").New(len(body))
	js.CopyBytesToJS(array, body)
	return js.ValueOf(map[string]any{"status": status, "headers": flat, "body": array})
}

// bytesOf copies a Uint8Array into Go; null and undefined are no bytes.
func bytesOf(v js.Value) []byte {
	if v.IsNull() || v.IsUndefined() {
		return nil
	}
	b := make([]byte, v.Length())
	js.CopyBytesToGo(b, v)
	return b
}

// recorder is the ResponseWriter of one request.
type recorder struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (rec *recorder) Header() http.Header { return rec.header }

func (rec *recorder) WriteHeader(status int) {
	if rec.status == 0 {
		rec.status = status
	}
}

func (rec *recorder) Write(b []byte) (int, error) {
	rec.WriteHeader(http.StatusOK)
	return rec.body.Write(b)
}
