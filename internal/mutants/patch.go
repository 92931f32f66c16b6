// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// hunk is one change of a unified diff: lines that must be there, and what
// they become.
type hunk struct {
	file     string
	old, new string
}

// parse reads a unified diff. What stands before the first file is the
// patch's description. Line numbers are not looked at: a hunk's lines must
// occur exactly once in the file.
func parse(patch string) ([]hunk, error) {
	var hunks []hunk
	file := ""
	in := false
	for line := range strings.Lines(patch) {
		switch {
		case strings.HasPrefix(line, "--- "):
			in = false
		case strings.HasPrefix(line, "+++ "):
			file = strings.TrimPrefix(strings.Fields(line)[1], "b/")
			in = false
		case strings.HasPrefix(line, "@@"):
			if file == "" {
				return nil, fmt.Errorf("a hunk of no file")
			}
			hunks = append(hunks, hunk{file: file})
			in = true
		case in:
			h := &hunks[len(hunks)-1]
			switch line[0] {
			case '-':
				h.old += line[1:]
			case '+':
				h.new += line[1:]
			case ' ':
				h.old += line[1:]
				h.new += line[1:]
			case '\n': // a blank line whose space was stripped
				h.old += line
				h.new += line
			default:
				return nil, fmt.Errorf("line %q is not one of a diff", line)
			}
		}
	}
	if len(hunks) == 0 {
		return nil, fmt.Errorf("no change in the patch")
	}
	return hunks, nil
}

// apply changes files of the tree. restore undoes it, after an error too.
func (t *tree) apply(patch string) (restore func(), err error) {
	saved := map[string][]byte{}
	restore = func() {
		for path, data := range saved {
			if err := os.WriteFile(path, data, 0o644); err != nil {
				panic(err) // the next mutant would have two faults
			}
		}
	}
	hunks, err := parse(patch)
	if err != nil {
		return restore, err
	}
	for _, h := range hunks {
		if !filepath.IsLocal(h.file) {
			return restore, fmt.Errorf("%s lies outside the repository", h.file)
		}
		path := filepath.Join(t.dir, h.file)
		data, err := os.ReadFile(path)
		if err != nil {
			return restore, err
		}
		if saved[path] == nil {
			saved[path] = data
		}
		n := strings.Count(string(data), h.old)
		if n != 1 {
			return restore, fmt.Errorf("the lines to change occur %d times in %s: make the patch anew", n, h.file)
		}
		if err := os.WriteFile(path, []byte(strings.Replace(string(data), h.old, h.new, 1)), 0o644); err != nil {
			return restore, err
		}
	}
	return restore, nil
}
