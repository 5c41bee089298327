//go:build js && wasm

package main

import (
	"syscall/js"
	"time"

	"github.com/sortkey/sortkey/wasm/worker"
	"github.com/sortkey/sortkey/web/global"
)

// region is the page of a region in this tab, as functions for the worker: see
// type Region in static/protocol.d.ts.
func region(host worker.Host) map[string]any {
	h := global.NewHosted(global.HostedConfig{Assets: host.Assets(), Faults: host.Bug, Now: time.Now})
	return map[string]any{
		"serve": host.Serve(func(method, target string, form []byte) (int, [][2]string, []byte) {
			a := h.Serve(method, target, form)
			return a.Status, a.Header, a.Body
		}, h.Revert),
		"open": host.Does(func(a []js.Value) error {
			return h.Open(a[0].String(), a[1].String(), worker.Bytes(a[2]), worker.Bytes(a[3]))
		}),
		"stand": host.Does(func(a []js.Value) error {
			h.Stand(a[0].String(), a[1].String(), a[2].String(), a[3].String())
			return nil
		}),
		"unkept":  host.Does(func(a []js.Value) error { h.Unkept(a[0].String()); return nil }),
		"present": host.Does(func(a []js.Value) error { h.Present(texts(a[0]), a[1].Bool()); return nil }),
		"hear":    host.Does(func(a []js.Value) error { h.Hear([]byte(a[0].String())); return nil }),
		"beat":    host.Does(func([]js.Value) error { h.Beat(); return nil }),
		"revert":  host.Does(func([]js.Value) error { h.Revert(); return nil }),
		"say":     js.FuncOf(func(js.Value, []js.Value) any { return letters(h.Say()) }),
		"keep":    js.FuncOf(func(js.Value, []js.Value) any { return kept(h.Keep()) }),
		"edition": js.FuncOf(func(js.Value, []js.Value) any { return h.Edition() }),
	}
}

// texts is an array of strings.
func texts(v js.Value) []string {
	list := make([]string, v.Length())
	for i := range list {
		list[i] = v.Index(i).String()
	}
	return list
}

func letters(all [][]byte) any {
	list := make([]any, len(all))
	for i, letter := range all {
		list[i] = string(letter)
	}
	return js.ValueOf(list)
}

// kept is {lines, snapshot}, null where there is nothing.
func kept(lines, snapshot []byte) any {
	k := map[string]any{"lines": nil, "snapshot": nil}
	if len(lines) > 0 {
		k["lines"] = worker.Array(lines)
	}
	if len(snapshot) > 0 {
		k["snapshot"] = worker.Array(snapshot)
	}
	return js.ValueOf(k)
}
