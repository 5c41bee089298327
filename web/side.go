package web

import (
	"fmt"
	"time"

	"github.com/sortkey/sortkey/components"
	"github.com/sortkey/sortkey/engine"
	"github.com/sortkey/sortkey/engine/store"
)

// tables lists the workspace's tables; the ones that the outcome went to are
// marked.
func (ws *workspace) tables(o *outcome) []components.Table {
	table, index := "", ""
	if o != nil && o.wrong == nil {
		table, index = o.trace.Table, o.trace.Index
	}
	var list []components.Table
	for _, t := range ws.engine.Tables(ws.region) {
		lags := ws.lags(t.Name)
		v := components.Table{
			Name: t.Name, Items: components.Grouped(t.Items), Keys: keysOf(t.Key), Billing: billing(&t), Status: status(t.Status),
			Touched: t.Name == table && index == "", Look: look(t.Name, ""),
		}
		for _, x := range t.Indexes {
			kind := "GSI"
			if x.Local {
				kind = "LSI"
			}
			v.Indexes = append(v.Indexes, components.Index{
				Name: x.Name, Items: components.Grouped(x.Items), Kind: kind, Keys: keysOf(x.Key), Status: indexStatus(&t, &x), Lag: lags[x.Name],
				Touched: t.Name == table && x.Name == index, Look: look(t.Name, x.Name),
			})
		}
		list = append(list, v)
	}
	return list
}

func billing(t *engine.TableInfo) string {
	if t.OnDemand {
		return "ON-DEMAND"
	}
	return "PROVISIONED"
}

func status(s string) string {
	if s == "ACTIVE" {
		return ""
	}
	return s
}

// indexStatus also says how far an index is that is being filled.
func indexStatus(t *engine.TableInfo, x *engine.IndexInfo) string {
	if x.Backfilling {
		return "BACKFILLING " + components.Grouped(x.Filled) + " / " + components.Grouped(t.Items)
	}
	return status(x.Status)
}

func keysOf(k store.Key) []components.Key {
	var list []components.Key
	for _, a := range k.Hash {
		list = append(list, components.Key{Name: a.Name, Type: a.Kind.String(), Role: components.HashKey})
	}
	for _, a := range k.Range {
		list = append(list, components.Key{Name: a.Name, Type: a.Kind.String(), Role: components.RangeKey})
	}
	return list
}

// look is the request that shows what is in a table or index.
func look(table, index string) string {
	s := "Scan {\n  TableName: " + quote(table)
	if index != "" {
		s += ",\n  IndexName: " + quote(index)
	}
	return s + "\n}"
}

// clockView is the engine's clock and what it will run.
func (ws *workspace) clockView(real bool, s settings) components.Clock {
	now := ws.engine.Now()
	v := components.Clock{Mode: "FROZEN", Time: clockTime(now), Date: now.Format("Monday 2 January 2006, UTC"), Speed: s.speed}
	switch {
	case real:
		v.Mode = "REAL TIME"
	case s.runs && !ws.follows:
		v.Mode, v.Runs = "RUNNING", true
	}
	for i, ev := range ws.engine.Due() {
		if i == 5 {
			break
		}
		v.Due = append(v.Due, dueView(ev, now))
	}
	return v
}

// until prints a delay: 00:42, 18:20, 3:05:00, 2 d.
func until(d time.Duration) string {
	s := int(d.Round(time.Second) / time.Second)
	switch {
	case s >= 48*3600:
		return fmt.Sprintf("%d d", s/86400)
	case s >= 3600:
		return fmt.Sprintf("%d:%02d:%02d", s/3600, s/60%60, s%60)
	}
	return fmt.Sprintf("%02d:%02d", s/60, s%60)
}
