package capacity

import (
	"strconv"
	"strings"

	"github.com/sortkey/sortkey/components"
	"github.com/sortkey/sortkey/engine/meter"
)

// chargeNames are the charges as a bill lists them.
var chargeNames = map[meter.Charge]string{
	meter.WriteRequests: "Writes on demand", meter.ReadRequests: "Reads on demand", meter.ReplicatedWriteRequests: "Replicated writes on demand",
	meter.WriteHours: "Write capacity", meter.ReadHours: "Read capacity", meter.ReplicatedWriteHours: "Replicated write capacity",
	meter.ReservedWriteUpfront: "Reserved write capacity, paid at once", meter.ReservedWriteHours: "Reserved write capacity, by the hour",
	meter.ReservedReadUpfront: "Reserved read capacity, paid at once", meter.ReservedReadHours: "Reserved read capacity, by the hour",
	meter.Storage: "Storage", meter.StreamReads: "Stream reads", meter.ChangeUnits: "Changes to Kinesis",
	meter.ContinuousBackup: "Point-in-time recovery", meter.BackupStorage: "Backups", meter.Restore: "Restores",
	meter.Export: "Exports to S3", meter.Import: "Imports from S3",
}

// detail says in short what a line is of.
func detail(l meter.BillLine) string {
	words := decimal(int64(l.Quantity)) + " " + strings.TrimSuffix(l.Price.Unit, "-months")
	if l.Charge == meter.ChangeUnits {
		words = millions(l.Quantity) + " " + l.Price.Unit
	}
	if l.Free > 0 {
		words += ", " + decimal(int64(l.Free)) + " free"
	}
	return words
}

// sums prints the arithmetic of both bills. Lines of several global indexes
// that are alike become one.
func sums(onDemand, provisioned *meter.Bill) []components.BillSum {
	var all []components.BillSum
	for _, g := range merged(onDemand.Lines) {
		if g.line.Charge < meter.Storage {
			all = append(all, g.sum("on demand"))
		}
	}
	for _, g := range merged(provisioned.Lines) {
		if g.line.Charge < meter.Storage {
			all = append(all, g.sum("provisioned"))
		} else {
			all = append(all, g.sum("both ways"))
		}
	}
	return all
}

// alike are lines that differ in nothing but what is free of them.
type alike struct {
	line  meter.BillLine
	count int
}

func merged(lines []meter.BillLine) []alike {
	var all []alike
	place := map[string]int{}
	for _, l := range lines {
		name := strconv.Itoa(int(l.Charge)) + l.Tree
		i, ok := place[name]
		if !ok {
			place[name] = len(all)
			all = append(all, alike{l, 1})
			continue
		}
		g := &all[i]
		g.count++
		g.line.Quantity += l.Quantity
		g.line.Free += l.Free
		g.line.Reserved += l.Reserved
		g.line.Amount += l.Amount
	}
	return all
}

// sum prints the arithmetic of a line.
func (g alike) sum(mode string) components.BillSum {
	l := g.line
	s := components.BillSum{Mode: mode, What: chargeNames[l.Charge], Amount: cents(l.Amount), Since: dated(l.Price)}
	if l.Tree != "" {
		s.What += ", " + l.Tree
	}
	var factors []string
	for _, f := range l.Factors {
		factors = append(factors, decimal(int64(f.Figure))+" "+factorWords(f))
	}
	if g.count > 1 {
		factors = append(factors, components.Grouped(g.count)+" indexes")
	}
	s.Sum = strings.Join(factors, " × ")
	if len(factors) > 1 {
		s.Sum += " = " + millions(l.Quantity) + " " + l.Price.Unit
	}
	var less []string
	if l.Free > 0 {
		less = append(less, millions(l.Free)+" free")
	}
	if l.Reserved > 0 {
		less = append(less, millions(l.Reserved)+" reserved")
	}
	s.Free = strings.Join(less, ", ")
	s.Price = dollars(l.Price.Micro) + " " + perWords(l.Price)
	if l.Charge == meter.ReservedReadUpfront || l.Charge == meter.ReservedWriteUpfront {
		s.Price = dollars(l.Price.Micro) + " for 100, over twelve months"
	}
	return s
}

// factorWords is what a factor counts, in the singular for one.
func factorWords(f meter.Factor) string {
	if f.Figure != meter.One {
		return f.Words
	}
	if rest, ok := strings.CutPrefix(f.Words, "units"); ok {
		return "unit" + rest
	}
	return strings.TrimSuffix(f.Words, "s")
}

// dated says since when a price is what it is, and how well it is known.
func dated(p meter.Price) string {
	words := "unchanged"
	if p.Changed {
		words = "since 1 November 2024"
		if p.List == meter.Earlier {
			words = "until then"
		}
	}
	if p.Standing == meter.Unverified {
		words += ", unverified"
	}
	return words
}

