package endpoint

import (
	"bufio"
	"context"
	"fmt"
	"hash/crc32"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/sortkey/sortkey/tools/port"
)

// onPorts runs a test over both servers that an endpoint is put on: net/http's
// and the faster one.
func onPorts(t *testing.T, test func(t *testing.T, p *Endpoint, address string)) {
	t.Run("net/http", func(t *testing.T) {
		p := fresh(t, Options{})
		server := httptest.NewServer(p)
		defer server.Close()
		test(t, p, server.Listener.Addr().String())
	})
	t.Run("tools/port", func(t *testing.T) {
		p := fresh(t, Options{})
		test(t, p, onFastPort(t, p))
	})
}

// onFastPort serves a handler with tools/port until the test ends.
func onFastPort(t testing.TB, h http.Handler) (address string) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := port.New(h, nil)
	ended := make(chan error)
	go func() { ended <- server.Serve(l) }()
	t.Cleanup(func() {
		if err := server.Shutdown(context.Background()); err != nil {
			t.Error(err)
		}
		if err := <-ended; err != http.ErrServerClosed {
			t.Error(err)
		}
	})
	return l.Addr().String()
}

// counting is a client's transport that counts the connections made.
func counting(made *atomic.Int64) *http.Transport {
	var d net.Dialer
	return &http.Transport{DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
		made.Add(1)
		return d.DialContext(ctx, network, address)
	}}
}

// load is what each client of TestKeepAlive sends, over and over: successes
// and every kind of failure, none of which may cost the connection.
func load(client, i int) (r *http.Request, status int) {
	key := fmt.Sprintf(`{"pk":{"S":"%d"}}`, client)
	switch i % 8 {
	case 0:
		return post("PutItem", fmt.Sprintf(`{"TableName":"Shop","Item":{"pk":{"S":"%d"},"n":{"N":"%d"}}}`, client, i)), 200
	case 1:
		return post("GetItem", `{"TableName":"Shop","Key":`+key+`}`), 200
	case 2:
		return post("UpdateItem", `{"TableName":"Shop","Key":{"pk":{"S":"all"}},"UpdateExpression":"ADD n :n","ExpressionAttributeValues":{":n":{"N":"1"}}}`), 200
	case 3:
		return post("Scan", `{"TableName":"Shop"}`), 200
	case 4:
		return post("PutItem", `{"TableName":"Nowhere","Item":`+key+`}`), 400
	case 5:
		return post("PutItem", `{`), 400
	case 6:
		r := post("ListTables", "{}")
		r.Header.Set("Content-Type", "text/plain")
		return r, 404
	}
	r = post("ListTables", "{}")
	r.Header.Del("Authorization")
	return r, 400
}

// Sixteen clients at once keep their connections through all that happens, and
// each gets its own answer, whole.
func TestKeepAlive(t *testing.T) { onPorts(t, keepAlive) }

func keepAlive(t *testing.T, p *Endpoint, address string) {
	const clients, rounds = 16, 80
	serve(p, post("CreateTable", createShop))
	var made atomic.Int64
	var wg sync.WaitGroup
	for client := range clients {
		wg.Go(func() {
			transport := counting(&made)
			defer transport.CloseIdleConnections()
			last := ""
			for i := range rounds {
				r, want := load(client, i)
				status, body, err := send(transport, "http://"+address, r)
				if err != nil || status != want {
					t.Errorf("client %d, request %d: %d %s %v, want %d", client, i, status, body, err, want)
					return
				}
				if i%8 == 0 {
					last = fmt.Sprintf(`{"Item":{"n":{"N":"%d"},"pk":{"S":"%d"}}}`, i, client)
				}
				if i%8 == 1 && body != last {
					t.Errorf("client %d reads %s, want %s", client, body, last)
				}
			}
		})
	}
	wg.Wait()
	// A client may dial again while its connection is on its way back to the
	// pool; one whose connections are not kept would dial for every request.
	if made.Load() > 2*clients {
		t.Errorf("%d clients made %d connections", clients, made.Load())
	}
	want := fmt.Sprintf(`{"Item":{"n":{"N":"%d"},"pk":{"S":"all"}}}`, clients*rounds/8)
	if w := serve(p, post("GetItem", `{"TableName":"Shop","Key":{"pk":{"S":"all"}}}`)); w.Body.String() != want {
		t.Errorf("got %s, want %s", w.Body, want)
	}
}

