//go:build !js

package page

import (
	"net/http/httptest"
	"strings"
	"testing"
)

func TestServeHTTP(t *testing.T) {
	s := &sheet{}
	w := httptest.NewRecorder()
	r := httptest.NewRequest("POST", "/change?a=1", strings.NewReader("a=5"))
	ServeHTTP(func(method, target string, form []byte) Answer { return Serve(s, sheetRoutes, method, target, form) }, w, r)
	if w.Body.String() != "shown" || w.Header().Get("Cache-Control") != "no-store" || s.seen[0] != " 5" {
		t.Errorf("%d %v %q, seen %q", w.Code, w.Header(), w.Body, s.seen)
	}
}
