// Package endpoint is the HTTP face of an engine: the protocol that AWS SDKs
// speak, reduced to calls of [engine.Engine.Handle].
//
// An [Endpoint] is both an [net/http.Handler], for a port, and an
// [net/http.RoundTripper], for a client in the same process:
//
//	client := &http.Client{Transport: endpoint.New(endpoint.Options{Engine: e})}
//
// What the HTTP layer decides by itself is little: which requests are API calls
// at all, whether credentials are present and well formed (any key is accepted
// and no signature is computed, unless [Options] name the signers), which region
// they name, how large a body may be, the headers of the answer, and its own
// address for DescribeEndpoints. Everything else is the engine's.
//
// It is the one package of the engine that knows net/http. The request id is
// random, and the only byte of an answer that a seed does not decide.
package endpoint
