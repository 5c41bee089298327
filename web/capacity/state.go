package capacity

import (
	"net/url"

	"github.com/sortkey/sortkey/components"
	"github.com/sortkey/sortkey/web/page"
)

// maxItemState is how many bytes of an item go into the address of the page:
// longer ones would make links that not everything takes.
const maxItemState = 4096

// state is the address of the page with all that differs from what it begins
// with, so that the figures can be sent as a link.
func state(item itemInput, month monthInput) string {
	v := url.Values{}
	if item.text != orderText && len(item.text) <= maxItemState {
		v.Set("item", item.text)
	}
	for name, value := range map[string]string{"as": string(item.as), "table": item.table, "hash": item.hash, "sort": item.sort} {
		if value != "" {
			v.Set(name, value)
		}
	}
	for _, g := range monthGroups {
		for _, f := range g.numbers {
			if n, _ := f.read(month.text[f.name]); month.wrong[f.name] != "" || n != f.value() {
				v.Set(monthPrefix+f.name, month.text[f.name])
			}
		}
		for _, c := range g.choices {
			if month.text[c.name] != c.first {
				v.Set(monthPrefix+c.name, month.text[c.name])
			}
		}
	}
	if len(v) == 0 {
		return "./"
	}
	return "./?" + v.Encode()
}

// value is the field's first value as read gives it.
func (f numberField) value() int64 {
	if f.decimals {
		return f.first * 100
	}
	return f.first
}

// figures is what the page shows for a query: both calculators. What cannot be
// read stands in its form beside figures of what the page begins with.
func (p *Page) figures(q *page.Query) components.CapacityPage {
	in, month := readItemInput(q), readMonthInput(q)
	item := p.weigh(in).calc
	if item.Form.Wrong != nil {
		item.Sizes = p.weigh(itemInput{text: orderText}).calc.Sizes
		item.Form.Shown = "The sizes above are those of an order of the Record shop."
	}
	calc := price(month).calc
	if calc.Form.Wrong > 0 {
		repaired := month.repaired()
		calc.Bill = repaired.bill()
		calc.Form.Shown = "The bill above takes what the page begins with instead."
	}
	return components.CapacityPage{Item: item, Month: calc, Link: state(in, month)}
}
