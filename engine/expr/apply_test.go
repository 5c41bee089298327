package expr

import (
	"strings"
	"testing"
)

const applyValues = `{":s":{"S":"new"},":n":{"N":"5"},":n1":{"N":"1"},":l":{"L":[{"S":"z"}]},":e":{"L":[]},":m":{"M":{"k":{"N":"1"}}},
	":ab":{"SS":["a","b"]},":bc":{"SS":["c","b"]},":abc":{"SS":["a","b","c"]},":x":{"SS":["x"]},":12":{"NS":["1","2.0"]},
	":bs":{"BS":["AA==","AQ=="]},":big":{"N":"9.9e125"},":tiny":{"N":"1e-130"},":tiny2":{"N":"1.1e-130"},
	":38":{"N":"99999999999999999999999999999999999999"},":half":{"N":"0.5"}}`

const applyItem = `{"n":{"N":"10"},"s":{"S":"old"},"ss":{"SS":["a","b"]},"ns":{"NS":["1","3"]},"bs":{"BS":["AQ=="]},
	"l":{"L":[{"N":"0"},{"N":"1"},{"N":"2"}]},"m":{"M":{"x":{"N":"1"},"y":{"S":"q"},"l":{"L":[{"M":{"z":{"N":"3"}}}]}}}}`

