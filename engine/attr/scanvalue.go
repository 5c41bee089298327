package attr

import (
	"slices"
	"strconv"
	"unicode/utf8"
)

const maxNameLength = 65535

// firstMembers is how many members a scanner has room for before it allocates again: more than most items have.
const firstMembers = 16

// AttributeValue reads one AttributeValue: an object with one member, whose name is the type. Members of other names
// and members that are null count as absent, of two members of one name the last counts.
//
// err is a wire error: reading stops. bad is a value rule that is broken, the first in the order of the text; v is then
// of no use, and the scanner stands after the value. A null breaks the rule NoType.
func (s *Scanner) AttributeValue() (v Value, bad error, err error) { return s.value(0) }

// Attributes reads a map of attribute values, {"name":{"S":"x"}}: an item, a key, expression values. Members that are
// null count as absent; of two members of one name the last counts, the first one's broken rules being forgotten. A null
// in place of the map gives an empty one. bad and err are as AttributeValue's, bad also being EmptyName or NameTooLong.
func (s *Scanner) Attributes() (m Map, bad error, err error) {
	if null, err := s.Null(); null || err != nil {
		return nil, nil, err
	}
	return s.attributes(0)
}

// Lend reads like Attributes, but the map is the scanner's own, with all that is in it: it is good until the next Reset
// only. The texts in it are good beyond that.
func (s *Scanner) Lend() (m Map, bad error, err error) {
	if null, err := s.Null(); null || err != nil {
		return nil, nil, err
	}
	s.lends = true
	m, bad, err = s.attributes(0)
	s.lends = false
	return m, bad, err
}

// slots keeps what an AttributeValue has of every type, once it is seen to have more than one member.
type slots [kinds]struct {
	present bool
	v       Value
	bad     error
}

// value reads an AttributeValue that stands inside level lists and maps.
func (s *Scanner) value(level int) (v Value, bad, err error) {
	token, at := s.Peek(), s.pos
	switch token {
	case TokenObject:
		if v := s.plainValue(); v.kind != Invalid {
			return v, nil, nil
		}
	case TokenNull:
		return Value{}, s.fail(NoType), s.literal("null")
	default:
		return Value{}, nil, s.Wrong("AttributeValue")
	}
	var all *slots
	first := Invalid
	more, err := s.open('}')
	for more && err == nil {
		var kind Kind
		var one Value
		var oneBad error
		if kind, one, oneBad, err = s.typed(level); err != nil {
			break
		}
		absent := one.kind == Invalid && oneBad == nil
		switch {
		case kind == Invalid:
		case all != nil || first != Invalid:
			if all == nil {
				all = new(slots)
				all[first].present, all[first].v, all[first].bad = true, v, bad
			}
			all[kind].present, all[kind].v, all[kind].bad = !absent, one, oneBad
		case !absent:
			first, v, bad = kind, one, oneBad
		}
		more, err = s.more('}')
	}
	switch {
	case err != nil:
		return Value{}, nil, err
	case all != nil:
		v, bad = all.settle(at)
	case first == Invalid:
		bad = &Error{Kind: NoType, Offset: at}
	}
	return v, bad, nil
}

// plainValue reads an S or N that is written as clients write them and is right; else it takes nothing and is Invalid.
func (s *Scanner) plainValue() Value {
	at := s.pos
	switch kind, text := s.plainScalar(); kind {
	case S:
		return Text(text)
	case N:
		if n, bad := ParseNumber(text); bad == nil {
			return Num(n)
		}
		s.pos = at
	}
	return Value{}
}

// plainScalar takes an S or N that is written as clients write them, {"S":"x"} or {"S": "x"}, and gives its type and
// text. Of anything else it takes nothing: kind is Invalid.
func (s *Scanner) plainScalar() (kind Kind, text string) {
	src, from := s.src, s.pos+len(`{"S":"`)
	if from >= len(src) || src[from-5] != '"' || src[from-3:from-1] != `":` || s.depth == s.maxDepth {
		return Invalid, ""
	}
	switch src[from-4] {
	case 'S':
		kind = S
	case 'N':
		kind = N
	}
	if src[from-1] == ' ' {
		from++
	}
	end := plainTo(src, from)
	if kind == Invalid || end+1 >= len(src) || src[from-1] != '"' || src[end:end+2] != `"}` || end > s.badUTF8 {
		return Invalid, ""
	}
	s.pos = end + 2
	return kind, src[from:end]
}

