package capacity

import (
	"strings"

	"github.com/sortkey/sortkey/engine/attr"
	"github.com/sortkey/sortkey/engine/scenario"
)

// notation is how an item is written.
type notation string

// The notations: DynamoDB JSON has a type around every value, plain JSON none.
const (
	anyNotation notation = ""
	typed       notation = "dynamodb"
	plain       notation = "json"
)

// pasted is an item as a visitor gave it.
type pasted struct {
	source
	notation notation
	mixed    bool // some values have a type and some have none
	names    []string
	item     attr.Map
	given    []byte // the item as JSON
	raw      []byte // the same in DynamoDB JSON
}

// source is a text and where in it the item stands.
type source struct {
	text  string
	req   scenario.Request // places in it are shift bytes further on than in text
	shift int
	path  []string // of the item in the request's body: none, or Item
}

// problem is why a text is no item, and where.
type problem struct {
	words    string
	from, to int    // bytes of the text
	kind     string // of what went wrong: the service's name for it; "" where it never got that far
	message  string // the service's text
}

// read reads an item in a notation, or in the one that it looks like. A whole
// request, or a reply, that has an Item is taken for that.
func read(text string, as notation) (*pasted, *problem) {
	s, wrong := parse(text)
	if wrong != nil {
		return nil, wrong
	}
	p := &pasted{source: *s, notation: as}
	p.given = p.locateItem(s.req.Body)
	all := members(p.given)
	with := 0
	for _, m := range all {
		if isTyped(m.raw) {
			with++
		}
		p.names = append(p.names, m.name)
	}
	if as == anyNotation {
		p.notation = plain
		if 2*with >= len(all) {
			p.notation = typed
		}
		p.mixed = with > 0 && with < len(all)
	}
	return p, p.convert()
}

// convert makes an item of its text.
func (p *pasted) convert() *problem {
	var bad error
	if p.notation == plain {
		p.item, bad = plainItem(p.given)
	} else {
		var err error
		if p.item, bad, err = attr.NewScanner(p.given, scenario.MaxDepth).Attributes(); err != nil {
			bad = err
		}
	}
	if bad != nil {
		return p.wrong(bad.(*attr.Error))
	}
	p.raw = attr.AppendMap(nil, p.item)
	return nil
}

const putItem = "PutItem "

// parse reads the text as the body of a request, or as a request.
func parse(text string) (*source, *problem) {
	if strings.TrimSpace(text) == "" {
		return nil, &problem{words: "There is nothing here. An item is an object of attributes, from { to }."}
	}
	req, err := scenario.ParseRequest(putItem + text)
	if err == nil {
		return &source{text: text, req: req, shift: len(putItem)}, nil
	}
	if whole, err := scenario.ParseRequest(text); err == nil {
		return &source{text: text, req: whole}, nil
	}
	e := err.(*scenario.Error)
	if e.Kind == scenario.TooLarge {
		return nil, &problem{words: "This text is larger than a megabyte. An item has at most 400 KB."}
	}
	p := &problem{words: sentence(e.Message), from: e.At.Offset - len(putItem), to: e.End - len(putItem)}
	switch {
	case strings.HasPrefix(e.Message, "expected { after PutItem"):
		p.words = "An item is an object of attributes: it begins with {."
	case strings.HasPrefix(e.Message, "expected { after"), strings.HasPrefix(e.Message, "expected an operation"), strings.HasPrefix(e.Message, "expected one request"):
		p.words = "One item is weighed at a time, and this comes after it."
	}
	return nil, p
}

// sentence is a message of the notation's as a sentence.
func sentence(message string) string {
	return strings.ToUpper(message[:1]) + message[1:] + "."
}

// locateItem finds the item in the body: the member Item where it stands alone
// or beside a TableName, else all of the body.
func (p *pasted) locateItem(body []byte) []byte {
	all := members(body)
	named := len(all) == 1
	var item []byte
	for _, m := range all {
		switch m.name {
		case "TableName":
			named = true
		case "Item":
			item = m.raw
		}
	}
	if !named || len(item) == 0 || item[0] != '{' || len(all) == 1 && isTyped(item) {
		return body
	}
	p.path = []string{"Item"}
	return item
}

// member is one member of an object, its value as it is written.
type member struct {
	name string
	raw  []byte
}

// members are the members of an object, in order, each name once; the last
// counts. Anything else has none.
func members(raw []byte) []member {
	s := attr.NewScanner(raw, scenario.MaxDepth)
	if s.Peek() != attr.TokenObject {
		return nil
	}
	var all []member
	at := map[string]int{}
	s.Object(func(name string) error {
		from := s.Offset()
		err := s.Skip()
		m := member{name, raw[from:s.Offset()]}
		if i, ok := at[name]; ok {
			all[i] = m
			return err
		}
		at[name] = len(all)
		all = append(all, m)
		return err
	})
	return all
}

// isTyped tells whether a value looks like DynamoDB JSON: an object whose only
// member has a type's name.
func isTyped(raw []byte) bool {
	all := members(raw)
	return len(all) == 1 && strings.Contains(" S N B SS NS BS M L NULL BOOL ", " "+all[0].name+" ")
}

// plainItem reads an object of plain JSON: texts become S, numbers N, lists L,
// objects M. Errors are *attr.Error.
func plainItem(raw []byte) (attr.Map, error) {
	r := plainReader{attr.NewScanner(raw, scenario.MaxDepth)}
	return r.object(0)
}

type plainReader struct{ *attr.Scanner }

// object reads an object that stands inside level lists and objects.
func (r plainReader) object(level int) (attr.Map, error) {
	var all []attr.Member
	err := r.Object(func(name string) error {
		at := r.Offset()
		v, err := r.value(level)
		if err == nil && name == "" {
			err = &attr.Error{Kind: attr.EmptyName, Offset: at - 1}
		}
		all = append(all, attr.Member{Name: name, Value: v})
		return err
	})
	return attr.SortMap(all), err
}

func (r plainReader) value(level int) (attr.Value, error) {
	token, at := r.Peek(), r.Offset()
	if (token == attr.TokenArray || token == attr.TokenObject) && level == attr.MaxNesting {
		return attr.Value{}, &attr.Error{Kind: attr.Nesting, Offset: at}
	}
	switch token {
	case attr.TokenString:
		text, err := r.Str()
		return attr.Text(text), err
	case attr.TokenNumber:
		text, err := r.Number()
		if err != nil {
			return attr.Value{}, err
		}
		n, err := attr.ParseNumber(text)
		if err != nil {
			err.(*attr.Error).Offset = at
		}
		return attr.Num(n), err
	case attr.TokenArray:
		var elems []attr.Value
		err := r.Array(func(int) error {
			v, err := r.value(level + 1)
			elems = append(elems, v)
			return err
		})
		return attr.List(elems), err
	case attr.TokenObject:
		m, err := r.object(level + 1)
		return attr.MapValue(m), err
	case attr.TokenNull:
		_, err := r.Null()
		return attr.Null(), err
	}
	b, err := r.Bool()
	return attr.Bool(b), err
}
