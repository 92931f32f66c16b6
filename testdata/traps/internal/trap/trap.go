// SPDX-License-Identifier: BSD-3-Clause

// Package trap is what all trap programs share: markers around the calls that
// are compared, a folder to work in, and printing that is the same in every run.
package trap

import (
	"os"
	"runtime"
	"syscall"
)

// Main stays on the main thread: the harness compares calls thread by thread
// and makes the k-th call of a thread fail.
func init() {
	runtime.LockOSThread()
	syscall.Umask(0o022)

	// A pipe makes the run-time system open its epoll descriptor now, and not
	// between the markers.
	if r, w, err := os.Pipe(); err == nil {
		r.Close()
		w.Close()
	}
}

// Begin starts the part of the main goroutine whose calls are compared.
func Begin() { mark("begin:main") }

// End ends what Begin started.
func End() { mark("end:main") }

// Lane starts the comparison of the calling goroutine under a name of its own
// and ties it to its thread. Goroutines that take strict turns may share a name.
func Lane(name string) {
	runtime.LockOSThread()
	mark("begin:" + name)
}

// EndLane ends what Lane started; the goroutine stays tied to its thread.
func EndLane(name string) { mark("end:" + name) }

// mark makes a call that changes nothing and stands out in a trace: nothing has this name.
func mark(what string) {
	var none [1]byte
	syscall.Readlink("trap:"+what, none[:])
}

// Dir is the empty folder in which the program works, without a final slash.
var Dir = func() string {
	if len(os.Args) > 1 {
		return os.Args[1]
	}
	d, err := os.MkdirTemp("", "trap")
	Must(err)
	return d
}()

// Path is a name inside Dir.
func Path(name string) string { return Dir + "/" + name }

// File creates a file in Dir and returns its path.
func File(name, content string) string {
	Must(os.WriteFile(Path(name), []byte(content), 0o644))
	return Path(name)
}

// Fd creates a file in Dir and returns it open for reading and writing.
func Fd(name, content string) int {
	fd, err := syscall.Open(File(name, content), syscall.O_RDWR, 0)
	Must(err)
	return fd
}

// Must stops the program when its set-up fails.
func Must(err error) {
	if err != nil {
		panic(err)
	}
}
