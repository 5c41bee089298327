package engine_test

import (
	"encoding/json"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/sortkey/sortkey/engine"
	"github.com/sortkey/sortkey/engine/enginetest"
)

// The tests in this file walk Amazon's own models of the API, testdata/api, and
// hold the engine against every member in them.

type apiModel struct {
	Operations map[string]struct{ Input, Output string }
	Shapes     map[string]*apiShape
}

type apiShape struct {
	Type       string
	Required   []string
	Enum       []string
	Min, Max   *int
	Members    map[string]apiRef
	Member     apiRef // of a list
	Key, Value apiRef // of a map
}

type apiRef struct{ Shape string }

func readModel(t *testing.T) *apiModel {
	t.Helper()
	m := &apiModel{}
	for _, file := range []string{"dynamodb-2012-08-10.json", "streams-2012-08-10.json", "application-autoscaling-2016-02-06.json"} {
		text, err := os.ReadFile("testdata/api/" + file)
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(text, m); err != nil { // adds to what is there
			t.Fatal(err)
		}
	}
	return m
}

// place is where a shape occurs in an operation's input: the JSON around it
// and the path as constraints print it.
type place struct {
	operation  string
	path       string   // "requestItems.k.member.keys"
	open, shut string   // a body is open + value + shut
	structures []string // the way down, to end recursion
	shape      string
}

func (p place) body(value string) string { return p.open + value + p.shut }

// walk visits every place of every operation.
func (m *apiModel) walk(visit func(p place, s *apiShape)) {
	for _, name := range engine.Operations() {
		m.down(place{operation: name, shape: m.Operations[name].Input}, visit)
	}
}

func (m *apiModel) down(p place, visit func(place, *apiShape)) {
	s := m.Shapes[p.shape]
	visit(p, s)
	switch s.Type {
	case "structure":
		if slices.Contains(p.structures, p.shape) {
			return
		}
		p.structures = append(slices.Clone(p.structures), p.shape)
		for name, ref := range s.Members {
			if notServed[p.shape+"."+name] {
				continue
			}
			m.down(p.inner(ref.Shape, "."+strings.ToLower(name[:1])+name[1:], "{"+m.before(p, name)+`"`+name+`":`, "}"), visit)
		}
	case "list":
		m.down(p.inner(s.Member.Shape, ".1.member", "[", "]"), visit)
	case "map":
		m.down(p.inner(s.Value.Shape, ".k.member", `{"k":`, "}"), visit)
	}
}

// before are the members that have to be there for a fault in the member of
// that name to be found: they are reported alone where they are missing.
func (m *apiModel) before(p place, name string) string {
	alone := map[string]string{"TableName": `"Tab"`, "RequestItems": `{"Tab":[]}`}
	if p.operation == "BatchGetItem" {
		alone["RequestItems"] = `{"Tab":{}}`
	}
	for other, value := range alone {
		if p.path == "" && name != other && m.Shapes[p.shape].Members[other].Shape != "" {
			return `"` + other + `":` + value + `,`
		}
	}
	return ""
}

func (p place) inner(shape, step, open, shut string) place {
	p.shape, p.open, p.shut = shape, p.open+open, shut+p.shut
	p.path = strings.TrimPrefix(p.path+step, ".")
	return p
}

// notServed are the members that the engine refuses as a whole.
var notServed = map[string]bool{
	"CreateTableInput.GlobalTableSourceArn":               true,
	"CreateTableInput.GlobalTableSettingsReplicationMode": true, "CreateTableInput.VectorIndexes": true,
	"UpdateTableInput.GlobalTableSettingsReplicationMode":                    true,
	"UpdateTableInput.VectorIndexUpdates":                                    true,
	"PutScalingPolicyRequest.StepScalingPolicyConfiguration":                 true,
	"PutScalingPolicyRequest.PredictiveScalingPolicyConfiguration":           true,
	"TargetTrackingScalingPolicyConfiguration.CustomizedMetricSpecification": true,
}

const javaPackage = "com.amazonaws.dynamodb.v20120810."

// java is the service's name for a shape's type.
func (m *apiModel) java(name string) string {
	s := m.Shapes[name]
	switch s.Type {
	case "string":
		return "java.lang.String"
	case "boolean", "integer", "long", "double":
		return "java.lang." + strings.ToUpper(s.Type[:1]) + s.Type[1:]
	case "blob":
		return "java.nio.ByteBuffer"
	case "timestamp":
		return "java.util.Date"
	case "list":
		return "java.util.List<" + m.java(s.Member.Shape) + ">"
	case "map":
		return "java.util.Map<java.lang.String, " + m.java(s.Value.Shape) + ">"
	}
	return javaPackage + name
}

