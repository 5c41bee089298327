package engine_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/sortkey/sortkey/engine"
	"github.com/sortkey/sortkey/engine/enginetest"
)

// Metamorphic tests of requests on several items: each is worth its parts.

// members are the members of a request, nil for what is no request.
func members(body []byte) map[string]json.RawMessage {
	var m map[string]json.RawMessage
	if json.Unmarshal(body, &m) != nil {
		return nil
	}
	return m
}

// only is an object of those of the members that are named.
func only(m map[string]json.RawMessage, names ...string) map[string]json.RawMessage {
	picked := maps.Clone(m)
	maps.DeleteFunc(picked, func(name string, _ json.RawMessage) bool { return !slices.Contains(names, name) })
	return picked
}

// pair is one engine and its fork, which hear the same in different words.
type pair struct {
	t             *testing.T
	single, other *engine.Engine
	agreed        map[string]int // outcomes
}

func send(e *engine.Engine, operation, body string) engine.Reply {
	return e.Handle(engine.Call{Target: engine.Target(operation), Body: []byte(body)})
}

// must asks the one or the other engine and wants an answer.
func must[T any](t *testing.T, e *engine.Engine, operation, body string) T {
	t.Helper()
	reply := send(e, operation, body)
	if reply.Status != 200 {
		t.Fatalf("%s %s\ngot %s", operation, body, reply.Body)
	}
	return parse[T](t, reply.Body)
}

// forkEach makes a pair before every request of a history and shows it to
// test, which returns whether it did the request itself, on p.single.
func forkEach(t *testing.T, seed uint64, steps int, test func(p *pair, operation string, m map[string]json.RawMessage) bool) map[string]int {
	h := atOnce(seed, steps)
	e := enginetest.Wrap(t, engine.New(h.Options))
	agreed := map[string]int{}
	for _, s := range h.Steps {
		m := members(s.Call.Body)
		operation := engine.Operation(s.Call.Target)
		if m != nil && test(&pair{t, e.Engine, e.Fork(), agreed}, operation, m) {
			continue
		}
		if _, err := e.Step(s); err != nil {
			t.Fatal(err)
		}
	}
	return agreed
}

// sameState sees that both sides have come to the same.
func (p *pair) sameState(what []byte) {
	p.t.Helper()
	if p.single.StateHash() != p.other.StateHash() {
		p.t.Fatalf("%s\nleads elsewhere than its parts", what)
	}
}

// actions are the kinds of action, with their members, that the operations on
// one item correspond to.
var actions = map[string]struct {
	kind    string
	members []string
}{
	"PutItem":    {"Put", []string{"TableName", "Item", "ConditionExpression"}},
	"DeleteItem": {"Delete", []string{"TableName", "Key", "ConditionExpression"}},
	"UpdateItem": {"Update", []string{"TableName", "Key", "ConditionExpression", "UpdateExpression"}},
	"GetItem":    {"Get", []string{"TableName", "Key", "ProjectionExpression"}},
}

// alone splits a request on one item into itself, with less to return, and a
// transaction of one action. ok is false where a transaction cannot say it.
func alone(operation string, m map[string]json.RawMessage) (single, transaction []byte, ok bool) {
	a, ok := actions[operation]
	if !ok || operation == "UpdateItem" && m["UpdateExpression"] == nil || m["Expected"] != nil || m["AttributeUpdates"] != nil || m["AttributesToGet"] != nil {
		return nil, nil, false
	}
	one := only(m, append(a.members, "ExpressionAttributeNames", "ExpressionAttributeValues", "ReturnValuesOnConditionCheckFailure")...)
	if operation == "GetItem" {
		delete(one, "ReturnValuesOnConditionCheckFailure")
	}
	body, err := json.Marshal(one)
	if err != nil {
		panic(err)
	}
	transaction = fmt.Appendf(nil, `{"TransactItems":[{"%s":%s}],"ReturnConsumedCapacity":"INDEXES"}`, a.kind, body)
	one["ReturnConsumedCapacity"] = json.RawMessage(`"INDEXES"`)
	if operation == "GetItem" {
		one["ConsistentRead"] = json.RawMessage("true")
	}
	if single, err = json.Marshal(one); err != nil {
		panic(err)
	}
	return single, transaction, true
}

