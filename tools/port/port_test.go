package port

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// telling answers with all that a handler is told of a request.
func telling(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if r.URL.Query().Has("status") {
		w.Header().Set("X-Two", "a")
		w.Header().Add("X-Two", "b")
		w.WriteHeader(http.StatusAccepted)
		w.Header().Set("X-Late", "is not sent")
	}
	if r.URL.Query().Has("nothing") {
		return
	}
	if r.URL.Query().Has("json") {
		w.Header().Set("Content-Type", "application/json")
	}
	var names []string
	for name := range r.Header {
		names = append(names, name)
	}
	slices.Sort(names)
	fmt.Fprintf(w, "%s %q %s %q %d %v\n", r.Method, r.URL, r.Proto, r.Host, r.ContentLength, err)
	for _, name := range names {
		fmt.Fprintf(w, "%s: %q\n", name, r.Header[name])
	}
	if len(body) > 2000 {
		body = fmt.Appendf(nil, "%d bytes", len(body))
	}
	fmt.Fprintf(w, "%s\n", body)
}

// start serves a handler until the test ends.
func start(t *testing.T, h http.Handler, errors *log.Logger) (s *Server, address string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s = New(h, errors)
	ended := make(chan error, 1)
	go func() { ended <- s.Serve(l) }()
	t.Cleanup(func() {
		s.Shutdown(context.Background())
		if err := <-ended; err != http.ErrServerClosed {
			t.Error(err)
		}
	})
	return s, l.Addr().String()
}

// converse sends bytes over a connection of its own, the pieces one after the
// other, and returns all that comes back: per answer its status, headers and
// body, and in the end how the connection ends.
func converse(t *testing.T, address string, methods []string, pieces ...string) (answers []string) {
	t.Helper()
	conn, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	conn.SetDeadline(time.Now().Add(20 * time.Second))
	go func() {
		for _, piece := range pieces {
			io.WriteString(conn, piece)
			time.Sleep(5 * time.Millisecond) // so that it is read alone: if not, no harm
		}
	}()
	in := bufio.NewReader(conn)
	for _, method := range methods {
		response, err := http.ReadResponse(in, &http.Request{Method: method})
		if err != nil {
			return append(answers, "no answer")
		}
		for response.StatusCode == http.StatusContinue {
			answers = append(answers, "100 Continue")
			if response, err = http.ReadResponse(in, &http.Request{Method: method}); err != nil {
				return append(answers, "no answer")
			}
		}
		body, err := io.ReadAll(response.Body)
		if err != nil {
			return append(answers, "cut off")
		}
		if _, err := http.ParseTime(response.Header.Get("Date")); err != nil && response.StatusCode < 400 {
			t.Errorf("Date is %q", response.Header.Get("Date"))
		}
		response.Header.Del("Date")
		var text bytes.Buffer
		fmt.Fprintf(&text, "%s %s, %d bytes, close %v\n", response.Proto, response.Status, response.ContentLength, response.Close)
		response.Header.Write(&text)
		answers = append(answers, text.String()+"\n"+string(body))
	}
	return answers
}

// head is a request's head, with a length for the body that follows.
func head(line string, length int, fields ...string) string {
	return line + "\r\nHost: localhost:8000\r\nContent-Length: " + fmt.Sprint(length) + "\r\n" + strings.Join(append(fields, "\r\n"), "\r\n")
}

