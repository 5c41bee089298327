package engine_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"sort"
	"strings"
	"testing"

	"github.com/sortkey/sortkey/engine"
	"github.com/sortkey/sortkey/engine/enginetest"
)

// Metamorphic tests: no answer is known beforehand, but two requests have to
// agree about whatever a generated history has left behind.

// described is what DescribeTable says of a table, as far as reads go.
type described struct {
	TableName   string
	TableStatus string
	KeySchema   []schemaElement

	GlobalSecondaryIndexes, LocalSecondaryIndexes []describedIndex
}

type schemaElement struct{ AttributeName, KeyType string }

type describedIndex struct {
	IndexName   string
	IndexStatus string
	KeySchema   []schemaElement
	Projection  struct {
		ProjectionType   string
		NonKeyAttributes []string
	}
}

// aTree is what a read can be of: a table or one of its indexes.
type aTree struct {
	table, index string
	local        bool
	hash, sort   []string // key attributes
	holds        []string // attributes of the items, nil for all
}

func (x aTree) String() string { return x.table + "." + x.index }

// request opens a request of the tree; the members behind it begin with commas.
func (x aTree) request() string {
	s := `{"TableName":"` + x.table + `"`
	if x.index != "" {
		s += `,"IndexName":"` + x.index + `"`
	}
	return s
}

func names(elements []schemaElement, kind string) []string {
	var list []string
	for _, e := range elements {
		if e.KeyType == kind {
			list = append(list, e.AttributeName)
		}
	}
	return list
}

// indexTree is the tree of an index of a table.
func (d *described) indexTree(i describedIndex, local bool) aTree {
	x := aTree{table: d.TableName, index: i.IndexName, local: local, hash: names(i.KeySchema, "HASH"), sort: names(i.KeySchema, "RANGE")}
	if i.Projection.ProjectionType != "ALL" {
		x.holds = slices.Concat(x.hash, x.sort, names(d.KeySchema, "HASH"), names(d.KeySchema, "RANGE"), i.Projection.NonKeyAttributes)
	}
	return x
}

// trees are all trees of the active tables of the default region.
func trees(f *enginetest.Fixture) []aTree {
	var list struct{ TableNames []string }
	f.Into(&list, "ListTables", "{}")
	var all []aTree
	for _, name := range list.TableNames {
		var reply struct{ Table described }
		f.Into(&reply, "DescribeTable", `{"TableName":"`+name+`"}`)
		d := &reply.Table
		if d.TableStatus != "ACTIVE" {
			continue
		}
		all = append(all, aTree{table: name, hash: names(d.KeySchema, "HASH"), sort: names(d.KeySchema, "RANGE")})
		for _, i := range d.GlobalSecondaryIndexes {
			if i.IndexStatus == "ACTIVE" {
				all = append(all, d.indexTree(i, false))
			}
		}
		for _, i := range d.LocalSecondaryIndexes {
			all = append(all, d.indexTree(i, true))
		}
	}
	return all
}

// atOnce is a generated history, all of it in the default region, where reads
// and indexes are never behind, transactions are over when they are done, and
// nothing is counted: no table is throttled or scaled, nor replicated.
func atOnce(seed uint64, steps int) *engine.History {
	h := enginetest.Generate(seed, steps)
	h.Steps = slices.DeleteFunc(h.Steps, func(s engine.Step) bool {
		return s.Set.Name != "" || s.Load.Name != "" || s.Stop.Name != "" || s.Commit != "" || s.Cancel != "" || s.Call.Target == engine.Target("RegisterScalableTarget") ||
			bytes.Contains(s.Call.Body, []byte("ReplicaUpdates"))
	})
	for i := range h.Steps {
		h.Steps[i].Call.Region, h.Steps[i].Call.Hold, h.Steps[i].Split.Region = "", "", ""
		h.Steps[i].Split.Partition = 0 // further ones may be there only where tables are throttled
	}
	return h
}

// everyTree runs a test on every tree that several histories leave behind, and
// sees that they were worth it.
func everyTree(t *testing.T, test func(t *testing.T, f *enginetest.Fixture, x aTree)) {
	seen := map[string]bool{}
	for seed := range uint64(3) {
		e, _ := run(t, atOnce(100+seed, 1500))
		f := enginetest.Wrap(t, e)
		for _, x := range trees(f) {
			if len(collect(t, f, "Scan", x.request(), 0)) > 1 {
				seen[x.index] = true
			}
			test(t, f, x)
		}
	}
	if len(seen) < 6 {
		t.Errorf("the histories filled %v only", slices.Collect(maps.Keys(seen)))
	}
}

