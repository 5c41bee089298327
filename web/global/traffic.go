package global

import (
	"errors"
	"runtime"
	"slices"
	"strconv"
	"time"

	"github.com/sortkey/sortkey/engine"
	"github.com/sortkey/sortkey/web/page"
)

// Traffic is ten writes a second in regions and of items drawn from the seed,
// recorded ahead of the instant shown: something to scrub through.
const (
	trafficEvery = 100 * time.Millisecond
	trafficItems = 8
	trafficChunk = time.Minute // recorded by one request of the page
	mostTraffic  = time.Hour
)

// startTraffic begins to record traffic from the instant shown on.
func (p *Page) startTraffic(w *page.Answer, q *page.Query) {
	seconds, err := strconv.Atoi(q.Get("seconds"))
	if err != nil || seconds < 1 || time.Duration(seconds)*time.Second > mostTraffic {
		w.Fail("Traffic lasts between a second and an hour.", page.StatusBadRequest)
		return
	}
	l := p.lab
	l.playing = false
	if err := l.branch(false); err != nil {
		w.Fail(sentence(err.Error()), page.StatusConflict)
		return
	}
	l.traffic = time.Duration(seconds) * time.Second
	p.moreTraffic(w, q)
}

// moreTraffic records the next piece; the page asks until there is none left.
func (p *Page) moreTraffic(w *page.Answer, _ *page.Query) {
	l := p.lab
	said, err := l.recordTraffic(min(l.traffic, trafficChunk))
	if err != nil {
		l.traffic = 0
		w.Fail(sentence(err.Error()), page.StatusUnprocessableEntity)
		return
	}
	p.moved(w, said)
}

// stopTraffic leaves what is not recorded yet.
func (p *Page) stopTraffic(w *page.Answer, _ *page.Query) {
	p.lab.traffic = 0
	p.moved(w, "No more traffic.")
}

// recordTraffic writes for so long, and shows where it ends.
func (l *lab) recordTraffic(span time.Duration) (said string, err error) {
	key, err := l.plainKey()
	if err != nil {
		return "", err
	}
	from := &source{seed: l.seed, regions: slices.Clone(l.regions), table: l.table, key: key}
	r := l.run()
	for until := r.end.Add(span); r.end.Before(until); {
		if r.end.Add(trafficEvery).Sub(r.zero) > longestRun {
			return "", errors.New("the run has lasted " + longestRun.String() + ", which is as long as it is kept")
		}
		if err := r.extend(r.end.Add(trafficEvery)); err != nil {
			return "", err
		}
		if err := r.write(from, uint64(len(r.steps))); err != nil {
			return "", err
		}
	}
	l.traffic -= span
	l.now = r.end
	if l.traffic > 0 {
		return "", nil
	}
	err = l.settle()
	runtime.GC() // what recording has left behind is cleared now, not when somebody scrubs
	return "Traffic is recorded up to " + l.stamp(r.end) + ".", err
}

// plainKey is the name of the table's key where that is one text.
func (l *lab) plainKey() (string, error) {
	for _, region := range l.regions {
		for _, t := range l.run().head.Tables(region) {
			if a := t.Key.Attrs(); t.Name == l.table && len(a) == 1 && a[0].Kind.String() == "S" {
				return a[0].Name, nil
			}
		}
	}
	return "", errors.New("traffic wants a global table with one key attribute, a text")
}

// source is where writes of traffic are drawn from, each by its number.
type source struct {
	seed       uint64
	regions    []string
	table, key string // key is the attribute's name
}

func (t *source) region(n uint64) string { return t.regions[mix(t.seed^n)%uint64(len(t.regions))] }

func (t *source) wrote(n uint64) string { return "n " + strconv.FormatUint(n, 10) }

var trafficTarget = engine.Target("UpdateItem")

// call is the write of a number.
func (t *source) call(n uint64) engine.Call {
	item := "item-" + strconv.FormatUint(mix(t.seed^n)>>20%trafficItems+1, 10)
	body := `{"TableName":` + strconv.Quote(t.table) + `,"Key":{` + strconv.Quote(t.key) + `:{"S":"` + item +
		`"}},"UpdateExpression":"SET n = :n","ExpressionAttributeValues":{":n":{"N":"` + strconv.FormatUint(n, 10) + `"}}}`
	return engine.Call{Target: trafficTarget, Region: t.region(n), Body: []byte(body)}
}

// answer is what became of a write that went well.
func (t *source) answer(n uint64, took time.Duration) answer {
	return answer{operation: "UpdateItem", name: "200", text: "{}", took: took, wrote: t.wrote(n)}
}

// mix is a number with nothing of the one it is made of (splitmix64).
func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// write takes a write of traffic at the end of the run, without looking at what
// it does.
func (r *run) write(from *source, n uint64) error {
	c := from.call(n)
	reply := r.head.Handle(c)
	if reply.Status == 200 && string(reply.Body) == "{}" {
		return r.keep(step{source: from, number: n, took: reply.Took})
	}
	a := answer{operation: "UpdateItem", name: strconv.Itoa(reply.Status), text: clip(string(reply.Body), 200), took: reply.Took}
	if a.bad = reply.Status != 200; !a.bad {
		a.wrote = from.wrote(n)
	}
	return r.keep(step{deed: &deed{engine.Step{Call: c}, a}})
}
