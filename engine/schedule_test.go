package engine

import (
	"strings"
	"testing"
	"time"
)

// clockTime reads a time as a test writes it; "" is none.
func clockTime(t *testing.T, text string) int64 {
	t.Helper()
	if text == "" {
		return 0
	}
	at, err := time.Parse("2006-01-02 15:04:05", text)
	if err != nil {
		t.Fatal(err)
	}
	return at.UnixNano()
}

// TestSchedules: when expressions are due, one time after another. 1 January
// 2026 is a Thursday.
func TestSchedules(t *testing.T) {
	for _, c := range []struct{ text, now, start, end, want string }{
		{"at(2026-01-01T06:00:00)", "2026-01-01 00:00:00", "", "", "2026-01-01 06:00:00"},
		{"at(2026-01-01T06:00:00)", "2026-01-01 06:00:00", "", "", ""},
		{"at(2026-01-01T06:00:00)", "2026-01-01 00:00:00", "2026-01-01 06:00:00", "2026-01-01 06:00:00", "2026-01-01 06:00:00"},
		{"at(2026-01-01T06:00:00)", "2026-01-01 00:00:00", "2026-01-01 06:00:01", "", ""},
		{"rate(1 minute)", "2026-01-01 00:00:30", "", "", "2026-01-01 00:01:30 2026-01-01 00:02:30"}, // made at 00:00:30
		{"rate(2 hours)", "2026-01-01 00:00:00", "2026-01-01 05:00:00", "2026-01-01 09:30:00", "2026-01-01 05:00:00 2026-01-01 07:00:00 2026-01-01 09:00:00"},
		{"rate(3 days)", "2026-01-05 00:00:00", "2026-01-01 01:00:00", "", "2026-01-07 01:00:00 2026-01-10 01:00:00"},
		{"cron(0 6 ? * MON-FRI *)", "2026-01-01 06:00:00", "", "", "2026-01-02 06:00:00 2026-01-05 06:00:00 2026-01-06 06:00:00"},
		{"cron(0 6 ? * 2-6 *)", "2026-01-01 06:00:00", "", "", "2026-01-02 06:00:00 2026-01-05 06:00:00"},
		{"cron(*/25 22-23 31 * ? *)", "2026-01-31 23:20:00", "", "", "2026-01-31 23:25:00 2026-01-31 23:50:00 2026-03-31 22:00:00"},
		{"cron(5/20 0 1 jan,JUL ? 2026-2027)", "2026-01-01 00:30:00", "", "", "2026-01-01 00:45:00 2026-07-01 00:05:00 2026-07-01 00:25:00 2026-07-01 00:45:00 2027-01-01 00:05:00"},
		{"cron(0 0 29 2 ? *)", "2026-01-01 00:00:00", "", "", "2028-02-29 00:00:00 2032-02-29 00:00:00"},
		{"cron(0 12 * * ? 2026/2)", "2026-12-31 12:00:00", "", "", "2028-01-01 12:00:00"},
		{"cron(0 0 30 2 ? *)", "2026-01-01 00:00:00", "", "", ""},
		{"cron(0 0 * * ? 2025)", "2026-01-01 00:00:00", "", "", ""},
		{"cron(0 0 * * ? *)", "2026-01-01 00:00:00", "2026-03-01 00:00:00", "2026-03-02 12:00:00", "2026-03-01 00:00:00 2026-03-02 00:00:00"},
	} {
		s, ok, _ := readSchedule(c.text)
		if !ok {
			t.Errorf("%s is not read", c.text)
			continue
		}
		now, created, got := clockTime(t, c.now), clockTime(t, c.now), []string{}
		complete := strings.Count(c.want, " ")/2 + 2
		for len(got) < complete {
			at, ok := s.next(now, created, clockTime(t, c.start), clockTime(t, c.end))
			if !ok {
				break
			}
			if at <= now {
				t.Fatalf("%s: %d is not after %d", c.text, at, now)
			}
			got, now = append(got, time.Unix(0, at).UTC().Format("2006-01-02 15:04:05")), at
		}
		if text := strings.Join(got, " "); !strings.HasPrefix(text, c.want) || c.want == "" && text != "" || c.end != "" && text != c.want {
			t.Errorf("%s from %s on: %s, want %s", c.text, c.now, text, c.want)
		}
	}
}

func TestWrongSchedules(t *testing.T) {
	for _, text := range []string{
		"", "at", "at()", "at(2026-01-01)", "at(2026-01-01T06:00:00Z)", "at(2026-02-30T06:00:00)", "at(1969-01-01T06:00:00)", "at(2300-01-01T06:00:00)",
		"rate()", "rate(0 minutes)", "rate(1 minutes)", "rate(2 minute)", "rate(5 weeks)", "rate(-1 hours)", "rate(1000000000 days)", "rate(5minutes)",
		"cron()", "cron(* * * * *)", "cron(* * * * * *)", "cron(* * ? * ? *)", "cron(60 * * * ? *)", "cron(* 24 * * ? *)", "cron(* * 0 * ? *)", "cron(* * 32 * ? *)",
		"cron(* * * 13 ? *)", "cron(* * ? * 8 *)", "cron(* * ? * 0 *)", "cron(* * * * ? 1969)", "cron(* * * * ? 2200)", "cron(5-1 * * * ? *)", "cron(*/0 * * * ? *)",
		"cron(*/x * * * ? *)", "cron(1, * * * ? *)", "cron(? * * * ? *)", "cron(* * * ANF ? *)", "cron(* * ? * MONTUE *)", "cron(0 6 * * ? *", "every(5 minutes)",
	} {
		if _, ok, unbuilt := readSchedule(text); ok || unbuilt != "" {
			t.Errorf("%q is read: %q", text, unbuilt)
		}
	}
	for _, text := range []string{"cron(0 6 L * ? *)", "cron(0 6 15W * ? *)", "cron(0 6 ? * 6#3 *)", "cron(0 6 ? * 6L *)", "cron(0 6 LW * ? *)"} {
		if _, ok, unbuilt := readSchedule(text); ok || unbuilt == "" {
			t.Errorf("%q is read, or wrong", text)
		}
	}
}
