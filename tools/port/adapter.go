package port

import (
	"log"
	"net/http"
	"runtime/debug"
	"sync"

	"github.com/valyala/fasthttp"
)

// adapter lets a net/http handler answer fasthttp's requests.
type adapter struct {
	handler http.Handler
	errors  *log.Logger
}

// exchange is a request and its answer. It is kept for its room and for the
// headers that clients repeat.
type exchange struct {
	question question
	answer   answer
}

var exchanges = sync.Pool{New: func() any {
	return &exchange{question{header: http.Header{}}, answer{header: http.Header{}}}
}}

func (a *adapter) serve(ctx *fasthttp.RequestCtx) {
	defer a.recover(ctx)
	x := exchanges.Get().(*exchange)
	if x.question.read(ctx) {
		x.answer.begin(&ctx.Response)
		a.handler.ServeHTTP(&x.answer, &x.question.request)
		x.answer.WriteHeader(http.StatusOK)
	} else {
		ctx.Error("400 Bad Request", http.StatusBadRequest)
		ctx.SetConnectionClose()
	}
	x.question.body.Reader, x.answer.to = nil, nil
	exchanges.Put(x)
}

// recover ends the connection of a request whose handler panicked, as net/http
// does.
func (a *adapter) recover(ctx *fasthttp.RequestCtx) {
	problem := recover()
	if problem == nil {
		return
	}
	if problem != http.ErrAbortHandler {
		a.errors.Printf("panic serving %s: %v\n%s", ctx.RemoteAddr(), problem, debug.Stack())
	}
	ctx.Conn().Close()
}

// answer is the ResponseWriter of a call.
type answer struct {
	to     *fasthttp.Response
	header http.Header
	names  []string // room
	begun  bool
}

// begin makes the answer one to a new request. Names of headers are sent as they
// are.
func (w *answer) begin(to *fasthttp.Response) {
	clear(w.header)
	w.to, w.begun = to, false
	to.Header.DisableNormalizing()
}

func (w *answer) Header() http.Header { return w.header }

// WriteHeader takes the headers over as they are at the first call.
// Informational answers are not passed on.
func (w *answer) WriteHeader(status int) {
	if w.begun || status < 200 {
		return
	}
	w.begun = true
	w.to.SetStatusCode(status)
	h := &w.to.Header
	w.names = sorted(w.names[:0], w.header)
	for _, name := range w.names {
		for _, value := range w.header[name] {
			h.Add(name, value)
		}
	}
}

// Send answers with these headers besides those set before, by their canonical
// names, and a body: the whole answer in one call, for handlers that make many.
func (w *answer) Send(status int, fields [][2]string, body []byte) {
	w.WriteHeader(status)
	for i := range fields {
		w.to.Header.Add(fields[i][0], fields[i][1])
	}
	w.to.AppendBody(body)
}

// sorted appends the names of headers in their order. There are few.
func sorted(names []string, header http.Header) []string {
	for name := range header {
		i := len(names)
		names = append(names, name)
		for ; i > 0 && names[i-1] > name; i-- {
			names[i] = names[i-1]
		}
		names[i] = name
	}
	return names
}

func (w *answer) Write(b []byte) (int, error) {
	if !w.begun {
		if _, named := w.header["Content-Type"]; !named && len(b) > 0 {
			w.header.Set("Content-Type", http.DetectContentType(b))
		}
		w.WriteHeader(http.StatusOK)
	}
	w.to.AppendBody(b)
	return len(b), nil
}
