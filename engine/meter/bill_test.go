package meter

import (
	"math/big"
	"math/bits"
	"testing"
)

// shop is 120 writes a second of 1 KB items with one global and one local
// index, and 900 eventually consistent reads: the load of the page's picture.
func shop() *Usage {
	return &Usage{
		Trees: []Tree{
			{Name: "Shop", Read: FlowOf(90_000, 100, ReadUnits(743, Eventual)), Write: FlowOf(12_000, 100, 2*WriteUnits(743, Standard))},
			{Name: "byStatus", Write: FlowOf(12_000, 100, WriteUnits(743, Standard))},
		},
		Regions: 1, Hours: HoursPerMonth, Target: 70,
		TableBytes: 40 * GB, IndexBytes: 12 * GB, Continuous: true,
	}
}

// amounts are the microdollars of a bill by charge.
func amounts(b Bill) (sums [charges]int64) {
	for _, l := range b.Lines {
		sums[l.Charge] += l.Amount
	}
	return sums
}

// Each figure is worked out in the comment beside it.
func TestBillByHand(t *testing.T) {
	u := shop()
	u.FreeTier = true
	got := amounts(u.OnDemand())
	for c, want := range map[Charge]int64{
		WriteRequests:    591_300_000, // 360 × 2,628,000 s = 946.08 M, × $0.625
		ReadRequests:     147_825_000, // 450 × 2,628,000 s = 1,182.6 M, × $0.125
		Storage:          6_750_000,   // 52 − 25 GB, × $0.25
		ContinuousBackup: 8_000_000,   // 40 GB × $0.20
	} {
		if got[c] != want {
			t.Errorf("on demand, charge %d: %d, want %d", c, got[c], want)
		}
	}
	u.FreeTier = false
	got = amounts(u.Provisioned())
	for c, want := range map[Charge]int64{
		WriteHours: 244_367_500, // 240 ÷ 0.7 = 343 and 120 ÷ 0.7 = 172: 515 × 730 × $0.00065
		ReadHours:  61_115_600,  // 450 ÷ 0.7 = 643, and 1 that the index has to have: 644 × 730 × $0.00013
		Storage:    13_000_000,
	} {
		if got[c] != want {
			t.Errorf("provisioned, charge %d: %d, want %d", c, got[c], want)
		}
	}
}

func TestFreeTier(t *testing.T) {
	u := &Usage{Trees: []Tree{{Write: 20 * FlowUnit, Read: 10 * FlowUnit}, {Write: 20 * FlowUnit}},
		Regions: 1, Hours: 100, Target: 100, FreeTier: true, StreamReads: 2_600_000, TableBytes: 20 * GB}
	got := amounts(u.Provisioned())
	if got[WriteHours] != 15*100*650 || got[ReadHours] != 0 || got[Storage] != 0 {
		t.Errorf("writes %d, reads %d, storage %d", got[WriteHours], got[ReadHours], got[Storage])
	}
	if got[StreamReads] != 20_000 { // 100,000 more than are free
		t.Errorf("stream reads %d", got[StreamReads])
	}
	u.Class = InfrequentAccess
	if got := amounts(u.Provisioned()); got[WriteHours] != 40*100*810 || got[Storage] != 20*100_000 {
		t.Errorf("Standard-IA has something free: %v", got)
	}
}

func TestReserved(t *testing.T) {
	u := &Usage{Trees: []Tree{{Write: 345 * FlowUnit, Read: 146 * FlowUnit}}, Regions: 1, Hours: HoursPerMonth, Target: 100, Reserved: true}
	b := u.Provisioned()
	got := amounts(b)
	// A block of 100 WCU is $12.50 + 730 × $0.0128 = $21.844 a month, 46 WCU by
	// the hour are $21.827, 47 are $22.3015.
	if got[WriteHours] != 45*730*650 || got[ReservedWriteUpfront] != 37_500_000 || got[ReservedWriteHours] != 28_032_000 {
		t.Errorf("345 WCU: %v", got)
	}
	// A block of 100 RCU is $2.50 + $1.825 = $4.325, 46 by the hour are $4.3654.
	if got[ReadHours] != 0 || got[ReservedReadUpfront] != 5_000_000 || got[ReservedReadHours] != 3_650_000 {
		t.Errorf("146 RCU: %v", got)
	}
	if l := b.Lines[0]; l.Reserved != 300*730*One || l.Free != 0 {
		t.Errorf("%+v", l)
	}
	u.Hours = 300 // 100 WCU are $19.50 then: nothing is reserved
	if got := amounts(u.Provisioned()); got[ReservedWriteUpfront] != 0 || got[WriteHours] != 345*300*650 {
		t.Errorf("for 300 hours: %v", got)
	}
	u.Hours, u.Regions = HoursPerMonth, 2 // replicated writes are not reserved
	if got := amounts(u.Provisioned()); got[ReservedWriteUpfront] != 0 || got[ReplicatedWriteHours] != 690*730*650 {
		t.Errorf("in two regions: %v", got)
	}
}

