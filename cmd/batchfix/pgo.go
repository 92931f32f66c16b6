// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/google/pprof/profile"

	"github.com/autobatch/autobatch/plan"
)

// heat says how much of a profile's samples was taken in which lines.
type heat struct {
	total int64
	lines map[string]map[int]int64 // by the end of the file's path, then line
}

// readHeat reads a profile as runtime/pprof and go tool pprof write it
// (https://github.com/google/pprof/blob/main/proto/profile.proto). Of several
// kinds of values the last one counts, as pprof does: time, for CPU profiles.
func readHeat(name string) (*heat, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	p, err := profile.Parse(f)
	if err != nil {
		return nil, fmt.Errorf("%s is not a profile that pprof can read: %w", name, err)
	}
	h := &heat{lines: map[string]map[int]int64{}}
	for _, s := range p.Sample {
		if len(s.Value) == 0 {
			continue
		}
		v := s.Value[len(s.Value)-1]
		h.total += v
		seen := map[string]bool{} // a line counts once in each stack
		for _, loc := range s.Location {
			for _, l := range loc.Line {
				if l.Function == nil {
					continue
				}
				file := ending(l.Function.Filename)
				key := fmt.Sprintf("%s:%d", file, l.Line)
				if seen[key] {
					continue
				}
				seen[key] = true
				if h.lines[file] == nil {
					h.lines[file] = map[int]int64{}
				}
				h.lines[file][int(l.Line)] += v
			}
		}
	}
	if h.total == 0 {
		return nil, fmt.Errorf("%s has no samples", name)
	}
	return h, nil
}

// ending is the end of a path: builds may have the sources somewhere else.
func ending(path string) string {
	parts := strings.Split(filepath.ToSlash(path), "/")
	return strings.Join(parts[max(0, len(parts)-2):], "/")
}

// of is the share of the samples, in percent, that were taken in the lines of a
// region's calls, what these lines call included.
func (h *heat) of(r *plan.Region) float64 {
	lines := map[int]bool{}
	for _, e := range r.Entries {
		lines[e.Call.Line] = true
	}
	sum := int64(0)
	for l := range lines {
		sum += h.lines[ending(r.Pos.Filename)][l]
	}
	return 100 * float64(sum) / float64(h.total)
}
