//go:build js && wasm

// Command browser is the page's engine and pages in a dedicated Web Worker: the
// http.Handler of package web, with requests arriving by message instead of by
// socket. static/worker.js loads it and static/host.js is the page's end of it.
//
// The worker has put an object sortkeyHost on the global scope: assets, the
// names of the page's files, scenario, the document that the page is of, if it
// is not the example's, and the functions ready, bug and newID.
package main

import (
	"fmt"
	"syscall/js"

	"github.com/sortkey/sortkey/engine/scenario"
	"github.com/sortkey/sortkey/web"
)

func main() {
	host := js.Global().Get("sortkeyHost")
	bug := func(message string) { host.Call("bug", message) }

	b := &bridge{bug: bug}
	b.desk = begin(host.Get("scenario"), web.Config{
		Assets: stringMap(host.Get("assets")),
		Faults: func(problem any, stack []byte) { bug(fmt.Sprintf("%v\n%s", problem, stack)) },
		NewID:  func() string { return host.Call("newID").String() },
	})
	host.Call("ready", b.functions())
	select {}
}

// begin makes the desk that the page shows already: of the scenario that came
// with it, or of the example.
func begin(text js.Value, c web.Config) *web.Desk {
	if text.Type() != js.TypeString {
		return web.New(c)
	}
	doc, err := scenario.Parse([]byte(text.String()))
	if err != nil {
		panic(err) // the server that sent it has read it
	}
	desk, err := web.Opened(c, doc, scenario.Limits{Replies: scenario.MaxReplies})
	if err != nil {
		panic(err)
	}
	return desk
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