// A handler is told the same of a request, and a client the same by a handler,
// whoever serves the connection.
func TestLikeNetHTTP(t *testing.T) {
	slow := httptest.NewServer(http.HandlerFunc(telling))
	defer slow.Close()
	_, fast := start(t, http.HandlerFunc(telling), nil)
	const post = "POST / HTTP/1.1"
	big := strings.Repeat("0123456789", 50_000)
	for name, c := range map[string]struct {
		methods []string
		pieces  []string
	}{
		"a call":            {[]string{"POST"}, []string{head(post, 2, "X-Amz-Target: A", "User-Agent: go") + "{}"}},
		"byte by byte":      {[]string{"POST"}, strings.Split(head(post, 2)+"{}", "")},
		"no body":           {[]string{"POST"}, []string{head(post, 0)}},
		"no length":         {[]string{"POST", "POST"}, []string{post + "\r\nHost: h\r\n\r\n" + head(post, 2) + "ab"}},
		"a large body":      {[]string{"POST", "POST"}, []string{head(post, len(big)) + big + head(post, 2) + "{}"}},
		"chunks":            {[]string{"POST", "POST"}, []string{post + "\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n", "2\r\nde\r\n0\r\n\r\n" + head(post, 2) + "{}"}},
		"names of any case": {[]string{"POST"}, []string{head(post, 1, "x-aMz-target: a", "CONTENT-type: b") + "1"}},
		"a field twice":     {[]string{"POST"}, []string{head(post, 1, "X-A: 1", "x-b: 2", "x-a: 3") + "1"}},
		"other fields":      {[]string{"POST", "POST", "POST"}, []string{head(post, 1, "X-A: 1", "X-B: 2") + "1" + head(post, 1, "X-B: 1") + "1" + head(post, 1, "X-C: 5", "X-A: 1", "X-B: 2") + "1"}},
		"a query":           {[]string{"POST"}, []string{head("POST /?a=b&c=%20 HTTP/1.1", 1) + "1"}},
		"a path":            {[]string{"POST"}, []string{head("POST /desk/%C3%A4 HTTP/1.1", 1) + "1"}},
		"another method":    {[]string{"POST", "GET", "PUT", "OPTIONS", "DELETE"}, []string{head(post, 1) + "1", head("GET /a?json HTTP/1.1", 0), head("PUT /b HTTP/1.1", 1) + "1" + head("OPTIONS /c HTTP/1.1", 0) + head("DELETE / HTTP/1.1", 0)}},
		"HEAD":              {[]string{"POST", "HEAD", "POST"}, []string{head(post, 1) + "1" + head("HEAD / HTTP/1.1", 0) + head(post, 1) + "2"}},
		"a browser":         {[]string{"GET", "POST"}, []string{head("GET / HTTP/1.1", 0) + head(post, 1) + "1"}},
		"a status":          {[]string{"POST", "POST"}, []string{head("POST /?status HTTP/1.1", 1) + "1", head("POST /?json HTTP/1.1", 1) + "2"}},
		"no answer's body":  {[]string{"POST", "POST"}, []string{head(post, 1) + "1", head("POST /?nothing HTTP/1.1", 1) + "2"}},
		"the last":          {[]string{"POST", "POST"}, []string{head(post, 1, "Connection: close") + "1"}},
		"HTTP/1.0":          {[]string{"POST", "POST"}, []string{head("POST / HTTP/1.0", 1) + "1"}},
		"kept HTTP/1.0":     {[]string{"POST"}, []string{head("POST / HTTP/1.0", 1, "Connection: keep-alive") + "1"}},
		"expecting":         {[]string{"POST"}, []string{head(post, 2, "Expect: 100-continue"), "{}"}},
	} {
		t.Run(name, func(t *testing.T) {
			want := converse(t, slow.Listener.Addr().String(), c.methods, c.pieces...)
			got := converse(t, fast, c.methods, c.pieces...)
			if !slices.Equal(got, want) {
				t.Errorf("got\n%s\nnet/http answers\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
			}
		})
	}
}

// An answer in one call is what it is in several.
func TestSend(t *testing.T) {
	_, address := start(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Vary", "Origin")
		fields := [][2]string{{"Content-Length", "3"}, {"Content-Type", "text/plain"}, {"X-A", "1"}}
		if s, ok := w.(interface {
			Send(status int, fields [][2]string, body []byte)
		}); ok && r.URL.Path == "/" {
			s.Send(http.StatusAccepted, fields, []byte("abc"))
			w.Header().Set("X-Late", "is not sent")
			w.WriteHeader(http.StatusTeapot)
			return
		}
		for _, f := range fields {
			w.Header().Set(f[0], f[1])
		}
		w.WriteHeader(http.StatusAccepted)
		io.WriteString(w, "abc")
	}), nil)
	const ask = "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n\r\n"
	got := converse(t, address, []string{"POST", "POST", "HEAD", "POST"}, ask, strings.Replace(ask, "/", "/x", 1), strings.Replace(ask, "POST", "HEAD", 1), ask)
	if len(got) != 4 || got[0] != got[1] || got[3] != got[0] || !strings.HasPrefix(got[0], "HTTP/1.1 202 Accepted, 3 bytes") || !strings.HasSuffix(got[0], "abc") || strings.Contains(got[0], "Late") {
		t.Errorf("got %q", got)
	}
}