// send sends a test's request to a server, and compares the answer with its
// checksum.
func send(transport *http.Transport, url string, r *http.Request) (status int, body string, err error) {
	out, err := http.NewRequest(r.Method, url+r.URL.RequestURI(), r.Body)
	if err != nil {
		return 0, "", err
	}
	out.Header, out.ContentLength = r.Header, r.ContentLength
	response, err := transport.RoundTrip(out)
	if err != nil {
		return 0, "", err
	}
	defer response.Body.Close()
	b, err := io.ReadAll(response.Body)
	if sum := fmt.Sprint(crc32.ChecksumIEEE(b)); err == nil && response.Header.Get("x-amz-crc32") != sum {
		err = fmt.Errorf("x-amz-crc32 is %s, the body has %s", response.Header.Get("x-amz-crc32"), sum)
	}
	return response.StatusCode, string(b), err
}

// A body that is refused for its size is read away, so that the client gets to
// the answer and can go on.
func TestTooLargeOnAPort(t *testing.T) { onPorts(t, tooLarge) }

func tooLarge(t *testing.T, _ *Endpoint, address string) {
	var made atomic.Int64
	transport := counting(&made)
	defer transport.CloseIdleConnections()
	for _, length := range []int{MaxBody + 1, 2, 2*MaxBody + 1, 2} {
		want := map[bool]int{true: 413, false: 200}[length > MaxBody]
		status, body, err := send(transport, "http://"+address, post("ListTables", "{}"+strings.Repeat(" ", length-2)))
		if err != nil || status != want {
			t.Errorf("%d bytes: %d %s %v, want %d", length, status, body, err, want)
		}
	}
	if made.Load() != 1 {
		t.Errorf("%d connections", made.Load())
	}
}

// Requests may be sent before their predecessors are answered; the answers come
// in order.
func TestPipelining(t *testing.T) { onPorts(t, pipelining) }

func pipelining(t *testing.T, _ *Endpoint, address string) {
	conn, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	steps := []struct{ operation, body, want string }{
		{"CreateTable", createShop, "TableDescription"},
		{"PutItem", `{"TableName":"Shop","Item":{"pk":{"S":"a"}}}`, `{}`},
		{"GetItem", `{"TableName":"Shop","Key":{"pk":{"S":"a"}}}`, `{"Item":{"pk":{"S":"a"}}}`},
		{"DeleteItem", `{"TableName":"Shop","Key":{"pk":{"S":"a"}}}`, `{}`},
		{"GetItem", `{"TableName":"Shop","Key":{"pk":{"S":"a"}}}`, `{}`},
	}
	var all strings.Builder
	for _, s := range steps {
		if err := post(s.operation, s.body).Write(&all); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := io.WriteString(conn, all.String()); err != nil {
		t.Fatal(err)
	}
	answers := bufio.NewReader(conn)
	for _, s := range steps {
		response, err := http.ReadResponse(answers, nil)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(response.Body)
		if err != nil || response.StatusCode != 200 || !strings.Contains(string(body), s.want) {
			t.Errorf("%s: %d %s %v, want %s", s.operation, response.StatusCode, body, err, s.want)
		}
	}
}

// A body that ends early is no request; one that comes in pieces is.
func TestInterruptedBody(t *testing.T) {
	p := fresh(t, Options{})
	r := post("CreateTable", createShop)
	r.ContentLength += 10
	if w := serve(p, r); w.Code != 400 || !strings.Contains(w.Body.String(), "SerializationException") {
		t.Errorf("got %d %s", w.Code, w.Body)
	}
	r = post("ListTables", "")
	r.ContentLength = 2
	r.Body = io.NopCloser(io.MultiReader(strings.NewReader("{"), strings.NewReader("}")))
	if w := serve(p, r); w.Code != 200 || w.Body.String() != `{"TableNames":[]}` {
		t.Errorf("got %d %s", w.Code, w.Body)
	}
}
