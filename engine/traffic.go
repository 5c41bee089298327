package engine

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/sortkey/sortkey/engine/attr"
)

// This file says what a load is: traffic that the engine itself makes, so that
// capacity can be looked at without sending a million requests. trafficrun.go
// makes it, trafficitem.go has its items, trafficdraw.go its keys.
//
// Once a second of engine time, the first time when it is started, a load makes
// the requests of the second that begins then: reads and writes of its items,
// in an order and with keys that follow from the engine's seed. Each asks for
// throughput exactly as the GetItem, PutItem or Query that [Engine.LoadRequest]
// shows: it draws on the same buckets, is throttled for the same reasons, and
// counts in the metrics, in what auto scaling looks at, in the peaks of a table
// on demand and in the heat that splits partitions. A throttled request is not
// made again.
//
// It is traffic that overwrites what is there with items of the same size, and
// so writes no rows: what is stored, streams and storage stay as they are. Where
// nothing is kept of what tables are asked for (the setting "throttle" is off
// and the table has no scalable targets) every request passes and leaves no
// trace but in [LoadInfo].

// Load is traffic: which table, how much, and of what kind.
type Load struct {
	Name   string // 1 to 40 letters, digits, and _ . -; one of each in a region
	Region string // "" is the default region
	Table  string
	// Index makes the reads queries of that index, each for one item. Writes go
	// to the table in any case, and to all of its indexes.
	Index string
	// Rate is how many requests are made in a second, at times since the
	// beginning, ascending; between them it follows straight lines. Before the
	// first it is as there, after the last as there.
	Rate []RatePoint
	For  time.Duration // how long, in whole seconds
	// Reads is the share of reads, in per cent; the others are writes. It is
	// kept to the request: of 80 % the first hundred requests have 80.
	Reads      int64
	Consistent bool       // reads are strongly consistent
	Keys       KeyPattern // "" is KeysUniform
	Hot        int64      // the share of the one key of KeysHot, in per cent
	Count      int64      // of keys: items, each with a partition key of its own; 0 is 1,000
	Size       int64      // of an item in bytes; 0 is 1,000
}

// RatePoint is a rate at a time.
type RatePoint struct {
	At        time.Duration // since the load began, in whole seconds
	PerSecond int64         // requests
}

// KeyPattern is how requests choose among a load's keys.
type KeyPattern string

// The patterns.
const (
	KeysUniform KeyPattern = "uniform" // each as often as any other
	KeysZipf    KeyPattern = "zipf"    // the n-th one n times as rarely as the first
	KeysHot     KeyPattern = "hot"     // one of them gets a share, the others the rest, uniformly
	// KeysOrdered goes through the keys in order, all requests to one at a time,
	// each for an equal part of the duration: as where the time is the partition
	// key.
	KeysOrdered KeyPattern = "ordered"
)

var keyPatterns = []KeyPattern{KeysUniform, KeysZipf, KeysHot, KeysOrdered}

// Bounds of loads. They bound what a stranger's document can cost.
const (
	MaxLoads        = 20          // at once, in all regions
	MaxLoadRequests = 200_000_000 // of one load
	maxLoadRate     = 100_000     // a second
	maxLoadPoints   = 200
	maxLoadKeys     = 100_000
	maxLoadTime     = 31 * 24 * time.Hour
)

func (l Load) withDefaults() Load {
	if l.Keys == "" {
		l.Keys = KeysUniform
	}
	if l.Count == 0 {
		l.Count = 1000
	}
	if l.Size == 0 {
		l.Size = 1000
	}
	return l
}

