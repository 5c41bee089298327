package attr

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
)

// TestScannerForgets: a scanner that is reset holds nothing of what it read, be
// it lent, kept or faulty, and reads on as a new one does.
func TestScannerForgets(t *testing.T) {
	var s Scanner
	bodies := []string{
		`{"b":{"M":{"z":{"S":"1"},"y":{"L":[{"NS":["2","1"]},{"S":"x"}]}}},"a":{"SS":["q","p"]}}`,
		`{"a":{"L":[{"S":"x"},{"S":"y"},{"M":{"k":{"S":"x"},"l":`,
		`{"a":{"SS":["p","p"]},"b":{"NS":["1","no"]}}`,
		`{"a":{"SS":["p",5]}}`,
		`{"a":{"S":"short"}}`,
	}
	for i := range 40 {
		body := []byte(bodies[i%len(bodies)])
		s.Reset(body, 20)
		read, fresh := s.Lend, NewScanner(body, 20)
		if i%3 == 0 {
			read = s.Attributes
		}
		m, bad, err := read()
		want, wantBad, wantErr := fresh.Attributes()
		if fmt.Sprint(bad, err) != fmt.Sprint(wantBad, wantErr) || err == nil && bad == nil && !Equal(MapValue(m), MapValue(want)) {
			t.Fatalf("%s: %s %v %v", body, AppendMap(nil, m), bad, err)
		}
		s.Reset(nil, 20)
		holds := false
		for _, v := range slices.Concat(s.values[:cap(s.values)], s.lentValues.used[:cap(s.lentValues.used)]) {
			holds = holds || v != Value{}
		}
		for _, m := range slices.Concat(s.members[:cap(s.members)], s.lentMembers.used[:cap(s.lentMembers.used)]) {
			holds = holds || m != Member{}
		}
		for _, d := range s.deeps.used[:cap(s.deeps.used)] {
			holds = holds || d.elems != nil || d.members != nil || d.depth != 0
		}
		if holds {
			t.Fatalf("%s is still held", body)
		}
	}
}

// TestCloseMembers: whatever their number and order, members become the map
// that SortMap makes of them.
func TestCloseMembers(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 2000 {
		members := make([]Member, r.IntN(2*firstMembers))
		for i := range members {
			members[i] = Member{fmt.Sprint(r.IntN(40)), Num(IntNumber(int64(i)))}
		}
		want := SortMap(slices.Clone(members))
		s := Scanner{members: append([]Member{{Name: "outer"}}, members...), lends: r.IntN(2) == 0}
		got := s.closeMembers(1)
		if !slices.Equal(got, want) || len(s.members) != 1 {
			t.Fatalf("%v becomes %v", members, got)
		}
	}
}

// TestRoom: pieces are of zero values and do not overlap, in whatever sizes
// they are taken.
func TestRoom(t *testing.T) {
	var r room[int]
	for round := range 3 {
		var pieces [][]int
		for i := range 30 {
			p := r.take(i * i % 70)
			for k := range p {
				if p[k] != 0 {
					t.Fatalf("round %d: piece %d begins as %v", round, i, p)
				}
				p[k] = i + 1
			}
			pieces = append(pieces, append(p, -1)[:len(p)])
		}
		for i, p := range pieces {
			if len(p) != i*i%70 || slices.ContainsFunc(p, func(n int) bool { return n != i+1 }) {
				t.Fatalf("round %d: piece %d is %v", round, i, p)
			}
		}
		r.reset()
	}
}
