package engine

import (
	"strconv"

	"github.com/sortkey/sortkey/engine/attr"
	"github.com/sortkey/sortkey/engine/meter"
)

// enc appends a reply. It sets the commas itself: one goes before every key
// and every array element that does not open its container.
type enc struct{ b []byte }

func (e *enc) comma() {
	if n := len(e.b); n > 0 && e.b[n-1] != '{' && e.b[n-1] != '[' && e.b[n-1] != ':' {
		e.b = append(e.b, ',')
	}
}

func (e *enc) open()   { e.comma(); e.b = append(e.b, '{') }
func (e *enc) close()  { e.b = append(e.b, '}') }
func (e *enc) list()   { e.comma(); e.b = append(e.b, '[') }
func (e *enc) unlist() { e.b = append(e.b, ']') }

// key starts a member; the name is one of ours and needs no escaping.
func (e *enc) key(name string) {
	e.comma()
	e.b = append(append(append(e.b, '"'), name...), '"', ':')
}

// userKey starts a member whose name comes from a request.
func (e *enc) userKey(name string) {
	e.comma()
	e.b = append(attr.AppendString(e.b, name), ':')
}

func (e *enc) str(name, v string) { e.key(name); e.b = attr.AppendString(e.b, v) }
func (e *enc) int(name string, v int64) {
	e.key(name)
	e.b = strconv.AppendInt(e.b, v, 10)
}
func (e *enc) number(v int64)           { e.b = strconv.AppendInt(e.b, v, 10) }
func (e *enc) bool(name string, v bool) { e.key(name); e.b = strconv.AppendBool(e.b, v) }
func (e *enc) raw(name, json string)    { e.key(name); e.b = append(e.b, json...) }
func (e *enc) rawElem(json string)      { e.comma(); e.b = append(e.b, json...) }
func (e *enc) item(name string, m attr.Map) {
	e.key(name)
	e.b = attr.AppendMap(e.b, m)
}

// time writes seconds since 1970 with the milliseconds as a fraction.
func (e *enc) time(name string, nanos int64) {
	e.key(name)
	ms := nanos / 1e6
	e.b = strconv.AppendInt(e.b, ms/1000, 10)
	if f := ms % 1000; f != 0 {
		e.b = append(e.b, '.', byte('0'+f/100), byte('0'+f/10%10), byte('0'+f%10))
	}
}

func (e *enc) units(name string, u meter.Units) { e.key(name); e.b = u.Append(e.b) }

// consumed writes the ConsumedCapacity member in the shape asked for.
// The name is echoed as the request gave it, an ARN included.
func (e *enc) consumed(mode text, table string, r *meter.Receipt) {
	if mode.v != "TOTAL" && mode.v != "INDEXES" {
		return
	}
	e.key("ConsumedCapacity")
	e.consumedEntry(mode, table, r)
}

// consumedList writes the ConsumedCapacity member of a batch: one entry for
// each table.
func (e *enc) consumedList(mode text, names []string, receipts []*meter.Receipt) {
	if mode.v != "TOTAL" && mode.v != "INDEXES" {
		return
	}
	e.key("ConsumedCapacity")
	e.list()
	for i, r := range receipts {
		e.consumedEntry(mode, names[i], r)
	}
	e.unlist()
}

// consumedEntry writes one ConsumedCapacity object.
func (e *enc) consumedEntry(mode text, table string, r *meter.Receipt) {
	e.open()
	e.str("TableName", table)
	e.units("CapacityUnits", r.Total())
	if mode.v == "INDEXES" {
		e.key("Table")
		e.open()
		e.units("CapacityUnits", r.Of(meter.TableArm))
		e.close()
		e.consumedArms("GlobalSecondaryIndexes", r, meter.GSIArm)
		e.consumedArms("LocalSecondaryIndexes", r, meter.LSIArm)
	}
	e.close()
}

// consumedArms writes the indexes of one kind; an untouched one is left out.
func (e *enc) consumedArms(name string, r *meter.Receipt, kind meter.ArmKind) {
	opened := false
	for _, a := range r.Arms {
		if a.Kind != kind || a.Units == 0 {
			continue
		}
		if !opened {
			e.key(name)
			e.open()
			opened = true
		}
		e.userKey(a.Name)
		e.open()
		e.units("CapacityUnits", a.Units)
		e.close()
	}
	if opened {
		e.close()
	}
}
