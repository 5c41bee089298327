package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// edge builds what the Cloudflare Worker of wasm/edge consists of, from the
// site in dist: site/, the files to be served as they are, and worker/, the Go
// program and the scripts that load it.
func (b *build) edge(dist, out string) error {
	tmp := out + ".new"
	if err := errors.Join(os.RemoveAll(tmp), os.MkdirAll(tmp, 0o755)); err != nil {
		return err
	}
	defer os.RemoveAll(tmp)
	if err := edgeSite(dist, filepath.Join(tmp, "site")); err != nil {
		return err
	}
	// The generator makes the folder anew, so the program comes second.
	worker := filepath.Join(tmp, "worker")
	glue := exec.Command("go", "tool", "workers-assets-gen", "-mode=go", "-o", mustAbs(worker))
	glue.Dir = b.root
	if text, err := glue.CombinedOutput(); err != nil {
		return fmt.Errorf("workers-assets-gen: %w\n%s", err, text)
	}
	for _, name := range []string{"entry.js", "program.js"} {
		script, err := os.ReadFile(filepath.Join(b.root, "wasm", "edge", name))
		if err := errors.Join(err, os.WriteFile(filepath.Join(worker, name), script, 0o644)); err != nil {
			return err
		}
	}
	flags, err := b.lean()
	if err != nil {
		return err
	}
	if err := b.compile("./wasm/edge", filepath.Join(worker, "app.wasm"), flags...); err != nil {
		return err
	}
	return exchange(tmp, out)
}

// edgeSite links the site's files into a folder for the platform, which
// compresses them by itself. Of the program, which it does not compress as
// well, the compressed forms come along.
func edgeSite(dist, out string) error {
	err := filepath.WalkDir(dist, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		name, err := filepath.Rel(dist, path)
		if ext := filepath.Ext(name); err != nil || (ext == ".br" || ext == ".gz") && !strings.Contains(name, ".wasm.") {
			return err
		}
		target := filepath.Join(out, name)
		if err := os.MkdirAll(filepath.Dir(target), 0o755); err != nil {
			return err
		}
		return os.Link(path, target)
	})
	if err != nil {
		return err
	}
	// This one differs: here scenarios are kept. The link is not to be written
	// through.
	engine := filepath.Join(out, "desk", "engine")
	return errors.Join(os.Remove(engine), os.WriteFile(engine, []byte(`{"engine":"none","keeps":true}`+"\n"), 0o644))
}