// settle makes one value of what the members gave.
func (all *slots) settle(at int) (v Value, bad error) {
	count, earliest := 0, -1
	for k := range all {
		if !all[k].present {
			continue
		}
		count++
		v = all[k].v
		if e, ok := all[k].bad.(*Error); ok && (earliest < 0 || e.Offset < earliest) {
			bad, earliest = e, e.Offset
		}
	}
	switch {
	case bad != nil || count == 1:
		return v, bad
	case count == 0:
		return Value{}, &Error{Kind: NoType, Offset: at}
	}
	return Value{}, &Error{Kind: SeveralTypes, Offset: at}
}

// typed reads one member of an AttributeValue. kind is Invalid for a member that is no type; v is Invalid and bad nil
// for a type that is null.
func (s *Scanner) typed(level int) (kind Kind, v Value, bad, err error) {
	name, err := s.key()
	if err != nil {
		return Invalid, Value{}, nil, err
	}
	if kind = kindOf(name); kind == Invalid {
		return Invalid, Value{}, nil, s.Skip()
	}
	if null, err := s.Null(); null || err != nil {
		return kind, Value{}, nil, err
	}
	v, bad, err = s.body(kind, level)
	return kind, v, bad, err
}

// body reads what an AttributeValue of that kind has, inside level lists and maps.
func (s *Scanner) body(kind Kind, level int) (v Value, bad, err error) {
	switch kind {
	case S, N, B:
		return s.scalar(kind)
	case SS, NS, BS:
		return s.set(kind)
	case M:
		return s.document(level + 1)
	case L:
		return s.list(level + 1)
	}
	return s.flag(kind)
}

// scalar reads the JSON string of an S, N or B, alone or in a set.
func (s *Scanner) scalar(kind Kind) (v Value, bad, err error) {
	if kind == B {
		v, err = s.binary()
		return v, nil, err
	}
	s.space()
	at := s.pos
	text, err := s.Str()
	if err != nil {
		return Value{}, nil, err
	}
	if kind == S {
		return Text(text), nil, nil
	}
	n, bad := ParseNumber(text)
	if bad != nil {
		bad.(*Error).Offset = at
		return Value{}, bad, nil
	}
	return Num(n), nil, nil
}

func (s *Scanner) binary() (Value, error) {
	if s.Peek() != TokenString {
		return Value{}, s.Wrong("Blob")
	}
	at := s.pos
	text, err := s.str()
	if err != nil {
		return Value{}, err
	}
	raw, kind, i := decodeBase64(text)
	if kind == 0 {
		return Binary(raw), nil
	}
	fault := &Error{Kind: kind, Offset: at, Want: "Blob"}
	switch kind {
	case Base64Length:
		fault.Detail = strconv.Itoa(len(text))
	case Base64Char:
		r, _ := utf8.DecodeRuneInString(text[i:])
		fault.Detail = string(r)
	}
	return Value{}, fault
}

// flag reads the boolean of a BOOL or a NULL.
func (s *Scanner) flag(kind Kind) (v Value, bad, err error) {
	at := s.pos
	truth, err := s.Bool()
	switch {
	case err != nil:
		return Value{}, nil, err
	case kind == BOOL:
		return Bool(truth), nil, nil
	case !truth:
		return Value{}, &Error{Kind: NullFalse, Offset: at}, nil
	}
	return Null(), nil, nil
}

// set reads the array of a set.
func (s *Scanner) set(kind Kind) (v Value, bad, err error) {
	at, mark := s.pos, len(s.values)
	if s.Peek() != TokenArray {
		return Value{}, nil, s.Wrong("List")
	}
	more, err := s.open(']')
	for more && err == nil {
		var elem Value
		var elemBad error
		if elem, elemBad, err = s.element(kind.elem()); err != nil {
			break
		}
		bad = firstOf(bad, elemBad)
		s.values = append(s.values, elem)
		more, err = s.more(']')
	}
	if err != nil || bad != nil {
		s.dropElements(mark)
		return Value{}, bad, err
	}
	v, bad = s.closeSet(kind, mark)
	if bad != nil {
		bad.(*Error).Offset = at
	}
	return v, bad, nil
}

