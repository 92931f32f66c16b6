// SPDX-License-Identifier: BSD-3-Clause

//go:build linux && (amd64 || arm64)

package main

import (
	"fmt"
	"strings"
	"unsafe"

	"golang.org/x/sys/unix"

	"github.com/autobatch/autobatch/batchrt/internal/ref"
)

// runReference runs a program by the reference interpreter. Numbers and
// registers are written down here once more, from the manual pages.
func runReference(p program, w *world) string {
	entries := make([]ref.Entry, len(p.steps))
	loads := make(map[int]ref.Load)
	for i, s := range p.steps {
		e := s.reference(w, i)
		if s.ref && hasFD[s.op] && e.NR != ref.Const {
			e.Args[0] = ref.Arg{Ref: true, Word: uint64(s.fd)}
		}
		if s.second && e.NR != ref.Const {
			e.Args[secondRegister[s.op]] = ref.Arg{Ref: true, Word: uint64(s.from)}
		}
		if s.op == "load" {
			loads[i] = ref.Load{Entry: s.load.to, Reg: 1, Src: w.source(s.load), Width: s.load.width}
		}
		e.Jneg, e.Jzero, e.Jpos = int(s.jneg), int(s.jzero), int(s.jpos)
		e.Out = s.out
		entries[i] = e
	}
	var b strings.Builder
	for range p.runs() {
		ref.Run(entries, loads)
		for i, s := range p.steps {
			if !entries[i].Ran {
				fmt.Fprintf(&b, "%d %s -\n", i, s.op)
				continue
			}
			ret := entries[i].Ret
			if s.op == "dup3" && ret > 0 {
				ret = 0 // Dup3 returns only an error
			}
			fmt.Fprintf(&b, "%d %s %d\n", i, s.op, ret)
		}
	}
	return b.String()
}

// secondRegister is where the arguments of secondArg go.
var secondRegister = map[string]int{"seek": 1, "ftruncate": 1, "pread": 3, "pwrite": 3, "fadvise": 1, "raw": 1}

// zero is what empty buffers are passed as.
var zero = new(uintptr)

func str(s string) (ref.Arg, bool) {
	if strings.Contains(s, "\x00") {
		return ref.Arg{}, false
	}
	b := append([]byte(s), 0)
	return ref.Arg{Ptr: unsafe.Pointer(&b[0])}, true
}

func ptr[T any](p *T) ref.Arg { return ref.Arg{Ptr: unsafe.Pointer(p)} }

func slice(b []byte) (p, n ref.Arg) {
	if len(b) == 0 {
		return ptr(zero), num(0)
	}
	return ptr(&b[0]), num(len(b))
}

func num[T ~int | ~int64 | ~uint32](x T) ref.Arg { return ref.Arg{Word: uint64(int64(x))} }

func make6(nr int, args ...ref.Arg) ref.Entry {
	e := ref.Entry{NR: nr}
	copy(e.Args[:], args)
	return e
}

