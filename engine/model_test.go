package engine_test

import (
	"encoding/json"
	"fmt"
	"reflect"
	"sort"
	"strconv"
	"strings"
	"testing"

	"github.com/sortkey/sortkey/engine"
	"github.com/sortkey/sortkey/engine/enginetest"
)

// The model is a map of items and sorts it anew for every read. Random
// operations go to the engine and to the model, and whatever is read, page by
// page in any page size and direction, has to be the same.

// record is one item of table Tab: pk and sk, and g and r where it has them.
type record struct {
	pk   string
	sk   int
	g    string // "" for none
	r    int    // absent for none
	v    int    // a counter, 0 for none
	text string
}

const absent = -1 << 31

type model map[[2]string]*record

func modelKey(pk string, sk int) [2]string { return [2]string{pk, strconv.Itoa(sk)} }

// item is the record's JSON as the engine writes it.
func (m *record) item() string {
	var s strings.Builder
	s.WriteString("{")
	if m.g != "" {
		fmt.Fprintf(&s, `"g":{"S":"%s"},`, m.g)
	}
	fmt.Fprintf(&s, `"pk":{"S":"%s"},`, m.pk)
	if m.r != absent {
		fmt.Fprintf(&s, `"r":{"N":"%d"},`, m.r)
	}
	fmt.Fprintf(&s, `"sk":{"N":"%d"},`, m.sk)
	if m.text != "" {
		fmt.Fprintf(&s, `"text":{"S":"%s"},`, m.text)
	}
	if m.v != 0 {
		fmt.Fprintf(&s, `"v":{"N":"%d"},`, m.v)
	}
	return strings.TrimSuffix(s.String(), ",") + "}"
}

// entry is what the index keeps of the record.
func (m *record) entry(index string) string {
	c := *m
	switch index {
	case "byR", "local":
		c.g, c.v, c.text = "", 0, ""
	}
	return c.item()
}

func (m *record) in(index string) bool {
	switch index {
	case "byG":
		return m.g != "" && m.r != absent
	case "byR", "local":
		return m.r != absent
	}
	return true
}

// choice is one Query: an index, the value of its partition key, and the
// bounds of its sort key (a number), both inclusive.
type choice struct {
	index     string
	hash      string // as JSON
	low, high int
	reverse   bool
}

func (m *record) hash(index string) string {
	switch index {
	case "byG":
		return `{"S":"` + m.g + `"}`
	case "byR":
		return `{"N":"` + strconv.Itoa(m.r) + `"}`
	}
	return `{"S":"` + m.pk + `"}`
}

// sortKey is the number an index sorts a partition by; byR has none.
func (m *record) sortKey(index string) int {
	switch index {
	case "":
		return m.sk
	case "byR":
		return 0
	}
	return m.r
}

// query answers from the model; among equal sort keys the order is the
// engine's own, so the records of a run of equal keys are sorted by their text.
func (md model) query(c choice) []string {
	var hits []*record
	for _, m := range md {
		if k := m.sortKey(c.index); m.in(c.index) && m.hash(c.index) == c.hash && k >= c.low && k <= c.high {
			hits = append(hits, m)
		}
	}
	sort.Slice(hits, func(i, j int) bool {
		a, b := hits[i].sortKey(c.index), hits[j].sortKey(c.index)
		if a != b {
			return a < b != c.reverse
		}
		return hits[i].entry(c.index) < hits[j].entry(c.index)
	})
	var texts []string
	for _, m := range hits {
		texts = append(texts, m.entry(c.index))
	}
	return texts
}

type pageReply struct {
	Items            []json.RawMessage
	Count            int
	ScannedCount     int
	LastEvaluatedKey json.RawMessage
}