// Each dialogue: an update of applyItem; what becomes of the item ("-name" is
// gone, the others are new or changed); what UPDATED_OLD and UPDATED_NEW return.
func TestApply(t *testing.T) {
	for _, c := range []struct{ src, changed, old, new string }{
		// SET
		{"SET s = :s", `{"s":{"S":"new"}}`, `{"s":{"S":"old"}}`, `{"s":{"S":"new"}}`},
		{"SET a = :s", `{"a":{"S":"new"}}`, `{}`, `{"a":{"S":"new"}}`},
		{"SET n = n + :n", `{"n":{"N":"15"}}`, `{"n":{"N":"10"}}`, `{"n":{"N":"15"}}`},
		{"SET n = :n - n", `{"n":{"N":"-5"}}`, `{"n":{"N":"10"}}`, `{"n":{"N":"-5"}}`},
		{"SET n = (n + :n) - (:n1 - m.x)", `{"n":{"N":"15"}}`, `{"n":{"N":"10"}}`, `{"n":{"N":"15"}}`},
		{"SET n = n + n", `{"n":{"N":"20"}}`, `{"n":{"N":"10"}}`, `{"n":{"N":"20"}}`},
		{"SET a = if_not_exists(n, :s)", `{"a":{"N":"10"}}`, `{}`, `{"a":{"N":"10"}}`},
		{"SET a = if_not_exists(nope, :s)", `{"a":{"S":"new"}}`, `{}`, `{"a":{"S":"new"}}`},
		{"SET a = if_not_exists(n, nope)", `{"a":{"N":"10"}}`, `{}`, `{"a":{"N":"10"}}`},
		{"SET a = if_not_exists(a, :n) + :n1", `{"a":{"N":"6"}}`, `{}`, `{"a":{"N":"6"}}`},
		{"SET l = list_append(l, :l)", `{"l":{"L":[{"N":"0"},{"N":"1"},{"N":"2"},{"S":"z"}]}}`,
			`{"l":{"L":[{"N":"0"},{"N":"1"},{"N":"2"}]}}`, `{"l":{"L":[{"N":"0"},{"N":"1"},{"N":"2"},{"S":"z"}]}}`},
		{"SET l2 = list_append(:l, m.l)", `{"l2":{"L":[{"S":"z"},{"M":{"z":{"N":"3"}}}]}}`, `{}`,
			`{"l2":{"L":[{"S":"z"},{"M":{"z":{"N":"3"}}}]}}`},
		{"SET a = list_append(if_not_exists(a, :e), :l)", `{"a":{"L":[{"S":"z"}]}}`, `{}`, `{"a":{"L":[{"S":"z"}]}}`},

		// every right-hand side reads the item as it was
		{"SET s = n, n = s", `{"n":{"S":"old"},"s":{"N":"10"}}`, `{"n":{"N":"10"},"s":{"S":"old"}}`, `{"n":{"S":"old"},"s":{"N":"10"}}`},
		{"REMOVE n SET a = n", `{"-n":0,"a":{"N":"10"}}`, `{"n":{"N":"10"}}`, `{"a":{"N":"10"}}`},
		{"SET n = :n1, a = n ADD m.x :n", `{"a":{"N":"10"},"m":{"M":{"l":{"L":[{"M":{"z":{"N":"3"}}}]},"x":{"N":"6"},"y":{"S":"q"}}},"n":{"N":"1"}}`,
			`{"m":{"M":{"x":{"N":"1"}}},"n":{"N":"10"}}`, `{"a":{"N":"10"},"m":{"M":{"x":{"N":"6"}}},"n":{"N":"1"}}`},

		// documents: only the leaf comes back
		{"SET m.x = :s", `{"m":{"M":{"l":{"L":[{"M":{"z":{"N":"3"}}}]},"x":{"S":"new"},"y":{"S":"q"}}}}`,
			`{"m":{"M":{"x":{"N":"1"}}}}`, `{"m":{"M":{"x":{"S":"new"}}}}`},
		{"SET m.l[0].w = :n REMOVE m.l[0].z", `{"m":{"M":{"l":{"L":[{"M":{"w":{"N":"5"}}}]},"x":{"N":"1"},"y":{"S":"q"}}}}`,
			`{"m":{"M":{"l":{"L":[{"M":{"z":{"N":"3"}}}]}}}}`, `{"m":{"M":{"l":{"L":[{"M":{"w":{"N":"5"}}}]}}}}`},
		{"REMOVE m.l[0].z", `{"m":{"M":{"l":{"L":[{"M":{}}]},"x":{"N":"1"},"y":{"S":"q"}}}}`,
			`{"m":{"M":{"l":{"L":[{"M":{"z":{"N":"3"}}}]}}}}`, `{}`},
		{"REMOVE m.nope, m.l[7], nope", `{}`, `{}`, `{}`},

		// lists
		{"SET l[1] = :s", `{"l":{"L":[{"N":"0"},{"S":"new"},{"N":"2"}]}}`, `{"l":{"L":[{"N":"1"}]}}`, `{"l":{"L":[{"S":"new"}]}}`},
		{"SET l[9] = :s", `{"l":{"L":[{"N":"0"},{"N":"1"},{"N":"2"},{"S":"new"}]}}`, `{}`, `{}`},
		{"SET l[9] = :n, l[7] = :s, l[0] = :l", `{"l":{"L":[{"L":[{"S":"z"}]},{"N":"1"},{"N":"2"},{"S":"new"},{"N":"5"}]}}`,
			`{"l":{"L":[{"N":"0"}]}}`, `{"l":{"L":[{"L":[{"S":"z"}]}]}}`},
		{"REMOVE l[0]", `{"l":{"L":[{"N":"1"},{"N":"2"}]}}`, `{"l":{"L":[{"N":"0"}]}}`, `{"l":{"L":[{"N":"1"}]}}`},
		{"REMOVE l[2]", `{"l":{"L":[{"N":"0"},{"N":"1"}]}}`, `{"l":{"L":[{"N":"2"}]}}`, `{}`},
		{"REMOVE l[2], l[0], l[1]", `{"l":{"L":[]}}`, `{"l":{"L":[{"N":"0"},{"N":"1"},{"N":"2"}]}}`, `{}`},
		{"REMOVE l[1] SET l[3] = :s", `{"l":{"L":[{"N":"0"},{"N":"2"},{"S":"new"}]}}`, `{"l":{"L":[{"N":"1"}]}}`, `{"l":{"L":[{"N":"2"}]}}`},
		{"ADD l[0] :n, l[5] :n1", `{"l":{"L":[{"N":"5"},{"N":"1"},{"N":"2"},{"N":"1"}]}}`, `{"l":{"L":[{"N":"0"}]}}`, `{"l":{"L":[{"N":"5"}]}}`},
		{"DELETE l[5] :x", `{}`, `{}`, `{}`},

		// ADD
		{"ADD n :n", `{"n":{"N":"15"}}`, `{"n":{"N":"10"}}`, `{"n":{"N":"15"}}`},
		{"ADD a :n", `{"a":{"N":"5"}}`, `{}`, `{"a":{"N":"5"}}`},
		{"ADD ss :bc", `{"ss":{"SS":["a","b","c"]}}`, `{"ss":{"SS":["a","b"]}}`, `{"ss":{"SS":["a","b","c"]}}`},
		{"ADD ss :ab", `{}`, `{"ss":{"SS":["a","b"]}}`, `{"ss":{"SS":["a","b"]}}`},
		{"ADD ns :12", `{"ns":{"NS":["1","2","3"]}}`, `{"ns":{"NS":["1","3"]}}`, `{"ns":{"NS":["1","2","3"]}}`},
		{"ADD bs :bs", `{"bs":{"BS":["AA==","AQ=="]}}`, `{"bs":{"BS":["AQ=="]}}`, `{"bs":{"BS":["AA==","AQ=="]}}`},
		{"ADD a :ab, m.tags :x", `{"a":{"SS":["a","b"]},"m":{"M":{"l":{"L":[{"M":{"z":{"N":"3"}}}]},"tags":{"SS":["x"]},"x":{"N":"1"},"y":{"S":"q"}}}}`,
			`{}`, `{"a":{"SS":["a","b"]},"m":{"M":{"tags":{"SS":["x"]}}}}`},

		// DELETE
		{"DELETE ss :bc", `{"ss":{"SS":["a"]}}`, `{"ss":{"SS":["a","b"]}}`, `{"ss":{"SS":["a"]}}`},
		{"DELETE ss :abc", `{"-ss":0}`, `{"ss":{"SS":["a","b"]}}`, `{}`},
		{"DELETE ss :x", `{}`, `{"ss":{"SS":["a","b"]}}`, `{"ss":{"SS":["a","b"]}}`},
		{"DELETE ns :12", `{"ns":{"NS":["3"]}}`, `{"ns":{"NS":["1","3"]}}`, `{"ns":{"NS":["3"]}}`},
		{"DELETE nope :x", `{}`, `{}`, `{}`},
	} {
		u := update(t, c.src, scope("", applyValues))
		before := attributes(applyItem)
		after, err := u.Apply(before)
		if err != nil {
			t.Errorf("%s: %s", c.src, fault(c.src, err))
			continue
		}
		want := before
		for _, line := range splitChanges(c.changed) {
			if name, gone := strings.CutPrefix(line, "-"); gone {
				want = want.Without(name)
			} else {
				for _, m := range attributes(line) {
					want = want.With(m.Name, m.Value)
				}
			}
		}
		expectMap(t, c.src, "item", printedMap(after), printedMap(want))
		expectMap(t, c.src, "UPDATED_OLD", printedMap(u.Old(before)), c.old)
		expectMap(t, c.src, "UPDATED_NEW", printedMap(u.New(after)), c.new)
		if got := printedMap(before); got != printedMap(attributes(applyItem)) {
			t.Errorf("%s changed the image it was given: %s", c.src, got)
		}
	}
}

