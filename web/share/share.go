package share

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"runtime/debug"
	"strconv"
	"strings"
	"time"

	"github.com/sortkey/sortkey/engine/scenario"
	"github.com/sortkey/sortkey/web"
	"github.com/sortkey/sortkey/web/page"
)

// MaxText is how many bytes a document to be kept may have.
const MaxText = 64 << 10

// Store keeps texts under ids. An id is 16 to 64 hexadecimal digits.
type Store interface {
	// Get gives the text under an id, and whether there is one.
	Get(ctx context.Context, id string) (text string, found bool, err error)
	// Put keeps a text under an id that Get found free. Of two at the same
	// time either may stay.
	Put(ctx context.Context, id, text string) error
}

// Config is what a host gives.
type Config struct {
	Store Store
	// Assets names the files of the site: "desk.css" to "assets/desk.1a2b.css".
	Assets func(context.Context) (map[string]string, error)
	// Faults is told of every bug; it may be nil.
	Faults func(problem any, stack []byte)
}

// patience is how long a document may run where the host's clock goes on
// while a program computes. Cloudflare's does not; there the platform itself
// ends what takes too long.
const patience = 2 * time.Second

// limits are what a document that is kept may cost. They are counted, so a
// document that was kept can be shown on any machine.
var limits = scenario.Limits{
	Steps:   1000,
	Replies: 2 << 20,
	Work:    8 << 20,
	Span:    366 * 24 * time.Hour,
}

// Handler answers the addresses above.
type Handler struct{ config Config }

// New makes the handler.
func New(c Config) *Handler { return &Handler{c} }

// Serves tells whether a path is one of the handler's.
func Serves(path string) bool {
	return path == "/api/scenarios" || strings.HasPrefix(path, "/api/scenarios/") || strings.HasPrefix(path, "/s/")
}

// Request is what a host hands over of an HTTP request.
type Request struct {
	Method  string
	Path    string
	Site    string // where the host is reached: "https://sortkey.example"
	Origin  string // of the page that asks, as its browser says; "" where it does not
	IfMatch string // the header If-None-Match
	Body    []byte // of a POST; hosts need not read more than MaxText and a byte
}

// Answer answers one request.
func (h *Handler) Answer(ctx context.Context, r Request) (w page.Answer) {
	defer h.recover(&w)
	reading := r.Method == "GET" || r.Method == "HEAD"
	switch rest, isAPI := strings.CutPrefix(r.Path, "/api/scenarios"); {
	case isAPI && rest == "" && r.Method == "POST":
		return h.keep(ctx, r)
	case isAPI && rest == "":
		return refusal(405, "Scenarios are posted here.", "Allow", "POST")
	case !reading:
		return refusal(405, "This address is for reading.", "Allow", "GET, HEAD")
	case isAPI:
		return h.text(ctx, r, strings.TrimPrefix(rest, "/"))
	case strings.HasSuffix(r.Path, ".png"):
		return h.picture(ctx, r, strings.TrimSuffix(strings.TrimPrefix(r.Path, "/s/"), ".png"))
	}
	return h.page(ctx, r, strings.TrimPrefix(r.Path, "/s/"))
}

// keep takes a document in and answers with its id.
func (h *Handler) keep(ctx context.Context, r Request) page.Answer {
	if r.Origin != "" && r.Origin != r.Site {
		return refusal(403, "This address is for Sortkey’s own page.")
	}
	if len(r.Body) > MaxText {
		return tooLarge()
	}
	text, err := h.accept(r.Body)
	if err != nil {
		return refusal(422, "This is no scenario that can be kept: "+err.Error()+".")
	}
	if len(text) > MaxText {
		return tooLarge()
	}
	id, isNew, err := h.place(ctx, text)
	if err != nil {
		h.fault(err)
		return refusal(503, "The store does not answer.")
	}
	w := answer(200, "application/json", []byte(`{"id":"`+id+`","page":"s/`+id+`"}`+"\n"))
	w.Header = append(w.Header, [2]string{"Cache-Control", "no-store"}, [2]string{"Location", "/s/" + id})
	if isNew {
		w.Status = 201
	}
	return w
}

func tooLarge() page.Answer {
	return refusal(413, "A document to be kept has at most "+strconv.Itoa(MaxText)+" bytes.")
}

// accept gives the canonical text of a document that can be read, and shown
// within the limits.
func (h *Handler) accept(text []byte) (string, error) {
	doc, err := scenario.Parse(text)
	if err != nil {
		return "", err
	}
	canonical := string(doc.Text())
	if doc, err = scenario.Parse([]byte(canonical)); err != nil {
		return "", err
	}
	_, err = h.open(doc, nil)
	return canonical, err
}

