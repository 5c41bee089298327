package engine_test

import (
	"fmt"
	"maps"
	"slices"
	"sort"
	"strings"
	"testing"

	"github.com/sortkey/sortkey/engine"
	"github.com/sortkey/sortkey/engine/enginetest"
)

// The conditions of the model of writes, and the test itself.

// test is a condition: as an expression, as an entry of Expected or a filter
// where it can be one, and as what it says of an item.
type test struct {
	text, legacy string
	holds        func(it modelItem) bool
}

// order compares numbers with numbers and strings with strings.
func order(a, b any) (c int, ok bool) {
	switch a := a.(type) {
	case int:
		b, ok := b.(int)
		return a - b, ok
	case string:
		b, ok := b.(string)
		return strings.Compare(a, b), ok
	}
	return 0, false
}

var orderings = map[string]struct {
	legacy string
	holds  func(c int) bool
}{
	"=": {"EQ", func(c int) bool { return c == 0 }}, "<": {"LT", func(c int) bool { return c < 0 }}, "<=": {"LE", func(c int) bool { return c <= 0 }},
	">": {"GT", func(c int) bool { return c > 0 }}, ">=": {"GE", func(c int) bool { return c >= 0 }},
}

// test makes a condition on one attribute; legacy ones take no paths.
func (w *writer) test() test {
	name := enginetest.Pick(w.Random, []string{"n", "s"})
	v := w.fit(name)
	for _, isOrdered := order(v, v); !isOrdered; _, isOrdered = order(v, v) {
		v = w.fit(name)
	}
	entry := func(name, operator string, values ...string) string {
		return fmt.Sprintf(`"%s":{"ComparisonOperator":"%s","AttributeValueList":[%s]}`, name, operator, strings.Join(values, ","))
	}
	switch w.Below(8) {
	case 0:
		name := enginetest.Pick(w.Random, modelNames)
		return test{"attribute_exists(" + name + ")", entry(name, "NOT_NULL"), func(it modelItem) bool { return it[name] != nil }}
	case 1:
		name := enginetest.Pick(w.Random, modelNames)
		return test{"attribute_not_exists(" + name + ")", entry(name, "NULL"), func(it modelItem) bool { return it[name] == nil }}
	case 2:
		return test{name + " <> " + w.value(v), entry(name, "NE", writeValue(v)), func(it modelItem) bool { return !same(it[name], v) }}
	case 3:
		s := w.string()
		return test{"contains(ss, " + w.value(s) + ")", entry("ss", "CONTAINS", writeValue(s)), func(it modelItem) bool { return contains(it["ss"], s) }}
	case 4:
		s := w.string()
		return test{"begins_with(s, " + w.value(s) + ")", entry("s", "BEGINS_WITH", writeValue(s)), func(it modelItem) bool {
			text, ok := it["s"].(string)
			return ok && strings.HasPrefix(text, s)
		}}
	case 5:
		low := w.number()
		high := low + w.Below(5)
		return test{"n BETWEEN " + w.value(low) + " AND " + w.value(high), entry("n", "BETWEEN", writeValue(low), writeValue(high)), func(it modelItem) bool {
			n, ok := it["n"].(int)
			return ok && n >= low && n <= high
		}}
	case 6:
		a, b := w.number(), w.number()
		return test{"n IN (" + w.value(a) + ", " + w.value(b) + ")", entry("n", "IN", writeValue(a), writeValue(b)), func(it modelItem) bool { return same(it["n"], a) || same(it["n"], b) }}
	}
	op := enginetest.Pick(w.Random, slices.Sorted(maps.Keys(orderings)))
	return test{name + " " + op + " " + w.value(v), entry(name, orderings[op].legacy, writeValue(v)), func(it modelItem) bool {
		c, ok := order(it[name], v)
		return ok && orderings[op].holds(c)
	}}
}

// same is equality of scalars.
func same(a, b any) bool {
	c, ok := order(a, b)
	return ok && c == 0
}

func contains(v any, s string) bool {
	switch v := v.(type) {
	case string:
		return strings.Contains(v, s)
	case stringSet:
		return v[s]
	case []any:
		return slices.ContainsFunc(v, func(e any) bool { return same(e, s) })
	}
	return false
}

