// SPDX-License-Identifier: BSD-3-Clause

package rtdecl

// base is what batchrt has everywhere, beside the constructors.
const base = `package batchrt

import (
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

var _ unix.Errno
var _ syscall.Errno

type Op struct{ _ uintptr }
type Arena struct{ _ uintptr }
type Snapshot struct {
	Batches   uint64
	Entries   uint64
	SideExits uint64
	Fallbacks uint64
	Saved     uint64
}

func Run(ops []Op)
func Executor() string
func Counters() Snapshot
func KeepAlive(x any)
func Const(r int64) Op
func Skip() Op
func Load[T ~int | ~int8 | ~int16 | ~int32 | ~int64 | ~uint | ~uint8 | ~uint16 | ~uint32 | ~uint64 | ~uintptr](entry, arg int, src *T) Op { panic(0) }
func (a *Arena) Reset()
func (o Op) GoOn() Op
func (o Op) StopOnSuccess() Op
func (o Op) StopOnZero() Op
func (o Op) StopOnPositive() Op
func (o Op) If(cond bool) Op
func (o Op) Jump(neg, zero, pos int16) Op
func (o Op) FD(entry int) Op
func (o Op) Ref(arg, entry int) Op
func (o *Op) Ran() bool
func (o *Op) Err() error
func (o *Op) Int() (int, error)
func (o *Op) Int64() (int64, error)
func (o *Op) Uintptr() (uintptr, error)
func (o *Op) Pointer() (unsafe.Pointer, error)
func (o *Op) Val() int
func (o *Op) None()
func (o *Op) Raw() (r1, r2 uintptr, err syscall.Errno)
func (o *Op) ErrOr(call func() error) error
func (o *Op) IntOr(call func() (int, error)) (int, error)
func (o *Op) Int64Or(call func() (int64, error)) (int64, error)
func (o *Op) UintptrOr(call func() (uintptr, error)) (uintptr, error)
func (o *Op) PointerOr(call func() (unsafe.Pointer, error)) (unsafe.Pointer, error)
func (o *Op) ValOr(call func() int) int
func (o *Op) NoneOr(call func())
func (o *Op) RawOr(call func() (r1, r2 uintptr, err syscall.Errno)) (r1, r2 uintptr, err syscall.Errno)
`

// baseLinux is what only Linux has beside the generated constructors.
const baseLinux = `
func Syscall(trap, a1, a2, a3 uintptr) Op
func Syscall6(trap, a1, a2, a3, a4, a5, a6 uintptr) Op
func RawSyscall(trap, a1, a2, a3 uintptr) Op
func RawSyscall6(trap, a1, a2, a3, a4, a5, a6 uintptr) Op
`
