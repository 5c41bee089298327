package endpoint

import (
	"compress/gzip"
	"crypto/rand"
	"encoding/base32"
	"errors"
	"hash/crc32"
	"io"
	"mime"
	"net/http"
	"strconv"
	"strings"
)

// maxDrain bounds what is read and thrown away of an oversized body, so that a
// client which is still sending gets to see the answer.
const maxDrain = 64 << 20

// apiContentType reports whether a Content-Type is one of the JSON protocols'
// and returns the form the answer carries.
func apiContentType(header string) (string, bool) {
	media, _, err := mime.ParseMediaType(header)
	if err != nil {
		return "", false
	}
	switch media {
	case "application/x-amz-json-1.0", "application/x-amz-json-1.1", "application/json":
		return media, true
	}
	return "", false
}

// readBody reads a request body of at most MaxBody bytes, unpacking gzip.
func readBody(w http.ResponseWriter, r *http.Request) ([]byte, *fault) {
	if r.Body == nil {
		return nil, nil
	}
	if r.ContentLength > MaxBody {
		io.CopyN(io.Discard, r.Body, maxDrain)
		return nil, faultTooLarge
	}
	body, err := readBounded(r.Body)
	if err == nil && strings.EqualFold(r.Header.Get("Content-Encoding"), "gzip") {
		body, err = unzip(body)
	}
	if errors.Is(err, errTooLarge) {
		io.CopyN(io.Discard, r.Body, maxDrain)
		return nil, faultTooLarge
	}
	if err != nil {
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

func unzip(packed []byte) ([]byte, error) {
	z, err := gzip.NewReader(strings.NewReader(string(packed)))
	if err != nil {
		return nil, err
	}
	return readBounded(z)
}

// requestID returns 52 random upper-case letters and digits: 32 bytes in base 32.
func requestID() string {
	var b [32]byte
	rand.Read(b[:]) // never fails
	return base32.HexEncoding.WithPadding(base32.NoPadding).EncodeToString(b[:])
}

// checksum is the CRC-32 (IEEE) of a body as an unsigned decimal, which SDKs
// compare before they parse.
func checksum(body []byte) string {
	return strconv.FormatUint(uint64(crc32.ChecksumIEEE(body)), 10)
}