// Check tells what is wrong with a load, whatever table it is for; nil for
// nothing. The first lines of StartLoad are this.
func (l Load) Check() error {
	l = l.withDefaults()
	between := func(what string, n, least, most int64) error {
		if n < least || n > most {
			return l.wrong("%s is %d, not between %d and %d", what, n, least, most)
		}
		return nil
	}
	switch {
	case !ValidHold(l.Name):
		return fmt.Errorf("load: %q is no name: 1 to 40 letters, digits, and _ . - are wanted", l.Name)
	case l.Region != "" && !validName(l.Region) || l.Index != "" && !validName(l.Index) || !validName(l.Table):
		return l.wrong("table=, and perhaps index= and region=, are wanted, as names")
	case !slices.Contains(keyPatterns, l.Keys):
		return l.wrong("keys is %q, not uniform, zipf, hot or ordered", l.Keys)
	case l.For < time.Second || l.For > maxLoadTime || l.For%time.Second != 0:
		return l.wrong("for is %s, not whole seconds up to 31 days", l.For)
	case l.Hot != 0 && l.Keys != KeysHot:
		return l.wrong("hot is for keys=hot")
	case l.Keys == KeysHot && l.Count < 2:
		return l.wrong("one hot key is wanted and others, at least 2 in all")
	case l.Index != "" && l.Reads == 0:
		return l.wrong("an index is for reads, and there are none")
	}
	for _, err := range []error{
		between("reads", l.Reads, 0, 100), between("hot", l.Hot, 0, 100), between("count", l.Count, 1, maxLoadKeys), between("size", l.Size, 1, maxItem),
		l.checkRate(),
	} {
		if err != nil {
			return err
		}
	}
	if n := l.Requests(); n > MaxLoadRequests {
		return l.wrong("%d requests are too many: a load has at most %d", n, int64(MaxLoadRequests))
	}
	return nil
}

func (l Load) wrong(format string, args ...any) error {
	return fmt.Errorf("load %s: %s", l.Name, fmt.Sprintf(format, args...))
}

func (l Load) checkRate() error {
	if n := len(l.Rate); n == 0 || n > maxLoadPoints {
		return l.wrong("rate has %d points, not 1 to %d", n, maxLoadPoints)
	}
	for i, p := range l.Rate {
		switch {
		case p.PerSecond < 0 || p.PerSecond > maxLoadRate:
			return l.wrong("rate is %d a second, not between 0 and %d", p.PerSecond, maxLoadRate)
		case p.At < 0 || p.At > maxLoadTime || p.At%time.Second != 0 || i > 0 && p.At <= l.Rate[i-1].At:
			return l.wrong("the times of rate are not ascending whole seconds up to 31 days")
		}
	}
	return nil
}

// Requests is how many requests the load makes in all.
func (l Load) Requests() int64 { return l.before(int64(l.For / time.Second)) }

// before is how many requests are made in the first seconds: the area under the
// rate, rounded down.
func (l Load) before(seconds int64) int64 {
	var halves int64 // requests × 2
	from := RatePoint{0, l.Rate[0].PerSecond}
	for _, to := range append(l.Rate[:len(l.Rate):len(l.Rate)], RatePoint{1 << 62, l.Rate[len(l.Rate)-1].PerSecond}) {
		span, passed := int64((to.At-from.At)/time.Second), seconds-int64(from.At/time.Second)
		if passed <= span {
			return (halves + 2*from.PerSecond*passed + rise(to.PerSecond-from.PerSecond, passed, max(span, 1))) / 2
		}
		halves += (from.PerSecond + to.PerSecond) * span
		from = to
	}
	return halves / 2
}

// rise is by × passed² / span, rounded down; passed is at most span, which is
// at most 31 days where by is not 0.
func rise(by, passed, span int64) int64 {
	if by == 0 {
		return 0
	}
	// by × passed < 2^17 × 2^22, and that times passed < 2^61
	n := by * passed * passed
	q := n / span
	if n%span < 0 {
		q--
	}
	return q
}

// loadField is a field of a load as its text has it: exactly one of the others
// is set.
type loadField struct {
	name   string
	text   *string
	number *int64
	flag   *bool
	span   *time.Duration
	rate   *[]RatePoint
}

func (l *Load) fields() []loadField {
	return []loadField{
		{name: "table", text: &l.Table}, {name: "index", text: &l.Index}, {name: "rate", rate: &l.Rate}, {name: "for", span: &l.For},
		{name: "reads", number: &l.Reads}, {name: "consistent", flag: &l.Consistent}, {name: "keys", text: (*string)(&l.Keys)},
		{name: "hot", number: &l.Hot}, {name: "count", number: &l.Count}, {name: "size", number: &l.Size}, {name: "region", text: &l.Region},
	}
}

// String is the load in one line, as ParseLoad reads it: its name, then what is
// not left out as name=value:
//
//	morning table=Orders rate=100,6h:900,1d:100 for=1d reads=80 keys=zipf count=5000 size=1200
//
// A point of the rate is a time since the beginning and requests a second;
// without a time it is the beginning. Times are whole seconds in d, h, m and s.
func (l Load) String() string {
	b := []byte(l.Name)
	for _, f := range l.fields() {
		mark := len(b)
		b = append(append(append(b, ' '), f.name...), '=')
		if from := len(b); true {
			if b = f.append(b); len(b) == from {
				b = b[:mark]
			}
		}
	}
	return string(b)
}

