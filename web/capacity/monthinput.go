package capacity

import (
	"slices"
	"strconv"
	"strings"

	"github.com/sortkey/sortkey/components"
	"github.com/sortkey/sortkey/web/page"
)

// numberField is a number that the month's form asks for. Values are kept in
// hundredths where it may have decimals.
type numberField struct {
	name, label, unit, hint string
	least, most, first      int64 // whole
	decimals                bool
}

// monthGroup is a fieldset: numbers, and what is chosen or ticked behind them.
type monthGroup struct {
	legend  string
	numbers []numberField
	choices []choiceField
}

// choiceField is a choice, or a box to tick: on or off.
type choiceField struct {
	name, label, hint string
	options           [][2]string // value and label; none for a box
	first             string
}

// Bounds of what can be asked: with these every figure of a bill fits.
const (
	maxRate  = 200_000
	maxItems = 100_000_000_000
	maxItem  = 409_600
	maxPage  = 1 << 20 // bytes of a page of a Query

	maxTransaction = 100 // items of a TransactGetItems
)

var monthGroups = []monthGroup{
	{legend: "Writes", numbers: []numberField{
		{name: "writes", label: "Writes", unit: "a second", hint: "on average, 0 to 200,000", most: maxRate, first: 120, decimals: true},
		{name: "writetx", label: "in transactions", unit: "%", hint: "of the writes", most: 100},
		{name: "size", label: "Item size", unit: "bytes", hint: "1 to 409,600", least: 1, most: maxItem, first: orderSize},
	}},
	{legend: "Reads", numbers: []numberField{
		{name: "reads", label: "Reads", unit: "a second", hint: "on average, 0 to 200,000", most: maxRate, first: 900, decimals: true},
		{name: "strong", label: "strongly consistent", unit: "%", hint: "of the reads", most: 100},
		{name: "readtx", label: "in transactions", unit: "%", hint: "of the reads; the rest is eventually consistent", most: 100},
		{name: "page", label: "Items a read", unit: "items", hint: "1 for GetItem; a Query adds its items up before it rounds", least: 1, most: maxPage, first: 1},
	}},
	{legend: "Indexes", numbers: []numberField{
		{name: "gsi", label: "Global indexes", unit: "", hint: "0 to 20", most: 20, first: 1},
		{name: "lsi", label: "Local indexes", unit: "", hint: "0 to 5", most: 5, first: 1},
		{name: "entry", label: "An index entry", unit: "bytes", hint: "what is projected; as large as the item for ALL", least: 1, most: maxItem, first: orderSize},
		{name: "touch", label: "Writes that change it", unit: "%", hint: "an entry that stays as it is costs nothing", most: 100, first: 100},
	}},
	{legend: "Stored and streamed", numbers: []numberField{
		{name: "items", label: "Items stored", unit: "items", hint: "each takes 100 bytes more, in an index too", most: maxItems, first: 20_000_000},
		{name: "getrecords", label: "Stream reads", unit: "a month", hint: "GetRecords calls; those of Lambda are free", most: maxItems},
	}, choices: []choiceField{
		{name: "kinesis", label: "to a Kinesis data stream", hint: "every write, by the KB", first: "off"},
	}},
	{legend: "Backups", numbers: []numberField{
		{name: "backups", label: "Backups kept", unit: "", hint: "on demand, 0 to 1,000", most: 1000},
		{name: "restores", label: "Restores", unit: "a month", hint: "0 to 1,000", most: 1000},
		{name: "exports", label: "Exports to S3", unit: "a month", hint: "full ones, 0 to 1,000", most: 1000},
	}, choices: []choiceField{
		{name: "pitr", label: "Point-in-time recovery", hint: "by the size of table and local indexes", first: "on"},
	}},
	{legend: "The table", numbers: []numberField{
		{name: "target", label: "Use of provisioned capacity", unit: "%", hint: "average; auto scaling is often set to 70", least: 1, most: 100, first: 70},
		{name: "hours", label: "Hours with this load", unit: "hours", hint: "1 to 730; in the others there is no capacity either", least: 1, most: 730, first: 730},
		{name: "regions", label: "Regions", unit: "", hint: "2 or more make it a global table; 1 to 10", least: 1, most: 10, first: 1},
	}, choices: []choiceField{
		{name: "class", label: "Table class", options: [][2]string{{"standard", "Standard"}, {"ia", "Standard-IA"}}, first: "standard"},
		{name: "reserved", label: "Reserved capacity", options: [][2]string{{"none", "none"}, {"1y", "for a year, where it pays"}}, first: "none"},
		{name: "prices", label: "Prices", options: [][2]string{{"now", "since November 2024"}, {"before", "before that"}}, first: "now"},
		{name: "free", label: "Subtract the free tier", hint: "if nothing else in the account uses it", first: "on"},
	}},
}

// monthInput is the form as it was sent: every field's text, and what the
// numbers are that could be read.
type monthInput struct {
	text   map[string]string
	number map[string]int64 // in hundredths where there may be decimals
	wrong  map[string]string
}

// monthPrefix begins the names of the form's fields: the address of the page
// has those of other sections too.
const monthPrefix = "m-"

