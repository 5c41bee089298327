//go:build !js

package share

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// Documents that try to occupy who runs them: all are within 64 KB, and all
// end soon, with a refusal.
func TestHostile(t *testing.T) {
	h, dir := fixture(t)
	for name, text := range hostile() {
		if len(text) > MaxText {
			t.Fatalf("%s has %d bytes", name, len(text))
		}
		start := time.Now()
		w := ask(h, Request{Method: "POST", Path: "/api/scenarios", Body: []byte(text)})
		if w.Status != 422 {
			t.Errorf("%s: %d %.200s", name, w.Status, w.Body)
		}
		took := time.Since(start)
		t.Logf("%-28s %6d bytes %6.0f ms  %s", name, len(text), took.Seconds()*1000, strings.TrimSpace(string(w.Body)))
	}
	if n := files(t, dir); n != 0 {
		t.Errorf("%d files are kept", n)
	}
}

func hostile() map[string]string {
	block := func(requests ...string) string {
		return head + "```dynamodb\n" + createT + "\n" + strings.Join(requests, "\n") + "\n```\n"
	}
	grow := []string{`PutItem{TableName:"Tab",Item:{id:{S:"a"},l:{L:[{S:"x"},{S:"x"},{S:"x"},{S:"x"}]}}}`}
	double := `UpdateItem{TableName:"Tab",Key:{id:{S:"a"}},UpdateExpression:"SET l=list_append(l,l)"}`
	for range 14 {
		grow = append(grow, double)
	}
	// Every operator looks through the whole of a long list.
	var looks []string
	for range 150 {
		looks = append(looks, "contains(l,:v)")
	}
	look := `Scan{TableName:"Tab",FilterExpression:"` + strings.Join(looks, " OR ") + `",ExpressionAttributeValues:{":v":{S:"y"}}}`
	var puts []string
	for i := range 900 {
		puts = append(puts, fmt.Sprintf(`PutItem{TableName:"Tab",Item:{id:{S:"%d"}}}`, i))
	}
	var ticks strings.Builder
	for range 5000 {
		ticks.WriteString("advance 1s\n")
	}
	repeat := func(n int, request string) []string {
		return strings.Split(strings.TrimSpace(strings.Repeat(request+"\n", n)), "\n")
	}
	return map[string]string{
		"requests without end":     block(repeat(5000, "ListTables{}")...),
		"clock steps without end":  head + "```clock\n" + ticks.String() + "```\n",
		"a clock that goes far":    head + "```clock\nadvance 400d\n```\n",
		"many scans of many items": block(append(puts[:600], repeat(390, `Scan{TableName:"Tab"}`)...)...),
		"a list that doubles":      block(append(grow, repeat(60, double)...)...),
		"scans of a large item":    block(append(grow, repeat(900, `Scan{TableName:"Tab"}`)...)...),
		"looks at a large item":    block(append(grow, repeat(18, look)...)...),
		"writes of a large item":   block(append(grow, repeat(500, `UpdateItem{TableName:"Tab",Key:{id:{S:"a"}},UpdateExpression:"SET n=:n",ExpressionAttributeValues:{":n":{N:"1"}}}`)...)...),
	}
}
