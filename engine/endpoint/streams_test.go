package endpoint

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/dynamodbstreams"
	streamtypes "github.com/aws/aws-sdk-go-v2/service/dynamodbstreams/types"

	"github.com/sortkey/sortkey/engine"
	"github.com/sortkey/sortkey/engine/enginetest"
)

func newStreams(client *http.Client) *dynamodbstreams.Client {
	return dynamodbstreams.New(dynamodbstreams.Options{
		Region: "us-east-1", HTTPClient: client, RetryMaxAttempts: 1,
		Credentials: credentials.NewStaticCredentialsProvider("any", "thing", ""),
	})
}

// consumer follows a stream as the Kinesis Client Library does through its
// adapter: a lease for each shard, which remembers how far it was read; a shard
// is read when its parent has been read to the end, and its children come to
// light then.
type consumer struct {
	t       *testing.T
	streams *dynamodbstreams.Client
	arn     *string
	leases  map[string]*lease
	order   []string // of the leases
	events  map[string]bool
	seen    map[string][]string // by key: what happened to the item, in the order of reading
	last    map[string]string   // by key: the last sequence number
}

type lease struct {
	parent     string
	checkpoint string // the last sequence number read, "" at first
	iterator   *string
	done       bool
}

// discover makes leases for the shards that a DescribeStream lists.
func (c *consumer) discover(filter *streamtypes.ShardFilter) {
	var start *string
	for {
		out, err := c.streams.DescribeStream(c.t.Context(), &dynamodbstreams.DescribeStreamInput{
			StreamArn: c.arn, Limit: aws.Int32(3), ExclusiveStartShardId: start, ShardFilter: filter,
		})
		if err != nil {
			c.t.Fatal(err)
		}
		for _, sh := range out.StreamDescription.Shards {
			id, parent := *sh.ShardId, aws.ToString(sh.ParentShardId)
			if parent >= id {
				c.t.Errorf("shard %s comes before its parent %s", id, parent)
			}
			if c.leases[id] == nil {
				c.leases[id] = &lease{parent: parent}
				c.order = append(c.order, id)
			}
		}
		if start = out.StreamDescription.LastEvaluatedShardId; start == nil {
			return
		}
	}
}

// round reads at most one page of every shard that may be read, and tells
// whether it came any further.
func (c *consumer) round(limit int32) (further bool) {
	for _, id := range slices.Clone(c.order) {
		l := c.leases[id]
		if parent := c.leases[l.parent]; l.done || parent != nil && !parent.done {
			continue
		}
		before := len(c.events)
		if c.read(id, l, limit); l.done {
			c.discover(&streamtypes.ShardFilter{Type: streamtypes.ShardFilterTypeChildShards, ShardId: aws.String(id)})
		}
		further = further || l.done || len(c.events) > before
	}
	return further
}

func (c *consumer) read(id string, l *lease, limit int32) {
	if l.iterator == nil {
		c.place(id, l)
	}
	out, err := c.streams.GetRecords(c.t.Context(), &dynamodbstreams.GetRecordsInput{ShardIterator: l.iterator, Limit: aws.Int32(limit)})
	var expired *streamtypes.ExpiredIteratorException
	if errors.As(err, &expired) {
		l.iterator = nil
		c.read(id, l, limit)
		return
	}
	if err != nil {
		c.t.Fatal(err)
	}
	for _, r := range out.Records {
		if *r.Dynamodb.SequenceNumber <= l.checkpoint {
			c.t.Errorf("%s follows %s in %s", *r.Dynamodb.SequenceNumber, l.checkpoint, id)
		}
		l.checkpoint = *r.Dynamodb.SequenceNumber
		c.take(r)
	}
	l.iterator, l.done = out.NextShardIterator, out.NextShardIterator == nil
}

// place asks for an iterator to where the lease stands.
func (c *consumer) place(id string, l *lease) {
	in := &dynamodbstreams.GetShardIteratorInput{
		StreamArn: c.arn, ShardId: aws.String(id), ShardIteratorType: streamtypes.ShardIteratorTypeTrimHorizon,
	}
	if l.checkpoint != "" {
		in.ShardIteratorType, in.SequenceNumber = streamtypes.ShardIteratorTypeAfterSequenceNumber, aws.String(l.checkpoint)
	}
	out, err := c.streams.GetShardIterator(c.t.Context(), in)
	if err != nil {
		c.t.Fatal(err)
	}
	l.iterator = out.ShardIterator
}

