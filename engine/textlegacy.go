package engine

import (
	"strings"

	"github.com/sortkey/sortkey/engine/attr"
)

// The wire texts of the legacy parameters (semantics §8). Where nothing is
// known of the words the comment says so.
const (
	textValueAndList        = "Value and AttributeValueList cannot be used together"
	textExistsAndOperator   = "Exists and ComparisonOperator cannot be used together"
	textListWithoutOperator = "AttributeValueList can only be used with a ComparisonOperator"
	textValueExistsFalse    = "Value cannot be used when Exists is false"
	textArgumentTypes       = "AttributeValues inside AttributeValueList must be of same type"
	textOnlyDelete          = "Only DELETE action is allowed when no attribute value is specified"
	textBetweenOrder        = "The BETWEEN condition was provided a range where the lower bound is greater than the upper bound"
	textNotIndexable        = "Attempted conditional constraint is not an indexable operation"
	textUpdateType          = "Type mismatch for attribute to update"
	textKeyConditionCount   = "Conditions can be of length 1 or 2 only"
	textSelectNotNames      = "Cannot specify the AttributesToGet when choosing to get "
	textLegacyFilterOnKey   = "QueryFilter can only contain non-primary key attributes: Primary key attribute: "

	// Both unverified: the reference only says that they mention it.
	textOperatorAlone = "ConditionalOperator cannot be used without Filter or Expected"
	textOperatorOne   = "ConditionalOperator can only be used when Filter or Expected has two or more elements"
)

func textOperatorWithoutValue(operator string) string {
	return "Value or AttributeValueList must be used with ComparisonOperator: " + operator
}

// textValueMissing is the same in one word but for whether Exists was given.
func textValueMissing(exists bool) string {
	if exists {
		return "Value must be provided when Exists is true"
	}
	return "Value must be provided when Exists is null"
}

func errArgumentCount(operator string) *Error {
	return invalidValue("Invalid number of argument(s) for the " + operator + " ComparisonOperator")
}

func errArgumentKind(operator string, kind attr.Kind) *Error {
	return invalidValue("ComparisonOperator " + operator + " is not valid for " + kind.String() + " AttributeValue type")
}

func errDuplicateName(name string) *Error {
	return invalidValue("Duplicate value in attribute name: " + name)
}

func errEmptyName() *Error { return invalidValue(textEmptyName) }

func errMixed(legacy, expressions []string) *Error {
	return invalid("Can not use both expression and non-expression parameters in the same request: Non-expression parameters: {" +
		strings.Join(legacy, ", ") + "} Expression parameters: {" + strings.Join(expressions, ", ") + "}").shaped(requestShape)
}
