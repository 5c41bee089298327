package main

import (
	"fmt"
	"slices"
	"strings"
)

// A Go program carries the names, files and lines of all functions, for the
// tracebacks of panics; go build leaves no choice. They are a good part of what
// a visitor downloads and nobody reads them there, so what is released goes
// without: strip overwrites them with zeros, where they lie in the program's
// data. Nothing moves. What the runtime works with stays: frame sizes and stack
// maps, for the garbage collector, and inlined calls, since recover counts
// frames.
//
// Of names, the runtime asks for the package (some goroutines are its own), for
// the form of a method's (a value method called on a nil pointer is a panic that
// tells), and for a few whole ones. So a function keeps its package and is
// called "package.(*?).?".

// strippedVersion is the release of Go whose runtime has been read for this.
// Another may lay its tables out differently, or ask them for more: what it
// builds is left as it is until somebody has looked.
const strippedVersion = "go1.26"

// wholeNames are those that the runtime compares: argMapInternal in stkframe.go
// and the printing of tracebacks.
var wholeNames = []string{"reflect.makeFuncStub", "reflect.methodValueCall", "runtime.gopanic"}

// strip takes names, files and lines from a WebAssembly program that
// strippedVersion has built.
func strip(program []byte) ([]byte, error) {
	m, err := readModule(program)
	if err != nil {
		return nil, err
	}
	t, err := findTables(m.memory)
	if err != nil {
		return nil, err
	}
	s := stripper{tables: t, kept: make([]byte, len(t.pcs)), short: []byte{0}, places: map[string]uint32{}}
	if err := t.each(s.function); err != nil {
		return nil, err
	}
	if len(s.short) > len(t.names) {
		return nil, fmt.Errorf("the names of packages take %d bytes of %d", len(s.short), len(t.names))
	}
	clear(t.names[copy(t.names, s.short):])
	copy(t.pcs, s.kept)
	clear(t.units)
	clear(t.files)
	return m.program(), nil
}

// stripper goes over the functions of a program and collects what stays.
type stripper struct {
	*tables
	kept   []byte            // of pcs, in its place
	short  []byte            // the new names; at 0 is none
	places map[string]uint32 // where in short a name lies
}

// function strips one function.
func (s *stripper) function(f *function) error {
	f.File, f.Line, f.Unit, f.StartLine = 0, 0, 0, 0
	f.setTable(unsafePoints, 0)
	f.setExtra(argumentForms, noExtra)
	if err := s.rename(&f.Name); err != nil {
		return err
	}
	if err := s.keep(f.Frame); err != nil {
		return err
	}
	for i := range f.Tables {
		if err := s.keep(f.table(i)); err != nil {
			return err
		}
	}
	return s.eachInlined(f, func(c *inlinedCall) error {
		c.StartLine = 0
		return s.rename(&c.Name)
	})
}

// keep keeps a table of a function's.
func (s *stripper) keep(table uint32) error {
	end, err := s.walk(table, func(int32) {})
	if err == nil {
		copy(s.kept[table:end], s.pcs[table:end])
	}
	return err
}

// rename puts the place of the short name in that of the name.
func (s *stripper) rename(place *uint32) error {
	name, err := s.name(*place)
	if err != nil || name == "" {
		return err
	}
	short := shortName(name)
	if _, ok := s.places[short]; !ok {
		s.places[short] = uint32(len(s.short))
		s.short = append(append(s.short, short...), 0)
	}
	*place = s.places[short]
	return nil
}

// shortName tells no more than the package, by the runtime's own rule: what
// comes before the first point after the last slash; in brackets are types.
func shortName(name string) string {
	if slices.Contains(wholeNames, name) {
		return name
	}
	name, _, _ = strings.Cut(name, "[")
	slash := strings.LastIndexByte(name, '/') + 1
	last, _, pointed := strings.Cut(name[slash:], ".")
	if !pointed {
		return name
	}
	return name[:slash] + last + ".(*?).?"
}
