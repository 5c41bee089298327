package engine

import (
	"slices"
	"time"
)

// terms are what UpdateTable changes of a table in engine time: the old ones
// hold until the table is ACTIVE again.
type terms struct {
	onDemand   bool
	throughput throughput // provisioned, zero on demand
	most       throughput // OnDemandThroughput, zero without a bound
	warm       throughput // WarmThroughput: what can be had at once; never sinks
	class      string     // "" where never set
	key        string     // ARN of the KMS key, "" for the service's own
}

// indexTerms are the same of a global secondary index.
type indexTerms struct{ throughput, most, warm throughput }

// warmOnDemand is what a new table on demand can do at once: what four fresh
// partitions carry.
var warmOnDemand = throughput{read: 12000, write: 4000}

// warmth is what a throughput of a billing mode is good for at once.
func warmth(onDemand bool, p throughput) throughput {
	if onDemand {
		return warmOnDemand
	}
	return p
}

// over is the larger of two throughputs, each way on its own.
func (p throughput) over(q throughput) throughput {
	return throughput{max(p.read, q.read), max(p.write, q.write)}
}

// changes is what is known of past changes of a provisioned throughput.
type changes struct {
	increased, decreased int64   // when last, 0 for never
	decreases            []int64 // since the UTC day of the last one began
}

const day = int64(24 * time.Hour)

// today lists the decreases of the UTC day that now lies in.
func (c *changes) today(now int64) []int64 {
	if len(c.decreases) > 0 && c.decreases[0]/day != now/day {
		return nil
	}
	return c.decreases
}

// mayDecrease holds the limit on decreases (semantics §9): four in the first
// hour, and further ones an hour after the last, of each UTC day.
func (c *changes) mayDecrease(now int64) error {
	list := c.today(now)
	if len(list) == 0 {
		return nil
	}
	last := list[len(list)-1]
	if len(list) < 4 && now-list[0] < int64(time.Hour) || now-last >= int64(time.Hour) {
		return nil
	}
	return errDecreases(len(list), last)
}

// note records a change that has been asked for.
func (c *changes) note(was, is throughput, now int64) {
	if is.read > was.read || is.write > was.write {
		c.increased = now
	}
	if is.read < was.read || is.write < was.write {
		c.decreases = append(slices.Clone(c.today(now)), now)
		c.decreased = now
	}
}

// recent are the times that lie less than a window back.
func recent(times []int64, now int64, window time.Duration) []int64 {
	i := 0
	for i < len(times) && now-times[i] >= int64(window) {
		i++
	}
	return times[i:]
}

// kept is a named place of the state that a snapshot keeps besides what the
// CreateTable request of a table says. Exactly one of the pointers is set.
type kept struct {
	name   string
	number *int64
	flag   *bool
	text   *string
	times  *[]int64
}

func (p *throughput) kept(name string) []kept {
	return []kept{{name: name + "Read", number: &p.read}, {name: name + "Write", number: &p.write}}
}

func (t *terms) kept() []kept {
	list := append([]kept{{name: "onDemand", flag: &t.onDemand}}, t.throughput.kept("throughput")...)
	list = append(append(list, t.most.kept("most")...), t.warm.kept("warm")...)
	return append(list, kept{name: "class", text: &t.class}, kept{name: "key", text: &t.key})
}

func (t *indexTerms) kept() []kept {
	return append(append(t.throughput.kept("throughput"), t.most.kept("most")...), t.warm.kept("warm")...)
}

func (c *changes) kept() []kept {
	return []kept{{name: "increased", number: &c.increased}, {name: "decreased", number: &c.decreased}, {name: "decreases", times: &c.decreases}}
}

// kept writes an object of what is not zero.
func (e *enc) kept(list []kept) {
	e.open()
	for _, k := range list {
		switch {
		case k.number != nil && *k.number != 0:
			e.int(k.name, *k.number)
		case k.flag != nil && *k.flag:
			e.bool(k.name, true)
		case k.text != nil && *k.text != "":
			e.str(k.name, *k.text)
		case k.times != nil && len(*k.times) > 0:
			e.key(k.name)
			e.list()
			for _, at := range *k.times {
				e.comma()
				e.number(at)
			}
			e.unlist()
		}
	}
	e.close()
}

// kept reads what the writer of that name has written; what is not there is
// zero.
func (w wire) kept(list []kept) error {
	for _, k := range list {
		switch {
		case k.number != nil:
			*k.number = 0
		case k.flag != nil:
			*k.flag = false
		case k.text != nil:
			*k.text = ""
		case k.times != nil:
			*k.times = nil
		}
	}
	return w.object(func(w wire, name string) error {
		for _, k := range list {
			if k.name == name {
				return k.read(w)
			}
		}
		return w.Skip()
	})
}

func (k kept) read(w wire) error {
	var n integer
	switch {
	case k.number != nil:
		err := w.integer(&n)
		*k.number = n.v
		return err
	case k.flag != nil:
		var f flag
		err := w.flag(&f)
		*k.flag = f.v
		return err
	case k.text != nil:
		var t text
		err := w.text(&t)
		*k.text = t.v
		return err
	}
	return w.array(func(w wire) error {
		err := w.integer(&n)
		*k.times = append(*k.times, n.v)
		return err
	})
}