// consumed is a ConsumedCapacity as replies have it.
type consumed struct {
	CapacityUnits                                 float64
	Table                                         struct{ CapacityUnits float64 }
	GlobalSecondaryIndexes, LocalSecondaryIndexes map[string]struct{ CapacityUnits float64 }
}

type failure struct {
	Type                string `json:"__type"`
	Message             string
	Item                json.RawMessage
	CancellationReasons []struct {
		Code, Message string
		Item          json.RawMessage
	}
}

func parse[T any](t *testing.T, body []byte) T {
	t.Helper()
	var v T
	if err := json.Unmarshal(body, &v); err != nil {
		t.Fatalf("%s: %v", body, err)
	}
	return v
}

// reasonCodes are the codes of cancellation reasons that stand for exceptions.
var reasonCodes = map[string]string{"ValidationError": "ValidationException", "ConditionalCheckFailed": "ConditionalCheckFailedException"}

// transactOne does one operation both ways.
func (p *pair) transactOne(operation string, m map[string]json.RawMessage) bool {
	p.t.Helper()
	body, transaction, ok := alone(operation, m)
	if !ok {
		return false
	}
	wrapped := "TransactWriteItems"
	if operation == "GetItem" {
		wrapped = "TransactGetItems"
	}
	one, all := send(p.single, operation, string(body)), send(p.other, wrapped, string(transaction))
	if one.Status != all.Status {
		p.t.Fatalf("%s %s\ngot %s\nas a transaction %s", operation, body, one.Body, all.Body)
	}
	if one.Status == 200 {
		p.sameReply(transaction, one.Body, all.Body)
	} else {
		p.sameFailure(body, one.Body, all.Body)
	}
	p.sameState(transaction)
	return true
}

// sameReply compares what was read and charged: a transaction pays double for
// the table, and as much for its indexes.
func (p *pair) sameReply(request, one, all []byte) {
	p.t.Helper()
	type reply struct {
		Item             json.RawMessage
		ConsumedCapacity consumed
	}
	type replies struct {
		Responses        []struct{ Item json.RawMessage }
		ConsumedCapacity []consumed
	}
	a, b := parse[reply](p.t, one), parse[replies](p.t, all)
	item := ""
	if len(b.Responses) > 0 {
		item = string(b.Responses[0].Item)
	}
	if string(a.Item) == "{}" { // of which nothing projects
		a.Item = nil
	}
	want := a.ConsumedCapacity
	want.CapacityUnits += want.Table.CapacityUnits
	want.Table.CapacityUnits *= 2
	if got := b.ConsumedCapacity[0]; fmt.Sprint(got) != fmt.Sprint(want) || item != string(a.Item) {
		p.t.Fatalf("%s\ngot %s\nalone %s", request, all, one)
	}
	p.agreed["success"]++
}

// sameFailure: the transaction fails with the very error, or is cancelled for
// the reason that stands for it.
func (p *pair) sameFailure(request, one, all []byte) {
	p.t.Helper()
	a, b := parse[failure](p.t, one), parse[failure](p.t, all)
	for _, a := range actions { // where constraints lead to
		path := "transactItems.1.member." + strings.ToLower(a.kind[:1]) + a.kind[1:] + "."
		all = bytes.ReplaceAll(all, []byte(path), nil)
	}
	if len(b.CancellationReasons) == 0 {
		if string(one) != string(all) {
			p.t.Fatalf("%s\ngot %s\nas a transaction %s", request, one, all)
		}
		p.agreed["error"]++
		return
	}
	r := b.CancellationReasons[0]
	if !strings.HasSuffix(a.Type, "#"+reasonCodes[r.Code]) || a.Message != r.Message || string(a.Item) != string(r.Item) {
		p.t.Fatalf("%s\ngot %s\nas a transaction %s", request, one, all)
	}
	p.agreed[r.Code]++
}

// TestTransactionOfOne: a transaction of one action does, charges and refuses
// what the operation on its own does.
func TestTransactionOfOne(t *testing.T) {
	long(t)
	agreed := forkEach(t, 300, 2500, (*pair).transactOne)
	for _, outcome := range []string{"success", "ValidationError", "ConditionalCheckFailed"} {
		if agreed[outcome] < 10 {
			t.Errorf("the history came to %v", agreed)
		}
	}
}

