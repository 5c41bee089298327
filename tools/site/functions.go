package main

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
)

// The types moduleData, pcHeader, function and inlinedCall are the runtime's, as
// they lie in memory: moduledata and pcHeader of symtab.go, _func of runtime2.go,
// inlinedCall of symtabinl.go.

type moduleData struct {
	Header                                     uint64
	Names, Units, Files, PCs, Functions, Index slice
	_                                          [21]uint64
	Extras, End                                uint64
}

type slice struct{ Start, Len, Cap uint64 }

type pcHeader struct {
	Magic                               uint32
	_, _, Quantum, Pointer              uint8
	Count, _, _                         uint64
	Names, Units, Files, PCs, Functions uint64 // where they begin, from here
}

// headerStart is what a pcHeader begins with: magic, padding, quantum of code
// and size of a pointer.
const headerStart = "\xf1\xff\xff\xff\x00\x00\x01\x08"

// function is followed by the places of Tables further tables and of Extras extras.
type function struct {
	functionHead
	follow []byte
}

// functionHead has no field without a name: those would be written as zeros.
type functionHead struct {
	Entry, Name, Args, DeferReturn uint32
	Frame, File, Line              uint32 // places of tables; 0 is none
	Tables                         uint32
	Unit, StartLine                uint32
	ID, Flag, Pad, Extras          uint8
}

type inlinedCall struct{ ID, Name, ParentPC, StartLine uint32 }

const (
	functionSize    = 44
	inlinedCallSize = 16
)

// Which of a function's tables and extras is which: internal/abi/symtab.go.
const (
	unsafePoints = 0 // a table: where a signal may not preempt; here are no signals
	inlinedAt    = 2 // a table: which of the inlined calls the code is of

	inlinedCalls  = 3 // an extra: the inlined calls
	argumentForms = 5 // an extra: how a traceback prints arguments

	noExtra = ^uint32(0)
)

func (f *function) table(i uint32) uint32 { return binary.LittleEndian.Uint32(f.follow[4*i:]) }
func (f *function) extra(i uint32) uint32 { return f.table(f.Tables + i) }

// setTable says where a table lies, if the function has it.
func (f *function) setTable(i, place uint32) {
	if i < f.Tables {
		binary.LittleEndian.PutUint32(f.follow[4*i:], place)
	}
}

// setExtra says where an extra lies, if the function has it.
func (f *function) setExtra(i, place uint32) {
	if i < uint32(f.Extras) {
		binary.LittleEndian.PutUint32(f.follow[4*(f.Tables+i):], place)
	}
}

// tables are what a program knows of its functions: parts of its memory.
type tables struct {
	names        []byte // each ends in a zero
	units, files []byte // the names of files
	pcs          []byte // what holds at which code: see walk
	functions    []byte
	index        []byte // entry and place in functions of each
	extras       []byte
}

// findTables finds the function table of a program.
func findTables(memory []byte) (*tables, error) {
	var found []*tables
	for at := 0; ; at++ {
		n := bytes.Index(memory[at:], []byte(headerStart))
		if n < 0 {
			break
		}
		at += n
		if t := tablesAt(memory, uint64(at)); t != nil {
			found = append(found, t)
		}
	}
	if len(found) != 1 {
		return nil, fmt.Errorf("it has %d function tables of the known form", len(found))
	}
	return found[0], nil
}

// tablesAt reads the tables whose header is at an address: nil where no module
// describes the same ones.
func tablesAt(memory []byte, address uint64) *tables {
	var h pcHeader
	var m moduleData
	le := binary.LittleEndian
	if _, err := binary.Decode(memory[address:], le, &h); err != nil {
		return nil
	}
	at := bytes.Index(memory, le.AppendUint64(le.AppendUint64(nil, address), address+h.Names))
	if at < 0 {
		return nil
	}
	if _, err := binary.Decode(memory[at:], le, &m); err != nil {
		return nil
	}
	extras := slice{m.Extras, m.End - m.Extras, m.End - m.Extras}
	var t tables
	for _, p := range []struct {
		part *[]byte
		slice
		size, begins uint64 // an element's bytes, and where the header has the part begin
	}{
		{&t.names, m.Names, 1, h.Names},
		{&t.units, m.Units, 4, h.Units},
		{&t.files, m.Files, 1, h.Files},
		{&t.pcs, m.PCs, 1, h.PCs},
		{&t.functions, m.Functions, 1, h.Functions},
		{&t.index, m.Index, 8, h.Functions},
		{&t.extras, extras, 1, m.Extras - address},
	} {
		if p.Start != address+p.begins || p.Len != p.Cap || p.Len > maxMemory || p.Start+p.Len*p.size > uint64(len(memory)) {
			return nil
		}
		*p.part = memory[p.Start : p.Start+p.Len*p.size]
	}
	if m.Index.Len != h.Count+1 || m.Extras < m.Functions.Start {
		return nil
	}
	return &t
}

