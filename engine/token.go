package engine

import (
	"crypto/sha256"
	"fmt"
	"io"
	"time"

	"github.com/sortkey/sortkey/engine/meter"
)

// tokenLife is how long a ClientRequestToken stands for its transaction, in
// engine time.
const tokenLife = 10 * time.Minute

// done is a transaction that was committed under a token: its parameters, when
// it stops standing for them, and the sizes that a repetition is charged by.
type done struct {
	token  string
	sum    [sha256.Size]byte
	until  int64
	images []image
}

// image is what one action of a transaction wrote or looked at.
type image struct {
	table string // as the request named it
	name  string
	bytes int
}

// tokens are the transactions that can be repeated, by token.
type tokens struct {
	tree *ordered[done]
}

func newTokens() tokens {
	less := func(a, b *done) bool { return a.token < b.token }
	return tokens{newOrdered(less)}
}

func (t tokens) copy() tokens { return tokens{t.tree.Copy()} }

func (t tokens) digest(w io.Writer) {
	t.tree.Scan(func(d done) bool {
		fmt.Fprintf(w, "token %q %x %d %v\n", d.token, d.sum, d.until, d.images)
		return true
	})
}

// repeated finds the transaction that a token stands for, nil if there is
// none. Other parameters under the same token are an error.
func (s *state) repeated(token string, sum [sha256.Size]byte) (*done, error) {
	d, ok := s.tokens.tree.Get(done{token: token})
	if !ok || d.until <= s.now {
		return nil, nil
	}
	if d.sum != sum {
		return nil, errTokenMismatch()
	}
	return &d, nil
}

func errTokenMismatch() *Error {
	return fail("IdempotentParameterMismatchException",
		"DynamoDB rejected the request because you retried a request with a different payload but with an idempotent token that was already used.")
}

// remember lets a token stand for a committed transaction, and forgets the
// tokens whose time is over.
func (s *state) remember(token string, sum [sha256.Size]byte, images []image) {
	var over []done
	s.tokens.tree.Scan(func(d done) bool {
		if d.until <= s.now {
			over = append(over, d)
		}
		return true
	})
	for _, d := range over {
		s.tokens.tree.Delete(d)
	}
	s.tokens.tree.Set(done{token: token, sum: sum, until: s.now + int64(tokenLife), images: images})
}

// images are the sizes that a repetition is charged by: of each action the
// larger of before and after.
func (in *transactInput) images() []image {
	list := make([]image, len(in.actions))
	for i, a := range in.actions {
		list[i] = image{a.table.v, a.on.meta.name, max(a.write.change.Before.Size(), a.write.change.After.Size())}
	}
	return list
}

// encodeRepeat answers a transaction that was made before: nothing happens,
// and it is charged as reads of what it wrote then.
func (in *transactInput) encodeRepeat(x *exchange, d *done) []byte {
	var names []string
	var receipts []*meter.Receipt
	at := map[string]int{}
	for _, m := range d.images {
		i, ok := at[m.table]
		if !ok {
			i = len(names)
			at[m.table] = i
			names = append(names, m.table)
			receipts = append(receipts, &meter.Receipt{Rate: meter.Transactional, Arms: []meter.Arm{{Name: m.name, Reason: meter.ReadItem}}})
		}
		arm := &receipts[i].Arms[0]
		arm.Bytes += m.bytes
		arm.Blocks += meter.Blocks(m.bytes, meter.ReadBlock)
		arm.Units += meter.ReadUnits(m.bytes, meter.Transactional)
	}
	var e enc
	e.open()
	e.transactConsumed(in.consumed, names, receipts)
	e.close()
	x.noteReceipt(merged(receipts))
	return e.b
}
