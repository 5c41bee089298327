package expr

import (
	"strconv"
	"strings"
	"testing"
)

func TestConditionSyntax(t *testing.T) {
	for src, want := range map[string]string{
		"":                             "Empty «»",
		" \t\r\n":                      "Syntax(<EOF>; ) «»",
		"a":                            "Syntax(<EOF>; a) «»",
		"(a)":                          "Syntax(<EOF>; )) «»",
		":v":                           "Syntax(<EOF>; :v) «»",
		"a = ":                         "Syntax(<EOF>; =) «»",
		"a = :v AND":                   "Syntax(<EOF>; AND) «»",
		"a == :v":                      "Syntax(=; == :v) «=»",
		"a = 5":                        "Syntax(5; = 5) «5»",
		"a != :v":                      "Syntax(!; a !=) «!»",
		`a = "é"`:                      `Syntax("; = "é) «"»`,
		"é = :v":                       "Syntax(é; é =) «é»",
		"_id = :v":                     "Syntax(_; _id) «_»",
		"a = :v b":                     "Syntax(b; :v b) «b»",
		"a-b = :v":                     "Syntax(-; a-b) «-»",
		"a : v":                        "Syntax(:; a : v) «:»",
		"# = :v":                       "Syntax(#; # =) «#»",
		"begins_with(sk, G_M#)":        "Syntax(#; G_M#)) «#»",
		"a IN ()":                      "Syntax(); ()) «)»",
		"a IN (:v":                     "Syntax(<EOF>; :v) «»",
		"size()":                       "Syntax(); ()) «)»",
		"a[-1] = :v":                   "Syntax(-; [-1) «-»",
		"a[:i] = :v":                   "Syntax(:i; [:i]) «:i»",
		"a[] = :v":                     "Syntax(]; [] =) «]»",
		"a. = :v":                      "Syntax(=; . = :v) «=»",
		"a.and = :v":                   "Syntax(and; .and =) «and»",
		"[0] = :v":                     "Syntax([; [0) «[»",
		":v.a = :v":                    "Syntax(.; :v.a) «.»",
		"And":                          "Syntax(And; And) «And»",
		"AND a = :v":                   "Syntax(AND; AND a) «AND»",
		"NOT":                          "Syntax(<EOF>; NOT) «»",
		"NOT a":                        "Syntax(<EOF>; a) «»",
		"a AND b = :v":                 "Syntax(AND; a AND b) «AND»",
		"b = :v AND (a) OR c":          "Syntax(OR; ) OR c) «OR»",
		"(b = :v AND a)":               "Syntax(); a)) «)»",
		"(a = :v":                      "Syntax(<EOF>; :v) «»",
		"a = :v)":                      "Syntax(); :v)) «)»",
		"(a = :v) = :v":                "Syntax(=; ) = :v) «=»",
		"a = (b = :v)":                 "Syntax(=; b = :v) «=»",
		"a = b = c":                    "Syntax(=; b = c) «=»",
		"a BETWEEN :x :y":              "Syntax(:y; :x :y) «:y»",
		"a BETWEEN :x OR :y":           "Syntax(OR; :x OR :y) «OR»",
		"a = b + c":                    "Syntax(+; b + c) «+»",
		"attribute_exists(a = :v)":     "Syntax(=; a = :v) «=»",
		"#f(a)":                        "Syntax((; #f(a) «(»",
		"a[2147483648] = :v":           "IndexRange(2147483648) «2147483648»",
		"a[99999999999999999999] = :v": "IndexRange(99999999999999999999) «99999999999999999999»",
	} {
		_, err := ParseCondition(src)
		expectFault(t, src, err, want)
	}
}

func TestProjectionSyntax(t *testing.T) {
	for src, want := range map[string]string{
		"":              "Empty «»",
		"a,":            "Syntax(<EOF>; ,) «»",
		"a b":           "Syntax(b; a b) «b»",
		"_id":           "Syntax(_; _id) «_»",
		"a, :v":         "Syntax(:v; , :v) «:v»",
		"size(a)":       "Syntax((; size(a) «(»",
		"(a)":           "Syntax((; (a) «(»",
		"a[-1]":         "Syntax(-; [-1) «-»",
		"a, , b":        "Syntax(,; , , b) «,»",
		"a[2147483648]": "IndexRange(2147483648) «2147483648»",
	} {
		_, err := ParseProjection(src)
		expectFault(t, src, err, want)
	}
}