// wrong are values that have no business in a shape, with the text for each
// (semantics §0).
func (m *apiModel) wrong(name string) map[string]string {
	const structure = "Start of structure or map found where not expected"
	java := m.java(name)
	converted := func(want string, values map[string]string) map[string]string {
		for value, got := range values {
			values[value] = got + " cannot be converted to " + want
		}
		values[`[1]`], values[`{"a":1}`] = "Unrecognized collection type class "+java, structure
		return values
	}
	switch s := m.Shapes[name]; s.Type {
	case "string":
		return converted("String", map[string]string{`5`: "NUMBER_VALUE", `5.5`: "DECIMAL_VALUE", `true`: "TRUE_VALUE", `false`: "FALSE_VALUE"})
	case "boolean":
		return converted("Boolean", map[string]string{`5`: "NUMBER_VALUE", `0.5`: "DECIMAL_VALUE", `"maybe"`: "STRING_VALUE"})
	case "integer", "long", "double":
		want := strings.TrimPrefix(java, "java.lang.")
		return converted(want, map[string]string{`"5"`: "STRING_VALUE", `true`: "TRUE_VALUE", `false`: "FALSE_VALUE"})
	case "blob":
		const text = "only base-64-encoded strings are convertible to bytes"
		return map[string]string{`5`: text, `true`: text, `[1]`: "Unrecognized collection type class " + java, `{"a":1}`: structure}
	case "list":
		return map[string]string{`"x"`: "Unexpected field type", `5`: "Unexpected field type", `true`: "Unexpected field type", `{"a":1}`: structure}
	case "timestamp":
		const text = "Unexpected value type in payload"
		return map[string]string{`"x"`: text, `true`: text, `[1]`: "Unrecognized collection type class " + java, `{"a":1}`: structure}
	case "map":
		return map[string]string{`"x"`: "Unexpected field type", `5`: "Unexpected field type", `[1]`: "Unrecognized collection type " + java}
	}
	return map[string]string{
		`"x"`: "Unexpected value type in payload", `5`: "Unexpected value type in payload", `[1]`: "Unrecognized collection type class " + java,
	}
}

// TestModelTypes gives every member of every operation a value of every wrong
// JSON type. That a member is refused also shows that the engine knows it.
func TestModelTypes(t *testing.T) {
	f := enginetest.New(t)
	m := readModel(t)
	places := 0
	m.walk(func(p place, s *apiShape) {
		if p.path == "" {
			return
		}
		places++
		for value, text := range m.wrong(p.shape) {
			r := f.Do(p.operation, p.body(value))
			if want := `{"__type":"com.amazon.coral.service#SerializationException","Message":"` + text + `"}`; string(r.Body) != want {
				t.Errorf("%s %s\ngot  %s\nwant %s", p.operation, p.body(value), r.Body, want)
			}
		}
	})
	if places < 500 {
		t.Errorf("%d places in the model", places)
	}
	t.Logf("%d places", places)
}

// TestModelUnknown puts a member that there is not into every structure: the
// reply must be as without it, and the trace must tell of it and of no other.
func TestModelUnknown(t *testing.T) {
	f := enginetest.New(t)
	m := readModel(t)
	m.walk(func(p place, s *apiShape) {
		if s.Type != "structure" || p.shape == "AttributeValue" {
			return
		}
		body := p.body(`{"Un\"known" : [{"x":1}]}`)
		plain := f.Do(p.operation, p.body(`{}`))
		reply, trace := f.Observe(engine.Call{Target: engine.Target(p.operation), Body: []byte(body)})
		if string(reply.Body) != string(plain.Body) {
			t.Errorf("%s %s\ngot  %s\nwant %s", p.operation, body, reply.Body, plain.Body)
		}
		if len(trace.Unknown) != 1 || !strings.HasSuffix(trace.Unknown[0].Path, `Un"known`) ||
			body[trace.Unknown[0].Offset:trace.Unknown[0].End] != `"Un\"known"` {
			t.Errorf("%s %s: told of %+v", p.operation, body, trace.Unknown)
		}
	})
}

