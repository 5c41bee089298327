// Package port serves an endpoint on a TCP port faster than net/http does.
//
// A [Server] takes any [net/http.Handler] and sorts connections by their first
// line. Those that begin with a call of the API, "POST / HTTP/1.1", are read and
// written by fasthttp, which reuses what net/http makes anew for each request;
// everything else, browsers above all, is served by net/http. The handler is
// the same on both sides and need not know.
//
// What differs for a handler on the fast side: the request, its URL and its
// headers are the server's again when the handler returns (strings in them may
// be kept), RemoteAddr is empty, the context is never done, and an answer is
// sent when the handler has returned, in one piece.
package port
