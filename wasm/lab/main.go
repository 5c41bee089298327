//go:build js && wasm

// Command lab is the pages beside the desk, each with engines of its own, in a
// dedicated Web Worker: see static/labworker.js and, for the page of a region in a
// tab, static/regionworker.js. They are a program of their own
// so that neither they nor the desk wait for the other to be downloaded.
//
// The worker has put an object sortkeyHost on the global scope: page, which of
// the pages it is, assets, the names of the page's files, and the functions ready
// and bug.
package main

import (
	"runtime"
	"runtime/debug"
	"time"

	"github.com/sortkey/sortkey/wasm/worker"
	"github.com/sortkey/sortkey/web/capacity"
	"github.com/sortkey/sortkey/web/global"
	"github.com/sortkey/sortkey/web/page"
)

func main() {
	host := worker.Find()
	if host.Get("page").String() == "region" {
		host.Ready(region(host))
	}
	serve := open(host)
	rest := restful()
	host.Ready(map[string]any{"serve": host.Serve(func(method, target string, form []byte) (int, [][2]string, []byte) {
		a := serve(method, target, form)
		rest()
		return a.Status, a.Header, a.Body
	}, func() {})})
}

// restful keeps the garbage collector away from requests: there is one thread, and
// a collection that has begun goes on to its end when the request is answered,
// some tenths of a second where an hour is recorded, in which the next one waits.
// Memory may grow to seven times what is in use, up to a bound. It is cleared in a
// rest: a hand that drags through time holds still for a moment now and then, and
// the more room is used up, the shorter a moment will do. The function is called
// with each request.
func restful() func() {
	debug.SetGCPercent(600)
	debug.SetMemoryLimit(512 << 20)
	rests := make([]*time.Timer, len(quiet))
	for i, q := range quiet {
		rests[i] = time.AfterFunc(q.lasts, func() {
			var m runtime.MemStats
			if runtime.ReadMemStats(&m); m.HeapAlloc > m.NextGC/100*q.full {
				runtime.GC()
			}
		})
	}
	return func() {
		for i, q := range quiet {
			rests[i].Reset(q.lasts)
		}
	}
}

// quiet is when garbage is collected: so long after the last request, if more
// than full percent of the room is used.
var quiet = [...]struct {
	lasts time.Duration
	full  uint64
}{{400 * time.Millisecond, 70}, {2 * time.Second, 35}}

// open makes the page that the worker is for.
func open(host worker.Host) func(method, target string, form []byte) page.Answer {
	switch name := host.Get("page").String(); name {
	case "capacity":
		return capacity.New(capacity.Config{Assets: host.Assets(), Faults: host.Bug}).Serve
	case "global":
		return global.New(global.Config{Assets: host.Assets(), Faults: host.Bug}).Serve
	default:
		panic("no page is called " + name)
	}
}
