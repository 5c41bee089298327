package engine_test

import (
	"encoding/json"
	"fmt"
	"math"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/sortkey/sortkey/engine"
	"github.com/sortkey/sortkey/engine/enginetest"
)

// streamed is the request that makes Tab, with a stream of a view.
func streamed(billing, view string) string {
	return `{"TableName":"Tab",` + billing + `,"AttributeDefinitions":[{"AttributeName":"pk","AttributeType":"S"},{"AttributeName":"sk","AttributeType":"N"}],` +
		`"KeySchema":[{"AttributeName":"pk","KeyType":"HASH"},{"AttributeName":"sk","KeyType":"RANGE"}],` +
		`"StreamSpecification":{"StreamEnabled":true,"StreamViewType":"` + view + `"}}`
}

const (
	onDemand  = `"BillingMode":"PAY_PER_REQUEST"`
	streamARN = "arn:aws:dynamodb:us-east-1:000000000000:table/Tab/stream/2026-01-01T00:00:00.000"
)

func putRow(pk string, sk int, more string) string {
	return fmt.Sprintf(`{"TableName":"Tab","Item":{"pk":{"S":"%s"},"sk":{"N":"%d"}%s}}`, pk, sk, more)
}

// got is one record as GetRecords replies it.
type got struct {
	EventID, EventName string
	Dynamodb           struct {
		Keys, OldImage, NewImage json.RawMessage
		SequenceNumber           string
		SizeBytes                int
	}
	UserIdentity *struct{ Type, PrincipalId string }
}

// page reads one page and returns the next iterator, "" where there is none.
func page(f *enginetest.Fixture, iterator string, limit int) (records []got, next string) {
	var reply struct {
		Records           []got
		NextShardIterator string
	}
	f.Into(&reply, "GetRecords", fmt.Sprintf(`{"ShardIterator":"%s","Limit":%d}`, iterator, limit))
	return reply.Records, reply.NextShardIterator
}

// iteratorOf asks for an iterator; kind is a type with its members.
func iteratorOf(f *enginetest.Fixture, shard, kind string) string {
	var reply struct{ ShardIterator string }
	f.Into(&reply, "GetShardIterator", `{"StreamArn":"`+streamARN+`","ShardId":"`+shard+`","ShardIteratorType":`+kind+`}`)
	return reply.ShardIterator
}

// everything reads all records of Tab's stream, shard by shard in the order of
// their ids.
func everything(t *testing.T, f *enginetest.Fixture) []got {
	t.Helper()
	var all []got
	for _, sh := range shards(t, f) {
		next := iteratorOf(f, sh.ID, `"TRIM_HORIZON"`)
		for {
			records, more := page(f, next, 1000)
			all = append(all, records...)
			if more == "" || len(records) == 0 {
				break
			}
			next = more
		}
	}
	return all
}

// shards are the shards of Tab's stream.
func shards(t *testing.T, f *enginetest.Fixture) []engine.ShardInfo {
	t.Helper()
	for _, st := range f.Streams("") {
		if st.ARN == streamARN {
			return st.Shards
		}
	}
	t.Fatal("Tab has no stream")
	return nil
}

// TestShardsOfPartitions: a stream begins with a shard for each partition, and
// a record is in the shard of its item's hash, also when partitions split.
func TestShardsOfPartitions(t *testing.T) {
	f := enginetest.New(t)
	f.Must("CreateTable", streamed(`"ProvisionedThroughput":{"ReadCapacityUnits":30000,"WriteCapacityUnits":10}`, "KEYS_ONLY"))
	list := shards(t, f)
	if n := f.Tables("")[0].Partitions; n != 11 || len(list) != n {
		t.Fatalf("%d shards for %d partitions", len(list), n)
	}
	if err := f.Split(engine.Split{Table: "Tab", Partition: 10}); err != nil {
		t.Fatal(err)
	}
	for i := range 300 {
		f.Must("PutItem", putRow("p"+strconv.Itoa(i), 1, ""))
	}
	list = shards(t, f)
	if len(list) != 13 || list[11].Parent != list[10].ID || list[12].Parent != list[10].ID || list[10].Last == "" || list[12].Partition != 11 {
		t.Errorf("after the split of the last: %+v", list)
	}
	next := uint64(0)
	for _, sh := range list {
		if sh.Closed.IsZero() != (sh.Partition >= 0) {
			t.Errorf("%+v is of a partition and closed", sh)
		}
		if sh.Partition < 0 {
			continue
		}
		if sh.From != next || sh.Records == 0 {
			t.Errorf("%s begins at %x, has %d records; the one before ends at %x", sh.ID, sh.From, sh.Records, next)
		}
		next = sh.To + 1
	}
	if next != 0 {
		t.Errorf("the last shard ends before %x", next)
	}
}