func TestGlobalTable(t *testing.T) {
	u := shop()
	u.Regions = 3
	got := amounts(u.OnDemand())
	if got[ReplicatedWriteRequests] != 1_182_600_000 || got[WriteRequests] != 591_300_000 || got[ReadRequests] != 147_825_000 || got[Storage] != 39_000_000 {
		t.Errorf("%v", got)
	}
	u.List = Earlier
	if got := amounts(u.OnDemand()); got[ReplicatedWriteRequests] != 3_547_800_000 || got[WriteRequests] != 1_182_600_000 || got[ReadRequests] != 295_650_000 {
		t.Errorf("before the cut: %v", got)
	}
}

func TestBackups(t *testing.T) {
	u := &Usage{Trees: []Tree{{}}, Regions: 1, Hours: 730, Target: 70, TableBytes: 10 * GB, IndexBytes: 2 * GB, Backups: 4, Restores: 1, Exports: 2, Changes: 100 * FlowUnit}
	got := amounts(u.OnDemand())
	for c, want := range map[Charge]int64{
		BackupStorage: 4_000_000,  // 4 × 10 GB × $0.10
		Restore:       1_800_000,  // 12 GB × $0.15
		Export:        2_000_000,  // 2 × 10 GB × $0.10
		ChangeUnits:   26_280_000, // 100 × 2,628,000 s × $0.10 a million
		WriteRequests: 0, ReadRequests: 0,
	} {
		if got[c] != want {
			t.Errorf("charge %d: %d, want %d", c, got[c], want)
		}
	}
}

func TestBreakEven(t *testing.T) {
	for _, c := range []struct {
		hours, requests Charge
		class           Class
		list            PriceList
		want            Ratio
		perMille        int64
	}{
		{WriteHours, WriteRequests, StandardClass, Current, Ratio{13, 45}, 289}, // 0.00065 ÷ (3,600 × 0.000000625)
		{ReadHours, ReadRequests, StandardClass, Current, Ratio{13, 45}, 289},
		{ReadHours, ReadRequests, StandardClass, Earlier, Ratio{13, 90}, 144},
		{WriteHours, WriteRequests, InfrequentAccess, Current, Ratio{15, 52}, 288},
		{ReadHours, ReadRequests, InfrequentAccess, Current, Ratio{80, 279}, 287},
	} {
		got := BreakEven(c.hours, c.requests, c.class, c.list)
		if got != c.want || got.PerMille() != c.perMille {
			t.Errorf("charges %d and %d: %v, %d ‰, want %v", c.hours, c.requests, got, got.PerMille(), c.want)
		}
	}
	if use, ok := shop().BreakEven(); !ok || use != (Ratio{13, 45}) {
		t.Errorf("the shop's load: %v %t", use, ok)
	}
	if _, ok := (&Usage{Trees: []Tree{{}}, Regions: 1, Hours: 730}).BreakEven(); ok {
		t.Error("no load breaks even")
	}
	onDemand, full := shop().Costs()
	if onDemand != 739_125_000 || full != 213_525_000 { // 360 × 730 × $0.00065 + 450 × 730 × $0.00013
		t.Errorf("on demand %d, provisioned %d", onDemand, full)
	}
}

func TestClassChoice(t *testing.T) {
	c, ok := shop().Choose((*Usage).OnDemand)
	// 946.08 M × $0.155 and 1,182.6 M × $0.03 more; the GB costs $0.15 less.
	if !ok || c.Extra != 182_120_400 || c.Storage != 121_414 || c.Share.PerMille() != 411 {
		t.Errorf("%+v %t, %d ‰", c, ok, c.Share.PerMille())
	}
	if _, ok := (&Usage{Trees: []Tree{{}}, Regions: 1, Hours: 730, Target: 70}).Choose((*Usage).OnDemand); ok {
		t.Error("a table that is not used has a break-even")
	}
}

func TestCapacity(t *testing.T) {
	for _, c := range []struct {
		flow   Flow
		target int
		want   int64
	}{
		{0, 70, 1}, {1, 100, 1}, {FlowUnit, 100, 1}, {FlowUnit + 1, 100, 2}, {70 * FlowUnit, 70, 100}, {70*FlowUnit + 1, 70, 101}, {200 * FlowUnit, 20, 1000},
	} {
		if got := Capacity(c.flow, c.target); got != c.want {
			t.Errorf("%d at %d %%: %d, want %d", c.flow, c.target, got, c.want)
		}
	}
}

