// SPDX-License-Identifier: BSD-3-Clause

package verify

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// besides is what other files of a golden's package declare.
var besides = map[string]string{
	"more_linux.golden":   "\ntype ident int\nfunc (x keyed) path() string { return x.s }\n",
	"hunted_linux.golden": "\nconst strict = false\nconst limit = 4\ntype tagged struct{ fd int }\n",
}

// TestGoldens proves what the rewriter is expected to make of the analyzer's
// test data.
func TestGoldens(t *testing.T) {
	goldens, err := filepath.Glob(filepath.Join("..", "..", "analyzer", "testdata", "*", "*.golden"))
	if err != nil {
		t.Fatal(err)
	}
	more, err := filepath.Glob(filepath.Join("..", "..", "analyzer", "testdata", "*", "*", "*.golden"))
	if err != nil {
		t.Fatal(err)
	}
	goldens = append(goldens, more...)
	if len(goldens) < 8 {
		t.Fatalf("only %d goldens", len(goldens))
	}
	for _, g := range goldens {
		t.Run(filepath.Base(g), func(t *testing.T) {
			edited, err := os.ReadFile(g)
			if err != nil {
				t.Fatal(err)
			}
			orig, err := os.ReadFile(strings.TrimSuffix(g, ".golden") + ".go")
			if err != nil {
				t.Fatal(err)
			}
			rest := besides[filepath.Base(g)]
			if err := pair(t, string(orig)+rest, string(edited)+rest); err != nil {
				t.Error(err)
			}
		})
	}
}
