package engine

import (
	"strconv"
	"strings"
)

// Unknown is a member of the request that the operation does not have. The
// service ignores it, and so does the engine; an editor can warn of it.
type Unknown struct {
	Path        string // "RequestItems.Music.Kyes": names and 0-based indexes
	Offset, End int    // the bytes of the body that hold its name, with quotes
}

// watch keeps the place in an observed request while it is read. All its
// methods do nothing on nil.
type watch struct {
	trace *Trace
	body  []byte
	path  []string
}

func (w *watch) enter(name string) {
	if w != nil {
		w.path = append(w.path, name)
	}
}

func (w *watch) enterElement(i int) {
	if w != nil {
		w.path = append(w.path, strconv.Itoa(i))
	}
}

func (w *watch) leave() {
	if w != nil {
		w.path = w.path[:len(w.path)-1]
	}
}

// unknown passes over the value of a member that the structure does not have.
func (w wire) unknown() error {
	if w.watch != nil {
		w.watch.note(w.Offset())
	}
	return w.Skip()
}

func (w *watch) note(value int) {
	from, to := nameBefore(w.body, value)
	w.trace.Unknown = append(w.trace.Unknown, Unknown{Path: strings.Join(w.path, "."), Offset: from, End: to})
}

// nameBefore finds the name of the member whose value begins at an offset: the
// string in front of the colon.
func nameBefore(body []byte, value int) (from, to int) {
	to = value
	for to > 0 && body[to-1] != '"' {
		to--
	}
	for from = to - 2; from > 0; from-- {
		if body[from] == '"' && !escaped(body, from) {
			break
		}
	}
	return max(from, 0), to
}

// escaped reports whether an odd number of backslashes stands before an offset.
func escaped(body []byte, at int) bool {
	n := 0
	for n < at && body[at-1-n] == '\\' {
		n++
	}
	return n%2 == 1
}
