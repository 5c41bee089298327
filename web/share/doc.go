// Package share keeps scenarios under short addresses and shows them. It has
// two hosts: a worker at the edge over a key-value store and the native server
// over a folder. Like the page it knows no net/http where it is built for wasm:
// that would be a fifth of the program, and of the time that it takes to start.
//
//	POST /api/scenarios        a document → its id
//	GET  /api/scenarios/{id}   the document
//	GET  /s/{id}               its page, as the engine in a tab would paint it
//	GET  /s/{id}.png           a picture of it, for previews of a link
//
// A document is run before it is kept, so only what runs within the limits is
// ever shown. It is kept in its canonical form under the first characters of
// its SHA-256: the same document has the same address, and what an address
// shows never changes.
package share
