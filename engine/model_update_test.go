package engine_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/sortkey/sortkey/engine/enginetest"
)

// The second model is of writes: what update expressions, AttributeUpdates,
// conditions, Expected and filters make of an item is worked out here a second
// time, on Go values.

// Attribute values of the model: int, string, stringSet, []any and
// map[string]any.
type stringSet map[string]bool

// modelItem are the attributes of an item but its key; nil is no item.
type modelItem map[string]any

// writeValue writes a value as the engine does.
func writeValue(v any) string {
	switch v := v.(type) {
	case int:
		return fmt.Sprintf(`{"N":"%d"}`, v)
	case string:
		return `{"S":"` + v + `"}`
	case stringSet:
		return `{"SS":["` + strings.Join(slices.Sorted(maps.Keys(v)), `","`) + `"]}`
	case []any:
		list := make([]string, len(v))
		for i, e := range v {
			list[i] = writeValue(e)
		}
		return `{"L":[` + strings.Join(list, ",") + "]}"
	}
	return `{"M":` + writeMap(v.(map[string]any)) + "}"
}

func writeMap(m map[string]any) string {
	var list []string
	for _, name := range slices.Sorted(maps.Keys(m)) {
		list = append(list, `"`+name+`":`+writeValue(m[name]))
	}
	return "{" + strings.Join(list, ",") + "}"
}

// with is the item with its key: all are in one partition.
func (it modelItem) with(sk string) string {
	m := maps.Clone(it)
	m["pk"], m["sk"] = "all", sk
	return writeMap(m)
}

func modelItemKey(sk string) string { return `"Key":{"pk":{"S":"all"},"sk":{"S":"` + sk + `"}}` }

// copyValue copies a value as deep as it goes.
func copyValue(v any) any {
	switch v := v.(type) {
	case stringSet:
		return maps.Clone(v)
	case []any:
		c := make([]any, len(v))
		for i, e := range v {
			c[i] = copyValue(e)
		}
		return c
	case map[string]any:
		c := map[string]any{}
		for name, e := range v {
			c[name] = copyValue(e)
		}
		return c
	}
	return v
}

func (it modelItem) copy() modelItem {
	c := modelItem{}
	for name, v := range it {
		c[name] = copyValue(v)
	}
	return c
}

// spot is a document path: an attribute, perhaps a member of it, perhaps an
// element of that.
type spot struct {
	name, member string
	index        int // -1 for none
}

func (p spot) String() string {
	s := p.name
	if p.member != "" {
		s += "." + p.member
	}
	if p.index >= 0 {
		s += fmt.Sprintf("[%d]", p.index)
	}
	return s
}

func (it modelItem) at(p spot) (any, bool) {
	v, ok := it[p.name]
	if ok && p.member != "" {
		m, isMap := v.(map[string]any)
		if !isMap {
			return nil, false
		}
		v, ok = m[p.member]
	}
	if !ok || p.index < 0 {
		return v, ok
	}
	list, isList := v.([]any)
	if !isList || p.index >= len(list) {
		return nil, false
	}
	return list[p.index], true
}

// put sets, or with nil removes, what is at a spot without index, and reports
// whether there was somewhere to put it.
func (it modelItem) put(p spot, v any) bool {
	m := map[string]any(it)
	name := p.name
	if p.member != "" {
		var ok bool
		if m, ok = it[p.name].(map[string]any); !ok {
			return false
		}
		name = p.member
	}
	if v == nil {
		delete(m, name)
	} else {
		m[name] = v
	}
	return true
}

// writer makes up requests; what it makes up next depends on the seed only.
type writer struct {
	*enginetest.Random
	values []string // of the request being made
}

// value is a placeholder for the value.
func (w *writer) value(v any) string {
	name := fmt.Sprintf(":v%d", len(w.values))
	w.values = append(w.values, `"`+name+`":`+writeValue(v))
	return name
}

// members are the values gathered, as a member of the request.
func (w *writer) members() string {
	defer func() { w.values = nil }()
	if w.values == nil {
		return ""
	}
	return `,"ExpressionAttributeValues":{` + strings.Join(w.values, ",") + "}"
}

func (w *writer) number() int    { return w.Below(12) - 4 }
func (w *writer) string() string { return enginetest.Pick(w.Random, []string{"a", "ab", "b", "ba"}) }

func (w *writer) set() stringSet {
	s := stringSet{w.string(): true}
	if w.Below(2) == 0 {
		s[w.string()] = true
	}
	return s
}

func (w *writer) list() []any {
	list := []any{}
	for range w.Below(4) {
		list = append(list, w.any(false))
	}
	return list
}

// any is a value of any type, of documents only if deep.
func (w *writer) any(deep bool) any {
	switch n := w.Below(7); {
	case n < 2:
		return w.number()
	case n < 3 || !deep:
		return w.string()
	case n < 4:
		return w.set()
	case n < 6:
		return w.list()
	}
	return map[string]any{"x": w.any(false), "y": w.list()}
}

