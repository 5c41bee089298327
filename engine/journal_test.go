package engine

import (
	"strings"
	"testing"
	"time"
)

// TestJournalOnlyWithDelay: without a delay nothing is kept, with one what is
// younger.
func TestJournalOnlyWithDelay(t *testing.T) {
	e := populated(t)
	shop := e.s.regions[DefaultRegion].tables["Shop"]
	put := func(sk string) {
		e.Handle(Call{Target: Target("PutItem"), Body: []byte(`{"TableName":"Shop","Item":{"PK":{"S":"j"},"SK":{"N":"` + sk + `"}}}`)})
	}
	put("1")
	if shop.past.tree != nil {
		t.Fatal("a journal without a delay")
	}
	configure := func(value string) {
		t.Helper()
		if err := e.Configure("read-delay", value); err != nil {
			t.Fatal(err)
		}
	}
	configure("1s")
	for i := range 5 {
		put("2") // the same item: the first time only
		put(string(rune('3' + i)))
		if err := e.AdvanceTo(e.Now().Add(400 * time.Millisecond)); err != nil {
			t.Fatal(err)
		}
	}
	if n := shop.past.len(); n != 3 {
		t.Errorf("%d changes are kept", n)
	}
	configure("500ms")
	if n := shop.past.len(); n != 1 {
		t.Errorf("%d changes are kept for the shorter delay", n)
	}
	configure("0s")
	if shop.past.tree != nil || shop.view != nil {
		t.Error("the journal outlives the delay")
	}
}

// TestRestoreRefusesAWrongPast: what cannot have been is not read.
func TestRestoreRefusesAWrongPast(t *testing.T) {
	text := string(populated(t).AppendSnapshot(nil))
	shop := text[:strings.LastIndex(text, `{"item"`)]
	item := func(pk string) string { return `{"PK":{"S":"` + pk + `"},"SK":{"N":"1"}}` }
	for line, good := range map[string]bool{
		`{"past":1000,"after":` + item("a") + `}`:                            true,
		`{"past":1000,"before":` + item("a") + `,"after":` + item("a") + `}`: true,
		`{"past":1000}`: false,
		`{"past":"soon","after":` + item("a") + `}`:                                              false,
		`{"past":9000000000000000000,"after":` + item("a") + `}`:                                 false,
		`{"past":1000,"before":` + item("a") + `,"after":` + item("b") + `}`:                     false,
		`{"past":1000,"after":{"PK":{"N":"1"}}}`:                                                 false,
		`{"past":1000,"before":5}`:                                                               false,
		`{"past":1000,"after":` + item("a") + "}\n" + `{"past":999,"after":` + item("a") + `}`:   false,
		`{"past":1000,"after":` + item("a") + "}\n" + `{"past":1000,"before":` + item("a") + `}`: true,
	} {
		if _, err := Restore([]byte(shop + line + "\n")); (err == nil) != good {
			t.Errorf("%s: %v", line, err)
		}
	}
}