// take notes a record under its key.
func (c *consumer) take(r streamtypes.Record) {
	if c.events[*r.EventID] || len(*r.EventID) != 32 {
		c.t.Errorf("event %s comes twice", *r.EventID)
	}
	c.events[*r.EventID] = true
	key := r.Dynamodb.Keys["id"].(*streamtypes.AttributeValueMemberS).Value
	if *r.Dynamodb.SequenceNumber <= c.last[key] {
		c.t.Errorf("%s follows %s for %s", *r.Dynamodb.SequenceNumber, c.last[key], key)
	}
	c.last[key] = *r.Dynamodb.SequenceNumber
	by := ""
	if r.UserIdentity != nil {
		by = " by " + *r.UserIdentity.PrincipalId
	}
	c.seen[key] = append(c.seen[key], fmt.Sprintf("%s %s→%s%s", r.EventName, content(r.Dynamodb.OldImage), content(r.Dynamodb.NewImage), by))
}

// content tells one state of an item from another; "" is none.
func content(image map[string]streamtypes.AttributeValue) string {
	s := ""
	for _, name := range []string{"v", "ttl"} {
		if n, ok := image[name].(*streamtypes.AttributeValueMemberN); ok {
			s += name + n.Value
		}
	}
	return s
}

// writer makes the changes and knows what has to arrive.
type writer struct {
	t       *testing.T
	db      *dynamodb.Client
	random  enginetest.Random
	items   map[string]string // the content of each item
	made    map[string][]string
	expired int
}

func (w *writer) note(key, value, by string) {
	was, event := w.items[key], "MODIFY"
	switch {
	case was == value:
		return
	case was == "":
		event = "INSERT"
	case value == "":
		event = "REMOVE"
	}
	w.items[key] = value
	w.made[key] = append(w.made[key], fmt.Sprintf("%s %s→%s%s", event, was, value, by))
}

// sweep notes the items that have expired while time went by.
func (w *writer) sweep() {
	for key, was := range w.items {
		if !strings.Contains(was, "ttl") {
			continue
		}
		out, err := w.db.GetItem(w.t.Context(), &dynamodb.GetItemInput{TableName: aws.String("Tab"), Key: map[string]types.AttributeValue{"id": text(key)}})
		if err != nil {
			w.t.Fatal(err)
		}
		if out.Item == nil {
			w.expired++
			w.note(key, "", " by dynamodb.amazonaws.com")
		}
	}
}

// write makes one request: a put, an update, a deletion, a batch or a
// transaction.
func (w *writer) write(n int, now time.Time) {
	ctx, table := w.t.Context(), aws.String("Tab")
	key, other := "k"+strconv.Itoa(w.random.Below(30)), "b"+strconv.Itoa(w.random.Below(30))
	n -= n % 2 // so that some writes change nothing
	value := "v" + strconv.Itoa(n)
	item := func(key string) map[string]types.AttributeValue {
		return map[string]types.AttributeValue{"id": text(key), "v": number(n)}
	}
	var err error
	switch w.random.Below(6) {
	case 0:
		_, err = w.db.PutItem(ctx, &dynamodb.PutItemInput{TableName: table, Item: item(key)})
		w.note(key, value, "")
	case 5:
		mortal, until := item(key), int(now.Unix())+w.random.Below(20_000)
		mortal["ttl"] = number(until)
		_, err = w.db.PutItem(ctx, &dynamodb.PutItemInput{TableName: table, Item: mortal})
		w.note(key, value+"ttl"+strconv.Itoa(until), "")
	case 1:
		_, err = w.db.UpdateItem(ctx, &dynamodb.UpdateItemInput{
			TableName: table, Key: map[string]types.AttributeValue{"id": text(key)}, UpdateExpression: aws.String("SET v = :v"),
			ExpressionAttributeValues: map[string]types.AttributeValue{":v": item(key)["v"]},
		})
		if _, until, ok := strings.Cut(w.items[key], "ttl"); ok {
			w.note(key, value+"ttl"+until, "")
		} else {
			w.note(key, value, "")
		}
	case 2:
		_, err = w.db.DeleteItem(ctx, &dynamodb.DeleteItemInput{TableName: table, Key: map[string]types.AttributeValue{"id": text(key)}})
		w.note(key, "", "")
	case 3:
		_, err = w.db.BatchWriteItem(ctx, &dynamodb.BatchWriteItemInput{RequestItems: map[string][]types.WriteRequest{"Tab": {
			{PutRequest: &types.PutRequest{Item: item(key)}},
			{DeleteRequest: &types.DeleteRequest{Key: map[string]types.AttributeValue{"id": text(other)}}},
		}}})
		w.note(key, value, "")
		w.note(other, "", "")
	case 4:
		_, err = w.db.TransactWriteItems(ctx, &dynamodb.TransactWriteItemsInput{TransactItems: []types.TransactWriteItem{
			{Put: &types.Put{TableName: table, Item: item(other)}},
			{Put: &types.Put{TableName: table, Item: item(key)}},
		}})
		w.note(other, value, "")
		w.note(key, value, "")
	}
	if err != nil {
		w.t.Fatal(err)
	}
}

