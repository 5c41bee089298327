package meter

// Ratio is an exact fraction in lowest terms.
type Ratio struct{ Num, Den int64 }

func ratioOf(num, den int64) Ratio {
	if g := gcd(num, den); g > 0 {
		return Ratio{num / g, den / g}
	}
	return Ratio{num, den}
}

func gcd(a, b int64) int64 {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

// PerMille is the ratio in thousandths, to the nearest: 13/45 is 289.
func (r Ratio) PerMille() int64 { return int64(mulDiv(uint64(r.Num), 1000, uint64(r.Den))) }

// BreakEven is the use of provisioned capacity at which it costs what the same
// requests cost on demand: what an hour of a unit costs, over what 3,600
// requests of a unit do. Below it, requests on demand are cheaper.
func BreakEven(hours, requests Charge, class Class, list PriceList) Ratio {
	h, r := PriceOf(hours, class, list), PriceOf(requests, class, list)
	return ratioOf(h.Micro*r.Per, r.Micro*h.Per*secondsPerHour)
}

// BreakEven is the use of provisioned capacity at which this load costs the
// same either way: without the free tier, without reserved capacity, and with
// capacity in fractions of a unit. ok is false where there are no requests.
//
// It is exact as long as no tree uses more than three million units a second.
func (u *Usage) BreakEven() (use Ratio, ok bool) {
	flows := u.flows()
	var common int64
	shift := 0
	for _, f := range flows {
		common = gcd(int64(f.flow), common)
		for int64(f.flow)>>shift > 1<<36 {
			shift++
		}
	}
	if common == 0 {
		return Ratio{}, false
	}
	if shift > 0 {
		common = 1 << shift
	}
	var hour, requests int64
	for _, f := range flows {
		n := int64(f.flow) / common
		hour += n * f.hours.Micro * (million / 400)
		requests += n * f.requests.Micro * (secondsPerHour / 400)
	}
	return ratioOf(hour, requests), true
}

// flow is what all trees use of units of the same prices.
type flow struct {
	flow            Flow
	hours, requests Price
}

// flows adds up what the load uses, in all regions.
func (u *Usage) flows() [3]flow {
	all := [3]flow{
		{0, u.price(WriteHours), u.price(WriteRequests)},
		{0, u.price(ReadHours), u.price(ReadRequests)},
		{0, u.price(ReplicatedWriteHours), u.price(ReplicatedWriteRequests)},
	}
	for i, t := range u.Trees {
		write := &all[0]
		if u.writeCharge(i, WriteHours, ReplicatedWriteHours) == ReplicatedWriteHours {
			write = &all[2]
		}
		write.flow += t.Write.Times(u.Regions)
		all[1].flow += t.Read
	}
	return all
}

// Costs are what the requests of a month cost on demand, and as provisioned
// capacity that is never idle, in microdollars: BreakEven is the second over
// the first. At half the use capacity costs double.
func (u *Usage) Costs() (onDemand, full int64) {
	for _, f := range u.flows() {
		perHour := uint64(f.flow) * uint64(u.Hours) // FlowUnit-ths
		onDemand += int64(mulDiv(perHour, uint64(f.requests.Micro)*secondsPerHour, uint64(FlowUnit)*uint64(f.requests.Per)))
		full += int64(mulDiv(perHour, uint64(f.hours.Micro), uint64(FlowUnit)))
	}
	return onDemand, full
}

// ClassChoice is where the two table classes cost the same: with less stored
// Standard is cheaper, with more Standard-IA.
type ClassChoice struct {
	Extra   int64    // microdollars that the requests cost more in Standard-IA
	Storage Quantity // GB in all regions at which storage makes up for that
	Share   Ratio    // what they cost in Standard then, over what its requests cost
}

// Choose compares the classes for this load, without the free tier and without
// reserved capacity. ok is false where there are no requests: then Standard-IA
// is cheaper with anything stored.
func (u *Usage) Choose(bill func(*Usage) Bill) (c ClassChoice, ok bool) {
	plain := *u
	plain.FreeTier, plain.Reserved = false, false
	var requests, storage [2]int64
	for _, class := range []Class{StandardClass, InfrequentAccess} {
		plain.Class = class
		b := bill(&plain)
		requests[class], storage[class] = b.Requests(), plain.price(Storage).Micro
	}
	if requests[StandardClass] == 0 {
		return c, false
	}
	c.Extra = requests[InfrequentAccess] - requests[StandardClass]
	saved := storage[StandardClass] - storage[InfrequentAccess]
	c.Storage = Quantity(mulDiv(uint64(c.Extra), uint64(One), uint64(saved)))
	c.Share = ratioOf(int64(mulDiv(uint64(c.Extra), uint64(storage[StandardClass]), uint64(saved))), requests[StandardClass])
	return c, true
}
