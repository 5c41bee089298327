package engine_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"github.com/sortkey/sortkey/engine"
	"github.com/sortkey/sortkey/engine/enginetest"
)

const header = `{"sortkey":"history","version":1,"seed":"7","start":"2026-01-01T00:00:00Z","region":"us-east-1","account":"000000000000","degree":0,"transition":"0s"}` + "\n"

func TestParseHistoryRefuses(t *testing.T) {
	edit := func(old, new string) string { return strings.Replace(header, old, new, 1) }
	for _, c := range []struct {
		name, text string
		line       int
		why        string // part of it
	}{
		{"nothing", "", 1, "no header"},
		{"no line end", strings.TrimSuffix(header, "\n"), 1, "incomplete"},
		{"a cut step", header + `{"target":"x","bo`, 2, "incomplete"},
		{"an empty line", header + "\n", 2, ""},
		{"no JSON", "history\n", 1, ""},
		{"an array", "[]\n", 1, ""},
		{"another document", `{"sortkey":"scenario","version":1}` + "\n", 1, "header of a history"},
		{"a later version", edit(`"version":1`, `"version":99`), 1, "version 99 is not one of 1 to 3"},
		{"a version with a nought", edit(`"version":1`, `"version":01`), 1, ""},
		{"no version", edit(`"version":1,`, ``), 1, "version"},
		{"a bad seed", edit(`"7"`, `"-7"`), 1, "seed"},
		{"a bad start", edit(`2026-01-01T00:00:00Z`, `yesterday`), 1, "start"},
		{"a start before 1970", edit(`2026`, `1066`), 1, "1970"},
		{"a start beyond the clock", edit(`2026`, `9999`), 1, "1970"},
		{"a negative degree", edit(`"degree":0`, `"degree":-1`), 1, "degree"},
		{"an immense degree", edit(`"degree":0`, `"degree":1000000000`), 1, "degree"},
		{"a fraction of a degree", edit(`"degree":0`, `"degree":1.5`), 1, "degree"},
		{"a negative transition", edit(`"0s"`, `"-1s"`), 1, "transition"},
		{"a transition of centuries", edit(`"0s"`, `"2000000h"`), 1, "transition"},
		{"a bad transition", edit(`"0s"`, `"soon"`), 1, "transition"},
		{"a step that is none", header + `{"body":{}}` + "\n", 2, "neither"},
		{"a bad clock step", header + `{"advance":"soon"}` + "\n", 2, "soon"},
		{"the zero time", header + `{"advance":"0001-01-01T00:00:00Z"}` + "\n", 2, "no instant"},
		{"a bad raw body", header + `{"target":"x","raw":"%%%"}` + "\n", 2, "raw"},
		{"more behind the step", header + `{"target":"x"} {}` + "\n", 2, ""},
		{"invalid UTF-8", header + `{"target":"` + "\xff" + `"}` + "\n", 2, ""},
		{"deep", header + `{"target":"x","body":` + strings.Repeat("[", 1<<20) + "}\n", 2, ""},
		{"too many steps", header + strings.Repeat("{\"target\":\"\"}\n", engine.MaxHistorySteps+1), engine.MaxHistorySteps + 2, "too many"},
		{"too long", strings.Repeat(" ", engine.MaxHistoryBytes+1), 1, "more than"},
	} {
		t.Run(c.name, func(t *testing.T) {
			h, err := engine.ParseHistory([]byte(c.text))
			var e *engine.HistoryError
			if !errors.As(err, &e) || h != nil {
				t.Fatalf("read as %+v, error %v", h, err)
			}
			if e.Line != c.line || !strings.Contains(e.Why, c.why) {
				t.Errorf("line %d: %s; want line %d: …%s…", e.Line, e.Why, c.line, c.why)
			}
		})
	}
}

// TestReplayRefuses: a clock step that goes back ends the replay with its
// number.
func TestReplayRefuses(t *testing.T) {
	h, err := engine.ParseHistory([]byte(header + `{"target":"x"}` + "\n" + `{"advance":"2025-01-01T00:00:00Z"}` + "\n"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := h.Replay(nil); err == nil || !strings.HasPrefix(err.Error(), "step 2: ") {
		t.Errorf("replayed with %v", err)
	}
}

// FuzzParseHistory: what can be read is written back to a text that reads the
// same, and replays or fails without a bug.
func FuzzParseHistory(f *testing.F) {
	f.Add([]byte(header))
	f.Add(enginetest.Generate(5, 40).Append(nil))
	f.Add([]byte(header + `{"target":"DynamoDB_20120810.ListTables","text":"{}","caller":"x"}` + "\n" + `{"target":"","raw":"AAEC"}` + "\n" + `{"advance":"2026-01-01T00:00:00.5+01:00"}` + "\n"))
	f.Add([]byte(header + `{"target":"x","body":{"a":"\ud800"}}` + "\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		h, err := engine.ParseHistory(text)
		if err != nil {
			return
		}
		again, err := engine.ParseHistory(h.Append(nil))
		if err != nil {
			t.Fatalf("%v in\n%s", err, h.Append(nil))
		}
		if !bytes.Equal(again.Append(nil), h.Append(nil)) {
			t.Fatalf("%s\nbecomes\n%s", h.Append(nil), again.Append(nil))
		}
		if len(h.Steps) > 100 {
			return
		}
		one, err1 := h.Replay(nil)
		two, err2 := again.Replay(nil)
		if (err1 == nil) != (err2 == nil) || err1 == nil && one.StateHash() != two.StateHash() {
			t.Errorf("replays to %v and %v", err1, err2)
		}
	})
}