// splitChanges parts the names of removed attributes, written "-name":0, from
// the attributes that changed.
func splitChanges(text string) []string {
	if rest, ok := strings.CutPrefix(text, `{"-`); ok {
		name, rest, _ := strings.Cut(rest, `":0`)
		return []string{"-" + name, "{" + strings.TrimPrefix(rest, ",")}
	}
	return []string{text}
}

func expectMap(t *testing.T, src, what, got, want string) {
	t.Helper()
	if got != want {
		t.Errorf("%s: %s\n  got  %s\n  want %s", src, what, got, want)
	}
}

func TestApplyFaults(t *testing.T) {
	for src, want := range map[string]string{
		"SET a = nope":                     "MissingAttribute([nope]) «nope»",
		"SET a = nope + :n":                "MissingAttribute([nope]) «nope»",
		"SET a = n - m.nope":               "MissingAttribute([m, nope]) «m.nope»",
		"SET a = list_append(nope, :l)":    "MissingAttribute([nope]) «nope»",
		"SET a = if_not_exists(x, l[3])":   "MissingAttribute([l, [3]]) «l[3]»",
		"REMOVE n SET a = s + :n":          "WrongType(+) «s»",
		"SET a = :n - m":                   "WrongType(-) «m»",
		"SET a = list_append(s, :l)":       "WrongType(list_append) «s»",
		"SET a = list_append(:l, n)":       "WrongType(list_append) «n»",
		"SET a = if_not_exists(s, :n) + n": "WrongType(+) «if_not_exists(s, :n)»",
		"ADD s :n":                         "WrongType(ADD) «s»",
		"ADD n :ab":                        "WrongType(ADD) «n»",
		"ADD ss :12":                       "WrongType(ADD) «ss»",
		"ADD l :n":                         "WrongType(ADD) «l»",
		"DELETE n :ab":                     "WrongType(DELETE) «n»",
		"DELETE ns :ab":                    "WrongType(DELETE) «ns»",
		"SET nope.x = :s":                  "InvalidPath([nope, x]) «nope.x»",
		"SET m.nope.x = :s":                "InvalidPath([m, nope, x]) «m.nope.x»",
		"SET s.x = :s":                     "InvalidPath([s, x]) «s.x»",
		"SET m[0] = :s":                    "InvalidPath([m, [0]]) «m[0]»",
		"SET l.x = :s":                     "InvalidPath([l, x]) «l.x»",
		"SET l[3].x = :s":                  "InvalidPath([l, [3], x]) «l[3].x»",
		"SET nope[0] = :s":                 "InvalidPath([nope, [0]]) «nope[0]»",
		"REMOVE nope.x":                    "InvalidPath([nope, x]) «nope.x»",
		"REMOVE ss[0]":                     "InvalidPath([ss, [0]]) «ss[0]»",
		"ADD nope.x :n":                    "InvalidPath([nope, x]) «nope.x»",
		"DELETE nope.x :ab":                "InvalidPath([nope, x]) «nope.x»",
		"SET a = :big + :big":              "NumberOverflow «:big + :big»",
		"SET a = :38 + :half":              "NumberOverflow «:38 + :half»",
		"SET a = :tiny2 - :tiny":           "NumberUnderflow «:tiny2 - :tiny»",
		"ADD n :big":                       "NumberOverflow «n :big»",
	} {
		u := update(t, src, scope("", applyValues))
		m, err := u.Apply(attributes(applyItem))
		expectFault(t, src, err, want)
		if err != nil && m != nil {
			t.Errorf("%s: an item beside the error", src)
		}
	}
}

