// Package expr reads and evaluates the expressions of DynamoDB: condition,
// filter and key-condition expressions, projections and updates.
//
// An expression passes through four stages, each in files of its own:
//
//	lex, parse    text to tree; syntax, size and operator count only
//	resolve       placeholders bound, every rule of form checked, in DynamoDB's order
//	eval          Condition.Match, Condition.Key, Projection.Apply
//	apply         Update.Apply, and what the UPDATED_ return values show
//
// The grammar is written down in grammar.txt. The tree prints itself in one
// canonical form that parses back to the same tree; legacy parameters and
// PartiQL build the same trees through NewCondition and NewUpdate.
//
// Failures are *Error: a kind, the arguments of its message and the byte range
// of the source that a caret should mark. The words a client sees are the
// engine's; the comment at each kind quotes the text it stands for.
package expr
