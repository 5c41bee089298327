package endpoint

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/sortkey/sortkey/engine"
)

const benchCustomers, benchOrders = 50, 100

// benchItem is an item of 785 bytes, as the engine's own benchmarks have it.
func benchItem(pk, sk int) string {
	return fmt.Sprintf(`{"pk":{"S":"customer#%06d"},"sk":{"N":"%d"},"g":{"S":"status#%d"},"r":{"N":"%d"},"amount":{"N":"1234.56"},"paid":{"BOOL":true},`+
		`"name":{"S":"Ada Lovelace"},"email":{"S":"ada@example.com"},"tags":{"SS":["gift","express","fragile"]},`+
		`"address":{"M":{"street":{"S":"12 St James's Square"},"city":{"S":"London"},"zip":{"S":"SW1Y 4JH"},"geo":{"L":[{"N":"51.5072"},{"N":"-0.1276"}]}}},`+
		`"lines":{"L":[{"M":{"sku":{"S":"A-100"},"qty":{"N":"2"},"price":{"N":"19.99"}}},{"M":{"sku":{"S":"B-200"},"qty":{"N":"1"},"price":{"N":"1194.58"}}}]},`+
		`"note":{"S":"%s"}}`, pk, sk, sk%10, sk, strings.Repeat("lorem ipsum ", 45)[:533])
}

func benchPut(i int) string {
	return `{"TableName":"Tab","Item":` + benchItem(i%benchCustomers, i/benchCustomers%benchOrders) + `}`
}

func benchGet(i int) string {
	return fmt.Sprintf(`{"TableName":"Tab","Key":{"pk":{"S":"customer#%06d"},"sk":{"N":"%d"}}}`, i%benchCustomers, i/benchCustomers%benchOrders)
}

func benchQuery(i int) string {
	return fmt.Sprintf(`{"TableName":"Tab","KeyConditionExpression":"pk = :p AND sk >= :s","ExpressionAttributeValues":{":p":{"S":"customer#%06d"},":s":{"N":"%d"}},"Limit":10}`,
		i%benchCustomers, i%80)
}

// benchEndpoint is an endpoint in real time over a table full of items.
func benchEndpoint(b *testing.B) *Endpoint {
	p := New(Options{Engine: engine.New(engine.Options{Seed: 1}), Now: time.Now})
	must := func(operation, body string) {
		if w := serve(p, post(operation, body)); w.Code != 200 {
			b.Fatal(w.Body)
		}
	}
	must("CreateTable", `{"TableName":"Tab","BillingMode":"PAY_PER_REQUEST",
		"KeySchema":[{"AttributeName":"pk","KeyType":"HASH"},{"AttributeName":"sk","KeyType":"RANGE"}],
		"AttributeDefinitions":[{"AttributeName":"pk","AttributeType":"S"},{"AttributeName":"sk","AttributeType":"N"}]}`)
	for i := range benchCustomers * benchOrders {
		must("PutItem", benchPut(i))
	}
	return p
}

// constant reads each request's body and answers the same bytes.
func constant(body []byte) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body)
		w.Header().Set("Content-Type", "application/x-amz-json-1.0")
		w.Header().Set("Content-Length", strconv.Itoa(len(body)))
		w.Write(body)
	})
}

// benchClient is one connection that sends requests in turn.
type benchClient struct {
	http.Client
	header http.Header
	bodies []string
	reply  []byte // room to read into
}

func (c *benchClient) send(url string, i int) error {
	r, err := http.NewRequest(http.MethodPost, url, strings.NewReader(c.bodies[i%len(c.bodies)]))
	if err != nil {
		return err
	}
	r.Header = c.header
	response, err := c.Do(r)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	for err == nil {
		_, err = response.Body.Read(c.reply)
	}
	if err != io.EOF || response.StatusCode != 200 {
		return fmt.Errorf("status %d, %w", response.StatusCode, err)
	}
	return nil
}

// BenchmarkHTTP measures the endpoint on a port of tools/port against a net/http server that
// answers a constant body of the same size: the same clients send the same
// requests to both, by turns in one run. The other server too reads the whole
// request, and the clients every answer. "ratio" is the endpoint's throughput as
// a part of the other's; "median-ratio" is the median of the same over the
// rounds, which does not mind if the machine was busy in some of them.
func BenchmarkHTTP(b *testing.B) {
	for _, op := range []struct {
		name, operation string
		request         func(i int) string
	}{{"Put", "PutItem", benchPut}, {"Get", "GetItem", benchGet}, {"Query", "Query", benchQuery}} {
		p := benchEndpoint(b)
		reply := serve(p, post(op.operation, op.request(0)))
		if reply.Code != 200 {
			b.Fatal(reply.Body)
		}
		ours := "http://" + onFastPort(b, p)
		theirs := httptest.NewServer(constant(reply.Body.Bytes()))
		header := post(op.operation, "").Header
		for _, connections := range []int{1, 16} {
			b.Run(fmt.Sprintf("%s/%d", op.name, connections), func(b *testing.B) {
				clients := make([]*benchClient, connections)
				for i := range clients {
					clients[i] = &benchClient{Client: http.Client{Transport: &http.Transport{}}, header: header, reply: make([]byte, 32<<10)}
					for j := range 256 {
						clients[i].bodies = append(clients[i].bodies, op.request(i*256+j*17))
					}
					defer clients[i].CloseIdleConnections()
				}
				compare(b, clients, ours, theirs.URL)
			})
		}
		theirs.Close()
	}
}

// compare sends b.N requests to either server, some hundreds to one and then
// to the other, each being the first in every second round.
func compare(b *testing.B, clients []*benchClient, ours, theirs string) {
	var spent [2]time.Duration
	var ratios []float64
	b.ResetTimer()
	for done := 0; done < b.N; {
		n := min(512, b.N-done)
		var round [2]time.Duration
		for turn := range 2 {
			i := (turn + len(ratios)) % 2
			start := time.Now()
			burst(b, clients, [2]string{ours, theirs}[i], n)
			round[i] = time.Since(start)
			spent[i] += round[i]
		}
		ratios = append(ratios, float64(round[1])/float64(round[0]))
		done += n
	}
	slices.Sort(ratios)
	b.ReportMetric(float64(b.N)/spent[0].Seconds(), "req/s")
	b.ReportMetric(float64(b.N)/spent[1].Seconds(), "constant-req/s")
	b.ReportMetric(float64(spent[1])/float64(spent[0]), "ratio")
	b.ReportMetric(ratios[len(ratios)/2], "median-ratio")
	b.ReportMetric(0, "ns/op") // of both together: says nothing
}

// burst sends n requests over all clients.
func burst(b *testing.B, clients []*benchClient, url string, n int) {
	var next atomic.Int64
	var wg sync.WaitGroup
	for _, c := range clients {
		wg.Go(func() {
			for i := next.Add(1); i <= int64(n); i = next.Add(1) {
				if err := c.send(url, int(i)); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	wg.Wait()
}
