package main

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// build is one run of the tool.
type build struct {
	root  string // the repository
	cache string // compressed files by content, kept between runs
	fast  bool
	base  string // the path the site will lie under, for the page of what is missing
	tmp   string // the new folder until it is complete
}

// run builds into a fresh folder beside out and then exchanges the two, so that
// a server on out never sees half a site.
func (b *build) run(out string) (*report, error) {
	tmp := out + ".new"
	if err := errors.Join(os.RemoveAll(tmp), os.MkdirAll(filepath.Join(tmp, "assets"), 0o755)); err != nil {
		return nil, err
	}
	defer os.RemoveAll(tmp)
	b.tmp = tmp

	desk, lab, err := b.programs()
	if err != nil {
		return nil, err
	}
	manifest, err := b.scripts(desk, lab)
	if err != nil {
		return nil, err
	}
	if err := b.pages(manifest); err != nil {
		return nil, err
	}
	if err := b.host(manifest); err != nil {
		return nil, err
	}
	report, err := b.compress()
	if err != nil {
		return nil, err
	}
	if !b.fast {
		if err := report.withinBudget(); err != nil {
			report.print(os.Stderr)
			return nil, err
		}
	}
	return report, exchange(tmp, out)
}

// asset is a file under assets/.
type asset struct {
	file  string // its name there
	bytes int    // its size, uncompressed
}

// inlining is off but where it pays: it copies code, above all the code that
// templ generates, and the page is downloaded before it runs. On where the
// work is done, which are 140 KB of brotli: a GetItem takes a third less time
// for it, a PutItem and an UpdateItem a fourth. The standard packages here get
// smaller by it.
var inlining = []string{
	"all=-l",
	"runtime/...=", "internal/runtime/...=", "internal/abi=", "internal/bytealg=", "internal/byteorder=", "internal/strconv=",
	"bytes=", "cmp=", "encoding/binary=", "hash/crc32=", "math/bits=", "slices=", "sort=", "strconv=", "strings=", "sync=",
	"sync/atomic=", "unicode/utf8=",
	"github.com/tidwall/btree=", "github.com/sortkey/sortkey/engine/...=",
}

// programs compiles the engine for the browser: with the desk, and with the
// pages beside it.
func (b *build) programs() (desk, lab asset, err error) {
	flags, err := b.lean()
	if err != nil {
		return
	}
	if desk, err = b.wasm("./wasm/browser", "sortkey", flags, ""); err == nil {
		lab, err = b.wasm("./wasm/lab", "lab", flags, "capacity", "global")
	}
	return
}

// wasm compiles one program, of some pages, and names it by its content.
func (b *build) wasm(program, name string, flags []string, pages ...string) (asset, error) {
	target := filepath.Join(b.tmp, name+".wasm")
	if err := b.compile(program, target, flags...); err != nil {
		return asset{}, err
	}
	if !b.fast {
		if err := b.release(target, pages); err != nil {
			return asset{}, fmt.Errorf("stripping %s: %w", program, err)
		}
	}
	content, err := os.ReadFile(target)
	if err != nil {
		return asset{}, err
	}
	sum := sha256.Sum256(content)
	file := name + "." + hex.EncodeToString(sum[:4]) + ".wasm"
	return asset{file, len(content)}, os.Rename(target, filepath.Join(b.tmp, "assets", file))
}

// compile makes a WebAssembly program for download.
func (b *build) compile(program, target string, flags ...string) error {
	cmd := exec.Command("go", "build", "-trimpath", "-ldflags=-s -w", "-o", mustAbs(target))
	cmd.Args = append(cmd.Args, flags...)
	for _, flag := range inlining {
		cmd.Args = append(cmd.Args, "-gcflags="+flag)
	}
	cmd.Args = append(cmd.Args, program)
	cmd.Dir = b.root
	cmd.Env = append(os.Environ(), "GOOS=js", "GOARCH=wasm", "CGO_ENABLED=0")
	if text, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("compiling %s: %w\n%s", program, err, text)
	}
	return nil
}

// goLoader finds wasm_exec.js, which belongs to the compiler in use.
func goLoader() (string, error) {
	root, err := goEnv("GOROOT")
	return filepath.Join(root, "lib", "wasm", "wasm_exec.js"), err
}

// goEnv asks the go command that builds for one of its settings.
func goEnv(name string) (string, error) {
	value, err := exec.Command("go", "env", name).Output()
	if err != nil {
		return "", fmt.Errorf("go env %s: %w", name, err)
	}
	return strings.TrimSpace(string(value)), nil
}

// exchange puts the folder at from in the place of the one at to.
func exchange(from, to string) error {
	old := to + ".old"
	if err := os.RemoveAll(old); err != nil {
		return err
	}
	if err := os.Rename(to, old); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	if err := os.Rename(from, to); err != nil {
		return err
	}
	return os.RemoveAll(old)
}

func mustAbs(path string) string {
	abs, err := filepath.Abs(path)
	if err != nil {
		panic(err) // only when there is no working directory
	}
	return abs
}
