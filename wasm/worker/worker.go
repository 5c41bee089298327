//go:build js && wasm

// Package worker is what the programs that run in a page's worker share: how
// bytes and answers cross between Go and JavaScript. static/protocol.d.ts has
// the other side's types.
package worker

import (
	"fmt"
	"runtime/debug"
	"syscall/js"
)

// Host is the object sortkeyHost that the worker's script has put on the global
// scope: see type Host in static/protocol.d.ts.
type Host struct{ js.Value }

// Find returns the host.
func Find() Host { return Host{js.Global().Get("sortkeyHost")} }

// Bug tells the page of a bug that became an answer.
func (h Host) Bug(problem any, stack []byte) { h.Call("bug", fmt.Sprintf("%v\n%s", problem, stack)) }

// Assets are the names of the page's files.
func (h Host) Assets() map[string]string {
	v := h.Get("assets")
	m := map[string]string{}
	keys := js.Global().Get("Object").Call("keys", v)
	for i := range keys.Length() {
		name := keys.Index(i).String()
		m[name] = v.Get(name).String()
	}
	return m
}

// Ready hands the functions over that answer requests, and waits for ever.
func (h Host) Ready(functions map[string]any) {
	h.Call("ready", functions)
	select {}
}

// Serve is the JavaScript function serve(method, url, body, take): one request of
// the page. body is a form in a Uint8Array, or null. It returns {status, headers,
// body}; headers is flat (name, value, …). A panic is an answer and a report;
// revert is called after it. take, if there is one, is given the answer before:
// while a collection of garbage is under way, calls come back only after it.
func (h Host) Serve(serve func(method, target string, form []byte) (status int, header [][2]string, body []byte), revert func()) js.Func {
	return js.FuncOf(func(_ js.Value, args []js.Value) (answer any) {
		if len(args) > 3 {
			defer func() { args[3].Invoke(answer) }()
		}
		defer h.Recover(&answer, revert)
		return Answer(serve(args[0].String(), args[1].String(), Bytes(args[2])))
	})
}

// Does is a JavaScript function that returns what went wrong, "" for nothing.
func (h Host) Does(f func(args []js.Value) error) js.Func {
	return js.FuncOf(func(_ js.Value, args []js.Value) (wrong any) {
		defer func() {
			if problem := recover(); problem != nil {
				h.Bug(problem, debug.Stack())
				wrong = "a bug in Sortkey"
			}
		}()
		if err := f(args); err != nil {
			return err.Error()
		}
		return ""
	})
}

// Recover, deferred, turns a panic into an answer and a report, and calls revert.
func (h Host) Recover(answer *any, revert func()) {
	problem := recover()
	if problem == nil {
		return
	}
	revert()
	h.Bug(problem, debug.Stack())
	*answer = Answer(500, [][2]string{{"Content-Type", "text/plain; charset=utf-8"}},
		[]byte("A bug in Sortkey stopped this request. Its data is as it was before."))
}

// Answer builds the JavaScript object {status, headers, body}.
func Answer(status int, header [][2]string, body []byte) js.Value {
	flat := []any{}
	for _, line := range header {
		flat = append(flat, line[0], line[1])
	}
	return js.ValueOf(map[string]any{"status": status, "headers": flat, "body": Array(body)})
}

// Array copies bytes into a Uint8Array.
func Array(b []byte) js.Value {
	array := js.Global().Get("Uint8Array").New(len(b))
	js.CopyBytesToJS(array, b)
	return array
}

// Bytes copies a Uint8Array into Go; null and undefined are no bytes.
func Bytes(v js.Value) []byte {
	if v.IsNull() || v.IsUndefined() {
		return nil
	}
	b := make([]byte, v.Length())
	js.CopyBytesToGo(b, v)
	return b
}
