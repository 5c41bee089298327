package engine

import (
	"math"
	"strconv"
	"strings"
	"time"
)

// schedule is when a scheduled action is done: once, at a rate, or as cron
// says. All times are in UTC, in nanoseconds.
type schedule struct {
	at    int64 // at(2026-01-01T06:00:00)
	every int64 // rate(5 minutes)
	cron  *cron // cron(0 6 ? * MON-FRI *)
}

// cron is a cron expression: for each of its six fields the values that it
// allows, as bits from the field's lowest value on.
type cron [cronFields]bits256

type bits256 [4]uint64

func (b *bits256) set(n int)      { b[n/64] |= 1 << (n % 64) }
func (b *bits256) has(n int) bool { return b[n/64]&(1<<(n%64)) != 0 }

// The fields of a cron expression, in their order.
const (
	cronMinute = iota
	cronHour
	cronDay
	cronMonth
	cronWeekday
	cronYear
	cronFields
)

var cronRanges = [cronFields]struct {
	low, high int
	names     string // of three letters each, from the lowest value on
}{
	cronMinute: {0, 59, ""}, cronHour: {0, 23, ""}, cronDay: {1, 31, ""}, cronMonth: {1, 12, "JANFEBMARAPRMAYJUNJULAUGSEPOCTNOVDEC"},
	cronWeekday: {1, 7, "SUNMONTUEWEDTHUFRISAT"}, cronYear: {1970, 2199, ""},
}

// readSchedule reads a schedule expression. unbuilt is what of the service's
// notation it has that this has not: the L, W and # of cron.
func readSchedule(text string) (s schedule, ok bool, unbuilt string) {
	kind, rest, found := strings.Cut(text, "(")
	rest, closed := strings.CutSuffix(rest, ")")
	if !found || !closed {
		return s, false, ""
	}
	switch kind {
	case "at":
		t, err := time.Parse("2006-01-02T15:04:05", rest)
		if err != nil || t.After(latest) || t.Unix() < 0 {
			return s, false, ""
		}
		s.at = t.UnixNano()
		return s, true, ""
	case "rate":
		s.every, ok = readEvery(rest)
		return s, ok, ""
	case "cron":
		s.cron, ok, unbuilt = readCron(rest)
		return s, ok, unbuilt
	}
	return s, false, ""
}

// readEvery reads "1 hour", "5 minutes".
func readEvery(text string) (nanos int64, ok bool) {
	number, unit, _ := strings.Cut(text, " ")
	n, err := strconv.ParseInt(number, 10, 32)
	if err != nil || n < 1 {
		return 0, false
	}
	if n > 1 {
		unit, ok = strings.CutSuffix(unit, "s")
		if !ok {
			return 0, false
		}
	}
	size := map[string]time.Duration{"minute": time.Minute, "hour": time.Hour, "day": 24 * time.Hour}[unit]
	if size == 0 || n > int64(math.MaxInt64/size) {
		return 0, false
	}
	return n * int64(size), true
}

// readCron reads six fields. Of the days of the month and of the week one has
// to be "?", which is any.
func readCron(text string) (c *cron, ok bool, unbuilt string) {
	words := strings.Fields(text)
	if len(words) != cronFields || (words[cronDay] == "?") == (words[cronWeekday] == "?") {
		return nil, false, ""
	}
	c = &cron{}
	for i, word := range words {
		if days := i == cronDay || i == cronWeekday; days && word == "?" {
			word = "*"
		} else if days && (strings.ContainsAny(word, "#W") && !strings.Contains(word, "WED") || strings.HasSuffix(word, "L")) {
			return nil, false, "the " + word + " of " + text
		}
		for _, part := range strings.Split(word, ",") {
			if !c[i].read(part, i) {
				return nil, false, ""
			}
		}
	}
	return c, true, ""
}

// read reads one member of a field's list: a value, a range, "*", and perhaps a
// step.
func (b *bits256) read(text string, field int) bool {
	r := cronRanges[field]
	span, by, stepped := strings.Cut(text, "/")
	step := 1
	if stepped {
		n, err := strconv.Atoi(by)
		if err != nil || n < 1 || n > r.high {
			return false
		}
		step = n
	}
	first, last, ranged := strings.Cut(span, "-")
	from, to := r.low, r.high
	if span != "*" {
		var ok, also bool
		from, ok = cronValue(first, field)
		to, also = from, true
		if ranged {
			to, also = cronValue(last, field)
		} else if stepped {
			to = r.high
		}
		if !ok || !also || from > to {
			return false
		}
	}
	for n := from; n <= to; n += step {
		b.set(n - r.low)
	}
	return true
}

func cronValue(text string, field int) (int, bool) {
	r := cronRanges[field]
	if i := strings.Index(r.names, strings.ToUpper(text)); len(text) == 3 && i >= 0 && i%3 == 0 {
		return r.low + i/3, true
	}
	n, err := strconv.Atoi(text)
	return n, err == nil && n >= r.low && n <= r.high && text[0] != '+'
}

// next is the first time after now at which the schedule is due, within start
// and end; 0 of these stands for no bound. A rate counts from start, or from
// when it was set, created. ok is false for never.
func (s schedule) next(now, created, start, end int64) (at int64, ok bool) {
	after := max(now, start-1)
	switch {
	case s.cron != nil:
		at, ok = s.cron.next(after)
	case s.every > 0:
		from := start
		if start == 0 {
			from = created + s.every
		}
		if at = from; after >= from {
			at = from + ((after-from)/s.every+1)*s.every
		}
		ok = at > after
	default:
		at, ok = s.at, s.at > after
	}
	return at, ok && (end == 0 || at <= end)
}

// next is the first minute after now that the expression allows.
func (c *cron) next(now int64) (int64, bool) {
	t := time.Unix(0, now).UTC().Truncate(time.Minute).Add(time.Minute)
	for day := t.Truncate(24 * time.Hour); day.Year() <= cronRanges[cronYear].high && !day.After(latest); day = day.Add(24 * time.Hour) {
		if !c.allows(day) {
			continue
		}
		from := 0
		if day.Before(t) {
			from = int(t.Sub(day) / time.Minute)
		}
		for minute := from; minute < 24*60; minute++ {
			if c[cronHour].has(minute/60) && c[cronMinute].has(minute%60) {
				at := day.Add(time.Duration(minute) * time.Minute)
				return at.UnixNano(), !at.After(latest)
			}
		}
	}
	return 0, false
}

// allows reports whether a day is one of those.
func (c *cron) allows(day time.Time) bool {
	year, month, date := day.Date()
	return c[cronYear].has(year-1970) && c[cronMonth].has(int(month)-1) && c[cronDay].has(date-1) && c[cronWeekday].has(int(day.Weekday()))
}
