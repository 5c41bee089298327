package page

import (
	"strings"
	"testing"
)

type sheet struct{ seen []string }

func (s *sheet) show(w *Answer, q *Query) {
	s.seen = append(s.seen, q.Last+" "+q.Get("a"))
	w.Plain("shown")
}

var sheetRoutes = []Route[*sheet]{Get("/", (*sheet).show), Get("/rows/", (*sheet).show), Post("/change", (*sheet).show)}

func TestServe(t *testing.T) {
	for _, c := range []struct {
		method, target, form string
		status               int
		seen                 string
	}{
		{"GET", "/", "", 200, " "},
		{"HEAD", "/?a=1", "", 200, " 1"},
		{"GET", "/rows/7?a=2", "", 200, "7 2"},
		{"POST", "/change?a=3", "a=4", 200, " 4"},
		{"GET", "/change", "", 404, ""},
		{"GET", "/rows/", "", 200, " "},
		{"GET", "/rows/7/8", "", 404, ""},
		{"GET", "/elsewhere", "", 404, ""},
		{"POST", "/change", "a=%zz", 400, ""},
		{"GET", "/?a=%zz", "", 400, ""},
		{"POST", "/change", strings.Repeat("a", MaxForm+1), 400, ""},
	} {
		s := &sheet{}
		a := Serve(s, sheetRoutes, c.method, c.target, []byte(c.form))
		if a.Status != c.status || strings.Join(s.seen, ",") != c.seen {
			t.Errorf("%s %s: HTTP %d, seen %q, want %d and %q", c.method, c.target, a.Status, s.seen, c.status, c.seen)
		}
		if len(a.Body) == 0 {
			t.Errorf("%s %s: no words", c.method, c.target)
		}
	}
}