// refusals are requests on one item that have something wrong with them.
func refusals() map[string][]string {
	const put = `{"TableName":"Tab","Item":{%s}%s}`
	const key = `"TableName":"Tab","Key":{"pk":{"S":"a"},"sk":{"N":"1"}}`
	requests := map[string][]string{}
	for _, item := range []string{
		``, `"pk":{"S":"a"}`, `"pk":{"N":"1"},"sk":{"N":"1"}`, `"pk":{"S":""},"sk":{"N":"1"}`, `"pk":{"S":"a"},"sk":{"N":"1"},"g":{"N":"1"}`,
		`"pk":{"S":"a"},"sk":{"N":"1"},"g":{"S":""}`, `"pk":{"S":"a"},"sk":{"N":"1"},"g":{"S":"` + strings.Repeat("g", 2049) + `"}`,
		`"pk":{"S":"` + strings.Repeat("p", 2049) + `"},"sk":{"N":"1"}`, `"pk":{"S":"a"},"sk":{"N":"1"},"x":{"S":"` + strings.Repeat("x", 409_600) + `"}`,
		`"pk":{"S":"a"},"sk":{"N":"1"},"x":{}`, `"pk":{"S":"a"},"sk":{"N":"1"},"x":{"SS":[]}`, `"pk":{"S":"a"},"sk":{"N":"x"}`,
	} {
		requests["PutItem"] = append(requests["PutItem"], fmt.Sprintf(put, item, ""), fmt.Sprintf(put, item, `,"ConditionExpression":"attribute_exists(zzz)"`))
	}
	for _, u := range []string{
		"SET pk = :s", "SET g = :empty", "SET g = :n", "SET g = x", "SET g = if_not_exists(zzz, x)", "SET x = :n + :s", "SET x = s + :n", "SET x = zzz", "SET zzz.a = :n", "REMOVE zzz.a",
		"ADD s :n", "ADD x :s", "DELETE s :ss", "SET l.a = :n", "SET pk.a = :n", "SET g.a = :n", "SET x = :n SET s = :n", "SET x = :n, x.a = :n", "SET x = :undefined", "SET #x = :n",
		"SET size = :n", "", "SET", "SET x = :big + :one", "SET x = list_append(s, l)", "REMOVE pk", "SET x = :n + :n - :n",
	} {
		var values []string
		for name, value := range map[string]string{":s": `{"S":"s"}`, ":n": `{"N":"5"}`, ":empty": `{"S":""}`, ":ss": `{"SS":["a"]}`, ":big": `{"N":"1e125"}`, ":one": `{"N":"1"}`} {
			if slices.Contains(strings.FieldsFunc(u, func(r rune) bool { return strings.ContainsRune(" ,()", r) }), name) {
				values = append(values, `"`+name+`":`+value)
			}
		}
		slices.Sort(values)
		member := ""
		if values != nil {
			member = `,"ExpressionAttributeValues":{` + strings.Join(values, ",") + "}"
		}
		requests["UpdateItem"] = append(requests["UpdateItem"], fmt.Sprintf(`{%s,"UpdateExpression":"%s"%s}`, key, u, member))
	}
	for _, c := range []string{"pk.a = g", "attribute_exists(g[0])", "zzz = g", "a = ", "attribute_exists(x", "((g = r))", "g = :u", "name = g", "attribute_exists(#g)", "g = r"} {
		request := fmt.Sprintf(`{%s,"ConditionExpression":"%s"}`, key, c)
		requests["DeleteItem"] = append(requests["DeleteItem"], request, strings.Replace(request, `"Cond`, `"ReturnValuesOnConditionCheckFailure":"ALL_OLD","Cond`, 1))
	}
	for _, p := range []string{"pk.a", "g[0]", "", "a,", "a, a.b", "#p", "name", "a.b, a[0]"} {
		requests["GetItem"] = append(requests["GetItem"], fmt.Sprintf(`{%s,"ProjectionExpression":"%s"}`, key, p))
	}
	for _, k := range []string{``, `"pk":{"S":"a"}`, `"pk":{"N":"1"},"sk":{"N":"1"}`, `"pk":{"S":""},"sk":{"N":"1"}`, `"pk":{"S":"a"},"sk":{"N":"1"},"x":{"N":"1"}`,
		`"pk":{"S":"` + strings.Repeat("p", 2049) + `"},"sk":{"N":"1"}`} {
		request := fmt.Sprintf(`{"TableName":"Tab","Key":{%s}}`, k)
		for _, operation := range []string{"GetItem", "DeleteItem"} {
			requests[operation] = append(requests[operation], request)
		}
		update := strings.TrimSuffix(request, "}") + `,"UpdateExpression":"REMOVE zzz"}`
		requests["UpdateItem"] = append(requests["UpdateItem"], update)
	}
	return requests
}

