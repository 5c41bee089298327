//go:build js && wasm

// Command browser is the desk and its engine in a dedicated Web Worker: the
// handler of package web, with requests arriving by message instead of by
// socket. static/worker.js loads it and static/host.js is the page's end of it.
//
// The worker has put an object sortkeyHost on the global scope: assets, the
// names of the page's files, scenario, the document that the page is of, if it
// is not the example's, and the functions ready, bug and newID.
package main

import (
	"syscall/js"

	"github.com/sortkey/sortkey/engine/scenario"
	"github.com/sortkey/sortkey/wasm/worker"
	"github.com/sortkey/sortkey/web"
)

func main() {
	host := worker.Find()
	b := &bridge{host: host}
	b.desk = begin(host.Get("scenario"), web.Config{
		Assets: host.Assets(),
		Faults: host.Bug,
		NewID:  func() string { return host.Call("newID").String() },
	})
	host.Ready(b.functions())
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
