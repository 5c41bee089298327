package enginetest

import (
	"bytes"
	"strings"
	"testing"

	"github.com/sortkey/sortkey/engine"
)

func TestShorthand(t *testing.T) {
	for short, long := range map[string]string{
		"a$(x*3)b":        "axxxb",
		"$(ab*2)$(*2)":    "abab",
		"$(é*2)":          "éé",
		"$(x*y) $(x $(":   "$(x*y) $(x $(",
		"{\"S\":\"$1\"}":  "{\"S\":\"$1\"}",
		"no $ shorthand)": "no $ shorthand)",
	} {
		if got := expand(short); got != long {
			t.Errorf("%q stands for %q, want %q", short, got, long)
		}
	}
	run := strings.Repeat("x", shortestRun) + "y"
	if got := squeeze(run); got != "$(x*60)y" || expand(got) != run {
		t.Errorf("%q is written %q", run, got)
	}
}

// TestFold: what is written for a reply stands for exactly that reply.
func TestFold(t *testing.T) {
	for _, r := range []engine.Reply{
		{Status: 200, Body: []byte("{}")},
		{Status: 200, Body: []byte(`{"S":"a, b","L":[` + strings.Repeat(`{"N":"1, \"2"},`, 50) + `{}]}`)},
		{Status: 200, Body: []byte(`{"S":"` + strings.Repeat("long ", 100) + `","T":"  x"}`)},
		{Status: 400, Body: []byte(`{"__type":"com.amazon.coral.validate#ValidationException","message":"1 < 2: \"x\""}`)},
		{Status: 400, Body: []byte(`{"__type":"com.amazon.coral.service#SerializationException"}`)},
		{Status: 400, Body: []byte(`{"__type":"com.amazon.coral.service#SerializationException","Message":"x"}`)},
		{Status: 400, Body: []byte(`{"__type":"other#ValidationException","message":"x"}`)},
		{Status: 400, Body: []byte(`{"__type":"com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException","message":"x","Item":{}}`)},
		{Status: 500, Body: []byte(`{"__type":"com.amazonaws.dynamodb.v20120810#InternalServerError","message":"x"}`)},
	} {
		written := fold(r)
		if want := map[int]string{200: "200 ", 400: "400 ", 500: "500 "}[r.Status] + string(r.Body); unfold(written) != want {
			t.Errorf("%s is written\n%s and stands for\n%s", want, written, unfold(written))
		}
		for _, line := range strings.Split(written, "\n") {
			if len(line) > 120 && strings.Count(line, ",") > 5 {
				t.Errorf("a line of %d characters: %s", len(line), line)
			}
		}
	}
}

func TestParseDialogue(t *testing.T) {
	const text = "# One.\n\nPutItem {\n  \"a\": 1}\n----\n200 {\"a\":1,\n  \"b\":2}\n\n# Two.\nadvance 5s\n\n"
	d, err := ParseDialogue(text)
	if err != nil {
		t.Fatal(err)
	}
	if d.String() != text || len(d.blocks) != 2 || d.blocks[0].line != 3 || unfold(d.blocks[0].reply) != `200 {"a":1,"b":2}` {
		t.Errorf("read as %q: %+v", d, d.blocks)
	}
	for _, bad := range []string{"PutItem {}", "options degree=x\n\n", "options seeds=1\n\n"} {
		if _, err := ParseDialogue(bad); err == nil {
			t.Errorf("%q is read", bad)
		}
	}
}

// TestGenerate: the same seed gives the same history, another seed another.
func TestGenerate(t *testing.T) {
	text := func(seed uint64) []byte { return Generate(seed, 300).Append(nil) }
	if !bytes.Equal(text(1), text(1)) || bytes.Equal(text(1), text(2)) {
		t.Error("histories do not follow from their seeds")
	}
}
