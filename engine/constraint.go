package engine

import (
	"fmt"
	"strconv"
	"strings"
)

// text, integer and flag are optional members of a request; set tells absent
// from empty.
type text struct {
	set bool
	v   string
}

type integer struct {
	set bool
	v   int64
}

type flag struct {
	set bool
	v   bool
}

// constraints collects the violations that DynamoDB reports together: up to
// ten, in the order they are checked.
type constraints struct {
	list []string
}

func (c *constraints) add(value, path, rule string) {
	c.list = append(c.list, fmt.Sprintf("Value %s at '%s' failed to satisfy constraint: %s", value, path, rule))
}

// err is the ValidationException of all violations, nil if there are none.
func (c *constraints) err() error {
	n := len(c.list)
	if n == 0 {
		return nil
	}
	noun := " validation errors detected: "
	if n == 1 {
		noun = " validation error detected: "
	}
	return invalid(strconv.Itoa(n) + noun + strings.Join(c.list[:min(n, 10)], "; "))
}

func quoted(s string) string { return "'" + s + "'" }

func (c *constraints) required(path string, set bool) {
	if !set {
		c.add("null", path, "Member must not be null")
	}
}

// enum checks an optional member against the values, printed in AWS's order.
func (c *constraints) enum(path string, t text, set string) {
	if !t.set {
		return
	}
	for _, v := range strings.Split(set, ", ") {
		if v == t.v {
			return
		}
	}
	c.add(quoted(t.v), path, "Member must satisfy enum value set: ["+set+"]")
}

func (c *constraints) length(path string, t text, low, high int) {
	if !t.set {
		return
	}
	if n := len([]rune(t.v)); n < low {
		c.add(quoted(t.v), path, "Member must have length greater than or equal to "+strconv.Itoa(low))
	} else if n > high {
		c.add(quoted(t.v), path, "Member must have length less than or equal to "+strconv.Itoa(high))
	}
}

// texts checks the lengths of the members of a list.
func (c *constraints) texts(path string, list []string, low, high int) {
	for i, t := range list {
		c.length(path+"."+strconv.Itoa(i+1)+".member", text{true, t}, low, high)
	}
}

func (c *constraints) between(path string, n integer, low, high int64) {
	if !n.set {
		return
	}
	v := quoted(strconv.FormatInt(n.v, 10))
	if n.v < low {
		c.add(v, path, "Member must have value greater than or equal to "+strconv.FormatInt(low, 10))
	} else if n.v > high {
		c.add(v, path, "Member must have value less than or equal to "+strconv.FormatInt(high, 10))
	}
}

func (c *constraints) name(path string, t text) {
	if t.set && !validName(t.v) {
		c.add(quoted(t.v), path, "Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+")
	}
}

func validName(s string) bool {
	for i := range len(s) {
		switch c := s[i]; {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', c == '_', c == '.', c == '-':
		default:
			return false
		}
	}
	return s != ""
}

// Enum value sets as AWS prints them.
const (
	enumReturnConsumedCapacity = "INDEXES, TOTAL, NONE"
	enumReturnValues           = "ALL_NEW, UPDATED_OLD, ALL_OLD, NONE, UPDATED_NEW"
	enumItemCollectionMetrics  = "SIZE, NONE"
	enumOnConditionFailure     = "ALL_OLD, NONE"
	enumSelect                 = "SPECIFIC_ATTRIBUTES, COUNT, ALL_ATTRIBUTES, ALL_PROJECTED_ATTRIBUTES"
	enumComparisonOperator     = "IN, NULL, BETWEEN, LT, NOT_CONTAINS, EQ, GT, NOT_NULL, NE, LE, BEGINS_WITH, GE, CONTAINS"
	enumConditionalOperator    = "OR, AND"
	enumAttributeAction        = "ADD, PUT, DELETE" // order unverified
	enumAttributeType          = "B, N, S"
	enumKeyType                = "HASH, RANGE"
	enumProjectionType         = "ALL, INCLUDE, KEYS_ONLY"
	enumBillingMode            = "PROVISIONED, PAY_PER_REQUEST"
	enumStreamViewType         = "NEW_IMAGE, OLD_IMAGE, NEW_AND_OLD_IMAGES, KEYS_ONLY"                           // order unverified
	enumShardIteratorType      = "AFTER_SEQUENCE_NUMBER, LATEST, AT_SEQUENCE_NUMBER, TRIM_HORIZON, AT_TIMESTAMP" // order unverified
	enumShardFilterType        = "CHILD_SHARDS"
	enumTableClass             = "STANDARD, STANDARD_INFREQUENT_ACCESS"
	enumSSEType                = "AES256, KMS" // order unverified
	enumConsistency            = "EVENTUAL, STRONG"
)
