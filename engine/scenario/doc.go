// Package scenario reads, writes and runs the scenario document: the one format of a link, of the browser's storage
// and of a file. A document is Markdown with a short header; the fenced blocks in it hold requests, clock steps and
// the editor's view. grammar.txt in this directory is the grammar of the document and of the request notation.
//
// Three layers, each usable alone:
//
//   - the request notation, JSON as people type it: [ParseRequest], [ParseRequests], [Format], [Reformat], [Highlight],
//     and [Request.Locate], which leads from a fault inside a string back to the place in the text;
//   - the document: [Parse], [Document.Text], and the link form [EncodeLink], [DecodeLink];
//   - running: [Document.Run] hands the steps to an engine, [FromHistory] writes an engine's history as a document.
//
// Everything read here may come from a stranger's link: sizes, depths and counts are bounded, and every failure is an
// *[Error] that says where and why in plain words.
package scenario
