package expr

import (
	"strings"
	"testing"

	"github.com/sortkey/sortkey/engine/attr"
)

// attributes reads DynamoDB JSON.
func attributes(text string) attr.Map {
	m, bad, err := attr.NewScanner([]byte(text), 64).Attributes()
	if bad != nil || err != nil {
		panic(text)
	}
	return m
}

func item(text string) *attr.Item {
	if text == "" {
		return nil
	}
	return attr.NewItem(attributes(text))
}

func printedMap(m attr.Map) string { return string(attr.AppendMap(nil, m)) }

// scope reads values as DynamoDB JSON, names as "#a=x #b=y".
func scope(names, values string) *Scope {
	n, v := map[string]string{}, map[string]attr.Value{}
	for _, pair := range strings.Fields(names) {
		key, name, _ := strings.Cut(pair, "=")
		n[key] = name
	}
	if values != "" {
		for _, m := range attributes(values) {
			v[m.Name] = m.Value
		}
	}
	return NewScope(n, v)
}

// sampleScope defines a placeholder of each type, named for it, and #n, #m.
func sampleScope() *Scope {
	return NewScope(map[string]string{"#n": "name", "#m": "name", "#dot": "a.b"}, sampleValues())
}

func sampleValues() map[string]attr.Value {
	values := map[string]attr.Value{}
	for _, m := range attributes(`{":s":{"S":"a"},":s2":{"S":"b"},":n":{"N":"1"},":n2":{"N":"2"},":b":{"B":"YQ=="},
		":ss":{"SS":["a"]},":ns":{"NS":["1"]},":bs":{"BS":["YQ=="]},":m":{"M":{}},":l":{"L":[]},
		":null":{"NULL":true},":bool":{"BOOL":true}}`) {
		values[m.Name] = m.Value
	}
	return values
}

var sampleCycle = func() []attr.Value {
	values := sampleValues()
	var list []attr.Value
	for _, name := range []string{":s", ":n", ":b", ":ss", ":ns", ":bs", ":m", ":l", ":null", ":bool"} {
		list = append(list, values[name])
	}
	return list
}()

var sampleItem = item(`{"a":{"M":{"b":{"L":[{"N":"1"},{"S":"x"}]}}},"b":{"S":"a"},"c":{"N":"7"},"d":{"L":[{"M":{}}]},"e":{"SS":["a","b"]}}`)

// fault describes an error: its kind, its arguments, and in «» the source text
// it points at.
func fault(src string, err error) string {
	if err == nil {
		return ""
	}
	e := err.(*Error)
	text := e.Kind.String()
	if len(e.Args) > 0 {
		text += "(" + strings.Join(e.Args, "; ") + ")"
	}
	return text + " «" + src[e.Offset:e.End] + "»"
}

func expectFault(t *testing.T, src string, err error, want string) {
	t.Helper()
	if got := fault(src, err); got != want {
		t.Errorf("%s\n  got  %s\n  want %s", src, got, want)
	}
}

// condition parses and resolves, and must succeed.
func condition(t testing.TB, src string, s *Scope) *Condition {
	t.Helper()
	c, err := ParseCondition(src)
	if err == nil {
		err = c.Resolve(s)
	}
	if err != nil {
		t.Fatalf("%s: %s", src, fault(src, err))
	}
	return c
}

func TestEveryKindHasAName(t *testing.T) {
	seen := map[string]bool{}
	for k := range 100 {
		name := ErrorKind(k).String()
		if name == "unknown kind" {
			continue
		}
		if seen[name] {
			t.Errorf("two kinds are named %s", name)
		}
		seen[name] = true
	}
	if len(seen) != len(kindNames) || len(seen) < 35 {
		t.Errorf("%d names", len(seen))
	}
}

func TestErrorText(t *testing.T) {
	e := &Error{Kind: OperandCount, Args: []string{"size", "2"}}
	if got := e.Error(); got != "expr: OperandCount: size, 2" {
		t.Error(got)
	}
	if got := (&Error{Kind: Empty}).Error(); got != "expr: Empty" {
		t.Error(got)
	}
}