// partitions are the conditions on the partition key, as members of a Query,
// that find something in the tree.
func partitions(t *testing.T, f *enginetest.Fixture, x aTree) []string {
	t.Helper()
	seen := map[string]bool{}
	var list []string
	for _, item := range collect(t, f, "Scan", x.request(), 0) {
		var condition, values []string
		for i, name := range x.hash {
			condition = append(condition, fmt.Sprintf("%s = :h%d", name, i))
			values = append(values, fmt.Sprintf(`":h%d":%s`, i, attributesIn(t, item)[name]))
		}
		text := fmt.Sprintf(`,"KeyConditionExpression":"%s","ExpressionAttributeValues":{%s`, strings.Join(condition, " AND "), strings.Join(values, ","))
		if !seen[text] {
			seen[text] = true
			list = append(list, text)
		}
	}
	return list
}

func attributesIn(t *testing.T, item string) map[string]json.RawMessage {
	t.Helper()
	var m map[string]json.RawMessage
	if err := json.Unmarshal([]byte(item), &m); err != nil {
		t.Fatal(err)
	}
	return m
}

// filters are conditions on attributes that the generator makes, each true of
// some items and false of others.
var someFilters = []struct{ name, value string }{{"x", `{"S":"x2"}`}, {"n", `{"N":"5"}`}, {"pk", `{"S":"p4"}`}}

// filter is a condition, with its value, on an attribute that reads of the
// tree may be filtered by.
func (x aTree) filter() (condition, value string) {
	for _, c := range someFilters {
		isKey := slices.Contains(x.hash, c.name) || slices.Contains(x.sort, c.name)
		if !isKey && (x.holds == nil || x.local || slices.Contains(x.holds, c.name)) {
			return c.name + " > :x", `":x":` + c.value
		}
	}
	panic("nothing to filter " + x.String() + " by")
}

// readsOf are requests, without their closing brace, that read the tree whole or
// a partition of it, filtered or not.
func readsOf(t *testing.T, f *enginetest.Fixture, x aTree) (queries, scans []string) {
	t.Helper()
	condition, value := x.filter()
	filter := `,"FilterExpression":"` + condition + `"`
	for _, p := range partitions(t, f, x) {
		queries = append(queries, x.request()+p+"}", x.request()+p+","+value+"}"+filter)
	}
	return queries, []string{x.request(), x.request() + `,"ExpressionAttributeValues":{` + value + "}" + filter}
}

// TestPagesMakeOnePage: pages of any size, put together, are the page without
// a limit, forwards and backwards, and backwards is the reverse of forwards.
func TestPagesMakeOnePage(t *testing.T) {
	long(t)
	everyTree(t, func(t *testing.T, f *enginetest.Fixture, x aTree) {
		queries, scans := readsOf(t, f, x)
		for _, request := range queries {
			if x.index == "" && x.sort == nil {
				continue // one item at most, which a query cannot start behind
			}
			ahead := inPages(t, f, "Query", request)
			back := inPages(t, f, "Query", request+`,"ScanIndexForward":false`)
			slices.Reverse(back)
			if !slices.Equal(ahead, back) {
				t.Fatalf("%s\nthe other way round, reversed: %s", request, firstDifference(back, ahead))
			}
		}
		for _, request := range scans {
			inPages(t, f, "Scan", request)
		}
	})
}

// inPages reads by pages of several sizes and sees that they say the same.
func inPages(t *testing.T, f *enginetest.Fixture, operation, request string) []string {
	t.Helper()
	whole := collect(t, f, operation, request, 0)
	for _, limit := range []int{1, 2, 7} {
		if pages := collect(t, f, operation, request, limit); !slices.Equal(pages, whole) {
			t.Fatalf("%s\nin pages of %d: %s", request, limit, firstDifference(pages, whole))
		}
	}
	return whole
}

// TestCounting: Select COUNT counts what the same read without it returns, and
// leaves off at the same key.
func TestCounting(t *testing.T) {
	everyTree(t, func(t *testing.T, f *enginetest.Fixture, x aTree) {
		queries, scans := readsOf(t, f, x)
		for operation, requests := range map[string][]string{"Query": queries, "Scan": scans} {
			for i, request := range requests {
				request += []string{"", `,"Limit":1`, `,"Limit":4`}[i%3]
				var items, count pageReply
				f.Into(&items, operation, request+"}")
				f.Into(&count, operation, request+`,"Select":"COUNT"}`)
				if items.Count != len(items.Items) {
					t.Fatalf("%s counts %d, has %d", request, items.Count, len(items.Items))
				}
				if items.Items = nil; !reflect.DeepEqual(items, count) {
					t.Fatalf("%s\nhas   %+v\ncount %+v", request, items, count)
				}
			}
		}
	})
}

