// SPDX-License-Identifier: BSD-3-Clause

// Package plan is the batch IR: which calls of a function share one kernel
// crossing, on which results the batch goes on, and what stood in the way of
// more. It is plain data; nothing in it knows how source is edited.
package plan

import (
	"fmt"
	"go/token"
	"strings"

	"github.com/autobatch/autobatch/internal/effects"
)

// Class is a set of outcomes of one call, by the sign of the kernel's result.
type Class uint8

const (
	Neg  Class = 1 << iota // the call failed
	Zero                   // it succeeded with result 0
	Pos                    // it succeeded with another result

	Success = Zero | Pos
	Any     = Neg | Zero | Pos
)

// String prints the classes as they appear in dumps: "-0+".
func (c Class) String() string {
	var b strings.Builder
	for _, x := range []struct {
		c Class
		s string
	}{{Neg, "-"}, {Zero, "0"}, {Pos, "+"}} {
		if c&x.c != 0 {
			b.WriteString(x.s)
		}
	}
	return b.String()
}

// Ref says that an argument of an entry is not known before the batch runs
// but is the result of an earlier entry of the same region.
type Ref struct {
	Arg   int  // index of the parameter
	Entry int  // index of the earlier entry
	Load  bool // it is a field that the earlier entry fills in, not its result
}

// Entry is one call of a region.
type Entry struct {
	Func   *effects.Func
	Std    bool           // the call names package syscall, not x/sys/unix
	Call   token.Position // of the call expression
	Refs   []Ref
	GoOn   Class // outcomes on which the batch goes on to the next entry
	Skip   Class // outcomes on which it goes on with the next lane
	Resume bool  // control may get here although the entry did not run: its own statement asks
}

// Cost is what a batch is estimated to save and to cost each time, in tenths of
// nanoseconds, under the emulator.
type Cost struct{ Saved, Spent int }

// Gain is what remains.
func (c Cost) Gain() int { return c.Saved - c.Spent }

// String prints the estimate in nanoseconds.
func (c Cost) String() string {
	return fmt.Sprintf("saves %.1f ns, costs %.1f ns", float64(c.Saved)/10, float64(c.Spent)/10)
}

// Region is a group of calls of one function that share a crossing.
type Region struct {
	Func    string         // name of the enclosing function, for people
	Pos     token.Position // of the first call
	Entries []Entry
	Cost    Cost     // in a loop: of one iteration
	Assumes []string // rules that had to be relaxed
	Lanes   int      // iterations to a strip, if the entries are those of one iteration of a loop; else 0
}

// Summary says in one line which calls share a crossing.
func (r *Region) Summary() string {
	names := make([]string, len(r.Entries))
	for i, e := range r.Entries {
		names[i] = e.Func.Name
	}
	list := strings.Join(names, ", ")
	switch {
	case r.Lanes > 0 && len(names) == 1:
		return "1 call can share a crossing with those of other iterations: " + list
	case r.Lanes > 0:
		return fmt.Sprintf("%d calls can share a crossing with those of other iterations: %s", len(names), list)
	}
	return fmt.Sprintf("%d calls can share one crossing: %s", len(names), list)
}

// String prints a region on one line per entry, for tests and -explain.
func (r *Region) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "region %s %d entries", r.Func, len(r.Entries))
	if r.Lanes > 0 {
		fmt.Fprintf(&b, " in each of %d lanes of a loop", r.Lanes)
	}
	b.WriteByte('\n')
	for i, e := range r.Entries {
		fmt.Fprintf(&b, "  %d %s go-on %s", i, e.Func.Name, e.GoOn)
		for _, ref := range e.Refs {
			if ref.Load {
				fmt.Fprintf(&b, " arg%d=field of entry%d", ref.Arg, ref.Entry)
				continue
			}
			fmt.Fprintf(&b, " arg%d=entry%d", ref.Arg, ref.Entry)
		}
		if e.Resume {
			b.WriteString(" resume")
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// Reason is the stable code of the rule that stood in the way of a batch.
// The documentation has an anchor for each (docs/remarks.md).
type Reason string

const (
	Data      Reason = "data"      // a later argument needs what an earlier call gives
	Alias     Reason = "alias"     // memory that moved loads or stores touch may be the same
	Control   Reason = "control"   // control need not reach the next call
	Panic     Reason = "panic"     // what would move may panic
	Effect    Reason = "effect"    // what stands between can be observed
	Block     Reason = "block"     // a call may block on what would move
	Sync      Reason = "sync"      // a call synchronises, and shared memory is touched
	State     Reason = "state"     // a call changes what the thread or process is
	Wrapper   Reason = "wrapper"   // the Go wrapper is more than one plain call
	Lifetime  Reason = "lifetime"  // a descriptor's owner could go away too early
	Build     Reason = "build"     // generated, cgo or otherwise left alone
	Module    Reason = "module"    // adopting batchrt would change the module
	Portable  Reason = "portable"  // a constructor does not exist everywhere the file compiles
	Version   Reason = "version"   // the selected x/sys differs from the one the table was made from
	Verify    Reason = "verify"    // the rewritten code could not be proven equal
	Price     Reason = "cost"      // a batch would not pay
	Directive Reason = "directive" // what a //batch: comment asks for
	Ignored   Reason = "ignored"   // a //batch:ignore comment leaves it alone
	Consume   Reason = "consume"   // code after the calls of a loop iteration cannot wait
	Loop      Reason = "loop"      // the calls are repeated by a loop that is not batched
	Between   Reason = "between"   // statements stand between the calls
	Call      Reason = "call"      // the call's form or place is not one that is rewritten
)

// Remark says, in the user's words, what stood in the way at one place.
type Remark struct {
	Pos    token.Position
	Reason Reason
	Text   string // without position and reason: "Fstat is not batched with Lstat: …"
	Near   bool   // a near miss: a neighbouring call exists that could have shared the crossing
	Error  bool   // the author asked for something that cannot be: a mistake, not a missed batch
}

// String prints the remark as the tools do.
func (r Remark) String() string {
	return fmt.Sprintf("%s: %s [%s]", r.Pos, r.Text, r.Reason)
}

// Edit replaces the bytes [Start, End) of a file by New.
type Edit struct {
	Start, End int
	New        string
}
