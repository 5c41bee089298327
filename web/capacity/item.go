package capacity

import (
	_ "embed"
	"strconv"
	"strings"

	"github.com/sortkey/sortkey/components"
	"github.com/sortkey/sortkey/engine"
	"github.com/sortkey/sortkey/engine/attr"
	"github.com/sortkey/sortkey/engine/meter"
	"github.com/sortkey/sortkey/engine/scenario"
	"github.com/sortkey/sortkey/web/page"
)

//go:embed tables.txt
var tablesText string

// orderText is the item that the page begins with.
//
//go:embed order.txt
var orderText string

// newBench makes an engine with the tables that items are weighed in. They
// stay empty: every item goes into a fork.
func newBench(faults func(any, []byte)) *engine.Engine {
	e := engine.New(engine.Options{})
	e.Faults = faults
	list, err := scenario.ParseRequests(tablesText)
	if err != nil {
		panic(err)
	}
	for _, r := range list {
		if reply := e.Handle(engine.Call{Target: r.Target(), Body: r.Body}); reply.Status != page.StatusOK {
			panic(string(reply.Body))
		}
	}
	return e
}

// itemInput is the form of one item.
type itemInput struct {
	text       string
	as         notation
	table      string // "" for the one that fits, or ownTable
	hash, sort string // the keys of a table of its own
}

// ownTable is the choice of a table of the item's own: no table can have that
// name.
const ownTable = "-"

func readItemInput(q *page.Query) itemInput {
	in := itemInput{text: orderText, as: notation(q.Get("as")), table: q.Get("table"), hash: q.Get("hash"), sort: q.Get("sort")}
	if q.Has("item") {
		in.text = newlines(q.Get("item"))
	}
	if in.as != typed && in.as != plain {
		in.as = anyNotation
	}
	return in
}

// newlines undoes what form encoding does to line ends.
func newlines(s string) string {
	return strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n")
}

// weighed is what came of an item.
type weighed struct {
	calc  components.ItemCalc
	size  int
	usage itemUsage
	said  string
}

// itemUsage is what the month's calculator takes over: bytes of the item and
// of its largest index entry, and in how many indexes it is.
type itemUsage struct{ size, global, local, entry int }

// weigh reads the item, sees what its attributes weigh, and has the engine
// write and read it.
func (p *Page) weigh(in itemInput) weighed {
	form := components.ItemForm{Text: in.text, As: notations(in.as)}
	item, wrong := read(in.text, in.as)
	if wrong != nil {
		if item != nil && item.notation == typed {
			p.ask(item, wrong)
		}
		form.Wrong, form.Shown = wrong.oops(in.text), "The sizes above are those of the item before."
		form.Tables = p.tableOptions(in.table, "")
		return weighed{calc: components.ItemCalc{Form: form}, said: "Not an item: " + wrong.words}
	}
	form.TakenFor = takenFor(item, in.as)
	name := p.tableFor(item, in)
	b, key := p.benchOf(name, item, &in)
	form.Tables, form.Own = p.tableOptions(in.table, name), name == ownTable
	form.HashKeys, form.RangeKeys = keyOptions(item, in)
	sizes, values := sizesOf(item, key)
	sizes.Inside = insides(sizes.Rows, values)
	w := weighed{size: item.item.Size(), said: "The item has " + components.Counted(item.item.Size(), "byte") + "."}
	if b == nil {
		form.WrongTable = noKey(item)
	} else if costs, refused := b.costs(item, key); refused != nil {
		form.WrongTable = refused
	} else {
		sizes.Verdicts, sizes.Note = costs.verdicts(), costs.note()
		w.usage = costs.usage()
		sizes.Take = w.usage.String()
	}
	w.calc = components.ItemCalc{Form: form, Sizes: sizes}
	return w
}

// ask has the engine refuse a faulty item, for the service's own words.
func (p *Page) ask(item *pasted, wrong *problem) {
	body := append([]byte(`{"TableName":"Shop","Item":`), item.given...)
	_, tr := p.bench.Fork().Observe(engine.Call{Target: engine.Target("PutItem"), Body: append(body, '}')})
	if tr.Err != nil {
		wrong.kind, wrong.message = tr.Err.Code, tr.Err.Message
	}
}

// String is the usage as the month's form takes it over, "" for nothing.
func (u itemUsage) String() string {
	if u.size == 0 {
		return ""
	}
	parts := []string{strconv.Itoa(u.size), strconv.Itoa(u.global), strconv.Itoa(u.local), strconv.Itoa(u.entry)}
	return strings.Join(parts, ",")
}

func notations(chosen notation) []components.Choice {
	return []components.Choice{
		{Value: string(anyNotation), Label: "what it looks like", Chosen: chosen == anyNotation},
		{Value: string(typed), Label: "DynamoDB JSON", Chosen: chosen == typed},
		{Value: string(plain), Label: "plain JSON", Chosen: chosen == plain},
	}
}

// takenFor says what a text was taken for, where nobody said what it is.
func takenFor(p *pasted, as notation) components.Words {
	if as != anyNotation || p.text == orderText {
		return nil
	}
	w := components.Say("Taken for ").Strong("plain JSON").Say(": no value has a type around it. Texts became S, numbers N, lists L, objects M.")
	if p.notation == typed {
		w = components.Say("Taken for ").Strong("DynamoDB JSON").Say(": every value has its type around it.")
	}
	if p.mixed {
		w = components.Say("Taken for ").Strong("plain JSON").Say(", since most values have no type around them: objects became M.")
	}
	if len(p.path) > 0 {
		w = w.Say(" Its member ").Code("Item").Say(" was weighed.")
	}
	return w
}

// maxRows bounds the rows of the table of sizes.
const maxRows = 200

// sizesOf lists the attributes of an item: its keys first, then as written.
func sizesOf(item *pasted, key tableKey) (s components.ItemSizes, values []attr.Value) {
	s.Bytes = item.item.Size()
	left := 0
	for _, name := range key.order(item.names) {
		v, ok := item.item.Get(name)
		if !ok {
			continue
		}
		s.Strip.Segments = append(s.Strip.Segments, components.Segment{Bytes: len(name) + v.Size()})
		if len(s.Rows) == maxRows {
			left++
			continue
		}
		s.Rows = append(s.Rows, sizeRow(name, v, key.role(name)))
		values = append(values, v)
	}
	if left > 0 {
		s.More = "and " + components.Counted(left, "more attribute") + ", in the sum below"
	}
	blocks := meter.Blocks(s.Bytes, meter.WriteBlock)
	s.Left = components.Grouped(blocks*meter.WriteBlock-s.Bytes) + " bytes left in its " + ordinal(blocks) + " write unit"
	s.Strip.Block = meter.WriteBlock
	s.Strip.Caption = "On blocks of 1,024 bytes, attribute by attribute"
	s.Strip.Label = components.Grouped(s.Bytes) + " bytes lie on " + components.Counted(blocks, "block") + " of 1,024"
	return s, values
}

func ordinal(n int) string {
	switch n {
	case 1:
		return "first"
	case 2:
		return "second"
	case 3:
		return "third"
	}
	return "last"
}

// item answers a change of the item's form.
func (p *Page) item(w *page.Answer, q *page.Query) {
	in := readItemInput(q)
	got := p.weigh(in)
	w.Render(components.ItemUpdate(got.calc, got.said, state(in, readMonthInput(q))))
}
