package endpoint

import (
	"bytes"
	"compress/gzip"
	"crypto/rand"
	"errors"
	"hash/crc32"
	"io"
	"mime"
	"net/http"
	"strconv"
	"strings"
	"sync"
)

// maxDrain bounds what is read and thrown away of an oversized body, so that a
// client which is still sending gets to see the answer.
const maxDrain = 64 << 20

// apiContentType reports whether a Content-Type is one of the JSON protocols'
// and returns the form the answer carries.
func apiContentType(header string) (string, bool) {
	media := header
	if strings.IndexByte(header, ';') >= 0 || !isAPI(media) {
		var err error
		if media, _, err = mime.ParseMediaType(header); err != nil {
			return "", false
		}
	}
	return media, isAPI(media)
}

func isAPI(media string) bool {
	switch media {
	case "application/x-amz-json-1.0", "application/x-amz-json-1.1", "application/json":
		return true
	}
	return false
}

// target names the operation. Presigning moves the header into the query.
func target(r *http.Request) string {
	if t := header(r, "X-Amz-Target"); t != "" || r.URL.RawQuery == "" {
		return t
	}
	return r.URL.Query().Get("X-Amz-Target")
}

// header is the first value of a header, whose name is given as canonical.
func header(r *http.Request, name string) string {
	if values := r.Header[name]; len(values) > 0 {
		return values[0]
	}
	return ""
}

// desk is what it takes to serve a request, kept from one to the next.
type desk struct {
	body, reply []byte // room
	signer      signature
	fields      [][2]string // the answer's headers
	ids         string      // request ids that are not used up
}

var desks = sync.Pool{New: func() any { return &desk{reply: make([]byte, 0, 4096)} }}

// keptRoom is the largest piece of room that is worth keeping, in bytes.
const keptRoom = 1 << 20

// leave gives the desk to the next request.
func (d *desk) leave() {
	if cap(d.reply) > 2*keptRoom {
		d.reply = nil
	}
	desks.Put(d)
}

// readBody reads a request body of at most MaxBody bytes as it was sent, into
// room if it is small.
func readBody(r *http.Request, room *[]byte) ([]byte, *fault) {
	if r.Body == nil {
		return nil, nil
	}
	body, err := readSized(r.Body, r.ContentLength, room)
	if errors.Is(err, errTooLarge) {
		io.CopyN(io.Discard, r.Body, maxDrain)
		return nil, faultTooLarge
	}
	if err != nil {
		return nil, faultUnreadable
	}
	return body, nil
}

// readSized reads a body whose length is known, or not if it is 0 or less.
func readSized(r io.Reader, length int64, room *[]byte) ([]byte, error) {
	switch {
	case length > MaxBody:
		return nil, errTooLarge
	case length <= 0 || length > keptRoom: // who announces much need not send it
		return readBounded(r)
	}
	// With room for a byte more than there is, the end comes with the last byte.
	if need := int(length) + 1; cap(*room) < need {
		*room = make([]byte, need+need/2)
	}
	n, err := io.ReadFull(r, (*room)[:length+1])
	if int64(n) != length || err != io.ErrUnexpectedEOF {
		return nil, io.ErrUnexpectedEOF
	}
	return (*room)[:n], nil
}

// unpack is a body without the compression that the request names.
func unpack(r *http.Request, body []byte) ([]byte, *fault) {
	if !strings.EqualFold(header(r, "Content-Encoding"), "gzip") {
		return body, nil
	}
	z, err := gzip.NewReader(bytes.NewReader(body))
	if err == nil {
		body, err = readBounded(z)
	}
	switch {
	case errors.Is(err, errTooLarge):
		return nil, faultTooLarge
	case err != nil:
		return nil, faultUnreadable
	}
	return body, nil
}

var errTooLarge = errors.New("endpoint: body too large")

// readBounded reads all of r, or fails with errTooLarge after MaxBody bytes.
func readBounded(r io.Reader) ([]byte, error) {
	body, err := io.ReadAll(io.LimitReader(r, MaxBody+1))
	if err != nil {
		return nil, err
	}
	if len(body) > MaxBody {
		return nil, errTooLarge
	}
	return body, nil
}

// requestIDLength is the length of a request id.
const requestIDLength = 52

// requestID returns 52 random upper-case letters and digits.
func (d *desk) requestID() string {
	if len(d.ids) == 0 {
		var b [20 * requestIDLength]byte
		rand.Read(b[:]) // never fails
		for i := range b {
			b[i] = "0123456789ABCDEFGHIJKLMNOPQRSTUV"[b[i]%32]
		}
		d.ids = string(b[:])
	}
	id := d.ids[:requestIDLength]
	d.ids = d.ids[requestIDLength:]
	return id
}

// numbers are the headers that a body's length and its checksum make. The
// checksum is the CRC-32 (IEEE) as an unsigned decimal, which SDKs compare
// before they parse.
func (d *desk) numbers(body []byte) (length, sum string) {
	var room [30]byte
	b := strconv.AppendInt(room[:0], int64(len(body)), 10)
	n := len(b)
	text := string(strconv.AppendUint(b, uint64(crc32.ChecksumIEEE(body)), 10))
	return text[:n], text[n:]
}
