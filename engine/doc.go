// Package engine is Amazon DynamoDB as a deterministic, in-memory service.
//
// # One entry
//
// [Engine.Handle] takes a [Call] (target, region, body, caller) and gives a
// [Reply] (status, body, simulated service time): the wire protocol, complete,
// without HTTP. Package endpoint puts HTTP around it, package wasm/browser a
// worker's messages, a test nothing at all. [Engine.Observe] is the same and
// also returns a [Trace]: which rows were read, what a write did to every
// index, the receipt, and where in an expression an error lies. [Engine.Explain]
// tells of a read how it is served and what all of its pages cost.
//
// # The life of a request
//
//	target    → a row of the one operations table        operations.go
//	decode    → a typed input, in one depth-limited pass  wire.go
//	validate  → what needs no table, in DynamoDB's order  constraint.go, resolve.go
//	plan      → read-only: schema, keys, expressions,     write.go, query.go
//	            before and after images, charges
//	commit    → the only writer; cannot fail              store.Table.Apply
//	encode    → appended to the reply                     encode.go
//
// A plan decides everything and changes nothing, so several plans can be
// committed together (that is a transaction) and a failure at any point leaves
// no trace. Operations live in families, one file each, which open with their
// rows of the table: table.go, item.go, query.go, batch.go, transact.go. The
// wire texts are all in texts.go, textvalues.go and textlegacy.go: lower
// packages report typed errors with offsets and know no AWS names.
//
// The legacy parameters (Expected, AttributeUpdates, KeyConditions and their
// like) are checked by their own rules and lowered to the trees of expressions,
// legacy.go; nothing behind that knows of them. Which of the service's two
// wordings errors in the form of a request have is a setting, envelope.go.
//
// testdata/RULES lists the rules that the engine keeps; the dialogues beside it
// are their cases.
//
// # The floors below
//
//	store   one table's trees: rows at (hash, partition key, sort key), indexes
//	        likewise, hash ranges as partitions; copies in O(1) per tree
//	meter   units, receipts, prices, in integers
//	expr    the five kinds of expressions: parse, resolve, evaluate
//	attr    values, 38-digit numbers, items in their stored form, key bytes,
//	        the scanner of request bodies
//
// Items are immutable and kept in their encoded form with attributes in name
// order, so a read is a copy and equal states are equal bytes.
//
// # Time, ids and forks
//
// Time is an input. Handling a request never moves the clock;
// [Engine.AdvanceTo] does, and runs the events that fall due on the way, in
// order of (time, sequence). Ids and ARNs are hashes of (seed, kind,
// sequence). The engine uses no wall clock, no random generator, no goroutine
// and no floating point, and no map order reaches its output, so the same
// [Options] and the same history (requests and clock steps, [History]) give
// the same bytes and the same [Engine.StateHash], natively and in wasm.
//
// A transaction can be held open, so that others meet it: hold.go.
// Eventually consistent reads and global secondary indexes lag as far as
// settings say; lag.go has the model. Tables can be held to their throughput:
// load.go, admission.go and heat.go have that model, service.go that of
// [Reply].Took.
//
// Traffic can be made by the engine itself: [Engine.StartLoad] begins a [Load]
// that asks for throughput as such requests would, once a second of engine time,
// [Engine.StopLoad] ends it, [Engine.Loads] tells how it fares; traffic.go has
// the model. What tables and global indexes were asked for is kept by the minute
// for a day: [Engine.Metrics] has consumed units, what was throttled by limit,
// the capacity in force and what was left of it; [Engine.Heat] has the same by
// partition, and the splits; [Engine.Capacities] what there is now; and
// [Engine.ScalingInfo] the targets of auto scaling and their activities.
//
// What takes the service a while takes it here in engine time: a table that is
// made, changed (updateplan.go) or deleted, and a global index that is made on a
// table with items, which is filled step by step (backfill.go, store/fill.go)
// while writes go on. How long is a setting.
//
// Regions share the clock and meet only by links (region.go, link.go). A global
// table has a replica in several: what is written in one is sent to the others as
// a message that arrives on the clock (global.go, replicate.go, mail.go), where the
// later write wins (version.go); the ledger has what was lost (lineage.go,
// ledger.go). A region may also be another engine's (peer.go).
//
// [Engine.Fork] copies all state in O(1) per tree. Undo, scrubbing, what-if and
// restores are forks.
package engine
