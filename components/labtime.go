package components

import "strings"

// LabTime is the timeline: where the run stands, what moves it, and the
// drawing of what has happened, with the log that says the same.
type LabTime struct {
	Now, End int  // End is where the recording ends
	Playing  bool // the script ticks
	Speed    string
	Back     bool // something has happened before now
	Ways     []LabWay
	Traffic  int // seconds of traffic that are still to be recorded
	Diagram  SpaceTime
	Log      []LabLine // up to now, newest first
	Earlier  int       // lines that are not drawn
}

// LabWay is one way that things went: a fork leaves another.
type LabWay struct {
	Name  string // as posted: "2"
	Words string // "from 04.600, us kills"
	On    bool
}

// LabLine is a line of the log.
type LabLine struct {
	At     int
	Region string // short name; "" for what concerns none
	Words  Words
}

// SpaceTime is a space-time diagram: one line for each region, time from left
// to right. Regions are numbered from the top.
type SpaceTime struct {
	From, To, Now int
	Lines         []string // short names
	Writes        []SpaceWrite
	Messages      []SpaceMessage
	Cuts          []SpaceCut
	Downs         []SpaceDown
}

// SpaceOpen stands for an instant that has not come: of what lasts, or waits.
const SpaceOpen = -1 << 31

// SpaceWrite is a write accepted in a region.
type SpaceWrite struct {
	Line, At int
	Words    string // "price 24", "delete"
	Refused  bool   // it failed there
}

// SpaceMessage is a write on its way to another region.
type SpaceMessage struct {
	From, To int
	Sent     int
	Left     int // when it left: later than Sent if a cut held it; SpaceOpen while it waits
	Due      int // when it arrives, as far as is known; unknown while it waits
	Stop     int // when it was stopped on its way, by a cut or a loss; 0 for never
	Fate     SpaceFate
}

// SpaceFate is what became of a message on arrival.
type SpaceFate uint8

// The fates of a message.
const (
	SpaceFlying   SpaceFate = iota
	SpaceReplaces           // it was newer: ◇
	SpaceDropped            // it was older: ×
	SpaceSame               // the region had it already
)

// SpaceCut is a time in which a link was cut.
type SpaceCut struct {
	A, B     int
	From, To int // To is SpaceOpen while it lasts
	Words    string
}

// SpaceDown is a time in which a region was dead.
type SpaceDown struct {
	Line     int
	From, To int // To is SpaceOpen while it lasts
}

// The drawing's measures, in hundredths of a pixel.
const (
	spaceLeft  = 44 * centi
	spaceRight = 776 * centi
	spaceTop   = 46 * centi
	spaceStep  = 76 * centi
	spaceHold  = 10 * centi // a held message waits beside its line
)

// space is a diagram being drawn: layers from the back to the front.
type space struct {
	*SpaceTime
	back, cuts, axes, sent, held, coming, flying, write, refuse, dropped, newer, squares strings.Builder
	instants, words, front                                                               markup
}

func (d *SpaceTime) height() int { return spaceTop + spaceStep*max(len(d.Lines)-1, 0) + 34*centi }

func (d *SpaceTime) y(line int) int { return spaceTop + spaceStep*line }

// x is where an instant lies; what is outside lies on the edge.
func (d *SpaceTime) x(at int) int {
	at = min(max(at, d.From), d.To)
	return spaceLeft + (at-d.From)*(spaceRight-spaceLeft)/max(d.To-d.From, 1)
}

// label is the diagram in a sentence.
func (d *SpaceTime) label() string {
	return "Space-time diagram of " + Counted(len(d.Lines), "region") + " from " + LabStamp(d.From) + " to " + LabStamp(d.To) +
		"; now is " + LabStamp(d.Now) + ". " + Counted(len(d.Writes), "write") + " and " + Counted(len(d.Messages), "message") + "; the log below says the same in words."
}

