package main

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"strings"
	"sync"
	"text/tabwriter"

	"github.com/andybalholm/brotli"
)

// minCompress is the size in bytes from which a compressed copy is worth a file.
const minCompress = 512

// sizes of one file of the site, in bytes; 0 where there is no such copy.
type sizes struct {
	name              string
	raw, gzip, brotli int
}

// report lists the site's files by name.
type report struct{ files []sizes }

func (r *report) print(w io.Writer) {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(t, "raw\tgzip\tbrotli\t  file")
	for _, f := range r.files {
		fmt.Fprintf(t, "%d\t%d\t%d\t  %s\n", f.raw, f.gzip, f.brotli, f.name)
	}
	t.Flush()
}

// budget is what a visitor may have to download, in bytes of brotli: for the
// largest program, since a page loads one, and for all scripts together.
var budget = map[string]int{".wasm": 1_800_000, ".js": 250_000}

// withinBudget is an error when the site has grown too heavy.
func (r *report) withinBudget() error {
	total := map[string]int{}
	for _, f := range r.files {
		ext := filepath.Ext(f.name)
		if ext == ".wasm" {
			total[ext] = max(total[ext], f.brotli)
		} else {
			total[ext] += f.brotli
		}
	}
	var errs []error
	for _, ext := range slices.Sorted(maps.Keys(budget)) {
		if total[ext] > budget[ext] {
			errs = append(errs, fmt.Errorf("%s files are %d bytes of brotli, over the budget of %d", ext, total[ext], budget[ext]))
		}
	}
	return errors.Join(errs...)
}

// coder makes one kind of compressed neighbour.
type coder struct {
	ext   string
	level int
	new   func(io.Writer, int) (io.WriteCloser, error)
}

func (b *build) coders() [2]coder {
	br := coder{".br", brotli.BestCompression, func(w io.Writer, level int) (io.WriteCloser, error) {
		return brotli.NewWriterLevel(w, level), nil
	}}
	gz := coder{".gz", gzip.BestCompression, func(w io.Writer, level int) (io.WriteCloser, error) {
		return gzip.NewWriterLevel(w, level)
	}}
	if b.fast {
		br.level, gz.level = 5, gzip.BestSpeed
	}
	return [2]coder{br, gz}
}

// compress writes the .br and .gz neighbours of every file of the new site.
func (b *build) compress() (*report, error) {
	var files []string
	err := filepath.WalkDir(b.tmp, func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			files = append(files, path)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	sort.Strings(files)
	r := &report{files: make([]sizes, len(files))}
	errs := make([]error, len(files))
	var wg sync.WaitGroup
	for i, path := range files {
		wg.Go(func() { r.files[i], errs[i] = b.compressFile(path) })
	}
	wg.Wait()
	return r, errors.Join(errs...)
}

func (b *build) compressFile(path string) (sizes, error) {
	content, err := os.ReadFile(path)
	if err != nil {
		return sizes{}, err
	}
	name, err := filepath.Rel(b.tmp, path)
	s := sizes{name: filepath.ToSlash(name), raw: len(content)}
	if err != nil || len(content) < minCompress {
		return s, err
	}
	for _, c := range b.coders() {
		packed, err := b.pack(c, content)
		if err != nil {
			return s, err
		}
		if len(packed) >= len(content) {
			continue
		}
		if err := os.WriteFile(path+c.ext, packed, 0o644); err != nil {
			return s, err
		}
		if c.ext == ".br" {
			s.brotli = len(packed)
		} else {
			s.gzip = len(packed)
		}
	}
	return s, nil
}

// pack compresses content, or takes the result of an earlier run: the engine at
// best quality takes many seconds.
func (b *build) pack(c coder, content []byte) ([]byte, error) {
	sum := sha256.Sum256(content)
	kept := filepath.Join(b.cache, fmt.Sprintf("%s.%d%s", hex.EncodeToString(sum[:12]), c.level, c.ext))
	if packed, err := os.ReadFile(kept); err == nil {
		return packed, nil
	}
	var buf bytes.Buffer
	w, err := c.new(&buf, c.level)
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(content); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return buf.Bytes(), keep(kept, buf.Bytes())
}

// keep writes a cache file whole or not at all.
func keep(path string, content []byte) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	tmp, err := os.CreateTemp(filepath.Dir(path), "tmp-"+strings.TrimPrefix(filepath.Ext(path), "."))
	if err != nil {
		return err
	}
	_, err = tmp.Write(content)
	if err := errors.Join(err, tmp.Close()); err != nil {
		os.Remove(tmp.Name())
		return err
	}
	return os.Rename(tmp.Name(), path)
}
