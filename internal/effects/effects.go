// SPDX-License-Identifier: BSD-3-Clause

// Package effects knows what every function of golang.org/x/sys/unix (and
// the functions of package syscall with the same wrapper) does on Linux:
// which system call it makes, what the kernel reads and writes through its
// arguments, what its results mean, whom it may wake or wait for, and whether
// it may become an entry of a batch.
//
// The table is generated (see gen) from x/sys's own source plus overlay.txt,
// which says what signatures cannot.
package effects

import (
	"fmt"
	"slices"
)

//go:generate go run ./gen

// Dir says what the kernel does with the memory behind an argument during
// the call. Paths and byte slices with Dir In are only read.
type Dir uint8

const (
	NoMem Dir = 0        // the argument names no memory
	In    Dir = 1        // the kernel reads the memory
	Out   Dir = 2        // the kernel writes the memory
	InOut Dir = In | Out // both
)

// ParamKind is the shape of one Go parameter.
type ParamKind uint8

const (
	Integer  ParamKind = iota // any integer type (or a defined type over one), passed by value
	Path                      // string that the wrapper copies and NUL-terminates
	Bytes                     // []byte: pointer and length
	Slice                     // []T, T not byte: pointer and length in elements
	Pointer                   // *T or unsafe.Pointer
	Sockaddr                  // x/sys's interface of that name, whose value the wrapper encodes: a possible entry only as a literal (see Sockaddrs)
	Other                     // anything else (interfaces, functions, structs, arrays, ...): never in an entry
)

// Sockaddrs are the types of x/sys/unix whose encoding batchrt reproduces. The
// wrapper encodes into the value that it is given: nobody else may see that
// value, so a call with a Sockaddr is a possible entry only if the address of a
// composite literal of one of these types is written as the argument.
var Sockaddrs = []string{"SockaddrInet4", "SockaddrInet6", "SockaddrNetlink", "SockaddrUnix"}

// Param is one parameter of the Go function.
type Param struct {
	Name string // as in x/sys, or made up ("p2") where x/sys has none
	Type string // Go type as written inside package unix, e.g. "*Stat_t"
	Kind ParamKind
	Dir  Dir
}

// Copied reports whether the kernel sees a copy that is made of the argument
// while the entry is built, and no memory that other code could write to.
func (p Param) Copied() bool { return p.Kind == Path || p.Kind == Sockaddr }

// Result is the form of a function's results; batchrt has one accessor for each.
type Result uint8

const (
	ResErr        Result = iota // (err error)
	ResIntErr                   // (n int, err error)
	ResInt64Err                 // (n int64, err error)
	ResUintptrErr               // (n uintptr, err error)
	ResInt                      // (n int), cannot fail
	ResNone                     // no result
	ResRaw                      // (r1, r2 uintptr, err Errno): raw Syscall and friends
	ResPtrErr                   // (p unsafe.Pointer, err error)
	ResOther                    // anything else: never an entry
)

// Sync says whom a call synchronises with (rule "sync" of the legality
// rules). The list is normative: a function not listed in the overlay is
// Acquire|Release.
type Sync uint8

const (
	NoSync  Sync = 0
	Acquire Sync = 1 // can wait for another goroutine, thread or process
	Release Sync = 2 // can wake or inform another one
)

// Reason is a stable code that says why a function is never an entry.
// The empty Reason marks a possible entry.
type Reason string

const (
	ReasonState   Reason = "state"   // changes what this thread or process is
	ReasonWrapper Reason = "wrapper" // the Go wrapper does more than one call, or keeps Go-side state
	ReasonNested  Reason = "nested"  // the kernel follows pointers inside the argument's memory
	ReasonOutlive Reason = "outlive" // memory stays in the kernel's hands after the call
	ReasonVDSO    Reason = "vdso"    // usually answered without a crossing
	ReasonDevice  Reason = "device"  // ioctl and friends: meaning depends on the device
	ReasonVersion Reason = "version" // newer than the x/sys that batchrt is built from
	ReasonNoCall  Reason = "nocall"  // makes no system call on Linux
	ReasonArch    Reason = "arch"    // exists only where batchrt issues no calls itself
	ReasonRaw     Reason = "raw"     // Syscall and friends: the row of the number decides (see ByNumber)
)

// Reasons lists every Reason with the sentence that the documentation and
// the remarks use for it.
var Reasons = map[Reason]string{
	ReasonState:   "it changes what this thread or process is",
	ReasonWrapper: "its Go wrapper does more than one plain call",
	ReasonNested:  "the kernel follows pointers inside its argument",
	ReasonOutlive: "the kernel keeps the memory after the call",
	ReasonVDSO:    "it is usually answered without entering the kernel",
	ReasonDevice:  "its meaning depends on the device",
	ReasonVersion: "it is newer than the x/sys that batchrt is built from",
	ReasonNoCall:  "it makes no system call",
	ReasonArch:    "it exists only on architectures on which no batches are issued",
	ReasonRaw:     "which call it makes is known only where its number is a constant",
}

// WordKind says how one register of the system call is made.
type WordKind uint8

const (
	WordConst       WordKind = iota // Const
	WordParam                       // integer parameter, converted with uintptr()
	WordPath                        // address of the NUL-terminated copy of a Path
	WordPtr                         // the pointer parameter itself
	WordData                        // address of a slice's first element, &_zero when empty
	WordDataNil                     // address of a slice's first element, 0 when the slice is empty (utimensat; with its Guard only a nil one is)
	WordLen                         // length of a slice in elements
	WordImm                         // address of an in-entry word that holds the parameter (setsockopt's int)
	WordParam32                     // integer parameter or'ed with Const (Open's O_LARGEFILE); all 64 bits count
	WordPathNil                     // like WordPath, but 0 for an empty string (mount's data)
	WordSockaddr                    // address of the encoded copy of a Sockaddr
	WordSockaddrLen                 // length of that copy in bytes
)

