//go:build js && wasm

// Command edge is the part of Sortkey that runs on a Cloudflare Worker: package
// web/share over a KV namespace, by way of github.com/syumai/workers. entry.js
// stands in front of it and answers all that needs no Go.
//
// Of syumai/workers the KV client and the loading scripts are used, and not
// Serve: it brings net/http, which is half a megabyte to deploy and a third of
// the time to start, and it ends after one request. What arrives is therefore
// no Request but what entry.js made of one, and program.js calls handleRequest
// again and again, each time when the one before has been answered. Nothing is
// kept in memory from one to the next.
//
// The worker's environment holds SCENARIOS, the namespace, and SITE, the
// site's list of files as tools/site wrote it.
package main

import (
	"context"
	"fmt"
	"os"
	"runtime/debug"
	"syscall/js"

	"github.com/sortkey/sortkey/web/page"
	"github.com/sortkey/sortkey/web/share"
)

func main() {
	// Most requests leave little behind: what there is to collect may wait
	// until it matters.
	debug.SetGCPercent(-1)
	debug.SetMemoryLimit(memoryLimit)

	js.Global().Get("context").Get("binding").Set("handleRequest", js.FuncOf(func(_ js.Value, args []js.Value) any {
		return promise(func() any {
			return toJS(handler().Answer(context.Background(), fromJS(args[0])))
		})
	}))
	ready()
	select {}
}

// memoryLimit is the size in bytes from which the program collects its
// garbage: three of them run in the 128 MB of a worker (program.js).
const memoryLimit = 20 << 20

// ready tells the scripts that handleRequest is there.
//
//go:wasmimport workers ready
func ready()

func handler() *share.Handler {
	return share.New(share.Config{
		Store: namespace("SCENARIOS"),
		Assets: func(context.Context) (map[string]string, error) {
			return share.ReadAssets([]byte(js.Global().Get("context").Get("env").Get("SITE").String()))
		},
		Faults: func(problem any, stack []byte) { fmt.Fprintf(os.Stderr, "%v\n%s", problem, stack) },
	})
}

// promise runs act, which may wait, and gives its result to JavaScript.
func promise(act func() any) js.Value {
	var start js.Func
	start = js.FuncOf(func(_ js.Value, args []js.Value) any {
		start.Release()
		resolve := args[0]
		go func() { resolve.Invoke(act()) }()
		return nil
	})
	return js.Global().Get("Promise").New(start)
}

// fromJS reads a request as entry.js makes it.
func fromJS(v js.Value) share.Request {
	r := share.Request{
		Method: v.Get("method").String(), Path: v.Get("path").String(), Site: v.Get("site").String(),
		Origin: v.Get("origin").String(), IfMatch: v.Get("ifNoneMatch").String(),
	}
	if body := v.Get("body"); !body.IsNull() {
		r.Body = make([]byte, body.Length())
		js.CopyBytesToGo(r.Body, body)
	}
	return r
}

// toJS makes what a JavaScript Response is made of: {status, headers, body}.
func toJS(w page.Answer) js.Value {
	headers := make([]any, len(w.Header))
	for i, line := range w.Header {
		headers[i] = []any{line[0], line[1]}
	}
	body := js.Null()
	if w.Status != 304 {
		body = js.Global().Get("Uint8Array").New(len(w.Body))
		js.CopyBytesToJS(body, w.Body)
	}
	return js.ValueOf(map[string]any{"status": w.Status, "headers": headers, "body": body})
}
