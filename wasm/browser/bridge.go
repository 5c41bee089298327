//go:build js && wasm

package main

import (
	"syscall/js"

	"github.com/sortkey/sortkey/engine"
	"github.com/sortkey/sortkey/wasm/worker"
	"github.com/sortkey/sortkey/web"
)

// bridge answers the worker's requests. All its functions run to their end
// inside the JavaScript call: nothing in the handler or the engine waits.
type bridge struct {
	host worker.Host
	desk *web.Desk
	kept web.Keep // what keep gave last
}

// serve answers one request of the page.
func (b *bridge) serve(method, target string, form []byte) (int, [][2]string, []byte) {
	a := b.desk.Serve(method, target, form)
	return a.Status, a.Header, a.Body
}

// api is the JavaScript function api(target, region, body): one call to the
// engine, with no HTTP and no page between. It returns the same shape as serve.
func (b *bridge) api(_ js.Value, args []js.Value) (answer any) {
	defer b.host.Recover(&answer, b.desk.Revert)
	reply := b.desk.Handle(engine.Call{
		Target: args[0].String(),
		Region: args[1].String(),
		Body:   worker.Bytes(args[2]),
	})
	return worker.Answer(reply.Status, nil, reply.Body)
}
