package engine

import (
	"fmt"
	"io"
	"strconv"
)

// A snapshot has a line for each load of a region, before its tables: the
// load's text, and numbers.

func (x *traffic) numbers() []int64 {
	return []int64{x.began, int64(x.seed), x.seconds, x.asked, x.passed, x.throttled, x.failed, x.next.at, int64(x.next.seq)}
}

func (r *region) digestLoads(w io.Writer) {
	for _, x := range r.loads {
		fmt.Fprintf(w, "traffic %s %v\n", x.load, x.numbers())
	}
}

func (e *enc) loads(r *region) {
	for _, x := range r.loads {
		e.begin()
		e.str("traffic", x.load.String())
		e.str("region", r.name)
		e.key("numbers")
		e.list()
		for _, n := range x.numbers() {
			e.comma()
			e.number(n)
		}
		e.unlist()
		e.line()
	}
}

func (r *restorer) traffic(m map[string]string) error {
	l, err := ParseLoad(m["traffic"])
	if err != nil {
		return err
	}
	own := r.owner(m)
	n, err := readNumbers(m["numbers"])
	if err != nil {
		return fmt.Errorf("load: %w", err)
	}
	x := &traffic{load: l.withDefaults()}
	if len(n) != len(x.numbers()) || own.loadAt(l.Name) >= 0 || r.s.loadCount() >= MaxLoads {
		return fmt.Errorf("load: none that there can be")
	}
	x.began, x.seed = n[0], uint64(n[1])
	x.tally = tally{seconds: n[2], asked: n[3], passed: n[4], throttled: n[5], failed: n[6]}
	x.next = event{at: n[7], seq: uint64(n[8]), kind: loadSecond, region: own.name, table: l.Table, id: l.Name}
	if n[2] < 0 || n[2] >= int64(l.For/1e9) || x.asked != x.load.before(n[2]) || x.passed+x.throttled+x.failed != x.asked {
		return fmt.Errorf("load: numbers that no load can have: %s", strconv.FormatInt(n[2], 10))
	}
	x.draw = newKeyDraw(&x.load, x.seed)
	own.loads = append(own.loads, x)
	return nil
}
