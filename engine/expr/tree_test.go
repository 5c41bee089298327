package expr

import (
	"math/rand/v2"
	"testing"

	"github.com/sortkey/sortkey/engine/attr"
)

// The tree refuses a set of paths exactly when two of them overlap or conflict,
// and otherwise holds each at a leaf of its own.
func TestGrowAgreesWithPairs(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	refused := 0
	for range 20_000 {
		paths := make([]*Path, 1+r.IntN(4))
		for i := range paths {
			paths[i] = Attribute(randomPath(r))
		}
		want := clash(paths)
		tree, got := grow(paths)
		if (want == nil) != (got == nil) || (tree == nil) != (got != nil) {
			t.Fatalf("%v: %v, pairs say %v", paths, got, want)
		}
		if got != nil {
			refused++
			continue
		}
		if n := leaves(tree); n != len(paths) {
			t.Fatalf("%v: %d leaves", paths, n)
		}
	}
	if refused < 2000 || refused > 18_000 {
		t.Errorf("%d of 20000 refused: the paths test nothing", refused)
	}
}

func randomPath(r *rand.Rand) attr.Path {
	p := attr.Path{{Name: string(rune('a' + r.IntN(5)))}}
	for range r.IntN(3) {
		s := attr.Step{Index: r.IntN(2)}
		if r.IntN(2) == 0 {
			s = attr.Step{Name: string(rune('a' + r.IntN(2)))}
		}
		p = append(p, s)
	}
	return p
}

func leaves(b *branch) int {
	if b.leaf >= 0 {
		return 1
	}
	n := 0
	for _, c := range b.next {
		n += leaves(c)
	}
	return n
}