// TestTransactionRefusesAlike: what an operation on one item refuses, and why,
// a transaction of one action refuses.
func TestTransactionRefusesAlike(t *testing.T) {
	f := enginetest.New(t)
	f.Must("CreateTable", indexed)
	f.Must("PutItem", `{"TableName":"Tab","Item":{"pk":{"S":"a"},"sk":{"N":"1"},"g":{"S":"g"},"r":{"N":"1"},"x":{"N":"1"},"s":{"S":"text"},"l":{"L":[]}}}`)
	p := &pair{t, f.Engine, f.Fork(), map[string]int{}}
	for _, operation := range []string{"PutItem", "UpdateItem", "DeleteItem", "GetItem"} {
		for _, body := range refusals()[operation] {
			p.transactOne(operation, members([]byte(body)))
		}
	}
	if a := p.agreed; a["success"] > 3 || a["error"] < 40 || a["ValidationError"] < 20 || a["ConditionalCheckFailed"] < 2 {
		t.Errorf("the requests came to %v", a)
	}
}

// writeRequest is one entry of a BatchWriteItem.
type writeRequest struct{ PutRequest, DeleteRequest json.RawMessage }

// operation is the request on one item that the entry stands for.
func (w writeRequest) operation(table string) (operation, body string) {
	entry := w.PutRequest
	operation = "PutItem"
	if entry == nil {
		entry, operation = w.DeleteRequest, "DeleteItem"
	}
	return operation, fmt.Sprintf(`{"TableName":"%s","ReturnConsumedCapacity":"INDEXES",%s}`, table, entry[1:len(entry)-1])
}

// sum adds a charge up.
func (c *consumed) sum(d consumed) {
	c.CapacityUnits += d.CapacityUnits
	c.Table.CapacityUnits += d.Table.CapacityUnits
	for _, of := range []struct {
		to, from *map[string]struct{ CapacityUnits float64 }
	}{
		{&c.GlobalSecondaryIndexes, &d.GlobalSecondaryIndexes}, {&c.LocalSecondaryIndexes, &d.LocalSecondaryIndexes},
	} {
		for name, units := range *of.from {
			if *of.to == nil {
				*of.to = map[string]struct{ CapacityUnits float64 }{}
			}
			units.CapacityUnits += (*of.to)[name].CapacityUnits
			(*of.to)[name] = units
		}
	}
}

// writeBatch does a BatchWriteItem whole and in parts, first as if its table were
// replicated.
func (p *pair) writeBatch(operation string, m map[string]json.RawMessage) bool {
	if operation != "BatchWriteItem" {
		return false
	}
	requests := parse[map[string][]writeRequest](p.t, m["RequestItems"])
	for table, entries := range requests {
		if q := p.replicated(table, entries); q != nil && q.batchAndParts(m["RequestItems"], requests) {
			q.single.AdvanceTo(q.single.Now().Add(time.Minute)) // what is on its way arrives
			q.other.AdvanceTo(q.other.Now().Add(time.Minute))
			q.sameState(m["RequestItems"])
			p.agreed["replicated"]++
		}
	}
	if p.batchAndParts(m["RequestItems"], requests) {
		p.agreed["success"]++
	}
	return true
}

// batchAndParts reports whether the batch is one that is served, and fails where
// its parts come to something else.
func (p *pair) batchAndParts(items json.RawMessage, requests map[string][]writeRequest) bool {
	request := fmt.Sprintf(`{"RequestItems":%s,"ReturnConsumedCapacity":"INDEXES"}`, items)
	whole := send(p.single, "BatchWriteItem", request)
	if whole.Status != 200 {
		return false
	}
	var sum consumed
	for table, entries := range requests {
		for _, entry := range entries {
			operation, body := entry.operation(table)
			sum.sum(must[struct{ ConsumedCapacity consumed }](p.t, p.other, operation, body).ConsumedCapacity)
		}
	}
	got := parse[struct{ ConsumedCapacity []consumed }](p.t, whole.Body).ConsumedCapacity
	if len(got) != 1 || fmt.Sprint(got[0]) != fmt.Sprint(sum) {
		p.t.Fatalf("%s\ncost %+v\nin parts %+v", request, got, sum)
	}
	p.sameState([]byte(request))
	return true
}

