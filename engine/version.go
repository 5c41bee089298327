package engine

import (
	"fmt"
	"io"
	"time"

	"github.com/sortkey/sortkey/engine/attr"
)

// Every item of a global table has a version: when and in which region it was
// last written. Of two versions the later one wins, and of two of one instant
// that of the region whose name comes later; a delete has a version like any
// write. A write's version is the time, but where that is not later than the
// version it replaces there (a clock that runs ahead elsewhere, two writes at
// one instant) it is a nanosecond after that: so a region's own writes always
// replace what they saw, and no two writes of an item have the same version.
// What the service itself does at equal times is not documented.
//
// Whatever a table had before it became global has the version of that moment,
// and no stamp. A delete leaves a stamp without an item, the tombstone. It is
// needed until every write of the key has arrived everywhere; after that the last
// keptGraves are kept to be seen. Where other engines hold some of the regions,
// all stay.

// version is when and where an item was last written. The zero version is that
// of an item that never was.
type version struct {
	at     int64
	region string
}

func (v version) before(w version) bool {
	return v.at < w.at || v.at == w.at && v.region < w.region
}

// after is the version of a write at that time over v.
func (v version) after(at int64, region string) version {
	next := version{at, region}
	if !v.before(next) {
		next.at = v.at + 1
	}
	return next
}

func (v version) export() Version {
	if v == (version{}) {
		return Version{}
	}
	return Version{time.Unix(0, v.at).UTC(), v.region}
}

// Version tells which write an item of a global table is of: its time, and the
// region that took it. The zero Version is that of an item that never was.
type Version struct {
	At     time.Time
	Region string
}

// Before reports whether v loses against w: it is earlier or, at the same
// time, of a region whose name comes first.
func (v Version) Before(w Version) bool {
	return v.At.Before(w.At) || v.At.Equal(w.At) && v.Region < w.Region
}

// stamp is the version of an item in one replica.
type stamp struct {
	key string // of the row
	version
	since   int64 // when this replica took it
	deleted bool
	keys    attr.Map // nil of an item that came with a snapshot
}

// left is the key that a tombstone remembers.
func (x *stamp) left() attr.Map {
	if x.deleted {
		return x.keys
	}
	return nil
}

func newStamps() *ordered[stamp] {
	return newOrdered(func(a, b *stamp) bool { return a.key < b.key })
}

// replica is what a table of a global table knows besides its items. The table
// is in one region, the global table in several.
type replica struct {
	global string // its id
	region string
	stamps *ordered[stamp]
}

func (r *replica) copy() *replica {
	if r == nil {
		return nil
	}
	return &replica{r.global, r.region, r.stamps.Copy()}
}

func (r *replica) digest(w io.Writer) {
	if r == nil {
		return
	}
	fmt.Fprintf(w, "replica %s %q\n", r.global, r.region)
	r.stamps.Scan(func(x stamp) bool {
		fmt.Fprintf(w, "stamp %x %d %q %d %v %s\n", x.key, x.at, x.region, x.since, x.deleted, attr.AppendMap(nil, x.left()))
		return true
	})
}

// stampOf is what a replica knows of a key: of an item from before it was
// global the version of that moment, of one that never was the zero version.
func (t *table) stampOf(g *global, key string) stamp {
	x, ok := t.replica.stamps.Get(stamp{key: key})
	if !ok && t.data.Rows().Get(key) != nil {
		return stamp{key: key, version: g.meta.base, since: g.meta.base.at}
	}
	return x
}