// condition joins one to three tests, as an expression or as legacy
// parameters in the member named.
func (w *writer) condition(expressionMember, legacyMember string) (members string, holds func(it modelItem) bool) {
	var tests []test
	for range 1 + w.Below(3) {
		tests = append(tests, w.test())
	}
	or := w.Below(2) == 0
	holds = func(it modelItem) bool {
		return slices.ContainsFunc(tests, func(x test) bool { return x.holds(it) == or }) == or
	}
	if legacyMember == "" {
		return w.joined(expressionMember, tests, or, holds)
	}
	w.values = nil
	entries := map[string]test{} // one to a name, which the text begins with
	for _, x := range tests {
		entries[x.legacy[:strings.Index(x.legacy, ":")]] = x
	}
	var texts []string
	tests = nil
	for _, name := range slices.Sorted(maps.Keys(entries)) {
		tests = append(tests, entries[name])
		texts = append(texts, entries[name].legacy)
	}
	members = fmt.Sprintf(`,"%s":{%s}`, legacyMember, strings.Join(texts, ","))
	if or && len(tests) > 1 {
		members += `,"ConditionalOperator":"OR"`
	}
	return members, holds
}

func (w *writer) joined(member string, tests []test, or bool, holds func(modelItem) bool) (string, func(modelItem) bool) {
	texts := make([]string, len(tests))
	for i, x := range tests {
		texts[i] = x.text
	}
	text := strings.Join(texts, map[bool]string{true: " OR ", false: " AND "}[or])
	if w.Below(4) == 0 {
		return fmt.Sprintf(`,"%s":"NOT (%s)"`, member, text), func(it modelItem) bool { return !holds(it) }
	}
	return fmt.Sprintf(`,"%s":"%s"`, member, text), holds
}

// writeModel is the table of the model, by partition key, and the engine it
// is held against.
type writeModel struct {
	*writer
	t     *testing.T
	f     *enginetest.Fixture
	items map[string]modelItem
	done  map[string]int // outcomes
}

// TestWritesAgainstModel: random puts, updates and deletes in every form, with
// conditions in every form, lead where the model leads, return what it says,
// and fail when it does.
func TestWritesAgainstModel(t *testing.T) {
	long(t)
	for seed := range uint64(3) {
		f := enginetest.With(t, engine.Options{Degree: 3})
		f.Must("CreateTable", `{"TableName":"Tab","BillingMode":"PAY_PER_REQUEST",
			"AttributeDefinitions":[{"AttributeName":"pk","AttributeType":"S"},{"AttributeName":"sk","AttributeType":"S"}],
			"KeySchema":[{"AttributeName":"pk","KeyType":"HASH"},{"AttributeName":"sk","KeyType":"RANGE"}]}`)
		m := &writeModel{&writer{Random: &enginetest.Random{State: seed}}, t, f, map[string]modelItem{}, map[string]int{}}
		for i := range 2500 {
			m.write()
			if i%10 == 9 {
				m.filter()
			}
		}
		for _, kind := range []string{"put", "delete", "update", "legacy"} {
			for _, outcome := range []string{" done", " refused"} {
				if m.done[kind+outcome] < 50 {
					t.Errorf("seed %d came to %v", seed, m.done)
				}
			}
		}
		if m.done["update invalid"] < 50 || m.done["legacy invalid"] < 50 || len(m.done) != 14 {
			t.Errorf("seed %d came to %v", seed, m.done)
		}
	}
}

// write does one random write to both.
func (m *writeModel) write() {
	m.t.Helper()
	sk := fmt.Sprintf("p%d", m.Below(8))
	old := m.items[sk]
	kind := enginetest.Pick(m.Random, []string{"put", "delete", "update", "update", "update", "legacy", "legacy"})
	operation, body := "UpdateItem", modelItemKey(sk)
	var after modelItem
	var to []spot
	fits := true
	switch kind {
	case "put":
		after = m.item()
		operation, body = "PutItem", `"Item":`+after.with(sk)
	case "delete":
		operation = "DeleteItem"
	case "update":
		list := m.changes(old)
		body += `,"UpdateExpression":"` + expression(list) + `"`
		after, fits = apply(old, list)
		to = targets(list)
	case "legacy":
		text, list := m.legacyChanges()
		body += "," + text
		after, fits = apply(old, list)
		if len(list) == 0 { // makes an item of the key alone
			after = old.copy()
		}
		to = targets(list)
	}
	m.ask(operation, kind, sk, body, after, fits, to)
}

func targets(list []change) []spot {
	var to []spot
	for _, c := range list {
		to = append(to, c.to)
	}
	return to
}

