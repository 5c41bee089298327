package attr

import (
	"fmt"
	"strings"
	"testing"
)

// benchItem is an item of 20 attributes and about 1 KB, one of them a document.
func benchItem() Map {
	var members []Member
	for i := range 18 {
		members = append(members, Member{fmt.Sprintf("attribute%02d", i), Text(strings.Repeat("x", 3*i))})
	}
	n, _ := ParseNumber("12345.678")
	doc := MapValue(Map{{"city", Text("Zürich")}, {"lines", List([]Value{Text("first"), Text("second"), Num(n)})}, {"zip", Num(IntNumber(8001))}})
	return SortMap(append(members, Member{"n", Num(n)}, Member{"document", doc}))
}

func BenchmarkDecode(b *testing.B) {
	body := AppendMap(nil, benchItem())
	b.SetBytes(int64(len(body)))
	b.ReportAllocs()
	for b.Loop() {
		if _, bad, err := NewScanner(body, 100).Attributes(); bad != nil || err != nil {
			b.Fatal(bad, err)
		}
	}
}

func BenchmarkEncode(b *testing.B) {
	m := benchItem()
	dst := AppendMap(nil, m)
	b.SetBytes(int64(len(dst)))
	b.ReportAllocs()
	for b.Loop() {
		dst = AppendMap(dst[:0], m)
	}
}

func BenchmarkNewItem(b *testing.B) {
	m := benchItem()
	b.ReportAllocs()
	for b.Loop() {
		NewItem(m)
	}
}

func BenchmarkItemMap(b *testing.B) {
	it := NewItem(benchItem())
	b.ReportAllocs()
	for b.Loop() {
		it.Map()
	}
}

func BenchmarkGet(b *testing.B) {
	it := NewItem(benchItem())
	for _, name := range []string{"attribute00", "attribute17", "n", "nowhere"} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				it.Get(name)
			}
		})
	}
}

func BenchmarkAt(b *testing.B) {
	it := NewItem(benchItem())
	p := Path{{Name: "document"}, {Name: "lines"}, {Index: 1}}
	b.ReportAllocs()
	for b.Loop() {
		if _, ok := it.At(p); !ok {
			b.Fatal("not found")
		}
	}
}

func BenchmarkProject(b *testing.B) {
	it := NewItem(benchItem())
	names := []string{"n", "attribute03", "document"}
	b.ReportAllocs()
	for b.Loop() {
		it.Project(names)
	}
}

func BenchmarkParseNumber(b *testing.B) {
	for _, s := range []string{"7", "1500", "12345.678", nines38, "1.5E-20"} {
		b.Run(s, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := ParseNumber(s); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkAdd(b *testing.B) {
	x, _ := ParseNumber("12345.678")
	one := IntNumber(1)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := x.Add(one); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkAppendKey(b *testing.B) {
	s, n := Text("customer#12345"), Num(IntNumber(1700000000))
	var dst []byte
	b.ReportAllocs()
	for b.Loop() {
		dst = AppendKey(AppendKey(dst[:0], s), n)
	}
}
