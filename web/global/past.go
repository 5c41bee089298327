package global

import (
	"slices"

	"github.com/sortkey/sortkey/engine"
	"github.com/sortkey/sortkey/engine/attr"
)

// recall takes down what has happened, as far as it is shown. That is not far
// back: the lines of the log, the last write, and the diagram's window with the
// writes whose messages reach into it. But where something else happened than
// writes and arrivals it is all that is known: a link can be cut for long.
func (l *lab) recall(w *world) {
	from, _ := l.window()
	b := &backwards{lab: l, from: from, list: l.past[:0]}
	for _, x := range w.links {
		for _, m := range x.InFlight {
			b.sent = append(b.sent, sending{m.Key, m.Version})
		}
	}
	w.engine.Happenings(b.see)
	if b.strange {
		b.list = b.list[:0]
		w.engine.Happenings(func(h *engine.Happening) bool {
			b.list = append(b.list, *h)
			return true
		})
	}
	w.past, w.lines, l.past = b.list, b.lines, b.list
}

// backwards goes through what has happened, the newest first.
type backwards struct {
	lab     *lab
	from    int // where the diagram begins
	list    []engine.Happening
	sent    []sending // the messages in the diagram whose writes are still to be found
	wrote   bool      // the last write is found
	lines   int       // of the log, were it shown from its beginning
	enough  bool
	strange bool // there is more than writes and arrivals
}

type sending struct {
	key     attr.Map
	version engine.Version
}

func (b *backwards) see(h *engine.Happening) bool {
	shown := b.lab.run().instant(h.At) >= b.from
	b.enough = b.enough || !shown && b.wrote && len(b.sent) == 0 && b.lines >= logLines
	if b.lab.tellable(h) {
		b.lines++
	}
	switch h.Kind {
	case engine.ReplicaWritten:
		b.wrote = b.wrote || h.Table == b.lab.table
		b.sent = slices.DeleteFunc(b.sent, func(s sending) bool { return s.version == h.Version && sameKey(s.key, h.Key) })
	case engine.MessageAccepted, engine.MessageDropped:
		if shown {
			b.sent = append(b.sent, sending{h.Key, h.Version})
		}
	default:
		b.strange = true
	}
	if !b.enough {
		b.list = append(b.list, *h)
	}
	return true
}

// sameKey reports whether two keys of a table are one: mostly they are the same
// piece of memory.
func sameKey(a, b attr.Map) bool {
	return len(a) > 0 && len(a) == len(b) && &a[0] == &b[0] || keyText(a) == keyText(b)
}
