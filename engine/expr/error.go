package expr

import "strings"

// Error is any failure of this package. Offset and End bound the offending
// bytes of the expression source; both are 0 in a tree built by NewCondition
// or NewUpdate. At the end of the input Offset equals End equals its length.
type Error struct {
	Kind        ErrorKind
	Offset, End int
	Args        []string // what the kind's comment lists, in that order
}

// Error describes the failure for a log; it is not the text a client sees.
func (e *Error) Error() string {
	if len(e.Args) == 0 {
		return "expr: " + e.Kind.String()
	}
	return "expr: " + e.Kind.String() + ": " + strings.Join(e.Args, ", ")
}

// ErrorKind tells one message of DynamoDB from another. "E" in the quoted
// texts is the parameter, such as FilterExpression, which only the caller knows;
// n, X and the like stand for the arguments, listed behind "Args".
type ErrorKind uint8

// Kinds that parsing reports, in the order in which they are looked for.
const (
	_ ErrorKind = iota
	// TooLong: "Invalid E: Expression size has exceeded the maximum allowed
	// size; expression size: n". Args: n, in bytes.
	TooLong
	// Empty: "Invalid E: The expression can not be empty;". No Args.
	Empty
	// Syntax: `Invalid E: Syntax error; token: "t", near: "w"`. Args: t, or
	// <EOF>; w, the source text from the token before t through the one after.
	Syntax
	// IndexRange: "Invalid E: List index is not within the allowable range;
	// index: [n]" (general knowledge, unverified). Args: n as written.
	IndexRange
	// TooManyOperators: "Invalid E: The expression contains too many operators;
	// operator count: n". Args: n.
	TooManyOperators
)

// Kinds that resolving reports. A condition looks for them in this order:
// RedundantParens, UnknownFunction, MisusedFunction, ReservedWord, and then
// leaf by leaf for the others. An update: RedundantParens, ReservedWord,
// UnknownFunction, MisusedFunction, RepeatedSection, PathTooDeep,
// UndefinedName, UndefinedValue, PathsOverlap, PathsConflict, SectionOperand
// and then function by function.
const (
	// RedundantParens: "Invalid E: The expression has redundant parentheses;".
	// No Args.
	RedundantParens ErrorKind = iota + 20
	// UnknownFunction: "Invalid E: Invalid function name; function: f". Args: f.
	UnknownFunction
	// MisusedFunction: "Invalid E: The function is not allowed to be used this
	// way in an expression; function: f" (for a condition's function in an update
	// the words are unverified). Args: f.
	MisusedFunction
	// ReservedWord: "Invalid E: Attribute name is a reserved keyword; reserved
	// keyword: w". Args: w as written.
	ReservedWord
	// RepeatedSection: `Invalid UpdateExpression: The "SET" section can only be
	// used once in an update expression;`. Args: the section in upper case.
	RepeatedSection
	// PathTooDeep: a document path of more than 32 elements; "Invalid E: The
	// document path has too many nesting elements; nesting levels: n" (text
	// unverified). Args: n.
	PathTooDeep
	// UndefinedName: "Invalid E: An expression attribute name used in the
	// document path is not defined; attribute name: #x". Args: #x.
	UndefinedName
	// UndefinedValue: "Invalid E: An expression attribute value used in
	// expression is not defined; attribute value: :x". Args: :x.
	UndefinedValue
	// OperandCount: "Invalid E: Incorrect number of operands for operator or
	// function; operator or function: f, number of operands: n". Args: f, n.
	OperandCount
	// NotAPath: "Invalid E: Operator or function requires a document path;
	// operator or function: f". Args: f.
	NotAPath
	// NotDistinct: "Invalid E: The first operand must be distinct from the
	// remaining operands for this operator or function; operator: f, first
	// operand: [a]". Args: f, the path as [a, [0], b].
	NotDistinct
	// OperandType: "Invalid E: Incorrect operand type for operator or function;
	// operator or function: f, operand type: t". Args: f; t, a type such as N,
	// or the set of types {NS,SS,…} when attribute_type was given no literal.
	OperandType
	// TypeName: "Invalid E: Invalid attribute type name found; type: t, valid
	// types: {…}". Args: t; the set as printed, with its braces.
	TypeName
	// BetweenTypes: "Invalid E: The BETWEEN operator requires same data type for
	// lower and upper bounds; lower bound operand: l, upper bound operand: u".
	// Args: l, u, each as "AttributeValue: {S:a}".
	BetweenTypes
	// BetweenOrder: "Invalid E: The BETWEEN operator requires upper bound to be
	// greater than or equal to lower bound; lower bound operand: l, upper bound
	// operand: u". Args: l, u, each as "AttributeValue: {S:a}".
	BetweenOrder
	// PathsOverlap: "Invalid E: Two document paths overlap with each other; must
	// remove or rewrite one of these paths; path one: p, path two: q". Args: p,
	// q as [a, [0], b]; p is written before q, and q is what the caret marks.
	PathsOverlap
	// PathsConflict: "Invalid E: Two document paths conflict with each other;
	// must remove or rewrite one of these paths; path one: p, path two: q".
	// Args as for PathsOverlap.
	PathsConflict
	// SectionOperand: "Invalid UpdateExpression: Incorrect operand type for
	// operator or function; operator: ADD, operand type: STRING". Args: ADD or
	// DELETE; STRING, NUMBER, BINARY, NULL, BOOLEAN, LIST or MAP.
	SectionOperand
)

