package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"strings"

	"github.com/evanw/esbuild/pkg/api"
)

// manifest maps the name of a page file ("desk.css") to its path in the site
// ("assets/desk.1A2B3C4D.css").
type manifest map[string]string

// scripts bundles the pages' scripts and styles: the desk's, and those of the
// pages beside it, which have another program and another worker.
func (b *build) scripts(desk, lab asset) (manifest, error) {
	if _, err := os.Stat(filepath.Join(b.root, "static", "node_modules")); err != nil {
		return nil, errors.New("static/node_modules is missing: run `npm ci --ignore-scripts` in static (make does)")
	}
	// The theme is set before the first paint, so by a classic script.
	m, err := b.bundle(api.BuildOptions{EntryPoints: []string{"static/theme.js"}, Format: api.FormatIIFE})
	if err != nil {
		return nil, err
	}
	sides := []struct {
		program asset
		worker  string
		entries []string
	}{
		{desk, "worker.js", []string{"static/boot.js", "static/desk.js", "static/desk.css"}},
		{lab, "labworker.js", []string{"static/capacity.js", "static/capacity.css", "static/global.js", "static/global.css"}},
		{lab, "regionworker.js", []string{"static/region.js", "static/region.css"}},
	}
	for _, s := range sides {
		made, err := b.side(s.program, s.worker, s.entries)
		if err != nil {
			return nil, err
		}
		maps.Copy(m, made)
	}
	m["sortkey.wasm"] = "assets/" + desk.file
	return m, nil
}

// side bundles a worker, and then the scripts and styles of its pages, which
// must know the worker's file and the program's.
func (b *build) side(program asset, script string, pages []string) (manifest, error) {
	loader, err := goLoader()
	if err != nil {
		return nil, err
	}
	worker, err := b.bundle(api.BuildOptions{
		EntryPoints: []string{"static/" + script},
		Alias:       map[string]string{"wasm_exec.js": loader},
	})
	if err != nil {
		return nil, err
	}
	m, err := b.bundle(api.BuildOptions{
		EntryPoints: pages,
		Splitting:   true,
		Define: map[string]string{
			"SORTKEY_WORKER": fmt.Sprintf("%q", filepath.Base(worker[script])),
			"SORTKEY_WASM":   fmt.Sprintf(`{"file":%q,"bytes":%d}`, program.file, program.bytes),
		},
	})
	if err != nil {
		return nil, err
	}
	maps.Copy(m, worker)
	return m, nil
}

// bundle runs esbuild with what all bundles have in common and returns the
// entry points' paths.
func (b *build) bundle(o api.BuildOptions) (manifest, error) {
	o.AbsWorkingDir = mustAbs(b.root)
	o.Outdir = mustAbs(filepath.Join(b.tmp, "assets"))
	o.EntryNames, o.ChunkNames, o.AssetNames = "[name].[hash]", "part.[hash]", "[name].[hash]"
	o.Bundle, o.Write, o.Metafile = true, true, true
	if o.Format == api.FormatDefault {
		o.Format = api.FormatESModule
	}
	o.Target = api.ES2022
	o.MinifyWhitespace, o.MinifyIdentifiers, o.MinifySyntax = true, true, true
	o.LegalComments = api.LegalCommentsNone
	o.LogLevel = api.LogLevelSilent
	result := api.Build(o)
	if len(result.Errors) > 0 {
		texts := api.FormatMessages(result.Errors, api.FormatMessagesOptions{Kind: api.ErrorMessage})
		return nil, errors.New(strings.Join(texts, "\n"))
	}
	return entries(result.Metafile)
}

// entries reads from esbuild's account which file came from which entry point.
func entries(metafile string) (manifest, error) {
	var meta struct {
		Outputs map[string]struct {
			EntryPoint string `json:"entryPoint"`
		} `json:"outputs"`
	}
	if err := json.Unmarshal([]byte(metafile), &meta); err != nil {
		return nil, fmt.Errorf("esbuild's metafile: %w", err)
	}
	m := manifest{}
	for out, o := range meta.Outputs {
		// Dynamic imports are entry points too, of chunks; they name themselves.
		if name := filepath.Base(o.EntryPoint); o.EntryPoint != "" && strings.HasPrefix(filepath.Base(out), stem(name)+".") {
			m[name] = "assets/" + filepath.Base(out)
		}
	}
	return m, nil
}

func stem(name string) string { return strings.TrimSuffix(name, filepath.Ext(name)) }
