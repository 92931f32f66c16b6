// SPDX-License-Identifier: BSD-3-Clause

//go:build linux

package soak

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/autobatch/autobatch/internal/progen/rt"
	"github.com/autobatch/autobatch/internal/traptest"
)

// errnos are what calls fail with.
var errnos = []string{"EIO", "ENOENT", "EINTR", "EAGAIN", "ENOSPC", "EACCES", "EEXIST", "EBADF"}

// counts are calls whose result is a number of bytes: they can also be made
// to return a small one without having done anything.
var counts = []string{"read", "write", "pread64", "pwrite64", "readlinkat", "getxattr", "sendfile", "copy_file_range"}

// untouched are calls that must not fail although traptest could make them:
// the runner's own, and those that the run-time system makes on every thread.
var untouched = append([]string{"gettid", "getpid", "readlink", "rt_sigprocmask"}, rt.Reserved...)

// target is the n-th call of one name on a program's thread.
type target struct {
	name string
	n    int
}

// faultRun makes the same call fail in several programs at once.
type faultRun struct {
	ids    []string
	inject []string
}

// targets lists, for every call that can fail, the programs that make it.
func targets(base map[string]*result) map[target][]string {
	out := map[target][]string{}
	for id, r := range base {
		if r.exit == "timeout" {
			continue
		}
		for _, e := range r.calls {
			name, n := e.Call()
			if name != "" && traptest.Injectable(name) && !slices.Contains(untouched, name) {
				t := target{name, n}
				out[t] = append(out[t], id)
			}
		}
	}
	for _, ids := range out {
		slices.Sort(ids)
	}
	return out
}

// plan chooses about perProgram faults for each program, all its calls with
// the same likelihood. Now and then one run has two faults, of calls of
// different names.
func plan(base map[string]*result, perProgram int, r *rand.Rand) []faultRun {
	ts := targets(base)
	keys := slices.SortedFunc(maps.Keys(ts), func(a, b target) int {
		if c := strings.Compare(a.name, b.name); c != 0 {
			return c
		}
		return a.n - b.n
	})
	left := map[string]int{}
	for id := range base {
		left[id] = perProgram
	}
	var out []faultRun
	for round := range 4 * len(errnos) {
		r.Shuffle(len(keys), func(i, j int) { keys[i], keys[j] = keys[j], keys[i] })
		for i, t := range keys {
			var ids []string
			for _, id := range ts[t] {
				if left[id] > 0 {
					ids = append(ids, id)
				}
			}
			if len(ids) == 0 {
				continue
			}
			run := faultRun{ids: ids, inject: []string{t.with(r)}}
			if i > 0 && r.IntN(5) == 0 && keys[i-1].name != t.name {
				run.inject = append(run.inject, keys[i-1].with(r))
			}
			for _, id := range ids {
				left[id]--
			}
			out = append(out, run)
		}
		done := true
		for _, n := range left {
			done = done && n <= 0
		}
		if done || round > 0 && len(out) == 0 {
			break
		}
	}
	return out
}

// with is the injection of some fault into the target.
func (t target) with(r *rand.Rand) string {
	action := "error=" + errnos[r.IntN(len(errnos))]
	if slices.Contains(counts, t.name) && r.IntN(3) == 0 {
		action = fmt.Sprintf("retval=%d", r.IntN(3))
	}
	return fmt.Sprintf("%s:%s:when=%d", t.name, action, t.n)
}
