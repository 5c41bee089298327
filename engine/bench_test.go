package engine_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/sortkey/sortkey/engine"
	"github.com/sortkey/sortkey/engine/enginetest"
)

// The items of the benchmarks are of 785 bytes: a few scalars, a list, a map, a
// set and some text, as a real order might have.
func benchItem(pk, sk int) string {
	return fmt.Sprintf(`{"pk":{"S":"customer#%06d"},"sk":{"N":"%d"},"g":{"S":"status#%d"},"r":{"N":"%d"},"amount":{"N":"1234.56"},"paid":{"BOOL":true},`+
		`"name":{"S":"Ada Lovelace"},"email":{"S":"ada@example.com"},"tags":{"SS":["gift","express","fragile"]},`+
		`"address":{"M":{"street":{"S":"12 St James's Square"},"city":{"S":"London"},"zip":{"S":"SW1Y 4JH"},"geo":{"L":[{"N":"51.5072"},{"N":"-0.1276"}]}}},`+
		`"lines":{"L":[{"M":{"sku":{"S":"A-100"},"qty":{"N":"2"},"price":{"N":"19.99"}}},{"M":{"sku":{"S":"B-200"},"qty":{"N":"1"},"price":{"N":"1194.58"}}}]},`+
		`"note":{"S":"%s"}}`, pk, sk, sk%10, sk, strings.Repeat("lorem ipsum ", 45)[:533])
}

const benchCustomers, benchOrders = 100, 100

// benchTables are the tables each benchmark runs against.
var benchTables = []struct{ name, definition string }{{"Plain", plain}, {"Indexed", indexed}}

// benchEngine is an engine with a table full of items.
func benchEngine(b *testing.B, definition string) *engine.Engine {
	f := enginetest.New(b)
	f.Must("CreateTable", definition)
	for pk := range benchCustomers {
		for sk := range benchOrders {
			f.Must("PutItem", `{"TableName":"Tab","Item":`+benchItem(pk, sk)+`}`)
		}
	}
	return f.Engine
}

// bench calls the engine with the requests in turn.
func bench(b *testing.B, operation string, request func(i int) string) {
	for _, table := range benchTables {
		b.Run(table.name, func(b *testing.B) {
			e := benchEngine(b, table.definition)
			calls := make([]engine.Call, 512)
			for i := range calls {
				calls[i] = engine.Call{Target: engine.Target(operation), Body: []byte(request(i * 17))}
			}
			b.ReportAllocs()
			b.ResetTimer()
			for i := 0; b.Loop(); i++ {
				if r := e.Handle(calls[i%len(calls)]); r.Status != 200 {
					b.Fatal(string(r.Body))
				}
			}
		})
	}
}

func benchKey(i int) string {
	return fmt.Sprintf(`"Key":{"pk":{"S":"customer#%06d"},"sk":{"N":"%d"}}`, i%benchCustomers, i/benchCustomers%benchOrders)
}

func BenchmarkPut(b *testing.B) {
	bench(b, "PutItem", func(i int) string {
		return `{"TableName":"Tab","Item":` + benchItem(i%benchCustomers, i/benchCustomers%benchOrders) + `}`
	})
}

func BenchmarkGet(b *testing.B) {
	bench(b, "GetItem", func(i int) string { return `{"TableName":"Tab",` + benchKey(i) + `}` })
}

func BenchmarkUpdate(b *testing.B) {
	bench(b, "UpdateItem", func(i int) string {
		return fmt.Sprintf(`{"TableName":"Tab",%s,"UpdateExpression":"SET amount = amount + :n, r = :r","ConditionExpression":"attribute_exists(pk)",
			"ExpressionAttributeValues":{":n":{"N":"1"},":r":{"N":"%d"}}}`, benchKey(i), i%10)
	})
}

// BenchmarkQuery reads ten items.
func BenchmarkQuery(b *testing.B) {
	bench(b, "Query", func(i int) string {
		return fmt.Sprintf(`{"TableName":"Tab","KeyConditionExpression":"pk = :p AND sk >= :s","ExpressionAttributeValues":{":p":{"S":"customer#%06d"},":s":{"N":"%d"}},"Limit":10}`,
			i%benchCustomers, i%80)
	})
}

// BenchmarkFilter reads a hundred items to return ten of them in part.
func BenchmarkFilter(b *testing.B) {
	bench(b, "Query", func(i int) string {
		return fmt.Sprintf(`{"TableName":"Tab","KeyConditionExpression":"pk = :p","FilterExpression":"g = :g AND address.city <> :c","ProjectionExpression":"sk, g, address.city",
			"ExpressionAttributeValues":{":p":{"S":"customer#%06d"},":g":{"S":"status#3"},":c":{"S":"Paris"}}}`, i%benchCustomers)
	})
}

// BenchmarkBatchWrite25 puts 25 items, most of them over others.
func BenchmarkBatchWrite25(b *testing.B) {
	bench(b, "BatchWriteItem", func(i int) string {
		puts := make([]string, 25)
		for n := range puts {
			puts[n] = `{"PutRequest":{"Item":` + benchItem((i+n)%benchCustomers, i/benchCustomers%benchOrders) + `}}`
		}
		return `{"RequestItems":{"Tab":[` + strings.Join(puts, ",") + `]}}`
	})
}

// BenchmarkTransactWrite10 puts four items, updates four and checks two.
func BenchmarkTransactWrite10(b *testing.B) {
	bench(b, "TransactWriteItems", func(i int) string {
		actions := make([]string, 10)
		for n := range actions {
			switch key := benchKey(i + n); {
			case n < 4:
				actions[n] = `{"Put":{"TableName":"Tab","Item":` + benchItem((i+n)%benchCustomers, (i+n)/benchCustomers%benchOrders) + `}}`
			case n < 8:
				actions[n] = `{"Update":{"TableName":"Tab",` + key + `,"UpdateExpression":"SET amount = amount + :n","ExpressionAttributeValues":{":n":{"N":"1"}}}}`
			default:
				actions[n] = `{"ConditionCheck":{"TableName":"Tab",` + key + `,"ConditionExpression":"attribute_exists(paid)"}}`
			}
		}
		return `{"TransactItems":[` + strings.Join(actions, ",") + `]}`
	})
}

// BenchmarkScanSegment reads one segment of ten: a tenth of the table.
func BenchmarkScanSegment(b *testing.B) {
	bench(b, "Scan", func(i int) string {
		return fmt.Sprintf(`{"TableName":"Tab","TotalSegments":10,"Segment":%d}`, i%10)
	})
}

func BenchmarkFork(b *testing.B) {
	e := benchEngine(b, indexed)
	b.ReportAllocs()
	for b.Loop() {
		e.Fork()
	}
}

func TestBenchItem(t *testing.T) {
	f := enginetest.New(t)
	f.Must("CreateTable", plain)
	f.Must("PutItem", `{"TableName":"Tab","Item":`+benchItem(1, 1)+`}`)
	if got := f.Tables("")[0].Bytes; got != 785 {
		t.Errorf("the item has %d bytes", got)
	}
}
