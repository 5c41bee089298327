package engine_test

import (
	"bytes"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/tidwall/gjson"

	"github.com/sortkey/sortkey/engine"
)

// The benchmarks in this file go from the bytes of a request to the bytes of
// its reply, with keys uniform over a table of 100,000 items of 1 KB. Their
// figures are read as multiples of BenchmarkYardstick in the same run.

const (
	speedPartitions = 1000
	speedRows       = 100 // to a partition
	speedItem       = 1024
)

// speedBody is an item of 1 KB as a request has it.
func speedBody(i int) string {
	const fixed = `{"pk":{"S":"user#%06d"},"sk":{"S":"order#%04d"},"status":{"S":"open"},"amount":{"N":"1234.56"},"count":{"N":"%d"},` +
		`"tags":{"SS":["a","b","c"]},"address":{"M":{"city":{"S":"London"},"zip":{"S":"SW1Y 4JH"}}},"lines":{"L":[{"M":{"sku":{"S":"A-100"},"n":{"N":"2"}}}]},` +
		`"note":{"S":"%s"}}`
	return fmt.Sprintf(fixed, i/speedRows, i%speedRows, i%10, strings.Repeat("lorem ipsum ", 80)[:903])
}

func speedKey(i int) string {
	return fmt.Sprintf(`"Key":{"pk":{"S":"user#%06d"},"sk":{"S":"order#%04d"}}`, i/speedRows, i%speedRows)
}

func putBody(i int) string { return `{"TableName":"Speed","Item":` + speedBody(i) + `}` }

// speedEngine makes the table, once for all benchmarks; the extra heap that an
// item takes is measured on the way.
var speedEngine = sync.OnceValues(func() (*engine.Engine, float64) {
	e := engine.New(engine.Options{})
	handle := func(operation, body string) {
		if r := e.Handle(engine.Call{Target: engine.Target(operation), Body: []byte(body)}); r.Status != 200 {
			panic(string(r.Body))
		}
	}
	handle("CreateTable", `{"TableName":"Speed","BillingMode":"PAY_PER_REQUEST",
		"AttributeDefinitions":[{"AttributeName":"pk","AttributeType":"S"},{"AttributeName":"sk","AttributeType":"S"}],
		"KeySchema":[{"AttributeName":"pk","KeyType":"HASH"},{"AttributeName":"sk","KeyType":"RANGE"}]}`)
	before := heap()
	for i := range speedPartitions * speedRows {
		handle("PutItem", putBody(i))
	}
	return e, float64(heap()-before) / (speedPartitions * speedRows)
})

func heap() uint64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// speed sends requests for items all over the table; every reply has to begin
// and to end as it should.
func speed(b *testing.B, operation string, request func(i int) string, begins, ends string) {
	b.Run("1KB", func(b *testing.B) {
		e, _ := speedEngine()
		calls := make([]engine.Call, 1024)
		for i := range calls {
			calls[i] = engine.Call{Target: engine.Target(operation), Body: []byte(request(i * 7919 % (speedPartitions * speedRows)))}
		}
		b.ReportAllocs()
		b.ResetTimer()
		for i := 0; b.Loop(); i++ {
			if r := e.Handle(calls[i%len(calls)]); r.Status != 200 || !bytes.HasPrefix(r.Body, []byte(begins)) || !bytes.HasSuffix(r.Body, []byte(ends)) {
				b.Fatal(string(r.Body))
			}
		}
	})
}

// BenchmarkYardstick does nothing but see that the body of a PutItem is JSON.
func BenchmarkYardstick(b *testing.B) {
	b.Run("1KB", func(b *testing.B) {
		bodies := make([][]byte, 1024)
		for i := range bodies {
			bodies[i] = []byte(putBody(i * 7919 % (speedPartitions * speedRows)))
		}
		b.ReportAllocs()
		for i := 0; b.Loop(); i++ {
			if !gjson.ValidBytes(bodies[i%len(bodies)]) {
				b.Fatal("not JSON")
			}
		}
	})
}

func BenchmarkPutItem(b *testing.B) { speed(b, "PutItem", putBody, "{}", "") }

func BenchmarkGetItem(b *testing.B) {
	speed(b, "GetItem", func(i int) string { return `{"TableName":"Speed",` + speedKey(i) + `}` }, `{"Item":{"address"`, "}}")
}

func BenchmarkQuery100(b *testing.B) {
	speed(b, "Query", func(i int) string {
		return fmt.Sprintf(`{"TableName":"Speed","KeyConditionExpression":"pk = :p","ExpressionAttributeValues":{":p":{"S":"user#%06d"}}}`, i/speedRows)
	}, `{"Items":[{"address"`, `],"Count":100,"ScannedCount":100}`)
}

func BenchmarkUpdateItem(b *testing.B) {
	speed(b, "UpdateItem", func(i int) string {
		return `{"TableName":"Speed",` + speedKey(i) + `,"UpdateExpression":"SET amount = amount + :n","ConditionExpression":"#s = :s",` +
			`"ExpressionAttributeNames":{"#s":"status"},"ExpressionAttributeValues":{":n":{"N":"1"},":s":{"S":"open"}}}`
	}, "{}", "")
}

// BenchmarkScanFilter reads a page of 1 MB, of which a tenth goes through.
func BenchmarkScanFilter(b *testing.B) {
	speed(b, "Scan", func(i int) string {
		return fmt.Sprintf(`{"TableName":"Speed","TotalSegments":100,"Segment":%d,"FilterExpression":"#c = :c","ExpressionAttributeNames":{"#c":"count"},`+
			`"ExpressionAttributeValues":{":c":{"N":"3"}}}`, i%100)
	}, `{"Items":[{"address"`, "}")
}

// BenchmarkMemory reports the bytes that an item of 1 KB takes of the heap,
// tree and all.
func BenchmarkMemory(b *testing.B) {
	_, perItem := speedEngine()
	for b.Loop() {
	}
	b.ReportMetric(perItem, "B/item")
}

// TestSpeedItem: the benchmarks' item is of 1 KB, and a GetItem of it takes no
// more than three allocations.
func TestSpeedItem(t *testing.T) {
	e := engine.New(engine.Options{})
	call := func(operation, body string) engine.Reply {
		return e.Handle(engine.Call{Target: engine.Target(operation), Body: []byte(body)})
	}
	call("CreateTable", `{"TableName":"Speed","BillingMode":"PAY_PER_REQUEST",
		"AttributeDefinitions":[{"AttributeName":"pk","AttributeType":"S"},{"AttributeName":"sk","AttributeType":"S"}],
		"KeySchema":[{"AttributeName":"pk","KeyType":"HASH"},{"AttributeName":"sk","KeyType":"RANGE"}]}`)
	call("PutItem", putBody(4711))
	if got := e.Tables("")[0].Bytes; got != speedItem {
		t.Errorf("the item has %d bytes", got)
	}
	get := engine.Call{Target: engine.Target("GetItem"), Body: []byte(`{"TableName":"Speed",` + speedKey(4711) + `}`)}
	if n := testing.AllocsPerRun(100, func() { e.Handle(get) }); n > 3 {
		t.Errorf("a GetItem takes %.0f allocations", n)
	}
}
