// SPDX-License-Identifier: BSD-3-Clause

//go:build linux && (amd64 || arm64)

package main

import (
	"fmt"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"

	"github.com/autobatch/autobatch/batchrt"
)

// runBatch runs a program by batchrt and describes what each entry gave.
func runBatch(p program, w *world) string {
	var a batchrt.Arena
	ops := make([]batchrt.Op, len(p.steps))
	for i, s := range p.steps {
		o := s.entry(&a, w, i)
		if s.ref && hasFD[s.op] {
			o = o.FD(s.fd)
		}
		if s.second {
			o = o.Ref(secondArg[s.op], s.from)
		}
		ops[i] = s.goOn(o).If(!s.out)
		if s.out && s.x&1 == 0 && s.op != "seek" { // a seek may have a load that needs its argument
			ops[i] = batchrt.Skip()
		}
	}
	var b strings.Builder
	for range p.runs() {
		batchrt.Run(ops)
		for i, s := range p.steps {
			if !ops[i].Ran() {
				fmt.Fprintf(&b, "%d %s -\n", i, s.op)
				continue
			}
			fmt.Fprintf(&b, "%d %s %d\n", i, s.op, rawResult(&ops[i], s.op))
		}
	}
	return b.String()
}

// goOn says where the batch goes on behind an entry: by GoOn and its like where
// they can say it and the step asks for them.
func (s step) goOn(o batchrt.Op) batchrt.Op {
	if low, high := min(s.jneg, s.jzero, s.jpos), max(s.jneg, s.jzero, s.jpos); !s.plain || low < -1 || high > 0 {
		return o.Jump(s.jneg, s.jzero, s.jpos)
	}
	if s.jneg == 0 {
		o = o.GoOn()
	}
	switch {
	case s.jzero < 0 && s.jpos < 0:
		return o.StopOnSuccess()
	case s.jzero < 0:
		return o.StopOnZero()
	case s.jpos < 0:
		return o.StopOnPositive()
	}
	return o
}

// hasFD names the calls whose first argument is a descriptor.
var hasFD = map[string]bool{"fstat": true, "fstatat": true, "faccessat2": true, "pread": true, "pwrite": true,
	"read": true, "write": true, "seek": true, "ftruncate": true, "fchmod": true, "openat": true, "close": true,
	"dup": true, "fgetxattr": true, "fsetxattr": true, "setsockoptint": true, "setsockoptbyte": true, "fsync": true,
	"fadvise": true, "mkdirat": true, "unlinkat": true, "copyrange": true, "sendfile": true, "fcntl": true, "raw": true,
	"fstatnil": true, "rawbad": true}

// rawResult is the kernel's value behind what the accessor of the entry's
// result form returns.
func rawResult(o *batchrt.Op, op string) int64 {
	var n int64
	var err error
	switch op {
	case "pread", "pwrite", "read", "write", "readlink", "open", "openat", "dup", "getxattr", "fgetxattr", "listxattr",
		"getcwd", "getcwdnil", "eventfd", "copyrange", "sendfile", "fcntl":
		var m int
		m, err = o.Int()
		n = int64(m)
	case "seek", "const":
		n, err = o.Int64()
	case "umask":
		n = int64(o.Val())
	case "raw", "rawnosys", "rawbad":
		r, r2, e := o.Raw()
		if e != 0 {
			if r != ^uintptr(0) || r2 != 0 {
				return 1 << 62 // not as Syscall has it
			}
			return -int64(e)
		}
		return int64(r)
	default:
		err = o.Err()
	}
	if err != nil {
		return -int64(err.(syscall.Errno))
	}
	return n
}

// times for utimesnano.
var times = []unix.Timespec{{Sec: 1000, Nsec: 5}, {Sec: 2000, Nsec: 6}}

// entry makes the batch entry of a step.
func (s step) entry(a *batchrt.Arena, w *world, i int) batchrt.Op {
	buf := w.bufs[s.buf][:s.n]
	mode := uint32(s.x) & 0o777
	switch s.op {
	case "fstat":
		return batchrt.Fstat(s.fd, &w.st[i])
	case "lstat":
		return a.Lstat(s.path, &w.st[i])
	case "stat":
		return a.Stat(s.path, &w.st[i])
	case "fstatat":
		return a.Fstatat(s.fd, s.path, &w.st[i], unix.AT_SYMLINK_NOFOLLOW)
	case "statfs":
		return a.Statfs(s.path, &w.sfs[i])
	case "access":
		return a.Access(s.path, uint32(s.x)&7)
	case "faccessat2":
		return a.Faccessat2(s.fd, s.path, uint32(s.x)&7, 0)
	case "pread":
		return batchrt.Pread(s.fd, buf, s.x)
	case "pwrite":
		return batchrt.Pwrite(s.fd, buf, s.x)
	case "read":
		return batchrt.Read(s.fd, buf)
	case "write":
		return batchrt.Write(s.fd, buf)
	case "seek":
		return batchrt.Seek(s.fd, s.x, int(s.y&3))
	case "ftruncate":
		return batchrt.Ftruncate(s.fd, s.x)
	case "truncate":
		return a.Truncate(s.path, s.x)
	case "fchmod":
		return batchrt.Fchmod(s.fd, mode|0o600)
	case "chmod":
		return a.Chmod(s.path, mode|0o700)
	case "mkdir":
		return a.Mkdir(s.path, mode|0o700)
	case "mkdirat":
		return a.Mkdirat(s.fd, s.path, mode|0o700)
	case "rmdir":
		return a.Rmdir(s.path)
	case "unlink":
		return a.Unlink(s.path)
	case "unlinkat":
		return a.Unlinkat(s.fd, s.path, int(s.x&1)*unix.AT_REMOVEDIR)
	case "rename":
		return a.Rename(s.path, s.path2)
	case "link":
		return a.Link(s.path, s.path2)
	case "symlink":
		return a.Symlink(s.path, s.path2)
	case "readlink":
		return a.Readlink(s.path, buf)
	case "open":
		return a.Open(s.path, openFlags(s.x), mode|0o600)
	case "openat":
		return a.Openat(s.fd, s.path, openFlags(s.x), mode|0o600)
	}
	return s.entry2(a, w, buf)
}

