package meter

import "math/bits"

// Flow is capacity units a second, exact for rates in hundredths of a request,
// of which whole percents cost halves of a unit: it counts in FlowUnit-ths.
type Flow int64

// FlowUnit is one unit a second.
const FlowUnit Flow = 100 * 100 * Flow(Unit)

// FlowOf is what requests at a rate (hundredths of one a second) use if share
// percent of them cost u each.
func FlowOf(rate, share int64, u Units) Flow { return Flow(rate * share * int64(u)) }

// Times is the flow n times.
func (f Flow) Times(n int) Flow { return f * Flow(n) }

// Quantity counts what a bill has lines for, in hundredths.
type Quantity int64

// One is one of what is counted.
const One Quantity = 100

// GB is the bytes of what is billed as a GB.
const GB = 1 << 30

// Gigabytes is bytes as what is billed, to the nearest hundredth of a GB.
func Gigabytes(bytes int64) Quantity {
	return Quantity(mulDiv(uint64(bytes), uint64(One), GB))
}

// A month of the price list has 730 hours.
const secondsPerHour = 3600

// Tree is what requests use of a table or of one of its global indexes. What
// they use of a local index is the table's.
type Tree struct {
	Name        string
	Read, Write Flow
}

// Usage is what a table is used for in a month.
type Usage struct {
	Trees    []Tree // the table first, then its global indexes
	Class    Class
	List     PriceList
	Regions  int  // with a replica: 1 for a table that is not global
	Hours    int  // of the month in which there is that load: 1 to HoursPerMonth
	FreeTier bool // nothing else uses what the account has free
	Target   int  // provisioned: percent of the capacity that the load is to use
	Reserved bool // provisioned: reserve for a year what that makes cheaper

	TableBytes  int64 // of the table and its local indexes, as stored in one region
	IndexBytes  int64 // of its global indexes
	Changes     Flow  // KB written, each change rounded up: for ChangeUnits; 0 without a Kinesis stream
	StreamReads int64 // GetRecords calls a month that are charged for
	Continuous  bool  // point-in-time recovery
	Backups     int   // on demand, of the whole table each, kept for the month
	Restores    int   // in the month
	Exports     int   // to S3, in the month
}

// Factor is one figure of a line's arithmetic and what it counts.
type Factor struct {
	Figure Quantity
	Words  string
}

// BillLine is one line of a bill: Quantity less Free and Reserved at Price comes
// to Amount. Factors multiply to Quantity, apart from rounding.
type BillLine struct {
	Charge   Charge
	Tree     string // whose capacity; "" where it is the whole table's
	Factors  []Factor
	Quantity Quantity
	Free     Quantity // of the free tier
	Reserved Quantity // paid for by lines of their own
	Price    Price
	Amount   int64 // US dollars × 10⁻⁶, to the nearest
}

// Bill is what a month costs.
type Bill struct {
	Lines []BillLine
	Total int64 // the sum of the amounts
}

// Requests is the sum of the lines for requests or capacity.
func (b *Bill) Requests() int64 {
	var sum int64
	for _, l := range b.Lines {
		if l.Charge < Storage {
			sum += l.Amount
		}
	}
	return sum
}

func (b *Bill) add(l BillLine) {
	l.Free = min(l.Free, l.Quantity)
	l.Amount = Amount(l.Quantity-l.Free-l.Reserved, l.Price)
	b.Lines = append(b.Lines, l)
	b.Total += l.Amount
}

// Amount is what a quantity costs, in microdollars, to the nearest.
func Amount(q Quantity, p Price) int64 {
	return int64(mulDiv(uint64(q), uint64(p.Micro), uint64(p.Per)*uint64(One)))
}

// mulDiv is a × b ÷ c to the nearest; halves go up. The result has to fit.
func mulDiv(a, b, c uint64) uint64 {
	hi, lo := bits.Mul64(a, b)
	lo, carry := bits.Add64(lo, c/2, 0)
	q, _ := bits.Div64(hi+carry, lo, c)
	return q
}

