//go:build !js

package share

import (
	"bytes"
	"image/png"
	"strings"
	"testing"

	"github.com/sortkey/sortkey/components"
	"github.com/sortkey/sortkey/web"
)

func TestPicture(t *testing.T) {
	h, _ := fixture(t)
	id := keep(t, h, twoItems)
	w := ask(h, Request{Path: "/s/" + id + ".png"})
	if w.Status != 200 || header(w, "Content-Type") != "image/png" || header(w, "Cross-Origin-Resource-Policy") != "cross-origin" {
		t.Fatalf("%d %v", w.Status, w.Header)
	}
	if header(ask(h, Request{Path: "/s/" + id}), "Cross-Origin-Resource-Policy") != "same-origin" {
		t.Error("what other sites may show of a picture they may show of a page")
	}
	img, err := png.Decode(bytes.NewReader(w.Body))
	if err != nil {
		t.Fatal(err)
	}
	if b := img.Bounds(); b.Dx() != components.PreviewWidth || b.Dy() != components.PreviewHeight {
		t.Errorf("the picture is %v", b)
	}
	if len(w.Body) > 40_000 {
		t.Errorf("the picture has %d bytes", len(w.Body))
	}
}

// Whatever a title holds, it stays within the picture and takes little time.
func TestPictureOfAnything(t *testing.T) {
	rows := make([]web.PreviewTable, 40)
	for i := range rows {
		rows[i] = web.PreviewTable{Name: strings.Repeat("W", 255), Keys: strings.Repeat("k", 600), Items: "12,345,678 items"}
	}
	for name, p := range map[string]web.Preview{
		"nothing": {},
		"long":    {Title: strings.Repeat("W", 500), Tables: rows, Request: strings.Repeat("R", 300), Came: strings.Repeat("x", 300)},
		"words":   {Title: strings.Repeat("word ", 100)},
		"foreign": {Title: "ключ 鍵 🔑 \x00\xff clé", Tables: rows[:4]},
	} {
		c := draw(p)
		for y := range components.PreviewHeight {
			for _, x := range []int{20, components.PreviewWidth - 20} {
				if c.pixels[y*c.width+x] != 0 {
					t.Fatalf("%s: there is ink in the margin at %d, %d", name, x, y)
				}
			}
		}
		if n := len(c.png()); n > 100_000 {
			t.Errorf("%s: %d bytes", name, n)
		}
	}
	if bytes.Equal(draw(web.Preview{Title: "a"}).png(), draw(web.Preview{Title: "b"}).png()) {
		t.Error("two titles give the same picture")
	}
}

func TestLetters(t *testing.T) {
	for r := rune('!'); r <= '~'; r++ {
		letterOf(r)
		l, own := alphabet[r]
		if !own || len(l.strokes) == 0 {
			t.Errorf("%q has no letter", r)
		}
		for _, stroke := range l.strokes {
			for _, p := range stroke {
				if p.x < 0 || p.x > l.advance || p.y < -4 || p.y > 11 {
					t.Errorf("%q has the point %v", r, p)
				}
			}
		}
	}
	if letterOf('é').advance != letterOf('e').advance {
		t.Error("é is not drawn like e")
	}
	if len([]rune(accented)) != len(unaccented) {
		t.Errorf("%d letters are replaced by %d", len([]rune(accented)), len(unaccented))
	}
	if got := fit("a long text", 20, 60); widthOf(got, 20) > 60 || !strings.HasSuffix(got, "…") {
		t.Errorf("fit gives %q, %v wide", got, widthOf(got, 20))
	}
}
