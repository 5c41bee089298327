package port

import (
	"log"
	"net/http"
	"runtime/debug"
	"slices"
	"sync"

	"github.com/valyala/fasthttp"
)

// adapter lets a net/http handler answer fasthttp's requests.
type adapter struct {
	handler http.Handler
	errors  *log.Logger
}

// questions are kept for their room and for the headers that clients repeat.
var questions = sync.Pool{New: func() any { return &question{header: http.Header{}} }}

func (a *adapter) serve(ctx *fasthttp.RequestCtx) {
	defer a.recover(ctx)
	q := questions.Get().(*question)
	if q.read(ctx) {
		w := answer{to: &ctx.Response, header: http.Header{}}
		a.handler.ServeHTTP(&w, &q.request)
		w.WriteHeader(http.StatusOK)
	} else {
		ctx.Error("400 Bad Request", http.StatusBadRequest)
		ctx.SetConnectionClose()
	}
	q.request.Body = nil
	questions.Put(q)
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
	begun  bool
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
	names := make([]string, 0, 16)
	for name := range w.header {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		for _, value := range w.header[name] {
			h.Add(name, value)
		}
	}
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
