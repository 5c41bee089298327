package engine_test

import "testing"

// long marks a test that repeats much and that WebAssembly, ten times as slow,
// leaves out: there the long history proves that both give the same bytes, and
// what they are is proved here.
func long(t *testing.T) {
	t.Helper()
	if testing.Short() {
		t.Skip("long, and the same natively")
	}
}
