package expr

import (
	"fmt"
	"strings"
	"testing"

	"github.com/sortkey/sortkey/engine/attr"
)

func resolveCondition(src string, s *Scope) error {
	c, err := ParseCondition(src)
	if err != nil {
		return err
	}
	return c.Resolve(s)
}

func TestConditionForm(t *testing.T) {
	for src, want := range map[string]string{
		// parentheses
		"((a = :s))":                       "RedundantParens «((a = :s))»",
		"(((a = :s)))":                     "RedundantParens «(((a = :s)))»",
		"b = :s OR ((a)) = :s":             "RedundantParens «((a))»",
		"a = ((:s))":                       "RedundantParens «((:s))»",
		"size(((a))) > :n":                 "RedundantParens «((a))»",
		"NOT ( (a = :s) )":                 "RedundantParens «( (a = :s) )»",
		"((a = :s)) AND ((b = :s))":        "RedundantParens «((a = :s))»",
		"(a = :s)":                         "",
		"((a = :s) AND b = :s)":            "",
		"(a) = (:s)":                       "",
		"size((a)) > :n":                   "",
		"(size(a)) > :n":                   "",
		"(NOT (a = :s))":                   "",
		"((a) = :s)":                       "",
		"contains((a), (:s))":              "",
		"((a) BETWEEN (:s) AND (:s2))":     "",
		"((a = :s) OR (b = :s))":           "",
		"a = :s AND (b = :s AND (c = :s))": "",

		// functions
		"dog(a)":                           "UnknownFunction(dog) «dog»",
		"Size(a) > :n":                     "UnknownFunction(Size) «Size»",
		"COUNT(a) > :n":                    "UnknownFunction(COUNT) «COUNT»",
		"size(a)":                          "MisusedFunction(size) «size»",
		"(size(a))":                        "MisusedFunction(size) «size»",
		"NOT size(a)":                      "MisusedFunction(size) «size»",
		"a = begins_with(b, :s)":           "MisusedFunction(begins_with) «begins_with»",
		"attribute_exists(a) = :s":         "MisusedFunction(attribute_exists) «attribute_exists»",
		"attribute_exists(contains(a, b))": "MisusedFunction(contains) «contains»",
		"if_not_exists(a, :s)":             "MisusedFunction(if_not_exists) «if_not_exists»",
		"a = list_append(a, :l)":           "MisusedFunction(list_append) «list_append»",
		"size(a, b) > :n":                  "OperandCount(size; 2) «size(a, b)»",
		"attribute_exists(a, b)":           "OperandCount(attribute_exists; 2) «attribute_exists(a, b)»",
		"attribute_type(a)":                "OperandCount(attribute_type; 1) «attribute_type(a)»",
		"contains(a, :s, b)":               "OperandCount(contains; 3) «contains(a, :s, b)»",
		"attribute_exists(:s)":             "NotAPath(attribute_exists) «:s»",
		"attribute_not_exists(size(a))":    "NotAPath(attribute_not_exists) «size(a)»",
		"attribute_exists((a))":            "",

		// reserved words
		"name = :s":             "ReservedWord(name) «name»",
		"a = :s AND Status = a": "ReservedWord(Status) «Status»",
		"a.b[0].Count = :s":     "ReservedWord(Count) «Count»",
		"size(size) > :n":       "ReservedWord(size) «size»",
		"#n = :s":               "",
		"#dot = :s":             "",

		// placeholders
		"#x = :s":               "UndefinedName(#x) «#x»",
		"a.#x[0] = :x":          "UndefinedName(#x) «#x»",
		"a = :x":                "UndefinedValue(:x) «:x»",
		"a IN (:s, :x)":         "UndefinedValue(:x) «:x»",
		"size(:x) = :y":         "UndefinedValue(:x) «:x»",
		"attribute_type(a, :x)": "UndefinedValue(:x) «:x»",

		// distinct operands
		"a = a":                "NotDistinct(=; [a]) «a»",
		"a.b[0] <> a.b[0]":     "NotDistinct(<>; [a, b, [0]]) «a.b[0]»",
		"#n > #m":              "NotDistinct(>; [name]) «#m»",
		"a BETWEEN :s AND a":   "NotDistinct(BETWEEN; [a]) «a»",
		"a IN (:s, b, a)":      "NotDistinct(IN; [a]) «a»",
		"contains(a, a)":       "NotDistinct(contains; [a]) «a»",
		"begins_with(a, a)":    "NotDistinct(begins_with; [a]) «a»",
		"attribute_type(a, a)": "NotDistinct(attribute_type; [a]) «a»",
		"a = a.b":              "",
		"a[0] = a[1]":          "",
		"b BETWEEN a AND a":    "",
		":s = :s":              "",
		"size(a) = size(a)":    "",

		// operand types of literals
		"begins_with(a, :n)":    "OperandType(begins_with; N) «:n»",
		"begins_with(:ss, a)":   "OperandType(begins_with; SS) «:ss»",
		"begins_with(a, :b)":    "",
		"size(:n) > :n":         "OperandType(size; N) «:n»",
		"size(:bool) > :n":      "OperandType(size; BOOL) «:bool»",
		"size(:null) > :n":      "OperandType(size; NULL) «:null»",
		"size(:m) > :n":         "",
		"a < :bool":             "OperandType(<; BOOL) «:bool»",
		":l <= a":               "OperandType(<=; L) «:l»",
		"a > :m":                "OperandType(>; M) «:m»",
		"a >= :ns":              "OperandType(>=; NS) «:ns»",
		"a = :bool":             "",
		"a <> :l":               "",
		"a IN (:bool, :m, :s)":  "",
		"contains(a, :bool)":    "",
		"a BETWEEN :null AND b": "OperandType(BETWEEN; NULL) «:null»",
		":ss BETWEEN a AND b":   "OperandType(BETWEEN; SS) «:ss»",
		"attribute_type(a, :n)": "OperandType(attribute_type; N) «:n»",
		"attribute_type(a, b)":  "OperandType(attribute_type; {NS,SS,L,BS,N,M,B,BOOL,NULL,S}) «b»",
		"attribute_type(a, :s)": "TypeName(a; {B,NULL,SS,BOOL,L,BS,N,NS,S,M}) «:s»",

		// bounds
		"a BETWEEN :s AND :n":  "BetweenTypes(AttributeValue: {S:a}; AttributeValue: {N:1}) «:s AND :n»",
		"a BETWEEN :n AND :b":  "BetweenTypes(AttributeValue: {N:1}; AttributeValue: {B:YQ==}) «:n AND :b»",
		"a BETWEEN :s2 AND :s": "BetweenOrder(AttributeValue: {S:b}; AttributeValue: {S:a}) «:s2 AND :s»",
		"a BETWEEN :n2 AND :n": "BetweenOrder(AttributeValue: {N:2}; AttributeValue: {N:1}) «:n2 AND :n»",
		"a BETWEEN :s AND :s":  "",
		"a BETWEEN :s AND b":   "",

		// priority
		"((a = :x)) AND dog(name)":      "RedundantParens «((a = :x))»",
		"size(name) AND dog(a)":         "UnknownFunction(dog) «dog»",
		"name = :x AND size(a)":         "MisusedFunction(size) «size»",
		"size(a, b) > :x AND name = :s": "ReservedWord(name) «name»",
		"size(a, b) > :n AND c = :x":    "OperandCount(size; 2) «size(a, b)»",
		"c = :x AND size(a, b) > :n":    "UndefinedValue(:x) «:x»",
		"contains(a, a, :x)":            "UndefinedValue(:x) «:x»",
		"contains(a, a, :s)":            "OperandCount(contains; 3) «contains(a, a, :s)»",
		"a BETWEEN a AND :bool":         "NotDistinct(BETWEEN; [a]) «a»",
		"a BETWEEN :bool AND :s":        "OperandType(BETWEEN; BOOL) «:bool»",
	} {
		expectFault(t, src, resolveCondition(src, sampleScope()), want)
	}
}