func TestUpdateSyntax(t *testing.T) {
	for src, want := range map[string]string{
		"":                       "Empty «»",
		"INVALID SYNTAX HERE":    "Syntax(INVALID; INVALID SYNTAX) «INVALID»",
		"SET":                    "Syntax(<EOF>; SET) «»",
		"SET a":                  "Syntax(<EOF>; a) «»",
		"SET a = :v,":            "Syntax(<EOF>; ,) «»",
		"SET set = :v":           "Syntax(set; SET set =) «set»",
		"SET a = :v, SET b = :v": "Syntax(SET; , SET b) «SET»",
		"SET a = b + c + d":      "Syntax(+; c + d) «+»",
		"SET a = b * c":          "Syntax(*; b * c) «*»",
		"SET a <> :v":            "Syntax(<>; a <> :v) «<>»",
		"SET a = :v AND b = :v":  "Syntax(AND; :v AND b) «AND»",
		"ADD hits : incr":        "Syntax(:; hits : incr) «:»",
		"ADD a b":                "Syntax(b; a b) «b»",
		"ADD a = :v":             "Syntax(=; a = :v) «=»",
		"DELETE a":               "Syntax(<EOF>; a) «»",
		"REMOVE a = :v":          "Syntax(=; a = :v) «=»",
		"SET as = :v, #, b":      "Syntax(#; , #,) «#»",
	} {
		_, err := ParseUpdate(src)
		expectFault(t, src, err, want)
	}
}

func TestKeywordsBelongToTheirGrammar(t *testing.T) {
	for _, src := range []string{"REMOVE = :v", "a.remove = :v", "add = :v"} {
		if _, err := ParseCondition(src); err != nil {
			t.Errorf("%s: %s", src, fault(src, err))
		}
	}
	if _, err := ParseUpdate("SET between = :v, a.in = :v REMOVE not"); err != nil {
		t.Error(err)
	}
	if _, err := ParseProjection("and, set"); err != nil {
		t.Error(err)
	}
}

func TestCanonicalText(t *testing.T) {
	for src, want := range map[string]string{
		"a=:v":                             "a = :v",
		"( a = :v )":                       "a = :v",
		"((a)) = (:v)":                     "a = :v",
		"a=:v and b<>:v or not c<=:v":      "a = :v AND b <> :v OR NOT c <= :v",
		"(a=:v or b=:v)and c=:v":           "(a = :v OR b = :v) AND c = :v",
		"a=:v AND (b=:v AND c=:v)":         "a = :v AND b = :v AND c = :v",
		"not (a=:v and b=:v)":              "NOT (a = :v AND b = :v)",
		"not not a=:v":                     "NOT NOT a = :v",
		"not (a = :v)":                     "NOT a = :v",
		"a between :x and(:y)and b in(:x)": "a BETWEEN :x AND :y AND b IN (:x)",
		"a . b [ 007 ].#c > size( d )":     "a.b[7].#c > size(d)",
		"dog(a,b,:c)":                      "dog(a, b, :c)",
	} {
		c, err := ParseCondition(src)
		if err != nil {
			t.Errorf("%s: %s", src, fault(src, err))
		} else if got := c.String(); got != want {
			t.Errorf("%s\n  got  %s\n  want %s", src, got, want)
		}
	}
	for src, want := range map[string]string{
		"set a=:v,b=c+:v remove d,e[0]":         "SET a = :v, b = c + :v REMOVE d, e[0]",
		"SET a=((b+c)-(d))":                     "SET a = (b + c) - d",
		"SET a = b - (c - d)":                   "SET a = b - (c - d)",
		"SET a=list_append((b),(c+d)) add e :f": "SET a = list_append(b, (c + d)) ADD e :f",
		"delete a :v":                           "DELETE a :v",
	} {
		u, err := ParseUpdate(src)
		if err != nil {
			t.Errorf("%s: %s", src, fault(src, err))
		} else if got := u.String(); got != want {
			t.Errorf("%s\n  got  %s\n  want %s", src, got, want)
		}
	}
}

func TestSize(t *testing.T) {
	fits := "a = :v" + strings.Repeat(" ", MaxSize-6)
	if _, err := ParseCondition(fits); err != nil {
		t.Error(err)
	}
	_, err := ParseCondition(fits + " ")
	expectFault(t, fits+" ", err, "TooLong(4097) « »")
	// Bytes, not characters; and size comes before syntax.
	_, err = ParseUpdate(strings.Repeat("é", 2049))
	if e := err.(*Error); e.Kind != TooLong || e.Args[0] != "4098" {
		t.Error(err)
	}
	if _, err = ParseProjection(strings.Repeat("a", 4097)); err.(*Error).Kind != TooLong {
		t.Error(err)
	}
}

