package web

import (
	"encoding/base64"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/tidwall/gjson"

	"github.com/sortkey/sortkey/components"
	"github.com/sortkey/sortkey/engine/attr"
)

// compact prints a value on one line, as a cell of the grid shows it: texts
// and numbers as they are, documents by what they hold.
func compact(v attr.Value) string {
	switch v.Kind() {
	case attr.L:
		return list(v)
	case attr.M:
		return "{" + strconv.Itoa(len(v.Map())) + "}"
	case attr.SS, attr.NS, attr.BS:
		parts := make([]string, 0, len(v.Elems()))
		for _, e := range v.Elems() {
			parts = append(parts, compact(e))
		}
		return strings.Join(parts, ", ")
	}
	return scalar(v)
}

// list prints how many elements a list has and the first text in it.
func list(v attr.Value) string {
	s := "[" + strconv.Itoa(len(v.Elems())) + "]"
	if len(v.Elems()) == 0 {
		return s
	}
	if text := firstText(v.Elems()[0]); text != "" {
		s += " " + text
	}
	return s
}

func firstText(v attr.Value) string {
	switch v.Kind() {
	case attr.M:
		for _, m := range v.Map() {
			if m.Value.Kind() == attr.S {
				return m.Value.Str()
			}
		}
		return ""
	case attr.L, attr.SS, attr.NS, attr.BS:
		return ""
	}
	return scalar(v)
}

func scalar(v attr.Value) string {
	switch v.Kind() {
	case attr.S:
		return v.Str()
	case attr.N:
		return v.Number().String()
	case attr.B:
		return base64.StdEncoding.EncodeToString([]byte(v.Str()))
	case attr.BOOL:
		return strconv.FormatBool(v.Bool())
	}
	return "null"
}

// spread prints a value in full; documents over several lines.
func spread(v attr.Value) string {
	if v.Kind() == attr.S {
		return v.Str()
	}
	var b strings.Builder
	write(&b, v, 0)
	return b.String()
}

func write(b *strings.Builder, v attr.Value, indent int) {
	switch v.Kind() {
	case attr.S:
		b.WriteString(strconv.Quote(v.Str()))
	case attr.L:
		open(b, "[", "]", len(v.Elems()), indent, func(i int) { write(b, v.Elems()[i], indent+1) })
	case attr.M:
		open(b, "{", "}", len(v.Map()), indent, func(i int) {
			b.WriteString(v.Map()[i].Name + ": ")
			write(b, v.Map()[i].Value, indent+1)
		})
	case attr.SS, attr.NS, attr.BS:
		for i, e := range v.Elems() {
			if i > 0 {
				b.WriteString(", ")
			}
			write(b, e, indent)
		}
	default:
		b.WriteString(scalar(v))
	}
}

// open writes a document's elements, a line each.
func open(b *strings.Builder, from, to string, n, indent int, each func(int)) {
	if n == 0 {
		b.WriteString(from + to)
		return
	}
	b.WriteString(from)
	for i := range n {
		b.WriteString("\n" + strings.Repeat("  ", indent+1))
		each(i)
		if i+1 < n {
			b.WriteByte(',')
		}
	}
	b.WriteString("\n" + strings.Repeat("  ", indent) + to)
}

// maxPretty is how much of a body is laid out over lines; a longer one is
// shown as it is, up to maxShown.
const (
	maxPretty = 256 << 10
	maxShown  = 64 << 10
)

// pretty lays a JSON body out over lines; an object of one plain member stays
// on its line, as an attribute value reads best. The body comes from the
// engine or from the notation's parser, so it is valid and its depth limited.
func pretty(body []byte) string {
	if len(body) > maxPretty {
		return string(body[:maxShown]) + "\n… " + components.Grouped(len(body)-maxShown) + " more bytes are not drawn"
	}
	var b strings.Builder
	layOut(&b, gjson.ParseBytes(body), 0)
	return b.String()
}

func layOut(b *strings.Builder, v gjson.Result, indent int) {
	if !v.IsObject() && !v.IsArray() {
		b.WriteString(v.Raw)
		return
	}
	ends := [2]string{"{", "}"}
	if v.IsArray() {
		ends = [2]string{"[", "]"}
	}
	n, plain := 0, true
	v.ForEach(func(_, e gjson.Result) bool {
		n++
		plain = plain && !e.IsObject() && !e.IsArray()
		return true
	})
	b.WriteString(ends[0])
	if n == 0 {
		b.WriteString(ends[1])
		return
	}
	sep, end := "\n"+strings.Repeat("  ", indent+1), "\n"+strings.Repeat("  ", indent)
	if n == 1 && plain {
		sep, end = " ", " "
	}
	i := 0
	v.ForEach(func(k, e gjson.Result) bool {
		if i > 0 {
			b.WriteByte(',')
		}
		i++
		b.WriteString(sep)
		if v.IsObject() {
			b.WriteString(k.Raw + ": ")
		}
		layOut(b, e, indent+1)
		return true
	})
	b.WriteString(end + ends[1])
}

// clip shortens s to at most n bytes at a character's edge.
func clip(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}

// dollars prints microdollars: $0.125, $12.50, $0.09.
func dollars(micro int64) string {
	whole, part := micro/1_000_000, micro%1_000_000
	digits := strconv.FormatInt(1_000_000+part, 10)[1:]
	keep := 2
	for keep < 6 && strings.Trim(digits[keep:], "0") != "" {
		keep++
	}
	return "$" + components.Grouped(int(whole)) + "." + digits[:keep]
}

// cents prints microdollars to the cent, rounded to nearest; less than half a
// cent prints as "under $0.01".
func cents(micro int64) string {
	c := (micro + 5_000) / 10_000
	if c == 0 && micro > 0 {
		return "under $0.01"
	}
	return "$" + components.Grouped(int(c/100)) + "." + strconv.FormatInt(100+c%100, 10)[1:]
}