// perWords is what a price is for: "per million", "per GB-month".
func perWords(p meter.Price) string {
	switch p.Per {
	case 1:
		return "per " + strings.TrimSuffix(p.Unit, "s")
	case 1_000_000:
		return "per million"
	}
	return "per " + components.Grouped(int(p.Per))
}

var standings = map[meter.Standing]string{
	meter.Checked: "checked", meter.Reported: "as announced", meter.Unverified: "unverified",
}

const pricesNote = "us-east-1, in US dollars without tax. Requests on demand became half as dear, and replicated writes as dear as others, on 1 November 2024; " +
	"the other prices stayed. “Checked” are figures compared with AWS’s price files, “as announced” those that AWS made known and the press repeated, " +
	"“unverified” those remembered: look them up before you decide by them. A GB is 1,073,741,824 bytes. Data transfer between regions is not in the bill."

// priceRows prints the price lists, side by side.
func priceRows() []components.PriceRow {
	var rows []components.PriceRow
	for _, p := range meter.Prices(meter.Current) {
		r := components.PriceRow{What: chargeNames[p.Charge], Price: dollars(p.Micro), Per: longPer(p), Known: standings[p.Standing]}
		if before := meter.PriceOf(p.Charge, p.Class, meter.Earlier); before.Micro != p.Micro {
			r.Before = dollars(before.Micro)
		} else {
			r.Before = "the same"
		}
		switch {
		case p.Class == meter.InfrequentAccess:
			r.Class = "Standard-IA"
		case p.Charge <= meter.Storage:
			r.Class = "Standard"
		}
		if p.Free > 0 {
			r.Free = components.Grouped(int(p.Free)) + " " + freeUnit(p)
		}
		rows = append(rows, r)
	}
	return rows
}

func longPer(p meter.Price) string {
	switch p.Per {
	case 1:
		return "a " + strings.TrimSuffix(p.Unit, "s")
	case 1_000_000:
		return "a million " + p.Unit
	}
	return components.Grouped(int(p.Per)) + " " + p.Unit
}

func freeUnit(p meter.Price) string {
	switch p.Charge {
	case meter.WriteHours:
		return "WCU, every hour"
	case meter.ReadHours:
		return "RCU, every hour"
	case meter.Storage:
		return "GB"
	}
	return "calls"
}

// why explains the break-even and the choice of the table class.
func (in *monthInput) why(u *meter.Usage) []components.Words {
	hour, request := meter.PriceOf(meter.ReadHours, u.Class, u.List), meter.PriceOf(meter.ReadRequests, u.Class, u.List)
	reads := meter.BreakEven(meter.ReadHours, meter.ReadRequests, u.Class, u.List)
	writes := meter.BreakEven(meter.WriteHours, meter.WriteRequests, u.Class, u.List)
	million := (hour.Micro*1_000_000/36 + 50) / 100 // microdollars for a million, never idle: 3,600 in an hour
	w := components.Words{}.Strong(percent(reads.PerMille()) + ".").
		Say(" An RCU costs " + dollars(hour.Micro) + " an hour and can serve 3,600 strongly consistent reads in it: " + dollars((million+50)/100*100) +
			" a million when never idle, against " + dollars(request.Micro) + " on demand. The ratio, " + fraction(reads) + ", is the break-even")
	if writes == reads {
		w = w.Say(", and it is the same for writes.")
	} else {
		w = w.Say("; for writes it is " + percent(writes.PerMille()) + ", " + fraction(writes) + ".")
	}
	w = w.Say(" Below it, pay per request.")
	all := []components.Words{w}
	if use, ok := u.BreakEven(); ok && (use != reads || use != writes) {
		all = append(all, components.Say("With these reads and writes together it is ").Strong(percent(use.PerMille())).Say(". That is without the free tier and before capacity is rounded up to whole units."))
	}
	return append(all, classWords(u)...)
}

// classWords say which table class is cheaper for this load.
func classWords(u *meter.Usage) []components.Words {
	c, ok := u.Choose((*meter.Usage).OnDemand)
	if !ok {
		return nil
	}
	other := *u
	name := "Standard-IA"
	other.Class = meter.InfrequentAccess
	if u.Class == meter.InfrequentAccess {
		name, other.Class = "Standard", meter.StandardClass
	}
	onDemand, provisioned := other.OnDemand(), other.Provisioned()
	w := components.Say("In ").Strong(name).Say(" the same month is " + cents(onDemand.Total) + " on demand and " + cents(provisioned.Total) + " provisioned. ")
	w = w.Say("Standard-IA takes more for requests and less for storage: on demand it pays once storage in Standard would cost more than ").
		Strong(percent(c.Share.PerMille())).Say(" of the requests, here from " + decimal(int64(c.Storage)) + " GB on.")
	return []components.Words{w}
}

func fraction(r meter.Ratio) string {
	return strconv.FormatInt(r.Num, 10) + "/" + strconv.FormatInt(r.Den, 10)
}
