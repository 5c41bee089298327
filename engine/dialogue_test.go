package engine_test

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/sortkey/sortkey/engine/enginetest"
)

var update = flag.Bool("update", false, "write what the engine replies into the dialogues and golden files; read the difference before keeping it")

// TestDialogues plays testdata/*.txt; the format is enginetest.Dialogue's.
func TestDialogues(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("found %d dialogues: %v", len(files), err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			d, err := enginetest.ParseDialogue(string(text))
			if err != nil {
				t.Fatal(err)
			}
			d.Run(t, *update)
			if *update {
				if err := os.WriteFile(file, []byte(d.String()), 0o644); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}
