package attr

import (
	"bytes"
	"math/bits"
	"slices"
)

// Item reads a map of attribute values that is to be stored. m, bad and err are Lend's; it is the item of the map, nil
// if there is an error.
func (s *Scanner) Item() (m Map, it *Item, bad, err error) {
	if s.Peek() == TokenObject && s.maxDepth-s.depth > 2*MaxNesting+2 {
		pos, depth := s.pos, s.depth
		if m, it, ok := s.draftItem(); ok {
			return m, it, nil, nil
		}
		s.pos, s.depth = pos, depth
	}
	if m, bad, err = s.Lend(); bad == nil && err == nil {
		it = NewItem(m)
	}
	return m, it, bad, err
}

// draft is where an item is written in its canonical form while it is read, so that what is inside of its lists and maps
// never becomes values. It is for items as clients write them. What is wrong or far-fetched (members that are null, values
// of several types, a name twice or with escapes) is left to the long way, which knows what to say of it.
type draft struct {
	text  []byte
	parts []part // members of the maps that are open
	order []byte // a map's members while they are put into order
}

// part is where a member of a map stands in the draft.
type part struct {
	prefix          uint64 // the name's first eight bytes: mostly they tell the order
	from, value, to int32  // offsets of the name's quote, the value, and the end
	index           int32  // which member it was as written
}

func (p *part) name(text []byte) []byte { return text[p.from+1 : p.value-2] }

// reset keeps the usual amount of room.
func (d *draft) reset() {
	if cap(d.text)+cap(d.order) > 4*usualItem || cap(d.parts) > keptRoom {
		*d = draft{}
	}
}

// draftItem reads an item by way of the draft. Where ok is false the scanner is to be put back to where it stood.
func (s *Scanner) draftItem() (m Map, it *Item, ok bool) {
	d, mark := &s.draft, len(s.members)
	d.text, d.parts = d.text[:0], d.parts[:0]
	s.lends = true
	whole, ok := s.draftMap(0)
	s.lends = false
	members := s.members[mark:]
	if ok {
		it = &Item{json: string(d.text), size: int(whole.size) - 3 - len(members)}
		m = s.lentMembers.take(len(members))
		seal(m, members, d.parts[:len(members)], it.json)
	}
	clear(members)
	s.members = s.members[:mark]
	return m, it, ok
}

// seal makes m, the map of an item whose text is given, of the members as written and the parts in order.
func seal(m Map, members []Member, parts []part, text string) {
	at := len(`{`)
	for i, p := range parts {
		m[i] = members[p.index]
		end := at + int(p.to-p.from)
		if v := &m[i].Value; v.sealed() {
			v.text = text[at+int(p.value-p.from)+len(`{"M":`) : end-len(`}`)]
		}
		at = end + len(`,`)
	}
}

// draftMap takes a map's members, which stand inside level lists and maps, and writes them. The value has the size and
// the depth only. The members of the item itself are put with the scanner's.
func (s *Scanner) draftMap(level int) (v Value, ok bool) {
	if level > MaxNesting || !s.take('{') {
		return Value{}, false
	}
	d, mark := &s.draft, len(s.draft.parts)
	d.text = append(d.text, '{')
	size, depth := 3, 0
	for !s.take('}') {
		name, v, ok := s.draftMember(mark, level)
		if !ok {
			return Value{}, false
		}
		if level == 0 {
			s.members = append(s.members, Member{name, v})
		}
		size, depth = size+1+len(name)+int(v.size), max(depth, v.Depth())
	}
	ok = d.sort(d.parts[mark:])
	d.parts = d.parts[:mark]
	d.text = append(d.text, '}')
	return Value{kind: M, exp: int16(depth + 1), size: int32(size)}, ok
}

// draftMember takes the next member of the map whose parts begin at mark, and writes it.
func (s *Scanner) draftMember(mark, level int) (name string, v Value, ok bool) {
	d := &s.draft
	index := len(d.parts) - mark
	if index > 0 {
		if !s.take(',') {
			return "", Value{}, false
		}
		d.text = append(d.text, ',')
	}
	name, ok = s.draftName()
	if !ok {
		return "", Value{}, false
	}
	p := part{prefix: firstEight(name), value: int32(len(d.text)), index: int32(index)}
	p.from = p.value - int32(len(name)) - 3
	if v, ok = s.draftValue(level); !ok {
		return "", Value{}, false
	}
	p.to = int32(len(d.text))
	d.parts = append(d.parts, p)
	return name, v, true
}

// draftName takes a name and the colon and writes them.
func (s *Scanner) draftName() (name string, ok bool) {
	if s.Peek() != TokenString {
		return "", false
	}
	from, d := s.pos, &s.draft
	name, err := s.str()
	if err != nil || name == "" || len(name) > maxNameLength || s.pos-from != len(name)+2 || !s.take(':') {
		return "", false
	}
	d.text = append(d.text, s.src[from:from+len(name)+2]...)
	d.text = append(d.text, ':')
	return name, true
}

