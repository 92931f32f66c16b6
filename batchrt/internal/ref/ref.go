// SPDX-License-Identifier: BSD-3-Clause

//go:build linux && (amd64 || arm64)

// Package ref is the reference interpreter of batches: SPEC.md word for word,
// one system call at a time, with nothing done for speed. Other executors are
// compared with it.
package ref

import (
	"syscall"
	"unsafe"
)

// Pseudo calls.
const (
	Wdcpy = -2
	Const = -3
)

// NotRun fills the result of every entry before a run.
const NotRun = -1<<63 | 0x8000_b7b7

// Arg is one register.
type Arg struct {
	Word uint64         // the value, if the others are not set
	Ptr  unsafe.Pointer // an address; what it points to must be on the heap
	Ref  bool           // the result of entry Word
}

// Entry is one entry of a batch.
type Entry struct {
	NR                int
	Jneg, Jzero, Jpos int
	Args              [6]Arg
	Ret               int64
	Ran               bool
	Out               bool // left out: skipped when its turn comes
}

// Load is what a Wdcpy entry does: it copies a number to an argument.
type Load struct {
	Entry, Reg int
	Src        unsafe.Pointer
	Width      int // bytes; negative: sign-extended
}

// Run runs a batch. loads holds the particulars of its Wdcpy entries.
func Run(entries []Entry, loads map[int]Load) {
	for i := range entries {
		entries[i].Ret, entries[i].Ran = NotRun, false
	}
	for i := 0; i < len(entries); {
		e := &entries[i]
		if e.Out {
			i++
			continue
		}
		e.Ran = true
		jump := 0
		switch {
		case e.NR == Wdcpy:
			e.Ret = load(entries, loads[i])
			if e.Ret != 0 {
				jump = e.Jneg
			}
		case e.NR == Const:
			e.Ret = int64(e.Args[0].Word)
			jump = e.jump()
		default:
			e.Ret = call(entries, e)
			jump = e.jump()
		}
		if jump < 0 {
			return
		}
		i += 1 + jump
	}
}

// jump picks the jump by the class of the result.
func (e *Entry) jump() int {
	switch {
	case -4095 <= e.Ret && e.Ret <= -1:
		return e.Jneg
	case e.Ret == 0:
		return e.Jzero
	}
	return e.Jpos
}

// load copies a word; a nil source is a fault.
func load(entries []Entry, l Load) int64 {
	if l.Src == nil {
		return -int64(syscall.EFAULT)
	}
	var v int64
	switch l.Width {
	case 8, -8:
		v = *(*int64)(l.Src)
	case 4:
		v = int64(*(*uint32)(l.Src))
	case -4:
		v = int64(*(*int32)(l.Src))
	case 2:
		v = int64(*(*uint16)(l.Src))
	case -2:
		v = int64(*(*int16)(l.Src))
	case 1:
		v = int64(*(*uint8)(l.Src))
	case -1:
		v = int64(*(*int8)(l.Src))
	default:
		return -int64(syscall.EINVAL)
	}
	entries[l.Entry].Args[l.Reg].Word = uint64(v)
	return 0
}

// call makes the entry's system call.
func call(entries []Entry, e *Entry) int64 {
	word := func(a Arg) uintptr {
		switch {
		case a.Ref:
			return uintptr(entries[a.Word].Ret)
		case a.Ptr != nil:
			return uintptr(a.Ptr)
		}
		return uintptr(a.Word)
	}
	r, _, errno := syscall.Syscall6(uintptr(e.NR), word(e.Args[0]), word(e.Args[1]), word(e.Args[2]),
		word(e.Args[3]), word(e.Args[4]), word(e.Args[5]))
	if errno != 0 {
		return -int64(errno)
	}
	return int64(r)
}
