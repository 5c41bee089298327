package attr

import "strconv"

// ErrorKind says what is wrong with a body, a value or a number. Kinds up to Base64Bits are wire errors: the body
// cannot be read and reading stops. Kinds from NoType on are value rules: the body is well formed, and the engine
// reports the rule in its own order of checks.
//
// The comments give the service's text that each kind stands for; the engine owns the texts.
type ErrorKind uint8

// Wire errors.
const (
	// Syntax: not JSON, or something after the value. SerializationException without a message.
	Syntax ErrorKind = iota + 1
	// TooDeep: more arrays and objects inside each other than the scanner was told to allow. As Syntax.
	TooDeep
	// BadUTF8: a string holds bytes that are not UTF-8, or an escape that is half a surrogate pair. As Syntax.
	BadUTF8
	// Mismatch: a scalar of another type. "<Got> cannot be converted to <Want>", Want being String, Integer, Long or
	// Boolean, Got being NUMBER_VALUE, DECIMAL_VALUE, TRUE_VALUE, FALSE_VALUE or STRING_VALUE.
	Mismatch
	// Collection: an array where Want is a scalar, a structure or a map. "Unrecognized collection type " and the Java
	// type of Want: "class java.lang.String", or for Map
	// "java.util.Map<java.lang.String, com.amazonaws.dynamodb.v20120810.AttributeValue>".
	Collection
	// Structure: an object where Want is a scalar or a list. "Start of structure or map found where not expected".
	Structure
	// FieldType: a scalar where Want is List or Map. "Unexpected field type".
	FieldType
	// PayloadType: a scalar where Want is a structure. "Unexpected value type in payload".
	PayloadType
	// BlobType: a scalar that is no string where Want is Blob.
	// "only base-64-encoded strings are convertible to bytes".
	BlobType
	// Base64Length: "Base64 encoded length is expected a multiple of 4 bytes but found: <Detail>".
	Base64Length
	// Base64Char: a character outside the base64 alphabet, Detail being that character; padding anywhere but in the
	// last two places counts. No recorded text.
	Base64Char
	// Base64Bits: the last character before the padding has bits that belong to no byte.
	// "Invalid last non-pad Base64 character dectected" (sic).
	Base64Bits
)

// Value rules.
const (
	// NoType: "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes".
	NoType ErrorKind = iota + 32
	// SeveralTypes: "Supplied AttributeValue has more than one datatypes set, …".
	SeveralTypes
	// NullFalse: "… Null attribute value types must have the value of true".
	NullFalse
	// EmptySet: Set is SS ("An string set  may not be empty"), NS ("An number set  may not be empty") or BS ("Binary
	// sets should not be empty").
	EmptySet
	// DuplicateInSet: Set is SS ("Input collection <Detail> contains duplicates."), BS ("Input collection <Detail>of
	// type BS contains duplicates.") or NS ("Input collection contains duplicates"). Detail lists all elements as they
	// were given, "[a, b, a]"; binary in base64.
	DuplicateInSet
	// NotNumeric: "The parameter cannot be converted to a numeric value: <Detail>"; for an empty Detail the text ends
	// before the colon.
	NotNumeric
	// Overflow: "Number overflow. Attempting to store a number with magnitude larger than supported range". Also the
	// result of arithmetic that would need more than 38 digits.
	Overflow
	// Underflow: "Number underflow. Attempting to store a number with magnitude smaller than supported range".
	Underflow
	// TooManyDigits: "Attempting to store more than 38 significant digits in a Number".
	TooManyDigits
	// Nesting: a list or map at level 33, a list or map that is an attribute's own value being level 1. "Nesting Levels
	// have exceeded supported limits: …".
	Nesting
	// EmptyName: an attribute name of no characters.
	EmptyName
	// NameTooLong: an attribute name of more than 65535 bytes; Detail is its length.
	NameTooLong
)

var errorKindNames = map[ErrorKind]string{
	Syntax: "syntax error", TooDeep: "nested too deeply to read", BadUTF8: "not UTF-8", Mismatch: "wrong type",
	Collection: "array not expected", Structure: "object not expected", FieldType: "scalar instead of list or map",
	PayloadType: "scalar instead of structure", BlobType: "blob is not a string", Base64Length: "base64 length",
	Base64Char: "not a base64 character", Base64Bits: "stray bits in base64", NoType: "no type", SeveralTypes: "several types",
	NullFalse: "NULL is false", EmptySet: "empty set", DuplicateInSet: "duplicates in set", NotNumeric: "not a number",
	Overflow: "number overflow", Underflow: "number underflow", TooManyDigits: "too many digits",
	Nesting: "nested beyond 32 levels", EmptyName: "empty name", NameTooLong: "name too long",
}

// String names the kind for logs and test output; it is no service text.
func (k ErrorKind) String() string {
	if name, ok := errorKindNames[k]; ok {
		return name
	}
	return "error kind " + strconv.Itoa(int(k))
}

// Wire says whether the kind is a wire error, after which the body cannot be read on.
func (k ErrorKind) Wire() bool { return k < NoType }

// Error is what this package reports. It is always a pointer: *Error.
type Error struct {
	Kind   ErrorKind
	Set    Kind   // EmptySet and DuplicateInSet: SS, NS or BS
	Offset int    // byte offset into the scanned text; 0 where no text was scanned
	Want   string // wire types only: String, Integer, Long, Double, Boolean, Blob, List, Map, or the name of a structure
	Got    string // Mismatch only: NUMBER_VALUE and so on
	Detail string // see the kinds
}

// Error describes the fault in our words.
func (e *Error) Error() string {
	text := "attr: " + e.Kind.String() + " at byte " + strconv.Itoa(e.Offset)
	if e.Want != "" {
		text += ", want " + e.Want
	}
	if e.Got != "" {
		text += ", got " + e.Got
	}
	if e.Detail != "" {
		text += ": " + e.Detail
	}
	return text
}