// What is no HTTP is told so, and costs nobody else anything.
func TestBadRequests(t *testing.T) {
	_, address := start(t, http.HandlerFunc(telling), nil)
	const post = "POST / HTTP/1.1\r\nHost: h\r\n"
	for name, text := range map[string]string{
		"no HTTP":           "POST / nonsense\r\n\r\n",
		"a bad name":        post + "A B: c\r\n\r\n",
		"a bad field":       post + "nothing\r\n\r\n",
		"two lengths":       post + "Content-Length: 1\r\nContent-Length: 2\r\n\r\nab",
		"a bad length":      post + "Content-Length: -1\r\n\r\n",
		"a long head":       post + "A: " + strings.Repeat("a", 2*maxHead) + "\r\n\r\n",
		"a bad address":     "POST /%zz HTTP/1.1\r\nHost: h\r\n\r\n",
		"another language":  "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
		"a bad first chunk": post + "Transfer-Encoding: chunked\r\n\r\nxyz\r\n",
	} {
		answers := converse(t, address, []string{"POST"}, text)
		if strings.Contains(answers[0], "200 OK") && name != "a bad first chunk" {
			t.Errorf("%s: %s", name, answers[0])
		}
	}
	if answers := converse(t, address, []string{"POST"}, post+"\r\n"); !strings.Contains(answers[0], "200 OK") {
		t.Errorf("afterwards: %s", answers)
	}
}

// What a handler keeps of a request stays what it was: only the request itself
// is used again.
func TestStringsMayBeKept(t *testing.T) {
	var mu sync.Mutex
	var kept []string
	_, address := start(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		kept = append(kept, r.Host+" "+r.Header.Get("X-A")+" "+r.URL.Path)
		r.Header.Set("X-A", "changed")
		r.Header.Del("X-B")
	}), nil)
	for i := range 3 {
		r := fmt.Sprintf("POST /%d HTTP/1.1\r\nHost: h%d\r\nX-A: %d\r\nX-B: b\r\n\r\n", i, i, i)
		converse(t, address, []string{"POST", "POST"}, strings.Replace(r, fmt.Sprintf("/%d", i), "/", 1)+r)
	}
	if want := "h0 0 /;h0 0 /0;h1 1 /;h1 1 /1;h2 2 /;h2 2 /2"; strings.Join(kept, ";") != want {
		t.Errorf("kept %q, want %q", kept, want)
	}
}

// A handler that panics costs its own connection and nothing else.
func TestPanic(t *testing.T) {
	var lines bytes.Buffer
	var mu sync.Mutex
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/" {
			panic("on purpose")
		}
	})
	_, address := start(t, handler, log.New(writer(func(b []byte) { mu.Lock(); lines.Write(b); mu.Unlock() }), "", 0))
	const ask = "POST / HTTP/1.1\r\nHost: h\r\n\r\n"
	answers := converse(t, address, []string{"POST", "POST"}, ask, strings.Replace(ask, "/", "/x", 1))
	if len(answers) != 2 || answers[1] != "no answer" {
		t.Errorf("got %q", answers)
	}
	mu.Lock()
	if text := lines.String(); !strings.Contains(text, "on purpose") || !strings.Contains(text, "port_test.go") {
		t.Errorf("the log has %q", text)
	}
	mu.Unlock()
	if answers := converse(t, address, []string{"POST"}, ask); !strings.Contains(answers[0], "200 OK") {
		t.Errorf("afterwards: %q", answers)
	}
}

type writer func(b []byte)

func (w writer) Write(b []byte) (int, error) { w(b); return len(b), nil }