func TestTypeNames(t *testing.T) {
	for _, name := range []string{"S", "N", "B", "SS", "NS", "BS", "M", "L", "NULL", "BOOL"} {
		s := NewScope(nil, map[string]attr.Value{":t": attr.Text(name)})
		if err := resolveCondition("attribute_type(a, :t)", s); err != nil {
			t.Error(name, err)
		}
	}
	for _, name := range []string{"", "s", "STRING", "DOG"} {
		s := NewScope(nil, map[string]attr.Value{":t": attr.Text(name)})
		err := resolveCondition("attribute_type(a, :t)", s)
		expectFault(t, "attribute_type(a, :t)", err, "TypeName("+name+"; "+validTypeSet+") «:t»")
	}
}

func TestInListLength(t *testing.T) {
	in := func(n int) string { return "a IN (:s" + strings.Repeat(", :s", n-1) + ")" }
	expectFault(t, in(99), resolveCondition(in(99), sampleScope()), "")
	expectFault(t, in(100), resolveCondition(in(100), sampleScope()), "OperandCount(IN; 101) «"+in(100)+"»")
}

func TestPathDepth(t *testing.T) {
	path := func(n int) string { return "a" + strings.Repeat(".b", n-1) }
	expectFault(t, path(32), resolveCondition(path(32)+" = :s", sampleScope()), "")
	expectFault(t, path(33), resolveCondition(path(33)+" = :s", sampleScope()), "PathTooDeep(33) «"+path(33)+"»")
	p, err := ParseProjection("x, " + path(33))
	if err != nil {
		t.Fatal(err)
	}
	expectFault(t, "x, "+path(33), p.Resolve(sampleScope()), "PathTooDeep(33) «"+path(33)+"»")
}

