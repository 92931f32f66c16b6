// SPDX-License-Identifier: BSD-3-Clause

//go:build linux

package traptest

import (
	"fmt"
	"regexp"
	"slices"
	"sort"
	"strconv"
	"strings"
)

// Event is one compared line of a lane.
type Event struct {
	Text string // the normalised call, or a marker line that begins with "---"

	name    string // system call; "" for a marker line
	tid     int
	ordinal int // see call
}

// Lane is the ordered list of what marked threads did under one name.
type Lane struct {
	Name   string
	Events []Event
}

var (
	markerRE  = regexp.MustCompile(`^readlink(?:at)?\(.*"trap:(begin|end):([\w.-]*)"`)
	quotedRE  = regexp.MustCompile(`"(?:[^"\\]|\\.)*"`)
	fdRE      = regexp.MustCompile(`(^|[^\w.])(\d+)<`)
	inodeRE   = regexp.MustCompile(`(pipe|socket):\[(\d+)\]`)
	addrRE    = regexp.MustCompile(`\b0x[0-9a-f]{6,16}\b`)
	numberRE  = regexp.MustCompile(`\b\d+\b`)
	mmapRE    = regexp.MustCompile(`^mmap\(.*, (-?\w+)(?:<[^>]*>)?, \w+\) = (0x[0-9a-f]+)`)
	clonedRE  = regexp.MustCompile(`\) = (\d+)$`)
	firstRE   = regexp.MustCompile(`^\w+\((\w+)`)
	crashRE   = regexp.MustCompile(`^write\(2(?:<[^>]*>)?, "(?:panic: |fatal error: |\\n?goroutine |\[signal )`)
	restartRE = regexp.MustCompile(`= \? (ERESTART\w+)`)
	freeRE    = regexp.MustCompile(`\b(f_bfree|f_bavail|f_ffree|f_files|f_blocks|f_fsid)=(\{[^}]*\}|[^,}]*)`)
)

// runtimeNoise are calls that the Go run-time system makes on any thread for
// its own ends. strace does not even stop for them.
var runtimeNoise = []string{
	"futex", "nanosleep", "clock_nanosleep", "sched_yield", "sched_getaffinity",
	"rt_sigaction", "rt_sigprocmask", "rt_sigreturn", "sigaltstack",
	"epoll_create1", "epoll_ctl", "epoll_pwait", "epoll_wait",
	"mincore", "arch_prctl", "rseq", "set_robust_list", "set_tid_address",
	"membarrier", "restart_syscall", "brk",
}

// pidCalls name process ids in their arguments or results.
var pidCalls = []string{
	"kill", "tkill", "tgkill", "wait4", "waitid", "getpid", "gettid", "getppid", "getpgid",
	"getpgrp", "setpgid", "getsid", "setsid", "pidfd_open", "fcntl", "prlimit64", "clone", "clone3", "vfork",
	"ioctl",
}

// lanes picks the marked calls out of a trace and makes them comparable.
func lanes(calls []call) []Lane {
	pids := map[int]bool{}
	for _, c := range calls {
		pids[c.tid] = true
		if isClone(c.name) {
			if m := clonedRE.FindStringSubmatch(c.text); m != nil {
				if n, err := strconv.Atoi(m[1]); err == nil {
					pids[n] = true
				}
			}
		}
	}

	byName := map[string]*normaliser{}
	active := map[int]*normaliser{} // thread -> lane it writes to
	maps := map[string]bool{}       // addresses of mappings the program made
	for _, c := range calls {
		if m := markerRE.FindStringSubmatch(c.text); m != nil {
			n := byName[m[2]]
			if n == nil {
				n = &normaliser{lane: Lane{Name: m[2]}, pids: pids}
				byName[m[2]] = n
			}
			// Where several threads share a lane, only the first one in and the
			// last one out count: when the others come and go is chance.
			delete(active, c.tid)
			if !inUse(active, n) {
				n.lane.Events = append(n.lane.Events, Event{Text: "--- " + m[1]})
			}
			if m[1] == "begin" {
				active[c.tid] = n
			}
			continue
		}
		keep := ofProgram(c, maps)
		if n := active[c.tid]; n != nil && keep {
			n.add(c)
		}
	}

	var out []Lane
	for _, n := range byName {
		out = append(out, n.lane)
	}
	sort.Slice(out, func(i, j int) bool { return out[i].Name < out[j].Name })
	return out
}

