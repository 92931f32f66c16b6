// SPDX-License-Identifier: BSD-3-Clause

package gen

import "strings"

// spec is one function that generated programs call.
type spec struct {
	name   string
	pkgs   string // "u" unix, "s" syscall, "us" either
	args   []string
	result string // "e" error; "ne" int, error; "fe" descriptor, error; "le" int64, error; "v" int; "pid" int; "-" nothing; "raw"
	weight int
}

// table lists functions by what they work on. An argument is named by the
// letters that args.go explains, or is one of several constants: {x,y}.
// Function, packages, weight, arguments, result.
const table = `
Access us 3 path {U.R_OK,U.W_OK,U.F_OK,0} : e
Chmod us 5 path mode : e
Chown us 2 path uid uid : e
Lchown us 2 path uid uid : e
Link us 2 path new : e
Linkat u 1 at path at new {0,U.AT_SYMLINK_FOLLOW} : e
Lstat us 9 path stat : e
Stat us 7 path stat : e
Fstat us 9 fd stat : e
Fstatat u 3 at path stat {0,U.AT_SYMLINK_NOFOLLOW} : e
Statx u 1 at path {0,U.AT_SYMLINK_NOFOLLOW} {U.STATX_SIZE,U.STATX_BASIC_STATS} statx : e
Statfs u 1 path statfs : e
Fstatfs u 1 fd statfs : e
Mkdir us 4 new mode : e
Mkdirat us 1 at new mode : e
Rmdir us 3 path : e
Unlink us 5 path : e
Unlinkat u 2 at path {0,U.AT_REMOVEDIR} : e
Rename us 3 path new : e
Renameat us 1 at path at new : e
Renameat2 u 1 at path at new {0,U.RENAME_NOREPLACE,U.RENAME_EXCHANGE} : e
Symlink us 3 text new : e
Symlinkat u 1 text at new : e
Mkfifo us 1 new mode : e
Mkfifoat u 1 at new mode : e
Readlink us 3 path rbuf : ne
Readlinkat u 1 at path rbuf : ne
Truncate us 4 path off : e
Ftruncate us 4 fd off : e
Fallocate us 2 fd {0,U.FALLOC_FL_KEEP_SIZE} off len64 : e
Fchmod us 4 fd mode : e
Fchown us 2 fd uid uid : e
Fchownat us 1 at path uid uid {0,U.AT_SYMLINK_NOFOLLOW} : e
Faccessat2 u 1 at path {U.R_OK,U.X_OK} {0,U.AT_EACCESS} : e
Fsync us 3 fd : e
Fdatasync us 2 fd : e
Flock us 2 fd {U.LOCK_SH|U.LOCK_NB,U.LOCK_EX|U.LOCK_NB,U.LOCK_UN} : e
Fadvise u 1 fd off off {0,2} : e
SyncFileRange us 1 fd off off {0,2} : e
Open us 5 path oflags mode : fe
Openat us 2 at path oflags mode : fe
Creat us 1 path mode : fe
Close us 5 fd : e
CloseOnExec us 1 fd : -
Dup us 2 fd : fe
Dup2 us 1 fd {20,21,33} : e
Dup3 us 1 fd {20,22} {0,U.O_CLOEXEC} : e
Pread us 6 fd rbuf off : ne
Pwrite us 5 fd wbuf off : ne
Read us 4 fd rbuf : ne
Write us 4 fd wbuf : ne
Seek us 3 fd off {0,1,2} : le
CopyFileRange u 1 fd poff fd poff len 0 : ne
Sendfile us 1 fd fd poff len : ne
FcntlInt u 2 fdu {U.F_GETFD,U.F_SETFD,U.F_GETFL,U.F_GET_SEALS} {0,1} : ne
FcntlFlock us 1 fdu {U.F_SETLK,U.F_GETLK} flock : e
Getxattr us 1 path xname rbuf : ne
Lgetxattr u 1 path xname rbuf : ne
Fgetxattr u 1 fd xname rbuf : ne
Listxattr us 1 path rbuf : ne
Flistxattr u 1 fd rbuf : ne
Setxattr us 2 path xname wbuf {0,U.XATTR_CREATE,U.XATTR_REPLACE} : e
Lsetxattr u 1 path xname wbuf 0 : e
Fsetxattr u 1 fd xname wbuf 0 : e
Removexattr us 1 path xname : e
Lremovexattr u 1 path xname : e
Fremovexattr u 1 fd xname : e
UtimesNano us 2 path times : e
UtimesNanoAt u 1 at path times {0,U.AT_SYMLINK_NOFOLLOW} : e
Utime us 1 path utime : e
Futimes us 1 fd tvs : e
Chdir us 2 path : e
Getcwd us 1 rbuf : ne
ReadDirent us 1 fd dbuf : ne
Umask us 2 {0o22,0o77,0} : v
Getuid us 1 : v
Geteuid us 1 : v
Getgid us 1 : v
Getpid us 1 : pid
Getppid us 1 : pid
Gettid us 1 : pid
Getpgid us 1 {0} : pide
Getsid u 1 {0} : pide
Getpriority us 1 {U.PRIO_PROCESS} {0} : ne
Kill us 1 {rt.Pid} {0} : e
SetsockoptInt us 4 sock {U.SOL_SOCKET} {U.SO_REUSEADDR,U.SO_KEEPALIVE,U.SO_PASSCRED,U.SO_RCVLOWAT} {0,1} : e
SetsockoptLinger us 1 sock {U.SOL_SOCKET} {U.SO_LINGER} linger : e
SetsockoptTimeval us 1 sock {U.SOL_SOCKET} {U.SO_RCVTIMEO,U.SO_SNDTIMEO} tv : e
GetsockoptInt us 1 sock {U.SOL_SOCKET} {U.SO_TYPE,U.SO_KEEPALIVE} : ne
Shutdown us 1 sock {U.SHUT_RD,U.SHUT_WR} : e
Read us 1 sock rbuf : ne
Write us 1 sock wbuf : ne
Send u 2 sock wbuf {U.MSG_NOSIGNAL,U.MSG_NOSIGNAL|U.MSG_DONTWAIT} : e
Listen us 1 sock {1,5} : e
Fchmod us 1 sock mode : e
Eventfd u 1 {0,3} {U.EFD_NONBLOCK} : fe
EpollCreate1 us 1 {0,U.EPOLL_CLOEXEC} : fe
EpollCtl us 1 fd {U.EPOLL_CTL_ADD,U.EPOLL_CTL_DEL} sock epoll : e
EpollWait us 1 fd epolls 0 : ne
MemfdCreate u 1 text {0,U.MFD_CLOEXEC} : fe
InotifyInit1 us 1 {U.IN_NONBLOCK} : fe
InotifyAddWatch us 1 fd path {U.IN_DELETE} : ne
TimerfdCreate u 1 {U.CLOCK_MONOTONIC} {U.TFD_NONBLOCK} : fe
ClockGetres u 1 {U.CLOCK_MONOTONIC} ts : e
Nanosleep us 1 ts ts : e
Getwd us 1 : se
SetNonblock us 1 fd {true} : e
Syscall us 2 {U.SYS_FSYNC,U.SYS_FDATASYNC,U.SYS_DUP} ufd 0 0 : raw
Syscall us 1 {U.SYS_FTRUNCATE,U.SYS_FCHMOD} ufd {7,0o600} 0 : raw
RawSyscall us 1 {U.SYS_GETUID,U.SYS_GETEUID} 0 0 0 : raw
RawSyscall us 1 {U.SYS_CLOSE} ufd 0 0 : raw
Syscall6 us 1 {U.SYS_FALLOCATE} ufd 0 0 uoff 0 0 : raw
Syscall us 1 {U.SYS_LSEEK} ufd uoff {0,2} : raw
Syscall us 1 {U.SYS_FSTAT} ufd ustat 0 : raw
`

// specs is the parsed table; total is the sum of the weights.
var specs, total = func() (list []*spec, total int) {
	for _, line := range strings.Split(strings.TrimSpace(table), "\n") {
		head, result, _ := strings.Cut(line, " : ")
		f := strings.Fields(head)
		c := &spec{name: f[0], pkgs: f[1], weight: int(f[2][0] - '0'), args: f[3:], result: strings.TrimSpace(result)}
		total += c.weight
		list = append(list, c)
	}
	return list, total
}()

// hasErr says whether the last result is an error.
func (c *spec) hasErr() bool { return strings.HasSuffix(c.result, "e") }

// values is the number of results.
func (c *spec) values() int {
	switch c.result {
	case "e", "v", "pid":
		return 1
	case "-":
		return 0
	case "raw":
		return 3
	}
	return 2
}
