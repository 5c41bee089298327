package components

import (
	"strconv"

	"github.com/a-h/templ"
)

// Part names parts of the desk in an update.
type Part uint

// The parts of the desk.
const (
	PartBar Part = 1 << iota
	PartSide
	PartRequest // sent only where Request.Replaced asks for it
	PartPlan
	PartResult
	PartReceipt
	PartDock
	PartSaid

	PartAll = PartBar | PartSide | PartRequest | PartPlan | PartResult | PartReceipt | PartDock | PartSaid
)

func (p Part) has(one Part) bool { return p&one != 0 }

// selected are the attributes of a tab: one of a list is in the tab order.
func selected(yes bool) templ.Attributes {
	if yes {
		return templ.Attributes{"aria-selected": "true", "tabindex": "0"}
	}
	return templ.Attributes{"aria-selected": "false", "tabindex": "-1"}
}

// current marks the one of a list that is shown.
func current(yes bool) templ.Attributes {
	if yes {
		return templ.Attributes{"aria-current": "true"}
	}
	return nil
}

func (o Outcome) viewURL(v View) string {
	return "desk/outcome/" + strconv.Itoa(o.ID) + "?view=" + string(v)
}

func (d Dock) tabURL(t DockTab) string {
	return "desk/dock/" + string(t) + "?outcome=" + strconv.Itoa(d.Outcome)
}

// sheetRole makes the sheet the panel of the selected tab, or a region of its
// own where there are no tabs.
func (o Outcome) sheetRole() templ.Attributes {
	if len(o.tabs()) == 0 {
		return templ.Attributes{"role": "group", "aria-labelledby": "result-head"}
	}
	return templ.Attributes{"role": "tabpanel", "aria-labelledby": "view-" + string(o.view())}
}

// mark are the attributes that tell the editor where the problem lies, in the
// units JavaScript counts strings in.
func (p Plan) mark() templ.Attributes {
	if p.Mark == nil {
		return nil
	}
	return templ.Attributes{
		"data-from": strconv.Itoa(units16(p.Text, p.Mark.From)),
		"data-to":   strconv.Itoa(units16(p.Text, p.Mark.To)),
	}
}