// svg is the diagram as an element.
func (d *SpaceTime) svg() string {
	s := &space{SpaceTime: d}
	s.grid()
	for _, c := range d.Cuts {
		s.cut(c)
	}
	for _, c := range d.Downs {
		s.down(c)
	}
	for _, m := range d.Messages {
		s.message(m)
	}
	s.writes()
	s.rule()
	layers := [...]struct {
		class string
		path  *strings.Builder
	}{
		{"hair", &s.back}, {"cutband", &s.cuts}, {"axis", &s.axes}, {"sent", &s.sent}, {"sent dash", &s.held},
		{"axis dash", &s.coming}, {"main", &s.flying}, {"event", &s.write}, {"refused", &s.refuse}, {"lose", &s.dropped}, {"repl", &s.newer}, {"acc-fill", &s.squares},
	}
	size := 1024 + s.instants.Len() + s.words.Len() + s.front.Len()
	for _, l := range layers {
		size += l.path.Len()
	}
	var m markup
	m.Grow(size)
	m.put(`<svg viewBox="0 0 800 `, hundredths(d.height()), `" role="img" aria-label="`, d.label(), `">`)
	for _, l := range layers {
		m.path(l.class, l.path)
	}
	for _, piece := range [...]string{`<text class="small dim mid">`, s.instants.String(), `</text><text class="small mid">`, s.words.String(), `</text>`, s.front.String(), `</svg>`} {
		m.WriteString(piece)
	}
	return m.String()
}

// grid draws hairs at round instants and the regions' lines.
func (s *space) grid() {
	bottom := s.height() - 14*centi
	step := gridStep(s.To - s.From)
	for at := (s.From + step - 1) / step * step; at <= s.To; at += step {
		stroke(&s.back, "M", s.x(at), 20*centi, "L", s.x(at), bottom)
		s.instants.span(s.x(at), bottom+12*centi, LabStamp(at))
	}
	for i, name := range s.Lines {
		stroke(&s.axes, "M", spaceLeft, s.y(i), "L", spaceRight, s.y(i))
		s.front.text("strong", 0, s.y(i)+4*centi, name)
		s.front.text("strong end far", 800*centi, s.y(i)-5*centi, name)
	}
}

// gridStep is the round time between hairs that leaves at most nine.
func gridStep(span int) int {
	for _, step := range []int{100, 200, 500, 1000, 2000, 5000, 10_000, 30_000, 60_000, 300_000} {
		if span/step <= 8 {
			return step
		}
	}
	return 900_000
}

// cut draws a band between neighbours, or one at each line where another line
// lies between.
func (s *space) cut(c SpaceCut) {
	a, b := min(c.A, c.B), max(c.A, c.B)
	to := c.To
	if to == SpaceOpen {
		to = s.Now
	}
	if to <= s.From || c.From >= s.To {
		return
	}
	x1, x2 := s.x(c.From), s.x(to)
	pad := 5 * centi
	if b == a+1 {
		s.band(x1, s.y(a)+pad, x2, s.y(b)-pad)
	} else {
		s.band(x1, s.y(a)+pad, x2, s.y(a)+5*pad)
		s.band(x1, s.y(b)-5*pad, x2, s.y(b)-pad)
	}
	s.front.text("ui bad", x1+6*centi, s.y(b)-2*pad-3*centi, c.Words)
}

func (s *space) band(x1, y1, x2, y2 int) {
	stroke(&s.cuts, "M", x1, y1, "H", x2, "V", y2, "H", x1, "z")
}

// down takes a dead region's line away and says so.
func (s *space) down(c SpaceDown) {
	to := c.To
	if to == SpaceOpen {
		to = s.Now
	}
	if to <= s.From || c.From >= s.To {
		return
	}
	s.band(s.x(c.From), s.y(c.Line)-3*centi, s.x(to), s.y(c.Line)+3*centi)
	s.front.text("ui bad", s.x(c.From)+4*centi, s.y(c.Line)-7*centi, s.Lines[c.Line]+" down")
}

