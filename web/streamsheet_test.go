package web

import (
	"html"
	"regexp"
	"strings"
	"testing"
)

// withStream is a desk whose Sessions table has a stream with some records.
func withStream(t *testing.T) *Desk {
	t.Helper()
	d := New(Config{})
	page := post(t, d, "/desk/form", "kind", "create", "name", "Log", "hash", "id", "sort", "")
	post(t, d, "/desk/run", "text", strings.Replace(formText(t, page), "KeySchema", `StreamSpecification: { StreamEnabled: true, StreamViewType: "NEW_AND_OLD_IMAGES" }, KeySchema`, 1))
	for _, text := range []string{
		`PutItem { TableName: "Log", Item: { id: { S: "a" }, n: { N: "1" } } }`,
		`PutItem { TableName: "Log", Item: { id: { S: "a" }, n: { N: "2" } } }`,
		`DeleteItem { TableName: "Log", Key: { id: { S: "a" } } }`,
	} {
		post(t, d, "/desk/run", "text", text)
		if d.ws.shown.trace.Err != nil {
			t.Fatal(text, d.ws.shown.trace.Err)
		}
	}
	return d
}

var stepValue = regexp.MustCompile(`id="iterator-step"[^>]* value="([^"]*)"`)

func TestStreamSheet(t *testing.T) {
	d := New(Config{})
	holds(t, get(t, d, "/desk/dock/stream"), "A stream is a table’s change log", "Give Shop a stream")

	d = withStream(t)
	page := get(t, d, "/desk/dock/stream")
	holds(t, page, "NEW_AND_OLD_IMAGES", "3 records", "INSERT id a", "MODIFY id a", "REMOVE id a", "open, partition 1")

	// One record in detail: what it changed.
	second := d.ws.engine.StreamRecords("", d.ws.engine.Streams("")[0].ARN, 1, 1)[0]
	page = get(t, d, "/desk/dock/stream?record="+second.Sequence)
	holds(t, page, "Old image", "New image", second.Sequence, "changed")
}

// The iterator goes with the requests that the visitor runs.
func TestIteratorSteps(t *testing.T) {
	d := withStream(t)
	first := d.ws.engine.StreamRecords("", d.ws.engine.Streams("")[0].ARN, 2, 1)[0]
	post(t, d, "/desk/run", "text", placeText(d.ws.engine.Streams("")[0].ARN, first.Shard, "TRIM_HORIZON", ""))
	var seen []string
	for range 3 {
		page := get(t, d, "/desk/dock/stream")
		i := strings.Index(page, ", the iterator is here")
		if i < 0 {
			t.Fatalf("after %v: the iterator is not drawn", seen)
		}
		label := page[strings.LastIndex(page[:i], `"`)+1 : i]
		seen = append(seen, strings.Fields(label)[0])
		post(t, d, "/desk/run", "text", html.UnescapeString(stepValue.FindStringSubmatch(page)[1]))
	}
	if got := strings.Join(seen, " "); got != "INSERT MODIFY REMOVE" {
		t.Errorf("the iterator stood before %s", got)
	}
	holds(t, get(t, d, "/desk/dock/stream"), "The iterator is here", "behind a record")
}

// A split closes the shard and opens two after it; it can be undone.
func TestSplitInThePage(t *testing.T) {
	d := withStream(t)
	page := post(t, d, "/desk/split?of=Log&partition=0", "dock", "stream")
	holds(t, page, "closed 09:41:07", "from ")
	if n := len(d.ws.engine.Streams("")[0].Shards); n != 6 {
		t.Errorf("%d shards, want four and two more", n)
	}
	holds(t, post(t, d, "/desk/undo", "dock", "requests"), "Split partition 1 of Log")
	for _, bad := range []string{"of=Log&partition=9", "of=None&partition=0", "of=Log&partition=x", ""} {
		if code, body := try(d, "/desk/split?"+bad); code != 422 || !strings.HasPrefix(body, "Not split") {
			t.Errorf("%s: %d %s", bad, code, body)
		}
	}
}

// Reading a stream is charged by the call, and the queue names its table.
func TestStreamReadsAreCharged(t *testing.T) {
	d := withStream(t)
	st := d.ws.engine.Streams("")[0]
	post(t, d, "/desk/run", "text", placeText(st.ARN, st.Shards[0].ID, "TRIM_HORIZON", ""))
	page := get(t, d, "/desk/dock/stream")
	page = post(t, d, "/desk/run", "text", html.UnescapeString(stepValue.FindStringSubmatch(page)[1]))
	holds(t, page, "$0.20", "Each GetRecords is charged", "Log: stream rolls its shards and trims")
}
