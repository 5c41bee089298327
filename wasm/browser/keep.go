//go:build js && wasm

package main

import (
	"syscall/js"

	"github.com/sortkey/sortkey/wasm/worker"
	"github.com/sortkey/sortkey/web"
)

// functions are what the worker calls: see type Engine in
// static/protocol.d.ts.
func (b *bridge) functions() map[string]any {
	return map[string]any{
		"serve": b.host.Serve(b.serve, b.desk.Revert), "api": js.FuncOf(b.api),
		"keep":   js.FuncOf(b.keep),
		"revert": b.host.Does(func([]js.Value) error { b.desk.Revert(); return nil }),
		"owe":    b.host.Does(func([]js.Value) error { b.desk.Owe(b.kept); return nil }),
		"load": b.host.Does(func(a []js.Value) error {
			err := b.desk.Load(a[0].String(), worker.Bytes(a[1]), worker.Bytes(a[2]))
			if err == nil {
				b.desk.Follow(a[3].Bool())
			}
			return err
		}),
		"bring": b.host.Does(func(a []js.Value) error {
			return b.desk.Bring(a[0].String(), worker.Bytes(a[1]), worker.Bytes(a[2]), a[3].Bool())
		}),
		"extend": b.host.Does(func(a []js.Value) error { return b.desk.Extend(worker.Bytes(a[0])) }),
		"follow": b.host.Does(func(a []js.Value) error { b.desk.Follow(a[0].Bool()); return nil }),
		"shelf":  b.host.Does(b.shelf),
	}
}

// keep is the JavaScript function keep(): what the last request left to store,
// with lines null where there is nothing.
func (b *bridge) keep(js.Value, []js.Value) any {
	b.kept = b.desk.Keep()
	k := map[string]any{"here": b.kept.Here, "back": b.kept.Back, "lines": nil}
	if len(b.kept.Lines) > 0 {
		k["workspace"], k["title"], k["begins"], k["light"] = b.kept.Workspace, b.kept.Title, b.kept.Begins, b.kept.Light
		k["lines"], k["snapshot"] = worker.Array(b.kept.Lines), nil
		if b.kept.Snapshot != nil {
			k["snapshot"] = worker.Array(b.kept.Snapshot)
		}
	}
	return js.ValueOf(k)
}

// shelf is given a flat list: id, title, when.
func (b *bridge) shelf(args []js.Value) error {
	var list []web.Shelved
	for i := 0; i+2 < args[0].Length(); i += 3 {
		list = append(list, web.Shelved{ID: args[0].Index(i).String(), Title: args[0].Index(i + 1).String(), When: args[0].Index(i + 2).String()})
	}
	b.desk.Shelf(list)
	return nil
}