func TestOperatorCount(t *testing.T) {
	// n comparisons joined by AND are 2n-1 operators; NOT is one more.
	chain := func(n int) string { return strings.Repeat("a=:v AND ", n-1) + "a=:v" }
	for src, want := range map[string]string{
		"NOT " + chain(150):                                      "",
		"NOT NOT " + chain(150):                                  "301",
		chain(151):                                               "301",
		strings.Repeat("NOT ", 299) + "a=:v":                     "",
		strings.Repeat("NOT ", 300) + "a=:v":                     "301",
		chain(149) + " OR a BETWEEN :v AND :v AND NOT a IN (:v)": "302",
	} {
		_, err := ParseCondition(src)
		got := ""
		if err != nil && err.(*Error).Kind == TooManyOperators {
			got = err.(*Error).Args[0]
		}
		if got != want {
			t.Errorf("%d bytes: %q, want %q (%v)", len(src), got, want, err)
		}
	}
	sums := make([]string, 301)
	for i := range sums {
		sums[i] = "a" + strconv.Itoa(i) + "=b+:v"
	}
	src := "SET " + strings.Join(sums, ",")
	_, err := ParseUpdate(src)
	expectFault(t, src, err, "TooManyOperators(301) «+:v»")
}

// No text, however nested, may exhaust the stack; most of these never get past
// the size check, so the parser is also run without it.
func TestNesting(t *testing.T) {
	for _, src := range []string{
		strings.Repeat("(", 200_000),
		strings.Repeat("(", 200_000) + "a = :v" + strings.Repeat(")", 200_000),
		strings.Repeat("NOT ", 200_000) + "a = :v",
		strings.Repeat("size(", 200_000) + "a",
		"a = " + strings.Repeat("(", 200_000),
		strings.Repeat("a[0]", 200_000),
	} {
		for _, parse := range []func(string) error{
			func(s string) error { _, err := ParseCondition(s); return err },
			func(s string) error { _, err := ParseUpdate(s); return err },
			func(s string) error { _, err := ParseProjection(s); return err },
		} {
			if err := parse(src); err == nil || err.(*Error).Kind != TooLong {
				t.Errorf("%.20s: %v", src, err)
			}
		}
		p := &parser{src: src, tokens: lex(src), condition: true, lastOpen: -1, lastClose: -1}
		if err := p.catch(func() { p.truth(p.disjunction()) }); err == nil {
			t.Errorf("%.20s: parsed", src)
		}
	}
}

func TestNestingWithinSize(t *testing.T) {
	nested := func(n int) string {
		return strings.Repeat("(", n) + "a = :v" + strings.Repeat(")", n)
	}
	for _, n := range []int{2, 900, 1001, 2045} {
		c, err := ParseCondition(nested(n))
		if err == nil {
			err = c.Resolve(sampleScope())
		}
		if err == nil || err.(*Error).Kind != RedundantParens {
			t.Errorf("%d: %v", n, err)
		}
	}
	deep := "SET a = " + strings.Repeat("if_not_exists(a,", 200) + ":s" + strings.Repeat(")", 200)
	u, err := ParseUpdate(deep)
	if err != nil {
		t.Fatal(err)
	}
	if err := u.Resolve(sampleScope()); err != nil {
		t.Error(err)
	}
	src := strings.Repeat("size(", 600) + "a" + strings.Repeat(")", 600) + " = :n"
	condition(t, src, sampleScope()).Match(sampleItem)
}

func TestPlaceholderKeys(t *testing.T) {
	for key, want := range map[string]bool{"#a": true, "#1": true, "#_": true, "#": false, "a": false, "": false,
		"#a-b": false, "#a.b": false, "##a": false, ":a": false, "#é": false} {
		if got := IsName(key); got != want {
			t.Errorf("IsName(%q) = %v", key, got)
		}
	}
	if !IsValue(":0") || IsValue("#a") || IsValue(":") || IsValue(":a b") {
		t.Error("IsValue")
	}
}

func TestReserved(t *testing.T) {
	if len(reserved) != 573 {
		t.Errorf("%d reserved words", len(reserved))
	}
	for word := range reserved {
		if len(word) > longestReserved {
			t.Errorf("%s is longer than %d", word, longestReserved)
		}
	}
	for word, want := range map[string]bool{"name": true, "NAME": true, "Status": true, "size": true,
		"name_": false, "a": false, "": false, "averyveryverylongattributename": false} {
		if got := IsReserved(word); got != want {
			t.Errorf("IsReserved(%q) = %v", word, got)
		}
	}
}