func TestApplyToAbsentItem(t *testing.T) {
	for src, want := range map[string]string{
		"SET a = :n, b = if_not_exists(b, :s)":          `{"a":{"N":"5"},"b":{"S":"new"}}`,
		"ADD a :n, b :ab":                               `{"a":{"N":"5"},"b":{"SS":["a","b"]}}`,
		"REMOVE a, b.c, d[0].e":                         `{}`,
		"DELETE a :ab, b.c :ab":                         `{}`,
		"REMOVE b.c SET a = :n":                         `{"a":{"N":"5"}}`,
		"SET a = list_append(if_not_exists(a, :e), :l)": `{"a":{"L":[{"S":"z"}]}}`,
	} {
		for _, old := range []string{"", "{}"} {
			u := update(t, src, scope("", applyValues))
			var m, err = u.Apply(item(old).Map())
			if err != nil {
				t.Errorf("%s: %s", src, fault(src, err))
			}
			expectMap(t, src, "item", printedMap(m), want)
			expectMap(t, src, "UPDATED_OLD", printedMap(u.Old(nil)), `{}`)
		}
	}
	for src, want := range map[string]string{
		"SET a = pk":              "MissingAttribute([pk]) «pk»",
		"SET a.b = :s":            "InvalidPath([a, b]) «a.b»",
		"ADD a[0] :n":             "InvalidPath([a, [0]]) «a[0]»",
		"REMOVE a.b SET a.c = :s": "InvalidPath([a, c]) «a.c»",
	} {
		_, err := update(t, src, scope("", applyValues)).Apply(nil)
		expectFault(t, src, err, want)
	}
}