// collect reads all pages of a Query or Scan; request is the body without its
// closing brace.
func collect(t *testing.T, f *enginetest.Fixture, operation, request string, limit int) []string {
	t.Helper()
	var all []string
	start := ""
	for pages := 0; ; pages++ {
		var p pageReply
		body := request + start
		if limit > 0 {
			body += fmt.Sprintf(`,"Limit":%d`, limit)
		}
		f.Into(&p, operation, body+"}")
		if limit > 0 && p.ScannedCount > limit || p.Count != len(p.Items) || pages > 10_000 {
			t.Fatalf("%s: page %d has %d items, %d scanned, limit %d", body, pages, len(p.Items), p.ScannedCount, limit)
		}
		for _, item := range p.Items {
			all = append(all, string(item))
		}
		if p.LastEvaluatedKey == nil {
			return all
		}
		start = `,"ExclusiveStartKey":` + string(p.LastEvaluatedKey)
	}
}

// settle sorts runs of items with equal sort keys by their text.
func settle(index string, items []string) []string {
	key := map[string]string{"": "sk", "byG": "r", "local": "r"}[index]
	number := func(s string) string {
		var v map[string]map[string]string
		if key == "" || json.Unmarshal([]byte(s), &v) != nil {
			return ""
		}
		return v[key]["N"]
	}
	for i := 0; i < len(items); {
		j := i + 1
		for j < len(items) && number(items[j]) == number(items[i]) {
			j++
		}
		sort.Strings(items[i:j])
		i = j
	}
	return items
}

func TestAgainstModel(t *testing.T) {
	for seed := range uint64(3) {
		for _, degree := range []int{2, 0} {
			t.Run(fmt.Sprintf("seed %d degree %d", seed, degree), func(t *testing.T) {
				f := enginetest.With(t, engine.Options{Degree: degree})
				f.Must("CreateTable", indexed)
				r := &enginetest.Random{State: seed}
				md := model{}
				for i := range 800 {
					mutate(t, f, r, md)
					if i%10 == 9 {
						compareQuery(t, f, r, md)
					}
					if i%50 == 49 {
						compareScan(t, f, r, md)
						if err := f.Check(); err != nil {
							t.Fatal(err)
						}
					}
				}
			})
		}
	}
}

// mutate does one random write to both.
func mutate(t *testing.T, f *enginetest.Fixture, r *enginetest.Random, md model) {
	t.Helper()
	pk, sk := fmt.Sprintf("p%d", r.Below(5)), r.Below(30)-10
	k := modelKey(pk, sk)
	key := fmt.Sprintf(`"TableName":"Tab","Key":{"pk":{"S":"%s"},"sk":{"N":"%d"}}`, pk, sk)
	old := md[k]
	switch r.Below(8) {
	case 0, 1, 2:
		m := &record{pk: pk, sk: sk, r: absent, text: strings.Repeat("x", r.Below(4))}
		if r.Below(3) > 0 {
			m.g = enginetest.Pick(r, []string{"A", "B"})
		}
		if r.Below(3) > 0 {
			m.r = r.Below(6) - 2
		}
		f.Must("PutItem", `{"TableName":"Tab","Item":`+m.item()+"}")
		md[k] = m
	case 3, 4:
		c := record{pk: pk, sk: sk, r: absent}
		if old != nil {
			c = *old
		}
		c.v++
		c.r = r.Below(6) - 2
		update := fmt.Sprintf(`"UpdateExpression":"SET v = if_not_exists(v, :zero) + :one, r = :r","ExpressionAttributeValues":{":zero":{"N":"0"},":one":{"N":"1"},":r":{"N":"%d"}}`, c.r)
		got := f.Must("UpdateItem", "{"+key+","+update+`,"ReturnValues":"ALL_NEW"}`)
		if want := `{"Attributes":` + c.item() + "}"; got != want {
			t.Fatalf("update gave %s, want %s", got, want)
		}
		md[k] = &c
	case 5:
		f.Must("UpdateItem", "{"+key+`,"UpdateExpression":"REMOVE g, #t","ExpressionAttributeNames":{"#t":"text"}}`)
		if old != nil {
			c := *old
			c.g, c.text = "", ""
			md[k] = &c
		}
	case 6:
		got := f.Must("DeleteItem", "{"+key+`,"ReturnValues":"ALL_OLD"}`)
		if want := attributesOf(old); got != want {
			t.Fatalf("delete gave %s, want %s", got, want)
		}
		delete(md, k)
	case 7:
		got := f.Do("DeleteItem", "{"+key+`,"ConditionExpression":"attribute_exists(r) AND r < :r","ExpressionAttributeValues":{":r":{"N":"0"}}}`)
		if passes := old != nil && old.r != absent && old.r < 0; passes != (got.Status == 200) {
			t.Fatalf("conditional delete of %+v: %d %s", old, got.Status, got.Body)
		} else if passes {
			delete(md, k)
		}
	}
}

