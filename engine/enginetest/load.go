package enginetest

import (
	"fmt"
	"time"

	"github.com/sortkey/sortkey/engine"
)

// load starts a load on a table, or on one of its indexes.
func (g *generator) load() {
	t := g.table()
	g.loads++
	l := engine.Load{
		Name: fmt.Sprint("load", g.loads), Region: t.region, Table: t.name, For: time.Duration(1+g.random.Below(200)) * time.Second,
		Rate:  []engine.RatePoint{{PerSecond: int64(10 + g.random.Below(90))}, {At: time.Minute, PerSecond: int64(g.random.Below(200))}},
		Reads: int64(10 * g.random.Below(11)), Count: int64(2 + g.random.Below(50)), Size: int64(400 + g.random.Below(9000)),
		Keys: Pick(&g.random, []engine.KeyPattern{engine.KeysUniform, engine.KeysZipf, engine.KeysHot, engine.KeysOrdered}),
	}
	if l.Keys == engine.KeysHot {
		l.Hot = int64(g.random.Below(101))
	}
	for _, info := range g.engine.Tables(t.region) {
		if info.Name == t.name && len(info.Indexes) > 0 && l.Reads > 0 && g.random.Below(2) == 0 {
			l.Index = Pick(&g.random, info.Indexes).Name
		}
	}
	l.Consistent = l.Index == "" && g.random.Below(2) == 0
	if g.engine.Fork().StartLoad(l) == nil { // the table may be gone, the index not be there yet
		g.add(engine.Step{Load: l})
	}
}

// stopLoad stops the first load of a region.
func (g *generator) stopLoad() {
	region := Pick(&g.random, regions)
	if list := g.engine.Loads(region); len(list) > 0 {
		g.add(engine.Step{Stop: engine.LoadName{Region: region, Name: list[0].Name}})
	}
}