// Kinds that Condition.Key reports. The engine knows which of them carry the
// prefix "Invalid KeyConditionExpression: ".
const (
	// KeyOperator: "Invalid operator used in KeyConditionExpression: o". Args:
	// o, one of OR, NOT, IN, <> or a function name.
	KeyOperator ErrorKind = iota + 60
	// KeyNestedOperation: "KeyConditionExpressions cannot contain nested
	// operations". No Args.
	KeyNestedOperation
	// KeySeveralAttributes: "Invalid condition in KeyConditionExpression:
	// Multiple attribute names used in one condition". No Args.
	KeySeveralAttributes
	// KeyNoAttribute: "Invalid condition in KeyConditionExpression: No key
	// attribute specified". No Args.
	KeyNoAttribute
	// KeyNestedAttribute: "KeyConditionExpressions cannot have conditions on
	// nested attributes". No Args.
	KeyNestedAttribute
	// KeyFirstOperand: "Invalid condition in KeyConditionExpression: BETWEEN
	// operator must have the key attribute as its first operand". Args: BETWEEN
	// or begins_with (for which the text is unverified).
	KeyFirstOperand
	// KeyRepeated: "KeyConditionExpressions must only contain one condition per
	// key". No Args.
	KeyRepeated
	// KeyLength: "Conditions can be of length 1 or 2 only". No Args.
	KeyLength
	// KeyExceeds: "The number of query conditions (n) exceeds the number of key
	// attributes defined in the schema (m)"; only for keys of more than two
	// attributes. Args: n, m.
	KeyExceeds
	// KeyMissing: "Query condition missed key schema element: X". Args: X.
	KeyMissing
	// KeyNotSupported: "Query key condition not supported": not = on a hash
	// attribute, or a second condition on a key without range. Args: the
	// attribute.
	KeyNotSupported
	// KeyRangeNotLast: a condition other than = on a range attribute that is
	// not the last one used, in a key of several range attributes (text
	// unverified). Args: the attribute.
	KeyRangeNotLast
)

// Kinds that Update.Apply reports: the expression is well formed and does not
// fit the item.
const (
	// MissingAttribute: "The provided expression refers to an attribute that
	// does not exist in the item". Args: the path as [a, [0], b].
	MissingAttribute ErrorKind = iota + 80
	// WrongType: "An operand in the update expression has an incorrect data
	// type". Args: the operator, function or section.
	WrongType
	// InvalidPath: "The document path provided in the update expression is
	// invalid for update". Args: the path as [a, [0], b].
	InvalidPath
	// NumberOverflow: "Number overflow. Attempting to store a number with
	// magnitude larger than supported range"; also for a result of more than 38
	// digits. No Args.
	NumberOverflow
	// NumberUnderflow: "Number underflow. Attempting to store a number with
	// magnitude smaller than supported range". No Args.
	NumberUnderflow
)

var kindNames = map[ErrorKind]string{
	TooLong: "TooLong", Empty: "Empty", Syntax: "Syntax", IndexRange: "IndexRange",
	TooManyOperators: "TooManyOperators",
	RedundantParens:  "RedundantParens", UnknownFunction: "UnknownFunction",
	MisusedFunction: "MisusedFunction", ReservedWord: "ReservedWord",
	RepeatedSection: "RepeatedSection", PathTooDeep: "PathTooDeep",
	UndefinedName: "UndefinedName", UndefinedValue: "UndefinedValue",
	OperandCount: "OperandCount", NotAPath: "NotAPath", NotDistinct: "NotDistinct",
	OperandType: "OperandType", TypeName: "TypeName", BetweenTypes: "BetweenTypes",
	BetweenOrder: "BetweenOrder", PathsOverlap: "PathsOverlap",
	PathsConflict: "PathsConflict", SectionOperand: "SectionOperand",
	KeyOperator: "KeyOperator", KeyNestedOperation: "KeyNestedOperation",
	KeySeveralAttributes: "KeySeveralAttributes", KeyNoAttribute: "KeyNoAttribute",
	KeyNestedAttribute: "KeyNestedAttribute", KeyFirstOperand: "KeyFirstOperand",
	KeyRepeated: "KeyRepeated", KeyLength: "KeyLength", KeyExceeds: "KeyExceeds",
	KeyMissing: "KeyMissing", KeyNotSupported: "KeyNotSupported",
	KeyRangeNotLast: "KeyRangeNotLast", MissingAttribute: "MissingAttribute",
	WrongType: "WrongType", InvalidPath: "InvalidPath",
	NumberOverflow: "NumberOverflow", NumberUnderflow: "NumberUnderflow",
}

// String is the kind's own name, such as "ReservedWord".
func (k ErrorKind) String() string {
	if name, ok := kindNames[k]; ok {
		return name
	}
	return "unknown kind"
}

// errorAt is an error about the whole of n.
func errorAt(n Node, kind ErrorKind, args ...string) *Error {
	return span{n.Pos(), n.End()}.fault(kind, args...)
}

func (s span) fault(kind ErrorKind, args ...string) *Error {
	return &Error{Kind: kind, Offset: s.start, End: s.stop, Args: args}
}

// plain turns an absent *Error into an absent error.
func plain(e *Error) error {
	if e == nil {
		return nil
	}
	return e
}
