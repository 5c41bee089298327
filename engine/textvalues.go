package engine

import (
	"strings"

	"github.com/sortkey/sortkey/engine/attr"
	"github.com/sortkey/sortkey/engine/expr"
)

// This file turns the typed errors of the lower packages into wire texts.

// serializationError is the SerializationException for a body that cannot be
// read; nil stays nil, and service errors pass through.
func serializationError(err error) error {
	if err == nil {
		return nil
	}
	if e, ok := err.(*Error); ok {
		return e
	}
	e, ok := err.(*attr.Error)
	if !ok {
		return err
	}
	return fail("SerializationException", wireText(e))
}

// The service's names for its types, as the texts have them.
const (
	javaPackage        = "com.amazonaws.dynamodb.v20120810."
	javaAttributeValue = javaPackage + "AttributeValue"
)

// javaType is the service's name for what attr calls Want. Map<X> is a map of
// strings to X.
func javaType(want string) string {
	switch want {
	case "String", "Integer", "Long", "Double", "Boolean":
		return "class java.lang." + want
	case "Blob":
		return "class java.nio.ByteBuffer" // unverified
	case "Date":
		return "class java.util.Date" // unverified
	case "Map":
		return javaType("Map<" + javaAttributeValue + ">")
	}
	if value, ok := strings.CutPrefix(want, "Map<"); ok {
		return "java.util.Map<java.lang.String, " + value
	}
	return "class " + javaPackage + want
}

func wireText(e *attr.Error) string {
	switch e.Kind {
	case attr.Mismatch:
		return e.Got + " cannot be converted to " + e.Want
	case attr.Collection:
		return "Unrecognized collection type " + javaType(e.Want)
	case attr.Structure:
		return "Start of structure or map found where not expected"
	case attr.FieldType:
		return "Unexpected field type"
	case attr.PayloadType:
		return "Unexpected value type in payload"
	case attr.BlobType:
		return "only base-64-encoded strings are convertible to bytes"
	case attr.Base64Length:
		return "Base64 encoded length is expected a multiple of 4 bytes but found: " + e.Detail
	case attr.Base64Char:
		return "Invalid Base64 character: " + e.Detail
	case attr.Base64Bits:
		return "Invalid last non-pad Base64 character dectected"
	}
	return "" // not JSON at all: AWS sends no message
}

// valueText is the text of a broken value rule.
func valueText(e *attr.Error) string {
	switch e.Kind {
	case attr.NoType:
		return "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes"
	case attr.SeveralTypes:
		return "Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes"
	case attr.NullFalse:
		return textPVI + "Null attribute value types must have the value of true"
	case attr.EmptySet:
		return textPVI + emptySetTexts[e.Set]
	case attr.DuplicateInSet:
		return duplicateText(e)
	case attr.Nesting:
		return textNesting
	case attr.EmptyName:
		return textPVI + textEmptyName
	case attr.NameTooLong:
		return textPVI + textNameTooLong
	}
	return numberText(e)
}

var emptySetTexts = map[attr.Kind]string{
	attr.SS: "An string set  may not be empty",
	attr.NS: "An number set  may not be empty",
	attr.BS: "Binary sets should not be empty",
}

func duplicateText(e *attr.Error) string {
	switch e.Set {
	case attr.NS:
		return "Input collection contains duplicates"
	case attr.BS:
		return textPVI + "Input collection " + e.Detail + "of type BS contains duplicates."
	}
	return textPVI + "Input collection " + e.Detail + " contains duplicates."
}

func numberText(e *attr.Error) string {
	switch e.Kind {
	case attr.NotNumeric:
		text := "The parameter cannot be converted to a numeric value"
		if e.Detail != "" {
			text += ": " + e.Detail
		}
		return text
	case attr.Overflow:
		return textOverflow
	case attr.Underflow:
		return textUnderflow
	case attr.TooManyDigits:
		return "Attempting to store more than 38 significant digits in a Number"
	}
	panic("engine: no text for " + e.Kind.String())
}

const (
	textEmptyName   = "Empty attribute name"
	textNameTooLong = "Attribute name is too large, must be less than 65536 bytes"
	textOverflow    = "Number overflow. Attempting to store a number with magnitude larger than supported range"
	textUnderflow   = "Number underflow. Attempting to store a number with magnitude smaller than supported range"
)

// errValue reports a broken value rule of an item or a key.
func errValue(bad error) *Error {
	e := bad.(*attr.Error)
	return invalid(valueText(e)).shaped(valueShape(e))
}

// valueShape is the class of a broken value rule.
func valueShape(e *attr.Error) shape {
	switch e.Kind {
	case attr.EmptySet, attr.DuplicateInSet, attr.NullFalse:
		return requestShape
	}
	return noShape
}

// errExpressionValue reports a broken rule of an expression attribute value;
// with bareNull a false NULL like one in an item.
func errExpressionValue(key string, bad error, bareNull bool) *Error {
	e := bad.(*attr.Error)
	if e.Kind == attr.Nesting || e.Kind == attr.NullFalse && bareNull {
		return errValue(bad)
	}
	return invalid("ExpressionAttributeValues contains invalid value: " + valueText(e) + " for key " + key).shaped(valueShape(e))
}

// errExpression reports what is wrong with an expression of the request, with
// its place.
func errExpression(member, source string, err error) error {
	e, ok := err.(*expr.Error)
	if !ok {
		return err
	}
	text := expressionText(e)
	if !bareKinds[e.Kind] {
		text = "Invalid " + member + ": " + text
	}
	if e.End == 0 && e.Kind != expr.Empty {
		return invalid(text) // from a legacy parameter, which has no source
	}
	out := invalid(text).at(member, source, e.Offset, e.End)
	switch e.Kind {
	case expr.Syntax, expr.TooLong, expr.Empty, expr.RedundantParens, expr.NotDistinct:
		out.shape = requestShape
	}
	if e.Kind == expr.ReservedWord {
		out.Fault.Word = e.Args[0]
	}
	return out
}

