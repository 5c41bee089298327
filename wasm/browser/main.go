//go:build js && wasm

// Command browser is the page's engine and pages in a dedicated Web Worker: the
// http.Handler of package web, with requests arriving by message instead of by
// socket. static/worker.js loads it and static/host.js is the page's end of it.
//
// The worker has put an object sortkeyHost on the global scope: assets, the
// names of the page's files, and the functions ready and bug.
package main

import (
	"fmt"
	"syscall/js"

	"github.com/sortkey/sortkey/web"
)

func main() {
	host := js.Global().Get("sortkeyHost")
	bug := func(message string) { host.Call("bug", message) }

	b := &bridge{bug: bug}
	b.desk = web.New(web.Config{
		Assets: stringMap(host.Get("assets")),
		Faults: func(problem any, stack []byte) { bug(fmt.Sprintf("%v\n%s", problem, stack)) },
	})
	host.Call("ready", map[string]any{"serve": js.FuncOf(b.serve), "api": js.FuncOf(b.api)})
	select {}
}

// stringMap reads a JavaScript object of strings.
func stringMap(v js.Value) map[string]string {
	m := map[string]string{}
	keys := js.Global().Get("Object").Call("keys", v)
	for i := range keys.Length() {
		name := keys.Index(i).String()
		m[name] = v.Get(name).String()
	}
	return m
}
