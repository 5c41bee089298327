package expr

import "testing"

func projection(t testing.TB, src string, s *Scope) *Projection {
	t.Helper()
	p, err := ParseProjection(src)
	if err == nil {
		err = p.Resolve(s)
	}
	if err != nil {
		t.Fatalf("%s: %s", src, fault(src, err))
	}
	return p
}

func TestProjection(t *testing.T) {
	it := item(`{"pk":{"S":"k"},"n":{"N":"1"},"a.b":{"S":"dot"},"s":{"SS":["x"]},
		"m":{"M":{"x":{"N":"1"},"y":{"M":{"z":{"S":"q"},"w":{"S":"r"}}}}},"e":{"M":{}},
		"l":{"L":[{"N":"0"},{"M":{"p":{"N":"1"},"q":{"N":"2"},"r":{"N":"3"}}},{"N":"2"},{"L":[{"S":"i"},{"S":"j"}]}]}}`)
	for src, want := range map[string]string{
		"n":                       `{"n":{"N":"1"}}`,
		"s, pk":                   `{"pk":{"S":"k"},"s":{"SS":["x"]}}`,
		"nope":                    `{}`,
		"n, nope":                 `{"n":{"N":"1"}}`,
		"#d":                      `{"a.b":{"S":"dot"}}`,
		"m.x":                     `{"m":{"M":{"x":{"N":"1"}}}}`,
		"m.y.z, m.x":              `{"m":{"M":{"x":{"N":"1"},"y":{"M":{"z":{"S":"q"}}}}}}`,
		"e":                       `{"e":{"M":{}}}`,
		"m.nope, n.x, l.x":        `{}`,
		"m.nope.deeper, m.x":      `{"m":{"M":{"x":{"N":"1"}}}}`,
		"l[2]":                    `{"l":{"L":[{"N":"2"}]}}`,
		"l[2], l[0]":              `{"l":{"L":[{"N":"0"},{"N":"2"}]}}`,
		"l[10], l[2], l[1].q":     `{"l":{"L":[{"M":{"q":{"N":"2"}}},{"N":"2"}]}}`,
		"l[1].r, l[1].p, l[3][1]": `{"l":{"L":[{"M":{"p":{"N":"1"},"r":{"N":"3"}}},{"L":[{"S":"j"}]}]}}`,
		"l[0].x, l[9]":            `{}`,
		"s[0]":                    `{}`,
	} {
		p := projection(t, src, scope("#d=a.b", ""))
		if got := printedMap(p.Apply(it)); got != want {
			t.Errorf("%s\n  got  %s\n  want %s", src, got, want)
		}
		if m := p.Apply(nil); m == nil || len(m) != 0 {
			t.Errorf("%s of no item: %v", src, m)
		}
	}
}

func TestProjectionForm(t *testing.T) {
	for src, want := range map[string]string{
		"a, a.b":              "PathsOverlap([a]; [a, b]) «a.b»",
		"a.b, c, a":           "PathsOverlap([a, b]; [a]) «a»",
		"a, b, a":             "PathsOverlap([a]; [a]) «a»",
		"#n, #m":              "PathsOverlap([name]; [name]) «#m»",
		"l[0], l[1], l[0].x":  "PathsOverlap([l, [0]]; [l, [0], x]) «l[0].x»",
		"a.b, a[0]":           "PathsConflict([a, b]; [a, [0]]) «a[0]»",
		"x.a[0][1], x.a[0].y": "PathsConflict([x, a, [0], [1]]; [x, a, [0], y]) «x.a[0].y»",
		"a.b, a[0], c, c":     "PathsOverlap([c]; [c]) «c»",
		"a.b, a.c, a.d.e":     "",
		"l[0], l[1].a":        "",
		"#dot, a.b":           "",
		"name, #x":            "ReservedWord(name) «name»",
		"#x, name":            "ReservedWord(name) «name»",
		"b, a.#x":             "UndefinedName(#x) «#x»",
		"a, a, #x":            "UndefinedName(#x) «#x»",
	} {
		p, err := ParseProjection(src)
		if err == nil {
			err = p.Resolve(sampleScope())
		}
		expectFault(t, src, err, want)
	}
}

func TestProjectionPaths(t *testing.T) {
	p := projection(t, "b.#n[3], a", sampleScope())
	if got := p.Paths(); len(got) != 2 || got[0].String() != "[b, name, [3]]" || got[1].String() != "[a]" {
		t.Error(got)
	}
	if got := p.String(); got != "b.#n[3], a" {
		t.Error(got)
	}
}