// closeSet makes a set of the elements from mark on.
func (s *Scanner) closeSet(kind Kind, mark int) (v Value, bad error) {
	defer s.dropElements(mark)
	given := s.values[mark:]
	sorted := piece(s, &s.lentValues, len(given))
	copy(sorted, given)
	if bad := checkSet(kind, given, sorted); bad != nil {
		return Value{}, bad
	}
	return s.deep().set(kind, sorted), nil
}

// element reads one element of a set; a null is taken for a value without a type.
func (s *Scanner) element(kind Kind) (v Value, bad, err error) {
	if s.Peek() == TokenNull {
		return Value{}, s.fail(NoType), s.literal("null")
	}
	return s.scalar(kind)
}

func firstOf(bad, later error) error {
	if bad != nil {
		return bad
	}
	return later
}

// nesting is the broken rule, or nil, of a list or map at that level.
func (s *Scanner) nesting(level int) error {
	if level > MaxNesting {
		return s.fail(Nesting)
	}
	return nil
}

// list reads the array of an L that is at that level of lists and maps.
func (s *Scanner) list(level int) (v Value, bad, err error) {
	if s.Peek() != TokenArray {
		return Value{}, nil, s.Wrong("List")
	}
	mark := len(s.values)
	bad = s.nesting(level)
	more, err := s.open(']')
	for more && err == nil {
		var elem Value
		var elemBad error
		if elem, elemBad, err = s.value(level); err != nil {
			break
		}
		bad = firstOf(bad, elemBad)
		s.values = append(s.values, elem)
		more, err = s.more(']')
	}
	if err != nil {
		return Value{}, nil, err
	}
	return s.deep().list(s.closeElements(mark)), bad, nil
}

// document reads the object of an M that is at that level of lists and maps.
func (s *Scanner) document(level int) (v Value, bad, err error) {
	bad = s.nesting(level)
	m, inner, err := s.attributes(level)
	return s.deep().document(m), firstOf(bad, inner), err
}

// attributes reads a map whose values stand inside level lists and maps.
func (s *Scanner) attributes(level int) (m Map, bad, err error) {
	if s.Peek() != TokenObject {
		return nil, nil, s.Wrong("Map")
	}
	if s.members == nil {
		s.members = make([]Member, 0, firstMembers)
	}
	mark := len(s.members)
	var bads badMembers
	absent := false
	more, err := s.open('}')
	for more && err == nil {
		var one Member
		var oneBad error
		if one, oneBad, err = s.member(level); err != nil {
			break
		}
		if oneBad != nil {
			bads = bads.note(one.Name, len(s.members), oneBad)
		} else if one.Value.kind == Invalid {
			absent = true
		}
		s.members = append(s.members, one)
		more, err = s.more('}')
	}
	if err != nil {
		return nil, nil, err
	}
	bad = bads.first(s.members)
	m = s.closeMembers(mark)
	if absent && bad == nil {
		m = slices.DeleteFunc(m, func(one Member) bool { return one.Value.kind == Invalid })
	}
	return m, bad, nil
}

// member reads one member of a map of attribute values; its value is Invalid if it is null.
func (s *Scanner) member(level int) (one Member, bad, err error) {
	s.space()
	at := s.pos
	if one.Name, err = s.key(); err != nil {
		return one, nil, err
	}
	if null, err := s.Null(); null || err != nil {
		return one, nil, err
	}
	if one.Value, bad, err = s.value(level); err != nil {
		return one, nil, err
	}
	switch {
	case one.Name == "":
		bad = &Error{Kind: EmptyName, Offset: at}
	case len(one.Name) > maxNameLength:
		bad = &Error{Kind: NameTooLong, Offset: at, Detail: strconv.Itoa(len(one.Name))}
	}
	return one, bad, nil
}

// badMembers are the members of a map that break a rule, in the order of the text. Only the first few are kept: more
// than one are needed only where a later member of the same name takes the fault away.
type badMembers []badMember

type badMember struct {
	name  string
	index int
	bad   error
}

const badMembersKept = 64

func (b badMembers) note(name string, index int, bad error) badMembers {
	if len(b) == badMembersKept {
		return b
	}
	return append(b, badMember{name, index, bad})
}

// first is the first fault that is not taken away. The list being full, its last fault stands whatever comes after.
func (b badMembers) first(members []Member) error {
	for i, one := range b {
		again := slices.ContainsFunc(members[one.index+1:], func(m Member) bool { return m.Name == one.name })
		if !again || i == badMembersKept-1 {
			return one.bad
		}
	}
	return nil
}
