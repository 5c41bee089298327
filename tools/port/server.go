package port

import (
	"context"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/valyala/fasthttp"
)

const (
	// maxHead is how many bytes the head of a request may have.
	maxHead = 16 << 10
	// firstBytes is how long a connection may take to say what it is for, and a
	// browser to send the head of a request.
	firstBytes = 10 * time.Second
	// idle is how long a connection is kept without a request, and how long a call
	// may take to arrive: one time for both, see calling.
	idle = 3 * time.Minute
	// inMemory is how much of a call's body is read before the handler runs, in
	// bytes. The handler reads the rest from the connection.
	inMemory = 64 << 10
)

// Server serves a handler on a port. It is safe for concurrent use.
type Server struct {
	browsers http.Server
	calls    fasthttp.Server

	// The two take their connections from here.
	forBrowsers, forCalls *queue

	mu       sync.Mutex
	listener net.Listener
	stopped  bool
	unsorted map[net.Conn]bool
}

// New returns a server of a handler. What goes wrong with a connection is a
// line in errors; nil is silent.
func New(handler http.Handler, errors *log.Logger) *Server {
	if errors == nil {
		errors = log.New(io.Discard, "", 0)
	}
	return &Server{
		browsers: http.Server{
			Handler: handler, ErrorLog: errors,
			ReadHeaderTimeout: firstBytes, IdleTimeout: idle, MaxHeaderBytes: maxHead,
		},
		calls: fasthttp.Server{
			Handler: (&adapter{handler: handler, errors: errors}).serve, Logger: errors,
			ReadTimeout: idle, IdleTimeout: idle, ReadBufferSize: maxHead, WriteBufferSize: maxHead,
			StreamRequestBody: true, MaxRequestBodySize: inMemory, DisablePreParseMultipartForm: true,
			NoDefaultServerHeader: true, NoDefaultContentType: true, LazyRequestTime: true, CloseOnShutdown: true,
		},
		forBrowsers: newQueue(), forCalls: newQueue(),
		unsorted: map[net.Conn]bool{},
	}
}

// Serve takes connections from a listener until Shutdown, and returns
// [http.ErrServerClosed] then; or until the listener fails, with its error. A
// server has one listener in its life.
func (s *Server) Serve(l net.Listener) error {
	if !s.start(l) {
		l.Close()
		return http.ErrServerClosed
	}
	go s.browsers.Serve(s.forBrowsers)
	go s.calls.Serve(s.forCalls)
	for {
		c, err := l.Accept()
		switch {
		case err == nil:
			go s.sort(c)
		case s.isStopped():
			return http.ErrServerClosed
		case passes(err):
			time.Sleep(10 * time.Millisecond)
		default:
			return err
		}
	}
}

func (s *Server) start(l net.Listener) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.stopped || s.listener != nil {
		return false
	}
	s.listener = l
	s.forBrowsers.addr, s.forCalls.addr = l.Addr(), l.Addr()
	return true
}

func (s *Server) isStopped() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.stopped
}

// passes reports whether accepting will work again: there were too many files
// open, or the client was gone already.
func passes(err error) bool {
	var e interface{ Temporary() bool }
	return errors.As(err, &e) && e.Temporary()
}

// sort gives a connection to who serves it.
func (s *Server) sort(c net.Conn) {
	if !s.hold(c) {
		c.Close()
		return
	}
	first, err := readFirst(c)
	s.mu.Lock()
	delete(s.unsorted, c)
	s.mu.Unlock()
	switch {
	case err != nil && len(first) == 0:
		c.Close()
	case string(first) == apiCall:
		s.forCalls.put(&calling{begun: begun{c, first}})
	default:
		s.forBrowsers.put(&begun{c, first})
	}
}

// hold notes a connection that has not been sorted, unless the server stops.
func (s *Server) hold(c net.Conn) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.stopped {
		s.unsorted[c] = true
	}
	return !s.stopped
}

// Shutdown lets the requests that are being served come to their end, and
// closes the connections. When ctx is done before, its error is returned; calls
// that still run then come to their end by themselves.
func (s *Server) Shutdown(ctx context.Context) error {
	s.mu.Lock()
	started := s.listener != nil && !s.stopped
	s.stopped = true
	if started {
		s.listener.Close()
	}
	for c := range s.unsorted {
		c.Close()
	}
	s.mu.Unlock()
	if !started {
		return nil
	}
	s.forCalls.Close() // fasthttp does not where it begins to serve only now
	done := make(chan error)
	go func() { done <- s.calls.ShutdownWithContext(ctx) }()
	err := s.browsers.Shutdown(ctx)
	if err != nil {
		s.browsers.Close()
	}
	return errors.Join(err, <-done)
}