// TestModelConstraints breaks every constraint in the model: what is required,
// enums, lengths and ranges.
func TestModelConstraints(t *testing.T) {
	f := enginetest.New(t)
	m := readModel(t)
	m.walk(func(p place, s *apiShape) {
		expect := func(value, at, rule string) {
			t.Helper()
			if other, ok := otherwise[p.operation+" "+at+" "+rule]; ok {
				at, rule = "", other
			}
			r := f.Do(p.operation, p.body(value))
			if r.Status != 400 || !strings.Contains(string(r.Body), rule) || !strings.Contains(string(r.Body), at) {
				t.Errorf("%s %s\ngot  %s\nwant …'%s' … %s", p.operation, brief(p.body(value)), r.Body, at, rule)
			}
		}
		for _, name := range s.Required {
			value := "{" + strings.TrimSuffix(m.before(p, name), ",") + "}"
			expect(value, strings.TrimPrefix(p.path+"."+strings.ToLower(name[:1])+name[1:], "."), "Member must not be null")
		}
		if s.Enum != nil {
			r := f.Do(p.operation, p.body(`"NOPE"`))
			if got := enumOf(string(r.Body), p.path); got != strings.Join(slices.Sorted(slices.Values(s.Enum)), ", ") {
				t.Errorf("%s %s: got %s, with the values %s", p.operation, p.body(`"NOPE"`), r.Body, got)
			}
		}
		switch {
		case p.shape == "TableArn": // the limits of a name apply, not those of an ARN
			low := 1
			if strings.HasSuffix(p.operation, "Table") || strings.HasSuffix(p.operation, "TimeToLive") || strings.HasSuffix(p.operation, "AutoScaling") || p.operation == "DescribeContinuousBackups" {
				low = 3
			}
			expect(m.sized(p.shape, low-1), p.path, "greater than or equal to "+strconv.Itoa(low))
			expect(m.sized(p.shape, 256), p.path, "less than or equal to 255")
			return
		case strings.Contains(p.path, "expressionAttributeNames"): // checked with the placeholders
			return
		}
		if s.Min != nil && *s.Min > 0 {
			expect(m.sized(p.shape, *s.Min-1), p.path, "greater than or equal to "+strconv.Itoa(*s.Min))
		}
		if s.Max != nil {
			expect(m.sized(p.shape, *s.Max+1), p.path, "less than or equal to "+strconv.Itoa(*s.Max))
		}
	})
}

// otherwise is what the service says in other words than its model has.
var otherwise = map[string]string{
	"BatchGetItem requestItems Member must not be null":                 "The requestItems parameter is required for BatchGetItem",
	"BatchGetItem requestItems greater than or equal to 1":              "The requestItems parameter is required for BatchGetItem",
	"BatchWriteItem requestItems Member must not be null":               "The requestItems parameter is required for BatchWriteItem",
	"BatchWriteItem requestItems greater than or equal to 1":            "The requestItems parameter is required for BatchWriteItem",
	"BatchWriteItem requestItems.k.member greater than or equal to 1":   "Map value must satisfy constraint: [Member must have length less than or equal to 25, Member must have length greater than or equal to 1]",
	"BatchWriteItem requestItems.k.member less than or equal to 25":     "Map value must satisfy constraint: [Member must have length less than or equal to 25, Member must have length greater than or equal to 1]",
	"CreateTable tableName Member must not be null":                     "The parameter 'TableName' is required but was not present in the request",
	"DescribeTable tableName Member must not be null":                   "The parameter 'TableName' is required but was not present in the request",
	"DeleteTable tableName Member must not be null":                     "The parameter 'TableName' is required but was not present in the request",
	"UpdateTimeToLive tableName Member must not be null":                "The parameter 'TableName' is required but was not present in the request",
	"DescribeContinuousBackups tableName Member must not be null":       "The parameter 'TableName' is required but was not present in the request",
	"DescribeTimeToLive tableName Member must not be null":              "The parameter 'TableName' is required but was not present in the request",
	"DescribeTableReplicaAutoScaling tableName Member must not be null": "The parameter 'TableName' is required but was not present in the request",
	"UpdateTableReplicaAutoScaling tableName Member must not be null":   "The parameter 'TableName' is required but was not present in the request",
	"UpdateTable tableName Member must not be null":                     "The parameter 'TableName' is required but was not present in the request",
	"Query limit greater than or equal to 1":                            "Value at 'Limit' failed to satisfy constraint: Member must have value greater than or equal to 1",
}

// enumOf finds the values in the constraint on a path, sorted.
func enumOf(reply, path string) string {
	_, after, _ := strings.Cut(reply, "at '"+path+"' failed to satisfy constraint: Member must satisfy enum value set: [")
	set, _, _ := strings.Cut(after, "]")
	values := strings.Split(set, ", ")
	slices.Sort(values)
	return strings.Join(values, ", ")
}

// sized is a value of a shape with that length, or with that value.
func (m *apiModel) sized(name string, n int) string {
	switch s := m.Shapes[name]; s.Type {
	case "string":
		return `"` + strings.Repeat("x", n) + `"`
	case "list":
		element := map[string]string{"string": `"x"`}[m.Shapes[s.Member.Shape].Type]
		if element == "" {
			element = "{}"
		}
		return "[" + strings.TrimPrefix(strings.Repeat(","+element, n), ",") + "]"
	case "map":
		value := "{}"
		if m.Shapes[s.Value.Shape].Type == "list" {
			value = "[]"
		}
		var list []string
		for i := range n {
			list = append(list, `"`+strings.Repeat("k", i+1)+`":`+value)
		}
		return "{" + strings.Join(list, ",") + "}"
	}
	return strconv.Itoa(n)
}

// brief is a body cut to what a test's output can bear.
func brief(s string) string {
	if len(s) > 300 {
		return s[:300] + "…"
	}
	return s
}