func attributesOf(m *record) string {
	if m == nil {
		return "{}"
	}
	return `{"Attributes":` + m.item() + "}"
}

func compareQuery(t *testing.T, f *enginetest.Fixture, r *enginetest.Random, md model) {
	t.Helper()
	c := choice{low: absent + 1, high: 1 << 30, reverse: r.Below(2) == 0}
	names := map[string]string{"": "pk", "byG": "g", "byR": "r", "local": "pk"}
	c.index = enginetest.Pick(r, []string{"", "byG", "byR", "local"})
	switch c.index {
	case "byG":
		c.hash = enginetest.Pick(r, []string{`{"S":"A"}`, `{"S":"B"}`})
	case "byR":
		c.hash = fmt.Sprintf(`{"N":"%d"}`, r.Below(6)-2)
	default:
		c.hash = fmt.Sprintf(`{"S":"p%d"}`, r.Below(5))
	}
	cond, values, index := names[c.index]+" = :h", `":h":`+c.hash, ""
	if c.index != "" {
		index = `"IndexName":"` + c.index + `",`
	}
	if c.index != "byR" && r.Below(2) == 0 {
		c.low = r.Below(20) - 10
		c.high = c.low + r.Below(15)
		cond += " AND " + map[string]string{"": "sk", "byG": "r", "local": "r"}[c.index] + " BETWEEN :l AND :u"
		values += fmt.Sprintf(`,":l":{"N":"%d"},":u":{"N":"%d"}`, c.low, c.high)
	}
	request := fmt.Sprintf(`{"TableName":"Tab",%s"KeyConditionExpression":"%s","ExpressionAttributeValues":{%s},"ScanIndexForward":%v`, index, cond, values, !c.reverse)
	got := settle(c.index, collect(t, f, "Query", request, r.Below(6)))
	if want := md.query(c); !reflect.DeepEqual(got, want) {
		t.Fatalf("%s\ngot  %v\nwant %v", request, got, want)
	}
}

// compareScan reads everything, whole or in segments, with every index.
func compareScan(t *testing.T, f *enginetest.Fixture, r *enginetest.Random, md model) {
	t.Helper()
	for _, index := range []string{"", "byG", "byR", "local"} {
		request, limit, segments := `{"TableName":"Tab"`, r.Below(6), 1+r.Below(9)
		if index != "" {
			request += `,"IndexName":"` + index + `"`
		}
		var got, want []string
		for i := range segments {
			got = append(got, collect(t, f, "Scan", fmt.Sprintf(`%s,"TotalSegments":%d,"Segment":%d`, request, segments, i), limit)...)
		}
		if whole := collect(t, f, "Scan", request, limit); !reflect.DeepEqual(whole, got) {
			t.Fatalf("%d segments of %q hold\n%v\nthe whole scan has\n%v", segments, index, got, whole)
		}
		for _, m := range md {
			if m.in(index) {
				want = append(want, m.entry(index))
			}
		}
		sort.Strings(got)
		sort.Strings(want)
		if !reflect.DeepEqual(got, want) {
			t.Fatalf("scan of %q\ngot  %v\nwant %v", index, got, want)
		}
	}
}