// Word is one register of the system call.
type Word struct {
	Kind  WordKind
	Param int    // index into Func.Params; unused for WordConst
	Const uint64 // for WordConst, and or'ed in for WordParam32
	Trunc string // integer type that the wrapper converts the parameter to on the way ("int32"), or ""
}

// Given is a condition on a parameter: that it is Value or, with Not, that it is
// another one.
type Given struct {
	Param int
	Not   bool
	Value int64
}

// Holds reports whether the argument n fulfils the condition.
func (g Given) Holds(n int64) bool { return (n == g.Value) != g.Not }

// GivenText says the condition on a parameter of f in the user's words.
func (f *Func) GivenText(g Given) string {
	if g.Not {
		return fmt.Sprintf("%s is a constant other than %d", f.Params[g.Param].Name, g.Value)
	}
	return fmt.Sprintf("%s is the constant %d", f.Params[g.Param].Name, g.Value)
}

// InFirst reports whether parameter p goes to the kernel in the first register,
// as it is, on every GOARCH.
func (f *Func) InFirst(p int) bool {
	for _, e := range f.Linux {
		if len(e.Words) == 0 || e.Words[0].Kind != WordParam || e.Words[0].Param != p {
			return false
		}
	}
	return true
}

// Enc is the system call that a wrapper makes on one GOARCH.
type Enc struct {
	NR    int    // call number
	Words []Word // registers in order, at most six; missing ones are zero
	// Guard is a Go length condition under which no call is made and EINVAL
	// is returned, for the listed wrappers that have one: "len(ts) != 2 && ts != nil".
	Guard string
}

// Func is what the table knows of one exported function.
type Func struct {
	Name   string // exported name in x/sys/unix
	Std    bool   // package syscall has a function of this name whose wrapper makes the same call on every Linux GOARCH
	Params []Param
	Result Result
	Sync   Sync
	Blocks bool   // may sleep for an unbounded time
	NonNeg bool   // a successful result is never negative
	Reason Reason // "" for a possible entry
	Why    string // for a Reason: what exactly stands in the way, in a user's words
	Man    string // manual page, e.g. "fstat(2)"
	Topic  string // group for the documentation: file, path, dir, xattr, socket, memory, time, process, event, mount, key, module, misc

	// Given are conditions that integer arguments must fulfil, as constants of
	// the source; otherwise the wrapper does more than this one call.
	Given []Given

	// Linux holds the encoding for the GOARCHes on which batchrt issues the
	// call itself (amd64, arm64).
	Linux map[string]Enc
	// Ports lists the GOOS/GOARCH pairs on which x/sys/unix has this function
	// with this very signature, as "linux/amd64". Sorted.
	Ports []string
	// Differs lists the pairs on which x/sys/unix exports a function of this
	// name with as many parameters but another signature. Sorted.
	Differs []string
	// StdParams, when not nil, are the parameters as package syscall types
	// them (its types qualified: "*syscall.Stat_t"); the constructor for them
	// has the prefix Sys, and where it issues no calls itself it calls package
	// syscall's function. Nil for a Std function that has unix's signature and
	// makes unix's call on every Linux port: one constructor serves both.
	StdParams []Param
	// StdOnly marks a second row of this name, for package syscall alone,
	// whose wrapper there makes another call than unix's does. Such a row has
	// Std, StdParams, StdPorts and no Ports; its Linux holds syscall's call.
	StdOnly bool
	// StdPorts lists the GOOS/GOARCH pairs on which package syscall has this
	// function in the form that the constructor stands for. Sorted; empty
	// unless Std.
	StdPorts []string
	// Prints holds, for "unix/amd64", "unix/arm64", "syscall/amd64" and
	// "syscall/arm64", the accepted fingerprints (see Index) of the wrapper
	// and of everything it uses inside its package: that of the source the
	// table was made from, then those of other versions whose wrapper was
	// read to make the very same call.
	Prints map[string][]uint64
}

// PlainRegister reports whether parameter k goes into a register of the call
// as it is, wherever batchrt makes the call itself: the result of another call
// can take its place.
func (f *Func) PlainRegister(k int) bool {
	if k >= len(f.Params) || f.Params[k].Kind != Integer || len(f.Linux) == 0 {
		return false
	}
	for _, enc := range f.Linux {
		uses, plain := 0, 0
		for _, w := range enc.Words {
			if w.Kind != WordConst && w.Param == k {
				uses++
				if w.Kind == WordParam && w.Trunc == "" {
					plain++
				}
			}
		}
		if uses != 1 || plain != 1 {
			return false
		}
	}
	return true
}

// WritesFiles reports whether the call changes what files hold, and with it
// memory that the files are mapped to (mmap(2)).
func (f *Func) WritesFiles() bool {
	switch f.Name {
	case "Open", "Openat", "Openat2", "Creat", "Truncate", "Ftruncate", "Fallocate", "Write", "Pwrite", "CopyFileRange", "Sendfile", "Splice":
		return true
	}
	return false
}

// TakesSockaddr gives the parameter that is a Sockaddr, or -1.
func (f *Func) TakesSockaddr() int {
	return slices.IndexFunc(f.Params, func(p Param) bool { return p.Kind == Sockaddr })
}

// Possible reports whether f may be an entry of a batch.
func (f *Func) Possible() bool { return f.Reason == "" }
