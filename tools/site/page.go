package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"

	"github.com/sortkey/sortkey/web"
)

// page renders the first page by the handler that will go on answering it in
// the worker, from the same preset: equal bytes, so nothing moves when the
// engine takes over.
func (b *build) page(m manifest) error {
	handler := web.New(web.Config{Assets: m})
	rec := httptest.NewRecorder()
	handler.ServeHTTP(rec, httptest.NewRequest(http.MethodGet, "/", nil))
	if rec.Code != http.StatusOK {
		return fmt.Errorf("rendering the page: HTTP %d: %s", rec.Code, rec.Body)
	}
	return os.WriteFile(filepath.Join(b.tmp, "index.html"), rec.Body.Bytes(), 0o644)
}
