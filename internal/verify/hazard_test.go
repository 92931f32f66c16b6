// SPDX-License-Identifier: BSD-3-Clause

package verify

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"
)

// TestHazards reads testdata/hazards: originals that must not be batched,
// each with the edit that a rewriter would make that had missed the reason.
func TestHazards(t *testing.T) {
	files, err := filepath.Glob(filepath.Join("testdata", "hazards", "*.txtar"))
	if err != nil {
		t.Fatal(err)
	}
	cases := 0
	for _, path := range files {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		rule := strings.TrimSuffix(filepath.Base(path), ".txtar")
		list := txtar.Parse(data).Files
		if len(list)%3 != 0 {
			t.Fatalf("%s: %d files", path, len(list))
		}
		for ; len(list) > 0; list = list[3:] {
			name, part, _ := strings.Cut(list[0].Name, ": ")
			if part != "original" || list[1].Name != name+": edited" || list[2].Name != name+": want" {
				t.Fatalf("%s: %s: original, edited and want must follow each other", path, name)
			}
			orig, edited, want := string(list[0].Data), string(list[1].Data), strings.TrimSpace(string(list[2].Data))
			cases++
			t.Run(rule+": "+name, func(t *testing.T) {
				if err := pair(t, file(orig), file(orig)); err != nil {
					t.Fatalf("the original is not equal to itself: %v", err)
				}
				refused(t, orig, edited, want)
			})
		}
	}
	if cases < 60 {
		t.Errorf("only %d hazards", cases)
	}
}
