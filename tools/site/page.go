package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"

	"github.com/sortkey/sortkey/web"
	"github.com/sortkey/sortkey/web/share"
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
	if err := os.WriteFile(filepath.Join(b.tmp, "index.html"), rec.Body.Bytes(), 0o644); err != nil {
		return err
	}
	return errors.Join(b.noServer(), b.list(m))
}

// list leaves the names of the site's files to hosts that render pages of
// their own.
func (b *build) list(m manifest) error {
	content, err := json.Marshal(m)
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(b.tmp, share.AssetsFile), content, 0o644)
}

// noServer leaves the answer to the page's question whether there is an engine
// on the server: on a static host there is none, and a 404 would stand in the
// visitor's console as an error. tools/serve answers for itself.
func (b *build) noServer() error {
	if err := os.MkdirAll(filepath.Join(b.tmp, "desk"), 0o755); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(b.tmp, "desk", "engine"), []byte(`{"engine":"none"}`+"\n"), 0o644)
}
