// SPDX-License-Identifier: BSD-3-Clause

//go:build linux

// Package rt is what generated programs share: the runner that calls many of
// them in one process, the log of everything they see, and their folder.
//
// One process runs programs one after the other, each in a goroutine with an
// operating system thread of its own, which never ran another program. strace
// counts the calls that it makes fail by thread; so one run with
// --inject=fstat:error=EIO:when=2 strikes the second fstat of every program.
// For the same reason the runner keeps to calls which are never made to fail
// (see [Reserved]) and writes the log by storing into a mapped file.
package rt

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"sync"
	"time"

	"golang.org/x/sys/unix"
)

// Reserved lists the system calls that the runner makes between programs.
// Making them fail would disturb more than the program they belong to.
var Reserved = []string{"close_range", "dup3", "fchdir", "openat2", "umask", "writev", "mmap", "munmap", "exit_group"}

const (
	// LogFD is the descriptor on which a process that runs several programs
	// inherits the file that it maps as its log.
	LogFD = 3
	// LogSize is the size of that file in bytes.
	LogSize = 8 << 20

	// spareFcntl is how many fcntl calls the run-time system may make on the
	// first thread when the process starts, rounded up.
	spareFcntl = 8

	// savedFD is where the process keeps its own descriptors while a program
	// runs: far from any number that a program comes upon by calculating, and
	// below the usual limit of 1024.
	savedFD = 900

	spareFDs = 3 // more descriptors behind that, which [Main] uses
)

// Standard are the names of the files that are a program's descriptors 0, 1
// and 2; each begins with the program's id. They lie beside its folder. A
// program may do with them what it likes: nobody else has them open.
var Standard = [3]string{".in", ".out", ".err"}

// Dir is the private folder of the running program, an absolute path; it is
// also the working directory when the program starts.
var Dir string

// Pid is the process's id.
var Pid = os.Getpid()

var (
	log struct {
		sync.Mutex
		mem []byte // nil: lines go to standard output
		pos int
	}
	running  string // id of the running program
	root     string // absolute path of the folder that holds the programs' folders
	lanes    int    // goroutines that the running program started by Go
	mayCrash bool   // a panic is to end the process
	rootFD   = -1   // descriptor of root
)

func init() { runtime.LockOSThread() }

var onReset []func()

// OnReset has f called before each program, to give state that all programs
// share back the value that it has at the start of a process.
func OnReset(f func()) { onReset = append(onReset, f) }

// Path is a name inside Dir.
func Path(name string) string { return Dir + "/" + name }

// Crash says that a panic of the running program shall end the process.
func Crash() { mayCrash = true }

// Main runs one program alone: in the folder that the command line names, which
// is filled first when it is empty. What it wrote comes out at its end; if it
// crashes, it is in files main.out and main.err in the folder.
func Main(program func()) {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: program FOLDER (empty, or as an earlier run left it)")
		os.Exit(2)
	}
	dir := os.Args[1]
	if names, err := os.ReadDir(dir); err != nil || len(names) == 0 {
		if err := Setup(dir + "/main"); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(2)
		}
	}
	dir, err := filepath.Abs(dir)
	must(err)
	must(unix.Chdir(dir))
	start(dir)
	for i := range 3 {
		must(unix.Dup3(i, rootFD+1+i, 0))
	}
	one("main", program)
	for i := 1; i <= 2; i++ {
		b, err := os.ReadFile(dir + "/main" + Standard[i])
		must(err)
		unix.Writev(rootFD+1+i, [][]byte{b})
	}
}

// Run runs the programs whose ids follow the folder on the command line, in
// that order. Their folders have been filled by [Setup].
func Run(programs map[string]func()) {
	mem, err := unix.Mmap(LogFD, 0, LogSize, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_SHARED)
	must(err)
	log.mem = mem
	start(os.Args[1])
	for _, id := range os.Args[2:] {
		one(id, programs[id])
	}
}

// start keeps what every program shall find as it was, and sees to it that no
// descriptor of the run-time system lies where programs have theirs: it opens
// two for its poller when it first has something to wait for, which chance
// decides. So all lower numbers are taken, and then the poller is made to start.
func start(dir string) {
	root = dir
	how := unix.OpenHow{Flags: unix.O_PATH | unix.O_DIRECTORY}
	for fd := LogFD + 1; fd < 32; fd++ {
		// Any other error says that there is such a descriptor.
		if _, err := unix.Openat2(fd, "none", &how); err != unix.EBADF {
			kept = append(kept, fd)
		}
	}
	for {
		fd, err := unix.Openat2(unix.AT_FDCWD, ".", &how)
		must(err)
		if fd >= savedFD {
			rootFD = fd
			break
		}
	}
	for range spareFDs {
		_, err := unix.Openat2(unix.AT_FDCWD, ".", &how)
		must(err)
	}
	time.AfterFunc(time.Hour, func() {}).Stop()
	closeLow()
}

// kept are low descriptors that were open when main began: the poller's, if
// something started it before.
var kept []int

// closeLow closes what programs may have opened.
func closeLow() {
	from := 3
	for _, fd := range append(kept, savedFD) {
		if from < fd {
			unix.CloseRange(uint(from), uint(fd-1), 0)
		}
		from = fd + 1
	}
}

