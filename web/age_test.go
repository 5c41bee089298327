package web

import (
	"strings"
	"testing"
	"time"
)

// Under a delay some eventually consistent read sees the past and says so; a
// strongly consistent one never does.
func TestAgeIsShown(t *testing.T) {
	d := New(Config{})
	post(t, d, "/desk/set/read-delay", "value", "10s")
	post(t, d, "/desk/run", "text", put(1))
	get := `GetItem { TableName: "Sessions", Key: { id: { S: "n1" } } }`
	old := 0
	for range 20 {
		page := post(t, d, "/desk/run", "text", get)
		if age := d.ws.shown.trace.Age; age > 0 {
			old++
			holds(t, page, "It went to a copy that is "+span(age)+" behind", "<b>"+span(age)+"</b>")
		} else if strings.Contains(page, "behind") {
			t.Error("a read of the present says that it is behind")
		}
		post(t, d, "/desk/clock", "by", "1")
	}
	if old == 0 {
		t.Error("no read of twenty saw the past")
	}
	strong := `GetItem { TableName: "Sessions", Key: { id: { S: "n1" } }, ConsistentRead: true }`
	post(t, d, "/desk/run", "text", strong)
	if age := d.ws.shown.trace.Age; age != 0 {
		t.Errorf("a strongly consistent read is %s old", age)
	}
}

func TestSpan(t *testing.T) {
	for d, want := range map[time.Duration]string{
		120 * time.Millisecond: "120 ms", 1500 * time.Millisecond: "1.5 s", 2 * time.Minute: "2 min", 90 * time.Minute: "1.5 h",
		12345678: "12.3 ms", 7: "7 ns", 1: "1 ns", 250 * time.Microsecond: "250 µs",
	} {
		if got := span(d); got != want {
			t.Errorf("%d: %s, want %s", d, got, want)
		}
	}
}

// Changes that an index has not seen yet are counted at the side and on the
// table's sheet, until they arrive.
func TestLagsAreShown(t *testing.T) {
	d := New(Config{})
	post(t, d, "/desk/set/index-delay", "value", "10s")
	for _, id := range []string{"1", "2"} {
		post(t, d, "/desk/run", "text", `PutItem { TableName: "Shop", Item: { PK: { S: "n" }, SK: { S: "`+id+`" }, status: { S: "NEW" }, placedAt: { S: "2026" } } }`)
	}
	page := post(t, d, "/desk/clock", "by", "1", "dock", "table", "table", "Shop")
	if n := strings.Count(page, "2 changes on their way"); n != 2 {
		t.Errorf("the lag is shown %d times, want at the side and on the sheet:\n%s", n, text(page))
	}
	page = post(t, d, "/desk/clock", "by", "10", "dock", "table", "table", "Shop")
	if strings.Contains(page, "on their way") {
		t.Error("changes that have arrived are still on their way")
	}
}
