package expr

import (
	"fmt"
	"strings"
	"testing"

	"github.com/sortkey/sortkey/engine/attr"
)

func resolveUpdate(src string, s *Scope) (*Update, error) {
	u, err := ParseUpdate(src)
	if err == nil {
		err = u.Resolve(s)
	}
	return u, err
}

func update(t testing.TB, src string, s *Scope) *Update {
	t.Helper()
	u, err := resolveUpdate(src, s)
	if err != nil {
		t.Fatalf("%s: %s", src, fault(src, err))
	}
	return u
}

func TestUpdateForm(t *testing.T) {
	for src, want := range map[string]string{
		"SET a = ((b))":               "RedundantParens «((b))»",
		"SET a = ((b + :n))":          "RedundantParens «((b + :n))»",
		"SET a = (b + :n)":            "",
		"SET a = (b) + (:n)":          "",
		"SET a = ((b) + :n) - :n2":    "",
		"SET a = (b + :n) - (c - :n)": "",

		"SET name = :s":               "ReservedWord(name) «name»",
		"SET a = status":              "ReservedWord(status) «status»",
		"REMOVE a.b.Date":             "ReservedWord(Date) «Date»",
		"SET a = dog(b)":              "UnknownFunction(dog) «dog»",
		"SET a = If_not_exists(b)":    "UnknownFunction(If_not_exists) «If_not_exists»",
		"SET a = size(b)":             "MisusedFunction(size) «size»",
		"SET a = attribute_exists(b)": "MisusedFunction(attribute_exists) «attribute_exists»",

		"SET a = :s SET b = :s":                     "RepeatedSection(SET) «SET»",
		"set a = :s REMOVE b set c = :s":            "RepeatedSection(SET) «set»",
		"REMOVE a REMOVE b":                         "RepeatedSection(REMOVE) «REMOVE»",
		"ADD a :n DELETE b :ss delete c :ss":        "RepeatedSection(DELETE) «delete»",
		"DELETE a :ss ADD b :n REMOVE c SET d = :s": "",

		"SET #x = :s":                 "UndefinedName(#x) «#x»",
		"SET a = :x":                  "UndefinedValue(:x) «:x»",
		"SET a = list_append(#x, :x)": "UndefinedName(#x) «#x»",

		"SET a = :s, a = :n":                   "PathsOverlap([a]; [a]) «a»",
		"SET a = :s REMOVE a.b":                "PathsOverlap([a]; [a, b]) «a.b»",
		"REMOVE #n SET #m = :s":                "PathsOverlap([name]; [name]) «#m»",
		"SET a.b = :s, a[0] = :s":              "PathsConflict([a, b]; [a, [0]]) «a[0]»",
		"ADD a :n SET b = a":                   "",
		"SET a[0] = :s, a[1] = :s REMOVE a[2]": "",

		"ADD a :s":                      "SectionOperand(ADD; STRING) «:s»",
		"ADD a :b":                      "SectionOperand(ADD; BINARY) «:b»",
		"ADD a :null":                   "SectionOperand(ADD; NULL) «:null»",
		"ADD a :bool":                   "SectionOperand(ADD; BOOLEAN) «:bool»",
		"ADD a :l":                      "SectionOperand(ADD; LIST) «:l»",
		"ADD a :m":                      "SectionOperand(ADD; MAP) «:m»",
		"ADD a :n, b :ss, c :ns, d :bs": "",
		"DELETE a :n":                   "SectionOperand(DELETE; NUMBER) «:n»",
		"DELETE a :s":                   "SectionOperand(DELETE; STRING) «:s»",
		"DELETE a :ss, b :ns, c :bs":    "",

		"SET a = :s + :n":                                     "OperandType(+; S) «:s»",
		"SET a = b - :l":                                      "OperandType(-; L) «:l»",
		"SET a = (:bool + b) - :s":                            "OperandType(+; BOOL) «:bool»",
		"SET a = list_append(b, :s)":                          "OperandType(list_append; S) «:s»",
		"SET a = list_append(:ss, :l)":                        "OperandType(list_append; SS) «:ss»",
		"SET a = list_append(b)":                              "OperandCount(list_append; 1) «list_append(b)»",
		"SET a = if_not_exists(b, c, :s)":                     "OperandCount(if_not_exists; 3) «if_not_exists(b, c, :s)»",
		"SET a = if_not_exists(:s, :s)":                       "NotAPath(if_not_exists) «:s»",
		"SET a = if_not_exists(if_not_exists(b, :s), :s)":     "NotAPath(if_not_exists) «if_not_exists(b, :s)»",
		"SET a = if_not_exists(a, if_not_exists(b, :n)) + :n": "",
		"SET a = a + a":                                       "",
		"SET a = list_append(a, a)":                           "",

		// priority
		"SET a = ((:x)), name = :s":                 "RedundantParens «((:x))»",
		"SET a = dog(b) REMOVE name":                "ReservedWord(name) «name»",
		"SET a = b SET c = dog(d)":                  "UnknownFunction(dog) «dog»",
		"SET #x = :s SET c = :s":                    "RepeatedSection(SET) «SET»",
		"SET a = :x REMOVE #x":                      "UndefinedName(#x) «#x»",
		"SET a = :s, a = :x":                        "UndefinedValue(:x) «:x»",
		"SET a.b = :s, a[0] = :s, c = :s, c.d = :s": "PathsOverlap([c]; [c, d]) «c.d»",
		"SET a.b = :s, a[0] = :s ADD c :s":          "PathsConflict([a, b]; [a, [0]]) «a[0]»",
		"SET a = :s + :n ADD c :s":                  "SectionOperand(ADD; STRING) «:s»",
	} {
		_, err := resolveUpdate(src, sampleScope())
		expectFault(t, src, err, want)
	}
}

