//go:build js && wasm

package main

import (
	"context"

	"github.com/syumai/workers/cloudflare/kv"
)

// namespace is a share.Store in the KV namespace that the worker's environment
// has under this name. KV cannot refuse to overwrite; but what is put under an
// id is always the text that the id was made from.
type namespace string

// missing is how the binding reads a key that is not there: a JavaScript null,
// printed. No scenario has this text, for each begins with its header.
const missing = "<null>"

func (name namespace) Get(_ context.Context, id string) (string, bool, error) {
	ns, err := kv.NewNamespace(string(name))
	if err != nil {
		return "", false, err
	}
	text, err := ns.GetString(id, &kv.GetOptions{CacheTTL: cacheFor})
	return text, err == nil && text != missing, err
}

// cacheFor is how many seconds an edge location may go on answering from its
// own copy, and by that also how long it may deny a key that was just written
// elsewhere: the least that KV allows.
const cacheFor = 60

func (name namespace) Put(_ context.Context, id, text string) error {
	ns, err := kv.NewNamespace(string(name))
	if err != nil {
		return err
	}
	return ns.PutString(id, text, nil)
}
