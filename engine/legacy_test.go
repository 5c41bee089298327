package engine_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/sortkey/sortkey/engine/enginetest"
)

// comparisonTexts are the expressions that say what the legacy comparisons do,
// with # for the attribute and :0, :1 for the values.
var comparisonTexts = map[string]string{
	"EQ": "# = :0", "NE": "# <> :0", "LT": "# < :0", "LE": "# <= :0", "GT": "# > :0", "GE": "# >= :0",
	"NULL": "attribute_not_exists(#)", "NOT_NULL": "attribute_exists(#)", "BEGINS_WITH": "begins_with(#, :0)",
	"CONTAINS": "contains(#, :0)", "NOT_CONTAINS": "attribute_exists(#) AND NOT contains(#, :0)",
	"BETWEEN": "# BETWEEN :0 AND :1", "IN": "# IN (:0, :1)",
}

// TestLegacyAgreesWithExpressions: every comparison with every kind of value
// does to every kind of attribute what the expression does. What a legacy
// parameter refuses outright has no expression to agree with.
func TestLegacyAgreesWithExpressions(t *testing.T) {
	f := enginetest.New(t)
	f.Must("CreateTable", plain)
	f.Must("PutItem", `{"TableName":"Tab","Item":{"pk":{"S":"p"},"sk":{"N":"1"},"xS":{"S":"abc"},"xN":{"N":"5"},"xB":{"B":"YWJj"},"xSS":{"SS":["abc","b"]},
		"xNS":{"NS":["5","6"]},"xBS":{"BS":["YWJj"]},"xL":{"L":[{"S":"abc"},{"N":"5"}]},"xM":{"M":{"a":{"S":"abc"}}},"xNULL":{"NULL":true},"xBOOL":{"BOOL":true}}}`)
	values := []string{`{"S":"abc"}`, `{"S":"ab"}`, `{"S":"b"}`, `{"N":"5"}`, `{"N":"4"}`, `{"B":"YWJj"}`, `{"B":"YQ=="}`, `{"SS":["b","abc"]}`, `{"NS":["6","5.0"]}`,
		`{"BS":["YWJj"]}`, `{"L":[{"S":"abc"},{"N":"5"}]}`, `{"M":{"a":{"S":"abc"}}}`, `{"NULL":true}`, `{"BOOL":true}`, `{"BOOL":false}`}
	asked := 0
	for _, name := range []string{"xS", "xN", "xB", "xSS", "xNS", "xBS", "xL", "xM", "xNULL", "xBOOL", "xnot"} {
		for op, text := range comparisonTexts {
			for i, first := range values {
				second := values[(i+1)%len(values)]
				var list []string
				for at, v := range []string{first, second} {
					if strings.Contains(text, fmt.Sprintf(":%d", at)) {
						list = append(list, v)
					}
				}
				asked += agree(t, f, name, op, text, list)
			}
		}
	}
	if asked < 500 {
		t.Errorf("%d comparisons were made", asked)
	}
}

// agree makes one comparison both ways and tells whether it was made.
func agree(t *testing.T, f *enginetest.Fixture, name, op, text string, list []string) int {
	t.Helper()
	const key = `{"TableName":"Tab","Key":{"pk":{"S":"p"},"sk":{"N":"1"}}`
	legacy := fmt.Sprintf(`%s,"Expected":{"%s":{"ComparisonOperator":"%s","AttributeValueList":[%s]}}}`, key, name, op, strings.Join(list, ","))
	old := f.Do("UpdateItem", legacy)
	if strings.Contains(string(old.Body), "ValidationException") {
		return 0
	}
	var values []string
	for i, v := range list {
		values = append(values, fmt.Sprintf(`":%d":%s`, i, v))
	}
	member := ""
	if values != nil {
		member = `,"ExpressionAttributeValues":{` + strings.Join(values, ",") + `}`
	}
	request := fmt.Sprintf(`%s,"ConditionExpression":"%s"%s}`, key, strings.ReplaceAll(text, "#", name), member)
	if now := f.Do("UpdateItem", request); string(now.Body) != string(old.Body) {
		t.Errorf("%s\ngot  %s\n%s\ngot  %s", legacy, old.Body, request, now.Body)
	}
	return 1
}