// readMonthInput reads the form. What is not there has its first value.
func readMonthInput(q *page.Query) monthInput {
	in := monthInput{map[string]string{}, map[string]int64{}, map[string]string{}}
	taken := takeOver(q.Get("take"))
	for _, g := range monthGroups {
		for _, f := range g.numbers {
			text := strconv.FormatInt(f.first, 10)
			if name := monthPrefix + f.name; q.Has(name) {
				text = strings.TrimSpace(q.Get(name))
			}
			if n, ok := taken[f.name]; ok {
				text = n
			}
			in.text[f.name] = text
			if n, wrong := f.read(text); wrong != "" {
				in.wrong[f.name] = wrong
			} else {
				in.number[f.name] = n
			}
		}
		for _, c := range g.choices {
			in.text[c.name] = c.read(q)
		}
	}
	in.checkTogether()
	return in
}

// takeOver reads what an item's button sends: the fields of itemUsage.
func takeOver(text string) map[string]string {
	parts := strings.Split(text, ",")
	if len(parts) != 4 {
		return nil
	}
	return map[string]string{"size": parts[0], "gsi": parts[1], "lsi": parts[2], "entry": parts[3]}
}

// read reads a number, or says what is wrong with its text.
func (f numberField) read(text string) (n int64, wrong string) {
	clean := strings.NewReplacer(",", "", "_", "", "\u00a0", "", " ", "").Replace(text)
	whole, part, point := strings.Cut(clean, ".")
	n, err := strconv.ParseInt(whole, 10, 64)
	bounds := "from " + components.Grouped(int(f.least)) + " to " + components.Grouped(int(f.most))
	switch {
	case clean == "":
		return 0, "A number is missing here: " + bounds + "."
	case err != nil && (whole == "" || strings.Trim(whole, "0123456789") != ""),
		point && strings.Trim(part, "0123456789") != "":
		return 0, quoted(text) + " is no number " + bounds + "."
	case point && !f.decimals && strings.Trim(part, "0") != "":
		return 0, "A whole number is asked for, " + bounds + "."
	case err != nil || n > f.most || n == f.most && strings.Trim(part, "0") != "" || n < f.least:
		return 0, quoted(text) + " is not " + bounds + "."
	case f.decimals && len(strings.TrimRight(part, "0")) > 2:
		return 0, "At most two decimals count here."
	}
	if !f.decimals {
		return n, ""
	}
	cents, _ := strconv.ParseInt((part + "00")[:2], 10, 64)
	return n*100 + cents, ""
}

func quoted(text string) string { return "“" + clip(text, 30) + "”" }

// read is the value that was chosen, the last one sent counting: a box sends
// off, and on behind it.
func (c choiceField) read(q *page.Query) string {
	sent := q.Values[monthPrefix+c.name]
	if len(sent) == 0 {
		return c.first
	}
	value := sent[len(sent)-1]
	known := value == "on" || value == "off"
	if c.options != nil {
		known = slices.ContainsFunc(c.options, func(o [2]string) bool { return o[0] == value })
	}
	if !known {
		return c.first
	}
	return value
}

// checkTogether sees what only several numbers together can have wrong.
func (in *monthInput) checkTogether() {
	n := in.number
	if in.bad("strong", "readtx") || in.bad("size", "page") {
		return
	}
	if n["strong"]+n["readtx"] > 100 {
		in.wrong["readtx"] = "With the strongly consistent ones that is " + components.Grouped(int(n["strong"]+n["readtx"])) + " %: at most 100 % together."
	}
	switch {
	case n["readtx"] > 0 && n["page"] > maxTransaction:
		in.wrong["page"] = "A transaction reads at most 100 items."
	case n["page"]*n["size"] > maxPage && n["page"] > 1:
		in.wrong["page"] = "A page of a Query holds at most 1 MB: " + components.Grouped(int(max(1, maxPage/n["size"]))) + " items of this size."
	}
}

func (in *monthInput) bad(names ...string) bool {
	return slices.ContainsFunc(names, func(n string) bool { return in.wrong[n] != "" })
}

// on tells whether a box is ticked.
func (in *monthInput) on(name string) bool { return in.text[name] == "on" }

// form is the form as it was sent, each field with what is wrong with it.
func (in *monthInput) form() components.MonthForm {
	form := components.MonthForm{Wrong: len(in.wrong)}
	for _, g := range monthGroups {
		group := components.FieldGroup{Legend: g.legend}
		for _, f := range g.numbers {
			one := components.CalcField{
				Name: monthPrefix + f.name, Label: f.label, Unit: f.unit, Hint: f.hint, Value: in.text[f.name], Wrong: in.wrong[f.name],
				Min: strconv.FormatInt(f.least, 10), Max: strconv.FormatInt(f.most, 10), Step: "1",
			}
			if f.decimals {
				one.Step = "any"
			}
			group.Fields = append(group.Fields, one)
		}
		for _, c := range g.choices {
			one := components.CalcField{Name: monthPrefix + c.name, Label: c.label, Hint: c.hint, Tick: c.options == nil, On: in.on(c.name)}
			for _, o := range c.options {
				one.Options = append(one.Options, components.Choice{Value: o[0], Label: o[1], Chosen: in.text[c.name] == o[0]})
			}
			group.Fields = append(group.Fields, one)
		}
		form.Groups = append(form.Groups, group)
	}
	return form
}

// repaired is the form with first values where something is wrong: what there
// is to show for a link that cannot be read.
func (in monthInput) repaired() monthInput {
	if len(in.wrong) == 0 {
		return in
	}
	q := &page.Query{Values: map[string][]string{}}
	for name, text := range in.text {
		if in.wrong[name] == "" {
			q.Values[monthPrefix+name] = []string{text}
		}
	}
	again := readMonthInput(q)
	if len(again.wrong) > 0 { // only together, with a first value
		return readMonthInput(&page.Query{})
	}
	return again
}
