package share

import (
	"context"
	"strings"

	"github.com/sortkey/sortkey/components"
	"github.com/sortkey/sortkey/web"
	"github.com/sortkey/sortkey/web/page"
)

// picture answers with a picture of what is on the desk, for previews of a
// link. Those who show it are other sites.
func (h *Handler) picture(ctx context.Context, r Request, id string) page.Answer {
	tag := `"` + id + "-" + pictureStyle + `"`
	if isID(id) && r.has(tag) {
		return tagged(page.Answer{Status: 304}, tag, aWeek)
	}
	doc, _, err := h.read(ctx, id)
	var desk *web.Desk
	if err == nil {
		desk, err = h.open(doc, nil)
	}
	if err != nil {
		return h.failure(err)
	}
	w := answer(200, "image/png", draw(desk.Preview()).png())
	for i, line := range w.Header {
		if line[0] == "Cross-Origin-Resource-Policy" {
			w.Header[i][1] = "cross-origin"
		}
	}
	return tagged(w, tag, aWeek)
}

// pictureStyle is raised when pictures are drawn another way.
const pictureStyle = "p1"

// The inks, as in static/tokens.css.
const (
	strong ink = iota
	soft
	accent
)

var (
	paper = rgb{0xfc, 0xfb, 0xf8}
	inks  = []rgb{{0x19, 0x1d, 0x1b}, {0x88, 0x85, 0x7b}, {0x0b, 0x6a, 0x5d}}
)

const margin, right = 80, components.PreviewWidth - 80

// draw makes the picture: whose it is, the title, the tables and the request.
func draw(p web.Preview) *canvas {
	c := newCanvas(components.PreviewWidth, components.PreviewHeight, paper, inks...)
	brand(c)
	y := title(c, p.Title)
	tables(c, p, y+72)
	c.fill(margin, 520, right-margin, 2, soft)
	at := float32(margin)
	if p.Request != "" {
		at = c.text(fit(p.Request, 22, right-margin), margin, 572, 22, 3.4, accent) + 24
	}
	if at < right-100 {
		c.text(fit(p.Came, 22, right-at), at, 572, 22, 2.6, strong)
	}
	return c
}

func brand(c *canvas) {
	for i := range 3 {
		c.fill(margin, 64+i*14, 9, 9, accent)
		length := 27 - 5*(i%2)
		c.fill(margin+15, 67+i*14, length, 3, soft)
	}
	c.text("Sortkey", margin+58, 96, 24, 2.8, soft)
}

// title writes it over one line or two and returns the last baseline.
func title(c *canvas, words string) int {
	const size, pen = 50, 6.5
	first, rest := words, ""
	if widthOf(words, size) > right-margin {
		first, rest = split(words, size, right-margin)
	}
	c.text(fit(first, size, right-margin), margin, 208, size, pen, strong)
	if rest == "" {
		return 208
	}
	c.text(fit(rest, size, right-margin), margin, 292, size, pen, strong)
	return 292
}

// split cuts a text after the last word that fits.
func split(s string, size, width float32) (first, rest string) {
	cut := 0
	for i, r := range s {
		if r == ' ' && widthOf(s[:i], size) <= width {
			cut = i
		}
	}
	if cut == 0 {
		return s, ""
	}
	return s[:cut], strings.TrimSpace(s[cut:])
}

// tables lists as many as there is room for.
func tables(c *canvas, p web.Preview, y int) {
	for i, t := range p.Tables {
		if y > 490 || y > 450 && i < len(p.Tables)-1 {
			c.text(p.More(i), margin, float32(y), 20, 2.4, soft)
			return
		}
		end := c.text(fit(t.Name, 22, 460), margin, float32(y), 22, 3, strong)
		items := t.Items
		from := right - widthOf(items, 22)
		c.text(fit(t.Keys, 20, from-end-60), end+28, float32(y), 20, 2.3, soft)
		c.text(items, from, float32(y), 22, 2.6, strong)
		y += 50
	}
}