// Shutdown lets what runs come to its end, closes what waits, and takes nothing
// new.
func TestShutdown(t *testing.T) {
	running, goOn := make(chan bool, 2), make(chan bool)
	s, address := start(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		running <- true
		<-goOn
		io.WriteString(w, "done")
	}), nil)
	silent, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	answers := make(chan []string)
	for _, method := range []string{"POST", "GET"} {
		go func() { answers <- converse(t, address, []string{method}, method+" / HTTP/1.1\r\nHost: h\r\n\r\n") }()
		<-running
	}
	soon, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if err := s.Shutdown(soon); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("while a call runs: %v", err)
	}
	if _, err := net.Dial("tcp", address); err == nil {
		t.Error("a connection is taken after Shutdown")
	}
	if _, err := silent.Read(make([]byte, 1)); err == nil {
		t.Error("a connection without a request stays open")
	}
	close(goOn)
	got := []string{(<-answers)[0], (<-answers)[0]}
	if !slices.ContainsFunc(got, func(a string) bool { return strings.HasSuffix(a, "done") }) {
		t.Errorf("got %q", got) // the call's; the browser's is cut off
	}
	if err := s.Serve(silentListener{}); err != http.ErrServerClosed {
		t.Errorf("served again: %v", err)
	}
}

// Neither side goes on taking connections where Shutdown came before it began.
func TestShutdownAtOnce(t *testing.T) {
	s := New(http.NotFoundHandler(), nil)
	if !s.start(&failing{}) {
		t.Fatal("not started")
	}
	if err := s.Shutdown(t.Context()); err != nil {
		t.Error(err)
	}
	ended := make(chan error)
	go func() { ended <- s.browsers.Serve(s.forBrowsers) }()
	go func() { ended <- s.calls.Serve(s.forCalls) }()
	for range 2 {
		select {
		case <-ended:
		case <-time.After(20 * time.Second):
			t.Fatal("connections are still taken")
		}
	}
}

type silentListener struct{ net.Listener }

func (silentListener) Close() error { return nil }

// A listener that fails ends Serve; one that is only out of files does not.
func TestListenerFails(t *testing.T) {
	s := New(http.NotFoundHandler(), nil)
	failure := errors.New("no more")
	if err := s.Serve(&failing{errs: []error{passing{}, passing{}, failure}}); err != failure {
		t.Errorf("got %v", err)
	}
}

type failing struct {
	silentListener
	errs []error
}

func (f *failing) Accept() (net.Conn, error) {
	err := f.errs[0]
	f.errs = f.errs[1:]
	return nil, err
}

func (*failing) Addr() net.Addr { return &net.TCPAddr{} }

type passing struct{}

func (passing) Error() string   { return "too many open files" }
func (passing) Temporary() bool { return true }

// A deadline is moved when it would come a second too early, or when it must come
// earlier; what was set then is what the connection has.
func TestDeadlineMovesSeldom(t *testing.T) {
	conn := &timed{}
	c := &calling{begun: begun{Conn: conn}}
	start := time.Now()
	for _, step := range []struct{ set, want time.Duration }{
		{3 * time.Minute, 3 * time.Minute}, {3*time.Minute + lateness - 1, 3 * time.Minute}, {3*time.Minute + lateness, 3*time.Minute + lateness},
		{time.Second, time.Second}, {0, 0}, {lateness / 2, 0},
	} {
		if err := c.SetReadDeadline(start.Add(step.set)); err != nil || conn.read != start.Add(step.want) {
			t.Errorf("set to %v: it is %v, want %v", step.set, conn.read.Sub(start), step.want)
		}
	}
	for range 2 {
		if c.SetReadDeadline(time.Time{}); !conn.read.IsZero() {
			t.Error("no deadline is one")
		}
		c.SetDeadline(start)
	}
}

// timed is a connection that knows its deadline only.
type timed struct {
	net.Conn
	read time.Time
}

func (c *timed) SetReadDeadline(t time.Time) error { c.read = t; return nil }
func (c *timed) SetDeadline(t time.Time) error     { return c.SetReadDeadline(t) }
