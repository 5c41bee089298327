package engine

import (
	"github.com/sortkey/sortkey/engine/meter"
	"github.com/sortkey/sortkey/engine/store"
)

// spread is how the bytes of a page lie in partitions, so that each can be
// asked for its share.
type spread struct {
	firsts []uint64 // first hashes of the partitions of what is read
	shares []share
}

type share struct {
	hash  uint64
	bytes int
}

// spreadOf is where to note the rows of a page, nil where that is of no use. t
// is the table itself, not as a read may see it.
func (x *exchange) spreadOf(t *table, index *store.Index) *spread {
	if x.explaining() != nil || !x.s.measures(t) {
		return nil
	}
	if index != nil && !index.Spec.Local {
		if sc := x.s.loadOf(t).scope(index.Spec.Name); sc != nil {
			return &spread{firsts: sc.firsts}
		}
	}
	return &spread{firsts: t.data.Partitions()}
}

// add notes a row; rows come in the order of their hashes, or against it.
func (sp *spread) add(key string, bytes int) {
	hash := store.HashOf(key)
	if n := len(sp.shares); n > 0 {
		if last := &sp.shares[n-1]; last.hash == hash || holding(sp.firsts, last.hash) == holding(sp.firsts, hash) {
			last.bytes += bytes
			return
		}
	}
	sp.shares = append(sp.shares, share{hash, bytes})
}

// demands divides the units of a page among the partitions by what was read in
// each; what is left over in dividing goes to the last.
func (sp *spread) demands(index string, from string, u meter.Units) []demand {
	d := demand{index: index, dir: reading}
	if len(sp.shares) == 0 {
		if len(from) >= store.HashBytes {
			d.hash = store.HashOf(from)
		}
		d.units = u
		return []demand{d}
	}
	total := 0
	for _, sh := range sp.shares {
		total += sh.bytes
	}
	list := make([]demand, len(sp.shares))
	left := u
	for i, sh := range sp.shares {
		list[i] = d
		list[i].hash, list[i].units = sh.hash, u*meter.Units(sh.bytes)/meter.Units(total)
		left -= list[i].units
	}
	list[len(list)-1].units += left
	return list
}

// admitPage lets the read of a page pass, or fails. t is the table itself.
func (x *exchange) admitPage(t *table, pg *page) error {
	if pg.spread == nil {
		return nil
	}
	index, p := "", pg.plan
	if p.index != nil && !p.index.Spec.Local {
		index = p.index.Spec.Name
	}
	err := x.s.admit(t, pg.spread.demands(index, p.span.From, pg.receipt.Total()))
	if err != nil {
		x.unread()
	}
	return err
}

// unread takes back what was noted of a read that did not take place.
func (x *exchange) unread() {
	x.noteReceipt(nil)
	if x.trace != nil {
		x.trace.Read = nil
	}
}
