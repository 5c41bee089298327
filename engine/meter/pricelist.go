package meter

// Charge is what AWS charges for: a line of the price list.
type Charge uint8

// The charges, in the order of a bill. Requests are those on demand, hours
// those of provisioned capacity; replicated ones are of a global table.
const (
	WriteRequests Charge = iota
	ReadRequests
	ReplicatedWriteRequests
	WriteHours
	ReadHours
	ReplicatedWriteHours
	ReservedWriteUpfront // of one year, at its beginning
	ReservedWriteHours
	ReservedReadUpfront
	ReservedReadHours
	Storage
	StreamReads // GetRecords
	ChangeUnits // a write to a Kinesis data stream, for each KB
	ContinuousBackup
	BackupStorage
	Restore
	Export
	Import
	charges
)

// Class is a table class.
type Class uint8

// The table classes. InfrequentAccess is STANDARD_INFREQUENT_ACCESS.
const (
	StandardClass Class = iota
	InfrequentAccess
)

// PriceList is one of the two lists that are known here.
type PriceList uint8

// The lists: requests on demand became half as dear, and writes to global
// tables as dear as others, on 1 November 2024.
const (
	Current PriceList = iota
	Earlier
)

// Standing says how well a price is known.
type Standing uint8

// How well: Checked prices agree with AWS's published price files; Reported
// ones were announced and are widely repeated; Unverified ones are remembered
// and may be off.
const (
	Checked Standing = iota
	Reported
	Unverified
)

// Price is one row of the list for us-east-1: what Per units cost.
type Price struct {
	Charge   Charge
	Class    Class
	List     PriceList
	Changed  bool  // on 1 November 2024; others are the same in both lists
	Micro    int64 // US dollars × 10⁻⁶ for Per units
	Per      int64
	Unit     string // "write request units"
	Free     int64  // units a month in the free tier, of capacity: units in every hour
	Standing Standing
}

const (
	million  = 1_000_000
	thousand = 1_000
)

// The units of the list.
const (
	unitWrites     = "write request units"
	unitReads      = "read request units"
	unitReplicated = "replicated write request units"
	unitWCU        = "WCU-hours"
	unitRCU        = "RCU-hours"
	unitRWCU       = "replicated WCU-hours"
	unitGBMonth    = "GB-months"
	unitGB         = "GB"
)

// prices is the list, by charge. Every price is for both lists unless it
// changed; then the current one comes first.
var prices = []Price{
	{Charge: WriteRequests, Changed: true, Micro: 625_000, Per: million, Unit: unitWrites, Standing: Reported},
	{Charge: WriteRequests, Changed: true, List: Earlier, Micro: 1_250_000, Per: million, Unit: unitWrites},
	{Charge: WriteRequests, Class: InfrequentAccess, Changed: true, Micro: 780_000, Per: million, Unit: unitWrites, Standing: Unverified},
	{Charge: WriteRequests, Class: InfrequentAccess, Changed: true, List: Earlier, Micro: 1_560_000, Per: million, Unit: unitWrites},
	{Charge: ReadRequests, Changed: true, Micro: 125_000, Per: million, Unit: unitReads, Standing: Reported},
	{Charge: ReadRequests, Changed: true, List: Earlier, Micro: 250_000, Per: million, Unit: unitReads},
	{Charge: ReadRequests, Class: InfrequentAccess, Changed: true, Micro: 155_000, Per: million, Unit: unitReads, Standing: Unverified},
	{Charge: ReadRequests, Class: InfrequentAccess, Changed: true, List: Earlier, Micro: 310_000, Per: million, Unit: unitReads},
	{Charge: ReplicatedWriteRequests, Changed: true, Micro: 625_000, Per: million, Unit: unitReplicated, Standing: Reported},
	{Charge: ReplicatedWriteRequests, Changed: true, List: Earlier, Micro: 1_875_000, Per: million, Unit: unitReplicated},
	{Charge: ReplicatedWriteRequests, Class: InfrequentAccess, Changed: true, Micro: 780_000, Per: million, Unit: unitReplicated, Standing: Unverified},
	{Charge: ReplicatedWriteRequests, Class: InfrequentAccess, Changed: true, List: Earlier, Micro: 2_340_000, Per: million, Unit: unitReplicated},

	{Charge: WriteHours, Micro: 650, Per: 1, Unit: unitWCU, Free: 25},
	{Charge: WriteHours, Class: InfrequentAccess, Micro: 810, Per: 1, Unit: unitWCU, Standing: Unverified},
	{Charge: ReadHours, Micro: 130, Per: 1, Unit: unitRCU, Free: 25},
	{Charge: ReadHours, Class: InfrequentAccess, Micro: 160, Per: 1, Unit: unitRCU, Standing: Unverified},
	{Charge: ReplicatedWriteHours, Changed: true, Micro: 650, Per: 1, Unit: unitRWCU, Standing: Reported},
	{Charge: ReplicatedWriteHours, Changed: true, List: Earlier, Micro: 975, Per: 1, Unit: unitRWCU},
	// What an hour of a replicated WCU costs in Standard-IA is not known here:
	// it is taken for that of a WCU.
	{Charge: ReplicatedWriteHours, Class: InfrequentAccess, Micro: 810, Per: 1, Unit: unitRWCU, Standing: Unverified},
	{Charge: ReservedWriteUpfront, Micro: 150 * million, Per: 100, Unit: "WCU for a year", Standing: Unverified},
	{Charge: ReservedWriteHours, Micro: 12_800, Per: 100, Unit: unitWCU, Standing: Unverified},
	{Charge: ReservedReadUpfront, Micro: 30 * million, Per: 100, Unit: "RCU for a year", Standing: Unverified},
	{Charge: ReservedReadHours, Micro: 2_500, Per: 100, Unit: unitRCU, Standing: Unverified},

	{Charge: Storage, Micro: 250_000, Per: 1, Unit: unitGBMonth, Free: 25},
	{Charge: Storage, Class: InfrequentAccess, Micro: 100_000, Per: 1, Unit: unitGBMonth},
	{Charge: StreamReads, Micro: 20_000, Per: 100 * thousand, Unit: "GetRecords calls", Free: 2_500_000},
	{Charge: ChangeUnits, Micro: 100_000, Per: million, Unit: "change data capture units", Standing: Unverified},
	{Charge: ContinuousBackup, Micro: 200_000, Per: 1, Unit: unitGBMonth},
	{Charge: BackupStorage, Micro: 100_000, Per: 1, Unit: unitGBMonth},
	{Charge: Restore, Micro: 150_000, Per: 1, Unit: unitGB},
	{Charge: Export, Micro: 100_000, Per: 1, Unit: unitGB, Standing: Unverified},
	{Charge: Import, Micro: 150_000, Per: 1, Unit: unitGB, Standing: Unverified},
}

// Prices are all rows of one list, in the order of Charge, Standard first.
func Prices(list PriceList) []Price {
	var rows []Price
	for _, p := range prices {
		if !p.Changed || p.List == list {
			rows = append(rows, p)
		}
	}
	return rows
}

// PriceOf is the price of a charge. A charge that has no price for the class is
// the same for both.
func PriceOf(c Charge, class Class, list PriceList) Price {
	var found Price
	for _, p := range prices {
		if p.Charge == c && (p.Class == class || p.Class == StandardClass) && (!p.Changed || p.List == list) {
			found = p
		}
	}
	return found
}
