package attr

import (
	"math"
	"slices"
	"strings"
	"sync"

	"github.com/tidwall/gjson"
)

// Item is the stored form of an item: its canonical DynamoDB JSON, {"name":{"S":"x"}}, attributes in name order, and
// its size. It is immutable. A nil *Item is an absent item: no text, no size, no attributes.
type Item struct {
	json string
	size int
}

// NewItem is the item of the attributes m. An empty m is an item without attributes, not an absent one.
func NewItem(m Map) *Item {
	size := m.Size()
	if size > usualItem {
		return &Item{json: string(AppendMap(make([]byte, 0, size*3/2+16*len(m)+2), m)), size: size}
	}
	room := drafts.Get().(*[]byte)
	*room = AppendMap((*room)[:0], m)
	it := &Item{json: string(*room), size: size}
	drafts.Put(room)
	return it
}

// drafts has the rooms in which items of up to usualItem bytes are written before their length is known.
var drafts = sync.Pool{New: func() any { return new([]byte) }}

const usualItem = 4096

// JSON is the item's canonical text, "" for an absent item. Equal items have equal texts.
func (it *Item) JSON() string {
	if it == nil {
		return ""
	}
	return it.json
}

// Size is the item size in bytes (semantics §1), 0 for an absent item.
func (it *Item) Size() int {
	if it == nil {
		return 0
	}
	return it.size
}

// Get is the value of that attribute, read out of the text.
func (it *Item) Get(name string) (Value, bool) {
	if it == nil {
		return Value{}, false
	}
	raw, ok := findMember(it.json, name)
	if !ok {
		return Value{}, false
	}
	return decodeValue(raw), true
}

// Map are all the item's attributes, nil for an absent item.
func (it *Item) Map() Map {
	if it == nil {
		return nil
	}
	s := readers.Get().(*Scanner)
	s.src, s.pos, s.depth = it.json, 0, 0
	m, _, err := s.attributes(0)
	if err != nil {
		panic(err)
	}
	s.src, s.values, s.members, s.buf = "", emptied(s.values), emptied(s.members), emptied(s.buf)
	readers.Put(s)
	return m
}

// readers are scanners of items' own texts, which cannot be faulty. They keep the room that reading took.
var readers = sync.Pool{New: func() any { return &Scanner{maxDepth: math.MaxInt, badUTF8: math.MaxInt} }}

// At is the value that the path leads to, as Map.At says; only that value is decoded.
func (it *Item) At(p Path) (Value, bool) {
	if it == nil || len(p) == 0 || p[0].Name == "" {
		return Value{}, false
	}
	raw, ok := findMember(it.json, p[0].Name)
	for _, step := range p[1:] {
		if !ok {
			break
		}
		raw, ok = descend(raw, step)
	}
	if !ok {
		return Value{}, false
	}
	return decodeValue(raw), true
}

// Project is the item that has, of this one's attributes, those named, in any order and however often. An absent item
// gives an absent one.
func (it *Item) Project(names []string) *Item {
	if it == nil {
		return nil
	}
	wanted := names
	if !slices.IsSorted(wanted) {
		wanted = slices.Clone(names)
		slices.Sort(wanted)
	}
	out, size := append(make([]byte, 0, 128), '{'), 0
	object(it.json).ForEach(func(key, value gjson.Result) bool {
		for len(wanted) > 0 && wanted[0] < key.Str {
			wanted = wanted[1:]
		}
		if len(wanted) > 0 && wanted[0] == key.Str {
			if len(out) > 1 {
				out = append(out, ',')
			}
			out = append(out, key.Raw...)
			out = append(out, ':')
			out = append(out, value.Raw...)
			size += len(key.Str) + decodeValue(value.Raw).Size()
		}
		return len(wanted) > 0
	})
	return &Item{json: string(append(out, '}')), size: size}
}

// Pick reads several attributes in one pass: it appends to dst the value of each of the names, which are sorted, or an
// Invalid one where the attribute is absent.
func (it *Item) Pick(dst []Value, names []string) []Value {
	from := len(dst)
	for range names {
		dst = append(dst, Value{})
	}
	if it == nil || len(names) == 0 {
		return dst
	}
	values := dst[from:]
	object(it.json).ForEach(func(key, value gjson.Result) bool {
		for len(names) > 0 && names[0] < key.Str {
			names, values = names[1:], values[1:]
		}
		for len(names) > 0 && names[0] == key.Str {
			values[0] = decodeValue(value.Raw)
			names, values = names[1:], values[1:]
		}
		return len(names) > 0
	})
	return dst
}

// object dresses up text of ours that is an object or array for gjson, whose ForEach steps over the members without
// looking into them. No name ever becomes a gjson path: paths have a syntax of their own.
func object(text string) gjson.Result { return gjson.Result{Type: gjson.JSON, Raw: text} }

// findMember is the text of the named member's value in the text of a map. Names are in order, so that the search can
// stop early.
func findMember(text, name string) (raw string, ok bool) {
	object(text).ForEach(func(key, value gjson.Result) bool {
		if ok = key.Str == name; ok {
			raw = value.Raw
		}
		return key.Str < name
	})
	return raw, ok
}

// descend takes one step into the text of a value.
func descend(raw string, step Step) (string, bool) {
	if step.Name != "" {
		body, ok := bodyOf(raw, `{"M":`)
		if !ok {
			return "", false
		}
		return findMember(body, step.Name)
	}
	body, ok := bodyOf(raw, `{"L":`)
	if !ok {
		return "", false
	}
	return findElement(body, step.Index)
}

// bodyOf is what the text of a value has between its type and the closing brace.
func bodyOf(raw, kind string) (string, bool) {
	body, ok := strings.CutPrefix(raw, kind)
	if !ok {
		return "", false
	}
	return body[:len(body)-1], true
}

// findElement is the text of an element in the text of a list.
func findElement(text string, index int) (raw string, ok bool) {
	object(text).ForEach(func(_, value gjson.Result) bool {
		if ok = index == 0; ok {
			raw = value.Raw
		}
		index--
		return index >= 0
	})
	return raw, ok
}

// decodeValue reads the text of a value that was written here: it cannot be faulty, except that a value made by code may
// be nested more deeply than a stored one, which is no matter.
func decodeValue(raw string) Value {
	s := Scanner{src: raw, maxDepth: math.MaxInt, badUTF8: math.MaxInt}
	v, _, err := s.value(0)
	if err != nil {
		panic(err)
	}
	return v
}