// inUse says whether some thread writes to the lane of n.
func inUse(active map[int]*normaliser, n *normaliser) bool {
	for _, other := range active {
		if other == n {
			return true
		}
	}
	return false
}

func isClone(name string) bool {
	return name == "clone" || name == "clone3" || name == "vfork" || name == "fork"
}

// ofProgram tells a program's own calls from those of the run-time system that
// share a name with them, and keeps book of the program's mappings.
func ofProgram(c call, maps map[string]bool) bool {
	switch c.name {
	case "mmap":
		m := mmapRE.FindStringSubmatch(c.text)
		if m == nil {
			return !strings.Contains(c.text, ", -1, ") // a failed mapping of a file
		}
		if m[1] == "-1" && !strings.Contains(c.text, "MAP_SHARED") {
			return false // the heap grows by private anonymous mappings
		}
		maps[m[2]] = true
	case "munmap", "madvise":
		m := firstRE.FindStringSubmatch(c.text)
		return m != nil && maps[m[1]]
	case "clone", "clone3":
		return !strings.Contains(c.text, "CLONE_THREAD")
	case "prctl":
		return !strings.Contains(c.text, "PR_SET_VMA")
	}
	return !slices.Contains(runtimeNoise, c.name)
}

// normaliser replaces what may differ between two runs by names given in order
// of first use within one lane.
type normaliser struct {
	lane    Lane
	pids    map[int]bool
	fds     map[string]string
	inodes  map[string]string
	procs   map[string]string
	crashed bool
}

func (n *normaliser) add(c call) {
	if strings.HasSuffix(c.text, "<unfinished ...>) = ?") {
		return // still waiting when the process ended: whether it had begun to is chance
	}
	if m := restartRE.FindStringSubmatch(c.text); m != nil {
		if m[1] == "ERESTARTSYS" || m[1] == "ERESTARTNOINTR" {
			return // the kernel makes the call again by itself: all Go handlers carry SA_RESTART
		}
		c.text = c.text[:strings.LastIndex(c.text, "= ?")] + "= -1 EINTR"
	}
	if c.name == "write" && crashRE.MatchString(c.text) {
		n.crashed = true // from here on: addresses and line numbers of a dying program
	}
	if n.crashed && c.name == "write" && strings.HasPrefix(c.text, "write(2") {
		return
	}
	text := n.normalise(c)
	n.lane.Events = append(n.lane.Events, Event{Text: text, name: c.name, tid: c.tid, ordinal: c.ordinal})
}

func (n *normaliser) normalise(c call) string {
	var b strings.Builder
	last := 0
	for _, q := range quotedRE.FindAllStringIndex(c.text, -1) {
		b.WriteString(n.plain(c.name, c.text[last:q[0]]))
		b.WriteString(c.text[q[0]:q[1]]) // what is between quotes is data
		last = q[1]
	}
	b.WriteString(n.plain(c.name, c.text[last:]))
	return b.String()
}

func (n *normaliser) plain(name, s string) string {
	if slices.Contains(pidCalls, name) {
		s = numberRE.ReplaceAllStringFunc(s, func(d string) string {
			if v, err := strconv.Atoi(d); err != nil || !n.pids[v] {
				return d
			}
			return first(&n.procs, "P", d)
		})
		if strings.HasPrefix(name, "getp") || name == "getsid" {
			s = clonedRE.ReplaceAllString(s, ") = OTHER") // strace's own ids, or its parents'
		}
	}
	s = fdRE.ReplaceAllStringFunc(s, func(d string) string {
		m := fdRE.FindStringSubmatch(d)
		if v, err := strconv.Atoi(m[2]); err != nil || v < 3 {
			return d
		}
		return m[1] + first(&n.fds, "F", m[2]) + "<"
	})
	s = inodeRE.ReplaceAllStringFunc(s, func(d string) string {
		return inodeRE.FindStringSubmatch(d)[1] + ":" + first(&n.inodes, "N", d)
	})
	s = addrRE.ReplaceAllStringFunc(s, func(d string) string {
		if strings.HasPrefix(d, "0xffffffff") {
			return d // a negative number, not an address
		}
		return "ADDR"
	})
	return freeRE.ReplaceAllString(s, "$1=N")
}

// first returns the name that key got when it was first asked for.
func first(m *map[string]string, prefix, key string) string {
	if *m == nil {
		*m = map[string]string{}
	}
	v, ok := (*m)[key]
	if !ok {
		v = fmt.Sprint(prefix, len(*m))
		(*m)[key] = v
	}
	return v
}
