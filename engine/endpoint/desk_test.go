package endpoint

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
)

// TestDesks: what requests leave behind for the next ones never shows in an
// answer, and no request id comes twice.
func TestDesks(t *testing.T) {
	p := fresh(t, Options{})
	serve(p, post("CreateTable", createShop))
	server := httptest.NewServer(p)
	defer server.Close()
	var ids sync.Map
	var wg sync.WaitGroup
	for client := range 8 {
		wg.Go(func() {
			for i := range 60 {
				item := fmt.Sprintf(`{"pk":{"S":"%d"},"text":{"S":"%s"}}`, client, strings.Repeat(fmt.Sprint(client), 1+i*i*3))
				for _, c := range []struct{ operation, body, want string }{
					{"PutItem", `{"TableName":"Shop","Item":` + item + `}`, `{}`},
					{"GetItem", fmt.Sprintf(`{"TableName":"Shop","Key":{"pk":{"S":"%d"}}}`, client), `{"Item":` + item + `}`},
					{"GetItem", `{"TableName":"Gone","Key":{"pk":{"S":"x"}}}`, `{"__type":"com.amazonaws.dynamodb.v20120810#ResourceNotFoundException","message":"Requested resource not found"}`},
				} {
					id, got := ask(t, server.URL, post(c.operation, c.body))
					if got != c.want {
						t.Errorf("%.100s answers %.200s", c.body, got)
					}
					if _, again := ids.LoadOrStore(id, true); again || len(id) != requestIDLength {
						t.Errorf("request id %s", id)
					}
				}
			}
		})
	}
	wg.Wait()
}

// ask sends a request over the network and returns the answer's request id
// and body.
func ask(t *testing.T, url string, r *http.Request) (id, body string) {
	out, err := http.NewRequest(r.Method, url, r.Body)
	if err != nil {
		t.Error(err)
		return "", ""
	}
	out.Header = r.Header
	answer, err := http.DefaultClient.Do(out)
	if err != nil {
		t.Error(err)
		return "", ""
	}
	defer answer.Body.Close()
	b, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Error(err)
	}
	return answer.Header.Get("X-Amzn-Requestid"), string(b)
}