// each calls visit for every function, which may change it.
func (t *tables) each(visit func(f *function) error) error {
	le := binary.LittleEndian
	for rest := t.index; len(rest) > 8; rest = rest[8:] { // the last entry is the end of the code
		entry, place := le.Uint32(rest), le.Uint32(rest[4:])
		if int(place) > len(t.functions)-functionSize {
			return errors.New("a function lies outside the table")
		}
		at := t.functions[place:]
		f := function{follow: at[functionSize:]}
		if _, err := binary.Decode(at, le, &f.functionHead); err != nil {
			return err
		}
		if f.Entry != entry || uint64(f.Tables)+uint64(f.Extras) > uint64(len(f.follow)/4) {
			return fmt.Errorf("at the place of function %d there is something else", entry)
		}
		if err := visit(&f); err != nil {
			return fmt.Errorf("function %d: %w", entry, err)
		}
		if _, err := binary.Encode(at, le, &f.functionHead); err != nil {
			return err
		}
	}
	return nil
}

// eachInlined calls visit for the calls that have been inlined into a function.
// How many there are nobody has written down; those matter that its table names.
func (t *tables) eachInlined(f *function, visit func(c *inlinedCall) error) error {
	if f.Tables <= inlinedAt || f.Extras <= inlinedCalls || f.extra(inlinedCalls) == noExtra {
		return nil
	}
	last := int32(-1)
	if _, err := t.walk(f.table(inlinedAt), func(call int32) { last = max(last, call) }); err != nil {
		return err
	}
	for i := range int(last + 1) {
		at := int(f.extra(inlinedCalls)) + i*inlinedCallSize
		if at > len(t.extras)-inlinedCallSize {
			return errors.New("an inlined call lies outside the extras")
		}
		var c inlinedCall
		if _, err := binary.Decode(t.extras[at:], binary.LittleEndian, &c); err != nil {
			return err
		}
		if err := visit(&c); err != nil {
			return err
		}
		if _, err := binary.Encode(t.extras[at:], binary.LittleEndian, &c); err != nil {
			return err
		}
	}
	return nil
}

// name reads the name at a place; at 0 is none.
func (t *tables) name(place uint32) (string, error) {
	if place == 0 {
		return "", nil
	}
	if int(place) >= len(t.names) || t.names[place-1] != 0 {
		return "", fmt.Errorf("no name begins at %d", place)
	}
	name, _, ended := bytes.Cut(t.names[place:], []byte{0})
	if !ended {
		return "", fmt.Errorf("the name at %d does not end", place)
	}
	return string(name), nil
}

// walk reads the values of a table and returns where it ends; at 0 is none. A
// table is pairs of numbers, how much the value and how much the code address
// changes, up to a value that does not: the function step of symtab.go.
func (t *tables) walk(table uint32, visit func(value int32)) (end int, err error) {
	if table == 0 {
		return 1, nil
	}
	value := int32(-1)
	for at := int(table); at < len(t.pcs); {
		if t.pcs[at] == 0 && at > int(table) {
			return at + 1, nil
		}
		delta, n := binary.Uvarint(t.pcs[at:])
		_, n2 := binary.Uvarint(t.pcs[at+max(n, 0):])
		if n <= 0 || n2 <= 0 {
			break
		}
		at += n + n2
		value += -int32(delta&1) ^ int32(delta>>1)
		visit(value)
	}
	return 0, fmt.Errorf("the table at %d does not end", table)
}