// ask puts a condition and what to return to the write, and compares.
func (m *writeModel) ask(operation, kind, sk, body string, after modelItem, fits bool, to []spot) {
	m.t.Helper()
	old, holds := m.items[sk], true
	legacy := kind == "legacy" || kind != "update" && m.Below(2) == 0
	if m.Below(3) == 0 {
		kept := m.values
		member := ""
		if legacy {
			member = "Expected"
		}
		text, condition := m.condition("ConditionExpression", member)
		if legacy {
			m.values = kept
		}
		body += text
		holds = condition(old)
	}
	returns := "ALL_OLD"
	if operation == "UpdateItem" {
		returns = enginetest.Pick(m.Random, []string{"ALL_OLD", "ALL_NEW", "UPDATED_OLD", "UPDATED_NEW"})
	}
	request := fmt.Sprintf(`{"TableName":"Tab",%s%s,"ReturnValues":"%s"}`, body, m.members(), returns)
	before := m.f.StateHash()
	r := m.f.Do(operation, request)
	switch refused := strings.Contains(string(r.Body), "ConditionalCheckFailed"); {
	case r.Status == 200 && holds && fits:
		m.done[kind+" done"]++
		m.keep(sk, after)
		if want, known := m.returned(returns, sk, old, after, to); known && string(r.Body) != want {
			m.t.Fatalf("%s\non %v\ngot  %s\nwant %s", request, old, r.Body, want)
		}
		m.look(sk, request, old)
	case refused && !holds:
		m.done[kind+" refused"]++
	case r.Status == 400 && !refused && !fits:
		m.done[kind+" invalid"]++
	default:
		m.t.Fatalf("%s\non %v\ngot %s\nthe condition holds: %v, the update fits: %v", request, old, r.Body, holds, fits)
	}
	if r.Status != 200 && m.f.StateHash() != before {
		m.t.Fatalf("%s\nfailed with %s and changed the state", request, r.Body)
	}
}

func (m *writeModel) keep(sk string, after modelItem) {
	if after == nil {
		delete(m.items, sk)
	} else {
		m.items[sk] = after
	}
}

// look compares the item as it is now.
func (m *writeModel) look(sk, request string, old modelItem) {
	m.t.Helper()
	want := "{}"
	if it := m.items[sk]; it != nil {
		want = `{"Item":` + it.with(sk) + "}"
	}
	if got := m.f.Must("GetItem", `{"TableName":"Tab",`+modelItemKey(sk)+`}`); got != want {
		m.t.Fatalf("%s\non %v\nleads to %s\nwant     %s", request, old, got, want)
	}
}

// returned is the reply; it is not known what is returned of documents that
// change in part.
func (m *writeModel) returned(mode, sk string, old, after modelItem, to []spot) (reply string, known bool) {
	it := after
	if strings.HasSuffix(mode, "OLD") {
		it = old
	}
	if it == nil {
		return "{}", true
	}
	if strings.HasPrefix(mode, "ALL") {
		return `{"Attributes":` + it.with(sk) + "}", true
	}
	touched := map[string]any{}
	for _, p := range to {
		if p.member != "" || p.index >= 0 {
			return "", false
		}
		if v, ok := it[p.name]; ok {
			touched[p.name] = v
		}
	}
	if len(touched) == 0 {
		return "{}", true
	}
	return `{"Attributes":` + writeMap(touched) + "}", true
}

// filter reads with a filter in either form, page by page.
func (m *writeModel) filter() {
	m.t.Helper()
	operation, legacy := "Scan", ""
	if m.Below(2) == 0 {
		operation = "Query"
	}
	if m.Below(2) == 0 {
		legacy = operation + "Filter"
	}
	text, holds := m.condition("FilterExpression", legacy)
	switch {
	case operation == "Query" && legacy == "":
		text += `,"KeyConditionExpression":"pk = ` + m.value("all") + `"`
	case operation == "Query":
		text += `,"KeyConditions":{"pk":{"ComparisonOperator":"EQ","AttributeValueList":[{"S":"all"}]}}`
	}
	request := `{"TableName":"Tab"` + text + m.members()
	got := collect(m.t, m.f, operation, request, m.Below(4))
	var want []string
	for sk, it := range m.items {
		if holds(it) {
			want = append(want, it.with(sk))
		}
	}
	sort.Strings(got)
	sort.Strings(want)
	if !slices.Equal(got, want) {
		m.t.Fatalf("%s: %s", request, firstDifference(got, want))
	}
	if len(want) > 0 && len(want) < len(m.items) {
		m.done["filter "+operation+legacy]++
	}
}
