// Package attr is the ground floor of the engine: attribute values, exact numbers, items, document paths, their sizes
// and their order, and the one JSON codec that everything above it uses.
//
// A [Value] is immutable and small; a [Map] holds named values in name order; an [Item] is the stored form of a map:
// its canonical DynamoDB-JSON text, so that reading an item is a copy and not an encoding. A [Number] is an exact
// decimal of up to 38 significant digits.
//
// A [Scanner] reads a request body in one pass whose depth is limited; nothing else in the house parses JSON from
// outside. An item that is to be stored is brought into its stored form in that same pass: draft.go. gjson reads attributes out of item text only, because that text was written here: its depth and its
// spelling are known, and names are compared, never handed to gjson as a path.
//
// The package knows no service texts. What is wrong with a body or a value is an [Error] whose [ErrorKind] documents
// the words that the engine makes of it.
package attr
