//go:build !js

package share

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// Folder is a Store of files, one to a document: 3f/3f2a….md.
type Folder string

func (dir Folder) file(id string) string {
	return filepath.Join(string(dir), id[:2], id+".md")
}

// Get is part of Store.
func (dir Folder) Get(_ context.Context, id string) (string, bool, error) {
	text, err := os.ReadFile(dir.file(id))
	if errors.Is(err, fs.ErrNotExist) {
		return "", false, nil
	}
	return string(text), err == nil, err
}

// Put is part of Store. A file appears complete or not at all, and
// never in the place of another one.
func (dir Folder) Put(_ context.Context, id, text string) error {
	target := dir.file(id)
	if err := os.MkdirAll(filepath.Dir(target), 0o755); err != nil {
		return err
	}
	tmp, err := os.CreateTemp(filepath.Dir(target), ".new-")
	if err != nil {
		return err
	}
	defer os.Remove(tmp.Name())
	_, err = tmp.WriteString(text)
	if err := errors.Join(err, tmp.Chmod(0o644), tmp.Close()); err != nil {
		return err
	}
	if err := os.Link(tmp.Name(), target); !errors.Is(err, fs.ErrExist) {
		return err
	}
	return nil
}