// draftList takes a list's elements and writes them.
func (s *Scanner) draftList(level int) (v Value, ok bool) {
	if level > MaxNesting || !s.take('[') {
		return Value{}, false
	}
	d := &s.draft
	d.text = append(d.text, '[')
	size, depth := 3, 0
	for i := 0; !s.take(']'); i++ {
		if i > 0 {
			if !s.take(',') {
				return Value{}, false
			}
			d.text = append(d.text, ',')
		}
		v, ok := s.draftValue(level)
		if !ok {
			return Value{}, false
		}
		size, depth = size+1+int(v.size), max(depth, v.Depth())
	}
	d.text = append(d.text, ']')
	return Value{kind: L, exp: int16(depth + 1), size: int32(size)}, true
}

// draftValue takes an attribute value that stands inside level lists and maps, and writes it. Of lists, maps and the
// numbers in them the value has the size and the depth only.
func (s *Scanner) draftValue(level int) (v Value, ok bool) {
	if s.Peek() != TokenObject {
		return Value{}, false
	}
	at := s.pos
	switch kind, text := s.plainScalar(); kind {
	case S:
		s.draftPlain(at, text)
		return Text(text), true
	case N:
		return s.draftNumber(at, text, level)
	}
	return s.draftTyped(level)
}

// draftNumber writes the plain N with that text, which was taken from offset at.
func (s *Scanner) draftNumber(at int, text string, level int) (v Value, ok bool) {
	if level > 0 {
		if size, ok := canonicalSize(text); ok {
			s.draftPlain(at, text)
			return Value{kind: N, size: int32(size)}, true
		}
	}
	n, bad := ParseNumber(text)
	if bad != nil {
		return Value{}, false
	}
	v = Num(n)
	s.draft.text = AppendValue(s.draft.text, v)
	return v, true
}

// draftPlain writes the plain scalar with that text, which was taken from offset at.
func (s *Scanner) draftPlain(at int, text string) {
	d := &s.draft
	if s.pos-at == len(text)+len(`{"S":""}`) {
		d.text = append(d.text, s.src[at:s.pos]...)
		return
	}
	d.text = append(d.text, s.src[at:at+5]...)
	d.text = append(d.text, '"')
	d.text = append(d.text, text...)
	d.text = append(d.text, '"', '}')
}

// draftTyped does for any value what draftValue does.
func (s *Scanner) draftTyped(level int) (v Value, ok bool) {
	s.pos++
	name, err := s.key()
	kind := kindOf(name)
	if err != nil || kind == Invalid {
		return Value{}, false
	}
	d := &s.draft
	d.text = append(d.text, '{', '"')
	d.text = append(d.text, name...)
	d.text = append(d.text, '"', ':')
	switch kind {
	case M:
		v, ok = s.draftMap(level + 1)
	case L:
		v, ok = s.draftList(level + 1)
	default:
		v, ok = s.draftOther(kind)
	}
	d.text = append(d.text, '}')
	return v, ok && s.take('}')
}

// draftOther takes any value but a list or map the long way, and writes it.
func (s *Scanner) draftOther(kind Kind) (v Value, ok bool) {
	v, bad, err := s.body(kind, 0)
	if bad != nil || err != nil {
		return Value{}, false
	}
	s.draft.text = appendBody(s.draft.text, v)
	return v, true
}

// firstEight are a name's first bytes, none of which is 0, as a number that orders as they do.
func firstEight(name string) uint64 {
	if len(name) >= 8 {
		return bits.ReverseBytes64(word(name, 0))
	}
	var n uint64
	for i := range len(name) {
		n |= uint64(name[i]) << (56 - 8*i)
	}
	return n
}

// sort puts the last members written, whose parts they are, into the order of their names. It fails where two have one
// name.
func (d *draft) sort(parts []part) bool {
	sorted := true
	for i := 1; i < len(parts) && sorted; i++ {
		sorted = d.before(&parts[i-1], &parts[i])
	}
	if sorted {
		return true
	}
	start := parts[0].from
	d.arrange(parts)
	d.order = d.order[:0]
	for i := range parts {
		p := &parts[i]
		if i > 0 {
			if !d.before(&parts[i-1], p) {
				return false
			}
			d.order = append(d.order, ',')
		}
		d.order = append(d.order, d.text[p.from:p.to]...)
	}
	copy(d.text[start:], d.order)
	return true
}

// arrange sorts parts by their names.
func (d *draft) arrange(parts []part) {
	if len(parts) > firstMembers {
		slices.SortFunc(parts, func(a, b part) int { return bytes.Compare(a.name(d.text), b.name(d.text)) })
		return
	}
	for i := 1; i < len(parts); i++ {
		p, k := parts[i], i
		for ; k > 0 && d.before(&p, &parts[k-1]); k-- {
			parts[k] = parts[k-1]
		}
		parts[k] = p
	}
}

// before says whether a's name comes before b's.
func (d *draft) before(a, b *part) bool {
	return a.prefix < b.prefix || a.prefix == b.prefix && bytes.Compare(a.name(d.text), b.name(d.text)) < 0
}
