package port

import (
	"net"
	"sync"
	"time"
)

// apiCall is what a connection of an API client begins with.
const apiCall = "POST / HTTP/1.1\r\n"

// readFirst reads as much of a connection as tells a call from anything else:
// all of apiCall, or less if that is not what comes. The bytes read before an
// error are returned with it.
func readFirst(c net.Conn) (first []byte, err error) {
	room := make([]byte, len(apiCall))
	if err := c.SetReadDeadline(time.Now().Add(firstBytes)); err != nil {
		return nil, err
	}
	for n := 0; n < len(room) && string(room[:n]) == apiCall[:n]; {
		var more int
		more, err = c.Read(room[n:])
		n += more
		first = room[:n]
		if err != nil {
			return first, err
		}
	}
	return first, c.SetReadDeadline(time.Time{})
}

// begun is a connection of which the first bytes have been read.
type begun struct {
	net.Conn
	first []byte
}

func (c *begun) Read(b []byte) (int, error) {
	if len(c.first) == 0 {
		return c.Conn.Read(b)
	}
	n := copy(b, c.first)
	c.first = c.first[n:]
	return n, nil
}

// calling is the connection of a client that makes one call after the other. To
// move a deadline costs something, and there are two for each call.
type calling struct {
	begun
	deadline time.Time // for reading
}

// lateness is how much a connection's deadline may come too early.
const lateness = time.Second

// SetReadDeadline leaves a deadline as it is that is hardly earlier.
func (c *calling) SetReadDeadline(t time.Time) error {
	if later := t.Sub(c.deadline); later >= 0 && later < lateness {
		return nil
	}
	c.deadline = t
	return c.Conn.SetReadDeadline(t)
}

// SetDeadline sets both deadlines.
func (c *calling) SetDeadline(t time.Time) error {
	c.deadline = t
	return c.Conn.SetDeadline(t)
}

// queue is a listener whose connections somebody else has accepted.
type queue struct {
	addr   net.Addr
	conns  chan net.Conn
	closed chan struct{}
	once   sync.Once
}

func newQueue() *queue {
	return &queue{conns: make(chan net.Conn), closed: make(chan struct{})}
}

// put hands a connection over, or closes it if nobody takes any more.
func (q *queue) put(c net.Conn) {
	select {
	case q.conns <- c:
	case <-q.closed:
		c.Close()
	}
}

func (q *queue) Accept() (net.Conn, error) {
	select {
	case c := <-q.conns:
		return c, nil
	case <-q.closed:
		return nil, net.ErrClosed
	}
}

func (q *queue) Close() error {
	q.once.Do(func() { close(q.closed) })
	return nil
}

func (q *queue) Addr() net.Addr { return q.addr }