// TestSplitRefuses what is no partition.
func TestSplitRefuses(t *testing.T) {
	f := enginetest.New(t)
	f.Must("CreateTable", streamed(onDemand, "KEYS_ONLY"))
	before := f.StateHash()
	for _, p := range []engine.Split{{Table: "None"}, {Table: "Tab", Partition: -1}, {Table: "Tab", Partition: 4}, {Table: "Tab", Region: "eu-west-1"}} {
		if err := f.Split(p); err == nil {
			t.Errorf("%+v is split", p)
		}
	}
	if f.StateHash() != before {
		t.Error("a refused split changed the engine")
	}
	for range 64 { // until the first has one hash
		_ = f.Split(engine.Split{Table: "Tab"})
	}
	if got := f.Tables("")[0].Partitions; got != 4+62 {
		t.Errorf("%d partitions", got)
	}
}

// TestRecordPages: a page ends before 1 MB of SizeBytes or at 1,000 records,
// but has at least one.
func TestRecordPages(t *testing.T) {
	f := enginetest.New(t)
	f.Must("CreateTable", streamed(`"ProvisionedThroughput":{"ReadCapacityUnits":5,"WriteCapacityUnits":5}`, "NEW_AND_OLD_IMAGES"))
	for i := range 2100 {
		f.Must("PutItem", putRow("small", i, ""))
	}
	for i := range 8 {
		f.Must("PutItem", putRow("big", i%2, `,"x":{"S":"`+strings.Repeat(strconv.Itoa(i), 390_000)+`"}`))
	}
	next := iteratorOf(f, shards(t, f)[0].ID, `"TRIM_HORIZON"`)
	var sizes []int
	total := 0
	for {
		records, more := page(f, next, 1000)
		if len(records) == 0 {
			break
		}
		bytes := 0
		for _, r := range records {
			bytes += r.Dynamodb.SizeBytes
		}
		if bytes > 1<<20 {
			t.Errorf("%d records have %d bytes", len(records), bytes)
		}
		sizes, total, next = append(sizes, len(records)), total+len(records), more
	}
	if want := []int{1000, 1000, 102, 1, 1, 1, 1, 1, 1}; total != 2108 || !slices.Equal(sizes, want) {
		t.Errorf("pages of %v, want %v", sizes, want)
	}
}

// TestReplayStream writes the images of a NEW_AND_OLD_IMAGES stream to an empty
// table: after every record the table is what the source was then, and each
// OldImage is what lies there.
func TestReplayStream(t *testing.T) {
	source := enginetest.New(t)
	source.Must("CreateTable", streamed(onDemand, "NEW_AND_OLD_IMAGES"))
	r := &enginetest.Random{State: 8}
	var states []string // of the source, after each write that changed it
	for i := range 400 {
		streamWrite(source, r, i)
		if all := scanTab(source); len(states) == 0 && all != "[]" || len(states) > 0 && states[len(states)-1] != all {
			states = append(states, all)
		}
		if i%60 == 59 {
			if err := source.Split(engine.Split{Table: "Tab", Partition: r.Below(4)}); err != nil {
				t.Fatal(err)
			}
		}
		if i%90 == 89 {
			source.Pass(4 * time.Hour)
		}
	}
	records := everything(t, source)
	slices.SortFunc(records, func(a, b got) int { return strings.Compare(a.Dynamodb.SequenceNumber, b.Dynamodb.SequenceNumber) })
	copied := enginetest.New(t)
	copied.Must("CreateTable", streamed(onDemand, "KEYS_ONLY"))
	at := 0
	for _, x := range records {
		if was := itemAt(copied, string(x.Dynamodb.Keys)); was != string(x.Dynamodb.OldImage) {
			t.Fatalf("record %s has the old image %s, there is %s", x.EventID, x.Dynamodb.OldImage, was)
		}
		applyRecord(copied, x)
		if all := scanTab(copied); at < len(states) && all == states[at] {
			at++
		}
	}
	if at != len(states) || scanTab(copied) != scanTab(source) {
		t.Errorf("the copy has been in %d of %d states, and ends with\n%s\nwant\n%s", at, len(states), scanTab(copied), scanTab(source))
	}
}

