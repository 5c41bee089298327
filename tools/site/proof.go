package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// release strips a program that has been compiled, and proves that it answers
// like before. Where it is not known how to strip, the program stays as it is.
func (b *build) release(target string, pages []string) error {
	program, err := os.ReadFile(target)
	if err != nil {
		return err
	}
	version, err := goEnv("GOVERSION")
	if err != nil {
		return err
	}
	stripped, err := stripBuilt(version, program)
	if err != nil {
		fmt.Fprintf(os.Stderr, "site: %s keeps the names of its functions: %v\n", filepath.Base(target), err)
		return nil
	}
	was := target + ".named"
	defer os.Remove(was)
	if err := errors.Join(os.Rename(target, was), os.WriteFile(target, stripped, 0o755)); err != nil {
		return err
	}
	for _, page := range pages {
		if err := b.sameAnswers(was, target, page); err != nil {
			return err
		}
	}
	return nil
}

// stripBuilt is strip for what a version of Go has built.
func stripBuilt(version string, program []byte) ([]byte, error) {
	if !strings.HasPrefix(version+".", strippedVersion+".") {
		return nil, fmt.Errorf("tools/site/strip.go knows those of %s, and this is %s", strippedVersion, version)
	}
	return strip(program)
}

// sameAnswers is an error unless two programs answer the same to everything
// that answers.js asks them.
func (b *build) sameAnswers(one, other, page string) error {
	a, err := b.answers(one, page)
	if err != nil {
		return err
	}
	c, err := b.answers(other, page)
	if err != nil {
		return err
	}
	if i := firstDifference(a, c); i >= 0 {
		return fmt.Errorf("page %q: answer %d of %d is %q, and before it was %q", page, i, len(a), at(c, i), at(a, i))
	}
	return nil
}

// answers are what a program answers on a page, a line for each request.
func (b *build) answers(program, page string) ([]string, error) {
	loader, err := goLoader()
	if err != nil {
		return nil, err
	}
	args := []string{filepath.Join(b.root, "tools", "site", "answers.js"), loader, program, page}
	if page == "" { // only the desk passes requests to its engine
		dialogues, err := filepath.Glob(filepath.Join(b.root, "engine", "testdata", "*.txt"))
		if err != nil {
			return nil, err
		}
		args = append(args, dialogues...)
	}
	var faults bytes.Buffer
	cmd := exec.Command("node", args...)
	cmd.Stderr = &faults
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("%s, page %q: %w\n%s%s", filepath.Base(program), page, err, out, &faults)
	}
	return strings.Split(string(out), "\n"), nil
}

// firstDifference is where two lists first differ: -1 where they do not.
func firstDifference(a, b []string) int {
	for i := range max(len(a), len(b)) {
		if at(a, i) != at(b, i) {
			return i
		}
	}
	return -1
}

// at is an element of a list, and nothing beyond its end.
func at(list []string, i int) string {
	if i < len(list) {
		return list[i]
	}
	return ""
}
