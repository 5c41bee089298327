package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// built is the program of testdata/runtime.
func built(t *testing.T) []byte {
	t.Helper()
	target := filepath.Join(t.TempDir(), "program.wasm")
	cmd := exec.Command("go", "build", "-ldflags=-s -w", "-o", target, "./testdata/runtime")
	cmd.Env = append(os.Environ(), "GOOS=js", "GOARCH=wasm", "CGO_ENABLED=0")
	if text, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	return []byte(read(t, target))
}

// run runs a program under Node.
func run(t *testing.T, program []byte) (out, faults string) {
	t.Helper()
	loader, err := goLoader()
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "program.wasm")
	if err := os.WriteFile(file, program, 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("node", "--stack-size=8192", strings.TrimSuffix(loader, ".js")+"_node.js", file)
	cmd.Env = []string{"PATH=" + os.Getenv("PATH")} // it gets a copy, and has little room
	var o, e bytes.Buffer
	cmd.Stdout, cmd.Stderr = &o, &e
	if err := cmd.Run(); err != nil {
		t.Fatalf("%v\n%s%s", err, &o, &e)
	}
	return o.String(), e.String()
}

// A stripped program does what it did, deep stacks, panics and the collection of
// garbage included, and no longer knows its functions.
func TestStripped(t *testing.T) {
	if _, err := exec.LookPath("node"); err != nil {
		t.Skip("no node")
	}
	program := built(t)
	stripped, err := strip(program)
	if err != nil {
		t.Fatal(err)
	}
	want, named := run(t, program)
	got, faults := run(t, stripped)
	if got != strings.Replace(want, "main.value.size called using nil *value", "main.?.? called using nil *?", 1) {
		t.Errorf("it prints\n%s\nand printed before\n%s", got, want)
	}
	for _, line := range []string{"depth 20001", "workers 1225 left 2", "bounds runtime error: index out of range", "nil value value method main.value.size called using nil *value pointer", "not by a helper passed on", "made 42", "method value 42"} {
		if !strings.Contains(want, line) {
			t.Errorf("the program does not print %q:\n%s", line, want)
		}
	}
	if !strings.Contains(named, "main.main()") || !strings.Contains(named, "main.go:") {
		t.Errorf("not a stack: %s", named)
	}
	if !strings.Contains(faults, "main.(*?).?()") || strings.Contains(faults, ".go") {
		t.Errorf("the stack is\n%s\nwant packages only", faults)
	}
	for _, name := range []string{"runtime.findRunnable", "main.(*node).Times", "testdata/runtime/main.go"} {
		if !bytes.Contains(program, []byte(name)) || bytes.Contains(stripped, []byte(name)) {
			t.Errorf("%s should have been taken out", name)
		}
	}
}

// Tables that are not as they are expected to be are left alone.
func TestStripKnowsWhatItDoes(t *testing.T) {
	program := built(t)
	m, err := readModule(program)
	if err != nil {
		t.Fatal(err)
	}
	header := bytes.Index(m.memory, []byte(headerStart))
	tables, err := findTables(m.memory)
	if err != nil {
		t.Fatal(err)
	}
	var first function
	if err := tables.each(func(f *function) error { first = *f; return nil }); err != nil {
		t.Fatal(err)
	}
	for what, damage := range map[string]func(){
		"another magic number": func() { m.memory[header] = 0xf2 },
		"another header":       func() { m.memory[header+40]++ },
		"another count":        func() { m.memory[header+8]++ },
		"an entry moved":       func() { tables.index[0]++ },
		"a place outside":      func() { tables.index[7] = 0xff },
		"a name's middle":      func() { tables.names[first.Name-1] = 'x' },
		"a table without end":  func() { tail := tables.pcs[first.Frame:]; copy(tail, bytes.Repeat([]byte{2}, len(tail))) },
	} {
		before := bytes.Clone(m.memory)
		damage()
		if got, err := strip(m.program()); err == nil || got != nil {
			t.Errorf("%s: got a program of %d bytes, and %v", what, len(got), err)
		}
		copy(m.memory, before)
	}
	if _, err := strip(m.program()); err != nil {
		t.Errorf("undamaged: %v", err)
	}
	if _, err := stripBuilt("go1.27.1", program); err == nil || !strings.Contains(err.Error(), "go1.27.1") {
		t.Errorf("a later Go: %v", err)
	}
	if _, err := stripBuilt("go1.26", program); err != nil {
		t.Error(err)
	}
}

func TestShortName(t *testing.T) {
	for name, want := range map[string]string{
		"runtime.findRunnable":                      "runtime.(*?).?",
		"main.(*node).Times-fm":                     "main.(*?).?",
		"github.com/a-h/templ.ComponentFunc.Render": "github.com/a-h/templ.(*?).?",
		"slices.insert[go.shape.*github.com/x/y.T]": "slices.(*?).?",
		"reflect.methodValueCall":                   "reflect.methodValueCall",
		"cmpbody":                                   "cmpbody",
	} {
		if got := shortName(name); got != want {
			t.Errorf("%s becomes %s, want %s", name, got, want)
		}
	}
}

// A module's memory survives being taken apart and put together, whatever
// zeros it holds.
func TestModule(t *testing.T) {
	memory := make([]byte, 300_000)
	for _, place := range []int{63, 64, 70, 64 + gap, 8191, 8192, 1 << 16, 1<<16 + gap, 1<<16 + 2*gap + 1, 299_990} {
		memory[place] = byte(place%255 + 1)
	}
	m := &module{before: []byte(wasmHeader + "\x01\x01\x00"), after: []byte("\x00\x02\x01x"), memory: memory}
	got, err := readModule(m.program())
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got.before, m.before) || !bytes.Equal(got.after, m.after) || !bytes.Equal(got.memory, memory[:299_991]) {
		t.Errorf("before %q, after %q, and %d bytes of memory", got.before, got.after, len(got.memory))
	}
	whole := m.program()
	for _, bad := range [][]byte{nil, []byte("\x7fELF"), whole[:len(m.before)+20], m.before, bytes.Replace(whole, []byte{i32Const}, []byte{i32Const + 1}, 1)} {
		if _, err := readModule(bad); err == nil {
			t.Errorf("%d bytes that are no program are read as one", len(bad))
		}
	}
}

func TestFirstDifference(t *testing.T) {
	for _, c := range []struct {
		a, b []string
		want int
	}{{nil, nil, -1}, {[]string{"x"}, []string{"x"}, -1}, {[]string{"x", "y"}, []string{"x", "z"}, 1}, {[]string{"x"}, []string{"x", "y"}, 1}} {
		if got := firstDifference(c.a, c.b); got != c.want {
			t.Errorf("%v and %v differ at %d, want %d", c.a, c.b, got, c.want)
		}
	}
}
