package meter

// Prices of us-east-1, Standard table class, on demand since 2024-11-01, in
// US dollars × 10⁻⁹ (nanodollars): https://aws.amazon.com/dynamodb/pricing/.
const (
	NanoPerReadRequestUnit  = 125 // $0.125 per million
	NanoPerWriteRequestUnit = 625 // $0.625 per million
	NanoPerReadUnitHour     = 130_000
	NanoPerWriteUnitHour    = 650_000
	HoursPerMonth           = 730
	NanoPerGetRecords       = 200 // $0.02 per 100,000 calls, after the first 2.5 million a month
	// PricesSince names the price list these figures are from.
	PricesSince = "us-east-1 prices since 1 November 2024"
)

// PerMillion is the price of a million such requests on demand, in
// microdollars.
func (r *Receipt) PerMillion() int64 {
	nano := int64(NanoPerReadRequestUnit)
	if r.Write {
		nano = NanoPerWriteRequestUnit
	}
	return int64(r.Total()+r.Replicated) * nano * 1_000_000 / int64(Unit) / 1000
}

// PerMonth is the price of the provisioned capacity that carries the request
// once a second for a month, in microdollars. Capacity is bought in whole
// units.
func (r *Receipt) PerMonth() (units, microdollars int64) {
	nano := int64(NanoPerReadUnitHour)
	if r.Write {
		nano = NanoPerWriteUnitHour
	}
	units = int64((r.Total() + r.Replicated + Unit - 1) / Unit)
	return units, units * nano * HoursPerMonth / 1000
}