// fit is a value of the type that attributes of the name mostly have.
func (w *writer) fit(name string) any {
	switch {
	case w.Below(12) == 0:
		return w.any(true)
	case name == "n":
		return w.number()
	case name == "s":
		return w.string()
	case name == "ss":
		return w.set()
	case name == "l":
		return w.list()
	}
	return map[string]any{"x": w.number(), "y": w.list()}
}

var modelNames = []string{"n", "s", "ss", "l", "m"}

func (w *writer) item() modelItem {
	it := modelItem{}
	for _, name := range modelNames {
		if w.Below(4) > 0 {
			it[name] = w.fit(name)
		}
	}
	return it
}

// source is a spot to read from, where there is nothing large, lest items
// grow beyond all limits.
func (w *writer) source(it modelItem) spot {
	for {
		p := enginetest.Pick(w.Random, []spot{
			{"n", "", -1}, {"s", "", -1}, {"ss", "", -1}, {"l", "", -1}, {"l", "", w.Below(4)}, {"m", "", -1}, {"m", "x", -1}, {"m", "y", -1}, {"m", "y", 0}, {"zzz", "", -1},
		})
		if v, ok := it.at(p); !ok || len(writeValue(v)) < 300 {
			return p
		}
	}
}

// operand is the text of a right-hand side, a simple one inside another, and
// what it is worth; ok is false where it is worth an error.
func (w *writer) operand(it modelItem, simple bool) (text string, v any, ok bool) {
	kind := w.Below(8)
	if simple {
		kind = w.Below(4)
	}
	switch kind {
	case 0, 1:
		v := w.any(true)
		return w.value(v), v, true
	case 2, 3:
		p := w.source(it)
		v, ok := it.at(p)
		return p.String(), v, ok
	case 4:
		p := w.source(it)
		text, v, ok := w.operand(it, true)
		if there, has := it.at(p); has {
			v, ok = there, true
		}
		return "if_not_exists(" + p.String() + ", " + text + ")", v, ok
	case 5:
		a, left, okA := w.operand(it, true)
		b, right, okB := w.operand(it, true)
		x, isA := left.([]any)
		y, isB := right.([]any)
		return "list_append(" + a + ", " + b + ")", slices.Concat([]any{}, x, y), okA && okB && isA && isB
	}
	a, left, okA := w.operand(it, true)
	b, right, okB := w.operand(it, true)
	x, isA := left.(int)
	y, isB := right.(int)
	ok = okA && okB && isA && isB
	if kind == 6 {
		return a + " - " + b, x - y, ok
	}
	return a + " + " + b, x + y, ok
}

// change is one clause entry of an update: its text, and what it does to the
// item, reporting whether it could. old is the item before all of them.
type change struct {
	clause, text string
	to           spot
	do           func(it, old modelItem) bool
}

// changes are up to four entries of an update, each of another attribute; or
// several to one list.
func (w *writer) changes(old modelItem) []change {
	if w.Below(4) == 0 {
		return w.listChanges(old)
	}
	var list []change
	names := slices.Clone(modelNames)
	for range 1 + w.Below(4) {
		i := w.Below(len(names))
		list = append(list, w.change(names[i], old))
		names = slices.Delete(names, i, i+1)
	}
	return list
}

func (w *writer) change(name string, old modelItem) change {
	p := spot{name, "", -1}
	if name == "m" && w.Below(2) == 0 {
		p.member = enginetest.Pick(w.Random, []string{"x", "y", "z"})
	}
	switch w.Below(6) {
	case 0:
		return change{"REMOVE", p.String(), p, func(it, old modelItem) bool { return it.put(p, nil) || old == nil }}
	case 1:
		if p.member == "" {
			return w.adds(p)
		}
	case 2:
		if p.member == "" {
			set := w.set()
			return change{"DELETE", name + " " + w.value(set), p, func(it, _ modelItem) bool { return it.subtract(p, set) }}
		}
	}
	if w.Below(3) > 0 {
		v := w.fit(name)
		return change{"SET", p.String() + " = " + w.value(v), p, func(it, _ modelItem) bool { return it.put(p, copyValue(v)) }}
	}
	text, v, ok := w.operand(old, false)
	return change{"SET", p.String() + " = " + text, p, func(it, _ modelItem) bool { return ok && it.put(p, copyValue(v)) }}
}

func (w *writer) adds(p spot) change {
	if w.Below(2) == 0 {
		n := w.number()
		return change{"ADD", p.name + " " + w.value(n), p, func(it, _ modelItem) bool { return it.addNumber(p, n) }}
	}
	set := w.set()
	return change{"ADD", p.name + " " + w.value(set), p, func(it, _ modelItem) bool { return it.addSet(p, set) }}
}

func (it modelItem) addNumber(p spot, n int) bool {
	v, has := it.at(p)
	sum, isNumber := v.(int)
	return (isNumber || !has) && it.put(p, sum+n)
}

func (it modelItem) addSet(p spot, set stringSet) bool {
	v, has := it.at(p)
	there, isSet := v.(stringSet)
	union := maps.Clone(set)
	maps.Copy(union, there)
	return (isSet || !has) && it.put(p, union)
}

