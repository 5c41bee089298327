package capacity

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/sortkey/sortkey/components"
	"github.com/sortkey/sortkey/engine"
)

// knobs are what a run is made of: equal knobs make equal runs, to the byte.
type knobs struct {
	writes, reads int    // requests a second at the peak of the shape
	shape         string // of the load over time: a row of shapes
	keys          string // which keys it is for: an engine.KeyPattern
	hot           int    // the share of one hot key, in per cent
	size          int    // of an item in bytes
	billing       string // "provisioned" or "demand"
	target        int    // of auto scaling, in per cent
	start         int    // capacity of the table at first, in each direction
	least, most   int    // bounds of auto scaling
	index         int    // write capacity of a global secondary index; 0 for none
	seed          int
}

// number is a knob that is a number.
type number struct {
	name, label, unit string // names begin with h-: other sections of the page have fields too
	min, max, step    int
	of                func(*knobs) *int
	provisioned       bool // it is of no use on demand
	hot               bool // it is of use for one hot key only
}

var numbers = []number{
	{name: "h-writes", label: "Writes at peak", unit: "/s", max: 4000, step: 1, of: func(k *knobs) *int { return &k.writes }},
	{name: "h-reads", label: "Reads at peak", unit: "/s", max: 8000, step: 1, of: func(k *knobs) *int { return &k.reads }},
	{name: "h-hot", label: "Hot key share", unit: " %", max: 100, step: 1, of: func(k *knobs) *int { return &k.hot }, hot: true},
	{name: "h-size", label: "Item size", unit: " B", min: 64, max: 65536, step: 1, of: func(k *knobs) *int { return &k.size }},
	{name: "h-target", label: "Target utilisation", unit: " %", min: 20, max: 90, step: 1, of: func(k *knobs) *int { return &k.target }, provisioned: true},
	{name: "h-start", label: "Provisioned at first", unit: " units", min: 1, max: 10000, step: 1, of: func(k *knobs) *int { return &k.start }, provisioned: true},
	{name: "h-min", label: "Minimum", unit: " units", min: 1, max: 10000, step: 1, of: func(k *knobs) *int { return &k.least }, provisioned: true},
	{name: "h-max", label: "Maximum", unit: " units", min: 1, max: 10000, step: 1, of: func(k *knobs) *int { return &k.most }, provisioned: true},
	{name: "h-index", label: "Capacity of an index, 0 for none", unit: " WCU", max: 4000, step: 1, of: func(k *knobs) *int { return &k.index }, provisioned: true},
	{name: "h-seed", label: "Seed", min: 1, max: 9999, step: 1, of: func(k *knobs) *int { return &k.seed }},
}

// choice is a knob that is one of several words.
type choice struct {
	name, label string
	options     [][2]string // value, words
	of          func(*knobs) *string
}

var choices = []choice{
	{"h-billing", "Billing mode", [][2]string{{"provisioned", "Provisioned"}, {"demand", "On demand"}}, func(k *knobs) *string { return &k.billing }},
	{"h-shape", "Load over time", shapeOptions(), func(k *knobs) *string { return &k.shape }},
	{"h-keys", "Key distribution", [][2]string{
		{string(engine.KeysUniform), "Uniform"}, {string(engine.KeysZipf), "Zipf"}, {string(engine.KeysHot), "One hot key"}, {string(engine.KeysOrdered), "Time-ordered"},
	}, func(k *knobs) *string { return &k.keys }},
}

// shape is how a load rises and falls: points in per cent of its peak.
type shape struct {
	name, label string
	hours       int
	each        int // minutes of a column, and of the least step
	points      []point
}

type point struct{ minute, percent int }