// streamWrite is one random write; batches and transactions change one item
// at a time here, so that each state of the source can be told.
func streamWrite(f *enginetest.Fixture, r *enginetest.Random, i int) {
	pk, sk := "p"+strconv.Itoa(r.Below(9)), r.Below(4)
	key := fmt.Sprintf(`{"pk":{"S":"%s"},"sk":{"N":"%d"}}`, pk, sk)
	item := fmt.Sprintf(`{"pk":{"S":"%s"},"sk":{"N":"%d"},"v":{"N":"%d"},"l":{"L":[{"S":"é%d"}]}}`, pk, sk, r.Below(3), i%2)
	switch r.Below(6) {
	case 0:
		f.Must("DeleteItem", `{"TableName":"Tab","Key":`+key+`}`)
	case 1:
		f.Must("UpdateItem", `{"TableName":"Tab","Key":`+key+`,"UpdateExpression":"ADD v :one","ExpressionAttributeValues":{":one":{"N":"1"}}}`)
	case 2:
		f.Must("BatchWriteItem", `{"RequestItems":{"Tab":[{"PutRequest":{"Item":`+item+`}}]}}`)
	case 3:
		f.Must("TransactWriteItems", `{"TransactItems":[{"Put":{"TableName":"Tab","Item":`+item+`}}]}`)
	case 4:
		f.Must("UpdateItem", `{"TableName":"Tab","Key":`+key+`,"UpdateExpression":"REMOVE v, l"}`)
	default:
		f.Must("PutItem", `{"TableName":"Tab","Item":`+item+`}`)
	}
}

func scanTab(f *enginetest.Fixture) string {
	var reply struct{ Items json.RawMessage }
	f.Into(&reply, "Scan", `{"TableName":"Tab"}`)
	return string(reply.Items)
}

func itemAt(f *enginetest.Fixture, key string) string {
	var reply struct{ Item json.RawMessage }
	f.Into(&reply, "GetItem", `{"TableName":"Tab","Key":`+key+`}`)
	return string(reply.Item)
}

func applyRecord(f *enginetest.Fixture, x got) {
	if x.EventName == "REMOVE" {
		f.Must("DeleteItem", `{"TableName":"Tab","Key":`+string(x.Dynamodb.Keys)+`}`)
		return
	}
	f.Must("PutItem", `{"TableName":"Tab","Item":`+string(x.Dynamodb.NewImage)+`}`)
}

// TestRetentionBoundsMemory writes 100,000 changes over ten days and reads them
// all, each day's before it is trimmed. What is kept is never more than a day's.
func TestRetentionBoundsMemory(t *testing.T) {
	long(t)
	f := enginetest.New(t)
	f.Must("CreateTable", streamed(onDemand, "NEW_AND_OLD_IMAGES"))
	const changes, hours = 100_000, 240
	big := strings.Repeat("x", 200)
	seen, most := map[string]bool{}, 0
	var early uint64
	for hour := range hours {
		for i := range changes / hours {
			n := hour*(changes/hours) + i
			f.Must("PutItem", putRow("p"+strconv.Itoa(n%50), 1, `,"x":{"S":"`+strconv.Itoa(n)+big+`"}`))
		}
		f.Pass(time.Hour)
		if hour%20 == 19 {
			for _, r := range everything(t, f) {
				seen[r.EventID] = true
			}
		}
		if most = max(most, f.Streams("")[0].Records); hour == 48 {
			early = heap()
		}
	}
	if want := changes / hours * hours; len(seen) != want {
		t.Errorf("%d different records of %d were read", len(seen), want)
	}
	if day := changes / hours * 24; most > day {
		t.Errorf("%d records are kept, of a day's %d", most, day)
	}
	st := f.Streams("")[0]
	if int(st.TrimmedRecords)+st.Records != changes/hours*hours || st.TrimmedShards == 0 || len(st.Shards) > 4*8 {
		t.Errorf("%d records trimmed, %d kept; %d shards trimmed, %d kept", st.TrimmedRecords, st.Records, st.TrimmedShards, len(st.Shards))
	}
	clear(seen)
	if late := heap(); late > early+early/4 {
		t.Errorf("%d bytes after ten days, %d after two", late, early)
	}
	runtime.KeepAlive(f)
}

