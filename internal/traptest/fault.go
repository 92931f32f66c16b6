// SPDX-License-Identifier: BSD-3-Clause

//go:build linux

package traptest

import (
	"fmt"
	"slices"
	"strings"
)

// Fault makes one marked call of a program fail (or return something odd)
// without reaching the kernel.
type Fault struct {
	Lane   string // lane of the call, e.g. "main"
	Index  int    // its place among the lane's calls, from 0, markers not counted
	Action string // strace's action: "error=EIO", "retval=0"
}

func (f Fault) String() string { return fmt.Sprintf("%s[%d] %s", f.Lane, f.Index, f.Action) }

// FaultPlan chooses the faults of a program after its undisturbed run.
type FaultPlan struct {
	// Errnos are used in turn: the k-th marked call of a program fails with
	// Errnos[k mod len], or with every one of them when All is set.
	// None means EIO, ENOENT, EINTR, EACCES.
	Errnos []string
	All    bool
	// Max is the largest number of faults per program; 0 means no limit. More
	// calls than that are sampled evenly, the first and the last included.
	Max int
	// Choose replaces the rules above when it is not nil. calls holds the
	// names of the lane's calls in order.
	Choose func(program, lane string, calls []string) []Fault
}

// notInjectable are calls whose failure strace cannot fake sensibly, or which
// the run-time system makes itself on the same thread.
var notInjectable = []string{
	"exit", "exit_group", "execve", "clone", "clone3", "fork", "vfork", "mmap", "munmap", "madvise", "mprotect", "tgkill",
}

func laneCalls(l Lane) []Event {
	var out []Event
	for _, e := range l.Events {
		if e.name != "" {
			out = append(out, e)
		}
	}
	return out
}

// faults lists the faults of a plan for one program.
func (p *FaultPlan) faults(program string, o *Outcome) []Fault {
	errnos := p.Errnos
	if len(errnos) == 0 {
		errnos = []string{"EIO", "ENOENT", "EINTR", "EACCES"}
	}
	var out []Fault
	for _, l := range o.Lanes {
		calls := laneCalls(l)
		if p.Choose != nil {
			names := make([]string, len(calls))
			for i, e := range calls {
				names[i] = e.name
			}
			out = append(out, p.Choose(program, l.Name, names)...)
			continue
		}
		for i, e := range calls {
			if slices.Contains(notInjectable, e.name) || strings.HasPrefix(e.name, "syscall_") { // no such call
				continue
			}
			if p.All {
				for _, no := range errnos {
					out = append(out, Fault{l.Name, i, "error=" + no})
				}
			} else {
				out = append(out, Fault{l.Name, i, "error=" + errnos[i%len(errnos)]})
			}
		}
	}
	if p.Choose == nil && p.Max > 0 && len(out) > p.Max {
		var some []Fault
		for i := range p.Max {
			some = append(some, out[i*(len(out)-1)/max(p.Max-1, 1)])
		}
		out = some
	}
	return out
}

// inject finds out how strace must count for fault f to hit its call, from the
// undisturbed run of the same binary.
func (f Fault) inject(base *Outcome) (*injection, error) {
	for _, l := range base.Lanes {
		if l.Name != f.Lane {
			continue
		}
		calls := laneCalls(l)
		if f.Index < 0 || f.Index >= len(calls) {
			return nil, fmt.Errorf("fault %v: the lane has %d calls", f, len(calls))
		}
		e := calls[f.Index]
		return &injection{name: e.name, when: e.ordinal, action: f.Action}, nil
	}
	return nil, fmt.Errorf("fault %v: no such lane", f)
}

// hit says whether the fault struck the call it was meant for and no other.
func (f Fault) hit(o *Outcome) bool {
	n, good := 0, false
	for _, l := range o.Lanes {
		for i, e := range laneCalls(l) {
			if strings.HasSuffix(e.Text, "(INJECTED)") {
				n++
				good = l.Name == f.Lane && i == f.Index
			}
		}
	}
	return n == 1 && good
}