// reset gives the next program the process as it was for the first.
func reset(id string) {
	closeLow()
	unix.Umask(0o022)
	for i, name := range Standard {
		how := unix.OpenHow{Flags: unix.O_RDWR | unix.O_CREAT | unix.O_TRUNC, Mode: 0o644}
		fd, err := unix.Openat2(rootFD, id+name, &how)
		must(err)
		must(unix.Dup3(fd, i, 0))
		unix.CloseRange(uint(fd), uint(fd), 0)
	}
	dir, err := unix.Openat2(rootFD, id, &unix.OpenHow{Flags: unix.O_PATH | unix.O_DIRECTORY})
	must(err)
	must(unix.Fchdir(dir))
	unix.CloseRange(uint(dir), uint(dir), 0)
	for _, f := range onReset {
		f()
	}
}

// one runs one program in a fresh thread, between markers.
func one(id string, program func()) {
	reset(id)
	running, mayCrash = id, false
	Dir = root + "/" + id
	lanes = 0
	write("\n=== " + id + "\n")

	done := make(chan struct{})
	go func() {
		finished, crashing := false, false
		defer func() {
			if !crashing {
				close(done)
			}
		}()
		runtime.LockOSThread() // never unlocked: the thread ends with the goroutine
		for range spareFcntl {
			// The run-time system's own first calls of this name must not be
			// the ones that fail; so no program's call is among the first.
			unix.FcntlInt(^uintptr(0), unix.F_GETFD, 0)
		}
		mark("begin:" + id)
		defer mark("end:" + id)
		defer func() {
			if r := recover(); r != nil {
				Log("panic", r)
				if mayCrash {
					crashing = true
					panic(r)
				}
			} else if !finished {
				Log("goexit")
			}
		}()
		program()
		finished = true
	}()
	<-done
	Log("end")
}

// mark makes a call that changes nothing and stands out in a trace: nothing has this name.
func mark(what string) {
	var none [1]byte
	unix.Readlink("trap:"+what, none[:])
}

// Go runs f in a goroutine with a thread of its own, whose calls are compared
// as a lane of their own, and returns a function that waits for its end.
func Go(f func()) (wait func()) {
	lanes++
	name := running + "." + strconv.Itoa(lanes)
	done := make(chan struct{})
	go func() {
		defer close(done)
		runtime.LockOSThread()
		mark("begin:" + name)
		defer mark("end:" + name)
		f()
	}()
	return func() { <-done }
}

// refill goes back to the program's folder and makes its files anew, by calls
// that never fail by intent: what f does shall not depend too much on what ran
// before it.
func refill() {
	dir, err := unix.Openat2(rootFD, running, &unix.OpenHow{Flags: unix.O_PATH | unix.O_DIRECTORY})
	must(err)
	unix.Fchdir(dir)
	for _, f := range Files {
		how := unix.OpenHow{Flags: unix.O_WRONLY | unix.O_CREAT | unix.O_TRUNC | unix.O_NONBLOCK, Mode: 0o644}
		if fd, err := unix.Openat2(dir, f[0], &how); err == nil {
			unix.Writev(fd, [][]byte{[]byte(f[1])})
			unix.CloseRange(uint(fd), uint(fd), 0)
		}
	}
	unix.CloseRange(uint(dir), uint(dir), 0)
}

// Try calls f, with the program's folder nearly as at the start, and logs how
// it ended.
func Try(what string, f func()) {
	refill()
	returned := false
	defer func() {
		if mayCrash && !returned {
			return
		}
		if r := recover(); r != nil {
			Log(what+" panicked", r)
		} else if returned {
			Log(what + " returned")
		} else {
			Log(what + " left")
		}
	}()
	f()
	returned = true
}

// Log notes values under a name. It makes no system call when it runs under
// the harness.
func Log(what string, values ...any) {
	line := make([]byte, 0, 128)
	line = append(line, what...)
	for _, v := range values {
		line = append(line, ' ')
		line = show(line, v)
	}
	write(string(append(line, '\n')))
}

// Print writes values to standard output at once: others can see when.
func Print(what string, values ...any) {
	line := []byte(what)
	for _, v := range values {
		line = append(line, ' ')
		line = show(line, v)
	}
	os.Stdout.Write(append(line, '\n'))
}

func write(s string) {
	log.Lock()
	defer log.Unlock()
	if log.mem == nil {
		os.Stdout.WriteString(s)
		return
	}
	log.pos += copy(log.mem[log.pos:], s)
}

func show(b []byte, v any) []byte {
	switch v := v.(type) {
	case nil:
		return append(b, "nil"...)
	case unix.Errno:
		return append(b, "errno="+strconv.Itoa(int(v))...)
	case error:
		return fmt.Appendf(b, "%q(%T)", v.Error(), v)
	case string:
		if len(v) > 100 {
			return fmt.Appendf(b, "%q+%d", v[:100], len(v)-100)
		}
		return strconv.AppendQuote(b, v)
	case []byte:
		if v == nil {
			return append(b, "nil"...)
		}
		return strconv.AppendQuote(b, string(v[:min(len(v), 100)]))
	case unix.Stat_t:
		return fmt.Appendf(b, "{%o %d %d %d:%d}", v.Mode, v.Nlink, v.Size, v.Uid, v.Gid)
	case *unix.Stat_t:
		if v == nil {
			return append(b, "nil"...)
		}
		return show(b, *v)
	case []unix.Stat_t:
		for i := range v {
			b = show(b, v[i])
		}
		return b
	case []error:
		for _, e := range v {
			b = append(show(b, e), ',')
		}
		return b
	}
	return showSyscall(b, v)
}

func must(err error) {
	if err != nil {
		panic("runner: " + err.Error())
	}
}
