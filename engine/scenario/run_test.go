package scenario

import (
	"encoding/json"
	"errors"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/sortkey/sortkey/engine"
	"github.com/sortkey/sortkey/engine/attr"
)

const tableT = "```dynamodb region=eu-west-1\n" + `CreateTable {
  TableName: "Tab",
  BillingMode: "PAY_PER_REQUEST",
  AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
  KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
}
PutItem { TableName: "Tab", Item: { id: { S: "a" } } }
GetItem { TableName: "Tab" }
` + "```\n"

func TestRun(t *testing.T) {
	d := parsed(t, head("start: 2026-01-01T00:00:00Z")+tableT+"```clock\nadvance 1h\n```\n```dynamodb\nListTables {}\n```\n")
	e := engine.New(d.Options())
	list, err := d.Run(e)
	if err != nil || len(list) != 5 {
		t.Fatal(list, err)
	}
	for i, want := range []int{200, 200, 400, 0, 200} {
		if o := list[i]; o.Reply.Status != want {
			t.Errorf("step %d: %d %s", i, o.Reply.Status, o.Reply.Body)
		}
	}
	if got := string(list[4].Reply.Body); got != `{"TableNames":[]}` {
		t.Error("the last block has the document's region:", got)
	}
	if want := d.Start.Add(time.Hour); !e.Now().Equal(want) || !list[3].Now.Equal(want) || !list[2].Now.Equal(d.Start) {
		t.Error("clock:", e.Now(), list[3].Now)
	}
	if len(e.Tables("eu-west-1")) != 1 {
		t.Error("the table is not in the block's region")
	}
}

func TestRunStops(t *testing.T) {
	kind := func(d *Document, e *engine.Engine) (int, ErrorKind) {
		list, err := d.Run(e)
		var problem *Error
		if !errors.As(err, &problem) {
			t.Fatalf("no *Error: %v", err)
		}
		return len(list), problem.Kind
	}
	late := engine.New(engine.Options{Start: time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)})
	back := parsed(t, head0+"```dynamodb\nListTables {}\n```\n```clock\n2029-01-01T00:00:00Z\n```\n")
	if n, k := kind(back, late); n != 1 || k != Clock {
		t.Error("backwards:", n, k)
	}
	far := parsed(t, head0+"```clock\n2045-01-01T00:00:00Z\n```\n")
	if n, k := kind(far, late); n != 0 || k != Clock {
		t.Error("too far:", n, k)
	}
	big := `PutItem { TableName: "Tab", Item: { id: { S: "b" }, x: { S: "` + strings.Repeat("x", 390_000) + `" } } } ` +
		strings.Repeat(`GetItem { TableName: "Tab", Key: { id: { S: "b" } } } `, 200)
	much := parsed(t, head0+tableT+"```dynamodb region=eu-west-1\n"+big+"\n```\n")
	if n, k := kind(much, engine.New(much.Options())); k != TooMany || n > 100 {
		t.Error("too many bytes of replies:", n, k)
	}
}

func recordShop(t testing.TB) *Document {
	t.Helper()
	text, err := os.ReadFile("../../web/scenarios/record-shop.md")
	if err != nil {
		t.Fatal(err)
	}
	d := parsed(t, string(text))
	if string(d.Text()) != string(text) {
		t.Error("record-shop.md is not in canonical form")
	}
	return d
}

// TestRecordShop holds the first screen to the figures it is drawn with.
func TestRecordShop(t *testing.T) {
	d := recordShop(t)
	e := engine.New(d.Options())
	list, err := d.Run(e)
	if err != nil {
		t.Fatal(err)
	}
	inRange, cancelled, items := 0, 0, map[string]int{}
	for _, o := range list {
		if o.Reply.Status != 200 {
			t.Errorf("line %d: %s", positionAt(o.Step.Request.source, o.Step.Request.Start).Line, o.Reply.Body)
		}
		if o.Step.Request.Operation != "PutItem" {
			continue
		}
		table, item := putItem(t, o.Step.Request.Body)
		items[table]++
		pk, sk, status := text(item, "PK"), text(item, "SK"), text(item, "status")
		if pk == "CUSTOMER#c-1042" && sk >= "ORDER#2026-08" && sk <= "ORDER#2026-12" {
			inRange += item.Size()
			if status == "CANCELLED" {
				cancelled += item.Size()
			}
		}
	}
	if inRange != 4248 || cancelled != 1101 {
		t.Errorf("%d bytes are read, %d of them cancelled", inRange, cancelled)
	}
	if items["Shop"] != 34 || items["Music"] != 14 || items["Sessions"] != 5 {
		t.Error("items:", items)
	}
}

func putItem(t *testing.T, body []byte) (table string, item *attr.Item) {
	t.Helper()
	s := attr.NewScanner(body, MaxDepth)
	err := s.Object(func(name string) (err error) {
		if name == "TableName" {
			table, err = s.Str()
			return err
		}
		m, bad, err := s.Attributes()
		item = attr.NewItem(m)
		return errors.Join(bad, err)
	})
	if err != nil {
		t.Fatal(err)
	}
	return table, item
}