// replicated is a pair like p whose table has a replica that can have changed
// every other item of the entries; nil where it can have none.
func (p *pair) replicated(table string, entries []writeRequest) *pair {
	q := &pair{p.t, p.single.Fork(), p.other.Fork(), p.agreed}
	for _, e := range []*engine.Engine{q.single, q.other} {
		for _, what := range []string{`"BillingMode":"PAY_PER_REQUEST"`, `"ReplicaUpdates":[{"Create":{"RegionName":"ap-south-1"}}]`} {
			send(e, "UpdateTable", `{"TableName":"`+table+`",`+what+`}`)
			e.AdvanceTo(e.Now().Add(time.Minute))
		}
		e.SetLink(engine.LinkStep{From: "ap-south-1", To: engine.DefaultRegion, Both: true, What: "latency", Value: "10s"})
		for i, entry := range entries {
			if i%2 == 0 {
				operation, body := entry.operation(table)
				r := e.Handle(engine.Call{Target: engine.Target(operation), Region: "ap-south-1", Body: []byte(body)})
				if r.Status != 200 {
					return nil
				}
			}
		}
	}
	return q
}

// TestBatchWriteIsItsParts: a BatchWriteItem does and charges what its puts
// and deletes do one by one, in a replica too.
func TestBatchWriteIsItsParts(t *testing.T) {
	if agreed := forkEach(t, 400, 1500, (*pair).writeBatch); agreed["success"] < 20 || agreed["replicated"] < 10 {
		t.Errorf("the history came to %v", agreed)
	}
}

// readSeveral does a BatchGetItem or TransactGetItems whole and in parts; the
// history goes on with it all the same.
func (p *pair) readSeveral(operation string, m map[string]json.RawMessage) bool {
	var items, want []string
	switch operation {
	case "BatchGetItem":
		items, want = p.batchGet(m["RequestItems"])
	case "TransactGetItems":
		items, want = p.transactGet(m["TransactItems"])
	default:
		return false
	}
	if !slices.Equal(items, want) {
		p.t.Fatalf("%s: %s", mustJSON(p.t, m), firstDifference(items, want))
	}
	p.agreed[operation]++
	return false
}

func (p *pair) batchGet(requests json.RawMessage) (items, want []string) {
	type replies struct{ Responses map[string][]json.RawMessage }
	reply := must[replies](p.t, p.single, "BatchGetItem", fmt.Sprintf(`{"RequestItems":%s}`, requests))
	for table, request := range parse[map[string]map[string]json.RawMessage](p.t, requests) {
		for _, key := range parse[[]json.RawMessage](p.t, request["Keys"]) {
			one := maps.Clone(request)
			delete(one, "Keys")
			one["Key"], one["TableName"] = key, mustJSON(p.t, table)
			want = append(want, p.got(one)...)
		}
		for _, item := range reply.Responses[table] {
			items = append(items, string(item))
		}
	}
	return items, want
}

func (p *pair) transactGet(actions json.RawMessage) (items, want []string) {
	type replies struct {
		Responses []struct{ Item json.RawMessage }
	}
	reply := must[replies](p.t, p.single, "TransactGetItems", fmt.Sprintf(`{"TransactItems":%s}`, actions))
	for i, action := range parse[[]struct{ Get map[string]json.RawMessage }](p.t, actions) {
		want = append(want, p.got(action.Get)...)
		if item := reply.Responses[i].Item; item != nil {
			items = append(items, string(item))
		}
	}
	return items, want
}

// got is the item that a GetItem returns, if it returns one.
func (p *pair) got(request map[string]json.RawMessage) []string {
	reply := must[struct{ Item json.RawMessage }](p.t, p.other, "GetItem", string(mustJSON(p.t, request)))
	if reply.Item == nil {
		return nil
	}
	return []string{string(reply.Item)}
}

// TestReadsOfSeveral: BatchGetItem and TransactGetItems return what GetItem
// returns of each key.
func TestReadsOfSeveral(t *testing.T) {
	agreed := forkEach(t, 500, 1500, (*pair).readSeveral)
	if agreed["BatchGetItem"] < 10 || agreed["TransactGetItems"] < 10 {
		t.Errorf("the history came to %v", agreed)
	}
}
