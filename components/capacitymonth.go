package components

// MonthCalc is the calculator of one month.
type MonthCalc struct {
	Form MonthForm
	Bill MonthBill
}

// MonthForm is what a table is used for.
type MonthForm struct {
	Groups []FieldGroup
	Wrong  int    // fields that were refused
	Shown  string // what the bill is of, if any were
}

// FieldGroup is a fieldset.
type FieldGroup struct {
	Legend string
	Fields []CalcField
}

// CalcField is one field of a form: a number, a choice or a box to tick.
type CalcField struct {
	Name, Label string
	Value       string
	Unit        string // behind the number: "%", "a second"
	Hint        string // what is asked for and within which bounds
	Min, Max    string
	Step        string // "1"; "any" where there may be decimals
	Options     []Choice
	Tick        bool // a box
	On          bool // that is ticked
	Wrong       string
}

func (f CalcField) id() string { return f.Name + "-field" }

// MonthBill is what the month costs, paid by request and as capacity.
type MonthBill struct {
	About       string // "us-east-1, prices since 1 November 2024"
	Provisioned string // "provisioned, 70 %"
	Rows        []BillRow
	OnDemand    string // the totals
	Capacity    string
	Why         []Words // the break-even, table classes
	Chart       *EvenChart
	Lines       []BillSum
	Prices      []PriceRow
	Note        string
}

// BillRow is a line of the bill.
type BillRow struct {
	What, Detail string
	Second       string // units a second, "" for what is not by the second
	OnDemand     string
	Capacity     string
	CapacityOf   string // "343 WCU"
}

// BillSum is the arithmetic of one line.
type BillSum struct {
	Mode   string // "on demand"; "" where it is the same in both
	What   string
	Sum    string // "360 units a second × 2,628,000 seconds"
	Free   string // "25 free"
	Price  string // "$0.625 per million"
	Since  string
	Amount string
}

// PriceRow is a row of the price list.
type PriceRow struct {
	What, Class string
	Price, Per  string
	Before      string // "" where it is the same
	Free        string
	Known       string // how well
}