func TestTargets(t *testing.T) {
	src := "SET #n = :s, a[0].b = c + :n, d = if_not_exists(d, (:n - :n)) REMOVE e DELETE f :ss ADD g :n"
	var got []string
	for _, x := range update(t, src, sampleScope()).Targets() {
		got = append(got, fmt.Sprint(x.Clause, " ", x.Path, " ", src[x.Offset:x.End], " ", x.Computed, x.Arithmetic))
	}
	want := []string{
		"SET [name] #n false false", "SET [a, [0], b] a[0].b true true", "SET [d] d true true",
		"REMOVE [e] e false false", "DELETE [f] f false false", "ADD [g] g false false",
	}
	if a, b := strings.Join(got, "\n"), strings.Join(want, "\n"); a != b {
		t.Errorf("got\n%s\nwant\n%s", a, b)
	}
}

func TestNewUpdate(t *testing.T) {
	list := Attribute(attr.Path{{Name: "l"}})
	u, err := NewUpdate([]*Action{
		{Clause: Set, Path: list, Value: &Call{Name: "list_append", Args: []Operand{
			&Call{Name: "if_not_exists", Args: []Operand{list, Constant(":p0", attr.List(nil))}},
			Constant(":p1", attr.List([]attr.Value{attr.Bool(true)})),
		}}},
		{Clause: Remove, Path: Attribute(attr.Path{{Name: "x"}})},
	})
	if err != nil {
		t.Fatal(err)
	}
	if got := u.String(); got != "SET l = list_append(if_not_exists(l, :p0), :p1) REMOVE x" {
		t.Error(got)
	}
	for old, want := range map[string]string{
		`{}`:                                    `{"l":{"L":[{"BOOL":true}]}}`,
		`{"l":{"L":[{"N":"1"}]},"x":{"N":"1"}}`: `{"l":{"L":[{"N":"1"},{"BOOL":true}]}}`,
	} {
		m, err := u.Apply(attributes(old))
		if err != nil || printedMap(m) != want {
			t.Errorf("%s: %s %v", old, printedMap(m), err)
		}
	}
	_, err = NewUpdate([]*Action{
		{Clause: Remove, Path: Attribute(attr.Path{{Name: "x"}, {Name: "y"}})},
		{Clause: Remove, Path: Attribute(attr.Path{{Name: "x"}, {Index: 1}})},
	})
	expectFault(t, "", err, "PathsConflict([x, y]; [x, [1]]) «»")
}