// message draws a write's way: beside its line while it is held, then slanted;
// behind now as far as it has come, and dashed where it will go.
func (s *space) message(m SpaceMessage) {
	x, y := s.x(m.Sent), s.y(m.From)
	held := spaceHold
	if m.To < m.From {
		held = -spaceHold
	}
	if m.Left != m.Sent {
		until := m.Left
		if until == SpaceOpen || until > s.Now {
			until = s.Now
		}
		stroke(&s.held, "M", x, y, "V", y+held, "H", s.x(until))
		x, y = s.x(until), y+held
	}
	if m.Left == SpaceOpen || m.Left > s.Now {
		s.square(x, y)
		return
	}
	if m.Due <= s.From || m.Left >= s.To {
		return
	}
	if m.Stop > 0 {
		s.stopped(m, y)
		return
	}
	s.slant(m, y)
}

// way is where a message is at an instant, once it has left.
func (s *space) way(m SpaceMessage, y, at int) (int, int) {
	return s.x(at), y + (s.y(m.To)-y)*(min(max(at, m.Left), m.Due)-m.Left)/max(m.Due-m.Left, 1)
}

// stopped draws as far as a message came, and a bar there.
func (s *space) stopped(m SpaceMessage, y int) {
	x1, y1 := s.way(m, y, max(m.Left, s.From))
	x2, y2 := s.way(m, y, min(m.Stop, s.To))
	stroke(&s.sent, "M", x1, y1, "L", x2, y2)
	stroke(&s.dropped, "M", x2, y2-4*centi, "L", x2, y2+4*centi)
}

// slant draws the way between the lines, clipped at the window's edges.
func (s *space) slant(m SpaceMessage, y int) {
	x1, y1 := s.way(m, y, max(m.Left, s.From))
	x2, y2 := s.way(m, y, min(m.Due, s.To))
	if m.Due <= s.Now {
		stroke(&s.sent, "M", x1, y1, "L", x2, y2)
		if m.Due < s.To {
			s.arrival(m.Fate, x2, y2)
		}
		return
	}
	xn, yn := s.way(m, y, s.Now)
	stroke(&s.flying, "M", x1, y1, "L", xn, yn)
	stroke(&s.coming, "M", xn, yn, "L", x2, y2)
	s.square(xn, yn)
}

func (s *space) square(x, y int) {
	stroke(&s.squares, "M", x-3*centi, y-3*centi, "h6v6h-6z")
}

func (s *space) arrival(f SpaceFate, x, y int) {
	switch f {
	case SpaceReplaces:
		stroke(&s.newer, "M", x, y-5*centi, "l5 5-5 5-5-5z")
	case SpaceDropped:
		stroke(&s.dropped, "M", x-4*centi, y-4*centi, "l8 8m0-8l-8 8")
	}
}

// writes draws what regions were asked to write, with words where there is
// room for them beside the ones before.
func (s *space) writes() {
	free := make([]int, len(s.Lines))
	for _, w := range s.Writes {
		x, y := s.x(w.At), s.y(w.Line)
		b := &s.write
		if w.Refused {
			b = &s.refuse
		}
		stroke(b, "M", x-4*centi, y, "a4 4 0 1 0 8 0a4 4 0 1 0-8 0z")
		words := clip(w.Words, 18)
		half := len([]rune(words)) * 295
		middle := max(x, spaceLeft+half/2, free[w.Line]+half)
		if middle > x+half { // it would stand beside its write
			continue
		}
		free[w.Line] = middle + half + 6*centi
		if w.Line == len(s.Lines)-1 {
			y += 26 * centi
		}
		s.words.span(middle, y-9*centi, words)
	}
}

// rule draws now.
func (s *space) rule() {
	x := s.x(s.Now)
	s.front.put(`<g class="now-rule"><path class="rule" d="M` + hundredths(x) + ` 6V` + hundredths(s.height()-14*centi) + `"></path>`)
	stamp := LabStamp(s.Now)
	half := (len(stamp)*3 + 6) * centi
	at := min(max(x, half), 800*centi-half)
	s.front.put(`<rect class="flagbox" x="` + hundredths(at-half) + `" y="2" width="` + hundredths(2*half) + `" height="16"></rect>`)
	s.front.text("mid now", at, 1350, stamp)
	s.front.put(`</g>`)
}
