package endpoint

import (
	"bytes"
	"maps"
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/attributevalue"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// record has a member of every kind that package attributevalue knows.
type record struct {
	ID       string                `dynamodbav:"id"`
	Sort     int64                 `dynamodbav:"sort"`
	Yes      bool                  `dynamodbav:"yes"`
	No       bool                  `dynamodbav:"no"`
	Small    int8                  `dynamodbav:"small"`
	Large    uint64                `dynamodbav:"large"`
	Half     float64               `dynamodbav:"half"`
	Exact    attributevalue.Number `dynamodbav:"exact"`
	Widest   attributevalue.Number `dynamodbav:"widest"`
	Finest   attributevalue.Number `dynamodbav:"finest"`
	Text     string                `dynamodbav:"text"`
	Empty    string                `dynamodbav:"empty"`
	Blank    string                `dynamodbav:"blank,omitempty"`
	Nothing  *string               `dynamodbav:"nothing"`
	Blob     []byte                `dynamodbav:"blob"`
	NoBytes  []byte                `dynamodbav:"noBytes"`
	Colours  []string              `dynamodbav:"colours,stringset"`
	Primes   []int                 `dynamodbav:"primes,numberset"`
	Hashes   [][]byte              `dynamodbav:"hashes,binaryset"`
	At       time.Time             `dynamodbav:"at"`
	Expires  time.Time             `dynamodbav:"expires,unixtime"`
	Home     place                 `dynamodbav:"home"`
	Others   []place               `dynamodbav:"others"`
	ByName   map[string]*place     `dynamodbav:"by.name"`
	Anything []any                 `dynamodbav:"anything"`
	NoList   []string              `dynamodbav:"noList"`
	origin
	Ignored string `dynamodbav:"-"`
}

type place struct {
	Street string   `dynamodbav:"street"`
	Number int      `dynamodbav:"number,omitempty"`
	Tags   []string `dynamodbav:"tags,stringset,omitempty"`
	Inner  *place   `dynamodbav:"inner,omitempty"`
}

// origin is embedded: its members are the record's own.
type origin struct {
	Source string `dynamodbav:"source"`
}

// The numbers of the record as the service writes them.
var (
	widest = strings.Repeat("9", 38) + strings.Repeat("0", 88)
	finest = "0." + strings.Repeat("0", 129) + "1"
)

func fullRecord() record {
	return record{
		ID: "r", Sort: -7, Yes: true, Small: -128, Large: math.MaxUint64, Half: 0.5,
		Exact:   "-1234567890123456789012345678.9012345678",
		Widest:  "9.9999999999999999999999999999999999999E+125",
		Finest:  "1E-130",
		Text:    "é «青» 😀 \"\\/\b\f\n\r\t\x00\x1f\u007f\u2028 <&>",
		Blob:    []byte{0, 1, 127, 128, 254, 255},
		NoBytes: []byte{},
		Colours: []string{"red", "", "blue", "Zinc"},
		Primes:  []int{7, -3, 2, 0},
		Hashes:  [][]byte{{255}, {0, 0}, {}},
		At:      time.Date(2026, 2, 3, 4, 5, 6, 789_000_001, time.UTC),
		Expires: time.Unix(1_900_000_000, 0),
		Home:    place{Street: "High", Inner: &place{Number: 3, Tags: []string{"b", "a"}}},
		Others:  []place{{Street: "Low"}, {}},
		ByName:  map[string]*place{"#": {Street: "none"}, "a.b": {Street: "dotted"}, "null": nil},
		// What comes out of an any is a float64, a string, …: no other kinds here.
		Anything: []any{nil, true, "x", 1.25, []any{}, map[string]any{"k": []any{false}}, []byte("b")},
		origin:   origin{"abroad"},
		Ignored:  "never sent",
	}
}

// Everything that attributevalue can marshal comes back as what it was.
func TestSDKValues(t *testing.T) { bothWays(t, values) }

func values(t *testing.T, db *dynamodb.Client) {
	createPlain(t, db, "Values", "id", "sort")
	want := fullRecord()
	sent, err := attributevalue.MarshalMap(want)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.PutItem(t.Context(), &dynamodb.PutItemInput{TableName: aws.String("Values"), Item: sent}); err != nil {
		t.Fatal(err)
	}
	out, err := db.GetItem(t.Context(), &dynamodb.GetItemInput{
		TableName: aws.String("Values"), Key: map[string]types.AttributeValue{"id": sent["id"], "sort": sent["sort"]},
	})
	if err != nil {
		t.Fatal(err)
	}
	sameItem(t, out.Item, canonical(sent))

	var got record
	if err := attributevalue.UnmarshalMap(out.Item, &got); err != nil {
		t.Fatal(err)
	}
	want.Ignored, want.NoList = "", nil
	want.Widest, want.Finest = attributevalue.Number(widest), attributevalue.Number(finest)
	got.sortSets()
	want.sortSets()
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}

// sortSets puts what was sent as a set in order.
func (r *record) sortSets() {
	slices.Sort(r.Colours)
	slices.Sort(r.Primes)
	slices.SortFunc(r.Hashes, bytes.Compare)
	slices.Sort(r.Home.Inner.Tags)
}

// canonical is an item as the service gives it back.
func canonical(item map[string]types.AttributeValue) map[string]types.AttributeValue {
	item = maps.Clone(item)
	item["widest"] = &types.AttributeValueMemberN{Value: widest}
	item["finest"] = &types.AttributeValueMemberN{Value: finest}
	return item
}

// sameItem compares the kinds and texts of values as they are on the wire.
func sameItem(t *testing.T, got, want map[string]types.AttributeValue) {
	t.Helper()
	for _, name := range slices.Sorted(maps.Keys(want)) {
		if !reflect.DeepEqual(sorted(got[name]), sorted(want[name])) {
			t.Errorf("%s: got %#v, want %#v", name, got[name], want[name])
		}
	}
	for name := range got {
		if want[name] == nil {
			t.Errorf("%s: got %#v, which was not sent", name, got[name])
		}
	}
}

// sorted puts the sets in a value in order, however deep.
func sorted(v types.AttributeValue) types.AttributeValue {
	switch v := v.(type) {
	case *types.AttributeValueMemberSS:
		return &types.AttributeValueMemberSS{Value: slices.Sorted(slices.Values(v.Value))}
	case *types.AttributeValueMemberNS:
		return &types.AttributeValueMemberNS{Value: slices.Sorted(slices.Values(v.Value))}
	case *types.AttributeValueMemberBS:
		return &types.AttributeValueMemberBS{Value: slices.SortedFunc(slices.Values(v.Value), bytes.Compare)}
	case *types.AttributeValueMemberL:
		l := &types.AttributeValueMemberL{Value: []types.AttributeValue{}}
		for _, e := range v.Value {
			l.Value = append(l.Value, sorted(e))
		}
		return l
	case *types.AttributeValueMemberM:
		m := &types.AttributeValueMemberM{Value: map[string]types.AttributeValue{}}
		for name, e := range v.Value {
			m.Value[name] = sorted(e)
		}
		return m
	}
	return v
}

// createPlain makes an on-demand table without indexes: a partition key of
// strings and, when named, a sort key of numbers.
func createPlain(t *testing.T, db *dynamodb.Client, name, hash, sort string) {
	t.Helper()
	in := &dynamodb.CreateTableInput{
		TableName:            aws.String(name),
		KeySchema:            []types.KeySchemaElement{{AttributeName: &hash, KeyType: types.KeyTypeHash}},
		AttributeDefinitions: []types.AttributeDefinition{{AttributeName: &hash, AttributeType: types.ScalarAttributeTypeS}},
		BillingMode:          types.BillingModePayPerRequest,
	}
	if sort != "" {
		in.KeySchema = append(in.KeySchema, types.KeySchemaElement{AttributeName: &sort, KeyType: types.KeyTypeRange})
		in.AttributeDefinitions = append(in.AttributeDefinitions,
			types.AttributeDefinition{AttributeName: &sort, AttributeType: types.ScalarAttributeTypeN})
	}
	if _, err := db.CreateTable(t.Context(), in); err != nil {
		t.Fatal(err)
	}
}
