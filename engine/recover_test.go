package engine

import (
	"errors"
	"strings"
	"testing"
)

// TestBugs: a bug in an operation becomes an InternalServerError; the state is
// as it was, the host is told, and the engine goes on.
func TestBugs(t *testing.T) {
	for name, serve := range map[string]func(*exchange) error{
		"a panic":         func(*exchange) error { panic("a bug") },
		"a nil pointer":   func(x *exchange) error { x.region.tables["none"].meta.status = ""; return nil },
		"a foreign error": func(*exchange) error { return errors.New("not a service error") },
	} {
		t.Run(name, func(t *testing.T) {
			operations[Target("Bug")] = &listed{operation: &operation{"Bug", true, serve}}
			defer delete(operations, Target("Bug"))
			e := New(Options{})
			told := 0
			e.Faults = func(problem any, stack []byte) {
				if told++; problem == nil || !strings.Contains(string(stack), "recover_test.go") && name != "a foreign error" {
					t.Errorf("told of %v\n%s", problem, stack)
				}
			}
			before := e.StateHash()
			r := e.Handle(Call{Target: Target("Bug")})
			if r.Status != 500 || !strings.HasPrefix(string(r.Body), `{"__type":"com.amazonaws.dynamodb.v20120810#InternalServerError","message":"`) {
				t.Errorf("got %d %s", r.Status, r.Body)
			}
			if told != 1 || e.StateHash() != before {
				t.Errorf("told %d times, hash kept: %v", told, e.StateHash() == before)
			}
			if r := e.Handle(Call{Target: Target("ListTables"), Body: []byte("{}")}); r.Status != 200 {
				t.Errorf("afterwards: %d %s", r.Status, r.Body)
			}
		})
	}
}

// TestNotServed: an operation is served or refused by name, not both.
func TestNotServed(t *testing.T) {
	e := New(Options{})
	for name := range notServed {
		if operations[name] != nil {
			t.Errorf("%s is served and in the list of those that are not", name)
			continue
		}
		r := e.Handle(Call{Target: Target(name), Body: []byte("{}")})
		want := `{"__type":"com.amazon.coral.service#UnknownOperationException","message":"Sortkey does not serve ` + name + ` yet"}`
		if r.Status != 400 || string(r.Body) != want {
			t.Errorf("%s: %d %s", name, r.Status, r.Body)
		}
	}
}

// TestTexts: every kind of error of the lower packages has its words.
func TestTexts(t *testing.T) {
	for kind, text := range expressionTexts {
		args := strings.Count(text, "\x00")
		got := fill(text, strings.Split(strings.Repeat("arg ", args), " "))
		if strings.Contains(got, "\x00") || strings.Count(got, "arg") != args {
			t.Errorf("%v: %q", kind, got)
		}
	}
}
