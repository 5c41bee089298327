package engine

import "github.com/sortkey/sortkey/engine/attr"

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
}

func (l *line) less(o *line) bool {
	return l.key < o.key || l.key == o.key && l.before(o.version)
}

// keptLines is how many writes of a key are remembered where there is no telling
// whether all others have them.
const keptLines = 16

// learn notes a write.
func (g *global) learn(l line) { g.lines.Set(l) }

func (g *global) line(key string, v version) (line, bool) {
	return g.lines.Get(line{key: key, version: v})
}

// inLine reports whether a write is v or one of those that led to it. What is
// not known any more was everywhere before anything that is known.
func (g *global) inLine(key string, w, v version) bool {
	for w != v {
		if v.before(w) {
			return false
		}
		l, ok := g.line(key, v)
		if !ok {
			return true
		}
		v = l.parent
	}
	return true
}

// apart lists the writes that led to v, itself the first, which did not lead to
// w.
func (g *global) apart(key string, v, w version) []line {
	var list []line
	for {
		l, ok := g.line(key, v)
		if !ok || g.inLine(key, v, w) {
			return list
		}
		list = append(list, l)
		v = l.parent
	}
}

// trimLines forgets all but the newest writes of a key.
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
	}
}