// TestSegmentsPartition: the segments of a parallel scan, one after the other,
// are the whole scan, whatever their number.
func TestSegmentsPartition(t *testing.T) {
	long(t)
	everyTree(t, func(t *testing.T, f *enginetest.Fixture, x aTree) {
		_, scans := readsOf(t, f, x)
		for _, request := range scans {
			whole := collect(t, f, "Scan", request, 0)
			for _, n := range []int{1, 2, 3, 10, 64} {
				var parts []string
				for i := range n {
					parts = append(parts, collect(t, f, "Scan", fmt.Sprintf(`%s,"TotalSegments":%d,"Segment":%d`, request, n, i), i%3)...)
				}
				if !slices.Equal(parts, whole) {
					t.Fatalf("%s\nin %d segments: %s", request, n, firstDifference(parts, whole))
				}
			}
		}
	})
}

// TestIndexIsAFilter: an index holds the items of its table that have all its
// key attributes, and of them what it projects; and a query of it finds those
// of them that a scan of the table finds by the same values.
func TestIndexIsAFilter(t *testing.T) {
	everyTree(t, func(t *testing.T, f *enginetest.Fixture, x aTree) {
		if x.index == "" {
			return
		}
		base := aTree{table: x.table}.request()
		exist := make([]string, 0, 4)
		for _, name := range slices.Concat(x.hash, x.sort) {
			exist = append(exist, "attribute_exists("+name+")")
		}
		filter := fmt.Sprintf(`%s%s,"FilterExpression":"%s"`, base, x.projection(), strings.Join(exist, " AND "))
		sameItems(t, collect(t, f, "Scan", x.request(), 0), collect(t, f, "Scan", filter, 0), x.String())
		for _, p := range partitions(t, f, x) {
			rest := strings.TrimPrefix(p, `,"KeyConditionExpression":"`)
			scan := fmt.Sprintf(`%s%s,"FilterExpression":"%s AND %s}`, base, x.projection(), strings.Join(exist, " AND "), rest)
			sameItems(t, collect(t, f, "Query", x.request()+p+"}", 0), collect(t, f, "Scan", scan, 0), x.String()+p)
		}
	})
}

// projection asks for what the index projects.
func (x aTree) projection() string {
	if x.holds == nil {
		return ""
	}
	held := slices.Clone(x.holds)
	sort.Strings(held)
	return `,"ProjectionExpression":"` + strings.Join(slices.Compact(held), ", ") + `"`
}

func sameItems(t *testing.T, got, want []string, what string) {
	t.Helper()
	sort.Strings(got)
	sort.Strings(want)
	if !slices.Equal(got, want) {
		t.Fatalf("%s: %s", what, firstDifference(got, want))
	}
}

// TestProjectionPicks: a projection, and AttributesToGet, return of each item
// what one could have picked out of the whole.
func TestProjectionPicks(t *testing.T) {
	everyTree(t, func(t *testing.T, f *enginetest.Fixture, x aTree) {
		for _, wanted := range [][]string{{"x"}, {"m", "pk"}, {"l", "n", "zzz"}, {"g", "r", "ss"}} {
			if x.holds != nil && !x.local {
				wanted = slices.DeleteFunc(slices.Clone(wanted), func(name string) bool { return !slices.Contains(x.holds, name) })
			}
			if len(wanted) == 0 {
				continue
			}
			whole := x.request()
			if x.local {
				whole += `,"Select":"ALL_ATTRIBUTES"`
			}
			var want []string
			for _, item := range collect(t, f, "Scan", whole, 0) {
				m := attributesIn(t, item)
				maps.DeleteFunc(m, func(name string, _ json.RawMessage) bool { return !slices.Contains(wanted, name) })
				want = append(want, string(mustJSON(t, m)))
			}
			projected := fmt.Sprintf(`%s,"ProjectionExpression":"%s"`, x.request(), strings.Join(wanted, ","))
			named := fmt.Sprintf(`%s,"AttributesToGet":%s`, x.request(), mustJSON(t, wanted))
			for _, request := range []string{projected, named} {
				if got := collect(t, f, "Scan", request, 5); !slices.Equal(got, want) {
					t.Fatalf("%s: %s", request, firstDifference(got, want))
				}
			}
		}
	})
}

// firstDifference says where two lists of items part.
func firstDifference(got, want []string) string {
	i := 0
	for i < len(got) && i < len(want) && got[i] == want[i] {
		i++
	}
	return fmt.Sprintf("%d items, want %d; from %d on\n%.500s\nwant %.500s", len(got), len(want), i, got[i:], want[i:])
}
