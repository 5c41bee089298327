package capacity

import (
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/sortkey/sortkey/engine/meter"
)

// small are knobs of a run that is quick: a hot partition of big items.
func small() url.Values {
	k := firstKnobs
	k.writes, k.size = 40, 47_000 // 46 units
	return k.values()
}

// hourAt is what the page answers for these fields and changes of them.
func hourAt(t *testing.T, p *Page, q url.Values, changes ...string) string {
	t.Helper()
	a := p.Serve("GET", "/hour?"+changed(q, changes).Encode(), nil)
	if a.Status != 200 {
		t.Fatalf("%d: %s", a.Status, a.Body)
	}
	return string(a.Body)
}

// changed is q with fields by turns of name and value.
func changed(q url.Values, changes []string) url.Values {
	c := url.Values{}
	for name, list := range q {
		c[name] = list
	}
	for i := 0; i < len(changes); i += 2 {
		c.Set(changes[i], changes[i+1])
	}
	return c
}

// TestSameSeedSameBytes: no answer depends on what was asked before.
func TestSameSeedSameBytes(t *testing.T) {
	one, other := New(Config{}), New(Config{})
	first := hourAt(t, one, small(), "h-at", "20", "h-until", "20")
	if !strings.Contains(first, "09:20") {
		t.Fatalf("there is no 09:20 in %s", first)
	}
	hourAt(t, other, small(), "h-at", "60")
	hourAt(t, other, url.Values{"preset": {"quiet"}})
	if again := hourAt(t, other, small(), "h-at", "20", "h-until", "20"); again != first {
		t.Error("going back shows another picture than the first time")
	}
	if seeded := hourAt(t, one, small(), "h-at", "20", "h-until", "20", "h-seed", "2"); seeded == first {
		t.Error("another seed makes the same run")
	}
}