func TestPrices(t *testing.T) {
	for _, list := range []PriceList{Current, Earlier} {
		for c := range charges {
			for _, class := range []Class{StandardClass, InfrequentAccess} {
				p := PriceOf(c, class, list)
				if p.Charge != c || p.Micro <= 0 || p.Per <= 0 || p.Unit == "" {
					t.Errorf("charge %d, class %d: %+v", c, class, p)
				}
			}
		}
		seen := map[[2]int]bool{}
		for _, p := range Prices(list) {
			row := [2]int{int(p.Charge), int(p.Class)}
			if seen[row] || p.Changed && p.List != list || p != PriceOf(p.Charge, p.Class, list) {
				t.Errorf("list %d: %+v", list, p)
			}
			seen[row] = true
		}
	}
	if p := PriceOf(WriteRequests, StandardClass, Current); p.Micro != NanoPerWriteRequestUnit*1000 || p.Per != million {
		t.Errorf("receipts have another price of a write: %+v", p)
	}
	if p := PriceOf(ReadRequests, StandardClass, Current); p.Micro != NanoPerReadRequestUnit*1000 {
		t.Errorf("receipts have another price of a read: %+v", p)
	}
	if w, r := PriceOf(WriteHours, StandardClass, Current), PriceOf(ReadHours, StandardClass, Current); w.Micro*1000 != NanoPerWriteUnitHour || r.Micro*1000 != NanoPerReadUnitHour {
		t.Errorf("receipts have another price of capacity: %+v %+v", w, r)
	}
	if p := PriceOf(StreamReads, StandardClass, Current); p.Micro*1000/p.Per != NanoPerGetRecords {
		t.Errorf("receipts have another price of GetRecords: %+v", p)
	}
}

// randomUsage is a load out of everything that the page lets a visitor ask for.
func randomUsage(below func(int64) int64) *Usage {
	u := &Usage{
		Class: Class(below(2)), List: PriceList(below(2)), Regions: 1 + int(below(3)*below(3)), Hours: 1 + int(below(HoursPerMonth)),
		FreeTier: below(2) == 0, Target: 1 + int(below(100)), Reserved: below(2) == 0,
		TableBytes: below(1 << 45), IndexBytes: below(1 << 42), Changes: Flow(below(1 << 30)), StreamReads: below(1 << 35),
		Continuous: below(2) == 0, Backups: int(below(5)), Restores: int(below(3)), Exports: int(below(3)),
	}
	for range 1 + below(4) {
		most := int64(1) << below(45)
		u.Trees = append(u.Trees, Tree{Read: Flow(below(most)), Write: Flow(below(most))})
	}
	return u
}

// Bills of random loads hold together: lines are what their figures say, free
// things are free once, and more costs more.
func TestBillProperties(t *testing.T) {
	state := uint64(1)
	below := func(n int64) int64 {
		state += 0x9e3779b97f4a7c15
		z := (state ^ state>>30) * 0xbf58476d1ce4e5b9
		z = (z ^ z>>27) * 0x94d049bb133111eb
		hi, _ := bits.Mul64(z^z>>31, uint64(n))
		return int64(hi)
	}
	for range 3000 {
		u := randomUsage(below)
		for _, bill := range []func(*Usage) Bill{(*Usage).OnDemand, (*Usage).Provisioned} {
			b := bill(u)
			checkLines(t, u, b)
			more := *u
			more.Trees = append([]Tree(nil), u.Trees...)
			more.Trees[0].Write += Flow(below(1 << 30))
			more.TableBytes += below(1 << 40)
			if !u.Reserved && bill(&more).Total < b.Total {
				t.Fatalf("more costs less: %+v", u)
			}
			if u.Reserved {
				without := *u
				without.Reserved = false
				if w := bill(&without); w.Total+10 < b.Total { // each line is rounded
					t.Fatalf("reserving makes it dearer: %d and %d: %+v", w.Total, b.Total, u)
				}
			}
		}
	}
}

func checkLines(t *testing.T, u *Usage, b Bill) {
	t.Helper()
	var sum int64
	free := map[Charge]Quantity{}
	for _, l := range b.Lines {
		sum += l.Amount
		free[l.Charge] += l.Free
		paid := big.NewInt(int64(l.Quantity - l.Free - l.Reserved))
		exact := new(big.Rat).SetFrac(paid.Mul(paid, big.NewInt(l.Price.Micro)), big.NewInt(l.Price.Per*int64(One)))
		off := new(big.Rat).Sub(exact, new(big.Rat).SetInt64(l.Amount))
		if off.Abs(off).Cmp(big.NewRat(1, 2)) > 0 || l.Amount < 0 || l.Quantity < 0 {
			t.Fatalf("%+v is not what it says", l)
		}
		checkFactors(t, l)
	}
	if sum != b.Total {
		t.Fatalf("lines come to %d, the bill to %d", sum, b.Total)
	}
	for c, q := range free {
		most := Quantity(PriceOf(c, u.Class, u.List).Free) * One
		if c == WriteHours || c == ReadHours {
			most *= Quantity(u.Hours)
		}
		if q > most {
			t.Fatalf("charge %d: %d are free, of %d", c, q, most)
		}
	}
}

// checkFactors multiplies a line's factors. The first may be rounded to a
// hundredth.
func checkFactors(t *testing.T, l BillLine) {
	t.Helper()
	product, rest := big.NewInt(int64(l.Factors[0].Figure)), big.NewInt(1)
	for _, f := range l.Factors[1:] {
		n := big.NewInt(int64(f.Figure / One))
		product.Mul(product, n)
		rest.Mul(rest, n)
	}
	off := product.Sub(product, big.NewInt(int64(l.Quantity)))
	if off.Abs(off).Cmp(rest) > 0 {
		t.Fatalf("the factors of %+v do not come to its quantity", l)
	}
}