// OnDemand is the bill of a month where requests are paid for one by one.
func (u *Usage) OnDemand() Bill {
	var b Bill
	for i, t := range u.Trees {
		b.request(u, t.Name, u.writeCharge(i, WriteRequests, ReplicatedWriteRequests), t.Write, u.Regions)
		b.request(u, t.Name, ReadRequests, t.Read, 1)
	}
	u.rest(&b)
	return b
}

// writeCharge is what a write is charged as: those to a global table's replicas
// have prices of their own, those to the global indexes in each region do not.
func (u *Usage) writeCharge(tree int, plain, replicated Charge) Charge {
	if u.Regions > 1 && tree == 0 {
		return replicated
	}
	return plain
}

// request adds a line of requests on demand.
func (b *Bill) request(u *Usage, tree string, c Charge, f Flow, regions int) {
	if f == 0 {
		return
	}
	seconds := int64(u.Hours) * secondsPerHour
	// FlowUnit divides what an hour has of hundredths.
	q := Quantity(int64(f)*int64(u.Hours)*(secondsPerHour*int64(One)/int64(FlowUnit))) * Quantity(regions)
	b.add(BillLine{Charge: c, Tree: tree, Quantity: q, Price: u.price(c), Factors: inRegions([]Factor{
		{f.Quantity(), "units a second"}, {Quantity(seconds) * One, "seconds"},
	}, regions)})
}

// Quantity is the flow in hundredths of a unit a second, to the nearest.
func (f Flow) Quantity() Quantity { return Quantity(mulDiv(uint64(f), uint64(One), uint64(FlowUnit))) }

func inRegions(factors []Factor, regions int) []Factor {
	if regions > 1 {
		factors = append(factors, Factor{Quantity(regions) * One, "regions"})
	}
	return factors
}

func (u *Usage) price(c Charge) Price { return PriceOf(c, u.Class, u.List) }

// free is what of a price is in the free tier, for those who have it.
func (u *Usage) free(p Price) Quantity {
	if !u.FreeTier {
		return 0
	}
	return Quantity(p.Free) * One
}

// rest adds what does not depend on how requests are paid for.
func (u *Usage) rest(b *Bill) {
	u.stored(b)
	if u.Changes > 0 {
		b.request(u, "", ChangeUnits, u.Changes, 1)
	}
	if u.StreamReads > 0 {
		p := u.price(StreamReads)
		q := Quantity(u.StreamReads) * One
		b.add(BillLine{Charge: StreamReads, Quantity: q, Free: u.free(p), Price: p, Factors: []Factor{{q, "calls"}}})
	}
	table := Gigabytes(u.TableBytes)
	if u.Continuous {
		u.kept(b, ContinuousBackup, table, 1, "")
	}
	u.kept(b, BackupStorage, table, u.Backups, "backups")
	u.kept(b, Restore, Gigabytes(u.TableBytes+u.IndexBytes), u.Restores, "restores")
	u.kept(b, Export, table, u.Exports, "exports")
}

// stored adds the line of what is stored.
func (u *Usage) stored(b *Bill) {
	gb := Gigabytes(u.TableBytes + u.IndexBytes)
	if gb == 0 {
		return
	}
	p := u.price(Storage)
	b.add(BillLine{Charge: Storage, Quantity: gb * Quantity(u.Regions), Free: u.free(p), Price: p,
		Factors: inRegions([]Factor{{gb, "GB"}}, u.Regions)})
}

// kept adds a line of something that is charged for by the GB, n times.
func (u *Usage) kept(b *Bill, c Charge, gb Quantity, n int, words string) {
	if n == 0 || gb == 0 {
		return
	}
	l := BillLine{Charge: c, Quantity: gb * Quantity(n), Price: u.price(c), Factors: []Factor{{gb, "GB"}}}
	if words != "" {
		l.Factors = append(l.Factors, Factor{Quantity(n) * One, words})
	}
	b.add(l)
}