// TestForks: the engine of a minute is that of a run that has just come there.
func TestForks(t *testing.T) {
	k, _ := readKnobs(small(), firstKnobs)
	long, err := newRun(k, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := long.reach(40); err != nil {
		t.Fatal(err)
	}
	short, _ := newRun(k, nil)
	if err := short.reach(25); err != nil {
		t.Fatal(err)
	}
	if long.at(25).StateHash() != short.at(25).StateHash() {
		t.Error("a run that has gone on has changed its past")
	}
	if long.at(25).StateHash() == long.at(26).StateHash() {
		t.Error("nothing happens in a minute")
	}
}

// TestSlices: a run that takes long is answered in parts, and comes out whole.
func TestSlices(t *testing.T) {
	p := New(Config{})
	q := small()
	q.Set("h-writes", "400")
	q.Set("h-size", "4700")
	have, answers := "0", 0
	for ; have != "60"; answers++ {
		body := hourAt(t, p, q, "h-at", "60", "h-have", have, "h-run", field(hourAt(t, p, q, "h-at", "0", "h-until", "0"), "h-run"))
		if more := strings.Contains(body, "hour-more"); more != (field(body, "h-have") != "60") {
			t.Fatalf("at %s of 60 minutes: more is offered: %v", field(body, "h-have"), more)
		}
		if next := field(body, "h-have"); next <= have && len(next) <= len(have) {
			t.Fatalf("from %s minutes the run came to %s", have, next)
		}
		have = field(body, "h-have")
	}
	if answers < 2 || answers > 10 {
		t.Errorf("%d answers for %d requests", answers, 40*60*60)
	}
	whole, other := New(Config{}), hourAt(t, p, q, "h-have", "60", "h-at", "60", "h-run", key(q))
	if got := hourAt(t, whole, q, "h-have", "60", "h-at", "60", "h-run", key(q)); got != other {
		t.Error("in parts the run is another than at once")
	}
}

func key(q url.Values) string {
	k, _ := readKnobs(q, firstKnobs)
	return k.key()
}

// field is the value of a hidden field of an answer.
func field(body, name string) string {
	_, rest, ok := strings.Cut(body, `name="`+name+`"`)
	if !ok {
		return ""
	}
	_, rest, _ = strings.Cut(rest, `value="`)
	value, _, _ := strings.Cut(rest, `"`)
	return strings.ReplaceAll(value, "&amp;", "&")
}

// TestFreshKnobs: what was drawn of other knobs counts for nothing.
func TestFreshKnobs(t *testing.T) {
	p := New(Config{})
	q := changed(small(), []string{"h-writes", "1000", "h-size", "1900"})
	body := hourAt(t, p, q, "h-have", "60", "h-run", key(small()), "h-at", "60")
	if have := field(body, "h-have"); have == "60" || have == "0" {
		t.Errorf("of fresh knobs %s minutes are drawn at once", have)
	}
	if until := field(body, "h-until"); until != "60" {
		t.Errorf("it is to go on to %s", until)
	}
	day := hourAt(t, p, changed(small(), []string{"h-writes", "1"}), "h-shape", "day", "h-have", "60", "h-run", key(small()), "h-at", "47", "h-until", "60")
	if until := field(day, "h-until"); until != "1440" {
		t.Errorf("an hour that has become a day goes up to minute %s", until)
	}
}

// TestMoves: the buttons and the clock.
func TestMoves(t *testing.T) {
	p := New(Config{})
	for _, c := range []struct {
		at, until, name, value string
		wantAt, wantUntil      string
		runs                   bool
	}{
		{"10", "20", "step", "1", "11", "20", false},
		{"20", "20", "step", "1", "21", "21", false},
		{"0", "20", "step", "-1", "0", "20", false},
		{"60", "60", "step", "1", "60", "60", false},
		{"10", "20", "by", "5", "15", "20", true},
		{"18", "20", "by", "5", "23", "23", true},
		{"58", "60", "by", "5", "60", "60", false},
		{"60", "60", "by", "3", "3", "3", true},
		{"40", "60", "fresh", "1", "0", "0", false},
	} {
		body := hourAt(t, p, small(), "h-at", c.at, "h-until", c.until, "h-runs", "true", c.name, c.value)
		at := field(body[strings.Index(body, `type="range"`):], "h-at")
		if at != c.wantAt || field(body, "h-until") != c.wantUntil || (field(body, "h-runs") == "true") != c.runs {
			t.Errorf("%s=%s at %s of %s: at %s of %s, runs %s", c.name, c.value, c.at, c.until, at, field(body, "h-until"), field(body, "h-runs"))
		}
	}
	if body := hourAt(t, p, small(), "h-at", "5", "by", "1"); strings.Contains(body, "hour-knobs") {
		t.Error("a clock that runs takes the knobs out of one’s hand")
	}
	if body := hourAt(t, p, small(), "h-at", "5", "look", "1"); strings.Contains(body, "hour-transport") || !strings.Contains(body, "hour-charts") {
		t.Error("a slider that is held is drawn anew")
	}
}

// TestHourRefusals: what is out of range is refused in words, and nothing is lost.
func TestHourRefusals(t *testing.T) {
	p := New(Config{})
	before := hourAt(t, p, small(), "h-at", "20")
	for _, c := range [][3]string{
		{"h-writes", "4001", "Writes at peak is \"4001\", not a whole number from 0 to 4,000."},
		{"h-writes", "many", "Writes at peak is \"many\", not a whole number"},
		{"h-target", "95", "from 20 to 90"},
		{"h-size", "63", "Item size"},
		{"h-seed", "-1", "Seed"},
		{"h-min", "5000", "The minimum, 5,000, is above the maximum, 4,000."},
		{"h-billing", "free", "Billing mode is \"free\", which is none of those there are."},
		{"h-keys", "", ""},
		{"h-at", "soon", "not a minute of the run"},
		{"h-at", "-5", "not a minute of the run"},
		{"step", "2", "A step is 1 forward or -1 back."},
		{"by", "0", "The clock advances by 1 to 1,440 minutes at a time."},
	} {
		a := p.Serve("GET", "/hour?"+changed(small(), c[:2]).Encode(), nil)
		if c[2] == "" {
			if a.Status != 200 {
				t.Errorf("%s left empty: %d %s", c[0], a.Status, a.Body)
			}
			continue
		}
		if a.Status != 422 || !strings.Contains(string(a.Body), c[2]) {
			t.Errorf("%s=%s: %d %s", c[0], c[1], a.Status, a.Body)
		}
	}
	day := changed(small(), []string{"h-shape", "day", "h-writes", "4000"})
	if a := p.Serve("GET", "/hour?"+day.Encode(), nil); a.Status != 422 || !strings.Contains(string(a.Body), "million requests") {
		t.Errorf("a day of 4,000 a second: %d %s", a.Status, a.Body)
	}
	if hourAt(t, p, small(), "h-at", "20") != before {
		t.Error("a refusal has changed the run")
	}
}

// TestPresets: every preset is made by requests that the engine accepts, opens
// in its run, and says something of its own.
func TestPresets(t *testing.T) {
	s := &simulator{}
	var told []string
	for _, x := range presets {
		r, err := s.run(x.knobs)
		if err != nil {
			t.Fatalf("%s: %v", x.name, err)
		}
		if x.at > x.knobs.minutes() || x.at%r.shape.each != 0 || x.knobs.wrong() != "" || x.about == "" {
			t.Errorf("%s opens at %d: %s", x.name, x.at, x.knobs.wrong())
		}
		told = append(told, x.about)
		if k, wrong := readKnobs(x.knobs.values(), presets[3].knobs); wrong != "" || k != x.knobs {
			t.Errorf("%s is not what stands in its address: %s", x.name, wrong)
		}
	}
	slices.Sort(told)
	if len(slices.Compact(told)) != len(presets) {
		t.Error("two presets have the same story")
	}
}

// TestHeatAddsUp: in every minute the partitions have consumed and refused what
// the table has.
func TestHeatAddsUp(t *testing.T) {
	for _, name := range []string{"partition", "index", "time"} {
		k := presetNamed(name).knobs
		r, err := newRun(k, nil)
		if err != nil {
			t.Fatal(err)
		}
		if err := r.reach(40); err != nil {
			t.Fatal(err)
		}
		heat, p := r.heats(lanes[0], 40)
		list := r.scope(lanes[0], 40)
		for _, m := range heat {
			var used meter.Units
			throttled := 0
			for _, c := range m.Cells {
				if p.row(c.First) < 0 || p.names[hashes{c.First, c.Last}] == "" {
					t.Fatalf("%s: a partition from %x to %x has no name", name, c.First, c.Last)
				}
				used += c.Write
				throttled += int(c.WriteThrottled)
			}
			if want := list[r.minute(m.Start)]; used != want.used || throttled != want.throttled {
				t.Errorf("%s at %s: partitions used %v and refused %d, the table %v and %d", name, m.Start, used, throttled, want.used, want.throttled)
			}
		}
		if len(heat) != 40 {
			t.Errorf("%s: the heat of %d minutes", name, len(heat))
		}
	}
}
