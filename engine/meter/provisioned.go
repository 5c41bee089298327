package meter

// Capacity is the units that carry a flow if it is to use target percent of
// them. Capacity is bought in whole units, and there is at least one.
func Capacity(f Flow, target int) int64 {
	whole := int64(target) * int64(FlowUnit)
	return max(1, (int64(f)*100+whole-1)/whole)
}

// Provisioned is the bill of a month with provisioned capacity.
func (u *Usage) Provisioned() Bill {
	var b Bill
	writes, reads, none := u.bookOf(WriteHours), u.bookOf(ReadHours), &book{}
	for i, t := range u.Trees {
		c := u.writeCharge(i, WriteHours, ReplicatedWriteHours)
		if c == WriteHours {
			b.hours(u, t.Name, c, t.Write, writes, u.Regions)
		} else {
			b.hours(u, t.Name, c, t.Write, none, u.Regions)
		}
		b.hours(u, t.Name, ReadHours, t.Read, reads, 1)
	}
	b.reserve(u, writes.blocks, ReservedWriteUpfront, ReservedWriteHours)
	b.reserve(u, reads.blocks, ReservedReadUpfront, ReservedReadHours)
	u.rest(&b)
	return b
}

// hours adds a line of provisioned capacity, of which some is not paid by the
// hour.
func (b *Bill) hours(u *Usage, tree string, c Charge, f Flow, k *book, regions int) {
	units, hours := Capacity(f, u.Target), int64(u.Hours)
	all := units * int64(regions)
	free := min(all, k.free)
	reserved := min(all-free, k.reserved)
	k.free, k.reserved = k.free-free, k.reserved-reserved
	b.add(BillLine{
		Charge: c, Tree: tree, Price: u.price(c),
		Quantity: Quantity(all*hours) * One,
		Free:     Quantity(free*hours) * One,
		Reserved: Quantity(reserved*hours) * One,
		Factors:  inRegions([]Factor{{Quantity(units) * One, "units"}, {Quantity(hours) * One, "hours"}}, regions),
	})
}

// book is what of one kind of capacity is not paid by the hour, and not given
// to a tree yet: units that are free, and units of reserved blocks.
type book struct{ free, reserved, blocks int64 }

// ReservedBlock is how many units are reserved together.
const ReservedBlock = 100

// bookOf decides what to reserve of a kind of capacity: so much as makes the
// month cheaper, once the free tier is used. Capacity is reserved for Standard
// tables only, and not for writes to a global table.
func (u *Usage) bookOf(c Charge) *book {
	free := int64(u.free(u.price(c)) / One)
	if !u.Reserved || u.Class != StandardClass {
		return &book{free: free}
	}
	var units int64
	for i, t := range u.Trees {
		switch {
		case c == ReadHours:
			units += Capacity(t.Read, u.Target)
		case u.writeCharge(i, WriteHours, ReplicatedWriteHours) == WriteHours:
			units += Capacity(t.Write, u.Target) * int64(u.Regions)
		}
	}
	units = max(0, units-free)
	blocks := units / ReservedBlock
	worth := u.reservedMonth(c)
	hourly := func(n int64) int64 { return Amount(Quantity(n*int64(u.Hours))*One, u.price(c)) }
	if hourly(ReservedBlock) <= worth {
		blocks = 0
	} else if hourly(units%ReservedBlock) > worth {
		blocks++
	}
	return &book{free, blocks * ReservedBlock, blocks}
}

// reservedMonth is what a reserved block costs a month, in microdollars.
func (u *Usage) reservedMonth(c Charge) int64 {
	upfront, hours := u.price(ReservedWriteUpfront), u.price(ReservedWriteHours)
	if c == ReadHours {
		upfront, hours = u.price(ReservedReadUpfront), u.price(ReservedReadHours)
	}
	return upfront.Micro/12 + hours.Micro*HoursPerMonth
}

// reserve adds what reserved blocks cost: a twelfth of a year's payment, and
// every hour of the month whether there is load or not.
func (b *Bill) reserve(u *Usage, blocks int64, upfront, hours Charge) {
	if blocks == 0 {
		return
	}
	units := Quantity(blocks*ReservedBlock) * One
	up := u.price(upfront)
	up.Per *= 12
	b.add(BillLine{Charge: upfront, Quantity: units, Price: up, Factors: []Factor{{units, "units"}}})
	b.add(BillLine{Charge: hours, Quantity: units * HoursPerMonth, Price: u.price(hours),
		Factors: []Factor{{units, "units"}, {HoursPerMonth * One, "hours"}}})
}