// openFlags never waits, never truncates by accident of a device.
func openFlags(x int64) int {
	return []int{unix.O_RDONLY, unix.O_RDWR, unix.O_RDWR | unix.O_CREAT, unix.O_WRONLY | unix.O_TRUNC,
		unix.O_RDWR | unix.O_CREAT | unix.O_EXCL, unix.O_RDONLY | unix.O_DIRECTORY}[uint64(x)%6] | unix.O_NONBLOCK | unix.O_CLOEXEC
}

// entry2 is the rest of entry.
func (s step) entry2(a *batchrt.Arena, w *world, buf []byte) batchrt.Op {
	switch s.op {
	case "close":
		return batchrt.Close(s.fd)
	case "dup":
		return batchrt.Dup(s.fd)
	case "dup3":
		return batchrt.Dup3(s.fd, firstFD+10+int(uint64(s.x)%4), unix.O_CLOEXEC)
	case "getxattr":
		return a.Getxattr(s.path, "user.t", buf)
	case "fgetxattr":
		return a.Fgetxattr(s.fd, "user.t", buf)
	case "setxattr":
		return a.Setxattr(s.path, "user.t", buf, int(s.x&3))
	case "fsetxattr":
		return a.Fsetxattr(s.fd, "user.t", buf, int(s.x&3))
	case "listxattr":
		return a.Listxattr(s.path, buf)
	case "removexattr":
		return a.Removexattr(s.path, "user.t")
	case "umask":
		return batchrt.Umask(int(s.x) & 0o777)
	case "getcwd":
		return batchrt.Getcwd(buf)
	case "setsockoptint":
		return batchrt.SetsockoptInt(s.fd, unix.SOL_SOCKET, unix.SO_RCVBUF, int(s.x))
	case "setsockoptbyte":
		return batchrt.SetsockoptByte(s.fd, unix.IPPROTO_IP, unix.IP_MULTICAST_TTL, byte(s.x))
	case "fsync":
		return batchrt.Fsync(s.fd)
	case "fadvise":
		return batchrt.Fadvise(s.fd, s.x, s.y, unix.FADV_NORMAL)
	case "eventfd":
		return batchrt.Eventfd(uint(s.x), unix.EFD_CLOEXEC|unix.EFD_NONBLOCK)
	case "utimesnano":
		return a.UtimesNano(s.path, s.times())
	case "copyrange":
		return batchrt.CopyFileRange(s.fd, &w.offs[0], firstFD, &w.offs[1], s.n, 0)
	case "sendfile":
		return batchrt.Sendfile(s.fd, firstFD+2, &w.offs[0], s.n)
	case "raw":
		return batchrt.Syscall6(unix.SYS_LSEEK, uintptr(s.fd), uintptr(s.x), uintptr(s.y&3), 4, 5, 6)
	case "rawnosys":
		return batchrt.RawSyscall(uintptr(s.x)+20000, 1, 2, 3)
	case "rawbad":
		return batchrt.Syscall(unix.SYS_FSTAT, uintptr(s.fd), badAddress(s.x), 0)
	case "fstatnil":
		return batchrt.Fstat(s.fd, nil)
	case "lstatnil":
		return a.Lstat(s.path, nil)
	case "getcwdnil":
		return batchrt.Getcwd(nil)
	case "fcntl":
		return batchrt.FcntlInt(uintptr(s.fd), unix.F_GETFL, 0)
	case "mlock":
		return batchrt.Munlock(buf)
	case "const":
		return batchrt.Const(s.x)
	case "load":
		return s.load.entry(w)
	}
	panic(s.op)
}

// badAddress is one where no memory is: the first page, above what user space
// has, and beyond.
func badAddress(x int64) uintptr {
	return [...]uintptr{0, 8, 1 << 62, ^uintptr(0), 1<<63 | 8}[uint64(x)%5]
}

func (s step) times() []unix.Timespec {
	switch s.x & 3 {
	case 0:
		return nil
	case 1:
		return times[:1]
	}
	return times
}

// entry makes a load of the world's word to the offset of a seek.
func (l loadStep) entry(w *world) batchrt.Op {
	p := w.source(l)
	switch l.width {
	case 8:
		return batchrt.Load(l.to, 1, (*uint64)(p))
	case -8:
		return batchrt.Load(l.to, 1, (*int64)(p))
	case 4:
		return batchrt.Load(l.to, 1, (*uint32)(p))
	case -4:
		return batchrt.Load(l.to, 1, (*int32)(p))
	case 2:
		return batchrt.Load(l.to, 1, (*uint16)(p))
	case -2:
		return batchrt.Load(l.to, 1, (*int16)(p))
	case 1:
		return batchrt.Load(l.to, 1, (*uint8)(p))
	}
	return batchrt.Load(l.to, 1, (*int8)(p))
}