func (h *Handler) open(doc *scenario.Document, assets map[string]string) (*web.Desk, error) {
	within := limits
	end := time.Now().Add(patience)
	within.Stop = func() bool { return time.Now().After(end) }
	return web.Opened(web.Config{Assets: assets, Faults: h.config.Faults}, doc, within)
}

// lengths are how many digits an id has: another document under the shorter
// one makes it longer.
var lengths = []int{16, 24, 32, 64}

// place keeps a text unless it is kept already.
func (h *Handler) place(ctx context.Context, text string) (id string, isNew bool, err error) {
	sum := digest(text)
	for _, n := range lengths {
		id = sum[:n]
		kept, found, err := h.config.Store.Get(ctx, id)
		switch {
		case err != nil:
			return "", false, err
		case !found:
			return id, true, h.config.Store.Put(ctx, id, text)
		case kept == text:
			return id, false, nil
		}
	}
	return "", false, errors.New("share: two documents have the same SHA-256")
}

func digest(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

func isID(id string) bool {
	return len(id) >= lengths[0] && len(id) <= 2*sha256.Size && strings.Trim(id, "0123456789abcdef") == ""
}

// errMissing: there is no such document.
var errMissing = errors.New("there is no scenario at this address")

// find loads a document. What the store gives must be what the id was made
// from.
func (h *Handler) find(ctx context.Context, id string) (string, error) {
	if !isID(id) {
		return "", errMissing
	}
	text, found, err := h.config.Store.Get(ctx, id)
	switch {
	case err != nil:
		return "", err
	case !found:
		return "", errMissing
	case !strings.HasPrefix(digest(text), id):
		return "", errors.New("share: what is stored under " + id + " is not what was kept there")
	}
	return text, nil
}

// text answers with a document.
func (h *Handler) text(ctx context.Context, r Request, id string) page.Answer {
	tag := `"` + id + `"`
	if isID(id) && r.has(tag) {
		return tagged(page.Answer{Status: 304}, tag, forever)
	}
	text, err := h.find(ctx, id)
	if err != nil {
		return h.failure(err)
	}
	w := answer(200, "text/markdown; charset=utf-8", []byte(text))
	w.Header = append(w.Header, [2]string{"Content-Disposition", `inline; filename="` + id + `.md"`})
	return tagged(w, tag, forever)
}

// What an id names never changes. But a page names the site's other files,
// which the next build of the site replaces, and it may draw another picture.
const (
	forever = "public, max-age=31536000, immutable"
	recheck = "no-cache"
	aWeek   = "public, max-age=604800"
)

// has reports whether the client has what the tag names.
func (r Request) has(tag string) bool {
	for known := range strings.SplitSeq(r.IfMatch, ",") {
		// A proxy that compresses makes a tag weak.
		if strings.TrimPrefix(strings.TrimSpace(known), "W/") == tag {
			return true
		}
	}
	return false
}

// answer is one with the headers of everything that a browser shows.
func answer(status int, kind string, body []byte) page.Answer {
	return page.Answer{Status: status, Header: append([][2]string{{"Content-Type", kind}}, page.SecureHeaders...), Body: body}
}

func tagged(w page.Answer, tag, caching string) page.Answer {
	w.Header = append(w.Header, [2]string{"ETag", tag}, [2]string{"Cache-Control", caching})
	return w
}

// refusal is an answer in plain text; header is names and values.
func refusal(status int, words string, header ...string) page.Answer {
	w := answer(status, "text/plain; charset=utf-8", []byte(words+"\n"))
	w.Header = append(w.Header, [2]string{"Cache-Control", "no-store"})
	for i := 0; i+1 < len(header); i += 2 {
		w.Header = append(w.Header, [2]string{header[i], header[i+1]})
	}
	return w
}

func (h *Handler) failure(err error) page.Answer {
	if errors.Is(err, errMissing) {
		return refusal(404, "There is no scenario at this address.")
	}
	h.fault(err)
	return refusal(500, "This scenario cannot be shown.")
}

func (h *Handler) fault(problem any) {
	if h.config.Faults != nil {
		h.config.Faults(problem, nil)
	}
}

// recover turns a bug into an answer.
func (h *Handler) recover(w *page.Answer) {
	if problem := recover(); problem != nil {
		if h.config.Faults != nil {
			h.config.Faults(problem, debug.Stack())
		}
		*w = refusal(500, "A bug in Sortkey stopped this request.")
	}
}
