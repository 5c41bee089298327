package components

import (
	"strings"

	"github.com/a-h/templ"
)

// markup collects elements. Texts and attributes are escaped, element names
// and classes are ours.
type markup struct{ strings.Builder }

// put writes pieces by turns: ours as they are, then one from outside.
func (m *markup) put(pieces ...string) {
	for i, p := range pieces {
		if i%2 == 1 {
			p = templ.EscapeString(p)
		}
		m.WriteString(p)
	}
}

// svg is the drawing as an element.
func (d *drawing) svg() string {
	var m markup
	m.put(`<svg viewBox="0 0 800 `, hundredths(d.size()), `" role="img" aria-label="`, d.tree.Label, `">`)
	for l := range d.paths {
		m.path(layerClasses[l], &d.paths[l])
	}
	for _, s := range d.texts {
		m.text(s.class, s.x, s.y, s.text)
	}
	m.put(`</svg>`)
	return m.String()
}

// picksHTML are the controls: which tree, and which side of a write.
func (t *Tree) picksHTML() string {
	var m markup
	m.picks("tree", "Which tree", t.Picks)
	m.picks("side", "Before or after the write", t.Sides)
	if t.Note != "" {
		m.put(`<p class="why">`, t.Note, `</p>`)
	}
	return m.String()
}

// picks writes a row of buttons; a choice of one is none.
func (m *markup) picks(id, label string, all []TreePick) {
	if len(all) < 2 {
		return
	}
	m.put(`<div class="seg" role="group" aria-label="`, label, `">`)
	for i, p := range all {
		pressed := "false"
		if p.Shown {
			pressed = "true"
		}
		m.put(`<button type="button" id="`, id+"-"+itoa(i), `" hx-get="`, p.URL, `" hx-include="" aria-pressed="`, pressed, `">`, p.Name)
		if p.Word != "" {
			m.put(` <span class="faint">`, p.Word, `</span>`)
		}
		m.put(`</button>`)
	}
	m.put(`</div>`)
}

// listingHTML are the rows that were touched, and the way to them.
func (t *Tree) listingHTML() string {
	var m markup
	if len(t.Listing.Lines) > 0 {
		m.put(`<table class="leaf"><caption>`, t.Listing.Caption, `</caption><tbody>`)
		for _, l := range t.Listing.Lines {
			m.put(`<tr class="`, rowClasses[l.Mark], `"><td><div class="k"><i>`, l.Part, `</i><span>`, l.Key,
				`</span></div></td><td>`, l.Note, `</td><td>`, l.Place, `</td></tr>`)
		}
		m.put(`</tbody></table>`)
	}
	if len(t.Way) > 0 {
		m.put(`<h3>The way there</h3><ol>`)
		for _, w := range t.Way {
			m.put(`<li>` + w.html() + `</li>`)
		}
		m.put(`</ol>`)
	}
	return m.String()
}
