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
