package share

import (
	"bytes"
	"compress/flate"
	"encoding/binary"
	"hash/adler32"
	"hash/crc32"
	"math"
)

// A canvas is a picture in a few inks, each in levels from the paper up, so
// that edges are smooth and the file is small.
type canvas struct {
	width, height int
	pixels        []uint8 // numbers of colours, row by row
	colours       []rgb
}

type rgb [3]uint8

// ink is one of a canvas's colours, from 0.
type ink uint8

// levels are the shades of an ink; with three inks the paper makes 16 colours,
// and a pixel takes half a byte.
const levels = 5

func newCanvas(width, height int, paper rgb, inks ...rgb) *canvas {
	c := &canvas{width, height, make([]uint8, width*height), []rgb{paper}}
	for _, k := range inks {
		for i := 1; i <= levels; i++ {
			var mixed rgb
			for j := range mixed {
				mixed[j] = uint8((int(paper[j])*(levels-i) + int(k[j])*i) / levels)
			}
			c.colours = append(c.colours, mixed)
		}
	}
	return c
}

// dot darkens a pixel to a share of an ink, 0 to 1, and never lightens it.
func (c *canvas) dot(x, y int, k ink, share float32) {
	if share <= 0 || x < 0 || x >= c.width || y < 0 || y >= c.height {
		return
	}
	level := uint8(min(share, 1)*levels + 0.5)
	was := &c.pixels[y*c.width+x]
	if level > 0 && (*was == 0 || (*was-1)%levels < level-1) {
		*was = uint8(k)*levels + level
	}
}

// fill paints a rectangle.
func (c *canvas) fill(x, y, width, height int, k ink) {
	for j := y; j < y+height; j++ {
		for i := x; i < x+width; i++ {
			c.dot(i, j, k, 1)
		}
	}
}

// line draws with a round pen of a width.
func (c *canvas) line(a, b point, width float32, k ink) {
	r := width / 2
	x0, x1 := int(min(a.x, b.x)-r), int(max(a.x, b.x)+r)+1
	y0, y1 := int(min(a.y, b.y)-r), int(max(a.y, b.y)+r)+1
	dx, dy := b.x-a.x, b.y-a.y
	length := dx*dx + dy*dy
	for y := y0; y <= y1; y++ {
		for x := x0; x <= x1; x++ {
			px, py := float32(x)+0.5-a.x, float32(y)+0.5-a.y
			t := float32(0)
			if length > 0 {
				t = min(max((px*dx+py*dy)/length, 0), 1)
			}
			ex, ey := px-t*dx, py-t*dy
			if d := ex*ex + ey*ey; d < (r+1)*(r+1) {
				c.dot(x, y, k, r+0.5-float32(math.Sqrt(float64(d))))
			}
		}
	}
}

// text writes from a point on the baseline; size is the height of capitals.
// It returns where the pen comes to.
func (c *canvas) text(s string, x, y, size, pen float32, k ink) float32 {
	scale := size / capitals
	x += pen / 2
	for _, r := range s {
		l := letterOf(r)
		for _, stroke := range l.strokes {
			for i := range stroke {
				from := stroke[max(i-1, 0)]
				if i == 0 && len(stroke) > 1 {
					continue
				}
				c.line(point{x + from.x*scale, y - from.y*scale}, point{x + stroke[i].x*scale, y - stroke[i].y*scale}, pen, k)
			}
		}
		x += (l.advance + tracking) * scale
	}
	return x
}

// tracking is room between letters, in the units of the alphabet.
const tracking = 0.4

// widthOf is how far a text takes the pen.
func widthOf(s string, size float32) (width float32) {
	for _, r := range s {
		width += letterOf(r).advance + tracking
	}
	return width * size / capitals
}

// fit shortens a text to a width.
func fit(s string, size, width float32) string {
	if widthOf(s, size) <= width {
		return s
	}
	runes := []rune(s)
	for len(runes) > 0 && widthOf(string(runes)+"…", size) > width {
		runes = runes[:len(runes)-1]
	}
	return string(runes) + "…"
}

// png writes the picture as a PNG of 16 colours. image/png does that too, but
// it would be a twentieth of the program at the edge.
func (c *canvas) png() []byte {
	header := binary.BigEndian.AppendUint32(nil, uint32(c.width))
	header = binary.BigEndian.AppendUint32(header, uint32(c.height))
	header = append(header, 4, 3, 0, 0, 0) // bits of a pixel, by palette
	var palette []byte
	for _, k := range c.colours {
		palette = append(palette, k[:]...)
	}
	out := []byte("\x89PNG\r\n\x1a\n")
	out = appendChunk(out, "IHDR", header)
	out = appendChunk(out, "PLTE", palette)
	out = appendChunk(out, "IDAT", deflated(c.rows()))
	return appendChunk(out, "IEND", nil)
}

// rows packs two pixels into a byte, a zero before each row: no filter.
func (c *canvas) rows() []byte {
	out := make([]byte, 0, c.height*(1+c.width/2))
	for at := 0; at < len(c.pixels); at += c.width {
		row := c.pixels[at : at+c.width]
		out = append(out, 0)
		for x := 0; x+1 < len(row); x += 2 {
			out = append(out, row[x]<<4|row[x+1])
		}
	}
	return out
}

// deflated is the zlib form of a text.
func deflated(text []byte) []byte {
	out := bytes.NewBuffer([]byte{0x78, 0x01})
	w, err := flate.NewWriter(out, flate.BestSpeed)
	if err == nil {
		_, err = w.Write(text)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		panic(err) // a bytes.Buffer takes everything
	}
	return binary.BigEndian.AppendUint32(out.Bytes(), adler32.Checksum(text))
}

func appendChunk(out []byte, kind string, content []byte) []byte {
	out = binary.BigEndian.AppendUint32(out, uint32(len(content)))
	from := len(out)
	out = append(append(out, kind...), content...)
	return binary.BigEndian.AppendUint32(out, crc32.ChecksumIEEE(out[from:]))
}