// append appends the value, nothing where it is as it is if it is left out.
func (f loadField) append(b []byte) []byte {
	switch {
	case f.text != nil:
		return append(b, *f.text...)
	case f.number != nil && *f.number != 0:
		return strconv.AppendInt(b, *f.number, 10)
	case f.flag != nil && *f.flag:
		return append(b, "true"...)
	case f.span != nil && *f.span != 0:
		return appendSpan(b, *f.span)
	case f.rate != nil:
		for i, p := range *f.rate {
			if i > 0 {
				b = append(b, ',')
			}
			if i > 0 || p.At != 0 {
				b = append(appendSpan(b, p.At), ':')
			}
			b = strconv.AppendInt(b, p.PerSecond, 10)
		}
	}
	return b
}

// ParseLoad reads the text of a load, and checks it.
func ParseLoad(text string) (Load, error) {
	words := strings.Fields(text)
	if len(words) == 0 {
		return Load{}, fmt.Errorf("load: a name is wanted")
	}
	l := Load{Name: words[0]}
	fields := l.fields()
	for _, word := range words[1:] {
		name, value, ok := strings.Cut(word, "=")
		i := slices.IndexFunc(fields, func(f loadField) bool { return f.name == name })
		if !ok || i < 0 {
			names := make([]string, len(fields))
			for j, f := range fields {
				names[j] = f.name
			}
			return l, l.wrong("%q is none of %s, each with = and a value", word, strings.Join(names, ", "))
		}
		if !fields[i].read(value) {
			return l, l.wrong("%s cannot be %q", name, value)
		}
	}
	return l, l.Check()
}

func (f loadField) read(value string) (ok bool) {
	var err error
	switch {
	case f.text != nil:
		*f.text = value
	case f.number != nil:
		*f.number, err = strconv.ParseInt(value, 10, 64)
	case f.flag != nil:
		*f.flag, err = strconv.ParseBool(value)
	case f.span != nil:
		*f.span, ok = readSpan(value)
		return ok
	default:
		*f.rate, ok = readRate(value)
		return ok
	}
	return err == nil && value != ""
}

func readRate(text string) (list []RatePoint, ok bool) {
	for i, word := range strings.Split(text, ",") {
		at, rate, timed := strings.Cut(word, ":")
		p := RatePoint{}
		if !timed {
			at, rate = "0s", at
		}
		if p.At, ok = readSpan(at); !ok || !timed && i > 0 {
			return nil, false
		}
		n, err := strconv.ParseInt(rate, 10, 64)
		if err != nil {
			return nil, false
		}
		p.PerSecond = n
		list = append(list, p)
	}
	return list, true
}

var spanUnits = []struct {
	letter byte
	size   time.Duration
}{{'d', 24 * time.Hour}, {'h', time.Hour}, {'m', time.Minute}, {'s', time.Second}}

// appendSpan writes whole seconds: "1d12h", "0s".
func appendSpan(b []byte, d time.Duration) []byte {
	if d <= 0 {
		return append(b, "0s"...)
	}
	for _, u := range spanUnits {
		if n := d / u.size; n > 0 {
			b = append(strconv.AppendInt(b, int64(n), 10), u.letter)
			d -= n * u.size
		}
	}
	return b
}

// append appends the line of the step in a history.
func (n LoadName) append(dst []byte) []byte {
	dst = attr.AppendString(append(dst, `{"stop":`...), valid(n.Name))
	if n.Region != "" {
		dst = attr.AppendString(append(dst, `,"region":`...), valid(n.Region))
	}
	return append(dst, "}\n"...)
}

// readSpan reads what appendSpan writes: whole numbers with units, the largest
// first, each once.
func readSpan(text string) (d time.Duration, ok bool) {
	units := spanUnits
	for text != "" {
		n := 0
		for n < len(text) && text[n] >= '0' && text[n] <= '9' {
			n++
		}
		count, err := strconv.ParseInt(text[:n], 10, 32)
		if err != nil || n == len(text) {
			return 0, false
		}
		for len(units) > 0 && units[0].letter != text[n] {
			units = units[1:]
		}
		if len(units) == 0 || count > int64(maxLoadTime/units[0].size) {
			return 0, false
		}
		d, ok = d+time.Duration(count)*units[0].size, true
		units, text = units[1:], text[n+1:]
	}
	return d, ok
}
