//go:build js && wasm

package main

import (
	"fmt"
	"runtime/debug"
	"syscall/js"

	"github.com/sortkey/sortkey/engine"
	"github.com/sortkey/sortkey/web"
)

// bridge answers the worker's requests. All its functions run to their end
// inside the JavaScript call: nothing in the handler or the engine waits.
type bridge struct {
	desk *web.Desk
	bug  func(message string) // tells the page of a panic that became a 500
	kept web.Keep             // what keep gave last
}

// serve is the JavaScript function serve(method, url, body): one request of the
// page. body is a form in a Uint8Array, or null. It returns {status, headers,
// body}; headers is flat (name, value, …).
func (b *bridge) serve(_ js.Value, args []js.Value) (answer any) {
	defer b.recover(&answer)
	a := b.desk.Serve(args[0].String(), args[1].String(), bytesOf(args[2]))
	return newAnswer(a.Status, a.Header, a.Body)
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

// recover turns a panic into an answer and a report, and the desk back to where
// it was before.
func (b *bridge) recover(answer *any) {
	problem := recover()
	if problem == nil {
		return
	}
	b.desk.Revert()
	b.bug(fmt.Sprintf("%v\n%s", problem, debug.Stack()))
	*answer = newAnswer(500, plainText(),
		[]byte("A bug in Sortkey stopped this request. Its data is as it was before."))
}

func plainText() [][2]string {
	return [][2]string{{"Content-Type", "text/plain; charset=utf-8"}}
}

// newAnswer builds the JavaScript object {status, headers, body}.
func newAnswer(status int, header [][2]string, body []byte) js.Value {
	flat := []any{}
	for _, line := range header {
		flat = append(flat, line[0], line[1])
	}
	return js.ValueOf(map[string]any{"status": status, "headers": flat, "body": toArray(body)})
}

// toArray copies bytes into a Uint8Array.
func toArray(b []byte) js.Value {
	array := js.Global().Get("Uint8Array").New(len(b))
	js.CopyBytesToJS(array, b)
	return array
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