// TestConsumer: a consumer that follows the lineage of shards sees every change
// exactly once and those of each item in order, while partitions split, shards
// roll, old ones are trimmed and items expire.
func TestConsumer(t *testing.T) {
	for seed := range uint64(2) {
		e := enginetest.With(t, engine.Options{Seed: seed})
		client := &http.Client{Transport: New(Options{Engine: e.Engine})}
		w := &writer{t: t, db: newClient(client, "https://dynamodb.invalid"), random: enginetest.Random{State: seed}, items: map[string]string{}, made: map[string][]string{}}
		out, err := w.db.CreateTable(t.Context(), &dynamodb.CreateTableInput{
			TableName: aws.String("Tab"), BillingMode: types.BillingModePayPerRequest,
			KeySchema:            []types.KeySchemaElement{{AttributeName: aws.String("id"), KeyType: types.KeyTypeHash}},
			AttributeDefinitions: []types.AttributeDefinition{{AttributeName: aws.String("id"), AttributeType: types.ScalarAttributeTypeS}},
			StreamSpecification:  &types.StreamSpecification{StreamEnabled: aws.Bool(true), StreamViewType: types.StreamViewTypeNewAndOldImages},
		})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.db.UpdateTimeToLive(t.Context(), &dynamodb.UpdateTimeToLiveInput{
			TableName: aws.String("Tab"), TimeToLiveSpecification: &types.TimeToLiveSpecification{AttributeName: aws.String("ttl"), Enabled: aws.Bool(true)},
		}); err != nil {
			t.Fatal(err)
		}
		c := &consumer{
			t: t, streams: newStreams(client), arn: out.TableDescription.LatestStreamArn,
			leases: map[string]*lease{}, events: map[string]bool{}, seen: map[string][]string{}, last: map[string]string{},
		}
		c.discover(nil)
		for n := range 1000 {
			w.write(n, e.Now())
			if w.random.Below(60) == 0 {
				if err := e.Split(engine.Split{Table: "Tab", Partition: w.random.Below(e.Tables("")[0].Partitions)}); err != nil {
					t.Fatal(err)
				}
			}
			if w.random.Below(40) == 0 {
				e.Pass(time.Duration(w.random.Below(200)) * time.Minute)
				w.sweep()
			}
			if w.random.Below(8) == 0 {
				c.round(int32(1 + w.random.Below(20)))
			}
		}
		for c.round(1000) {
		}
		for key, made := range w.made {
			if !slices.Equal(c.seen[key], made) {
				t.Errorf("seed %d: of %s was read\n%v\nwritten were\n%v", seed, key, c.seen[key], made)
			}
		}
		st := e.Streams("")[0]
		if len(c.seen) != len(w.made) || st.TrimmedShards == 0 || len(c.order) < 60 || w.expired < 20 {
			t.Errorf("seed %d: %d items of %d, %d shards in all, %d trimmed, %d items expired", seed, len(c.seen), len(w.made), len(c.order), st.TrimmedShards, w.expired)
		}
	}
}
