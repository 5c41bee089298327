package attr

import (
	"math"
	"math/bits"
	"slices"
	"strings"
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

// draft is where an item is written in its canonical form while it is read, so that what is inside of its sets of strings,
// lists and maps never becomes values. It is for items as clients write them. What is wrong or far-fetched (members that
// are null, values of several types, a name twice or with escapes) is left to the long way, which knows what to say of it.
//
// Mostly the canonical form of a piece is the piece itself: so it is copied late, with as much as can be.
type draft struct {
	text  []byte
	taken int    // so much of the source is in text or left out; what was read behind it is yet to be copied
	parts []part // members of the maps that are open, or elements of a set
	order []byte // the parts of one while they are put into order
}

// part is where a member of a map, or an element of a set, stands in the draft.
type part struct {
	prefix          uint64 // the name's first eight bytes: mostly they tell the order
	from, value, to int32  // offsets of the name's quote, the value, and the end
	name, length    int32  // where the name is in the source
	index           int32  // which one it was as written
}

// reset keeps the usual amount of room.
func (d *draft) reset() {
	if cap(d.text)+cap(d.order) > 4*usualItem || cap(d.parts) > keptRoom {
		*d = draft{}
	}
}

// draftItem reads an item by way of the draft. Where ok is false the scanner is to be put back to where it stood.
func (s *Scanner) draftItem() (m Map, it *Item, ok bool) {
	if s.badUTF8 < len(s.src) {
		return nil, nil, false
	}
	d, mark := &s.draft, len(s.members)
	d.text, d.parts, d.taken = d.text[:0], d.parts[:0], s.pos
	s.lends = true
	size, _, ok := s.draftMap(0)
	s.lends = false
	members := s.members[mark:]
	if ok {
		s.writeTo(s.pos)
		parts := d.parts[:len(members)]
		it = &Item{json: string(d.text), size: size - 3 - len(members)}
		m = s.lentMembers.take(len(members))
		seal(m, members, parts, it.json)
	}
	clear(members)
	s.members = s.members[:mark]
	return m, it, ok
}

// seal makes m, the map of an item whose text is given, of the members as written and the parts in order.
func seal(m Map, members []Member, parts []part, text string) {
	at := len(`{`)
	for i := range parts {
		p := &parts[i]
		m[i] = members[p.index]
		end := at + int(p.to-p.from)
		if v := &m[i].Value; v.sealed() {
			v.text = text[at+int(p.value-p.from)+len(`{"":`)+len(v.kind.String()) : end-len(`}`)]
		}
		at = end + len(`,`)
	}
}

// written is where in the draft stands, or will stand, what is read next.
func (s *Scanner) written() int32 { return int32(len(s.draft.text) + s.pos - s.draft.taken) }

// writeTo copies what has been read up to an offset.
func (s *Scanner) writeTo(end int) {
	d := &s.draft
	d.text = append(d.text, s.src[d.taken:end]...)
	d.taken = end
}

// writeInstead writes v instead of what was read since offset at.
func (s *Scanner) writeInstead(at int, v Value) {
	s.writeTo(at)
	s.draft.text = AppendValue(s.draft.text, v)
	s.draft.taken = s.pos
}

// next passes over c if it comes next, leaving out white space before it.
func (s *Scanner) next(c byte) bool {
	if s.pos < len(s.src) && s.src[s.pos] <= ' ' {
		s.leaveOut()
	}
	if s.pos < len(s.src) && s.src[s.pos] == c {
		s.pos++
		return true
	}
	return false
}

// leaveOut leaves out white space.
func (s *Scanner) leaveOut() {
	s.writeTo(s.pos)
	s.spaces()
	s.draft.taken = s.pos
}

// draftMap takes a map's members, which stand inside level lists and maps, and gives its size and depth. The members of
// the item itself are put with the scanner's, and their parts stay where they were, in order.
func (s *Scanner) draftMap(level int) (size, depth int, ok bool) {
	if level > MaxNesting || !s.next('{') {
		return 0, 0, false
	}
	d, mark := &s.draft, len(s.draft.parts)
	size = 3
	for more := !s.next('}'); more; {
		p, ok := s.draftName()
		if !ok || !s.next(':') {
			return 0, 0, false
		}
		var inner, deep int
		if level == 0 {
			inner, deep, ok = s.draftMember(&p)
		} else {
			inner, deep, ok = s.draftValue(&p, level)
		}
		if !ok {
			return 0, 0, false
		}
		p.index, p.to = int32(len(d.parts)-mark), s.written()
		d.parts = append(d.parts, p)
		size, depth = size+1+int(p.length)+inner, max(depth, deep)
		if more = s.next(','); !more && !s.next('}') {
			return 0, 0, false
		}
	}
	return size, depth + 1, s.closeParts(mark)
}

// draftList takes a list's elements, and gives its size and depth.
func (s *Scanner) draftList(level int) (size, depth int, ok bool) {
	if level > MaxNesting || !s.next('[') {
		return 0, 0, false
	}
	size = 3
	for more := !s.next(']'); more; {
		var p part
		inner, deep, ok := s.draftValue(&p, level)
		if !ok {
			return 0, 0, false
		}
		size, depth = size+1+inner, max(depth, deep)
		if more = s.next(','); !more && !s.next(']') {
			return 0, 0, false
		}
	}
	return size, depth + 1, true
}

// draftSet takes the elements of a set of strings, and gives its size.
func (s *Scanner) draftSet() (size int, ok bool) {
	d, mark := &s.draft, len(s.draft.parts)
	if !s.next('[') {
		return 0, false
	}
	for more := true; more; {
		p, ok := s.draftName()
		if !ok {
			return 0, false
		}
		p.index, p.to = int32(len(d.parts)-mark), s.written()
		d.parts = append(d.parts, p)
		size += int(p.length)
		if more = s.next(','); !more && !s.next(']') {
			return 0, false
		}
	}
	return size, s.closeParts(mark)
}

// draftName takes a name, or a string that is not empty.
func (s *Scanner) draftName() (p part, ok bool) {
	if !s.next('"') {
		return p, false
	}
	from := s.pos
	end, prefix := nameEnd(s.src, from)
	if end == len(s.src) || s.src[end] != '"' || end == from || end-from > maxNameLength {
		return p, false
	}
	p = part{prefix: prefix, from: s.written() - 1, name: int32(from), length: int32(end - from)}
	s.pos = end + 1
	return p, true
}

// nameEnd is the end of the plain text that begins at offset from, with its prefix.
func nameEnd(src string, from int) (end int, prefix uint64) {
	if from+8 > len(src) {
		end = plainTo(src, from)
		return end, firstEight(src[from:end])
	}
	w := word(src, from)
	found := special(w)
	if found == 0 {
		return plainTo(src, from+8), bits.ReverseBytes64(w)
	}
	n := bits.TrailingZeros64(found) / 8
	return from + n, bits.ReverseBytes64(w) &^ (math.MaxUint64 >> (8 * n))
}

// firstEight are a name's first bytes, none of which is 0, as a number that orders as they do.
func firstEight(name string) (prefix uint64) {
	for i := range min(len(name), 8) {
		prefix |= uint64(name[i]) << (56 - 8*i)
	}
	return prefix
}

// draftMember takes the value of a member of the item itself, gives its size and depth, and puts it with the scanner's.
func (s *Scanner) draftMember(p *part) (size, depth int, ok bool) {
	var v Value
	switch at, kind, text := s.draftScalar(p); kind {
	case S:
		v = Text(text)
		s.tight(at, text)
	case N:
		if n, ok := canonicalNumber(text); ok {
			v = Num(n)
			s.tight(at, text)
			break
		}
		n, bad := ParseNumber(text)
		if bad != nil {
			return 0, 0, false
		}
		v = Num(n)
		s.writeInstead(at, v)
	default:
		if v, ok = s.draftTyped(0); !ok {
			return 0, 0, false
		}
	}
	s.members = append(s.members, Member{s.src[p.name : p.name+p.length], v})
	return int(v.size), v.Depth(), true
}

// draftValue takes an attribute value that stands inside level lists and maps, and gives its size and depth. p is told
// where it begins.
func (s *Scanner) draftValue(p *part, level int) (size, depth int, ok bool) {
	switch at, kind, text := s.draftScalar(p); kind {
	case S:
		s.tight(at, text)
		return len(text), 0, true
	case N:
		if size, ok := canonicalSize(text); ok {
			s.tight(at, text)
			return size, 0, true
		}
		n, bad := ParseNumber(text)
		if bad != nil {
			return 0, 0, false
		}
		s.writeInstead(at, Num(n))
		return n.Size(), 0, true
	}
	v, ok := s.draftTyped(level)
	return int(v.size), v.Depth(), ok
}

// draftScalar takes an S or N that is written as clients write them, and gives its type and text and where it began,
// which p is told too. Of anything else it takes nothing: kind is Invalid.
func (s *Scanner) draftScalar(p *part) (at int, kind Kind, text string) {
	if s.pos < len(s.src) && s.src[s.pos] <= ' ' {
		s.leaveOut()
	}
	at, p.value = s.pos, s.written()
	if at == len(s.src) || s.src[at] != '{' {
		return at, Invalid, ""
	}
	kind, text = s.plainScalar()
	return at, kind, text
}

// tight leaves the space out of {"S": "x"}, which was taken from offset at.
func (s *Scanner) tight(at int, text string) {
	if s.pos > at+len(`{"S":""}`)+len(text) {
		s.writeTo(at + len(`{"S":`))
		s.draft.taken++
	}
}

// draftTyped takes any value. Of sets of strings, lists and maps it has the size and the depth only.
func (s *Scanner) draftTyped(level int) (v Value, ok bool) {
	at := s.pos
	if !s.next('{') {
		return Value{}, false
	}
	name, err := s.key()
	kind := kindOf(name)
	if err != nil || kind == Invalid {
		return Value{}, false
	}
	if s.pos != at+len(`{"":`)+len(name) {
		s.writeTo(at)
		s.draft.text = append(append(append(s.draft.text, `{"`...), name...), `":`...)
		s.draft.taken = s.pos
	}
	size, depth := 0, 0
	switch kind {
	case M:
		size, depth, ok = s.draftMap(level + 1)
	case L:
		size, depth, ok = s.draftList(level + 1)
	default:
		v, ok = s.draftOther(kind)
		return v, ok && s.next('}')
	}
	return Value{kind: kind, exp: int16(depth), size: int32(size)}, ok && s.next('}')
}

// draftOther takes any value but a list or map.
func (s *Scanner) draftOther(kind Kind) (v Value, ok bool) {
	switch {
	case kind == SS:
		if size, ok := s.trySet(); ok {
			return Value{kind: SS, size: int32(size)}, true
		}
	case kind == BOOL && strings.HasPrefix(s.src[s.pos:], "true"):
		s.pos += len("true")
		return Bool(true), true
	}
	at := s.pos
	v, bad, err := s.body(kind, 0)
	if bad != nil || err != nil {
		return Value{}, false
	}
	s.writeTo(at)
	s.draft.text = appendBody(s.draft.text, v)
	s.draft.taken = s.pos
	return v, true
}

// trySet does what draftSet does, or nothing at all.
func (s *Scanner) trySet() (size int, ok bool) {
	d, pos := &s.draft, s.pos
	text, taken, parts := len(d.text), d.taken, len(d.parts)
	if size, ok = s.draftSet(); !ok {
		s.pos, d.text, d.taken, d.parts = pos, d.text[:text], taken, d.parts[:parts]
	}
	return size, ok
}

// closeParts puts the last members written, those whose parts begin at mark, into the order of their names. The bracket
// behind them has been read. It fails where two have one name.
func (s *Scanner) closeParts(mark int) bool {
	d := &s.draft
	parts := d.parts[mark:]
	d.parts = d.parts[:mark]
	if s.ascending(parts) {
		return true
	}
	start := parts[0].from
	if !s.arrange(parts) {
		return false
	}
	s.writeTo(s.pos)
	d.order = d.order[:0]
	for i := range parts {
		if i > 0 {
			d.order = append(d.order, ',')
		}
		d.order = append(d.order, d.text[parts[i].from:parts[i].to]...)
	}
	copy(d.text[start:], d.order)
	return true
}

// arrange sorts parts by their names, and reports whether these differ.
func (s *Scanner) arrange(parts []part) bool {
	if len(parts) > firstMembers {
		slices.SortFunc(parts, func(a, b part) int { return strings.Compare(s.name(&a), s.name(&b)) })
		return s.ascending(parts)
	}
	for i := 1; i < len(parts); i++ {
		p, k := parts[i], i
		for ; k > 0 && s.before(&p, &parts[k-1]); k-- {
			parts[k] = parts[k-1]
		}
		parts[k] = p
	}
	return s.ascending(parts)
}

func (s *Scanner) ascending(parts []part) bool {
	for i := 1; i < len(parts); i++ {
		if !s.before(&parts[i-1], &parts[i]) {
			return false
		}
	}
	return true
}

func (s *Scanner) name(p *part) string { return s.src[p.name : p.name+p.length] }

// before says whether a's name comes before b's.
func (s *Scanner) before(a, b *part) bool {
	return a.prefix < b.prefix || a.prefix == b.prefix && s.name(a) < s.name(b)
}
