package web

import (
	"strings"

	"github.com/sortkey/sortkey/components"
	"github.com/sortkey/sortkey/engine/meter"
)

// receiptOf prints what an outcome cost, and why.
func (ws *workspace) receiptOf(o *outcome) components.Receipt {
	if o == nil {
		return components.Receipt{}
	}
	r := components.Receipt{Subject: subject(o)}
	if o.reply.Took > 0 {
		r.Took = span(o.reply.Took)
	}
	switch {
	case o.wrong != nil:
		r.Figure, r.Unit, r.Price, r.Per = "0", "units", "nothing", "was sent"
		r.Why = []components.Words{components.Say("The text is no request yet, so none was made.")}
		r.Earlier = ws.earlier(o)
	case o.refused():
		r.Figure, r.Unit, r.Price, r.Per = "0", "units", "nothing", "was read"
		r.Why = []components.Words{whyRefused(o)}
		r.Earlier = ws.earlier(o)
	case o.held != "":
		r.Figure, r.Unit, r.Price, r.Per = "0", "units", "nothing", "yet"
		r.Why = []components.Words{components.Say("The transaction has been checked and is held open. It is charged when it is committed.")}
	case o.trace.Operation == "GetRecords":
		r.Figure, r.Unit, r.Price, r.Per = "0", "capacity units", dollars(1_000_000*meter.NanoPerGetRecords/1000), "per million requests"
		r.Why = []components.Words{components.Say("Reading a stream uses no capacity of its table. Each GetRecords is charged, however much it returns; the first 2.5 million a month, and those of Lambda and global tables, are free.")}
		r.Prices = meter.PricesSince
	case o.trace.Receipt == nil:
		r.Figure, r.Unit, r.Price, r.Per = "0", "units", "free", "not metered"
		r.Why = []components.Words{components.Say("Requests about tables use no capacity. Data requests do: each prints its arithmetic here.")}
	default:
		ws.charge(&r, o)
	}
	return r
}

func subject(o *outcome) string {
	switch {
	case o.wrong != nil:
		return "No request"
	case o.trace.Table == "":
		return o.req.Operation
	}
	return o.req.Operation + ", " + target(o)
}

// whyRefused explains an error reply without a charge.
func whyRefused(o *outcome) components.Words {
	switch code := o.trace.Err.Code; code {
	case "ValidationException":
		return components.Say("DynamoDB checks names, types and expressions first. ").Strong(code).
			Say(" ends the request there: no item is touched, no capacity is used, and the SDK does not retry it.")
	case "SerializationException", "UnknownOperationException":
		return components.Words{}.Strong(code).Say(" means that the request could not be read as one: nothing was looked at and nothing is charged.")
	default:
		return components.Words{}.Strong(code).Say(" ended the request before any item was touched: no capacity is used.")
	}
}

// earlier lists the last requests that cost something.
func (ws *workspace) earlier(before *outcome) []components.Line {
	var lines []components.Line
	for i := len(ws.outcomes) - 1; i >= 0 && len(lines) < 4; i-- {
		o := ws.outcomes[i]
		if o.id >= before.id || o.wrong != nil || o.trace.Receipt == nil || o.refused() {
			continue
		}
		lines = append(lines, components.Line{
			Label: o.req.Operation + " " + target(o), Figure: o.trace.Receipt.Total().String() + " " + o.unit(),
		})
	}
	return lines
}

// unit is the short name of what an outcome's capacity is counted in.
func (o *outcome) unit() string {
	first := "R"
	if o.trace.Receipt.Write {
		first = "W"
	}
	if o.table != nil && !o.table.OnDemand {
		return first + "CU"
	}
	return first + "RU"
}

func (o *outcome) unitWords() string {
	words := map[string]string{
		"RRU": "read request units", "RCU": "read capacity units", "WRU": "write request units", "WCU": "write capacity units",
	}[o.unit()]
	if o.trace.Receipt.Total() == meter.Unit {
		words = strings.TrimSuffix(words, "s")
	}
	return words
}

func (ws *workspace) charge(r *components.Receipt, o *outcome) {
	m := o.trace.Receipt
	r.Figure, r.Unit = m.Total().String(), o.unitWords()
	r.Price, r.Per = dollars(m.PerMillion()), "per million requests"
	r.Prices = meter.PricesSince
	switch {
	case o.trace.Read == nil && o.trace.Write == nil:
		severalSum(r, o)
	case m.Write:
		writeSum(r, o)
	default:
		readSum(r, o)
	}
	if m.Replicated > 0 {
		r.Why = append(r.Why, components.Say("It is a global table: its replication uses ").Strong(m.Replicated.String()).
			Say(" units more. They are in the price."))
	}
	r.Arms = armLines(o)
	r.Way = ws.wayOf(o)
	r.Same = append(r.Same, sameMonth(o))
}

// sameMonth is the provisioned capacity that carries the request once a
// second.
func sameMonth(o *outcome) components.Line {
	m := o.trace.Receipt
	units, micro := m.PerMonth()
	name := " RCU, "
	if m.Write {
		name = " WCU, "
	}
	return components.Line{Label: "once a second, provisioned", Figure: components.Grouped(int(units)) + name + cents(micro) + " a month"}
}

// severalSum prints the arithmetic of a batch or a transaction: every item is
// rounded on its own, so the table's blocks are what counts.
func severalSum(r *components.Receipt, o *outcome) {
	m := o.trace.Receipt
	for _, a := range m.Arms {
		if a.Units > 0 {
			r.Sum = append(r.Sum, components.Line{Label: a.Name + ", " + components.Counted(a.Blocks, "block"), Figure: a.Units.String()})
		}
	}
	if m.Rate == meter.Transactional {
		r.Sum = append(r.Sum, components.Line{Label: "in a transaction, for the table", Figure: "× 2", Kind: components.Sub})
	}
	r.Sum = append(r.Sum, components.Line{Label: "Units", Figure: m.Total().String(), Kind: components.Sum})
	r.Why = []components.Words{components.Say("Each item is rounded up on its own, as if it had been asked for alone.")}
	if m.Rate == meter.Transactional {
		r.Why = append(r.Why, components.Say("A transaction prepares and commits every item: ").Strong("twice").
			Say(" the units on the table, once on the indexes."))
	}
}

func armLines(o *outcome) []components.Line {
	var lines []components.Line
	var unused []string
	for _, a := range o.trace.Receipt.Arms {
		switch {
		case a.Reason == meter.ReadNothing || a.Reason == meter.IndexAbsent:
			unused = append(unused, a.Name)
		case a.Units == 0:
			lines = append(lines, components.Line{Label: a.Name, Figure: "free"})
		default:
			lines = append(lines, components.Line{Label: a.Name, Figure: a.Units.String()})
		}
	}
	if !o.trace.Receipt.Write && o.table != nil {
		for _, x := range o.table.Indexes {
			if x.Name != o.trace.Index {
				unused = append(unused, x.Name)
			}
		}
	}
	if len(unused) > 0 {
		lines = append(lines, components.Line{Label: strings.Join(unused, ", "), Figure: "not used", Kind: components.Sub})
	}
	return lines
}