// reference makes the reference entry of a step.
func (s step) reference(w *world, i int) ref.Entry {
	p, ok := str(s.path)
	q, ok2 := str(s.path2)
	invalid := make6(ref.Const, num(-int(unix.EINVAL)))
	usesPath, usesTwo := pathCalls[s.op] > 0, pathCalls[s.op] > 1
	if usesPath && !ok || usesTwo && !ok2 {
		return invalid
	}
	at := num(unix.AT_FDCWD)
	fd := num(s.fd)
	b, n := slice(w.bufs[s.buf][:s.n])
	mode := uint32(s.x) & 0o777
	user, _ := str("user.t")
	st := ptr(&w.st[i])
	x, y := num(s.x), num(s.y)
	switch s.op {
	case "fstat":
		return make6(unix.SYS_FSTAT, fd, st)
	case "lstat":
		return make6(newfstatat, at, p, st, num(unix.AT_SYMLINK_NOFOLLOW))
	case "stat":
		return make6(newfstatat, at, p, st)
	case "fstatat":
		return make6(newfstatat, fd, p, st, num(unix.AT_SYMLINK_NOFOLLOW))
	case "statfs":
		return make6(unix.SYS_STATFS, p, ptr(&w.sfs[i]))
	case "access":
		return make6(unix.SYS_FACCESSAT, at, p, num(uint32(s.x)&7))
	case "faccessat2":
		return make6(unix.SYS_FACCESSAT2, fd, p, num(uint32(s.x)&7))
	case "pread":
		return make6(unix.SYS_PREAD64, fd, b, n, x)
	case "pwrite":
		return make6(unix.SYS_PWRITE64, fd, b, n, x)
	case "read":
		return make6(unix.SYS_READ, fd, b, n)
	case "write":
		return make6(unix.SYS_WRITE, fd, b, n)
	case "seek":
		return make6(unix.SYS_LSEEK, fd, x, num(s.y&3))
	case "ftruncate":
		return make6(unix.SYS_FTRUNCATE, fd, x)
	case "truncate":
		return make6(unix.SYS_TRUNCATE, p, x)
	case "fchmod":
		return make6(unix.SYS_FCHMOD, fd, num(mode|0o600))
	case "chmod":
		return make6(unix.SYS_FCHMODAT, at, p, num(mode|0o700))
	case "mkdir":
		return make6(unix.SYS_MKDIRAT, at, p, num(mode|0o700))
	case "mkdirat":
		return make6(unix.SYS_MKDIRAT, fd, p, num(mode|0o700))
	case "rmdir":
		return make6(unix.SYS_UNLINKAT, at, p, num(unix.AT_REMOVEDIR))
	case "unlink":
		return make6(unix.SYS_UNLINKAT, at, p)
	case "unlinkat":
		return make6(unix.SYS_UNLINKAT, fd, p, num(int(s.x&1)*unix.AT_REMOVEDIR))
	case "rename":
		return make6(unix.SYS_RENAMEAT2, at, p, at, q)
	case "link":
		return make6(unix.SYS_LINKAT, at, p, at, q)
	case "symlink":
		return make6(unix.SYS_SYMLINKAT, p, at, q)
	case "readlink":
		return make6(unix.SYS_READLINKAT, at, p, b, n)
	case "open":
		return make6(unix.SYS_OPENAT, at, p, num(openFlags(s.x)), num(mode|0o600))
	case "openat":
		return make6(unix.SYS_OPENAT, fd, p, num(openFlags(s.x)), num(mode|0o600))
	case "close":
		return make6(unix.SYS_CLOSE, fd)
	case "dup":
		return make6(unix.SYS_DUP, fd)
	case "dup3":
		return make6(unix.SYS_DUP3, fd, num(firstFD+10+int(uint64(s.x)%4)), num(unix.O_CLOEXEC))
	case "getxattr":
		return make6(unix.SYS_GETXATTR, p, user, b, n)
	case "fgetxattr":
		return make6(unix.SYS_FGETXATTR, fd, user, b, n)
	case "setxattr":
		return make6(unix.SYS_SETXATTR, p, user, b, n, num(s.x&3))
	case "fsetxattr":
		return make6(unix.SYS_FSETXATTR, fd, user, b, n, num(s.x&3))
	case "listxattr":
		return make6(unix.SYS_LISTXATTR, p, b, n)
	case "removexattr":
		return make6(unix.SYS_REMOVEXATTR, p, user)
	case "umask":
		return make6(unix.SYS_UMASK, num(int(s.x)&0o777))
	case "getcwd":
		return make6(unix.SYS_GETCWD, b, n)
	case "setsockoptint":
		v := int32(s.x)
		return make6(unix.SYS_SETSOCKOPT, fd, num(unix.SOL_SOCKET), num(unix.SO_RCVBUF), ptr(&v), num(4))
	case "setsockoptbyte":
		v := byte(s.x)
		return make6(unix.SYS_SETSOCKOPT, fd, num(unix.IPPROTO_IP), num(unix.IP_MULTICAST_TTL), ptr(&v), num(1))
	case "fsync":
		return make6(unix.SYS_FSYNC, fd)
	case "fadvise":
		return make6(unix.SYS_FADVISE64, fd, x, y, num(unix.FADV_NORMAL))
	case "eventfd":
		return make6(unix.SYS_EVENTFD2, x, num(unix.EFD_CLOEXEC|unix.EFD_NONBLOCK))
	case "utimesnano":
		ts := s.times()
		if ts == nil {
			return make6(unix.SYS_UTIMENSAT, at, p)
		}
		if len(ts) != 2 {
			return invalid
		}
		return make6(unix.SYS_UTIMENSAT, at, p, ptr(&ts[0]))
	case "copyrange":
		return make6(unix.SYS_COPY_FILE_RANGE, fd, ptr(&w.offs[0]), num(firstFD), ptr(&w.offs[1]), num(s.n))
	case "sendfile":
		return make6(unix.SYS_SENDFILE, fd, num(firstFD+2), ptr(&w.offs[0]), num(s.n))
	case "raw":
		return make6(unix.SYS_LSEEK, fd, x, num(s.y&3), num(4), num(5), num(6))
	case "rawnosys":
		return make6(int(s.x)+20000, num(1), num(2), num(3))
	case "rawbad":
		return make6(unix.SYS_FSTAT, fd, ref.Arg{Word: uint64(badAddress(s.x))})
	case "fstatnil":
		return make6(unix.SYS_FSTAT, fd)
	case "lstatnil":
		return make6(newfstatat, at, p, num(0), num(unix.AT_SYMLINK_NOFOLLOW))
	case "getcwdnil":
		return make6(unix.SYS_GETCWD, ptr(zero), num(0))
	case "fcntl":
		return make6(unix.SYS_FCNTL, fd, num(unix.F_GETFL))
	case "mlock":
		return make6(unix.SYS_MUNLOCK, b, n)
	case "const":
		return make6(ref.Const, x)
	case "load":
		return make6(ref.Wdcpy)
	}
	panic(s.op)
}

// pathCalls says how many of a step's paths its call takes.
var pathCalls = map[string]int{"lstat": 1, "lstatnil": 1, "stat": 1, "fstatat": 1, "statfs": 1, "access": 1, "faccessat2": 1,
	"truncate": 1, "chmod": 1, "mkdir": 1, "mkdirat": 1, "rmdir": 1, "unlink": 1, "unlinkat": 1, "rename": 2, "link": 2,
	"symlink": 2, "readlink": 1, "open": 1, "openat": 1, "getxattr": 1, "setxattr": 1, "listxattr": 1, "removexattr": 1,
	"utimesnano": 1}
