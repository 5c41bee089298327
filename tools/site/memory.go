package main

import (
	"bytes"
	"encoding/binary"
	"errors"
)

// module is a WebAssembly program split at its data section.
type module struct {
	before, after []byte // the sections on either side
	memory        []byte // what the data section fills, from address 0
}

const (
	wasmHeader  = "\x00asm\x01\x00\x00\x00"
	dataSection = 11
	maxMemory   = 64 << 20 // bytes; more than the data of any program here
)

// readModule finds the data section of a program and lays its memory out.
func readModule(program []byte) (*module, error) {
	if !bytes.HasPrefix(program, []byte(wasmHeader)) {
		return nil, errors.New("not a WebAssembly program")
	}
	for at := len(wasmHeader); at < len(program); {
		r := &wasmReader{rest: program[at+1:]}
		section := r.bytes(r.number())
		if r.broken {
			return nil, errors.New("a section of the program is cut off")
		}
		end := len(program) - len(r.rest)
		if program[at] == dataSection {
			memory, err := readData(section)
			return &module{program[:at], program[end:], memory}, err
		}
		at = end
	}
	return nil, errors.New("the program has no data section")
}

// The instructions that give a data segment's address.
const i32Const, endOfCode = 0x41, 0x0b

// readData lays the segments of a data section out. The linker leaves out long
// runs of zeros, so that one table may lie in several segments.
func readData(section []byte) (memory []byte, err error) {
	r := &wasmReader{rest: section}
	for count := r.number(); count > 0; count-- {
		// A negative address is a large number here.
		flags, op, address, end := r.number(), r.number(), r.number(), r.number()
		data := r.bytes(r.number())
		if r.broken || flags != 0 || op != i32Const || end != endOfCode || address+len(data) > maxMemory {
			return nil, errors.New("a data segment is not understood")
		}
		if missing := address + len(data) - len(memory); missing > 0 {
			memory = append(memory, make([]byte, missing)...)
		}
		copy(memory[address:], data)
	}
	if len(r.rest) > 0 {
		return nil, errors.New("bytes are left over after the data segments")
	}
	return memory, nil
}

// wasmReader reads numbers and bytes until one is cut off; then it is broken.
type wasmReader struct {
	rest   []byte
	broken bool
}

func (r *wasmReader) number() int {
	v, n := binary.Uvarint(r.rest)
	if n <= 0 || v > maxMemory {
		r.broken, r.rest = true, nil
		return 0
	}
	r.rest = r.rest[n:]
	return int(v)
}

func (r *wasmReader) bytes(n int) []byte {
	if n > len(r.rest) {
		r.broken, r.rest = true, nil
		return nil
	}
	b := r.rest[:n]
	r.rest = r.rest[n:]
	return b
}

// program puts the module together again.
func (m *module) program() []byte {
	data := writeData(m.memory)
	out := append(bytes.Clone(m.before), dataSection)
	out = binary.AppendUvarint(out, uint64(len(data)))
	return append(append(out, data...), m.after...)
}

// gap is the number of zeros at which a segment ends. The linker ends one at 8,
// which makes a program a little smaller as it is and a good deal larger when it
// is compressed: the addresses of 100,000 segments do not compress.
const gap = 4096

// writeData makes a data section of all that is not zero: memory begins as zeros.
func writeData(memory []byte) []byte {
	var segments []byte
	count := 0
	for at := 0; at < len(memory); {
		if memory[at] == 0 {
			at++
			continue
		}
		end := at + segmentLength(memory[at:])
		segments = appendSegment(segments, at, memory[at:end])
		count++
		at = end
	}
	return append(binary.AppendUvarint(nil, uint64(count)), segments...)
}

// segmentLength is how far it is from the start of data to the next gap.
func segmentLength(data []byte) int {
	if n := bytes.Index(data, make([]byte, gap)); n >= 0 {
		return n
	}
	return len(bytes.TrimRight(data, "\x00"))
}

func appendSegment(out []byte, address int, data []byte) []byte {
	out = append(out, 0, i32Const)
	out = binary.AppendUvarint(out, uint64(address))
	if last := &out[len(out)-1]; *last&0x40 != 0 { // the sign's place
		*last |= 0x80
		out = append(out, 0)
	}
	out = append(out, endOfCode)
	out = binary.AppendUvarint(out, uint64(len(data)))
	return append(out, data...)
}