func text(item *attr.Item, name string) string {
	v, _ := item.Get(name)
	return v.Str()
}

// TestRecordShopQuery runs the draft of the first screen.
func TestRecordShopQuery(t *testing.T) {
	d := recordShop(t)
	e := engine.New(d.Options())
	if _, err := d.Run(e); err != nil {
		t.Fatal(err)
	}
	view, _ := d.View()
	if view.Text != preset || view.Attributes.Get("table") != "Shop" {
		t.Errorf("the view is %s %v", view.Text, view.Attributes)
	}
	metered := strings.TrimSuffix(view.Text, "\n}") + ",\n  ReturnConsumedCapacity: \"TOTAL\"\n}"
	r, err := ParseRequest(metered)
	if err != nil {
		t.Fatal(err)
	}
	reply := e.Handle(engine.Call{Target: r.Target(), Body: r.Body})
	var got struct {
		Count, ScannedCount int
		ConsumedCapacity    struct{ CapacityUnits float64 }
		LastEvaluatedKey    map[string]any
	}
	if err := json.Unmarshal(reply.Body, &got); err != nil || reply.Status != 200 {
		t.Fatalf("%d %s", reply.Status, reply.Body)
	}
	if got.Count != 5 || got.ScannedCount != 7 || got.ConsumedCapacity.CapacityUnits != 1.0 || got.LastEvaluatedKey != nil {
		t.Errorf("%+v", got)
	}
}

func TestHistory(t *testing.T) {
	d := parsed(t, head("seed: 3", "start: 2026-01-01T00:00:00Z", "region: eu-west-1")+tableT+
		"```clock\nadvance 1h\nadvance 1d\n```\n```dynamodb caller=AKIA1\nListTables {}\n```\n")
	h := d.History()
	a, err := h.Replay(nil)
	if err != nil {
		t.Fatal(err)
	}
	back, err := FromHistory("Again", h)
	if err != nil {
		t.Fatal(err)
	}
	b := engine.New(back.Options())
	if _, err := back.Run(b); err != nil {
		t.Fatal(err)
	}
	if a.StateHash() != b.StateHash() {
		t.Error("the states differ")
	}
	if back.Title != "Again" || len(back.Blocks) != 3 || back.Blocks[2].Attributes.Get("caller") != "AKIA1" {
		t.Errorf("%s", back.Text())
	}
	again, err := FromHistory("Again", back.History())
	if err != nil || !again.Equal(back) {
		t.Errorf("there and back gives\n%s\n%v", again.Text(), err)
	}
}

// TestHistoryKeepsBodies takes bodies that the notation would forgive or cannot hold.
func TestHistoryKeepsBodies(t *testing.T) {
	bodies := []string{
		`{"TableName" : "T"}`, `{"a":1,}`, `{a:1}`, `{'a':1}`, "{\"a\":\"\t\"}", "{\"a\":\"\xff\"}", "", "[]", "null", `{"a":1} x`,
		`{"a":"\u00e9\/ é","a":1e5}`, strings.Repeat(`{"a":`, 200) + "1" + strings.Repeat("}", 200), `{"a": 1 // no
}`, `{"a" : "x \" , y"}`,
	}
	h := &engine.History{}
	for _, b := range bodies {
		h.Steps = append(h.Steps, engine.Step{Call: engine.Call{Target: "DynamoDB_20120810.PutItem", Body: []byte(b)}})
	}
	d, err := FromHistory("", h)
	if err != nil {
		t.Fatal(err)
	}
	steps := d.Steps()
	if len(steps) != len(bodies) {
		t.Fatalf("%d steps", len(steps))
	}
	for i, s := range steps {
		want := bodies[i]
		if i == 0 || i == 13 {
			want = string(squeeze([]byte(want)))
		}
		if string(s.Request.Body) != want {
			t.Errorf("%q became %q", bodies[i], s.Request.Body)
		}
	}
}

func TestHistoryLimits(t *testing.T) {
	call := func(target string) engine.Step {
		return engine.Step{Call: engine.Call{Target: target, Body: []byte("{}")}}
	}
	d, err := FromHistory("", &engine.History{Steps: []engine.Step{call("no operation!"), call("X.Y"), call("DynamoDB_20120810.ListTables")}})
	if err != nil || len(d.Steps()) != 2 {
		t.Error(err, d)
	}
	h := &engine.History{}
	for i := range MaxSteps + 1 {
		h.Steps = append(h.Steps, engine.Step{Advance: time.Date(2026, 1, 1, 0, 0, i, 0, time.UTC)})
	}
	var e *Error
	if _, err := FromHistory("", h); !errors.As(err, &e) || e.Kind != TooMany {
		t.Error(err)
	}
	h.Steps = nil
	for i := range 30 {
		body := `{"a":"` + strings.Repeat(strconv.Itoa(i%10), 50_000) + `"}`
		h.Steps = append(h.Steps, engine.Step{Call: engine.Call{Target: "DynamoDB_20120810.PutItem", Body: []byte(body)}})
	}
	if _, err := FromHistory("", h); !errors.As(err, &e) || e.Kind != TooLarge {
		t.Error(err)
	}
}
