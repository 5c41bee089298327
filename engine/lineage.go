package engine

import (
	"iter"

	"github.com/sortkey/sortkey/engine/attr"
)

// Which write was made in knowledge of which: every write replaces one version,
// its parent, where it is made. So the writes of a key are a tree, and what a
// replica shows is the end of a line in it: the version it has, that one's
// parent, and so on. A write that is in no line that is still shown is lost.

// line is a write of a key that may not have reached every replica.
type line struct {
	key string
	version
	parent version    // the zero version where there was nothing
	item   *attr.Item // nil for a delete
	keys   attr.Map
	// run is set where the write stands for several: the parent is that of the first
	// of them, and each was made by their region over the one before.
	run bool
}

func (l *line) less(o *line) bool {
	return l.key < o.key || l.key == o.key && l.before(o.version)
}

// keptLines is how many writes of a key are remembered where there is no telling
// whether all others have them.
const keptLines = 16

// learn notes a write.
func (g *global) learn(l line) { g.lines.Set(l) }

// line is a write that is remembered, nil for none. It is not to be changed.
func (g *global) line(key string, v version) *line {
	return g.lines.Find(line{key: key, version: v})
}

// inLine reports whether a write is v or one of those that led to it; known is
// false where the lines that are remembered do not go back that far.
func (g *global) inLine(key string, w, v version) (in, known bool) {
	for w.before(v) {
		l := g.line(key, v)
		if l == nil || l.ran(w) {
			return l != nil, l != nil
		}
		v = l.parent
	}
	return w == v, true
}

// ran reports whether the write stands for an earlier one too.
func (l *line) ran(w version) bool {
	return l.run && w.region == l.region && l.parent.before(w)
}

// standsFor reports whether a write can stand for one before it too: it was made
// over that, in the same region.
func (v version) standsFor(w, parent version) bool { return parent == w && v.region == w.region }

// apart goes through the writes that led to v, itself the first, which did not
// lead to w. What is not known any more was everywhere before anything that is known.
func (g *global) apart(key string, v, w version) iter.Seq[*line] {
	return func(visit func(*line) bool) {
		for l := g.line(key, v); l != nil; l = g.line(key, l.parent) {
			if in, known := g.inLine(key, l.version, w); in || !known || !visit(l) {
				return
			}
		}
	}
}

// trimLines forgets all but the newest writes of a key. The oldest that is left
// stands for those of its region that led to it.
func (g *global) trimLines(key string, keep int) {
	var list []line
	g.lines.Ascend(line{key: key}, func(l line) bool {
		if l.key != key {
			return false
		}
		list = append(list, l)
		return true
	})
	for i := 0; i < len(list)-keep; i++ {
		g.lines.Delete(list[i])
		if i+1 < len(list) && list[i+1].standsFor(list[i].version, list[i+1].parent) {
			list[i+1].parent, list[i+1].run = list[i].parent, true
			g.lines.Set(list[i+1])
		}
	}
}