func TestUnused(t *testing.T) {
	s := scope("#a=x #b=y #c=z", `{":c":{"S":""},":a":{"S":""},":b":{"S":""}}`)
	if names, values := s.Unused(); fmt.Sprint(names, values) != "[#a #b #c] [:a :b :c]" {
		t.Error(names, values)
	}
	condition(t, "#b = :b OR attribute_exists(a)", s)
	if names, values := s.Unused(); fmt.Sprint(names, values) != "[#a #c] [:a :c]" {
		t.Error(names, values)
	}
	// All expressions of a request count, and names within paths.
	p, _ := ParseProjection("q.#c[0]")
	u, _ := ParseUpdate("SET r = if_not_exists(#a, :a) ADD s :c")
	if err := p.Resolve(s); err != nil {
		t.Fatal(err)
	}
	if err := u.Resolve(scope("#a=x", `{":a":{"S":""},":c":{"N":"1"}}`)); err != nil {
		t.Fatal(err)
	}
	u, _ = ParseUpdate("SET r = if_not_exists(#a, :a), s = :c")
	if err := u.Resolve(s); err != nil {
		t.Fatal(err)
	}
	if names, values := s.Unused(); len(names)+len(values) != 0 {
		t.Error(names, values)
	}
}

func TestEmptyNameIsUndefined(t *testing.T) {
	s := NewScope(map[string]string{"#e": ""}, sampleValues())
	expectFault(t, "#e = :s", resolveCondition("#e = :s", s), "UndefinedName(#e) «#e»")
}

func TestPathsAndMention(t *testing.T) {
	src := "#n.x[0] = :s AND (size(b) > :n OR c IN (#n, :s)) AND NOT attribute_exists(#dot)"
	c := condition(t, src, sampleScope())
	var got []string
	for _, p := range c.Paths() {
		got = append(got, p.String())
	}
	if text := strings.Join(got, " "); text != "[name, x, [0]] [b] [c] [name] [a.b]" {
		t.Error(text)
	}
	for name, want := range map[string]string{"name": "#n.x[0]", "c": "c", "a.b": "#dot", "x": ""} {
		start, end, ok := c.Mention(name)
		if ok != (want != "") || src[start:end] != want {
			t.Errorf("%s: %q", name, src[start:end])
		}
	}
}