// bareKinds are reported without "Invalid …Expression: ".
var bareKinds = map[expr.ErrorKind]bool{
	expr.KeyLength: true, expr.KeyExceeds: true, expr.KeyMissing: true, expr.KeyNotSupported: true, expr.KeyRangeNotLast: true,
}

func expressionText(e *expr.Error) string {
	text := expressionTexts[e.Kind]
	if text == "" {
		panic("engine: no text for " + e.Kind.String())
	}
	return fill(text, e.Args)
}

// fill puts the arguments where the text has \x00, in order.
func fill(text string, args []string) string {
	out := make([]byte, 0, len(text)+32)
	for i := range len(text) {
		if text[i] == 0 {
			out = append(out, args[0]...)
			args = args[1:]
			continue
		}
		out = append(out, text[i])
	}
	return string(out)
}

// expressionTexts are the texts of expr's error kinds; \x00 stands for the
// next argument.
var expressionTexts = map[expr.ErrorKind]string{
	expr.TooLong:          "Expression size has exceeded the maximum allowed size; expression size: \x00",
	expr.Empty:            "The expression can not be empty;",
	expr.Syntax:           "Syntax error; token: \"\x00\", near: \"\x00\"",
	expr.IndexRange:       "List index is not within the allowable range; index: [\x00]",
	expr.TooManyOperators: "The expression contains too many operators; operator count: \x00",

	expr.RedundantParens: "The expression has redundant parentheses;",
	expr.UnknownFunction: "Invalid function name; function: \x00",
	expr.MisusedFunction: "The function is not allowed to be used this way in an expression; function: \x00",
	expr.ReservedWord:    "Attribute name is a reserved keyword; reserved keyword: \x00",
	expr.RepeatedSection: "The \"\x00\" section can only be used once in an update expression;",
	expr.PathTooDeep:     "The document path has too many nesting elements; nesting levels: \x00",
	expr.UndefinedName:   "An expression attribute name used in the document path is not defined; attribute name: \x00",
	expr.UndefinedValue:  "An expression attribute value used in expression is not defined; attribute value: \x00",
	expr.OperandCount:    "Incorrect number of operands for operator or function; operator or function: \x00, number of operands: \x00",
	expr.NotAPath:        "Operator or function requires a document path; operator or function: \x00",
	expr.NotDistinct:     "The first operand must be distinct from the remaining operands for this operator or function; operator: \x00, first operand: \x00",
	expr.OperandType:     "Incorrect operand type for operator or function; operator or function: \x00, operand type: \x00",
	expr.TypeName:        "Invalid attribute type name found; type: \x00, valid types: \x00",
	expr.BetweenTypes:    "The BETWEEN operator requires same data type for lower and upper bounds; lower bound operand: \x00, upper bound operand: \x00",
	expr.BetweenOrder:    "The BETWEEN operator requires upper bound to be greater than or equal to lower bound; lower bound operand: \x00, upper bound operand: \x00",
	expr.PathsOverlap:    "Two document paths overlap with each other; must remove or rewrite one of these paths; path one: \x00, path two: \x00",
	expr.PathsConflict:   "Two document paths conflict with each other; must remove or rewrite one of these paths; path one: \x00, path two: \x00",
	expr.SectionOperand:  "Incorrect operand type for operator or function; operator: \x00, operand type: \x00",

	expr.KeyOperator:          "Invalid operator used in KeyConditionExpression: \x00",
	expr.KeyNestedOperation:   "KeyConditionExpressions cannot contain nested operations",
	expr.KeySeveralAttributes: "Invalid condition in KeyConditionExpression: Multiple attribute names used in one condition",
	expr.KeyNoAttribute:       "Invalid condition in KeyConditionExpression: No key attribute specified",
	expr.KeyNestedAttribute:   "KeyConditionExpressions cannot have conditions on nested attributes",
	expr.KeyFirstOperand:      "Invalid condition in KeyConditionExpression: \x00 operator must have the key attribute as its first operand",
	expr.KeyRepeated:          "KeyConditionExpressions must only contain one condition per key",
	expr.KeyLength:            "Conditions can be of length 1 or 2 only",
	expr.KeyExceeds:           "The number of query conditions (\x00) exceeds the number of key attributes defined in the schema (\x00)",
	expr.KeyMissing:           "Query condition missed key schema element: \x00",
	expr.KeyNotSupported:      "Query key condition not supported",
	expr.KeyRangeNotLast:      "Query key condition not supported",
}

// errUpdate reports why an update does not fit the item.
func errUpdate(err error) error {
	e, ok := err.(*expr.Error)
	if !ok {
		return err
	}
	var text string
	switch e.Kind {
	case expr.MissingAttribute:
		text = "The provided expression refers to an attribute that does not exist in the item"
	case expr.WrongType:
		if e.End == 0 { // not from a source: AttributeUpdates
			return invalid(textUpdateType)
		}
		text = "An operand in the update expression has an incorrect data type"
	case expr.InvalidPath:
		text = "The document path provided in the update expression is invalid for update"
	case expr.NumberOverflow:
		text = textOverflow
	case expr.NumberUnderflow:
		text = textUnderflow
	default:
		panic("engine: no text for " + e.Kind.String())
	}
	if e.End == 0 {
		return invalid(text)
	}
	return invalid(text).at("UpdateExpression", "", e.Offset, e.End)
}
