package capacity

import (
	"github.com/sortkey/sortkey/components"
	"github.com/sortkey/sortkey/engine/meter"
	"github.com/sortkey/sortkey/web/page"
)

// overhead is what storage counts of an item or an index entry besides its
// bytes, and replicaOverhead what a global table has on top of that.
const (
	overhead        = 100
	replicaOverhead = 48
)

// usage is the load of the form as the bill wants it.
func (in *monthInput) usage() *meter.Usage {
	n := in.number
	u := &meter.Usage{
		Trees:    in.trees(),
		Regions:  int(n["regions"]),
		Hours:    int(n["hours"]),
		FreeTier: in.on("free"),
		Target:   int(n["target"]),
		Reserved: in.text["reserved"] == "1y",

		StreamReads: n["getrecords"],
		Continuous:  in.on("pitr"),
		Backups:     int(n["backups"]),
		Restores:    int(n["restores"]),
		Exports:     int(n["exports"]),
	}
	if in.text["class"] == "ia" {
		u.Class = meter.InfrequentAccess
	}
	if in.text["prices"] == "before" {
		u.List = meter.Earlier
	}
	if in.on("kinesis") {
		u.Changes = meter.FlowOf(n["writes"], 100, meter.WriteUnits(int(n["size"]), meter.Standard))
	}
	over := int64(overhead)
	if u.Regions > 1 {
		over += replicaOverhead
	}
	u.TableBytes = n["items"] * (n["size"] + over + n["lsi"]*(n["entry"]+overhead))
	u.IndexBytes = n["items"] * n["gsi"] * (n["entry"] + overhead)
	return u
}

// What the trees of a bill are called.
const (
	tableTree = "table"
	indexTree = "global index"
)

// trees are the table with its local indexes, and its global ones.
func (in *monthInput) trees() []meter.Tree {
	n := in.number
	item := meter.WriteUnits(int(n["size"]), meter.Standard)
	entry := meter.FlowOf(n["writes"], n["touch"], meter.WriteUnits(int(n["entry"]), meter.Standard))
	table := meter.Tree{Name: tableTree, Read: in.reads()}
	table.Write = meter.FlowOf(n["writes"], 100-n["writetx"], item) + meter.FlowOf(n["writes"], n["writetx"], 2*item) + entry.Times(int(n["lsi"]))
	trees := []meter.Tree{table}
	for range n["gsi"] {
		trees = append(trees, meter.Tree{Name: indexTree, Write: entry})
	}
	return trees
}

// reads is what reading uses. A Query adds its items up and rounds once; a
// transaction rounds each.
func (in *monthInput) reads() meter.Flow {
	n := in.number
	bytes := int(n["size"] * n["page"])
	eventual := 100 - n["strong"] - n["readtx"]
	transactional := meter.ReadUnits(int(n["size"]), meter.Transactional) * meter.Units(n["page"])
	return meter.FlowOf(n["reads"], eventual, meter.ReadUnits(bytes, meter.Eventual)) +
		meter.FlowOf(n["reads"], n["strong"], meter.ReadUnits(bytes, meter.Strong)) +
		meter.FlowOf(n["reads"], n["readtx"], transactional)
}

// priced is what came of the month's form.
type priced struct {
	calc components.MonthCalc
	said string
}

// price works the month out; with something wrong in the form only that is
// told.
func price(in monthInput) priced {
	form := in.form()
	if len(in.wrong) > 0 {
		form.Shown = "The bill above is of the figures before."
		said := components.Counted(len(in.wrong), "field") + " of the month’s form cannot be used. The bill is of the figures before."
		return priced{components.MonthCalc{Form: form}, said}
	}
	bill := in.bill()
	return priced{components.MonthCalc{Form: form, Bill: bill}, "A month: " + bill.OnDemand + " on demand, " + bill.Capacity + " provisioned."}
}

// bill works the month out.
func (in *monthInput) bill() components.MonthBill {
	u := in.usage()
	onDemand, provisioned := u.OnDemand(), u.Provisioned()
	return components.MonthBill{
		About:       in.about(u),
		Provisioned: "provisioned, " + components.Grouped(u.Target) + " %",
		Rows:        in.rows(u, &onDemand, &provisioned),
		OnDemand:    cents(onDemand.Total),
		Capacity:    cents(provisioned.Total),
		Why:         in.why(u),
		Chart:       chartOf(u),
		Lines:       sums(&onDemand, &provisioned),
		Prices:      priceRows(),
		Note:        pricesNote,
	}
}

// leastChart is what requests have to cost for a chart: a cent.
const leastChart = 10_000

// chartOf is the chart of the break-even, nil where requests cost next to
// nothing.
func chartOf(u *meter.Usage) *components.EvenChart {
	onDemand, full := u.Costs()
	if onDemand < leastChart || full == 0 {
		return nil
	}
	return &components.EvenChart{OnDemand: onDemand, Full: full, Target: u.Target * 10, Money: cents}
}

// about says what the bill is of.
func (in *monthInput) about(u *meter.Usage) string {
	since := "prices since 1 November 2024"
	if u.List == meter.Earlier {
		since = "prices before 1 November 2024"
	}
	return decimal(in.number["writes"]) + " writes and " + decimal(in.number["reads"]) + " reads a second, on average. us-east-1, " +
		since + ", " + components.Grouped(u.Hours) + " hours."
}