var shapes = []shape{
	{"steady", "Steady", 1, 1, []point{{0, 100}}},
	{"doubles", "Doubles at 20 minutes", 1, 1, []point{{20, 50}, {21, 100}}},
	{"quarters", "Doubles every quarter", 1, 1, []point{{14, 12}, {15, 25}, {29, 25}, {30, 50}, {44, 50}, {45, 100}}},
	{"rush", "Rises, peaks and falls", 1, 1, []point{{10, 13}, {13, 60}, {28, 60}, {30, 100}, {37, 100}, {41, 26}}},
	{"day", "A day", 24, 15, dayPoints()},
}

// dayPoints are a shop's day, every hour as steady as the one before: least at
// four in the morning, most at eight in the evening.
func dayPoints() (list []point) {
	for hour, percent := range []int{28, 20, 15, 12, 12, 15, 22, 34, 46, 55, 60, 63, 66, 62, 60, 62, 66, 74, 86, 96, 100, 90, 66, 42} {
		list = append(list, point{hour * 60, percent}, point{hour*60 + 59, percent})
	}
	return list
}

func shapeOptions() (list [][2]string) {
	for _, s := range shapes {
		list = append(list, [2]string{s.name, s.label})
	}
	return list
}

func (k *knobs) form() shape {
	return shapes[slices.IndexFunc(shapes, func(s shape) bool { return s.name == k.shape })]
}

// minutes is how long the run is.
func (k *knobs) minutes() int { return k.form().hours * 60 }

// rate is the load over time.
func (s shape) rate(peak int) (list []engine.RatePoint) {
	for _, p := range s.points {
		list = append(list, engine.RatePoint{At: time.Duration(p.minute) * time.Minute, PerSecond: int64(peak * p.percent / 100)})
	}
	return list
}

// maxRequests is how many requests a run may make: what a page can simulate
// while somebody waits.
const maxRequests = 30_000_000

// readKnobs takes what is given from a form, and the rest from base. What is
// wrong is said in a sentence, and then nothing is taken.
func readKnobs(q url.Values, base knobs) (k knobs, wrong string) {
	k = base
	for _, c := range choices {
		text := q.Get(c.name)
		if text == "" {
			continue
		}
		if !slices.ContainsFunc(c.options, func(o [2]string) bool { return o[0] == text }) {
			return base, c.label + " is " + strconv.Quote(text) + ", which is none of those there are."
		}
		*c.of(&k) = text
	}
	for _, n := range numbers {
		text := strings.TrimSpace(q.Get(n.name))
		if text == "" {
			continue
		}
		v, err := strconv.Atoi(text)
		if err != nil || v < n.min || v > n.max {
			return base, n.label + " is " + strconv.Quote(text) + ", not a whole number from " + components.Grouped(n.min) + " to " + components.Grouped(n.max) + "."
		}
		*n.of(&k) = v
	}
	if wrong = k.wrong(); wrong != "" {
		return base, wrong
	}
	return k, ""
}

// wrong is what does not fit together.
func (k *knobs) wrong() string {
	if k.billing == "provisioned" && k.least > k.most {
		return "The minimum, " + components.Grouped(k.least) + ", is above the maximum, " + components.Grouped(k.most) + "."
	}
	if n := k.requests(k.minutes()); n > maxRequests {
		return "That would be " + components.Grouped(int(n/1_000_000)) + " million requests. This page makes at most " + components.Grouped(maxRequests/1_000_000) +
			" million in a run: lower the rates, or take an hour for the day."
	}
	return ""
}

// requests is how many the run makes up to a minute.
func (k *knobs) requests(minute int) (n int64) {
	for _, l := range k.loads() {
		if l.For = time.Duration(minute) * time.Minute; minute > 0 {
			n += l.Requests()
		}
	}
	return n
}

// values are the knobs as they stand in an address.
func (k *knobs) values() url.Values {
	q := url.Values{}
	for _, c := range choices {
		q.Set(c.name, *c.of(k))
	}
	for _, n := range numbers {
		q.Set(n.name, strconv.Itoa(*n.of(k)))
	}
	return q
}
