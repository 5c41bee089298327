package main

import (
	"bufio"
	"errors"
	"flag"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/sortkey/sortkey/engine/endpoint"
)

// keys are the secret access keys by access key id that the command line gives.
// While there are none, any credentials will do.
type keys map[string]string

// flags declares the flags that fill k. The function to call after parsing
// reports what is wrong: a flag's own error would print the secret.
func (k keys) flags(flags *flag.FlagSet) (check func() error) {
	var given []string
	flags.Func("key", "verify signatures: `ID=SECRET` of a key that may call the API; repeat for more (the page itself needs none)",
		func(s string) error { given = append(given, s); return nil })
	flags.Func("keys", "`file` of such keys, ID=SECRET in each line, for secrets that process lists should not show", k.read)
	return func() error {
		for _, s := range given {
			if err := k.add(s); err != nil {
				return fmt.Errorf("-key: %w", err)
			}
		}
		return nil
	}
}

// add takes "ID=SECRET". What it refuses it does not repeat.
func (k keys) add(s string) error {
	id, secret, ok := strings.Cut(s, "=")
	id, secret = strings.TrimSpace(id), strings.TrimSpace(secret)
	if !ok || id == "" || secret == "" || strings.ContainsAny(id, "/, \t") {
		return errors.New("a key is written ID=SECRET")
	}
	if have, ok := k[id]; ok && have != secret {
		return fmt.Errorf("the key %s has two secrets", id)
	}
	k[id] = secret
	return nil
}

// read takes a file with an ID=SECRET in each line. Empty lines and those that
// begin with # do not count.
func (k keys) read(name string) error {
	file, err := os.Open(name)
	if err != nil {
		return err
	}
	defer file.Close()
	lines := bufio.NewScanner(file)
	found := false
	for n := 1; lines.Scan(); n++ {
		line := strings.TrimSpace(lines.Text())
		if line == "" || line[0] == '#' {
			continue
		}
		if err := k.add(line); err != nil {
			return fmt.Errorf("%s, line %d: %w", name, n, err)
		}
		found = true
	}
	if err := lines.Err(); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	if !found {
		return fmt.Errorf("%s holds no key", name)
	}
	return nil
}

// signers verify signatures by the keys, nil if there are none.
func (k keys) signers() *endpoint.Signers {
	if len(k) == 0 {
		return nil
	}
	return &endpoint.Signers{Secrets: k, Now: time.Now}
}
