// Package components is the page of Sortkey: templ components, the view
// models that they draw, and their style sheets, each beside the other.
//
// A component is a pure function from view model to HTML: equal models give
// equal bytes, natively and in WebAssembly, so that a page rendered at build
// time is the page the engine then goes on with. Nothing here knows the
// engine, the time of day or the address it is served from; every URL is
// relative. The package web fills the models.
//
// [Document] is the whole page, [DeskMain] its body, and [DeskUpdate] the one
// answer to every request of the page: the parts that changed, each addressed
// to its place (see update.templ).
//
// # What the page asks for
//
// All but the first and the last are answered with [DeskUpdate].
//
//	GET  desk                 the body: DeskMain
//	POST desk/run             text; replace=1 when text did not come from the editor
//	GET  desk/outcome/{id}    ?view=table|items|json: another view of an outcome (PartResult)
//	GET  desk/show/{id}       an earlier request and its outcome, back on the desk
//	GET  desk/dock/{tab}      ?outcome={id}: another tab of the dock (PartDock)
//	POST desk/clock           by=seconds
//	POST desk/new             an empty workspace
//	POST desk/undo-new        the workspace before the last New or example
//	POST desk/example         name
//	GET  desk/template        ?op=Query, &table=Shop: request text, text/plain
//
// Every request but those that name their own also carries title (of the
// workspace), view and dock (the tabs being looked at).
package components
