// SPDX-License-Identifier: BSD-3-Clause

//go:build linux

package traptest

import (
	"bufio"
	"io"
	"regexp"
	"strconv"
	"strings"
)

// call is one system call as strace printed it, in order of its start.
type call struct {
	tid     int    // thread that made it
	name    string // system call, e.g. "openat"
	text    string // "name(arguments) = result", interruptions joined
	ordinal int    // 1 for the thread's first call of this name, as strace's when= counts
}

var (
	lineRE    = regexp.MustCompile(`^(\d+)\s+(.*)$`)
	resumedRE = regexp.MustCompile(`^<\.\.\. (\w+) resumed>(.*)$`)
	nameRE    = regexp.MustCompile(`^(\w+)\(`)
)

// parseTrace reads the output of strace -f -a 1 -o FILE. A call that strace
// reports in two pieces, because another thread came between, is put together
// at the place where it started.
func parseTrace(r io.Reader) ([]call, error) {
	var calls []call
	open := map[int]int{} // thread -> index of its unfinished call
	type counter struct {
		tid  int
		name string
	}
	seen := map[counter]int{}

	sc := bufio.NewScanner(r)
	sc.Buffer(nil, 16<<20)
	for sc.Scan() {
		m := lineRE.FindStringSubmatch(sc.Text())
		if m == nil {
			continue
		}
		tid, err := strconv.Atoi(m[1])
		if err != nil {
			continue
		}
		s := m[2]
		if strings.HasPrefix(s, "+++") || strings.HasPrefix(s, "---") {
			continue // exit and signal reports are no calls
		}
		if rm := resumedRE.FindStringSubmatch(s); rm != nil {
			if i, ok := open[tid]; ok {
				calls[i].text += strings.TrimSuffix(rm[2], " <unfinished ...>")
				delete(open, tid)
			}
			continue
		}
		nm := nameRE.FindStringSubmatch(s)
		if nm == nil {
			continue
		}
		c := call{tid: tid, name: nm[1]}
		seen[counter{tid, c.name}]++
		c.ordinal = seen[counter{tid, c.name}]
		if t, cut := strings.CutSuffix(s, " <unfinished ...>"); cut {
			s = t
			open[tid] = len(calls)
		}
		c.text = s
		calls = append(calls, c)
	}
	return calls, sc.Err()
}