// TestIteratorsAreStateless: an iterator serves as often as one likes, in a
// fork and in what a snapshot restores; an engine of another seed takes none.
func TestIteratorsAreStateless(t *testing.T) {
	f := enginetest.New(t)
	f.Must("CreateTable", streamed(onDemand, "NEW_IMAGE"))
	for i := range 40 {
		f.Must("PutItem", putRow("p"+strconv.Itoa(i), 1, ""))
	}
	sh := shards(t, f)[0]
	it := iteratorOf(f, sh.ID, `"TRIM_HORIZON"`)
	if len(it) > 2048 {
		t.Errorf("an iterator of %d bytes", len(it))
	}
	hash, want := f.StateHash(), f.Must("GetRecords", `{"ShardIterator":"`+it+`"}`)
	restored, err := engine.Restore(f.AppendSnapshot(nil))
	if err != nil {
		t.Fatal(err)
	}
	for name, e := range map[string]*enginetest.Fixture{"again": f, "fork": enginetest.Wrap(t, f.Fork()), "restored": enginetest.Wrap(t, restored)} {
		if got := e.Must("GetRecords", `{"ShardIterator":"`+it+`"}`); got != want || e.StateHash() != hash {
			t.Errorf("%s: %s", name, got)
		}
	}
	other := enginetest.With(t, engine.Options{Seed: 1})
	other.Must("CreateTable", streamed(onDemand, "NEW_IMAGE"))
	for _, bad := range []string{it[:len(it)-1], it + "=", strings.Replace(it, "|1|", "|2|", 1), strings.Replace(it, "Tab", "Tub", 1), "|1|", ""} {
		if r := f.Do("GetRecords", `{"ShardIterator":"`+bad+`"}`); r.Status != 400 || !strings.Contains(string(r.Body), "ValidationException") {
			t.Errorf("%s is taken for an iterator: %s", bad, r.Body)
		}
	}
	if text := other.Refused("GetRecords", `{"ShardIterator":"`+it+`"}`); text != "ValidationException: Invalid ShardIterator" {
		t.Errorf("another engine says %s", text)
	}
	if !strings.HasPrefix(sh.First, "1") || len(sh.First) < 21 || len(sh.First) > 40 || len(sh.ID) < 28 || len(sh.ID) > 65 {
		t.Errorf("%+v", sh)
	}
}

// TestStreamForks: what happens to a stream in a fork, the original does not
// see, and a fork costs no more for having many records.
func TestStreamForks(t *testing.T) {
	cost := func(records int) float64 {
		f := enginetest.New(t)
		f.Must("CreateTable", streamed(onDemand, "NEW_IMAGE"))
		for i := range records {
			f.Must("PutItem", putRow("p", 1, `,"v":{"N":"`+strconv.Itoa(i)+`"}`))
		}
		before := f.StateHash()
		fork := enginetest.Wrap(t, f.Fork())
		fork.Must("PutItem", putRow("p", 2, ""))
		if err := fork.Split(engine.Split{Table: "Tab", Partition: 2}); err != nil {
			t.Fatal(err)
		}
		fork.Pass(30 * time.Hour)
		if f.StateHash() != before || f.Streams("")[0].Records != records || fork.Streams("")[0].Records != 0 {
			t.Error("a fork's stream is the original's")
		}
		return testing.AllocsPerRun(20, func() { f.Fork() })
	}
	if few, many := cost(1), cost(2000); many > few {
		t.Errorf("a fork with 2,000 records takes %.0f allocations, with one %.0f", many, few)
	}
}

// TestTimestamps: AT_TIMESTAMP takes any number there is.
func TestTimestamps(t *testing.T) {
	f := enginetest.New(t)
	f.Must("CreateTable", streamed(onDemand, "NEW_IMAGE"))
	id := shards(t, f)[0].ID
	for _, past := range []string{"-5", "0", "1e3", "1.7672255999e9", "1767225600", "1767225600.0009", "-1e400", strconv.Itoa(math.MinInt64)} {
		iteratorOf(f, id, `"AT_TIMESTAMP","Timestamp":`+past)
	}
	for _, future := range []string{"1767225600.001", "1767225601", "1e300", strconv.Itoa(math.MaxInt64), "1.7672256001e9"} {
		body := `{"StreamArn":"` + streamARN + `","ShardId":"` + id + `","ShardIteratorType":"AT_TIMESTAMP","Timestamp":` + future + `}`
		if text := f.Refused("GetShardIterator", body); !strings.Contains(text, "future") {
			t.Errorf("%s: %s", future, text)
		}
	}
}