// rows are the lines of both bills side by side.
func (in *monthInput) rows(u *meter.Usage, onDemand, provisioned *meter.Bill) []components.BillRow {
	var rows []components.BillRow
	for _, writes := range []bool{true, false} {
		rows = append(rows, in.treeRow(u, tableTree, writes, onDemand, provisioned))
		if len(u.Trees) > 1 {
			rows = append(rows, in.treeRow(u, indexTree, writes, onDemand, provisioned))
		}
	}
	var reserved int64
	for _, l := range provisioned.Lines {
		if l.Charge >= meter.ReservedWriteUpfront && l.Charge <= meter.ReservedReadHours {
			reserved += l.Amount
		}
	}
	if reserved > 0 {
		rows = append(rows, components.BillRow{What: "Reserved capacity", Detail: "a twelfth of the year’s", Capacity: cents(reserved)})
	}
	for _, l := range onDemand.Lines {
		if l.Charge >= meter.Storage {
			rows = append(rows, components.BillRow{What: chargeNames[l.Charge], Detail: detail(l), OnDemand: cents(l.Amount), Capacity: cents(l.Amount)})
		}
	}
	if u.StreamReads == 0 {
		rows = append(rows, components.BillRow{What: "Stream to Lambda", Detail: "its reads are free", OnDemand: cents(0), Capacity: cents(0)})
	}
	return rows
}

// isWrite tells charges for writes from those for reads.
func isWrite(c meter.Charge) bool {
	switch c {
	case meter.WriteRequests, meter.ReplicatedWriteRequests, meter.WriteHours, meter.ReplicatedWriteHours:
		return true
	}
	return false
}

// isRead is the same for reads.
func isRead(c meter.Charge) bool { return c == meter.ReadRequests || c == meter.ReadHours }

// treeRow adds up what is read or written of the table, or of all global
// indexes.
func (in *monthInput) treeRow(u *meter.Usage, tree string, writes bool, onDemand, provisioned *meter.Bill) components.BillRow {
	is := isRead
	if writes {
		is = isWrite
	}
	row := components.BillRow{What: "Reads", Detail: in.readDetail(tree)}
	unit := "RCU"
	if writes {
		row.What, row.Detail, unit = "Writes", in.writeDetail(tree), "WCU"
	}
	if u.Regions > 1 && writes {
		row.Detail += ", in " + components.Counted(u.Regions, "region")
	}
	var flow meter.Flow
	var units int64
	for _, t := range u.Trees {
		if t.Name != tree {
			continue
		}
		if writes {
			flow += t.Write.Times(u.Regions)
			units += meter.Capacity(t.Write, u.Target) * int64(u.Regions)
		} else {
			flow += t.Read
			units += meter.Capacity(t.Read, u.Target)
		}
	}
	row.Second = decimal(int64(flow.Quantity()))
	row.OnDemand = cents(sum(onDemand, tree, is))
	row.Capacity = cents(sum(provisioned, tree, is))
	row.CapacityOf = components.Grouped(int(units)) + " " + unit
	return row
}

// sum adds up the lines of one tree and kind.
func sum(b *meter.Bill, tree string, is func(meter.Charge) bool) int64 {
	var n int64
	for _, l := range b.Lines {
		if l.Tree == tree && is(l.Charge) {
			n += l.Amount
		}
	}
	return n
}

func (in *monthInput) writeDetail(tree string) string {
	n := in.number
	entry := figure(meter.WriteUnits(int(n["entry"]), meter.Standard))
	if tree == indexTree {
		return "to " + indexWords(int(n["gsi"])) + ", " + entry + " WRU each"
	}
	words := figure(meter.WriteUnits(int(n["size"]), meter.Standard)) + " WRU each"
	if n["writetx"] > 0 {
		words += ", double in transactions"
	}
	if n["lsi"] == 1 {
		words += ", " + entry + " for its local index"
	} else if n["lsi"] > 1 {
		words += ", " + entry + " for each of " + components.Grouped(int(n["lsi"])) + " local indexes"
	}
	return words
}

func indexWords(n int) string {
	if n == 1 {
		return "the global index"
	}
	return components.Grouped(n) + " global indexes"
}

func (in *monthInput) readDetail(tree string) string {
	n := in.number
	if tree == indexTree {
		return "of " + indexWords(int(n["gsi"])) + ": none here, but capacity has at least 1"
	}
	bytes := int(n["size"] * n["page"])
	words := figure(meter.ReadUnits(bytes, meter.Eventual)) + " RRU each"
	if n["strong"] > 0 {
		words += ", " + figure(meter.ReadUnits(bytes, meter.Strong)) + " strongly consistent"
	}
	if n["readtx"] > 0 {
		words += ", " + figure(meter.ReadUnits(int(n["size"]), meter.Transactional)*meter.Units(n["page"])) + " in a transaction"
	}
	return words
}

// month answers a change of the month's form.
func (p *Page) month(w *page.Answer, q *page.Query) {
	in := readMonthInput(q)
	got := price(in)
	w.Render(components.MonthUpdate(got.calc, got.said, state(readItemInput(q), in)))
}
