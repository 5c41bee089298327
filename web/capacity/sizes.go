package capacity

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/sortkey/sortkey/components"
	"github.com/sortkey/sortkey/engine/attr"
)

// sizeRow is an attribute's row of the table of sizes.
func sizeRow(name string, v attr.Value, role components.Role) components.SizeRow {
	return components.SizeRow{
		Name: clip(name, 64), Type: components.Key{Type: v.Kind().String(), Role: role},
		NameBytes: len(name), ValueBytes: v.Size(), Rule: rule(v),
	}
}

// rule says how a value's bytes come about.
func rule(v attr.Value) string {
	switch v.Kind() {
	case attr.S:
		if n := utf8.RuneCountInString(v.Str()); n != v.Size() {
			return components.Counted(n, "character") + ", " + components.Counted(v.Size(), "UTF-8 byte")
		}
		return components.Counted(v.Size(), "UTF-8 byte")
	case attr.N:
		return numberRule(v.Number())
	case attr.B:
		return components.Counted(v.Size(), "raw byte") + ", not their base64"
	case attr.SS, attr.NS, attr.BS:
		return setRule(v)
	case attr.L:
		return "3 + " + components.Counted(len(v.Elems()), "element") + ", 1 each for type"
	case attr.M:
		n := len(v.Map())
		if n == 1 {
			return "3 + 1 entry, 1 for its type"
		}
		return "3 + " + components.Grouped(n) + " entries, 1 each for type"
	}
	return "always 1"
}

// numberRule counts pairs of digits: they lie on even powers of ten, so that a
// pair may be half empty at either end.
func numberRule(n attr.Number) string {
	text := clip(n.String(), 24)
	if n.Sign() == 0 {
		return "0 is 1 byte"
	}
	pairs := n.Size() - 1
	sign := ""
	if n.Sign() < 0 && pairs > 1 {
		if m, err := attr.ParseNumber(strings.TrimPrefix(n.String(), "-")); err == nil && m.Size() < n.Size() {
			pairs, sign = m.Size()-1, ", 1 for the sign"
		}
	}
	return text + ": " + components.Counted(pairs, "pair") + " of digits, plus 1" + sign
}

func setRule(v attr.Value) string {
	all := v.Elems()
	if len(all) > 6 {
		return components.Grouped(len(all)) + " elements, no overhead"
	}
	sizes := make([]string, len(all))
	for i, e := range all {
		sizes[i] = components.Grouped(e.Size())
	}
	return strings.Join(sizes, " + ") + ", no overhead"
}

// maxInside bounds the rows that the insides of an item's lists and maps have
// together.
const maxInside = 300

// insides lists what lists and maps hold, value by value.
func insides(rows []components.SizeRow, values []attr.Value) []components.Inside {
	var all []components.Inside
	room := maxInside
	for i, v := range values {
		if v.Kind() != attr.L && v.Kind() != attr.M {
			continue
		}
		in := components.Inside{Name: rows[i].Name, Bytes: v.Size()}
		in.Rows = appendInside(nil, "", v)
		if len(in.Rows) > room {
			in.More = len(in.Rows) - room
			in.Rows = in.Rows[:room]
		}
		room -= len(in.Rows)
		all = append(all, in)
	}
	return all
}

// appendInside appends a row for every value inside v, each with the byte for
// its type. A list or map among them is there with the 3 that it costs itself.
func appendInside(rows []components.InsideRow, path string, v attr.Value) []components.InsideRow {
	for i, e := range v.Elems() {
		if v.Kind() == attr.L {
			rows = appendMember(rows, path+"["+strconv.Itoa(i)+"]", 0, e)
		}
	}
	for _, m := range v.Map() {
		name := m.Name
		if path != "" {
			name = path + "." + name
		}
		rows = appendMember(rows, name, len(m.Name), m.Value)
	}
	return rows
}

func appendMember(rows []components.InsideRow, path string, name int, v attr.Value) []components.InsideRow {
	own, words := v.Size(), rule(v)
	deep := v.Kind() == attr.L || v.Kind() == attr.M
	if deep {
		own, words = 3, "itself, without what it holds"
	}
	rows = append(rows, components.InsideRow{Path: clip(path, 64), Type: v.Kind().String(), NameBytes: name, ValueBytes: own, Rule: words})
	if deep {
		rows = appendInside(rows, path, v)
	}
	return rows
}