func (it modelItem) subtract(p spot, set stringSet) bool {
	v, has := it.at(p)
	there, isSet := v.(stringSet)
	if !has {
		return true
	}
	rest := maps.Clone(there)
	maps.DeleteFunc(rest, func(s string, _ bool) bool { return set[s] })
	if len(rest) == 0 {
		return isSet && it.put(p, nil)
	}
	return isSet && it.put(p, rest)
}

// listChanges set and remove elements of one list: indexes are those of the
// list as it was, what is set behind the end is appended in index order.
func (w *writer) listChanges(old modelItem) []change {
	of := enginetest.Pick(w.Random, []spot{{"l", "", -1}, {"m", "y", -1}})
	sets, removes := map[int]any{}, map[int]bool{}
	var list []change
	for range 1 + w.Below(4) {
		p := of
		if p.index = w.Below(6); sets[p.index] != nil || removes[p.index] {
			continue
		}
		if w.Below(2) == 0 {
			removes[p.index] = true
			list = append(list, change{"REMOVE", p.String(), p, nil})
			continue
		}
		v := w.any(true)
		sets[p.index] = v
		list = append(list, change{"SET", p.String() + " = " + w.value(v), p, nil})
	}
	for i := range list {
		list[i].do = func(it, _ modelItem) bool { return true }
	}
	list[0].do = func(it, old modelItem) bool { return it.setElements(of, sets, removes) || old == nil && len(sets) == 0 }
	return list
}

func (it modelItem) setElements(of spot, sets map[int]any, removes map[int]bool) bool {
	v, has := it.at(of)
	elements, isList := v.([]any)
	if !has || !isList {
		return false
	}
	var after []any
	for i, e := range elements {
		if set, ok := sets[i]; ok {
			e = set
		}
		if !removes[i] {
			after = append(after, e)
		}
	}
	behind := slices.DeleteFunc(slices.Sorted(maps.Keys(sets)), func(i int) bool { return i < len(elements) })
	for _, i := range behind {
		after = append(after, sets[i])
	}
	return it.put(of, copyValue(slices.Concat([]any{}, after)))
}

// expression is the update as text, clauses in the order of first mention.
func expression(list []change) string {
	var clauses []string
	entries := map[string][]string{}
	for _, c := range list {
		if entries[c.clause] == nil {
			clauses = append(clauses, c.clause)
		}
		entries[c.clause] = append(entries[c.clause], c.text)
	}
	for i, clause := range clauses {
		clauses[i] = clause + " " + strings.Join(entries[clause], ", ")
	}
	return strings.Join(clauses, " ")
}

// apply is the item after the changes; ok is false where they do not fit it.
func apply(old modelItem, list []change) (modelItem, bool) {
	if old == nil && !slices.ContainsFunc(list, func(c change) bool { return c.clause == "SET" || c.clause == "ADD" }) {
		return nil, true
	}
	it := old.copy()
	for _, c := range list {
		if !c.do(it, old) {
			return nil, false
		}
	}
	return it, true
}

// legacyChanges are AttributeUpdates.
func (w *writer) legacyChanges() (text string, list []change) {
	var entries []string
	for _, name := range modelNames {
		p := spot{name, "", -1}
		switch w.Below(8) {
		case 0:
			v := w.fit(name)
			list = append(list, change{clause: "SET", to: p, do: func(it, _ modelItem) bool { return it.put(p, v) }})
			entries = append(entries, fmt.Sprintf(`"%s":{"Value":%s}`, name, writeValue(v)))
		case 1:
			list = append(list, change{clause: "REMOVE", to: p, do: func(it, _ modelItem) bool { return it.put(p, nil) }})
			entries = append(entries, fmt.Sprintf(`"%s":{"Action":"DELETE"}`, name))
		case 2:
			set := w.set()
			list = append(list, change{clause: "DELETE", to: p, do: func(it, _ modelItem) bool { return it.subtract(p, set) }})
			entries = append(entries, fmt.Sprintf(`"%s":{"Action":"DELETE","Value":%s}`, name, writeValue(set)))
		case 3:
			v, do := w.legacyAdd(p)
			list = append(list, change{clause: "ADD", to: p, do: func(it, _ modelItem) bool { return do(it) }})
			entries = append(entries, fmt.Sprintf(`"%s":{"Action":"ADD","Value":%s}`, name, writeValue(v)))
		}
	}
	return `"AttributeUpdates":{` + strings.Join(entries, ",") + "}", list
}

// legacyAdd is an ADD, which knows lists, too.
func (w *writer) legacyAdd(p spot) (v any, do func(it modelItem) bool) {
	switch w.Below(3) {
	case 0:
		n := w.number()
		return n, func(it modelItem) bool { return it.addNumber(p, n) }
	case 1:
		set := w.set()
		return set, func(it modelItem) bool { return it.addSet(p, set) }
	}
	list := w.list()
	return list, func(it modelItem) bool {
		v, has := it.at(p)
		there, isList := v.([]any)
		return (isList || !has) && it.put(p, slices.Concat([]any{}, there, list))
	}
}
